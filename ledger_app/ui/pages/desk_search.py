"""The search line of the desk: a click in it finds anything, as Ctrl+K does everywhere."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QLineEdit

from ledger_app.ui.places import PageContext

WIDTH: Final = 280


class DeskSearch(QLineEdit):
    """Looks like a search line; typing happens where the answers are."""

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self._context = context
        self.setPlaceholderText("搜索井、证、人、村……  Ctrl+K")
        self.setAccessibleName("查找")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFixedWidth(WIDTH)
        icon = context.theme.icon("search", "faint", size=16)
        self.addAction(icon, QLineEdit.ActionPosition.LeadingPosition)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()
        self._context.find()
