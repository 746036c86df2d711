"""Typing into the table: cells, pasted blocks, one act for all, nothing lost by accident."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from ledger_app.ui.grid_editing import GridEditing
from ledger_app.ui.ledger_page import LedgerPage
from ledger_app.ui.main_window import MainWindow
from tests.ui.conftest import Dialogs


def at(page: LedgerPage, row: int, name: str) -> Any:
    names = [c.name for c in page.table.model.columns]
    return page.table.model.index(row, names.index(name))


def put(page: LedgerPage, row: int, name: str, text: str) -> bool:
    return page.table.model.setData(at(page, row, name), text)


def values(page: LedgerPage, row: int, *names: str) -> list[Any]:
    found = page.table.source.fetch([page.table.model.ids[row]], names)[0]
    return [found[name] for name in names]


@pytest.fixture
def typing(page: LedgerPage) -> Iterator[LedgerPage]:
    page.table.columns.choose(["status", "depth_m", "owner", "village", "completed_on"])
    page.type_into_table(True)
    yield page
    grid(page).let_go()


def grid(page: LedgerPage) -> GridEditing:
    assert page._grid is not None
    return page._grid


def test_cells_can_be_typed_into_but_not_keys_and_references(typing: LedgerPage) -> None:
    flags = {n: at(typing, 0, n).flags() & Qt.ItemFlag.ItemIsEditable for n in ("depth_m", "village", "")}
    assert [bool(flags[n]) for n in ("depth_m", "village", "")] == [True, False, False]


def test_what_is_typed_is_shown_as_it_was_understood_and_not_written_yet(typing: LedgerPage) -> None:
    put(typing, 0, "completed_on", "2015.8.3")
    put(typing, 0, "status", "闲置")
    assert [at(typing, 0, n).data() for n in ("completed_on", "status")] == ["2015-08-03", "停用"]
    assert values(typing, 0, "status") == ["在用"]
    assert grid(typing).bar.said.text() == "改了 1 眼的 2 处"


def test_what_stood_there_before_takes_the_change_back(typing: LedgerPage) -> None:
    put(typing, 0, "depth_m", "95")
    put(typing, 0, "depth_m", "80")
    assert len(grid(typing).changes) == 0


def test_all_changes_are_one_act_that_can_be_taken_back(typing: LedgerPage, dialogs: Dialogs) -> None:
    put(typing, 0, "depth_m", "95")
    put(typing, 1, "depth_m", "96")
    put(typing, 1, "owner", "张三")
    dialogs.expect(lambda choice: None)
    grid(typing).bar.save.click()
    assert values(typing, 0, "depth_m") + values(typing, 1, "depth_m", "owner") == [95, 96, "张三"]
    assert not grid(typing).on
    typing.context.messages._note.run()  # type: ignore[union-attr]
    assert values(typing, 1, "depth_m", "owner") == [86, "户主006"]


def test_a_value_that_is_wrong_keeps_all_from_being_saved_and_says_why(typing: LedgerPage) -> None:
    put(typing, 0, "depth_m", "很深")
    put(typing, 1, "depth_m", "96")
    assert not grid(typing).bar.save.isEnabled()
    assert "1 处看不懂或存疑" in grid(typing).bar.said.text()
    assert at(typing, 0, "depth_m").data(Qt.ItemDataRole.ToolTipRole)


def test_a_block_from_excel_is_pasted_from_the_current_cell_on(typing: LedgerPage) -> None:
    QGuiApplication.clipboard().setText("91\t甲\t不改\n93\t乙\t不改\n")
    typing.table.view.setCurrentIndex(at(typing, 1, "depth_m"))
    typing.table.view.pasted.emit()
    assert [at(typing, i, "depth_m").data() for i in (0, 1, 2, 3)] == ["80", "91", "93", "98"]
    assert [at(typing, i, "owner").data() for i in (1, 2)] == ["甲", "乙"]
    assert len(grid(typing).changes) == 4


def test_a_change_from_a_day_on_is_refused_whole_where_one_record_cannot(
    typing: LedgerPage, dialogs: Dialogs
) -> None:
    put(typing, 0, "status", "停用")
    put(typing, 1, "status", "已封填")

    def answer(choice: Any) -> None:
        choice.change.setChecked(True)
        choice.day.setText("2025-08-01")
        choice.save.click()

    dialogs.expect(answer)
    dialogs.expect_button("知道了")
    grid(typing).bar.save.click()
    assert "封停处置" in dialogs.seen[1]
    assert values(typing, 0, "status") == ["在用"]
    assert len(grid(typing).changes) == 2


def test_leaving_the_page_with_typed_cells_asks_once(
    typing: LedgerPage, window: MainWindow, dialogs: Dialogs
) -> None:
    put(typing, 0, "depth_m", "95")
    dialogs.expect_button("放弃改动")
    assert window.visit("permits")
    assert values(typing, 0, "depth_m") == [80]
    assert not typing.tools.typing.isChecked()


def test_pasting_into_a_table_that_is_read_says_how_to_begin(page: LedgerPage) -> None:
    page.table.view.pasted.emit()
    note = page.context.messages._note
    assert note is not None and "表内修改" in note.said
