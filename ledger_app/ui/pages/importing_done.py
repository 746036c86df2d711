"""Last step of an import: what was written, what stayed out, and where to go from here."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from ledger_app.services.import_review import Review
from ledger_app.services.importing import Applied
from ledger_app.ui.theme import Theme, role


class DoneStep(QWidget):
    """Says what the clerk wants next."""

    show_asked = Signal()
    rejects_asked = Signal()
    undo_asked = Signal()
    again_asked = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.picture = QLabel()
        self.picture.setPixmap(theme.pixmap("ok", "green", 40, self.devicePixelRatioF()))
        self.heading, self.said, self.stayed = QLabel(), QLabel(), QLabel()
        role(self.heading, "title")
        role(self.stayed, "doubt")
        for label in (self.said, self.stayed):
            label.setWordWrap(True)
        self.show_records = QPushButton("查看导入的记录")
        role(self.show_records, "primary")
        self.rejects = QPushButton("退回文件……")
        self.undo = QPushButton("撤销这次导入")
        self.again = QPushButton("再导入一个")
        self.show_records.clicked.connect(self.show_asked)
        self.rejects.clicked.connect(self.rejects_asked)
        self.undo.clicked.connect(self.undo_asked)
        self.again.clicked.connect(self.again_asked)
        self._lay_out()

    def show_done(self, review: Review, applied: Applied) -> None:
        plan, writes = review.plan, review.to_write()
        stayed = review.stays_out()
        self.heading.setText(
            f"已导入 {applied.rows:,} 行到{plan.entity.label}" if applied.rows else "没有要写入的行"
        )
        parts = [f"文件 {plan.workbook}"]
        parts += [
            f"{words} {writes[name]:,} 行"
            for name, words in (("new", "新增"), ("changed", "更改"), ("needs_confirmation", "确认后导入"))
            if writes[name]
        ]
        if same := review.counts["same"]:
            parts.append(f"{same:,} 行原来就一样")
        self.said.setText("；".join(parts) + "。")
        self.stayed.setVisible(stayed > 0)
        self.stayed.setText(
            f"有 {stayed:,} 行没有导入。可以存一份“退回文件”：就是原来那张表，存疑的格涂红，最后一列写着原因；"
            "改好后整张再导入，已经导入的行不会重复。"
        )
        self.rejects.setVisible(stayed > 0)
        self.undo.setEnabled(applied.act is not None)
        self.show_records.setEnabled(bool(applied.uids))

    def show_undone(self) -> None:
        self.heading.setText("这次导入已撤销")
        self.said.setText("台账回到导入之前的样子，变更记录里两次操作都查得到。")
        self.stayed.hide()
        for button in (self.undo, self.show_records):
            button.setEnabled(False)

    def _lay_out(self) -> None:
        card = QFrame()
        role(card, "card")
        buttons = QHBoxLayout()
        buttons.setSpacing(10)
        for button in (self.show_records, self.rejects, self.undo, self.again):
            buttons.addWidget(button)
        buttons.addStretch(1)
        column = QVBoxLayout(card)
        column.setContentsMargins(28, 24, 28, 24)
        column.setSpacing(12)
        column.addWidget(self.picture, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.heading)
        column.addWidget(self.said)
        column.addWidget(self.stayed)
        column.addSpacing(6)
        column.addLayout(buttons)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(card)
        outer.addStretch(1)
