"""What a document is made of, as a list: itself, its tasks to be ticked, what no field took."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListWidget, QListWidgetItem

from ledger_app.services.reading import Document, DocumentPlan
from ledger_app.services.reading_fields import ReadLine, doubtful, head_lines, left_lines, task_lines
from ledger_app.services.reading_words import shortened

HEAD, LEFT = -1, -2  # what a line stands for besides the number of a task
WHAT: Final = Qt.ItemDataRole.UserRole
_OUTCOMES: Final = {
    "new": "新增",
    "changed": "更新",
    "same": "台账里已有，没有变化",
    "incomplete": "没有读到问题原文，存不了",
}


class TasksList(QListWidget):
    """The tasks come ticked; what is not ticked is not stored."""

    def __init__(self) -> None:
        super().__init__()
        self.document: Document | None = None
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("读到的任务")

    @property
    def left_out(self) -> set[int]:
        """Indexes of the tasks the clerk does not want."""
        items = (self.item(row) for row in range(self.count()))
        return {i.data(WHAT) for i in items if i.data(WHAT) >= 0 and i.checkState() != Qt.CheckState.Checked}

    def show_document(self, document: Document, file_name: str) -> None:
        self.document = document
        self.clear()
        self._add(f"文件：{document.title.value if document.title else file_name or '粘贴的文字'}", HEAD)
        for number in range(len(document.items)):
            item = self._add(self._words(number, None), number)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked)
        left = [line for line in left_lines(document) if line.text]
        if left:
            self._add(f"没有归到哪一项的文字（{len(left)} 段）", LEFT)

    def show_plan(self, plan: DocumentPlan) -> None:
        """Say of each task what would become of it."""
        self.blockSignals(True)
        for row in range(self.count()):
            if (number := self.item(row).data(WHAT)) >= 0:
                self.item(row).setText(self._words(number, plan))
        self.blockSignals(False)

    def lines(self, row: int) -> Sequence[ReadLine]:
        """What was read of the document, a task, or the rest."""
        if self.document is None or not 0 <= row < self.count():
            return ()
        what = self.item(row).data(WHAT)
        if what == HEAD:
            return head_lines(self.document)
        return left_lines(self.document) if what == LEFT else task_lines(self.document.items[what])

    def row_covering(self, position: int) -> int:
        """The line whose task was read from this character of the source; -1 where none was."""
        rows = range(self.count())
        return next((r for r in rows if any(line.covers(position) for line in self.lines(r))), -1)

    def _add(self, text: str, what: int) -> QListWidgetItem:
        item = QListWidgetItem(text, self)
        item.setData(WHAT, what)
        return item

    def _words(self, number: int, plan: DocumentPlan | None) -> str:
        if self.document is None:
            return ""
        item = self.document.items[number]
        problem = shortened(item.problem.value) if item.problem else "（没有读到问题原文）"
        words = f"{item.number.value} {problem}" if item.number else problem
        unsure = doubtful(task_lines(item))
        said = [_OUTCOMES[plan.tasks[number].outcome]] if plan else []
        said += [f"{unsure} 处要看一看"] if unsure else []
        return f"〔{'，'.join(said)}〕{words}" if said else words
