"""The frame: places, favourites, hints, the three answers at the foot, who works."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtWidgets import QMenu

from ledger_app import app
from ledger_app.core.entities import LEDGERS
from ledger_app.db.store import ActInfo
from ledger_app.services import saving, session
from ledger_app.services.session import Workspace
from ledger_app.services.settings import Settings
from ledger_app.ui.finder import Finder
from ledger_app.ui.ledger_page import LedgerPage
from ledger_app.ui.main_window import MainWindow
from ledger_app.ui.places import ActionSpec, LedgerExtras
from ledger_app.ui.theme import Theme
from ledger_app.ui.workers import InlineWorkers
from tests.ui.conftest import Dialogs


def test_every_ledger_with_a_group_has_a_place_and_they_stand_in_house_order(window: MainWindow) -> None:
    groups = list(dict.fromkeys(place.group for place in window.places))
    assert groups == [g for g in app.GROUPS if g in groups]
    assert {e.name for e in LEDGERS.places} <= {place.key for place in window.places}


def test_every_place_opens(window: MainWindow) -> None:
    for place in window.places:
        assert window.visit(place.key)
        assert window.stack.currentWidget() is window.page(place.key)


def test_the_county_stands_above_the_places(window: MainWindow) -> None:
    assert window.navigation.county.text() == "示例旗水资源台账"


def test_favourites_stand_on_top_and_are_remembered(
    window: MainWindow, workspace: Workspace, theme: Theme, settings: Settings
) -> None:
    window.navigation.toggle_favourite("closures")
    assert window.navigation.order()[0] == "closures"
    again = app.make_window(workspace, theme, settings, InlineWorkers)
    assert again.navigation.order()[0] == "closures"
    again.navigation.toggle_favourite("closures")
    assert again.navigation.favourites == []


def test_a_group_folds_at_a_click_and_stays_folded(
    window: MainWindow, workspace: Workspace, theme: Theme, settings: Settings
) -> None:
    groups = [
        window.navigation.tree.topLevelItem(i) for i in range(window.navigation.tree.topLevelItemCount())
    ]
    group = next(g for g in groups if g.text(0) == "设置")
    window.navigation.tree.itemClicked.emit(group, 0)
    assert not group.isExpanded()
    assert settings.get("folded") == ["设置"]


def test_a_page_says_once_what_it_is_for(window: MainWindow) -> None:
    window.visit("wells")
    assert window._hint.isVisible()
    window.visit("permits")
    window.visit("wells")
    assert not window._hint.isVisible()


def test_the_window_opens_at_the_page_it_was_left_at(
    window: MainWindow, workspace: Workspace, theme: Theme, settings: Settings
) -> None:
    window.visit("permits")
    again = app.make_window(workspace, theme, settings, InlineWorkers)
    again.visit_last("wells")
    assert again.current_key == "permits"


def test_the_foot_answers_three_questions(window: MainWindow) -> None:
    window.status.set_backup("上次备份 09:30")
    window.status.set_journal(True)
    assert window.status.answers.text() == "已保存 · 上次备份 09:30 · 变更记录完整 ✓"
    window.status.set_journal(False)
    assert "变更记录不完整" in window.status.answers.text()
    assert window.status.file.text() == "示例旗.ledger"
    assert window.status.operator.text() == "操作员 王娜"


def test_unsaved_work_is_said_at_the_foot(page: LedgerPage, window: MainWindow) -> None:
    page.edit()
    field = page.pane.form.fields["owner"]
    field.editor.put("张三")
    field.editor.edited.emit()
    assert window.status.answers.text().startswith("有未保存的修改")
    page.pane.leave_form()
    assert window.status.answers.text().startswith("已保存")


def test_pages_refresh_when_somebody_else_changes_their_ledger(page: LedgerPage, window: MainWindow) -> None:
    def act(store: Any) -> Any:
        with store.act(ActInfo("insert", "王娜")) as act:
            act.insert(LEDGERS["wells"], {"code": "W9"})
        return act

    window.context.workers.write(act)
    assert page.head.said.text() == "61 眼"


def test_a_renamed_village_shows_in_the_table_of_its_wells(page: LedgerPage, window: MainWindow) -> None:
    uid = page.table.model.row(0)["_id"]  # type: ignore[index]
    village = page.table.source.fetch([page.table.model.ids[0]], ["village"])[0]["village_uid"]

    def rename(store: Any) -> Any:
        with store.act(ActInfo("correct", "王娜")) as act:
            act.update(LEDGERS["regions"], village, {"name": "大胜村"})
        return act

    window.context.workers.write(rename)
    assert page.table.current_uid() == uid
    assert str(page.table.model.index(0, 0).data()).startswith("大胜村")
    assert page.pane.title.startswith("大胜村")


def test_acts_handed_in_for_a_ledger_stand_where_they_belong(
    workspace: Workspace,
    theme: Theme,
    settings: Settings,
    dialogs: Dialogs,
    qapp: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    done: list[tuple[str, list[str]]] = []
    acts = (
        ActionSpec("导入", lambda context, entity, uids: done.append(("导入", uids)), needs="none"),
        ActionSpec("封停处置……", lambda context, entity, uids: done.append(("封停", uids))),
    )
    monkeypatch.setattr(app, "extras", lambda registry: {"wells": LedgerExtras(acts=acts)})
    window = app.make_window(workspace, theme, settings, InlineWorkers)
    window.visit("wells")
    page = window.page("wells")
    assert isinstance(page, LedgerPage)
    page.run(acts[0])
    page.table.view.selectRow(2)
    page.run(acts[1])
    assert [name for name, _ in done] == ["导入", "封停"]
    assert done[0][1] == []
    assert done[1][1] == page.table.selected_uids()
    assert [b.text() for b in page.pane.foot._made] == ["封停处置……"]


def test_a_ledger_that_cannot_be_written_says_so_and_offers_no_writing(
    workspace: Workspace, theme: Theme, settings: Settings, dialogs: Dialogs
) -> None:
    second = session.open_workspace(workspace.path, LEDGERS, workspace.today)
    second.operator = workspace.operator
    window = app.make_window(second, theme, settings, InlineWorkers)
    window.visit("wells")
    page = window.page("wells")
    assert isinstance(page, LedgerPage)
    assert not page.primary.isEnabled()
    assert window.status.answers.text().startswith("只读")
    dialogs.expect_button("知道了")
    page.void()
    assert "打开着" in dialogs.seen[0]
    second.close()


def test_a_new_operator_is_put_on_the_list_and_remembered(
    workspace: Workspace,
    theme: Theme,
    settings: Settings,
    dialogs: Dialogs,
    qapp: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    program = app.Program(theme, settings)
    program.window = app.make_window(workspace, theme, settings, InlineWorkers)

    def answer(dialog: Any) -> None:
        dialog.who.setCurrentIndex(dialog.who.count() - 1)
        dialog.name.setText("李四")
        dialog.role.setCurrentText("审核")

    dialogs.expect(answer)
    program.ask_operator()
    assert workspace.operator == ("李四", "审核")
    assert [o.name for o in workspace.operators()] == ["王娜", "李四"]
    assert settings.get(f"{workspace.path}|operator") == "李四"
    program.window.end()


def test_the_menu_below_the_county_offers_other_ledgers(
    workspace: Workspace, theme: Theme, settings: Settings
) -> None:
    menu = QMenu()
    app.Program(theme, settings)._fill_menu(menu)
    assert "打开其他台账……" in [action.text() for action in menu.actions()]


def test_an_act_taken_back_that_others_build_on_is_refused_in_words(
    page: LedgerPage, window: MainWindow, dialogs: Dialogs
) -> None:
    store = window.context.workspace.writer
    act = store.conn.execute("SELECT act_uid FROM d_acts WHERE kind = 'import'").fetchone()[0]
    page.edit()
    field = page.pane.form.fields["owner"]
    field.editor.put("张三")
    field.editor.edited.emit()
    assert page.pane.store()
    dialogs.expect_button("知道了")
    window.context.workers.write(lambda s: saving.undo(s, act, "王娜"))
    assert "不能撤销" in dialogs.seen[0]


def test_anything_is_found_from_anywhere_and_opened(window: MainWindow) -> None:
    window.visit("regions")
    finder = Finder(window.context, window.places, window)
    finder.line.setText("户主007")
    assert [finder.list.item(i).text().split("    ")[0] for i in range(finder.list.count())] == [
        "机电井 · 红旗村 0002"
    ]
    finder._go(finder.list.item(0))
    assert window.current_key == "wells"
    assert window.page("wells").pane.title == "红旗村 0002"  # type: ignore[attr-defined]


def test_a_place_is_found_by_its_name(window: MainWindow) -> None:
    finder = Finder(window.context, window.places, window)
    finder.line.setText("节水")
    finder._go(finder.list.item(0))
    assert window.current_key == "projects"
