"""Papers: reports, and official documents that are read."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from ledger_app.cli.common import (
    FILE,
    Today,
    command,
    echo_json,
    json_option,
    session,
)
from ledger_app.services import reading, reading_words, reporting


@command("report")
@click.argument("file", type=FILE)
@click.argument("name", required=False)
@click.argument("outputs", type=FILE, nargs=-1)
@click.option("--period", default=None, help="2025、2025Q3 或 2025-09")
@click.option("--as-of", type=Today(), default=None, help="统计截至这一天")
@click.option("--list", "list_reports", is_flag=True, help="列出有哪些报表")
@json_option
@click.pass_context
def report(
    ctx: click.Context,
    file: Path,
    name: str | None,
    outputs: tuple[Path, ...],
    period: str | None,
    as_of: date | None,
    list_reports: bool,
    as_json: bool,
) -> None:
    """算出一张报表，存成 PDF 或 Excel。"""
    if list_reports:
        _list_reports(as_json)
        return
    if not name or not period:
        raise click.UsageError("请写明报表名称和 --period，例如 monthly-progress --period 2025-09。")
    with session(ctx, file) as s:
        made = reporting.build_report(s.conn, name, period, s.today, as_of)
    reporting.write_report(made, outputs)
    if as_json:
        echo_json(made.as_json())
        return
    for out in outputs:
        click.echo(f"已写出 {out}。")
    if not outputs:
        for figure in made.figures:
            click.echo(f"{figure.label}\t{figure.value}\t{figure.unit}")


def _list_reports(as_json: bool) -> None:
    kinds = reporting.REPORTS.values()
    if as_json:
        echo_json({"reports": [{"name": k.name, "label": k.label} for k in kinds]})
        return
    for kind in kinds:
        click.echo(f"{kind.name}\t{kind.label}")


@command("read")
@click.argument("file", type=FILE)
@click.argument("document", type=FILE)
@click.option("--apply", "apply_", is_flag=True, help="把读到的任务和措施存进台账，作为一次操作")
@json_option
@click.pass_context
def read(ctx: click.Context, file: Path, document: Path, apply_: bool, as_json: bool) -> None:
    """把一份整改方案、公示或完成情况表读成整改任务。"""
    stored = None
    with session(ctx, file, write=apply_) as s:
        found = reading.read_document(document)
        if apply_:
            stored = reading.apply_document(s.store, found, s.who, source_file=document.name)
    if as_json:
        echo_json(reading_words.as_json(found, stored))
        return
    for line in reading_words.summary(found, document.name, stored):
        click.echo(line)
