"""The list of acts, as the change log shows it."""

from __future__ import annotations

from typing import Any

from ledger_app.db import Connection


def acts(conn: Connection, newest: int | None = None) -> list[dict[str, Any]]:
    """Every act, oldest first, or the newest few, newest first."""
    order = "DESC LIMIT ?" if newest else "ASC"
    sql = (
        "SELECT act_uid AS act, number, at, who, kind, why, source, undoes, undone_by, row_count"
        f" FROM d_acts ORDER BY number {order}"
    )
    cursor = conn.execute(sql, (newest,) if newest else ())
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]
