"""Cell addresses: letters and numbers, rectangles, and the limits of a sheet."""

from __future__ import annotations

import re
from typing import NamedTuple

MAX_ROW = 1_048_576
MAX_COLUMN = 16_384

_ADDRESS = re.compile(r"\$?([A-Za-z]{1,3})\$?([1-9]\d{0,6})")


class Area(NamedTuple):
    """A rectangle of cells, 1-based, both ends included."""

    row1: int
    column1: int
    row2: int
    column2: int

    def meets(self, other: Area) -> bool:
        return (
            self.row1 <= other.row2
            and other.row1 <= self.row2
            and self.column1 <= other.column2
            and other.column1 <= self.column2
        )

    def holds(self, row: int, column: int) -> bool:
        return self.row1 <= row <= self.row2 and self.column1 <= column <= self.column2

    def text(self) -> str:
        first = address(self.row1, self.column1)
        last = address(self.row2, self.column2)
        return first if first == last else f"{first}:{last}"


def column_number(letters: str) -> int:
    """`A` → 1, `XFD` → 16384; 0 when the letters name no column."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number if number <= MAX_COLUMN else 0


def _spell(number: int) -> str:
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


# The columns forms have; those beyond are spelled when asked for.
_LETTERS = tuple(_spell(number) for number in range(703))


def column_letters(number: int) -> str:
    return _LETTERS[number] if number < len(_LETTERS) else _spell(number)


def address(row: int, column: int) -> str:
    return f"{column_letters(column)}{row}"


def parse_address(text: str) -> tuple[int, int] | None:
    """`B3`, `$B$3` → (row, column); None when it names no cell."""
    match = _ADDRESS.fullmatch(text.strip())
    if match is None:
        return None
    row, column = int(match[2]), column_number(match[1])
    return (row, column) if column and row <= MAX_ROW else None


def parse_area(text: str) -> Area | None:
    """`A1`, `A1:B2` → Area; None for anything else (whole rows, whole columns, names)."""
    first, _, last = text.partition(":")
    start, end = parse_address(first), parse_address(last or first)
    if start is None or end is None:
        return None
    rows, columns = sorted((start[0], end[0])), sorted((start[1], end[1]))
    return Area(rows[0], columns[0], rows[1], columns[1])


def parse_areas(text: str) -> list[Area]:
    """The rectangles of a space-separated list; items that are none are passed over."""
    return [area for item in text.split() if (area := parse_area(item))]
