"""The form as a sheet of paper: merges, widths and type as it came, the proposal in its cells."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QBrush, QColor, QFont
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem

from ledger_app.services.form_picture import Picture, PictureCell
from ledger_app.ui.theme import Theme

PLACE: Final = Qt.ItemDataRole.UserRole
LEAST_WIDTH: Final = 12
PAPER, INK, FAINT = "#ffffff", "#1f2a37", "#8a97a8"  # a form is paper, also where the window is dark
_ACROSS: Final = {
    "left": Qt.AlignmentFlag.AlignLeft,
    "right": Qt.AlignmentFlag.AlignRight,
    "center": Qt.AlignmentFlag.AlignHCenter,
    "centerContinuous": Qt.AlignmentFlag.AlignHCenter,
}
_DOWN: Final = {
    "top": Qt.AlignmentFlag.AlignTop,
    "bottom": Qt.AlignmentFlag.AlignBottom,
    "center": Qt.AlignmentFlag.AlignVCenter,
}
_POINTS: Final = 0.95  # of the paper's type on the screen


class FormGrid(QTableWidget):
    """`column_pointed`: a column (from 0) was clicked; `written`: the clerk wrote into a cell of the form."""

    column_pointed = Signal(int)
    written = Signal(int, int, str)  # row and column of the form from 1, text

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._showing = False
        self._scale = 1.0
        self._picture: Picture | None = None
        self.setAccessibleName("表格")
        self.setWordWrap(True)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked | QAbstractItemView.EditTrigger.EditKeyPressed
        )
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setStyleSheet(
            f"QTableView {{ background: {theme.tokens.page}; gridline-color: {theme.tokens.line}; }}"
            "QHeaderView::section { padding: 1px 4px; font-weight: normal; }"
        )
        for header in (self.horizontalHeader(), self.verticalHeader()):
            header.setMinimumSectionSize(12)
            header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.cellClicked.connect(lambda _row, column: self.column_pointed.emit(column))
        self.horizontalHeader().sectionClicked.connect(self.column_pointed)
        self.itemChanged.connect(self._was_written)

    def zoom(self, percent: int) -> None:
        """Show the paper larger or smaller."""
        self._scale = percent / 100
        if self._picture is not None:
            self.show_picture(self._picture)

    def show_picture(self, picture: Picture) -> None:
        self._showing = True
        self._picture = picture
        self.clearSpans()
        self.clear()
        self.setRowCount(len(picture.heights))
        self.setColumnCount(len(picture.widths))
        self.setHorizontalHeaderLabels(list(picture.letters))
        self.setVerticalHeaderLabels(list(picture.row_names))
        for column, width in enumerate(picture.widths):
            self.setColumnWidth(column, max(LEAST_WIDTH, round(width * self._scale)))
        for row, height in enumerate(picture.heights):
            self.setRowHeight(row, round(height * self._scale))
        for (row, column), cell in picture.cells.items():
            self.setItem(row, column, self._item(cell))
            if cell.rows > 1 or cell.columns > 1:
                self.setSpan(row, column, cell.rows, cell.columns)
        self._showing = False

    def _item(self, cell: PictureCell) -> QTableWidgetItem:
        item = QTableWidgetItem(cell.text)
        item.setData(PLACE, cell.place)
        item.setToolTip(cell.text)
        item.setForeground(QColor(_ink(cell)))
        item.setBackground(QBrush(self._paper(cell)))
        font = QFont(self.font())
        font.setPointSizeF(max(5.0, cell.look.points * _POINTS * self._scale))
        font.setBold(cell.look.bold)
        item.setFont(font)
        across = _ACROSS.get(cell.look.across, Qt.AlignmentFlag.AlignLeft)
        item.setTextAlignment(across | _DOWN.get(cell.look.down, Qt.AlignmentFlag.AlignVCenter))
        if cell.place == (0, 0) or cell.kind == "formula":
            item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsEditable)
        return item

    def _paper(self, cell: PictureCell) -> QColor:
        if cell.kind == "fixed":
            return QColor("#fff4cc")
        if cell.kind == "record":
            return QColor("#eaf2fe")
        return QColor(f"#{cell.look.fill}") if cell.look.fill else QColor(PAPER)

    def _was_written(self, item: QTableWidgetItem) -> None:
        place = item.data(PLACE)
        if not self._showing and place and tuple(place) != (0, 0):
            self.written.emit(place[0], place[1], item.text())


def _ink(cell: PictureCell) -> str:
    if cell.kind in {"formula", "more"}:
        return FAINT
    return f"#{cell.look.colour}" if cell.look.colour else INK
