"""The import page: a whole cycle by mouse and by keys; nothing is written before the clerk says so."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QFileDialog

from ledger_app.core.entities import LEDGERS
from ledger_app.db.queries import listing
from ledger_app.db.queries.listing import Query
from ledger_app.db.store import ActInfo
from ledger_app.services.session import NOBODY
from ledger_app.ui.ledger_page import LedgerPage
from ledger_app.ui.main_window import MainWindow
from ledger_app.ui.pages.importing import COLUMNS, DONE, REVIEW, START, ImportPage
from ledger_app.ui.pages.importing_columns import CHOICE, FieldChoice
from ledger_app.ui.pages.importing_drop import FileDrop
from ledger_app.ui.places import Target
from tests.ui.conftest import Dialogs

DATA = Path(__file__).parents[1] / "data" / "imports"
WELLS = LEDGERS["wells"]
HEAD = ["机井编号", "乡镇", "井深（米）", "灌溉面积（万亩）", "使用状态", "甲栏"]
ROWS = [
    ["150824101200J0001", "德岭山镇", 80, None, "在用", "户主000"],  # the same
    ["150824101200J0002", "德岭山镇", 99, None, "停用", "户主006"],  # deeper
    ["NEW1", "德岭山镇", 60, 150, "在用", "某人"],  # 150 万亩: a slip of unit
    ["NEW2", "德岭山镇", 60, 151, "在用", "某人"],
    ["NEW3", "德岭山镇", 60, None, "已关停", "某人"],  # which of three?
    ["NEW4", "德岭山镇", 99999, None, "在用", "某人"],  # no well is so deep
]


@pytest.fixture
def book(tmp_path: Path) -> Path:
    made = openpyxl.Workbook()
    sheet = made.worksheets[0]
    sheet.title = "德岭山镇"
    for row in (HEAD, *ROWS):
        sheet.append(row)
    made.create_sheet("填表说明").append(["请如实填写，每眼井一行，没有的格空着"])
    made.save(tmp_path / "德岭山镇机电井.xlsx")
    return tmp_path / "德岭山镇机电井.xlsx"


@pytest.fixture
def page(window: MainWindow) -> ImportPage:
    window.visit("import")
    page = window.page("import")
    assert isinstance(page, ImportPage)
    return page


@pytest.fixture
def reviewing(page: ImportPage, book: Path) -> ImportPage:
    page.open_file(book)
    page.next.click()
    return page


def count(page: ImportPage) -> int:
    workspace = page.context.workspace
    return listing.count(workspace.reader, workspace.registry, WELLS, Query())


def texts(page: ImportPage, line: int) -> list[str]:
    lines = page.rows.table.lines
    return [str(lines.index(line, c).data() or "") for c in range(lines.columnCount())]


def choice(page: ImportPage, line: int) -> FieldChoice:
    found = page.columns.table.indexWidget(page.columns.table.lines.index(line, CHOICE))
    assert isinstance(found, FieldChoice)
    return found


def pick(combo: FieldChoice, field: str) -> None:
    combo.choose(field)
    combo.activated.emit(combo.currentIndex())


def test_a_file_is_read_its_ledger_guessed_and_its_columns_shown(page: ImportPage, book: Path) -> None:
    assert page.step == START
    page.open_file(book)
    assert (page.step, page.into.currentData()) == (COLUMNS, "wells")
    assert [v.name for v in page.columns.views] == ["德岭山镇", "填表说明"]
    assert [choice(page, i).currentData() for i in range(5)] == [
        "code",
        "town",
        "depth_m",
        "irrigated_area_mu",
        "status",
    ]
    assert choice(page, 5).currentData() == ""
    line = [str(page.columns.table.lines.index(3, c).data()) for c in (1, 4, 5)]
    assert line == ["灌溉面积（万亩）", "万亩", "✓ 名称一致"]
    assert count(page) == 60


def test_a_column_corrected_in_place_is_compared_again_and_remembered_by_name(
    page: ImportPage, book: Path, window: MainWindow
) -> None:
    page.open_file(book)
    pick(choice(page, 5), "owner")
    assert page.columns.views[0].columns[5].sure == "chosen"
    page.columns.remember.setChecked(True)
    page.columns.name.setText("德岭山镇的表")
    page.next.click()
    assert page.step == REVIEW
    page.next.click()
    assert page.step == DONE
    page.done.again.click()
    page.open_file(book)
    assert page.columns.views[0].profile == "德岭山镇的表"
    assert choice(page, 5).currentData() == "owner"
    page.columns.refuse.click()
    assert choice(page, 5).currentData() == ""


def test_a_field_given_to_another_column_is_taken_from_the_first(page: ImportPage, book: Path) -> None:
    page.open_file(book)
    pick(choice(page, 5), "status")
    assert [c.field for c in page.columns.views[0].columns][4:] == ["", "status"]


def test_what_is_typed_into_a_field_choice_and_is_no_field_is_put_back(page: ImportPage, book: Path) -> None:
    page.open_file(book)
    combo = choice(page, 2)
    combo.lineEdit().setText("没有这一栏")
    combo.lineEdit().editingFinished.emit()
    assert combo.currentText() == WELLS.field("depth_m").heading


def test_a_sheet_can_be_left_out(page: ImportPage, book: Path) -> None:
    page.open_file(book)
    page.columns.sheets.item(0).setCheckState(Qt.CheckState.Unchecked)
    assert not page.next.isEnabled()
    page.columns.sheets.item(0).setCheckState(Qt.CheckState.Checked)
    page.next.click()
    assert page.step == REVIEW


def test_rows_stand_by_outcome_with_old_and_new_values_and_sentences(reviewing: ImportPage) -> None:
    page = reviewing
    chips = {name: chip.text() for name, chip in page.rows.chips.items()}
    assert chips == {
        "": "全部 6",
        "new": "新增 0",
        "changed": "更改 1",
        "same": "相同 1",
        "needs_confirmation": "待确认 3",
        "refused": "退回 1",
    }
    assert not page.rows.chips["new"].isEnabled()
    page.rows.chips["changed"].click()
    assert page.rows.table.lines.rowCount() == 1
    assert "86 → 99" in texts(page, 0)
    assert texts(page, 0)[:3] == ["3", "更改", "改 1 格：井深"]
    page.rows.chips["refused"].click()
    assert "超出" in texts(page, 0)[2]
    depth = page.rows.table.lines.cell(0, 4)  # right after the number, wherever the sheet has it
    assert (depth.text, depth.ground) == ("99999", "red_pale")


def test_doubtful_rows_are_decided_one_by_one_and_all_of_a_kind(reviewing: ImportPage) -> None:
    page = reviewing
    assert page.next.text() == "导入 1 行"
    buttons = page.rows.pane.row.buttons
    assert set(buttons) == {"take", "typed", "out", "take-all", "typed-all", "out-all"}
    buttons["take-all"].click()
    assert page.next.text() == "导入 3 行"
    assert texts(page, 0)[1] == "确认导入"
    page.rows.pane.row.buttons["typed"].click()
    assert texts(page, 0)[1] == "照原样导入"
    page.rows.pane.row.buttons["again"].click()
    assert (texts(page, 0)[1], page.next.text()) == ("待确认", "导入 2 行")


def test_keys_decide_the_rows_that_are_chosen(reviewing: ImportPage, qtbot: Any) -> None:
    table = reviewing.rows.table
    table.setFocus()
    qtbot.keyClick(table, Qt.Key.Key_Space)
    assert table.currentIndex().row() == 1
    qtbot.keyClick(table, Qt.Key.Key_Delete)
    assert [texts(reviewing, i)[1] for i in range(2)] == ["确认导入", "不导入"]
    table.selectAll()
    qtbot.keyClick(table, Qt.Key.Key_Backspace)
    assert {texts(reviewing, i)[1] for i in range(3)} == {"待确认"}


def test_every_sort_of_problem_is_listed_and_shows_its_rows(reviewing: ImportPage) -> None:
    page = reviewing
    kinds = page.rows.pane.kinds
    assert [str(kinds.lines.index(i, 1).data()) for i in range(3)] == ["2", "1", "1"]
    kinds.opened.emit(0)
    assert page.rows.table.lines.rowCount() == 2
    page.rows.kind_chip.click()
    assert page.rows.table.lines.rowCount() == 3


def test_an_ambiguous_word_is_asked_once_a_sheet(reviewing: ImportPage) -> None:
    page = reviewing
    page.rows.pane.row.buttons["take"].click()
    [meaning] = page.rows.words.meanings
    assert [meaning.itemText(i) for i in range(meaning.count())][1:] == ["停用", "封存备用", "已封填"]
    meaning.setCurrentIndex(1)
    page.rows.words.go.click()
    assert page.step == REVIEW
    assert page.rows.words.isHidden()
    assert page.rows.chips["new"].text() == "新增 1"
    assert page.next.text() == "导入 3 行", "the decision made before is carried over"


def test_nothing_is_written_before_the_clerk_says_so_and_then_all_is_one_act(
    reviewing: ImportPage, window: MainWindow
) -> None:
    page = reviewing
    acts = page.context.workspace.reader.execute("SELECT COUNT(*) FROM d_acts").fetchone()[0]
    page.rows.pane.row.buttons["take-all"].click()
    assert count(page) == 60
    page.next.click()
    assert (page.step, count(page)) == (DONE, 62)
    assert page.context.workspace.reader.execute("SELECT COUNT(*) FROM d_acts").fetchone()[0] == acts + 1
    assert page.done.heading.text() == "已导入 3 行到机电井"
    assert "有 2 行没有导入" in page.done.stayed.text()
    backups = list(page.context.workspace.path.parent.glob("*.backups/*导入前.ledger"))
    assert len(backups) == 1
    page.done.show_records.click()
    wells = window.page("wells")
    assert isinstance(wells, LedgerPage) and window.current_key == "wells"
    assert wells.table.model.rowCount() == 3


def test_an_import_is_taken_back_from_its_last_page(reviewing: ImportPage) -> None:
    page = reviewing
    page.next.click()
    page.done.undo.click()
    assert page.done.heading.text() == "这次导入已撤销"
    row = page.context.workspace.writer.rows(WELLS, "code = ?", ("150824101200J0002",))[0]
    assert row["depth_m"] == 86


def test_what_blocks_the_taking_back_leads_to_the_change_log(
    reviewing: ImportPage, window: MainWindow, dialogs: Dialogs
) -> None:
    page = reviewing
    page.next.click()
    store = page.context.workspace.writer
    uid = store.rows(WELLS, "code = ?", ("150824101200J0002",))[0]["uid"]
    with store.act(ActInfo("correct", "王娜")) as act:
        act.update(WELLS, uid, {"depth_m": 98})
    dialogs.expect_button("到变更记录里看")
    page.done.undo.click()
    assert window.current_key == "history"


def test_rows_that_stayed_out_are_saved_as_a_copy_of_the_own_workbook(
    reviewing: ImportPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, out = reviewing, tmp_path / "退回.xlsx"
    page.next.click()
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(out), ""))
    page.done.rejects.click()
    sheet = openpyxl.load_workbook(out)["德岭山镇"]
    assert [sheet.cell(r, 7).value is None for r in range(1, 8)] == [
        False,
        True,
        True,
        False,
        False,
        False,
        False,
    ]


def test_a_ledger_changed_meanwhile_is_compared_again_before_anything_is_written(
    reviewing: ImportPage, dialogs: Dialogs
) -> None:
    page = reviewing
    store = page.context.workspace.writer
    with store.act(ActInfo("correct", "王娜")) as act:
        act.insert(LEDGERS["documents"], {"number": "示水发〔2025〕1号"})
    dialogs.expect_button("重新核对")
    page.next.click()
    assert (page.step, dialogs.seen) == (REVIEW, ["台账在核对之后又有改动，请重新核对一次再导入。"])
    page.context.workers.changed.emit(frozenset({"documents"}))
    assert page.next.text() == "台账有改动，重新核对"
    page.next.click()
    page.next.click()
    assert page.step == DONE


def test_a_bad_file_is_told_in_a_sentence_and_one_of_no_ledger_asks_for_it(page: ImportPage) -> None:
    page.open_file(DATA / "broken" / "empty.xlsx")
    assert (page.step, page.start.message.text()[:9]) == (START, "这个文件是空的，里")
    page.open_file(DATA / "levels.xlsx")
    assert page.step == START
    assert page.start.message.text().startswith("看表头认不出")


def test_a_table_the_ledger_does_not_know_can_be_mapped_by_hand(page: ImportPage, tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    for row in (["甲", "乙", "丙"], ["W9", "德岭山镇", 70]):
        made.worksheets[0].append(row)
    made.save(tmp_path / "x.xlsx")
    page.start.ledger.choose("wells")
    page.open_file(tmp_path / "x.xlsx")
    assert page.step == COLUMNS and not page.next.isEnabled()
    for line, field in enumerate(("code", "town", "depth_m")):
        pick(choice(page, line), field)
    page.columns.sheets.item(0).setCheckState(Qt.CheckState.Checked)
    page.next.click()
    assert page.rows.chips["new"].text() == "新增 1"


def test_the_ledger_can_be_changed_after_reading(page: ImportPage, book: Path) -> None:
    page.open_file(book)
    page.into.choose("intakes")
    page.into.activated.emit(page.into.currentIndex())
    assert page.work.entity is LEDGERS["intakes"]
    assert page.step == COLUMNS


def test_who_may_only_read_sees_everything_and_writes_nothing(
    reviewing: ImportPage, window: MainWindow
) -> None:
    window.context.workspace.operator = NOBODY
    window.operator_changed()
    assert not reviewing.next.isEnabled()
    assert "只能查看" in reviewing.next.toolTip()


def test_the_whole_cycle_works_by_keys(
    page: ImportPage, book: Path, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(book), ""))
    control = Qt.KeyboardModifier.ControlModifier
    qtbot.keyClick(page, Qt.Key.Key_O, control)
    assert page.step == COLUMNS
    qtbot.keyClick(page, Qt.Key.Key_Return, control)
    assert page.step == REVIEW
    qtbot.keyClick(page.rows.table, Qt.Key.Key_Space)
    qtbot.keyClick(page, Qt.Key.Key_Return, control)
    assert (page.step, count(page)) == (DONE, 61)


def test_a_workbook_dropped_on_the_window_is_opened(window: MainWindow, book: Path) -> None:
    FileDrop(window, window.context)
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(book))])
    button, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    copy, at = Qt.DropAction.CopyAction, QPoint(400, 300)
    enter = QDragEnterEvent(at, copy, mime, button, none)
    QApplication.sendEvent(window, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(window, QDropEvent(QPointF(at), copy, mime, button, none))
    page = window.page("import")
    assert isinstance(page, ImportPage)
    assert (window.current_key, page.step) == ("import", COLUMNS)


def test_the_act_of_a_ledger_page_leads_here_with_its_ledger_chosen(window: MainWindow) -> None:
    window.visit("import", Target(said="permits"))
    page = window.page("import")
    assert isinstance(page, ImportPage)
    assert page.start.ledger.currentData() == "permits"
