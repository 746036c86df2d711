"""The stock of existing wells and how it moved in a period (R01 of domain §12).

Opening + new + found + moved in − sealed − turned into monitoring − moved out ± corrections = closing.
A well entered late with an earlier date belongs to the opening stock: where the last issued report did not
hold it, it stands among the corrections (补报以前期), never among the new ones.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final, NamedTuple

from ledger_app.core import dates
from ledger_app.core.periods import Period
from ledger_app.core.terms import MONITORING, SEALED

TERMS: Final = (
    "opening",
    "new",
    "found",
    "moved_in",
    "sealed",
    "monitoring",
    "moved_out",
    "correction",
    "closing",
)
_ADDED: Final = ("opening", "new", "found", "moved_in")
_TAKEN: Final = ("sealed", "monitoring", "moved_out")


@dataclass(frozen=True, slots=True)
class Move:
    """A well that came under another town, use or class on a day: `group` before and after."""

    on: date
    what: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class StockWell:
    """What the stock needs to know of a well. `since`: 成井 or, for a well found later, 核查补登; it may be
    partial. `left_on` and `left_by`: the closure that took it out. `outside`: never part of the stock."""

    uid: str
    code: str
    groups: Mapping[str, str | None]
    since: str | None = None
    found: bool = False
    left_on: date | None = None
    left_by: str | None = None
    outside: bool = False
    moves: tuple[Move, ...] = ()

    def exists_at(self, day: date) -> bool:
        """In the stock at the end of that day. A partial date counts from its first day."""
        if self.outside or (self.since and dates.first_day(self.since) > day):
            return False
        return self.left_on is None or self.left_on > day

    def group_at(self, what: str, day: date) -> str | None:
        """Town, use or class as it was at the end of that day."""
        if not self.moves:
            return self.groups.get(what)
        later = [m for m in self.moves if m.what == what and m.on > day]
        return min(later, key=lambda m: m.on).before if later else self.groups.get(what)


@dataclass
class Balance:
    """The terms of one group, each with the uids behind it; a correction keeps added and taken apart."""

    terms: dict[str, list[str]] = field(default_factory=lambda: {name: [] for name in TERMS})
    taken_back: list[str] = field(default_factory=list)

    def count(self, term: str) -> int:
        taken = len(self.taken_back) if term == "correction" else 0
        return len(self.terms[term]) - taken

    def ids(self, term: str) -> tuple[str, ...]:
        return tuple(self.terms[term] + (self.taken_back if term == "correction" else []))

    @property
    def holds(self) -> bool:
        gained = sum(self.count(t) for t in _ADDED) + self.count("correction")
        return gained - sum(self.count(t) for t in _TAKEN) == self.count("closing")


class Stay(NamedTuple):
    """A well in a period: in the stock before it and at its end; `came` says how it came in (new, found);
    whether it left."""

    existed: bool
    exists: bool
    came: str | None
    left: bool


def stays(wells: Sequence[StockWell], period: Period) -> list[Stay]:
    """The stay of every well; a county's dates repeat, so each is compared once."""
    before = period.start - timedelta(days=1)
    begun = {
        since: (dates.first_day(since) <= before, dates.first_day(since) <= period.end, period.covers(since))
        for since in {well.since for well in wells}
        if since
    }
    return [_stay(well, period, before, *begun.get(well.since or "", (True, True, None))) for well in wells]


def _stay(
    well: StockWell, period: Period, before: date, by_before: bool, by_end: bool, inside: bool | None
) -> Stay:
    """`by_before`, `by_end`: there by then, if it has not left; `inside`: the whole of its date lies in the
    period; an inexact date proves neither."""
    if well.outside:
        return Stay(False, False, None, False)
    left = well.left_on
    existed = by_before and (left is None or left > before)
    exists = by_end and (left is None or left > period.end)
    came = ("found" if well.found else "new") if inside is True else None
    return Stay(existed, exists, came, left is not None and period.start <= left <= period.end)


def balance(
    wells: Sequence[StockWell],
    period: Period,
    what: str,
    issued: Mapping[str | None, frozenset[str]] | None = None,
    stay_of: Mapping[str, Stay] | None = None,
) -> dict[str | None, Balance]:
    """Group (town, use or class) → its balance. `issued` is the closing stock of the last issued report
    by group; without it the opening stock is computed as at the day before the period. `stay_of`: the
    stays by uid, where several balances of one period are made."""
    before = period.start - timedelta(days=1)
    found: dict[str | None, Balance] = {}

    def put(group: str | None, term: str, uid: str) -> None:
        each = found.get(group) or found.setdefault(group, Balance())
        each.terms[term].append(uid)

    stay_of = stay_of or {w.uid: stay for w, stay in zip(wells, stays(wells, period), strict=True)}
    for well in wells:
        was, now = well.group_at(what, before), well.group_at(what, period.end)
        _place(well, stay_of[well.uid], was, now, put, opening=issued is None)
    for group, uids in (issued or {}).items():
        found.setdefault(group, Balance()).terms["opening"] = sorted(uids)
    for each in found.values():
        _correct(each)
    return found


def _place(
    well: StockWell,
    stay: Stay,
    was: str | None,
    now: str | None,
    put: Callable[[str | None, str, str], None],
    *,
    opening: bool,
) -> None:
    if stay.existed and opening:
        put(was, "opening", well.uid)
    if stay.exists:
        put(now, "closing", well.uid)
    if stay.existed and was != now:
        put(was, "moved_out", well.uid)
        put(now, "moved_in", well.uid)
    if stay.came and not stay.existed:
        put(now, stay.came, well.uid)
    if stay.left and (stay.existed or stay.came):
        put(now, "sealed" if well.left_by == SEALED else "monitoring", well.uid)


def _correct(each: Balance) -> None:
    """What the dated terms do not explain: wells entered or put right after the last report."""
    net = Counter(u for t in _ADDED for u in each.terms[t])
    net.subtract(u for t in _TAKEN for u in each.terms[t])
    missing = Counter(each.terms["closing"])
    missing.subtract(net)
    each.terms["correction"] = sorted(missing.elements())
    each.taken_back = sorted((-missing).elements())


def total(balances: Iterable[Balance]) -> Balance:
    """The county: moves between groups cancel out."""
    whole = Balance()
    for each in balances:
        for term in TERMS:
            whole.terms[term].extend(each.terms[term])
        whole.taken_back.extend(each.taken_back)
    moved = set(whole.terms["moved_in"]) & set(whole.terms["moved_out"])
    for term in ("moved_in", "moved_out"):
        whole.terms[term] = [u for u in whole.terms[term] if u not in moved]
    return whole


LEAVING: Final = frozenset({SEALED, MONITORING})
