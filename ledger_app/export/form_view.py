"""A form as it stands: texts, formulas, merges, widths, looks and drop-downs of its first rows.

What a proposal is made over and what the window draws; the file is only read. A sheet may have a million
formatted rows: only the first are kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import Final

from ledger_app.export.xlsx.book import Book, parse, read_book
from ledger_app.export.xlsx.book import Sheet as BookSheet
from ledger_app.export.xlsx.looks import Look, read_looks
from ledger_app.export.xlsx.package import damage_is_a_sentence, open_package
from ledger_app.export.xlsx.refs import Area, parse_area, parse_areas
from ledger_app.export.xlsx.scan import Columns, SheetScan, merged_areas, read_columns, scan_sheet
from ledger_app.export.xlsx.sheetxml import Cell, Row, cells
from ledger_app.export.xlsx.styles import shows_date
from ledger_app.export.xlsx.xmltext import NAME, get, unescape, whole

__all__ = ["FormCell", "FormSheet", "FormView", "Look", "view_form"]

MOST_ROWS: Final = 3000
MOST_WORDS: Final = 500  # of a drop-down
_DEFAULT_HEIGHT: Final = 15.0
_TEXT: Final = re.compile(rb"<" + NAME + rb"t\b[^>]*?>(.*?)</" + NAME + rb"t\s*>", re.DOTALL)
_VALUE: Final = re.compile(rb"<" + NAME + rb"v\b[^>]*?>(.*?)</" + NAME + rb"v\s*>", re.DOTALL)
_HEIGHT: Final = re.compile(rb"<" + NAME + rb"row\b[^>]*?\sht\s*=\s*[\"']([\d.]+)[\"']")
_VALIDATION: Final = re.compile(
    rb"<(?P<n>" + NAME + rb"dataValidation)\b(?P<attrs>[^>]*?)>(?P<body>.*?)</(?P=n)\s*>", re.DOTALL
)
_FORMULA1: Final = re.compile(rb"<" + NAME + rb"formula1\b[^>]*>(.*?)</" + NAME + rb"formula1\s*>", re.DOTALL)
_SQREF: Final = re.compile(rb"<" + NAME + rb"sqref\b[^>]*>(.*?)</" + NAME + rb"sqref\s*>", re.DOTALL)
_RANGE: Final = re.compile(r"(?:(?P<sheet>'(?:[^']|'')+'|[^'!]+)!)?(?P<area>\$?[A-Z]+\$?\d+:\$?[A-Z]+\$?\d+)")
_TAGS: Final = re.compile(rb"<[^>]*>")


@dataclass(frozen=True, slots=True)
class FormCell:
    """What a cell shows, the formula behind it (None: none) and the number of its look."""

    text: str
    formula: str | None
    look: int


@dataclass(frozen=True, eq=False)
class FormSheet:
    """One sheet; rows and columns count from 1. `lists`: where a drop-down offers which words."""

    name: str
    rows: Mapping[int, Mapping[int, FormCell]]
    merges: tuple[Area, ...]
    columns: Columns
    heights: Mapping[int, float]
    lists: tuple[tuple[Area, tuple[str, ...]], ...]
    last_row: int
    default_height: float = _DEFAULT_HEIGHT

    def cell(self, row: int, column: int) -> FormCell | None:
        return self.rows.get(row, {}).get(column)

    def text(self, row: int, column: int) -> str:
        cell = self.cell(row, column)
        return cell.text if cell else ""

    def height(self, row: int) -> float:
        return self.heights.get(row, self.default_height)

    @cached_property
    def last_column(self) -> int:
        return max((column for row in self.rows.values() for column in row), default=1)

    def words_at(self, row: int, column: int) -> tuple[str, ...]:
        """The words a drop-down offers there; none where there is no drop-down."""
        return next((words for area, words in self.lists if area.holds(row, column)), ())

    def merge_at(self, row: int, column: int) -> Area | None:
        return next((area for area in self.merges if area.holds(row, column)), None)


@dataclass(frozen=True, slots=True)
class FormView:
    sheets: tuple[FormSheet, ...]
    looks: tuple[Look, ...]

    def sheet(self, name: str) -> FormSheet | None:
        return next((sheet for sheet in self.sheets if sheet.name == name), None)

    def look(self, cell: FormCell | None) -> Look:
        return self.looks[cell.look] if cell and cell.look < len(self.looks) else Look()


def view_form(path: Path) -> FormView:
    """The sheets of a form. LedgerError with a sentence for what is no .xlsx, damaged or locked."""
    with damage_is_a_sentence(), open_package(path) as package:
        book = read_book(package)
        return _Viewer(book).view()


@dataclass
class _Viewer:
    book: Book
    _lists: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def view(self) -> FormView:
        self.looks = read_looks(self.book)
        sheets = [sheet for sheet in self.book.sheets if sheet.kind == "worksheet"]
        wanted = set(range(1, MOST_ROWS + 1))
        scans = {sheet.name: scan_sheet(self.book.package, sheet, wanted) for sheet in sheets}
        self.strings = _shared_strings(self.book) if scans else []
        self.rows = {name: self._rows(scan) for name, scan in scans.items()}
        return FormView(tuple(self._sheet(sheet, scans[sheet.name]) for sheet in sheets), tuple(self.looks))

    def _sheet(self, sheet: BookSheet, scan: SheetScan) -> FormSheet:
        heights = {
            number: float(match[1]) for number, row in scan.rows.items() if (match := _HEIGHT.match(row.xml))
        }
        return FormSheet(
            name=sheet.name,
            rows=self.rows[sheet.name],
            merges=tuple(merged_areas(scan.tail)),
            columns=read_columns(scan.head),
            heights=heights,
            lists=tuple(self._drop_downs(sheet, scan)),
            last_row=scan.last_row,
        )

    # ---- cells ---------------------------------------------------------------------------------

    def _rows(self, scan: SheetScan) -> dict[int, dict[int, FormCell]]:
        return {number: self._cells(scan, row) for number, row in sorted(scan.rows.items())}

    def _cells(self, scan: SheetScan, row: Row) -> dict[int, FormCell]:
        found = {}
        for cell in cells(row.xml):
            formula = scan.formulas.get((row.number, cell.column))
            look = whole(get(cell.match["attrs"], b"s"))
            text = self._text(cell, look)
            found[cell.column] = FormCell(text, scan.formula(formula).text() if formula else None, look)
        return found

    def _text(self, cell: Cell, look: int) -> str:
        kind, body = get(cell.match["attrs"], b"t"), cell.match["body"] or b""
        if kind == "inlineStr":
            return "".join(unescape(match[1]) for match in _TEXT.finditer(body))
        value = _VALUE.search(body)
        if value is None:
            return ""
        text = unescape(value[1])
        if kind == "s":
            return self.strings[int(text)] if text.isdigit() and int(text) < len(self.strings) else ""
        return text if kind in {"str", "e", "b", "d"} else self._number(text, look)

    def _number(self, text: str, look: int) -> str:
        """A number as its digits, a date's serial as the day."""
        try:
            number = float(text)
        except ValueError:
            return text
        code = self.looks[look].number_format if look < len(self.looks) else ""
        if shows_date(code) and 1 <= number < 2_958_466:
            epoch = date(1904, 1, 1) if self.book.date1904 else date(1899, 12, 30)
            return (epoch + timedelta(days=int(number))).isoformat()
        return f"{number:.12g}"

    # ---- drop-downs ----------------------------------------------------------------------------

    def _drop_downs(self, sheet: BookSheet, scan: SheetScan) -> Iterator[tuple[Area, tuple[str, ...]]]:
        for match in _VALIDATION.finditer(scan.tail):
            if get(match["attrs"], b"type") != "list":
                continue
            source = _FORMULA1.search(match["body"])
            named = _SQREF.search(match["body"])
            places = get(match["attrs"], b"sqref") or (unescape(named[1]) if named else "")
            words = self._words(sheet, unescape(_TAGS.sub(b"", source[1])).strip()) if source else ()
            yield from ((area, words) for area in parse_areas(places) if words)

    def _words(self, sheet: BookSheet, formula: str) -> tuple[str, ...]:
        """A list written out, a range, or a name for a range; anything else offers nothing we know."""
        if formula.startswith('"'):
            return tuple(word.strip() for word in formula.strip('"').split(",") if word.strip())
        texts = {name.name.casefold(): name.text for name in self.book.names}
        match = _RANGE.fullmatch(texts.get(formula.casefold(), formula))
        area = parse_area(match["area"].replace("$", "")) if match else None
        if match is None or area is None or area.row2 - area.row1 > MOST_WORDS:
            return ()
        name = (match["sheet"] or sheet.name).strip("'").replace("''", "'")
        rows = self.rows.get(name, {})
        texts_there = (
            rows[row][column].text
            for row in range(area.row1, area.row2 + 1)
            for column in range(area.column1, area.column2 + 1)
            if column in rows.get(row, {})
        )
        return tuple(text for text in texts_there if text)


def _shared_strings(book: Book) -> list[str]:
    """The texts of the workbook without their phonetic hints."""
    for part in book.targets(book.part, "sharedStrings"):
        root = parse(book.package.read(part))
        return ["".join(_runs(item)) for item in root.iterfind("{*}si")]
    return []


def _runs(item: object) -> Iterator[str]:
    for text in item.iterfind("{*}t"):  # type: ignore[attr-defined]
        yield text.text or ""
    for text in item.iterfind("{*}r/{*}t"):  # type: ignore[attr-defined]
        yield text.text or ""
