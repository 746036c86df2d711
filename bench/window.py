"""The window: time to the first paint, memory with a large ledger, the longest gap of the event loop.

Each measurement is a process of its own, because imports and memory do not go away.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.county import county
from bench.measure import Result, bound_result, ratio_result, workbook
from bench.window_child import STARTED

START_TIMES = 7
BAR_START, BAR_DESK_S, BAR_MEMORY_MB, BAR_GAP_MS, BAR_SORT_S = 1.8, 1.5, 250.0, 50.0, 2.5
SORTED = ("code", "village", "depth_m", "owner", "completed_on", "permitted_volume_m3")


def in_process(name: str, *words: object, compiled: Path) -> dict[str, Any]:
    """A measurement's figures. `compiled` keeps the modules' byte code, as an installed program has it."""
    env = os.environ | {"QT_QPA_PLATFORM": "offscreen", "PYTHONPYCACHEPREFIX": str(compiled)}
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    command = [sys.executable, "-m", "bench.window_child", name, *map(str, words)]
    env[STARTED] = repr(time.time())
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def run_start(folder: Path, wells: int) -> list[Result]:
    """By turns; the first turn fills the byte code and the disk's cache and does not count."""
    path, compiled = county(folder, wells), folder / "compiled"
    ours, bare, desk = [], [], []
    for _ in range(START_TIMES + 1):
        bare.append(in_process("bare", compiled=compiled)["painted_s"])
        started = in_process("start", path, compiled=compiled)
        if started["heavy"]:
            raise RuntimeError(f"loaded before the first paint: {', '.join(started['heavy'])}")
        ours.append(started["painted_s"])
        desk.append(started["desk_s"])
    job = f"start to first paint of frame and rows, {wells:,} wells"
    return [
        ratio_result(job, ours[1:], bare[1:], BAR_START, "bare Qt window"),
        bound_result("desk figures and charts after that", statistics.median(desk[1:]), "s", BAR_DESK_S),
    ]


def run_memory(folder: Path, wells: int) -> list[Result]:
    found = in_process("memory", county(folder, wells), compiled=folder / "compiled")
    if found["rows"] != wells:
        raise RuntimeError(f"the list shows {found['rows']} rows")
    peak = f"at most {found['peak_mb']:.0f} MB on the way"
    return [bound_result(f"memory with {wells:,} wells open", found["rss_mb"], "MB", BAR_MEMORY_MB, peak)]


def run_sort(folder: Path, wells: int) -> list[Result]:
    """From the click on a head to the whole list in its order."""
    found = in_process("sort", county(folder, wells), *SORTED, compiled=folder / "compiled")
    slowest, name = max((seconds, name) for name, seconds in found["seconds"].items())
    job = f"sort by any column at {wells:,} in the window: list ready (slowest: {name})"
    return [
        bound_result(job, slowest, "s", BAR_SORT_S),
        bound_result("longest gap of the event loop meanwhile", found["gap_ms"], "ms", BAR_GAP_MS),
    ]


def run_gap(folder: Path, wells: int) -> list[Result]:
    """The longest time the window does not answer while a reader or the writer is at work."""
    path, book = county(folder, wells), workbook(folder, wells, first=wells)
    with tempfile.TemporaryDirectory() as place:
        copy = shutil.copy(path, Path(place) / "county.ledger")
        found = in_process("gap", copy, book, place, compiled=folder / "compiled")
    return [
        bound_result(f"longest gap of the event loop: {job}, {wells:,} wells", gap, "ms", BAR_GAP_MS)
        for job, gap in found["gaps"].items()
    ]
