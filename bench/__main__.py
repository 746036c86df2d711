"""`python3 dev.py bench [names]`: run the measurements, print the table; `--write` keeps it in docs."""

from __future__ import annotations

import os
import platform
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bench import exporting, growth, importing, killing, papers, searching, window
from bench.measure import Result

LARGE, LARGEST = 100_000, 1_000_000
JOBS: dict[str, Callable[[Path], list[Result]]] = {
    "import": importing.run,
    "export": exporting.run,
    "search": lambda folder: searching.run(folder, LARGE, 15),
    "search-million": lambda folder: searching.run(folder, LARGEST, 50),
    "sort": lambda folder: [*searching.run_sort(folder, LARGEST), *window.run_sort(folder, LARGEST)],
    "start": lambda folder: window.run_start(folder, LARGE),
    "gap": lambda folder: window.run_gap(folder, LARGE),
    "report": papers.run_report,
    "memory": lambda folder: window.run_memory(folder, LARGEST),
    "five-years": growth.run_five_years,
    "growth": growth.run,
    "fill": papers.run_fill,
    "document": papers.run_document,
    "kill": killing.run,
}
HEAD = ("job", "ours", "base, same run", "ratio", "bar", "")
WRITTEN = Path(__file__).parents[1] / "docs" / "benchmarks.md"
ABOUT = """# Benchmarks

As measured by `python3 dev.py bench --write` on {machine}, Python {python}, SQLite {sqlite}. Machines differ and
are busy at times: what counts are the ratios, taken side by side in one run. No test depends on a time.

"""


def line(result: Result) -> tuple[str, ...]:
    ratio = "" if result.ratio is None else f"{result.ratio:.2f} ×"
    held = {None: "", True: "held", False: "**missed**"}[result.held]
    return result.job, result.ours, result.base, ratio, result.bar, held


def table(results: list[Result]) -> str:
    rows = [HEAD, ("---",) * len(HEAD), *map(line, results)]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in rows) + "\n"


@contextmanager
def made_in() -> Iterator[Path]:
    """Where workbooks and ledgers are made; BENCH_FOLDER keeps them for the next run."""
    if kept := os.environ.get("BENCH_FOLDER"):
        Path(kept).mkdir(parents=True, exist_ok=True)
        yield Path(kept)
        return
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        yield Path(folder)


def main() -> int:
    write = "--write" in sys.argv
    names = [n for n in sys.argv[1:] if not n.startswith("--")] or list(JOBS)
    if unknown := [n for n in names if n not in JOBS]:
        print(f"no such measurement: {', '.join(unknown)}; there are: {', '.join(JOBS)}", file=sys.stderr)
        return 2
    results: list[Result] = []
    with made_in() as folder:
        for name in names:
            found = JOBS[name](folder)
            results += found
            for result in found:
                print("  ".join(c for c in line(result) if c), flush=True)
    if write:
        machine = f"{platform.machine()} {platform.system()}"
        about = ABOUT.format(machine=machine, python=platform.python_version(), sqlite=sqlite3.sqlite_version)
        WRITTEN.write_text(about + table(results), encoding="utf-8")
    return 0 if all(r.held is not False for r in results) else 1


if __name__ == "__main__":
    sys.exit(main())
