"""A sheet's XML read as a stream: what stands before the rows, the rows one by one, what stands after.

A sheet may hold a million rows, so no tree is built: rows and cells are found by their tags, and the
memory used is that of one block of text and of the parts before and after the rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ledger_app.core.errors import LedgerError
from ledger_app.export.xlsx.package import DAMAGED, HOSTILE
from ledger_app.export.xlsx.refs import column_number
from ledger_app.export.xlsx.xmltext import NAME, plain

MAX_EDGE = 256 << 20  # what stands before or after the rows is held whole
MAX_ROW_BYTES = 64 << 20

_DATA = re.compile(rb"<(?P<prefix>" + NAME + rb")sheetData\b[^>]*?(?P<empty>/?)>")
_ROW_NUMBER = re.compile(rb"\sr\s*=\s*[\"'](\d+)[\"']")
CELL = re.compile(
    rb"<" + NAME + rb"c\b(?P<attrs>[^>]*?)(?:/>|>(?P<body>.*?)</" + NAME + rb"c\s*>)", re.DOTALL
)
CELL_PLACE = re.compile(rb"(?:^|\s)r\s*=\s*[\"']\$?([A-Za-z]+)\$?(\d*)[\"']")
FORMULA = re.compile(
    rb"<(?P<name>" + NAME + rb"f)\b(?P<attrs>[^>]*?)(?:/>|>(?P<text>.*?)</" + NAME + rb"f\s*>)", re.DOTALL
)
VALUE = re.compile(rb"<" + NAME + rb"v\b[^>]*?(?:/>|>.*?</" + NAME + rb"v\s*>)", re.DOTALL)
_ANY_FORMULA = re.compile(rb"<" + NAME + rb"f[\s/>]")
_SLASH = ord("/")
_OPENING = 400  # bytes kept back so that a tag cut by the end of a block is seen whole


class Row(NamedTuple):
    """A row's number, whether the XML says it, the text before it, and the element's text."""

    number: int
    explicit: bool
    gap: bytes
    xml: bytes


class SheetStream:
    """One pass over a sheet: `head`, then `rows()`, then `tail`."""

    def __init__(self, blocks: Iterable[bytes]) -> None:
        self._blocks = iter(blocks)
        self._buffer = b""
        self.tail = b""
        self.head, self.prefix, self.has_rows = self._read_head()
        self._row, self._row_end = b"<" + self.prefix + b"row", b"</" + self.prefix + b"row"
        self._data_end = b"</" + self.prefix + b"sheetData"

    def _read_head(self) -> tuple[bytes, bytes, bool]:
        held = b""
        for block in self._blocks:
            held += block
            if match := _DATA.search(held):
                empty = bool(match["empty"])
                if empty:
                    self.tail = held[match.end() :]
                    self._read_tail()
                else:
                    self._buffer = held[match.end() :]
                return held[: match.end()], match["prefix"], not empty
            if len(held) > MAX_EDGE:
                raise LedgerError(HOSTILE, "hostile")
        raise LedgerError(DAMAGED, "damaged")

    def _read_tail(self) -> None:
        pieces, size = [self.tail], len(self.tail)
        for block in self._blocks:
            pieces.append(block)
            size += len(block)
            if size > MAX_EDGE:
                raise LedgerError(HOSTILE, "hostile")
        self.tail = b"".join(pieces)
        if b"</" not in self.tail:
            raise LedgerError(DAMAGED, "damaged")

    def rows(self) -> Iterator[Row]:
        number, buffer = 0, self._buffer
        while self.has_rows:
            buffer, held = _settled(buffer)
            end = buffer.find(self._data_end)
            at = 0
            for start, tag_end, stop in self._elements(buffer, len(buffer) if end < 0 else end):
                said = _ROW_NUMBER.search(buffer, start, tag_end)
                number = int(said[1]) if said else number + 1
                yield Row(number, said is not None, buffer[at:start], buffer[start:stop])
                at = stop
            if end >= 0:
                if b"row" in buffer[at:end]:
                    raise LedgerError(DAMAGED, "damaged")
                self.tail = buffer[at:] + held
                self._read_tail()
                return
            buffer = self._more(buffer[at:] + held)

    def _more(self, buffer: bytes) -> bytes:
        block = next(self._blocks, None)
        if block is None:
            raise LedgerError(DAMAGED, "damaged")
        if len(buffer) > MAX_ROW_BYTES:
            raise LedgerError(HOSTILE, "hostile")
        return buffer + block

    def _elements(self, buffer: bytes, end: int) -> Iterator[tuple[int, int, int]]:
        """(start, end of the start tag, end) of each whole row; plain searches, since there may be a million."""
        opening, closing = self._row, self._row_end
        start = buffer.find(opening, 0, end)
        while start >= 0:
            tag_end = buffer.find(b">", start, end)
            if tag_end < 0:
                return
            stop = tag_end + 1
            if buffer[tag_end - 1] != _SLASH:
                last = buffer.find(closing, tag_end, end)
                stop = buffer.find(b">", last, end) + 1 if last >= 0 else 0
            if not stop:
                return
            yield start, tag_end, stop
            start = buffer.find(opening, stop, end)

    def has_formulas(self) -> bool:
        """Whether any cell holds one; uses the stream up."""
        held = self._buffer
        while True:
            if (b"<f" in held or b":f" in held) and _ANY_FORMULA.search(held):
                return True
            block = next(self._blocks, None)
            if block is None:
                return False
            held = held[-_OPENING:] + block


def _settled(buffer: bytes) -> tuple[bytes, bytes]:
    """The text with comments and CDATA made harmless; one that is cut off is held back for its end."""
    buffer = plain(buffer)
    cut = buffer.find(b"<!")
    return (buffer, b"") if cut < 0 else (buffer[:cut], buffer[cut:])


def has_formula(xml: bytes) -> bool:
    return b"f" in xml and _ANY_FORMULA.search(xml) is not None


class Cell(NamedTuple):
    """A cell's column, whether the XML says it, and the match of its element (`attrs`, `body`)."""

    column: int
    explicit: bool
    match: re.Match[bytes]


def cells(row: bytes) -> Iterator[Cell]:
    column = 0
    for match in CELL.finditer(row):
        place = CELL_PLACE.search(match["attrs"])
        column = column_number(place[1].decode()) if place else column + 1
        yield Cell(column, place is not None, match)
