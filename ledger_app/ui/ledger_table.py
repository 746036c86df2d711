"""The rows of one ledger: what is asked for, what is chosen, and a sentence where there is nothing."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

from PySide6.QtCore import QItemSelectionModel, Qt, Signal
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from ledger_app.core.entity import Entity
from ledger_app.db.queries import listing
from ledger_app.db.queries.listing import Filter, Query
from ledger_app.ui.column_keeper import ColumnKeeper
from ledger_app.ui.places import PageContext
from ledger_app.ui.row_source import RowSource
from ledger_app.ui.table_foot import TableFoot
from ledger_app.ui.table_model import TableModel
from ledger_app.ui.table_view import TableView
from ledger_app.ui.theme import role
from ledger_app.ui.view_memory import ViewMemory

MOST_COPIED: Final = 20_000


class LedgerTable(QWidget):
    """Shows what it is asked for and says what is chosen."""

    current_changed = Signal(str)  # uid, empty for none
    opened = Signal(str)
    shown = Signal(int, bool)  # rows, and whether these are all of them
    counted = Signal(int)  # records of the whole ledger
    failed = Signal(str)

    def __init__(self, context: PageContext, entity: Entity, memory: ViewMemory) -> None:
        super().__init__()
        self._context = context
        self._entity = entity
        self._query = Query()
        self._only: tuple[str, ...] = ()
        self._total = 0
        self._current_id: int | None = None
        self._wanted: int | None = None
        self.source = RowSource(context, entity, self)
        self.model = TableModel(self.source.fetch, self)
        self.view = TableView(context.theme, self)
        self.view.setModel(self.model)
        self.view.setAccessibleName(entity.label)
        self.columns = ColumnKeeper(entity, context.extras_of(entity).columns, memory, self.view)
        self.footer = TableFoot(entity)
        self.empty = QLabel(self.view)
        self._wire()
        self._lay_out()

    # ---- what to show ------------------------------------------------------------------------

    def ask(self, search: str, filters: Sequence[Filter], only: Sequence[str] = ()) -> None:
        """A new question, answered from its first row."""
        self._only = tuple(only)
        self._query = Query(search, tuple(filters), self.columns.sort)
        self._wanted = None
        self.source.ask(self._query, self._only)

    def refresh(self) -> None:
        """The records have changed: the same question again, staying on the record one is on."""
        self.model.forget()
        self.source.count()
        self._ask_again()

    @property
    def query(self) -> Query:
        """What is asked for, with its order: what an export of the list as shown takes."""
        return self._query

    def shown_names(self) -> list[str]:
        """The fields shown after the first column, from left to right."""
        return self.columns.names

    def _ask_again(self) -> None:
        self._query = replace(self._query, sort=self.columns.sort)
        self._wanted = self._wanted or self._current_id
        self.source.ask(self._query, self._only, quick=False)

    # ---- what is chosen ----------------------------------------------------------------------

    def selected_ids(self) -> list[int]:
        """Row ids of the chosen rows, from top to bottom."""
        ids = self.model.ids
        return list(dict.fromkeys(i for first, last in self._ranges() for i in ids[first : last + 1]))

    def selected_uids(self) -> list[str]:
        return listing.uids(self._context.workspace.screen, self._entity, self.selected_ids())

    def current_uid(self) -> str:
        row = self.model.row(self.view.currentIndex().row())
        return row["_id"] if row else ""

    def select(self, uid: str) -> bool:
        """Go to a record; False where it is not among the rows shown."""
        row_id = listing.row_id(self._context.workspace.screen, self._entity, uid)
        place = None if row_id is None else self.model.position(row_id)
        if place is None:
            self._wanted = row_id  # it may come with the rows that are still being asked for
            return False
        self.go_to(place)
        return True

    def go_to(self, place: int) -> None:
        """To the row at a position."""
        if 0 <= place < len(self.model.ids):
            index = self.model.index(place, 0)
            how = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
            self.view.selectionModel().setCurrentIndex(index, how)
            self.view.scrollTo(index)

    def copy(self) -> None:
        """The chosen rows, with heads, in the order of the columns on the screen."""
        ids, columns = self.selected_ids(), self.columns.columns
        if len(ids) > MOST_COPIED:
            text = f"选了 {len(ids):,} 行，一次最多复制 {MOST_COPIED:,} 行。更多的请用“导出”。"
            self.failed.emit(text)
            return
        registry, entity = self._context.registry, self._entity
        fields = list(dict.fromkeys(name for c in columns for name in c.fields))

        def put(rows: Sequence[dict[str, Any]]) -> None:
            from ledger_app.ui.clipboard import copied  # noqa: PLC0415 - start-up time

            QGuiApplication.clipboard().setMimeData(copied(columns, rows))
            self._context.messages.note(f"已复制 {len(rows):,} 行，可以贴到 Excel 或微信里")

        self._context.workers.read(lambda conn: listing.page(conn, registry, entity, ids, fields), put)

    def _ranges(self) -> list[tuple[int, int]]:
        """First and last row of each chosen block: rows are never asked one by one."""
        selection: Any = self.view.selectionModel().selection()
        return sorted((r.top(), r.bottom()) for r in selection)

    # ---- answers -----------------------------------------------------------------------------

    def _show_first(self, ids: array[int]) -> None:
        self._set_ids(ids)
        self.shown.emit(len(ids), False)

    def _show_ordered(self, ids: array[int]) -> None:
        self._set_ids(ids)
        self._wanted = None
        self._say_totals({})
        self.shown.emit(len(ids), True)

    def _set_ids(self, ids: array[int]) -> None:
        self.model.set_ids(ids)
        self._say_empty()
        self._put_current()

    def _put_current(self) -> None:
        """On the record that is wanted; otherwise on the first."""
        if not self.model.ids:
            self.current_changed.emit("")
            return
        place = None if self._wanted is None else self.model.position(self._wanted)
        self.go_to(place or 0)

    def _columns_changed(self) -> None:
        self._wanted = self._current_id
        self._put_current()

    def _current(self, index: Any) -> None:
        if index.isValid():
            self._current_id = self.model.ids[index.row()]
            self.current_changed.emit(self.current_uid())

    def _open(self, position: int) -> None:
        if row := self.model.row(position):
            self.opened.emit(row["_id"])

    def _say_totals(self, totals: dict[str, Decimal]) -> None:
        self.footer.say_totals(len(self.model.ids), totals, self.columns.names)

    def _say_chosen(self) -> None:
        self.footer.say_chosen(sum(last - first + 1 for first, last in self._ranges()))

    def _say_total(self, total: int) -> None:
        self._total = total
        self._say_empty()
        self.counted.emit(total)

    def _say_empty(self) -> None:
        label, counter = self._entity.label, self._entity.counter
        if self._total or self._query.filters or self._query.search:
            words = f"没有符合条件的{label}。"
        else:
            words = f"还没有{label}。导入台账，或按 Ctrl+N 登记第一{counter}。"
        self.empty.setText(words)
        self.empty.setVisible(not self.model.ids)
        self._place_empty()

    # ---- making ------------------------------------------------------------------------------

    def _wire(self) -> None:
        source, view = self.source, self.view
        source.first.connect(self._show_first)
        source.ordered.connect(self._show_ordered)
        source.totalled.connect(self._say_totals)
        source.counted.connect(self._say_total)
        source.failed.connect(self.failed)
        self.columns.shown.connect(self._columns_changed)
        self.columns.sorted.connect(self._ask_again)
        view.selectionModel().currentRowChanged.connect(self._current)
        view.selectionModel().selectionChanged.connect(self._say_chosen)
        view.opened.connect(self._open)
        view.copied.connect(self.copy)

    def _lay_out(self) -> None:
        role(self.empty, "muted")
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.view, 1)
        column.addWidget(self.footer)

    def add_below(self, widget: QWidget) -> None:
        """Between the rows and their sums."""
        layout = self.layout()
        if isinstance(layout, QVBoxLayout):
            layout.insertWidget(1, widget)

    def _place_empty(self) -> None:
        self.empty.setGeometry(0, 100, self.view.width(), 40)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_empty()
