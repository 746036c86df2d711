"""Where the records of a ledger stand in the search: one index for all, a range of numbers for each."""

from __future__ import annotations

import sqlite3
from typing import Final

from ledger_app.core.entity import Entity

_SHIFT: Final = 40


def first_rowid(conn: sqlite3.Connection, entity: Entity, *, new: bool = False) -> int:
    """What is added to an id; where nothing of a ledger was ever indexed, an empty range."""
    if new:
        conn.execute("INSERT OR IGNORE INTO d_search_ledgers (name) VALUES (?)", (entity.name,))
    found = conn.execute("SELECT number FROM d_search_ledgers WHERE name = ?", (entity.name,)).fetchone()
    return int(found[0] if found else 0) << _SHIFT


def last_rowid(first: int) -> int:
    return first + (1 << _SHIFT) - 1
