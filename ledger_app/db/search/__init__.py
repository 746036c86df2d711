"""Search of the ledgers: texts, their index and the pinyin of names; derived, rebuildable at any time.

`d_search_text` holds the text of every record under `ledger number << 40 | id`; `d_search_fts` indexes
every three characters in a row of it, without positions, which costs little to make; `d_search_terms`
lists these triples. A word of three characters is one look-up; a longer one an intersection of its
triples that is compared with the text; a shorter one is what the triples begin with.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from ledger_app.core.entity import Entity, Registry
from ledger_app.db.search.finding import Hits, hits, more_than, scanned, words_of
from ledger_app.db.search.rows import first_rowid, last_rowid
from ledger_app.db.search.texts import Texts, looked_up, title_of

__all__ = ["Hits", "forget", "hits", "index", "index_new", "more_than", "rebuild", "scanned", "words_of"]

BATCH: Final = 20_000  # records taken into memory at a time
_WRITE_TEXT: Final = (
    "INSERT INTO d_search_text (id, text) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET text = excluded.text"
)
_ADD_TERMS: Final = "INSERT INTO d_search_fts (rowid, text) SELECT id, text FROM d_search_text WHERE id"
_DROP_TERMS: Final = (
    "INSERT INTO d_search_fts (d_search_fts, rowid, text)"
    " SELECT 'delete', id, text FROM d_search_text WHERE id = ?"
)


def index(conn: sqlite3.Connection, registry: Registry, entity: Entity, uids: Iterable[str]) -> None:
    """Bring the search text of these records up to date, inside the caller's transaction; where a title
    changed, also that of the records that refer to it."""
    first = first_rowid(conn, entity, new=True)
    texts = Texts(conn, registry, entity)
    ordered = sorted(set(uids))
    renamed: list[str] = []
    for start in range(0, len(ordered), BATCH):
        records = texts.of(ordered[start : start + BATCH])
        renamed += _write(conn, [(first + i, uid, text) for i, uid, text in records])
    if renamed:
        _index_referring(conn, registry, entity, renamed)


def index_new(
    conn: sqlite3.Connection,
    registry: Registry,
    entity: Entity,
    uids: Sequence[str],
    columns: Mapping[str, Sequence[Any]],
) -> None:
    """The same for records just inserted in this order, whose stored columns are at hand: an import need
    not read again what it has written."""
    first = first_rowid(conn, entity, new=True)
    ids = [_id(conn, entity, uid) for uid in (uids[0], uids[-1])]
    if ids[1] - ids[0] != len(uids) - 1:
        index(conn, registry, entity, uids)
        return
    texts = Texts(conn, registry, entity)
    for start in range(0, len(uids), BATCH):
        part = {name: values[start : start + BATCH] for name, values in columns.items()}
        made = texts.made_of(part, len(uids[start : start + BATCH]))
        conn.executemany(_WRITE_TEXT, enumerate(made, first + ids[0] + start))
    conn.execute(f"{_ADD_TERMS} BETWEEN ? AND ?", (first + ids[0], first + ids[1]))


def forget(conn: sqlite3.Connection, entity: Entity, uids: Sequence[str]) -> None:
    """Take records out of the search before they are deleted."""
    first = first_rowid(conn, entity)
    found = looked_up(conn, f"SELECT id FROM {entity.table} WHERE uid IN", uids)
    rowids = sorted((first + row[0],) for row in found)
    conn.executemany(_DROP_TERMS, rowids)
    conn.executemany("DELETE FROM d_search_text WHERE id = ?", rowids)


def rebuild(conn: sqlite3.Connection, registry: Registry, entity: Entity) -> None:
    """Make the texts of a ledger anew from its rows, and the index from all texts."""
    first = first_rowid(conn, entity, new=True)
    conn.execute("DELETE FROM d_search_text WHERE id BETWEEN ? AND ?", (first, last_rowid(first)))
    texts = Texts(conn, registry, entity)
    uids = [row[0] for row in conn.execute(f"SELECT uid FROM {entity.table} ORDER BY id")]
    for start in range(0, len(uids), BATCH):
        rows = [(first + i, text) for i, _, text in texts.of(uids[start : start + BATCH])]
        conn.executemany(_WRITE_TEXT, rows)
    conn.execute("INSERT INTO d_search_fts (d_search_fts) VALUES ('rebuild')")


def _write(conn: sqlite3.Connection, records: Sequence[tuple[int, str, str]]) -> list[str]:
    """Store what differs; the uids of records whose title changed."""
    olds = dict(looked_up(conn, "SELECT id, text FROM d_search_text WHERE id IN", [r[0] for r in records]))
    changed = [(rowid, uid, text) for rowid, uid, text in records if olds.get(rowid) != text]
    conn.executemany(_DROP_TERMS, [(rowid,) for rowid, _, _ in changed if rowid in olds])
    conn.executemany(_WRITE_TEXT, [(rowid, text) for rowid, _, text in changed])
    _add_terms(conn, [rowid for rowid, _, _ in changed])
    return [uid for i, uid, text in changed if i in olds and title_of(olds[i]) != title_of(text)]


def _add_terms(conn: sqlite3.Connection, rowids: Sequence[int]) -> None:
    """In one statement where the rows follow each other, as imported ones do."""
    if rowids and rowids[-1] - rowids[0] == len(rowids) - 1:
        conn.execute(f"{_ADD_TERMS} BETWEEN ? AND ?", (rowids[0], rowids[-1]))
    else:
        conn.executemany(f"{_ADD_TERMS} = ?", [(rowid,) for rowid in rowids])


def _id(conn: sqlite3.Connection, entity: Entity, uid: str) -> int:
    return int(conn.execute(f"SELECT id FROM {entity.table} WHERE uid = ?", (uid,)).fetchone()[0])


def _index_referring(
    conn: sqlite3.Connection, registry: Registry, entity: Entity, uids: Sequence[str]
) -> None:
    for other, ref in registry.referring_to(entity.name):
        select = f"SELECT uid FROM {other.table} WHERE {ref.uid_column} IN"
        if found := [row[0] for row in looked_up(conn, select, uids)]:
            index(conn, registry, other, found)
