"""Second step of an import: which column is what, corrected in place, sheet by sheet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QComboBox,
    QCompleter,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ledger_app.core.entity import Entity
from ledger_app.core.fields import Field
from ledger_app.services.import_sheets import ColumnView, SheetView, Sure
from ledger_app.ui.lines_table import Cell, LineColumn, LinesTable
from ledger_app.ui.theme import Theme, role

COLUMNS: Final = (
    LineColumn("列", 40),
    LineColumn("表头", 190),
    LineColumn("表里的内容", 190, stretch=True),
    LineColumn("对应到台账的", 204),
    LineColumn("单位", 92),
    LineColumn("怎么认出的", 122),
)
AT_ONCE: Final = 8  # boxes made before the window is looked after again
CHOICE: Final = 3  # the column of the combo boxes
ROW_HEIGHT: Final = 40
SHEETS_WIDTH: Final = 188
LEAVE: Final = "（不导入这一列）"
SURE: Final[Mapping[Sure, tuple[str, str]]] = {
    "exact": ("✓ 名称一致", "green"),
    "remembered": ("✓ 上次这样对应", "green"),
    "chosen": ("✓ 您选的", "blue"),
    "alike": ("？ 相似，请看看", "amber"),
    "none": ("— 不导入", "muted"),
}


class FieldChoice(QComboBox):
    """The fields of a ledger, typed or chosen. The wheel never changes it; nonsense typed is put back."""

    def __init__(self, fields: Sequence[Field], name: str) -> None:
        super().__init__()
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.addItem(LEAVE, "")
        for field in fields:
            self.addItem(field.heading, field.name)
        completer = self.completer()
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        self.choose(name)
        self.lineEdit().editingFinished.connect(self._settle)

    def choose(self, name: str) -> None:
        self.setCurrentIndex(max(self.findData(name), 0))
        self.lineEdit().setCursorPosition(0)

    def _settle(self) -> None:
        index = self.findText(self.currentText().strip())
        if index < 0:
            self.setEditText(self.itemText(self.currentIndex()))
        elif index != self.currentIndex():
            self.setCurrentIndex(index)
            self.activated.emit(index)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class ColumnsStep(QWidget):
    """Shows sheets and columns. `chosen` carries sheet, letter and field name ("" for none)."""

    chosen = Signal(str, str, str)
    sheet_taken = Signal(str, bool)
    profile_refused = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._entity: Entity | None = None
        self.views: list[SheetView] = []
        self.sheets = QListWidget()
        self.sheets.setFixedWidth(SHEETS_WIDTH)
        self.sheets.currentRowChanged.connect(self._show_sheet)
        self.sheets.itemChanged.connect(self._ticked)
        self.said = QLabel()
        self.said.setWordWrap(True)
        self.refuse = QPushButton("不用它，重新认")
        role(self.refuse, "link")
        self.refuse.clicked.connect(self.profile_refused)
        self.table = self._make_table(theme)
        self.choices: list[FieldChoice] = []
        self.remember = QCheckBox("记住这套对应关系，下次这样的表自动对上。名字：")
        self.name = QLineEdit()
        self.name.setMaximumWidth(260)
        self.name.setEnabled(False)
        self.remember.toggled.connect(self.name.setEnabled)
        self._lay_out()

    # ---- what is shown -----------------------------------------------------------------------

    def show_views(self, entity: Entity, views: Sequence[SheetView], name: str) -> None:
        """`name` is what the mapping would be remembered as."""
        at = self.sheets.currentRow()
        self._entity, self.views = entity, list(views)
        if not self.remember.isChecked():
            self.name.setText(name)
        self.sheets.blockSignals(True)
        self.sheets.clear()
        for view in self.views:
            self.sheets.addItem(_item(view))
        first = next((i for i, v in enumerate(self.views) if v.taken), 0)
        self.sheets.setCurrentRow(at if 0 <= at < len(self.views) else first)
        self.sheets.blockSignals(False)
        self._show_sheet(self.sheets.currentRow())

    @property
    def save_as(self) -> str | None:
        """The name to remember the mapping by; None for not remembering it."""
        return (self.name.text().strip() or None) if self.remember.isChecked() else None

    def focus_first(self) -> None:
        if self.choices:
            self.choices[0].setFocus()

    def _show_sheet(self, row: int) -> None:
        if not 0 <= row < len(self.views):
            return
        view = self.views[row]
        self._say(view)
        self.table.lines.show_lines(len(view.columns), lambda line, c: _cells(view.columns[line])[c])
        self.choices = []
        self._add_choices(view)

    def _add_choices(self, view: SheetView) -> None:
        """Boxes for the next columns: a wide sheet's are made a few at a time, so that nothing stands still."""
        made = len(self.choices)
        for line in range(made, min(made + AT_ONCE, len(view.columns))):
            self.choices.append(self._add_choice(line, view, view.columns[line]))
        if len(self.choices) < len(view.columns):
            QTimer.singleShot(0, self, lambda: self._go_on(view))

    def _go_on(self, view: SheetView) -> None:
        if 0 <= self.sheets.currentRow() < len(self.views) and self.views[self.sheets.currentRow()] is view:
            self._add_choices(view)

    def _add_choice(self, line: int, view: SheetView, column: ColumnView) -> FieldChoice:
        choice = FieldChoice(self._entity.fields if self._entity else (), column.field)
        choice.setAccessibleName(f"{column.letter} 列 {' '.join(column.path)} 对应到")
        choice.activated.connect(
            lambda _: self.chosen.emit(view.name, column.letter, choice.currentData() or "")
        )
        self.table.setIndexWidget(self.table.lines.index(line, CHOICE), choice)
        return choice

    def _say(self, view: SheetView) -> None:
        entity = self._entity
        parts = [view.why_not + "。" if view.why_not else ""]
        if view.taken:
            parts.append(f"{len(view.columns)} 列里认出 {view.mapped} 列。")
            if view.profile:
                parts.append(_profile_said(view))
            elif entity and (missing := _missing_key(entity, view)):
                parts.append(missing)
        self.said.setText("".join(parts))
        self.refuse.setVisible(bool(view.profile))

    def _ticked(self, item: QListWidgetItem) -> None:
        self.sheet_taken.emit(item.data(Qt.ItemDataRole.UserRole), item.checkState() == Qt.CheckState.Checked)

    # ---- making ------------------------------------------------------------------------------

    def _make_table(self, theme: Theme) -> LinesTable:
        table = LinesTable(theme, COLUMNS, "这张表里没有认出表头，导入时不看它。")
        table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        table.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        table.setStyleSheet("QComboBox { margin: 3px 4px 3px 0; }")
        return table

    def _lay_out(self) -> None:
        said = QHBoxLayout()
        said.addWidget(self.said, 1)
        said.addWidget(self.refuse)
        remember = QHBoxLayout()
        remember.addWidget(self.remember)
        remember.addWidget(self.name)
        remember.addStretch(1)
        right = QFrame()
        role(right, "plain")
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(said)
        column.addWidget(self.table, 1)
        column.addLayout(remember)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self.sheets)
        row.addWidget(right, 1)


def _cells(column: ColumnView) -> tuple[Cell, ...]:
    """A column of the sheet as a line; the field itself stands in a combo box over it."""
    words, tone = SURE[column.sure if column.field else "none"]
    if column.sure == "chosen" and not column.field:
        words = "— 您选了不导入"
    ink = "" if column.field else "muted"
    return (
        Cell(column.letter, "muted"),
        Cell(" › ".join("".join(part.split()) for part in column.path), ink),
        Cell("、".join(column.samples), "muted"),
        Cell(""),
        Cell(column.unit, ink),
        Cell(words, tone),
    )


def _item(view: SheetView) -> QListWidgetItem:
    said = f"{view.rows:,} 行" if view.taken else "不导入"
    item = QListWidgetItem(f"{view.name}　{said}")
    item.setData(Qt.ItemDataRole.UserRole, view.name)
    item.setToolTip(view.why_not or f"{view.name}：{said}")
    if view.columns:
        item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
        item.setCheckState(Qt.CheckState.Checked if view.taken else Qt.CheckState.Unchecked)
    return item


def _profile_said(view: SheetView) -> str:
    said = f"按记住的“{view.profile}”对应。"
    if view.new:
        said += f"这次新出现：{'、'.join(p[-1] for p in view.new)}。"
    if view.gone:
        said += f"这次没有：{'、'.join(p[-1] for p in view.gone)}。"
    return said


def _missing_key(entity: Entity, view: SheetView) -> str:
    """A list without its key: each row is taken for a new record."""
    if not entity.key or any(c.field == entity.key[0] for c in view.columns):
        return ""
    label = entity.field(entity.key[0]).label
    return f"没有哪一列是{label}：每一行都会当作新的{entity.label}，不与台账里已有的比较。"
