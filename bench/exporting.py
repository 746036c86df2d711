"""Export of styled rows: against a raw zip stream of the same sheet, and openpyxl."""

from __future__ import annotations

import zipfile
from pathlib import Path

import openpyxl

from bench.county import county, session
from bench.measure import COLUMNS, Result, by_turns, ratio_result, well_rows
from ledger_app.core.entities import LEDGERS
from ledger_app.db.queries.listing import Query
from ledger_app.export.ledger import write_ledger
from ledger_app.export.sheet import column_letters
from ledger_app.services.exporting import export_ledger

ROWS = 100_000
FIRST_ROW = 4
NUMBERS = ("number", "coordinate")
ROW = (
    '<row r="{0}">'
    + "".join(
        f'<c r="{column_letters(n)}{{0}}" s="5"><v>{{{n + 1}}}</v></c>'
        if column.kind in NUMBERS
        else f'<c r="{column_letters(n)}{{0}}" s="6" t="inlineStr"><is><t>{{{n + 1}}}</t></is></c>'
        for n, column in enumerate(COLUMNS)
    )
    + "</row>"
)
OPENPYXL_ROWS = 10_000
BAR, TIMES = 1.5, 3


def rows_stream(out: Path, rows: list[list[object]]) -> None:
    """The plainest writer of the same sheet: a row's XML by one format, into one deflated member."""
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target, target.open("sheet1.xml", "w") as member:
        member.write(b"<worksheet><sheetData>")
        for number, row in enumerate(rows, FIRST_ROW):
            member.write(ROW.format(number, *row).encode())
        member.write(b"</sheetData></worksheet>")


def by_openpyxl(out: Path, rows: list[list[object]]) -> None:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("a")
    for row in rows:
        sheet.append(row)
    book.save(out)


def run(folder: Path, rows: int = ROWS) -> list[Result]:
    made = list(well_rows(rows))
    few = made[:OPENPYXL_ROWS]
    ours, raw = folder / "ours.xlsx", folder / "raw.zip"
    name = "raw zip stream"
    styled = by_turns(
        TIMES,
        lambda: write_ledger(ours, "机电井台账", "", COLUMNS, iter(made)),
        lambda: rows_stream(raw, made),
    )
    slow = by_turns(TIMES, lambda: by_openpyxl(raw, few), lambda: rows_stream(raw, few))
    with session(county(folder, rows)) as opened:
        whole = by_turns(
            TIMES,
            lambda: export_ledger(opened, LEDGERS["wells"], Query(), ours),
            lambda: rows_stream(raw, made),
        )
    return [
        ratio_result(f"export {rows:,} styled rows × 24", *styled, BAR, name),
        ratio_result("the same out of the ledger: read, shown and masked", *whole, BAR, name),
        ratio_result(f"(openpyxl write-only, {OPENPYXL_ROWS:,} rows, no styles)", *slow, None, name),
    ]
