"""A workbook written again with some cells red and a column of reasons; every other byte of it stays."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import IO

from ledger_app.export.rejects_sheet import NOTE_HEAD, Marks, SheetRemarks, SheetWriter, style_of
from ledger_app.export.rejects_styles import RedStyles
from ledger_app.export.xlsx.book import TYPES_PART, Book, read_book, relations_part
from ledger_app.export.xlsx.package import SMALL_PART, Package
from ledger_app.export.xlsx.refs import MAX_COLUMN, Area, column_number
from ledger_app.export.xlsx.scan import merged_areas
from ledger_app.export.xlsx.sheetxml import CELL_PLACE, Row, SheetStream, cells
from ledger_app.export.xlsx.xmltext import NAME, get, unescape
from ledger_app.export.xlsx.zipcopy import Writer, write_package

HEAD_SEARCH_ROWS = 60
WIDEST_TITLE = 200  # a merge wider than this is a slip, not a title over the table

_STRING_ITEM = re.compile(rb"<" + NAME + rb"si[\s/>]")
_MACRO_TYPES = re.compile(
    rb"application/vnd\.(?:ms-excel\.(?:sheet|template|addin)\.macroEnabled|"
    rb"openxmlformats-officedocument\.spreadsheetml\.template)\.main\+xml"
)
_WORKBOOK_TYPE = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"


def mark_copy(
    package: Package,
    remarks: Mapping[str, SheetRemarks],
    heads: Mapping[str, int],
    out: IO[bytes],
    *,
    keep_macros: bool,
) -> None:
    """Write the package with the remarks into `out`; without macros unless they are to be kept."""
    book = read_book(package)
    [styles_part] = book.targets(book.part, "styles")[:1] or [""]
    styles = RedStyles(package.read(styles_part)) if styles_part else None
    head_text = _string_number(book, NOTE_HEAD)
    marks = []
    for name, rows in remarks.items():
        sheet = book.sheet(name)
        if sheet is not None and rows:
            mark = Marks(sheet, rows, heads.get(name) or max(min(rows) - 1, 1))
            _look_through(package, mark, head_text, styles)
            marks.append(mark)
    changed: dict[str, Writer] = {mark.sheet.part: SheetWriter(package, mark, styles) for mark in marks}
    removed: set[str] = set()
    if styles is not None and styles_part:
        made = styles.xml()
        changed[styles_part] = lambda sink: sink.write(made)
    if not keep_macros:
        _leave_macros(book, changed, removed)
    write_package(package, changed, removed, out)


def _look_through(package: Package, mark: Marks, head_text: int, styles: RedStyles | None) -> None:
    """First pass: the last used column, a column of reasons from an earlier time, the styles to be reddened."""
    stream = SheetStream(package.blocks(mark.sheet.part))
    last = 0
    for row in stream.rows():
        last = max(last, _last_used(row.xml, stream.prefix))
        if not mark.again and row.number <= HEAD_SEARCH_ROWS and _look_for_head(row, mark, head_text):
            continue
        if row.number == mark.head_row:
            mark.head_style = _style_of_last(row)
        if styles is not None and row.number in mark.remarks:
            wanted = {column + 1 for column in mark.remarks[row.number][1]}
            found = {c.column: style_of(c) for c in cells(row.xml) if c.column in wanted}
            mark.styles |= {(row.number, column): styles.red(found.get(column, 0)) for column in wanted}
    if styles is not None:
        styles.note()
        for number, (_, columns) in mark.remarks.items():
            for column in columns:
                mark.styles.setdefault((number, column + 1), styles.red(0))
    if not mark.again:
        merged = [area.column2 for area in merged_areas(stream.tail) if _is_title(area)]
        mark.column = min(max([last, *merged]) + 1, MAX_COLUMN)


def _look_for_head(row: Row, mark: Marks, head_text: int) -> bool:
    """Whether this row heads a column of reasons written at an earlier time; it is used again."""
    for one in cells(row.xml):
        body = one.match["body"] or b""
        shared = get(one.match["attrs"], b"t") == "s"
        text = unescape(re.sub(rb"<[^>]*>", b"", body)).strip()
        if text == (str(head_text) if shared else NOTE_HEAD):
            mark.again, mark.column, mark.head_row = True, one.column, row.number
            mark.head_style = style_of(one)
            return True
    return False


def _style_of_last(row: Row) -> int | None:
    """The style of the last cell of the head that says something: the new column looks like it."""
    return next((style_of(one) for one in reversed(list(cells(row.xml))) if one.match["body"]), None)


def _last_used(xml: bytes, prefix: bytes) -> int:
    """The last column of a row with a value; looked for from the end."""
    end = xml.rfind(b"</" + prefix + b"c>")
    start = xml.rfind(b"<" + prefix + b"c ", 0, end) if end > 0 else -1
    place = CELL_PLACE.search(xml[start + len(prefix) + 2 : xml.find(b">", start)]) if start >= 0 else None
    if place:
        return column_number(place[1].decode())
    return max((one.column for one in cells(xml) if one.match["body"]), default=0)


def _is_title(area: Area) -> bool:
    return area.column2 - area.column1 < WIDEST_TITLE


def _string_number(book: Book, text: str) -> int:
    """The number of a shared string; -1 when there is none such."""
    for part in book.targets(book.part, "sharedStrings"):
        info = book.package.archive.getinfo(part)
        if info.file_size > SMALL_PART:
            continue
        data = book.package.read(part)
        coded = text.encode("ascii", "xmlcharrefreplace")
        found = re.search(rb">(?:" + re.escape(text.encode()) + b"|" + re.escape(coded) + rb")<", data)
        if found:
            return sum(1 for _ in _STRING_ITEM.finditer(data, 0, found.start())) - 1
    return -1


def _leave_macros(book: Book, changed: dict[str, Writer], removed: set[str]) -> None:
    """A workbook of another kind as an .xlsx: its type said so, its macros left out."""
    types = book.package.read(TYPES_PART)
    if not _MACRO_TYPES.search(types):
        return
    removed.update(book.targets(book.part, "vbaProject"))
    relations = relations_part(book.part)
    kept = re.sub(
        rb"<" + NAME + rb"Relationship\b[^>]*?/vbaProject[\"'][^>]*?/>", b"", book.package.read(relations)
    )
    parts = [re.escape(part.encode()) for part in removed]
    types = _MACRO_TYPES.sub(_WORKBOOK_TYPE, types)
    for part in parts:
        types = re.sub(
            rb"<" + NAME + rb"Override\b[^>]*?PartName=[\"']/?" + part + rb"[\"'][^>]*?/>", b"", types
        )
    changed[TYPES_PART] = lambda sink: sink.write(types)
    changed[relations] = lambda sink: sink.write(kept)
