"""Rows that were not taken, back in the clerk's hands: a copy of the own workbook with the doubtful cells red
and a column 导入说明 after the last used one.

An xlsx or xlsm is patched in place, so formats, pictures, drop-downs and formulas stay as they are; for
anything else (xls, xlsb, ods, csv) the same rows go into a plain workbook.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

from ledger_app.core.errors import LedgerError
from ledger_app.export.book import SheetPlan, open_book, sheet_names
from ledger_app.export.files import atomic_write
from ledger_app.export.frame import Frame, head_xml, tail_xml
from ledger_app.export.rejects_copy import mark_copy
from ledger_app.export.rejects_sheet import NOTE_HEAD
from ledger_app.export.rejects_styles import NOTE_RED, RED
from ledger_app.export.report_grid import ems
from ledger_app.export.sheet import cell, row_xml
from ledger_app.export.styles import Style, StyleSheet
from ledger_app.export.xlsx.package import open_package

RowNumber: TypeAlias = int  # as Excel shows it
Remarks: TypeAlias = Mapping[str, Mapping[RowNumber, tuple[str, tuple[int, ...]]]]
PlainRows: TypeAlias = Mapping[str, Iterable[Sequence[Any]]]

WIDTH_SAMPLE = 200  # rows looked at for the widths of a plain copy
_PLAIN, _DOUBTFUL = Style(wrap=True), Style(wrap=True, fill=RED)
_NOTE, _NOTE_HEAD = Style(wrap=True), Style(bold=True, fill=NOTE_RED)
_NOT_PATCHABLE = frozenset({"xls", "xlsb", "not_a_workbook"})


class _Looks(NamedTuple):
    plain: int
    doubtful: int
    note: int
    head: int


def write_rejects(
    source: Path,
    out: Path,
    remarks: Remarks,
    plain_rows: PlainRows | None = None,
    *,
    heads: Mapping[str, RowNumber] | None = None,
) -> Path:
    """Write `source` again as `out`, with the remarks; returns where it was written.

    `remarks`: sheet → Excel row → (reason, columns of the doubtful cells, A = 0). `heads`: sheet → last row
    of its head, where the new column gets its title. `plain_rows`: sheet → its rows from row 1 on, needed
    for sources that are no xlsx. LedgerError with a sentence when nothing was written.
    """
    if out.exists() and source.exists() and out.samefile(source):
        raise LedgerError("退回的表不能存成原表自己，请换一个文件名。", "same_file")
    try:
        with open_package(source) as package, atomic_write(out) as file:
            mark_copy(package, remarks, heads or {}, file, keep_macros=out.suffix.lower() == ".xlsm")
            return out
    except LedgerError as error:
        if error.code not in _NOT_PATCHABLE or plain_rows is None:
            raise
    path = out if out.suffix.lower() == ".xlsx" else out.with_suffix(".xlsx")
    _write_plain(path, remarks, plain_rows, heads or {})
    return path


def _write_plain(path: Path, remarks: Remarks, plain_rows: PlainRows, heads: Mapping[str, RowNumber]) -> None:
    sheets = {name: [list(row) for row in rows] for name, rows in plain_rows.items()}
    names = sheet_names(sheets)
    styles = StyleSheet()
    looks = _Looks(*(styles.index(style) for style in (_PLAIN, _DOUBTFUL, _NOTE, _NOTE_HEAD)))
    plans = [SheetPlan(name) for name in names]
    with atomic_write(path) as file, open_book(file, styles.xml(), plans) as book:
        for index, (name, rows) in enumerate(sheets.items()):
            with book.sheet(index) as stream:
                for part in _plain_sheet(rows, remarks.get(name, {}), heads.get(name, 0), looks):
                    stream.write(part)


def _plain_sheet(
    rows: list[list[Any]],
    remarks: Mapping[RowNumber, tuple[str, tuple[int, ...]]],
    head: RowNumber,
    looks: _Looks,
) -> Iterable[bytes]:
    used = max((_used(row) for row in rows), default=0)
    frame = Frame(widths=[*_widths(rows, used), 48.0], frozen_rows=head)
    yield head_xml(frame)
    rows = [*rows, *([] for _ in range(max(remarks, default=0) - len(rows)))]
    for number, row in enumerate(rows, 1):
        reason, doubtful = remarks.get(number, ("", ()))
        cells = [
            cell(number, at, value, looks.doubtful if at in doubtful else looks.plain)
            for at, value in enumerate([*row[:used], *[None] * (used - len(row))])
        ]
        if number == head and remarks:
            cells.append(cell(number, used, NOTE_HEAD, looks.head))
        elif reason:
            cells.append(cell(number, used, reason, looks.note))
        yield row_xml(number, cells).encode()
    yield tail_xml(frame)


def _used(row: Sequence[Any]) -> int:
    return max((at + 1 for at, value in enumerate(row) if value not in (None, "")), default=0)


def _widths(rows: Sequence[Sequence[Any]], used: int) -> list[float]:
    """Wide enough for most values; a title over the table does not widen its first column."""
    widths = [8.0] * used
    for row in rows[:WIDTH_SAMPLE]:
        if _used(row) < max(2, used // 2):
            continue
        for at, value in enumerate(row[:used]):
            widths[at] = max(widths[at], min(ems(str(value)) * 2 + 2, 40.0))
    return widths
