"""The records each rule has to look at, picked in SQL so that a county of 100,000 wells takes a moment.

Every function gives rows as dicts in code order, with the names the rules of core/rules ask for.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, Final

from ledger_app.core.terms import CLOSURE_EFFECTS, IN_USE, MONITORING_STATE, SEALED_STATE, STOPPED, WELL_POINT
from ledger_app.core.values import plain
from ledger_app.db import Connection
from ledger_app.db.scaled import scaled_sum, unscaled

Row = dict[str, Any]
WHAT: Final = (
    f"CASE w.kind WHEN '{WELL_POINT}' THEN 'wells' ELSE 'intakes' END AS ledger,"
    f" CASE w.kind WHEN '{WELL_POINT}' THEN '井' ELSE '取水口' END AS label"
)
GONE: Final = (SEALED_STATE, MONITORING_STATE)
STANDING: Final = f"COALESCE(w.status, '') NOT IN ('{SEALED_STATE}', '{MONITORING_STATE}')"
# A share that goes on. One that ends later because its successor begins that day (a permit renewed ahead
# of time) belongs to terms that are over: what is judged are the terms the permit's own row holds.
HOLDS: Final = (
    "(s.to_on IS NULL OR s.to_on > :today AND NOT EXISTS (SELECT 1 FROM permit_shares n"
    " WHERE n.permit_uid = s.permit_uid AND n.point_uid IS s.point_uid"
    " AND n.point_stated IS s.point_stated AND n.from_on = s.to_on))"
)


def rows_of(conn: Connection, sql: str, **values: Any) -> list[Row]:
    """The rows of a query as dicts by column name."""
    cursor = conn.execute(sql, values)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, map(plain, row), strict=True)) for row in cursor]


# ---- R01, R04: closures and the register ----------------------------------------------------------


def latest_closures(conn: Connection) -> list[Row]:
    """Of each well the latest closure that was done and not taken back."""
    sql = """SELECT w.uid, w.code, w.status, c.method, c.closed_on FROM closures c
             JOIN points w ON w.uid = c.well_uid
             WHERE c.closed_on IS NOT NULL AND c.reopened_on IS NULL ORDER BY w.code, c.closed_on, c.id"""
    latest = {row["uid"]: row for row in rows_of(conn, sql)}
    return list(latest.values())


def claims_of_sealed(conn: Connection, today: date) -> list[Row]:
    """Sealed wells that a plan or a permit still counts."""
    sql = f"""SELECT w.uid, w.code, w.planned_volume_m3, p.number,
              COALESCE(s.share_m3, w.permitted_volume_m3) AS share_m3,
              (SELECT MAX(c.closed_on) FROM closures c WHERE c.well_uid = w.uid) AS closed_on
              FROM points w LEFT JOIN permit_shares s ON s.point_uid = w.uid AND {HOLDS}
              LEFT JOIN permits p ON p.uid = COALESCE(s.permit_uid, w.permit_uid)
              WHERE w.status = :sealed AND (w.planned_volume_m3 > 0 OR p.uid IS NOT NULL)
              ORDER BY w.code, s.id"""
    return rows_of(conn, sql, sealed=SEALED_STATE, today=today.isoformat())


def gone_without_day(conn: Connection) -> list[Row]:
    """Wells sealed or turned into monitoring wells, with no closure and no event that says when."""
    leaving = [method for method, effect in CLOSURE_EFFECTS.items() if effect.leaves_stock]
    sql = f"""SELECT w.uid, w.code, w.status,
              EXISTS (SELECT 1 FROM closures c WHERE c.well_uid = w.uid AND {_among("c.method", leaving)})
              AS listed
              FROM points w WHERE w.kind = :well AND {_among("w.status", GONE)} AND NOT EXISTS (
                SELECT 1 FROM closures c WHERE c.well_uid = w.uid AND c.closed_on IS NOT NULL
                AND {_among("c.method", leaving)})
              AND NOT EXISTS (SELECT 1 FROM point_events e WHERE e.point_uid = w.uid
                AND e.to_status = w.status) ORDER BY w.code"""
    return rows_of(conn, sql, well=WELL_POINT)


def _among(column: str, words: Collection[str]) -> str:
    """Words of a vocabulary of ours, spelt out."""
    return f"{column} IN ({', '.join(repr(word) for word in words)})"


# ---- R05–R08: permits and wells -------------------------------------------------------------------


def permits(conn: Connection) -> list[Row]:
    """Every permit with what its standing follows from."""
    sql = """SELECT p.uid, p.number, COALESCE(u.name, p.holder_stated) AS holder, p.status, p.valid_to,
             p.applied_on, p.decided_on, p.ended_on FROM permits p
             LEFT JOIN water_users u ON u.uid = p.holder_uid ORDER BY p.number"""
    return rows_of(conn, sql)


def unlicensed(conn: Connection, today: date, ended: Sequence[str], exempt: Sequence[str]) -> list[Row]:
    """Points in use, of no exempt use, that name no permit and are listed by none in force, or name one
    of the `ended` permits. What names a permit the ledger does not have is another rule's."""
    sql = f"""SELECT w.uid, w.code, w.use, w.permit_uid, p.number, {WHAT} FROM points w
              LEFT JOIN permits p ON p.uid = w.permit_uid
              WHERE w.status = :in_use AND w.permit_stated IS NULL
              AND COALESCE(w.use, '') NOT IN (SELECT value FROM json_each(:exempt))
              AND (w.permit_uid IS NULL OR w.permit_uid IN (SELECT value FROM json_each(:ended)))
              AND NOT EXISTS (SELECT 1 FROM permit_shares s WHERE s.point_uid = w.uid AND {HOLDS}
                AND s.permit_uid NOT IN (SELECT value FROM json_each(:ended)))
              ORDER BY w.kind, w.code"""
    words = {"ended": json.dumps(ended), "exempt": json.dumps(exempt)}
    return rows_of(conn, sql, in_use=IN_USE, today=today.isoformat(), **words)


def permit_counts(conn: Connection, today: date) -> list[Row]:
    """Permits with the points that draw under them (`linked`) and what those were given together, by
    the permit's own list, or by the wells' where the list names no volumes."""
    iso = today.isoformat()
    linked = _linked(conn, iso)
    by_list = _given(conn, "permit_shares s", "s.permit_uid", "s.share_m3", HOLDS, today=iso)
    by_wells = _given(conn, "points w", "w.permit_uid", "w.permitted_volume_m3", STANDING)
    sql = "SELECT uid, number, well_count, permitted_volume_m3 FROM permits ORDER BY number"
    rows = rows_of(conn, sql)
    for row in rows:
        row["linked"] = linked.get(row["uid"], 0)
        row["given_m3"] = by_list.get(row["uid"], by_wells.get(row["uid"]))
    return rows


def _linked(conn: Connection, today: str) -> dict[str, int]:
    """Permit → points: a point counts once, whichever list names it; one that is not in the ledger
    counts as stated."""
    queries = (
        f"SELECT w.permit_uid, COUNT(*) FROM points w WHERE w.permit_uid IS NOT NULL AND {STANDING} GROUP BY 1",
        f"""SELECT s.permit_uid, COUNT(DISTINCT w.uid) FROM permit_shares s
            JOIN points w ON w.uid = s.point_uid AND w.permit_uid IS NOT s.permit_uid
            WHERE {HOLDS} AND {STANDING} GROUP BY 1""",
        f"""SELECT s.permit_uid, COUNT(DISTINCT s.point_stated) FROM permit_shares s
            WHERE s.point_uid IS NULL AND {HOLDS} GROUP BY 1""",
    )
    found: dict[str, int] = {}
    for sql in queries:
        for permit, count in conn.execute(sql, {"today": today} if ":today" in sql else {}):
            found[permit] = found.get(permit, 0) + count
    return found


def _given(
    conn: Connection, source: str, permit: str, volume: str, where: str, **values: str
) -> dict[str, float]:
    """Permit → m³ given to its points, added exactly."""
    sql = (
        f"SELECT {permit}, {scaled_sum(volume, 2)} FROM {source}"
        f" WHERE {permit} IS NOT NULL AND {volume} IS NOT NULL AND {where} GROUP BY {permit}"
    )
    return {uid: float(unscaled(total, 2) or 0) for uid, total in conn.execute(sql, values)}


def replaced_but_standing(conn: Connection, today: date) -> list[Row]:
    """Wells a licensed well has replaced and that are not sealed; `heir` is the new number."""
    sql = f"""SELECT w.uid, w.code, w.status, n.code AS heir, p.number FROM points n
              JOIN points w ON w.uid = n.replaces_uid
              JOIN permits p ON p.uid = COALESCE(n.permit_uid, (SELECT s.permit_uid FROM permit_shares s
                WHERE s.point_uid = n.uid AND {HOLDS} LIMIT 1))
              WHERE {STANDING} ORDER BY w.code, n.code"""
    return rows_of(conn, sql, today=today.isoformat())


def disagreeing(conn: Connection, today: date) -> list[Row]:
    """Points that name a permit whose list names others only, or that another permit lists."""
    unlisted = f"""SELECT w.uid, w.code, p.number AS own, NULL AS listing, {WHAT} FROM points w
        JOIN permits p ON p.uid = w.permit_uid
        WHERE {STANDING} AND NOT EXISTS (SELECT 1 FROM permit_shares s WHERE s.point_uid = w.uid AND {HOLDS})
        AND EXISTS (SELECT 1 FROM permit_shares s WHERE s.permit_uid = w.permit_uid AND {HOLDS})"""
    otherwise = f"""SELECT w.uid, w.code, COALESCE(p.number, w.permit_stated) AS own, q.number AS listing, {WHAT}
        FROM permit_shares s JOIN points w ON w.uid = s.point_uid JOIN permits q ON q.uid = s.permit_uid
        LEFT JOIN permits p ON p.uid = w.permit_uid
        WHERE {HOLDS} AND {STANDING} AND (w.permit_uid <> s.permit_uid OR w.permit_stated <> q.number)"""
    return rows_of(conn, f"{unlisted} UNION ALL {otherwise} ORDER BY 2", today=today.isoformat())


def unequal(conn: Connection, today: date) -> list[Row]:
    """Points whose own 分配许可水量 is not what their permit's list gives them."""
    cents = "CAST(ROUND({} * 100) AS INTEGER)"
    own, share = cents.format("w.permitted_volume_m3"), cents.format("s.share_m3")
    sql = f"""SELECT w.uid, w.code, w.permitted_volume_m3, s.share_m3, p.number AS own, {WHAT}
              FROM permit_shares s JOIN points w ON w.uid = s.point_uid AND w.permit_uid = s.permit_uid
              JOIN permits p ON p.uid = s.permit_uid
              WHERE {HOLDS} AND {STANDING} AND {own} <> {share} ORDER BY w.code"""
    return rows_of(conn, sql, today=today.isoformat())


def stopped(conn: Connection, today: date) -> list[Row]:
    """Stopped points with a day and the permit they draw under."""
    sql = f"""SELECT w.uid, w.code, w.stopped_on, p.uid AS permit_uid, p.number, p.authority, {WHAT}
              FROM points w JOIN permits p ON p.uid = COALESCE(w.permit_uid, (SELECT s.permit_uid
                FROM permit_shares s WHERE s.point_uid = w.uid AND {HOLDS} LIMIT 1))
              WHERE w.status = :stopped AND w.stopped_on IS NOT NULL ORDER BY p.number, w.code"""
    return rows_of(conn, sql, stopped=STOPPED, today=today.isoformat())
