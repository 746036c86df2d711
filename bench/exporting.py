"""Export of styled rows: against a raw zip stream of the same sheet, and openpyxl."""

from __future__ import annotations

import zipfile
from pathlib import Path

import openpyxl

from bench.measure import COLUMNS, Result, county, ratio_result, session, timed, well_rows
from ledger_app.core.entities import LEDGERS
from ledger_app.db.queries.listing import Query
from ledger_app.export.ledger import write_ledger
from ledger_app.services.exporting import export_ledger

ROWS = 100_000
OPENPYXL_ROWS = 10_000
BAR = 1.5


def rows_stream(out: Path, rows: list[list[object]]) -> None:
    """The plainest writer there can be: a row's XML by one format, into one deflated member."""
    line = (
        "<row>"
        + "".join(
            '<c s="1"><v>{}</v></c>'
            if c.kind in ("number", "coordinate")
            else '<c s="1" t="inlineStr"><is><t>{}</t></is></c>'
            for c in COLUMNS
        )
        + "</row>"
    )
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target, target.open("sheet1.xml", "w") as member:
        member.write(b"<worksheet><sheetData>")
        for row in rows:
            member.write(line.format(*row).encode())
        member.write(b"</sheetData></worksheet>")


def by_openpyxl(out: Path, rows: list[list[object]]) -> None:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("a")
    for row in rows:
        sheet.append(row)
    book.save(out)


def run(folder: Path, rows: int = ROWS) -> list[Result]:
    made = list(well_rows(rows))
    ours_path, raw_path = folder / "ours.xlsx", folder / "raw.zip"
    ours, raw = [], []
    for _ in range(3):
        ours.append(timed(lambda: write_ledger(ours_path, "机电井台账", "", COLUMNS, iter(made))))
        raw.append(timed(lambda: rows_stream(raw_path, made)))
    few = made[:OPENPYXL_ROWS]
    slow = timed(lambda: by_openpyxl(raw_path, few)) / timed(lambda: rows_stream(raw_path, few))
    path = county(folder, rows)
    with session(path) as opened:
        whole = timed(lambda: export_ledger(opened, LEDGERS["wells"], Query(), ours_path))
    base = sorted(raw)[1]
    return [
        ratio_result(f"export {rows:,} styled rows × 24", sorted(ours)[1], base, BAR, "raw zip stream"),
        Result(
            "(the same out of the ledger, read and masked)",
            f"{whole:.2f} s",
            "raw zip stream",
            whole / base,
            "",
            None,
        ),
        Result(
            f"(openpyxl write-only, {OPENPYXL_ROWS:,} rows, no styles)", "", "raw zip stream", slow, "", None
        ),
    ]
