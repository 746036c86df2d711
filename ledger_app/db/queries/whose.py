"""Which ledger a record belongs to: behind a figure there are only uids."""

from __future__ import annotations

from collections.abc import Iterable

from ledger_app.core.entity import Entity, Registry
from ledger_app.db import Connection
from ledger_app.db.store import scope_condition


def ledger_of(conn: Connection, registry: Registry, uids: Iterable[str]) -> Entity | None:
    """The ledger that holds the first of these records that still exists; ledgers with a place first."""
    for uid in uids:
        for entity in sorted(registry, key=lambda e: e.group is None):
            scope, args = scope_condition(entity)
            sql = f"SELECT 1 FROM {entity.table} WHERE uid = ?{scope}"
            if conn.execute(sql, (uid, *args)).fetchone():
                return entity
    return None
