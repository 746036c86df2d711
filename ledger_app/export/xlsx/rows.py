"""Rows of a block as XML, thousands at a time: a column at once, so that little is decided per cell."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import cast

from ledger_app.export.xlsx.cells import ValueWriter, wider_spans
from ledger_app.export.xlsx.plan import Value
from ledger_app.export.xlsx.prototype import Pattern, Prototype
from ledger_app.export.xlsx.refs import column_letters
from ledger_app.export.xlsx.xmltext import SPECIAL, get, put

CHUNK = 2_000

_NUMBERS = frozenset({int, float})
_NUMBERS_OR_NOTHING = frozenset({int, float, type(None)})
_TEXT_OR_NOTHING = frozenset({str, type(None)})

Column = Callable[[list[str], Sequence[Value]], list[str]]


class ValueColumn:
    """The cells of a column that takes values; `kept` is what stands where a value is left out."""

    def __init__(self, writer: ValueWriter, column: int, style: int, kept: Pattern | None) -> None:
        p, styled = writer.prefix, f' s="{style}"' if style else ""
        self._writer, self._style, self._kept = writer, style, kept
        self._start, self._styled = f'<{p}c r="{column_letters(column)}', styled
        self._blank = f'"{styled}/>'
        self._text = f'"{styled} t="inlineStr"><{p}is><{p}t xml:space="preserve">'
        self._text_end = f"</{p}t></{p}is></{p}c>"
        self._number, self._number_end = f'"{styled}><{p}v>', f"</{p}v></{p}c>"

    def __call__(self, rows: list[str], values: Sequence[Value]) -> list[str]:
        kinds = frozenset(map(type, values))
        if kinds <= _NUMBERS or (self._kept is None and kinds <= _NUMBERS_OR_NOTHING):
            return self._numbers(rows, values)
        if self._kept is None and kinds <= _TEXT_OR_NOTHING:
            texts = cast("Sequence[str | None]", values)
            if not SPECIAL.search("".join(filter(None, texts))):
                return self._plain_texts(rows, texts)
        return [self._any(row, value) for row, value in zip(rows, values, strict=True)]

    def _numbers(self, rows: list[str], values: Sequence[Value]) -> list[str]:
        start, blank, number, end = self._start, self._blank, self._number, self._number_end
        pairs = zip(rows, values, strict=True)
        return [f"{start}{r}{blank}" if v is None else f"{start}{r}{number}{v!r}{end}" for r, v in pairs]

    def _plain_texts(self, rows: list[str], texts: Sequence[str | None]) -> list[str]:
        start, blank, text, end = self._start, self._blank, self._text, self._text_end
        pairs = zip(rows, texts, strict=True)
        return [f"{start}{r}{text}{v}{end}" if v else f"{start}{r}{blank}" for r, v in pairs]

    def _any(self, row: str, value: Value) -> str:
        if value is None:
            return _filled(self._kept, row) if self._kept else f"{self._start}{row}{self._blank}"
        kind, inner = self._writer.content(value, self._style)
        head = f'{self._start}{row}"{self._styled}{kind}'
        return f"{head}>{inner}</{self._writer.prefix}c>" if inner else f"{head}/>"


class RowMaker:
    """Makes rows from a prototype. `fields` maps a column to the index of its value in a row."""

    def __init__(
        self, prototype: Prototype, fields: dict[int, int], writer: ValueWriter, column_style: dict[int, int]
    ) -> None:
        self.writer = writer
        self.prefix = writer.prefix
        self._columns: list[tuple[int | None, Column]] = []
        self._attrs = self._row_attrs(prototype, fields)
        static: list[Pattern] = []
        for column in sorted({*prototype.cells, *fields}):
            cell = prototype.cells.get(column)
            if column in fields and not (cell and cell.has_formula):
                self._flush(static)
                style = cell.style if cell else _style(prototype, column_style, column)
                kept = cell.pattern if cell and cell.holds else None
                self._columns.append((fields[column], ValueColumn(self.writer, column, style, kept)))
            elif cell:
                static.append(cell.pattern)
        static.append(Pattern([f"</{self.prefix}row>"]))
        self._flush(static)

    def _row_attrs(self, prototype: Prototype, fields: dict[int, int]) -> str:
        attrs = prototype.attrs.encode()
        if fields and (spans := get(attrs, b"spans")):
            attrs = put(attrs, b"spans", wider_spans(spans, min(fields), max(fields)))
        return attrs.decode()

    def _flush(self, static: list[Pattern]) -> None:
        if static:
            self._columns.append((None, _static_column(_joined(static))))
            static.clear()

    def chunks(
        self, columns: Sequence[Sequence[Value]], start: int, first: int, heights: dict[int, float]
    ) -> Iterator[bytes]:
        """The XML of the rows from index `start` on, in sheet row `first` and the following; `columns` are
        their values by field, `heights` by index where not the prototype's."""
        end = max(map(len, columns), default=0)
        for at in range(start, end, CHUNK):
            rows = range(at, min(at + CHUNK, end))
            yield self._chunk(columns, rows, first + at - start, heights).encode()

    def _chunk(
        self, columns: Sequence[Sequence[Value]], rows: range, first: int, heights: dict[int, float]
    ) -> str:
        numbers = [str(number) for number in range(first, first + len(rows))]
        pieces = [self._row_tags(numbers, rows, heights)]
        for index, make in self._columns:
            values = () if index is None else columns[index][rows.start : rows.stop]
            pieces.append(make(numbers, values))
        return "".join(chain.from_iterable(zip(*pieces, strict=True)))

    def _row_tags(self, numbers: list[str], rows: range, heights: dict[int, float]) -> list[str]:
        start, end = f'<{self.prefix}row r="', f'"{self._attrs}>'
        if not heights:
            return [f"{start}{number}{end}" for number in numbers]
        return [
            f"{start}{number}{end}" if (height := heights.get(index)) is None else self._tall(number, height)
            for index, number in zip(rows, numbers, strict=True)
        ]

    def _tall(self, number: str, height: float) -> str:
        attrs = put(put(self._attrs.encode(), b"ht", f"{height:g}"), b"customHeight", "1")
        return f'<{self.prefix}row r="{number}"{attrs.decode()}>'


def _style(prototype: Prototype, column_style: dict[int, int], column: int) -> int:
    return column_style.get(column, 0) if prototype.style is None else prototype.style


def _joined(patterns: list[Pattern]) -> Pattern:
    """Patterns in a row as one."""
    pieces, offsets = [""], []
    for pattern in patterns:
        pieces[-1] += pattern.pieces[0]
        pieces += pattern.pieces[1:]
        offsets += pattern.offsets
    return Pattern(pieces, offsets)


def _static_column(pattern: Pattern) -> Column:
    pieces, offsets = pattern.pieces, pattern.offsets
    if not any(offsets):
        return lambda rows, _: [row.join(pieces) for row in rows]
    return lambda rows, _: [_filled(pattern, row) for row in rows]


def _filled(pattern: Pattern, row: str) -> str:
    number = int(row)
    parts = [pattern.pieces[0]]
    for offset, piece in zip(pattern.offsets, pattern.pieces[1:], strict=True):
        parts += (str(number + offset), piece)
    return "".join(parts)
