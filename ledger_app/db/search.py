"""Search text, FTS and pinyin keys of the ledgers: derived, rebuildable at any time."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from ledger_app.core.entity import Entity, Registry


def index(conn: sqlite3.Connection, registry: Registry, entity: Entity, uids: Sequence[str]) -> None:
    """Bring the search text of these records up to date, inside the caller's transaction."""


def forget(conn: sqlite3.Connection, entity: Entity, uids: Sequence[str]) -> None:
    """Take records out of the search before they are deleted."""
