"""The table: a frozen first column, heads with units, cells that show what a search matched."""

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
    QTimer,
    Signal,
)
from PySide6.QtGui import (
    QFontMetrics,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPolygonF,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyledItemDelegate,
    QTableView,
    QWidget,
)

from ledger_app.ui.columns import Column
from ledger_app.ui.table_model import TableModel
from ledger_app.ui.theme import Theme, role
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


class TableView(QTableView):
    """Rows are chosen whole. The first column stays when the others scroll sideways."""

    opened = Signal(int)  # row to be opened: Enter or double click
    copied = Signal()
    pasted = Signal()
    deleted = Signal()
    widths_changed = Signal()
    sort_asked = Signal(int)  # column
    first_painted = Signal()  # rows are seen for the first time

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._seen = False
        self.painter_ = CellPainter(theme, self)
        _dress(self, theme, self.painter_)
        self.frozen = QTableView(self)
        self.frozen_painter = CellPainter(theme, self.frozen)  # one each: a delegate writes into its view
        self._wire_frozen(theme)
        self.horizontalHeader().sectionClicked.connect(self.sort_asked)
        self.horizontalHeader().sectionResized.connect(self._follow_width)
        self.horizontalHeader().sectionMoved.connect(self._moved)
        self.doubleClicked.connect(lambda index: self.opened.emit(index.row()))
        self.frozen.doubleClicked.connect(lambda index: self.opened.emit(index.row()))

    def _wire_frozen(self, theme: Theme) -> None:
        frozen = self.frozen
        _dress(frozen, theme, self.frozen_painter)
        role(frozen, "frozen")
        frozen.setFrameShape(QFrame.Shape.NoFrame)
        frozen.setFocusProxy(self)
        frozen.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        frozen.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        frozen.horizontalHeader().sectionClicked.connect(self.sort_asked)
        frozen.horizontalHeader().setSectionsMovable(False)
        frozen.horizontalHeader().sectionResized.connect(self._frozen_resized)
        frozen.verticalScrollBar().valueChanged.connect(self.verticalScrollBar().setValue)
        self.verticalScrollBar().valueChanged.connect(frozen.verticalScrollBar().setValue)

    def setModel(self, model: Any) -> None:
        super().setModel(model)
        self.frozen.setModel(model)
        self.frozen.setSelectionModel(self.selectionModel())
        for painter in (self.painter_, self.frozen_painter):
            painter.follow(self.selectionModel())
        model.modelReset.connect(self._hide_others)

    def set_spans(self, spans: Spans) -> None:
        self.painter_.spans = self.frozen_painter.spans = spans
        self.viewport().update()
        self.frozen.viewport().update()

    def set_widths(self, widths: dict[str, int], order: list[str]) -> None:
        """Put remembered widths and order (by column name) back."""
        model = self.model()
        if not isinstance(model, TableModel):
            return
        head = self.horizontalHeader()
        for i, each in enumerate(model.columns):
            self.setColumnWidth(i, widths.get(each.name, each.width))
        names = [c.name for c in model.columns]
        for place, name in enumerate(n for n in order if n in names):
            head.moveSection(head.visualIndex(names.index(name)), place)
        self._hide_others()

    def widths(self) -> dict[str, int]:
        model = self.model()
        columns = model.columns if isinstance(model, TableModel) else []
        return {c.name: self.columnWidth(i) for i, c in enumerate(columns)}

    def order(self) -> list[str]:
        model, head = self.model(), self.horizontalHeader()
        columns = model.columns if isinstance(model, TableModel) else []
        return [columns[head.logicalIndex(i)].name for i in range(len(columns))]

    # ---- the frozen column follows -----------------------------------------------------------

    def _hide_others(self) -> None:
        for i in range(self.model().columnCount()):
            self.frozen.setColumnHidden(i, i != 0)
        self.frozen.setColumnWidth(0, self.columnWidth(0))
        self._place_frozen()

    def _follow_width(self, section: int, _old: int, new: int) -> None:
        if section == 0:
            self.frozen.setColumnWidth(0, new)
            self._place_frozen()
        self.widths_changed.emit()

    def _moved(self, section: int, _old: int, new: int) -> None:
        """No column goes before the frozen one: it would lie under it."""
        head = self.horizontalHeader()
        if new == 0 and section != 0:
            head.moveSection(head.visualIndex(section), 1)
        self.widths_changed.emit()

    def _frozen_resized(self, section: int, _old: int, new: int) -> None:
        if section == 0 and self.columnWidth(0) != new:
            self.setColumnWidth(0, new)

    def _place_frozen(self) -> None:
        edge = self.frameWidth()
        height = self.viewport().height() + self.horizontalHeader().height()
        self.frozen.setGeometry(edge, edge, self.columnWidth(0), height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_frozen()

    def updateGeometries(self) -> None:
        super().updateGeometries()
        if hasattr(self, "frozen"):
            self._place_frozen()

    def scrollTo(
        self, index: Index, hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible
    ) -> None:
        if index.column() > 0:
            super().scrollTo(index, hint)
            self._uncover(index)
        else:
            sideways = self.horizontalScrollBar().value()
            super().scrollTo(index, hint)
            self.horizontalScrollBar().setValue(sideways)

    def _uncover(self, index: Index) -> None:
        hidden = self.columnWidth(0) - self.visualRect(index).left()
        if hidden > 0:
            bar = self.horizontalScrollBar()
            bar.setValue(bar.value() - hidden)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._seen and self.model().rowCount():
            self._seen = True
            QTimer.singleShot(
                0, self, self.first_painted.emit
            )  # nobody may change the window while it paints

    # ---- keys --------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copied.emit()
        elif event.matches(QKeySequence.StandardKey.Paste):
            self.pasted.emit()
        elif event.key() == Qt.Key.Key_Delete:
            self.deleted.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.opened.emit(self.currentIndex().row())
        else:
            super().keyPressEvent(event)


def _dress(view: QTableView, theme: Theme, painter: CellPainter) -> None:
    view.setHorizontalHeader(Head(theme, view))
    view.setItemDelegate(painter)
    view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
    view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    view.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    view.setShowGrid(False)
    view.setWordWrap(False)
    view.setTabKeyNavigation(False)
    view.setCornerButtonEnabled(False)
    rows = view.verticalHeader()
    rows.setVisible(False)
    rows.setMinimumSectionSize(ROW_HEIGHT)
    rows.setDefaultSectionSize(ROW_HEIGHT)
    rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
