"""The desk: figures with their cut-off, things to do, charts — and where each of them leads."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPointF

from ledger_app import app
from ledger_app.core.entities import LEDGERS
from ledger_app.export.report import Chart, Series
from ledger_app.services import acts, opening, session
from ledger_app.services.desk import KeyFigure
from ledger_app.services.session import Operator
from ledger_app.services.todo import Todo
from ledger_app.ui.main_window import MainWindow
from ledger_app.ui.pages.desk import DeskPage, month_to_report, with_short_months
from ledger_app.ui.pages.desk_cards import FigureCard, TodoList, figure_text
from ledger_app.ui.pages.desk_charts import is_nothing
from ledger_app.ui.theme import Theme
from ledger_app.ui.workers import InlineWorkers
from tests.ui.conftest import TODAY


@pytest.fixture
def desk(window: MainWindow) -> DeskPage:
    window.visit("desk")
    page = window.page("desk")
    assert isinstance(page, DeskPage)
    return page


def figure(**changes: Any) -> KeyFigure:
    usual = KeyFigure("projects", "节水项目完成面积", Decimal("1.5"), "万亩", TODAY, "", "projects", ("a",))
    return replace(usual, **changes)


def test_four_figures_stand_with_their_cut_off(desk: DeskPage) -> None:
    assert [card.label.text() for card in desk.figures] == [
        "现有机电井",
        "有效取水许可",
        "本年关停",
        "节水项目完成面积",
    ]
    assert {card.cut_off.text() for card in desk.figures} == {"截至9月30日"}
    assert ">6<" in desk.figures[1].value.text()


def test_a_figure_opens_its_records(desk: DeskPage, window: MainWindow) -> None:
    desk.figures[1].open("all")
    assert window.current_key == "permits"
    page: Any = window.page("permits")
    assert page.table.model.rowCount() == 6
    assert page.filters.records.text() == "有效取水许可 ×"


def test_a_smaller_number_opens_its_own_records(desk: DeskPage, window: MainWindow) -> None:
    parts = [part.label for part in desk.figures[0].figure.parts]  # type: ignore[union-attr]
    desk.figures[0].open(str(parts.index("在用")))
    page: Any = window.page("wells")
    assert page.table.model.rowCount() == 30
    assert page.filters.records.text() == "现有机电井：在用 ×"


def test_a_figure_of_nothing_leads_nowhere(desk: DeskPage, window: MainWindow) -> None:
    assert desk.figures[2].figure.uids == ()  # type: ignore[union-attr]
    desk.figures[2].open("all")
    assert window.current_key == "desk"


@pytest.mark.parametrize(
    ("rate", "whole", "green"), [("1.2", False, False), ("1.2", True, True), ("0.9", True, False)]
)
def test_a_rate_of_part_of_the_year_is_never_green(
    rate: str, whole: bool, green: bool, theme: Theme, qtbot: Any
) -> None:
    card = FigureCard(theme, lambda *_: None)
    qtbot.addWidget(card)
    card.show_figure(figure(rate=Decimal(rate), whole=whole))
    assert (theme.tokens.green in card.parts[0].text()) is green


@pytest.mark.parametrize(
    ("value", "text"), [(2835, "2835"), (12835, "12,835"), (Decimal("954.570"), "954.57"), (Decimal(0), "0")]
)
def test_figures_have_a_comma_from_ten_thousand_on(value: int | Decimal, text: str) -> None:
    assert figure_text(value) == text


def test_things_to_do_come_after_the_figures_and_open_their_records(
    desk: DeskPage, window: MainWindow, qtbot: Any
) -> None:
    assert desk.figures[0].figure is not None
    qtbot.waitUntil(lambda: desk.todo.count() > 0)
    things: list[Todo] = [desk.todo.item(i).data(256) for i in range(desk.todo.count())]
    assert things
    assert desk.todo_said.text() == f"{len(things)} 件"
    desk.todo.open(desk.todo.item(0))
    page: Any = window.page(things[0].ledger)
    assert window.current_key == things[0].ledger
    assert page.table.model.rowCount() == len(things[0].uids)


def test_when_a_thing_is_due_is_said_in_days(theme: Theme, qtbot: Any) -> None:
    listed = TodoList(theme, lambda *_: None, TODAY)
    qtbot.addWidget(listed)
    painter: Any = listed.itemDelegate()
    due = Todo("许可延续", "", date(2025, 11, 8), "permits", ())
    assert painter.when(due) == "还有 39 天"
    assert painter.when(replace(due, when=date(2025, 9, 10))) == "已过 20 天"
    assert painter.when(replace(due, when=None)) == ""
    assert (painter.tone(due), painter.tone(replace(due, when=date(2025, 9, 10)))) == ("amber", "red")


def test_a_bar_opens_its_records(desk: DeskPage, window: MainWindow, qtbot: Any) -> None:
    picture = desk.charts[0]
    qtbot.waitUntil(lambda: picture._drawn is not None)
    drawn = picture._drawn
    assert drawn is not None
    bar = next(p for p in drawn.figure.axes[0].patches if p.get_gid() == "0:0")
    x, y = bar.get_transform().transform(bar.get_path().vertices.mean(axis=0))
    area = picture._area()
    at = QPointF(
        area.left() + x * area.width() / drawn.image.width(),
        area.bottom() - y * area.height() / drawn.image.height(),
    )
    uids = picture.records_at(at)
    assert uids == picture.chart.series[0].ids[0]  # type: ignore[union-attr]
    desk.open_bar(picture.chart, uids)  # type: ignore[arg-type]
    assert window.current_key == "wells"


def test_the_report_button_asks_for_the_month_that_is_due(desk: DeskPage, window: MainWindow) -> None:
    assert month_to_report(date(2025, 9, 30)) == "2025-09"
    assert month_to_report(date(2025, 10, 5)) == "2025-09"
    assert month_to_report(date(2026, 1, 3)) == "2025-12"
    desk.make_report()
    assert window.current_key == "reports"
    assert window.page("reports").period.currentData() == "2025-09"  # type: ignore[attr-defined]


def test_an_act_elsewhere_shows_when_one_comes_back(desk: DeskPage, window: MainWindow) -> None:
    before = desk.figures[0].figure.value  # type: ignore[union-attr]
    window.visit("wells")
    workspace = window.context.workspace
    uid = window.page("wells").table.model.row(0)["_id"]  # type: ignore[attr-defined]
    facts = {"method": "封填", "closed_on": "2025-09-01"}
    window.context.workers.write(
        lambda store: acts.perform(store, "close", [uid], facts, who="王娜", today=workspace.today())
    )
    assert desk.figures[0].figure.value == before  # type: ignore[union-attr]
    window.visit("desk")
    assert desk.figures[0].figure.value == before - 1  # type: ignore[union-attr]


def test_a_chart_of_zeros_is_a_sentence(desk: DeskPage) -> None:
    chart = desk.charts[1].chart
    assert chart is not None
    assert is_nothing(chart)
    assert not is_nothing(desk.charts[0].chart)  # type: ignore[arg-type]


def test_months_of_one_year_are_said_shortly() -> None:
    chart = Chart("bar", "关停", "眼", ("2025-01", "2025-02"), (Series("当月", (1, 2)),))
    assert with_short_months(chart).categories == ("1月", "2月")
    over = replace(chart, categories=("2024-12", "2025-01"))
    assert with_short_months(over).categories == ("2024-12", "2025-01")


@pytest.fixture
def empty_window(tmp_path: Path, theme: Theme, settings: Any, qtbot: Any) -> Iterator[MainWindow]:
    path = tmp_path / "新旗.ledger"
    opening.create_ledger(
        path, LEDGERS, county_code="150824", county_name="新旗", bureau="新旗水利局", who="王娜"
    )
    workspace = session.open_workspace(path, LEDGERS, lambda: TODAY)
    workspace.operator = Operator("王娜", "经办")
    window = app.make_window(workspace, theme, settings, InlineWorkers)
    window.show()
    yield window
    window.close()
    window.end()
    window.deleteLater()


def test_an_empty_ledger_says_the_first_steps(empty_window: MainWindow) -> None:
    empty_window.visit("desk")
    desk: Any = empty_window.page("desk")
    assert desk.stack.currentWidget() is desk.first
    desk.first.go("wells")
    assert empty_window.current_key == "wells"
    assert empty_window.page("wells").pane.editing  # type: ignore[attr-defined]
    empty_window.page("wells").pane.leave_form()  # type: ignore[attr-defined]


def test_the_desk_is_made_without_loading_what_draws_its_charts() -> None:
    program = (
        "import sys, ledger_app.ui.pages.desk; print('matplotlib' in sys.modules, 'numpy' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["False", "False"]
