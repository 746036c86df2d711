"""The cells of a head of several levels, merged where neighbours share a group."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ledger_app.export.report import Column


class HeadCell(NamedTuple):
    """One head cell; rows and columns count from 0, the last ones included."""

    text: str
    first_row: int
    last_row: int
    first_column: int
    last_column: int


def head_cells(columns: Sequence[Column]) -> list[HeadCell]:
    """Groups span the columns under them, a label without deeper groups reaches down to the last row."""
    depth = max((len(column.path) for column in columns), default=1)
    cells = []
    for level in range(depth):
        start = 0
        while start < len(columns):
            end = _end_of_group(columns, start, level)
            path = columns[start].path
            if level < len(path):
                leaf = level == len(path) - 1
                cells.append(HeadCell(path[level], level, depth - 1 if leaf else level, start, end))
            start = end + 1
    return cells


def _end_of_group(columns: Sequence[Column], start: int, level: int) -> int:
    """The last column under the same group at this level; a label stands alone."""
    group = columns[start].group[: level + 1]
    end = start
    if level < len(columns[start].group):
        while end + 1 < len(columns) and columns[end + 1].group[: level + 1] == group:
            end += 1
    return end
