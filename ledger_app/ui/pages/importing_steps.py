"""The steps of an import at the head of its page: which are done, which one is at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from ledger_app.ui.theme import role

PADDING: Final = 26  # of the pill, so that nothing moves from step to step


class StepBar(QWidget):
    """“1 选文件 › 2 对应关系 › …”; the present one in a pill."""

    def __init__(self, steps: Sequence[str]) -> None:
        super().__init__()
        self._labels: list[QLabel] = []
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for number, step in enumerate(steps, 1):
            if number > 1:
                between = QLabel("›")
                role(between, "muted")
                row.addWidget(between)
            label = QLabel(f"{number} {step}")
            label.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
            label.setMinimumWidth(label.fontMetrics().horizontalAdvance(label.text()) + PADDING)
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            self._labels.append(label)
            row.addWidget(label)

    def show_step(self, step: int) -> None:
        for number, label in enumerate(self._labels):
            role(label, "pill-blue" if number == step else "plain" if number < step else "muted")
