"""A table over an ordered array of row ids: pages of rows are fetched when they come into sight."""

from __future__ import annotations

from array import array
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt

from ledger_app.core.fields import ReadContext
from ledger_app.ui.columns import LEAD, Column, cell_text, edit_text

if TYPE_CHECKING:
    from ledger_app.ui.grid_changes import GridChanges, Staged

BLOCK: Final = 64  # rows fetched at once
KEPT: Final = 48  # blocks kept
ROOT: Final = QModelIndex()
ROW: Final = Qt.ItemDataRole.UserRole  # the whole row, for who paints or copies it

Row = dict[str, Any]
Fetch = Callable[[Sequence[int], Sequence[str]], list[Row]]


class TableModel(QAbstractTableModel):
    """Row `n` is the record with the n-th id. `fetch(ids, fields)` gives rows by id, gone ones left out."""

    def __init__(self, fetch: Fetch, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._fetch = fetch
        self._ids: array[int] = array("q")
        self._columns: list[Column] = []
        self._fields: list[str] = []
        self._blocks: OrderedDict[int, dict[int, Row]] = OrderedDict()
        self.sorted_by: tuple[str, bool] | None = None
        self.changes: GridChanges | None = None
        self.context: Callable[[], ReadContext] | None = None

    # ---- what stands in the table ------------------------------------------------------------

    @property
    def ids(self) -> array[int]:
        return self._ids

    @property
    def columns(self) -> list[Column]:
        return self._columns

    def set_columns(self, columns: Sequence[Column]) -> None:
        self.beginResetModel()
        self._columns = list(columns)
        self._fields = list(dict.fromkeys(name for c in columns for name in c.fields))
        self._blocks.clear()
        self.endResetModel()

    def set_ids(self, ids: array[int]) -> None:
        """Show these rows. Rows that only follow those already shown are added, so that nothing jumps."""
        old = len(self._ids)
        if 0 < old < len(ids) and ids[:old] == self._ids:
            self.beginInsertRows(ROOT, old, len(ids) - 1)
            self._ids = ids
            self._blocks.pop((old - 1) // BLOCK, None)
            self.endInsertRows()
        elif ids != self._ids:
            self.beginResetModel()
            self._ids = ids
            self._blocks.clear()
            self.endResetModel()

    def forget(self) -> None:
        """The records have changed: fetch what is in sight again."""
        self._blocks.clear()
        if self._ids and self._columns:
            last = self.index(len(self._ids) - 1, len(self._columns) - 1)
            self.dataChanged.emit(self.index(0, 0), last)

    def position(self, row_id: int) -> int | None:
        """Where a record stands; None where it is not shown."""
        try:
            return self._ids.index(row_id)
        except ValueError:
            return None

    def row(self, position: int) -> Row | None:
        """The row at a position; None where its record is gone."""
        if not 0 <= position < len(self._ids):
            return None
        number = position // BLOCK
        block = self._blocks.get(number)
        if block is None:
            block = self._load(number)
        else:
            self._blocks.move_to_end(number)
        return block.get(self._ids[position])

    def _load(self, number: int) -> dict[int, Row]:
        part = self._ids[number * BLOCK : (number + 1) * BLOCK]
        block = {row["_row"]: row for row in self._fetch(part, self._fields)}
        self._blocks[number] = block
        while len(self._blocks) > KEPT:
            self._blocks.popitem(last=False)
        return block

    def text(self, position: int, column: Column) -> str:
        if staged := self.staged(position, column):
            return staged.text
        row = self.row(position)
        return cell_text(column, row) if row else ""

    def staged(self, position: int, column: Column) -> Staged | None:
        """What was typed into a cell and is not saved yet."""
        if self.changes is None or not self.changes.on:
            return None
        return self.changes.get(self._ids[position], column.name)

    def type_into(self, position: int, column: Column, text: str) -> bool:
        """Stage a text; False where the cell cannot be typed into."""
        row = self.row(position)
        if row is None or self.changes is None or self.context is None or not self._may_edit(column):
            return False
        self.changes.put(row, column.field, text, self.context())
        return True

    def _may_edit(self, column: Column) -> bool:
        return self.changes is not None and column.name != LEAD and self.changes.may_edit(column.field)

    # ---- what Qt asks ------------------------------------------------------------------------

    def rowCount(self, parent: Any = ROOT) -> int:
        return 0 if parent.isValid() else len(self._ids)

    def columnCount(self, parent: Any = ROOT) -> int:
        return 0 if parent.isValid() else len(self._columns)

    def data(self, index: Any, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        column = self._columns[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return self.text(index.row(), column)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tip(index.row(), column)
        if role == Qt.ItemDataRole.EditRole:
            return self._edit_text(index.row(), column)
        return self.row(index.row()) if role == ROW else None

    def flags(self, index: Any) -> Qt.ItemFlag:
        flags = super().flags(index)
        if index.isValid() and self._may_edit(self._columns[index.column()]):
            return flags | Qt.ItemFlag.ItemIsEditable
        return flags

    def setData(self, index: Any, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.EditRole or not index.isValid():
            return False
        done = self.type_into(index.row(), self._columns[index.column()], str(value))
        if done:
            self.dataChanged.emit(index, index)
        return done

    def _edit_text(self, position: int, column: Column) -> str:
        """A value as it is typed: without commas."""
        if staged := self.staged(position, column):
            return staged.text
        row = self.row(position)
        return edit_text(column.field, row.get(column.name)) if row else ""

    def headerData(self, section: int, orientation: Any, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self._columns):
            return None
        column = self._columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{column.title} {column.unit}".strip()
        if role == Qt.ItemDataRole.ToolTipRole:
            return column.field.hint or None
        return _alignment(column) if role == Qt.ItemDataRole.TextAlignmentRole else None

    def _tip(self, position: int, column: Column) -> str | None:
        """The long code behind the short first column; otherwise the text the cell may have cut off."""
        staged = self.staged(position, column)
        if staged and staged.problem:
            return staged.problem.text
        row = self.row(position)
        if row is None:
            return None
        if len(column.fields) > 1:
            return str(row.get(column.fields[-1]) or "") or None
        return cell_text(column, row) or None


def _alignment(column: Column) -> int:
    side = Qt.AlignmentFlag.AlignRight if column.numeric else Qt.AlignmentFlag.AlignLeft
    return int(side | Qt.AlignmentFlag.AlignVCenter)
