"""One worksheet's XML looked through as bytes: no parser, a tenth of what parsing costs.

The writers in use spell a cell `<c r="A1" …>`; a block that is spelled otherwise is walked tag by tag.
A block is searched for a pattern only if it holds a letter that the pattern needs and plain cells lack.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from typing import Final

from ledger_app.ingest.package import tag_prefix, whole_items
from ledger_app.ingest.refusals import refusal

LAST_COLUMN: Final = 16_383
MAX_GAPS: Final = 100_000
MAX_MERGES: Final = 200_000

_COLUMN: Final = re.compile(rb"<(?:\w+:)?col\s[^>]*>")
_ATTRIBUTE: Final = re.compile(rb"([\w:]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_HIDDEN: Final = re.compile(rb"hidden=\"[1t]")
_ERROR: Final = re.compile(rb"t=\"e\"")
_VALUE: Final = re.compile(rb"<(?:\w+:)?(?:v|t)(?:\s[^>]*)?>[^<]")
_EMPTY_TAG: Final = re.compile(rb"<[^<>]*/>")


@dataclass(frozen=True, slots=True)
class SheetFacts:
    """What a sheet's XML tells beside its values; rows and columns count from 0, -1 is none."""

    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    formula_gaps: frozenset[tuple[int, int]] = frozenset()
    last_row: int = -1
    last_column: int = -1
    texts: int = 0  # cells that refer to the string table
    filled_bytes: int = 0  # of the XML, if looked at closely without cells that are only formatted (about)
    by_the_book: bool = True  # every block was spelled the usual way


def column_index(letters: bytes) -> int:
    """0 for A, 26 for AA."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number - 1


def scan_sheet(blocks: Iterable[bytes], *, closely: bool) -> SheetFacts:
    """Look through a worksheet part; `closely` also counts texts and what only formatted cells take.

    Raises LedgerError formula_without_value or too_large_when_unpacked where there is too much of it.
    """
    stream = iter(blocks)
    first = next(stream, b"")
    scan = _Scan(tag_prefix(first), closely)
    scan.columns(first)
    for block in whole_items(chain([first], stream), scan.row_tag):
        scan.block(block)
    return scan.facts()


def _attributes(tag: bytes) -> dict[bytes, bytes]:
    return {name: double or single for name, double, single in _ATTRIBUTE.findall(tag)}


def _number(digits: bytes) -> int:
    if not digits.isdigit():
        raise refusal("damaged_file")
    return int(digits)


def _true(value: bytes) -> bool:
    return value in (b"1", b"true", b"on")


def _wider_than(letters: bytes) -> re.Pattern[bytes]:
    """Finds a reference, in a cell that holds something, to a column right of the given one."""
    options = [b"[A-Z]{%d,3}" % (len(letters) + 1)] if len(letters) < 3 else []
    for place, letter in enumerate(letters):
        if letter < ord("Z"):
            rest = b"[A-Z]{%d}" % (len(letters) - place - 1)
            options.append(letters[:place] + b"[%c-Z]" % (letter + 1) + rest)
    return re.compile(rb' r="(?:' + b"|".join(options or [rb"(?!)"]) + rb')\d+"[^>/]*>')


class _Scan:
    """The running state while one worksheet goes by."""

    def __init__(self, prefix: bytes, closely: bool) -> None:
        escaped = re.escape(prefix)
        self.row_tag = b"<" + prefix + b"row"
        self._cell = b"<" + prefix + b"c "
        self._cell_end = b"</" + prefix + b"c>"
        self._first_cell = re.compile(rb"<(?:\w+:)?row\b(?:[^>]*[^/>])?>\s*<(?:\w+:)?c\b[^>]*>")
        self._usual = re.compile(b'<%brow r="\\d+"[^>]*><%bc r="[A-Z]' % (escaped, escaped))
        self._row = re.compile(b"<%brow ([^>]*)>" % escaped)
        self._formula = re.compile(b"<%bf[ >/]" % escaped)
        self._reference = re.compile(rb' r="([A-Z]{1,3})(\d+)"')
        self._filled = re.compile(rb' r="([A-Z]{1,3})\d+"[^>/]*>')
        self._tags = re.compile(rb"<(?:\w+:)?(row|c)\b((?:\s+[\w:]+\s*=\s*(?:\"[^\"]*\"|'[^']*'))*)\s*(/?)>")
        self._closely = closely
        self._hidden_rows: set[int] = set()
        self._hidden_columns: set[int] = set()
        self._gaps: set[tuple[int, int]] = set()
        self._last_row = -1
        self._widest = b"A"
        self._wider = _wider_than(b"A")
        self._texts = 0
        self._merges = 0
        self._filled_bytes = 0
        self._by_the_book = True
        self._row_now = -1  # 0-based; for rows that do not say which they are

    def facts(self) -> SheetFacts:
        return SheetFacts(
            frozenset(self._hidden_rows),
            frozenset(self._hidden_columns),
            frozenset(self._gaps),
            self._last_row,
            column_index(self._widest) if self._last_row >= 0 else -1,
            self._texts,
            self._filled_bytes,
            self._by_the_book,
        )

    def columns(self, first: bytes) -> None:
        """Hidden columns stand before the rows."""
        head = first[: first.find(b"sheetData")]
        for tag in _COLUMN.findall(head):
            column = _attributes(tag)
            if _true(column.get(b"hidden", b"")):
                low, high = _number(column.get(b"min", b"1")), _number(column.get(b"max", b"1"))
                self._hidden_columns.update(range(low - 1, min(high, LAST_COLUMN + 1)))

    def block(self, block: bytes) -> None:
        self._filled_bytes += len(block)
        if self._closely:
            self._filled_bytes -= _bytes_of_empty_tags(block)
            self._texts += block.count(b't="s"')
        if b"m" in block:
            self._merges += block.count(b"mergeCell ")
        if max(self._merges - MAX_MERGES, len(self._gaps) - MAX_GAPS) > 0:
            raise refusal(
                "formula_without_value" if len(self._gaps) > MAX_GAPS else "too_large_when_unpacked"
            )
        if not self._is_usual(block):
            self._by_the_book = False
            self._walk(block)
            return
        if b"h" in block and _HIDDEN.search(block):
            self._note_hidden_rows(block)
        if b"f" in block:
            self._note_formulas(block)
        if b"e" in block:
            self._note_errors(block)
        self._note_extent(block)

    def _is_usual(self, block: bytes) -> bool:
        first = self._first_cell.search(block)
        if first is None:
            return True
        return self._usual.match(first[0]) is not None and not (b"'" in block and b"='" in block)

    def _note_hidden_rows(self, block: bytes) -> None:
        for tag in self._row.findall(block):
            if b"hidden=" in tag:
                row = _attributes(tag)
                if _true(row.get(b"hidden", b"")) and b"r" in row:
                    self._hidden_rows.add(_number(row[b"r"]) - 1)

    def _note_formulas(self, block: bytes) -> None:
        for found in self._formula.finditer(block):
            start = block.rfind(self._cell, 0, found.start())
            end = block.find(self._cell_end, found.end())
            if start >= 0 and _is_gap(block[start : end if end >= 0 else len(block)]):
                self._add_gap(block, start)

    def _note_errors(self, block: bytes) -> None:
        for found in _ERROR.finditer(block):
            start = block.rfind(self._cell, 0, found.start())
            if start >= 0 and b">" not in block[start : found.start()]:
                self._add_gap(block, start)

    def _add_gap(self, block: bytes, start: int) -> None:
        reference = self._reference.search(block, start)
        if reference:
            self._gaps.add((int(reference[2]) - 1, column_index(reference[1])))

    def _note_extent(self, block: bytes) -> None:
        last = block.rfind(self._cell_end)
        if last < 0:
            return
        reference = self._reference.search(block, block.rfind(self._cell, 0, last))
        if reference:
            self._last_row = max(self._last_row, int(reference[2]) - 1)
        if self._wider.search(block):
            self._widen(max(self._filled.findall(block), key=lambda letters: (len(letters), letters)))

    def _widen(self, letters: bytes) -> None:
        self._widest = letters
        self._wider = _wider_than(letters)

    def _walk(self, block: bytes) -> None:
        """Tag by tag: rows and cells that do not say where they are follow the one before."""
        column = -1
        for found in self._tags.finditer(block):
            tag = _attributes(found[2])
            if found[1] == b"row":
                column = -1
                self._row_now = _number(tag[b"r"]) - 1 if b"r" in tag else self._row_now + 1
                if _true(tag.get(b"hidden", b"")):
                    self._hidden_rows.add(self._row_now)
                continue
            column = column_index(tag[b"r"].rstrip(b"0123456789")) if b"r" in tag else column + 1
            if not found[3]:
                self._walk_cell(block, found, column)

    def _walk_cell(self, block: bytes, found: re.Match[bytes], column: int) -> None:
        end = block.find(self._cell_end, found.end())
        body = block[found.start() : end if end >= 0 else len(block)]
        if self._formula.search(body) and _is_gap(body):
            self._gaps.add((self._row_now, column))
        if len(body) > len(found[0]):
            self._last_row = max(self._last_row, self._row_now)
            if column > column_index(self._widest):
                self._widen(column_letters(column))


def column_letters(index: int) -> bytes:
    """A for 0, AA for 26."""
    letters = b""
    number = index + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = bytes([65 + rest]) + letters
    return letters


def _bytes_of_empty_tags(block: bytes) -> int:
    """About: as many as there are, each as long as the first hundred of the block are on average."""
    count = block.count(b"/>")
    if not count:
        return 0
    sample = _EMPTY_TAG.findall(block, 0, 10_000)
    return count * sum(map(len, sample)) // max(len(sample), 1)


def _is_gap(cell: bytes) -> bool:
    """Whether a formula cell has no stored result: the parser drops such cells without a word.

    An error is no result either; an empty text (`t="str"`) is one.
    """
    kind = _attributes(cell[: cell.find(b">")]).get(b"t", b"")
    return kind == b"e" or (kind != b"str" and not _VALUE.search(cell))
