"""The page of any ledger: search, filters, columns above; table left, record right."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout

from ledger_app.core.entity import Entity
from ledger_app.ui.beside import Beside
from ledger_app.ui.ledger_table import LedgerTable
from ledger_app.ui.ledger_tools import LedgerTools
from ledger_app.ui.list_output import ListOutput
from ledger_app.ui.matching_text import Matching
from ledger_app.ui.page_head import PageHead
from ledger_app.ui.places import ActionSpec, Page, PageContext, Target
from ledger_app.ui.view_memory import ViewMemory

if TYPE_CHECKING:
    from ledger_app.ui.grid_editing import GridEditing
    from ledger_app.ui.record_pane import RecordPane


class LedgerPage(Page):
    """One page for every ledger; what one ledger has besides comes as `LedgerExtras`."""

    def __init__(self, context: PageContext, entity: Entity) -> None:
        super().__init__()
        self.context = context
        self.entity = entity
        self.ledgers = _concerning(context, entity)
        self._extras = context.extras_of(entity)
        self._total: int | None = None
        self._shown = (0, False)
        self.memory = ViewMemory(context, entity)
        self.head = PageHead(entity.label)
        self.table = LedgerTable(context, entity, self.memory)
        self.tools = LedgerTools(context, entity, self.memory, self.table)
        self.search, self.filters = self.tools.search, self.tools.filters
        self.beside = Beside(self.table, self._make_pane, self.memory)
        self._grid: GridEditing | None = None
        self._matching = Matching(context)
        self._lay_out()
        self._wire()
        self.filters.set_chosen(self.memory.filters())
        self.ask()

    @property
    def pane(self) -> RecordPane:
        """The record on the right."""
        return self.beside.pane

    # ---- what is shown -----------------------------------------------------------------------

    def ask(self) -> None:
        """Show what the search line and the filters ask for."""
        self.memory.keep_filters(self.filters.chosen)
        self.table.view.set_spans(self._matching.spans(self.search.text()))
        self.table.ask(self.search.text(), self.filters.filters, self.filters.only)

    def entered(self) -> None:
        if self._total is None:
            self.table.source.count()
        self.table.view.setFocus()

    def refresh(self) -> None:
        self.table.refresh()
        if self.beside.made:
            self.beside.made.refresh()

    def go_to(self, target: Target) -> None:
        """One record, the records behind a figure, or a query."""
        if not self.settle():
            return
        if target.query is not None:
            self.search.setText(target.query.search)
            self.filters.show_filters(target.query.filters)
        if target.uids:
            self.search.clear()
            self.filters.set_chosen([])
        self.filters.show_records(target.uids, target.said)
        if target.query is not None or target.uids or not self.table.select(target.uid):
            self.ask()
        if target.uid:
            self._find(target.uid)

    def settle(self) -> bool:
        grid = self._grid is None or self._grid.switch(False)
        self.tools.typing.setChecked(self._grid is not None and self._grid.on)
        return grid and (self.beside.made is None or self.beside.made.settle())

    def operator_changed(self) -> None:
        self.primary.setEnabled(self.context.workspace.may_write)
        if self.beside.made:
            self.beside.made.refresh()

    def _find(self, uid: str) -> None:
        """A record the filters hide is shown without them."""
        if not self.table.select(uid):
            self.search.clear()
            self.filters.clear()
            self.table.select(uid)
        self.pane.show_uid(uid)

    def _show_pane(self) -> None:
        """The rows are painted: now what is beside them."""
        self.show_pane(self.beside.wanted)

    def _say_count(self, shown: int, complete: bool) -> None:
        self._shown = (shown, complete)
        if complete and not shown:
            self._show_pane()
        counter = self.entity.counter
        if self._total is None:
            self.head.say("")
        elif complete and shown != self._total:
            self.head.say(f"{self._total:,} {counter}，显示 {shown:,} {counter}")
        else:
            self.head.say(f"{self._total:,} {counter}")

    def _say_total(self, total: int) -> None:
        self._total = total
        self._say_count(*self._shown)

    # ---- what is done ------------------------------------------------------------------------

    def register(self) -> None:
        """登记: an empty form, or the act this ledger has instead."""
        if self._extras.primary:
            self.run(self._extras.primary)
        elif self.pane.settle():
            self.show_pane(True)
            self.pane.begin_new(self._row_at(self.table.view.currentIndex().row()))

    def edit(self) -> None:
        """F2: the cell one is in while the table is typed into, else the record."""
        if self._grid and self._grid.on:
            self.table.view.edit(self.table.view.currentIndex())
            return
        self.show_pane(True)
        self.pane.begin_edit(self._row_at(self.table.view.currentIndex().row() - 1))

    def void(self) -> None:
        """Del: one record at a time, with its reason."""
        if why := self.context.workspace.why_not:
            self.context.messages.tell(why)
        elif len(self.table.selected_ids()) > 1:
            self.context.messages.tell("作废一次只能一条：每条都要写原因。")
        elif self.pane.uid and self.pane.settle():
            title = self.pane.title
            self.pane.saver.void(
                self.pane.uid, title, lambda saved: self.pane.saver.offer_undo(saved, f"已作废 {title}")
            )

    def run(self, act: ActionSpec) -> None:
        """An act with the chosen records."""
        uids = self.table.selected_uids() if act.needs != "none" else []
        if act.needs == "one" and len(uids) != 1:
            self.context.messages.tell(
                f"“{act.label}”一次只能一{self.entity.counter}，请先选一{self.entity.counter}。"
            )
        elif act.needs == "some" and not uids:
            self.context.messages.tell(f"请先在表里选出要办的{self.entity.label}。")
        else:
            act.run(self.context, self.entity, uids)

    def show_pane(self, shown: bool) -> None:
        self.beside.show_pane(shown)
        self.tools.beside.setChecked(shown)

    def type_into_table(self, on: bool) -> None:
        """Switch the table between reading and typing."""
        if on and (why := self.context.workspace.why_not):
            self.context.messages.tell(why)
        elif on:
            from ledger_app.ui.grid_editing import GridEditing  # noqa: PLC0415 - start-up time

            self._grid = self._grid or GridEditing(self.context, self.entity, self.table, self)
            self._grid.switch(True)
        elif self._grid:
            self._grid.switch(False)
        self.tools.typing.setChecked(self._grid is not None and self._grid.on)

    def _paste(self) -> None:
        if self._grid and self._grid.on:
            self._grid.paste()
        else:
            self.context.messages.note("要把 Excel 里的一块贴进表里，请先打开“表内修改”（右上角的笔）。")

    def _open_wide(self, uid: str) -> None:
        """Double click or Enter: the record takes most of the page."""
        if self._grid and self._grid.on:
            return
        self.pane.show_uid(uid)
        self.show_pane(True)
        self.beside.spread(wide=True)

    def _row_at(self, position: int) -> dict[str, Any] | None:
        """The whole record at a position of the table."""
        ids = self.table.model.ids
        if not 0 <= position < len(ids):
            return None
        names = [f.name for f in self.entity.fields]
        return next(iter(self.table.source.fetch([ids[position]], names)), None)

    def _menu(self, at: QPoint) -> None:
        """What can be done with the chosen rows."""
        from ledger_app.ui.row_menu import BREAK, Offer, row_menu  # noqa: PLC0415 - start-up time

        may = self.context.workspace.may_write
        acts = [
            Offer(act.label, partial(self.run, act), may or not act.writes)
            for act in self._extras.acts
            if act.needs != "none"
        ]
        offers = [
            Offer("打开", lambda: self._open_wide(self.table.current_uid())),
            Offer("修改\tF2", self.edit, may),
            BREAK,
            *acts,
            BREAK,
            Offer("复制\tCtrl+C", self.table.copy),
            Offer("作废（录错）……\tDel", self.void, may),
        ]
        row_menu(self, offers).exec(self.table.view.viewport().mapToGlobal(at))

    # ---- making ------------------------------------------------------------------------------

    def _make_pane(self) -> RecordPane:
        from ledger_app.ui.record_pane import RecordPane  # noqa: PLC0415 - after the first picture

        pane = RecordPane(self.context, self.entity)
        pane.edit_asked.connect(self.edit)
        pane.saved.connect(self._saved)
        pane.left.connect(self.table.view.setFocus)
        return pane

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        self._add_acts()
        column.addWidget(self.head)
        column.addWidget(self.tools)
        column.addWidget(self.beside, 1)

    def _add_acts(self) -> None:
        for act in self._extras.acts:
            if act.needs == "none":
                self.head.add_button(act.label).clicked.connect(lambda _=False, a=act: self.run(a))
        self.output = ListOutput(
            self.context,
            self.entity,
            self.table.source.ordered_ids,
            self.table.shown_names,
            self.filters.said,
        )
        self.head.add(self.output)
        label = self._extras.primary.label if self._extras.primary else f"登记{self.entity.label}"
        self.primary = self.head.add_button(f"＋ {label}  Ctrl+N", primary=True)
        self.primary.clicked.connect(self.register)
        self.operator_changed()

    def _wire(self) -> None:
        tools, table = self.tools, self.table
        tools.asked.connect(self.ask)
        tools.search.left.connect(table.view.setFocus)
        tools.typing.clicked.connect(self.type_into_table)
        tools.beside.clicked.connect(self.show_pane)
        tools.beside.setChecked(self.beside.wanted)
        table.view.first_painted.connect(self._show_pane)
        table.opened.connect(self._open_wide)
        table.shown.connect(self._say_count)
        table.counted.connect(self._say_total)
        table.failed.connect(self.context.messages.tell)
        table.view.deleted.connect(self.void)
        table.view.pasted.connect(self._paste)
        table.view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        table.view.customContextMenuRequested.connect(self._menu)
        for keys, run in (("Ctrl+F", tools.search_again), ("Ctrl+N", self.register), ("F2", self.edit)):
            QShortcut(QKeySequence(keys), self, run)  # asleep while another page is in front

    def _saved(self, uid: str) -> None:
        self.table.select(uid)
        self.table.view.setFocus()


def _concerning(context: PageContext, entity: Entity) -> frozenset[str]:
    """The ledgers whose changes this page shows: its own, those it refers to, those its links go through."""
    shared = (e.name for e in context.registry if e.table == entity.table)
    through = (name for links in entity.links for name in (links.through, links.target))
    return frozenset({*shared, *(ref.target for ref in entity.refs), *through})


def page_maker(entity: Entity) -> Callable[[PageContext], Page]:
    """The page of a ledger for the navigation."""
    return lambda context: LedgerPage(context, entity)
