"""How a sheet is laid out: title, unit line, header, data, totals, notes, signatures; and its columns' values.

Row numbers in a layout are Excel's (from 1), column indexes count from 0.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from statistics import mean
from typing import Final, Literal

from ledger_app.ingest.body import Body, read_body
from ledger_app.ingest.child import Cell, Merge
from ledger_app.ingest.header import Header, Knows, find_header, known_labels
from ledger_app.ingest.row_words import (
    is_meta_in_pairs,
    is_meta_row,
    is_note,
    is_number,
    is_period,
    shown,
    total_name,
)
from ledger_app.ingest.window import WINDOW, Window
from ledger_app.ingest.workbook import Sheet, column_letter

_EXPLAINS: Final = re.compile(r"说明|须知|要求|解释|示例|字典|代码表|下拉|选项|目录|封面")
_WORDY: Final = 18  # characters a cell; a table of explanations holds more than a ledger
_DITTO: Final = frozenset(
    {"同上", "同前", "上同", "仝上", "〃", "″", '"', "“", "”", "''", "′′", "々", "同", '""'}
)
_UNIT_LINE: Final = re.compile(
    r"(?:^|[\s（(、，,；;])(?:计量|数量|金额|面积|水量)?单位\s*(?:[:：]|[（(]|\s)\s*(?P<units>[^:：\n]+)"
)
_UNIT_SEPARATOR: Final = re.compile(r"[、,，;；]|\s+和\s*")
_ASIDE: Final = re.compile(r"[（(][^（）()]*[）)]")
_OFFICE: Final = re.compile(r".*(?:局|政府|镇|乡|苏木|街道|站|所|公司|委员会|中心|办|厅|队|村|嘎查)")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table; `path` holds its header from the group down to its own label, as written."""

    index: int
    letter: str
    path: tuple[str, ...]
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class SheetLayout:
    """What each row is. A table without a header has header_rows (0, 0) and empty paths.

    `section_rows` are banners across the table (一、东河镇) with their text, `number_rows` the lines of
    column numbers under a header. `outline`: rows called 合计 or 小计 head the rows below them (a plan
    broken down from county to well) and are data.
    """

    kind: Literal["data", "not_data", "empty"]
    title_rows: tuple[int, ...] = ()
    meta_rows: tuple[int, ...] = ()
    header_rows: tuple[int, int] = (0, 0)
    columns: tuple[Column, ...] = ()
    data_rows: Sequence[int] = ()
    subtotal_rows: tuple[int, ...] = ()
    total_rows: tuple[int, ...] = ()
    blank_rows: tuple[int, ...] = ()
    repeated_header_rows: tuple[int, ...] = ()
    note_rows: tuple[int, ...] = ()
    footer_rows: tuple[int, ...] = ()
    number_rows: tuple[int, ...] = ()
    section_rows: tuple[tuple[int, str], ...] = ()
    title_text: str = ""
    meta_text: str = ""
    outline: bool = False


def find_layout(sheet: Sheet, knows: Knows | None = None, *, outline: bool | None = None) -> SheetLayout:
    """The layout of the sheet's table.

    `knows` tells whether a text is a heading the caller can use; it only breaks ties. `outline` forces
    or forbids reading total rows as heads of what follows; None decides by the rows themselves.
    """
    if not any(shown(cell) for row in sheet.rows for cell in row):
        return SheetLayout("empty")
    rows = sheet.rows[:WINDOW]
    window = Window(rows, _clipped(sheet, len(rows)))
    header = find_header(window, knows)
    if header is None and not _is_bare_table(window):
        return SheetLayout("not_data")
    if header and _explains(sheet, window, header, knows):
        return SheetLayout("not_data")
    header = header or Header(-1, -1, None, dict.fromkeys(sorted(window.covered_columns(0)), ()))
    titles, metas, notes = _lines_above(window, header)
    body = read_body(sheet, header, titles=[_line(window, row) for row in titles], outline=outline)
    body.notes[:0] = notes
    return _layout(sheet, window, header, titles, metas, body)


def _clipped(sheet: Sheet, height: int) -> list[Merge]:
    """Merges that begin in the first rows; a title is often joined over more columns than hold anything."""
    right, low = len(sheet.rows[0]) - 1, len(sheet.rows) - 1
    inside = (merge for merge in sheet.merges if merge[0] < height and merge[1] <= right)
    return [(top, left, min(bottom, low), min(end, right)) for top, left, bottom, end in inside]


def _layout(
    sheet: Sheet, window: Window, header: Header, titles: list[int], metas: list[int], body: Body
) -> SheetLayout:
    def numbers(rows: Sequence[int]) -> tuple[int, ...]:
        return tuple(map(sheet.excel_row, rows))

    number_rows = [] if header.number_row is None else [header.number_row]
    return SheetLayout(
        kind="data",
        title_rows=numbers(sorted([*titles, *body.titles])),
        meta_rows=numbers(sorted([*metas, *body.metas])),
        header_rows=(sheet.excel_row(header.first), sheet.excel_row(header.last)),
        columns=tuple(
            Column(index, column_letter(index), path, index in sheet.hidden_columns)
            for index, path in header.paths.items()
        ),
        data_rows=body.data_numbers(sheet.excel_row(0)),
        subtotal_rows=numbers(body.subtotals),
        total_rows=numbers(body.totals),
        blank_rows=numbers(body.blanks),
        repeated_header_rows=numbers(body.repeated_headers),
        note_rows=numbers(body.notes),
        footer_rows=numbers(body.footers),
        number_rows=numbers(sorted([*number_rows, *body.number_rows])),
        section_rows=tuple((sheet.excel_row(row), text) for row, text in body.sections),
        title_text="\n".join(_line(window, row) for row in titles),
        meta_text="\n".join(_line(window, row) for row in metas),
        outline=body.outline,
    )


def _line(window: Window, row: int) -> str:
    return "  ".join(text for _, text in window.filled(row))


def _lines_above(window: Window, header: Header) -> tuple[list[int], list[int], list[int]]:
    """Rows above the header: titles, lines that say who, when and in which unit, and notes."""
    titles: list[int] = []
    metas: list[int] = []
    notes: list[int] = []
    for row in filter(window.filled, range(header.first)):
        filled = window.filled(row)
        if is_note(filled[0][1]) and len(filled) <= 2:
            notes.append(row)
        elif is_meta_row(filled) or is_meta_in_pairs(filled) or all(is_period(text) for _, text in filled):
            metas.append(row)
        else:
            titles.append(row)
    return titles, metas, notes


def _is_bare_table(window: Window) -> bool:
    """Rows of several cells with numbers among them, but no header: a paste from another table."""
    wide = [
        row
        for row, cells in enumerate(window.rows)
        if len(window.filled(row)) >= 3 and any(map(is_number, cells))
    ]
    return bool(wide) and len(wide) * 2 >= sum(bool(window.filled(row)) for row in range(len(window.rows)))


def _explains(sheet: Sheet, window: Window, header: Header, knows: Knows | None) -> bool:
    """A sheet of instructions may hold a small table of its own; the caller's words tell it from data."""
    if sum(known_labels(window, row, knows) for row in range(header.first, header.last + 1)) >= 2:
        return False
    if _EXPLAINS.search(sheet.name):
        return True
    if len(header.paths) > 3:
        return False
    below = window.rows[header.last + 1 :]
    columns = [[cell for row in below if shown(cell := row[column])] for column in header.paths]
    numbers = sum(is_number(cell) for column in columns for cell in column)
    return not numbers and any(mean(len(shown(c)) for c in column) > _WORDY for column in columns if column)


def units_from_meta(meta_text: str) -> list[str]:
    """The units a line such as 单位：米、亩、万m³ names, as written; 填报单位 is none."""
    found = []
    for match in _UNIT_LINE.finditer(meta_text):
        stated = re.split(r"\s{2,}|\s(?=\S+[:：])", match["units"].strip())[0]
        for part in _UNIT_SEPARATOR.split(_ASIDE.sub("", stated)):
            unit = part.strip(" 　（()）。.")
            if unit and len(unit) <= 10 and not _OFFICE.fullmatch(unit):
                found.append(unit)
    return found


def column_values(sheet: Sheet, layout: SheetLayout, column: int) -> list[Cell]:
    """The column's raw cells, one for each row of `layout.data_rows`."""
    rows, first = sheet.rows, sheet.excel_row(0)
    numbers = layout.data_rows
    if isinstance(numbers, range):
        return [row[column] for row in rows[numbers.start - first : numbers.stop - first]]
    picked = map(rows.__getitem__, [number - first for number in numbers])
    return [row[column] for row in picked]


def section_texts(layout: SheetLayout) -> list[str]:
    """The banner each data row stands under (一、东河镇), "" before the first; one for each data row."""
    starts = [row for row, _ in layout.section_rows]
    texts = ["", *(text for _, text in layout.section_rows)]
    return [texts[bisect_right(starts, number)] for number in layout.data_rows]


def filled_column(
    sheet: Sheet,
    layout: SheetLayout,
    column: int,
    *,
    mode: Literal["place", "ditto"] = "place",
    reset_by: int | None = None,
) -> list[Cell]:
    """The column's values with merged cells, 同上 and its like resolved, one for each data row.

    "place": a blank takes the value above (a town is written once); "ditto": only where that is said.
    `reset_by` is the column of the larger place: when it changes, nothing is taken from above.
    """
    values = column_values(sheet, layout, column)
    merged = _merged_values(sheet, column)
    special = {value for value in set(values) if shown(value) in _DITTO or not shown(value)}
    if not special and not merged:
        return values
    heads = _names_of_heads(sheet, layout, column) if mode == "place" else {}
    outer = filled_column(sheet, layout, reset_by) if reset_by is not None else None
    return _fill(sheet, layout, values, merged, heads, outer, mode == "place")


def _fill(
    sheet: Sheet,
    layout: SheetLayout,
    values: list[Cell],
    merged: dict[int, Cell],
    heads: dict[int, str],
    outer: list[Cell] | None,
    fill_blanks: bool,
) -> list[Cell]:
    first = sheet.excel_row(0)
    current: Cell = ""
    pending = sorted(heads)
    filled: list[Cell] = []
    for place, number in enumerate(layout.data_rows):
        if outer and place and outer[place] != outer[place - 1]:
            current = ""
        while pending and pending[0] < number:
            current = heads[pending.pop(0)]
        value = merged.get(number - first, values[place])
        text = shown(value)
        if text in _DITTO or (not text and fill_blanks):
            value = current
        if shown(value):
            current = value
        filled.append(value)
    return filled


def _merged_values(sheet: Sheet, column: int) -> dict[int, Cell]:
    """Row index → value of the merge that covers the column there (merges over several rows only)."""
    tall = (m for m in sheet.merges if m[1] <= column <= m[3] and m[2] > m[0] and m[0] < len(sheet.rows))
    spread = ((range(m[0], min(m[2] + 1, len(sheet.rows))), sheet.rows[m[0]][m[1]]) for m in tall)
    return dict(chain.from_iterable(((row, value) for row in rows) for rows, value in spread))


def _names_of_heads(sheet: Sheet, layout: SheetLayout, column: int) -> dict[int, str]:
    """Names that subtotal rows give in this column (东升嘎查 | 小计, 东升嘎查小计): they may head what follows."""
    first = sheet.excel_row(0)
    found = {}
    for number in layout.subtotal_rows:
        text = shown(sheet.rows[number - first][column])
        total = total_name(text)
        name = total[1] if total else text
        if name and not is_number(sheet.rows[number - first][column]):
            found[number] = name
    return found
