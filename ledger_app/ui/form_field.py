"""One line of a form: label, editor, unit, and below them what is wrong and what can be done about it."""

from __future__ import annotations

from typing import Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QLineEdit, QPushButton, QWidget

from ledger_app.core.errors import Problem
from ledger_app.core.fields import Field, Links, ReadContext, Ref
from ledger_app.services.records import Typed, as_typed, read
from ledger_app.ui.editors import Ask, RefEditor, edit_text, editor_for, set_state
from ledger_app.ui.theme import Theme, role

LABEL_WIDTH: Final = 104
UNIT_WIDTH: Final = 44
_LOOKS: Final = {"refuse": ("error", "error"), "confirm": ("doubt", "doubt"), "info": ("note", "")}


class FormField(QWidget):
    """Keeps what stood there before, what is typed now, and why a doubtful value stays."""

    edited = Signal(str)  # field name
    left = Signal(str)
    chosen = Signal(str, str)  # field name, uid of the record that was chosen

    def __init__(self, field: Field, context: ReadContext, theme: Theme, ask: Ask, *, required: bool) -> None:
        super().__init__()
        role(self, "plain")
        self.field = field
        self.touched = False
        self._context = context
        self._theme = theme
        self._required = required
        self._before = Typed("")
        self._kept_text = ""
        self._because = ""
        self.label = QLabel()
        self.editor = editor_for(field, context, theme, ask)
        self.message = QLabel()
        self.message.setWordWrap(True)
        self.take = QPushButton()
        self.keep = QPushButton("仍然保留")
        self.reason = QLineEdit()
        self.reason.setPlaceholderText("为什么保留？会写进变更记录")
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

    def show_problem(self, problem: Problem | None) -> None:
        look, state = _LOOKS[problem.severity] if problem else ("note", "")
        role(self.message, look)
        set_state(self.editor, state)
        self.message.setText(problem.text if problem else self._kept_words())
        self.message.setVisible(bool(self.message.text()))
        suggestion = problem.suggestion if problem and not isinstance(problem.suggestion, dict) else None
        self.take.setVisible(suggestion is not None)
        if suggestion is not None:
            self.take.setText(f"改为 {edit_text(self.field, suggestion)}")
        doubtful = problem is not None and problem.severity == "confirm"
        self.keep.setVisible(doubtful and self._may_keep())
        self.reason.hide()

    def _kept_words(self) -> str:
        kept = self.typed().kept_because
        return f"已保留：{kept}" if kept else ""

    def _may_keep(self) -> bool:
        return as_typed(self.field, self.editor.text(), self._context) is not None

    def _take_suggestion(self) -> None:
        self.put(Typed(self.take.text().removeprefix("改为 ")))

    def _ask_reason(self) -> None:
        self.reason.clear()
        self.reason.show()
        self.reason.setFocus()

    def _keep(self) -> None:
        if self.reason.text().strip():
            self._because, self._kept_text = self.reason.text().strip(), self.editor.text()
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
        self.take.clicked.connect(self._take_suggestion)
        self.keep.clicked.connect(self._ask_reason)
        self.reason.editingFinished.connect(self._keep)

    def _lay_out(self) -> None:
        role(self.label, "label")
        self.label.setFixedWidth(LABEL_WIDTH)
        self.label.setToolTip(self.field.hint)
        self.label.setBuddy(self.editor)
        for link in (self.take, self.keep):
            role(link, "link")
            link.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        unit = QLabel(self.field.unit_label)
        role(unit, "muted")
        unit.setFixedWidth(UNIT_WIDTH if self.field.unit_label else 0)
        links = QHBoxLayout()
        links.addWidget(self.take)
        links.addWidget(self.keep)
        links.addStretch()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(2)
        grid.addWidget(self.label, 0, 0)
        grid.addWidget(self.editor, 0, 1)
        grid.addWidget(unit, 0, 2)
        grid.addWidget(self.message, 1, 1, 1, 2)
        grid.addLayout(links, 2, 1, 1, 2)
        grid.addWidget(self.reason, 3, 1, 1, 2)
        grid.setColumnStretch(1, 1)
