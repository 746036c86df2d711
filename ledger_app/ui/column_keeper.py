"""Which columns a table shows, how wide, in which order and by what it is sorted; all of it remembered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from ledger_app.core.entity import Entity
from ledger_app.ui.columns import Column, column, first_shown, lead_column, sortable
from ledger_app.ui.table_model import TableModel
from ledger_app.ui.table_view import TableView
from ledger_app.ui.view_memory import ViewMemory

REMEMBER_AFTER_MS: Final = 400


class ColumnKeeper(QObject):
    """Puts columns into one table and takes notice of what the clerk does with them."""

    shown = Signal()  # other columns than before
    sorted = Signal()

    def __init__(self, entity: Entity, usual: Sequence[str], memory: ViewMemory, view: TableView) -> None:
        super().__init__(view)
        model = view.model()
        if not isinstance(model, TableModel):
            raise TypeError(model)
        self._entity = entity
        self._usual = first_shown(entity, usual)
        self._memory = memory
        self._view = view
        self._model = model
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(REMEMBER_AFTER_MS)
        self._soon.timeout.connect(self._remember)
        view.widths_changed.connect(self._soon.start)
        view.sort_asked.connect(self._sort_by)
        model.sorted_by = self._kept_sort()
        self._show(memory.get("columns", []) or self._usual)

    @property
    def names(self) -> list[str]:
        """The fields shown after the first column, from left to right."""
        return [name for name in self._view.order() if name]

    @property
    def columns(self) -> list[Column]:
        """All columns from left to right."""
        head, columns = self._view.horizontalHeader(), self._model.columns
        return [columns[head.logicalIndex(i)] for i in range(len(columns))]

    @property
    def sort(self) -> tuple[tuple[str, bool], ...]:
        """The order a query takes: (field, descending)."""
        by = self._model.sorted_by
        shown = next((c for c in self._model.columns if by and c.name == by[0]), None)
        return ((shown.sort, by[1]),) if by and shown else ()

    def choose(self, names: Sequence[str]) -> None:
        self._memory.put(columns=list(names))
        self._show(names)
        self.shown.emit()

    def back_to_usual(self) -> None:
        self._memory.put(columns=[], widths={}, order=[])
        self._show(self._usual)
        self.shown.emit()

    def _show(self, names: Sequence[str]) -> None:
        fields = [self._entity.field(n) for n in names if n in self._entity.by_name]
        self._model.set_columns([lead_column(self._entity), *(column(f) for f in fields)])
        self._soon.blockSignals(True)
        self._view.set_widths(self._memory.get("widths", {}), self._memory.get("order", []))
        self._soon.blockSignals(False)

    def _kept_sort(self) -> tuple[str, bool] | None:
        kept = self._memory.get("sort", [])
        return (str(kept[0]), bool(kept[1])) if len(kept) == 2 else None

    def _sort_by(self, section: int) -> None:
        """Up, down, as it was."""
        by = self._model.columns[section]
        if not sortable(self._entity, by.sort):
            return
        now = self._model.sorted_by
        if now is None or now[0] != by.name:
            self._model.sorted_by = (by.name, False)
        else:
            self._model.sorted_by = None if now[1] else (by.name, True)
        self._memory.put(sort=list(self._model.sorted_by or []))
        for view in (self._view, self._view.frozen):
            view.horizontalHeader().viewport().update()
        self.sorted.emit()

    def _remember(self) -> None:
        self._memory.put(widths=self._view.widths(), order=self._view.order())
