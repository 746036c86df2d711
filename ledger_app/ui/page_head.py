"""The head of a page: title, what is shown of how much, acts on the right, one primary button."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from ledger_app.ui.theme import role


class PageHead(QWidget):
    """`add` puts acts on the right, in the order they are added; the primary one comes last."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.title = QLabel(title)
        role(self.title, "title")
        self.said = QLabel()
        role(self.said, "muted")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(10)
        self._row.addWidget(self.title)
        self._row.addSpacing(4)
        self._row.addWidget(self.said)
        self._row.addStretch(1)

    def say(self, text: str) -> None:
        self.said.setText(text)

    def add(self, widget: QWidget) -> None:
        self._row.addWidget(widget)

    def add_button(self, label: str, *, primary: bool = False) -> QPushButton:
        button = QPushButton(label)
        if primary:
            role(button, "primary")
        self._row.addWidget(button)
        return button
