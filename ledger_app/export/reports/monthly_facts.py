"""All that the monthly report speaks of, read once; how its numbers are counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from ledger_app.core import dates
from ledger_app.core.parameters import Parameters
from ledger_app.core.periods import Period
from ledger_app.core.rules.permits import RenewalRule, Standing, standing
from ledger_app.core.rules.stock import Balance, Stay, StockWell, balance, stays
from ledger_app.core.terms import CLOSURE_EFFECTS, RESERVED
from ledger_app.db import Connection
from ledger_app.db.queries import progress
from ledger_app.db.queries.stock import stock_wells

NAME: Final = "monthly-progress"
UNPLACED: Final = "（未填乡镇）"
UNSAID: Final = "（未填）"
M3_IN_WAN: Final = Decimal(10000)
_MOST_NAMED: Final = 12  # records named in the sentence on the difference from last month
TERM_LABELS: Final = {
    "opening": "期初",
    "new": "新增（成井）",
    "found": "新发现（补登）",
    "moved_in": "转入",
    "sealed": "封填",
    "monitoring": "改监测井",
    "moved_out": "转出",
    "correction": "补报以前期及更正",
    "closing": "期末",
}


@dataclass(frozen=True, slots=True)
class Facts:
    """All that the report speaks of, read once. `cut_off`: the last day of the period that has come."""

    period: Period
    cut_off: date
    parameters: Parameters
    wells: Sequence[StockWell]
    stays: Mapping[str, Stay]
    by_town: Mapping[str | None, Balance]
    by_use: Mapping[str | None, Balance]
    closures: Sequence[dict[str, Any]]
    permits: Sequence[tuple[dict[str, Any], Standing]]
    versions: Sequence[dict[str, Any]]
    projects: Sequence[dict[str, Any]]
    towns: Sequence[str]
    issued: dict[str, Any] | None

    @property
    def year_start(self) -> date:
        return date(self.period.year, 1, 1)


def read(conn: Connection, period: Period, parameters: Parameters, cut_off: date) -> Facts:
    wells = stock_wells(conn)
    stay_of = {w.uid: stay for w, stay in zip(wells, stays(wells, period), strict=True)}
    issued = progress.last_issued(conn, NAME, period.start.isoformat())
    if issued and issued["period_end"] != (period.start - timedelta(days=1)).isoformat():
        issued = None  # months are missing in between: the opening stock is computed
    rule = RenewalRule.of(parameters)
    return Facts(
        period=period,
        cut_off=cut_off,
        parameters=parameters,
        wells=wells,
        stays=stay_of,
        by_town=balance(wells, period, "town", issued_stock(issued, "by_town"), stay_of),
        by_use=balance(wells, period, "use", issued_stock(issued, "by_use"), stay_of),
        closures=progress.closures(conn),
        permits=[
            (p, standing(p, cut_off, rule))
            for p in progress.permits(conn)
            if not p["valid_from"] or dates.first_day(p["valid_from"]) <= cut_off or p["renewals"]
        ],
        versions=progress.renewed(conn),
        projects=progress.projects(conn),
        towns=progress.town_order(conn),
        issued=issued,
    )


def issued_stock(issued: dict[str, Any] | None, group: str) -> dict[str | None, frozenset[str]] | None:
    if issued is None:
        return None
    return {name or None: frozenset(uids) for name, uids in issued["figures"][group].items()}


def frozen_figures(conn: Connection, period: Period, parameters: Parameters) -> dict[str, Any]:
    """What an issued report leaves behind: the closing stock by group, as uids."""
    facts = read(conn, period, parameters, period.end)
    return {
        name: {group or "": list(b.ids("closing")) for group, b in found.items()}
        for name, found in (("by_town", facts.by_town), ("by_use", facts.by_use))
    }


def counted_on(facts: Facts, closure: Mapping[str, Any]) -> date | None:
    """The day a closure counts: accepted or completed, as the county has decided (domain §3)."""
    rule = facts.parameters.text("closure_counted_on")
    day = closure["closed_on" if rule == "closed" else "accepted_on"]
    return dates.last_day(day) if day else None


def counted(facts: Facts, start: date, end: date) -> list[dict[str, Any]]:
    return [c for c in facts.closures if (day := counted_on(facts, c)) is not None and start <= day <= end]


def counts_as_closure(method: str, parameters: Parameters) -> bool:
    """移交 is never a closure; 封存备用 only where the county says so."""
    if method == RESERVED:
        return parameters.yes("reserved_counts_as_closure")
    effect = CLOSURE_EFFECTS.get(method)
    return effect is not None and effect.counts


def wan(rows: Sequence[Mapping[str, Any]], name: str) -> Decimal:
    """The exact sum of a column, in units of ten thousand."""
    return sum((Decimal(str(r[name])) for r in rows if r[name] is not None), Decimal(0)) / M3_IN_WAN


def listed(names: Sequence[str]) -> str:
    more = f"等 {len(names)} 眼" if len(names) > _MOST_NAMED else ""
    return "、".join(names[:_MOST_NAMED]) + more


def named(held: Sequence[Mapping[str, Any]], name: str) -> str:
    most = 4
    more = f" 等 {len(held)} 本" if len(held) > most else ""
    return "、".join(str(h[name]) for h in held[:most]) + more


def uids(held: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    return tuple(h["uid"] for h in held)
