"""The years since: wells drilled, stopped, closed, replaced, permits renewed, projects built — by real acts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby
from random import Random
from types import MappingProxyType
from typing import Any, Final

from ledger_app.core.terms import HANDED_OVER, IN_USE, RESERVED_STATE, SEALED, STOPPED
from ledger_app.db.queries import desk as desk_queries
from ledger_app.db.queries import findings as queries
from ledger_app.db.queries import listing
from ledger_app.db.store import Store
from ledger_app.services import acts
from ledger_app.services.demo import permits, wells, words
from ledger_app.services.demo.building import SEAL_REASONS, Start, liveliness
from ledger_app.services.demo.clock import Clock
from ledger_app.services.demo.licensing import Licensing
from ledger_app.services.demo.numbers import weighted
from ledger_app.services.demo.places import COUNTY_NAME

_METHODS: Final = MappingProxyType(
    {SEALED: 76, "封存备用": 9, "拆泵断电关停": 5, "改监测井": 4, HANDED_OVER: 6}
)
_CLOSED_A_QUARTER: Final = 0.0042  # shares of the county's wells
_CLOSED_A_MONTH: Final = 0.0022
_STOPPED_A_YEAR: Final = 0.006
_REPLACED: Final = 0.4  # of the wells drilled later, as many replace an old one
_STOP_REASONS: Final = ("水泵损坏", "土地流转休耕", "出水量不足", "供电线路改造")

Step = Callable[[date], None]


@dataclass
class Years:
    """Goes from the first day of the ledger to `today`, act by act in the order of their days."""

    store: Store
    rng: Random
    clock: Clock
    start: Start
    today: date
    size: int
    forgotten: set[str] = field(default_factory=set)  # wells stopped for good: nobody comes back to them
    pool: list[str] = field(default_factory=list)  # wells in use when the year began

    def run(self, more: Sequence[tuple[date, Step]] = ()) -> None:
        """All that happened, together with what others add (projects)."""
        agenda = [*self._agenda(), *more]
        for day, step in sorted(agenda, key=lambda item: item[0]):
            if day <= self.today:
                self.clock.at(day)
                step(day)

    def perform(self, name: str, keys: Sequence[str], day: date, each: Any = None, **facts: Any) -> None:
        """An act by one of the operators; what the rules refuse is left out, as in life."""
        if keys:
            who = "李会计" if day.month % 2 else "王志远"
            acts.perform(self.store, name, keys, facts, each=each, who=who, today=day)

    def _agenda(self) -> Iterator[tuple[date, Step]]:
        first = self.clock.day.year
        permits_of = Licensing(self.store.conn, self.rng, self.perform)
        coming = self.start.coming // (self.today.year - first + 2)  # some are only found later
        yield self.today - timedelta(24), self.find
        for year in range(first, self.today.year + 1):
            yield date(year, 1, 8), self._look_round
            yield date(year, 4, 10), self._resume
            yield date(year, 4, 20), permits_of.renew
            yield date(year, 4, 25), lambda day: self._drill(day, coming)
            yield date(year, 5, 15), self._stop
            yield date(year, 6, 5), permits_of.transfer
            yield date(year, 6, 15), self._reopen
            yield date(year, 6, 25), self._change_use
            yield date(year, 7, 20), permits_of.settle
            yield date(year, 8, 12), lambda day: self._replace(day, coming)
            yield date(year, 9, 5), permits_of.apply
            if year == first + 1:
                yield date(year, 5, 20), self.forget
            yield date(year, 10, 20), permits_of.renew
            yield date(year, 12, 15), permits_of.settle
            yield from self._closings(year)

    # ---- wells -------------------------------------------------------------------------------------

    def _in(self, state: str) -> list[str]:
        return [u for u in desk_queries.states(self.store.conn, (state,))[state] if u not in self.forgotten]

    def _look_round(self, _day: date) -> None:
        """Which wells are in use; what happens to them within the year the acts themselves refuse."""
        self.pool = self._in(IN_USE)

    def _some(self, share: float, least: int = 1) -> list[str]:
        count = max(round(self.size * share * liveliness(self.size)), least)
        return self.rng.sample(self.pool, min(count, len(self.pool)))

    def _stop(self, day: date) -> None:
        why = self.rng.choice(_STOP_REASONS)
        self.perform("stop", self._some(_STOPPED_A_YEAR), day, happened_on=day.isoformat(), reason=why)

    def forget(self, day: date) -> None:
        """One well of a shared permit and one with a permit of its own stop and are never used again."""
        rows = self.store.rows_by_uid(self.store.registry["wells"], self.pool[:400])
        by_permit = in_groups([r for r in rows.values() if r["permit_uid"]], lambda r: r["permit_uid"])
        shared = next(group[0] for group in by_permit if len(group) > 3)
        linked = {r["uid"]: r["linked"] for r in queries.permit_counts(self.store.conn, day)}
        alone = next((g[0] for g in by_permit if linked[g[0]["permit_uid"]] == 1), shared)
        picked = sorted({shared["uid"], alone["uid"]})
        self.forgotten.update(picked)
        self.pool = [u for u in self.pool if u not in self.forgotten]
        self.perform("stop", picked, day, happened_on=day.isoformat(), reason="土地流转，不再使用")

    def _resume(self, day: date) -> None:
        stopped = [u for u in self._in(STOPPED) if self.rng.random() < 0.85]
        self.perform("resume", stopped, day, happened_on=day.isoformat(), reason="检修后恢复")

    def _reopen(self, day: date) -> None:
        reserve = self._in(RESERVED_STATE)[:1]
        document = f"示水发〔{day.year}〕18号"
        self.perform(
            "reopen",
            reserve,
            day,
            reopened_on=day.isoformat(),
            reopen_reason="抗旱应急",
            reopen_document=document,
        )

    def _change_use(self, day: date) -> None:
        (picked,) = self._some(0)
        entity = self.store.registry["wells"]
        changes = {picked: {"use": "林草"}}
        acts.change(self.store, entity, changes, on=day.isoformat(), why="退耕还林", who="李会计", today=day)

    def _drill(self, day: date, count: int) -> None:
        """New wells with their permits; a part of the coming wells is left to replacements."""
        count -= round(count * _REPLACED)
        if count:
            dates = [
                (day - timedelta(days=6 + int(self.rng.random() * 40))).isoformat() for _ in range(count)
            ]
            self._register(day, dates, {"metering": ["IC卡"] * count})

    def find(self, day: date) -> None:
        """A survey finds the wells that are still missing in the register, years after they were drilled."""
        entity = self.store.registry["wells"]
        held = listing.count(self.store.conn, self.store.registry, entity, listing.Query())
        missing = self.size - held - 1  # one more will replace an old one, see faults
        dates = wells.completion_dates(self.rng, missing, date(day.year - 3, 12, 31))
        found = (day - timedelta(2)).isoformat()
        self._register(day, dates, {"found_on": [found] * missing, "verified_on": [found] * missing})

    def _register(self, day: date, completed: Sequence[str], more: wells.Columns) -> None:
        """Wells completed on these dates, numbered by rule, and a permit for them."""
        start, entity = self.start, self.store.registry["wells"]
        villages = wells.spread_over(self.rng, start.county, len(completed))
        columns = wells.registered(self.rng, start.county, villages, completed) | more
        del columns["code"]
        rows = [{name: values[i] for name, values in columns.items()} for i in range(len(completed))]
        done = acts.register(self.store, entity, rows, who="李会计", today=day).done
        volumes = wells.allotted(self.rng, columns)
        holdings = start.book.license(villages, columns)
        issued = [self._permit(holding, done, volumes, day) for holding in holdings]
        acts.issue(self.store, issued, who="王志远", today=day)

    def _permit(
        self, holding: permits.Holding, wells_of: Sequence[str], volumes: Sequence[float], day: date
    ) -> dict[str, Any]:
        points = {wells_of[w]: volumes[w] for w in holding.wells}
        ends = day.replace(year=day.year + 5) - timedelta(1)
        return {
            "number": self.start.book.number(day.year, permits.level_of(holding.use)),
            "holder": holding.holder.name,
            "points": points,
            **permits.water(holding, sum(points.values())),
            "valid_from": day.isoformat(),
            "valid_to": ends.isoformat(),
            "authority": permits.AUTHORITY,
            "supervisor": permits.AUTHORITY,
            "document": f"示水许〔{day.year}〕{12 + len(points)}号",
        }

    def _replace(self, day: date, count: int) -> None:
        picked = self.rng.sample(self.pool, round(count * _REPLACED))
        drilled, sealed = (day - timedelta(9)).isoformat(), (day - timedelta(3)).isoformat()
        each = {u: {"depth_m": round(self.rng.uniform(90, 150), 1), "pump_power_kw": 22} for u in picked}
        self.perform("replace", picked, day, each, completed_on=drilled, closed_on=sealed, metering="IC卡")

    # ---- closures ----------------------------------------------------------------------------------

    def _closings(self, year: int) -> Iterator[tuple[date, Step]]:
        """Quarter by quarter in former years, month by month in the present one."""
        if year < self.today.year:
            for month, last in ((3, 22), (6, 22), (9, 22), (11, 28)):
                yield date(year, month, last), lambda d: self._close(d, _CLOSED_A_QUARTER, 24)
            return
        for month in range(1, self.today.month + 1):
            day = min(date(year, month, 26), self.today)
            yield day, lambda d: self._close(d, _CLOSED_A_MONTH, 20)

    def _close(self, day: date, share: float, span: int) -> None:
        waiting = desk_queries.awaiting_acceptance(self.store.conn, day - timedelta(7))
        ready = [row["uid"] for row in waiting if self.rng.random() < 0.9]
        self.perform(
            "accept_closure",
            ready,
            day,
            accepted_on=day.isoformat(),
            accepted_by="王志远、赵国庆",
            acceptance="合格",
        )
        picked = self._some(share, 2)
        each = {uid: self._closure(day, span) for uid in picked}
        self.perform(
            "close",
            picked,
            day,
            each,
            implementer="政府组织",
            contractor=self.rng.choice(words.CONTRACTORS),
            supervisor="赵国庆",
            receiver=f"{COUNTY_NAME}{words.COMPANY}",
        )

    def _closure(self, day: date, span: int) -> dict[str, Any]:
        method = weighted(self.rng, _METHODS, 1)[0]
        closed = day - timedelta(days=int(self.rng.random() * span))
        sealed = method == SEALED
        return {
            "method": method,
            "reason": "公共管网覆盖" if method == HANDED_OVER else weighted(self.rng, SEAL_REASONS, 1)[0],
            "closed_on": closed.isoformat(),
            "started_on": (closed - timedelta(2)).isoformat() if sealed else None,
            "seal_method": self.rng.choice(("水泥封口", "回填料", "焊板")) if sealed else None,
            "pump_removed": "是" if method != HANDED_OVER else None,
            "power_cut": "是" if method != HANDED_OVER else None,
            "cost_yuan": round(self.rng.uniform(3000, 9000), -2) if sealed else None,
        }


def in_groups(rows: Sequence[Any], key: Callable[[Any], Any]) -> list[list[Any]]:
    return [list(group) for _, group in groupby(sorted(rows, key=key), key=key)]
