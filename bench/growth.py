"""Growth with size, and the file after years of edits."""

from __future__ import annotations

import shutil
import statistics
import time
from pathlib import Path

from bench import five_years
from bench.importing import ours
from bench.measure import Result, bound_result, workbook

SMALL, LARGE, TIMES, BAR = 10_000, 100_000, 5, 12.0


def run(folder: Path) -> list[Result]:
    """Import of ten times the rows, median of five each."""
    taken = {}
    for rows in (SMALL, LARGE):
        book, ledger = workbook(folder, rows), folder / f"growth-{rows}.ledger"
        taken[rows] = statistics.median(ours(book, ledger, fresh=True)[0] for _ in range(TIMES))
        shutil.rmtree(ledger, ignore_errors=True)
    ratio = taken[LARGE] / taken[SMALL]
    base = f"{SMALL:,} rows {taken[SMALL]:.2f} s"
    return [
        Result(
            f"growth: import of {LARGE:,}", f"{taken[LARGE]:.2f} s", base, ratio, f"≤ {BAR:g} ×", ratio <= BAR
        )
    ]


def run_five_years(_: Path) -> list[Result]:
    start = time.perf_counter()
    sizes = five_years.measure()
    seconds = time.perf_counter() - start
    return [
        bound_result(
            "file after five simulated years of edits, to its ledger tables",
            sizes.ratio,
            "×",
            5,
            f"made in {seconds:.0f} s",
        )
    ]
