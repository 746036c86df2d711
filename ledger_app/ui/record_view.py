"""A record to be read: what is asked at the telephone on top, then the groups of its form."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent, QWheelEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QTextBrowser,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ledger_app.core.entity import Entity
from ledger_app.core.fields import Field, Links, Ref
from ledger_app.ui.columns import lead_column, lead_text, on_screen
from ledger_app.ui.places import Fact
from ledger_app.ui.theme import Theme, role
from ledger_app.ui.tones import is_state, tone_of

LABEL_WIDTH: Final = 104
WIDE: Final = 640  # from here on two fields stand beside each other
ALL: Final = "all:"
Row = Mapping[str, Any]


class RecordHead(QWidget):
    """What the record is called, its state as a word in its colour, and the facts asked for most."""

    def __init__(self, entity: Entity, theme: Theme) -> None:
        super().__init__()
        self._entity = entity
        self.wide = QToolButton()
        self.wide.setIcon(theme.icon("wide", "muted", size=16))
        self.wide.setToolTip("放宽或收窄（在表里双击也行）")
        self.wide.setAccessibleName("放宽或收窄")
        role(self.wide, "quiet")
        self.title = QLabel()
        role(self.title, "heading")
        self.title.setWordWrap(True)
        self.state = QLabel()
        self.facts = QGridLayout()
        self.facts.setHorizontalSpacing(10)
        self.facts.setVerticalSpacing(3)
        top = QHBoxLayout()
        top.addWidget(self.title, 1)
        top.addWidget(self.state, 0, Qt.AlignmentFlag.AlignVCenter)
        top.addWidget(self.wide, 0, Qt.AlignmentFlag.AlignVCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 6)
        column.setSpacing(6)
        column.addLayout(top)
        column.addLayout(self.facts)

    def show_row(self, row: Row, facts: Sequence[Fact] = ()) -> None:
        self.title.setText(record_title(self._entity, row))
        field, word = state_of(self._entity, row)
        role(self.state, f"pill-{tone_of(field, word) or 'muted'}" if field else "small")
        self.state.setText(word)
        self.state.setVisible(bool(word))
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
    """The groups with what is filled in, as one text to be read and copied; references are links.

    `sections` (photos, history …) stand below as widgets.
    """

    followed = Signal(str, str)  # ledger name, uid

    def __init__(self, entity: Entity, theme: Theme) -> None:
        super().__init__()
        self._entity = entity
        self._theme = theme
        self._row: Row = {}
        self._all = False
        self._columns = 1
        self.text = RecordText()
        self.text.anchorClicked.connect(lambda link: self._follow(link.toString()))
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inner = QWidget()
        role(inner, "plain")
        self._column = QVBoxLayout(inner)
        self._column.setContentsMargins(16, 0, 12, 12)
        self._column.setSpacing(4)
        self._column.addWidget(self.text)
        self._column.addStretch()
        self.setWidget(inner)

    def show_row(self, row: Row, sections: Sequence[tuple[str, QWidget]] = ()) -> None:
        self._row = row
        self.text.put(self._html())
        while self._column.count() > 2:
            item = self._column.takeAt(1)
            if widget := item.widget():
                widget.deleteLater()
        for title, widget in sections:
            self._column.insertWidget(self._column.count() - 1, group_heading(title))
            self._column.insertWidget(self._column.count() - 1, widget)

    def plain_text(self) -> str:
        """What is shown, a line a field."""
        shown = (f for f in self._entity.fields if self._is_shown(f))
        return "\n".join(f"{f.label}：{said(f, self._row.get(f.name))}" for f in shown)

    def _html(self) -> str:
        groups = dict.fromkeys(f.group for f in self._entity.fields)
        parts = []
        for group in groups:
            fields = [f for f in self._entity.fields if f.group == group and self._is_shown(f)]
            if fields:
                parts += [self._heading(group), "<table cellspacing='0' cellpadding='3' width='100%'>"]
                step = self._columns
                parts += [self._line(fields[i : i + step]) for i in range(0, len(fields), step)]
                parts.append("</table>")
        return "".join([*parts, *self._switch()])

    def _heading(self, group: str) -> str:
        t = self._theme.tokens
        return (
            f"<table width='100%' cellspacing='0' cellpadding='0'><tr><td style='padding-top:10px;"
            f" padding-bottom:4px; font-size:12px; font-weight:bold; color:{t.muted}'>{escaped(group)}</td></tr>"
            f"<tr><td height='1' bgcolor='{t.line}' style='font-size:1px'>&nbsp;</td></tr></table>"
        )

    def _line(self, fields: Sequence[Field]) -> str:
        look = f"width='{LABEL_WIDTH}' style='color:{self._theme.tokens.muted}'"
        share = 100 // self._columns
        cells = (f"<td {look}>{f.label}</td><td width='{share}%'>{self._value(f)}</td>" for f in fields)
        return f"<tr>{''.join(cells)}</tr>"

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        columns = 2 if self.width() >= WIDE else 1
        if columns != self._columns:
            self._columns = columns
            self.text.put(self._html())

    def _value(self, field: Field) -> str:
        value = self._row.get(field.name)
        if isinstance(field, Ref) and self._row.get(field.uid_column):
            return self._link(field.name, str(value))
        return escaped(said(field, value)).replace("\n", "<br>")

    def _link(self, target: str, words: str) -> str:
        colour = self._theme.tokens.blue
        return f"<a href='{target}' style='color:{colour}; text-decoration:none'>{escaped(words)}</a>"

    def _switch(self) -> Iterator[str]:
        empty = sum(self._row.get(f.name) in (None, [], "") for f in self._entity.fields)
        if empty:
            words = "收起没有填的" if self._all else f"还有 {empty} 项没有填，也显示出来"
            yield f"<p style='margin-top:10px'>{self._link(ALL, words)}</p>"

    def _is_shown(self, field: Field) -> bool:
        return self._all or self._row.get(field.name) not in (None, [], "")

    def _follow(self, target: str) -> None:
        if target == ALL:
            self._all = not self._all
            self.text.put(self._html())
            return
        field = self._entity.field(target)
        if isinstance(field, Ref):
            self.followed.emit(field.target, self._row[field.uid_column])


class RecordText(QTextBrowser):
    """A text as high as it is, laid out once for its width; the area around it scrolls."""

    def __init__(self) -> None:
        super().__init__()
        role(self, "record")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setOpenLinks(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().setDocumentMargin(0)

    def put(self, html: str) -> None:
        self.setHtml(html)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self._fit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def _fit(self) -> None:
        self.setFixedHeight(math.ceil(self.document().size().height()) + 2)


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


def state_of(entity: Entity, row: Row) -> tuple[Field | None, str]:
    """The field that says the record's state, and its word; nothing where the ledger has none."""
    field = next((f for f in entity.fields if is_state(f)), None)
    return field, str(row.get(field.name) or "") if field else ""


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


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def clear(layout: QGridLayout) -> None:
    while item := layout.takeAt(0):
        if widget := item.widget():
            widget.deleteLater()
