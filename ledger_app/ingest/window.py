"""The first rows of a sheet, with what finding its header asks about them again and again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from ledger_app.ingest.child import Cell, Merge
from ledger_app.ingest.row_words import shown

WINDOW: Final = 60  # rows looked at closely


@dataclass
class Window:
    """The first rows of a sheet with what is often asked about them. Rows count from 0."""

    rows: Sequence[list[Cell]]
    merges: Sequence[Merge]
    _filled: dict[int, list[tuple[int, str]]] = field(default_factory=dict)

    def filled(self, row: int) -> list[tuple[int, str]]:
        if row not in self._filled:
            cells = enumerate(self.rows[row]) if 0 <= row < len(self.rows) else ()
            self._filled[row] = [(column, text) for column, cell in cells if (text := shown(cell))]
        return self._filled[row]

    @cached_property
    def spans(self) -> dict[tuple[int, int], Merge]:
        """Anchor → merge, for merges that begin in the window."""
        return {(merge[0], merge[1]): merge for merge in self.merges if merge[0] < len(self.rows)}

    def merge_at(self, row: int, column: int) -> Merge | None:
        return self._covered.get((row, column))

    @cached_property
    def _covered(self) -> dict[tuple[int, int], Merge]:
        """Every place in the window that a merge covers, as far as the sheet has columns."""
        width = len(self.rows[0]) if self.rows else 0
        return {
            (row, column): merge
            for merge in self.merges
            if merge[0] < len(self.rows)
            for row in range(merge[0], min(merge[2] + 1, len(self.rows)))
            for column in range(merge[1], min(merge[3] + 1, width))
        }

    def covered_columns(self, row: int) -> set[int]:
        """Columns under a filled cell of the row, its merge included."""
        found: set[int] = set()
        for column, _ in self.filled(row):
            merge = self.spans.get((row, column))
            found.update(range(column, merge[3] + 1) if merge else (column,))
        return found

    @cached_property
    def width(self) -> int:
        """Columns of the widest row that has more than one cell."""
        rows = range(len(self.rows))
        return max((len(self.covered_columns(r)) for r in rows if len(self.filled(r)) > 1), default=0)
