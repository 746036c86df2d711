"""A table of lines that are no records of one ledger: acts, findings, rows of a workbook, backups."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import (
    QAbstractTableModel,
    QItemSelectionModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    Qt,
    Signal,
)
from PySide6.QtGui import QFontMetrics, QGuiApplication, QKeyEvent, QKeySequence, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLabel,
    QStyle,
    QStyledItemDelegate,
    QTableView,
    QWidget,
)

from ledger_app.ui.theme import Theme, role

ROW_HEIGHT: Final = 30
TALL_ROW: Final = 46
TWO_LINES: Final = 1.7  # of the width of a line: the first one does not break just at its end
HEAD_HEIGHT: Final = 36
PAD: Final = 8
NARROWEST: Final = 48
MOST_COPIED: Final = 20_000
ROOT: Final = QModelIndex()
CELL: Final = Qt.ItemDataRole.UserRole
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class LineColumn:
    """A column: its head, the unit smaller beside it, its width; one column may take what room is left."""

    title: str
    width: int
    unit: str = ""
    numeric: bool = False
    stretch: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """What a cell says. `tone` and `ground` are colour tokens; `was` is an old value, struck out before it."""

    text: str
    tone: str = ""
    ground: str = ""
    bold: bool = False
    was: str = ""
    tip: str = ""


EMPTY: Final = Cell("")
CellAt = Callable[[int, int], Cell]


class LinesModel(QAbstractTableModel):
    """Asks `cell_at(line, column)` for what comes into sight; `number_at(line)` names the line at its left."""

    def __init__(self, columns: Sequence[LineColumn], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns = list(columns)
        self._count = 0
        self._cell_at: CellAt = lambda _line, _column: EMPTY
        self._number_at: Callable[[int], str] | None = None

    def show_lines(
        self,
        count: int,
        cell_at: CellAt,
        columns: Sequence[LineColumn] | None = None,
        number_at: Callable[[int], str] | None = None,
    ) -> None:
        self.beginResetModel()
        self._count, self._cell_at, self._number_at = count, cell_at, number_at
        self.columns = self.columns if columns is None else list(columns)
        self.endResetModel()

    def say_again(self, first: int = 0, last: int | None = None) -> None:
        """The same lines say something else now."""
        last = self._count - 1 if last is None else last
        if self._count and self.columns:
            self.dataChanged.emit(self.index(first, 0), self.index(last, len(self.columns) - 1))

    def cell(self, line: int, column: int) -> Cell:
        return self._cell_at(line, column)

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else self._count

    def columnCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or role not in (
            Qt.ItemDataRole.DisplayRole,
            Qt.ItemDataRole.ToolTipRole,
            CELL,
        ):
            return None
        cell = self._cell_at(index.row(), index.column())
        if role == CELL:
            return cell
        if role == Qt.ItemDataRole.ToolTipRole:
            return cell.tip or cell.text or None
        return f"{cell.was} → {cell.text}" if cell.was else cell.text

    def headerData(self, section: int, orientation: Any, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        if orientation == Qt.Orientation.Vertical:
            return self._number_at(section) if self._number_at else None
        column = self.columns[section] if section < len(self.columns) else None
        return f"{column.title} {column.unit}".strip() if column else None


class LinesTable(QTableView):
    """Lines are chosen whole; Enter or a double click opens one; Ctrl+C copies with heads."""

    opened = Signal(int)
    current = Signal(int)  # the line one is on; -1 for none
    chosen_changed = Signal(int)  # how many lines are chosen

    def __init__(
        self, theme: Theme, columns: Sequence[LineColumn], empty: str = "", *, tall: bool = False
    ) -> None:
        """`tall`: room for two lines of text in a line of the table."""
        super().__init__()
        self._height = TALL_ROW if tall else ROW_HEIGHT
        self.lines = LinesModel(columns, self)
        self._theme = theme
        self._fitting = False
        self.empty = QLabel(empty, self)
        role(self.empty, "muted")
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setWordWrap(True)
        self._dress()
        self.setModel(self.lines)
        self.lines.modelReset.connect(self._lines_changed)
        self.doubleClicked.connect(lambda index: self.opened.emit(index.row()))
        self.selectionModel().currentRowChanged.connect(lambda now, _: self.current.emit(now.row()))
        self.selectionModel().selectionChanged.connect(
            lambda *_: self.chosen_changed.emit(len(self.chosen()))
        )
        self._lines_changed()

    def chosen(self) -> list[int]:
        """The chosen lines, from top to bottom."""
        selection: Any = self.selectionModel().selection()
        ranges = sorted((r.top(), r.bottom()) for r in selection)
        return [line for top, bottom in ranges for line in range(top, bottom + 1)]

    def go_to(self, line: int) -> None:
        if 0 <= line < self.lines.rowCount():
            index = self.lines.index(line, 0)
            how = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
            self.selectionModel().setCurrentIndex(index, how)  # selectRow toggles while Ctrl is held
            self.scrollTo(index)

    def say_empty(self, words: str) -> None:
        self.empty.setText(words)

    def copy(self) -> None:
        lines = self.chosen()[:MOST_COPIED]
        heads = [self.lines.headerData(c, Qt.Orientation.Horizontal) for c in range(len(self.lines.columns))]
        rows = [
            [self.lines.index(line, c).data() or "" for c in range(len(self.lines.columns))] for line in lines
        ]
        text = "\r\n".join("\t".join(map(_one_line, row)) for row in [heads, *rows])
        QGuiApplication.clipboard().setText(text + "\r\n")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.opened.emit(self.currentIndex().row())
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.empty.setGeometry(40, HEAD_HEIGHT + 20, self.width() - 80, 80)
        self._fit()

    # ---- making ------------------------------------------------------------------------------

    def _lines_changed(self) -> None:
        self.empty.setVisible(not self.lines.rowCount())
        for i, column in enumerate(self.lines.columns):
            self.setColumnWidth(i, column.width)
        self._fit()

    def _fit(self) -> None:
        """The column that stretches takes what the others leave, and no less than its width."""
        columns = self.lines.columns
        wide = next((i for i, c in enumerate(columns) if c.stretch), None)
        if wide is not None:
            others = sum(self.columnWidth(i) for i in range(len(columns)) if i != wide)
            self.setColumnWidth(wide, max(columns[wide].width, self.viewport().width() - others))

    def _dress(self) -> None:
        self.setHorizontalHeader(LinesHead(self._theme, self))
        self.setItemDelegate(LinePainter(self._theme, self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        rows = self.verticalHeader()
        rows.setVisible(False)
        rows.setMinimumSectionSize(ROW_HEIGHT)
        rows.setDefaultSectionSize(self._height)
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)


class LinesHead(QHeaderView):
    """Labels in bold, units smaller beside them, a line below. Painted whole here: Qt's own painting asks
    every line whether it is selected."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._theme = theme
        self.setHighlightSections(False)
        self.setMinimumSectionSize(NARROWEST)
        self.setFixedHeight(HEAD_HEIGHT)

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        model = self.model()
        painter.save()
        painter.fillRect(rect, self._theme.colour("head"))
        painter.setPen(self._theme.colour("line"))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        if isinstance(model, LinesModel) and section < len(model.columns):
            self._write(painter, rect.adjusted(PAD, 0, -PAD, -1), model.columns[section])
        painter.restore()

    def _write(self, painter: QPainter, rect: QRect, column: LineColumn) -> None:
        bold = self.font()
        bold.setBold(True)
        unit = f" {column.unit}" if column.unit else ""
        unit_width = QFontMetrics(self.font()).horizontalAdvance(unit)
        metrics = QFontMetrics(bold)
        title = metrics.elidedText(column.title, Qt.TextElideMode.ElideRight, rect.width() - unit_width)
        width = metrics.horizontalAdvance(title)
        left = rect.right() - width - unit_width if column.numeric else rect.left()
        middle = int(Qt.AlignmentFlag.AlignVCenter)
        painter.setFont(bold)
        painter.setPen(self._theme.colour("ink"))
        painter.drawText(QRect(left, rect.top(), width + 2, rect.height()), middle, title)
        painter.setFont(self.font())
        painter.setPen(self._theme.colour("muted"))
        painter.drawText(QRect(left + width, rect.top(), unit_width + 2, rect.height()), middle, unit)


class LinePainter(QStyledItemDelegate):
    """Draws a cell on its ground: an old value struck out before the new one, the words in their tone."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def paint(self, painter: QPainter, option: Any, index: Index) -> None:
        cell = index.data(CELL)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        ground = "selection" if selected else "stripe" if index.row() % 2 else "card"
        painter.save()
        painter.fillRect(option.rect, self._theme.colour(ground))
        if isinstance(cell, Cell):
            if cell.ground:
                inner = option.rect.adjusted(2, 3, -2, -3)
                painter.fillRect(inner, self._theme.colour(cell.ground))
            self._write(painter, option, index, cell)
        painter.restore()

    def _write(self, painter: QPainter, option: Any, index: Index, cell: Cell) -> None:
        rect = option.rect.adjusted(PAD, 0, -PAD, 0)
        model = index.model()
        numeric = isinstance(model, LinesModel) and model.columns[index.column()].numeric
        font = option.font
        if cell.was:
            rect = self._write_old(painter, rect, font, cell.was)
        font.setBold(cell.bold)
        painter.setFont(font)
        painter.setPen(self._theme.colour(cell.tone or "ink"))
        side = Qt.AlignmentFlag.AlignRight if numeric and not cell.was else Qt.AlignmentFlag.AlignLeft
        metrics = QFontMetrics(font)
        if rect.height() >= TALL_ROW and metrics.horizontalAdvance(cell.text) > rect.width():
            text = metrics.elidedText(cell.text, Qt.TextElideMode.ElideRight, int(rect.width() * TWO_LINES))
            wrap = int(Qt.TextFlag.TextWordWrap)
            painter.drawText(rect, int(side | Qt.AlignmentFlag.AlignVCenter) | wrap, text)
            return
        text = metrics.elidedText(cell.text, Qt.TextElideMode.ElideRight, rect.width())
        painter.drawText(rect, int(side | Qt.AlignmentFlag.AlignVCenter), text)

    def _write_old(self, painter: QPainter, rect: QRect, font: Any, was: str) -> QRect:
        """Write the old value; what room is left after it."""
        struck = type(font)(font)
        struck.setStrikeOut(True)
        metrics = QFontMetrics(font)
        text = metrics.elidedText(was, Qt.TextElideMode.ElideRight, rect.width() // 2)
        painter.setFont(struck)
        painter.setPen(self._theme.colour("muted"))
        painter.drawText(rect, int(Qt.AlignmentFlag.AlignVCenter), text)
        width = metrics.horizontalAdvance(text)
        painter.setFont(font)
        painter.drawText(rect.adjusted(width, 0, 0, 0), int(Qt.AlignmentFlag.AlignVCenter), " → ")
        return rect.adjusted(width + metrics.horizontalAdvance(" → "), 0, 0, 0)


def _one_line(text: str) -> str:
    return " ".join(str(text).split())
