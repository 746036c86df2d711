"""工作台: four key figures, what is to be done, two charts of the report's own numbers; everything is a link."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from ledger_app.db.queries.whose import ledger_of
from ledger_app.export.report import Chart
from ledger_app.services import desk, todo
from ledger_app.services.desk import Desk
from ledger_app.services.todo import Todo
from ledger_app.ui.page_head import PageHead
from ledger_app.ui.pages.desk_cards import FigureCard, TodoList
from ledger_app.ui.pages.desk_charts import ChartPicture
from ledger_app.ui.pages.desk_first_steps import FirstSteps
from ledger_app.ui.pages.desk_search import DeskSearch
from ledger_app.ui.places import Page, PageContext, Target
from ledger_app.ui.theme import role

FIGURES: Final = 4
CHARTS: Final = 2
AFTER_CHARTS_MS: Final = 40  # so that they are first with the long reader
_MONTH: Final = re.compile(r"(\d{4})-(\d{2})")
MONTH_IS_OVER: Final = 20  # from this day on the report of this month is what one makes


class DeskPage(Page):
    """Asks again when it comes to the front and something has changed meanwhile."""

    ledgers = frozenset(
        {"wells", "intakes", "permits", "closures", "projects", "regions", "parameters", "finding_reasons"}
    )

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self.context = context
        self._stale = True
        self._after_charts = QTimer(self)
        self._after_charts.setSingleShot(True)
        self._after_charts.timeout.connect(self.ask_things)
        today = context.workspace.today()
        self.head = PageHead("工作台")
        self.figures = [FigureCard(context.theme, context.navigate) for _ in range(FIGURES)]
        self.todo = TodoList(context.theme, context.navigate, today)
        self.todo_said = QLabel("正在核查……")
        self.charts = [ChartPicture(context, self.open_bar) for _ in range(CHARTS)]
        self.first = FirstSteps(context)
        self.stack = QStackedWidget()
        self._lay_out()
        self.head.say(f"{today.year}年{today.month}月 · 截至{today.month}月{today.day}日")

    # ---- what is shown -----------------------------------------------------------------------

    def entered(self) -> None:
        if self._stale:
            self.ask()

    def refresh(self) -> None:
        """Behind another page it waits until it is looked at."""
        self._stale = True
        if self.isVisible():
            self.ask()

    def ask(self) -> None:
        """Figures first, then the charts, then what every record has to be looked at for."""
        self._stale = False
        today = self.context.workspace.today()
        self.context.workers.read_long(
            "汇总工作台", lambda conn, _: desk.desk(conn, today), self.show_desk, self._failed
        )

    def ask_things(self) -> None:
        if not self.isVisible():
            self._stale = True
            return
        today, registry = self.context.workspace.today(), self.context.registry
        self.context.workers.read_long(
            "核查台账", lambda conn, _: todo.things_to_do(conn, registry, today), self.show_things
        )

    def _failed(self, error: BaseException) -> None:
        """Asked again when one comes back."""
        self._stale = True
        self.context.messages.failed(error)

    def show_desk(self, found: Desk) -> None:
        empty = not any(figure.uids for figure in found.figures)
        self.stack.setCurrentWidget(self.first if empty else self.board)
        for card, figure in zip(self.figures, found.figures, strict=False):
            card.show_figure(figure)
        for picture, chart in zip(self.charts, found.charts, strict=False):
            picture.show_chart(with_short_months(chart))
        self._after_charts.start(AFTER_CHARTS_MS)

    def show_things(self, things: list[Todo]) -> None:
        self.todo.show_things(things)
        self.todo_said.setText(f"{len(things)} 件" if things else "现在没有要办的事。")

    # ---- where it leads ----------------------------------------------------------------------

    def open_bar(self, chart: Chart, uids: tuple[str, ...]) -> None:
        entity = ledger_of(self.context.workspace.screen, self.context.registry, uids)
        if entity:
            self.context.navigate(entity.name, Target(uids=uids, said=chart.title))

    def make_report(self) -> None:
        self.context.navigate("reports", Target(said=month_to_report(self.context.workspace.today())))

    # ---- making ------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        self.head.add(DeskSearch(self.context))
        self.head.add_button("生成月报", primary=True).clicked.connect(self.make_report)
        self.board = self._board()
        self.stack.addWidget(self.board)
        self.stack.addWidget(self.first)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.head)
        column.addWidget(self.stack, 1)

    def _board(self) -> QWidget:
        cards = QHBoxLayout()
        cards.setSpacing(12)
        for card in self.figures:
            cards.addWidget(card, 1)
        board = QWidget()
        grid = QGridLayout(board)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(12)
        grid.addLayout(cards, 0, 0, 1, 2)
        grid.addWidget(self._todo_card(), 1, 0)
        grid.addWidget(self.charts[1], 1, 1)
        grid.addWidget(self.charts[0], 2, 0, 1, 2)
        grid.setColumnStretch(0, 66)
        grid.setColumnStretch(1, 34)
        grid.setRowStretch(1, 56)
        grid.setRowStretch(2, 44)
        return board

    def _link_to_findings(self) -> QPushButton:
        link = QPushButton("全部核查结果 ›")
        role(link, "link")
        link.clicked.connect(lambda _checked: self.context.navigate("findings", None))
        return link

    def _todo_card(self) -> QFrame:
        card = QFrame()
        role(card, "card")
        heading = QLabel("要办的事")
        role(heading, "heading")
        role(self.todo_said, "muted")
        top = QHBoxLayout()
        top.setContentsMargins(8, 0, 8, 0)
        top.addWidget(heading)
        top.addWidget(self.todo_said)
        top.addStretch()
        top.addWidget(self._link_to_findings())
        column = QVBoxLayout(card)
        column.setContentsMargins(8, 12, 8, 8)
        column.setSpacing(6)
        column.addLayout(top)
        column.addWidget(self.todo, 1, Qt.AlignmentFlag(0))
        return card


def with_short_months(chart: Chart) -> Chart:
    """2025-01 … 2025-09 are 1月 … 9月 where they are of one year: the cut-off names it."""
    months = [_MONTH.fullmatch(category) for category in chart.categories]
    if not all(months) or len({m[1] for m in months if m}) != 1:
        return chart
    return replace(chart, categories=tuple(f"{int(m[2])}月" for m in months if m))


def month_to_report(today: date) -> str:
    """The month one reports on: this one towards its end, before that the last."""
    months = today.year * 12 + today.month - 1 - (today.day < MONTH_IS_OVER)
    year, month = divmod(months, 12)
    return f"{year}-{month + 1:02d}"
