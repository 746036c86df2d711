"""The grid of a report's sheet: tables of different columns stand below each other on common edges."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from ledger_app.core.units import Rounding
from ledger_app.export.pdf_text import break_lines
from ledger_app.export.report import Row, Table, show
from ledger_app.export.table_head import HeadCell, head_cells
from ledger_app.export.table_widths import PADDING, fitted_widths

PAGE_EMS = 68.0  # what a lying A4 page takes of 11 point text
PAGE_PT = 480.0  # of its height, at full size
WIDEST_PAGE_EMS = 170.0  # beyond this the print gets too small to read; text wraps instead
SNAP = 2.0  # edges of two tables nearer than this become one
TALLEST_LINES = 25  # a row stops at 409 points: longer text goes on in the next row


def ems(text: str) -> float:
    """The width of text in Chinese characters, near enough for a spreadsheet's cells."""
    return max(
        (sum(0.52 if char.isascii() else 1.0 for char in line) for line in text.split("\n")), default=0.0
    )


@dataclass(frozen=True, slots=True)
class GridTable:
    """One table with its place on the grid: `edges` are grid columns, one more than the table has columns."""

    table: Table
    heads: tuple[HeadCell, ...]
    naturals: tuple[float, ...]
    edges: tuple[int, ...]

    def span(self, column: int) -> tuple[int, int]:
        """First and last grid column of a column."""
        return self.edges[column], self.edges[column + 1] - 1


@dataclass(slots=True)
class Grid:
    """Widths of the sheet's columns in ems, and the tables on them."""

    widths: list[float]
    tables: list[GridTable] = field(default_factory=list)

    @property
    def last(self) -> int:
        return len(self.widths) - 1

    def room(self, first: int, last: int) -> float:
        """What text of some grid columns may take in ems."""
        return sum(self.widths[first : last + 1]) - PADDING


def grid_of(tables: Sequence[Table], mode: Rounding) -> Grid:
    """Lay the table with most columns out; the others' columns begin and end at its edges or near them."""
    laid = [(table, *_measured(table, mode)) for table in tables]
    if not laid:
        return Grid([PAGE_EMS / 12] * 12)
    own = [_sums(_fitted(table, heads, naturals)) for table, heads, naturals in laid]
    base = max(own, key=len)
    common = list(base)
    taken = [_snapped([edge * base[-1] / edges[-1] for edge in edges], common) for edges in own]
    common.sort()
    grid = Grid([right - left for left, right in pairwise(common)])
    for (table, heads, naturals), edges in zip(laid, taken, strict=True):
        grid.tables.append(GridTable(table, heads, naturals, tuple(common.index(edge) for edge in edges)))
    return grid


def even_spans(grid: Grid, count: int) -> list[tuple[int, int]]:
    """About equal parts of the width, as grid columns; () when there are too few columns."""
    edges = _sums(grid.widths)
    if len(edges) <= count:
        return []
    cuts = [0]
    for at in range(1, count):
        free = range(cuts[-1] + 1, len(edges) - (count - at))
        cuts.append(min(free, key=lambda edge: abs(edges[edge] - edges[-1] * at / count)))
    return [(first, after - 1) for first, after in pairwise([*cuts, len(edges) - 1])]


def pieces(row: Row, grid: Grid, placed: GridTable, mode: Rounding) -> list[list[str | None]]:
    """A row whose text is too long for one row of a sheet, as several: per piece and column the text, None where
    the value itself goes. The label is said again with （续）.
    """
    columns = placed.table.columns
    lines = [
        break_lines(show(row.values.get(column.name), column, mode), grid.room(*placed.span(at)), ems)
        for at, column in enumerate(columns)
    ]
    tallest = max(map(len, lines), default=1)
    if tallest <= TALLEST_LINES:
        return [[None] * len(columns)]
    label = next((at for at, column in enumerate(columns) if not column.is_number), 0)
    most = math.ceil(tallest / math.ceil(tallest / TALLEST_LINES))
    return [
        [
            None if columns[at].is_number and not start else _piece(cell, start, most, said_again=at == label)
            for at, cell in enumerate(lines)
        ]
        for start in range(0, tallest, most)
    ]


def line_count(text: str, room: float) -> int:
    return len(break_lines(text, max(room, 1.0), ems)) if text else 1


def _piece(lines: list[str], start: int, most: int, *, said_again: bool) -> str:
    if start and said_again and len(lines) <= start:
        return "".join(lines) + "（续）"
    return "".join(lines[start : start + most])


def _measured(table: Table, mode: Rounding) -> tuple[tuple[HeadCell, ...], tuple[float, ...]]:
    naturals = tuple(
        max((ems(show(row.values.get(column.name), column, mode)) for row in table.rows), default=0.0)
        for column in table.columns
    )
    return tuple(head_cells(table.columns)), naturals


def _fitted(table: Table, heads: Sequence[HeadCell], naturals: Sequence[float]) -> list[float]:
    """The page's width, or as much more as numbers and heads need."""
    room = PAGE_EMS
    while True:
        widths, fits = fitted_widths(table.columns, naturals, heads, ems, room)
        if fits or room >= WIDEST_PAGE_EMS:
            return widths
        room *= 1.05


def _sums(widths: Sequence[float]) -> list[float]:
    edges = [0.0]
    for width in widths:
        edges.append(edges[-1] + width)
    return edges


def _snapped(wanted: Sequence[float], common: list[float]) -> list[float]:
    """For every wanted edge a common one if it is near, else itself, added to the common ones.

    Near means that no column loses or gains more than a fifth of its width on either side.
    """
    taken = []
    for left, edge, right in zip(wanted, wanted[1:], wanted[2:], strict=False):
        near = min(common, key=lambda one: abs(one - edge))
        if abs(near - edge) > min(SNAP, (edge - left) / 5, (right - edge) / 5):
            near = edge
            common.append(near)
        taken.append(near)
    return [min(common), *taken, max(common)]
