"""The form of any ledger: groups of fields, read when they are left, checked whole before they are saved."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QApplication, QGridLayout, QScrollArea, QVBoxLayout, QWidget

from ledger_app.core.entity import Entity
from ledger_app.core.errors import Problem
from ledger_app.core.fields import Code, Coordinate, Field, Links, ReadContext, Ref
from ledger_app.services import records
from ledger_app.services.records import Checked, Suggestion, Typed
from ledger_app.ui.columns import edit_text
from ledger_app.ui.editors import LinesEditor
from ledger_app.ui.form_field import FormField
from ledger_app.ui.places import PageContext
from ledger_app.ui.record_view import WIDE, group_heading
from ledger_app.ui.theme import role

Row = dict[str, Any]
FIELDS_AT_ONCE: Final = 4


class Form(QScrollArea):
    """`load` a record (None: a new one), let the clerk type, `check` it. Nothing is written here."""

    edited = Signal()

    def __init__(self, context: PageContext, entity: Entity) -> None:
        super().__init__()
        self._context = context
        self._entity = entity
        self._row: Row | None = None
        self.above: Row | None = None
        self.fields: dict[str, FormField] = {}
        self._groups: dict[str, tuple[QGridLayout, list[FormField]]] = {}
        self._pending: list[Field] = []
        self._columns = 1
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._build()
        again = QShortcut(QKeySequence("Ctrl+D"), self, self.copy_field)
        again.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)

    def load(self, row: Row | None, above: Row | None = None) -> None:
        """`above` is the record one may copy from."""
        self._make(len(self._pending))
        self._row, self.above = row, above
        for field in self.fields.values():
            field.load(row)
        self.verticalScrollBar().setValue(0)

    def focus_first(self) -> None:
        first = next(iter(self.fields.values()))
        QTimer.singleShot(0, first.editor.setFocus)

    @property
    def changed(self) -> bool:
        return any(field.changed for field in self.fields.values())

    def changed_names(self) -> list[str]:
        return [name for name, field in self.fields.items() if field.changed]

    def reasons(self) -> str:
        """Why doubtful values stay, for the change log."""
        return "；".join(field.because for field in self.fields.values() if field.because)

    # ---- checking ----------------------------------------------------------------------------

    def check(self) -> Checked:
        """Everything typed, with every problem shown beside its field."""
        checked = self._checked()
        for name, field in self.fields.items():
            field.show_problem(_worst(checked.problems, name))
        return checked

    def go_to_problem(self, checked: Checked) -> None:
        """To the first field that is in the way."""
        wrong = {p.field for p in checked.in_the_way}
        first = next((field for name, field in self.fields.items() if name in wrong), None)
        if first:
            self.ensureWidgetVisible(first)
            first.editor.setFocus()

    def _checked(self) -> Checked:
        context = self._context
        return records.check(
            context.workspace.screen,
            context.registry,
            self._entity,
            self._typed(),
            context.workspace.context,
            self._row,
        )

    def _typed(self) -> Mapping[str, Typed]:
        """All fields that say something of a new record; those that changed of an old one."""
        if self._row is not None:
            return {name: self.fields[name].typed() for name in self.changed_names()}
        typed = {name: field.typed() for name, field in self.fields.items()}
        return {name: each for name, each in typed.items() if each.text.strip()}

    def _left(self, _name: str) -> None:
        """A field was left: it says what is wrong with it, and so do those it was read together with."""
        checked = self._checked()
        for name, field in self.fields.items():
            if field.touched:
                field.show_problem(_worst(checked.problems, name))

    # ---- choosing and copying ----------------------------------------------------------------

    def _ask(self, ref: Ref) -> Callable[[str, Callable[[Sequence[Suggestion]], object]], object]:
        registry, entity = self._context.registry, self._entity

        def ask(text: str, answer: Callable[[Sequence[Suggestion]], object]) -> None:
            cells = self._checked().cells if ref.within else {}
            if ref.within and self._row is not None:
                cells = {f"{ref.within}_uid": self._row.get(f"{ref.within}_uid")} | cells
            self._context.workers.read(
                lambda conn: records.suggest(conn, registry, entity, ref, text, cells),
                answer,
                channel=f"suggest {id(self)}",
            )

        return ask

    def _chosen(self, name: str, uid: str) -> None:
        """Pick one thing and the rest fills itself: only what is still empty, and what it lies within."""
        ref = self._entity.field(name)
        if not isinstance(ref, Ref):
            return
        conn = self._context.workspace.screen
        filled = records.fill_from(conn, self._context.registry, self._entity, ref, uid)
        for other, typed in filled.items():
            if not self.fields[other].typed().text.strip() or other == ref.within:
                self.fields[other].put(typed)
        self.fields[name].touched = True
        self._left(name)

    def copy_field(self) -> None:
        """The value of the record above into the field one is in."""
        focus = QApplication.focusWidget()
        field = next((f for f in self.fields.values() if f.editor is focus or f.isAncestorOf(focus)), None)
        if field and self.above:
            self._copy(field)

    def copy_record(self) -> None:
        """All that neighbouring records have in common: not numbers, positions and links."""
        for field in self.fields.values():
            own = isinstance(field.field, Code | Coordinate | Links) or field.field.name in self._entity.key
            if self.above and not own and not field.typed().text.strip():
                self._copy(field)

    def _copy(self, field: FormField) -> None:
        row = self.above or {}
        uid = str(row.get(field.field.uid_column) or "") if isinstance(field.field, Ref) else ""
        text = edit_text(field.field, row.get(field.field.name))
        if text:
            field.put(Typed(text, uid))

    # ---- building ----------------------------------------------------------------------------

    def build_in_idle(self) -> None:
        """Make what is still to be made, a few fields at a time between other events."""
        if self._pending and self.window().isVisible():
            self._make(FIELDS_AT_ONCE)
            QTimer.singleShot(0, self, self.build_in_idle)

    def _build(self) -> None:
        """The frame of the form; its fields come in `_make`."""
        inner = QWidget()
        role(inner, "plain")
        column = QVBoxLayout(inner)
        column.setContentsMargins(16, 0, 12, 12)
        column.setSpacing(6)
        for group in dict.fromkeys(f.group for f in self._entity.fields):
            column.addWidget(group_heading(group))
            grid = QGridLayout()
            grid.setHorizontalSpacing(24)
            grid.setVerticalSpacing(6)
            column.addLayout(grid)
            self._groups[group] = (grid, [])
        column.addStretch()
        self._pending = list(self._entity.fields)
        self.setWidget(inner)

    def _make(self, most: int) -> None:
        made, self._pending = self._pending[:most], self._pending[most:]
        context = self._context.workspace.context
        for field in made:
            self._groups[field.group][1].append(self._field(field, context))
        for group in {f.group for f in made}:
            self._arrange(group)

    def _arrange(self, group: str) -> None:
        """One field beside the other where the form is wide; long texts take the whole line."""
        grid, fields = self._groups[group]
        columns, at = self._columns, 0
        for field in fields:
            whole = isinstance(field.editor, LinesEditor)
            at += -at % columns if whole else 0
            grid.addWidget(field, at // columns, at % columns, 1, columns if whole else 1)
            field.ensurePolished()
            at += columns if whole else 1
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1 if columns > 1 else 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        columns = 2 if self.width() >= WIDE else 1
        if columns != self._columns:
            self._columns = columns
            for group in self._groups:
                self._arrange(group)

    def _field(self, field: Field, context: ReadContext) -> FormField:
        required = field.required and field.name != records.number_field(self._entity)
        ask = self._ask(field) if isinstance(field, Ref) else _no_one
        made = FormField(field, context, self._context.theme, ask, required=required)
        made.edited.connect(lambda _: self.edited.emit())
        made.left.connect(self._left)
        made.chosen.connect(self._chosen)
        self.fields[field.name] = made
        return made


def _no_one(_text: str, _answer: Any) -> None:
    """Fields that refer to nothing ask no one."""


def _worst(problems: Sequence[Problem], name: str) -> Problem | None:
    order = ("refuse", "confirm", "info")
    own = [p for p in problems if p.field == name]
    return min(own, key=lambda p: order.index(p.severity), default=None)
