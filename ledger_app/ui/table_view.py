"""The table: a frozen first column, rows chosen whole, the keys a clerk expects."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView, QWidget

from ledger_app.ui.table_model import TableModel
from ledger_app.ui.table_paint import ROW_HEIGHT, CellPainter, Head, Index, Spans
from ledger_app.ui.theme import Theme, role


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
