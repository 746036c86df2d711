"""A table laid out for paper: widths by content, heads of several levels, drawn straight on the page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from ledger_app.core.units import Rounding
from ledger_app.export.fonts import Face, Typesetter
from ledger_app.export.pdf_pen import Pen
from ledger_app.export.pdf_text import break_lines, even_lines
from ledger_app.export.report import Row, Table, show
from ledger_app.export.table_head import HeadCell, head_cells
from ledger_app.export.table_widths import SIDE, fitted_widths, label_and_unit, usual_align

HEAD_FACE: Face = "sans"
WIDER_FACE: Face = "serif_bold"  # cells are measured in it: a total is as wide as its column gets
LEADING = 1.28  # line height in ems
ABOVE = 0.3  # space above and below it
BASELINE = 0.36  # from the middle of a line of Chinese text down to its baseline
HEAD_GREY = 0.94
LONG_ROW = 8  # lines; shorter rows are never cut
FEWEST_LINES = 4


class Look(NamedTuple):
    """What a table is laid out for: the width to fill and the size of its text."""

    width: float
    size: float


class Line(NamedTuple):
    """One row on paper: the lines of its cells and the face they are set in."""

    cells: list[list[str]]
    face: Face


class Texts(NamedTuple):
    """What a table says, clean, and how wide its columns are in ems: the same in every size."""

    cells: list[list[str]]
    head: list[HeadCell]
    naturals: list[float]


def texts_of(table: Table, setter: Typesetter, mode: Rounding) -> Texts:
    columns = [[setter.clean(show(r.values.get(c.name), c, mode)) for r in table.rows] for c in table.columns]
    head = [cell._replace(text=setter.clean(cell.text)) for cell in head_cells(table.columns)]
    lines = [{line for text in column for line in text.split("\n")} for column in columns]
    naturals = [max((setter.width(each, WIDER_FACE) for each in some), default=0.0) for some in lines]
    return Texts([list(cells) for cells in zip(*columns, strict=True)], head, naturals)


class TableLayout:
    """One table at one size and width. Heights and widths are points."""

    def __init__(self, table: Table, look: Look, setter: Typesetter, texts: Texts) -> None:
        self.size = look.size
        self.width = look.width
        self.columns = table.columns
        self._setter = setter
        self._head = texts.head
        self._natural = [natural * self.size for natural in texts.naturals]
        self.widths, self.fits = self._column_widths(texts.naturals)
        self.rows = [
            Line([self._lines(text, at) for at, text in enumerate(cells)], _face(row))
            for row, cells in zip(table.rows, texts.cells, strict=True)
        ]
        self.row_heights = [self._height(max(map(len, row.cells), default=1)) for row in self.rows]
        self._head_lines = [self._wrapped_head(cell) for cell in self._head]
        self.head_heights = self._heights_of_head()

    @property
    def head_height(self) -> float:
        return sum(self.head_heights)

    @property
    def height(self) -> float:
        return self.head_height + sum(self.row_heights)

    def loosen(self, extra: float) -> None:
        """Give every row so much more height."""
        self.row_heights = [height + extra for height in self.row_heights]

    def rows_within(self, first: int, space: float) -> int:
        """How many rows from `first` on fit under a head in the space."""
        left, count = space - self.head_height, 0
        for height in self.row_heights[first:]:
            left -= height
            if left < -0.01:
                break
            count += 1
        return count

    def split(self, index: int, space: float) -> bool:
        """Cut a row that is too tall for the space: the rest becomes the next row, its label marked （续）.

        Only long rows are cut, and not for the sake of a few lines.
        """
        fitting = int((space / self.size - 2 * ABOVE) / LEADING)
        cells, face = self.rows[index]
        lines = max(map(len, cells), default=1)
        if lines < LONG_ROW or fitting < FEWEST_LINES:
            return False
        fitting = min(fitting, lines - 1)
        rest = Line(self._continued(cells, fitting), face)
        self.rows[index : index + 1] = [Line([cell[:fitting] for cell in cells], face), rest]
        heights = [self._height(max(map(len, row.cells))) for row in self.rows[index : index + 2]]
        self.row_heights[index : index + 1] = heights
        return True

    def _continued(self, cells: list[list[str]], fitting: int) -> list[list[str]]:
        """What goes on below: long cells run on, the cells before them are said again, the others are over."""
        longest = next(at for at, cell in enumerate(cells) if len(cell) > fitting)
        label = next((at for at in range(longest) if not self.columns[at].is_number), -1)
        rest = [cell[fitting:] or ([""] if at > longest else cell) for at, cell in enumerate(cells)]
        if label >= 0 and not rest[label][-1].endswith("（续）"):
            rest[label] = self._lines("".join(rest[label]) + "（续）", label)
        return rest

    def draw(self, pen: Pen, left: float, top: float, first: int, count: int) -> float:
        """Draw the head and some rows; returns the y of the lower edge."""
        edges = [left]
        for width in self.widths:
            edges.append(edges[-1] + width)
        below = self._draw_head(pen, edges, top)
        bottom = self._draw_rows(pen, edges, below, first, count)
        pen.rules((x, below, x, bottom) for x in edges)
        return bottom

    def _draw_head(self, pen: Pen, edges: list[float], top: float) -> float:
        tops = [top]
        for height in self.head_heights:
            tops.append(tops[-1] - height)
        pen.shade(edges[0], tops[-1], edges[-1] - edges[0], top - tops[-1], HEAD_GREY)
        rules = [(edges[0], tops[-1], edges[0], top), (edges[0], top, edges[-1], top)]
        for cell, lines in zip(self._head, self._head_lines, strict=True):
            x1, x2 = edges[cell.first_column], edges[cell.last_column + 1]
            y1, y2 = tops[cell.first_row], tops[cell.last_row + 1]
            rules += [(x1, y2, x2, y2), (x2, y1, x2, y2)]
            for line, y in self._baselines(lines, y1, y1 - y2):
                pen.centred((x1 + x2) / 2, y, line, HEAD_FACE, self.size)
        pen.rules(rules)
        return tops[-1]

    def _draw_rows(self, pen: Pen, edges: list[float], top: float, first: int, count: int) -> float:
        rules = []
        for index in range(first, first + count):
            height = self.row_heights[index]
            cells, face = self.rows[index]
            for at, lines in enumerate(cells):
                for line, y in self._baselines(lines, top, height):
                    pen.text(self._start(pen, line, face, edges, at), y, line, face, self.size)
            top -= height
            rules.append((edges[0], top, edges[-1], top))
        pen.rules(rules)
        return top

    def _start(self, pen: Pen, line: str, face: Face, edges: list[float], at: int) -> float:
        """Where a line begins. Numbers end below one another, as a block in the middle of their column."""
        side = SIDE * self.size
        width = pen.width(line, face, self.size)
        middle = (edges[at] + edges[at + 1]) / 2
        align = usual_align(self.columns[at], self._natural[at] / self.size)
        if align == "right":
            block = min(self._natural[at], edges[at + 1] - edges[at] - 2 * side)
            return max(middle + block / 2 - width, edges[at] + side)
        return edges[at] + side if align == "left" else middle - width / 2

    def _baselines(self, lines: Sequence[str], top: float, height: float) -> list[tuple[str, float]]:
        """Every line with its baseline, the whole in the middle of the cell."""
        step = LEADING * self.size
        y = top - (height - step * len(lines)) / 2 - step / 2 - BASELINE * self.size
        return [(line, y - step * at) for at, line in enumerate(lines)]

    def _column_widths(self, naturals: Sequence[float]) -> tuple[list[float], bool]:
        """Widths filling the page, and whether every number and head fits them."""
        widths, fits = fitted_widths(
            self.columns, naturals, self._head, self._head_ems, self.width / self.size
        )
        return [width * self.size for width in widths], fits

    def _head_ems(self, text: str) -> float:
        return self._setter.width(text, HEAD_FACE)

    def _lines(self, text: str, at: int) -> list[str]:
        room = self.widths[at] - 2 * SIDE * self.size
        if self._setter.width(text, WIDER_FACE) * self.size <= room and "\n" not in text:
            return [text]
        return break_lines(text, room + 0.01, self._measure(WIDER_FACE)) or [""]

    def _wrapped_head(self, cell: HeadCell) -> list[str]:
        """The head on one line, or the unit below the label."""
        room = sum(self.widths[cell.first_column : cell.last_column + 1]) - 2 * SIDE * self.size + 0.01
        measure = self._measure(HEAD_FACE)
        label, unit = label_and_unit(cell.text)
        if unit and measure(cell.text) > room:
            return [*even_lines(label, room, measure), *break_lines(unit, room, measure)]
        return even_lines(cell.text, room, measure)

    def _heights_of_head(self) -> list[float]:
        """Every level as high as its own cells; what a tall cell still lacks goes to its last level."""
        depth = max((cell.last_row for cell in self._head), default=0) + 1
        heights = [self._height(1)] * depth
        by_span = sorted(
            zip(self._head, self._head_lines, strict=True),
            key=lambda pair: pair[0].last_row - pair[0].first_row,
        )
        for cell, lines in by_span:
            have = sum(heights[cell.first_row : cell.last_row + 1])
            heights[cell.last_row] += max(0.0, self._height(len(lines)) - have)
        return heights

    def _height(self, lines: int) -> float:
        return (lines * LEADING + 2 * ABOVE) * self.size

    def _measure(self, face: Face) -> Any:
        return lambda text: self._setter.width(text, face) * self.size


def _face(row: Row) -> Face:
    return "serif" if row.kind == "row" else "serif_bold"
