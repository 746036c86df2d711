"""The declarations and the schema that grew by migrations say the same."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import pytest

from ledger_app.core.entities import LEDGERS
from ledger_app.core.entity import Entity
from ledger_app.core.fields import Field, Ref
from ledger_app.db import tables
from ledger_app.db.connection import Ledger

DECLARED = [pytest.param(entity, id=entity.name) for entity in LEDGERS]


@pytest.fixture
def conn(ledger: Ledger) -> sqlite3.Connection:
    return ledger.connect()


def _columns(conn: sqlite3.Connection, table: str) -> dict[str, tuple[str, bool]]:
    """column → (type, NOT NULL), generated columns too."""
    return {row[1]: (row[2], bool(row[3])) for row in conn.execute(f"PRAGMA table_xinfo({table})")}


def _indexes(conn: sqlite3.Connection, table: str) -> Iterator[tuple[bool, list[str]]]:
    for _, name, unique, *_ in conn.execute(f"PRAGMA index_list({table})"):
        yield bool(unique), [row[2] for row in conn.execute(f"PRAGMA index_info({name})")]


def _of_table(table: str) -> list[Entity]:
    return [entity for entity in LEDGERS if entity.table == table]


def _stored(entity: Entity) -> Iterator[tuple[str, Field]]:
    for field in entity.fields:
        yield from ((column, field) for column in field.columns)


@pytest.mark.parametrize("table", tables.ledger_tables(LEDGERS))
def test_a_table_has_the_declared_columns_and_no_others(conn: sqlite3.Connection, table: str) -> None:
    declared = {column for entity in _of_table(table) for column in entity.columns}
    assert set(_columns(conn, table)) == declared | {"id", "uid"}


@pytest.mark.parametrize("entity", DECLARED)
def test_a_column_has_the_type_its_field_declares(conn: sqlite3.Connection, entity: Entity) -> None:
    found = _columns(conn, entity.table)
    declared = {column: field.sql_type for column, field in _stored(entity)}
    assert {column: found[column][0] for column in declared} == declared


@pytest.mark.parametrize("entity", DECLARED)
def test_a_column_that_must_be_filled_belongs_to_a_required_field(
    conn: sqlite3.Connection, entity: Entity
) -> None:
    required = {column for column, field in _stored(entity) if field.required}
    scope = {entity.scope[0]} if entity.scope else set()
    filled = {name for name, (_, not_null) in _columns(conn, entity.table).items() if not_null}
    assert filled - {"id", "uid"} - scope <= required


@pytest.mark.parametrize("table", tables.ledger_tables(LEDGERS))
def test_a_table_is_strict_and_knows_a_record_by_one_uid(conn: sqlite3.Connection, table: str) -> None:
    strict = dict(conn.execute("SELECT name, strict FROM pragma_table_list WHERE schema = 'main'"))
    assert strict[table] == 1
    assert (True, ["uid"]) in list(_indexes(conn, table))
    assert _columns(conn, table)["uid"] == ("TEXT", True)


@pytest.mark.parametrize("entity", DECLARED)
def test_a_reference_is_a_restricting_foreign_key_with_an_index(
    conn: sqlite3.Connection, entity: Entity
) -> None:
    keys = {row[3]: row for row in conn.execute(f"PRAGMA foreign_key_list({entity.table})")}
    leading = {columns[0] for _, columns in _indexes(conn, entity.table)}
    for ref in entity.refs:
        key = keys[ref.uid_column]
        assert (key[2], key[4], key[6]) == (LEDGERS[ref.target].table, "uid", "RESTRICT"), ref.name
        assert ref.uid_column in leading, ref.name


def test_nothing_in_the_schema_cascades(conn: sqlite3.Connection) -> None:
    names = [row[0] for row in conn.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    actions = {
        (name, row[3]): {row[5], row[6]}
        for name in names
        for row in conn.execute(f"PRAGMA foreign_key_list({name})")
    }
    assert len(actions) > 20
    assert set().union(*actions.values()) == {"NO ACTION", "RESTRICT"}


def test_every_table_is_of_one_kind_and_an_unknown_one_is_refused(conn: sqlite3.Connection) -> None:
    names = [row[0] for row in conn.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    kinds = {name: tables.kind_of(name, LEDGERS) for name in names}
    assert set(kinds.values()) == {"ledger", "journal", "local", "derived"}
    assert kinds["points"] == "ledger"
    assert kinds["d_acts"] == "derived"
    with pytest.raises(KeyError):
        tables.kind_of("somewhere_else", LEDGERS)


def test_every_reference_and_every_list_of_references_leads_to_a_ledger() -> None:
    for entity in LEDGERS:
        for ref in entity.refs:
            assert ref.target in LEDGERS, (entity.name, ref.name)
        for links in entity.links:
            through = LEDGERS[links.through]
            assert isinstance(through.field(links.owner), Ref), (entity.name, links.name)
            assert isinstance(through.field(links.item), Ref), (entity.name, links.name)
