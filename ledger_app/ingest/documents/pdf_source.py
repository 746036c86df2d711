"""PDF files with a text layer: pages read by columns and ruled tables, running heads set aside."""

from __future__ import annotations

import re
from collections import Counter
from statistics import median
from typing import Any

import pypdfium2 as pdfium

from ledger_app.core.errors import LedgerError
from ledger_app.ingest.documents.pdf_layout import Column, Fragment, Row, columns_in_order, rows_of
from ledger_app.ingest.documents.pdf_page import Page, read_page
from ledger_app.ingest.documents.pdf_tables import Grid, GridCell
from ledger_app.ingest.documents.source import MAX_CHARACTERS, Line, Source
from ledger_app.ingest.documents.tables import Cell, add_table

_MAX_PAGES = 5000
_MARGIN = 0.12  # of the page height, at its head and foot
_DIGITS = re.compile(r"\d+")


def read_pdf(data: bytes) -> Source:
    """The text of a pdf with its lines; a scanned, encrypted or damaged file is refused."""
    document = _open(data)
    try:
        if len(document) > _MAX_PAGES:
            raise LedgerError("这份 PDF 超过五千页，请拆成几份再读。", "document_too_large")
        pages = _pages(document)
    finally:
        document.close()
    _check_text(pages)
    _set_margins_aside(pages)
    for page in pages:
        page.zones = [columns_in_order(zone) for zone in _zones(page)]
    return _Writer(_right_edges(pages)).write(pages)


def _open(data: bytes) -> Any:
    try:
        return pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if "password" in str(error).lower():
            raise LedgerError("这个 PDF 加了密码，请先去掉密码再读。", "document_encrypted") from error
        raise LedgerError(
            "这个 PDF 已经损坏，打不开。请重新下载或另存一份再读。", "document_damaged"
        ) from error


def _pages(document: Any) -> list[Page]:
    pages: list[Page] = []
    count = 0
    for index in range(len(document)):
        try:
            page = document[index]
            pages.append(read_page(page))
            page.close()
        except pdfium.PdfiumError as error:
            raise LedgerError(
                f"这个 PDF 的第 {index + 1} 页已经损坏，读不出来。", "document_damaged"
            ) from error
        count += sum(len(fragment.text) for fragment in pages[-1].everything())
        if count > MAX_CHARACTERS:
            raise LedgerError("这份文件太长（超过三百万字），请分成几份再读。", "document_too_large")
    return pages


def _check_text(pages: list[Page]) -> None:
    """A scan has no text; a broken text layer has signs without a meaning."""
    words = "".join(fragment.text for page in pages for fragment in page.everything())
    ink = len("".join(words.split()))
    if ink < 20 or (ink < 20 * len(pages) and sum(page.picture for page in pages) * 2 > len(pages)):
        raise LedgerError(
            "这个 PDF 是扫描图片，里面没有文字，请先做文字识别（OCR）再读。", "document_scanned"
        )
    meaningless = sum(1 for sign in words if sign == "\ufffd" or "\ue000" <= sign <= "\uf8ff")
    if meaningless * 5 > ink:
        raise LedgerError(
            "这个 PDF 的文字层是乱码，请先做文字识别（OCR），或向发文单位要 Word 版。", "document_scanned"
        )


# Heads, feet and zones


def _set_margins_aside(pages: list[Page]) -> None:
    """Rows at the head or foot of pages that come back from page to page, whatever their numbers."""
    outer = [_outer_rows(page) for page in pages]
    counts = Counter(words for rows in outer for words in {_likeness(row) for row in rows})
    for page, rows in zip(pages, outer, strict=True):
        page.margins = [row for row in rows if counts[_likeness(row)] >= max(2, len(pages) / 3)]
        taken = {id(fragment) for row in page.margins for fragment in row.fragments}
        page.fragments = [one for one in page.fragments if id(one) not in taken]


def _outer_rows(page: Page) -> list[Row]:
    rows = rows_of(page.fragments)
    low, high = page.height * _MARGIN, page.height * (1 - _MARGIN)
    return [row for row in [*rows[:2], *rows[-2:]] if row.y1 < low or row.y0 > high]


def _likeness(row: Row) -> str:
    return _DIGITS.sub("#", "".join(row.text().split()))


def _zones(page: Page) -> list[list[Fragment]]:
    """The text above each table, and below the last."""
    zones: list[list[Fragment]] = []
    rest = page.fragments
    for table in page.tables:
        zones.append([one for one in rest if one.middle < table.top])
        rest = [one for one in rest if one.middle >= table.top]
    return [*zones, rest]


def _right_edges(pages: list[Page]) -> dict[int, float]:
    """Left edge of a column (in steps of 12 points) → where its full lines end."""
    found: dict[int, list[float]] = {}
    for page in pages:
        for column in (one for zone in page.zones for one in zone):
            if len(column.rows) >= 5:
                found.setdefault(round(column.left / 12), []).append(column.right)
    return {left: median(rights) for left, rights in found.items()}


# Writing


class _Writer:
    """Writes pages into one text; tables that go on over a page end are put together again."""

    def __init__(self, edges: dict[int, float]) -> None:
        self._edges = edges
        self._parts: list[str] = []
        self._length = 0
        self._source = Source("", [])
        self._open: list[list[Cell]] = []
        self._lefts: list[float] = []

    def write(self, pages: list[Page]) -> Source:
        for number, page in enumerate(pages, 1):
            self._page(page, number)
        self._close_table()
        return Source("".join(self._parts), self._source.lines, self._source.artefacts, self._source.remarks)

    def _page(self, page: Page, number: int) -> None:
        for row in page.margins:
            span = self._row(row.text())
            self._source.artefacts.append(span)
            self._source.lines.append(Line(*span))
        if not page.fragments and not page.tables and page.picture:
            self._source.remarks.append((self._length, f"第 {number} 页没有文字，可能是扫描图片，没有读入。"))
        for index, zone in enumerate(page.zones):
            for column in zone:
                self._column(column)
            if index < len(page.tables):
                self._table(page.tables[index])

    def _column(self, column: Column) -> None:
        self._close_table()
        known = self._edges.get(round(column.left / 12), column.right)
        right = column.right if len(column.rows) >= 5 else max(known, column.right)
        for row in column.rows:
            indent = "　　" if row.x0 > column.left + 1.5 * row.size else ""
            start, end = self._row(indent + row.text())
            self._source.lines.append(Line(start, end, full=row.x1 > right - 3 * row.size))

    def _row(self, words: str) -> tuple[int, int]:
        start = self._length
        self._parts.append(words + "\n")
        self._length += len(words) + 1
        return start, start + len(words)

    def _table(self, table: Grid) -> None:
        goes_on = bool(self._open) and table.continues(self._lefts)
        if not goes_on:
            self._close_table()
            self._lefts = table.lefts
        for order, cells in enumerate(table.rows()):
            row = [self._cell(cell) for cell in cells]
            if goes_on and order == 0 and not row[0].paragraphs and len(row) == len(self._open[-1]):
                row = [above.joined(below) for above, below in zip(self._open.pop(), row, strict=True)]
            self._open.append(row)

    def _cell(self, cell: GridCell) -> Cell:
        lines = cell.lines
        spans = tuple(self._row(line.text()) for line in lines)
        right = max(line.x1 for line in lines) if len(lines) > 3 else cell.right
        return Cell(spans, cell.repeated, tuple(line.x1 > right - 3.5 * line.size for line in lines))

    def _close_table(self) -> None:
        if self._open:
            text = "".join(self._parts)
            self._parts = [text]
            add_table(self._source, text, self._open)
            self._open = []
