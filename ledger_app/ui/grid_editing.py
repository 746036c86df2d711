"""Typing into the table: cells, a block pasted from Excel, saved as one act that is asked about once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractItemView, QWidget

from ledger_app.core.entity import Entity
from ledger_app.services import saving
from ledger_app.services.saving import Saved
from ledger_app.ui.clipboard import pasted
from ledger_app.ui.grid_bar import GridBar
from ledger_app.ui.grid_changes import GridChanges
from ledger_app.ui.ledger_table import LedgerTable
from ledger_app.ui.places import PageContext
from ledger_app.ui.save_choice import SaveChoice

_KEYS: Final = (
    QAbstractItemView.EditTrigger.AnyKeyPressed
    | QAbstractItemView.EditTrigger.DoubleClicked
    | QAbstractItemView.EditTrigger.EditKeyPressed
)


class GridEditing(QObject):
    """Switches one table between reading and typing."""

    def __init__(self, context: PageContext, entity: Entity, table: LedgerTable, window: QWidget) -> None:
        super().__init__(table)
        self._context = context
        self._entity = entity
        self._table = table
        self._window = window
        self.changes = GridChanges(entity, self)
        self.bar = GridBar(self.changes, entity.counter)
        table.model.changes = self.changes
        table.model.context = lambda: context.workspace.context
        table.add_below(self.bar)
        self.bar.save.clicked.connect(self.save)
        self.bar.let_go.clicked.connect(self.let_go)
        self.changes.changed.connect(lambda: context.unsaved(len(self.changes) > 0))

    @property
    def on(self) -> bool:
        return self.changes.on

    def switch(self, on: bool) -> bool:
        """Begin or end typing; False where unsaved cells keep it open."""
        if not on and len(self.changes):
            return self._settle()
        self.changes.on = on
        self._table.view.setEditTriggers(_KEYS if on else QAbstractItemView.EditTrigger.NoEditTriggers)
        self.bar.refresh()
        return True

    def let_go(self) -> None:
        """All stays as it was."""
        self.changes.clear()
        self.switch(False)
        self._table.view.viewport().update()

    def paste(self) -> None:
        """A block from Excel, its corner on the current cell."""
        corner, view = self._table.view.currentIndex(), self._table.view
        head, model = view.horizontalHeader(), self._table.model
        block = pasted(QGuiApplication.clipboard().text())
        put = missed = 0
        for down, line in enumerate(block):
            for right, text in enumerate(line):
                at = head.logicalIndex(head.visualIndex(corner.column()) + right)
                inside = corner.row() + down < len(model.ids) and 0 <= at < len(model.columns)
                if inside and model.type_into(corner.row() + down, model.columns[at], text):
                    put += 1
                else:
                    missed += 1
        view.viewport().update()
        words = f"贴了 {put} 格" + (f"，{missed} 格不能在表里改，没有贴" if missed else "")
        self._context.messages.note(words)

    def save(self) -> bool:
        """One act for all; asked once how it is meant. False: back to the table."""
        if self.changes.wrong or not len(self.changes):
            return False
        choice = SaveChoice(self._window, self.changes.said(), self._context.workspace.context)
        if not choice.exec():
            return False
        self._context.workers.write(self._job(choice), self._saved)
        return True

    def _job(self, choice: SaveChoice) -> Callable[[Any], Saved]:
        entity, cells = self._entity, self.changes.by_uid()
        who, today, since, why = (
            self._context.workspace.operator.name,
            self._context.workspace.today(),
            choice.since,
            choice.why,
        )
        if since is None:
            return lambda store: saving.correct_many(store, entity, cells, who, why or "录错更正")
        return lambda store: saving.change_many(store, entity, cells, who, since=since, today=today, why=why)

    def _saved(self, saved: Saved) -> None:
        count, who, workers = len(self.changes), self._context.workspace.operator.name, self._context.workers
        self.let_go()
        self._context.messages.note(
            f"已保存 {count} 处改动",
            "撤销",
            lambda: workers.write(lambda store: saving.undo(store, saved.act, who)),
        )

    def _settle(self) -> bool:
        text = f"表里有 {len(self.changes)} 处改动还没有保存。"
        answer = self._context.messages.choose("还没有保存", text, ("保存", "放弃改动"))
        if answer == 1:
            self.let_go()
        return answer == 1 or (answer == 0 and self.save())
