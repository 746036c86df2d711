"""Asked once when a fact of an existing record is saved: was it always so, or is it so from a day on?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from PySide6.QtWidgets import (
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from ledger_app.core.fields import Date, ReadContext
from ledger_app.ui.messages import buttons
from ledger_app.ui.theme import role

_DAY: Final = Date(name="since", label="日期", future=True)
_SHOWN: Final = 8


class SaveChoice(QDialog):
    """`since` is None for a correction, the day for a change; `why` is what the change log says."""

    def __init__(self, parent: QWidget, changes: Sequence[str], context: ReadContext) -> None:
        super().__init__(parent)
        self.setWindowTitle("保存修改")
        self._context = context
        self.since: date | None = None
        self.correction = QRadioButton("录错更正：原来就是这样，以前录错了")
        self.change = QRadioButton("情况变化：从这一天起")
        self.day = QLineEdit(context.today.isoformat())
        self.day.setFixedWidth(120)
        self.reason = QLineEdit()
        self.reason.setPlaceholderText("原因或依据，会写进变更记录")
        self.message = QLabel()
        role(self.message, "error")
        self.save = QPushButton("保存")
        role(self.save, "primary")
        self.save.clicked.connect(self._save)
        self.correction.setChecked(True)
        self.day.setEnabled(False)
        self.change.toggled.connect(self.day.setEnabled)
        self._lay_out(changes)

    @property
    def why(self) -> str:
        return self.reason.text().strip()

    def _save(self) -> None:
        if self.change.isChecked():
            reading = _DAY.read(self.day.text(), self._context)
            if reading.value is None:
                self.message.setText(reading.problem.text if reading.problem else "请填写从哪一天起。")
                return
            self.since = date.fromisoformat(reading.value)
        self.accept()

    def _lay_out(self, changes: Sequence[str]) -> None:
        said = QLabel("\n".join([*changes[:_SHOWN], *(["……"] if len(changes) > _SHOWN else [])]))
        said.setWordWrap(True)
        said.setMinimumWidth(400)
        row = QHBoxLayout()
        row.addWidget(self.change)
        row.addWidget(self.day)
        row.addStretch()
        form = QFormLayout()
        form.addRow("原因", self.reason)
        back = QPushButton("返回")
        back.clicked.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(10)
        column.addWidget(said)
        column.addWidget(self.correction)
        column.addLayout(row)
        column.addLayout(form)
        column.addWidget(self.message)
        column.addLayout(buttons(back, self.save))
