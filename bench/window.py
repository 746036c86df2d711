"""The window: time to the first paint, memory with a large ledger, the longest gap of the event loop.

Each measurement is a process of its own, because imports and memory do not go away.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from bench.measure import Result, bound_result, county, workbook

START_TIMES = 5
BAR_START, BAR_MEMORY_MB, BAR_GAP_MS = 1.8, 250.0, 50.0


def in_process(name: str, *words: object) -> dict[str, Any]:
    env = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    start = time.perf_counter()
    command = [sys.executable, "-m", "bench.window_child", name, *map(str, words)]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    return {"seconds": time.perf_counter() - start, **json.loads(done.stdout.strip().splitlines()[-1])}


def run_start(folder: Path, wells: int) -> list[Result]:
    path = county(folder, wells)
    ours, bare, desk = [], [], []
    for _ in range(START_TIMES):
        bare.append(in_process("bare")["painted_s"])
        started = in_process("start", path)
        ours.append(started["painted_s"])
        desk.append(started["desk_s"])
    middle, base = statistics.median(ours), statistics.median(bare)
    ratio = middle / base
    job = f"start to first paint of frame and rows, {wells:,} wells"
    return [
        Result(
            job,
            f"{middle:.2f} s",
            f"bare Qt window {base:.2f} s",
            ratio,
            f"≤ {BAR_START} ×",
            ratio <= BAR_START,
        ),
        bound_result("desk figures and charts after that", statistics.median(desk), "s", 1.5),
    ]


def run_memory(folder: Path, wells: int) -> list[Result]:
    found = in_process("memory", county(folder, wells))
    return [bound_result(f"memory with {wells:,} wells open", found["rss_mb"], "MB", BAR_MEMORY_MB)]


def run_gap(folder: Path, wells: int) -> list[Result]:
    """The longest time the window does not answer while a reader or the writer is at work."""
    path, book = county(folder, wells), workbook(folder, wells)
    found = in_process("gap", path, book, folder)
    return [
        bound_result(f"longest gap of the event loop: {job}, {wells:,} wells", gap, "ms", BAR_GAP_MS)
        for job, gap in found["gaps"].items()
    ]
