"""Lists of any ledger: ordered row ids, pages of rows, counts, totals, values to filter by."""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Mapping, Sequence
from decimal import Decimal
from operator import itemgetter
from typing import Any, Final

from ledger_app.core.entity import Entity, Registry
from ledger_app.core.fields import Field, Links, Number, Ref
from ledger_app.core.values import plain
from ledger_app.db.queries.conditions import Condition, Filter, all_of, scope
from ledger_app.db.queries.ordering import order_by, sort_keys
from ledger_app.db.queries.selection import Query, first_ids, selection
from ledger_app.db.queries.shown import joined, open_only, shown
from ledger_app.db.queries.where import parse_where
from ledger_app.db.scaled import scaled_sum, unscaled

__all__ = [
    "Filter",
    "Query",
    "columns",
    "count",
    "distinct",
    "filled",
    "find_by_key",
    "first_ids",
    "page",
    "parse_where",
    "row_id",
    "row_ids",
    "totals",
    "uids",
]

CHUNK: Final = 500  # bound variables in one IN (…)
SUMMABLE: Final = frozenset({"m³", "亩", "元", "km²"})


def row_ids(conn: sqlite3.Connection, registry: Registry, entity: Entity, query: Query) -> array[int]:
    """The ids of all rows in the query's order; code order where it names none. Ties end in uid."""
    order = order_by(registry, entity, query.sort or [(name, False) for name in entity.key])
    rows = selection(conn, registry, entity, query)
    sql = rows.select("t.id", order.joins, f"ORDER BY {order.terms}")
    return array("q", map(itemgetter(0), conn.execute(sql, rows.args)))


def count(conn: sqlite3.Connection, registry: Registry, entity: Entity, query: Query) -> int:
    rows = selection(conn, registry, entity, query)
    return int(conn.execute(rows.select("COUNT(*)"), rows.args).fetchone()[0])


def page(
    conn: sqlite3.Connection,
    registry: Registry,
    entity: Entity,
    ids: Sequence[int],
    fields: Sequence[str] | None = None,
) -> list[dict[str, Any]]:
    """The rows with these ids, in their order: `_id` (uid), `_row` (id) and the fields in base units.

    A Ref gives the text shown under its name and the uid under its uid column; Links give a list of
    texts. Ids that are gone are left out.
    """
    wanted = [entity.field(name) for name in fields] if fields is not None else list(entity.fields)
    columns = {"_id": "t.uid", "_row": "t.id"} | _columns(registry, wanted)
    select = f"SELECT {', '.join(columns.values())} FROM {entity.table} t WHERE t.id IN"
    found: dict[int, dict[str, Any]] = {}
    for start in range(0, len(ids), CHUNK):
        part = ids[start : start + CHUNK]
        for row in conn.execute(f"{select} ({','.join('?' * len(part))})", part):
            found[row[1]] = dict(zip(columns, map(plain, row), strict=True))
    rows = [found[i] for i in ids if i in found]
    for field in wanted:
        if isinstance(field, Links):
            _add_links(conn, registry, field, rows)
    return rows


def columns(
    conn: sqlite3.Connection, registry: Registry, entity: Entity, ids: Sequence[int], fields: Sequence[str]
) -> list[list[Any]]:
    """The fields of the rows with these ids column by column, for thousands at once: values as `page` gives
    them, Links as tuples."""
    wanted = [entity.field(name) for name in fields]
    held = ["t.uid" if isinstance(f, Links) else shown(registry, f) for f in wanted]
    select = f"SELECT t.id, {', '.join(held)} FROM {entity.table} t WHERE t.id IN"
    found: dict[int, tuple[Any, ...]] = {}
    for start in range(0, len(ids), CHUNK):
        part = ids[start : start + CHUNK]
        rows = conn.execute(f"{select} ({','.join('?' * len(part))})", part).fetchall()
        found |= zip(map(itemgetter(0), rows), rows, strict=True)
    rows = [found[i] for i in ids if i in found]
    cells = list(zip(*rows, strict=True))[1:] if rows else [()] * len(wanted)
    return [_column(conn, registry, field, list(values)) for field, values in zip(wanted, cells, strict=True)]


def row_id(conn: sqlite3.Connection, entity: Entity, uid: str) -> int | None:
    where = all_of([Condition("t.uid = ?", (uid,)), *scope(entity)])
    found = conn.execute(f"SELECT t.id FROM {entity.table} t WHERE {where.sql}", where.args).fetchone()
    return found and int(found[0])


def uids(conn: sqlite3.Connection, entity: Entity, ids: Sequence[int]) -> list[str]:
    """The uids of rows, in the order of `ids`; ids that are gone are left out."""
    found: dict[int, str] = {}
    for start in range(0, len(ids), CHUNK):
        part = ids[start : start + CHUNK]
        marks = ",".join("?" * len(part))
        found |= conn.execute(f"SELECT id, uid FROM {entity.table} WHERE id IN ({marks})", part).fetchall()
    return [found[i] for i in ids if i in found]


def totals(conn: sqlite3.Connection, registry: Registry, entity: Entity, query: Query) -> dict[str, Decimal]:
    """The sums of volumes, areas and money over the rows of a query, in base units, added exactly."""
    fields = [f for f in entity.fields if isinstance(f, Number) and f.unit in SUMMABLE]
    if not fields:
        return {}
    rows = selection(conn, registry, entity, query)
    sums = ", ".join(scaled_sum(f"t.{f.name}", f.places) for f in fields)
    row = conn.execute(rows.select(sums), rows.args).fetchone()
    return {f.name: unscaled(v, f.places) or Decimal(0) for f, v in zip(fields, row, strict=True)}


def distinct(
    conn: sqlite3.Connection, registry: Registry, entity: Entity, field: str, query: Query
) -> list[tuple[Any, str, int]]:
    """(value, what is shown, rows) of a field over the rows of a query, in the field's order, blank last.

    The value is what a filter `in` takes: of a Ref the uid, or the stated text while there is none.
    """
    one = entity.field(field)
    rows = selection(conn, registry, entity, query)
    through, one, alias = _reached(registry, one)
    join, keys = sort_keys(registry, one, "k", alias)
    order = ", ".join(f"{key} NULLS LAST" for key in keys)
    what = f"{_filter_value(one, alias)}, {shown(registry, one, alias)}, COUNT(*)"
    sql = rows.select(what, f"{through} {join}", f"GROUP BY 1 ORDER BY {order}, 1")
    return [(plain(v), "" if s is None else str(s), n) for v, s, n in conn.execute(sql, rows.args)]


def _reached(registry: Registry, field: Field) -> tuple[str, Field, str]:
    """The join that leads to a field's values, the field they are in, and the alias of its table."""
    if not isinstance(field, Links):
        return "", field, "t"
    through = registry[field.through]
    owner = through.field(field.owner).columns[0]
    return f"JOIN {through.table} l ON l.{owner} = t.uid", through.field(field.item), "l"


def filled(conn: sqlite3.Connection, registry: Registry, entity: Entity, query: Query) -> frozenset[str]:
    """The fields that hold something in at least one row of a query; linked ones where anything is linked."""
    plain_fields = [f for f in entity.fields if not isinstance(f, Links)]
    rows = selection(conn, registry, entity, query)
    counts = ", ".join(f"COUNT({_filter_value(f, 't')})" for f in plain_fields)
    found = conn.execute(rows.select(counts), rows.args).fetchone()
    names = {f.name for f, n in zip(plain_fields, found, strict=True) if n}
    tables = {f.name: registry[f.through].table for f in entity.links}
    linked = {n for n, t in tables.items() if conn.execute(f"SELECT 1 FROM {t} LIMIT 1").fetchone()}
    return frozenset(names | linked)


def find_by_key(conn: sqlite3.Connection, registry: Registry, entity: Entity, key_text: str) -> list[str]:
    """The uids of the records with this key (several key fields are joined by a blank), or this uid."""
    key = joined([shown(registry, entity.field(name)) for name in entity.key]) if entity.key else "t.uid"
    where = all_of([Condition(f"(t.uid = ? OR {key} = ?)", (key_text, key_text)), *scope(entity)])
    sql = f"SELECT t.uid FROM {entity.table} t WHERE {where.sql} ORDER BY t.uid"
    return [row[0] for row in conn.execute(sql, where.args)]


def _columns(registry: Registry, fields: Sequence[Field]) -> dict[str, str]:
    """Name → SQL for what a page takes from the row itself."""
    columns: dict[str, str] = {}
    for field in fields:
        if isinstance(field, Ref):
            columns |= {field.name: shown(registry, field), field.uid_column: f"t.{field.uid_column}"}
        elif not isinstance(field, Links):
            columns[field.name] = f"t.{field.name}"
    return columns


def _column(conn: sqlite3.Connection, registry: Registry, field: Field, cells: list[Any]) -> list[Any]:
    """Whole numbers as integers; for Links, whose cells are the uids of their owners, the texts linked."""
    if isinstance(field, Links):
        rows = [{"_id": uid} for uid in cells]
        _add_links(conn, registry, field, rows)
        return [tuple(row[field.name]) for row in rows]
    if field.sql_type != "REAL":
        return cells
    distinct = {value: plain(value) for value in set(cells)}
    return [distinct[value] for value in cells]


def _add_links(
    conn: sqlite3.Connection, registry: Registry, links: Links, rows: Sequence[dict[str, Any]]
) -> None:
    """Fill in the texts of the records linked now, in the order they were linked."""
    through = registry[links.through]
    owner = through.field(links.owner).columns[0]
    text = shown(registry, through.field(links.item))
    by_uid: Mapping[str, list[str]] = {row["_id"]: row.setdefault(links.name, []) for row in rows}
    names = list(by_uid)
    for start in range(0, len(names), CHUNK):
        part = names[start : start + CHUNK]
        marks = ",".join("?" * len(part))
        where = f"t.{owner} IN ({marks}){open_only(through, 't')}"
        sql = f"SELECT t.{owner}, {text} FROM {through.table} t WHERE {where} ORDER BY t.id"
        for uid, item in conn.execute(sql, part):
            if item is not None:
                by_uid[uid].append(item)


def _filter_value(field: Field, alias: str) -> str:
    if not isinstance(field, Ref):
        return f"{alias}.{field.name}"
    stated = f"{alias}.{field.stated_column}" if field.stated else "NULL"
    return f"COALESCE({alias}.{field.uid_column}, {stated})"
