"""What a progress report reads besides the stock: closures, permits, projects, issued reports."""

from __future__ import annotations

import json
from typing import Any

from ledger_app.db import Connection


def _dicts(conn: Connection, sql: str, args: tuple[Any, ...] = ()) -> list[dict[str, Any]]:
    cursor = conn.execute(sql, args)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def closures(conn: Connection) -> list[dict[str, Any]]:
    """Every closure with its well's code, town and village, by day and code."""
    return _dicts(
        conn,
        "SELECT c.uid, c.well_uid, COALESCE(p.code, c.well_stated) AS code, t.name AS town, v.name AS village,"
        " c.method, c.reason, c.closed_on, c.accepted_on, c.reduced_volume_m3, c.reopened_on"
        " FROM closures c LEFT JOIN points p ON p.uid = c.well_uid"
        " LEFT JOIN regions t ON t.uid = p.town_uid LEFT JOIN regions v ON v.uid = p.village_uid"
        " ORDER BY c.closed_on, code, c.uid",
    )


def permits(conn: Connection) -> list[dict[str, Any]]:
    """Every permit with its holder's name, by number."""
    return _dicts(
        conn,
        "SELECT p.uid, p.number, COALESCE(u.name, p.holder_stated) AS holder, p.source, p.use, p.status,"
        " p.permitted_volume_m3, p.valid_from, p.valid_to, p.applied_on, p.decided_on, p.ended_on,"
        " p.first_issued_on, p.renewals"
        " FROM permits p LEFT JOIN water_users u ON u.uid = p.holder_uid ORDER BY p.number, p.uid",
    )


def renewed(conn: Connection) -> list[dict[str, Any]]:
    """The former terms of permits that were renewed, changed or passed on, with the day and the kind."""
    return _dicts(
        conn,
        "SELECT uid, permit_uid, kind, superseded_on, permitted_volume_m3, valid_from, valid_to"
        " FROM permit_versions ORDER BY superseded_on, id",
    )


def projects(conn: Connection) -> list[dict[str, Any]]:
    """Every project with its town, by name."""
    return _dicts(
        conn,
        "SELECT p.uid, p.name, p.kind, t.name AS town, p.planned_area_mu, p.completed_area_mu,"
        " p.investment_yuan, p.saving_capacity_m3, p.started_on, p.completed_on, p.accepted_on"
        " FROM projects p LEFT JOIN regions t ON t.uid = p.town_uid ORDER BY p.name, p.uid",
    )


def town_order(conn: Connection) -> list[str]:
    """The towns of the county by code, then in order of entry."""
    sql = (
        "SELECT t.name FROM regions t JOIN regions c ON c.uid = t.parent_uid"
        " WHERE c.parent_uid IS NULL ORDER BY t.code IS NULL, t.code, t.id"
    )
    return [name for (name,) in conn.execute(sql)]


def last_issued(conn: Connection, report: str, before: str) -> dict[str, Any] | None:
    """The figures of the last issued report of this name whose period ended before a day."""
    sql = (
        "SELECT period, period_end, figures FROM issued_reports WHERE report = ? AND period_end < ?"
        " ORDER BY period_end DESC, issued_on DESC, id DESC LIMIT 1"
    )
    row = conn.execute(sql, (report, before)).fetchone()
    return {"period": row[0], "period_end": row[1], "figures": json.loads(row[2])} if row else None


def well_states(conn: Connection) -> list[dict[str, Any]]:
    """Every well with its present state and town, by code."""
    return _dicts(
        conn,
        "SELECT p.uid, p.status, t.name AS town FROM points p LEFT JOIN regions t ON t.uid = p.town_uid"
        " WHERE p.kind = '机电井' ORDER BY p.code, p.uid",
    )


def permit_towns(conn: Connection) -> dict[str, set[str]]:
    """Permit → the towns of the points it names."""
    sql = (
        "SELECT s.permit_uid, t.name FROM permit_shares s JOIN points p ON p.uid = s.point_uid"
        " JOIN regions t ON t.uid = p.town_uid"
    )
    found: dict[str, set[str]] = {}
    for permit, town in conn.execute(sql):
        found.setdefault(permit, set()).add(town)
    return found
