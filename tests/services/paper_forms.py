"""Forms as superiors send them, made for tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import openpyxl
from openpyxl.styles import Border, Side
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

THIN = Side(style="thin")
RULED = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)


def make_form(
    path: Path,
    lines: Mapping[str, object],
    *,
    ruled: str,
    merged: Sequence[str] = (),
    formats: Mapping[str, str] | None = None,
    lists: Mapping[str, str] | None = None,
    sheet: str = "Sheet1",
) -> Path:
    """A workbook of one sheet: cells by address, an area with borders, merges, number formats of columns
    (within the ruled area), drop-downs by area."""
    book = openpyxl.Workbook()
    page = book.active
    page.title = sheet
    for place, value in lines.items():
        page[place] = value
    for row in page[ruled]:
        for cell in row:
            cell.border = RULED
            if formats and cell.column_letter in formats:
                cell.number_format = formats[cell.column_letter]
    for area in merged:
        page.merge_cells(area)
    for area, words in (lists or {}).items():
        rule = DataValidation(type="list", formula1=f'"{words}"')
        rule.add(area)
        page.add_data_validation(rule)
    book.save(path)
    return path


def header(row: int, *names: str, first: int = 1) -> dict[str, object]:
    """A header row of one line."""
    return {f"{openpyxl.utils.get_column_letter(first + n)}{row}": name for n, name in enumerate(names)}


def opened(path: Path, sheet: str | None = None) -> Worksheet:
    book = openpyxl.load_workbook(path)
    return book[sheet] if sheet else book.worksheets[0]


def values(page: Worksheet, row: int) -> list[object]:
    return [cell.value for cell in page[row]]
