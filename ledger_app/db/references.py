"""What refers to a record: by a foreign key, or loosely by `record_uid` (attachments, reasons)."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from ledger_app.core.entity import Entity, Registry

CHUNK: Final = 500  # bound variables in one IN (…)
_LOOSE: Final = "record_uid"


@dataclass(frozen=True, slots=True)
class Reference:
    """A record of ledger `by` that refers to the record `target`."""

    by: Entity
    uid: str
    target: str


def live(
    conn: sqlite3.Connection, registry: Registry, entity: Entity, uids: Sequence[str]
) -> Iterator[Reference]:
    """Every record that keeps one of these from being deleted."""
    for other, ref in registry.referring_to(entity.name):
        yield from _pointing(conn, other, ref.uid_column, uids)
    yield from loose(conn, registry, uids)


def loose(conn: sqlite3.Connection, registry: Registry, uids: Sequence[str]) -> Iterator[Reference]:
    """References SQLite does not know of, because they may point into any ledger."""
    for other in registry:
        if _LOOSE in other.by_name:
            yield from _pointing(conn, other, _LOOSE, uids)


def unlink_among(conn: sqlite3.Connection, registry: Registry, entity: Entity, uids: Sequence[str]) -> None:
    """Let go of references within one table, so that records which refer to each other can be deleted in
    any order: ON DELETE RESTRICT is judged row by row, even where the transaction defers."""
    for other, ref in registry.referring_to(entity.name):
        column = ref.uid_column
        if other.table == entity.table and not ref.required:
            for marks, part in _chunks(uids):
                sql = f"UPDATE {entity.table} SET {column} = NULL WHERE {column} IS NOT NULL AND uid IN ({marks})"
                conn.execute(sql, part)


def unique_columns(conn: sqlite3.Connection, table: str) -> frozenset[str]:
    """Columns in which no two records may agree, beside `uid`."""
    names = [row[1] for row in conn.execute(f"PRAGMA index_list({table})") if row[2]]
    indexed = [[row[2] for row in conn.execute(f"PRAGMA index_info({name})")] for name in names]
    return frozenset(column for columns in indexed for column in columns if column != "uid")


def _pointing(
    conn: sqlite3.Connection, other: Entity, column: str, uids: Sequence[str]
) -> Iterator[Reference]:
    for marks, part in _chunks(uids):
        sql = f"SELECT uid, {column} FROM {other.table} WHERE {column} IN ({marks}) ORDER BY id"
        for uid, target in conn.execute(sql, part):
            yield Reference(other, uid, target)


def _chunks(uids: Sequence[str]) -> Iterator[tuple[str, Sequence[str]]]:
    for start in range(0, len(uids), CHUNK):
        part = uids[start : start + CHUNK]
        yield ",".join("?" * len(part)), part
