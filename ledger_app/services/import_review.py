"""An import plan as the clerk goes through it: what is doubtful, what was decided, what will be written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal, TypeAlias

from ledger_app.core.entity import Entity, Registry
from ledger_app.core.errors import Problem, Severity
from ledger_app.core.fields import Choice, ReadContext
from ledger_app.core.terms import fold
from ledger_app.db import Connection
from ledger_app.ingest.plan import ImportPlan, Outcome, SheetPlan
from ledger_app.services.import_rows import RowState, as_typed, compared, fields_of, put, row_state

OUTCOMES: Final[tuple[Outcome, ...]] = ("new", "changed", "same", "needs_confirmation", "refused")

Decision = Literal["take", "typed", "out"]
RowKey: TypeAlias = tuple[int, int]  # number of the sheet in the plan, index of the row


@dataclass(frozen=True, slots=True)
class Kind:
    """Problems of one sort: the same field and code. `text` is the sentence of the first of them."""

    field: str
    code: str
    severity: Severity
    text: str
    rows: tuple[RowKey, ...]


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a sheet that has to be explained: it may mean several things, or is in no list."""

    sheet: str
    field: str
    text: str
    rows: int
    values: tuple[str, ...]
    ambiguous: bool


@dataclass(frozen=True, slots=True)
class Retyped:
    """Rows as they would be with what was typed instead of what is suggested, and those that cannot be."""

    rows: Mapping[RowKey, RowState]
    refused: Mapping[RowKey, str] = field(default_factory=dict)


class Review:
    """Decisions on the doubtful rows of a plan. A doubtful row nobody decided on stays out."""

    def __init__(self, plan: ImportPlan, context: ReadContext) -> None:
        self.plan = plan
        self.counts = plan.counts()  # decisions change no outcome
        self.decisions: dict[RowKey, Decision] = {}
        self._context = context
        self._before: dict[RowKey, RowState] = {}

    # ---- rows --------------------------------------------------------------------------------

    def keys(self, *outcomes: Outcome) -> list[RowKey]:
        """The rows with these outcomes (none named: all), in the order of the workbook."""
        return [
            (number, i)
            for number, sheet in enumerate(self.plan.sheets)
            for i, outcome in enumerate(sheet.outcomes)
            if not outcomes or outcome in outcomes
        ]

    def sheet(self, key: RowKey) -> SheetPlan:
        return self.plan.sheets[key[0]]

    def outcome(self, key: RowKey) -> Outcome:
        return self.sheet(key).outcomes[key[1]]

    def problems(self, key: RowKey) -> Sequence[Problem]:
        return self.sheet(key).problems.get(key[1], ())

    def doubts(self, key: RowKey) -> list[Problem]:
        return [p for p in self.problems(key) if p.severity == "confirm"]

    def changes(self, key: RowKey) -> Mapping[str, tuple[Any, Any]]:
        """Column → (old, new) of a record the ledger has already."""
        return self.sheet(key).changes.get(key[1], {})

    # ---- what can be decided -----------------------------------------------------------------

    def take_means(self, key: RowKey) -> str:
        """What taking a doubtful row does, in words for a button."""
        doubts, values = self.doubts(key), self._suggested(key)
        if all(p.suggestion is not None for p in doubts):
            return "按建议导入"
        blank = any(p.suggestion is None and values.get(p.field) is None for p in doubts)
        return "存疑的格留空导入" if blank else "照原样导入"

    def may_keep(self, key: RowKey) -> bool:
        """Whether the row can also be taken as it was typed, other than suggested."""
        typed = self.typed_values(key)
        values = self._suggested(key)
        return bool(typed) and any(values.get(name) != value for name, value in typed.items())

    def typed_values(self, key: RowKey) -> dict[str, Any]:
        """Field → value as typed, for the doubtful fields of a row; empty where one cannot be a value."""
        sheet, i = self.sheet(key), key[1]
        typed: dict[str, Any] = {}
        for name in fields_of(self.doubts(key)):
            if name not in sheet.raws:
                return {}
            value = as_typed(self.plan.entity.field(name), sheet.raws[name][i], sheet, self._context)
            if value is None:
                return {}
            typed[name] = value
        return typed

    # ---- deciding ----------------------------------------------------------------------------

    def decide(self, keys: Iterable[RowKey], decision: Decision | None) -> None:
        """`take`: as suggested; `out`: leave out; None: undecided again. For `typed` see `retype`."""
        for key in keys:
            if key in self._before:
                put(self.sheet(key), key[1], self._before.pop(key))
            self.decisions.pop(key, None)
            if decision:
                self.decisions[key] = decision

    def retype(self, conn: Connection, registry: Registry, keys: Sequence[RowKey]) -> Retyped:
        """Compare rows with the ledger as they were typed. Changes nothing: may run beside the window."""
        wanted: dict[int, dict[int, dict[str, Any]]] = {}
        refused: dict[RowKey, str] = {}
        for key in keys:
            typed = self.typed_values(key)
            values = self.sheet(key).row_values(key[1]) | typed
            wrong = [p for p in self.plan.entity.check_row(values, self._context) if p.severity == "refuse"]
            if wrong or not typed:
                refused[key] = wrong[0].text if wrong else "这一格照原样不能成为一个值。"
            else:
                wanted.setdefault(key[0], {})[key[1]] = values
        rows: dict[RowKey, RowState] = {}
        for number, by_index in wanted.items():
            states = compared(conn, registry, self.plan.entity, self.plan.sheets[number], by_index)
            rows |= {(number, i): state for i, state in states.items()}
        return Retyped(rows, refused)

    def take_retyped(self, retyped: Retyped) -> None:
        """Put what `retype` found into the plan: these rows go in as typed."""
        for key, state in retyped.rows.items():
            sheet, i = self.sheet(key), key[1]
            self._before.setdefault(key, row_state(sheet, i))
            put(sheet, i, state)
            self.decisions[key] = "typed"

    def carry(self, old: Review) -> list[RowKey]:
        """Take over the decisions made on an earlier plan of the same workbook, where the doubts are still
        the same. Returns the rows that were to go in as typed: they are to be retyped."""
        places = {
            (sheet.name, row): (number, i)
            for number, sheet in enumerate(self.plan.sheets)
            for i, row in enumerate(sheet.row_numbers)
        }
        typed = []
        for key, decision in old.decisions.items():
            mine = places.get((old.sheet(key).name, old.sheet(key).row_numbers[key[1]]))
            if mine is None or self.outcome(mine) != "needs_confirmation" or _differ(self, mine, old, key):
                continue
            if decision == "typed":
                typed.append(mine)
            else:
                self.decisions[mine] = decision
        return typed

    # ---- sums --------------------------------------------------------------------------------

    def confirmed(self) -> dict[str, list[int]]:
        """The doubtful rows that go in, by sheet: what `apply_import` asks for."""
        found: dict[str, list[int]] = {}
        for key in sorted(self.decisions):
            if self.decisions[key] != "out" and self.outcome(key) == "needs_confirmation":
                found.setdefault(self.sheet(key).name, []).append(key[1])
        return found

    def undecided(self) -> int:
        return self.counts["needs_confirmation"] - len(self.decisions)

    def to_write(self) -> Counter[str]:
        """How many rows go in, by outcome."""
        confirmed = sum(map(len, self.confirmed().values()))
        counts = {name: self.counts[name] for name in ("new", "changed")}
        return +Counter(counts | {"needs_confirmation": confirmed})

    def stays_out(self) -> int:
        """How many rows would be left in the clerk's hands."""
        out = self.counts["refused"] + self.counts["needs_confirmation"]
        return out - self.to_write()["needs_confirmation"]

    def kinds(self) -> list[Kind]:
        """Every sort of problem, those to decide first, then refusals, then remarks; the frequent first."""
        found: dict[tuple[Severity, str, str], tuple[str, list[RowKey]]] = {}
        for number, sheet in enumerate(self.plan.sheets):
            for i in sorted(sheet.problems):
                for p in sheet.problems[i]:
                    rows = found.setdefault((p.severity, p.field, p.code), (p.text, []))[1]
                    if not rows or rows[-1] != (number, i):
                        rows.append((number, i))
        order = {"confirm": 0, "refuse": 1, "info": 2}
        kinds = [Kind(f, code, s, text, tuple(rows)) for (s, f, code), (text, rows) in found.items()]
        return sorted(kinds, key=lambda k: (order[k.severity], -len(k.rows)))

    def words(self) -> list[Word]:
        """Words of lists that need an answer once a sheet."""
        return [word for sheet in self.plan.sheets for word in _words(self.plan.entity, sheet, self._context)]

    def _suggested(self, key: RowKey) -> Mapping[str, Any]:
        """The row as the plan first had it."""
        kept = self._before.get(key)
        return kept.values if kept else self.sheet(key).row_values(key[1])


def _differ(one: Review, key: RowKey, other: Review, there: RowKey) -> bool:
    return [p.text for p in one.doubts(key)] != [p.text for p in other.doubts(there)]


def _words(entity: Entity, sheet: SheetPlan, context: ReadContext) -> Iterator[Word]:
    asked: Counter[tuple[str, str]] = Counter()
    for i, problems in sheet.problems.items():
        for p in problems:
            if p.severity == "confirm" and p.suggestion is None and p.field in sheet.raws:
                asked[p.field, str(sheet.raws[p.field][i]).strip()] += 1
    for (name, text), rows in asked.items():
        one = entity.field(name)
        if isinstance(one, Choice) and one.vocabulary(context).find(text) is None:
            vocabulary = one.vocabulary(context)
            among = vocabulary.ambiguous.get(fold(text).removeprefix("已"), ())
            yield Word(sheet.name, name, text, rows, among or vocabulary.values, bool(among))
