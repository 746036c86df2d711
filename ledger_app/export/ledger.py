"""Any ledger, any chosen columns, as a formatted workbook that can be imported again.

The house workbook `resources/templates/ledger.xlsx` shows what things look like: row 1 a title, row 2 the
line under it (left and right), row 3 the heads, row 4 one prototype cell per field kind; row 3 names the
kind. Change the look there, in Excel; a new ledger needs no template.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from lxml import etree

from ledger_app import paths
from ledger_app.export.book import MAIN_NS, SheetPlan, Writable, open_book, sheet_names
from ledger_app.export.files import atomic_write
from ledger_app.export.frame import Frame, SheetPaper, cell_range, head_xml, tail_xml
from ledger_app.export.sheet import CellKind, Prototype, address, cell, column_letters, row_blocks, row_xml

HEAD_ROW = 3
FIRST_ROW = 4
MANY_COLUMNS = 18  # beyond this an A4 page becomes too small to read
KIND_OF_CELL: tuple[tuple[str, CellKind], ...] = (
    ("number", "number"),
    ("coordinate", "number"),
    ("date", "date"),
)


@dataclass(frozen=True, slots=True)
class ExportColumn:
    """A column of an export. `kind` is a field kind (text, code, choice, number, coordinate, date, remark …);
    the values of a number stand in `unit`, with `places` decimals shown (None = as they are). `width` is in
    digits; 0 takes the prototype's, widened for the head.
    """

    name: str
    label: str
    kind: str = "text"
    unit: str = ""
    places: int | None = None
    width: float = 0

    @property
    def head(self) -> str:
        """The label with the unit, as the importer reads it: 许可水量（万m³）."""
        return f"{self.label}（{self.unit}）" if self.unit and self.unit not in self.label else self.label


@dataclass(frozen=True, slots=True)
class House:
    """The look of the house workbook: style indexes, widths by prototype, heights by row, the styles part."""

    styles_xml: bytes
    title: int
    left: int
    right: int
    head: int
    prototypes: dict[str, tuple[int, float]]
    heights_pt: tuple[float, ...]

    def prototype(self, column: ExportColumn) -> Prototype:
        return Prototype(_cell_kind(column.kind), self.prototypes[self._key(column)][0])

    def width(self, column: ExportColumn) -> float:
        """Wide enough for the value and for the head on two lines."""
        if column.width:
            return column.width
        head = sum(1 if char.isascii() else 2 for char in column.head)
        return max(self.prototypes[self._key(column)][1], min(head / 2 + 3, 24))

    def _key(self, column: ExportColumn) -> str:
        key = column.kind if column.places is None else f"{column.kind}{min(column.places, 6)}"
        return next(name for name in (key, column.kind, "text") if name in self.prototypes)


def write_ledger(
    path: Path,
    title: str,
    unit_line: str,
    columns: Sequence[ExportColumn],
    rows: Iterable[Sequence[Any]],
    *,
    left_line: str = "",
    house: House | None = None,
) -> int:
    """Write the rows (values in column order, numbers in the column's unit) and return how many there were.

    Rows are taken as they come and never held; the file appears whole or not at all (LedgerError).
    """
    house = house or read_house(paths.resource("templates", "ledger.xlsx"))
    name = sheet_names([title])[0]
    plan = SheetPlan(name, print_rows=(HEAD_ROW, HEAD_ROW))
    with atomic_write(path) as file, open_book(file, house.styles_xml, [plan], title) as book:
        with book.sheet(0) as sheet:
            count = _write_sheet(sheet, house, (title, left_line, unit_line), columns, rows)
        last = column_letters(len(columns) - 1)
        book.set_filter(0, f"$A${HEAD_ROW}:${last}${HEAD_ROW + count}")
    return count


def read_house(path: Path) -> House:
    """Read the look of a house workbook."""
    with ZipFile(path) as archive:
        styles = archive.read("xl/styles.xml")
        sheet = etree.fromstring(archive.read("xl/worksheets/sheet1.xml"))
    rows = {int(row.get("r")): row for row in sheet.iter(_tag("row"))}
    looks = {number: [int(c.get("s", 0)) for c in row.iter(_tag("c"))] for number, row in rows.items()}
    kinds = ["".join(c.itertext()) for c in rows[HEAD_ROW].iter(_tag("c"))]
    widths = [float(col.get("width")) for col in sheet.iter(_tag("col"))]
    return House(
        styles_xml=styles,
        title=looks[1][0],
        left=looks[2][0],
        right=looks[2][-1],
        head=looks[HEAD_ROW][0],
        prototypes=dict(zip(kinds, zip(looks[FIRST_ROW], widths, strict=True), strict=True)),
        heights_pt=tuple(float(rows[number].get("ht", 18)) for number in range(1, FIRST_ROW + 1)),
    )


def _write_sheet(
    sheet: Writable,
    house: House,
    lines: tuple[str, str, str],
    columns: Sequence[ExportColumn],
    rows: Iterable[Sequence[Any]],
) -> int:
    frame = Frame(
        widths=[house.width(column) for column in columns],
        frozen_rows=HEAD_ROW,
        frozen_columns=min(2, len(columns) - 1),
        paper=_paper(columns),
        row_height_pt=house.heights_pt[FIRST_ROW - 1],
    )
    sheet.write(head_xml(frame))
    sheet.write(_top_xml(house, lines, columns).encode())
    count = 0
    for block, size in row_blocks([house.prototype(column) for column in columns], rows, FIRST_ROW):
        sheet.write(block)
        count += size
    last = len(columns) - 1
    sheet.write(
        tail_xml(
            frame,
            merges=_merges(last),
            filter_range=cell_range(HEAD_ROW, 0, HEAD_ROW + count, last),
            text_numbers=cell_range(FIRST_ROW, 0, max(FIRST_ROW, HEAD_ROW + count), last),
        )
    )
    return count


def _top_xml(house: House, lines: tuple[str, str, str], columns: Sequence[ExportColumn]) -> str:
    """Title, the line under it, the heads."""
    title, left, right = lines
    middle = _middle(len(columns) - 1)
    seconds = [left, *[None] * (len(columns) - 1)]
    looks = [house.left if index < middle else house.right for index in range(len(columns))]
    if right:
        seconds[middle] = f"{left}　{right}".strip("　") if middle == 0 else right
    return (
        row_xml(1, [cell(1, 0, title, house.title)], house.heights_pt[0])
        + row_xml(2, _cells(2, seconds, looks), house.heights_pt[1])
        + row_xml(
            HEAD_ROW,
            _cells(HEAD_ROW, [column.head for column in columns], [house.head] * len(columns)),
            house.heights_pt[HEAD_ROW - 1],
        )
    )


def _cells(row: int, values: Sequence[Any], looks: Sequence[int]) -> list[str]:
    return [
        cell(row, index, value, look) for index, (value, look) in enumerate(zip(values, looks, strict=True))
    ]


def _merges(last: int) -> list[str]:
    """The title over all columns, the second line in two halves; a range of one cell is no merge."""
    middle = _middle(last)
    spans = [(1, 0, last), (2, 0, middle - 1), (2, middle, last)]
    return [f"{address(row, first)}:{address(row, end)}" for row, first, end in spans if end > first]


def _middle(last: int) -> int:
    return (last + 1) // 2


def _paper(columns: Sequence[ExportColumn]) -> SheetPaper:
    return "a3_landscape" if len(columns) > MANY_COLUMNS else "a4_landscape"


def _cell_kind(kind: str) -> CellKind:
    return dict(KIND_OF_CELL).get(kind, "text")


def _tag(name: str) -> str:
    return f"{{{MAIN_NS}}}{name}"
