"""Looking after a ledger: history, undo, verify, backup, restore."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from ledger_app.cli.common import (
    FILE,
    LedgerName,
    command,
    echo_json,
    json_option,
    session,
)
from ledger_app.core.entity import Entity
from ledger_app.services import history as histories


@command("history")
@click.argument("file", type=FILE)
@click.argument("ledger", type=LedgerName(), required=False)
@click.argument("key", required=False)
@json_option
@click.pass_context
def history(ctx: click.Context, file: Path, ledger: Entity | None, key: str | None, as_json: bool) -> None:
    """变更记录：全部操作，或一条记录的来龙去脉。"""
    with session(ctx, file) as s:
        acts = histories.acts(s.conn, s.registry, ledger, key)
    if as_json:
        echo_json({"acts": acts})
        return
    for act in acts:
        click.echo(f"{act['act']}\t{act['at']}\t{act['who']}\t{act['kind']}\t{act['why']}")


@command("undo")
@click.argument("file", type=FILE)
@click.argument("act")
@json_option
@click.pass_context
def undo(ctx: click.Context, file: Path, act: str, as_json: bool) -> None:
    """撤销一次操作。"""
    with session(ctx, file, write=True) as s:
        done = histories.undo(s.store, act, s.who)
    if as_json:
        echo_json({"act": done, "undoes": act})
    else:
        click.echo(f"已撤销 {act}，操作号 {done}。")


@command("verify")
@click.argument("file", type=FILE)
@json_option
@click.pass_context
def verify(ctx: click.Context, file: Path, as_json: bool) -> None:
    """核对文件、变更记录链、重放结果和附件。"""
    with session(ctx, file) as s:
        result = histories.verify(s.ledger, s.conn)
    if as_json:
        echo_json(asdict(result))
    elif result.whole:
        click.echo(f"台账完整。变更记录末尾指纹 {result.head}")
    if not result.whole:
        click.echo(histories.said(result), err=True)
        ctx.exit(1)
