"""The form: what one types, what it says, what is saved, and that nothing is lost by accident."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication

from ledger_app.services.records import Typed
from ledger_app.services.session import Operator
from ledger_app.ui.editors import ChoiceEditor, RefEditor
from ledger_app.ui.form import Form
from ledger_app.ui.ledger_page import LedgerPage
from ledger_app.ui.main_window import MainWindow
from ledger_app.ui.save_choice import SaveChoice
from tests.ui.conftest import Dialogs


def typed(form: Form, name: str, text: str) -> None:
    """As if the clerk had typed and gone on."""
    field = form.fields[name]
    field.editor.put(text)
    field.editor.edited.emit()
    field.editor.left.emit()


def message(form: Form, name: str) -> str:
    return form.fields[name].message


@pytest.fixture
def editing(page: LedgerPage) -> LedgerPage:
    """The first well, opened to be changed."""
    page.edit()
    assert page.pane.editing
    return page


def test_a_well_is_registered_with_the_keyboard_and_gets_its_number(page: LedgerPage, qtbot: Any) -> None:
    page.register()
    form = page.pane.form
    for name, text in {"town": "德岭山镇", "village": "大圣村", "owner": "张三", "depth_m": "95"}.items():
        typed(form, name, text)
    editor = form.fields["depth_m"].editor
    editor.setFocus()
    qtbot.keyClick(editor, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert not page.pane.editing
    assert page.pane.title == "大圣村 0011"
    assert page.table.current_uid() == page.pane.uid
    assert page.head.said.text() == "61 眼"


def test_values_are_written_out_as_they_were_understood(editing: LedgerPage) -> None:
    form = editing.pane.form
    typed(form, "completed_on", "2015.8.3")
    typed(form, "status", "闲置")
    typed(form, "permitted_volume_m3", "12000m³")
    texts = [form.fields[n].editor.text() for n in ("completed_on", "status", "permitted_volume_m3")]
    assert texts == ["2015-08-03", "停用", "1.2"]


def test_a_wrong_value_says_why_beside_itself_when_it_is_left(editing: LedgerPage) -> None:
    form = editing.pane.form
    typed(form, "depth_to_water_m", "128")
    assert message(form, "depth_to_water_m") == "埋深 128 m 大于井深 80 m，请核对。"
    assert form.fields["depth_to_water_m"].editor.property("state") == "error"
    assert message(form, "owner") == ""


def test_what_is_wrong_keeps_the_record_from_being_saved(editing: LedgerPage) -> None:
    typed(editing.pane.form, "depth_to_water_m", "128")
    assert not editing.pane.store()
    assert editing.pane.editing


def test_a_doubtful_value_can_be_taken_as_suggested(editing: LedgerPage) -> None:
    field = editing.pane.form.fields["permitted_volume_m3"]
    typed(editing.pane.form, "permitted_volume_m3", "20400")
    assert field.remark.take.text() == "改为 2.04"
    field.remark.take.click()
    assert field.editor.text() == "2.04"
    assert field.message == ""


def test_a_doubtful_value_stays_with_a_reason_that_the_change_log_keeps(
    editing: LedgerPage, window: MainWindow, dialogs: Dialogs
) -> None:
    form = editing.pane.form
    typed(form, "permitted_volume_m3", "20400")
    field = form.fields["permitted_volume_m3"]
    field.remark.keep.click()
    field.remark.reason.setText("以许可证为准")
    field.remark.reason.editingFinished.emit()
    assert field.message == "已保留：以许可证为准"
    dialogs.expect(lambda choice: None)
    assert editing.pane.store()
    row = window.context.workspace.screen.execute("SELECT why FROM d_acts ORDER BY number DESC").fetchone()
    assert "分配许可水量 20400：以许可证为准" in row[0]


def test_saving_a_fact_asks_once_whether_it_was_always_so(editing: LedgerPage, dialogs: Dialogs) -> None:
    typed(editing.pane.form, "depth_m", "95")
    said: list[str] = []

    def answer(choice: SaveChoice) -> None:
        said.append(choice.findChildren(type(choice.message))[0].text())
        choice.reason.setText("量错了")

    dialogs.expect(answer)
    assert editing.pane.store()
    assert said == ["井深：80 → 95 m"]
    assert editing.pane._row["depth_m"] == 95  # type: ignore[index]


def test_a_change_from_a_day_on_says_the_day(
    editing: LedgerPage, window: MainWindow, dialogs: Dialogs
) -> None:
    typed(editing.pane.form, "status", "停用")

    def answer(choice: SaveChoice) -> None:
        choice.change.setChecked(True)
        choice.day.setText("2025.8.1")
        choice.reason.setText("无人使用")
        choice.save.click()

    dialogs.expect(answer)
    assert editing.pane.store()
    why = window.context.workspace.screen.execute("SELECT why FROM d_acts ORDER BY number DESC").fetchone()[0]
    assert why.startswith("2025-08-01 起")
    assert editing.pane.head.state.text() == "停用"


def test_a_change_of_a_name_is_not_asked_about(editing: LedgerPage) -> None:
    typed(editing.pane.form, "owner", "张三")
    assert editing.pane.store()
    assert editing.pane._row["owner"] == "张三"  # type: ignore[index]


def test_escape_leaves_all_as_it_was_and_what_was_typed_can_be_had_back(
    editing: LedgerPage, window: MainWindow, qtbot: Any
) -> None:
    typed(editing.pane.form, "owner", "张三")
    editor = editing.pane.form.fields["owner"].editor
    with qtbot.waitActive(window):
        window.activateWindow()
    editor.setFocus()
    qtbot.keyClick(editor, Qt.Key.Key_Escape)
    assert not editing.pane.editing
    assert editing.pane._row["owner"] == "户主000"  # type: ignore[index]
    note = editing.context.messages._note
    assert note is not None
    note.run()
    assert editing.pane.form.fields["owner"].editor.text() == "张三"
    editing.pane.leave_form()


def test_leaving_with_unsaved_work_asks_once(
    editing: LedgerPage, window: MainWindow, dialogs: Dialogs
) -> None:
    typed(editing.pane.form, "owner", "张三")
    dialogs.expect_button("返回")
    assert not window.visit("permits")
    assert window.current_key == "wells"
    dialogs.expect_button("放弃修改")
    assert window.visit("permits")
    assert dialogs.seen == ["大圣村 0001 的修改还没有保存。"] * 2


def test_leaving_without_a_change_asks_nothing(editing: LedgerPage, window: MainWindow) -> None:
    assert window.visit("permits")


def test_a_changed_field_carries_a_dot_and_loses_it_again(editing: LedgerPage) -> None:
    field = editing.pane.form.fields["owner"]
    typed(editing.pane.form, "owner", "张三")
    assert "●" in field.label.text()
    typed(editing.pane.form, "owner", "户主000")
    assert "●" not in field.label.text()


def test_the_wheel_never_changes_a_value(editing: LedgerPage) -> None:
    editor = editing.pane.form.fields["status"].editor
    assert isinstance(editor, ChoiceEditor)
    editor.setFocus()
    at = QPointF(5, 5)
    wheel = QWheelEvent(
        at,
        QPointF(editor.mapToGlobal(at)),
        QPoint(),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(editor, wheel)
    assert editor.text() == "在用"
    assert not editing.pane.form.changed


def test_choosing_a_village_fills_in_its_town(page: LedgerPage) -> None:
    page.register()
    form = page.pane.form
    editor = form.fields["village"].editor
    assert isinstance(editor, RefEditor)
    uid = page.context.workspace.screen.execute(
        "SELECT uid FROM regions WHERE code = '150824201202'"
    ).fetchone()[0]
    editor.put("永胜村", uid)
    editor.chosen.emit(uid)
    assert form.fields["town"].editor.text() == "川井苏木"
    assert form.fields["town"].typed().uid


def test_what_is_typed_into_a_reference_is_answered_with_the_records_it_may_mean(page: LedgerPage) -> None:
    page.register()
    editor = page.pane.form.fields["permit_no"].editor
    assert isinstance(editor, RefEditor)
    editor.setFocus()
    editor.setText("2021-0003")
    editor.textEdited.emit("2021-0003")
    assert editor._model.rowCount() == 1
    editor._take(editor._model.index(0, 0))
    assert editor.text() == "D150824G2021-0003"
    assert editor.uid()


def test_the_record_above_can_be_copied_but_not_what_is_its_own(page: LedgerPage) -> None:
    page.register()
    form = page.pane.form
    form.copy_record()
    assert form.fields["village"].typed() == Typed("大圣村", form.fields["village"].typed().uid)
    assert form.fields["village"].typed().uid
    assert form.fields["use"].editor.text() == "农业灌溉"
    assert form.fields["code"].editor.text() == ""


def test_del_makes_a_record_void_with_a_reason_and_offers_to_take_it_back(
    page: LedgerPage, dialogs: Dialogs
) -> None:
    uid = page.table.current_uid()

    def answer(dialog: Any) -> None:
        dialog.reason.setText("重复登记")

    dialogs.expect(answer)
    page.void()
    assert page.head.said.text() == "59 眼"
    assert page.table.current_uid() != uid
    page.context.messages._note.run()  # type: ignore[union-attr]
    assert page.head.said.text() == "60 眼"


def test_del_says_what_stands_on_a_record(window: MainWindow, dialogs: Dialogs) -> None:
    window.visit("permits")
    page = window.page("permits")
    assert isinstance(page, LedgerPage)
    page.table.go_to(1)
    dialogs.expect_button("知道了")
    page.void()
    assert "还有机电井 10 眼用着它，不能作废" in dialogs.seen[0]


def test_who_may_only_read_is_told_so(page: LedgerPage, window: MainWindow, dialogs: Dialogs) -> None:
    window.context.workspace.operator = Operator("赵看", "只读")
    window.operator_changed()
    assert not page.primary.isEnabled()
    dialogs.expect_button("知道了")
    page.register()
    assert "只能查看" in dialogs.seen[0]
    assert not page.pane.editing
