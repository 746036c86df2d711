"""Attachments: contents once by hash, read-only, never lost by undo."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ledger_app.core.entities import LEDGERS
from ledger_app.core.errors import LedgerError
from ledger_app.db import attachments, contents
from ledger_app.db.attachments import Kept
from ledger_app.db.connection import Ledger
from ledger_app.db.migrations import MIGRATIONS
from ledger_app.db.store import Store
from ledger_app.db.undo import undo
from ledger_app.db.verify import verify
from tests.db.county import County, info
from tests.db.test_backup import tree


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "井口 照片.jpg"
    path.write_bytes(b"\xff\xd8 picture")
    return path


def attached(store: Store, ledger: Ledger, record: str, source: Path) -> str:
    kept = attachments.keep(ledger.path, source)
    with store.act(info("attach")) as act:
        return attachments.add(act, "wells", record, kept, kind="照片", taken_on="2025-09-01")


def test_an_attached_file_comes_back_under_its_name(
    ledger: Ledger, store: Store, county: County, photo: Path, tmp_path: Path
) -> None:
    attached(store, ledger, county.wells[0], photo)
    rows = attachments.of_record(store, county.wells[0])
    assert [(r["name"], r["kind"], r["taken_on"]) for r in rows] == [("井口 照片.jpg", "照片", "2025-09-01")]
    assert attachments.path_of(ledger.path, rows[0]).read_bytes() == photo.read_bytes()
    (tmp_path / "out").mkdir()
    copy = attachments.copy_out(ledger.path, rows[0], tmp_path / "out")
    assert (copy.name, copy.read_bytes()) == ("井口 照片.jpg", photo.read_bytes())
    assert os.access(copy, os.W_OK)
    assert attachments.of_record(store, county.wells[1]) == []


def test_a_content_is_kept_once_and_read_only(ledger: Ledger, photo: Path, tmp_path: Path) -> None:
    twin = tmp_path / "同一张.jpg"
    twin.write_bytes(photo.read_bytes())
    one, other = attachments.keep(ledger.path, photo), attachments.keep(ledger.path, twin)
    assert one.content_hash == other.content_hash
    h = one.content_hash
    assert tree(contents.beside(ledger.path)) == [f"{h[:2]}/{h}"]
    assert contents.place(contents.beside(ledger.path), h).stat().st_mode & 0o222 == 0


def test_undo_takes_the_attachment_back_but_never_the_content(
    ledger: Ledger, store: Store, county: County, photo: Path
) -> None:
    attached(store, ledger, county.wells[0], photo)
    last = store.conn.execute("SELECT act_uid FROM d_acts ORDER BY number DESC").fetchone()[0]
    back = undo(store, last, "李四")
    assert attachments.of_record(store, county.wells[0]) == []
    assert len(tree(contents.beside(ledger.path))) == 1
    undo(store, back.uid, "李四")
    assert len(attachments.of_record(store, county.wells[0])) == 1
    assert verify(store.conn, ledger.path, LEDGERS, MIGRATIONS).whole


def test_the_same_file_is_attached_to_a_record_once(
    ledger: Ledger, store: Store, county: County, photo: Path
) -> None:
    attached(store, ledger, county.wells[0], photo)
    attached(store, ledger, county.wells[1], photo)
    with pytest.raises(LedgerError, match="附在这条记录上"):
        attached(store, ledger, county.wells[0], photo)


def test_a_file_that_is_too_large_is_refused_with_both_sizes(
    ledger: Ledger, photo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attachments, "LIMIT_BYTES", 1 << 20)
    photo.write_bytes(bytes(3 << 20))
    with pytest.raises(LedgerError, match="有 3 MB，超过单个附件 1 MB 的上限") as refused:
        attachments.keep(ledger.path, photo)
    assert refused.value.code == "too_large"
    assert not contents.beside(ledger.path).exists()


@pytest.mark.parametrize("kind", ["missing", "empty", "folder"])
def test_what_is_no_file_is_refused(ledger: Ledger, tmp_path: Path, kind: str) -> None:
    source = tmp_path / "x.jpg"
    if kind == "empty":
        source.touch()
    elif kind == "folder":
        source.mkdir()
    with pytest.raises(LedgerError) as refused:
        attachments.keep(ledger.path, source)
    assert refused.value.code == ("empty_file" if kind == "empty" else "no_file")


def test_a_full_disk_leaves_no_half_content(
    ledger: Ledger, photo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(LedgerError, match="磁盘空间不够"):
        attachments.keep(ledger.path, photo)
    assert tree(contents.beside(ledger.path)) == []


def test_a_content_that_is_gone_is_said_when_it_is_opened(
    ledger: Ledger, store: Store, county: County, photo: Path
) -> None:
    attached(store, ledger, county.wells[0], photo)
    row = attachments.of_record(store, county.wells[0])[0]
    contents.place(contents.beside(ledger.path), row["content_hash"]).unlink()
    with pytest.raises(LedgerError, match=r"“井口 照片\.jpg”的文件不在了。请从备份中找回 新旗\.files 文件夹"):
        attachments.path_of(ledger.path, row)


def test_a_name_with_a_path_in_it_stays_in_the_folder(
    ledger: Ledger, store: Store, county: County, photo: Path, tmp_path: Path
) -> None:
    kept = attachments.keep(ledger.path, photo)
    with store.act(info("attach")) as act:
        attachments.add(act, "wells", county.wells[0], Kept("..\\..\\evil.jpg", kept.content_hash))
    (tmp_path / "out").mkdir()
    row = attachments.of_record(store, county.wells[0])[0]
    assert attachments.copy_out(ledger.path, row, tmp_path / "out") == tmp_path / "out" / "evil.jpg"
