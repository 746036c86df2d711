"""What filling a form asks besides the listed records: row ids of what they refer to, zones, measures."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any, Final

from ledger_app.core.entity import Entity
from ledger_app.db import Connection

CHUNK: Final = 500  # bound variables in one IN (…)
OVERDRAWN: Final = "超采区"


def ids_of(conn: Connection, entity: Entity, uids: Collection[str]) -> list[int]:
    """The row ids of the records with these uids."""
    return [row[0] for row in _among(conn, f"SELECT id FROM {entity.table} WHERE uid", sorted(uids))]


def zones_of(conn: Connection, day: str) -> dict[str, tuple[str, ...]]:
    """Point → the over-extraction zones it lies in on a day, by name."""
    sql = (
        "SELECT p.point_uid, a.name FROM point_areas p JOIN areas a ON a.uid = p.area_uid WHERE a.kind = ?"
        " AND COALESCE(p.from_on, '') <= ? AND COALESCE(p.to_on, '9999') >= ? ORDER BY a.name, a.uid"
    )
    found: dict[str, tuple[str, ...]] = {}
    for uid, name in conn.execute(sql, (OVERDRAWN, day, day)):
        found[uid] = (*found.get(uid, ()), name)
    return found


def measures_of(conn: Connection, tasks: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    """Task → its measures in order."""
    names = ("task_uid", "uid", "ordinal", "text", "done", "progress")
    select = f"SELECT {', '.join(names)}, position, id FROM rectification_measures WHERE task_uid"
    rows = sorted(_among(conn, select, tasks), key=lambda row: (row[-2] is None, row[-2] or 0, row[-1]))
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row[0], []).append(dict(zip(names, row, strict=False)))
    return found


def _among(conn: Connection, select: str, values: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    for start in range(0, len(values), CHUNK):
        part = values[start : start + CHUNK]
        yield from conn.execute(f"{select} IN ({','.join('?' * len(part))})", part)
