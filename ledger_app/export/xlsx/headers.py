"""Header cells of Excel's own tables: the table part repeats their text and must be changed with them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from ledger_app.core.errors import LedgerError
from ledger_app.export.xlsx.job import SheetJob
from ledger_app.export.xlsx.plan import Value
from ledger_app.export.xlsx.refs import address
from ledger_app.export.xlsx.scan import SheetScan
from ledger_app.export.xlsx.tables import Table
from ledger_app.export.xlsx.xmltext import edit_tags, get, put


def new_headers(table: Table, job: SheetJob) -> dict[str, str]:
    """Columns of a table whose header cell is set: old name → new. A number becomes text in its cell, as
    when it is typed there. LedgerError if the value cannot be a header."""
    row = table.area.row1
    if not table.header_rows or row not in job.touched_rows():
        return {}
    renamed = {}
    for column in job.values_of(row):
        index = column - table.area.column1
        if not 0 <= index < len(table.columns):
            continue
        new = _header_text(_as_text(job, row, column))
        others = {name.casefold() for n, name in enumerate(table.columns) if n != index}
        if not new or new.casefold() in others:
            where = f"工作表“{job.sheet.name}”的 {address(row, column)}"
            raise LedgerError(f"{where} 是表格的列标题，只能换成一个不重复的文字。", "table_header")
        if new != table.columns[index]:
            renamed[table.columns[index]] = new
    return renamed


def _as_text(job: SheetJob, row: int, column: int) -> Value:
    """The value of a header cell; a number is text from here on."""
    value = job.values_of(row)[column]
    if isinstance(value, (int, float)) and not isinstance(value, bool) and column in job.cells.get(row, {}):
        job.cells[row][column] = value = f"{value:.15g}"
    return value


def _header_text(value: Value) -> str:
    """A header as the table part writes it; empty for what is no text."""
    return value.replace("\r\n", "\n").replace("\n", "_x000a_") if isinstance(value, str) else ""


def check_unused(renamed: Mapping[str, str], texts: Iterable[str]) -> None:
    """No formula may name a column that gets another name."""
    for text in texts:
        for old in renamed:
            if f"[{old}]" in text or f"[@{old}]" in text:
                raise LedgerError(f"列标题“{old}”被公式引用，不能改名，请先在 Excel 里改。", "table_header")


def formula_texts(scans: Iterable[SheetScan]) -> Iterator[str]:
    return (cell.text for scan in scans for cell in scan.formulas.values())


def rename(data: bytes, renamed: Mapping[str, str]) -> bytes:
    """The table part with other column names."""

    def change(name: bytes, attrs: bytes) -> bytes:
        old = get(attrs, b"name") if name == b"tableColumn" else None
        return put(attrs, b"name", renamed[old]) if old is not None and old in renamed else attrs

    return edit_tags(data, change)
