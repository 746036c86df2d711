"""Rows of any ledger in and out. `act()` is one transaction and one act of the journal."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from ledger_app.core.entity import Entity, Registry
from ledger_app.core.errors import LedgerError
from ledger_app.core.fields import Number
from ledger_app.core.units import round_half_even
from ledger_app.core.values import plain
from ledger_app.db import acts, errors, journal, references, search

CHUNK: Final = 500  # bound variables in one IN (…)
BULK_ROWS: Final = 1000  # from here on an insertion is indexed for the search as one run
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ActInfo:
    """Who did what, why and from where (form, import, dialog, command)."""

    kind: str
    who: str
    why: str = ""
    source: str = ""
    undoes: str = ""


class Store:
    """Reads and writes the rows of a registry's ledgers over one connection.

    `clock` gives the time an act is stamped with, as ISO text.
    """

    def __init__(self, conn: sqlite3.Connection, registry: Registry, clock: Callable[[], str]) -> None:
        self.conn = conn
        self.registry = registry
        self._clock = clock

    @property
    def origin(self) -> str:
        row = self.conn.execute("SELECT value FROM ledger_info WHERE name = 'origin'").fetchone()
        return str(row[0])

    @contextmanager
    def act(self, info: ActInfo) -> Iterator[Act]:
        """One transaction: all of it or nothing. SQLite's refusals become sentences."""
        try:
            self.conn.execute("BEGIN IMMEDIATE")
            act = Act(self, info, self._clock())
            yield act
            act.finish()
            self.conn.execute("COMMIT")
        except sqlite3.Error as error:
            rollback(self.conn)
            raise errors.translated(error, self.registry) from error
        except BaseException:
            rollback(self.conn)
            raise

    def get(self, entity: Entity, uid: str) -> Row | None:
        """One record by uid, with its stored columns."""
        found = self.rows(entity, "uid = ?", (uid,))
        return found[0] if found else None

    def rows(
        self, entity: Entity, where: str = "1", args: Sequence[Any] = (), columns: Iterable[str] | None = None
    ) -> list[Row]:
        """Records of a ledger with `uid` and the stored columns (or those named), in order of entry."""
        names = ("uid", *(entity.columns if columns is None else columns))
        condition, scope_args = scope_condition(entity)
        sql = f"SELECT {', '.join(names)} FROM {entity.table} WHERE ({where}){condition} ORDER BY id"
        cursor = self.conn.execute(sql, (*args, *scope_args))
        return [dict(zip(names, map(plain, row), strict=True)) for row in cursor]

    def columns_of(
        self, entity: Entity, uids: Sequence[str], columns: Iterable[str] | None = None
    ) -> dict[str, list[Any]]:
        """The records with these uids column by column (`uid` first), in order of uid: many at once."""
        names = ("uid", *(entity.columns if columns is None else columns))
        found: list[tuple[Any, ...]] = []
        condition, scope_args = scope_condition(entity)
        for start in range(0, len(uids), CHUNK):
            part = uids[start : start + CHUNK]
            where = f"uid IN ({','.join('?' * len(part))}){condition}"
            found += self.conn.execute(
                f"SELECT {', '.join(names)} FROM {entity.table} WHERE {where}", (*part, *scope_args)
            )
        found.sort()
        cells = zip(*found, strict=True) if found else ([] for _ in names)
        return {name: _plain(entity, name, list(column)) for name, column in zip(names, cells, strict=True)}

    def rows_by_uid(
        self, entity: Entity, uids: Sequence[str], columns: Iterable[str] | None = None
    ) -> dict[str, Row]:
        names = None if columns is None else tuple(columns)
        found: dict[str, Row] = {}
        for start in range(0, len(uids), CHUNK):
            part = uids[start : start + CHUNK]
            marks = ",".join("?" * len(part))
            found |= {row["uid"]: row for row in self.rows(entity, f"uid IN ({marks})", part, names)}
        return found


class Act:
    """The open act: what it writes goes into tables and journal together."""

    def __init__(self, store: Store, info: ActInfo, at: str) -> None:
        self.store = store
        self.conn = store.conn
        self.origin = store.origin
        number = self.conn.execute("SELECT COALESCE(MAX(number), 0) + 1 FROM d_acts").fetchone()[0]
        self.uid = f"{self.origin}{number:05x}"
        self.changed: set[str] = set()
        self.rows = 0
        self.stands_on = journal.head(self.conn)
        self._next = 0
        self._journal = journal.Writer(self.conn, self.origin)
        self._touched: dict[str, list[str]] = {}
        record = journal.ActRecord(
            self.uid, number, at, info.who, info.kind, info.why, info.source, info.undoes or None
        )
        self._journal.begin_act(record)
        acts.note(self.conn, record)

    def insert(self, entity: Entity, row: Mapping[str, Any]) -> str:
        """One new record; returns its uid."""
        return self.insert_columns(entity, {name: [value] for name, value in row.items()}, 1)[0]

    def insert_many(self, entity: Entity, rows: Sequence[Mapping[str, Any]]) -> list[str]:
        names = dict.fromkeys(name for row in rows for name in row)
        return self.insert_columns(entity, {n: [row.get(n) for row in rows] for n in names}, len(rows))

    def insert_columns(self, entity: Entity, columns: Mapping[str, Sequence[Any]], count: int) -> list[str]:
        """New records given column-wise; returns their uids, which rise in order of insertion."""
        if not count:
            return []
        uids = [f"{self.uid}-{n:05x}" for n in range(self._next, self._next + count)]
        self._next += count
        stored = {name: _stored(entity, name, values) for name, values in columns.items()}
        _scope_column(entity, stored, count)
        self._insert_rows(entity.table, uids, stored)
        self._journal.append_rows(self.uid, "insert", entity.name, uids, stored)
        if count < BULK_ROWS:
            self._note(entity, uids)
        else:  # indexed from the columns at hand instead of reading them again
            self.changed.add(entity.name)
            self.rows += count
            search.index_new(self.conn, self.store.registry, entity, uids, stored)
        return uids

    def update(self, entity: Entity, uid: str, changes: Mapping[str, Any]) -> bool:
        """Change cells of one record; False where nothing differs."""
        return self.update_many(entity, {uid: changes}) > 0

    def update_many(self, entity: Entity, changes: Mapping[str, Mapping[str, Any]]) -> int:
        """Change cells of many records (uid → column → value); returns how many really changed."""
        names = dict.fromkeys(name for cells in changes.values() for name in cells)
        olds = self.store.rows_by_uid(entity, list(changes), names)
        real: dict[str, dict[str, list[Any]]] = {}
        for uid in sorted(changes):
            if uid not in olds:
                raise _gone(entity)
            cells = {n: [olds[uid][n], _stored(entity, n, [v])[0]] for n, v in changes[uid].items()}
            if differing := {n: pair for n, pair in cells.items() if pair[0] != pair[1]}:
                real[uid] = differing
        self._write_updates(entity, real)
        return len(real)

    def delete(self, entity: Entity, uid: str) -> None:
        self.delete_many(entity, [uid])

    def delete_many(self, entity: Entity, uids: Sequence[str]) -> None:
        """Remove records nothing refers to (作废), with the attachments and reasons that belong to them;
        the journal keeps what they held."""
        columns = self.store.columns_of(entity, uids)
        ordered = columns.pop("uid")
        if len(ordered) < len(set(uids)):
            raise _gone(entity)
        for belonging in list(references.loose(self.conn, self.store.registry, uids)):
            self.delete_many(belonging.by, [belonging.uid])
        search.forget(self.conn, entity, ordered)
        references.unlink_among(self.conn, self.store.registry, entity, ordered)
        self.conn.executemany(f"DELETE FROM {entity.table} WHERE uid = ?", [(u,) for u in ordered])
        self._journal.append_rows(self.uid, "delete", entity.name, ordered, columns)
        self.changed.add(entity.name)
        self.rows += len(ordered)

    def put_back(self, entity: Entity, uids: Sequence[str], columns: Mapping[str, Sequence[Any]]) -> None:
        """Insert records under the uids they had (undo of a deletion); what they refer to may follow."""
        self.conn.execute("PRAGMA defer_foreign_keys = ON")
        self._insert_rows(entity.table, uids, columns)
        self._journal.append_rows(self.uid, "insert", entity.name, uids, columns)
        self._note(entity, uids)

    def finish(self) -> None:
        self._journal.end_act(self.uid)
        self.conn.execute("UPDATE d_acts SET row_count = ? WHERE act_uid = ?", (self.rows, self.uid))
        for name, uids in self._touched.items():
            search.index(self.conn, self.store.registry, self.store.registry[name], uids)

    def _insert_rows(self, table: str, uids: Sequence[str], columns: Mapping[str, Sequence[Any]]) -> None:
        names = ", ".join(("uid", *columns))
        marks = ", ".join("?" * (len(columns) + 1))
        rows = zip(uids, *columns.values(), strict=True)
        self.conn.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)

    def _write_updates(self, entity: Entity, real: Mapping[str, Mapping[str, list[Any]]]) -> None:
        if not real:
            return
        names = list(dict.fromkeys(name for cells in real.values() for name in cells))
        self._free_unique(entity, real, names)
        by_shape: dict[tuple[str, ...], list[tuple[Any, ...]]] = {}
        for uid, cells in real.items():
            by_shape.setdefault(tuple(cells), []).append((*(pair[1] for pair in cells.values()), uid))
        for shape, rows in by_shape.items():
            sets = ", ".join(f"{name} = ?" for name in shape)
            self.conn.executemany(f"UPDATE {entity.table} SET {sets} WHERE uid = ?", rows)
        uids = list(real)
        columns = {name: [real[uid].get(name) for uid in uids] for name in names}
        self._journal.append_rows(self.uid, "update", entity.name, uids, columns)
        self._note(entity, uids)

    def _free_unique(self, entity: Entity, real: Mapping[str, Mapping[str, Any]], names: list[str]) -> None:
        """Numbers that several records pass on among each other are laid down before they are taken up."""
        for name in names if len(real) > 1 else ():
            if name in references.unique_columns(self.conn, entity.table):
                sql = f"UPDATE {entity.table} SET {name} = char(1) || uid WHERE uid = ?"
                self.conn.executemany(sql, [(uid,) for uid, cells in real.items() if name in cells])

    def _note(self, entity: Entity, uids: Sequence[str]) -> None:
        self.changed.add(entity.name)
        self.rows += len(uids)
        self._touched.setdefault(entity.name, []).extend(uids)


def rollback(conn: sqlite3.Connection) -> None:
    if conn.in_transaction:
        conn.execute("ROLLBACK")


def scope_condition(entity: Entity) -> tuple[str, tuple[str, ...]]:
    """The SQL condition (with leading AND) that cuts a ledger out of a shared table."""
    if entity.scope is None:
        return "", ()
    column, values = entity.scope
    return f" AND {column} IN ({','.join('?' * len(values))})", values


def _scope_column(entity: Entity, columns: dict[str, Sequence[Any]], count: int) -> None:
    if entity.scope and len(entity.scope[1]) == 1:
        columns.setdefault(entity.scope[0], [entity.scope[1][0]] * count)


def _plain(entity: Entity, column: str, values: list[Any]) -> list[Any]:
    """What SQLite keeps as 12.0 is 12 again."""
    field = entity.by_name.get(column)
    return [plain(v) for v in values] if field and field.sql_type == "REAL" else values


def _gone(entity: Entity) -> LedgerError:
    return LedgerError(f"{entity.label}里没有要改的这条记录，可能已被撤销。", "no_record")


def _stored(entity: Entity, column: str, values: Sequence[Any]) -> Sequence[Any]:
    """Numbers rounded to the places their field declares, whole ones as integers; each distinct one once."""
    field = entity.by_name.get(column)
    if field is None or field.sql_type == "TEXT":
        return values
    places = field.places if isinstance(field, Number) else None
    if places is None and set(map(type, values)) == {float} and not any(map(float.is_integer, values)):
        return values  # coordinates: nearly all differ
    stored = {v: _rounded(v, places) for v in set(values)}
    return [stored[v] for v in values]


def _rounded(value: Any, places: int | None) -> Any:
    if value is None or type(value) is int:
        return value
    exact = places is None or value == round(value, places)
    return plain(value if exact else round_half_even(value, places or 0))
