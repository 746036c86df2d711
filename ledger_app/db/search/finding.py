"""Typed words → the records whose text holds them all, as SQL over the index or over the texts."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ledger_app.core.entity import Entity
from ledger_app.db.search.rows import first_rowid, last_rowid
from ledger_app.db.search.texts import fold

MOST_TRIPLES: Final = 12  # of a very long word not every triple is asked for
LAST_CHARACTER: Final = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Hits:
    """Records found, as SQL: `source` for FROM, `where`, the row's id, the order of entry; and the
    parameters, those of the source first."""

    source: str
    where: str
    row: str
    order: str
    args: tuple[str, ...]


def words_of(searched: str) -> tuple[str, ...]:
    """The words typed, each once, as they stand in texts."""
    return tuple(dict.fromkeys(fold(searched).split()))


def scanned(conn: sqlite3.Connection, entity: Entity, words: Sequence[str], rows: int | None = None) -> Hits:
    """Words compared with every text, or with the first `rows` texts."""
    first = first_rowid(conn, entity)
    within = f"id BETWEEN {first} AND {last_rowid(first)}"
    source, where = "d_search_text s", f"s.{within} AND {_compared('s', words)}"
    if rows is not None:
        source = f"(SELECT id, text FROM d_search_text WHERE {within} ORDER BY id LIMIT {rows}) s"
    return Hits(source, where, f"s.id - {first}", "s.id", tuple(words))


def more_than(conn: sqlite3.Connection, entity: Entity, rows: int) -> bool:
    """Whether a ledger has more than so many texts."""
    first = first_rowid(conn, entity)
    sql = "SELECT 1 FROM d_search_text WHERE id BETWEEN ? AND ? ORDER BY id LIMIT 1 OFFSET ?"
    return conn.execute(sql, (first, last_rowid(first), rows)).fetchone() is not None


def hits(conn: sqlite3.Connection, entity: Entity, words: Sequence[str], most: int) -> Hits | None:
    """Words looked up in the index; None where that means more than `most` triples for one word."""
    first = first_rowid(conn, entity)
    expressions = []
    for word in words:
        triples = _triples(conn, word, most)
        if len(triples) > most:
            return None
        if not triples:
            return Hits("d_search_text s", "0", "s.id", "s.id", ())
        glue = " AND " if len(word) > 2 else " OR "
        expressions.append(f"({glue.join(map(_quoted, triples))})")
    compared = [word for word in words if len(word) > 3]
    source = "d_search_fts(?) f"
    if compared:
        source += " CROSS JOIN d_search_text s ON s.id = f.rowid"
    where = f"f.rowid BETWEEN {first} AND {last_rowid(first)} AND {_compared('s', compared)}"
    return Hits(source, where, f"f.rowid - {first}", "f.rowid", (" AND ".join(expressions), *compared))


def _compared(alias: str, words: Sequence[str]) -> str:
    return " AND ".join([f"INSTR({alias}.text, ?) > 0"] * len(words)) or "1"


def _triples(conn: sqlite3.Connection, word: str, most: int) -> list[str]:
    """All of a word, or of a word of one or two characters any: those of the index that begin with it."""
    if len(word) > 2:
        last = len(word) - 3
        return [word[i : i + 3] for i in (*range(0, last, last // MOST_TRIPLES + 1), last)]
    select = "SELECT term FROM d_search_terms WHERE term >= ? AND term <= ? LIMIT ?"
    return [row[0] for row in conn.execute(select, (word, word + LAST_CHARACTER, most + 1))]


def _quoted(term: str) -> str:
    escaped = term.replace('"', '""')
    return f'"{escaped}"'
