"""The findings page: rules with counts, the way to the record, and reasons."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt

from ledger_app.core.entities import LEDGERS
from ledger_app.db.store import ActInfo
from ledger_app.services.session import NOBODY
from ledger_app.ui.ledger_page import LedgerPage
from ledger_app.ui.main_window import MainWindow
from ledger_app.ui.pages.findings import FindingsPage
from ledger_app.ui.places import Target


@pytest.fixture
def page(window: MainWindow) -> FindingsPage:
    window.visit("findings")
    page = window.page("findings")
    assert isinstance(page, FindingsPage)
    assert page.found
    return page


def rules(page: FindingsPage) -> dict[str, str]:
    lines = page.rules.lines
    return {str(lines.index(r, 0).data()): str(lines.index(r, 1).data()) for r in range(lines.rowCount())}


def line(page: FindingsPage, row: int) -> list[str]:
    return [str(page.table.lines.index(row, c).data() or "") for c in range(3)]


def test_findings_are_grouped_by_rule_with_how_many_are_open(page: FindingsPage) -> None:
    counted = rules(page)
    assert int(counted.pop("全部").replace(",", "")) == sum(map(int, counted.values())) == len(page.found)
    assert page.head.said.text() == f"{len(page.found)} 条要看"
    page.rules.go_to(1)
    first = next(iter(counted))
    assert page.table.lines.rowCount() == int(counted[first])
    assert line(page, 0)[1] == page.found[0].text


def test_enter_goes_to_the_record_and_several_are_shown_together(
    page: FindingsPage, window: MainWindow, qtbot: Any
) -> None:
    found = page.found[0]
    page.table.go_to(0)
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    assert window.current_key == found.ledger
    ledger = window.page(found.ledger)
    assert isinstance(ledger, LedgerPage)
    assert ledger.pane.uid == found.uid
    window.visit("findings")
    page.rules.go_to(1)
    page.table.selectAll()
    chosen = page.chosen()
    page.pane.view.click()
    same = {f.uid for f in chosen if f.ledger == chosen[0].ledger}
    shown = window.page(chosen[0].ledger)
    assert isinstance(shown, LedgerPage)
    assert shown.table.model.rowCount() == len(same)


def test_a_reason_turns_a_finding_grey_and_is_kept_with_its_document(
    page: FindingsPage, window: MainWindow
) -> None:
    before = len(page.found)
    found = page.found[0]
    page.table.go_to(0)
    assert not page.pane.explain.isEnabled()
    page.pane.reason.setPlainText("抗旱应急取水")
    page.pane.document.setText("示水发〔2025〕3号")
    page.pane.explain.click()
    assert page.head.said.text() == f"{before - 1} 条要看，另有 1 条已说明"
    assert found.uid not in [f.uid for f in page._lines if f.rule == found.rule]
    page.explained.setChecked(True)
    last = page.table.lines.rowCount() - 1
    assert line(page, last)[0] == "已说明"
    assert page.table.lines.cell(last, 1).tone == "muted"
    page.table.go_to(last)
    assert page.pane.kept.text() == "已说明：抗旱应急取水"
    [row] = window.context.workspace.writer.rows(LEDGERS["finding_reasons"])
    assert (row["record_uid"], row["document"]) == (found.uid, "示水发〔2025〕3号")


def test_one_reason_can_stand_for_all_that_are_chosen(page: FindingsPage) -> None:
    page.rules.go_to(1)
    count = page.table.lines.rowCount()
    page.table.selectAll()
    page.pane.reason.setPlainText("都核实过")
    page.pane.explain.click()
    assert sum(f.reason == "都核实过" for f in page.found) == count


def test_searching_narrows_the_list(page: FindingsPage) -> None:
    word = page.found[-1].text[:12]
    page.search.setText(word)
    page.show_lines()
    assert 0 < page.table.lines.rowCount() < len(page.found)
    page.search.setText("没有这样的话")
    page.show_lines()
    assert page.table.empty.text() == "没有符合条件的问题。"
    assert page.pane.view.isHidden()


def test_the_list_is_computed_again_after_an_act(page: FindingsPage, window: MainWindow) -> None:
    store, before = window.context.workspace.writer, len(page.found)
    with store.act(ActInfo("register", "王娜")) as act:
        act.insert(LEDGERS["wells"], {"code": "150824101200J0099", "status": "在用", "use": "工业"})
    window.context.workers.changed.emit(frozenset(act.changed))
    assert len(page.found) > before


def test_a_rule_can_be_asked_for_from_elsewhere(window: MainWindow, page: FindingsPage) -> None:
    rule = page.found[-1].rule
    window.visit("findings", Target(said=rule))
    assert {f.rule for f in page._lines} == {rule}


def test_who_may_only_read_can_give_no_reason(page: FindingsPage, window: MainWindow) -> None:
    window.context.workspace.operator = NOBODY
    page.operator_changed()
    assert not page.pane.reason.isEnabled()
    assert page.pane.view.isEnabled()
