"""Which rows a list shows: a query as FROM and WHERE over table `t`."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Any, Final

from ledger_app.core.entity import Entity, Registry
from ledger_app.db import search
from ledger_app.db.queries.conditions import Condition, Filter, all_of, filtered, scope

# Texts compared before the index is asked for a short word, and the share of hits that lets one go on.
SCANNED_FIRST: Final = ((4_000, 0.15), (32_000, 1.0))
TRIPLES_FOR_FIRST: Final = 3000
TRIPLES_FOR_ALL: Final = 64


@dataclass(frozen=True, slots=True)
class Query:
    """What a list shows: searched words, filters (all must hold) and the order (field, descending)."""

    search: str = ""
    filters: tuple[Filter, ...] = ()
    sort: tuple[tuple[str, bool], ...] = ()


@dataclass(frozen=True, slots=True)
class Selection:
    """The rows of a query; `entered` is what puts them in order of entry."""

    source: str
    where: str
    args: tuple[Any, ...]
    entered: str = "t.id"

    def select(self, what: str, joins: str = "", rest: str = "") -> str:
        return f"SELECT {what} FROM {self.source} {joins} WHERE {self.where} {rest}"

    def first_ids(self, conn: sqlite3.Connection, limit: int) -> list[int]:
        sql = self.select("t.id", rest=f"ORDER BY {self.entered} LIMIT ?")
        return [row[0] for row in conn.execute(sql, (*self.args, limit))]


def selection(
    conn: sqlite3.Connection,
    registry: Registry,
    entity: Entity,
    query: Query,
    most_triples: int = TRIPLES_FOR_ALL,
) -> Selection:
    """All rows of a query. Words that would mean too many triples of the index are looked for in the
    texts themselves."""
    words, narrowed = search.words_of(query.search), _narrowed(registry, entity, query)
    if not words:
        return Selection(f"{entity.table} t", narrowed.sql, narrowed.args)
    found = search.hits(conn, entity, words, most_triples) or search.scanned(conn, entity, words)
    return _within(found, entity, narrowed)


def first_ids(
    conn: sqlite3.Connection, registry: Registry, entity: Entity, query: Query, limit: int
) -> list[int]:
    """The first rows of a query in order of entry.

    A short word mostly stands in one of the first records; if not, it is rare enough for the index.
    """
    words = search.words_of(query.search)
    if any(len(word) < 3 for word in words):
        narrowed = _narrowed(registry, entity, query)
        for texts, hoped_for in SCANNED_FIRST:
            begun = _within(search.scanned(conn, entity, words, texts), entity, narrowed)
            ids = begun.first_ids(conn, limit)
            if len(ids) == limit or not search.more_than(conn, entity, texts):
                return ids
            if len(ids) < limit * hoped_for:
                break
    return selection(conn, registry, entity, query, TRIPLES_FOR_FIRST).first_ids(conn, limit)


def _narrowed(registry: Registry, entity: Entity, query: Query) -> Condition:
    return all_of([*scope(entity), *filtered(registry, entity, query.filters)])


def _within(found: search.Hits, entity: Entity, narrowed: Condition) -> Selection:
    source = f"{found.source} CROSS JOIN {entity.table} t ON t.id = {found.row}"
    return Selection(source, f"{found.where} AND {narrowed.sql}", found.args + narrowed.args, found.order)
