"""Below a table that is being typed into: how much has changed, what is wrong, save or let go."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton

from ledger_app.ui.grid_changes import GridChanges
from ledger_app.ui.theme import role


class GridBar(QFrame):
    """`save` and `let_go` are buttons for who owns the table."""

    def __init__(self, changes: GridChanges, counter: str) -> None:
        super().__init__()
        role(self, "card")
        self._changes = changes
        self._counter = counter
        self.said = QLabel()
        self.let_go = QPushButton("放弃改动")
        self.save = QPushButton("保存改动……")
        role(self.save, "primary")
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 12, 6)
        row.addWidget(self.said, 1)
        row.addWidget(self.let_go)
        row.addWidget(self.save)
        changes.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        count, wrong = len(self._changes), self._changes.wrong
        if not count:
            words = "在格子里直接改；从 Excel 复制一块，按 Ctrl+V 贴到选中的格子。"
        else:
            words = f"改了 {self._changes.records} {self._counter}的 {count} 处"
        self.said.setText(f"{words}，其中 {wrong} 处看不懂或存疑，请先改好（红字）" if wrong else words)
        self.save.setEnabled(bool(count) and not wrong)
        self.let_go.setText("放弃改动" if count else "不改了")
        self.setVisible(self._changes.on)
