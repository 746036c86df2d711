"""Where the rows of a sheet go when rows are put in: single rows move, ranges that cover a block grow."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass

from ledger_app.export.xlsx.refs import MAX_ROW, Area


@dataclass(frozen=True, slots=True)
class Insertion:
    """`count` rows go in after `last`, the last row of the block that starts at `first`."""

    first: int
    last: int
    count: int


class RowMap:
    """The way from a template's row numbers to those of the filled sheet."""

    def __init__(self, insertions: list[Insertion]) -> None:
        self.insertions = sorted((i for i in insertions if i.count), key=lambda i: i.last)
        self._lasts = [i.last for i in self.insertions]
        self._sums = [0]
        for insertion in self.insertions:
            self._sums.append(self._sums[-1] + insertion.count)

    def __bool__(self) -> bool:
        return bool(self.insertions)

    @property
    def start(self) -> int:
        """Rows up to this one stay where they are."""
        return self._lasts[0] if self._lasts else MAX_ROW

    @property
    def total(self) -> int:
        return self._sums[-1]

    def offset(self, row: int) -> int:
        return self._sums[bisect_left(self._lasts, row)]

    def row(self, row: int) -> int:
        return row + self.offset(row)

    def insertion_after(self, row: int) -> Insertion | None:
        at = bisect_left(self._lasts, row)
        return self.insertions[at] if at < len(self._lasts) and self._lasts[at] == row else None

    def span(self, row1: int, row2: int, grows: bool = True) -> tuple[int, int]:
        """The rows of a range. One that ends with a block's last row takes the new rows in, unless it
        is a single row of a block of several."""
        if row1 > row2:
            row2, row1 = self.span(row2, row1, grows)
            return row1, row2
        end = self.row(row2)
        edge = self.insertion_after(row2) if grows else None
        if edge is not None and (row1 < row2 or edge.first == edge.last):
            end += edge.count
        return min(self.row(row1), MAX_ROW), min(end, MAX_ROW)

    def area(self, area: Area, grows: bool = True) -> Area:
        row1, row2 = self.span(area.row1, area.row2, grows)
        return Area(row1, area.column1, row2, area.column2)

    def same_shift(self, row1: int, row2: int) -> bool:
        """Whether all these rows move by the same amount."""
        return self.offset(row1) == self.offset(row2)
