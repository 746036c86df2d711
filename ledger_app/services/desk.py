"""工作台: the four key figures, what is to be done, two charts — the report's own numbers, all of them links."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from ledger_app.core import dates
from ledger_app.core.parameters import Parameters
from ledger_app.core.rules.permits import DUE, LATE, RenewalRule, Standing, standing
from ledger_app.core.rules.stock import StockWell
from ledger_app.core.terms import IN_USE, RESERVED_STATE, SEALED
from ledger_app.db import Connection
from ledger_app.db.queries import progress
from ledger_app.db.queries.desk import states
from ledger_app.db.queries.parameters import parameters
from ledger_app.db.queries.stock import stock_wells
from ledger_app.export.report import Chart, Series
from ledger_app.export.reports.catalogue import Choice, closures_by_month
from ledger_app.export.reports.monthly_facts import UNPLACED, counts_as_closure, uids, wan

_IRRIGATION: Final = "农业灌溉"


@dataclass(frozen=True, slots=True)
class Part:
    """A smaller number beside a key figure, with the records behind it."""

    label: str
    value: int | Decimal
    unit: str
    ledger: str
    uids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """One of the four numbers. `rate` (done by planned) is given where there is a plan; `whole` says
    whether the figure covers its whole year: a part-year rate is never shown as reached."""

    name: str
    label: str
    value: int | Decimal
    unit: str
    as_of: date
    basis: str
    ledger: str
    uids: tuple[str, ...]
    parts: tuple[Part, ...] = ()
    rate: Decimal | None = None
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Desk:
    """What the desk shows at once; things to do come by `todo.things_to_do`, which looks at every record."""

    as_of: date
    figures: tuple[KeyFigure, ...]
    charts: tuple[Chart, ...]


def desk(conn: Connection, today: date) -> Desk:
    """Figures and charts as at the end of a day."""
    rules = parameters(conn, today)
    existing = [w for w in stock_wells(conn) if w.exists_at(today)]
    closed = progress.closures(conn)
    figures = (
        _wells(conn, existing, closed, today),
        _permits(conn, today, rules),
        _closures(closed, today, rules),
        _projects(conn, today),
    )
    choice = Choice(date(today.year, 1, 1), today, rules)
    return Desk(today, figures, (_by_town(conn, existing, choice), closures_by_month(conn, choice)))


def _wells(
    conn: Connection, existing: Sequence[StockWell], closed: Sequence[Mapping[str, Any]], today: date
) -> KeyFigure:
    ids = tuple(w.uid for w in existing)
    here = set(ids)
    by_state = {
        state: tuple(u for u in found if u in here)
        for state, found in states(conn, (IN_USE, RESERVED_STATE)).items()
    }
    sealed = [
        c["well_uid"] or c["uid"]
        for c in closed
        if c["method"] == SEALED and _this_year(c["closed_on"], today)
    ]
    return KeyFigure(
        "wells",
        "现有机电井",
        len(ids),
        "眼",
        today,
        "已成井、未封填、未改监测井",
        "wells",
        ids,
        (
            *(Part(state, len(found), "眼", "wells", found) for state, found in by_state.items()),
            Part("本年封填", len(sealed), "眼", "wells", tuple(sealed)),
        ),
    )


def _permits(conn: Connection, today: date, rules: Parameters) -> KeyFigure:
    rule = RenewalRule.of(rules)
    held = [(p, standing(p, today, rule)) for p in progress.permits(conn)]
    in_force = uids([p for p, s in held if s.in_force])
    labels = {DUE: f"{rule.notice} 天内应申请延续", LATE: "已过申请期限未申请"}
    parts = tuple(_permit_part(held, state, label) for state, label in labels.items())
    return KeyFigure(
        "permits", "有效取水许可", len(in_force), "本", today, "一证一计", "permits", in_force, parts
    )


def _permit_part(held: Iterable[tuple[dict[str, Any], Standing]], state: str, label: str) -> Part:
    found = uids([p for p, s in held if s.state == state])
    return Part(label, len(found), "本", "permits", found)


def _closures(closed: Sequence[dict[str, Any]], today: date, rules: Parameters) -> KeyFigure:
    """Closures that count this year, by the day the county counts by."""
    column = "closed_on" if rules.text("closure_counted_on") == "closed" else "accepted_on"
    year = [c for c in closed if _this_year(c[column], today) and counts_as_closure(c["method"], rules)]
    waiting = [c for c in closed if c["closed_on"] and not c["accepted_on"] and not c["reopened_on"]]
    waiting = [c for c in waiting if counts_as_closure(c["method"], rules)]
    return KeyFigure(
        "closures",
        "本年关停",
        len(year),
        "眼",
        today,
        "按验收合格日" if column == "accepted_on" else "按封停完成日",
        "closures",
        uids(year),
        (
            Part("年压减水量", wan(year, "reduced_volume_m3"), "万m³", "closures", uids(year)),
            Part("已封待验", len(waiting), "眼", "closures", uids(waiting)),
        ),
    )


def _projects(conn: Connection, today: date) -> KeyFigure:
    begun = [p for p in progress.projects(conn) if _by(p["started_on"], today) or not p["started_on"]]
    done = [p for p in begun if _by(p["completed_on"], today)]
    accepted = [p for p in begun if _by(p["accepted_on"], today)]
    planned, completed = wan(begun, "planned_area_mu"), wan(done, "completed_area_mu")
    return KeyFigure(
        "projects",
        "节水项目完成面积",
        completed,
        "万亩",
        today,
        "完工项目的完成面积",
        "projects",
        uids(done),
        (
            Part("计划面积", planned, "万亩", "projects", uids(begun)),
            Part("项目", len(begun), "个", "projects", uids(begun)),
            Part("已验收", len(accepted), "个", "projects", uids(accepted)),
        ),
        completed / planned if planned else None,
        (today.month, today.day) == (12, 31),
    )


def _this_year(day: str | None, today: date) -> bool:
    return bool(day) and date(today.year, 1, 1) <= dates.last_day(str(day)) <= today


def _by(day: str | None, today: date) -> bool:
    return bool(day) and dates.first_day(str(day)) <= today


def _by_town(conn: Connection, existing: Sequence[StockWell], choice: Choice) -> Chart:
    """Existing wells of each town, irrigation apart from all other uses."""
    groups: dict[str, tuple[list[str], list[str]]] = {}
    for well in existing:
        parts = groups.setdefault(well.group_at("town", choice.end) or UNPLACED, ([], []))
        parts[well.group_at("use", choice.end) != _IRRIGATION].append(well.uid)
    order = [t for t in progress.town_order(conn) if t in groups]
    towns = [*order, *sorted(set(groups) - set(order))]
    series = (
        _series(_IRRIGATION, "actual", towns, lambda t: groups[t][0]),
        _series("其他用途", "part", towns, lambda t: groups[t][1]),
    )
    return Chart("stacked", "各乡镇现有机电井", "眼", tuple(towns), series, cut_off=choice.cut_off)


def _series(name: str, role: Any, towns: Sequence[str], of: Callable[[str], list[str]]) -> Series:
    return Series(name, tuple(len(of(t)) for t in towns), role, tuple(tuple(of(t)) for t in towns))
