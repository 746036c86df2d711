"""Replay from empty: the journal alone gives the ledger tables back, without `id`."""

from __future__ import annotations

import itertools
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from ledger_app.core.entity import Registry
from ledger_app.db import journal
from ledger_app.db.connection import execute_statements
from ledger_app.db.migrations import Migration
from ledger_app.db.tables import ledger_tables


def first_difference(
    conn: sqlite3.Connection, registry: Registry, migrations: Sequence[Migration]
) -> str | None:
    """The first table and uid in which the replayed journal differs from the ledger; None: equal."""
    with tempfile.TemporaryDirectory(prefix="replay-") as folder:
        copy = sqlite3.connect(Path(folder) / "replay.db", isolation_level=None)
        try:
            replay(conn, copy, registry, migrations)
            for table in ledger_tables(registry):
                if (uid := _differs(conn, copy, table)) is not None:
                    return f"{table} {uid}"
        finally:
            copy.close()
    return None


def replay(
    journal_of: sqlite3.Connection,
    into: sqlite3.Connection,
    registry: Registry,
    migrations: Sequence[Migration],
) -> None:
    """Run every entry in its order on an empty database; migrations run at their place."""
    schema = {m.name: m.sql for m in migrations}
    into.execute("PRAGMA foreign_keys = OFF")
    into.execute("PRAGMA synchronous = OFF")
    into.execute("BEGIN")
    for entry in journal.entries(journal_of):
        if entry.kind == "migration":
            execute_statements(into, schema[entry.ledger])
        elif entry.kind != "act":
            _apply(into, registry[entry.ledger].table, entry)
    into.execute("COMMIT")


def _apply(conn: sqlite3.Connection, table: str, entry: journal.Entry) -> None:
    uids, columns = entry.body["u"], entry.body["c"]
    if entry.kind == "insert":
        names = ", ".join(("uid", *columns))
        marks = ", ".join("?" * (len(columns) + 1))
        rows = zip(uids, *columns.values(), strict=True)
        conn.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)
    elif entry.kind == "delete":
        conn.executemany(f"DELETE FROM {table} WHERE uid = ?", [(u,) for u in uids])
    else:
        for column, values in columns.items():
            changed = [(v[1], u) for u, v in zip(uids, values, strict=True) if v is not None]
            _update(conn, table, column, changed)


def _update(conn: sqlite3.Connection, table: str, column: str, changed: list[tuple[Any, str]]) -> None:
    """New cells of a column. An act may have passed numbers on among records: whoever still holds a
    number that is taken up lays it down first; its own new one comes later in the same act."""
    sql = f"UPDATE {table} SET {column} = ? WHERE uid = ?"
    try:
        conn.executemany(sql, changed)
    except sqlite3.IntegrityError:
        for value, uid in changed:
            conn.execute(
                f"UPDATE {table} SET {column} = char(1) || uid WHERE {column} = ? AND uid <> ?", (value, uid)
            )
            conn.execute(sql, (value, uid))


def _differs(conn: sqlite3.Connection, copy: sqlite3.Connection, table: str) -> str | None:
    names = [r[1] for r in copy.execute(f"PRAGMA table_info({table})") if r[1] != "id"]
    mine, theirs = _sorted_rows(conn, table, names), _sorted_rows(copy, table, names)
    for left, right in itertools.zip_longest(mine, theirs):
        if left != right:
            at = names.index("uid")
            return str(min(row[at] for row in (left, right) if row))
    return None


def _sorted_rows(conn: sqlite3.Connection, table: str, names: list[str]) -> Iterator[tuple[Any, ...]]:
    yield from conn.execute(f"SELECT {', '.join(names)} FROM {table} ORDER BY uid")
