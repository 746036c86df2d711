"""The dialog of every act: what holds for all once, what differs by record in a grid, refusals beside them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QCloseEvent, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QWidget

from ledger_app.core.entity import Entity
from ledger_app.core.fields import Field
from ledger_app.services import saving
from ledger_app.services.act_preview import Preview
from ledger_app.services.acts import ActResult
from ledger_app.ui.dialogs.act_fields import Stated
from ledger_app.ui.dialogs.act_frame import MOST_ROWS, ActFrame
from ledger_app.ui.dialogs.act_kind import ActKind, counted, these
from ledger_app.ui.dialogs.act_kinds import KINDS
from ledger_app.ui.dialogs.act_records import ActRecords
from ledger_app.ui.places import PageContext, Target
from ledger_app.ui.theme import role

LOOK_AFTER_MS: Final = 150


class ActDialog(ActFrame):
    """`result_` is what was done, once it was done."""

    def __init__(
        self, context: PageContext, kind: ActKind, uids: Sequence[str], parent: QWidget | None
    ) -> None:
        super().__init__(context, kind, parent, several=len(uids) > 1)
        self._records = ActRecords(context, kind)
        self._columns: list[str] = []
        self._busy = False
        self.result_: ActResult | None = None
        self._soon = QTimer(self)
        self._wire()
        self._choose([*kind.always, *(kind.rows if len(uids) > 1 else ())])
        self.add(uids)
        self.fields.focus_first()

    # ---- records -----------------------------------------------------------------------------

    def add(self, uids: Sequence[str], unknown: Sequence[str] = ()) -> None:
        """More records; numbers the ledger does not know are listed too, refused by name."""
        self.model.add(self._records.rows(uids, unknown))
        if len(self.model.rows) > 1 and not self._columns:
            self._choose(self._kind.rows)
        if self._kind.now and len(self.model.rows) == 1:
            self.fields.show_now(self.model.rows[0].row)
        self.fit()
        self.look()

    def add_text(self, text: str) -> None:
        """A pasted list of numbers."""
        found = self._records.find(text)
        self.add(found.uids, found.unknown)

    def add_typed(self, text: str) -> None:
        """A number typed by hand; what is none is looked for in the list instead."""
        found = self._records.find(text)
        if found.uids:
            self.adder.clear()
            self.add(found.uids, found.unknown)
        else:
            self.said.setText(f"没有编号是“{text.strip()}”的{self._entity.label}，请从列表里选。")
            role(self.said, "error")

    def remove(self, places: Sequence[int]) -> None:
        self.model.remove(places)
        self.fit()
        self.look()

    # ---- looking -----------------------------------------------------------------------------

    def look(self) -> None:
        """Check what stands there: at once what can be read here, the records beside the window."""
        stated = self._stated()
        self.model.show_common(stated.facts)
        missing = self._missing()
        if missing or stated.in_the_way or not self._may_look():
            self._context.workers.cancel(self._channel)
            self._show(Preview(), self._what_lacks(missing, stated))
            return
        keys, wrong = self._keys()
        kind, each, today = self._kind, self.model.values(), self._context.workspace.today()
        ledger = self._context.workspace.ledger
        self._context.workers.read(
            lambda conn: kind.errand.look(ledger.store(conn), keys, stated.facts, each, today),
            partial(self._seen, wrong),
            channel=self._channel,
        )

    def _seen(self, wrong: int, preview: Preview) -> None:
        self._show(preview, preview.problem or self._said_of(wrong + len(preview.refused)))

    def _show(self, preview: Preview, said: str) -> None:
        self.model.show_preview(preview)
        self.table.fit_rows()
        if self.table.height() < self.table.height_of_rows(MOST_ROWS):
            self.fit()
        self.said.setText(said)
        role(self.said, "error" if preview.problem else "muted")
        self.effect.setText(preview.effect)
        self._name_button(len(preview.outcome))

    def _said_of(self, refused: int) -> str:
        if not refused or not self.model.rows:
            return ""
        rest = len(self.model.rows) - refused
        counter = self._entity.counter
        return f"{refused} {counter}不能办，原因写在后面；" + (
            f"其余 {rest} {counter}照办。" if rest > 0 else "没有可办的。"
        )

    def _what_lacks(self, missing: Sequence[str], stated: Stated) -> str:
        if not self.model.rows and not self._kind.may_be_none:
            return f"请先在下面加上要办的{self._entity.label}。"
        labels = [self.fields.fields[name].field.label for name in missing]
        if labels:
            return f"还要填写：{'、'.join(labels)}。"
        return "有的内容填得不对，请看红字。" if stated.in_the_way else ""

    def _name_button(self, can: int) -> None:
        word = self.fields.text(self._kind.by) if self._kind.by else ""
        ready = can > 0 or (not self.model.rows and bool(self.effect.text()))
        count = can or len(self.model.rows)
        words = self._kind.saying_go(word, these(self._kind.ledger, count)) if count else ""
        self.go.setText(words or self._kind.go_alone)
        self.go.setEnabled(ready and not self._busy)

    # ---- doing -------------------------------------------------------------------------------

    def do(self) -> None:
        """One act in the write worker; the dialog goes when it is done."""
        stated, missing = self._stated(), self._missing()
        self.fields.show_problems(stated, missing)
        if lacking := [*missing, *stated.in_the_way]:
            self.fields.focus(lacking[0])
            return
        if self._busy or not self._may_look():
            return
        self._busy = True
        self.go.setEnabled(False)
        keys, _ = self._keys()
        kind, each, space = self._kind, self.model.values(), self._context.workspace
        who, today = space.operator.name, space.today()
        job = lambda store: kind.errand.do(store, keys, stated.facts, each, who, today)  # noqa: E731
        self._context.workers.write(job, self._done, self._failed)

    def _done(self, result: ActResult) -> None:
        self._busy = False
        if result.act is None:
            self.look()
            return
        self.result_ = result
        self.accept()
        self._say_done(result)
        if self._kind.goes_to:
            self._context.navigate(self._kind.goes_to, Target(uid=result.done[0]))

    def _failed(self, error: BaseException) -> None:
        self._busy = False
        self.look()
        self._context.messages.failed(error)

    def _say_done(self, result: ActResult) -> None:
        word = self.fields.text(self._kind.by) if self._kind.by else ""
        count = counted(self._kind.goes_to or self._kind.ledger, len(result.done))
        text = self._kind.saying_done(word, count)
        left = len(self.model.rows) - len(self._keys()[0]) + len(result.refused)
        if left:
            text += f"，{left} {self._entity.counter}没有办"
        workers, who, act = self._context.workers, self._context.workspace.operator.name, str(result.act)
        self._context.messages.note(
            text, "撤销", lambda: workers.write(lambda store: saving.undo(store, act, who))
        )

    # ---- what stands there -------------------------------------------------------------------

    @property
    def _channel(self) -> str:
        return f"act {id(self)}"

    def _stated(self) -> Stated:
        return self.fields.stated()

    def _missing(self) -> list[str]:
        """A required fact may stand in the grid instead, where every record has its own."""
        opened = [one.name for one in self.model.each]
        values = self.model.values()
        by_row = [n for n in opened if all(n in values.get(row.key, {}) for row in self.model.rows)]
        return self.fields.missing(by_row)

    def _may_look(self) -> bool:
        return bool(self.model.rows) or self._kind.may_be_none

    def _keys(self) -> tuple[list[str], int]:
        """The records that can go on as they stand, and how many cannot for what was typed."""
        wrong = self.model.wrong()
        return [row.key for row in self.model.rows if row.key not in wrong], len(wrong)

    def _edited(self) -> None:
        self.fields.show_problems(self._stated())
        self._soon.start()

    def _choose(self, names: Sequence[str]) -> None:
        """Columns to be filled in by record: those of these that make sense now."""
        self._columns = list(names)
        fitting = set(self._kind.always) | set(self.fields.visible()) | set(self._kind.own)
        asked = {one.name: one for one in self._kind.asked()}
        wanted = [n for n in self._kind.columns_by_record if n in names and n in fitting]
        if wanted != [one.name for one in self.model.each]:
            self.model.set_each([asked[name] for name in wanted])

    def _arranged(self) -> None:
        self._choose(self._columns)
        self.fit()

    def _fill_menu(self) -> None:
        menu = self.each.menu()
        menu.clear()
        opened = self._columns
        labels: dict[str, Field] = {one.name: one for one in self._kind.asked()}
        for name in self._kind.each:
            action = menu.addAction(labels[name].label)
            action.setCheckable(True)
            action.setChecked(name in opened)
            rest = [n for n in opened if n != name]
            wanted = rest if name in opened else [*opened, name]
            action.triggered.connect(lambda _checked, w=wanted: self._choose_columns(w))

    def _choose_columns(self, names: Sequence[str]) -> None:
        self._choose(names)
        self.look()

    # ---- making ------------------------------------------------------------------------------

    def _wire(self) -> None:
        self._soon.setSingleShot(True)
        self._soon.setInterval(LOOK_AFTER_MS)
        self._soon.timeout.connect(self.look)
        self.fields.edited.connect(self._edited)
        self.fields.arranged.connect(self._arranged)
        self.back.clicked.connect(self.reject)
        self.each.menu().aboutToShow.connect(self._fill_menu)
        self.model.edited.connect(self._soon.start)
        self.table.removed.connect(self.remove)
        self.table.pasted_codes.connect(self.add_text)
        self.adder.added.connect(lambda uid: self.add([uid]))
        self.adder.entered.connect(self.add_typed)
        self.adder.pasted.connect(self.add_text)
        self.go.clicked.connect(self.do)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self, self.do)

    # ---- leaving -----------------------------------------------------------------------------

    def done(self, result: int) -> None:
        """Whatever is still being looked at is no longer wanted; going, the dialog leaves its last field."""
        self.fields.blockSignals(True)
        super().done(result)
        self._soon.stop()
        self._context.workers.cancel(self._channel)

    def reject(self) -> None:
        """Esc: all stays as it was; asked once where something was filled in."""
        if self._busy:
            return
        filled = self.fields.changed or any(row.typed for row in self.model.rows)
        if filled and self._context.messages.choose("还没有办理", "填的内容不会保留。", ("不办了",)) != 0:
            return
        super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        self.reject()
        event.setAccepted(not self.isVisible())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter in a field goes on to the next one."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.focusNextChild()
        else:
            super().keyPressEvent(event)


def open_act(name: str, context: PageContext, _entity: Entity, uids: Sequence[str]) -> ActResult | None:
    """Ask for an act on the chosen records and do it; what was done, or None."""
    if why := context.workspace.why_not:
        context.messages.tell(why)
        return None
    dialog = ActDialog(context, KINDS[name], uids, QApplication.activeWindow())
    dialog.exec()
    return dialog.result_
