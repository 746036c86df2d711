"""What was read of one task: a table of labels and words, doubtful ones marked, corrected in place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHeaderView,
    QPlainTextEdit,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from ledger_app.services.reading_fields import ReadLine
from ledger_app.ui.theme import Theme

LABEL, WORDS, DOUBT = range(3)
_LABEL_WIDTH: Final = 120
_DOUBT_WIDTH: Final = 64
_EDITOR_HEIGHT: Final = 96
_LEAST_HEIGHT: Final = 26
_UNSURE: Final = "看一看"
_Index = QModelIndex | QPersistentModelIndex


class FieldsTable(QTableWidget):
    """Shows lines; `chosen` says which one is in hand, `corrected` what the clerk has written."""

    chosen = Signal(int)
    corrected = Signal(int, str)

    def __init__(self, theme: Theme) -> None:
        super().__init__(0, 3)
        self._theme = theme
        self._lines: Sequence[ReadLine] = ()
        self.setAccessibleName("读到的内容")
        self.setHorizontalHeaderLabels(["项目", "读到的内容（双击可改）", ""])
        self.verticalHeader().hide()
        self.setWordWrap(True)
        self.setShowGrid(False)
        self.setTextElideMode(Qt.TextElideMode.ElideNone)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked | QAbstractItemView.EditTrigger.EditKeyPressed
        )
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        head = self.horizontalHeader()
        head.setSectionResizeMode(LABEL, QHeaderView.ResizeMode.Fixed)
        head.setSectionResizeMode(WORDS, QHeaderView.ResizeMode.Stretch)
        head.setSectionResizeMode(DOUBT, QHeaderView.ResizeMode.Fixed)
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.setColumnWidth(LABEL, _LABEL_WIDTH)
        self.setColumnWidth(DOUBT, _DOUBT_WIDTH)
        self.verticalHeader().setMinimumSectionSize(_LEAST_HEIGHT)
        self.verticalHeader().setStyleSheet("QHeaderView::section { padding: 0; }")  # else no row is lower
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Highlight, theme.colour("selection"))
        palette.setColor(QPalette.ColorRole.HighlightedText, theme.colour("ink"))
        self.setPalette(palette)
        self.setItemDelegate(_WordsDelegate(self))
        self.currentCellChanged.connect(lambda row, *_: self.chosen.emit(row))

    @property
    def lines(self) -> Sequence[ReadLine]:
        return self._lines

    def show_lines(self, lines: Sequence[ReadLine]) -> None:
        self._lines = lines
        self.setRowCount(0)
        self.setRowCount(len(lines))
        for row, line in enumerate(lines):
            self._fill(row, line)
        self.resizeRowsToContents()

    def line_at(self, position: int) -> int:
        """The line that was read from this character of the source; -1 where none was."""
        return next((row for row, line in enumerate(self._lines) if line.covers(position)), -1)

    def resizeEvent(self, event: Any) -> None:
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self.resizeRowsToContents()

    def _fill(self, row: int, line: ReadLine) -> None:
        label = QTableWidgetItem(f"　{line.label}" if line.indent else line.label)
        label.setForeground(self._theme.colour("muted"))
        words = QTableWidgetItem(line.text or "—")
        words.setData(Qt.ItemDataRole.UserRole, line.text)
        doubt = QTableWidgetItem(_UNSURE if line.doubt else "")
        for item in (label, words, doubt):
            item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsEditable)
            item.setTextAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
            item.setToolTip(line.doubt)
        if line.put is not None:
            words.setFlags(words.flags() | Qt.ItemFlag.ItemIsEditable)
        if not line.text:
            words.setForeground(self._theme.colour("faint"))
        if line.doubt:
            doubt.setForeground(self._theme.colour("amber"))
            for item in (label, words, doubt):
                item.setBackground(QColor(self._theme.colour("amber_pale")))
        for column, item in enumerate((label, words, doubt)):
            self.setItem(row, column, item)


class _WordsDelegate(QStyledItemDelegate):
    """Several lines of text to write in, or a choice where only certain words are taken."""

    def __init__(self, table: FieldsTable) -> None:
        super().__init__(table)
        self._table = table

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: _Index) -> QWidget:
        line = self._table.lines[index.row()]
        if line.words:
            choice = QComboBox(parent)
            choice.addItems(line.words)
            return choice
        editor = QPlainTextEdit(parent)
        editor.setTabChangesFocus(True)
        return editor

    def setEditorData(self, editor: QWidget, index: _Index) -> None:
        text = str(index.data(Qt.ItemDataRole.UserRole) or "")
        if isinstance(editor, QComboBox):
            editor.setCurrentText(text)
        elif isinstance(editor, QPlainTextEdit):
            editor.setPlainText(text)

    def setModelData(self, editor: QWidget, model: object, index: _Index) -> None:
        text = editor.currentText() if isinstance(editor, QComboBox) else _text(editor)
        if text != str(index.data(Qt.ItemDataRole.UserRole) or ""):
            self._table.corrected.emit(index.row(), text)

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: _Index) -> None:
        box = option.rect  # type: ignore[attr-defined]
        if isinstance(editor, QPlainTextEdit):
            box.setHeight(max(box.height(), _EDITOR_HEIGHT))
        editor.setGeometry(box)

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        hint = super().sizeHint(option, index)
        return QSize(hint.width(), hint.height() + 6)


def _text(editor: QWidget) -> str:
    return editor.toPlainText() if isinstance(editor, QPlainTextEdit) else ""
