"""The page of a ledger: search, filters, order, columns, copy, and what it remembers."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication

from ledger_app.db.queries.listing import Filter
from ledger_app.ui.chosen import Chosen
from ledger_app.ui.ledger_page import LedgerPage
from ledger_app.ui.main_window import MainWindow
from ledger_app.ui.places import Target
from tests.ui.county import WELLS


def cell(page: LedgerPage, row: int, name: str = "") -> str:
    """What the table shows in a column, by field name."""
    names = [c.name for c in page.table.model.columns]
    return str(page.table.model.index(row, names.index(name)).data())


def shown(page: LedgerPage) -> int:
    return page.table.model.rowCount()


def test_all_wells_stand_in_order_of_their_numbers_with_count_and_sums(page: LedgerPage) -> None:
    assert shown(page) == WELLS
    assert [cell(page, i) for i in range(2)] == ["大圣村 0001", "大圣村 0002"]
    assert page.head.said.text() == "60 眼"
    assert page.table.footer.text() == "合计 60 眼 · 分配许可水量 77.7 万m³"


def test_pinyin_initials_find_a_village_while_one_types(page: LedgerPage, qtbot: Any) -> None:
    qtbot.keyClicks(page.search, "dsc")
    assert {cell(page, i).split()[0] for i in range(shown(page))} == {"大圣村"}
    assert page.head.said.text() == "60 眼，显示 20 眼"
    assert tuple(page.table.view.painter_.spans("大圣村 0007")) == ((0, 3),)


def test_the_matched_part_of_a_number_is_marked(page: LedgerPage, qtbot: Any) -> None:
    page.search.insert("户主00")
    assert tuple(page.table.view.painter_.spans("户主007")) == ((0, 4),)


def test_escape_empties_the_search(page: LedgerPage, qtbot: Any) -> None:
    qtbot.keyClicks(page.search, "dsc")
    qtbot.keyClick(page.search, Qt.Key.Key_Escape)
    assert shown(page) == WELLS


def test_a_filter_can_be_read_aloud_and_its_cross_clears_it(page: LedgerPage, qtbot: Any) -> None:
    page.filters.set_chosen([Chosen(Filter("status", "in", ("停用", "已封填")), ("停用", "已封填"))])
    page.ask()
    chip = page.filters._chips["status"]
    assert chip.text() == "使用状态：停用、已封填 ×"
    assert shown(page) == 30
    qtbot.mouseClick(chip, Qt.MouseButton.LeftButton, pos=chip.rect().center() + _to_the_cross(chip))
    assert shown(page) == WELLS


def _to_the_cross(chip: Any) -> Any:
    return QPoint(chip.width() // 2 - 10, 0)


def test_a_click_on_a_head_sorts_up_then_down_then_as_it_was(page: LedgerPage) -> None:
    names = [c.name for c in page.table.model.columns]
    depth = names.index("depth_m")
    firsts = []
    for _ in range(3):
        page.table.view.sort_asked.emit(depth)
        firsts.append(cell(page, 0, "depth_m"))
    assert firsts == ["80", "139", "80"]
    assert page.table.model.sorted_by is None


def test_sorting_stays_on_the_record_one_is_on(page: LedgerPage) -> None:
    page.table.go_to(5)
    uid = page.table.current_uid()
    names = [c.name for c in page.table.model.columns]
    page.table.view.sort_asked.emit(names.index("owner"))
    assert page.table.current_uid() == uid


def test_columns_are_chosen_and_remembered_for_the_next_time(page: LedgerPage, window: MainWindow) -> None:
    page.table.columns.choose(["code", "status"])
    again = LedgerPage(window.context, page.entity)
    assert again.table.shown_names() == ["code", "status"]
    again.table.columns.back_to_usual()
    assert "owner" in again.table.shown_names()


def test_filters_and_order_are_remembered(page: LedgerPage, window: MainWindow) -> None:
    page.filters.set_chosen([Chosen(Filter("status", "in", ("停用",)), ("停用",))])
    page.ask()
    page.table.view.sort_asked.emit(0)
    again = LedgerPage(window.context, page.entity)
    assert shown(again) == 15
    assert again.table.model.sorted_by == ("", False)


def test_copied_rows_have_heads_and_keep_long_numbers_as_texts(page: LedgerPage) -> None:
    page.table.columns.choose(["code", "depth_m"])
    page.table.go_to(0)
    page.table.copy()
    mime = QGuiApplication.clipboard().mimeData()
    assert mime.text() == "机电井\t井编号\t井深（m）\r\n150824101200J0001\t150824101200J0001\t80\r\n"
    assert "mso-number-format:'\\@'" in mime.html()


def test_an_empty_ledger_says_what_to_do(window: MainWindow) -> None:
    window.visit("closures")
    page = window.page("closures")
    assert isinstance(page, LedgerPage)
    assert page.table.empty.text() == "还没有封停处置。导入台账，或按 Ctrl+N 登记第一眼。"
    assert page.table.empty.isVisible()


def test_a_search_without_answer_does_not_pretend_the_ledger_is_empty(page: LedgerPage, qtbot: Any) -> None:
    page.search.insert("没有这个村")
    assert page.table.empty.text() == "没有符合条件的机电井。"


def test_the_records_behind_a_figure_are_shown_and_can_be_let_go(
    page: LedgerPage, window: MainWindow
) -> None:
    uids = tuple(page.table.model.row(i)["_id"] for i in (3, 8))  # type: ignore[index]
    window.visit("wells", Target(uids=uids, said="本月封填 2 眼"))
    assert shown(page) == 2
    assert page.filters.records.text() == "本月封填 2 眼 ×"
    page.filters.records.click()
    assert shown(page) == WELLS


def test_going_to_a_record_the_filters_hide_shows_it(page: LedgerPage, window: MainWindow) -> None:
    uid = page.table.model.row(40)["_id"]  # type: ignore[index]
    page.search.setText("没有这个村")
    window.visit("wells", Target(uid=uid))
    assert page.table.current_uid() == uid
    assert page.pane.uid == uid


def test_named_filters_travel_with_the_ledger_file(page: LedgerPage, window: MainWindow) -> None:
    page.filters.set_chosen([Chosen(Filter("status", "in", ("停用",)), ("停用",))])
    page.memory.keep_named("停用的井", page.tools.view_now())
    page.filters.clear()
    again = LedgerPage(window.context, page.entity)
    again.tools.show_view(again.memory.named_filters()["停用的井"])
    assert shown(again) == 15


def test_a_chosen_record_is_read_on_the_right_and_its_references_are_links(
    page: LedgerPage, window: MainWindow
) -> None:
    page.table.go_to(1)
    assert page.pane.title == "大圣村 0002"
    village = page.pane._row["village_uid"]  # type: ignore[index]
    page.pane.view.followed.emit("regions", village)
    assert window.current_key == "regions"
    assert window.page("regions").pane.uid == village  # type: ignore[attr-defined]


def test_widths_and_order_of_columns_are_remembered(page: LedgerPage, window: MainWindow, qtbot: Any) -> None:
    view, head = page.table.view, page.table.view.horizontalHeader()
    view.setColumnWidth(2, 155)
    head.moveSection(head.visualIndex(3), 1)
    qtbot.waitUntil(lambda: bool(page.memory.get("order", [])))
    again = LedgerPage(window.context, page.entity)
    assert again.table.view.columnWidth(2) == 155
    assert again.table.view.order() == view.order()


def test_no_column_goes_before_the_first(page: LedgerPage) -> None:
    head = page.table.view.horizontalHeader()
    head.moveSection(4, 0)
    assert page.table.view.order()[0] == ""
    assert head.visualIndex(4) == 1


def test_the_foot_says_how_many_are_chosen(page: LedgerPage) -> None:
    page.table.view.selectAll()
    assert page.table.footer.text().startswith("已选 60 眼 · 合计 60 眼")
    assert len(page.table.selected_uids()) == WELLS
