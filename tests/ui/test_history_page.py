"""The change log page: acts newest first, their cells, filters, taking back, and a record's history."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QUrl

from ledger_app.core.entities import LEDGERS
from ledger_app.db.store import ActInfo
from ledger_app.ui.ledger_page import LedgerPage
from ledger_app.ui.main_window import MainWindow
from ledger_app.ui.pages.history import BLOCK, HistoryPage
from ledger_app.ui.pages.history_section import HistoryLines
from ledger_app.ui.places import Target
from tests.ui.conftest import Dialogs

WELLS = LEDGERS["wells"]
CODE = "150824101200J0002"


@pytest.fixture
def page(window: MainWindow) -> HistoryPage:
    window.visit("history")
    page = window.page("history")
    assert isinstance(page, HistoryPage)
    return page


def well(window: MainWindow) -> str:
    return str(window.context.workspace.writer.rows(WELLS, "code = ?", (CODE,))[0]["uid"])


def correct(window: MainWindow, who: str = "赵刚", **cells: Any) -> str:
    store = window.context.workspace.writer
    with store.act(ActInfo("correct", who, "录错更正", "form")) as act:
        act.update(WELLS, well(window), cells)
    window.context.workers.changed.emit(frozenset(act.changed))
    return act.uid


def line(page: HistoryPage, row: int) -> list[str]:
    lines = page.table.lines
    return [str(lines.index(row, c).data() or "") for c in range(lines.columnCount())]


def text(page: HistoryPage) -> str:
    return page.pane.text.toPlainText()


def test_the_newest_act_stands_first_and_opens_down_to_its_cells(
    page: HistoryPage, window: MainWindow
) -> None:
    correct(window, depth_m=99)
    assert line(page, 0)[1:5] == ["赵刚", "更正", "录错更正", "1"]
    page.table.go_to(0)
    page._open_current()
    assert CODE in text(page)
    assert "86 m → 99 m" in text(page)
    assert "通过表单" in page.pane.said.text()


def test_filters_narrow_by_ledger_operator_kind_and_day(page: HistoryPage, window: MainWindow) -> None:
    everything = page.table.lines.rowCount()
    correct(window, depth_m=99)
    page.filters.who.setCurrentIndex(page.filters.who.findText("赵刚"))
    assert page.table.lines.rowCount() == 1
    page.filters.who.setCurrentIndex(0)
    page.filters.kind.setCurrentIndex(page.filters.kind.findText("导入"))
    assert [line(page, 0)[2], page.table.lines.rowCount()] == ["导入", 1]
    page.filters.kind.setCurrentIndex(0)
    page.filters.ledger.setCurrentIndex(page.filters.ledger.findText("取水许可"))
    assert line(page, 0)[3] == "起始数据"
    page.filters.ledger.setCurrentIndex(0)
    page.filters.first.put("2199")
    page.filters.first.left.emit()
    assert page.table.lines.rowCount() == 0
    assert page.table.empty.text() == "没有符合条件的操作。"
    page.filters.first.put("去年的事")
    page.filters.first.left.emit()
    assert page.filters.first.property("state") == "error"
    assert page.table.lines.rowCount() == everything + 1


def test_a_large_act_shows_its_records_a_part_at_a_time(page: HistoryPage) -> None:
    row = next(r for r in range(page.table.lines.rowCount()) if line(page, r)[3] == "起始数据")
    page.table.go_to(row)
    page._open_current()
    shown = page.pane.shown
    assert "接着看" in text(page)
    page.pane.text.anchorClicked.emit(QUrl("more:"))
    assert page.pane.shown == min(2 * shown, 81)


def test_an_act_is_taken_back_after_one_question(
    page: HistoryPage, window: MainWindow, dialogs: Dialogs
) -> None:
    correct(window, depth_m=99)
    page.go_to(Target())
    dialogs.expect_button("撤销这次操作")
    page.pane.undo.click()
    assert "涉及 1 条记录" in dialogs.seen[0]
    assert [line(page, r)[2] for r in range(2)] == ["撤销", "更正"]
    assert line(page, 1)[5] == "已撤销"
    assert window.context.workspace.writer.get(WELLS, well(window))["depth_m"] == 86  # type: ignore[index]
    page.table.go_to(1)
    page._open_current()
    assert not page.pane.undo.isEnabled()


def test_what_stands_in_the_way_is_listed_with_the_way_there(
    page: HistoryPage, window: MainWindow, dialogs: Dialogs
) -> None:
    first = correct(window, depth_m=99)
    later = correct(window, depth_m=100)
    page.go_to(Target(uid=first))
    dialogs.expect_button("撤销这次操作")
    page.pane.undo.click()
    assert "还不能撤销，先要处理 1 处" in text(page)
    page.pane.text.anchorClicked.emit(QUrl(f"act:{later}"))
    assert page.pane.act["act"] == later
    page.pane.text.anchorClicked.emit(QUrl(f"record:wells {well(window)}"))
    assert window.current_key == "wells"
    wells = window.page("wells")
    assert isinstance(wells, LedgerPage)
    assert wells.pane.uid == well(window)


def test_the_acts_of_one_record_are_reached_from_its_history(window: MainWindow) -> None:
    correct(window, depth_m=99)
    uid = well(window)
    section = HistoryLines(window.context, WELLS, uid)
    said = section.text.text()
    assert said.index("赵刚") < said.index("王娜")
    assert "井深 86 m → 99 m" in said
    section.text.linkActivated.emit("all")
    page = window.page("history")
    assert isinstance(page, HistoryPage) and window.current_key == "history"
    assert page.filters.record.text() == f"记录：{CODE} ×"
    assert page.table.lines.rowCount() == 2
    page.filters.record.click()
    assert page.table.lines.rowCount() > 2
    section.deleteLater()


def test_a_hundred_thousand_acts_are_listed_and_fetched_as_they_come_into_sight(
    page: HistoryPage, window: MainWindow
) -> None:
    conn = window.context.workspace.writer.conn
    with window.context.workspace.writer.act(ActInfo("correct", "赵刚")):
        conn.execute(
            "WITH RECURSIVE n(i) AS (SELECT 1000 UNION ALL SELECT i + 1 FROM n WHERE i < 100999)"
            " INSERT INTO d_acts (act_uid, number, at, who, kind, why, source, row_count)"
            " SELECT 'x' || i, i, '2025-09-30T08:00:00', '张三', 'correct', '第' || i, 'form', 1 FROM n"
        )
    page.go_to(Target())
    assert page.table.lines.rowCount() > 100_000
    assert line(page, 99_000)[3] == "第1999"
    assert page._block.cache_info().currsize <= 99_000 // BLOCK
