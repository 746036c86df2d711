"""What happens to permits from year to year: applied for, renewed, passed on, cut, cancelled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any, Protocol

from ledger_app.db import Connection
from ledger_app.db.queries import findings as queries
from ledger_app.services.demo import numbers, words
from ledger_app.services.demo.places import COUNTY_NAME


class Perform(Protocol):
    """Does an act of services.acts on a day."""

    def __call__(self, name: str, keys: Sequence[str], day: date, each: Any = None, **facts: Any) -> None: ...


@dataclass
class Licensing:
    """The yearly round of the permits; each method is one step of it."""

    conn: Connection
    rng: Random
    perform: Perform

    def _expiring(self, first: date, last: date) -> list[dict[str, Any]]:
        """Permits not ended whose last day lies between two days."""
        low, high = first.isoformat(), last.isoformat()
        rows = queries.permits(self.conn)
        return [r for r in rows if r["ended_on"] is None and r["valid_to"] and low <= r["valid_to"] <= high]

    def apply(self, day: date) -> None:
        """In September those whose term ends with the year; some forget."""
        rows = [
            r
            for r in self._expiring(day + timedelta(50), date(day.year + 1, 4, 30))
            if self.rng.random() < 0.6
        ]
        self._note(rows, day)

    def _note(self, rows: Sequence[dict[str, Any]], day: date) -> None:
        serial = 100 + day.month
        each = {
            r["uid"]: {"application_no": f"{numbers.COUNTY}{day.year}{serial + i:05d}"}
            for i, r in enumerate(rows)
        }
        self.perform("apply", [r["uid"] for r in rows], day, each, applied_on=day.isoformat())

    def renew(self, day: date) -> None:
        """Decided in spring and in autumn; a few are cut by a tenth."""
        rows = self._expiring(day + timedelta(5), day + timedelta(120 if day.month < 6 else 200))
        self._note([r for r in rows if not r["applied_on"]], day - timedelta(8))
        each = {r["uid"]: {"cut_percent": 10} for r in rows if self.rng.random() < 0.06}
        document = f"示水许〔{day.year}〕{day.month}号"
        self.perform("renew", [r["uid"] for r in rows], day, each, years=5, document=document)

    def settle(self, day: date) -> None:
        """After closures: permits are cut to the wells that are left, empty ones cancelled."""
        counts = queries.permit_counts(self.conn, day)
        ended = {r["uid"] for r in queries.permits(self.conn) if r["ended_on"]}
        rows = [r for r in counts if r["uid"] not in ended and r["well_count"] != r["linked"]]
        left = {
            r["uid"]: {"well_count": r["linked"], "permitted_volume_m3": r["given_m3"]}
            for r in rows
            if r["linked"]
        }
        self.perform(
            "change",
            list(left),
            day,
            left,
            changed_on=day.isoformat(),
            document=f"示水许〔{day.year}〕{20 + day.month}号",
        )
        empty = [r["uid"] for r in rows if not r["linked"]]
        facts = {"status": "注销", "ended_on": day.isoformat(), "ended_because": "取水口已封停"}
        self.perform("cancel", empty, day, **facts, document=f"示水发〔{day.year}〕{30 + day.month}号")

    def transfer(self, day: date) -> None:
        rows = [
            r
            for r in self._expiring(day, date(day.year + 4, 12, 31))
            if r["holder"] and "公司" in r["holder"]
        ]
        picked = [r["uid"] for r in self.rng.sample(rows, min(len(rows), 1))]
        heir = f"{COUNTY_NAME}{self.rng.choice(words.FIRMS)}新能源有限公司"
        self.perform("transfer", picked, day, transferred_on=day.isoformat(), holder=heir)
