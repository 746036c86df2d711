"""Whether a text fits its cell when printed, and where to cut one that no row is high enough for.

Estimates from column width and type size, on the careful side: a full-width character takes one em,
others 0.55; a line takes 1.3 times the type size. Excel's rows end at 409 points.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from ledger_app.export.xlsx.plan import MAX_CELL_TEXT, Value

MAX_HEIGHT = 409.0
CONTINUED = "（续）"
_PADDING = 4.0  # points above and below the text together
_NARROW = 0.55
_LINE = 1.3
_ENDS = "。；！？\n;"
_SHORT_LABEL = 20


def ems(text: str) -> float:
    wide = sum(1 for letter in text if letter >= "\u2000")
    return wide + (len(text) - wide) * _NARROW


@dataclass(frozen=True, slots=True)
class Box:
    """A wrapping cell: ems a line holds, points a line takes, points the row has (None: as high as needed)."""

    capacity: float
    line: float
    height: float | None

    @classmethod
    def of(cls, width: float, points: float, height: float | None) -> Box:
        """From the width in characters of the standard type, the type size and the row's height."""
        return cls(max((width * 7 - 5) * 0.75 / points * 0.97, 1.0), points * _LINE, height)

    def lines(self, text: str) -> int:
        return sum(max(1, math.ceil(ems(part) / self.capacity)) for part in text.split("\n"))

    def needed(self, text: str) -> float:
        """Points a row must have to show the text; 0 when it has them."""
        lines = self.lines(text)
        return lines * self.line + _PADDING if lines > self.lines_held else 0.0

    @property
    def most_lines(self) -> int:
        return max(1, int((MAX_HEIGHT - _PADDING) / self.line))

    @property
    def lines_held(self) -> int:
        """Lines the row shows as it is; one always."""
        return 1 if self.height is None else max(1, int(self.height / self.line + 0.2))

    def surely_fits(self, length: int) -> bool:
        """A text of so many characters without line breaks, whatever they are."""
        return length <= self.capacity * self.lines_held

    def parts(self, text: str) -> list[str]:
        """The text cut, after a sentence where there is one, into parts that fit the highest row."""
        parts = []
        while len(text) > MAX_CELL_TEXT or self.lines(text) > self.most_lines:
            end = self._end(text)
            cut = max(text.rfind(mark, int(end * 0.6), end) for mark in _ENDS) + 1 or end
            parts.append(text[:cut].rstrip("\n"))
            text = text[cut:]
        return [*parts, text] if text or not parts else parts

    def _end(self, text: str) -> int:
        """How many characters fill the highest row."""
        lines, width = 1, 0.0
        for at, letter in enumerate(text[:MAX_CELL_TEXT]):
            step = 1.0 if letter >= "\u2000" else _NARROW
            if letter == "\n" or width + step > self.capacity:
                lines, width = lines + 1, 0.0
                if lines > self.most_lines:
                    return max(at, 1)
            width += 0.0 if letter == "\n" else step
        return min(len(text), MAX_CELL_TEXT)


def continued_row(row: Sequence[Value], parts: dict[int, list[str]]) -> list[list[Value]]:
    """A row whose long texts were cut, as several: the label again with （续）, then the rest of the texts."""
    first = [parts[i][0] if i in parts else value for i, value in enumerate(row)]
    labels = _labels(row, parts)
    rows = [first]
    for n in range(1, max(map(len, parts.values()))):
        further: list[Value] = [None] * len(row)
        for i in labels:
            further[i] = f"{row[i]}{CONTINUED}"
        for i, pieces in parts.items():
            if n < len(pieces):
                further[i] = pieces[n]
        rows.append(further)
    return rows


def _labels(row: Sequence[Value], parts: dict[int, list[str]]) -> list[int]:
    """The leftmost filled column, and after a number the short name beside it."""
    filled = [i for i, value in enumerate(row) if value not in (None, "") and i not in parts]
    if not filled:
        return []
    labels = filled[:1]
    if len(filled) > 1 and not isinstance(row[filled[0]], str):
        beside = row[filled[1]]
        if isinstance(beside, str) and len(beside) <= _SHORT_LABEL and "\n" not in beside:
            labels.append(filled[1])
    return labels
