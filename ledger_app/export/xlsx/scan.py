"""The first pass over a sheet: where its formulas and merged cells are, and what the rows to be filled look like."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ledger_app.export.xlsx.book import Sheet
from ledger_app.export.xlsx.formulas import Formula, parse_formula
from ledger_app.export.xlsx.package import Package
from ledger_app.export.xlsx.refs import MAX_COLUMN, Area, address, parse_area
from ledger_app.export.xlsx.sheetxml import FORMULA, VALUE, Row, SheetStream, cells, has_formula
from ledger_app.export.xlsx.xmltext import TAG, decimal, get, local, unescape, whole


@dataclass(slots=True)
class FormulaCell:
    """A cell with a formula. `area` is what an array, a shared or a data-table formula covers."""

    row: int
    column: int
    text: str
    kind: str = "normal"  # normal, shared, array, dataTable
    group: str = ""
    area: Area | None = None
    has_value: bool = False

    @property
    def place(self) -> str:
        return address(self.row, self.column)


@dataclass(slots=True)
class Group:
    """A shared formula: the cell it is written in and all cells that use it."""

    master: FormulaCell
    formula: Formula
    members: list[tuple[int, int]] = field(default_factory=list)
    expand: bool = False  # each cell gets its own text

    def at(self, row: int, column: int) -> Formula:
        return self.formula.moved(row - self.master.row, column - self.master.column)

    @property
    def extent(self) -> Area:
        rows, columns = [row for row, _ in self.members], [column for _, column in self.members]
        return Area(min(rows), min(columns), max(rows), max(columns))


@dataclass(slots=True)
class SheetScan:
    """What the first pass found. `arrays` are the formulas that fill several cells, `rows` the text of the
    rows asked for."""

    sheet: Sheet
    head: bytes = b""
    tail: bytes = b""
    prefix: bytes = b""
    formulas: dict[tuple[int, int], FormulaCell] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    arrays: list[FormulaCell] = field(default_factory=list)
    rows: dict[int, Row] = field(default_factory=dict)
    last_row: int = 0

    def formula(self, cell: FormulaCell) -> Formula:
        group = self.groups.get(cell.group) if cell.kind == "shared" else None
        return group.at(cell.row, cell.column) if group else parse_formula(cell.text)

    def array_at(self, row: int, column: int) -> FormulaCell | None:
        return next((a for a in self.arrays if a.area and a.area.holds(row, column)), None)


def has_formulas(package: Package, sheet: Sheet) -> bool:
    return SheetStream(package.blocks(sheet.part)).has_formulas()


def scan_sheet(package: Package, sheet: Sheet, wanted: set[int]) -> SheetScan:
    """One pass; the rows in `wanted` are kept as text."""
    stream = SheetStream(package.blocks(sheet.part))
    scan = SheetScan(sheet, head=stream.head, prefix=stream.prefix)
    for row in stream.rows():
        scan.last_row = max(scan.last_row, row.number)
        if row.number in wanted:
            scan.rows[row.number] = row
        if has_formula(row.xml):
            _take_formulas(scan, row)
    scan.tail = stream.tail
    _join_groups(scan)
    return scan


def _take_formulas(scan: SheetScan, row: Row) -> None:
    for cell in cells(row.xml):
        body = cell.match["body"]
        match = FORMULA.search(body) if body else None
        if match is None:
            continue
        found = _formula_cell(row.number, cell.column, match)
        found.has_value = VALUE.search(body) is not None
        scan.formulas[row.number, cell.column] = found
        if found.kind in {"array", "dataTable"} and found.area and found.area.text() != found.place:
            scan.arrays.append(found)


def _formula_cell(row: int, column: int, match: re.Match[bytes]) -> FormulaCell:
    attrs = match["attrs"]
    text = unescape(match["text"] or b"")
    if not attrs:
        return FormulaCell(row, column, text)
    area = parse_area(get(attrs, b"ref") or "")
    kind, group = get(attrs, b"t") or "normal", get(attrs, b"si") or ""
    if kind in {"array", "dataTable"} and area is None:
        area = Area(row, column, row, column)
    return FormulaCell(row, column, text, kind, group, area)


def _join_groups(scan: SheetScan) -> None:
    shared = [cell for cell in scan.formulas.values() if cell.kind == "shared"]
    for cell in shared:
        if cell.text and cell.group not in scan.groups:
            scan.groups[cell.group] = Group(cell, parse_formula(cell.text))
    for cell in shared:
        if group := scan.groups.get(cell.group):
            group.members.append((cell.row, cell.column))


def merged_areas(tail: bytes) -> list[Area]:
    if b"mergeCell" not in tail:
        return []
    areas = []
    for match in TAG.finditer(tail):
        if match["name"] and local(match["name"]) == b"mergeCell" and not match["close"]:
            area = parse_area(get(match["attrs"], b"ref") or "")
            if area:
                areas.append(area)
    return areas


@dataclass(frozen=True, slots=True)
class Columns:
    """What `<cols>` says of the columns: width in characters and style, with the sheet's default."""

    ranges: tuple[tuple[int, int, float | None, int], ...]
    default_width: float

    def width(self, column: int) -> float:
        for first, last, width, _ in self.ranges:
            if first <= column <= last and width is not None:
                return width
        return self.default_width

    def styles(self) -> dict[int, int]:
        """Columns that have a style of their own."""
        return {c: style for first, last, _, style in self.ranges if style for c in range(first, last + 1)}


def read_columns(head: bytes) -> Columns:
    ranges = []
    default = 8.43
    for match in TAG.finditer(head):
        name = local(match["name"] or b"")
        if name == b"sheetFormatPr":
            base = decimal(get(match["attrs"], b"baseColWidth"))
            default = decimal(get(match["attrs"], b"defaultColWidth")) or base or default
        elif name == b"col" and not match["close"]:
            attrs = match["attrs"]
            hidden = get(attrs, b"hidden") in {"1", "true"}
            ranges.append(
                (
                    whole(get(attrs, b"min")),
                    min(whole(get(attrs, b"max")), MAX_COLUMN),
                    0.0 if hidden else decimal(get(attrs, b"width")),
                    whole(get(attrs, b"style")),
                )
            )
    return Columns(tuple(ranges), default)
