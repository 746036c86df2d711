"""A table and, beside it, the record one is on: made late, read when the keys rest, wide when asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QSplitter

from ledger_app.ui.ledger_table import LedgerTable
from ledger_app.ui.view_memory import ViewMemory

if TYPE_CHECKING:
    from ledger_app.ui.record_pane import RecordPane

PANE_WIDTH: Final = 350
WIDE_PART: Final = 0.68
READ_AFTER_MS: Final = 25  # a held arrow key and a typed word pass many records


class Beside(QSplitter):
    """`make` makes the pane when the rows have been painted, or when somebody asks for it."""

    def __init__(self, table: LedgerTable, make: Callable[[], RecordPane], memory: ViewMemory) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._table = table
        self._make = make
        self._memory = memory
        self.made: RecordPane | None = None
        self._reading = QTimer(self)
        self._reading.setSingleShot(True)
        self._reading.setInterval(READ_AFTER_MS)
        self._reading.timeout.connect(self._read)
        table.current_changed.connect(self._reading.start)
        self.addWidget(table)
        self.setHandleWidth(12)
        self.setStretchFactor(0, 1)
        self.setCollapsible(0, False)

    @property
    def pane(self) -> RecordPane:
        """The record, up to date."""
        if self.made is None:
            self.made = self._make()
            self.addWidget(self.made)
            self.setCollapsible(1, False)
            self.made.setVisible(self.wanted)
            self.made.head.wide.clicked.connect(self._toggle_wide)
            self.made.prepare()
            self.spread(wide=False)
            self._read()
        elif self._reading.isActive():
            self._read()
        return self.made

    @property
    def wanted(self) -> bool:
        """Whether the clerk wants the record beside the table."""
        return bool(self._memory.get("pane", True))

    def show_pane(self, shown: bool) -> None:
        self.pane.setVisible(shown)
        self._memory.put(pane=shown)

    def spread(self, *, wide: bool) -> None:
        """Most of the page for the record, or its usual width."""
        pane = int(self.width() * WIDE_PART) if wide else PANE_WIDTH
        self.setSizes([self.width() - pane, pane])

    def _toggle_wide(self) -> None:
        self.spread(wide=self.pane.width() <= self.width() // 2)

    def _read(self) -> None:
        self._reading.stop()
        if self.made:
            self.made.show_uid(self._table.current_uid())
