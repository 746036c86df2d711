"""Backups: whole, verified, while the ledger is open; in a folder or as one zip."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ledger_app.core.entities import LEDGERS
from ledger_app.core.errors import LedgerError
from ledger_app.db import backup, contents, journal
from ledger_app.db.backup import back_up, snapshots, sound_head
from ledger_app.db.connection import Ledger, open_ledger
from ledger_app.db.store import Store
from ledger_app.db.verify import verify
from tests.db.county import ATTACHMENTS, WELLS, County, edit, info

NOW = datetime(2025, 9, 30, 17, 30, 4, tzinfo=UTC)


def attach(ledger: Ledger, store: Store, record: str, name: str, content: bytes) -> str:
    """An attachment as the program keeps it."""
    content_hash = hashlib.sha256(content).hexdigest()
    place = contents.place(contents.beside(ledger.path), content_hash)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(content)
    row = {"ledger": "wells", "record_uid": record, "name": name, "content_hash": content_hash}
    with store.act(info()) as act:
        act.insert(ATTACHMENTS, row)
    return content_hash


def tree(folder: Path) -> list[str]:
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


def test_a_backup_is_the_ledger_at_that_moment(
    ledger: Ledger, store: Store, county: County, tmp_path: Path
) -> None:
    made = back_up(ledger.connect(), ledger.path, tmp_path / "备份", NOW)
    edit(store, county.wells[0], remark="later")
    assert made.path == tmp_path / "备份" / "新旗-20250930-173004-手动.ledger"
    with open_ledger(made.path, LEDGERS, read_only=True) as copy:
        row = copy.store(copy.connect()).get(WELLS, county.wells[0])
        assert row is not None
        assert row["remark"] is None
        found = verify(copy.connect(), copy.path, LEDGERS, copy.migrations)
    assert (found.whole, found.head) == (True, made.head)


def test_a_backup_is_one_file_that_needs_no_log(
    ledger: Ledger, store: Store, county: County, tmp_path: Path
) -> None:
    made = back_up(ledger.connect(), ledger.path, tmp_path / "b", NOW)
    assert tree(tmp_path / "b") == [made.path.name]
    assert made.path.read_bytes()[18:20] == b"\x01\x01"


def test_a_backup_goes_on_while_others_write(
    ledger: Ledger, store: Store, county: County, tmp_path: Path
) -> None:
    with store.act(info("import")) as act:
        act.insert_many(WELLS, [{"code": f"J{i}", "remark": "长" * 3000} for i in range(3000)])
    head, steps = journal.head(store.conn), []

    def write_meanwhile(done: int, total: int) -> None:
        steps.append((done, total))
        edit(store, county.wells[0], remark=f"meanwhile {done}")

    made = back_up(ledger.connect(), ledger.path, tmp_path / "b", NOW, progress=write_meanwhile)
    assert made.head == head == sound_head(made.path)
    assert len(steps) >= 3
    assert steps == sorted(steps)
    assert steps[-1][0] == steps[-1][1]
    assert not store.conn.in_transaction


def test_a_stopped_backup_leaves_nothing(
    ledger: Ledger, store: Store, county: County, tmp_path: Path
) -> None:
    def stop(done: int, total: int) -> None:
        raise LedgerError("已停止。", "stopped")

    conn = ledger.connect()
    with pytest.raises(LedgerError, match="已停止"):
        back_up(conn, ledger.path, tmp_path / "b", NOW, progress=stop)
    assert tree(tmp_path / "b") == []
    assert not conn.in_transaction


def test_two_backups_in_one_second_are_two_files(
    ledger: Ledger, store: Store, county: County, tmp_path: Path
) -> None:
    made = [back_up(ledger.connect(), ledger.path, tmp_path / "b", NOW).path.name for _ in range(3)]
    assert made == [f"新旗-20250930-173004-手动{n}.ledger" for n in ("", ".2", ".3")]
    assert len(snapshots(tmp_path / "b", ledger.path)) == 3


def test_snapshots_are_told_by_name_time_and_reason(ledger: Ledger, tmp_path: Path) -> None:
    for name in (
        "新旗-20250930-173005-自动.ledger",
        "新旗-20251001-080000-导入前.ledger",
        "新旗-二-20251001-080000-自动.ledger",
        "别处-20251001-080000-自动.ledger",
        "新旗.ledger",
        ".新旗-20251001-080000-自动.ledger.part",
    ):
        (tmp_path / "b").mkdir(exist_ok=True)
        (tmp_path / "b" / name).touch()
    found = snapshots(tmp_path / "b", ledger.path)
    assert [(str(s.at), s.reason) for s in found] == [
        ("2025-10-01 08:00:00", "导入前"),
        ("2025-09-30 17:30:05", "自动"),
    ]
    assert snapshots(tmp_path / "nowhere", ledger.path) == []


def test_attachments_are_copied_once_for_all_snapshots(
    ledger: Ledger, store: Store, county: County, tmp_path: Path
) -> None:
    first = attach(ledger, store, county.wells[0], "a.jpg", b"one")
    one = back_up(ledger.connect(), ledger.path, tmp_path / "b", NOW)
    second = attach(ledger, store, county.wells[1], "b.jpg", b"two")
    two = back_up(ledger.connect(), ledger.path, tmp_path / "b", NOW)
    assert (one.attachments, two.attachments) == (1, 1)
    assert [p for p in tree(tmp_path / "b") if p.startswith("files")] == sorted(
        f"files/{h[:2]}/{h}" for h in (first, second)
    )


@pytest.mark.parametrize("dest", ["b", "b.zip"])
def test_an_attachment_that_is_missing_is_named_and_the_rest_is_backed_up(
    ledger: Ledger, store: Store, county: County, tmp_path: Path, dest: str
) -> None:
    gone = attach(ledger, store, county.wells[0], "丢了.jpg", b"one")
    attach(ledger, store, county.wells[1], "在.jpg", b"two")
    contents.place(contents.beside(ledger.path), gone).unlink()
    made = back_up(ledger.connect(), ledger.path, tmp_path / dest, NOW)
    assert (made.attachments, made.missing) == (1, ("丢了.jpg",))


def test_a_damaged_attachment_is_not_copied_under_its_hash(
    ledger: Ledger, store: Store, county: County, tmp_path: Path
) -> None:
    bad = attach(ledger, store, county.wells[0], "坏了.jpg", b"one")
    contents.place(contents.beside(ledger.path), bad).write_bytes(b"other")
    made = back_up(ledger.connect(), ledger.path, tmp_path / "b", NOW)
    assert made.missing == ("坏了.jpg",)
    assert [p for p in tree(tmp_path / "b") if p.startswith("files")] == []


def test_a_zip_holds_the_ledger_and_its_attachments(
    ledger: Ledger, store: Store, county: County, tmp_path: Path
) -> None:
    photo = attach(ledger, store, county.wells[0], "a.jpg", b"picture")
    made = back_up(ledger.connect(), ledger.path, tmp_path / "U盘.zip", NOW)
    with zipfile.ZipFile(made.path) as package:
        assert package.namelist() == ["新旗.ledger", f"files/{photo[:2]}/{photo}"]
        assert {entry.date_time for entry in package.infolist()} == {(2025, 9, 30, 17, 30, 4)}
        assert package.read(f"files/{photo[:2]}/{photo}") == b"picture"
        (tmp_path / "copy.ledger").write_bytes(package.read("新旗.ledger"))
    assert sound_head(tmp_path / "copy.ledger") == made.head


def test_an_existing_zip_is_not_overwritten(ledger: Ledger, tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"mine")
    with pytest.raises(LedgerError, match="已经存在"):
        back_up(ledger.connect(), ledger.path, tmp_path / "a.zip", NOW)
    assert (tmp_path / "a.zip").read_bytes() == b"mine"


@pytest.mark.parametrize("dest", ["nowhere/b", "nowhere/b.zip"])
def test_a_stick_that_is_not_plugged_in_is_said(ledger: Ledger, tmp_path: Path, dest: str) -> None:
    with pytest.raises(LedgerError, match="U 盘或共享盘可能没有接上") as refused:
        back_up(ledger.connect(), ledger.path, tmp_path / dest, NOW)
    assert refused.value.code == "no_folder"


def test_a_file_in_the_place_of_the_folder_is_said(ledger: Ledger, tmp_path: Path) -> None:
    (tmp_path / "b").write_text("x")
    with pytest.raises(LedgerError) as refused:
        back_up(ledger.connect(), ledger.path, tmp_path / "b", NOW)
    assert refused.value.text.endswith("。")


@pytest.mark.parametrize("dest", ["b", "b.zip"])
def test_a_full_disk_is_said_and_leaves_nothing(
    ledger: Ledger, store: Store, county: County, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dest: str
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(LedgerError, match="磁盘空间不够") as refused:
        back_up(ledger.connect(), ledger.path, tmp_path / dest, NOW)
    assert refused.value.code == "disk_full"
    monkeypatch.undo()
    assert [p for p in tree(tmp_path) if "b" in Path(p).parts[0] and "ledger" not in Path(p).parts[0]] == []


def test_a_disk_that_fills_up_while_sqlite_writes_is_said(
    ledger: Ledger, store: Store, county: County, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Small(sqlite3.Connection):
        def __init__(self, *arguments: object, **options: object) -> None:
            super().__init__(*arguments, **options)  # type: ignore[arg-type]
            self.execute("PRAGMA max_page_count = 3")

    conn = ledger.connect()
    connect = sqlite3.connect
    monkeypatch.setattr(backup.sqlite3, "connect", lambda *a, **k: connect(*a, factory=Small, **k))
    with pytest.raises(LedgerError) as refused:
        back_up(conn, ledger.path, tmp_path / "b", NOW)
    assert refused.value.code in ("disk_full", "unsound_backup")
    assert tree(tmp_path / "b") == []


def test_a_copy_that_cannot_be_read_again_is_not_kept(
    ledger: Ledger, store: Store, county: County, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = backup.copy_database

    def copy_badly(conn: sqlite3.Connection, to: Path, progress: object = None) -> None:
        copy(conn, to)
        data = bytearray(to.read_bytes())
        at = data.index(b"150824101205J0005")
        data[at - 3000 : at] = bytes(3000)
        to.write_bytes(data)

    monkeypatch.setattr(backup, "copy_database", copy_badly)
    with pytest.raises(LedgerError, match="核对不上，没有保留") as refused:
        back_up(ledger.connect(), ledger.path, tmp_path / "b", NOW)
    assert refused.value.code == "unsound_backup"
    assert tree(tmp_path / "b") == []


def test_a_ledger_whose_chain_is_broken_is_still_worth_a_backup(
    ledger: Ledger, store: Store, county: County, tmp_path: Path
) -> None:
    store.conn.execute("UPDATE entries SET act_uid = 'x' WHERE id = 3")
    made = back_up(ledger.connect(), ledger.path, tmp_path / "b", NOW)
    assert made.head == sound_head(made.path, chain=False)
    with pytest.raises(LedgerError, match="不完整"):
        sound_head(made.path)
