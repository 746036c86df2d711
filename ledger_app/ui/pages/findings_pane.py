"""One finding: the whole sentence, the way to its record, and why it may stay as it is."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QPlainTextEdit, QPushButton, QVBoxLayout

from ledger_app.core.rules.findings import RULES, Finding
from ledger_app.ui.theme import role

WIDTH = 332
REASON_HEIGHT = 84
LABELS = dict(RULES)


class FindingPane(QFrame):
    """`explained` carries reason and document number."""

    view_asked = Signal()
    explained = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        role(self, "record")
        self.setFixedWidth(WIDTH)
        self.title, self.pill, self.text, self.kept = QLabel(), QLabel(), QLabel(), QLabel()
        role(self.title, "heading")
        role(self.kept, "muted")
        for label in (self.title, self.text, self.kept):
            label.setWordWrap(True)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.view = QPushButton("查看记录　回车")
        role(self.view, "primary")
        self.view.clicked.connect(self.view_asked)
        self.heading = QLabel("确实没有问题？写下原因：")
        role(self.heading, "group")
        self.reason = QPlainTextEdit()
        self.reason.setFixedHeight(REASON_HEIGHT)
        self.reason.setTabChangesFocus(True)
        self.reason.setPlaceholderText("例如：抗旱应急取水，旗防汛抗旱指挥部已备案")
        self.document = QLineEdit()
        self.document.setPlaceholderText("依据文号（可以不填）")
        self.explain = QPushButton("记为已说明")
        self.explain.clicked.connect(self._explain)
        self.reason.textChanged.connect(self._typed)
        self._may_write = False
        self._lay_out()
        self.show_nothing()

    def show_nothing(self) -> None:
        for widget in self._parts:
            widget.hide()

    def show_finding(self, found: Finding, ledger: str, *, may_write: bool) -> None:
        self.title.setText(LABELS[found.rule])
        self.pill.setText(ledger)
        role(self.pill, "pill-red" if found.severity == "error" else "pill-amber")
        self.text.setText(found.text)
        self.kept.setText(f"已说明：{found.reason}")
        self.reason.clear()
        self.document.clear()
        self._may_write = may_write
        for widget in self._parts:
            widget.show()
        for widget in (self.heading, self.reason, self.document, self.explain):
            widget.setVisible(not found.reason)
            widget.setEnabled(may_write)
        self.kept.setVisible(bool(found.reason))
        self._typed()

    def say_chosen(self, count: int) -> None:
        """One reason may stand for all that are chosen."""
        several = f"选了 {count} 条，" if count > 1 else ""
        self.heading.setText(f"{several}确实没有问题？写下原因：")
        self.view.setText(f"查看这 {count} 条的记录" if count > 1 else "查看记录　回车")

    def _typed(self) -> None:
        self.explain.setEnabled(self._may_write and bool(self.reason.toPlainText().strip()))

    def _explain(self) -> None:
        self.explained.emit(self.reason.toPlainText().strip(), self.document.text().strip())

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self.title, 1)
        top.addWidget(self.pill, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 14)
        column.setSpacing(10)
        column.addLayout(top)
        below = (self.text, self.kept, self.view, self.heading, self.reason, self.document, self.explain)
        for widget in below:
            column.addWidget(widget)
        column.insertSpacing(4, 8)
        column.addStretch(1)
        self._parts = (self.title, self.pill, *below)
