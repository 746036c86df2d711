"""What each column of a form is filled with: its heading, a choice of fields, the unit it is written in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QAbstractItemView, QComboBox, QHeaderView, QTableWidget, QTableWidgetItem

from ledger_app.services.filling_words import FormColumn
from ledger_app.ui.theme import Theme

LETTER, HEADING, FIELD, UNIT = range(4)
_WIDTHS: Final = {LETTER: 34, FIELD: 132, UNIT: 52}


class FieldChoice(QComboBox):
    """A field of the ledger; the wheel never changes it."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class ColumnsPane(QTableWidget):
    """`chosen`: the clerk has given a column (its letter) another field, or none."""

    chosen = Signal(str, str)

    def __init__(self, theme: Theme) -> None:
        super().__init__(0, 4)
        self._theme = theme
        self._columns: Sequence[FormColumn] = ()
        self.setAccessibleName("各列填什么")
        self.setHorizontalHeaderLabels(["列", "表头", "填什么", "单位"])
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(32)
        self.setShowGrid(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        head = self.horizontalHeader()
        head.setSectionResizeMode(HEADING, QHeaderView.ResizeMode.Stretch)
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for column, width in _WIDTHS.items():
            head.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
            self.setColumnWidth(column, width)

    def show_columns(self, columns: Sequence[FormColumn], fields: Sequence[tuple[str, str]]) -> None:
        self._columns = columns
        self.setRowCount(len(columns))
        for row, column in enumerate(columns):
            for place, text in ((LETTER, column.letter), (HEADING, column.heading), (UNIT, column.unit)):
                item = QTableWidgetItem(text)
                item.setToolTip(text)
                if column.kind == "open":
                    item.setForeground(self._theme.colour("amber"))
                self.setItem(row, place, item)
            self.removeCellWidget(row, FIELD)
            if column.said:
                self.setItem(row, FIELD, QTableWidgetItem(column.said))
            else:
                self.setItem(row, FIELD, QTableWidgetItem())
                self.setCellWidget(row, FIELD, self._choice(column, fields))

    def point_at(self, index: int) -> None:
        """Show the line of a column of the sheet (from 0)."""
        for row, column in enumerate(self._columns):
            if column.index == index:
                self.selectRow(row)
                self.scrollToItem(self.item(row, LETTER))

    def choice_of(self, letter: str) -> QComboBox | None:
        row = next((n for n, column in enumerate(self._columns) if column.letter == letter), -1)
        widget = self.cellWidget(row, FIELD) if row >= 0 else None
        return widget if isinstance(widget, QComboBox) else None

    def _choice(self, column: FormColumn, fields: Sequence[tuple[str, str]]) -> FieldChoice:
        choice = FieldChoice()
        for name, label in fields:
            choice.addItem(label, name)
        choice.setCurrentIndex(max(choice.findData(column.field), 0))
        choice.setAccessibleName(f"{column.heading}填什么")
        choice.activated.connect(lambda _index: self.chosen.emit(column.letter, str(choice.currentData())))
        return choice
