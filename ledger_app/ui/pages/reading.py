"""读公文: the source on the left, what was read on the right; nothing is entered before the clerk agrees."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QLabel, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from ledger_app.core.errors import LedgerError
from ledger_app.services import history, reading
from ledger_app.services.history import Blocked
from ledger_app.services.reading import Document, DocumentPlan, Stored
from ledger_app.services.reading_fields import doubtful, task_lines
from ledger_app.ui.busy import Busy
from ledger_app.ui.page_head import PageHead
from ledger_app.ui.pages.reading_fields import FieldsTable
from ledger_app.ui.pages.reading_source import SourceView
from ledger_app.ui.pages.reading_start import ReadingStart, take_drag, take_drop
from ledger_app.ui.pages.reading_tasks import TasksList
from ledger_app.ui.places import Page, PageContext, Target
from ledger_app.ui.theme import role

TASKS: Final = "rectifications"
START, READ = range(2)


class ReadingPage(Page):
    """A document is read once, corrected here, and stored as one act."""

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self.context = context
        self.ledgers = frozenset({TASKS, "rectification_measures", "rectification_areas"})
        self.document: Document | None = None
        self.plan: DocumentPlan | None = None
        self._file_name = ""
        self._writing = False
        self.start = ReadingStart(context.theme, context.settings)
        self.source = SourceView(context.theme)
        self.tasks = TasksList()
        self.fields = FieldsTable(context.theme)
        self.busy = Busy(context.workers)
        self.stack = QStackedWidget()
        self.head = PageHead("读公文")
        self.again = self.head.add_button("读另一份")
        self.store = self.head.add_button("存入台账", primary=True)
        self._lay_out()
        self._wire()
        self._go(START)

    # ---- from elsewhere ----------------------------------------------------------------------

    def go_to(self, target: Target) -> None:
        """`said`: the path of a document to read."""
        if target.said:
            self.open_file(Path(target.said))

    def refresh(self) -> None:
        """The ledger has changed: compare again."""
        if self.document and not self._writing:
            self._compare()

    def operator_changed(self) -> None:
        self._say_head()

    # ---- reading -----------------------------------------------------------------------------

    def open_file(self, path: Path) -> None:
        self._read(path.name, lambda: reading.read_document(path))

    def open_text(self, text: str) -> None:
        self._read("", lambda: reading.read_text(text))

    def _read(self, name: str, read: Any) -> None:
        self._file_name = name
        self.start.say("")
        self.busy.begin(f"正在读 {name}" if name else "正在读")
        self._place_busy()
        task = self.context.workers.read_long(
            "读公文", lambda _conn, _progress: read(), self._was_read, self._failed
        )
        self.busy.watch(task)

    def _was_read(self, document: Document) -> None:
        self.busy.end()
        self.document = document
        self.plan = None
        self.source.show_source(document.source_text)
        self.tasks.show_document(document, self._file_name)
        self._go(READ)
        self.tasks.setCurrentRow(1 if document.items else 0)
        self._compare()

    def _failed(self, error: BaseException) -> None:
        self.busy.end()
        if isinstance(error, LedgerError) and self.step == START:
            self.start.say(error.text)
        else:
            self.context.messages.failed(error)

    # ---- comparing ---------------------------------------------------------------------------

    def _compare(self) -> None:
        document, registry, name = self.document, self.context.registry, self._file_name
        if document is not None:
            self.context.workers.read(
                lambda conn: reading.plan_document(conn, registry, document, name),
                self._compared,
                channel=f"document {id(self)}",
            )

    def _compared(self, plan: DocumentPlan) -> None:
        self.plan = plan
        self.tasks.show_plan(plan)
        self._say_head()

    # ---- what is shown -----------------------------------------------------------------------

    def _show(self, row: int) -> None:
        if self.document is None or row < 0:
            return
        self.fields.show_lines(self.tasks.lines(row))
        self._light(-1)

    def _light(self, row: int) -> None:
        """Light up the sentence a value was read from."""
        lines = self.fields.lines
        taken = [place for line in lines for place in line.places]
        unsure = [place for line in lines if line.doubt for place in line.places]
        self.source.mark(taken, unsure, lines[row].places if 0 <= row < len(lines) else ())

    def _pointed(self, position: int) -> None:
        """A click into the source chooses what was read from there, in whatever task it is."""
        row = self.fields.line_at(position)
        if row < 0 and (other := self.tasks.row_covering(position)) >= 0:
            self.tasks.setCurrentRow(other)
            row = self.fields.line_at(position)
        if row >= 0:
            self.fields.setCurrentCell(row, 1)

    def _correct(self, row: int, text: str) -> None:
        line = self.fields.lines[row]
        if line.put is None:
            return
        try:
            line.put(text)
        except LedgerError as error:
            self.context.messages.tell(error.text)
        self.fields.show_lines(self.tasks.lines(self.tasks.currentRow()))
        self.fields.setCurrentCell(min(row, self.fields.rowCount() - 1), 1)
        self._compare()

    # ---- storing -----------------------------------------------------------------------------

    def write(self) -> None:
        document, plan = self.document, self.plan
        if document is None or plan is None or not self.store.isEnabled():
            return
        self._writing = True
        self._say_head()
        name, left_out = self._file_name, self.tasks.left_out
        who = self.context.workspace.operator.name
        self.context.workers.write(
            lambda store: reading.apply_document(
                store, document, who, source_file=name, leave_out=left_out, source="dialog", head=plan.head
            ),
            self._written,
            self._not_written,
        )

    def _written(self, stored: Stored) -> None:
        self._writing = False
        self._compare()
        count = len(stored.uids)
        if not stored.act:
            self.context.messages.note("台账里都有了，没有要存的。")
            return
        act = stored.act
        self.context.messages.note(f"已存入 {count} 项整改任务", "撤销", lambda: self._undo(act))
        self.context.navigate(TASKS, Target(uids=stored.uids, said=f"读入《{stored.plan.source}》"))

    def _not_written(self, error: BaseException) -> None:
        self._writing = False
        self._compare()
        self.context.messages.failed(error)

    def _undo(self, act: str) -> None:
        who = self.context.workspace.operator.name

        def undone(result: Any) -> None:
            blocked = isinstance(result, Blocked)
            self.context.messages.note(
                "存入之后又有改动，请到变更记录里撤销。" if blocked else "已撤销存入。"
            )

        self.context.workers.write(lambda store: history.try_undo(store, act, who), undone)

    # ---- steps -------------------------------------------------------------------------------

    @property
    def step(self) -> int:
        return self.stack.currentIndex()

    def begin_again(self) -> None:
        self.document = self.plan = None
        self._go(START)
        self.start.choose.setFocus()

    def _go(self, step: int) -> None:
        self.stack.setCurrentIndex(step)
        self._say_head()

    def _say_head(self) -> None:
        reading_on = self.step == READ and self.document is not None
        self.again.setVisible(reading_on)
        self.store.setVisible(reading_on)
        why = self.context.workspace.why_not
        wanted = self._wanted()
        self.store.setEnabled(bool(wanted) and not why and not self._writing)
        self.store.setToolTip(why)
        self.head.say(self._said() if reading_on else "")

    def _wanted(self) -> int:
        if self.plan is None:
            return 0
        return sum(
            task.outcome in ("new", "changed") and number not in self.tasks.left_out
            for number, task in enumerate(self.plan.tasks)
        )

    def _said(self) -> str:
        if self.plan is None or self.document is None:
            return ""
        counts = self.plan.counts()
        parts = [f"读到 {len(self.plan.tasks)} 项"]
        parts += [
            f"{words} {counts[name]}"
            for name, words in (("new", "新增"), ("changed", "更新"))
            if counts[name]
        ]
        unsure = sum(doubtful(task_lines(item)) for item in self.document.items)
        parts += [f"{unsure} 处要看一看"] if unsure else []
        return " · ".join(parts)

    # ---- making ------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        hint = QLabel("点右边一行，左边亮出它的出处；点左边一处，右边找到它归在哪里。不要的任务去掉勾。")
        role(hint, "hint")
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.tasks, 1)
        column.addWidget(self.fields, 3)
        both = QSplitter(Qt.Orientation.Horizontal)
        both.addWidget(self.source)
        both.addWidget(right)
        both.setSizes([520, 600])
        both.setChildrenCollapsible(False)
        read = QWidget()
        inner = QVBoxLayout(read)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(8)
        inner.addWidget(hint)
        inner.addWidget(both, 1)
        for widget in (self.start, read):
            self.stack.addWidget(widget)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(10)
        outer.addWidget(self.head)
        outer.addWidget(self.stack, 1)
        self.busy.setParent(self)

    def _wire(self) -> None:
        self.setAcceptDrops(True)
        self.start.asked.connect(self.open_file)
        self.start.pasted.connect(self.open_text)
        self.again.clicked.connect(self.begin_again)
        self.store.clicked.connect(self.write)
        self.tasks.currentRowChanged.connect(self._show)
        self.tasks.itemChanged.connect(lambda _item: self._say_head())
        self.fields.chosen.connect(self._light)
        self.fields.corrected.connect(self._correct)
        self.source.pointed.connect(self._pointed)
        for keys, run in (("Ctrl+O", self.start.ask_file), ("Ctrl+S", self.write)):
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
