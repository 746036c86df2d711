"""Search text, FTS and pinyin keys of the ledgers: derived, rebuildable at any time."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence

from ledger_app.core.characters import half_width
from ledger_app.core.entity import Entity, Registry
from ledger_app.core.fields import Ref, Text
from ledger_app.db.queries.shown import shown


def index(conn: sqlite3.Connection, registry: Registry, entity: Entity, uids: Sequence[str]) -> None:
    """Bring the search text of these records up to date, inside the caller's transaction."""


def forget(conn: sqlite3.Connection, entity: Entity, uids: Sequence[str]) -> None:
    """Take records out of the search before they are deleted."""


def rebuild(conn: sqlite3.Connection, registry: Registry, entity: Entity) -> None:
    """Make the search of a ledger anew from its rows."""


def conditions(registry: Registry, entity: Entity, searched: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """SQL over table `t`, with its parameters, for each of the words typed."""
    fields = [f for f in entity.fields if isinstance(f, Text | Ref)]
    text = " || char(10) || ".join(f"COALESCE(LOWER({shown(registry, f)}), '')" for f in fields)
    for word in half_width(searched).lower().split():
        yield f"INSTR({text}, ?) > 0", (word,)
