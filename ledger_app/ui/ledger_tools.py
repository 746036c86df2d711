"""The line above a ledger's table: search, filters, named filters, columns, typing, the record beside."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QToolButton, QWidget

from ledger_app.core.entity import Entity
from ledger_app.ui.filters import FilterBar
from ledger_app.ui.ledger_table import LedgerTable
from ledger_app.ui.named_filters import NamedFilters
from ledger_app.ui.places import PageContext
from ledger_app.ui.quick_filters import quick_filters
from ledger_app.ui.search_box import SearchBox
from ledger_app.ui.view_memory import ViewMemory


class LedgerTools(QWidget):
    """`asked`: what is searched or filtered has changed."""

    asked = Signal()

    def __init__(self, context: PageContext, entity: Entity, memory: ViewMemory, table: LedgerTable) -> None:
        super().__init__()
        self._context = context
        self._entity = entity
        self._memory = memory
        self._table = table
        quick = context.extras_of(entity).quick or quick_filters(entity)
        self.search = SearchBox(context.theme, "名称、编号、拼音  Ctrl+F")
        self.filters = FilterBar(context, entity, quick)
        self.named = NamedFilters(memory, self.filters, self.view_now, self.show_view)
        self.columns = QPushButton("列 ▾")
        self.typing = self._switch("edit", "表内修改：直接在格子里改，或从 Excel 贴一块", "表内修改")
        self.beside = self._switch("panel", "显示或收起右边的记录", "右边的记录")
        self.search.asked.connect(self.asked)
        self.filters.changed.connect(self.asked)
        self.columns.clicked.connect(self._choose_columns)
        self._lay_out()

    def view_now(self) -> dict[str, Any]:
        """What is asked for, to be kept under a name."""
        return {"search": self.search.text(), "filters": self._memory.filters_as_json(self.filters.chosen)}

    def show_view(self, view: dict[str, Any]) -> None:
        self.search.blockSignals(True)
        self.search.setText(str(view.get("search", "")))
        self.search.blockSignals(False)
        self.filters.set_chosen(self._memory.filters_from_json(view.get("filters")))
        self.asked.emit()

    def search_again(self) -> None:
        self.search.setFocus()
        self.search.selectAll()

    def _choose_columns(self) -> None:
        from ledger_app.ui.column_chooser import ColumnChooser  # noqa: PLC0415 - start-up time

        chooser = ColumnChooser(self._entity, self._table.shown_names(), self)
        chooser.chosen.connect(self._table.columns.choose)
        chooser.usual_asked.connect(self._table.columns.back_to_usual)
        chooser.open_below(self.columns)

    def _switch(self, icon: str, tip: str, name: str) -> QToolButton:
        button = QToolButton()
        button.setIcon(self._context.theme.icon(icon, "muted", "blue"))
        button.setFixedHeight(self.columns.sizeHint().height())
        button.setCheckable(True)
        button.setToolTip(tip)
        button.setAccessibleName(name)
        return button

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.search, 2, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.filters, 5)
        for widget in (self.named, self.columns, self.typing, self.beside):
            row.addWidget(widget, 0, Qt.AlignmentFlag.AlignTop)
