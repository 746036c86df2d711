"""SQLite's refusals become sentences, told apart by the names of the errors."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from ledger_app.core.entities import LEDGERS
from ledger_app.core.errors import LedgerError
from ledger_app.db import errors
from ledger_app.db.connection import PAGE_SIZE, Ledger, open_ledger
from ledger_app.db.store import Store
from tests.db.county import WELLS, County, edit, info


def named(name: str, text: str = "x") -> sqlite3.Error:
    error = sqlite3.OperationalError(text)
    error.sqlite_errorname = name
    return error


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("SQLITE_FULL", "disk_full"),
        ("SQLITE_READONLY", "read_only"),
        ("SQLITE_READONLY_DBMOVED", "read_only"),
        ("SQLITE_BUSY", "busy"),
        ("SQLITE_BUSY_SNAPSHOT", "busy"),
        ("SQLITE_LOCKED", "busy"),
        ("SQLITE_NOTADB", "not_a_ledger"),
        ("SQLITE_CORRUPT_INDEX", "damaged_ledger"),
        ("SQLITE_IOERR_WRITE", "disk_error"),
        ("SQLITE_CANTOPEN", "cannot_open"),
        ("SQLITE_INTERRUPT", "stopped"),
        ("SQLITE_CONSTRAINT_TRIGGER", "referred_to"),
        ("SQLITE_CONSTRAINT_FOREIGNKEY", "no_target"),
    ],
)
def test_an_error_the_clerk_can_act_on_becomes_a_sentence(name: str, code: str) -> None:
    said = errors.translated(named(name), LEDGERS)
    assert isinstance(said, LedgerError)
    assert said.code == code
    assert said.text.endswith("。")
    assert said.text.isascii() is False


@pytest.mark.parametrize("name", ["SQLITE_ERROR", "SQLITE_MISUSE", "SQLITE_CONSTRAINT_CHECK", ""])
def test_an_error_of_ours_stays_what_it_is(name: str) -> None:
    error = named(name)
    assert errors.translated(error, LEDGERS) is error
    assert errors.translated(sqlite3.ProgrammingError("closed"), LEDGERS).args == ("closed",)


def test_a_doubled_number_nobody_typed_is_an_error_of_ours() -> None:
    error = named("SQLITE_CONSTRAINT_UNIQUE", "UNIQUE constraint failed: d_acts.number")
    assert errors.translated(error, LEDGERS) is error


def test_a_busy_file_is_said(ledger: Ledger, store: Store, county: County) -> None:
    other = ledger.store(ledger.connect(write=True))
    other.conn.execute("PRAGMA busy_timeout = 10")
    with store.act(info()) as act:
        act.update(WELLS, county.wells[0], {"remark": "x"})
        with pytest.raises(LedgerError, match="正被另一个程序占用") as refused:
            edit(other, county.wells[1], remark="y")
    assert refused.value.code == "busy"
    edit(other, county.wells[1], remark="y")


def test_a_stopped_act_is_said_and_leaves_nothing(store: Store, county: County) -> None:
    store.conn.set_progress_handler(lambda: 1, 1000)
    with pytest.raises(LedgerError, match="已停止") as refused, store.act(info("import")) as act:
        act.insert_many(WELLS, [{"code": f"J{i}"} for i in range(3000)])
    store.conn.set_progress_handler(None, 0)
    assert refused.value.code == "stopped"
    assert len(store.rows(WELLS)) == 12


def test_damage_met_by_an_act_is_said(ledger: Ledger, store: Store, county: County, tmp_path: Path) -> None:
    root = store.conn.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'points'").fetchone()[0]
    ledger.close()
    data = bytearray(ledger.path.read_bytes())
    start = (root - 1) * PAGE_SIZE
    data[start : start + 200] = b"\xff" * 200
    ledger.path.write_bytes(data)
    with open_ledger(ledger.path, LEDGERS) as opened:
        writer = opened.store(opened.connect(write=True))
        with pytest.raises(LedgerError, match="有损坏") as refused:
            edit(writer, county.wells[0], remark="x")
    assert refused.value.code == "damaged_ledger"


def test_every_unique_and_required_column_has_a_name_for_the_clerk(ledger: Ledger) -> None:
    conn = ledger.connect()
    for entity in LEDGERS:
        for _, name, unique, *_ in conn.execute(f"PRAGMA index_list({entity.table})"):
            columns = [row[2] for row in conn.execute(f"PRAGMA index_info({name})")]
            if unique and columns != ["uid"]:
                error = named(
                    "SQLITE_CONSTRAINT_UNIQUE", f"UNIQUE constraint failed: {entity.table}.{columns[0]}"
                )
                assert isinstance(errors.translated(error, LEDGERS), LedgerError), columns
