"""The filters above a table: chips that can be read aloud, more of them by ＋ 条件."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from ledger_app.core.entity import Entity
from ledger_app.core.fields import Field, Ref
from ledger_app.db.queries import listing
from ledger_app.db.queries.listing import Filter, Query
from ledger_app.ui.chosen import Chosen, said
from ledger_app.ui.columns import on_screen
from ledger_app.ui.flow_layout import FlowLayout
from ledger_app.ui.places import PageContext
from ledger_app.ui.theme import role

if TYPE_CHECKING:
    from ledger_app.ui.filter_popup import ValuesPopup

_CROSS_WIDTH = 24


class Chip(QPushButton):
    """“乡镇：德岭山镇 ×”. Its cross, or Delete, clears it; anything else opens it."""

    cleared = Signal()
    asked = Signal()

    def __init__(self, field: Field, parent: QWidget) -> None:
        super().__init__(parent)
        self.field = field
        self.chosen: Chosen | None = None
        self.show_chosen(None)

    def show_chosen(self, chosen: Chosen | None) -> None:
        self.chosen = chosen
        words = said(self.field, chosen) if chosen else "全部"
        self.setText(f"{self.field.label}：{words} ×" if chosen else f"{self.field.label} ▾")
        self.setAccessibleName(f"筛选，{self.field.label}：{words}")
        role(self, "chip-on" if chosen else "chip")
        self.updateGeometry()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            on_cross = self.chosen and event.position().x() > self.width() - _CROSS_WIDTH
            (self.cleared if on_cross else self.asked).emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.cleared.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space, Qt.Key.Key_Down):
            self.asked.emit()
        else:
            super().keyPressEvent(event)


class FilterBar(QWidget):
    """The chips of one ledger: the quick ones always there, others while they are set."""

    changed = Signal()

    def __init__(self, context: PageContext, entity: Entity, quick: Sequence[str]) -> None:
        super().__init__()
        self._context = context
        self._entity = entity
        self._quick = [name for name in quick if name in entity.by_name]
        self._chips: dict[str, Chip] = {}
        self.flow = FlowLayout(self)
        self.records = QPushButton()
        role(self.records, "chip-on")
        self.records.hide()
        self.records.clicked.connect(self.forget_records)
        self.more = QPushButton("＋ 条件")
        role(self.more, "chip")
        self._menu = QMenu(self)
        self._menu.aboutToShow.connect(self._fill_menu)
        self.more.setMenu(self._menu)
        self.flow.addWidget(self.records)
        self.flow.addWidget(self.more)
        for name in self._quick:
            self._add_chip(name)
        self.only: tuple[str, ...] = ()

    # ---- what is set -------------------------------------------------------------------------

    @property
    def chosen(self) -> list[Chosen]:
        return [chip.chosen for chip in self._chips.values() if chip.chosen]

    @property
    def filters(self) -> tuple[Filter, ...]:
        return tuple(c.filter for c in self.chosen)

    def said(self) -> str:
        """All that is filtered by, in words: 乡镇：德岭山镇；使用状态：在用."""
        entity = self._entity
        return "；".join(
            f"{entity.field(c.filter.field).label}：{said(entity.field(c.filter.field), c)}"
            for c in self.chosen
        )

    def set_chosen(self, chosen: Sequence[Chosen]) -> None:
        """Exactly these, without saying that anything changed."""
        wanted = {c.filter.field: c for c in chosen}
        for name in [n for n in self._chips if n not in wanted]:
            self._put(name, None)
        for name, each in wanted.items():
            self._put(name, each)

    def show_filters(self, filters: Sequence[Filter]) -> None:
        """Filters somebody else asks for; what their values are called is looked up."""
        self.set_chosen([Chosen(f, self._texts(f)) for f in filters])

    def _texts(self, one: Filter) -> tuple[str, ...]:
        field = self._entity.field(one.field)
        if one.op != "in" or not isinstance(field, Ref):
            return tuple(on_screen(field, v) for v in one.values) if one.op == "in" else one.values
        target, conn = self._context.registry[field.target], self._context.workspace.screen
        ids = [i for i in (listing.row_id(conn, target, v) for v in one.values) if i is not None]
        rows = listing.page(conn, self._context.registry, target, ids, list(target.title))
        names = {row["_id"]: " ".join(str(row[n]) for n in target.title if row.get(n)) for row in rows}
        return tuple(names.get(v, str(v)) for v in one.values)

    def show_records(self, uids: Sequence[str], words: str) -> None:
        """Only these records: what stands behind a figure somewhere else."""
        self.only = tuple(uids)
        self.records.setText(f"{words or '选定的记录'} ×")
        self.records.setVisible(bool(uids))

    def forget_records(self) -> None:
        if self.only:
            self.show_records((), "")
            self.changed.emit()

    def clear(self) -> None:
        self.set_chosen([])
        self.show_records((), "")
        self.changed.emit()

    # ---- chips -------------------------------------------------------------------------------

    def _add_chip(self, name: str) -> Chip:
        chip = Chip(self._entity.field(name), self)
        chip.asked.connect(lambda: self._open(chip))
        chip.cleared.connect(lambda: self._set(name, None))
        self._chips[name] = chip
        self.flow.insert(self.flow.count() - 1, chip)
        chip.show()
        return chip

    def _put(self, name: str, chosen: Chosen | None) -> None:
        chip = self._chips.get(name)
        if chosen is None and chip and name not in self._quick:
            del self._chips[name]
            self.flow.removeWidget(chip)
            chip.deleteLater()
        elif chip or chosen:
            (chip or self._add_chip(name)).show_chosen(chosen)
        self.flow.invalidate()
        self.updateGeometry()

    def _set(self, name: str, chosen: Chosen | None) -> None:
        self._put(name, chosen)
        self.changed.emit()

    def _fill_menu(self) -> None:
        """Every field, by its group on the form."""
        self._menu.clear()
        groups = dict.fromkeys(f.group for f in self._entity.fields)
        for group in groups:
            below = self._menu.addMenu(group)
            for field in self._entity.fields:
                if field.group == group:
                    below.addAction(field.label, lambda n=field.name: self._open_new(n))

    def _open_new(self, name: str) -> None:
        self._open(self._chips.get(name) or self._add_chip(name))

    def _open(self, chip: Chip) -> None:
        from ledger_app.ui.filter_popup import popup_for  # noqa: PLC0415 - start-up time

        popup = popup_for(chip.field, chip.chosen, self._context.workspace.context, self, self._ask_values)
        popup.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        popup.chosen.connect(lambda chosen: self._set(chip.field.name, chosen))
        popup.destroyed.connect(lambda: self._drop_empty(chip.field.name))
        popup.open_below(chip)

    def _drop_empty(self, name: str) -> None:
        """A chip that was opened and left without a choice goes again."""
        chip = self._chips.get(name)
        if chip and not chip.chosen and name not in self._quick:
            self._put(name, None)

    def _ask_values(self, popup: ValuesPopup) -> None:
        """The values among the rows the other filters leave."""
        name, entity, registry = popup.field.name, self._entity, self._context.registry
        others = Query(filters=tuple(f for f in self.filters if f.field != name))

        def values(conn: Any) -> Any:
            return listing.distinct(conn, registry, entity, name, others)

        self._context.workers.read(values, popup.fill, channel=f"values {id(self)}")
