"""Key strokes and orders: first 50 hits, lists sorted by any column, against plain LIKE."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from pathlib import Path

from bench.county import county, session
from bench.measure import Result, bound_result, percentile
from ledger_app.core.entities import LEDGERS
from ledger_app.db import Connection
from ledger_app.db.queries import listing
from ledger_app.db.queries.listing import Query

HITS = 50
TRIES = 40
LIKE_COLUMNS = ("code", "name", "owner", "phone", "meter_no", "electricity_meter_no")
SORTED = ("code", "village", "depth_m", "owner", "completed_on", "permitted_volume_m3")


def words(conn: Connection, kind: str, length: int, rng: random.Random) -> list[str]:
    """Pieces of what the ledger holds: digits of a code, Han of an owner's or a village's name."""
    top = conn.execute("SELECT MAX(id) FROM points").fetchone()[0]
    found: list[str] = []
    sql = (
        "SELECT p.code, p.owner || v.name FROM points p JOIN regions v ON v.uid = p.village_uid WHERE p.id >= ?"
        " LIMIT 1"
    )
    while len(found) < TRIES:
        code, han = conn.execute(sql, (rng.randint(1, top),)).fetchone()
        text = code.partition("J")[2] if kind == "digits" else han
        start = rng.randint(0, max(0, len(text) - length))
        found.append(text[start : start + length])
    return found


def p95_ms(tried: list[str], search: Callable[[str], object]) -> float:
    taken = []
    for word in tried:
        start = time.perf_counter()
        search(word)
        taken.append((time.perf_counter() - start) * 1000)
    return percentile(taken, 0.95)


def by_like(conn: Connection, word: str) -> object:
    where = " OR ".join(f"{c} LIKE ?" for c in LIKE_COLUMNS)
    sql = f"SELECT id FROM points WHERE {where} ORDER BY id LIMIT {HITS}"
    return conn.execute(sql, (f"%{word}%",) * len(LIKE_COLUMNS)).fetchall()


def run(folder: Path, rows: int, bar_ms: float) -> list[Result]:
    wells, rng, results = LEDGERS["wells"], random.Random(5), []
    with session(county(folder, rows)) as opened:
        conn = opened.conn

        def first(word: str) -> object:
            return listing.first_ids(conn, LEDGERS, wells, Query(search=word), HITS)

        first("1")
        for kind, lengths in (("digits", range(1, 7)), ("Han", range(1, 5))):
            worst, worst_like = 0.0, 0.0
            for length in lengths:
                tried = words(conn, kind, length, rng)
                worst = max(worst, p95_ms(tried, first))
                worst_like = max(worst_like, p95_ms(tried[:8], lambda w: by_like(conn, w)))
            job = f"key stroke → first {HITS} of {rows:,}, {kind} {lengths[0]}–{lengths[-1]}, p95"
            results.append(
                bound_result(job, worst, "ms", bar_ms, f"LIKE over six columns {worst_like:.0f} ms")
            )
    return results


def run_sort(folder: Path, rows: int) -> list[Result]:
    wells = LEDGERS["wells"]
    with session(county(folder, rows)) as opened:
        listing.row_ids(opened.conn, LEDGERS, wells, Query())
        slowest, name = 0.0, ""
        for field in SORTED:
            start = time.perf_counter()
            ids = listing.row_ids(opened.conn, LEDGERS, wells, Query(sort=((field, False),)))
            taken = time.perf_counter() - start
            slowest, name = max((slowest, name), (taken, field))
        pages = []
        for start_row in range(0, len(ids), max(1, len(ids) // 50)):
            start = time.perf_counter()
            listing.page(opened.conn, LEDGERS, wells, ids[start_row : start_row + 50])
            pages.append((time.perf_counter() - start) * 1000)
    return [
        bound_result(f"sort by any column at {rows:,}: list ready (slowest: {name})", slowest, "s", 2.5),
        Result("(a page of 50 rows by ids, p95)", f"{percentile(pages, 0.95):.1f} ms", "", None, "", None),
    ]
