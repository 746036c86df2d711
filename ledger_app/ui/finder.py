"""Ctrl+K: anything from anywhere. A piece of a name, number or initials finds records of every ledger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from ledger_app.core.entity import Entity, Registry
from ledger_app.db.queries import listing
from ledger_app.db.queries.listing import Query
from ledger_app.ui.columns import cell_text, column, first_shown, lead_column, lead_text
from ledger_app.ui.places import PageContext, Place, Target
from ledger_app.ui.theme import role

EACH: Final = 6  # records shown of one ledger
NOTED: Final = 3  # further values that tell them apart
SIZE: Final = (560, 420)
FOUND: Final = Qt.ItemDataRole.UserRole


class Found(NamedTuple):
    """A record or a place that can be gone to."""

    key: str
    uid: str
    title: str
    note: str


def find(conn: Any, registry: Registry, columns: Mapping[str, Sequence[str]], text: str) -> list[Found]:
    """The first records of every ledger that has a place, in the order of the navigation. `columns` are
    those the ledgers' tables show at first: what tells records apart."""
    return [
        found
        for entity in registry.places
        for found in _of(conn, registry, entity, columns.get(entity.name, ()), text)
    ]


def _of(conn: Any, registry: Registry, entity: Entity, wanted: Sequence[str], text: str) -> list[Found]:
    lead = lead_column(entity)
    further = [n for n in first_shown(entity, wanted) if n not in lead.fields][:NOTED]
    ids = listing.first_ids(conn, registry, entity, Query(search=text), EACH)
    rows = listing.page(conn, registry, entity, ids, [*lead.fields, *further])
    columns = [column(entity.field(n)) for n in further]
    return [
        Found(entity.name, row["_id"], lead_text(lead, row), "  ".join(_texts(columns, row))) for row in rows
    ]


def _texts(columns: Sequence[Any], row: dict[str, Any]) -> list[str]:
    return [text for c in columns if (text := cell_text(c, row))]


class Finder(QFrame):
    """A line and its answers over the window; Enter goes there, Esc goes back."""

    def __init__(self, context: PageContext, places: Sequence[Place], window: QWidget) -> None:
        super().__init__(window, Qt.WindowType.Popup)
        role(self, "popup")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFixedSize(*SIZE)
        self._context = context
        self._places = places
        self._labels = {place.key: place for place in places}
        self.line = QLineEdit()
        self.line.setPlaceholderText("井、证、人、村、项目……名称、编号或拼音首字母")
        self.line.textChanged.connect(self._ask)
        self.list = QListWidget()
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.list.itemClicked.connect(self._go)
        self.said = QLabel("↑↓ 选，回车打开，Esc 返回")
        role(self.said, "small")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 10)
        for widget in (self.line, self.list, self.said):
            layout.addWidget(widget)
        self._ask("")

    def open_over(self, window: QWidget) -> None:
        at = window.mapToGlobal(QPoint((window.width() - self.width()) // 2, 80))
        self.move(at)
        self.show()
        self.line.setFocus()

    def _ask(self, text: str) -> None:
        words = text.strip()
        if not words:
            self._context.workers.cancel("finder")
            self._show([Found(p.key, "", p.label, p.group) for p in self._places])
            return
        registry = self._context.registry
        columns = {name: extras.columns for name, extras in self._context.extras.items()}
        self._context.workers.read(
            lambda conn: find(conn, registry, columns, words), self._answer, channel="finder"
        )

    def _answer(self, found: Sequence[Found]) -> None:
        words = self.line.text().strip()
        places = [Found(p.key, "", p.label, p.group) for p in self._places if words in p.label]
        self._show([*places, *found])

    def _show(self, found: Sequence[Found]) -> None:
        self.list.clear()
        for each in found:
            self._add(each)
        self.list.setCurrentRow(0)
        if not found:
            self.said.setText("没有找到。换一段名称、编号或拼音首字母试试。")
        else:
            self.said.setText("↑↓ 选，回车打开，Esc 返回")

    def _add(self, found: Found) -> None:
        place = self._labels.get(found.key)
        ledger = f"{place.label} · " if place and found.uid else ""
        item = QListWidgetItem(f"{ledger}{found.title}    {found.note}".rstrip())
        if place:
            item.setIcon(self._context.theme.icon(place.icon, "muted", size=16))
        item.setData(FOUND, found)
        self.list.addItem(item)

    def _go(self, item: QListWidgetItem) -> None:
        found: Found = item.data(FOUND)
        self.close()
        self._context.navigate(found.key, Target(uid=found.uid) if found.uid else None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
        if event.key() in steps:
            row = self.list.currentRow() + steps[Qt.Key(event.key())]
            self.list.setCurrentRow(max(0, min(row, self.list.count() - 1)))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if item := self.list.currentItem():
                self._go(item)
        else:
            super().keyPressEvent(event)
