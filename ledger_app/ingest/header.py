"""Where a table's header stands and what each column is called: by shape and merges, not by vocabulary."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from ledger_app.ingest.child import Cell
from ledger_app.ingest.row_words import (
    is_calendar_number,
    is_label,
    is_meta_in_pairs,
    is_meta_row,
    is_number_row,
    is_period,
    is_unit,
    is_unit_row,
    shown,
    squeezed,
    total_name,
)
from ledger_app.ingest.window import Window

_DEEPEST: Final = 4
_TOTAL_COLUMNS: Final = 4
_YEAR: Final = re.compile(r"(?:19|20)\d\d(?:年度?)?")
Knows = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Header:
    """Rows first … last (from 0), the row of column numbers under them, and each column's path."""

    first: int
    last: int
    number_row: int | None
    paths: dict[int, tuple[str, ...]]


def find_header(window: Window, knows: Knows | None = None) -> Header | None:
    """The header of the first table in the window, or None if no row looks like one."""
    start = _main_row(window, knows)
    if start is None:
        return None
    first = _with_rows_above(window, start)
    last = _with_rows_below(window, first, start, knows)
    number_row = last + 1 if is_number_row(window.filled(last + 1)) else None
    return Header(first, last, number_row, _paths(window, first, last))


def known_labels(window: Window, row: int, knows: Knows | None) -> int:
    return sum(knows(text) for _, text in window.filled(row)) if knows else 0


def _main_row(window: Window, knows: Knows | None) -> int | None:
    """The first row that is wide and all labels; a later one if the caller knows clearly more of its words."""
    candidates = [row for row in range(len(window.rows)) if _is_heading(window, row)]
    if not candidates:
        return None
    first = _past_split_title(window, candidates)
    hits = known_labels(window, first, knows)
    if knows and hits < 2:
        best = max(candidates, key=lambda row: (known_labels(window, row, knows), -row))
        return best if known_labels(window, best, knows) >= hits + 2 else first
    return first


def _past_split_title(window: Window, candidates: Sequence[int]) -> int:
    """A title cut into two or three cells looks like a narrow header; the header stands right below it."""
    first = candidates[0]
    below = first + 1
    if below not in candidates or len(window.filled(first)) > 3 or _is_sub_level(window, first, below):
        return first
    wider = len(window.covered_columns(below)) * 3 >= len(window.covered_columns(first)) * 4
    return below if wider and not _recurs(window, below) else first


def _is_heading(window: Window, row: int) -> bool:
    filled = window.filled(row)
    if len(filled) < 2 or is_number_row(filled) or is_meta_row(filled) or total_name(filled[0][1]):
        return False
    if not _labels_only(window, row) or _is_pairs_above_header(window, row):
        return False
    columns = window.covered_columns(row)
    if 2 * len(columns) < window.width and _is_sub_level(window, row, row + 1):
        columns = columns | window.covered_columns(row + 1)
    return 2 * len(columns) >= window.width


def _is_pairs_above_header(window: Window, row: int) -> bool:
    """A header may begin with 填报单位 too; then no wider row of labels follows."""
    count = len(window.filled(row))
    below = range(row + 1, min(row + 4, len(window.rows)))
    wider = any(len(window.filled(r)) > count and _labels_only(window, r) for r in below)
    return wider and is_meta_in_pairs(window.filled(row))


def _labels_only(window: Window, row: int) -> bool:
    """Labels, and between them at most a run of years, months or days."""
    cells = [window.rows[row][column] for column, _ in window.filled(row)]
    labels = sum(map(is_label, cells))
    if labels < 1 or labels * 5 >= len(cells) * 4:
        return labels * 5 >= len(cells) * 4
    others = [cell for cell in cells if not is_label(cell)]
    return all(map(is_calendar_number, others)) and _rising(others) and len(others) > 1


def _rising(cells: Sequence[Cell]) -> bool:
    """Years or months side by side; a run may start again (1 2 3 1 2 3)."""
    texts = [shown(cell) for cell in cells]
    numbers = [int(text) if text.isdigit() else index for index, text in enumerate(texts)]
    steps = [after - before for before, after in pairwise(numbers)]
    return sum(step == 1 for step in steps) * 3 >= len(steps) * 2


def _with_rows_above(window: Window, start: int) -> int:
    """A row of group names over part of the table belongs to the header."""
    first = start
    while first and start - first < _DEEPEST - 1 and _is_group_row(window, first - 1, first):
        first -= 1
    return first


def _is_group_row(window: Window, row: int, below: int) -> bool:
    filled = window.filled(row)
    columns = window.covered_columns(below) | _reaching_down(window, row, below)
    if not filled or not all(_is_group_name(window.rows[row][column]) for column, _ in filled):
        return False
    if all(is_period(text) and not _YEAR.fullmatch(squeezed(text)) for _, text in filled):
        return False  # a date above the table's right edge
    covered = window.covered_columns(row)
    grouped = [window.spans.get((row, column)) for column, _ in filled]
    wide = [merge for merge in grouped if merge and merge[3] > merge[1]]
    if len(filled) == 1:
        return bool(wide) and covered < columns and min(columns) not in covered
    if min(covered) < min(columns) or _completes(window, row, below):
        return True
    return covered <= columns and (bool(wide) or min(columns) not in covered)


def _completes(window: Window, row: int, below: int) -> bool:
    """Without merges: either row heads columns that the other leaves blank, as no title or unit line does."""
    upper, lower = ({column for column, _ in window.filled(r)} for r in (row, below))
    return (
        len(upper) > 2
        and bool(upper - lower)
        and bool(lower - upper)
        and not is_meta_in_pairs(window.filled(row))
    )


def _reaching_down(window: Window, row: int, below: int) -> set[int]:
    """Columns whose heading is merged from the upper row into the lower: they belong to both."""
    tall = (m for (top, _), m in window.spans.items() if top == row and m[2] >= below)
    return {column for merge in tall for column in range(merge[1], merge[3] + 1)}


def _is_group_name(cell: Cell) -> bool:
    """Short words; 单位：… stands above the table, not in its header."""
    text = squeezed(shown(cell))
    return is_label(cell) and len(text) <= 20 and "：" not in text and ":" not in text


def _with_rows_below(window: Window, first: int, start: int, knows: Knows | None) -> int:
    last = start
    while last + 1 < len(window.rows) and last + 1 - first < _DEEPEST:
        last_merged = _end_of_merges(window, first, last)
        if last_merged > last:
            last = min(last_merged, first + _DEEPEST - 1, len(window.rows) - 1)
        elif _continues(window, first, last + 1, knows):
            last += 1
        else:
            break
    return last


def _continues(window: Window, first: int, row: int, knows: Knows | None) -> bool:
    """Whether a row belongs to the header above it; a banner in the first column (一、东河镇) does not."""
    filled = window.filled(row)
    if len(filled) == 1 and filled[0][0] == min(window.covered_columns(first)):
        return False
    return _is_sub_level(window, row - 1, row) or _is_units(window, row) or _is_known(window, row, knows)


def _is_units(window: Window, row: int) -> bool:
    """Units under the labels, perhaps with a label or two among them; a record never holds a unit alone."""
    filled = window.filled(row)
    units = sum(is_unit(text) for _, text in filled)
    return is_unit_row(filled) or (2 * units >= len(filled) > 0 and _labels_only(window, row))


def _is_known(window: Window, row: int, knows: Knows | None) -> bool:
    """Headings the caller knows, below a row of headings: without merges nothing else tells them from data."""
    filled = window.filled(row)
    if not filled or not _labels_only(window, row) or _recurs(window, row):
        return False
    if total_name(filled[0][1]) and filled[0][0] < _TOTAL_COLUMNS:  # 合计 further right heads a column
        return False
    known = known_labels(window, row, knows)
    return 2 * known > len(filled) if len(filled) > 2 else known == len(filled)


def _end_of_merges(window: Window, first: int, last: int) -> int:
    """A cell merged downwards from the header says how deep the header is."""
    ends = [
        merge[2]
        for merge in window.spans.values()
        if first <= merge[0] <= last < merge[2] < first + _DEEPEST and shown(window.rows[merge[0]][merge[1]])
    ]
    return max(ends, default=last)


def _is_sub_level(window: Window, above: int, row: int) -> bool:
    """Labels under groups of the row above: they fill what it left blank, and leave blank what it filled."""
    filled = window.filled(row)
    if not filled or is_number_row(filled) or _recurs(window, row):
        return False
    if not (_labels_only(window, row) or _numbers_under_groups(window, above, row)):
        return False
    upper = {column for column, _ in window.filled(above)}
    lower = {column for column, _ in filled}
    table = window.covered_columns(above)
    spread = {c for c in table if (m := window.merge_at(above, c)) and m[3] > m[1]}
    if spread and lower <= spread | (lower - upper):
        return True
    return bool(lower - upper) and bool(upper - lower) and min(upper) not in lower


def _numbers_under_groups(window: Window, above: int, row: int) -> bool:
    cells = [(column, window.rows[row][column]) for column, _ in window.filled(row)]
    upper = {column for column, _ in window.filled(above)}
    return all(is_calendar_number(cell) for _, cell in cells) and any(c not in upper for c, _ in cells)


def _recurs(window: Window, row: int) -> bool:
    """Whether the next rows repeat a word of this one in its column: then it is data. A row that comes back
    whole is a header at the top of the next page."""
    filled = window.filled(row)
    following = range(row + 1, min(row + 11, len(window.rows)))
    same = [sum(shown(window.rows[r][column]) == text for column, text in filled) for r in following]
    return any(count > 0 and (count < len(filled) or count == 1) for count in same)


def _paths(window: Window, first: int, last: int) -> dict[int, tuple[str, ...]]:
    columns: set[int] = set()
    for row in range(first, last + 1):
        columns |= window.covered_columns(row)
    found = {}
    for column in range(min(columns), max(columns) + 1):
        labels: list[str] = []
        for row in range(first, last + 1):
            text = _label_at(window, row, column, first, last)
            if text and (not labels or squeezed(labels[-1]) != squeezed(text)):
                labels.append(text)
        found[column] = tuple(labels)
    return found


def _label_at(window: Window, row: int, column: int, first: int, last: int) -> str:
    """The cell's text, that of its merge, or for a group written without a merge that of its left neighbour."""
    merge = window.merge_at(row, column)
    if merge is not None:
        return shown(window.rows[merge[0]][merge[1]]) if merge[0] >= first else ""
    text = shown(window.rows[row][column])
    if text or row == last or not _text_below(window, row, column, last):
        return text
    return _group_to_the_left(window, row, column, last)


def _group_to_the_left(window: Window, row: int, column: int, last: int) -> str:
    for left in range(column - 1, -1, -1):
        if window.merge_at(row, left) or not _text_below(window, row, left, last):
            return ""
        if text := shown(window.rows[row][left]):
            return text
    return ""


def _text_below(window: Window, row: int, column: int, last: int) -> bool:
    return any(
        shown(window.rows[below][column]) and not is_unit(shown(window.rows[below][column]))
        for below in range(row + 1, last + 1)
    )
