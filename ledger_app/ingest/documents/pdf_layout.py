"""The geometry of a page: fragments of text gathered into rows, and rows into columns in reading order."""

from __future__ import annotations

from dataclasses import dataclass

_MAX_COLUMNS_DEEP = 4


@dataclass(slots=True)
class Fragment:
    """Signs that stand side by side; y runs downwards, all in points."""

    x0: float
    y0: float
    x1: float
    y1: float
    text: str

    @property
    def size(self) -> float:
        return max(self.y1 - self.y0, 1.0)

    @property
    def middle(self) -> float:
        return (self.y0 + self.y1) / 2

    def takes(self, sign: str, place: tuple[float, float, float, float]) -> bool:
        """Add a sign that follows on the same line without a gap; a raised ³ does too."""
        x0, y0, x1, y1 = place
        size = max(self.size, y1 - y0)
        if abs((y0 + y1) / 2 - self.middle) > size / 2 or not -0.6 * size <= x0 - self.x1 <= 0.8 * size:
            return False
        self.text += sign
        self.x1 = max(self.x1, x1)
        if y1 - y0 > self.size:
            self.y0, self.y1 = y0, y1
        return True


@dataclass(slots=True)
class Row:
    """The fragments of one printed line, from left to right."""

    fragments: list[Fragment]

    @property
    def x0(self) -> float:
        return self.fragments[0].x0

    @property
    def x1(self) -> float:
        return max(fragment.x1 for fragment in self.fragments)

    @property
    def y0(self) -> float:
        return min(fragment.y0 for fragment in self.fragments)

    @property
    def y1(self) -> float:
        return max(fragment.y1 for fragment in self.fragments)

    @property
    def size(self) -> float:
        return max(fragment.size for fragment in self.fragments)

    def text(self) -> str:
        return "  ".join(fragment.text for fragment in self.fragments)

    def gaps(self) -> list[tuple[float, float]]:
        """The free spaces between its fragments, at least one sign wide."""
        pairs = zip(self.fragments, self.fragments[1:], strict=False)
        return [(a.x1, b.x0) for a, b in pairs if b.x0 - a.x1 >= 0.8 * self.size]

    def crosses(self, x: float) -> bool:
        """Whether text stands on both sides of x; a comma that hangs over it does not count."""
        slack = 0.8 * self.size
        return any(fragment.x0 + slack < x < fragment.x1 - slack for fragment in self.fragments)


@dataclass(slots=True)
class Column:
    """Rows under one another, with the edges of the column."""

    rows: list[Row]

    @property
    def left(self) -> float:
        return min(row.x0 for row in self.rows)

    @property
    def right(self) -> float:
        return max(row.x1 for row in self.rows)


def rows_of(fragments: list[Fragment]) -> list[Row]:
    """Fragments gathered into printed lines, from top to bottom."""
    rows: list[Row] = []
    middle = size = 0.0
    for fragment in sorted(fragments, key=lambda one: (one.middle, one.x0)):
        if rows and fragment.middle - middle < min(size, fragment.size) / 2:
            rows[-1].fragments.append(fragment)
        else:
            rows.append(Row([fragment]))
            middle, size = fragment.middle, fragment.size
    for row in rows:
        row.fragments.sort(key=lambda one: one.x0)
    return rows


def columns_in_order(fragments: list[Fragment], depth: int = 0) -> list[Column]:
    """The columns of a region in reading order; a line over several columns parts what is above and below."""
    rows = rows_of(fragments)
    gutter = _gutter(rows) if depth < _MAX_COLUMNS_DEEP else None
    if gutter is None:
        return [Column(rows)] if rows else []
    result: list[Column] = []
    for crossing, band in _bands(rows, gutter):
        if crossing:
            result.append(Column(band))
            continue
        pieces = [fragment for row in band for fragment in row.fragments]
        result += columns_in_order([one for one in pieces if one.x0 + one.x1 <= 2 * gutter], depth + 1)
        result += columns_in_order([one for one in pieces if one.x0 + one.x1 > 2 * gutter], depth + 1)
    return result


def _gutter(rows: list[Row]) -> float | None:
    """The x at which most rows are free between two texts, if that is the rule and not the exception."""
    edges: list[tuple[float, int]] = []
    for row in rows:
        for start, end in row.gaps():
            edges += [(start, 1), (end, -1)]
    edges.sort(key=lambda edge: (edge[0], edge[1]))
    best, at, now = 0, 0.0, 0
    for index, (x, step) in enumerate(edges):
        now += step
        if now > best:
            best, at = now, (x + edges[index + 1][0]) / 2
    if best < 4 or best < sum(1 for row in rows if row.crosses(at)):
        return None
    return at


def _bands(rows: list[Row], gutter: float) -> list[tuple[bool, list[Row]]]:
    bands: list[tuple[bool, list[Row]]] = []
    for row in rows:
        crossing = row.crosses(gutter)
        if not bands or bands[-1][0] != crossing:
            bands.append((crossing, []))
        bands[-1][1].append(row)
    return bands
