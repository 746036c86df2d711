"""The source text of a document and its lines; txt and pasted text are read here."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field
from itertools import pairwise

from ledger_app.core.errors import LedgerError
from ledger_app.ingest.documents import labels

MAX_CHARACTERS = 3_000_000  # some 3,000 printed pages
_LINE = re.compile(r"[^\n\r\x07\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")
# Word's codes of a field or picture, and other bytes that no text holds.
_BINARY = re.compile(r"[\x00-\x06\x0e-\x1b]")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the source text, `start` to `end` without the line end.

    `cell`: the number of the table cell it stands in; nothing is joined across cells. `head`: the words
    and the field at the head of its column, on the first line of a cell under a header row. `row`: it
    opens a table row that is a new record. `full`: whether it reaches the right edge, where the page tells.
    """

    start: int
    end: int
    cell: int = 0
    head: tuple[str, str] | None = None
    row: bool = False
    full: bool | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """Text and lines. `artefacts`: ranges that the reader of the file knows to belong to the page;
    `remarks`: what it could not read, as a place and a sentence."""

    text: str
    lines: list[Line]
    artefacts: list[tuple[int, int]] = field(default_factory=list)
    remarks: list[tuple[int, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Cell:
    """A table cell: the ranges of its paragraphs; `repeated`: it continues the merged cell above it;
    `full`: for each range that is a printed line, whether it reaches the right edge of the cell."""

    paragraphs: tuple[tuple[int, int], ...]
    repeated: bool = False
    full: tuple[bool, ...] = ()

    def joined(self, below: Cell) -> Cell:
        """The cell with its continuation on the next page."""
        return Cell(self.paragraphs + below.paragraphs, self.repeated, self.full + below.full)


def decode(data: bytes) -> str:
    """A txt file as text: UTF-8 or UTF-16 with a mark, UTF-8, else GB18030 (which covers GBK and GB2312)."""
    for mark, encoding in ((codecs.BOM_UTF8, "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return _checked(data.decode(encoding, errors="replace"))
    for encoding in ("utf-8", "gb18030"):
        try:
            return _checked(data.decode(encoding))
        except UnicodeDecodeError:
            continue
    return _checked(min((data.decode(name, errors="replace") for name in ("utf-8", "gb18030")), key=_broken))


def _broken(text: str) -> int:
    return text.count("\ufffd")


def _checked(text: str) -> str:
    if _broken(text) > len(text) / 200 or len(_BINARY.findall(text[:100_000])) > len(text[:100_000]) / 200:
        raise LedgerError("这个文件不是文字文件，或者已经损坏，读不出文字。", "document_damaged")
    return text


def text_source(text: str) -> Source:
    """Lines of a plain text. Rows of cells that tabs separate become a table under their header row."""
    source = Source(text, [])
    rows: list[list[Cell]] = []
    for found in _LINE.finditer(text):
        cells = _tabbed(text, *found.span())
        if len(cells) >= 3 or (rows and len(cells) == len(rows[0])):
            rows.append(cells)
            continue
        _add_rows(source, rows)
        rows = []
        source.lines.append(Line(*found.span()))
    _add_rows(source, rows)
    return source


def _tabbed(text: str, start: int, end: int) -> list[Cell]:
    if "\t" not in text[start:end].strip():
        return []
    cells, at = [], start
    for piece in text[start:end].split("\t"):
        cells.append(Cell(((at, at + len(piece)),) if piece.strip() else ()))
        at += len(piece) + 1
    return cells


def _add_rows(source: Source, rows: list[list[Cell]]) -> None:
    if len(rows) > 1 and header_row(source.text, rows) is not None:
        add_table(source, source.text, rows)
    else:
        source.lines.extend(Line(_first(row), _last(row)) for row in rows)


def _first(row: list[Cell]) -> int:
    return next(cell.paragraphs[0][0] for cell in row if cell.paragraphs)


def _last(row: list[Cell]) -> int:
    return next(cell.paragraphs[-1][1] for cell in reversed(row) if cell.paragraphs)


def _words(text: str, cell: Cell) -> str:
    return "".join("".join(text[start:end].split()) for start, end in cell.paragraphs)


def header_row(text: str, rows: list[list[Cell]]) -> int | None:
    """The row that heads a list of records: two labels side by side, and most of its cells are labels.

    A form with a label beside each value (责任单位 | 市水务局) has none.
    """
    for number, row in enumerate(rows[:4]):
        known = [bool(cell.paragraphs) and labels.field_of(_words(text, cell)) is not None for cell in row]
        side_by_side = any(a and b for a, b in pairwise(known))
        if side_by_side and sum(known) * 2 > len(row) and number + 1 < len(rows):
            return number
    return None


def add_table(source: Source, text: str, rows: list[list[Cell]]) -> None:
    """Add the lines of a table, cell after cell; under a header row each cell knows what heads it.

    `text` is the text written so far, which the cells count in. The header row itself is no text.
    """
    header = header_row(text, rows)
    heads = [_head(text, cell) for cell in rows[header]] if header is not None else []
    number = source.lines[-1].cell if source.lines else 0
    number = max(number, len(source.lines))
    for index, row in enumerate(rows):
        if index == header:
            source.artefacts.extend(span for cell in row for span in cell.paragraphs)
            source.lines.extend(Line(*span) for cell in row for span in cell.paragraphs)
            continue
        below = header is not None and index > header
        row = row if below else [_label_at_once(text, cell) for cell in row]  # noqa: PLW2901
        source.lines.extend(_row_lines(row, heads if below else [], number))
        number += len(row)


def _head(text: str, cell: Cell) -> tuple[str, str]:
    words = _words(text, cell)
    return words, labels.field_of(words) or "other"


def _label_at_once(text: str, cell: Cell) -> Cell:
    """A label that a narrow cell breaks over lines (整改 / 任务) is one line."""
    spans = cell.paragraphs
    if len(spans) < 2 or spans[-1][1] - spans[0][0] > 24 or labels.field_of(_words(text, cell)) is None:
        return cell
    return Cell(((spans[0][0], spans[-1][1]),), cell.repeated)


def _row_lines(row: list[Cell], heads: list[tuple[str, str]], number: int) -> list[Line]:
    opens = bool(heads) and _opens(row, heads)
    lines: list[Line] = []
    for column, cell in enumerate(row):
        head = heads[column] if column < len(heads) else None
        for order, (start, end) in enumerate(cell.paragraphs):
            full = cell.full[order] if cell.full else None
            lines.append(Line(start, end, number + column + 1, None if order else head, opens, full))
            opens = False
    return lines


def _opens(row: list[Cell], heads: list[tuple[str, str]]) -> bool:
    """A row is a new record unless its number or its problem goes on from the row above (merged cells)."""
    for cell, (_, name) in zip(row, heads, strict=False):
        if name in {"number", "problem"}:
            return bool(cell.paragraphs) and not cell.repeated
    return True
