"""Backups as the clerk meets them: where they go, when they are made, what is said."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from ledger_app.core.entities import LEDGERS
from ledger_app.core.errors import LedgerError
from ledger_app.db.store import ActInfo
from ledger_app.services import backups, history, opening
from ledger_app.services.opening import Session

NOW = datetime(2025, 9, 30, 17, 30).astimezone()
TODAY = date(2025, 9, 30)


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    path = tmp_path / "某旗.ledger"
    opening.create_ledger(path, LEDGERS, county_code="150824", bureau="示例旗水利局", who="经办甲")
    with opening.opened(path, LEDGERS, who="经办甲", today=TODAY, write=True) as opened:
        yield opened


def edit(session: Session, number: str) -> None:
    with session.store.act(ActInfo("correct", "经办甲")) as act:
        act.insert(LEDGERS["documents"], {"number": number})


def test_a_round_backs_up_only_what_has_changed_since(session: Session) -> None:
    path = session.ledger.path
    assert backups.last_said(session.conn, path, NOW) == "还没有备份"
    assert len(backups.automatic(session.conn, path, NOW).made) == 1
    assert backups.automatic(session.conn, path, NOW + timedelta(minutes=30)).made == ()
    edit(session, "示水发〔2025〕1号")
    later = NOW + timedelta(hours=1)
    assert len(backups.automatic(session.conn, path, later, "import").made) == 1
    listed = backups.listed(session.conn, path)
    assert [k.reason for k in listed] == ["导入前", "自动"]
    assert listed[0].size > 0 and listed[0].size_said.endswith(" MB")
    assert backups.last_said(session.conn, path, NOW) == "上次备份 18:30"
    assert backups.last_said(session.conn, path, NOW + timedelta(days=2)) == "上次备份 9月30日 18:30"


def test_a_second_folder_gets_the_same_and_a_missing_one_is_only_reported(
    session: Session, tmp_path: Path
) -> None:
    path, second = session.ledger.path, tmp_path / "U盘"
    with pytest.raises(LedgerError, match="没有"):
        backups.set_second_folder(session.store, second, path)
    second.mkdir()
    backups.set_second_folder(session.store, second, path)
    backups.back_up_now(session.conn, path, NOW)
    assert [k.second for k in backups.listed(session.conn, path)] == [False, True]
    shutil.rmtree(second)
    tmp_path.joinpath("U盘").write_text("no folder any more", encoding="utf-8")
    edit(session, "示水发〔2025〕2号")
    done = backups.automatic(session.conn, path, NOW + timedelta(hours=1))
    assert len(done.made) == 1 and len(done.problems) == 1
    with pytest.raises(LedgerError, match="平常放备份"):
        backups.set_second_folder(session.store, backups.folder_of(path), path)
    backups.set_second_folder(session.store, None, path)
    assert backups.folders(session.conn, path) == [backups.folder_of(path)]


def test_a_backup_looked_through_is_whole_and_a_damaged_one_is_refused(session: Session) -> None:
    made = backups.back_up_now(session.conn, session.ledger.path, NOW)
    assert backups.check(made.path) == made.head
    damaged = bytearray(made.path.read_bytes())
    damaged[5000:9000] = b"\xff" * 4000
    made.path.write_bytes(damaged)
    with pytest.raises(LedgerError):
        backups.check(made.path)


def test_restoring_keeps_what_stood_there_and_holds_the_thinning_until_it_is_released(
    session: Session,
) -> None:
    path = session.ledger.path
    made = backups.back_up_now(session.conn, path, NOW)
    edit(session, "后来的文件")
    with pytest.raises(LedgerError, match="打开着"):
        backups.restore(made.path, path, NOW, overwrite=True)
    session.ledger.close()
    done = backups.restore(made.path, path, NOW + timedelta(minutes=1), overwrite=True)
    assert done.kept and done.kept.name in backups.restored_said(done)
    with opening.opened(path, LEDGERS, who="经办甲", today=TODAY, write=True) as again:
        assert again.store.rows(LEDGERS["documents"]) == []
        assert backups.held_since(again.conn)
        backups.release(again.store)
        assert backups.held_since(again.conn) == ""
        assert history.said(history.verify(again.ledger, again.conn)).startswith("台账完整")


def test_a_zip_for_a_stick_is_restored_elsewhere(session: Session, tmp_path: Path) -> None:
    dest = tmp_path / "某旗备份.zip"
    backups.back_up_to(session.conn, session.ledger.path, dest, NOW)
    done = backups.restore(dest, tmp_path / "另一处.ledger", NOW)
    assert done.kept is None and done.missing == ()


def test_a_migration_is_preceded_by_a_backup(session: Session) -> None:
    session.ledger.close()
    done = backups.before_migration(lambda: NOW)(session.ledger.path)
    assert isinstance(done, backups.Done)
    assert [p.name for p in done.made] == ["某旗-20250930-173000-升级前.ledger"]
