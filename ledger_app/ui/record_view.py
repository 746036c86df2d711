"""A record to be read: what is asked at the telephone on top, then the groups of its form."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from typing import Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from ledger_app.core.entity import Entity
from ledger_app.core.fields import Choice, Field, Links, Ref
from ledger_app.ui.columns import lead_column, lead_text, on_screen
from ledger_app.ui.places import Fact
from ledger_app.ui.theme import role
from ledger_app.ui.tones import tone_of

LABEL_WIDTH: Final = 92
Row = Mapping[str, Any]


class RecordHead(QWidget):
    """What the record is called, its state as a word in its colour, and the facts asked for most."""

    def __init__(self, entity: Entity) -> None:
        super().__init__()
        self._entity = entity
        self.title = QLabel()
        role(self.title, "heading")
        self.title.setWordWrap(True)
        self.state = QLabel()
        self.facts = QGridLayout()
        self.facts.setHorizontalSpacing(10)
        self.facts.setVerticalSpacing(3)
        top = QHBoxLayout()
        top.addWidget(self.title, 1)
        top.addWidget(self.state, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 6)
        column.setSpacing(6)
        column.addLayout(top)
        column.addLayout(self.facts)

    def show_row(self, row: Row, facts: Sequence[Fact] = ()) -> None:
        self.title.setText(record_title(self._entity, row))
        word = state_word(self._entity, row)
        self.state.setText(word)
        self.state.setVisible(bool(word))
        role(self.state, f"pill-{tone_of(word) or 'muted'}")
        self._show_facts(facts)

    def show_title(self, text: str) -> None:
        """A name alone: of a record that is being written."""
        self.title.setText(text)
        self.state.hide()
        self._show_facts(())

    def _show_facts(self, facts: Sequence[Fact]) -> None:
        clear(self.facts)
        for i, fact in enumerate(facts):
            label, text = QLabel(fact.label), QLabel(fact.text)
            role(label, "small")
            if fact.tone != "plain":
                role(text, f"pill-{fact.tone}")
            self.facts.addWidget(label, i, 0)
            self.facts.addWidget(text, i, 1, Qt.AlignmentFlag.AlignLeft)
        self.facts.setColumnStretch(1, 1)


class RecordView(QScrollArea):
    """The groups with what is filled in; what is not can be shown too. References are links."""

    followed = Signal(str, str)  # ledger name, uid

    def __init__(self, entity: Entity) -> None:
        super().__init__()
        self._entity = entity
        self._row: Row = {}
        self._sections: Sequence[tuple[str, QWidget]] = ()
        self._all = False
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def show_row(self, row: Row, sections: Sequence[tuple[str, QWidget]] = ()) -> None:
        self._row, self._sections = row, sections
        self._rebuild()

    def _rebuild(self) -> None:
        inner = QWidget()
        role(inner, "plain")
        column = QVBoxLayout(inner)
        column.setContentsMargins(16, 0, 12, 12)
        column.setSpacing(4)
        for group in dict.fromkeys(f.group for f in self._entity.fields):
            fields = [f for f in self._entity.fields if f.group == group and self._is_shown(f)]
            if fields:
                column.addWidget(group_heading(group))
                column.addLayout(self._grid(fields))
        for title, widget in self._sections:
            column.addWidget(group_heading(title))
            column.addWidget(widget)
        if button := self._switch():
            column.addSpacing(4)
            column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch()
        self.setWidget(inner)

    def _is_shown(self, field: Field) -> bool:
        return self._all or self._row.get(field.name) not in (None, [], "")

    def _switch(self) -> QPushButton | None:
        empty = sum(self._row.get(f.name) in (None, [], "") for f in self._entity.fields)
        if not empty:
            return None
        button = QPushButton("收起没有填的" if self._all else f"还有 {empty} 项没有填，也显示出来")
        role(button, "link")
        button.clicked.connect(self._toggle_all)
        return button

    def _toggle_all(self) -> None:
        self._all = not self._all
        self._rebuild()

    def _grid(self, fields: Sequence[Field]) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(5)
        grid.setColumnMinimumWidth(0, LABEL_WIDTH)
        grid.setColumnStretch(1, 1)
        for i, field in enumerate(fields):
            label = QLabel(field.label)
            role(label, "label")
            label.setToolTip(field.hint)
            grid.addWidget(label, i, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(self._value(field), i, 1)
        return grid

    def _value(self, field: Field) -> QLabel:
        value = self._row.get(field.name)
        label = QLabel()
        label.setWordWrap(True)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        role(label, "value")
        if isinstance(field, Ref) and self._row.get(field.uid_column):
            label.setText(f'<a href="{field.name}">{html.escape(str(value))}</a>')
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)
            label.linkActivated.connect(lambda _, f=field: self._follow(f))
        else:
            label.setText(said(field, value))
        return label

    def _follow(self, field: Ref) -> None:
        self.followed.emit(field.target, self._row[field.uid_column])


def said(field: Field, value: Any) -> str:
    """A value with its unit; a stroke where there is none."""
    if value in (None, [], ""):
        return "—"
    text = on_screen(field, value)
    if isinstance(field, Links):
        return f"{len(value)} 个：{text}" if len(value) > 3 else text
    return f"{text} {field.unit_label}".strip()


def record_title(entity: Entity, row: Row) -> str:
    return lead_text(lead_column(entity), row) or entity.label


def state_word(entity: Entity, row: Row) -> str:
    """The record's state: the first word of a list that has a tone of its own, else none."""
    words = (str(row.get(f.name) or "") for f in entity.fields if isinstance(f, Choice))
    return next((word for word in words if tone_of(word)), "")


def group_heading(text: str) -> QWidget:
    """A group's name over a thin line."""
    box = QWidget()
    role(box, "plain")
    label = QLabel(text)
    role(label, "group")
    line = QFrame()
    role(line, "line")
    column = QVBoxLayout(box)
    column.setContentsMargins(0, 8, 0, 3)
    column.setSpacing(4)
    column.addWidget(label)
    column.addWidget(line)
    return box


def clear(layout: QGridLayout) -> None:
    while item := layout.takeAt(0):
        if widget := item.widget():
            widget.deleteLater()
