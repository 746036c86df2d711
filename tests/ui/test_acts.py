"""Acts in the window: facts once, a grid for what differs, refusals beside their records, one act, undo."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from ledger_app.core import terms
from ledger_app.core.entities import LEDGERS
from ledger_app.services.act_forms import FORMS
from ledger_app.services.session import Operator, Workspace
from ledger_app.ui.dialogs.act_dialog import ActDialog, open_act
from ledger_app.ui.dialogs.act_kind import ActKind
from ledger_app.ui.dialogs.act_kinds import KINDS
from ledger_app.ui.ledger_page import LedgerPage
from ledger_app.ui.main_window import MainWindow
from ledger_app.ui.messages import Note


class Clerk:
    """Fills in the dialog of one act as a clerk would, and reads what it says."""

    def __init__(self, window: MainWindow, name: str, uids: Sequence[str]) -> None:
        self.window = window
        self.dialog = ActDialog(window.context, KINDS[name], uids, window)
        self.dialog.show()

    def say(self, **texts: str) -> Clerk:
        for name, text in texts.items():
            field = self.dialog.fields.fields[name]
            field.editor.put(text)
            field.editor.edited.emit()
            field.editor.left.emit()
        self.dialog.look()
        return self

    def type(self, row: int, name: str, text: str) -> Clerk:
        model = self.dialog.model
        place = model.first_each + [one.name for one in model.each].index(name)
        model.setData(model.index(row, place), text)
        self.dialog.look()
        return self

    @property
    def results(self) -> list[str]:
        model = self.dialog.model
        return [model.result(row) for row in model.rows]

    @property
    def button(self) -> str:
        return self.dialog.go.text()

    @property
    def heads(self) -> list[str]:
        model = self.dialog.model
        across = Qt.Orientation.Horizontal
        return [model.headerData(i, across, Qt.ItemDataRole.DisplayRole) for i in range(model.columnCount())]


def last_note(window: MainWindow) -> Any:
    notes: Any = window.findChildren(Note)
    return notes[-1]


def found(workspace: Workspace, ledger: str, where: str, most: int = 60) -> list[str]:
    """The uids of records in the order of their numbers."""
    entity = LEDGERS[ledger]
    sql = f"SELECT uid FROM {entity.table} WHERE {where} ORDER BY uid LIMIT {most}"
    return [uid for (uid,) in workspace.reader.execute(sql)]


def cells(workspace: Workspace, table: str, columns: str, uids: Sequence[str]) -> list[tuple[Any, ...]]:
    marks = ",".join("?" * len(uids))
    sql = f"SELECT {columns} FROM {table} WHERE uid IN ({marks}) ORDER BY uid"
    return list(workspace.reader.execute(sql, list(uids)))


@pytest.fixture
def clerk(window: MainWindow) -> Iterator[Callable[[str, Sequence[str]], Clerk]]:
    clerks: list[Clerk] = []

    def at_work(name: str, uids: Sequence[str]) -> Clerk:
        clerks.append(Clerk(window, name, uids))
        return clerks[-1]

    yield at_work
    for each in clerks:
        each.dialog.done(0)


@pytest.fixture
def in_use(workspace: Workspace) -> list[str]:
    return found(workspace, "wells", "status = '在用'", 3)


def test_every_act_on_records_has_a_dialog_that_asks_what_the_act_takes() -> None:
    assert set(FORMS) <= set(KINDS)
    for kind in KINDS.values():
        names = {one.name for one in kind.fields}
        mentioned = {*kind.shown, *kind.own, *kind.always, *kind.rows, *kind.only, *kind.start, *kind.offered}
        assert mentioned <= names, kind.name
        assert set(kind.rows) <= set(kind.columns_by_record), kind.name
        assert set(kind.columns) <= set(LEDGERS[kind.ledger].by_name), kind.name


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_no_dialog_is_taller_than_a_small_screen_and_each_says_what_lacks(
    kind: ActKind, clerk: Any, workspace: Workspace
) -> None:
    uids = found(workspace, kind.ledger, "1", 12) if kind.ledger in ("wells", "permits") else []
    dialog = clerk(kind.name, uids).dialog
    assert dialog.height() <= 640
    assert dialog.go.isEnabled() or dialog.said.text()


def test_a_sealed_well_is_refused_beside_its_name_and_the_others_are_closed(
    clerk: Any, in_use: list[str], workspace: Workspace
) -> None:
    sealed = found(workspace, "wells", "status = '已封填'", 1)
    at = clerk("close", [*in_use, *sealed]).say(method="封填", closed_on="2025.9.3")
    assert at.results == ["在用 → 已封填"] * 3 + ["不能办：已经封填，不能再封填。"]
    assert at.button == "封填这 3 眼井"
    assert at.dialog.said.text() == "1 眼不能办，原因写在后面；其余 3 眼照办。"
    at.dialog.do()
    assert cells(workspace, "points", "status", in_use) == [("已封填",)] * 3
    closures = workspace.reader.execute("SELECT method, closed_on FROM closures").fetchall()
    assert closures == [("封填", "2025-09-03")] * 3


def test_what_happens_to_the_lists_is_said_before(clerk: Any, in_use: list[str]) -> None:
    at = clerk("close", in_use).say(method="封填")
    assert at.dialog.effect.text().startswith("现有机电井 −3，在用 −3")
    assert at.dialog.effect.text().endswith("封填后不能恢复。")
    at.say(method="封存备用")
    assert at.dialog.effect.text() == "现有机电井不变，在用 −3，封存备用 +3。"
    assert at.button == "封存备用这 3 眼井"


def test_fields_and_columns_follow_the_kind_of_closure(clerk: Any, in_use: list[str]) -> None:
    at = clerk("close", in_use).say(method="封填")
    assert "压减水量 万m³" in at.heads
    assert "seal_method" in at.dialog.fields.visible()
    at.say(method="移交")
    assert "压减水量 万m³" not in at.heads
    assert "receiver" in at.dialog.fields.visible()
    assert "seal_method" not in at.dialog.fields.visible()


def test_what_lacks_for_every_record_is_said_once_and_not_in_every_row(clerk: Any, in_use: list[str]) -> None:
    at = clerk("close", in_use).say(method="移交")
    assert at.dialog.said.text() == "请填写接收单位。"
    assert at.results == ["", "", ""]
    at.say(receiver="新城供水公司")
    assert at.results == ["移交 新城供水公司"] * 3


def test_a_missing_fact_is_named_and_nothing_is_done(
    clerk: Any, in_use: list[str], workspace: Workspace
) -> None:
    at = clerk("stop", in_use)
    assert at.dialog.said.text() == "还要填写：原因。"
    assert not at.dialog.go.isEnabled()
    at.dialog.do()
    assert at.dialog.result_ is None
    assert at.dialog.fields.fields["reason"].message == "请填写原因。"
    assert cells(workspace, "points", "status", in_use) == [("在用",)] * 3


def test_an_act_is_taken_back_from_the_note_it_leaves(
    clerk: Any, in_use: list[str], window: MainWindow, workspace: Workspace
) -> None:
    clerk("stop", in_use).say(reason="设备损坏", happened_on="2025.9.1").dialog.do()
    assert cells(workspace, "points", "status, stopped_on", in_use) == [("停用", "2025-09-01")] * 3
    note = last_note(window)
    assert "已停用 3 眼井" in note.findChild(type(window.status.answers)).text()
    note.run()
    assert cells(workspace, "points", "status, stopped_on", in_use) == [("在用", None)] * 3


def test_a_usual_reason_is_offered_and_another_is_taken_too(clerk: Any, in_use: list[str]) -> None:
    at = clerk("stop", in_use)
    editor = at.dialog.fields.fields["reason"].editor
    assert "水源置换" in [editor.itemText(i) for i in range(editor.count())]
    at.say(reason="农户外出")
    assert at.results == ["在用 → 停用"] * 3


def test_a_pasted_list_of_numbers_brings_its_wells_and_names_what_nobody_knows(clerk: Any) -> None:
    at = clerk("stop", [])
    assert at.dialog.said.text() == "请先在下面加上要办的机电井。"
    at.dialog.add_text("150824101200J0001\n150824101200J0002，150824101201J0001\n150824999999J0001")
    assert [row.title for row in at.dialog.model.rows] == [
        "大圣村 0001",
        "大圣村 0002",
        "红旗村 0001",
        "150824999999J0001",
    ]
    assert at.results[3] == "不能办：机电井里没有这个编号。"
    at.dialog.add_text("150824101200J0001")
    assert len(at.dialog.model.rows) == 4


def test_permits_are_renewed_together_cut_by_a_part_and_one_by_its_own_figure(
    clerk: Any, workspace: Workspace
) -> None:
    permits = found(workspace, "permits", "1", 5)
    at = clerk("renew", permits).say(years="3", cut_percent="10").type(1, "permitted_volume_m3", "2")
    assert at.results[0] == "至 2029-12-31，4.5 万m³"
    assert at.results[1] == "至 2029-12-31，2 万m³"
    assert at.button == "延续这 5 本许可证"
    assert "许可水量共 26 → 20.81 万m³" in at.dialog.effect.text().replace(" 万m³ →", " →")
    at.dialog.do()
    terms_ = cells(workspace, "permits", "valid_from, valid_to, permitted_volume_m3", permits)
    assert terms_[0] == ("2027-01-01", "2029-12-31", 45_000)
    assert terms_[1] == ("2027-01-01", "2029-12-31", 20_000)
    assert workspace.reader.execute("SELECT COUNT(*) FROM permit_versions").fetchone() == (5,)


def test_a_column_from_excel_goes_down_the_rows(clerk: Any, in_use: list[str]) -> None:
    at = clerk("close", in_use).say(method="封填")
    model, table = at.dialog.model, at.dialog.table
    table.setCurrentIndex(model.index(0, model.first_each))
    QGuiApplication.clipboard().setText("1.5\r\n2万\r\n")
    table._paste(QGuiApplication.clipboard().text())
    assert [row.typed.get("reduced_volume_m3") for row in model.rows] == ["1.5", "2", None]
    assert model.values()[in_use[1]] == {"reduced_volume_m3": 20_000}


def test_a_wrong_figure_in_the_grid_keeps_only_its_own_record_out(
    clerk: Any, in_use: list[str], workspace: Workspace
) -> None:
    at = clerk("close", in_use).say(method="封填").type(1, "reduced_volume_m3", "一些")
    assert at.results[1].startswith("不能办：")
    assert at.button == "封填这 2 眼井"
    at.dialog.do()
    assert cells(workspace, "points", "status", in_use) == [("已封填",), ("在用",), ("已封填",)]


def test_a_permit_is_issued_for_wells_with_their_shares(
    clerk: Any, window: MainWindow, workspace: Workspace
) -> None:
    free = found(workspace, "wells", "permit_uid IS NULL AND status = '在用'", 2)
    bound = found(workspace, "wells", "permit_uid IS NOT NULL AND status = '在用'", 1)
    at = clerk("issue", [*free, *bound]).say(
        number="d150824g2025-0901",
        holder="新民农业合作社",
        valid_from="2025.10.1",
        valid_to="2030.9.30",
        permitted_volume_m3="5",
    )
    at.type(0, "share_m3", "2")
    assert at.results[2].startswith("不能办：已在许可证 D150824G2021-0002 名下")
    assert at.dialog.effect.text().startswith("有效取水许可 +1，许可水量 5 万m³；2 眼（处）归到证下")
    at.dialog.do()
    permit = cells(workspace, "points", "permit_uid, permitted_volume_m3", free)
    assert permit[0][1] == 20_000
    assert {uid for uid, _ in permit} == {at.dialog.result_.done[0]}
    assert window.current_key == "permits"
    assert window.page("permits").pane.uid == permit[0][0]  # type: ignore[attr-defined]


def test_shares_beyond_the_permit_are_a_problem_of_the_permit(clerk: Any, workspace: Workspace) -> None:
    free = found(workspace, "wells", "permit_uid IS NULL AND status = '在用'", 1)
    at = clerk("issue", free).say(
        number="D150824G2025-0902",
        holder="新民农业合作社",
        valid_from="2025-10-01",
        valid_to="2030-09-30",
        permitted_volume_m3="5",
    )
    at.type(0, "share_m3", "6")
    assert "各井分配合计 6 万m³，超过许可水量 5 万m³" in at.dialog.said.text()
    assert not at.dialog.go.isEnabled()


def test_a_new_holder_is_said_to_be_entered_with_the_act(clerk: Any, workspace: Workspace) -> None:
    at = clerk("transfer", found(workspace, "permits", "1", 1)).say(holder="新民农业合作社")
    assert at.dialog.fields.fields["holder"].message == "取用水户里还没有“新民农业合作社”，办理时一起登记。"
    at.dialog.do()
    names = workspace.reader.execute("SELECT name FROM water_users WHERE name LIKE '新民%'").fetchall()
    assert names == [("新民农业合作社",)]


def test_the_three_endings_of_a_permit_name_their_button(clerk: Any, workspace: Workspace) -> None:
    at = clerk("cancel", found(workspace, "permits", "1", 1))
    at.say(status=terms.REVOKED, ended_because="违法取水")
    assert at.button == "吊销这本许可证"
    assert at.results == ["不能办：吊销要有决定文书，请填写文号。"]
    at.say(document="乌水罚〔2025〕3号")
    assert at.results == ["→ 吊销"]


def test_what_a_record_says_today_stands_in_the_empty_fields_of_a_change(
    clerk: Any, workspace: Workspace
) -> None:
    at = clerk("change", found(workspace, "permits", "1", 1))
    assert at.dialog.fields.fields["permitted_volume_m3"].editor.placeholderText() == "现为 5"
    at.say(permitted_volume_m3="4")
    assert at.results == ["5 万m³ → 4 万m³"]


def test_enter_goes_to_the_next_field_and_ctrl_enter_does_it(
    clerk: Any, in_use: list[str], qtbot: Any
) -> None:
    at = clerk("stop", in_use).say(reason="设备损坏")
    at.dialog.activateWindow()
    qtbot.waitUntil(at.dialog.isActiveWindow)
    first = at.dialog.fields.fields["happened_on"].editor
    first.setFocus()
    qtbot.keyClick(first, Qt.Key.Key_Return)
    assert at.dialog.result_ is None
    qtbot.keyClick(at.dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert at.dialog.result_ is not None


def test_leaving_asks_once_where_something_was_filled_in(clerk: Any, in_use: list[str], dialogs: Any) -> None:
    at = clerk("stop", in_use)
    at.dialog.reject()
    assert not at.dialog.isVisible()
    again = clerk("stop", in_use).say(reason="设备损坏")
    dialogs.expect_button("返回")
    again.dialog.reject()
    assert again.dialog.isVisible()
    dialogs.expect_button("不办了")
    again.dialog.reject()
    assert not again.dialog.isVisible()


def test_who_may_only_read_is_told_so(window: MainWindow, in_use: list[str], dialogs: Any) -> None:
    window.context.workspace.operator = Operator("孙敏", "只读")
    dialogs.expect_button("知道了")
    assert open_act("stop", window.context, LEDGERS["wells"], in_use) is None
    assert "只读" in dialogs.seen[0]


def test_the_page_offers_the_acts_of_its_ledger_with_the_chosen_rows(
    page: LedgerPage, window: MainWindow, dialogs: Any
) -> None:
    seen: list[int] = []
    dialogs.expect(lambda dialog: seen.append(len(dialog.model.rows)))
    page.table.view.selectAll()
    page.run(next(act for act in window.context.extras_of(page.entity).acts if act.label == "封停处置…"))
    assert seen == [60]


def test_a_new_closure_is_an_act_and_not_a_bare_row(window: MainWindow, dialogs: Any) -> None:
    window.visit("closures")
    dialogs.expect(lambda dialog: 0)
    window.page("closures").register()  # type: ignore[attr-defined]
    assert dialogs.seen == ["封停处置"]
