"""What the ledger holds of rectification tasks, and what documents said of them when they were read."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final

from ledger_app.core.entity import Entity
from ledger_app.db import Connection, journal

READ: Final = "read"  # the kind of act by which a document's tasks are stored
_LEDGERS: Final = ("rectifications", "rectification_measures", "rectification_areas")
Row = dict[str, Any]


def tasks(conn: Connection, entity: Entity) -> list[Row]:
    """Every task with `uid` and its stored columns, in order of entry."""
    return _rows(conn, entity, "1", ())


def parts(conn: Connection, entity: Entity, tasks: Collection[str]) -> dict[str, list[Row]]:
    """Task → its measures (or areas) with `uid` and stored columns, in their order."""
    found: dict[str, list[Row]] = {}
    for uid in sorted(tasks):
        found[uid] = _rows(conn, entity, "task_uid = ?", (uid,))
    return found


def areas_of(conn: Connection, task: str) -> list[tuple[str, str]]:
    """(name, what is reported) of the areas of a task, in their order."""
    sql = "SELECT name, text FROM rectification_areas WHERE task_uid = ? ORDER BY position, id"
    return conn.execute(sql, (task,)).fetchall()


def said_before(conn: Connection) -> dict[tuple[str, str], Row]:
    """(ledger, uid) → column → what the last document that was read said of it, undone readings left out."""
    marks = ",".join("?" * len(_LEDGERS))
    where = (
        "act_uid IN (SELECT act_uid FROM d_acts WHERE kind = ? AND undone_by IS NULL)"
        f" AND ledger IN ({marks}) AND kind IN ('insert', 'update')"
    )
    said: dict[tuple[str, str], Row] = {}
    for entry in journal.entries(conn, where, (READ, *_LEDGERS)):
        for change in journal.changes_of(entry):
            said.setdefault((change.ledger, change.uid), {})[change.column] = change.new
    return said


def _rows(conn: Connection, entity: Entity, where: str, args: tuple[Any, ...]) -> list[Row]:
    names = ("uid", *entity.columns)
    order = "position, id" if "position" in entity.columns else "id"
    sql = f"SELECT {', '.join(names)} FROM {entity.table} WHERE {where} ORDER BY {order}"
    return [dict(zip(names, row, strict=True)) for row in conn.execute(sql, args)]
