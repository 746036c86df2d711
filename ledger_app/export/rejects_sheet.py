"""One sheet of the clerk's workbook streamed out again with red cells and a column of reasons."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from ledger_app.export.rejects_styles import RedStyles
from ledger_app.export.xlsx.book import Sheet
from ledger_app.export.xlsx.cells import wider_spans
from ledger_app.export.xlsx.package import Package
from ledger_app.export.xlsx.refs import address, parse_area
from ledger_app.export.xlsx.sheetxml import Cell, Row, SheetStream, cells
from ledger_app.export.xlsx.xmltext import NAME, TAG, cell_text, get, local, put, unescape
from ledger_app.export.xlsx.zipcopy import Sink

NOTE_HEAD = "导入说明"
NOTE_WIDTH = 48

SheetRemarks: TypeAlias = Mapping[int, tuple[str, tuple[int, ...]]]  # Excel row → (reason, columns from 0)
_ROW_TAG = re.compile(rb"<(?P<prefix>" + NAME + rb")row\b(?P<attrs>[^>]*?)(?P<empty>/?)>")
_COLUMNS = re.compile(rb"<" + NAME + rb"cols\b[^>]*?(?:/>|>.*?</" + NAME + rb"cols\s*>)", re.DOTALL)
_DIMENSION = re.compile(rb"(<" + NAME + rb"dimension\b[^>]*?\sref=[\"'])([^\"']+)([\"'])")


@dataclass(slots=True)
class Marks:
    """What happens to one sheet. Rows and columns count from 1; `again` means it held reasons before."""

    sheet: Sheet
    remarks: SheetRemarks
    head_row: int
    column: int = 1
    again: bool = False
    head_style: int | None = None
    styles: dict[tuple[int, int], int] = field(default_factory=dict)


class SheetWriter:
    """Second pass: the sheet streamed out with its marks."""

    def __init__(self, package: Package, mark: Marks, styles: RedStyles | None) -> None:
        self._package = package
        self._mark = mark
        self._note = styles.note() if styles else 0
        self._unmarked = styles.ways_back() if mark.again and styles else {}

    def __call__(self, sink: Sink) -> None:
        stream = SheetStream(self._package.blocks(self._mark.sheet.part))
        sink.write(self._head(stream.head, stream.prefix, empty=not stream.has_rows))
        waiting = sorted({*self._mark.remarks, self._mark.head_row}, reverse=True)
        for row in stream.rows():
            while waiting and waiting[-1] < row.number:
                sink.write(self._new_row(waiting.pop(), stream.prefix))
            if waiting and waiting[-1] == row.number:
                waiting.pop()
                sink.write(self._marked(row, stream.prefix))
            elif self._mark.again and row.number > self._mark.head_row:
                sink.write(self._marked(row, stream.prefix))
            else:
                sink.write(row.gap + row.xml)
        for number in reversed(waiting):
            sink.write(self._new_row(number, stream.prefix))
        sink.write(b"" if stream.has_rows else b"</" + stream.prefix + b"sheetData>")
        sink.write(stream.tail)

    def _said(self, number: int) -> tuple[str, int]:
        """The text of the reason column in a row, and its style."""
        mark = self._mark
        if number == mark.head_row:
            return NOTE_HEAD, self._note if mark.head_style is None else mark.head_style
        return mark.remarks.get(number, ("", ()))[0], self._note

    def _marked(self, row: Row, prefix: bytes) -> bytes:
        tag = _ROW_TAG.match(row.xml)
        assert tag is not None  # noqa: S101 - the row was found by a pattern that holds this one
        mark, number = self._mark, row.number
        text, style = self._said(number)
        waiting = sorted((c + 1 for c in mark.remarks.get(number, ("", ()))[1]), reverse=True)
        waiting = [c for c in waiting if c != mark.column]
        pieces, at = [], tag.end()
        for one in cells(row.xml):
            pieces.append(row.xml[at : one.match.start()])
            while waiting and waiting[-1] < one.column:
                pieces.append(self._red_cell(number, waiting.pop(), prefix))
            at = one.match.end()
            if one.column == mark.column:
                continue
            if waiting and waiting[-1] == one.column:
                pieces.append(_restyled(one, mark.styles.get((number, waiting.pop()), 0)))
            else:
                pieces.append(self._kept(one))
        pieces += [self._red_cell(number, column, prefix) for column in reversed(waiting)]
        end = b"" if tag["empty"] else row.xml[at:]
        return row.gap + self._joined(tag, pieces, _text_cell(number, mark.column, text, style, prefix), end)

    def _joined(self, tag: re.Match[bytes], pieces: list[bytes], said: bytes, end: bytes) -> bytes:
        """The row again; the reason goes in its place, which is the end but for a column used again."""
        body = b"".join(pieces)
        at = len(body)
        for one in cells(body):
            if one.column > self._mark.column:
                at = one.match.start()
                break
        attrs = tag["attrs"].rstrip()
        if said and (spans := get(attrs, b"spans")):
            attrs = put(attrs, b"spans", wider_spans(spans, self._mark.column, self._mark.column))
        prefix = tag["prefix"]
        return (
            b"<" + prefix + b"row" + attrs + b">" + body[:at] + said + body[at:]
            + (end or b"</" + prefix + b"row>")
        )  # fmt: skip

    def _kept(self, one: Cell) -> bytes:
        style = self._unmarked.get(style_of(one)) if self._unmarked else None
        return one.match[0] if style is None else _restyled(one, style)

    def _red_cell(self, row: int, column: int, prefix: bytes) -> bytes:
        style = self._mark.styles.get((row, column), 0)
        return b"<" + prefix + f'c r="{address(row, column)}" s="{style}"/>'.encode()

    def _new_row(self, number: int, prefix: bytes) -> bytes:
        """A row the sheet does not have yet."""
        mark = self._mark
        columns = sorted(c + 1 for c in mark.remarks.get(number, ("", ()))[1] if c + 1 < mark.column)
        body = b"".join(self._red_cell(number, column, prefix) for column in columns)
        said = _text_cell(number, mark.column, *self._said(number), prefix)
        return b"<" + prefix + f'row r="{number}">'.encode() + body + said + b"</" + prefix + b"row>"

    def _head(self, head: bytes, prefix: bytes, *, empty: bool) -> bytes:
        """What stands before the rows, with the new column's width and the larger dimension."""
        column = self._mark.column
        if not self._mark.again:
            head = _with_width(head, column, prefix)
        head = _DIMENSION.sub(lambda match: match[1] + _wider(match[2], column) + match[3], head, count=1)
        return re.sub(rb"/>$", b">", head) if empty else head


def _text_cell(row: int, column: int, text: str, style: int, prefix: bytes) -> bytes:
    if not text:
        return b""
    p = prefix.decode()
    return (
        f'<{p}c r="{address(row, column)}" s="{style}" t="inlineStr"><{p}is>'
        f'<{p}t xml:space="preserve">{cell_text(text)}</{p}t></{p}is></{p}c>'
    ).encode()


def _restyled(one: Cell, style: int) -> bytes:
    """The same cell with another style."""
    attrs, xml = one.match["attrs"], one.match[0]
    at = one.match.start("attrs") - one.match.start()
    return xml[:at] + put(attrs, b"s", str(style)) + xml[at + len(attrs) :]


def style_of(one: Cell) -> int:
    text = get(one.match["attrs"], b"s")
    return int(text) if text and text.isdigit() else 0


def _with_width(head: bytes, column: int, prefix: bytes) -> bytes:
    """The head with a width for one column; a range that covers it is divided."""
    own = b"<" + prefix + f'col min="{column}" max="{column}" width="{NOTE_WIDTH}" customWidth="1"/>'.encode()
    found = _COLUMNS.search(head)
    if found is None:
        at = head.rfind(b"<" + prefix + b"sheetData")
        return head[:at] + b"<" + prefix + b"cols>" + own + b"</" + prefix + b"cols>" + head[at:]
    made = sorted([*_ranges_around(found[0], column, prefix), (column, own)])
    body = b"".join(xml for _, xml in made)
    return (
        head[: found.start()]
        + b"<"
        + prefix
        + b"cols>"
        + body
        + b"</"
        + prefix
        + b"cols>"
        + head[found.end() :]
    )


def _ranges_around(columns: bytes, column: int, prefix: bytes) -> Iterator[tuple[int, bytes]]:
    """The ranges of `<cols>` without the column."""
    for match in TAG.finditer(columns):
        if local(match["name"] or b"") != b"col" or match["close"]:
            continue
        attrs = match["attrs"]
        first, last = int(get(attrs, b"min") or 0), int(get(attrs, b"max") or 0)
        for low, high in ((first, min(last, column - 1)), (max(first, column + 1), last)):
            if low <= high and (low, high) != (first, last) and first <= column <= last:
                cut = put(put(attrs, b"min", str(low)), b"max", str(high))
                yield low, b"<" + prefix + b"col" + cut + b"/>"
        if not first <= column <= last:
            yield first, b"<" + prefix + b"col" + attrs + b"/>"


def _wider(reference: bytes, column: int) -> bytes:
    area = parse_area(unescape(reference))
    return area._replace(column2=max(area.column2, column)).text().encode() if area else reference
