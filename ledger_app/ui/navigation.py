"""The navigation: deep blue, places in groups that fold, the clerk's favourites on top."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QCursor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import (
    QMenu,
    QPushButton,
    QStyledItemDelegate,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ledger_app.services.settings import Settings
from ledger_app.ui.places import Place
from ledger_app.ui.theme import Theme, role

WIDTH: Final = 184
PLACE_HEIGHT: Final = 33
GROUP_HEIGHT: Final = 34
FAVOURITES: Final = "常用"
KEY: Final = Qt.ItemDataRole.UserRole
ICON: Final = Qt.ItemDataRole.UserRole + 1
Index = QModelIndex | QPersistentModelIndex


class Navigation(QWidget):
    """The list of places. `chosen` carries the key of the place the clerk wants to see."""

    chosen = Signal(str)

    def __init__(self, theme: Theme, settings: Settings, places: Sequence[Place]) -> None:
        super().__init__()
        role(self, "navigation")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedWidth(WIDTH)
        self._settings = settings
        self._places = {place.key: place for place in places}
        self._current = ""
        self.county = QPushButton()
        role(self.county, "county")
        self.county.setFixedHeight(54)
        self.county.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.search = QPushButton("查找   Ctrl+K")
        self.search.setIcon(theme.icon("search", "deep_muted", size=16))
        self.search.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        role(self.search, "find")
        self.tree = Tree(theme)
        self.tree.itemClicked.connect(self._clicked)
        self.tree.itemActivated.connect(self._clicked)
        self.tree.itemExpanded.connect(self._remember_folds)
        self.tree.itemCollapsed.connect(self._remember_folds)
        self.tree.customContextMenuRequested.connect(self._menu)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 8)
        column.setSpacing(0)
        column.addWidget(self.county)
        column.addWidget(self.search)
        column.addSpacing(4)
        column.addWidget(self.tree)
        self._build()

    def name(self, county: str) -> None:
        """Whose ledger it is, above the places."""
        metrics = QFontMetrics(self.county.font())
        title = f"{county}水资源台账"
        self.county.setText(metrics.elidedText(title, Qt.TextElideMode.ElideRight, WIDTH - 24))
        self.county.setToolTip(title)

    def set_menu(self, fill: Callable[[QMenu], object]) -> None:
        """What opens below the county's name; `fill` puts the entries in, anew each time."""

        def opened() -> None:
            menu = QMenu(self)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            fill(menu)
            menu.popup(self.county.mapToGlobal(QPoint(12, self.county.height())))

        self.county.clicked.connect(opened)
        self.county.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_current(self, key: str) -> None:
        self._current = key
        item = next((i for i in self._items() if i.data(0, KEY) == key), None)
        if item:
            self.tree.setCurrentItem(item)

    @property
    def favourites(self) -> list[str]:
        return [key for key in self._settings.get("favourites", []) if key in self._places]

    def toggle_favourite(self, key: str) -> None:
        kept = self.favourites
        self._settings.put("favourites", [k for k in kept if k != key] if key in kept else [*kept, key])
        self._build()

    def order(self) -> list[str]:
        """The keys from top to bottom, each once."""
        return list(dict.fromkeys(i.data(0, KEY) for i in self._items()))

    # ---- building ----------------------------------------------------------------------------

    def _build(self) -> None:
        self.tree.blockSignals(True)
        self.tree.clear()
        if kept := self.favourites:
            self._add_group(FAVOURITES, [self._places[key] for key in kept])
        groups = dict.fromkeys(place.group for place in self._places.values())
        for group in groups:
            self._add_group(group, [p for p in self._places.values() if p.group == group])
        self.tree.blockSignals(False)
        self.show_current(self._current)

    def _add_group(self, group: str, places: Iterable[Place]) -> None:
        parent: Any = self.tree
        if group:
            parent = QTreeWidgetItem(self.tree, [group])
            parent.setFlags(Qt.ItemFlag.ItemIsEnabled)
        for place in places:
            item = QTreeWidgetItem(parent, [place.label])
            item.setData(0, KEY, place.key)
            item.setData(0, ICON, place.icon)
            if place.hint:
                item.setToolTip(0, place.hint)
        if group:
            parent.setExpanded(group not in self._settings.get("folded", []))

    def _items(self) -> Iterable[QTreeWidgetItem]:
        for i in range(self.tree.topLevelItemCount()):
            top = self.tree.topLevelItem(i)
            if top.data(0, KEY):
                yield top
            yield from (top.child(j) for j in range(top.childCount()))

    # ---- what the clerk does -----------------------------------------------------------------

    def _clicked(self, item: QTreeWidgetItem) -> None:
        if key := item.data(0, KEY):
            self.chosen.emit(key)
        else:
            item.setExpanded(not item.isExpanded())

    def _remember_folds(self) -> None:
        tops = (self.tree.topLevelItem(i) for i in range(self.tree.topLevelItemCount()))
        self._settings.put("folded", [t.text(0) for t in tops if t.childCount() and not t.isExpanded()])

    def _menu(self, at: QPoint) -> None:
        item = self.tree.itemAt(at)
        key = item.data(0, KEY) if item else None
        if not key:
            return
        menu = QMenu(self)
        words = "从常用中移出" if key in self.favourites else "放到常用"
        menu.addAction(words, lambda: self.toggle_favourite(key))
        menu.exec(self.tree.viewport().mapToGlobal(at))


class Tree(QTreeWidget):
    """The places as a tree of one level, drawn by `PlacePainter`."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        role(self, "navigation")
        self.setHeaderHidden(True)
        self.setIndentation(0)
        self.setRootIsDecorated(False)
        self.setItemsExpandable(True)
        self.setExpandsOnDoubleClick(False)
        self.setMouseTracking(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QTreeWidget.ScrollMode.ScrollPerPixel)
        self.setItemDelegate(PlacePainter(theme, self))
        self.setAccessibleName("导航")

    def is_current(self, index: Index) -> bool:
        return self.currentIndex() == index

    def is_under_mouse(self, index: Index) -> bool:
        at = self.viewport().mapFromGlobal(QCursor.pos())
        return self.viewport().rect().contains(at) and self.indexAt(at) == index


class PlacePainter(QStyledItemDelegate):
    """A place: icon and words, a bar where one is. A group: small grey letters and a fold mark."""

    def __init__(self, theme: Theme, tree: Tree) -> None:
        super().__init__(tree)
        self._theme = theme
        self._tree = tree

    def sizeHint(self, option: Any, index: Index) -> QSize:
        return QSize(WIDTH, PLACE_HEIGHT if index.data(KEY) else GROUP_HEIGHT)

    def paint(self, painter: QPainter, option: Any, index: Index) -> None:
        painter.save()
        rect = QRect(0, option.rect.top(), WIDTH, option.rect.height())
        if index.data(KEY):
            self._place(painter, rect, option, index)
        else:
            self._group(painter, rect, option, index)
        painter.restore()

    def _place(self, painter: QPainter, rect: QRect, option: Any, index: Index) -> None:
        current, over = self._tree.is_current(index), self._tree.is_under_mouse(index)
        if current or over:
            painter.fillRect(rect, self._theme.colour("deep_current" if current else "deep_hover"))
        if current:
            painter.fillRect(QRect(0, rect.top(), 3, rect.height()), self._theme.colour("deep_bar"))
        ratio = painter.device().devicePixelRatioF()
        tint = "deep_ink" if current else "deep_muted"
        icon = self._theme.pixmap(index.data(ICON), tint, 17, ratio)
        painter.drawPixmap(19, rect.center().y() - 8, icon)
        painter.setPen(self._theme.colour("deep_ink"))
        painter.setFont(option.font)
        words = rect.adjusted(45, 0, -8, 0)
        painter.drawText(words, int(Qt.AlignmentFlag.AlignVCenter), index.data())

    def _group(self, painter: QPainter, rect: QRect, option: Any, index: Index) -> None:
        small = QFont(option.font)
        small.setPixelSize(12)
        painter.setFont(small)
        painter.setPen(self._theme.colour("deep_muted"))
        words = rect.adjusted(19, 6, -8, 0)
        painter.drawText(words, int(Qt.AlignmentFlag.AlignVCenter), index.data())
        opened = self._tree.isExpanded(index)
        if self._tree.is_under_mouse(index) or not opened:
            ratio = painter.device().devicePixelRatioF()
            mark = self._theme.pixmap("down" if opened else "right", "deep_muted", 12, ratio)
            painter.drawPixmap(WIDTH - 26, rect.center().y() - 2, mark)
