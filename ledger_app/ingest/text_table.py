"""Tables in text files: csv in the encodings Chinese offices use, and HTML tables that programs call .xls."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import product
from statistics import median
from types import MappingProxyType
from typing import Final

from lxml import etree

from ledger_app.ingest.refusals import refusal

Merge = tuple[int, int, int, int]
MAX_CELLS: Final = 4_000_000
MAX_HTML_CELLS: Final = 2_000_000  # events cost more: about three seconds a million
MAX_TABLES: Final = 1_000
MAX_ROWS: Final = 1_048_576
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CHARSET: Final = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_SEPARATORS: Final = (",", "\t", ";")
_SEPARATOR_LINE: Final = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
_MAX_FIELD: Final = 1 << 20
# Python's codec keeps the private places of GB 18030-2000; GB 18030-2022 gives these characters their own.
_GB18030_2022: Final[Mapping[int, int]] = MappingProxyType(
    {
        0xE7C7: 0x1E3F,
        0xE816: 0x20087,
        0xE817: 0x20089,
        0xE818: 0x200CC,
        0xE81E: 0x9FB4,
        0xE826: 0x9FB5,
        0xE82B: 0x9FB6,
        0xE82C: 0x9FB7,
        0xE831: 0x215D7,
        0xE832: 0x9FB8,
        0xE83B: 0x2298F,
        0xE843: 0x9FB9,
        0xE854: 0x9FBA,
        0xE855: 0x241FE,
        0xE864: 0x9FBB,
    }
)


@dataclass(slots=True)
class TextTable:
    """Rows of texts, all of one length; "" is a blank. Merges are (first row, column, last row, column)."""

    rows: list[list[str]] = field(default_factory=list)
    merges: list[Merge] = field(default_factory=list)


def decode(data: bytes, declared: str = "") -> str:
    """Text in the encoding its mark, its bytes or its declaration say.

    Raises LedgerError unknown_encoding rather than giving wrong characters.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _strictly(data[len(mark) :], encoding)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        if _was_utf8_so_far(data[: error.start]):
            raise refusal("unknown_encoding") from error
    known = declared.lower() in {"big5", "big5-hkscs", "shift_jis", "euc-kr"}
    return _strictly(data, declared if known else "gb18030").translate(_GB18030_2022)


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError) as error:
        raise refusal("unknown_encoding") from error


def _was_utf8_so_far(start: bytes) -> bool:
    """Ten characters that happen to be valid UTF-8 do not stand at the start of GBK text."""
    return sum(byte >= 0xC0 for byte in start[: 1 << 16]) >= 10


def read_csv(data: bytes) -> TextTable:
    """A comma, semicolon or tab separated table. Raises unknown_encoding, damaged_file."""
    text = decode(data)
    stated = _SEPARATOR_LINE.match(text)
    separator = stated[1] if stated else _separator(text)
    _check_size(text.count("\n"), text.count("\n") + text.count(separator))
    source = io.StringIO(text[stated.end() :] if stated else text, newline="")
    limit = csv.field_size_limit(_MAX_FIELD)
    try:
        rows = list(csv.reader(source, delimiter=separator))
    except csv.Error as error:
        raise refusal("damaged_file") from error
    finally:
        csv.field_size_limit(limit)
    return TextTable(_squared(rows))


def _separator(text: str) -> str:
    """The one that cuts the first lines into most columns."""
    lines = text[:20_000].splitlines()[:40]
    return max(_SEPARATORS, key=lambda sign: _typical_width(lines, sign))


def _typical_width(lines: list[str], separator: str) -> float:
    widths = [len(row) for row in csv.reader(lines, delimiter=separator) if row]
    return median(widths) if widths else 0


def _check_size(rows: int, cells: int, most_cells: int = MAX_CELLS) -> None:
    if rows > MAX_ROWS or cells > most_cells:
        raise refusal("too_large_when_unpacked")


def _squared(rows: list[list[str]]) -> list[list[str]]:
    width = max(map(len, rows), default=0)
    _check_size(len(rows), len(rows) * width)
    for row in rows:
        if len(row) < width:
            row.extend([""] * (width - len(row)))
    return rows


def read_html(data: bytes) -> list[TextTable]:
    """Every outermost table of a page, cells joined over rows and columns given as merges.

    Raises unknown_encoding, damaged_file, too_large_when_unpacked.
    """
    declared = _CHARSET.search(data[:4096])
    text = decode(data, declared[1].decode("ascii") if declared else "")
    target = _Tables()
    parser = etree.HTMLParser(target=target, encoding="utf-8", no_network=True)
    try:
        parser.feed(text.encode("utf-8"))
        parser.close()
    except etree.LxmlError as error:
        raise refusal("damaged_file") from error
    return [TextTable(_squared(table.rows), table.merges) for table in target.tables if table.rows]


class _Tables:
    """Takes the parser's events; a table inside a cell is text of that cell."""

    def __init__(self) -> None:
        self.tables: list[TextTable] = []
        self._depth = 0
        self._cells = 0
        self._text: list[str] | None = None
        self._span = (1, 1)
        self._taken: set[tuple[int, int]] = set()  # places that a cell above reaches

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "table":
            self._depth += 1
            if self._depth == 1:
                self._open_table()
        elif self._depth == 1 and tag == "tr":
            self.tables[-1].rows.append([])
            _check_size(len(self.tables[-1].rows), self._cells)
        elif self._depth == 1 and tag in {"td", "th"}:
            self._text = []
            self._span = (_span(attributes.get("rowspan")), _span(attributes.get("colspan")))
        elif tag == "br" and self._text is not None:
            self._text.append("\n")

    def _open_table(self) -> None:
        self.tables.append(TextTable())
        self._taken = set()
        if len(self.tables) > MAX_TABLES:
            raise refusal("too_large_when_unpacked")

    def end(self, tag: str) -> None:
        if tag == "table":
            self._depth -= 1
        elif self._depth == 1 and tag in {"td", "th"} and self._text is not None:
            self._place("".join(self._text).replace("\xa0", " ").strip())
            self._text = None

    def data(self, text: str) -> None:
        if self._text is not None:
            self._text.append(text)

    def close(self) -> None:
        """The tables stand in `tables`."""

    def _place(self, text: str) -> None:
        table = self.tables[-1]
        if not table.rows:
            table.rows.append([])
        row, number = table.rows[-1], len(table.rows) - 1
        while (number, len(row)) in self._taken:
            row.append("")
        height, width = self._span
        self._cells += height * width
        _check_size(number, self._cells, MAX_HTML_CELLS)
        column = len(row)
        row += [text] + [""] * (width - 1)
        if height * width > 1:
            table.merges.append((number, column, number + height - 1, column + width - 1))
        below = product(range(number + 1, number + height), range(column, column + width))
        self._taken.update(below)


def _span(value: str | None) -> int:
    return min(max(int(value), 1), 1_000) if value and value.strip().isdigit() else 1
