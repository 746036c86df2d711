"""变更记录: every act, newest first; what it did cell by cell; taking it back, or what stands in the way."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from ledger_app.db.queries import change_log as queries
from ledger_app.services import change_log, history
from ledger_app.services.change_log import RecordChange, act_word
from ledger_app.services.history import Blocked, Undone
from ledger_app.ui.lines_table import EMPTY, Cell, LineColumn, LinesTable
from ledger_app.ui.page_head import PageHead
from ledger_app.ui.pages.history_act import ActPane
from ledger_app.ui.pages.history_filters import HistoryFilters
from ledger_app.ui.places import Page, PageContext, Target

COLUMNS: Final = (
    LineColumn("时间", 136),
    LineColumn("操作员", 88),
    LineColumn("操作", 110),
    LineColumn("事由", 200, stretch=True),
    LineColumn("记录", 64, numeric=True),
    LineColumn("", 62),
)
BLOCK: Final = 64  # acts fetched at once
RECORDS: Final = 40  # records of an act shown at once
SOON_MS: Final = 120  # running along the list does not read every act on the way
NOTHING: Final = "没有符合条件的操作。"


class HistoryPage(Page):
    """The list of acts on the left, the act one is on at the right."""

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self.context = context
        self.ledgers = frozenset(context.registry.names)
        self._numbers: array[int] = array("q")
        self._block = lru_cache(maxsize=64)(self._read_block)
        self._wanted = ""
        self._hidden_change = False
        self.head = PageHead("变更记录")
        self.filters = HistoryFilters(context.theme, context.registry, context.workspace.context)
        self.table = LinesTable(context.theme, COLUMNS, NOTHING)
        self.table.setAccessibleName("操作清单")
        self.pane = ActPane(context.theme, context.registry)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(SOON_MS)
        self._lay_out()
        self._wire()
        self._ask_picks()
        self.ask()

    # ---- which acts --------------------------------------------------------------------------

    def ask(self) -> None:
        """The acts the filters ask for; then the one that was asked for, else the newest."""
        acts, registry = self.filters.acts(), self.context.registry
        self.context.workers.read(
            lambda conn: queries.numbers(conn, registry, acts), self._show, channel=f"acts {id(self)}"
        )

    def refresh(self) -> None:
        if not self.isVisible():
            self._hidden_change = True
            return
        self._hidden_change = False
        self._wanted = self._wanted or self.pane.act.get("act", "")
        self._ask_picks()
        self.ask()

    def entered(self) -> None:
        if self._hidden_change:
            self.refresh()
        self.table.setFocus()

    def go_to(self, target: Target) -> None:
        """`uid`: an act. `uids` with a ledger in `said`: the acts that touched that record."""
        if target.uids and target.said in self.context.registry:
            uid = target.uids[0]
            sayer = change_log.Sayer(self.context.workspace.screen, self.context.registry)
            self.filters.show_record(target.said, uid, sayer.title((target.said, uid)))
        else:
            self.filters.clear()
        self._wanted = target.uid
        self.ask()

    def _show(self, numbers: array[int]) -> None:
        self._numbers = numbers
        self._block.cache_clear()
        self.head.say(f"{len(numbers):,} 次操作")
        self.table.lines.show_lines(len(numbers), self._cell)
        self.pane.show_nothing()
        self.table.go_to(self._place_of(self._wanted))
        self._wanted = ""
        self._soon.stop()
        self._open_current()

    def _place_of(self, act_uid: str) -> int:
        act = queries.by_uid(self.context.workspace.screen, act_uid) if act_uid else None
        return self._numbers.index(act["number"]) if act and act["number"] in self._numbers else 0

    def _ask_picks(self) -> None:
        def read(conn: Any) -> tuple[set[str], list[str], list[str]]:
            return queries.ledgers(conn), queries.operators(conn), queries.kinds(conn)

        self.context.workers.read(read, lambda found: self.filters.fill(*found), channel=f"picks {id(self)}")

    # ---- rows of the list --------------------------------------------------------------------

    def _read_block(self, number: int) -> list[dict[str, Any]]:
        wanted = self._numbers[number * BLOCK : (number + 1) * BLOCK]
        return queries.page(self.context.workspace.screen, wanted)

    def act_at(self, line: int) -> dict[str, Any] | None:
        block = self._block(line // BLOCK) if 0 <= line < len(self._numbers) else []
        return block[line % BLOCK] if line % BLOCK < len(block) else None

    def _cell(self, line: int, column: int) -> Cell:
        act = self.act_at(line)
        return _cells(act)[column] if act else EMPTY

    # ---- one act -----------------------------------------------------------------------------

    def _open_current(self) -> None:
        act = self.act_at(self.table.currentIndex().row())
        if act and act["act"] != self.pane.act.get("act"):
            self.pane.show_act(act, may_undo=self.context.workspace.may_write)
            self._more()

    def _more(self) -> None:
        act_uid, start, registry = self.pane.act["act"], self.pane.shown, self.context.registry

        def show(records: Sequence[RecordChange]) -> None:
            if self.pane.act.get("act") == act_uid:
                self.pane.add_records(records)

        self.context.workers.read(
            lambda conn: change_log.record_changes(conn, registry, act_uid, start, RECORDS),
            show,
            channel=f"act {id(self)}",
        )

    def undo(self) -> None:
        """Take the act back, after one question."""
        act, who = self.pane.act, self.context.workspace.operator.name
        text = (
            f"撤销 {act['at'][:10]} {act['who']} 的“{act['why'] or act_word(act['kind'])}”，"
            f"涉及 {act['row_count']:,} 条记录。\n撤销本身也会记下来，以后还可以再撤销回来。"
        )
        if self.context.messages.choose("撤销", text, ("撤销这次操作",)) == 0:
            self.context.workers.write(lambda store: history.try_undo(store, act["act"], who), self._undone)

    def _undone(self, result: Undone | Blocked) -> None:
        if isinstance(result, Blocked):
            self.pane.show_obstacles(result.obstacles)
        else:
            self._wanted = result.act
            self.ask()
            self.context.messages.note("已撤销。")

    # ---- making ------------------------------------------------------------------------------

    def _wire(self) -> None:
        self.filters.changed.connect(self.ask)
        self.table.current.connect(lambda _: self._soon.start())
        self.table.opened.connect(lambda _: self._open_current())
        self._soon.timeout.connect(self._open_current)
        self.pane.more_asked.connect(self._more)
        self.pane.undo_asked.connect(self.undo)
        self.pane.followed.connect(lambda ledger, uid: self.context.navigate(ledger, Target(uid=uid)))
        self.pane.act_followed.connect(lambda act: self.go_to(Target(uid=act)))

    def _lay_out(self) -> None:
        body = QHBoxLayout()
        body.setSpacing(12)
        body.addWidget(self.table, 1)
        body.addWidget(self.pane)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(self.head)
        column.addWidget(self.filters)
        column.addLayout(body, 1)


def _cells(act: dict[str, Any]) -> tuple[Cell, ...]:
    undone = bool(act["undone_by"])
    tone = "muted" if undone else ""
    return (
        Cell(act["at"][:16].replace("T", " "), tone),
        Cell(act["who"], tone),
        Cell(act_word(act["kind"]), tone or ("amber" if act["kind"] == "undo" else "")),
        Cell(act["why"], tone),
        Cell(f"{act['row_count']:,}", tone),
        Cell("已撤销" if undone else "", "muted"),
    )
