"""Import: against the floor (calamine reads, raw executemany writes, nothing is checked) and openpyxl."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path
from typing import Any, Self

import openpyxl
import python_calamine

from bench.measure import TODAY, Result, ratio_result, session, timed, workbook
from ledger_app.core.entities import LEDGERS
from ledger_app.core.fields import ReadContext
from ledger_app.db import search
from ledger_app.services import importing, opening

ROWS = 100_000
OPENPYXL_ROWS = 10_000
BAR_COMMIT, BAR_SEARCHABLE, BAR_AGAIN = 1.95, 2.4, 1.7


def floor(book: Path, out: Path) -> None:
    """Read with calamine, write with executemany into a table without keys or checks."""
    sheet = python_calamine.CalamineWorkbook.from_path(str(book)).get_sheet_by_index(0)
    _write_raw(out, sheet.to_python(skip_empty_area=False)[3:])


def by_openpyxl(book: Path, out: Path) -> None:
    sheet = openpyxl.load_workbook(book, read_only=True).worksheets[0]
    _write_raw(out, [list(row) for row in sheet.iter_rows(min_row=4, values_only=True)])


def _write_raw(out: Path, rows: list[Any]) -> None:
    out.unlink(missing_ok=True)
    conn = sqlite3.connect(out)
    conn.execute("PRAGMA journal_mode = WAL")
    width = len(rows[0])
    conn.execute(f"CREATE TABLE t ({', '.join(f'c{n}' for n in range(width))})")
    conn.executemany(f"INSERT INTO t VALUES ({', '.join('?' * width)})", rows)
    conn.commit()
    conn.close()


class SearchClock:
    """Adds up the time an act spends on the search index."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._index = search.index

    def __enter__(self) -> Self:
        def index(*args: Any) -> Any:
            start = time.perf_counter()
            try:
                return self._index(*args)
            finally:
                self.seconds += time.perf_counter() - start

        search.index = index  # type: ignore[assignment]
        return self

    def __exit__(self, *_: object) -> None:
        search.index = self._index


def ours(book: Path, ledger: Path, *, fresh: bool) -> tuple[float, float]:
    """(seconds until searchable, seconds of that spent on the search)."""
    if fresh:
        for left in ledger.parent.glob(f"{ledger.name}*"):
            left.unlink()
        opening.create_ledger(ledger, LEDGERS, county_code="150824", bureau="示例旗水利局", who="甲")
    with session(ledger, write=True) as opened, SearchClock() as clock:
        start = time.perf_counter()
        context = ReadContext(TODAY)
        plan = importing.plan_import(opened.conn, LEDGERS, LEDGERS["wells"], book, context)
        importing.apply_import(opened.store, plan, "甲")
        return time.perf_counter() - start, clock.seconds


def run(folder: Path, rows: int = ROWS) -> list[Result]:
    """Ours and the floor by turns, three times, so that a busy moment hits both."""
    book, ledger, raw = workbook(folder, rows), folder / "import.ledger", folder / "raw.db"
    floors, committed, searchable, again = [], [], [], []
    for _ in range(3):
        floors.append(timed(lambda: floor(book, raw)))
        total, spent = ours(book, ledger, fresh=True)
        searchable.append(total)
        committed.append(total - spent)
        again.append(ours(book, ledger, fresh=False)[0])
    middle = lambda values: sorted(values)[1]  # noqa: E731
    base, name = middle(floors), "calamine + executemany"
    small = workbook(folder, OPENPYXL_ROWS)
    slow = timed(lambda: by_openpyxl(small, raw)) / timed(lambda: floor(small, raw))
    what = f"{rows:,} wells × 24 columns"
    return [
        ratio_result(f"import {what}: to commit", middle(committed), base, BAR_COMMIT, name),
        ratio_result(f"import {what}: until searchable", middle(searchable), base, BAR_SEARCHABLE, name),
        ratio_result("the same rows again, nothing changed", middle(again), base, BAR_AGAIN, name),
        Result(
            f"(openpyxl + executemany, {OPENPYXL_ROWS:,} rows, nothing checked)", "", name, slow, "", None
        ),
    ]
