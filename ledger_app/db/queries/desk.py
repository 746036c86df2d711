"""What the desk asks besides the report's own queries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from ledger_app.core.terms import HANDED_OVER, TO_SEAL, WELL_POINT
from ledger_app.db import Connection
from ledger_app.db.queries.findings import rows_of


def states(conn: Connection, wanted: Sequence[str]) -> dict[str, list[str]]:
    """State → uids of the wells in it, in code order."""
    found: dict[str, list[str]] = {state: [] for state in wanted}
    marks = ",".join("?" * len(wanted))
    sql = f"SELECT status, uid FROM points WHERE kind = ? AND status IN ({marks}) ORDER BY code, uid"
    for status, uid in conn.execute(sql, (WELL_POINT, *wanted)):
        found[status].append(uid)
    return found


def awaiting_acceptance(conn: Connection, today: date) -> list[dict[str, Any]]:
    """Closures done and not accepted, the oldest first."""
    sql = """SELECT c.uid, COALESCE(w.code, c.well_stated) AS code, c.closed_on FROM closures c
             LEFT JOIN points w ON w.uid = c.well_uid
             WHERE c.closed_on <= :today AND c.accepted_on IS NULL AND c.reopened_on IS NULL
             AND c.method <> :transfer ORDER BY c.closed_on, code"""
    return rows_of(conn, sql, today=today.isoformat(), transfer=HANDED_OVER)


def to_be_sealed(conn: Connection) -> list[dict[str, Any]]:
    sql = "SELECT uid, code FROM points WHERE kind = :well AND status = :state ORDER BY code"
    return rows_of(conn, sql, well=WELL_POINT, state=TO_SEAL)
