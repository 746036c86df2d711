"""Tables of lines that are no records of one ledger."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from ledger_app.ui.lines_table import Cell, LineColumn, LinesTable
from ledger_app.ui.theme import Theme

COLUMNS = (
    LineColumn("行", 50, numeric=True),
    LineColumn("井深", 80, "m"),
    LineColumn("说明", 100, stretch=True),
)


def make(theme: Theme, qtbot: Any, rows: int = 3) -> LinesTable:
    table = LinesTable(theme, COLUMNS, "什么都没有。", tall=True)
    qtbot.addWidget(table)
    table.resize(600, 300)
    table.show()
    table.lines.show_lines(
        rows,
        lambda line, c: (
            Cell(str(line)),
            Cell("99", was="86", ground="blue_pale"),
            Cell("长长的话" * 30, "red"),
        )[c],
    )
    return table


def test_the_model_keeps_qts_rules(theme: Theme, qtbot: Any, qtmodeltester: Any) -> None:
    table = make(theme, qtbot)
    qtmodeltester.check(table.lines)
    table.lines.show_lines(5, lambda _line, _c: Cell("甲"))
    assert table.lines.rowCount() == 5


def test_one_column_takes_what_room_the_others_leave(theme: Theme, qtbot: Any) -> None:
    table = make(theme, qtbot)
    assert sum(table.columnWidth(i) for i in range(3)) == table.viewport().width()
    assert table.columnWidth(2) > 100


def test_an_empty_table_says_so(theme: Theme, qtbot: Any) -> None:
    table = make(theme, qtbot, 0)
    assert table.empty.isVisible() and table.empty.text() == "什么都没有。"
    assert table.chosen() == []


def test_chosen_lines_are_copied_with_heads_and_opened_by_enter(theme: Theme, qtbot: Any) -> None:
    table = make(theme, qtbot)
    opened: list[int] = []
    table.opened.connect(opened.append)
    table.go_to(1)
    qtbot.keyClick(table, Qt.Key.Key_Return)
    qtbot.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    head, row = QGuiApplication.clipboard().text().split("\r\n")[:2]
    assert opened == [1]
    assert head == "行\t井深 m\t说明"
    assert row.split("\t")[:2] == ["1", "86 → 99"]


def test_every_kind_of_cell_can_be_painted(theme: Theme, qtbot: Any) -> None:
    table = make(theme, qtbot)
    table.go_to(0)
    picture = table.grab().toImage()
    colours = {picture.pixelColor(x, 36 + 69).name() for x in range(52, 128)}
    assert theme.tokens.blue_pale in colours
