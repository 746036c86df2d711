"""导入: choose a file, see what its columns are, go through its rows, write them as one act."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QDragEnterEvent, QDropEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QFileDialog, QStackedWidget, QVBoxLayout

from ledger_app.core.errors import LedgerError
from ledger_app.db.queries import change_log
from ledger_app.services.history import Blocked, Undone
from ledger_app.services.import_review import Retyped
from ledger_app.services.importing import Applied
from ledger_app.ui.busy import Busy
from ledger_app.ui.pages.importing_columns import ColumnsStep
from ledger_app.ui.pages.importing_done import DoneStep
from ledger_app.ui.pages.importing_drop import take_drag, take_drop
from ledger_app.ui.pages.importing_head import COLUMNS, DONE, REVIEW, START, ImportHead
from ledger_app.ui.pages.importing_review import Reviewed, ReviewStep
from ledger_app.ui.pages.importing_start import StartStep
from ledger_app.ui.pages.importing_work import ImportWork, Planned
from ledger_app.ui.places import Page, PageContext, Target

RECENT: Final = 8
MOST_SHOWN: Final = 20_000  # records that are listed one by one after an import; beyond, the whole ledger is


class ImportPage(Page):
    """Nothing is written before the clerk says 导入."""

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self.context = context
        self.ledgers = frozenset(context.registry.names)
        self.work = ImportWork(context, self)
        self._unseen: Reviewed | None = None  # shown when its step is reached
        self._then = COLUMNS  # where to go when the present work is done
        self.start = StartStep(context.theme, context.registry, context.settings)
        self.columns = ColumnsStep(context.theme)
        self.rows = ReviewStep(context.theme, lambda: context.workspace.screen, context.registry)
        self.done = DoneStep(context.theme)
        self.busy = Busy(context.workers)
        self.stack = QStackedWidget()
        self.head = ImportHead(context.registry)
        self.next, self.into = self.head.next, self.head.into
        self._lay_out()
        self._wire()
        self._go(START)

    # ---- from elsewhere ----------------------------------------------------------------------

    def go_to(self, target: Target) -> None:
        """`said`: a ledger to import into, or the path of a file to import."""
        if target.said in self.context.registry:
            self.begin_again()
            self.start.ledger.choose(target.said)
        elif target.said:
            self.open_file(Path(target.said))

    def entered(self) -> None:
        if self.step == START:
            self.start.choose.setFocus()
            self._read_recent()

    def refresh(self) -> None:
        """The ledger has changed: what was compared has to be compared again before it is written."""
        if self.step in (COLUMNS, REVIEW) and not self.work.writing:
            self.work.stale = True
            self._say_head()
        self._read_recent()

    def operator_changed(self) -> None:
        self._say_head()

    def _read_recent(self) -> None:
        registry = self.context.registry

        def read(conn: Any) -> list[dict[str, Any]]:
            found = change_log.numbers(conn, registry, change_log.Acts(kinds=("import",)))
            return change_log.page(conn, found[:RECENT])

        self.context.workers.read(read, self.start.show_recent, channel=f"imports {id(self)}")

    # ---- step by step ------------------------------------------------------------------------

    def open_file(self, path: Path) -> None:
        """Read a workbook and show what its columns are taken for."""
        name = self.start.ledger.currentData()
        self.start.say("")
        self._go(START)
        self._begin(f"正在读取 {path.name}", COLUMNS)
        self.busy.watch(self.work.read(path, self.context.registry[name] if name else None))

    def begin_again(self) -> None:
        self.work.begin_again()
        self._go(START)
        self.start.choose.setFocus()

    def replan(self, then: int) -> None:
        """Compare again with what was corrected, then show step `then`."""
        if self.work.book:
            self._begin("正在核对", then)
            if task := self.work.plan():
                self.busy.watch(task)

    def write(self) -> None:
        if self.work.stale:
            self.replan(REVIEW)
        elif self.work.review and self.context.workspace.may_write:
            self._begin(f"正在导入 {self.work.review.plan.workbook}", DONE)
            if task := self.work.write(self.columns.save_as):
                self.busy.watch(task)

    def _forward(self) -> None:
        if not self.next.isEnabled() or not self.next.isVisible():
            return
        if self.step == REVIEW:
            self.write()
        elif self.work.stale:
            self.replan(REVIEW)
        else:
            self._go(REVIEW)

    def _back(self) -> None:
        if self.busy.on:
            return
        if self.step == REVIEW:
            self._go(COLUMNS)
        elif self.step == COLUMNS:
            self.begin_again()

    # ---- answers -----------------------------------------------------------------------------

    def _planned(self, planned: Planned) -> None:
        self._end()
        if planned.entity is None or planned.reviewed is None:
            self.start.say_likely(planned.likely)
            return
        self.into.choose(planned.entity.name)
        self.columns.show_views(planned.entity, planned.views, planned.book.path.stem)
        self._unseen = planned.reviewed
        self._go(self._then if planned.reviewed.review.plan.sheets else COLUMNS)

    def _failed(self, error: BaseException) -> None:
        self._end()
        if isinstance(error, LedgerError) and self.step == START:
            self.start.say(error.text)
        else:
            self.context.messages.failed(error)

    def _written(self, applied: Applied) -> None:
        self._end()
        if self.work.review:
            self.done.show_done(self.work.review, applied)
        self._go(DONE)
        self.done.show_records.setFocus()

    def _not_written(self, error: BaseException) -> None:
        self._end()
        if isinstance(error, LedgerError) and error.code == "changed_since":
            if self.context.messages.choose("台账又有改动", error.text, ("重新核对",)) == 0:
                self.replan(REVIEW)
            return
        self.context.messages.failed(error)

    def _undone(self, result: Undone | Blocked) -> None:
        applied = self.work.applied
        if isinstance(result, Undone):
            self.done.show_undone()
        elif applied and applied.act:
            text = f"导入之后有 {len(result.obstacles)} 处又改过或被引用了，要先处理它们才能撤销。"
            if self.context.messages.choose("还不能撤销", text, ("到变更记录里看",)) == 0:
                self.context.navigate("history", Target(uid=applied.act))

    def _retyped(self, retyped: Retyped) -> None:
        if self.work.review:
            self.work.review.take_retyped(retyped)
            self.rows.show_again()
        if retyped.refused:
            said = next(iter(retyped.refused.values()))
            self.context.messages.tell(f"有 {len(retyped.refused)} 行不能照表里写的导入：{said}")

    def _given_back(self, path: Path) -> None:
        url = QUrl.fromLocalFile(str(path))
        self.context.messages.note(f"已存到 {path.name}。", "打开", lambda: QDesktopServices.openUrl(url))

    def _choose_column(self, sheet: str, letter: str, field: str) -> None:
        self.work.choose_column(sheet, letter, field)
        self._corrected()

    def _take_sheet(self, sheet: str, taken: bool) -> None:
        self.work.take_sheet(sheet, taken)
        self._corrected()

    def _corrected(self) -> None:
        if self.work.entity and self.work.book:
            self.columns.show_views(self.work.entity, self.work.views, self.work.book.path.stem)
        self._say_head()

    def _refuse_profile(self) -> None:
        self.work.refuse_profile()
        self.replan(COLUMNS)

    def _choose_ledger(self) -> None:
        if self.work.entity and self.into.currentData() != self.work.entity.name:
            self.work.choose_ledger(self.context.registry[self.into.currentData()])
            self.replan(COLUMNS)

    def _answer(self, answers: dict[str, dict[tuple[str, str], str]]) -> None:
        self.work.answer(answers)
        self.replan(REVIEW)

    # ---- afterwards --------------------------------------------------------------------------

    def show_records(self) -> None:
        applied, entity = self.work.applied, self.work.entity
        if applied and entity:
            few = len(applied.uids) <= MOST_SHOWN
            said = f"导入 {self.work.book_name}"
            self.context.navigate(entity.name, Target(uids=applied.uids, said=said) if few else None)

    def save_rejects(self) -> None:
        if book := self.work.book:
            start = str(book.path.with_name(f"{book.path.stem}（退回）.xlsx"))
            name, _ = QFileDialog.getSaveFileName(self, "退回文件存为", start, "*.xlsx")
            if name:
                self.work.write_rejects(Path(name))

    # ---- steps -------------------------------------------------------------------------------

    @property
    def step(self) -> int:
        return self.stack.currentIndex()

    def _go(self, step: int) -> None:
        if step == REVIEW and self._unseen:
            self.rows.show_reviewed(self._unseen)
            self._unseen = None
        self.stack.setCurrentIndex(step)
        self._say_head()
        if step == COLUMNS:
            self.next.setFocus()
        elif step == REVIEW:
            self.rows.table.setFocus()

    def _say_head(self) -> None:
        why = self.context.workspace.why_not
        self.head.show_step(self.step, self.work, free=not self.busy.on, why_not=why)

    def _begin(self, words: str, then: int) -> None:
        self._then = then
        self.busy.begin(words)
        self.stack.setEnabled(False)
        self._say_head()
        self._place_busy()

    def _end(self) -> None:
        self.busy.end()
        self.stack.setEnabled(True)
        self._say_head()

    # ---- making ------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        for widget in (self.start, self.columns, self.rows, self.done):
            self.stack.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(self.head)
        column.addWidget(self.stack, 1)
        self.busy.setParent(self)

    def _wire(self) -> None:
        self.setAcceptDrops(True)
        for signal, run in (
            (self.head.back.clicked, self._back),
            (self.next.clicked, self._forward),
            (self.head.give_back.clicked, self.save_rejects),
            (self.into.activated, self._choose_ledger),
            (self.start.asked, self.open_file),
            (self.start.act_asked, lambda act: self.context.navigate("history", Target(uid=act))),
            (self.columns.chosen, self._choose_column),
            (self.columns.sheet_taken, self._take_sheet),
            (self.columns.profile_refused, self._refuse_profile),
            (self.rows.answered, self._answer),
            (self.rows.retype_asked, self.work.retype),
            (self.rows.changed, self._say_head),
            (self.done.show_asked, self.show_records),
            (self.done.rejects_asked, self.save_rejects),
            (self.done.undo_asked, self.work.undo),
            (self.done.again_asked, self.begin_again),
            (self.work.planned, self._planned),
            (self.work.failed, self._failed),
            (self.work.written, self._written),
            (self.work.not_written, self._not_written),
            (self.work.undone, self._undone),
            (self.work.retyped, self._retyped),
            (self.work.given_back, self._given_back),
        ):
            signal.connect(run)
        for keys, run in (
            ("Ctrl+O", self.start.ask_file),
            ("Ctrl+Return", self._forward),
            ("Alt+Left", self._back),
        ):
            shortcut = QShortcut(QKeySequence(keys), self, run)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)

    def _place_busy(self) -> None:
        self.busy.adjustSize()
        left = (self.width() - self.busy.width()) // 2
        self.busy.move(left, max((self.height() - self.busy.height()) // 3, 0))
        self.busy.raise_()

    def resizeEvent(self, event: Any) -> None:
        super().resizeEvent(event)
        self._place_busy()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        take_drag(event)

    def dropEvent(self, event: QDropEvent) -> None:
        if path := take_drop(event):
            self.open_file(path)
