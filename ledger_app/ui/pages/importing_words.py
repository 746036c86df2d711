"""Words of a list that may mean several things: asked once a sheet, before the rows are gone through."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from ledger_app.core.entity import Entity
from ledger_app.services.import_review import Word
from ledger_app.ui.theme import role

TALLEST: Final = 116
LINE: Final = 38
LATER: Final = "先放着"


class Meaning(QComboBox):
    """The meanings of one word; the wheel never changes it."""

    def __init__(self, word: Word) -> None:
        super().__init__()
        self.addItem(LATER, "")
        for value in word.values:
            self.addItem(value, value)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class WordQuestions(QFrame):
    """`answered` carries sheet → (field, word) → value for what was answered."""

    answered = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        role(self, "card")
        self._words: list[Word] = []
        self.meanings: list[Meaning] = []
        self.heading = QLabel()
        role(self.heading, "heading")
        self.go = QPushButton("按这些意思重新核对")
        self.go.setEnabled(False)
        self.go.clicked.connect(self._answer)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 10, 16, 12)
        column.setSpacing(6)
        head = QHBoxLayout()
        head.addWidget(self.heading, 1)
        head.addWidget(self.go)
        column.addLayout(head)
        column.addWidget(self.area)
        self.hide()

    def show_words(self, entity: Entity, words: Sequence[Word]) -> None:
        self._words = list(words)
        self.setVisible(bool(words))
        self.heading.setText(f"有 {len(words)} 个词说得不够明白，请每张表说一次：")
        inner = QWidget()
        role(inner, "plain")
        grid = QGridLayout(inner)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(6)
        self.meanings = []
        for line, word in enumerate(self._words):
            said = f"{word.sheet} · {entity.field(word.field).label} 写的“{word.text}”（{word.rows} 行）是指"
            meaning = Meaning(word)
            meaning.setAccessibleName(said)
            meaning.currentIndexChanged.connect(self._chosen)
            grid.addWidget(QLabel(said), line, 0)
            grid.addWidget(meaning, line, 1)
            self.meanings.append(meaning)
        grid.setColumnStretch(2, 1)
        self.area.setWidget(inner)
        self.area.setFixedHeight(min(TALLEST, LINE * len(self._words)))
        self.go.setEnabled(False)

    def _chosen(self) -> None:
        self.go.setEnabled(any(m.currentData() for m in self.meanings))

    def _answer(self) -> None:
        found: dict[str, dict[tuple[str, str], str]] = {}
        for word, meaning in zip(self._words, self.meanings, strict=True):
            if value := meaning.currentData():
                found.setdefault(word.sheet, {})[word.field, word.text] = value
        self.answered.emit(found)
