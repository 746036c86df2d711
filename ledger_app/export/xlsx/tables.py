"""The tables (Excel's own) of a workbook: their names, places and column names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ledger_app.export.xlsx.book import Book, Sheet, parse
from ledger_app.export.xlsx.refs import Area, parse_area
from ledger_app.export.xlsx.xmltext import whole


@dataclass(frozen=True, slots=True)
class Table:
    """`header_rows` is 0 or 1; `columns` the names in order."""

    part: str
    sheet: Sheet
    name: str
    area: Area
    header_rows: int
    columns: tuple[str, ...]


def read_tables(book: Book) -> Iterator[Table]:
    for sheet in book.sheets:
        yield from sheet_tables(book, sheet)


def sheet_tables(book: Book, sheet: Sheet) -> Iterator[Table]:
    for part in book.targets(sheet.part, "table"):
        root = parse(book.package.read(part))
        area = parse_area(root.get("ref") or "")
        if area is None:
            continue
        columns = tuple(item.get("name") or "" for item in root.iterfind("{*}tableColumns/{*}tableColumn"))
        header = whole(root.get("headerRowCount"), 1)
        name = root.get("displayName") or root.get("name") or ""
        yield Table(part, sheet, name, area, header, columns)
