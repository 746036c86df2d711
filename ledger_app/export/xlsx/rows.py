"""Rows of a block as XML, thousands at a time: one pattern for a row, filled in from whole columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import cast

from ledger_app.export.xlsx.cells import ValueWriter, wider_spans
from ledger_app.export.xlsx.plan import Value
from ledger_app.export.xlsx.prototype import Pattern, Prototype
from ledger_app.export.xlsx.refs import column_letters
from ledger_app.export.xlsx.xmltext import SPECIAL, get, put

CHUNK = 2_000

_NUMBERS = frozenset({int, float})
_NUMBERS_OR_NOTHING = frozenset({int, float, type(None)})
_TEXT = frozenset({str})
_TEXT_OR_NOTHING = frozenset({str, type(None)})


class _Chunk:
    """Some rows in the making: a `%` pattern of one row and the columns its places are filled from."""

    def __init__(self, first: int, count: int) -> None:
        self.rows = range(first, first + count)
        self._numbers: dict[int, list[str]] = {}
        self._pattern: list[str] = []
        self._fields: list[Sequence[object]] = []

    def text(self, text: str) -> None:
        self._pattern.append(text.replace("%", "%%"))

    def field(self, values: Sequence[object]) -> None:
        self._pattern.append("%s")
        self._fields.append(values)

    def number(self, offset: int = 0) -> None:
        self.field(self.numbers(offset))

    def numbers(self, offset: int = 0) -> list[str]:
        """The rows' own numbers, or those so far from them, as text."""
        if offset not in self._numbers:
            self._numbers[offset] = [str(row + offset) for row in self.rows]
        return self._numbers[offset]

    def pattern(self, pattern: Pattern) -> None:
        self.text(pattern.pieces[0])
        for offset, piece in zip(pattern.offsets, pattern.pieces[1:], strict=True):
            self.number(offset)
            self.text(piece)

    def made(self) -> bytes:
        row = "".join(self._pattern)
        return "".join(map(row.__mod__, zip(*self._fields, strict=True))).encode()


class _ValueColumn:
    """The cells of a column that takes values; `kept` is what stands where a value is left out."""

    def __init__(self, writer: ValueWriter, column: int, style: int, kept: Pattern | None) -> None:
        p, styled = writer.prefix, f' s="{style}"' if style else ""
        self._writer, self._style, self._kept = writer, style, kept
        self._start, self._styled = f'<{p}c r="{column_letters(column)}', styled
        self._blank = f'"{styled}/>'
        self._text = f'"{styled} t="inlineStr"><{p}is><{p}t xml:space="preserve">', f"</{p}t></{p}is></{p}c>"
        self._number = f'"{styled}><{p}v>', f"</{p}v></{p}c>"

    def put(self, chunk: _Chunk, values: Sequence[Value]) -> None:
        kinds = frozenset(map(type, values))
        plain = kinds <= _TEXT_OR_NOTHING and self._is_plain(cast("Sequence[str | None]", values))
        if kinds <= _NUMBERS:
            self._all(chunk, self._number, values)
        elif plain and kinds == _TEXT and "" not in values:
            self._all(chunk, self._text, values)
        elif self._kept is None and (plain or kinds <= _NUMBERS_OR_NOTHING):
            chunk.field(self._some(chunk.numbers(), self._text if plain else self._number, values))
        else:
            chunk.field([self._any(row, value) for row, value in zip(chunk.rows, values, strict=True)])

    @staticmethod
    def _is_plain(values: Sequence[str | None]) -> bool:
        return not SPECIAL.search("".join(filter(None, values)))

    def _all(self, chunk: _Chunk, around: tuple[str, str], values: Sequence[Value]) -> None:
        """Every cell has a value of one kind: the pattern holds the rest."""
        chunk.text(self._start)
        chunk.number()
        chunk.text(around[0])
        chunk.field(values)
        chunk.text(around[1])

    def _some(self, rows: list[str], around: tuple[str, str], values: Sequence[Value]) -> list[str]:
        start, blank, (before, after) = self._start, self._blank, around
        return [
            f"{start}{row}{blank}" if value is None or value == "" else f"{start}{row}{before}{value}{after}"
            for row, value in zip(rows, values, strict=True)
        ]

    def _any(self, row: int, value: Value) -> str:
        if value is None:
            return _filled(self._kept, row) if self._kept else f"{self._start}{row}{self._blank}"
        kind, inner = self._writer.content(value, self._style)
        head = f'{self._start}{row}"{self._styled}{kind}'
        return f"{head}>{inner}</{self._writer.prefix}c>" if inner else f"{head}/>"


@dataclass(frozen=True, slots=True)
class _Taking:
    """A column of the row that takes the values with this index."""

    index: int
    column: _ValueColumn


class RowMaker:
    """Makes rows from a prototype. `fields` maps a column to the index of its value in a row."""

    def __init__(
        self, prototype: Prototype, fields: dict[int, int], writer: ValueWriter, column_style: dict[int, int]
    ) -> None:
        self.prefix = writer.prefix
        self._attrs = _row_attrs(prototype, fields)
        self._parts: list[Pattern | _Taking] = []
        for column in sorted({*prototype.cells, *fields}):
            cell = prototype.cells.get(column)
            if column in fields and not (cell and cell.has_formula):
                style = cell.style if cell else _style(prototype, column_style, column)
                kept = cell.pattern if cell and cell.holds else None
                self._parts.append(_Taking(fields[column], _ValueColumn(writer, column, style, kept)))
            elif cell:
                self._parts.append(cell.pattern)

    def chunks(
        self, columns: Sequence[Sequence[Value]], start: int, first: int, heights: dict[int, float]
    ) -> Iterator[bytes]:
        """The XML of the rows from index `start` on, in sheet row `first` and the following; `columns` are
        their values by field, `heights` by index where not the prototype's."""
        end = max(map(len, columns), default=0)
        for at in range(start, end, CHUNK):
            stop = min(at + CHUNK, end)
            chunk = _Chunk(first + at - start, stop - at)
            self._open(chunk, range(at, stop), heights)
            for part in self._parts:
                if isinstance(part, Pattern):
                    chunk.pattern(part)
                else:
                    part.column.put(chunk, columns[part.index][at:stop])
            chunk.text(f"</{self.prefix}row>")
            yield chunk.made()

    def _open(self, chunk: _Chunk, indexes: range, heights: dict[int, float]) -> None:
        chunk.text(f'<{self.prefix}row r="')
        chunk.number()
        if heights and any(map(heights.__contains__, indexes)):
            usual = f'"{self._attrs}>'
            chunk.field([_tall(self._attrs, heights[i]) if i in heights else usual for i in indexes])
        else:
            chunk.text(f'"{self._attrs}>')


def _row_attrs(prototype: Prototype, fields: dict[int, int]) -> str:
    attrs = prototype.attrs.encode()
    if fields and (spans := get(attrs, b"spans")):
        attrs = put(attrs, b"spans", wider_spans(spans, min(fields), max(fields)))
    return attrs.decode()


def _tall(attrs: str, height: float) -> str:
    changed = put(put(attrs.encode(), b"ht", f"{height:g}"), b"customHeight", "1")
    return f'"{changed.decode()}>'


def _style(prototype: Prototype, column_style: dict[int, int], column: int) -> int:
    return column_style.get(column, 0) if prototype.style is None else prototype.style


def _filled(pattern: Pattern, row: int) -> str:
    parts = [pattern.pieces[0]]
    for offset, piece in zip(pattern.offsets, pattern.pieces[1:], strict=True):
        parts += (str(row + offset), piece)
    return "".join(parts)
