"""The head of the import page: its steps, the way back, the one button that goes on."""

from __future__ import annotations

from typing import Final

from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from ledger_app.core.entity import Registry
from ledger_app.services.import_review import Review
from ledger_app.ui.page_head import PageHead
from ledger_app.ui.pages.importing_start import LedgerChoice
from ledger_app.ui.pages.importing_steps import StepBar
from ledger_app.ui.pages.importing_work import ImportWork

STEPS: Final = ("选文件", "对应关系", "核对", "导入")
START, COLUMNS, REVIEW, DONE = range(4)


class ImportHead(QWidget):
    """`show_step` says what can be done at a step."""

    def __init__(self, registry: Registry) -> None:
        super().__init__()
        self.head = PageHead("导入")
        self.steps = StepBar(STEPS)
        self.back = self.head.add_button("上一步")
        self.give_back = self.head.add_button("退回文件……")
        self.next = self.head.add_button("下一步：核对", primary=True)
        self.into = LedgerChoice(registry)
        self.into_row = QWidget()
        label = QLabel("导入到")
        label.setBuddy(self.into)
        row = QHBoxLayout(self.into_row)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(label)
        row.addWidget(self.into)
        line = QHBoxLayout()
        line.addWidget(self.steps)
        line.addStretch(1)
        line.addWidget(self.into_row)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(self.head)
        column.addLayout(line)

    def show_step(self, step: int, work: ImportWork, *, free: bool, why_not: str) -> None:
        """`free`: nothing is being worked on; `why_not`: why nothing may be written."""
        between = step in (COLUMNS, REVIEW)
        self.steps.show_step(step)
        self.head.say(work.book_name if step != START else "")
        self.back.setVisible(between)
        self.back.setEnabled(free)
        self.next.setVisible(between)
        self.give_back.setVisible(step == REVIEW)
        self.into_row.setVisible(step == COLUMNS)
        self.into_row.setEnabled(free)
        if step == REVIEW and work.review:
            self._say_write(work.review, free=free, stale=work.stale, why_not=why_not)
        else:
            taken = any(view.taken and view.mapped for view in work.views)
            self.next.setText("下一步：核对")
            self.next.setEnabled(free and taken)
            self.next.setToolTip("Ctrl+回车")

    def _say_write(self, review: Review, *, free: bool, stale: bool, why_not: str) -> None:
        rows = sum(review.to_write().values())
        self.next.setText("台账有改动，重新核对" if stale else f"导入 {rows:,} 行")
        self.next.setEnabled(free and (stale or (rows > 0 and not why_not)))
        self.next.setToolTip(why_not or "Ctrl+回车")
        self.give_back.setEnabled(free and review.stays_out() > 0)
