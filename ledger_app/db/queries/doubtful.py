"""Records that look doubled (R18), a thousand times too large or small (R19), or named by papers only."""

from __future__ import annotations

import json
from itertools import groupby
from typing import Final

from ledger_app.core.rules.magnitudes import FACTOR, HOURS, LEAST_A_MU_M3, MOST_A_MU_M3
from ledger_app.db import Connection
from ledger_app.db.queries.findings import STANDING, WHAT, Row, rows_of

_METRE: Final = 100_000  # degrees × this: two wells within a metre are one place (domain §9)
_USUAL_M3: Final = (100, 500_000)  # volumes of one well outside this are looked at against its neighbours


# ---- R18 ------------------------------------------------------------------------------------------


def same_coordinates(conn: Connection) -> list[list[Row]]:
    """Groups of points at one place, in order of entry."""
    lon, lat = (f"CAST(ROUND(w.{axis} * {_METRE}) AS INTEGER)" for axis in ("longitude", "latitude"))
    where = "w.longitude IS NOT NULL AND w.latitude IS NOT NULL"
    return _groups(conn, f"{lon} * 100000000 + {lat}", "PRINTF('%.6f，%.6f', w.longitude, w.latitude)", where)


def same_electricity_meter(conn: Connection) -> list[list[Row]]:
    """Groups of standing points behind one electricity meter."""
    where = f"w.electricity_meter_no IS NOT NULL AND {STANDING}"
    return _groups(conn, "w.electricity_meter_no", "w.electricity_meter_no", where)


def same_permit_and_place(conn: Connection) -> list[list[Row]]:
    """Groups of standing points of one permit, place and owner, not all told apart by coordinates; the
    name of a village is no place."""
    key = "w.permit_uid || '|' || COALESCE(w.village_group, '') || '|' || w.place || '|' || COALESCE(w.owner, '')"
    where = (
        f"w.place IS NOT NULL AND w.permit_uid IS NOT NULL AND {STANDING}"
        " AND w.place NOT IN (SELECT name FROM regions)"
    )
    return _groups(conn, key, "w.place", where, "AND MAX(w.longitude IS NULL)")


def _groups(conn: Connection, key: str, shared: str, where: str, having: str = "") -> list[list[Row]]:
    sql = f"SELECT {key} FROM points w WHERE {where} GROUP BY 1 HAVING COUNT(*) > 1 {having}"
    doubled = [value for (value,) in conn.execute(sql)]
    if not doubled:
        return []
    sql = f"""SELECT w.uid, w.code, w.replaces_uid, {shared} AS shared, {key} AS same, {WHAT} FROM points w
              WHERE {where} AND {key} IN (SELECT value FROM json_each(:doubled)) ORDER BY same, w.id"""
    found = rows_of(conn, sql, doubled=json.dumps(doubled))
    return [list(rows) for _, rows in groupby(found, key=lambda row: row["same"])]


# ---- R19 ------------------------------------------------------------------------------------------


def far_wells(conn: Connection) -> list[Row]:
    """Points whose allotted volume is far from their plan, pump, area or from what is usual."""
    v, plan, area = "w.permitted_volume_m3", "w.planned_volume_m3", "w.irrigated_area_mu"
    sql = f"""SELECT w.uid, w.code, w.use, {v}, {plan}, w.yield_m3_h, {area}, {WHAT} FROM points w
              WHERE {v} > 0 AND ({v} < {_USUAL_M3[0]} OR {v} > {_USUAL_M3[1]}
              OR {plan} > 0 AND ({v} >= {plan} * {FACTOR} OR {plan} >= {v} * {FACTOR})
              OR w.yield_m3_h > 0 AND {v} > w.yield_m3_h * {HOURS}
              OR {area} > 0 AND ({v} > {area} * {MOST_A_MU_M3} OR {v} < {area} * {LEAST_A_MU_M3}))
              ORDER BY w.code"""
    found = rows_of(conn, sql)
    usual = {use: _middle(conn, use) for use in {row["use"] for row in found}}
    return [row | {"usual_m3": usual[row["use"]]} for row in found]


def _middle(conn: Connection, use: str | None) -> float | None:
    """The middle volume of the points of a use; None where there are too few to say."""
    where = "permitted_volume_m3 > 0 AND use IS :use"
    count = conn.execute(f"SELECT COUNT(*) FROM points WHERE {where}", {"use": use}).fetchone()[0]
    if count < 5:
        return None
    sql = f"SELECT permitted_volume_m3 FROM points WHERE {where} ORDER BY 1 LIMIT 1 OFFSET {count // 2}"
    return float(conn.execute(sql, {"use": use}).fetchone()[0])


def former_volumes(conn: Connection) -> dict[str, float]:
    """Permit → m³ a year of the terms before the present ones."""
    sql = """SELECT permit_uid, permitted_volume_m3 FROM permit_versions
             WHERE permitted_volume_m3 IS NOT NULL ORDER BY superseded_on, id"""
    return dict(conn.execute(sql).fetchall())


def far_closures(conn: Connection) -> list[Row]:
    """Closures with a saving, and what their well was given, at last."""
    sql = """SELECT c.uid, w.code, c.reduced_volume_m3, COALESCE(w.permitted_volume_m3,
             (SELECT s.share_m3 FROM permit_shares s WHERE s.point_uid = w.uid ORDER BY s.id DESC LIMIT 1))
             AS given_m3
             FROM closures c JOIN points w ON w.uid = c.well_uid WHERE c.reduced_volume_m3 > 0 ORDER BY w.code"""
    return rows_of(conn, sql)


def far_projects(conn: Connection) -> list[Row]:
    sql = """SELECT uid, name, planned_area_mu, completed_area_mu, saving_capacity_m3 FROM projects
             WHERE planned_area_mu > 0 ORDER BY name, id"""
    return rows_of(conn, sql)


# ---- REF ------------------------------------------------------------------------------------------


_POINT: Final = "CASE s.kind WHEN '机电井' THEN '井 ' ELSE '取水口 ' END || s.code"
_OF_POINT: Final = f"CASE s.kind WHEN '机电井' THEN 'wells' ELSE 'intakes' END, s.uid, {_POINT}"
# What names something: (ledger, uid, what it is called itself, what it names), the verb, what is missing.
_NAMING: Final = (
    (
        (
            "'permits', p.uid, '许可证 ' || p.number, s.point_stated"
            " FROM permit_shares s JOIN permits p ON p.uid = s.permit_uid WHERE s.point_stated IS NOT NULL"
        ),
        " 列有井",
        "机电井",
    ),
    (
        (
            "'projects', p.uid, '项目“' || p.name || '”', s.point_stated"
            " FROM project_points s JOIN projects p ON p.uid = s.project_uid WHERE s.point_stated IS NOT NULL"
        ),
        "列有井",
        "机电井",
    ),
    (
        "'closures', s.uid, '封停处置', s.well_stated FROM closures s WHERE s.well_stated IS NOT NULL",
        "里的井",
        "机电井",
    ),
    (
        f"{_OF_POINT}, s.permit_stated FROM points s WHERE s.permit_stated IS NOT NULL",
        " 登记的许可证",
        "取水许可",
    ),
    (
        f"{_OF_POINT}, s.replaces_stated FROM points s WHERE s.replaces_stated IS NOT NULL",
        " 更新自井",
        "机电井",
    ),
)


def unknown_references(conn: Connection) -> list[Row]:
    """What permits, closures, points and projects name and the ledger does not have."""
    found: list[Row] = []
    for sql, verb, missing in _NAMING:
        rows = conn.execute(f"SELECT {sql} ORDER BY 3, 2, 4").fetchall()
        for (ledger, uid, said), group in groupby(rows, key=lambda row: row[:3]):
            facts = {"ledger": ledger, "uid": uid, "said": said, "verb": verb, "missing": missing}
            found.append(facts | {"stated": [row[3] for row in group]})
    return found


def reasons(conn: Connection) -> dict[tuple[str, str], str]:
    """(rule, uid) → the reason given last."""
    sql = "SELECT rule, record_uid, reason FROM finding_reasons ORDER BY noted_on, id"
    return {(rule, uid): reason for rule, uid, reason in conn.execute(sql)}
