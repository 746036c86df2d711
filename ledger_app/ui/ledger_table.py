"""The rows of one ledger: table, order, chosen columns, count and sums below, a sentence where it is empty."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

from PySide6.QtCore import QItemSelectionModel, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from ledger_app.core.entity import Entity
from ledger_app.core.fields import Number
from ledger_app.db.queries import listing
from ledger_app.db.queries.listing import Filter, Query
from ledger_app.ui.columns import Column, column, first_shown, lead_column, sortable, total_text
from ledger_app.ui.places import PageContext
from ledger_app.ui.row_source import RowSource
from ledger_app.ui.table_model import TableModel
from ledger_app.ui.table_view import TableView
from ledger_app.ui.theme import role
from ledger_app.ui.view_memory import ViewMemory

MOST_COPIED: Final = 20_000
REMEMBER_AFTER_MS: Final = 400
EMPTY: Final[array[int]] = array("q")


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
        self._memory = memory
        self._query = Query()
        self._total = 0
        self._sums = ""
        self._current_id: int | None = None
        self._wanted: int | None = None
        self._only: tuple[str, ...] = ()
        self.source = RowSource(context, entity, self)
        self.model = TableModel(self.source.fetch, self)
        self.view = TableView(context.theme, self)
        self.view.setModel(self.model)
        self.view.setAccessibleName(entity.label)
        self.footer = QLabel()
        self.empty = QLabel(self.view)
        self._remember_soon = QTimer(self)
        self._wire()
        self._lay_out()
        self.model.sorted_by = self._kept_sort()
        self.show_columns(memory.get("columns", first_shown(entity, context.extras_of(entity).columns)))

    # ---- what to show ------------------------------------------------------------------------

    def ask(self, search: str, filters: Sequence[Filter], only: Sequence[str] = ()) -> None:
        """A new question, answered from its first row."""
        self._only = tuple(only)
        self._query = Query(search, tuple(filters), self._sort())
        self._wanted = None
        self.source.ask(self._query, self._only)

    def refresh(self) -> None:
        """The records have changed: the same question again, staying on the record one is on."""
        self.model.forget()
        self.source.count()
        self._ask_again()

    def _ask_again(self) -> None:
        self._query = replace(self._query, sort=self._sort())
        self._wanted = self._wanted or self._current_id
        self.source.ask(self._query, self._only, quick=False)

    @property
    def query(self) -> Query:
        """What is asked for, with its order: what an export of the list as shown takes."""
        return self._query

    def show_columns(self, names: Sequence[str]) -> None:
        """The first column, and these."""
        fields = [self._entity.field(n) for n in names if n in self._entity.by_name]
        self.model.set_columns([lead_column(self._entity), *(column(f) for f in fields)])
        self._remember_soon.blockSignals(True)
        self.view.set_widths(self._memory.get("widths", {}), self._memory.get("order", []))
        self._remember_soon.blockSignals(False)
        self._wanted = self._current_id
        self._put_current()

    def shown_names(self) -> list[str]:
        """The fields shown after the first column, from left to right."""
        return [name for name in self.view.order() if name]

    def choose_columns(self, names: Sequence[str]) -> None:
        self._memory.put(columns=list(names))
        self.show_columns(names)

    def usual_columns(self) -> None:
        self._memory.put(columns=[], widths={}, order=[])
        self.show_columns(first_shown(self._entity, self._context.extras_of(self._entity).columns))

    # ---- what is chosen ----------------------------------------------------------------------

    def selected_ids(self) -> list[int]:
        """Row ids of the chosen rows, from top to bottom."""
        selection: Any = self.view.selectionModel().selection()
        ranges = sorted((r.top(), r.bottom()) for r in selection)
        ids = self.model.ids
        return list(dict.fromkeys(i for top, bottom in ranges for i in ids[top : bottom + 1]))

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
        self._go_to(place)
        return True

    def step(self, by: int) -> None:
        """To the next or the former record."""
        self._go_to(min(max(self.view.currentIndex().row() + by, 0), len(self.model.ids) - 1))

    def copy(self) -> None:
        """The chosen rows, with heads, in the order of the columns on the screen."""
        ids = self.selected_ids()
        if len(ids) > MOST_COPIED:
            text = f"选了 {len(ids):,} 行，一次最多复制 {MOST_COPIED:,} 行。更多的请用“导出”。"
            self.failed.emit(text)
            return
        head = self.view.horizontalHeader()
        columns = [self.model.columns[head.logicalIndex(i)] for i in range(len(self.model.columns))]
        fields = list(dict.fromkeys(name for c in columns for name in c.fields))
        registry, entity = self._context.registry, self._entity

        def put(rows: Sequence[dict[str, Any]]) -> None:
            from ledger_app.ui.clipboard import copied  # noqa: PLC0415 - start-up time

            QGuiApplication.clipboard().setMimeData(copied(columns, rows))
            self._context.messages.note(f"已复制 {len(rows):,} 行，可以贴到 Excel 或微信里")

        self._context.workers.read(lambda conn: listing.page(conn, registry, entity, ids, fields), put)

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
        self._go_to(place or 0)

    def _go_to(self, place: int) -> None:
        if 0 <= place < len(self.model.ids):
            index = self.model.index(place, 0)
            how = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
            self.view.selectionModel().setCurrentIndex(index, how)
            self.view.scrollTo(index)

    def _current(self, index: Any) -> None:
        if index.isValid():
            self._current_id = self.model.ids[index.row()]
            self.current_changed.emit(self.current_uid())

    def _open(self, position: int) -> None:
        if row := self.model.row(position):
            self.opened.emit(row["_id"])

    def _say_selected(self) -> None:
        """How many rows an act would take, where it is more than the one that is read."""
        chosen: Any = self.view.selectionModel().selection()
        count = sum(r.bottom() - r.top() + 1 for r in chosen)
        said = f"已选 {count:,} {self._entity.counter} · " if count > 1 else ""
        self.footer.setText(f"{said}{self._sums}")

    def _say_totals(self, totals: dict[str, Decimal]) -> None:
        parts = [f"合计 {len(self.model.ids):,} {self._entity.counter}"]
        for name in self.shown_names():
            field = self._entity.field(name)
            if totals.get(name) and isinstance(field, Number):
                parts.append(f"{field.label} {total_text(field, totals[name])}")
        self._sums = " · ".join(parts)
        self._say_selected()

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

    # ---- order and widths --------------------------------------------------------------------

    def _sort(self) -> tuple[tuple[str, bool], ...]:
        by = self.model.sorted_by
        if by is None:
            return ()
        shown = next((c for c in self.model.columns if c.name == by[0]), None)
        return ((shown.sort, by[1]),) if shown else ()

    def _kept_sort(self) -> tuple[str, bool] | None:
        kept = self._memory.get("sort", [])
        return (str(kept[0]), bool(kept[1])) if len(kept) == 2 else None

    def _sort_by(self, section: int) -> None:
        """Up, down, as it was."""
        by: Column = self.model.columns[section]
        if not sortable(self._entity, by.sort):
            return
        now = self.model.sorted_by
        if now is None or now[0] != by.name:
            self.model.sorted_by = (by.name, False)
        else:
            self.model.sorted_by = None if now[1] else (by.name, True)
        self._memory.put(sort=list(self.model.sorted_by or []))
        self.view.horizontalHeader().viewport().update()
        self.view.frozen.horizontalHeader().viewport().update()
        self._ask_again()

    def _remember(self) -> None:
        self._memory.put(widths=self.view.widths(), order=self.view.order())

    # ---- making ------------------------------------------------------------------------------

    def _wire(self) -> None:
        self.source.first.connect(self._show_first)
        self.source.ordered.connect(self._show_ordered)
        self.source.totalled.connect(self._say_totals)
        self.source.counted.connect(self._say_total)
        self.source.failed.connect(self.failed)
        self.view.selectionModel().currentRowChanged.connect(self._current)
        self.view.selectionModel().selectionChanged.connect(self._say_selected)
        self.view.opened.connect(self._open)
        self.view.copied.connect(self.copy)
        self.view.sort_asked.connect(self._sort_by)
        self._remember_soon.setSingleShot(True)
        self._remember_soon.setInterval(REMEMBER_AFTER_MS)
        self._remember_soon.timeout.connect(self._remember)
        self.view.widths_changed.connect(self._remember_soon.start)

    def _lay_out(self) -> None:
        role(self.footer, "muted")
        self.footer.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        role(self.empty, "muted")
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.hide()
        column_ = QVBoxLayout(self)
        column_.setContentsMargins(0, 0, 0, 0)
        column_.setSpacing(8)
        column_.addWidget(self.view, 1)
        column_.addWidget(self.footer)

    def add_below(self, widget: QWidget) -> None:
        """Between the rows and their sums."""
        layout = self.layout()
        if isinstance(layout, QVBoxLayout):
            layout.insertWidget(1, widget)

    def _place_empty(self) -> None:
        self.empty.setGeometry(0, 100, self.view.width(), 40)

    def resizeEvent(self, event: Any) -> None:
        super().resizeEvent(event)
        self._place_empty()
