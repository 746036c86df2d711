"""The cards of the desk: a key figure with its smaller numbers, and the list of things to do."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QVBoxLayout,
)

from ledger_app.core.rules.permits import LATE
from ledger_app.services.desk import KeyFigure, Part
from ledger_app.services.todo import Todo
from ledger_app.ui.columns import with_commas
from ledger_app.ui.flow_layout import FlowLayout
from ledger_app.ui.places import Target
from ledger_app.ui.theme import Theme, role

Go = Callable[[str, Target], object]
Index = QModelIndex | QPersistentModelIndex
ITEM: Final = Qt.ItemDataRole.UserRole
ROW_HEIGHT: Final = 32
ROOM: Final = 12  # above and below the words of a row
LONGEST: Final = 1000
CHIP_WIDTH: Final = 92
WHEN_WIDTH: Final = 80
LOOK: Final = "查看 ›"
LOOK_WIDTH: Final = 52
WHOLE: Final = "all"
_RED_PARTS: Final = (LATE,)
_AMBER_PARTS: Final = ("应申请延续", "已封待验")
_RED_KINDS: Final = ("封停后的井",)
_BLUE_KINDS: Final = ("可能重复登记", "单位可能写错", "台账里没有", "现有井数对得上")


def figure_text(value: int | Decimal) -> str:
    """A figure on the screen: two decimals at most, a comma from 10,000 on."""
    if isinstance(value, int):
        return with_commas(str(value))
    text = f"{value:.2f}"
    return with_commas(text.rstrip("0").rstrip("."))


class FigureCard(QFrame):
    """One key figure with its cut-off; the figure and each smaller number open their records."""

    def __init__(self, theme: Theme, go: Go) -> None:
        super().__init__()
        role(self, "card")
        self._theme = theme
        self._go = go
        self.figure: KeyFigure | None = None
        self.label, self.cut_off, self.value = QLabel(), QLabel(), _Linked(self.open)
        self.parts: list[QLabel] = []
        self._flow = FlowLayout(spacing=12)
        role(self.label, "muted")
        role(self.cut_off, "small")
        role(self.value, "figure")
        top = QHBoxLayout()
        top.addWidget(self.label)
        top.addStretch()
        top.addWidget(self.cut_off)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 14, 12)
        column.setSpacing(4)
        column.addLayout(top)
        column.addWidget(self.value)
        column.addLayout(self._flow)
        column.addStretch()

    def show_figure(self, figure: KeyFigure) -> None:
        self.figure = figure
        self.label.setText(figure.label)
        self.label.setToolTip(figure.basis)
        self.value.setToolTip(f"{figure.basis}。点击打开这些记录。")
        self.cut_off.setText(f"截至{figure.as_of.month}月{figure.as_of.day}日")
        ink, muted = self._theme.tokens.ink, self._theme.tokens.muted
        number = _link(WHOLE, figure_text(figure.value), ink)
        unit = f'<span style="color:{muted};font-size:13px;font-weight:normal"> {figure.unit}</span>'
        self.value.setText(number + unit)
        parts = [_link(str(i), _part_text(p), self._colour(p)) for i, p in enumerate(figure.parts)]
        if rate := self._rate(figure):
            parts.insert(1, rate)
        self._show_parts(parts)

    def _show_parts(self, texts: Sequence[str]) -> None:
        for label in self.parts:
            self._flow.removeWidget(label)
            label.deleteLater()
        self.parts = [_Linked(self.open, text) for text in texts]
        for label in self.parts:
            self._flow.addWidget(label)

    def open(self, which: str) -> None:
        """The records of the figure, or of one of its parts."""
        if self.figure is None:
            return
        part = None if which == WHOLE else self.figure.parts[int(which)]
        ledger, uids = (part.ledger, part.uids) if part else (self.figure.ledger, self.figure.uids)
        said = f"{self.figure.label}：{part.label}" if part else self.figure.label
        if uids:
            self._go(ledger, Target(uids=uids, said=said))

    def _rate(self, figure: KeyFigure) -> str:
        """How much of the plan is done; of a part of the year never in green."""
        if figure.rate is None:
            return ""
        colour = self._theme.tokens.green if figure.whole and figure.rate >= 1 else self._theme.tokens.muted
        return f'<span style="color:{colour}">完成 {figure.rate * 100:.1f}%</span>'

    def _colour(self, part: Part) -> str:
        tokens = self._theme.tokens
        if part.value and part.label in _RED_PARTS:
            return tokens.red
        return tokens.amber if part.value and part.label.endswith(_AMBER_PARTS) else tokens.ink


def _part_text(part: Part) -> str:
    unit = f" {part.unit}" if isinstance(part.value, Decimal) else ""
    return f"{part.label} {figure_text(part.value)}{unit}"


def _link(where: str, text: str, colour: str) -> str:
    return f'<a href="{where}" style="color:{colour};text-decoration:none">{html.escape(text)}</a>'


class _Linked(QLabel):
    """A text with a link, for the mouse and for the keyboard."""

    def __init__(self, opened: Callable[[str], object], text: str = "") -> None:
        super().__init__(text)
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.LinksAccessibleByMouse | Qt.TextInteractionFlag.LinksAccessibleByKeyboard
        )
        self.linkActivated.connect(opened)


class TodoList(QListWidget):
    """要办的事: kind, sentence, when, 查看. A click or Enter opens the records."""

    def __init__(self, theme: Theme, go: Go, today: date) -> None:
        super().__init__()
        self._go = go
        self.setItemDelegate(TodoPainter(theme, today, self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setStyleSheet("QListWidget { border: none; background: transparent; padding: 0; }")
        self.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName("要办的事")
        self.itemClicked.connect(self.open)

    def show_things(self, things: Sequence[Todo]) -> None:
        self.clear()
        for thing in things:
            item = QListWidgetItem(f"{thing.kind}：{thing.text}")
            item.setData(ITEM, thing)
            item.setToolTip(thing.text)
            self.addItem(item)

    def open(self, item: QListWidgetItem) -> None:
        thing: Todo = item.data(ITEM)
        self._go(thing.ledger, Target(uids=thing.uids, said=thing.kind))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        item = self.currentItem()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and item:
            self.open(item)
        else:
            super().keyPressEvent(event)


class TodoPainter(QStyledItemDelegate):
    """The kind in a frame of its colour, the sentence on a line or two, when, 查看 ›."""

    def __init__(self, theme: Theme, today: date, parent: QListWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._today = today

    def sizeHint(self, option: Any, index: Index) -> QSize:
        thing: Todo = index.data(ITEM)
        list_: Any = self.parent()
        when = WHEN_WIDTH if self.when(thing) else 0
        room = list_.viewport().width() - CHIP_WIDTH - LOOK_WIDTH - when - 44
        space = QRect(0, 0, max(room, 100), LONGEST)
        words = QFontMetrics(option.font).boundingRect(space, int(Qt.TextFlag.TextWordWrap), thing.text)
        return QSize(200, max(ROW_HEIGHT, words.height() + ROOM))

    def paint(self, painter: QPainter, option: Any, index: Index) -> None:
        thing: Todo = index.data(ITEM)
        rect: QRect = option.rect
        painter.save()
        lit = option.state & (QStyle.StateFlag.State_MouseOver | QStyle.StateFlag.State_Selected)
        if lit:
            painter.fillRect(rect, self._theme.colour("hover"))
        self._chip(painter, rect, option.font, thing)
        middle = Qt.AlignmentFlag.AlignVCenter
        right = rect.right() - 10
        painter.setFont(option.font)
        painter.setPen(self._theme.colour("blue"))
        painter.drawText(
            QRect(right - LOOK_WIDTH, rect.top(), LOOK_WIDTH, rect.height()),
            int(middle | Qt.AlignmentFlag.AlignRight),
            LOOK,
        )
        painter.setPen(self._theme.colour("muted"))
        said = self.when(thing)
        wide = WHEN_WIDTH if said else 0
        when = QRect(right - LOOK_WIDTH - wide - 8, rect.top(), wide, rect.height())
        painter.drawText(when, int(middle | Qt.AlignmentFlag.AlignRight), said)
        left = rect.left() + 8 + CHIP_WIDTH + 10
        words = QRect(left, rect.top(), when.left() - left - 8, rect.height())
        painter.setPen(self._theme.colour("ink"))
        painter.drawText(words, int(middle) | int(Qt.TextFlag.TextWordWrap), thing.text)
        painter.restore()

    def when(self, thing: Todo) -> str:
        if thing.when is None or thing.when == date.max:
            return ""
        days = (thing.when - self._today).days
        return f"还有 {days} 天" if days >= 0 else f"已过 {-days} 天"

    def tone(self, thing: Todo) -> str:
        if thing.kind in _RED_KINDS or (thing.when and thing.when < self._today):
            return "red"
        return "blue" if thing.kind in _BLUE_KINDS else "amber"

    def _chip(self, painter: QPainter, rect: QRect, font: QFont, thing: Todo) -> None:
        tone = self.tone(thing)
        area = QRect(rect.left() + 8, rect.center().y() - 10, CHIP_WIDTH, 21)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._theme.colour(tone), 1))
        painter.setBrush(self._theme.colour(f"{tone}_pale"))
        painter.drawRoundedRect(area, 4, 4)
        small = QFont(font)
        small.setPixelSize(12)
        painter.setFont(small)
        words = QFontMetrics(small).elidedText(thing.kind, Qt.TextElideMode.ElideRight, CHIP_WIDTH - 8)
        painter.drawText(area, int(Qt.AlignmentFlag.AlignCenter), words)
