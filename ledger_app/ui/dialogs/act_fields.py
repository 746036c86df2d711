"""What an act asks once for all its records: fields in two columns, the rarer ones folded away."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QGridLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from ledger_app.core.errors import Problem
from ledger_app.core.fields import Field, Ref
from ledger_app.services import records
from ledger_app.services.records import Suggestion, Typed
from ledger_app.ui.dialogs.act_kind import TODAY, ActKind
from ledger_app.ui.editors import LineEditor, edit_text
from ledger_app.ui.form_field import FormField
from ledger_app.ui.places import PageContext
from ledger_app.ui.theme import role

COLUMNS: Final = 2


@dataclass
class Stated:
    """What the fields hold: values by name (a chosen record's uid under `<name>_uid`), and what is wrong."""

    facts: dict[str, Any] = field(default_factory=dict)
    problems: dict[str, Problem] = field(default_factory=dict)

    @property
    def in_the_way(self) -> list[str]:
        return [name for name, p in self.problems.items() if p.severity != "info"]


class ActFields(QWidget):
    """`edited` is said at every key; `stated()` reads what stands there now."""

    edited = Signal()
    arranged = Signal()  # it is taller or shorter now

    def __init__(self, context: PageContext, kind: ActKind, *, several: bool) -> None:
        super().__init__()
        role(self, "plain")
        self._context = context
        self._kind = kind
        self._open = False
        hidden = {*kind.always, *(kind.own if several else ())}
        self.fields = {one.name: self._made(one) for one in kind.asked() if one.name not in hidden}
        self.more = QPushButton()
        role(self.more, "link")
        self.more.clicked.connect(self._toggle)
        self.grid = QGridLayout()
        self.grid.setHorizontalSpacing(24)
        self.grid.setVerticalSpacing(6)
        for column in range(COLUMNS):
            self.grid.setColumnStretch(column, 1)
        below = QVBoxLayout(self)
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(6)
        below.addLayout(self.grid)
        below.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self._preset()
        self.rearrange()

    # ---- what stands there -------------------------------------------------------------------

    def text(self, name: str) -> str:
        return self.fields[name].editor.text().strip() if name in self.fields else ""

    @property
    def changed(self) -> bool:
        return any(each.changed for each in self.fields.values())

    def stated(self) -> Stated:
        found = Stated()
        for name in self.visible():
            self._read(self.fields[name], found)
        return found

    def missing(self, by_record: Sequence[str] = ()) -> list[str]:
        """Required fields that say nothing; those that stand in columns may say it there."""
        wanted = (name for name in self.visible() if self.fields[name].field.required)
        return [name for name in wanted if not self.text(name) and name not in by_record]

    def show_problems(self, found: Stated, missing: Sequence[str] = ()) -> None:
        """What is wrong with fields the clerk has been at, and what lacks."""
        for name, each in self.fields.items():
            lacking = Problem("required_missing", f"请填写{each.field.label}。") if name in missing else None
            each.show_problem(lacking or (found.problems.get(name) if each.touched else None))

    def focus(self, name: str) -> None:
        if name not in self._standing_open():
            self._open = True
            self.rearrange()
        self.fields[name].editor.setFocus()

    def focus_first(self) -> None:
        """On the first thing that lacks, else on the first field."""
        names = self.missing() or self.visible()
        if names:
            self._focus_soon(self.fields[names[0]].editor)

    def _focus_soon(self, editor: QWidget) -> None:
        """As by Tab: what stands there is chosen, to be typed over."""
        QTimer.singleShot(0, editor, lambda: editor.setFocus(Qt.FocusReason.TabFocusReason))

    def put(self, name: str, value: Any) -> None:
        """Fill in what follows from something else, where the clerk has said nothing."""
        if name in self.fields and not self.fields[name].changed:
            self.fields[name].load({name: value})

    def show_now(self, row: Mapping[str, Any]) -> None:
        """What the record says today, in the empty fields."""
        for name, each in self.fields.items():
            if isinstance(each.editor, LineEditor) and row.get(name) not in (None, ""):
                each.editor.setPlaceholderText(f"现为 {edit_text(each.field, row[name])}")

    # ---- reading -----------------------------------------------------------------------------

    def _read(self, each: FormField, found: Stated) -> None:
        one, typed = each.field, each.typed()
        reading = records.read(
            one, typed.text, self._context.workspace.context, keep=bool(typed.kept_because)
        )
        if reading.problem:
            found.problems[one.name] = reading.problem
        if reading.value is None:
            return
        found.facts[one.name] = reading.value
        if isinstance(one, Ref):
            self._read_ref(one, typed, found)

    def _read_ref(self, ref: Ref, typed: Typed, found: Stated) -> None:
        """A record that was chosen or is named exactly; another name is entered with the act."""
        screen, registry = self._context.workspace.screen, self._context.registry
        text = str(found.facts[ref.name])
        uids = [typed.uid] if typed.uid else records.candidates(screen, registry, ref, text, {})
        if len(uids) == 1:
            found.facts[ref.uid_column] = uids[0]
        elif uids:
            said = f"有 {len(uids)} 个“{text}”，请从列表里选一个。"
            found.problems[ref.name] = Problem("ambiguous_reference", said, "confirm")
        else:
            label = registry[ref.target].label
            said = f"{label}里还没有“{text}”，办理时一起登记。"
            found.problems[ref.name] = Problem("unknown_reference", said, "info")

    # ---- making ------------------------------------------------------------------------------

    def _made(self, one: Field) -> FormField:
        workspace = self._context.workspace
        ask = self._ask(one) if isinstance(one, Ref) else _no_one
        made = FormField(one, workspace.context, self._context.theme, ask, required=one.required)
        made.load(None)
        made.edited.connect(self._edited)
        made.left.connect(self._left)
        made.chosen.connect(self._chosen)
        return made

    def _edited(self, name: str) -> None:
        if any(name == by for by, _ in self._kind.only.values()):
            self.rearrange()
        self.edited.emit()

    def _left(self, name: str) -> None:
        self.fields[name].touched = True
        self._edited(name)

    def _chosen(self, name: str, uid: str) -> None:
        """Pick one thing and the rest fills itself."""
        ref = self.fields[name].field
        entity = self._context.registry[self._kind.goes_to or self._kind.ledger]
        if isinstance(ref, Ref) and ref.name in entity.by_name:
            screen, registry = self._context.workspace.screen, self._context.registry
            for other, typed in records.fill_from(screen, registry, entity, ref, uid).items():
                if other in self.fields and not self.text(other):
                    self.fields[other].put(typed)
        self._left(name)

    def _ask(self, ref: Ref) -> Callable[[str, Callable[[Sequence[Suggestion]], object]], object]:
        context, entity = self._context, self._context.registry[self._kind.ledger]

        def ask(text: str, answer: Callable[[Sequence[Suggestion]], object]) -> None:
            context.workers.read(
                lambda conn: records.suggest(conn, context.registry, entity, ref, text, {}),
                answer,
                channel=f"suggest {id(self)}",
            )

        return ask

    def _preset(self) -> None:
        today = self._context.workspace.today().isoformat()
        for name, value in self._kind.start.items():
            self.put(name, today if value == TODAY else value)

    # ---- what is shown -----------------------------------------------------------------------

    def visible(self) -> list[str]:
        """The fields that make sense now, whether folded away or not."""
        return [name for name in self.fields if self._fits(name)]

    def _fits(self, name: str) -> bool:
        by, words = self._kind.only.get(name, ("", ()))
        return not by or self.text(by) in words

    def _standing_open(self) -> list[str]:
        order = {name: i for i, name in enumerate(self._kind.shown)}
        first = sorted((n for n in self.visible() if n in order), key=order.__getitem__)
        return [*first, *(n for n in self.visible() if n not in order)] if self._open else first

    def _toggle(self) -> None:
        self._open = not self._open
        self.rearrange()

    def rearrange(self) -> None:
        """Show the fields that make sense now, two in a row."""
        names = self._standing_open()
        while self.grid.takeAt(0):
            pass
        for name, each in self.fields.items():
            each.setVisible(name in names)
        for place, name in enumerate(names):
            self.grid.addWidget(
                self.fields[name], place // COLUMNS, place % COLUMNS, Qt.AlignmentFlag.AlignTop
            )
        self._keep_tab_order(names)
        rest = len(self.visible()) - len(names)
        self.more.setVisible(self._open or rest > 0)
        self.more.setText("收起" if self._open else f"更多：还可以填 {rest} 项")
        self.arranged.emit()

    def _keep_tab_order(self, names: Sequence[str]) -> None:
        for before, after in pairwise(names):
            QWidget.setTabOrder(self.fields[before].editor, self.fields[after].editor)


def _no_one(_text: str, _answer: Any) -> None:
    """Fields that refer to nothing ask no one."""
