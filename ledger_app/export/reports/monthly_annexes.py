"""The annexes of the monthly report: charts, permits due, one page a town."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, TypeVar

from ledger_app.core.rules.permits import DUE, LATE
from ledger_app.core.rules.stock import StockWell, balance, total
from ledger_app.db import Connection
from ledger_app.export.report import (
    Column,
    Part,
    Row,
    Section,
    Table,
)
from ledger_app.export.reports.catalogue import Choice, closures_by_month, wells_by_town
from ledger_app.export.reports.monthly_facts import (
    UNPLACED,
    UNSAID,
    Facts,
    counted,
    wan,
)
from ledger_app.export.reports.monthly_tables import (
    stock_table,
    town_key,
)

T = TypeVar("T")


def pictures(conn: Connection, facts: Facts) -> Section:
    """Two charts of the charting page, over the year so far."""
    choice = Choice(facts.year_start, facts.cut_off, facts.parameters)
    charts = (wells_by_town(conn, choice, facts.wells), closures_by_month(conn, choice))
    return Section("附图", charts, new_page=True, annex=True)


def annexes(conn: Connection, facts: Facts) -> list[Section]:
    sections = [pictures(conn, facts)]
    sections += [_due_annex(facts)] if any(s.state in (DUE, LATE) for _, s in facts.permits) else []
    wells = _by_town((well.groups.get("town"), well) for well in facts.wells)
    year = _by_town((c["town"], c) for c in counted(facts, facts.year_start, facts.cut_off))
    names = sorted(facts.by_town, key=town_key(facts))
    return sections + [_town_annex(facts, n, wells.get(n, []), year.get(n, [])) for n in names]


def _by_town(pairs: Iterable[tuple[str | None, T]]) -> dict[str | None, list[T]]:
    found: dict[str | None, list[T]] = {}
    for town, each in pairs:
        found.setdefault(town, []).append(each)
    return found


def _due_annex(facts: Facts) -> Section:
    columns = (
        Column("number", "许可证编号", width=12),
        Column("holder", "取水权人", width=14),
        Column("volume", "许可水量", "万m³", 2),
        Column("valid_to", "有效期止"),
        Column("last_day", "最后申请日"),
        Column("state", "状态", width=9),
    )
    due = [(p, s) for p, s in facts.permits if s.state in (DUE, LATE)]
    due.sort(key=lambda x: (x[1].last_application_day or date.max, x[0]["number"]))
    rows = tuple(
        Row(
            {
                "number": p["number"],
                "holder": p["holder"],
                "volume": wan([p], "permitted_volume_m3"),
                "valid_to": p["valid_to"],
                "last_day": s.last_application_day and s.last_application_day.isoformat(),
                "state": s.state,
            },
            (p["uid"],),
        )
        for p, s in due
    )
    return Section("应办理延续的取水许可证", (Table("", columns, rows),), new_page=True, annex=True)


def _town_annex(
    facts: Facts, town: str | None, wells: Sequence[StockWell], closures: Sequence[dict[str, Any]]
) -> Section:
    """The town's wells by village, and this year's closures."""
    name = town or UNPLACED
    balances = balance(wells, facts.period, "village", stay_of=facts.stays)
    title = f"{name}机电井增减情况"
    parts: list[Part] = [
        stock_table(
            "按嘎查村", "嘎查村", balances, total(balances.values()), lambda n: (n is None, n or ""), UNSAID
        )
    ]
    if closures:
        parts.append(_closure_list(closures))
    return Section(title, tuple(parts), new_page=True, annex=True)


def _closure_list(closures: Sequence[dict[str, Any]]) -> Table:
    columns = (
        Column("code", "井编号", width=11),
        Column("village", "嘎查村", width=8),
        Column("method", "处置类别", width=8),
        Column("reason", "主要原因", width=9),
        Column("closed_on", "完成日期"),
        Column("accepted_on", "验收日期"),
        Column("volume", "压减水量", "万m³", 2),
    )
    rows = tuple(
        Row(
            {n: c[n] for n in ("code", "village", "method", "reason", "closed_on", "accepted_on")}
            | {"volume": wan([c], "reduced_volume_m3")},
            (c["uid"],),
        )
        for c in closures
    )
    return Table("本年封停处置", columns, rows)
