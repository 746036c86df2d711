"""The record beside the table: to be read; F2 opens it, Ctrl+S saves, Esc leaves all as it was."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from ledger_app.core.entity import Entity
from ledger_app.db.queries import listing
from ledger_app.ui.places import ActionSpec, PageContext, Target
from ledger_app.ui.record_view import RecordHead, RecordView, record_title
from ledger_app.ui.theme import role

if TYPE_CHECKING:
    from ledger_app.services.records import Typed
    from ledger_app.services.saving import Saved
    from ledger_app.ui.form import Form
    from ledger_app.ui.record_saver import RecordSaver

NARROWEST: Final = 330
ACTS_SHOWN: Final = 1
PREPARE_AFTER_MS: Final = 600
Row = dict[str, Any]


class RecordPane(QFrame):
    """Reads by `show_uid`, writes by `begin_new` and `begin_edit`."""

    saved = Signal(str)  # uid
    edit_asked = Signal()
    left = Signal()  # the form was left

    def __init__(self, context: PageContext, entity: Entity) -> None:
        super().__init__()
        role(self, "record")
        self.setMinimumWidth(NARROWEST)
        self._context = context
        self._entity = entity
        self._row: Row | None = None
        self._form: Form | None = None
        self._new = False
        self._saver: RecordSaver | None = None
        self.head = RecordHead(entity, context.theme)
        self.view = RecordView(entity, context.theme)
        self.view.followed.connect(lambda ledger, uid: context.navigate(ledger, Target(uid=uid)))
        self.nothing = QLabel(f"在左边选一{entity.counter}，这里显示它的内容。")
        role(self.nothing, "muted")
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.view)
        self.stack.addWidget(self.nothing)
        self.foot = Foot(context.extras_of(entity).acts, self._run)
        self._lay_out()
        self.show_uid("")

    # ---- reading -----------------------------------------------------------------------------

    @property
    def uid(self) -> str:
        return self._row["_id"] if self._row else ""

    @property
    def title(self) -> str:
        return self.head.title.text()

    def show_uid(self, uid: str) -> None:
        """Show a record, unless one is being edited."""
        if not self.editing:
            self._row = self._fetch(uid) if uid else None
            self._show()

    def refresh(self) -> None:
        self.show_uid(self.uid)

    def _show(self) -> None:
        row = self._row
        self.head.setVisible(row is not None)
        self.stack.setCurrentWidget(self.view if row else self.nothing)
        if row:
            extras = self._context.extras_of(self._entity)
            screen = self._context.workspace.screen
            self.head.show_row(row, extras.facts(screen, row["_id"]) if extras.facts else ())
            self.view.show_row(row, self._sections(row["_id"]))
        self.foot.show_for(reading=row is not None, may_write=self._context.workspace.may_write)

    def _fetch(self, uid: str) -> Row | None:
        conn = self._context.workspace.screen
        row_id = listing.row_id(conn, self._entity, uid)
        if row_id is None:
            return None
        return next(iter(listing.page(conn, self._context.registry, self._entity, [row_id])), None)

    def _sections(self, uid: str) -> list[tuple[str, QWidget]]:
        sections = self._context.extras_of(self._entity).sections
        made = ((s.title, s.make(self._context, self._entity, uid)) for s in sections)
        return [(title, widget) for title, widget in made if widget]

    def _run(self, act: ActionSpec) -> None:
        act.run(self._context, self._entity, [self.uid] if self._row else [])

    # ---- writing -----------------------------------------------------------------------------

    @property
    def saver(self) -> RecordSaver:
        if self._saver is None:
            from ledger_app.ui.record_saver import RecordSaver  # noqa: PLC0415 - start-up time

            self._saver = RecordSaver(self._context, self._entity, self)
        return self._saver

    @property
    def form(self) -> Form:
        """Made when it is first needed: a ledger is mostly read."""
        if self._form is None:
            from ledger_app.ui.form import Form  # noqa: PLC0415 - start-up time

            self._form = Form(self._context, self._entity)
            self._form.edited.connect(lambda: self._context.unsaved(True))
            self.stack.addWidget(self._form)
        return self._form

    def prepare(self) -> None:
        """Make the form while nothing else is to do, so that F2 opens it at once."""
        QTimer.singleShot(PREPARE_AFTER_MS, self, self._prepare)

    def _prepare(self) -> None:
        if self.window().isVisible():
            self.form.build_in_idle()

    @property
    def editing(self) -> bool:
        return self._form is not None and self.stack.currentWidget() is self._form

    def begin_new(self, above: Row | None = None) -> None:
        """An empty form; `above` is the record one may copy from."""
        if self._may_write():
            self._open(None, above)

    def begin_edit(self, above: Row | None = None) -> None:
        if self._row and not self.editing and self._may_write():
            self._open(self._row, above)

    def store(self) -> bool:
        """Save what was typed; False where the clerk has to look at the form again."""
        if not self.editing:
            return False
        if not self.form.changed:
            self.leave_form()
            return True
        return self.saver.store(self.form, None if self._new else self._row, self._stored)

    def give_up(self) -> None:
        """Esc: all stays as it was; what was typed can be had back for a moment."""
        if self.editing:
            row = None if self._new else self._row
            typed = {n: self.form.fields[n].typed() for n in self.form.changed_names()}
            self.leave_form()
            if typed:
                back = partial(self._take_back, row, typed)
                self._context.messages.note("已放弃修改", "恢复填的内容", back)

    def _take_back(self, row: Row | None, typed: dict[str, Typed]) -> None:
        self._open(row, None)
        for name, each in typed.items():
            self.form.fields[name].put(each)

    def _copy_record(self) -> None:
        self.form.copy_record()

    def leave_form(self) -> None:
        if self.editing:
            self._close_form()
            self._show()
            self.left.emit()

    def settle(self) -> bool:
        """Ask once about unsaved work. False: the clerk wants to go on with it."""
        if not self.editing or not self.form.changed:
            self.leave_form()
            return True
        text = f"{self.title} 的修改还没有保存。"
        answer = self._context.messages.choose("还没有保存", text, ("保存", "放弃修改"))
        if answer == 1:
            self.leave_form()
        return answer == 1 or (answer == 0 and self.store())

    def _open(self, row: Row | None, above: Row | None) -> None:
        self._new = row is None
        self.form.load(row, above)
        self.stack.setCurrentWidget(self.form)
        self.head.show_title(record_title(self._entity, row) if row else f"登记{self._entity.label}")
        self.head.show()
        self.foot.show_for(reading=False, editing=True, copying=self._new and above is not None)
        self.form.focus_first()

    def _close_form(self) -> None:
        self.stack.setCurrentWidget(self.view)
        self._new = False
        self._context.unsaved(False)

    def _stored(self, saved: Saved) -> None:
        self._close_form()
        self.show_uid(saved.uid)
        self.saver.offer_undo(saved, f"已保存 {self.title}")
        self.saved.emit(saved.uid)

    def _may_write(self) -> bool:
        if why := self._context.workspace.why_not:
            self._context.messages.tell(why)
        return not why

    # ---- making ------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(self.stack, 1)
        column.addWidget(self.foot)
        self.foot.edit.clicked.connect(self.edit_asked)
        self.foot.save.clicked.connect(self.store)
        self.foot.cancel.clicked.connect(self.give_up)
        self.foot.same.clicked.connect(self._copy_record)
        for keys, run in (("Ctrl+S", self.store), ("Esc", self.give_up)):
            shortcut = QShortcut(QKeySequence(keys), self, run)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)


class Foot(QWidget):
    """The buttons below a record: acts on the left, the one that is meant most on the right."""

    def __init__(self, acts: Sequence[ActionSpec], run: Callable[[ActionSpec], object]) -> None:
        super().__init__()
        self._run = run
        self._acts = [act for act in acts if act.needs != "none"]
        self._made: list[QPushButton] = []
        self.edit, self.save = QPushButton("修改 F2"), QPushButton("保存 Ctrl+S")
        self.cancel, self.same = QPushButton("放弃 Esc"), QPushButton("照抄上一条")
        role(self.edit, "primary")
        role(self.save, "primary")
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 10, 16, 12)
        row.setSpacing(8)
        for act in self._acts[:ACTS_SHOWN]:
            row.addWidget(self._button(act))
        if self._acts[ACTS_SHOWN:]:
            row.addWidget(self._more())
        row.addWidget(self.same)
        row.addStretch()
        for button in (self.cancel, self.edit, self.save):
            row.addWidget(button)

    def show_for(
        self, *, reading: bool, editing: bool = False, copying: bool = False, may_write: bool = True
    ) -> None:
        self.edit.setVisible(reading and may_write)
        for button in self._made:
            button.setVisible(reading)
            button.setEnabled(may_write)
        self.save.setVisible(editing)
        self.cancel.setVisible(editing)
        self.same.setVisible(copying)

    def _button(self, act: ActionSpec) -> QPushButton:
        button = QPushButton(act.label)
        button.setToolTip(act.hint)
        button.clicked.connect(lambda: self._run(act))
        self._made.append(button)
        return button

    def _more(self) -> QPushButton:
        button = QPushButton("更多 ▾")
        menu = QMenu(button)
        for act in self._acts[ACTS_SHOWN:]:
            menu.addAction(act.label, lambda a=act: self._run(a))
        button.setMenu(menu)
        self._made.append(button)
        return button
