"""Long work on the page that asked for it: what it is doing, how far it is, a button that stops it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout

from ledger_app.ui.theme import role
from ledger_app.ui.workers import Task, Workers

WIDTH: Final = 460


class Busy(QFrame):
    """A card with a bar. `begin` shows it, `end` hides it; `watch` names the task that is waited for."""

    stopping = Signal()

    def __init__(self, workers: Workers) -> None:
        super().__init__()
        role(self, "card")
        self.setFixedWidth(WIDTH)
        self._task: Task | None = None
        self.on = False
        self.words = QLabel()
        role(self.words, "heading")
        self.step = QLabel()
        role(self.step, "muted")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.stop = QPushButton("停止")
        self.stop.clicked.connect(self._stop)
        row = QHBoxLayout()
        row.addWidget(self.step, 1)
        row.addWidget(self.stop)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(12)
        column.addWidget(self.words, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.bar)
        column.addLayout(row)
        workers.progressed.connect(self._went_on)
        self.hide()

    def begin(self, words: str) -> None:
        self._task, self.on = None, True
        self.words.setText(words)
        self.step.setText("")
        self.bar.setRange(0, 0)
        self.stop.setEnabled(True)
        self.show()

    def watch(self, task: Task) -> None:
        """The work may be done already, and then nothing is watched."""
        if self.on:
            self._task = task

    def end(self) -> None:
        self._task, self.on = None, False
        self.hide()

    def _went_on(self, task: Task, done: int, total: int, text: str) -> None:
        if self._task is task:
            self.step.setText(f"{text} {done:,} / {total:,}" if total else text)
            self.bar.setRange(0, total)
            self.bar.setValue(done)

    def _stop(self) -> None:
        if self._task:
            self.stop.setEnabled(False)
            self.step.setText("正在停止……")
            self._task.stop()
            self.stopping.emit()
