"""A report's tables on the screen: every row opens the records behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from time import monotonic

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLabel,
    QScrollArea,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ledger_app.export.report import Paragraph, Report, Row, Table, show
from ledger_app.ui.theme import role

Opened = Callable[[tuple[str, ...], str], object]
ROW_PX = 30
AT_ONCE_S = 0.01


class ReportTables(QScrollArea):
    """All tables of a report, one under the other. `opened(uids, said)` is called for a row."""

    def __init__(self, opened: Opened) -> None:
        super().__init__()
        self._opened = opened
        self.setWidgetResizable(True)
        self.tables: list[QTableWidget] = []
        self._pieces: Iterator[QWidget] = iter(())

    def show_report(self, report: Report) -> None:
        body = QWidget()
        role(body, "card")
        column = QVBoxLayout(body)
        column.setContentsMargins(16, 12, 16, 16)
        column.setSpacing(8)
        self.setWidget(body)
        self.tables = []
        self._pieces = self._made(report)
        self._add(self._pieces, column)

    def _add(self, pieces: Iterator[QWidget], column: QVBoxLayout) -> None:
        """A long report has dozens of tables: some at a time, so that the window answers in between."""
        if pieces is not self._pieces:
            return
        begun = monotonic()
        for piece in pieces:
            column.addWidget(piece)
            if monotonic() - begun > AT_ONCE_S:
                QTimer.singleShot(0, self, lambda: self._add(pieces, column))
                return
        column.addStretch(1)

    def _made(self, report: Report) -> Iterator[QWidget]:
        hint = QLabel("双击一行（或按回车），打开这一行数字背后的记录。")
        role(hint, "muted")
        yield hint
        for section in report.sections:
            if section.title:
                yield _heading(section.title)
            for part in section.parts:
                if isinstance(part, Table):
                    if part.title:
                        yield _heading(part.title)
                    yield self._table(part, report)
                elif isinstance(part, Paragraph):
                    said = QLabel(part.text)
                    said.setWordWrap(True)
                    yield said

    def _table(self, table: Table, report: Report) -> QTableWidget:
        widget = QTableWidget(len(table.rows), len(table.columns))
        widget.setHorizontalHeaderLabels(["·".join((*c.group, c.head)) for c in table.columns])
        widget.verticalHeader().hide()
        widget.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        widget.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        widget.setShowGrid(False)
        widget.setAlternatingRowColors(True)
        for r, row in enumerate(table.rows):
            self._fill(widget, r, row, table, report)
        widget.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        widget.horizontalHeader().setStretchLastSection(True)
        widget.verticalHeader().setDefaultSectionSize(ROW_PX)
        widget.setFixedHeight(ROW_PX * len(table.rows) + widget.horizontalHeader().sizeHint().height() + 20)
        widget.activated.connect(lambda index, t=table: self._open(t, index.row()))
        self.tables.append(widget)
        return widget

    def _fill(self, widget: QTableWidget, r: int, row: Row, table: Table, report: Report) -> None:
        for c, column in enumerate(table.columns):
            item = QTableWidgetItem(show(row.values.get(column.name), column, report.rounding))
            if column.is_number:
                item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            if row.kind != "row":
                font = item.font()
                font.setBold(True)
                item.setFont(font)
            widget.setItem(r, c, item)

    def _open(self, table: Table, r: int) -> None:
        row = table.rows[r]
        first = next(iter(row.values.values()), "")
        self._opened(row.ids, f"{table.title} {first}".strip())


def _heading(text: str) -> QLabel:
    label = QLabel(text)
    role(label, "subtitle")
    return label
