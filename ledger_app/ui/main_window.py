"""The frame: navigation on the left, one page on the right, three answers at the foot."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QByteArray, QSize, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMainWindow, QMenu, QStackedWidget, QVBoxLayout, QWidget

from ledger_app.ui.navigation import Navigation
from ledger_app.ui.places import Page, PageContext, Place, Target
from ledger_app.ui.status import StatusBar
from ledger_app.ui.theme import role

SMALLEST: Final = QSize(1100, 640)
USUAL: Final = QSize(1366, 768)


class MainWindow(QMainWindow):
    """One ledger's window. `closed` is said when it is gone; before that the page was asked."""

    closed = Signal()

    def __init__(self, context: PageContext, places: Sequence[Place], title: str) -> None:
        super().__init__()
        self.context = context
        self._places = {place.key: place for place in places}
        self._pages: dict[str, Page] = {}
        self._hint = QLabel()
        self._key = ""
        self.navigation = Navigation(context.theme, context.settings, places)
        self.navigation.chosen.connect(self.visit)
        self.navigation.search.clicked.connect(self.open_finder)
        self.stack = QStackedWidget()
        self.status = StatusBar(context)
        self.setStatusBar(self.status)
        self.setCentralWidget(self._body())
        self.setWindowTitle(title)
        self.setMinimumSize(SMALLEST)
        context.navigate = self.visit
        context.find = self.open_finder
        context.unsaved = self.status.set_unsaved
        context.workers.changed.connect(self._changed)
        self._shortcuts()
        self._restore()

    # ---- places ------------------------------------------------------------------------------

    def visit(self, key: str, target: Target | None = None) -> bool:
        """Go to a place; False where the clerk wants to stay with unsaved work."""
        if key not in self._places:
            return False
        if key != self._key:
            if not self.settle():
                self.navigation.show_current(self._key)
                return False
            self._show(key)
        if target:
            self._pages[key].go_to(target)
        return True

    def page(self, key: str) -> Page:
        """The page of a place, made when it is first asked for."""
        if key not in self._pages:
            page = self._places[key].make(self.context)
            self._pages[key] = page
            self.stack.addWidget(page)
        return self._pages[key]

    @property
    def visited(self) -> list[Page]:
        """The pages that have been made so far."""
        return list(self._pages.values())

    @property
    def current_key(self) -> str:
        return self._key

    @property
    def places(self) -> list[Place]:
        return list(self._places.values())

    def settle(self) -> bool:
        return not self._key or self._pages[self._key].settle()

    def visit_last(self, otherwise: str) -> None:
        """The page that was open when the window was closed."""
        last = self.context.settings.get(self.context.setting("place"), otherwise)
        self.visit(last if last in self._places else otherwise)

    def add_menu(self, fill: Callable[[QMenu], object]) -> None:
        """What hangs below the county's name: other ledgers, operator, looks."""
        self.navigation.set_menu(fill)

    def operator_changed(self) -> None:
        """Somebody else works now: pages offer what this operator may do."""
        self.status.show_operator()
        for page in self._pages.values():
            page.operator_changed()

    def end(self) -> None:
        """Let go of the threads and the file."""
        self.context.workers.close()
        self.context.workspace.close()

    def _show(self, key: str) -> None:
        page = self.page(key)
        self._key = key
        self.stack.setCurrentWidget(page)
        self.navigation.show_current(key)
        self.context.settings.put(self.context.setting("place"), key)
        self._show_hint(self._places[key])
        page.entered()

    def _show_hint(self, place: Place) -> None:
        """One line on what the page is for, at the first visit."""
        seen = self.context.settings.get("hints", [])
        first = bool(place.hint) and place.key not in seen
        self._hint.setVisible(first)
        if first:
            self._hint.setText(place.hint)
            self.context.settings.put("hints", [*seen, place.key])

    def _changed(self, ledgers: frozenset[str]) -> None:
        for page in self._pages.values():
            if page.ledgers & ledgers:
                page.refresh()

    # ---- the frame ---------------------------------------------------------------------------

    def _body(self) -> QWidget:
        role(self._hint, "hint")
        self._hint.hide()
        right = QWidget()
        role(right, "page")
        column = QVBoxLayout(right)
        column.setContentsMargins(20, 12, 20, 10)
        column.setSpacing(8)
        column.addWidget(self._hint)
        column.addWidget(self.stack, 1)
        body = QWidget()
        row = QHBoxLayout(body)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.navigation)
        row.addWidget(right, 1)
        return body

    def _shortcuts(self) -> None:
        order = self.navigation.order()
        for number, key in enumerate(order[:9], 1):
            QShortcut(QKeySequence(f"Alt+{number}"), self, lambda k=key: self.visit(k))
        QShortcut(QKeySequence("Ctrl+K"), self, self.open_finder)
        QShortcut(QKeySequence("F1"), self, self._open_manual)
        QShortcut(QKeySequence("F5"), self, self._refresh)

    def open_finder(self) -> None:
        """Anything, from anywhere."""
        from ledger_app.ui.finder import Finder  # noqa: PLC0415 - start-up time

        Finder(self.context, self.places, self).open_over(self)

    def _refresh(self) -> None:
        self._pages[self._key].refresh()

    def _open_manual(self) -> None:
        place = self._places.get(self._key)
        self.context.help(place.help or place.key if place else "")

    def _restore(self) -> None:
        self.resize(USUAL)
        kept = self.context.settings.get("window")
        if kept:
            self.restoreGeometry(QByteArray.fromBase64(kept.encode()))

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self.settle():
            event.ignore()
            return
        self.context.settings.put("window", bytes(self.saveGeometry().toBase64().data()).decode())
        event.accept()
        QTimer.singleShot(0, self.closed.emit)
