"""The records of an act in a grid: what each is, what differs by record, what becomes of it or why not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from ledger_app.core.errors import Problem
from ledger_app.core.fields import Field, Number, ReadContext
from ledger_app.services import records
from ledger_app.services.act_preview import Preview
from ledger_app.ui.columns import Column, cell_text, column
from ledger_app.ui.editors import edit_text

Index = QModelIndex | QPersistentModelIndex
RESULT: Final = "办理后"
CANNOT: Final = "不能办："
NOBODY: Final = QModelIndex()


@dataclass
class ActRow:
    """One record: its uid (empty where the ledger does not know it), what it says, what was typed for it."""

    uid: str
    row: Mapping[str, Any]
    title: str
    code: str
    typed: dict[str, str] = field(default_factory=dict)

    @property
    def key(self) -> str:
        return self.uid or self.code


class ActRowsModel(QAbstractTableModel):
    """Columns: the record, what it says, what may be typed for it, the result."""

    edited = Signal()

    def __init__(self, context: ReadContext, lead: Column, about: Sequence[Column]) -> None:
        super().__init__()
        self._context = context
        self._lead = lead
        self._about = list(about)
        self.each: list[Field] = []
        self.rows: list[ActRow] = []
        self.common: dict[str, Any] = {}
        self.usual: Mapping[str, str] = {}
        self.unknown = ""
        self.preview = Preview()

    # ---- what is in it -----------------------------------------------------------------------

    def add(self, rows: Sequence[ActRow]) -> int:
        """Records that are not there yet; how many these were."""
        known = {row.key for row in self.rows}
        new = [row for row in rows if row.key not in known]
        self.beginResetModel()
        self.rows += new
        self.endResetModel()
        return len(new)

    def remove(self, places: Sequence[int]) -> None:
        gone = set(places)
        self.beginResetModel()
        self.rows = [row for i, row in enumerate(self.rows) if i not in gone]
        self.endResetModel()

    def set_each(self, fields: Sequence[Field]) -> None:
        self.beginResetModel()
        self.each = list(fields)
        self.endResetModel()

    def show_common(self, facts: Mapping[str, Any]) -> None:
        """What holds where nothing is typed for the record."""
        self.common = dict(facts)
        self._repaint()

    def show_preview(self, preview: Preview) -> None:
        self.preview = preview
        self._repaint()

    def values(self) -> dict[str, dict[str, Any]]:
        """Key → what is stated for that record alone, of the columns that stand open."""
        return {row.key: stated for row in self.rows if (stated := self._stated(row)[0])}

    def wrong(self) -> dict[str, str]:
        """Key → what is wrong with what was typed for it."""
        found = {row.key: self._stated(row)[1] for row in self.rows}
        return {key: problems[0].text for key, problems in found.items() if problems}

    def _stated(self, row: ActRow) -> tuple[dict[str, Any], list[Problem]]:
        values: dict[str, Any] = {}
        problems = []
        for one in self.each:
            if text := row.typed.get(one.name, "").strip():
                reading = records.read(one, text, self._context)
                if reading.problem and reading.problem.severity != "info":
                    problems.append(reading.problem)
                elif reading.value is not None:
                    values[one.name] = reading.value
        return values, problems

    def _repaint(self) -> None:
        if self.rows:
            self.dataChanged.emit(
                self.index(0, 0), self.index(len(self.rows) - 1, self.columnCount() - 1), []
            )

    # ---- columns -----------------------------------------------------------------------------

    @property
    def columns(self) -> list[Column | None]:
        """None stands for the result."""
        return [self._lead, *self._about, *(column(one) for one in self.each), None]

    def is_each(self, place: int) -> bool:
        first = 1 + len(self._about)
        return first <= place < first + len(self.each)

    @property
    def first_each(self) -> int:
        return 1 + len(self._about)

    # ---- what Qt asks ------------------------------------------------------------------------

    def rowCount(self, parent: Index = NOBODY) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = NOBODY) -> int:
        return 0 if parent.isValid() else 2 + len(self._about) + len(self.each)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        if orientation != Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        shown = self.columns[section]
        if shown is None:
            return RESULT
        return f"{shown.title} {shown.unit}".rstrip()

    def flags(self, index: Index) -> Qt.ItemFlag:
        usual = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return usual | Qt.ItemFlag.ItemIsEditable if self.is_each(index.column()) else usual

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row, shown = self.rows[index.row()], self.columns[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return self.text(row, index.column())
        if role == Qt.ItemDataRole.EditRole and shown:
            return row.typed.get(shown.name, "")
        if role == Qt.ItemDataRole.ToolTipRole:
            return row.code if index.column() == 0 else self.text(row, index.column())
        if role == Qt.ItemDataRole.TextAlignmentRole and shown and shown.numeric:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.EditRole or not self.is_each(index.column()):
            return False
        self._type(index.row(), index.column(), str(value))
        self._repaint()
        self.edited.emit()
        return True

    def paste(self, row: int, place: int, block: Sequence[Sequence[str]]) -> None:
        """A block of cells from a place on; what lies beside the open columns is left out."""
        for r, line in enumerate(block):
            for c, text in enumerate(line):
                if row + r < len(self.rows) and self.is_each(place + c):
                    self._type(row + r, place + c, text)
        self._repaint()
        self.edited.emit()

    def _type(self, row: int, place: int, text: str) -> None:
        one = self.each[place - self.first_each]
        reading = records.read(one, text.strip(), self._context) if text.strip() else None
        good = reading is not None and reading.value is not None and reading.problem is None
        self.rows[row].typed[one.name] = edit_text(one, reading.value) if good and reading else text.strip()

    # ---- what cells say ----------------------------------------------------------------------

    def text(self, row: ActRow, place: int) -> str:
        if place == 0:
            return row.title
        shown = self.columns[place]
        if shown is None:
            return self.result(row)
        if not self.is_each(place):
            return cell_text(shown, dict(row.row))
        return row.typed.get(shown.name) or self._otherwise(row, shown.field)

    def result(self, row: ActRow) -> str:
        if (text := self.wrong_of(row)) or (text := self.preview.refused.get(row.key, "")):
            return f"{CANNOT}{text}"
        if not row.uid:
            return self.unknown
        return self.preview.outcome.get(row.key, "")

    def wrong_of(self, row: ActRow) -> str:
        problems = self._stated(row)[1]
        return problems[0].text if problems else ""

    def is_refused(self, place: int) -> bool:
        return self.result(self.rows[place]).startswith(CANNOT)

    def is_typed(self, index: Index) -> bool:
        shown = self.columns[index.column()]
        return shown is not None and bool(self.rows[index.row()].typed.get(shown.name))

    def _otherwise(self, row: ActRow, one: Field) -> str:
        """What holds for a record where nothing is typed: the common fact, or its own usual value."""
        if self.common.get(one.name) is not None:
            return edit_text(one, self.common[one.name])
        value = row.row.get(self.usual.get(one.name, ""))
        return edit_text(one, value) if value is not None and isinstance(one, Number) else ""
