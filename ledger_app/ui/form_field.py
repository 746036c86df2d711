"""One line of a form: label, editor, unit, and below them what is wrong and what can be done about it."""

from __future__ import annotations

from typing import Any, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from ledger_app.core.errors import Problem
from ledger_app.core.fields import Field, Links, ReadContext, Ref
from ledger_app.services.records import Typed, as_typed, read
from ledger_app.ui.columns import edit_text
from ledger_app.ui.editors import Ask, RefEditor, editor_for, set_state
from ledger_app.ui.form_remark import Remark
from ledger_app.ui.theme import Theme, role

LABEL_WIDTH: Final = 104
UNIT_WIDTH: Final = 44
_FRAMES: Final = {"refuse": "error", "confirm": "doubt", "info": ""}


class FormField(QWidget):
    """Keeps what stood there before, what is typed now, and why a doubtful value stays."""

    edited = Signal(str)  # field name
    left = Signal(str)
    chosen = Signal(str, str)  # field name, uid of the record that was chosen

    def __init__(self, field: Field, context: ReadContext, theme: Theme, ask: Ask, *, required: bool) -> None:
        super().__init__()
        self.field = field
        self.touched = False
        self._context = context
        self._theme = theme
        self._required = required
        self._before = Typed("")
        self._kept_text = ""
        self._because = ""
        self._suggestion = ""
        self._remark: Remark | None = None
        self.label = QLabel()
        self.editor = editor_for(field, context, theme, ask)
        self._lay_out()
        self._wire()
        self._show_label()

    # ---- what stands there -------------------------------------------------------------------

    def load(self, row: dict[str, Any] | None) -> None:
        """Show a record's value, or nothing for a new record."""
        value = row.get(self.field.name) if row else None
        uid = str(row.get(self.field.uid_column) or "") if row and isinstance(self.field, Ref) else ""
        self._before = Typed(edit_text(self.field, value), uid)
        self._because = ""
        self.touched = False
        self.editor.put(self._before.text, uid)
        self.show_problem(None)
        self._show_label()

    def typed(self) -> Typed:
        kept = self._because if self.editor.text() == self._kept_text else ""
        return Typed(self.editor.text(), self.editor.uid(), kept)

    def put(self, typed: Typed) -> None:
        """Fill in what the program knows; the clerk sees by the dot that it changed."""
        self.editor.put(typed.text, typed.uid)
        self._edited()
        self._left()

    @property
    def changed(self) -> bool:
        now = self.typed()
        return (now.text.strip(), now.uid) != (self._before.text.strip(), self._before.uid)

    @property
    def because(self) -> str:
        """The reason a doubtful value stays, with its field: what the change log says."""
        kept = self.typed().kept_because
        return f"{self.field.label} {self.editor.text()}：{kept}" if kept else ""

    # ---- what is wrong -----------------------------------------------------------------------

    @property
    def remark(self) -> Remark:
        """Made when there is first something to remark: most fields are right."""
        if self._remark is None:
            self._remark = Remark()
            self._remark.taken.connect(lambda: self.put(Typed(self._suggestion)))
            self._remark.kept.connect(self._keep)
            self._grid.addWidget(self._remark, 1, 1, 1, 2)
        return self._remark

    @property
    def message(self) -> str:
        """What is said below the field now."""
        return self._remark.message.text() if self._remark and not self._remark.isHidden() else ""

    def show_problem(self, problem: Problem | None) -> None:
        kept = self.typed().kept_because
        set_state(self.editor, _FRAMES[problem.severity] if problem else "")
        if problem:
            has = problem.suggestion is not None and not isinstance(problem.suggestion, dict)
            self._suggestion = edit_text(self.field, problem.suggestion) if has else ""
            self.remark.show_problem(problem, self._suggestion, may_keep=self._may_keep())
        elif kept:
            self.remark.show_kept(kept)
        if self._remark:
            self._remark.setVisible(bool(problem or kept))

    def _may_keep(self) -> bool:
        return as_typed(self.field, self.editor.text(), self._context) is not None

    def _keep(self, because: str) -> None:
        self._because, self._kept_text = because, self.editor.text()
        self.left.emit(self.field.name)

    # ---- inside ------------------------------------------------------------------------------

    def _edited(self) -> None:
        self._show_label()
        self.edited.emit(self.field.name)

    def _left(self) -> None:
        if self.changed or self.touched:
            self.touched = True
            self._write_out()
            self.left.emit(self.field.name)

    def _write_out(self) -> None:
        """2025.9.3 becomes 2025-09-03, a synonym its word: so the clerk sees how it was understood."""
        text = self.editor.text()
        if self.typed().kept_because or isinstance(self.field, Ref | Links) or not text.strip():
            return
        reading = read(self.field, text, self._context)
        if reading.value is not None and (reading.problem is None or reading.problem.severity == "info"):
            self.editor.put(edit_text(self.field, reading.value))
            self._show_label()

    def _show_label(self) -> None:
        t = self._theme.tokens
        dot = f'<span style="color:{t.blue}; font-size:9px">● </span>' if self.changed else ""
        star = f'<span style="color:{t.red}"> *</span>' if self._required else ""
        self.label.setText(f"{dot}{self.field.label}{star}")

    def _wire(self) -> None:
        self.editor.edited.connect(self._edited)
        self.editor.left.connect(self._left)
        if isinstance(self.editor, RefEditor):
            self.editor.chosen.connect(lambda uid: self.chosen.emit(self.field.name, uid))

    def _lay_out(self) -> None:
        role(self.label, "label")
        self.label.setFixedWidth(LABEL_WIDTH)
        self.label.setToolTip(self.field.hint)
        self.label.setBuddy(self.editor)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(2)
        self._grid.addWidget(self.label, 0, 0)
        self._grid.addWidget(self.editor, 0, 1)
        if self.field.unit_label:
            unit = QLabel(self.field.unit_label)
            role(unit, "muted")
            unit.setFixedWidth(UNIT_WIDTH)
            self._grid.addWidget(unit, 0, 2)
        self._grid.setColumnStretch(1, 1)
