"""Sub-commands: parse, call a service, print. Exit 0 done, 1 refused with a sentence, 2 wrong usage."""

from __future__ import annotations

import getpass
import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import click

from ledger_app.core.entities import LEDGERS
from ledger_app.core.entity import Entity
from ledger_app.core.errors import LedgerError
from ledger_app.db.queries import listing
from ledger_app.services import exporting, importing, opening
from ledger_app.services import demo as demos
from ledger_app.services import history as histories

FILE = click.Path(path_type=Path)


class Today(click.ParamType[date]):
    name = "DATE"

    def convert(self, value: Any, param: Any, ctx: Any) -> date:
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"“{value}”不是日期，请写成 2025-09-30。", param, ctx)


class LedgerName(click.ParamType[Entity]):
    name = "LEDGER"

    def convert(self, value: Any, param: Any, ctx: Any) -> Entity:
        if isinstance(value, Entity):
            return value
        if value not in LEDGERS:
            known = " ".join(e.name for e in LEDGERS.places)
            self.fail(f"没有“{value}”这个台账，可用的有：{known}", param, ctx)
        return LEDGERS[value]


def everywhere(command: Callable[..., Any]) -> Callable[..., Any]:
    """--today and --operator, before or after the sub-command."""
    command = click.option("--today", type=Today(), default=None, help="按这一天判断到期、未来日期")(command)
    return click.option("--operator", default=None, help="操作员姓名")(command)


def _remember(ctx: click.Context, today: date | None, operator: str | None) -> None:
    said = ctx.ensure_object(dict)
    if today:
        said["today"] = today
    if operator:
        said["operator"] = operator


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "经办"


class Command(click.Command):
    """A sub-command that takes the options everywhere and turns refusals into exit 1."""

    def invoke(self, ctx: click.Context) -> Any:
        _remember(ctx, ctx.params.pop("today", None), ctx.params.pop("operator", None))
        try:
            return super().invoke(ctx)
        except LedgerError as error:
            if ctx.params.get("as_json"):
                echo_json({"error": {"code": error.code, "text": error.text}})
            click.echo(error.text, err=True)
            ctx.exit(1)


@click.group()
@everywhere
@click.pass_context
def cli(ctx: click.Context, today: date | None, operator: str | None) -> None:
    """县级水资源台账。不带子命令（或只带一个台账文件）时打开窗口。"""
    _remember(ctx, today, operator)


def command(name: str) -> Callable[[Callable[..., Any]], click.Command]:
    def wrap(function: Callable[..., Any]) -> click.Command:
        return cli.command(name, cls=Command)(everywhere(function))

    return wrap


json_option = click.option("--json", "as_json", is_flag=True, help="输出一个 JSON 文档")


def echo_json(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=1))


def today_of(ctx: click.Context) -> date:
    return ctx.obj.get("today") or date.today()  # noqa: DTZ011 - the clerk's own calendar day


def operator_of(ctx: click.Context) -> str:
    return str(ctx.obj.get("operator") or _user())


def session(ctx: click.Context, file: Path, *, write: bool = False) -> Any:
    return opening.opened(file, LEDGERS, who=operator_of(ctx), today=today_of(ctx), write=write)


@command("init")
@click.argument("file", type=FILE)
@click.option("--county", required=True, help="旗县 6 位代码")
@click.option("--name", "bureau", required=True, help="单位名称，如 乌拉特中旗水利局")
@click.pass_context
def init(ctx: click.Context, file: Path, county: str, bureau: str) -> None:
    """建立一个新台账。"""
    opening.create_ledger(file, LEDGERS, county_code=county, bureau=bureau, who=operator_of(ctx))
    click.echo(f"已建立 {file}。")


@command("import")
@click.argument("file", type=FILE)
@click.argument("ledger", type=LedgerName())
@click.argument("workbook", type=FILE)
@click.option("--sheet", default=None)
@click.option("--profile", default=None, help="用（并记住）这个名字的表头对应关系")
@click.option("--accept-suggestions", is_flag=True, help="存疑的行按建议值导入")
@click.option("--dry-run", is_flag=True, help="只核对，什么都不写")
@click.option("--rejects", type=FILE, default=None, help="把有问题的行写到这个文件")
@json_option
@click.pass_context
def import_(
    ctx: click.Context,
    file: Path,
    ledger: Entity,
    workbook: Path,
    sheet: str | None,
    profile: str | None,
    accept_suggestions: bool,
    dry_run: bool,
    rejects: Path | None,
    as_json: bool,
) -> None:
    """把一个工作簿导入台账，作为一次操作。"""
    with session(ctx, file, write=not dry_run) as s:
        plan = importing.plan_import(
            s.conn, s.registry, ledger, workbook, s.context, sheet=sheet, profile=profile
        )
        applied = None
        if not dry_run:
            applied = importing.apply_import(
                s.store,
                plan,
                s.who,
                accept_suggestions=accept_suggestions,
                source=f"command {workbook.name}",
                save_profile=profile,
            )
    if as_json:
        echo_json(importing.plan_as_json(plan, applied))
        return
    for note in plan.notes:
        click.echo(note.text)
    counts = plan.counts()
    click.echo(
        f"新增 {counts['new']}，更改 {counts['changed']}，相同 {counts['same']}，"
        f"待确认 {counts['needs_confirmation']}，退回 {counts['refused']}。"
    )
    if applied and applied.act:
        click.echo(f"已写入 {applied.rows} 行，操作号 {applied.act}。")


@command("list")
@click.argument("file", type=FILE)
@click.argument("ledger", type=LedgerName())
@click.option("--search", default="")
@click.option("--where", multiple=True, metavar="FIELD=VALUE")
@click.option("--limit", type=int, default=None)
@click.option("--count", "only_count", is_flag=True)
@json_option
@click.pass_context
def list_(
    ctx: click.Context,
    file: Path,
    ledger: Entity,
    search: str,
    where: tuple[str, ...],
    limit: int | None,
    only_count: bool,
    as_json: bool,
) -> None:
    """列出一个台账的记录。"""
    with session(ctx, file) as s:
        filters = listing.parse_where(ledger, where, s.context)
        query = listing.Query(search=search, filters=filters)
        ids = listing.row_ids(s.conn, s.registry, ledger, query)
        rows = [] if only_count else listing.page(s.conn, s.registry, ledger, ids[:limit])
    if as_json:
        said = {"ledger": ledger.name, "count": len(ids)}
        echo_json(said if only_count else said | {"rows": [_without_local(r) for r in rows]})
        return
    if only_count:
        click.echo(len(ids))
    for row in rows:
        click.echo("\t".join(f.show(row.get(f.name)) for f in ledger.fields[:8]))


def _without_local(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "_row"}


@command("export")
@click.argument("file", type=FILE)
@click.argument("ledger", type=LedgerName())
@click.argument("out", type=FILE)
@click.option("--search", default="")
@click.option("--where", multiple=True, metavar="FIELD=VALUE")
@click.option("--unmasked", is_flag=True, help="身份证号、电话不遮挡")
@click.pass_context
def export(
    ctx: click.Context,
    file: Path,
    ledger: Entity,
    out: Path,
    search: str,
    where: tuple[str, ...],
    unmasked: bool,
) -> None:
    """把（筛选后的）台账导出为 Excel。"""
    with session(ctx, file) as s:
        query = listing.Query(search, listing.parse_where(ledger, where, s.context))
        count = exporting.export_ledger(s, ledger, query, out, masked=not unmasked)
    click.echo(f"已导出 {count} 条到 {out}。")


@command("demo")
@click.argument("file", type=FILE)
@click.option("--wells", type=click.IntRange(min=20), default=600, help="多少眼井")
@click.option("--seed", type=int, default=1, help="同一个数得到同一个旗县")
@click.pass_context
def demo(ctx: click.Context, file: Path, wells: int, seed: int) -> None:
    """建立一个示例旗县的台账，供试用和练习。"""
    demos.make_demo(file, LEDGERS, wells=wells, seed=seed, today=ctx.obj.get("today") or demos.DAY)
    click.echo(f"已建立示例台账 {file}，{wells} 眼井。")


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
        raise LedgerError(histories.said(result), "not_whole")


def main() -> None:
    """Run a sub-command; output is UTF-8 wherever the console allows."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    cli(prog_name="ledger-app", windows_expand_args=False)
