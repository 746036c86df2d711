"""The XML of worksheet rows, streamed block by block from styled prototype cells.

A column of a block is written by a handful of calls on the whole column, not cell by cell: values are joined
with a separator, checked, escaped and wrapped at once, in bytes. Text is always an inline string, so nothing a
person typed (=1+1, @cmd) can become a formula.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import Any, Literal, NamedTuple, TypeAlias

from ledger_app.core.errors import LedgerError

CellKind = Literal["text", "number", "date"]
RawRow: TypeAlias = Sequence[Any]

MAX_ROWS = 1_048_576
MAX_TEXT = 32_767
BLOCK_ROWS = 500
EPOCH = date(1899, 12, 30)
FIRST_DAY = date(1900, 3, 1)  # earlier serials mean different days in Excel and elsewhere

_FIELD = "\x1f"  # may not occur in XML, so it never is part of a value
_TEXT_OPEN, _TEXT_CLOSE = ' t="inlineStr"><is><t>', "</t></is></c>"
_NUMBER_OPEN, _NUMBER_CLOSE = "><v>", "</v></c>"
_EMPTY = "/>"
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_CODED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")  # Excel reads _x0041_ as "A"
_SPACE_AT_AN_END = re.compile("(?:\x1f|^) | (?:\x1f|$)")
_NUMBERS = frozenset({int, float, Decimal})
_NUMBERS_OR_NONE = _NUMBERS | {type(None)}
_TEXTS = frozenset({str})
_TEXTS_OR_NONE = _TEXTS | {type(None)}


@dataclass(frozen=True, slots=True)
class Prototype:
    """What cells of a column are made from: how to write the value, and the style index it gets."""

    kind: CellKind
    style: int


def column_letters(index: int) -> str:
    """0 → A, 25 → Z, 26 → AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def address(row: int, column: int) -> str:
    """The address of a cell: row from 1, column from 0."""
    return f"{column_letters(column)}{row}"


def clean_text(value: str) -> str:
    """Text as a cell may hold it: no control characters, one kind of line break, at most 32,767 characters."""
    text = _FORBIDDEN.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))
    return text if len(text) <= MAX_TEXT else text[: MAX_TEXT - 1] + "…"


def escape(text: str) -> str:
    """Clean text as XML content or attribute."""
    if "_x" in text:
        text = _CODED.sub("_x005F_", text)
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def serial(value: date) -> str | None:
    """The day number spreadsheets store; None for days before March 1900, where they disagree."""
    day = value.date() if isinstance(value, datetime) else value
    return str((day - EPOCH).days) if day >= FIRST_DAY else None


def cell(row: int, column: int, value: Any, style: int) -> str:
    """One styled cell: numbers as numbers, dates as serials, anything else as text, None as an empty cell."""
    return f'<c r="{address(row, column)}" s="{style}"{_inner(value)}'


def row_xml(number: int, cells: Iterable[str], height_pt: float | None = None) -> str:
    """One row from finished cells."""
    fixed = f' ht="{height_pt:g}" customHeight="1"' if height_pt else ""
    return f'<row r="{number}"{fixed}>{"".join(cells)}</row>'


def row_blocks(
    prototypes: Sequence[Prototype],
    rows: Iterable[RawRow],
    first_row: int,
    height_pt: float | None = None,
) -> Iterator[tuple[bytes, int]]:
    """Yield (UTF-8 XML of some rows, how many) from `first_row` on; a row has one value per prototype.

    ISO text in a date column becomes a date where it is a whole day (2012-05 stays text).
    """
    writers = [_Column(prototype.kind) for prototype in prototypes]
    patterns: dict[tuple[bool, ...], bytes] = {}
    source, number = iter(rows), first_row
    while block := list(islice(source, BLOCK_ROWS)):
        if number + len(block) > MAX_ROWS + 1:
            raise LedgerError(
                f"一张工作表最多放 {MAX_ROWS} 行，这份清单放不下。请先筛选，分几次导出。", "too_many_rows"
            )
        made = [
            writer.cells(values) for writer, values in zip(writers, zip(*block, strict=True), strict=True)
        ]
        bare = tuple(cells.bare for cells in made)
        if bare not in patterns:
            patterns[bare] = _row_pattern(prototypes, bare, height_pt)
        yield _rows(patterns[bare], [cells.parts for cells in made], number, len(block)), len(block)
        number += len(block)


def _rows(pattern: bytes, columns: list[list[bytes]], first: int, count: int) -> bytes:
    numbers = [b"%d" % number for number in range(first, first + count)]
    fields = [numbers]
    for column in columns:
        fields += (numbers, column)
    return b"".join(map(pattern.__mod__, zip(*fields, strict=True)))


def _row_pattern(prototypes: Sequence[Prototype], bare: Sequence[bool], height_pt: float | None) -> bytes:
    """A row with a place for its number and, per cell, for the number again and the cell's own part."""
    fixed = f' ht="{height_pt:g}" customHeight="1"' if height_pt else ""
    cells = "".join(
        f'<c r="{column_letters(index)}%b" s="{prototype.style}"{_place(prototype.kind) if whole else "%b"}'
        for index, (prototype, whole) in enumerate(zip(prototypes, bare, strict=True))
    )
    return f'<row r="%b"{fixed}>{cells}</row>'.encode()


def _place(kind: CellKind) -> str:
    return f"{_TEXT_OPEN}%b{_TEXT_CLOSE}" if kind == "text" else f"{_NUMBER_OPEN}%b{_NUMBER_CLOSE}"


class _Cells(NamedTuple):
    """What differs from row to row: bare values where no cell is empty, else all after the style attribute."""

    bare: bool
    parts: list[bytes]


class _Column:
    """Writes the cells of one column, block after block."""

    def __init__(self, kind: CellKind) -> None:
        self._one = _date_inner if kind == "date" else _inner
        self._fast = {"text": _text_cells, "number": _number_cells, "date": self._date_cells}[kind]
        self._dates: dict[Any, bytes] = {}

    def cells(self, values: Sequence[Any]) -> _Cells:
        """The cells of a block; by the fast way when the whole block allows it."""
        return self._fast(values) or _Cells(False, [self._one(value).encode() for value in values])

    def _date_cells(self, values: Sequence[Any]) -> _Cells:
        """A county's dates repeat: each is written once and looked up afterwards."""
        known = self._dates
        if len(known) > 50_000:
            known.clear()
        for value in set(values).difference(known):
            known[value] = _date_inner(value).encode()
        return _Cells(False, list(map(known.__getitem__, values)))


def _text_cells(values: Sequence[Any]) -> _Cells | None:
    """Cells of a block of plain text, or None when a value needs care of its own."""
    types = set(map(type, values))
    if not types <= _TEXTS:
        if not types <= _TEXTS_OR_NONE:
            return None
        values = [value or "" for value in values]
    if not "".join(values).isprintable():
        return None
    joined = _FIELD.join(values)
    if len(joined) > MAX_TEXT or "_x" in joined or (" " in joined and _SPACE_AT_AN_END.search(joined)):
        return None
    return _cells(escape(joined), _TEXT_OPEN, _TEXT_CLOSE)


def _number_cells(values: Sequence[Any]) -> _Cells | None:
    """Cells of a block of numbers and gaps, or None when there is anything else."""
    types = set(map(type, values))
    if not types <= _NUMBERS_OR_NONE:
        return None
    joined = _FIELD.join(map(str, values))
    if type(None) in types:
        joined = joined.replace("None", "")
    if "n" in joined or "N" in joined:  # nan, inf
        return None
    return _cells(joined, _NUMBER_OPEN, _NUMBER_CLOSE)


def _cells(joined: str, opening: str, closing: str) -> _Cells:
    """The values of a joined column; when some are empty, every one wrapped and the empty ones empty cells."""
    if not joined or _FIELD * 2 in joined or joined[0] == _FIELD or joined[-1] == _FIELD:
        return _Cells(False, _wrapped(joined, opening, closing))
    return _Cells(True, joined.encode().split(_FIELD.encode()))


def _wrapped(joined: str, opening: str, closing: str) -> list[bytes]:
    start, end, field = opening.encode(), closing.encode(), _FIELD.encode()
    wrapped = start + joined.encode().replace(field, end + field + start) + end
    return wrapped.replace(start + end, _EMPTY.encode()).split(field)


def _inner(value: Any) -> str:
    """What follows the style attribute of one cell."""
    if value is None or value == "":
        return _EMPTY
    if isinstance(value, date):
        number = serial(value)
        return _number_inner(number) if number else _text_inner(value.isoformat())
    if type(value) in _NUMBERS:
        return _number_inner(str(value)) if _is_finite(value) else _EMPTY
    return _text_inner("是" if value is True else "否" if value is False else str(value))


def _date_inner(value: Any) -> str:
    if isinstance(value, str) and len(value) == 10:
        try:
            return _inner(date.fromisoformat(value))
        except ValueError:
            return _text_inner(value)
    return _inner(value)


def _number_inner(text: str) -> str:
    return f"{_NUMBER_OPEN}{text}{_NUMBER_CLOSE}"


def _text_inner(text: str) -> str:
    text = clean_text(text)
    if not text:
        return _EMPTY
    keep = ' xml:space="preserve"' if text != text.strip() else ""
    return f' t="inlineStr"><is><t{keep}>{escape(text)}{_TEXT_CLOSE}'


def _is_finite(value: Decimal | float) -> bool:
    return value.is_finite() if isinstance(value, Decimal) else value - value == 0
