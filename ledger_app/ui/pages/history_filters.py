"""What of the change log is shown: ledger, operator, kind of act, days, or one record's acts."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QPushButton, QWidget

from ledger_app.core.entity import Registry
from ledger_app.core.fields import Date, ReadContext
from ledger_app.services.change_log import Acts, act_word
from ledger_app.ui.editors import DateEditor, set_state
from ledger_app.ui.theme import Theme, role

DAY_WIDTH = 128
_DAY = Date(name="day", label="日期", partial=True, future=True)


class Pick(QComboBox):
    """One value or all; the wheel never changes it."""

    def __init__(self, everything: str) -> None:
        super().__init__()
        self._everything = everything
        self.fill([])

    def fill(self, values: Sequence[tuple[str, str]]) -> None:
        """(value, text) of what can be picked; what was picked stays picked."""
        kept = self.currentData()
        self.blockSignals(True)
        self.clear()
        self.addItem(self._everything, "")
        for value, text in values:
            self.addItem(text, value)
        self.setCurrentIndex(max(self.findData(kept), 0))
        self.blockSignals(False)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class Day(DateEditor):
    """A day, or a month or year for its first or last day; empty for no bound."""

    def iso(self, context: ReadContext, *, last: bool) -> str:
        text = self.text().strip()
        if not text:
            set_state(self, "")
            return ""
        value = _DAY.read(text, context).value
        set_state(self, "" if value else "error")
        if not value:
            return ""
        return f"{value}-99"[:10] if last else str(value)


class HistoryFilters(QWidget):
    """`changed` says that `acts` asks for something else now."""

    changed = Signal()

    def __init__(self, theme: Theme, registry: Registry, context: ReadContext) -> None:
        super().__init__()
        self._registry = registry
        self._context = context
        self._record = ("", "")
        self.ledger, self.who, self.kind = Pick("全部台账"), Pick("全部操作员"), Pick("全部操作")
        self.first, self.last = Day(theme), Day(theme)
        self.first.setPlaceholderText("从 2025.9.1")
        self.last.setPlaceholderText("到 2025.9.30")
        self.record = QPushButton()
        role(self.record, "chip-on")
        self.record.hide()
        self.record.clicked.connect(self.forget_record)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for widget in (self.record, self.ledger, self.who, self.kind, self.first, QLabel("至"), self.last):
            row.addWidget(widget)
        row.addStretch(1)
        for pick in (self.ledger, self.who, self.kind):
            pick.currentIndexChanged.connect(self.changed)
        for day in (self.first, self.last):
            day.setFixedWidth(DAY_WIDTH)
            day.left.connect(self.changed)

    def fill(self, ledgers: set[str], operators: Sequence[str], kinds: Sequence[str]) -> None:
        """What there is to pick from."""
        self.ledger.fill([(e.name, e.label) for e in self._registry if e.name in ledgers])
        self.who.fill([(name, name) for name in operators if name])
        words: dict[str, list[str]] = {}
        for kind in kinds:
            words.setdefault(act_word(kind), []).append(kind)
        self.kind.fill([(" ".join(same), word) for word, same in sorted(words.items())])

    def acts(self) -> Acts:
        ledger, uid = self._record
        return Acts(
            ledger=ledger or self.ledger.currentData(),
            who=self.who.currentData(),
            kinds=tuple(self.kind.currentData().split()),
            first_day=self.first.iso(self._context, last=False),
            last_day=self.last.iso(self._context, last=True),
            record=uid,
        )

    def show_record(self, ledger: str, uid: str, title: str) -> None:
        """Only the acts that touched one record."""
        self.clear()
        self._record = (ledger, uid)
        self.record.setText(f"记录：{title} ×")
        self.record.show()

    def forget_record(self) -> None:
        self._record = ("", "")
        self.record.hide()
        self.changed.emit()

    def clear(self) -> None:
        """Everything, without saying that anything changed."""
        self._record = ("", "")
        self.record.hide()
        for pick in (self.ledger, self.who, self.kind):
            pick.blockSignals(True)
            pick.setCurrentIndex(0)
            pick.blockSignals(False)
        self.first.put("")
        self.last.put("")
