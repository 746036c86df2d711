"""Any spreadsheet file as sheets of typed cells: xlsx, xlsm, xls, xlsb, ods, csv, HTML tables."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final, cast

from ledger_app.core.errors import Problem
from ledger_app.ingest.child import Cell, Merge, RawSheet, State, read_here, read_in_child
from ledger_app.ingest.guard import Clearance, Kind, inspect
from ledger_app.ingest.refusals import refusal
from ledger_app.ingest.sheet_scan import SheetFacts, column_letters
from ledger_app.ingest.text_table import TextTable, read_csv, read_html

NO_RESULT: Final = "#公式没有结果"


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """One sheet. Rows and columns count from 0; `rows` are all of one length, a blank cell is "".

    `formula_gaps`: cells whose formula has no stored result or an error; they hold NO_RESULT, so that
    nobody takes them for blank. Hidden rows, hidden columns and gaps are known for xlsx only.
    """

    name: str
    rows: list[list[Cell]]
    merges: tuple[Merge, ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    formula_gaps: frozenset[tuple[int, int]] = frozenset()
    state: State = "visible"
    first_row: int = 0

    def excel_row(self, index: int) -> int:
        """The number Excel shows beside `rows[index]`."""
        return self.first_row + index + 1


@dataclass(frozen=True, slots=True, eq=False)
class Workbook:
    sheets: tuple[Sheet, ...]
    notes: tuple[Problem, ...]
    kind: Kind


def column_letter(index: int) -> str:
    """A for 0, AA for 26."""
    return column_letters(index).decode("ascii")


def read_workbook(path: Path) -> Workbook:
    """Read a file after the guard has looked through it.

    Raises LedgerError with the guard's codes, unknown_encoding, too_slow.
    """
    clearance = inspect(path)
    return Workbook(_sheets(clearance, path), clearance.notes, clearance.kind)


def _sheets(clearance: Clearance, path: Path) -> tuple[Sheet, ...]:
    if clearance.kind == "csv":
        return (_text_sheet(path.stem, read_csv(clearance.data)),)
    if clearance.kind == "html":
        tables = read_html(clearance.data)
        if not tables:
            raise refusal("not_a_workbook")
        return tuple(_text_sheet(f"表{number}", table) for number, table in enumerate(tables, 1))
    raw = read_here(clearance.data) if clearance.trusted else read_in_child(path)
    return tuple(_sheet(sheet, clearance.sheets.get(sheet.name, SheetFacts())) for sheet in raw)


def _sheet(raw: RawSheet, facts: SheetFacts) -> Sheet:
    _mark_gaps(raw.rows, facts.formula_gaps)
    return Sheet(
        raw.name,
        raw.rows,
        raw.merges,
        facts.hidden_rows,
        facts.hidden_columns,
        facts.formula_gaps,
        raw.state,
    )


def _mark_gaps(rows: list[list[Cell]], gaps: frozenset[tuple[int, int]]) -> None:
    """The parser leaves such cells out; at the edges whole rows and columns are missing."""
    if not gaps:
        return
    width = max(len(rows[0]) if rows else 0, 1 + max(column for _, column in gaps))
    height = max(len(rows), 1 + max(row for row, _ in gaps))
    rows.extend([] for _ in range(height - len(rows)))
    for row in rows:
        row.extend([""] * (width - len(row)))
    for number, column in gaps:
        rows[number][column] = NO_RESULT


def _text_sheet(name: str, table: TextTable) -> Sheet:
    return Sheet(name, cast("list[list[Cell]]", table.rows), tuple(table.merges))
