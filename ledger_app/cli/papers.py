"""Papers: reports, official documents that are read, superiors' forms that are filled."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import click

from ledger_app.cli.common import (
    FILE,
    LedgerName,
    Today,
    command,
    echo_json,
    json_option,
    session,
)
from ledger_app.core.entity import Entity
from ledger_app.core.errors import LedgerError
from ledger_app.core.periods import parse_period
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


@command("fill-cells")
@click.argument("template", type=FILE)
@click.argument("plan", type=FILE)
@click.argument("out", type=FILE)
@json_option
def fill_cells(template: Path, plan: Path, out: Path, as_json: bool) -> None:
    """照 PLAN.json 填一张表，不用台账。"""
    from ledger_app.services import filling, filling_words  # noqa: PLC0415 - openpyxl loads for forms only

    result = filling.fill_by_plan(template, _plan(plan), out)
    if as_json:
        echo_json({"out": str(out)} | filling_words.result_as_json(result))
        return
    for line in filling_words.result_lines(result):
        click.echo(line)


def _plan(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise LedgerError(
            f"“{path.name}”不是 JSON 填表方案，读不懂：请检查逗号、引号和括号。", "bad_plan"
        ) from error


@command("fill")
@click.argument("file", type=FILE)
@click.argument("template", type=FILE)
@click.argument("out", type=FILE)
@click.option("--period", required=True, help="2025、2025Q3 或 2025-09")
@click.option("--profile", default=None, help="用（并记住）这个名字的表头对应关系")
@click.option("--sheet", default=None, help="填哪张工作表")
@click.option("--ledger", type=LedgerName(), default=None, help="按哪个台账填，不写由程序认")
@click.option("--unmasked", is_flag=True, help="身份证号、电话不遮挡")
@json_option
@click.pass_context
def fill(
    ctx: click.Context,
    file: Path,
    template: Path,
    out: Path,
    period: str,
    profile: str | None,
    sheet: str | None,
    ledger: Entity | None,
    unmasked: bool,
    as_json: bool,
) -> None:
    """把台账里的记录逐行填进上级发来的表格。"""
    from ledger_app.services import filling, filling_words  # noqa: PLC0415 - as above

    choices = filling.FormChoices(
        sheet=sheet, ledger=ledger.name if ledger else None, masked=not unmasked, profile=profile
    )
    act = None
    with session(ctx, file, write=profile is not None) as s:
        form = filling.open_form(template, s.registry)
        proposal = filling.propose(s.conn, s.registry, form, parse_period(period), s.today, choices)
        done = filling.fill_form(s.conn, proposal, out)
        if profile is not None:
            act = filling.remember(s.store, proposal, profile, s.who)
    if as_json:
        echo_json(filling_words.as_json(done, act))
        return
    for line in filling_words.lines(done):
        click.echo(line)
