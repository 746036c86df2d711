"""How a table is drawn: heads with units and the mark of the order, cells with what a search matched."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final

from PySide6.QtCore import (
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QPointF,
    QRect,
    QSize,
    Qt,
)
from PySide6.QtGui import QFontMetrics, QPainter, QPolygonF
from PySide6.QtWidgets import QHeaderView, QStyledItemDelegate, QWidget

from ledger_app.ui.columns import Column
from ledger_app.ui.table_model import TableModel
from ledger_app.ui.theme import Theme
from ledger_app.ui.tones import tone_of

ROW_HEIGHT: Final = 30
HEAD_HEIGHT: Final = 36
PAD: Final = 8
Index = QModelIndex | QPersistentModelIndex
Spans = Callable[[str], Iterable[tuple[int, int]]]


def no_spans(_text: str) -> list[tuple[int, int]]:
    return []


class Head(QHeaderView):
    """A head per column: the label, the unit smaller beside it, a triangle where it sorts.

    Painted whole here: Qt's own painting asks every row whether it is selected, which a million rows
    make seconds of.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._theme = theme
        self.setSectionsClickable(True)
        self.setSectionsMovable(True)
        self.setHighlightSections(False)
        self.setMinimumSectionSize(48)
        self.setFixedHeight(HEAD_HEIGHT)
        self.setMouseTracking(True)

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), HEAD_HEIGHT)

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        painter.save()
        painter.fillRect(rect, self._theme.colour("head"))
        painter.setPen(self._theme.colour("line"))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        model = self.model()
        if isinstance(model, TableModel) and section < len(model.columns):
            column = model.columns[section]
            sort = model.sorted_by if model.sorted_by and model.sorted_by[0] == column.name else None
            self._write(painter, rect.adjusted(PAD, 0, -PAD, -1), column, sort)
        painter.restore()

    def _write(self, painter: QPainter, rect: QRect, column: Column, sort: tuple[str, bool] | None) -> None:
        bold = self.font()
        bold.setBold(True)
        room = 12 if sort else 0
        unit_width = QFontMetrics(self.font()).horizontalAdvance(f" {column.unit}") if column.unit else 0
        label = QFontMetrics(bold).elidedText(
            column.title, Qt.TextElideMode.ElideRight, rect.width() - unit_width - room
        )
        width = QFontMetrics(bold).horizontalAdvance(label)
        left = rect.right() - width - unit_width - room if column.numeric else rect.left()
        painter.setFont(bold)
        painter.setPen(self._theme.colour("ink"))
        middle = int(Qt.AlignmentFlag.AlignVCenter)
        painter.drawText(QRect(left, rect.top(), width + 2, rect.height()), middle, label)
        painter.setFont(self.font())
        painter.setPen(self._theme.colour("muted"))
        unit = QRect(left + width, rect.top(), unit_width + 2, rect.height())
        painter.drawText(unit, middle, f" {column.unit}" if column.unit else "")
        if sort:
            self._triangle(painter, QPointF(left + width + unit_width + 7, rect.center().y() + 1), sort[1])

    def _triangle(self, painter: QPainter, at: QPointF, down: bool) -> None:
        tip = 3.5 if down else -3.5
        corners = [at + QPointF(-4, -tip / 1.4), at + QPointF(4, -tip / 1.4), at + QPointF(0, tip)]
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour("blue"))
        painter.drawPolygon(QPolygonF(corners))


class CellPainter(QStyledItemDelegate):
    """Draws a cell: stripe, selection, the matched part, the word of a state in its colour."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._selection: QItemSelectionModel | None = None
        self.spans: Spans = no_spans

    def follow(self, selection: QItemSelectionModel) -> None:
        self._selection = selection

    def paint(self, painter: QPainter, option: Any, index: Index) -> None:
        model = index.model()
        if not isinstance(model, TableModel):
            return
        column = model.columns[index.column()]
        rect = option.rect
        selected = self._selection is not None and self._selection.isSelected(index)
        painter.fillRect(rect, self._theme.colour(self._ground(index.row(), selected)))
        text = model.text(index.row(), column)
        if not text and not model.staged(index.row(), column):
            return
        inner = rect.adjusted(PAD, 0, -PAD, 0)
        metrics = option.fontMetrics
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, inner.width())
        width = metrics.horizontalAdvance(shown)
        left = inner.right() - width if column.numeric else inner.left()
        self._mark(painter, metrics, text, shown, QPoint(left, rect.top()))
        painter.setPen(self._theme.colour(self._tint(model, index.row(), column, text)))
        painter.setFont(option.font)
        words = QRect(left, rect.top(), width + 4, rect.height())
        painter.drawText(words, int(Qt.AlignmentFlag.AlignVCenter), shown)

    def sizeHint(self, option: Any, index: Index) -> QSize:
        return QSize(super().sizeHint(option, index).width() + 2 * PAD, ROW_HEIGHT)

    def _tint(self, model: TableModel, position: int, column: Column, text: str) -> str:
        """Typed and not saved: blue; not to be read: red; a state in its own colour."""
        if staged := model.staged(position, column):
            return "red" if staged.problem else "blue"
        return tone_of(column.field, text) or "ink"

    def _ground(self, row: int, selected: bool) -> str:
        if selected:
            return "selection"
        return "stripe" if row % 2 else "card"

    def _mark(self, painter: QPainter, metrics: QFontMetrics, text: str, shown: str, at: QPoint) -> None:
        for start, end in self.spans(text):
            if end <= len(shown):
                before = metrics.horizontalAdvance(shown[:start])
                width = metrics.horizontalAdvance(shown[start:end])
                area = QRect(at.x() + before, at.y() + 6, width, ROW_HEIGHT - 12)
                painter.fillRect(area, self._theme.colour("mark"))
