"""Ruled tables of a page: cells found between the lines that are drawn."""

from __future__ import annotations

from dataclasses import dataclass, field

from ledger_app.ingest.documents.pdf_layout import Fragment, Row, rows_of

_NEAR = 3.0  # points
_THIN = 3.0


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line: `at` is its x (upright) or y (level), `start` to `end` what it spans."""

    upright: bool
    at: float
    start: float
    end: float

    @staticmethod
    def of_box(x0: float, y0: float, x1: float, y1: float) -> list[Rule]:
        """A thin box is a line; any other box gives its four edges."""
        wide, high = x1 - x0, y1 - y0
        if wide < _THIN and high < _THIN:
            return []
        if high < _THIN:
            return [Rule(False, (y0 + y1) / 2, x0, x1)]
        if wide < _THIN:
            return [Rule(True, (x0 + x1) / 2, y0, y1)]
        if wide < 8 or high < 8:
            return []
        level = [Rule(False, y, x0, x1) for y in (y0, y1)]
        return [*level, *(Rule(True, x, y0, y1) for x in (x0, x1))]

    def spans(self, position: float) -> bool:
        return self.start - _NEAR <= position <= self.end + _NEAR


@dataclass(slots=True)
class GridCell:
    """A cell by its edges, with the printed lines in it. `repeated`: it goes on from the row above."""

    left: float
    top: float
    right: float
    bottom: float
    fragments: list[Fragment] = field(default_factory=list)
    repeated: bool = False

    @property
    def lines(self) -> list[Row]:
        return rows_of(self.fragments)


@dataclass(slots=True)
class Grid:
    """A table: its cells with text. `lefts` are the left edges of its columns."""

    cells: list[GridCell]

    @property
    def fragments(self) -> list[Fragment]:
        return [fragment for cell in self.cells for fragment in cell.fragments]

    @property
    def top(self) -> float:
        return min(cell.top for cell in self.cells)

    @property
    def lefts(self) -> list[float]:
        return _distinct([cell.left for cell in self.cells])

    def continues(self, lefts: list[float]) -> bool:
        """Whether its columns stand where those of the table on the page before stood."""
        own = self.lefts
        return all(any(abs(left - other) < 2 * _NEAR for other in lefts) for left in own)

    def rows(self) -> list[list[GridCell]]:
        """The rows from top to bottom, each with a cell for every column."""
        tops = _distinct([cell.top for cell in self.cells])
        return [[self._at(left, top) for left in self.lefts] for top in tops]

    def _at(self, left: float, top: float) -> GridCell:
        for cell in self.cells:
            if abs(cell.left - left) < _NEAR and abs(cell.top - top) < _NEAR:
                return cell
            if cell.left - _NEAR < left < cell.right - _NEAR and cell.top + _NEAR < top < cell.bottom - _NEAR:
                return GridCell(left, top, cell.right, cell.bottom, repeated=True)
        return GridCell(left, top, left, top)


def _distinct(values: list[float]) -> list[float]:
    result: list[float] = []
    for value in sorted(values):
        if not result or value - result[-1] >= _NEAR:
            result.append(value)
    return result


def grids(rules: list[Rule], fragments: list[Fragment]) -> list[Grid]:
    """The ruled tables of a page from top to bottom; a frame around text is none."""
    upright = sorted((rule for rule in rules if rule.upright), key=lambda rule: rule.at)
    level = sorted((rule for rule in rules if not rule.upright), key=lambda rule: rule.at)
    if len(upright) < 3 or len(level) < 2:
        return []
    cells: dict[tuple[int, int, int, int], GridCell] = {}
    for fragment in fragments:
        cell = _cell_around(fragment, upright, level)
        if cell is not None:
            key = (round(cell.left / 2), round(cell.top / 2), round(cell.right / 2), round(cell.bottom / 2))
            cells.setdefault(key, cell).fragments.append(fragment)
    return [
        Grid(part) for part in _tables(list(cells.values())) if len(_distinct([c.left for c in part])) > 1
    ]


def _cell_around(fragment: Fragment, upright: list[Rule], level: list[Rule]) -> GridCell | None:
    x, y = fragment.x0 + min(fragment.size / 2, (fragment.x1 - fragment.x0) / 2), fragment.middle
    sides = [rule.at for rule in upright if rule.spans(y)]
    ends = [rule.at for rule in level if rule.spans(x)]
    left, right = _around(sides, x)
    top, bottom = _around(ends, y)
    if left is None or right is None or top is None or bottom is None:
        return None
    return GridCell(left, top, right, bottom)


def _around(values: list[float], position: float) -> tuple[float | None, float | None]:
    before = [value for value in values if value <= position]
    after = [value for value in values if value > position]
    return (before[-1] if before else None), (after[0] if after else None)


def _tables(cells: list[GridCell]) -> list[list[GridCell]]:
    """Cells parted where nothing of a table reaches over."""
    parts: list[list[GridCell]] = []
    reached = 0.0
    for cell in sorted(cells, key=lambda one: (one.top, one.left)):
        if not parts or cell.top > reached + _NEAR:
            parts.append([])
        parts[-1].append(cell)
        reached = max(reached, cell.bottom)
    return parts
