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
_DATA_END = re.compile(rb"</" + NAME + rb"sheetData\s*>")
_ROW = re.compile(
    rb"<" + NAME + rb"row\b(?P<attrs>[^>]*?)(?:/>|>(?P<body>.*?)</" + NAME + rb"row\s*>)", re.DOTALL
)
_ROW_NUMBER = re.compile(rb"(?:^|\s)r\s*=\s*[\"'](\d+)[\"']")
CELL = re.compile(
    rb"<" + NAME + rb"c\b(?P<attrs>[^>]*?)(?:/>|>(?P<body>.*?)</" + NAME + rb"c\s*>)", re.DOTALL
)
CELL_PLACE = re.compile(rb"(?:^|\s)r\s*=\s*[\"']\$?([A-Za-z]+)\$?(\d*)[\"']")
FORMULA = re.compile(
    rb"<(?P<name>" + NAME + rb"f)\b(?P<attrs>[^>]*?)(?:/>|>(?P<text>.*?)</" + NAME + rb"f\s*>)", re.DOTALL
)
VALUE = re.compile(rb"<" + NAME + rb"v\b[^>]*?(?:/>|>.*?</" + NAME + rb"v\s*>)", re.DOTALL)
_ANY_FORMULA = re.compile(rb"<" + NAME + rb"f[\s/>]")
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
            at = 0
            end = _DATA_END.search(buffer)
            for match in _ROW.finditer(buffer):
                if end is not None and match.start() > end.start():
                    break
                said = _ROW_NUMBER.search(match["attrs"])
                number = int(said[1]) if said else number + 1
                yield Row(number, said is not None, buffer[at : match.start()], match[0])
                at = match.end()
            if end is not None and end.start() >= at:
                self.tail = buffer[at:] + held
                self._read_tail()
                return
            buffer = buffer[at:] + held
            block = next(self._blocks, None)
            if block is None:
                raise LedgerError(DAMAGED, "damaged")
            if len(buffer) > MAX_ROW_BYTES:
                raise LedgerError(HOSTILE, "hostile")
            buffer += block

    def has_formulas(self) -> bool:
        """Whether any cell holds one; uses the stream up."""
        held = self._buffer
        if _ANY_FORMULA.search(held):
            return True
        for block in self._blocks:
            held = held[-_OPENING:] + block
            if _ANY_FORMULA.search(held):
                return True
        return False


def _settled(buffer: bytes) -> tuple[bytes, bytes]:
    """The text with comments and CDATA made harmless; one that is cut off is held back for its end."""
    buffer = plain(buffer)
    cut = buffer.find(b"<!")
    return (buffer, b"") if cut < 0 else (buffer[:cut], buffer[cut:])


def has_formula(xml: bytes) -> bool:
    return _ANY_FORMULA.search(xml) is not None


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
