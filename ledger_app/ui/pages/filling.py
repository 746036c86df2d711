"""填上级表格: a form with the proposal in it, corrected, filled into a copy, and remembered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QDragEnterEvent, QDropEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QCheckBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QSplitter,
    QStackedWidget,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from ledger_app.core.errors import LedgerError
from ledger_app.core.periods import parse_period
from ledger_app.services import filling, form_picture
from ledger_app.services.filling import Done, Form, FormChoices, Proposal
from ledger_app.services.filling_words import columns_of, result_lines
from ledger_app.services.form_picture import Picture
from ledger_app.ui.busy import Busy
from ledger_app.ui.page_head import PageHead
from ledger_app.ui.pages.filling_columns import ColumnsPane
from ledger_app.ui.pages.filling_grid import FormGrid
from ledger_app.ui.pages.filling_start import FillingStart, Quiet, dropped_form, form_periods
from ledger_app.ui.places import Page, PageContext, Target
from ledger_app.ui.theme import role

START, SHOWN = range(2)
ZOOMS: Final = (100, 75, 50)
_UNSAFE: Final = '\\/:*?"<>|\n'


@dataclass(frozen=True, slots=True)
class Shown:
    """A proposal and its picture, made together beside the window."""

    proposal: Proposal
    picture: Picture


class FillingPage(Page):
    """The form is read once and proposed again after every correction; nothing is written before 填好."""

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self.context = context
        self.ledgers = frozenset(context.registry.names)
        self.form: Form | None = None
        self.shown: Shown | None = None
        self.choices = FormChoices()
        self.start = FillingStart(context.theme, context.registry, context.settings)
        self.grid = FormGrid(context.theme)
        self.columns = ColumnsPane(context.theme)
        self.notes, self.done = QListWidget(), QListWidget()
        self.tabs = QTabWidget()
        self.period = Quiet()
        for key, label in form_periods(context.workspace.today()):
            self.period.addItem(label, key)
        self.masked = QCheckBox("遮挡身份证号、电话")
        self.masked.setChecked(True)
        self.keep = QCheckBox("记住各列填什么，下次照用")
        self.keep.setChecked(True)
        self.zoom = Quiet()
        for percent in ZOOMS:
            self.zoom.addItem(f"{percent}%", percent)
        self.busy = Busy(context.workers)
        self.stack = QStackedWidget()
        self.head = PageHead("填上级表格")
        self.again = self.head.add_button("填另一张")
        self.fill = self.head.add_button("填好，存为……", primary=True)
        self._lay_out()
        self._wire()
        self._go(START)

    # ---- from elsewhere ----------------------------------------------------------------------

    def go_to(self, target: Target) -> None:
        """`said`: the path of a form to fill."""
        if target.said:
            self.open_file(Path(target.said))

    def refresh(self) -> None:
        """The ledger has changed: propose again."""
        if self.form:
            self._propose()

    # ---- proposing ---------------------------------------------------------------------------

    def open_file(self, path: Path) -> None:
        """Read a form and show how it would be filled."""
        self.start.say("")
        self.choices = FormChoices(ledger=self.start.ledger.currentData() or None)
        self._begin(f"正在看 {path.name}")
        registry = self.context.registry
        self.busy.watch(
            self.context.workers.read_long(
                f"看 {path.name}",
                lambda _conn, _progress: filling.open_form(path, registry),
                self._opened,
                self._failed,
            )
        )

    def _opened(self, form: Form) -> None:
        self.form = form
        self._propose()

    def _propose(self) -> None:
        form, choices, space = self.form, self.choices, self.context.workspace
        if form is None:
            return
        choices = replace(choices, masked=self.masked.isChecked())
        period = parse_period(self.period.currentData())
        registry, today = self.context.registry, space.today()

        def job(conn: Any) -> Shown:
            proposal = filling.propose(conn, registry, form, period, today, choices)
            return Shown(proposal, form_picture.picture(conn, proposal))

        self.context.workers.read(job, self._proposed, self._failed, channel=f"form {id(self)}")

    def _proposed(self, shown: Shown) -> None:
        self.busy.end()
        self.shown = shown
        proposal = shown.proposal
        fields = form_picture.field_choices(proposal.listing.ledger)
        self.columns.show_columns(columns_of(proposal), fields)
        self.grid.show_picture(shown.picture)
        self._list(self.notes, proposal.notes())
        self.tabs.setTabText(1, f"要留意的（{self.notes.count()}）")
        if self.stack.currentIndex() == START:
            self.tabs.setCurrentIndex(0)
            self.done.clear()
            self._go(SHOWN)
        self._say_head()

    def _failed(self, error: BaseException) -> None:
        self.busy.end()
        if isinstance(error, LedgerError) and self.stack.currentIndex() == START:
            self.form = None
            self.start.say(error.text)
        else:
            self.context.messages.failed(error)

    # ---- correcting --------------------------------------------------------------------------

    def choose_column(self, letter: str, field: str) -> None:
        """Fill a column with another field, or with nothing. A field stands in one column only."""
        columns = {at: name for at, name in self.choices.columns.items() if name != field or not name}
        self.choices = replace(self.choices, columns=columns | {letter: field})
        self._propose()

    def write_cell(self, row: int, column: int, text: str) -> None:
        """The clerk's own words in a cell outside the rows of records."""
        cells = dict(self.choices.cells) | {(row, column): text.strip()}
        self.choices = replace(self.choices, cells=cells)
        self._propose()

    # ---- filling -----------------------------------------------------------------------------

    def ask_where(self) -> None:
        if self.form is None or self.shown is None:
            return
        start = str(self.form.path.with_name(self._file_name()))
        name, _ = QFileDialog.getSaveFileName(self, "填好的表存为", start, f"*{self.form.path.suffix}")
        if name:
            self.fill_to(Path(name).with_suffix(self.form.path.suffix))

    def fill_to(self, out: Path) -> None:
        """Fill the form as it is shown into a file of its own."""
        if self.shown is None:
            return
        proposal = self.shown.proposal
        self._begin(f"正在填 {out.name}")
        self.busy.watch(
            self.context.workers.read_long(
                f"填 {out.name}",
                lambda conn, progress: filling.fill_form(conn, proposal, out, progress),
                self._filled,
                self._failed,
            )
        )

    def _filled(self, done: Done) -> None:
        self.busy.end()
        self._list(self.done, [*done.notes, *result_lines(done.result)])
        self.tabs.setCurrentIndex(2)
        out = done.result.out
        url = QUrl.fromLocalFile(str(out))
        self.context.messages.note(
            f"已填 {done.rows} 行，存到 {out.name}。", "打开", lambda: QDesktopServices.openUrl(url)
        )
        if self.keep.isChecked() and self.context.workspace.may_write:
            self._remember(done.proposal)

    def _remember(self, proposal: Proposal) -> None:
        name = proposal.profile.name if proposal.profile else filling.name_of(proposal)
        who = self.context.workspace.operator.name
        self.context.workers.write(lambda store: filling.remember(store, proposal, name, who))

    def _file_name(self) -> str:
        if self.form is None or self.shown is None:
            return ""
        stem = f"{self.form.path.stem}（{self.shown.proposal.period.label}）{self.form.path.suffix}"
        return "".join(sign for sign in stem if sign not in _UNSAFE)

    # ---- steps -------------------------------------------------------------------------------

    def begin_again(self) -> None:
        self.form = self.shown = None
        self.choices = FormChoices()
        self._go(START)
        self.start.choose.setFocus()

    def _go(self, step: int) -> None:
        self.stack.setCurrentIndex(step)
        self._say_head()

    def _say_head(self) -> None:
        on = self.stack.currentIndex() == SHOWN and self.shown is not None
        self.again.setVisible(on)
        self.fill.setVisible(on)
        self.keep.setEnabled(self.context.workspace.may_write)
        if on and self.shown and self.form:
            proposal = self.shown.proposal
            entity = proposal.listing.ledger.entity
            self.head.say(
                f"{self.form.path.name} · {entity.label} {len(proposal.chosen.ids)} {entity.counter}"
            )
        else:
            self.head.say("")

    def _begin(self, words: str) -> None:
        self.busy.begin(words)
        self._place_busy()

    # ---- making ------------------------------------------------------------------------------

    @staticmethod
    def _list(where: QListWidget, lines: Sequence[str]) -> None:
        where.clear()
        where.addItems(list(lines))

    def _lay_out(self) -> None:
        for said in (self.notes, self.done):
            said.setWordWrap(True)
            said.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.tabs.addTab(self.columns, "各列填什么")
        self.tabs.addTab(self.notes, "要留意的")
        self.tabs.addTab(self.done, "填了什么")
        both = QSplitter(Qt.Orientation.Horizontal)
        both.addWidget(self.grid)
        both.addWidget(self.tabs)
        both.setSizes([760, 380])
        both.setChildrenCollapsible(False)
        shown = QWidget()
        inner = QVBoxLayout(shown)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(8)
        inner.addLayout(self._choices_line())
        inner.addWidget(both, 1)
        self.stack.addWidget(self.start)
        self.stack.addWidget(shown)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(10)
        outer.addWidget(self.head)
        outer.addWidget(self.stack, 1)
        self.busy.setParent(self)

    def _choices_line(self) -> QHBoxLayout:
        hint = QLabel("蓝：台账里的记录　黄：填上的空，双击可改")
        role(hint, "muted")
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(QLabel("统计期"))
        line.addWidget(self.period)
        line.addWidget(self.masked)
        line.addWidget(self.keep)
        line.addWidget(self.zoom)
        line.addStretch(1)
        line.addWidget(hint)
        return line

    def _wire(self) -> None:
        self.setAcceptDrops(True)
        self.start.asked.connect(self.open_file)
        self.again.clicked.connect(self.begin_again)
        self.fill.clicked.connect(self.ask_where)
        self.period.activated.connect(self._propose)
        self.masked.toggled.connect(self._propose)
        self.zoom.activated.connect(lambda _index: self.grid.zoom(self.zoom.currentData()))
        self.columns.chosen.connect(self.choose_column)
        self.grid.column_pointed.connect(self.columns.point_at)
        self.grid.written.connect(self.write_cell)
        for keys, run in (("Ctrl+O", self.start.ask_file), ("Ctrl+S", self.ask_where)):
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
        if dropped_form(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        if path := dropped_form(event.mimeData()):
            event.acceptProposedAction()
            self.open_file(path)
