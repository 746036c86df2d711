"""Cells changed in the table and not saved yet: what was typed, what it was read as, what is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from PySide6.QtCore import QObject, Signal

from ledger_app.core.entity import Entity
from ledger_app.core.errors import Problem
from ledger_app.core.fields import Field, Links, ReadContext, Ref
from ledger_app.services.records import read
from ledger_app.ui.columns import edit_text

Row = Mapping[str, Any]
_UNREAD: Final = "看不懂这个值。"


class Staged(NamedTuple):
    """One cell: the record, the text to be shown, its value, and what keeps it from being saved."""

    uid: str
    text: str
    value: Any
    problem: Problem | None


class GridChanges(QObject):
    """The pending cells of one table, by row id and field name."""

    changed = Signal()

    def __init__(self, entity: Entity, parent: QObject) -> None:
        super().__init__(parent)
        self._entity = entity
        self._cells: dict[int, dict[str, Staged]] = {}
        self.on = False

    def may_edit(self, field: Field) -> bool:
        """References are chosen in the form, where what they mean can be seen; keys are not typed over."""
        return self.on and not isinstance(field, Ref | Links) and field.name not in self._entity.key

    def get(self, row_id: int, name: str) -> Staged | None:
        return self._cells.get(row_id, {}).get(name)

    def put(self, row: Row, field: Field, text: str, context: ReadContext) -> None:
        """Type into a cell. What stood there before takes the change back."""
        words = text.strip()
        cells = self._cells.setdefault(row["_row"], {})
        if words == edit_text(field, row.get(field.name)):
            cells.pop(field.name, None)
        else:
            cells[field.name] = _staged(row["_id"], field, words, context)
        if not cells:
            del self._cells[row["_row"]]
        self.changed.emit()

    def clear(self) -> None:
        self._cells.clear()
        self.changed.emit()

    def __len__(self) -> int:
        return sum(map(len, self._cells.values()))

    @property
    def records(self) -> int:
        return len(self._cells)

    @property
    def wrong(self) -> int:
        return sum(staged.problem is not None for staged in self._all())

    def by_uid(self) -> dict[str, dict[str, Any]]:
        """uid → stored column → new value."""
        return {
            next(iter(cells.values())).uid: {name: staged.value for name, staged in cells.items()}
            for cells in self._cells.values()
        }

    def said(self) -> list[str]:
        """Which fields change, with how many cells."""
        counts: dict[str, int] = {}
        for cells in self._cells.values():
            for name in cells:
                counts[name] = counts.get(name, 0) + 1
        return [f"{self._entity.field(name).label}：改 {count} 处" for name, count in counts.items()]

    def _all(self) -> Iterator[Staged]:
        return (staged for cells in self._cells.values() for staged in cells.values())


def _staged(uid: str, field: Field, words: str, context: ReadContext) -> Staged:
    if field.required and field.blank(words):
        return Staged(uid, words, None, Problem("required_missing", f"{field.label}不能为空。"))
    reading = read(field, words, context)
    problem = reading.problem if reading.problem and reading.problem.severity != "info" else None
    if problem is None and reading.value is None and not field.blank(words):
        problem = Problem("unreadable", _UNREAD)
    text = words if problem else edit_text(field, reading.value)
    return Staged(uid, text, reading.value, problem)
