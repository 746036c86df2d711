"""The backup page and what looks after an open ledger: rounds, closing, going back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFileDialog

from ledger_app import app
from ledger_app.core.entities import LEDGERS
from ledger_app.db.store import ActInfo
from ledger_app.services import backups, session
from ledger_app.services.session import NOBODY, Workspace
from ledger_app.services.settings import Settings
from ledger_app.ui.main_window import MainWindow
from ledger_app.ui.pages.backup import BackupPage
from ledger_app.ui.theme import Theme
from ledger_app.ui.upkeep import Upkeep
from ledger_app.ui.workers import InlineWorkers
from tests.ui.conftest import Dialogs


@pytest.fixture
def page(window: MainWindow) -> BackupPage:
    window.visit("backup")
    page = window.page("backup")
    assert isinstance(page, BackupPage)
    return page


def edit(workspace: Workspace, number: str) -> None:
    with workspace.writer.act(ActInfo("correct", "王娜")) as act:
        act.insert(LEDGERS["documents"], {"number": number})


def line(page: BackupPage, row: int) -> list[str]:
    return [str(page.table.lines.index(row, c).data() or "") for c in range(5)]


def test_a_backup_made_by_hand_is_listed_and_said_at_the_foot(page: BackupPage, window: MainWindow) -> None:
    assert page.table.empty.text().startswith("还没有备份")
    assert "还没有备份" in window.status.answers.text()
    page.make()
    assert line(page, 0)[1:4:2] == ["手动", "台账旁边"]
    assert "上次备份" in window.status.answers.text()
    page.look()
    assert line(page, 0)[4] == "✓ 刚核对过，完整"


def test_a_damaged_backup_is_shown_as_such(page: BackupPage) -> None:
    page.make()
    path = page.kept[0].path
    data = bytearray(path.read_bytes())
    data[5000:9000] = b"\xff" * 4000
    path.write_bytes(data)
    page.look()
    assert line(page, 0)[4] == "✗ 已损坏，不能用"


def test_a_zip_for_a_stick_is_written_where_the_clerk_says(
    page: BackupPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "u盘"), ""))
    page.make_for_stick()
    assert (tmp_path / "u盘.zip").is_file()


def test_the_ledger_is_verified_in_words(page: BackupPage, window: MainWindow) -> None:
    page.verify()
    assert page.pane.verified.text().startswith("台账完整")
    conn = window.context.workspace.writer.conn
    conn.execute("UPDATE points SET depth_m = 1 WHERE id = 1")
    page.verify()
    assert page.pane.verified.text().startswith("台账不完整：变更记录与台账内容")
    assert "不完整" in window.status.answers.text()


def test_a_second_folder_is_set_and_left(
    page: BackupPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "第二处").mkdir()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path / "第二处"))
    page.choose_second()
    page.make()
    assert {line(page, r)[3] for r in range(2)} == {"台账旁边", "第二处"}
    page.pane.no_second.click()
    assert page.pane.second_said.text().startswith("没有设置")


def test_who_may_only_read_may_back_up_but_not_go_back(page: BackupPage, window: MainWindow) -> None:
    page.make()
    window.context.workspace.operator = NOBODY
    page.operator_changed()
    assert not page.pane.restore.isEnabled() and not page.back.isEnabled()
    assert page.pane.look.isEnabled()


def test_a_round_backs_up_what_has_changed_and_says_when(window: MainWindow, workspace: Workspace) -> None:
    upkeep = Upkeep(window, lambda _: None)
    timer = upkeep.findChild(QTimer)
    assert timer.isActive() and timer.interval() == 30 * 60_000
    timer.timeout.emit()
    timer.timeout.emit()
    assert len(backups.listed(workspace.reader, workspace.path)) == 1
    edit(workspace, "示水发〔2025〕1号")
    timer.timeout.emit()
    assert [k.reason for k in backups.listed(workspace.reader, workspace.path)] == ["自动", "自动"]
    assert "上次备份" in window.status.answers.text()


def test_a_second_folder_that_is_gone_is_told_once(
    window: MainWindow, workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(window.context.messages, "note", lambda text, *_: told.append(text))
    folder = tmp_path / "U盘"
    folder.mkdir()
    backups.set_second_folder(workspace.writer, folder, workspace.path)
    folder.rmdir()
    folder.write_text("", encoding="utf-8")
    upkeep = Upkeep(window, lambda _: None)
    for number in range(2):
        edit(workspace, f"示水发〔2025〕{number}号")
        upkeep.back_up()
    assert len(told) == 1 and told[0].startswith("第二个备份文件夹用不了")


def test_closing_makes_the_last_backup(window: MainWindow, workspace: Workspace) -> None:
    upkeep = Upkeep(window, lambda _: None)
    edit(workspace, "示水发〔2025〕1号")
    upkeep.closing()
    assert [k.reason for k in backups.listed(workspace.reader, workspace.path)] == ["关闭"]


@pytest.fixture
def opened_again() -> Iterator[list[Workspace]]:
    found: list[Workspace] = []
    yield found
    for workspace in found:
        workspace.close()


def test_going_back_says_what_happens_keeps_what_was_there_and_opens_again(
    workspace: Workspace,
    theme: Theme,
    settings: Settings,
    qtbot: Any,
    dialogs: Dialogs,
    opened_again: list[Workspace],
) -> None:
    window = app.make_window(workspace, theme, settings, InlineWorkers)
    qtbot.addWidget(window)

    def open_again(path: Path) -> None:
        opened_again.append(session.open_workspace(path, LEDGERS, lambda: date(2025, 9, 30)))

    Upkeep(window, open_again)
    window.show()
    window.visit("backup")
    page = window.page("backup")
    assert isinstance(page, BackupPage)
    page.make()
    edit(workspace, "后来的文件")
    dialogs.expect_button("恢复台账")
    dialogs.expect_button("知道了")
    page.pane.restore.click()
    assert "现在的台账会先自动备份一份" in dialogs.seen[0]
    assert dialogs.seen[1].startswith("已恢复到")
    [again] = opened_again
    assert again.writer.rows(LEDGERS["documents"]) == []
    kept = backups.listed(again.reader, again.path)
    assert {k.reason for k in kept} == {"手动", "恢复前"}
    assert backups.held_since(again.reader)


def test_a_held_thinning_is_shown_until_the_clerk_has_looked(page: BackupPage, window: MainWindow) -> None:
    conn = window.context.workspace.writer.conn
    conn.execute("INSERT INTO settings VALUES ('backups_kept_since', '2025-09-30T08:00:00')")
    page.refresh()
    assert not page.pane.held_box.isHidden()
    assert "暂停清理旧备份" in page.pane.held.text()
    page.pane.release.click()
    assert page.pane.held_box.isHidden()
