"""The wells as the stock sees them: since when, until when, under which town, use and class."""

from __future__ import annotations

from typing import Any, Final

from ledger_app.core import dates
from ledger_app.core.rules.stock import LEAVING, Move, StockWell
from ledger_app.core.terms import MONITORING_STATE, SEALED_STATE, WELL_POINT
from ledger_app.db import Connection

# A change from a date (情况变化) of one of these is kept as an event of the point: kind → what moved.
MOVES: Final = (("town", "乡镇调整"), ("use", "用途变更"), ("well_class", "类别变更"))
_GONE: Final = frozenset({SEALED_STATE, MONITORING_STATE})


def stock_wells(conn: Connection) -> list[StockWell]:
    """Every well in code order, with towns and villages by name."""
    left = _left(conn)
    moves = _moves(conn)
    sql = (
        "SELECT p.uid, p.code, t.name, v.name, p.use, p.well_class, p.status, p.completed_on, p.found_on"
        " FROM points p LEFT JOIN regions t ON t.uid = p.town_uid LEFT JOIN regions v ON v.uid = p.village_uid"
        " WHERE p.kind = ? ORDER BY p.code, p.uid"
    )
    return [_well(row, left.get(row[0]), moves.get(row[0], ())) for row in conn.execute(sql, (WELL_POINT,))]


def _well(row: tuple[Any, ...], left: tuple[str, str] | None, moves: tuple[Move, ...]) -> StockWell:
    uid, code, town, village, use, well_class, status, completed_on, found_on = row
    return StockWell(
        uid,
        code,
        {"town": town, "village": village, "use": use, "well_class": well_class},
        since=found_on or completed_on,
        found=found_on is not None,
        left_on=dates.last_day(left[0]) if left else None,
        left_by=left[1] if left else None,
        outside=left is None and status in _GONE,
        moves=moves,
    )


def _left(conn: Connection) -> dict[str, tuple[str, str]]:
    """Well → (day, kind) of the first closure that took it out of the stock."""
    marks = ",".join("?" * len(LEAVING))
    sql = (
        "SELECT well_uid, closed_on, method FROM closures WHERE well_uid IS NOT NULL AND closed_on IS NOT NULL"
        f" AND method IN ({marks}) ORDER BY closed_on DESC, id DESC"
    )
    return {uid: (day, method) for uid, day, method in conn.execute(sql, sorted(LEAVING))}


def _moves(conn: Connection) -> dict[str, tuple[Move, ...]]:
    kinds = {kind: what for what, kind in MOVES}
    marks = ",".join("?" * len(kinds))
    sql = (
        "SELECT point_uid, kind, happened_on, from_status, to_status FROM point_events"
        f" WHERE kind IN ({marks}) ORDER BY happened_on, id"
    )
    found: dict[str, tuple[Move, ...]] = {}
    for uid, kind, day, before, after in conn.execute(sql, tuple(kinds)):
        move = Move(dates.last_day(day), kinds[kind], before, after)
        found[uid] = (*found.get(uid, ()), move)
    return found
