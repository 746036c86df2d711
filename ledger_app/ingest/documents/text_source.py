"""Plain and pasted text: its lines, and the tables that a copy or a converter leaves in it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ledger_app.ingest.documents import labels, numbering
from ledger_app.ingest.documents.artefacts import CLOSING
from ledger_app.ingest.documents.source import Line, Source
from ledger_app.ingest.documents.tables import Cell, add_table, header_row

_LINE = re.compile(r"[^\n\r\x07\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")
_SIGNED = re.compile(r"\d{4}年\d{1,2}月\d{1,2}日|.{2,28}(?:局|厅|委员会|政府|办公室|中心|组|团|师|处)")
Span = tuple[int, int]


@dataclass(slots=True)
class _Records:
    """The rows of a list as they are gathered: each cell is a list of the ranges of its paragraphs."""

    columns: int
    rows: list[list[list[Span]]]

    def complete(self) -> bool:
        return not self.rows or len(self.rows[-1]) == self.columns

    def add_cell(self, span: Span) -> None:
        if self.complete():
            self.rows.append([])
        self.rows[-1].append([span])

    def add_to_cell(self, span: Span) -> None:
        self.rows[-1][-1].append(span)


def text_source(text: str) -> Source:
    """Lines of a plain text; rows of cells become a list under their header row or a form."""
    source = Source(text, [])
    spans = [found.span() for found in _LINE.finditer(text)]
    spans = [span for span in spans if text[span[0] : span[1]].strip()]
    index = 0
    while index < len(spans):
        taken = _list_at(source, spans, index)
        if not taken:
            _line(source, spans[index])
            taken = 1
        index += taken
    return source


def _line(source: Source, span: Span) -> None:
    """A line of text, or a row of a form with labels between its tabs."""
    cells = _cells(source.text, span)
    if len(cells) > 1 and any(labels.field_of(source.text[a:b]) for a, b in cells):
        add_table(source, source.text, [[_cell(source.text, [cell]) for cell in cells]])
    else:
        source.lines.append(Line(*span))


def _cells(text: str, span: Span) -> list[Span]:
    """The ranges between the tabs of a line; an empty cell is an empty range."""
    start, end = span
    if "\t" not in text[start:end].strip():
        return [span]
    cells, at = [], start
    for piece in text[start:end].split("\t"):
        cells.append((at, at + len(piece)))
        at += len(piece) + 1
    return cells


# Lists of records


def _list_at(source: Source, spans: list[Span], index: int) -> int:
    """Add the list whose header row begins at this line; the number of lines it takes, 0 if there is none."""
    text = source.text
    cells = _cells(text, spans[index])
    if len(cells) > 2:
        row = [_cell(text, [cell]) for cell in cells]
        if header_row(text, [row, row]) is None:
            return 0
        header, first = cells, index + 1
    else:
        header = _headers_below(text, spans, index)
        first = index + len(header)
    if len(header) < 3 or first >= len(spans):
        return 0
    records, end = _records(text, spans, first, header)
    if not records.rows:
        return 0
    rows = [[_cell(text, cell) for cell in row] for row in [[[one] for one in header], *records.rows]]
    add_table(source, text, rows)
    return end - index


def _cell(text: str, spans: list[Span]) -> Cell:
    return Cell(tuple((start, end) for start, end in spans if text[start:end].strip()))


def _headers_below(text: str, spans: list[Span], index: int) -> list[Span]:
    """Header cells that stand under one another, each alone on its line: at least three labels."""
    header: list[Span] = []
    for start, end in spans[index : index + 12]:
        words = text[start:end].strip()
        if len(words) > 12 or words.endswith(("：", ":")) or labels.field_of(words) is None:
            break
        header.append((start, end))
    return header


def _records(text: str, spans: list[Span], first: int, header: list[Span]) -> tuple[_Records, int]:
    records = _Records(len(header), [])
    side_by_side = text.count("\n", header[0][0], header[-1][0]) == 0
    by_tab = side_by_side or text[header[0][0] : header[0][1]].startswith("\t")
    index = first
    while index < len(spans):
        if records.rows and records.complete() and _ends_list(text, spans[index]):
            break
        taken = _by_tabs(records, text, spans[index]) if by_tab else _by_look(records, text, spans[index])
        if not taken:
            break
        index += 1
    return records, index


def _ends_list(text: str, span: Span) -> bool:
    words = text[span[0] : span[1]].strip()
    return CLOSING.match(words) is not None or _SIGNED.fullmatch(words) is not None


def _by_tabs(records: _Records, text: str, span: Span) -> bool:
    """Tabs part the cells: between them on a line, or one in front of each cell; other lines go on."""
    led = text[span[0]] == "\t" and len(_cells(text, span)) == 1
    cells = _cells(text, span)
    if led or (len(cells) > 1 and records.complete()):
        for cell in cells:
            records.add_cell(cell)
        return True
    if not records.rows:
        return False
    records.add_to_cell(cells[0])
    for cell in cells[1:]:
        records.add_cell(cell)
    return True


def _by_look(records: _Records, text: str, span: Span) -> bool:
    """Without tabs: a line of digits opens a record, a list that begins anew or ends opens a cell."""
    words = text[span[0] : span[1]].strip()
    if records.complete() and records.rows and not words.isdigit():
        return _numbered(words) > 1 and _join(records, span)
    if _numbered(words) > 1 or (words.isdigit() and not records.complete()):
        return bool(records.rows) and _join(records, span)
    records.add_cell(span)
    return True


def _join(records: _Records, span: Span) -> bool:
    records.add_to_cell(span)
    return True


def _numbered(words: str) -> int:
    marker = numbering.marker_at(words, 0, len(words), spaced=True)
    return marker.value if marker is not None and marker.style.kind == "heading" else 0
