"""How a dialog reaches an act: find the records, look at what would happen, do it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Protocol

from ledger_app.core.errors import LedgerError
from ledger_app.services import act_preview, acts
from ledger_app.services.act_preview import Found, Preview
from ledger_app.services.acts import ActResult

Facts = Mapping[str, Any]
Each = Mapping[str, Facts]
SHARE: Final = "share_m3"


class Errand(Protocol):
    """`keys` are uids or numbers as typed; `facts` hold for all, `each` (by key) for one."""

    def find(self, store: Any, text: str, today: date) -> Found:
        """The records a pasted text names."""
        ...

    def look(self, store: Any, keys: Sequence[str], facts: Facts, each: Each, today: date) -> Preview:
        """What would be done and what not; nothing is written."""
        ...

    def do(
        self, store: Any, keys: Sequence[str], facts: Facts, each: Each, who: str, today: date
    ) -> ActResult:
        """One act for all that can be done."""
        ...


@dataclass(frozen=True, slots=True)
class FormErrand:
    """An act of the table of forms."""

    name: str

    def find(self, store: Any, text: str, today: date) -> Found:
        return act_preview.find_records(store, self.name, text, today)

    def look(self, store: Any, keys: Sequence[str], facts: Facts, each: Each, today: date) -> Preview:
        return act_preview.look(store, self.name, keys, facts, each, today)

    def do(
        self, store: Any, keys: Sequence[str], facts: Facts, each: Each, who: str, today: date
    ) -> ActResult:
        return acts.perform(store, self.name, keys, facts, who=who, today=today, each=each)


@dataclass(frozen=True, slots=True)
class IssueErrand:
    """发证: the facts are the permit, the records the points it is for, each with its share."""

    def find(self, store: Any, text: str, today: date) -> Found:
        return act_preview.find_points(store, text)

    def look(self, store: Any, keys: Sequence[str], facts: Facts, each: Each, today: date) -> Preview:
        return act_preview.look_issue(store, _permit(keys, facts, each), today)

    def do(
        self, store: Any, keys: Sequence[str], facts: Facts, each: Each, who: str, today: date
    ) -> ActResult:
        seen = self.look(store, keys, facts, each, today)
        if seen.problem:
            raise LedgerError(seen.problem)
        left = [key for key in keys if key not in seen.refused]
        done = acts.issue(store, [_permit(left, facts, each)], who=who, today=today)
        return ActResult(done.act, done.changed, done.done, tuple(seen.refused.items()))


def _permit(keys: Sequence[str], facts: Facts, each: Each) -> dict[str, Any]:
    points = {key: each.get(key, {}).get(SHARE) for key in keys}
    return {**facts, "points": points}
