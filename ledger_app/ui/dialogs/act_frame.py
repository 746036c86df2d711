"""The frame of an act's dialog: facts above, records in a grid below them, what happens, the button."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from ledger_app.core.entity import Entity
from ledger_app.ui.columns import column, lead_column
from ledger_app.ui.dialogs.act_fields import ActFields
from ledger_app.ui.dialogs.act_kind import ActKind
from ledger_app.ui.dialogs.act_rows import CANNOT, ActRowsModel
from ledger_app.ui.dialogs.act_table import ActTable
from ledger_app.ui.dialogs.record_adder import RecordAdder
from ledger_app.ui.places import PageContext
from ledger_app.ui.theme import role

WIDTH: Final = 1040
TALLEST: Final = 640
FACTS_TALLEST: Final = 300
MOST_ROWS: Final = 9
LEAST_HEIGHT: Final = 102  # heads and two rows
USUAL_HEIGHT: Final = 128
EFFECT_HEIGHT: Final = 20
KEPT_AS_STATED: Final = "台账里没有这个编号，先照原样记下"


class ActFrame(QDialog):
    """The parts and where they stand; what they do is said in `ActDialog`."""

    def __init__(self, context: PageContext, kind: ActKind, parent: QWidget | None, *, several: bool) -> None:
        super().__init__(parent)
        self._context = context
        self._kind = kind
        self._entity: Entity = context.registry[kind.ledger]
        self.fields = ActFields(context, kind, several=several)
        self.model = self._model()
        self.table = ActTable(context.theme, self.model)
        self.adder = RecordAdder(context, self._entity)
        self.said, self.effect = QLabel(), QLabel()
        self.each, self.go, self.back = QPushButton("逐行填写 ▾"), QPushButton(), QPushButton("返回")
        self._lay_out()

    def fit(self) -> None:
        """As tall as the records need, and no taller than a small screen."""
        rows = max(self.table.height_of_rows(MOST_ROWS), LEAST_HEIGHT)
        self.table.setMinimumHeight(min(rows, USUAL_HEIGHT))
        self._fit_facts()
        self.layout().activate()
        counted = max(self.table.minimumHeight(), self.table.sizeHint().height())
        rest = self.height() - self.table.height() if self.isVisible() else self.sizeHint().height() - counted
        self.resize(max(self.width(), WIDTH), min(TALLEST, rest + rows))

    def showEvent(self, event: QShowEvent) -> None:
        """Only now is it known how tall words are that run over several lines."""
        super().showEvent(event)
        QTimer.singleShot(0, self, self.fit)

    def _model(self) -> ActRowsModel:
        about = [column(self._entity.field(name)) for name in self._kind.columns]
        model = ActRowsModel(self._context.workspace.context, lead_column(self._entity), about)
        model.usual = self._kind.usual
        unknown = f"{CANNOT}{self._entity.label}里没有这个编号。"
        model.unknown = KEPT_AS_STATED if self._kind.takes_unknown else unknown
        return model

    def _lay_out(self) -> None:
        self.setWindowTitle(self._kind.title)
        role(self.go, "primary")
        role(self.effect, "note-box")
        self.effect.setWordWrap(True)
        self.effect.setMinimumHeight(EFFECT_HEIGHT)
        self.said.setWordWrap(True)
        self.each.setMenu(QMenu(self.each))
        self.each.setVisible(bool(self._kind.each))
        column_ = QVBoxLayout(self)
        column_.setContentsMargins(20, 14, 20, 14)
        column_.setSpacing(10)
        if self._kind.hint:
            hint = QLabel(self._kind.hint)
            hint.setWordWrap(True)
            role(hint, "muted")
            column_.addWidget(hint)
        column_.addWidget(self._facts())
        column_.addLayout(self._tools())
        column_.addWidget(self.table, 1)
        column_.addWidget(self.effect)
        column_.addLayout(self._foot())
        for button in (self.each, self.back, self.go, self.fields.more):
            button.setAutoDefault(False)  # Enter goes on to the next field; Ctrl+Enter does it

    def _facts(self) -> QWidget:
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidget(self.fields)
        self._fit_facts()
        return self._scroll

    def _tools(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.adder)
        row.addWidget(self.each)
        row.addStretch()
        return row

    def _foot(self) -> QHBoxLayout:
        keys = QLabel("Ctrl+回车")
        role(keys, "small")
        row = QHBoxLayout()
        row.addWidget(self.said, 1)
        for widget in (self.back, keys, self.go):
            row.addWidget(widget)
        return row

    def _fit_facts(self) -> None:
        """The facts as tall as they are, within reason; what is longer scrolls."""
        self.fields.layout().activate()
        self._scroll.setFixedHeight(min(self.fields.sizeHint().height() + 4, FACTS_TALLEST))
