"""Verification finds each kind of damage, each under its own heading."""

from __future__ import annotations

import dataclasses
import sqlite3
from pathlib import Path

import pytest

from ledger_app.core.entities import LEDGERS
from ledger_app.db import connection, journal
from ledger_app.db.connection import Ledger
from ledger_app.db.contents import beside, digest, place
from ledger_app.db.migrations import MIGRATIONS
from ledger_app.db.store import Store
from ledger_app.db.verify import Verification, verify
from tests.db.county import ATTACHMENTS, County, edit, info


def verified(ledger: Ledger) -> Verification:
    return verify(ledger.connect(), ledger.path, LEDGERS, MIGRATIONS)


def wrong(found: Verification) -> set[str]:
    return {name for name, said in dataclasses.asdict(found).items() if name != "head" and said != "ok"}


def entry_of(store: Store, act_uid: str) -> int:
    return int(store.conn.execute("SELECT MAX(id) FROM entries WHERE act_uid = ?", (act_uid,)).fetchone()[0])


def test_a_sound_ledger_is_whole_and_tells_its_head(ledger: Ledger, store: Store, county: County) -> None:
    found = verified(ledger)
    assert found == Verification("ok", "ok", "ok", "ok", journal.head(store.conn))
    assert found.whole


def test_an_empty_ledger_is_whole(ledger: Ledger) -> None:
    assert verified(ledger).whole


def test_verification_leaves_no_transaction_open(ledger: Ledger) -> None:
    conn = ledger.connect()
    verify(conn, ledger.path, LEDGERS, MIGRATIONS)
    assert not conn.in_transaction


@pytest.mark.parametrize(
    "column", ["origin", "seq", "act_uid", "kind", "ledger", "body", "prev_hash", "hash"]
)
def test_any_changed_byte_of_an_entry_breaks_the_chain(
    ledger: Ledger, store: Store, county: County, column: str
) -> None:
    entry = entry_of(store, edit(store, county.wells[0], remark="x").uid)
    edit(store, county.wells[1], remark="y")
    value = store.conn.execute(f"SELECT {column} FROM entries WHERE id = ?", (entry,)).fetchone()[0]
    changed: object
    if isinstance(value, bytes):
        changed = bytes([value[0] ^ 1]) + value[1:]
    elif isinstance(value, str):
        changed = "insert" if column == "kind" else value[:-1] + chr(ord(value[-1]) ^ 1)
    else:
        changed = value + 1000
    store.conn.execute(f"UPDATE entries SET {column} = ? WHERE id = ?", (changed, entry))
    assert verified(ledger).chain == f"第 {entry} 条变更记录对不上"


def test_a_flipped_byte_of_a_compressed_block_is_found(ledger: Ledger, store: Store, county: County) -> None:
    edit(store, county.wells[0], remark="长" * 500)
    block = store.conn.execute("SELECT id, body FROM entries WHERE typeof(body) = 'blob' LIMIT 1").fetchone()
    body = bytearray(block[1])
    body[len(body) // 2] ^= 1
    store.conn.execute("UPDATE entries SET body = ? WHERE id = ?", (bytes(body), block[0]))
    found = verified(ledger)
    assert found.chain == f"第 {block[0]} 条变更记录对不上"
    assert found.file == "ok"
    assert not found.whole


def test_a_deleted_entry_is_found(ledger: Ledger, store: Store, county: County) -> None:
    entry = entry_of(store, edit(store, county.wells[0], remark="x").uid)
    edit(store, county.wells[1], remark="y")
    store.conn.execute("DELETE FROM entries WHERE id = ?", (entry,))
    assert verified(ledger).chain == f"第 {entry + 1} 条变更记录对不上"


def test_a_cut_off_end_of_the_journal_is_found_by_replay(
    ledger: Ledger, store: Store, county: County
) -> None:
    head = journal.head(store.conn)
    entry = entry_of(store, edit(store, county.wells[0], remark="x").uid)
    printed = journal.head(store.conn)
    store.conn.execute("DELETE FROM entries WHERE id = ?", (entry,))
    found = verified(ledger)
    assert (found.chain, found.head) == ("ok", head)
    assert found.head != printed
    assert found.replay == f"机电井 {county.wells[0]} 与变更记录不符"


def test_an_entry_filed_under_another_record_is_found(ledger: Ledger, store: Store, county: County) -> None:
    entry = entry_of(store, edit(store, county.wells[0], remark="x").uid)
    store.conn.execute("UPDATE entries SET first_uid = ? WHERE id = ?", (county.wells[1], entry))
    assert wrong(verified(ledger)) == {"chain"}


def test_a_row_changed_behind_the_journal_is_found_by_replay_alone(
    ledger: Ledger, store: Store, county: County
) -> None:
    store.conn.execute("UPDATE permits SET permitted_volume_m3 = 99999 WHERE uid = ?", (county.permits[0],))
    found = verified(ledger)
    assert wrong(found) == {"replay"}
    assert found.replay == f"取水许可 {county.permits[0]} 与变更记录不符"


def test_a_list_of_acts_that_tells_another_story_is_found(
    ledger: Ledger, store: Store, county: County
) -> None:
    store.conn.execute("UPDATE d_acts SET who = '李四'")
    assert verified(ledger).replay == "操作清单与变更记录不符"


def test_a_reference_to_nothing_is_found_in_the_file(ledger: Ledger, store: Store, county: County) -> None:
    store.conn.execute("PRAGMA foreign_keys = OFF")
    store.conn.execute("DELETE FROM permits WHERE uid = ?", (county.permits[0],))
    found = verified(ledger)
    assert wrong(found) == {"file", "replay"}
    assert "points 里有记录引用了不存在的记录" in found.file


def test_damaged_pages_are_said_and_not_thrown(
    tmp_path: Path, store: Store, ledger: Ledger, county: County
) -> None:
    ledger.close()
    data = bytearray(ledger.path.read_bytes())
    start = data.index(b"150824101205J0005")
    page = start // connection.PAGE_SIZE * connection.PAGE_SIZE
    data[page : page + 64] = bytes(64)
    damaged = tmp_path / "damaged.ledger"
    damaged.write_bytes(data)
    with connection.open_ledger(damaged, LEDGERS) as opened:
        found = verified(opened)
    assert {"file"} <= wrong(found)
    assert not found.whole


@pytest.mark.parametrize("damage", ["missing", "changed"])
def test_an_attachment_that_is_missing_or_changed_is_named(
    ledger: Ledger, store: Store, county: County, tmp_path: Path, damage: str
) -> None:
    source = tmp_path / "照片.jpg"
    source.write_bytes(b"picture")
    content = digest(source)
    kept = place(beside(ledger.path), content)
    kept.parent.mkdir(parents=True)
    kept.write_bytes(b"picture")
    with store.act(info()) as act:
        row = {"ledger": "wells", "record_uid": county.wells[0], "name": "照片.jpg", "content_hash": content}
        act.insert(ATTACHMENTS, row)
    assert verified(ledger).whole
    if damage == "missing":
        kept.unlink()
    else:
        kept.write_bytes(b"Picture")
    found = verified(ledger)
    assert wrong(found) == {"attachments"}
    assert "照片.jpg" in found.attachments


def test_a_stopped_verification_stops(ledger: Ledger, store: Store, county: County) -> None:
    conn = ledger.connect()
    conn.set_progress_handler(lambda: 1, 1)
    with pytest.raises(sqlite3.OperationalError, match="interrupted"):
        verify(conn, ledger.path, LEDGERS, MIGRATIONS)
    conn.set_progress_handler(None, 0)
    assert verify(conn, ledger.path, LEDGERS, MIGRATIONS).whole


def test_what_was_verified_before_need_not_be_read_again(store: Store, county: County) -> None:
    last = int(store.conn.execute("SELECT MAX(id) FROM entries").fetchone()[0])
    entry = entry_of(store, edit(store, county.wells[0], remark="x").uid)
    assert journal.broken_link(store.conn, last) is None
    store.conn.execute("UPDATE entries SET act_uid = 'other' WHERE id = ?", (entry,))
    assert journal.broken_link(store.conn, last) == entry
    assert journal.broken_link(store.conn, entry) is None
