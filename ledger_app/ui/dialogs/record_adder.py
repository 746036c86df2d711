"""One line that adds records to an act: type a piece of anything, or paste a column of numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence

from ledger_app.core.entity import Entity
from ledger_app.core.fields import Ref
from ledger_app.services import records
from ledger_app.services.records import Suggestion
from ledger_app.ui.editors import RefEditor
from ledger_app.ui.places import PageContext

WIDTH: Final = 380


class RecordAdder(RefEditor):
    """`added` carries the record chosen from the list, `entered` a number as typed, `pasted` a column."""

    added = Signal(str)
    entered = Signal(str)
    pasted = Signal(str)

    def __init__(self, context: PageContext, entity: Entity) -> None:
        super().__init__(self._look_for)
        self._context = context
        self._target = entity
        self._ref = Ref(name="record", label=entity.label, target=entity.name)
        self.setFixedWidth(WIDTH)
        self.setPlaceholderText(f"再加{entity.label}：输入编号、村名或拼音；可以粘贴一列编号")
        self.setAccessibleName(f"再加{entity.label}")
        self.chosen.connect(self._take_chosen)

    @property
    def _channel(self) -> str:
        return f"suggest {id(self)}"

    def _look_for(self, text: str, answer: Callable[[Sequence[Suggestion]], object]) -> None:
        context, entity, ref = self._context, self._target, self._ref
        context.workers.read(
            lambda conn: records.suggest(conn, context.registry, entity, ref, text, {}),
            answer,
            channel=self._channel,
        )

    def _take_chosen(self, uid: str) -> None:
        QTimer.singleShot(0, self.clear)  # the list puts the title in once more after it was chosen
        self.added.emit(uid)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Paste) and _is_list(QGuiApplication.clipboard().text()):
            self.pasted.emit(QGuiApplication.clipboard().text())
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.text().strip():
            self._context.workers.cancel(self._channel)
            self.completer().popup().hide()
            self.entered.emit(self.text())
        else:
            super().keyPressEvent(event)


def _is_list(text: str) -> bool:
    return "\n" in text.strip()
