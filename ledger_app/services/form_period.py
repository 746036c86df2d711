"""Which records of a ledger stand in a form of a period, by fixed rules, and the sentence that says so.

机电井: in the stock at the end of the period (超采区 in the title: those in a zone). 取水许可: in force then.
封停处置: completed (验收 in the title: accepted) in the span the title names. 节水项目: in hand in that span,
or finished in it where the title says so. Every other ledger: all records. A title that names one town,
use, class or source narrows that.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any, Final

from ledger_app.core import dates
from ledger_app.core.dates import show_date
from ledger_app.core.entity import Entity, Registry
from ledger_app.core.fields import Choice
from ledger_app.core.periods import Period, half_period, month_period, quarter_period
from ledger_app.core.rules.permits import RenewalRule, standing
from ledger_app.core.terms import HANDED_OVER
from ledger_app.db import Connection
from ledger_app.db.queries import listing, matching, progress
from ledger_app.db.queries.forms import OVERDRAWN as ZONE
from ledger_app.db.queries.forms import zones_of
from ledger_app.db.queries.listing import Filter, Query
from ledger_app.db.queries.parameters import parameters
from ledger_app.db.queries.stock import stock_wells

_EVER: Final = re.compile(r"累计|历年|历史|逐年|全部")
_MONTH: Final = re.compile(r"月报|月度|\d{1,2}\s*月(?!\d*日)|[\s_＿]月[）)份]|本月|当月")
_QUARTER: Final = re.compile(r"季报|季度")
_HALF: Final = re.compile(r"[上下]半年|半年报|半年度")
_YEAR: Final = re.compile(r"年度|年报|全年|(?:19|20)\d\d\s*年")
_FINISHED: Final = re.compile(r"竣工|完工|验收|建成|已完成")
_SAID_IN_TITLES: Final = ("use", "well_class", "source")
_EARLIEST: Final = date(1900, 1, 1)


@dataclass(frozen=True, slots=True)
class Chosen:
    """The records a form lists: row ids in code order, how they were chosen, and what was left out."""

    ids: Sequence[int]
    basis: str
    left_out: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """From … to, both inside, with the words for it."""

    start: date
    end: date
    said: str

    def holds(self, iso: str) -> bool:
        first, last = dates.span(iso)
        return self.start <= first and last <= self.end


@dataclass(frozen=True, slots=True)
class Asked:
    """Which ledger is asked for, for what period, and what the form is called."""

    conn: Connection
    registry: Registry
    entity: Entity
    period: Period
    title: str

    @property
    def end(self) -> date:
        return self.period.end

    @property
    def end_said(self) -> str:
        return show_date(self.end.isoformat())

    @property
    def span(self) -> Span:
        return span_of(self.title, self.period)

    def in_order(self) -> list[int]:
        """The row ids of the whole ledger in code order."""
        return list(listing.row_ids(self.conn, self.registry, self.entity, Query()))

    def among(self, uids: set[str]) -> list[int]:
        """The row ids of these records in code order."""
        ids = self.in_order()
        names = listing.uids(self.conn, self.entity, ids)
        return [row for row, uid in zip(ids, names, strict=True) if uid in uids]


def choose(conn: Connection, registry: Registry, entity: Entity, period: Period, title: str) -> Chosen:
    """The records of `entity` for a form with this title, for a period."""
    asked = Asked(conn, registry, entity, period, title)
    return _narrowed(asked, _RULES.get(entity.name, _all)(asked))


def span_of(title: str, period: Period) -> Span:
    """The span of time a form speaks of: its title's words, within the period that was asked for."""
    end = period.end
    if _EVER.search(title):
        return Span(_EARLIEST, end, f"截至{show_date(end.isoformat())}历年")
    if _MONTH.search(title):
        return _span(month_period(end.year, end.month, period.first_day), period)
    if _QUARTER.search(title):
        return _span(quarter_period(end.year, (end.month + 2) // 3, period.first_day), period)
    if _HALF.search(title):
        return _span(half_period(end.year, (end.month + 5) // 6, period.first_day), period)
    if _YEAR.search(title):
        start = date(end.year, 1, 1)
        whole = end == date(end.year, 12, 31)
        return Span(start, end, f"{end.year}年{'' if whole else f'截至{show_date(end.isoformat())}'}")
    return Span(period.start, end, period.label)


def _span(named: Period, period: Period) -> Span:
    """The month, quarter or half year the period ends in, no further than the period goes."""
    end = min(named.end, period.end)
    until = "" if end == named.end else f"（截至{show_date(end.isoformat())}）"
    return Span(named.start, end, f"{named.label}{until}")


def _narrowed(asked: Asked, found: Chosen) -> Chosen:
    """A title that names one town, a use or a class (东河镇…, 农业灌溉机井…, 自备井…) lists only those."""
    filters = tuple(_named_in_title(asked))
    if not filters:
        return found
    query = Query(filters=filters)
    kept = set(listing.row_ids(asked.conn, asked.registry, asked.entity, query))
    ids = [row for row in found.ids if row in kept]
    words = "、".join(str(f.values[0]) for f in filters)
    said = f"{found.basis}，其中表题所说的“{words}” {len(ids)} {asked.entity.counter}"
    return Chosen(ids, said, found.left_out)


def _named_in_title(asked: Asked) -> Iterator[Filter]:
    towns = [town for town in matching.town_names(asked.conn) if town in asked.title]
    if len(towns) == 1 and "town" in asked.entity.by_name:
        yield Filter("town", "in", (towns[0],))
    for name in _SAID_IN_TITLES:
        field = asked.entity.by_name.get(name)
        if isinstance(field, Choice):
            words = [word for word in field.terms.values if len(word) > 2 and word in asked.title]
            if len(words) == 1:
                yield Filter(name, "in", (words[0],))


# ---- the rules -----------------------------------------------------------------------------------


def _all(asked: Asked) -> Chosen:
    ids = asked.in_order()
    return Chosen(ids, f"{asked.entity.label}全部 {len(ids)} {asked.entity.counter}")


def _as_entered(asked: Asked) -> Chosen:
    """In order of entry, which is that of the documents they were read from."""
    found = _all(asked)
    return Chosen(sorted(found.ids), found.basis)


def _wells(asked: Asked) -> Chosen:
    there = {well.uid for well in stock_wells(asked.conn) if well.exists_at(asked.end)}
    where = ""
    if ZONE in asked.title and (zones := zones_of(asked.conn, asked.end.isoformat())):
        there, where = there & set(zones), f"{ZONE}内"
    ids = asked.among(there)
    return Chosen(ids, f"{asked.end_said}{where}现有的机电井 {len(ids)} 眼")


def _permits(asked: Asked) -> Chosen:
    rule = RenewalRule.of(parameters(asked.conn, asked.end))
    valid = {
        permit["uid"]
        for permit in progress.permits(asked.conn)
        if (not permit["valid_from"] or dates.first_day(permit["valid_from"]) <= asked.end)
        and standing(permit, asked.end, rule).in_force
    }
    ids = asked.among(valid)
    return Chosen(ids, f"{asked.end_said}有效的取水许可 {len(ids)} 本")


def _closures(asked: Asked) -> Chosen:
    name, words = ("accepted_on", "验收") if "验收" in asked.title else ("closed_on", "完成")
    rows = progress.closures(asked.conn)
    held = [row for row in rows if row[name] and asked.span.holds(row[name])]
    ids = asked.among({row["uid"] for row in held})
    moved = sum(row["method"] == HANDED_OVER for row in held)
    apart = f"，其中移交供水公司 {moved} 眼（不算关停）" if moved else ""
    undated = sum(not row[name] for row in rows)
    left = f"有 {undated} 条封停处置没有{words}日期，没有列入。" if undated else ""
    return Chosen(ids, f"{asked.span.said}{words}的封停处置 {len(ids)} 眼{apart}", left)


def _projects(asked: Asked) -> Chosen:
    finished = _FINISHED.search(asked.title) is not None
    fits = _finished_in if finished else _in_hand
    ids = asked.among({row["uid"] for row in progress.projects(asked.conn) if fits(row, asked.span)})
    said = "完工或验收" if finished else "在建和完工"
    return Chosen(ids, f"{asked.span.said}{said}的节水项目 {len(ids)} 个")


def _finished_in(project: Mapping[str, Any], span: Span) -> bool:
    day = project["accepted_on"] or project["completed_on"]
    return bool(day) and span.holds(day)


def _in_hand(project: Mapping[str, Any], span: Span) -> bool:
    """Begun by the end of the span and not finished before it; a project without dates counts."""
    begun, done = project["started_on"], project["accepted_on"] or project["completed_on"]
    return (not begun or dates.first_day(begun) <= span.end) and (
        not done or dates.last_day(done) >= span.start
    )


_Rule = Callable[[Asked], Chosen]
_RULES: Final[Mapping[str, _Rule]] = MappingProxyType(
    {
        "wells": _wells,
        "permits": _permits,
        "closures": _closures,
        "projects": _projects,
        "rectifications": _as_entered,
        "rectification_measures": _as_entered,
    }
)
