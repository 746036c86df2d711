"""Records in and out: init, demo, import, list, export, check."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from ledger_app.cli.common import (
    FILE,
    LedgerName,
    command,
    echo_json,
    json_option,
    migrations_of,
    operator_of,
    registry_of,
    session,
)
from ledger_app.core.entity import Entity
from ledger_app.core.errors import LedgerError
from ledger_app.db.queries import listing
from ledger_app.services import backups, checking, exporting, importing, opening, rejecting
from ledger_app.services import demo as demos


@command("init")
@click.argument("file", type=FILE)
@click.option("--county", required=True, help="旗县 6 位代码")
@click.option("--name", "bureau", required=True, help="单位名称，如 乌拉特中旗水利局")
@click.pass_context
def init(ctx: click.Context, file: Path, county: str, bureau: str) -> None:
    """建立一个新台账。"""
    opening.create_ledger(
        file,
        registry_of(ctx),
        county_code=county,
        bureau=bureau,
        who=operator_of(ctx),
        migrations=migrations_of(ctx),
    )
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
        applied, returned = None, None
        if rejects:
            returned = _write_rejects(plan, workbook, rejects, accept_suggestions)
        if not dry_run:
            backups.automatic(s.conn, s.ledger.path, datetime.now().astimezone(), "import")
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
    if returned:
        click.echo(f"没有导入的行写在 {returned}，原因在最后一列。")


def _write_rejects(plan: importing.ImportPlan, workbook: Path, out: Path, accept: bool) -> Path | None:
    """Before anything is written to the ledger, so that a refusal leaves all as it was."""
    try:
        return rejecting.write_rejects(plan, workbook, out, accept_suggestions=accept)
    except LedgerError as error:
        if error.code != "nothing_rejected":
            raise
        return None


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
@click.option("--wells", type=click.IntRange(min=demos.LEAST), default=600, help="多少眼井")
@click.option("--seed", type=int, default=1, help="同一个数得到同一个旗县")
@click.pass_context
def demo(ctx: click.Context, file: Path, wells: int, seed: int) -> None:
    """建立一个示例旗县的台账，供试用和练习。"""
    demos.make_demo(file, registry_of(ctx), wells=wells, seed=seed, today=ctx.obj.get("today") or demos.DAY)
    click.echo(f"已建立示例台账 {file}，{wells} 眼井。")


@command("check")
@click.argument("file", type=FILE)
@json_option
@click.pass_context
def check(ctx: click.Context, file: Path, as_json: bool) -> None:
    """列出疑点：到期、无证、封停后仍在用、对不上的、可能重复的。"""
    with session(ctx, file) as s:
        found = checking.findings(s.conn, s.registry, s.today)
    if as_json:
        echo_json(checking.as_json(found))
        return
    for finding in found:
        click.echo(
            f"{finding.rule}\t{finding.text}" + (f"（已说明：{finding.reason}）" if finding.reason else "")
        )
    click.echo(f"共 {len(found)} 条。")
