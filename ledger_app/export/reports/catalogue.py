"""The charts one can ask for: what they count, over which period and town, with the records behind them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from ledger_app.core import dates
from ledger_app.core.dates import show_date
from ledger_app.core.parameters import Parameters
from ledger_app.core.rules.permits import RENEWAL_STATES, RenewalRule, standing
from ledger_app.core.rules.stock import StockWell
from ledger_app.core.terms import ENDED_PERMIT, PROJECT_KIND, USE, WELL_STATUS
from ledger_app.db import Connection
from ledger_app.db.queries import progress
from ledger_app.db.queries.stock import stock_wells
from ledger_app.export.report import Chart, Series
from ledger_app.export.reports.monthly_facts import UNPLACED, UNSAID, counts_as_closure, uids, wan

NOT_DATED: Final = "未填"
_MOST_YEARS: Final = 40


@dataclass(frozen=True, slots=True)
class Choice:
    """What the clerk has chosen beside the chart: a period, one town or all."""

    start: date
    end: date
    parameters: Parameters
    town: str | None = None

    @property
    def cut_off(self) -> str:
        return f"截至{show_date(self.end.isoformat())}"

    @property
    def of(self) -> str:
        return self.town or ""


@dataclass(frozen=True, slots=True)
class ChartKind:
    """A chart by name; `ledger` is where the records behind its bars are."""

    name: str
    label: str
    ledger: str
    build: Callable[[Connection, Choice], Chart]


def _counted(
    title: str, unit: str, groups: Mapping[str, Sequence[str]], order: Sequence[str], choice: Choice
) -> Chart:
    """One bar a group, in the given order; groups that are not in it follow."""
    names = [n for n in order if n in groups] + sorted(n for n in groups if n not in order)
    series = Series(
        unit,
        tuple(len(groups[n]) for n in names),
        "actual",
        tuple(tuple(groups[n]) for n in names),
    )
    return Chart("bar", title, unit, tuple(names), (series,), cut_off=choice.cut_off)


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for group, uid in pairs:
        groups.setdefault(group, []).append(uid)
    return groups


def _existing(conn: Connection, choice: Choice, wells: Iterable[StockWell] | None = None) -> list[StockWell]:
    held = [w for w in wells or stock_wells(conn) if w.exists_at(choice.end)]
    return [w for w in held if choice.town is None or w.group_at("town", choice.end) == choice.town]


def wells_by_town(conn: Connection, choice: Choice, wells: Iterable[StockWell] | None = None) -> Chart:
    """`wells`: all of them, where they have been read already."""
    pairs = ((w.group_at("town", choice.end) or UNPLACED, w.uid) for w in _existing(conn, choice, wells))
    return _counted("各乡镇现有机电井", "眼", _grouped(pairs), progress.town_order(conn), choice)


def wells_by_use(conn: Connection, choice: Choice) -> Chart:
    pairs = ((w.group_at("use", choice.end) or UNSAID, w.uid) for w in _existing(conn, choice))
    return _counted(f"{choice.of}现有机电井用途", "眼", _grouped(pairs), USE.values, choice)


def wells_by_state(conn: Connection, choice: Choice) -> Chart:
    """Every well by its present state, those sealed among them."""
    rows = progress.well_states(conn)
    pairs = ((r["status"] or UNSAID, r["uid"]) for r in rows if choice.town in (None, r["town"]))
    return _counted(f"{choice.of}机电井使用状态", "眼", _grouped(pairs), WELL_STATUS.values, choice)


def wells_by_year(conn: Connection, choice: Choice) -> Chart:
    """Existing wells by the year they were drilled; all years before the last forty stand together."""
    newest = choice.end.year
    first = newest - _MOST_YEARS + 1

    def year(since: str | None) -> str:
        if not since:
            return NOT_DATED
        return since[:4] if int(since[:4]) >= first else f"{first}前"

    groups = _grouped((year(w.since), w.uid) for w in _existing(conn, choice))
    order = [f"{first}前", *(str(y) for y in range(first, newest + 1)), NOT_DATED]
    return _counted(f"{choice.of}现有机电井成井年份", "眼", groups, order, choice)


def _permits(conn: Connection, choice: Choice) -> list[tuple[dict[str, Any], str, bool]]:
    """(permit, state at the end of the period, in force) of the town's permits."""
    rule = RenewalRule.of(choice.parameters)
    towns = progress.permit_towns(conn) if choice.town else {}
    found = []
    for permit in progress.permits(conn):
        if choice.town is None or choice.town in towns.get(permit["uid"], ()):
            stands = standing(permit, choice.end, rule)
            found.append((permit, stands.state, stands.in_force))
    return found


def permits_by_state(conn: Connection, choice: Choice) -> Chart:
    groups = _grouped((state, p["uid"]) for p, state, _ in _permits(conn, choice))
    order = (*RENEWAL_STATES, *sorted(ENDED_PERMIT))
    return _counted(f"{choice.of}取水许可证状态", "本", groups, order, choice)


def permits_by_expiry(conn: Connection, choice: Choice) -> Chart:
    held = [p for p, _, in_force in _permits(conn, choice) if in_force]
    groups = _grouped(((p["valid_to"] or NOT_DATED)[:4], p["uid"]) for p in held)
    return _counted(f"{choice.of}有效许可证到期年份", "本", groups, sorted(groups), choice)


def _closures(conn: Connection, choice: Choice) -> list[tuple[str, dict[str, Any]]]:
    """(month, closure) that count in the period, by the day the county counts by."""
    day_name = "closed_on" if choice.parameters.text("closure_counted_on") == "closed" else "accepted_on"
    found = []
    for closure in progress.closures(conn):
        day = closure[day_name] and dates.last_day(closure[day_name])
        if not day or not choice.start <= day <= choice.end:
            continue
        if counts_as_closure(closure["method"], choice.parameters) and choice.town in (None, closure["town"]):
            found.append((f"{day.year}-{day.month:02d}", closure))
    return found


def _months(choice: Choice) -> list[str]:
    first, last = (d.year * 12 + d.month - 1 for d in (choice.start, choice.end))
    return [f"{m // 12}-{m % 12 + 1:02d}" for m in range(first, last + 1)]


def _said(months: Sequence[str]) -> tuple[str, ...]:
    """3月; the year stands with the first month and with every January."""
    several = len({m[:4] for m in months}) > 1
    return tuple(
        f"{m[:4]}年{int(m[5:])}月" if several and (i == 0 or m.endswith("-01")) else f"{int(m[5:])}月"
        for i, m in enumerate(months)
    )


def closures_by_month(conn: Connection, choice: Choice) -> Chart:
    found = _closures(conn, choice)
    return _monthly(f"{choice.of}关停机电井", "眼", found, choice, len, 0)


def reduced_by_month(conn: Connection, choice: Choice) -> Chart:
    found = _closures(conn, choice)
    return _monthly(
        f"{choice.of}关井压减水量", "万m³", found, choice, lambda rows: wan(rows, "reduced_volume_m3"), 2
    )


def _monthly(
    title: str,
    unit: str,
    found: Sequence[tuple[str, dict[str, Any]]],
    choice: Choice,
    measure: Callable[[Sequence[dict[str, Any]]], int | Decimal],
    places: int,
) -> Chart:
    """Month by month, and what has come together since the beginning of the period."""
    months = _months(choice)
    each = [[c for month, c in found if month == m] for m in months]
    so_far = [[c for part in each[: i + 1] for c in part] for i in range(len(months))]
    series = (
        Series("当月", tuple(map(measure, each)), "actual", tuple(map(uids, each))),
        Series("累计", tuple(map(measure, so_far)), "plan", tuple(map(uids, so_far))),
    )
    return Chart("bar", title, unit, _said(months), series, cut_off=choice.cut_off, places=places)


def _projects(conn: Connection, choice: Choice) -> dict[str, list[dict[str, Any]]]:
    groups: dict[str, list[dict[str, Any]]] = {}
    for project in progress.projects(conn):
        begun = project["started_on"] is None or dates.first_day(project["started_on"]) <= choice.end
        if begun and choice.town in (None, project["town"]):
            groups.setdefault(project["kind"] or UNSAID, []).append(project)
    order = {k: i for i, k in enumerate(PROJECT_KIND.values)}
    return dict(sorted(groups.items(), key=lambda g: (order.get(g[0], len(order)), g[0])))


def projects_by_kind(conn: Connection, choice: Choice) -> Chart:
    groups = _projects(conn, choice)
    done = {
        k: [p for p in held if p["completed_on"] and dates.first_day(p["completed_on"]) <= choice.end]
        for k, held in groups.items()
    }
    series = (
        Series(
            "计划",
            tuple(wan(held, "planned_area_mu") for held in groups.values()),
            "plan",
            tuple(map(uids, groups.values())),
        ),
        Series(
            "完成",
            tuple(wan(held, "completed_area_mu") for held in done.values()),
            "actual",
            tuple(map(uids, done.values())),
        ),
    )
    title = f"{choice.of}节水项目计划与完成面积"
    return Chart("bar", title, "万亩", tuple(groups), series, cut_off=choice.cut_off, places=2)


def saved_by_kind(conn: Connection, choice: Choice) -> Chart:
    accepted = {
        k: [p for p in held if p["accepted_on"] and dates.first_day(p["accepted_on"]) <= choice.end]
        for k, held in _projects(conn, choice).items()
    }
    series = Series(
        "年节水能力",
        tuple(wan(held, "saving_capacity_m3") for held in accepted.values()),
        "actual",
        tuple(map(uids, accepted.values())),
    )
    title = f"{choice.of}已验收项目年节水能力"
    return Chart("bar", title, "万m³", tuple(accepted), (series,), cut_off=choice.cut_off, places=2)


CHARTS: Final = (
    ChartKind("wells-by-town", "机电井 · 按乡镇", "wells", wells_by_town),
    ChartKind("wells-by-use", "机电井 · 按用途", "wells", wells_by_use),
    ChartKind("wells-by-state", "机电井 · 按状态", "wells", wells_by_state),
    ChartKind("wells-by-year", "机电井 · 按成井年份", "wells", wells_by_year),
    ChartKind("permits-by-state", "取水许可 · 按状态", "permits", permits_by_state),
    ChartKind("permits-by-expiry", "取水许可 · 按到期年份", "permits", permits_by_expiry),
    ChartKind("closures-by-month", "关停 · 按月与累计", "closures", closures_by_month),
    ChartKind("reduced-by-month", "压减水量 · 按月与累计", "closures", reduced_by_month),
    ChartKind("projects-by-kind", "节水项目 · 计划与完成", "projects", projects_by_kind),
    ChartKind("saved-by-kind", "节水项目 · 年节水能力", "projects", saved_by_kind),
)
