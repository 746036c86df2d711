"""The source of a document as it was read, with the stretches that were taken, the one in hand and the rest."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QColor, QMouseEvent, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit

from ledger_app.ui.theme import Theme

Places = Sequence[tuple[int, int]]
_BEYOND: Final = 0xFFFF  # from here on Qt counts a character twice


class SourceView(QPlainTextEdit):
    """Text one reads and clicks into; places count its characters as Python does."""

    pointed = Signal(int)  # the character that was clicked

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._wide: list[int] = []
        self.setReadOnly(True)
        self.setAccessibleName("原文")
        self.lit: Places = ()

    def show_source(self, text: str) -> None:
        """A carriage return and line feed are one line end for Qt: a blank stands in for the first."""
        shown = text.replace("\r\n", " \n")
        self._wide = [index for index, sign in enumerate(shown) if ord(sign) > _BEYOND]
        self.setPlainText(shown)

    def mark(
        self, taken: Iterable[tuple[int, int]], doubtful: Iterable[tuple[int, int]], lit: Places
    ) -> None:
        """Show what the task in hand is made of, what of it is doubtful, and light up one value."""
        self.lit = tuple(lit)
        looks = [(taken, self._look("blue_pale")), (doubtful, self._look("amber_pale")), (lit, self._lit())]
        self.setExtraSelections([self._selection(place, look) for places, look in looks for place in places])
        if self.lit:
            self._go_to(self.lit[0])

    def character_at(self, position: int) -> int:
        """The character of the source at one of Qt's positions."""
        index = position
        while index and self._position(index) > position:
            index -= 1
        return index

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if not self.textCursor().hasSelection():
            self.pointed.emit(self.character_at(self.textCursor().position()))

    # ---- places as Qt counts them ------------------------------------------------------------

    def _position(self, index: int) -> int:
        return index + bisect_left(self._wide, index)

    def _cursor(self, place: tuple[int, int]) -> QTextCursor:
        cursor = QTextCursor(self.document())
        last = self.document().characterCount() - 1
        cursor.setPosition(min(self._position(place[0]), last))
        cursor.setPosition(min(self._position(place[1]), last), QTextCursor.MoveMode.KeepAnchor)
        return cursor

    def _selection(self, place: tuple[int, int], look: QTextCharFormat) -> QTextEdit.ExtraSelection:
        selection = QTextEdit.ExtraSelection()
        selection.cursor = self._cursor(place)  # type: ignore[attr-defined]
        selection.format = look  # type: ignore[attr-defined]
        return selection

    def _look(self, token: str) -> QTextCharFormat:
        look = QTextCharFormat()
        look.setBackground(QColor(self._theme.colour(token)))
        return look

    def _lit(self) -> QTextCharFormat:
        look = self._look("mark")
        look.setForeground(self._theme.colour("ink"))
        return look

    def _go_to(self, place: tuple[int, int]) -> None:
        cursor = self._cursor(place)
        cursor.setPosition(cursor.selectionStart())
        self.setTextCursor(cursor)
        self.centerCursor()
