"""What an import would do, before it does it: every row with its outcome and all its problems."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from ledger_app.core.entity import Entity
from ledger_app.core.errors import Problem
from ledger_app.ingest.mapping import ColumnHead, Match, Profile

Outcome = Literal["new", "changed", "same", "needs_confirmation", "refused"]


@dataclass
class SheetPlan:
    """One sheet of a workbook, column-wise. Row index i is the i-th data row of the sheet.

    `values` are what would be stored (field name → values in base units; a Ref as the text it names),
    `raws` the cells as they stand, `problems` and `changes` by row index.
    """

    name: str
    header_rows: tuple[int, int]
    heads: Sequence[ColumnHead]
    mapping: Mapping[int, Match]
    row_numbers: Sequence[int]
    raws: Mapping[str, Sequence[Any]]
    values: dict[str, list[Any]]
    problems: dict[int, list[Problem]]
    outcomes: list[Outcome] = field(default_factory=list)
    uids: list[str | None] = field(default_factory=list)
    profile: Profile | None = None
    stored: dict[str, list[Any]] = field(default_factory=dict)
    changes: dict[int, dict[str, tuple[Any, Any]]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.row_numbers)

    def row_values(self, i: int) -> dict[str, Any]:
        return {name: column[i] for name, column in self.values.items()}

    def indexes(self, *outcomes: Outcome) -> list[int]:
        return [i for i, outcome in enumerate(self.outcomes) if outcome in outcomes]

    def acceptable(self, i: int) -> bool:
        """A row to confirm whose every doubt has a suggestion."""
        doubts = [p for p in self.problems.get(i, ()) if p.severity == "confirm"]
        return self.outcomes[i] == "needs_confirmation" and all(p.suggestion is not None for p in doubts)


@dataclass
class ImportPlan:
    """All sheets of a workbook compared with a ledger whose journal ended in `head`."""

    entity: Entity
    workbook: str
    head: str
    sheets: list[SheetPlan]
    notes: tuple[Problem, ...] = ()

    def counts(self) -> dict[str, int]:
        total = Counter(o for sheet in self.sheets for o in sheet.outcomes)
        names: tuple[Outcome, ...] = ("new", "changed", "same", "needs_confirmation", "refused")
        return {name: total[name] for name in names}

    def rows(self) -> Iterator[tuple[SheetPlan, int]]:
        for sheet in self.sheets:
            for i in range(len(sheet)):
                yield sheet, i
