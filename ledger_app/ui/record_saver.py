"""From a filled form to an act: asks how it is meant, writes it, offers to take it back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from ledger_app.core.entity import Entity
from ledger_app.core.fields import Code, Text
from ledger_app.services import saving
from ledger_app.services.records import Checked
from ledger_app.services.saving import Saved
from ledger_app.ui.columns import edit_text
from ledger_app.ui.form import Form
from ledger_app.ui.places import PageContext
from ledger_app.ui.save_choice import SaveChoice

Row = dict[str, Any]
Job = Callable[[Any], Saved]
CORRECTED = "录错更正"


@dataclass(frozen=True, slots=True)
class Meant:
    """How a change is meant: from a day on, or (None) it was always so; and why."""

    since: date | None
    why: str


class RecordSaver(QObject):
    """Writes what a form of one ledger holds."""

    def __init__(self, context: PageContext, entity: Entity, window: QWidget) -> None:
        super().__init__(window)
        self._context = context
        self._entity = entity
        self._window = window

    def store(self, form: Form, row: Row | None, done: Callable[[Saved], object]) -> bool:
        """Save a new record (row None) or the changes of one. False: something is in the way, or the
        clerk went back to the form."""
        checked = form.check()
        if checked.in_the_way:
            form.go_to_problem(checked)
            return False
        job = self._new(form, checked) if row is None else self._changed(form, row, checked)
        if job is None:
            return False
        self._context.workers.write(job, done)
        return True

    def void(self, uid: str, named: str, done: Callable[[Saved], object]) -> None:
        """作废(录错), where nothing stands on the record."""
        entity, who, messages = self._entity, self._who, self._context.messages
        conn = self._context.workspace.screen
        if said := saving.standing_on(conn, self._context.registry, entity, uid):
            text = f"{named} {said}，不能作废。\n请先处理它们；如果只是录错了内容，请用“修改”更正。"
            messages.tell(text)
            return
        text = f"{named} 是录错的、本来就不该有？作废后列表里不再有它，变更记录里一直查得到。"
        why = messages.reason("作废（录错）", text, "作废这条记录")
        if why:
            self._context.workers.write(lambda store: saving.void(store, entity, uid, who, why), done)

    def offer_undo(self, saved: Saved, text: str) -> None:
        """A line at the foot of the window, from which the act can be taken back."""
        workers, who = self._context.workers, self._who
        self._context.messages.note(
            text, "撤销", lambda: workers.write(lambda store: saving.undo(store, saved.act, who))
        )

    @property
    def _who(self) -> str:
        return self._context.workspace.operator.name

    def _new(self, form: Form, checked: Checked) -> Job:
        entity, who, today, why = self._entity, self._who, self._context.workspace.today(), form.reasons()
        return lambda store: saving.save_new(store, entity, checked, who, today, why)

    def _changed(self, form: Form, row: Row, checked: Checked) -> Job | None:
        entity, who, uid = self._entity, self._who, row["_id"]
        meant = self._ask(form, row)
        if meant is None:
            return None
        since, why = meant.since, "；".join(part for part in (meant.why, form.reasons()) if part)
        if since is None:
            return lambda store: saving.correct(store, entity, uid, checked, who, why or CORRECTED)
        today = self._context.workspace.today()
        return lambda store: saving.change(
            store, entity, uid, checked, who, since=since, today=today, why=why
        )

    def _ask(self, form: Form, row: Row) -> Meant | None:
        """Facts of reports are asked about; names, remarks and telephones are just put right."""
        changed = [self._entity.field(name) for name in form.changed_names()]
        if all(isinstance(f, Text) and not isinstance(f, Code) for f in changed):
            return Meant(None, "")
        dialog = SaveChoice(self._window, changes_said(form, row), self._context.workspace.context)
        return Meant(dialog.since, dialog.why) if dialog.exec() else None


def changes_said(form: Form, row: Row) -> list[str]:
    """井深：101 → 120 m, one line a changed field."""
    said = []
    for name in form.changed_names():
        field = form.fields[name].field
        was, now = edit_text(field, row.get(name)) or "空", form.fields[name].typed().text.strip() or "空"
        said.append(f"{field.label}：{was} → {now} {field.unit_label}".rstrip())
    return said
