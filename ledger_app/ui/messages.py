"""What the program says by itself: one message for a refusal, a note that goes away, a question."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from ledger_app.core.errors import LedgerError
from ledger_app.ui.theme import role

NOTE_MS: Final = 6000
WORDS_WIDTH: Final = 420


class Messages:
    """Says things over one window, once it belongs to one."""

    def __init__(self) -> None:
        self._window: QWidget | None = None
        self._note: Note | None = None

    def belong_to(self, window: QWidget | None) -> None:
        self._window = window

    def failed(self, error: BaseException) -> None:
        """A refusal in its own words; anything else is an error of ours and goes to the error log."""
        if not isinstance(error, LedgerError):
            raise error
        if error.code != "stopped":
            self.tell(error.text)
        else:
            self.note(error.text)

    def tell(self, text: str, title: str = "请注意") -> None:
        from PySide6.QtWidgets import QMessageBox  # noqa: PLC0415 - start-up time

        box = QMessageBox(QMessageBox.Icon.NoIcon, title, text, parent=self._window)
        box.addButton("知道了", QMessageBox.ButtonRole.AcceptRole)
        box.exec()

    def choose(self, title: str, text: str, buttons: Sequence[str]) -> int:
        """Which button was pressed (the first is the usual one); -1 for leaving it."""
        from PySide6.QtWidgets import QMessageBox  # noqa: PLC0415 - start-up time

        box = QMessageBox(QMessageBox.Icon.NoIcon, title, text, parent=self._window)
        made = [box.addButton(label, QMessageBox.ButtonRole.ActionRole) for label in buttons]
        back = box.addButton("返回", QMessageBox.ButtonRole.RejectRole)
        role(made[0], "primary")
        box.setDefaultButton(made[0])
        box.setEscapeButton(back)
        box.exec()
        pressed = box.clickedButton()
        return next((i for i, button in enumerate(made) if button is pressed), -1)

    def reason(self, title: str, text: str, act: str) -> str | None:
        """A reason in words for an act named on the button; None for leaving it."""
        dialog = ReasonDialog(self._window, title, text, act)
        return dialog.reason.text().strip() if dialog.exec() else None

    def note(self, text: str, act: str = "", run: Callable[[], object] | None = None) -> None:
        """A line at the foot of the window that goes away by itself, with at most one act (撤销)."""
        if self._note and isValid(self._note):
            self._note.go()
        if self._window:
            self._note = Note(self._window, text, act, run)


class Note(QFrame):
    """One line over the lower edge of the window."""

    def __init__(
        self, window: QWidget, text: str, act: str = "", run: Callable[[], object] | None = None
    ) -> None:
        super().__init__(window)
        role(self, "toast")
        self.said = text
        self._run = run
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 10, 8)
        row.addWidget(QLabel(text))
        if run:
            button = QPushButton(act)
            button.setCursor(Qt.CursorShape.PointingHandCursor)
            button.clicked.connect(self.run)
            row.addWidget(button)
        self._place()
        self.show()
        self.raise_()
        QTimer.singleShot(NOTE_MS, self, self.go)

    def run(self) -> None:
        """Do what the note offers."""
        self.go()
        if self._run:
            self._run()

    def go(self) -> None:
        self.hide()
        self.deleteLater()

    def _place(self) -> None:
        self.adjustSize()
        window = self.parentWidget()
        self.move((window.width() - self.width()) // 2, window.height() - self.height() - 48)


class ReasonDialog(QDialog):
    """Asks for a reason before an act; the act's button wakes when something is written."""

    def __init__(self, window: QWidget | None, title: str, text: str, act: str) -> None:
        super().__init__(window)
        self.setWindowTitle(title)
        self.reason = QLineEdit()
        self.reason.setPlaceholderText("原因，会写进变更记录")
        self.go = QPushButton(act)
        role(self.go, "primary")
        self.go.setEnabled(False)
        self.go.clicked.connect(self.accept)
        self.reason.textChanged.connect(lambda words: self.go.setEnabled(bool(words.strip())))
        back = QPushButton("返回")
        back.clicked.connect(self.reject)
        said = QLabel(text)
        said.setWordWrap(True)
        said.setMinimumWidth(WORDS_WIDTH)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(12)
        column.addWidget(said)
        column.addWidget(self.reason)
        column.addLayout(buttons(back, self.go))


def buttons(*made: QPushButton) -> QHBoxLayout:
    """A row of buttons at the right edge; the last one is what Enter means."""
    row = QHBoxLayout()
    row.addStretch()
    for button in made:
        button.setAutoDefault(button is made[-1])
        row.addWidget(button)
    made[-1].setDefault(True)
    return row
