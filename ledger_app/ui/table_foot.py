"""The line below a table: how many rows are chosen, how many there are, the sums of the columns shown."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from PySide6.QtWidgets import QLabel, QSizePolicy

from ledger_app.core.entity import Entity
from ledger_app.core.fields import Number
from ledger_app.ui.columns import total_text
from ledger_app.ui.theme import role


class TableFoot(QLabel):
    """合计 59 眼 · 分配许可水量 167.15 万m³."""

    def __init__(self, entity: Entity) -> None:
        super().__init__()
        role(self, "muted")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._entity = entity
        self._sums = ""
        self._chosen = 0

    def say_totals(self, rows: int, totals: dict[str, Decimal], shown: Sequence[str]) -> None:
        """The sums of those columns that are shown and can be added up."""
        parts = [f"合计 {rows:,} {self._entity.counter}"]
        for name in shown:
            field = self._entity.field(name)
            if totals.get(name) and isinstance(field, Number):
                parts.append(f"{field.label} {total_text(field, totals[name])}")
        self._sums = " · ".join(parts)
        self.say_chosen(self._chosen)

    def say_chosen(self, count: int) -> None:
        """How many rows an act would take, where it is more than the one that is read."""
        self._chosen = count
        chosen = f"已选 {count:,} {self._entity.counter} · " if count > 1 else ""
        self.setText(f"{chosen}{self._sums}")
