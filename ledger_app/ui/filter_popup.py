"""What opens below a filter: the values that occur with their counts, or a span, or a piece of text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ledger_app.core.fields import Date, Field, Links, Number, ReadContext
from ledger_app.db.queries.listing import Filter
from ledger_app.ui.chosen import BLANK, FILLED, Chosen
from ledger_app.ui.columns import on_screen
from ledger_app.ui.theme import role

MOST_VALUES: Final = 400
WIDTH: Final = 260
VALUE: Final = Qt.ItemDataRole.UserRole
Distinct = Sequence[tuple[Any, str, int]]


class FilterPopup(QFrame):
    """Says `chosen` at once with every change; None clears the filter."""

    chosen = Signal(object)

    def __init__(self, field: Field, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        role(self, "popup")
        self.field = field
        self.setFixedWidth(WIDTH)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(10, 10, 10, 10)
        self.column.setSpacing(8)

    def open_below(self, widget: QWidget) -> None:
        self.adjustSize()
        at = widget.mapToGlobal(QPoint(0, widget.height() + 4))
        room = widget.screen().availableGeometry()
        at.setX(min(at.x(), room.right() - self.width()))
        self.move(at)
        self.show()

    def add_presence(self) -> None:
        """未填 and 已填, which every field has."""
        row = QHBoxLayout()
        for words, op in ((BLANK, "blank"), (FILLED, "filled")):
            button = QPushButton(words)
            role(button, "link")
            button.clicked.connect(lambda _=False, o=op: self._presence(o))
            row.addWidget(button)
        row.addStretch()
        clear = QPushButton("不限")
        role(clear, "link")
        clear.clicked.connect(self._clear)
        row.addWidget(clear)
        self.column.addLayout(row)

    def _presence(self, op: Any) -> None:
        self.chosen.emit(Chosen(Filter(self.field.name, op)))
        self.close()

    def _clear(self) -> None:
        self.chosen.emit(None)
        self.close()


class ValuesPopup(FilterPopup):
    """The values that occur, most of them to be ticked; a line above narrows them."""

    def __init__(self, field: Field, current: Chosen | None, parent: QWidget) -> None:
        super().__init__(field, parent)
        ticked = current.filter.values if current and current.filter.op == "in" else ()
        self._ticked = dict(zip(ticked, current.texts if current else (), strict=False))
        self.narrow = QLineEdit()
        self.narrow.setPlaceholderText("找一个值")
        self.narrow.textChanged.connect(self._narrow)
        self.narrow.returnPressed.connect(self._take_typed)
        self.list = QListWidget()
        self.list.setFixedHeight(240)
        self.list.itemChanged.connect(self._changed)
        self.list.itemClicked.connect(self._toggle)
        self.column.addWidget(self.narrow)
        self.column.addWidget(self.list)
        self.add_presence()

    def fill(self, values: Distinct) -> None:
        self.list.blockSignals(True)
        self.list.clear()
        for value, text, count in values[:MOST_VALUES]:
            if value is not None:
                self._add(
                    value, on_screen(self.field, value) if isinstance(self.field, Number) else text, count
                )
        if len(values) > MOST_VALUES:
            self.narrow.setPlaceholderText(f"有 {len(values):,} 种，写一段按回车：含这段的")
        self.list.blockSignals(False)

    def _add(self, value: Any, text: str, count: int) -> None:
        item = QListWidgetItem(f"{text}    {count:,}")
        item.setData(VALUE, (value, text))
        item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsUserCheckable)
        item.setCheckState(Qt.CheckState.Checked if value in self._ticked else Qt.CheckState.Unchecked)
        self.list.addItem(item)

    def _toggle(self, item: QListWidgetItem) -> None:
        """A click on the words ticks too; one on the box has done so already."""
        box = self.list.mapFromGlobal(self.cursor().pos()).x() < 34
        if not box:
            on = item.checkState() == Qt.CheckState.Checked
            item.setCheckState(Qt.CheckState.Unchecked if on else Qt.CheckState.Checked)

    def _changed(self, item: QListWidgetItem) -> None:
        value, text = item.data(VALUE)
        self._ticked.pop(value, None)
        if item.checkState() == Qt.CheckState.Checked:
            self._ticked[value] = text
        values = tuple(self._ticked)
        self.chosen.emit(
            Chosen(Filter(self.field.name, "in", values), tuple(self._ticked.values())) if values else None
        )

    def _narrow(self, words: str) -> None:
        for i in range(self.list.count()):
            item = self.list.item(i)
            item.setHidden(words.strip() not in item.data(VALUE)[1])

    def _take_typed(self) -> None:
        words = self.narrow.text().strip()
        if words:
            self.chosen.emit(Chosen(Filter(self.field.name, "contains", (words,)), (words,)))
            self.close()


class TextPopup(FilterPopup):
    """A piece of text the field holds."""

    def __init__(self, field: Field, current: Chosen | None, parent: QWidget) -> None:
        super().__init__(field, parent)
        self.words = QLineEdit(current.texts[0] if current and current.texts else "")
        self.words.setPlaceholderText(f"{field.label}里含有……")
        self.words.returnPressed.connect(self._take)
        self.column.addWidget(self.words)
        self.add_presence()

    def _take(self) -> None:
        words = self.words.text().strip()
        self.chosen.emit(Chosen(Filter(self.field.name, "contains", (words,)), (words,)) if words else None)
        self.close()


class SpanPopup(FilterPopup):
    """From – to, in the unit the field is shown in; dates also by this month, this year …"""

    def __init__(self, field: Field, current: Chosen | None, context: ReadContext, parent: QWidget) -> None:
        super().__init__(field, parent)
        self._context = context
        low, high = current.filter.values if current and current.filter.op == "between" else (None, None)
        self.low, self.high = QLineEdit(on_screen(field, low)), QLineEdit(on_screen(field, high))
        self.message = QLabel()
        role(self.message, "error")
        self.message.setWordWrap(True)
        self.message.hide()
        grid = QGridLayout()
        for row, (words, edit) in enumerate((("从", self.low), ("到", self.high))):
            grid.addWidget(QLabel(words), row, 0)
            grid.addWidget(edit, row, 1)
            grid.addWidget(QLabel(field.unit_label), row, 2)
            edit.returnPressed.connect(self._take)
        take = QPushButton("按这个范围筛选")
        role(take, "primary")
        take.clicked.connect(self._take)
        self.column.addLayout(grid)
        self.column.addWidget(self.message)
        if isinstance(field, Date):
            self._add_periods()
        self.column.addWidget(take)
        self.add_presence()

    def _add_periods(self) -> None:
        row = QHBoxLayout()
        for words, low, high in periods(self._context.today):
            button = QPushButton(words)
            role(button, "link")
            button.clicked.connect(lambda _=False, a=low, b=high: self._say(a, b))
            row.addWidget(button)
        row.addStretch()
        self.column.addLayout(row)

    def _take(self) -> None:
        ends = [self._read(edit.text()) for edit in (self.low, self.high)]
        if self.message.isHidden():
            self._say(*ends)

    def _read(self, words: str) -> Any:
        self.message.hide()
        if not words.strip():
            return None
        field = replace(self.field, partial=True, future=True) if isinstance(self.field, Date) else self.field
        reading = field.read(words.replace(",", ""), self._context)
        if reading.value is None:
            self.message.setText(reading.problem.text if reading.problem else f"看不懂“{words}”。")
            self.message.show()
        return reading.value

    def _say(self, low: Any, high: Any) -> None:
        empty = low is None and high is None
        self.chosen.emit(None if empty else Chosen(Filter(self.field.name, "between", (low, high))))
        self.close()


def periods(today: date) -> list[tuple[str, str, str]]:
    """(words, first, last) of the spans that are asked for most."""
    year, month = today.year, today.month
    before = (year, month - 1) if month > 1 else (year - 1, 12)
    months = [("本月", f"{year:04d}-{month:02d}"), ("上月", f"{before[0]:04d}-{before[1]:02d}")]
    return [(w, m, m) for w, m in months] + [
        ("今年", str(year), str(year)),
        ("去年", str(year - 1), str(year - 1)),
    ]


def popup_for(
    field: Field,
    current: Chosen | None,
    context: ReadContext,
    parent: QWidget,
    ask: Callable[[ValuesPopup], object],
) -> FilterPopup:
    """The popup a field needs; `ask` fills the values that occur, when they are there."""
    if isinstance(field, Number | Date):
        return SpanPopup(field, current, context, parent)
    if isinstance(field, Links):
        return TextPopup(field, current, parent)
    popup = ValuesPopup(field, current, parent)
    ask(popup)
    return popup
