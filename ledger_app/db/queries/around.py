"""What stands around one record: its permit, closures, shares, versions — by indexed look-ups only."""

from __future__ import annotations

from typing import Any, Final

from ledger_app.core.terms import WELL_POINT
from ledger_app.db import Connection
from ledger_app.db.queries.findings import rows_of

Row = dict[str, Any]
_WELL: Final = f"""w.code, w.kind = '{WELL_POINT}' AS is_well, w.status,
                   (SELECT name FROM regions r WHERE r.uid = w.village_uid) AS village"""


def one(conn: Connection, table: str, uid: str) -> Row | None:
    """The stored row of a record; `table` is a name of ours, never typed."""
    found = rows_of(conn, f"SELECT * FROM {table} WHERE uid = :uid", uid=uid)
    return found[0] if found else None


def closures_of_well(conn: Connection, well: str) -> list[Row]:
    sql = """SELECT uid, method, reason, closed_on, accepted_on, reopened_on FROM closures
             WHERE well_uid = :well ORDER BY COALESCE(closed_on, '') DESC, id DESC"""
    return rows_of(conn, sql, well=well)


def events_of_point(conn: Connection, point: str) -> list[Row]:
    sql = """SELECT kind, happened_on, from_status, to_status, reason FROM point_events
             WHERE point_uid = :point ORDER BY happened_on DESC, id DESC"""
    return rows_of(conn, sql, point=point)


def shares_of_point(conn: Connection, point: str) -> list[Row]:
    sql = """SELECT p.uid, p.number, s.share_m3, s.from_on, s.to_on FROM permit_shares s
             JOIN permits p ON p.uid = s.permit_uid WHERE s.point_uid = :point
             ORDER BY COALESCE(s.from_on, '') DESC, s.id DESC"""
    return rows_of(conn, sql, point=point)


def heirs_of_well(conn: Connection, well: str) -> list[Row]:
    """The wells that replaced one, and the well it replaced."""
    sql = f"""SELECT w.uid, {_WELL}, 1 AS is_heir FROM points w WHERE w.replaces_uid = :well
              UNION ALL SELECT w.uid, {_WELL}, 0 FROM points n JOIN points w ON w.uid = n.replaces_uid
              WHERE n.uid = :well"""
    return rows_of(conn, sql, well=well)


def points_of_permit(conn: Connection, permit: str) -> list[Row]:
    """The points that draw under a permit today, with their share; those not in the ledger as stated."""
    sql = f"""SELECT w.uid, {_WELL}, s.point_stated, s.share_m3 FROM permit_shares s
              LEFT JOIN points w ON w.uid = s.point_uid
              WHERE s.permit_uid = :permit AND s.to_on IS NULL ORDER BY w.code, s.id"""
    return rows_of(conn, sql, permit=permit)


def versions_of_permit(conn: Connection, permit: str) -> list[Row]:
    sql = """SELECT v.kind, COALESCE(u.name, v.holder_stated) AS holder, v.permitted_volume_m3, v.valid_from,
             v.valid_to, v.superseded_on, v.document FROM permit_versions v
             LEFT JOIN water_users u ON u.uid = v.holder_uid WHERE v.permit_uid = :permit
             ORDER BY v.superseded_on DESC, v.id DESC"""
    return rows_of(conn, sql, permit=permit)


def permits_of_user(conn: Connection, user: str) -> list[Row]:
    sql = """SELECT uid, number, permitted_volume_m3, valid_to, status, applied_on, decided_on, ended_on
             FROM permits WHERE holder_uid = :user ORDER BY number"""
    return rows_of(conn, sql, user=user)


def points_of_user(conn: Connection, user: str) -> list[Row]:
    sql = f"SELECT w.uid, {_WELL} FROM points w WHERE w.water_user_uid = :user ORDER BY w.code"
    return rows_of(conn, sql, user=user)


def quantities_of_project(conn: Connection, project: str) -> list[Row]:
    sql = """SELECT indicator, unit, planned, done FROM project_quantities
             WHERE project_uid = :project ORDER BY id"""
    return rows_of(conn, sql, project=project)


def villages_of_project(conn: Connection, project: str) -> list[Row]:
    sql = """SELECT r.uid, r.name, p.area_mu FROM project_places p JOIN regions r ON r.uid = p.village_uid
             WHERE p.project_uid = :project ORDER BY p.id"""
    return rows_of(conn, sql, project=project)


def milestones_of_project(conn: Connection, project: str) -> list[Row]:
    sql = """SELECT kind, reached_on, document FROM project_milestones
             WHERE project_uid = :project ORDER BY reached_on, id"""
    return rows_of(conn, sql, project=project)


def attachments_of(conn: Connection, record: str) -> list[Row]:
    sql = "SELECT uid, name, kind, taken_on, content_hash FROM attachments WHERE record_uid = :record ORDER BY id"
    return rows_of(conn, sql, record=record)
