"""常用筛选: what one asks for again and again, under a name, kept in the ledger file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QMenu, QPushButton

from ledger_app.ui.filters import FilterBar
from ledger_app.ui.view_memory import ViewMemory

View = dict[str, Any]


class NamedFilters(QPushButton):
    """A button with the names below it."""

    def __init__(
        self,
        memory: ViewMemory,
        filters: FilterBar,
        view_now: Callable[[], View],
        show: Callable[[View], object],
    ) -> None:
        super().__init__("常用筛选 ▾")
        self._memory = memory
        self._filters = filters
        self._view_now = view_now
        self._show = show
        menu = QMenu(self)
        menu.aboutToShow.connect(lambda: self.fill(menu))
        menu.addAction("")
        self.setMenu(menu)

    def fill(self, menu: QMenu) -> None:
        menu.clear()
        named = self._memory.named_filters()
        for name, view in named.items():
            menu.addAction(name, lambda v=view: self._show(v))
        if named:
            menu.addSeparator()
        menu.addAction("把现在的筛选存起来……", self._keep)
        menu.addAction("清除筛选", self._filters.clear)
        if named:
            gone = menu.addMenu("删去")
            for name in named:
                gone.addAction(name, lambda n=name: self._memory.keep_named(n, None))

    def _keep(self) -> None:
        from PySide6.QtWidgets import QInputDialog  # noqa: PLC0415 - start-up time

        name, ok = QInputDialog.getText(self, "常用筛选", "给现在的筛选起个名字：")
        if ok and name.strip():
            self._memory.keep_named(name.strip(), self._view_now())
