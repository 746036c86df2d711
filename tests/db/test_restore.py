"""Restoring: a backup is looked through first, and what stood in its place is kept."""

from __future__ import annotations

import shutil
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ledger_app.core.entities import LEDGERS
from ledger_app.core.errors import LedgerError
from ledger_app.db import journal
from ledger_app.db.backup import Backup, back_up
from ledger_app.db.connection import Ledger, open_ledger
from ledger_app.db.migrations import MIGRATIONS
from ledger_app.db.restore import held_since, release, restore
from ledger_app.db.store import Store
from ledger_app.db.verify import Verification, verify
from tests.db.county import WELLS, County, edit
from tests.db.test_backup import NOW, attach, tree

LATER = datetime(2025, 10, 8, 9, tzinfo=UTC)


@pytest.fixture(params=["b", "b.zip"])
def made(
    ledger: Ledger, store: Store, county: County, tmp_path: Path, request: pytest.FixtureRequest
) -> Backup:
    """A backup of the small county with one picture, and a ledger that went on after it."""
    attach(ledger, store, county.wells[0], "a.jpg", b"picture")
    found = back_up(ledger.connect(), ledger.path, tmp_path / request.param, NOW)
    edit(store, county.wells[0], remark="after the backup")
    ledger.close()
    return found


def verified(path: Path) -> Verification:
    with open_ledger(path, LEDGERS) as ledger:
        return verify(ledger.connect(), path, LEDGERS, MIGRATIONS)


def remark(path: Path, county: County) -> object:
    with open_ledger(path, LEDGERS) as ledger:
        row = ledger.store(ledger.connect()).get(WELLS, county.wells[0])
        return row and row["remark"]


def test_a_backup_is_restored_to_a_new_place_with_its_attachments(
    made: Backup, tmp_path: Path, county: County
) -> None:
    target = tmp_path / "新机" / "新旗.ledger"
    target.parent.mkdir()
    restored = restore(made.path, target, LATER)
    assert (restored.path, restored.head, restored.kept) == (target, made.head, None)
    assert (restored.attachments, restored.missing) == (1, ())
    assert verified(target) == Verification("ok", "ok", "ok", "ok", made.head)
    assert remark(target, county) is None
    assert not [name for name in tree(target.parent) if "part" in name or "-wal" in name]


def test_an_existing_ledger_is_not_overwritten_unasked(made: Backup, ledger: Ledger, county: County) -> None:
    with pytest.raises(LedgerError, match="已经存在，不会覆盖") as refused:
        restore(made.path, ledger.path, LATER)
    assert refused.value.code == "exists"
    assert remark(ledger.path, county) == "after the backup"


def test_what_stood_in_the_place_is_backed_up_first(made: Backup, ledger: Ledger, county: County) -> None:
    restored = restore(made.path, ledger.path, LATER, overwrite=True)
    assert remark(ledger.path, county) is None
    assert restored.kept is not None
    assert restored.kept.name == "新旗-20251008-090000-恢复前.ledger"
    again = restore(restored.kept, ledger.path, LATER, overwrite=True)
    assert again.head != restored.head
    assert remark(ledger.path, county) == "after the backup"
    assert verified(ledger.path).whole


def test_a_ledger_that_was_not_closed_well_is_kept_with_its_last_acts(
    ledger: Ledger, store: Store, county: County, tmp_path: Path
) -> None:
    made = back_up(ledger.connect(), ledger.path, tmp_path / "b", NOW)
    edit(store, county.wells[0], remark="in the log only")
    crashed = tmp_path / "crashed" / "新旗.ledger"
    crashed.parent.mkdir()
    for suffix in ("", "-wal"):
        shutil.copy(f"{ledger.path}{suffix}", f"{crashed}{suffix}")
    restored = restore(made.path, crashed, LATER, overwrite=True)
    assert remark(crashed, county) is None
    assert verified(crashed).head == made.head
    assert restored.kept is not None
    assert remark(restored.kept, county) == "in the log only"


@pytest.mark.parametrize("damage", [b"", b"not a database" * 100, None])
def test_a_file_that_cannot_be_read_is_kept_byte_by_byte(
    ledger: Ledger, store: Store, county: County, tmp_path: Path, damage: bytes | None
) -> None:
    made = back_up(ledger.connect(), ledger.path, tmp_path / "b", NOW)
    ledger.close()
    before = ledger.path.read_bytes()[:20000] if damage is None else damage
    ledger.path.write_bytes(before)
    Path(f"{ledger.path}-wal").write_bytes(b"stale log")
    restored = restore(made.path, ledger.path, LATER, overwrite=True, keep_in=tmp_path / "kept")
    assert restored.kept is not None
    assert restored.kept.parent == tmp_path / "kept"
    assert restored.kept.read_bytes() == before
    assert verified(ledger.path).whole


def test_a_ledger_that_is_open_is_not_replaced(
    ledger: Ledger, store: Store, county: County, tmp_path: Path
) -> None:
    made = back_up(ledger.connect(), ledger.path, tmp_path / "b", NOW)
    with pytest.raises(LedgerError, match="打开着，请先关闭再恢复"):
        restore(made.path, ledger.path, LATER, overwrite=True)


def test_what_is_entered_after_restoring_has_uids_of_its_own(
    ledger: Ledger, store: Store, county: County, tmp_path: Path
) -> None:
    made = back_up(ledger.connect(), ledger.path, tmp_path / "b", NOW)
    lost = edit(store, county.wells[0], remark="after the backup")
    ledger.close()
    restore(made.path, ledger.path, LATER, overwrite=True, origin="bbbbbb")
    with open_ledger(ledger.path, LEDGERS) as opened:
        act = edit(opened.store(opened.connect(write=True)), county.wells[0], remark="again")
    assert act.uid != lost.uid
    assert act.uid.startswith("bbbbbb")
    assert verified(ledger.path).whole


def test_after_restoring_backups_are_held_until_the_clerk_says_so(made: Backup, ledger: Ledger) -> None:
    restore(made.path, ledger.path, LATER, overwrite=True)
    with open_ledger(ledger.path, LEDGERS) as opened:
        conn = opened.connect(write=True)
        assert held_since(conn) == "2025-10-08T09:00:00+00:00"
        release(conn)
        assert held_since(conn) is None


def test_a_folder_stands_for_the_newest_backup_in_it(
    ledger: Ledger, store: Store, county: County, tmp_path: Path
) -> None:
    back_up(ledger.connect(), ledger.path, tmp_path / "b", NOW)
    edit(store, county.wells[0], remark="second")
    newest = back_up(ledger.connect(), ledger.path, tmp_path / "b", LATER)
    ledger.close()
    empty = tmp_path / "empty"
    empty.mkdir()
    assert restore(tmp_path / "b", ledger.path, LATER, overwrite=True).head == newest.head
    with pytest.raises(LedgerError, match="请指明用哪一份"):
        restore(tmp_path / "b", tmp_path / "other.ledger", LATER)
    with pytest.raises(LedgerError, match="里没有备份"):
        restore(empty, tmp_path / "other.ledger", LATER)


def test_a_ledger_copied_by_hand_can_be_restored_from_too(
    ledger: Ledger, store: Store, county: County, tmp_path: Path
) -> None:
    attach(ledger, store, county.wells[0], "a.jpg", b"picture")
    target = tmp_path / "new" / "a.ledger"
    target.parent.mkdir()
    restored = restore(ledger.path, target, LATER)  # open, with a log beside it
    assert restored.head == journal.head(store.conn)
    assert verified(target).whole


def test_a_missing_attachment_is_named(ledger: Ledger, store: Store, county: County, tmp_path: Path) -> None:
    attach(ledger, store, county.wells[0], "丢了.jpg", b"picture")
    made = back_up(ledger.connect(), ledger.path, tmp_path / "b", NOW)
    shutil.rmtree(tmp_path / "b" / "files")
    target = tmp_path / "new" / "a.ledger"
    target.parent.mkdir()
    assert restore(made.path, target, LATER).missing == ("丢了.jpg",)


def test_a_missing_folder_or_backup_is_said(tmp_path: Path) -> None:
    for backup in ("none.zip", "none.ledger", "none"):
        with pytest.raises(LedgerError) as refused:
            restore(tmp_path / backup, tmp_path / "a.ledger", LATER)
        assert refused.value.code == "no_file"
    with pytest.raises(LedgerError, match="这个文件夹"):
        restore(tmp_path / "none", tmp_path / "nowhere" / "a.ledger", LATER)


def test_a_backup_by_a_newer_program_is_refused(made: Backup, tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="更新版本的程序") as refused:
        restore(made.path, tmp_path / "new.ledger", LATER, migrations=MIGRATIONS[:1])
    assert refused.value.code == "newer_ledger"
    assert not (tmp_path / "new.ledger").exists()


def flip(path: Path, needle: bytes) -> None:
    data = bytearray(path.read_bytes())
    data[data.index(needle)] ^= 1
    path.write_bytes(data)


def test_a_damaged_snapshot_is_refused_and_the_ledger_stays(
    ledger: Ledger, store: Store, county: County, tmp_path: Path
) -> None:
    made = back_up(ledger.connect(), ledger.path, tmp_path / "b", NOW)
    ledger.close()
    before = ledger.path.read_bytes()
    flip(made.path, "机电井台账.xlsx".encode())
    with pytest.raises(LedgerError, match="已损坏，不能用它恢复") as refused:
        restore(made.path, ledger.path, LATER, overwrite=True)
    assert refused.value.code == "damaged_backup"
    assert ledger.path.read_bytes() == before
    assert restore(made.path, ledger.path, LATER, overwrite=True, even_damaged=True).head == made.head


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
def test_a_zip_that_was_cut_off_is_refused(
    ledger: Ledger, store: Store, county: County, tmp_path: Path, share: float
) -> None:
    made = back_up(ledger.connect(), ledger.path, tmp_path / "b.zip", NOW)
    data = made.path.read_bytes()
    made.path.write_bytes(data[: int(len(data) * share)])
    with pytest.raises(LedgerError, match="已损坏") as refused:
        restore(made.path, tmp_path / "new.ledger", LATER)
    assert refused.value.code == "damaged_backup"
    assert not (tmp_path / "new.ledger").exists()


def test_a_zip_with_a_changed_byte_is_refused(
    ledger: Ledger, store: Store, county: County, tmp_path: Path
) -> None:
    made = back_up(ledger.connect(), ledger.path, tmp_path / "b.zip", NOW)
    data = bytearray(made.path.read_bytes())
    data[len(data) // 2] ^= 0x10
    made.path.write_bytes(data)
    with pytest.raises(LedgerError) as refused:
        restore(made.path, tmp_path / "new.ledger", LATER)
    assert refused.value.code == "damaged_backup"
    assert not (tmp_path / "new.ledger").exists()


def packed(path: Path, **entries: bytes) -> Path:
    with zipfile.ZipFile(path, "w") as package:
        for name, content in entries.items():
            package.writestr(name, content)
    return path


@pytest.mark.parametrize(
    "name", ["../evil.ledger", "/etc/evil.ledger", "files/../../evil", "C:\\evil.ledger", "files/ab/../../x"]
)
def test_a_zip_that_points_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "deep" / "deeper"
    folder.mkdir(parents=True)
    package = packed(folder / "b.zip", **{"a.ledger": b"x", name: b"evil"})
    with pytest.raises(LedgerError, match="不安全") as refused:
        restore(package, folder / "new.ledger", LATER)
    assert refused.value.code == "unsafe_backup"
    assert sorted(tree(tmp_path)) == ["deep/deeper/b.zip"]


@pytest.mark.parametrize("names", [["表.xlsx"], ["a.ledger", "b.ledger"], [], ["a.ledger", "files/ab/short"]])
def test_a_zip_of_something_else_is_refused(tmp_path: Path, names: list[str]) -> None:
    package = packed(tmp_path / "b.zip", **dict.fromkeys(names, b"x"))
    with pytest.raises(LedgerError, match="不是台账的备份"):
        restore(package, tmp_path / "new.ledger", LATER)


def test_a_zip_whose_ledger_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match=r"^a\.ledger 不是台账文件") as refused:
        restore(packed(tmp_path / "b.zip", **{"a.ledger": b"x" * 500}), tmp_path / "new.ledger", LATER)
    assert refused.value.code == "not_a_ledger"


def test_a_zip_larger_than_the_disk_is_refused_before_it_is_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = packed(tmp_path / "b.zip", **{"a.ledger": bytes(100_000)})
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=50_000))
    with pytest.raises(LedgerError, match="磁盘空间不够"):
        restore(package, tmp_path / "new.ledger", LATER)
