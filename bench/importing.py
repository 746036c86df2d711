"""Import: against the floor (calamine reads, raw executemany writes, nothing is checked) and openpyxl."""

from __future__ import annotations

import gc
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import openpyxl
import python_calamine

from bench.county import session
from bench.measure import TODAY, Result, by_turns, ratio_result, timed, workbook
from ledger_app.core.entities import LEDGERS
from ledger_app.core.fields import ReadContext
from ledger_app.db import search
from ledger_app.services import importing, opening

ROWS = 100_000
OPENPYXL_ROWS = 10_000
TIMES = 3
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


@contextmanager
def search_clock() -> Iterator[list[float]]:
    """The seconds an act spends on the search index, one for each call from outside the search."""
    spent: list[float] = []
    inside: list[bool] = []
    clocked = ("index", "index_new")
    originals = {name: getattr(search, name) for name in clocked}

    def timed_call(call: Callable[..., None], *args: Any) -> None:
        if inside:
            call(*args)
            return
        inside.append(True)
        start = time.perf_counter()
        try:
            call(*args)
        finally:
            spent.append(time.perf_counter() - start)
            inside.pop()

    try:
        for name, call in originals.items():
            setattr(search, name, partial(timed_call, call))
        yield spent
    finally:
        for name, call in originals.items():
            setattr(search, name, call)


def ours(book: Path, ledger: Path, *, fresh: bool) -> tuple[float, float]:
    """(seconds until searchable, seconds of that spent on the search)."""
    if fresh:
        for left in ledger.parent.glob(f"{ledger.name}*"):
            left.unlink()
        opening.create_ledger(ledger, LEDGERS, county_code="150824", bureau="示例旗水利局", who="甲")
    with session(ledger, write=True) as opened, search_clock() as spent:
        start = time.perf_counter()
        context = ReadContext(TODAY)
        plan = importing.plan_import(opened.conn, LEDGERS, LEDGERS["wells"], book, context)
        importing.apply_import(opened.store, plan, "甲")
        return time.perf_counter() - start, sum(spent)


def run(folder: Path, rows: int = ROWS) -> list[Result]:
    """Ours and the floor by turns, so that a busy moment hits both."""
    book, ledger, raw = workbook(folder, rows), folder / "import.ledger", folder / "raw.db"
    floors, committed, searchable, again = [], [], [], []
    for _ in range(TIMES):
        floors.append(timed(lambda: floor(book, raw)))
        gc.collect()
        total, spent = ours(book, ledger, fresh=True)
        searchable.append(total)
        committed.append(total - spent)
        gc.collect()
        again.append(ours(book, ledger, fresh=False)[0])
    small = workbook(folder, OPENPYXL_ROWS)
    slow = by_turns(TIMES, lambda: by_openpyxl(small, raw), lambda: floor(small, raw))
    what, name = f"{rows:,} wells × 24 columns", "calamine + executemany"
    return [
        ratio_result(f"import {what}: to commit", committed, floors, BAR_COMMIT, name),
        ratio_result(f"import {what}: until searchable", searchable, floors, BAR_SEARCHABLE, name),
        ratio_result("the same rows again, nothing changed", again, floors, BAR_AGAIN, name),
        ratio_result(f"(openpyxl + executemany, {OPENPYXL_ROWS:,} rows, nothing checked)", *slow, None, name),
    ]
