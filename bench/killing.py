"""Kill the program at random moments of its work, and look at what it leaves."""

from __future__ import annotations

import tempfile
from pathlib import Path

from bench.measure import Result
from tests import kill_run

TIMES, SEED = 300, 11


def run(_: Path) -> list[Result]:
    """Every wrong thing found is said in full where there is one."""
    with tempfile.TemporaryDirectory() as folder:
        summary = kill_run.run(TIMES, SEED, Path(folder))
    kills = ", ".join(f"{work} {count}" for work, count in summary.kills.items())
    found = "; ".join(summary.problems[:5]) or "0 problems"
    job = f"{sum(summary.kills.values())} kills at random moments ({kills})"
    finished = f"{sum(summary.finished.values()):,} acts and files finished before"
    return [Result(job, found, finished, None, "0 problems", not summary.problems)]
