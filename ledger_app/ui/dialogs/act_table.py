"""The grid of an act: cells that can be filled in look so, refusals stand in red words beside their record."""

from __future__ import annotations

from typing import Any, Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QGuiApplication, QKeyEvent, QKeySequence, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QTableView,
    QWidget,
)

from ledger_app.ui.clipboard import pasted
from ledger_app.ui.dialogs.act_rows import ActRowsModel
from ledger_app.ui.theme import Theme

ROW_HEIGHT: Final = 30
HEAD_HEIGHT: Final = 34
PAD: Final = 8
LINE: Final = 18
EDGES: Final = 8
RESULT_WIDTH: Final = 240
EACH_WIDTH: Final = 116
WRAPPED: Final = int(
    Qt.AlignmentFlag.AlignLeft
    | Qt.AlignmentFlag.AlignVCenter
    | Qt.TextFlag.TextWordWrap
    | Qt.TextFlag.TextWrapAnywhere
)
LEAD_WIDTH: Final = 170
Index = QModelIndex | QPersistentModelIndex


class ActCells(QStyledItemDelegate):
    """Paints the cells; a cell to be filled in has a frame."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def paint(self, painter: QPainter, option: Any, index: Index) -> None:
        model = index.model()
        if not isinstance(model, ActRowsModel):
            return
        rect = option.rect
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        stripe = "stripe" if index.row() % 2 else "card"
        painter.fillRect(rect, self._theme.colour("selection" if selected else stripe))
        if model.is_each(index.column()):
            painter.setPen(self._theme.colour("blue" if model.is_typed(index) else "line"))
            painter.fillRect(rect.adjusted(2, 3, -3, -4), self._theme.colour("field"))
            painter.drawRect(rect.adjusted(2, 3, -3, -4))
        self._write(painter, option, model, index)

    def _write(self, painter: QPainter, option: Any, model: ActRowsModel, index: Index) -> None:
        inner = option.rect.adjusted(PAD, 0, -PAD, 0)
        text = str(index.data() or "")
        painter.setPen(self._theme.colour(self._ink(model, index)))
        painter.setFont(option.font)
        if index.column() == model.columnCount() - 1:
            painter.drawText(inner, WRAPPED, text)
            return
        text = option.fontMetrics.elidedText(text, Qt.TextElideMode.ElideRight, inner.width())
        side = index.data(Qt.ItemDataRole.TextAlignmentRole) or int(
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        )
        painter.drawText(inner, side, text)

    def _ink(self, model: ActRowsModel, index: Index) -> str:
        if index.column() == model.columnCount() - 1:
            return "red" if model.is_refused(index.row()) else "muted"
        if model.is_each(index.column()) and not model.is_typed(index):
            return "muted"
        return "ink"

    def sizeHint(self, option: Any, index: Index) -> QSize:
        return QSize(super().sizeHint(option, index).width() + 2 * PAD, ROW_HEIGHT)


class ActHead(QHeaderView):
    """Column heads in the house style."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._theme = theme
        self.setFixedHeight(HEAD_HEIGHT)
        self.setMinimumSectionSize(56)

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        painter.save()
        painter.fillRect(rect, self._theme.colour("head"))
        bold = self.font()
        bold.setBold(True)
        painter.setFont(bold)
        painter.setPen(self._theme.colour("ink"))
        inner = rect.adjusted(PAD, 0, -PAD, 0)
        words = QFontMetrics(bold).elidedText(
            str(self.model().headerData(section, Qt.Orientation.Horizontal, Qt.ItemDataRole.DisplayRole)),
            Qt.TextElideMode.ElideRight,
            inner.width(),
        )
        model = self.model()
        shown = model.columns[section] if isinstance(model, ActRowsModel) else None
        right = shown is not None and shown.numeric
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        painter.drawText(inner, int(side | Qt.AlignmentFlag.AlignVCenter), words)
        painter.restore()


class ActTable(QTableView):
    """Type into the framed cells, Enter goes down; Ctrl+V pastes a column; Del empties a cell or takes the
    chosen records out of the act."""

    removed = Signal(list)
    pasted_codes = Signal(str)

    def __init__(self, theme: Theme, model: ActRowsModel) -> None:
        super().__init__()
        self.setHorizontalHeader(ActHead(theme, self))
        self.setItemDelegate(ActCells(theme, self))
        self._rows = model
        self.setModel(model)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(QAbstractItemView.EditTrigger.AllEditTriggers)
        heads = self.verticalHeader()
        heads.setVisible(False)
        heads.setMinimumSectionSize(ROW_HEIGHT)
        heads.setDefaultSectionSize(ROW_HEIGHT)
        model.modelReset.connect(self.fit)
        self.setAccessibleName("要办的记录")

    def fit(self) -> None:
        """Widths by kind; the result takes what is left."""
        columns = self._rows.columns
        for place, shown in enumerate(columns[:-1]):
            wide = shown.width if shown else RESULT_WIDTH
            least = EACH_WIDTH if self._rows.is_each(place) else LEAD_WIDTH if place == 0 else 0
            self.setColumnWidth(place, max(wide, least))
        used = sum(self.columnWidth(place) for place in range(len(columns) - 1))
        rest = self.viewport().width() - used
        self.setColumnWidth(len(columns) - 1, max(RESULT_WIDTH, rest))

    def fit_rows(self) -> None:
        """A row is as tall as its refusal needs: a reason nobody can read is none."""
        room = QRect(0, 0, self.columnWidth(len(self._rows.columns) - 1) - 2 * PAD, 400)
        for place, row in enumerate(self._rows.rows):
            text = self._rows.result(row)
            wanted = self.fontMetrics().boundingRect(room, WRAPPED, text).height() + ROW_HEIGHT - LINE
            if self.rowHeight(place) != max(ROW_HEIGHT, wanted):
                self.setRowHeight(place, max(ROW_HEIGHT, wanted))

    def height_of_rows(self, most: int) -> int:
        """What the first rows take, with the heads."""
        rows = range(min(most, len(self._rows.rows)))
        return HEAD_HEIGHT + EDGES + sum(self.rowHeight(place) for place in rows)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()
        self.fit_rows()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        at = self.currentIndex()
        if event.matches(QKeySequence.StandardKey.Paste):
            self._paste(QGuiApplication.clipboard().text())
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._delete()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and at.isValid():
            if self._rows.is_each(at.column()):
                self.edit(at)
        else:
            super().keyPressEvent(event)

    def closeEditor(self, editor: QWidget, hint: QAbstractItemDelegate.EndEditHint) -> None:
        """Enter leaves a cell downwards, as a column of figures is typed."""
        super().closeEditor(editor, hint)
        at = self.currentIndex()
        if hint == QAbstractItemDelegate.EndEditHint.SubmitModelCache and at.row() + 1 < len(self._rows.rows):
            self.setCurrentIndex(self._rows.index(at.row() + 1, at.column()))

    def _paste(self, text: str) -> None:
        at = self.currentIndex()
        if at.isValid() and self._rows.is_each(at.column()):
            self._rows.paste(at.row(), at.column(), pasted(text))
        else:
            self.pasted_codes.emit(text)

    def _delete(self) -> None:
        chosen = self.selectedIndexes()
        filled = [index for index in chosen if self._rows.is_each(index.column())]
        if filled:
            for index in filled:
                self._rows.setData(index, "")
        elif chosen:
            self.removed.emit(sorted({index.row() for index in chosen}))
