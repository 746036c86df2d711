"""An import on the window's real threads: the window lives on, and a stop leaves nothing half done."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from PySide6.QtCore import QTimer

from ledger_app import app
from ledger_app.core.entities import LEDGERS
from ledger_app.db.queries import listing
from ledger_app.db.queries.listing import Query
from ledger_app.services import backups
from ledger_app.services.session import Workspace
from ledger_app.services.settings import Settings
from ledger_app.ui.main_window import MainWindow
from ledger_app.ui.pages.importing import COLUMNS, DONE, REVIEW, START, ImportPage
from ledger_app.ui.theme import Theme
from ledger_app.ui.workers import Workers

ROWS = 3000


@pytest.fixture
def book(tmp_path: Path) -> Path:
    made = openpyxl.Workbook(write_only=True)
    sheet = made.create_sheet("德岭山镇")
    sheet.append(["机井编号", "乡镇", "井深（米）", "使用状态"])
    for n in range(ROWS):
        sheet.append([f"N{n:05d}", "德岭山镇", 60 + n % 40, "在用"])
    made.save(tmp_path / "many.xlsx")
    return tmp_path / "many.xlsx"


@pytest.fixture
def live(workspace: Workspace, theme: Theme, settings: Settings, qtbot: Any) -> Iterator[MainWindow]:
    window = app.make_window(workspace, theme, settings, Workers)
    window.show()
    yield window
    window.close()
    window.end()
    window.deleteLater()


def importing(window: MainWindow) -> ImportPage:
    window.visit("import")
    page = window.page("import")
    assert isinstance(page, ImportPage)
    return page


def count(page: ImportPage) -> int:
    workspace = page.context.workspace
    return listing.count(workspace.screen, workspace.registry, LEDGERS["wells"], Query())


def read(page: ImportPage, book: Path, qtbot: Any) -> None:
    page.open_file(book)
    assert page.busy.isVisible() and not page.stack.isEnabled()
    qtbot.waitUntil(lambda: page.step == COLUMNS and not page.busy.on, timeout=20_000)
    page.next.click()
    qtbot.waitUntil(lambda: page.step == REVIEW, timeout=5000)


def test_a_whole_import_runs_beside_the_window(live: MainWindow, book: Path, qtbot: Any) -> None:
    page, beats = importing(live), []
    timer = QTimer(live)
    timer.timeout.connect(lambda: beats.append(time.monotonic()))
    timer.start(5)
    read(page, book, qtbot)
    page.next.click()
    qtbot.waitUntil(lambda: page.step == DONE, timeout=20_000)
    timer.stop()
    assert count(page) == 60 + ROWS
    gaps = [b - a for a, b in pairwise(beats)]
    assert max(gaps) < 1.0, "a window that stands still for a second is frozen"


def test_an_import_that_is_stopped_writes_nothing_and_can_be_done_after_all(
    live: MainWindow, book: Path, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, stopped = importing(live), threading.Event()
    read(page, book, qtbot)

    def wait(*_args: Any) -> None:
        stopped.wait(10)

    with monkeypatch.context() as patched:
        patched.setattr(backups, "automatic", wait)
        page.next.click()
        page.busy.stop.click()
        stopped.set()
        qtbot.waitUntil(lambda: not page.busy.on, timeout=10_000)
    assert (page.step, count(page)) == (REVIEW, 60)
    page.next.click()
    qtbot.waitUntil(lambda: page.step == DONE, timeout=20_000)
    assert count(page) == 60 + ROWS


def test_reading_that_is_stopped_goes_back_to_the_choice_of_a_file(
    live: MainWindow, book: Path, qtbot: Any
) -> None:
    page = importing(live)
    page.open_file(book)
    page.busy.stop.click()
    qtbot.waitUntil(lambda: not page.busy.on, timeout=20_000)
    assert page.step == START
    assert page.start.message.text() == "已停止，什么都没有写入。"
