"""Looking after a ledger: history, undo, verify, backup, restore."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import click

from ledger_app.cli.common import (
    FILE,
    LedgerName,
    command,
    echo_json,
    json_option,
    migrations_of,
    session,
)
from ledger_app.core.entity import Entity
from ledger_app.services import backups
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


@command("backup")
@click.argument("file", type=FILE)
@click.argument("dest", type=FILE)
@json_option
@click.pass_context
def backup(ctx: click.Context, file: Path, dest: Path, as_json: bool) -> None:
    """备份到一个文件夹，或一个 .zip（U盘）；台账开着也可以。"""
    with session(ctx, file) as s:
        made = backups.back_up_to(s.conn, s.ledger.path, dest, _now())
    if as_json:
        echo_json(
            {
                "path": str(made.path),
                "head": made.head,
                "attachments": made.attachments,
                "missing": list(made.missing),
            }
        )
        return
    click.echo(f"已备份到 {made.path}，打开核对过，完整。")
    for name in made.missing:
        click.echo(f"附件“{name}”原来就不在，没有备份到。", err=True)


@command("restore")
@click.argument("backup_", metavar="BACKUP", type=FILE)
@click.argument("file", type=FILE)
@click.option("--overwrite", is_flag=True, help="FILE 已存在时，先备份它，再换成备份里的内容")
@click.option("--even-damaged", is_flag=True, help="变更记录不完整的备份，读得出来也用")
@json_option
@click.pass_context
def restore(
    ctx: click.Context, backup_: Path, file: Path, overwrite: bool, even_damaged: bool, as_json: bool
) -> None:
    """从备份（一份、一个文件夹或 .zip）恢复台账。"""
    done = backups.restore(
        backup_,
        file,
        _now(),
        overwrite=overwrite,
        even_damaged=even_damaged,
        migrations=migrations_of(ctx),
    )
    if as_json:
        echo_json(
            {
                "path": str(done.path),
                "head": done.head,
                "kept": str(done.kept) if done.kept else None,
                "attachments": done.attachments,
                "missing": list(done.missing),
            }
        )
    else:
        click.echo(backups.restored_said(done))


def _now() -> datetime:
    return datetime.now().astimezone()
