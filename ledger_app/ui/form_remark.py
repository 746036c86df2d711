"""What stands below a field: what is wrong, the value that may be meant, and the reason for keeping it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from ledger_app.core.errors import Problem
from ledger_app.ui.theme import role

LOOKS: Final = {"refuse": "error", "confirm": "doubt", "info": "note"}


class Remark(QWidget):
    """`taken`: the clerk takes what is suggested; `kept`: it stays as it is, for this reason."""

    taken = Signal()
    kept = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.message = QLabel()
        self.message.setWordWrap(True)
        self.take = QPushButton()
        self.keep = QPushButton("仍然保留")
        self.reason = QLineEdit()
        self.reason.setPlaceholderText("为什么保留？会写进变更记录")
        self.take.clicked.connect(self.taken)
        self.keep.clicked.connect(self._ask_reason)
        self.reason.editingFinished.connect(self._keep)
        self._lay_out()

    def show_problem(self, problem: Problem, suggestion: str, *, may_keep: bool) -> None:
        role(self.message, LOOKS[problem.severity])
        self.message.setText(problem.text)
        self.take.setText(f"改为 {suggestion}")
        self.take.setVisible(bool(suggestion))
        self.keep.setVisible(problem.severity == "confirm" and may_keep)
        self.reason.hide()

    def show_kept(self, because: str) -> None:
        role(self.message, "note")
        self.message.setText(f"已保留：{because}")
        for widget in (self.take, self.keep, self.reason):
            widget.hide()

    def _ask_reason(self) -> None:
        self.reason.clear()
        self.reason.show()
        self.reason.setFocus()

    def _keep(self) -> None:
        if self.reason.text().strip():
            self.kept.emit(self.reason.text().strip())

    def _lay_out(self) -> None:
        links = QHBoxLayout()
        for link in (self.take, self.keep):
            role(link, "link")
            link.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            links.addWidget(link)
        links.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.message)
        column.addLayout(links)
        column.addWidget(self.reason)
