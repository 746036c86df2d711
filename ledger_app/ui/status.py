"""The foot of the window: is it saved, when was the last backup, is the journal whole; and long work."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QLabel, QProgressBar, QPushButton, QStatusBar

from ledger_app.ui.places import PageContext
from ledger_app.ui.theme import role
from ledger_app.ui.workers import Task

SHOW_AFTER_MS: Final = 500
BAR_WIDTH: Final = 180


class StatusBar(QStatusBar):
    """Three answers on the left, long work in the middle, file and operator on the right."""

    operator_asked = Signal()

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self._context = context
        self._task: Task | None = None
        self._saved = "已保存"
        self._backup = "还没有备份"
        self._journal = "正在核对变更记录"
        self.setSizeGripEnabled(False)
        self.setFixedHeight(26)
        self.answers = QLabel()
        self.work = QLabel()
        self.bar = QProgressBar()
        self.bar.setFixedWidth(BAR_WIDTH)
        self.bar.setTextVisible(False)
        self.stop = QPushButton("停止")
        self.file = QLabel(context.workspace.path.name)
        self.operator = QPushButton()
        self._lay_out()
        self._listen()
        self.show_operator()
        self._say()

    def show_operator(self) -> None:
        operator = self._context.workspace.operator
        self.operator.setText(f"操作员 {operator.name}" if operator.name else "没有选操作员，只能查看")
        self.operator.setToolTip(self._context.workspace.why_not or "换一位操作员")

    def set_backup(self, text: str) -> None:
        """When the last backup was made: “上次备份 09:30”."""
        self._backup = text
        self._say()

    def set_journal(self, whole: bool) -> None:
        self._journal = "变更记录完整 ✓" if whole else "变更记录不完整，请勿继续录入，用最近的备份恢复"
        role(self.answers, "small" if whole else "error")
        self._say()

    def set_saving(self, saving: bool) -> None:
        self._saved = "正在保存……" if saving else self._at_rest()
        self._say()

    def set_unsaved(self, unsaved: bool) -> None:
        self._saved = "有未保存的修改" if unsaved else self._at_rest()
        self._say()

    def _at_rest(self) -> str:
        return "只读" if self._context.workspace.ledger.read_only else "已保存"

    def _say(self) -> None:
        self.answers.setText(f"{self._saved} · {self._backup} · {self._journal}")

    def _lay_out(self) -> None:
        self.setContentsMargins(8, 0, 8, 0)
        role(self.operator, "link")
        role(self.answers, "small")
        self.addWidget(self.answers)
        for widget in (self.work, self.bar, self.stop):
            self.addWidget(widget)
            widget.hide()
        self.addPermanentWidget(self.file)
        self.addPermanentWidget(self.operator)

    def _listen(self) -> None:
        workers = self._context.workers
        workers.saving.connect(self.set_saving)
        workers.started.connect(self._began)
        workers.progressed.connect(self._went_on)
        workers.ended.connect(self._ended)
        self.stop.clicked.connect(self._stop)
        self.operator.clicked.connect(self.operator_asked)
        self._saved = self._at_rest()

    # ---- long work ---------------------------------------------------------------------------

    def _began(self, task: Task) -> None:
        self._task = task
        self.work.setText(task.title)
        self.bar.setRange(0, 0)
        QTimer.singleShot(SHOW_AFTER_MS, self, lambda: self._show(task))

    def _show(self, task: Task) -> None:
        if self._task is task:
            for widget in (self.work, self.bar, self.stop):
                widget.show()

    def _went_on(self, task: Task, done: int, total: int, text: str) -> None:
        if self._task is task:
            counted = f" {done:,} / {total:,}" if total else ""
            self.work.setText(f"{text or task.title}{counted}")
            self.bar.setRange(0, total)
            self.bar.setValue(done)

    def _ended(self, task: Task) -> None:
        if self._task is task:
            self._task = None
            for widget in (self.work, self.bar, self.stop):
                widget.hide()

    def _stop(self) -> None:
        if self._task:
            self._task.stop()
