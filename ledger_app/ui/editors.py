"""One editor for every kind of field: what is typed, the record it was chosen from, when it was left."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from PySide6.QtCore import QDate, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QFocusEvent, QStandardItem, QStandardItemModel, QWheelEvent
from PySide6.QtWidgets import (
    QCalendarWidget,
    QComboBox,
    QCompleter,
    QLineEdit,
    QPlainTextEdit,
    QSizePolicy,
    QWidget,
)

from ledger_app.core.fields import Choice, Date, Field, Links, ReadContext, Ref, Text
from ledger_app.services.records import Suggestion
from ledger_app.ui.columns import edit_text
from ledger_app.ui.theme import Theme, repolish

__all__ = [
    "Ask",
    "ChoiceEditor",
    "DateEditor",
    "Editor",
    "LineEditor",
    "LinesEditor",
    "RefEditor",
    "edit_text",
    "editor_for",
    "set_state",
]

LINES_HEIGHT: Final = 66
LIST_WIDTH: Final = 280
UID: Final = Qt.ItemDataRole.UserRole
TITLE: Final = Qt.ItemDataRole.UserRole + 1
Ask = Callable[[str, Callable[[Sequence[Suggestion]], object]], object]


class LineEditor(QLineEdit):
    """A line of text. `edited`: the clerk has typed; `left`: the clerk is done with it."""

    edited = Signal()
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.textEdited.connect(self.edited)
        self.editingFinished.connect(self.left)

    def uid(self) -> str:
        return ""

    def put(self, text: str, uid: str = "") -> None:
        """Show a value as the program's doing, not the clerk's."""
        self.setText(text)
        self.setCursorPosition(0)


class LinesEditor(QPlainTextEdit):
    """Several lines of text; Tab leaves it."""

    edited = Signal()
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setTabChangesFocus(True)
        self.setFixedHeight(LINES_HEIGHT)
        self.textChanged.connect(self._changed)

    def _changed(self) -> None:
        if self.hasFocus():
            self.edited.emit()

    def text(self) -> str:
        return self.toPlainText()

    def uid(self) -> str:
        return ""

    def put(self, text: str, uid: str = "") -> None:
        self.setPlainText(text)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.left.emit()


class ChoiceEditor(QComboBox):
    """A word of a list, typed (synonyms too) or chosen. The wheel never changes it."""

    edited = Signal()
    left = Signal()

    def __init__(self, words: Sequence[str]) -> None:
        super().__init__()
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(4)
        self.addItems(["", *words])
        completer = self.completer()
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        self.lineEdit().textEdited.connect(self.edited)
        self.lineEdit().editingFinished.connect(self.left)
        self.activated.connect(self._chosen)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def _chosen(self) -> None:
        self.edited.emit()
        self.left.emit()

    def text(self) -> str:
        return self.currentText()

    def uid(self) -> str:
        return ""

    def put(self, text: str, uid: str = "") -> None:
        self.setEditText(text)
        self.lineEdit().setCursorPosition(0)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class DateEditor(LineEditor):
    """A day as clerks type it (2025.9.3), or from the calendar."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        action = self.addAction(
            theme.icon("calendar", "faint", size=16), QLineEdit.ActionPosition.TrailingPosition
        )
        action.setToolTip("从日历里选")
        action.triggered.connect(self.open_calendar)

    def open_calendar(self) -> None:
        calendar = QCalendarWidget()
        calendar.setWindowFlag(Qt.WindowType.Popup)
        calendar.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        shown = QDate.fromString(self.text(), Qt.DateFormat.ISODate)
        if shown.isValid():
            calendar.setSelectedDate(shown)
        calendar.clicked.connect(self._take)
        calendar.clicked.connect(calendar.close)
        calendar.setParent(self, Qt.WindowType.Popup)
        calendar.move(self.mapToGlobal(QPoint(0, self.height() + 2)))
        calendar.show()

    def _take(self, day: QDate) -> None:
        self.put(day.toString(Qt.DateFormat.ISODate))
        self.edited.emit()
        self.left.emit()


class RefEditor(LineEditor):
    """A record of another ledger: answers while one types; what is chosen carries its uid."""

    chosen = Signal(str)  # uid

    def __init__(self, ask: Ask) -> None:
        super().__init__()
        self._ask = ask
        self._uid = ""
        self._model = QStandardItemModel(self)
        self._list = QCompleter(self._model, self)
        self._list.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self._list.setMaxVisibleItems(12)
        self._list.popup().setProperty("role", "popup")
        self._list.popup().setMinimumWidth(LIST_WIDTH)
        self._list.setCompletionRole(TITLE)
        self._list.activated[QModelIndex].connect(self._take)  # type: ignore[index]
        self.setCompleter(self._list)
        self.textEdited.connect(self._typed)

    def uid(self) -> str:
        return self._uid

    def put(self, text: str, uid: str = "") -> None:
        super().put(text)
        self._uid = uid

    def _typed(self, text: str) -> None:
        self._uid = ""
        self._ask(text, self.offer)

    def offer(self, found: Sequence[Suggestion]) -> None:
        """Show what the typed text may mean, if it is still being typed."""
        self._model.clear()
        for each in found:
            item = QStandardItem(f"{each.title}    {each.note}".rstrip())
            item.setData(each.uid, UID)
            item.setData(each.title, TITLE)
            self._model.appendRow(item)
        if self.hasFocus() and found and not self._uid:
            self._list.complete()

    def _take(self, index: Any) -> None:
        self.put(index.data(TITLE), index.data(UID))
        self.edited.emit()
        self.chosen.emit(self._uid)

    def keyPressEvent(self, event: Any) -> None:
        if event.key() == Qt.Key.Key_Down and not self._list.popup().isVisible():
            self._ask(self.text() if not self._uid else "", self.offer)
        else:
            super().keyPressEvent(event)


Editor = LineEditor | LinesEditor | ChoiceEditor


def editor_for(field: Field, context: ReadContext, theme: Theme, ask: Ask) -> Editor:
    """The editor a field needs; `ask(text, answer)` looks for the records a reference may mean."""
    editor = _made(field, context, theme, ask)
    editor.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    editor.setAccessibleName(field.heading)
    editor.setToolTip(field.hint)
    return editor


def _made(field: Field, context: ReadContext, theme: Theme, ask: Ask) -> Editor:
    if isinstance(field, Choice):
        return ChoiceEditor(field.vocabulary(context).values)
    if isinstance(field, Ref):
        return RefEditor(ask)
    if isinstance(field, Date):
        return DateEditor(theme)
    if isinstance(field, Links) or (isinstance(field, Text) and field.lines):
        return LinesEditor()
    return LineEditor()


def set_state(editor: QWidget, state: str) -> None:
    """`error`, `doubt` or nothing: the colour of the editor's frame."""
    if editor.property("state") != state:
        editor.setProperty("state", state)
        repolish(editor)
