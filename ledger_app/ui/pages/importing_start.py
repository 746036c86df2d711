"""First step of an import: choose a file or drop one, and say which ledger it is for."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ledger_app.core.entity import Entity, Registry
from ledger_app.services.settings import Settings
from ledger_app.ui.lines_table import Cell, LineColumn, LinesTable
from ledger_app.ui.theme import Theme, role

SUFFIXES: Final = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".csv", ".txt", ".et", ".xltx", ".htm", ".html")
FILES: Final = f"表格 ({' '.join(f'*{s}' for s in SUFFIXES)});;所有文件 (*)"
FOLDER: Final = "import_folder"  # the setting that keeps where the last workbook lay
RECENT: Final = (
    LineColumn("时间", 150),
    LineColumn("做了什么", 300, stretch=True),
    LineColumn("操作员", 110),
    LineColumn("记录", 80, numeric=True),
    LineColumn("", 90),
)
BY_ITSELF: Final = "看表头自动判断"


class LedgerChoice(QComboBox):
    """The ledgers one can import into; the wheel never changes it."""

    def __init__(self, registry: Registry, first: str = "") -> None:
        super().__init__()
        if first:
            self.addItem(first, "")
        for entity in registry.places:
            self.addItem(entity.label, entity.name)

    def choose(self, name: str) -> None:
        self.setCurrentIndex(max(self.findData(name), 0))

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class StartStep(QWidget):
    """Says which file the clerk wants, or which former import; reads nothing itself."""

    asked = Signal(object)  # Path
    act_asked = Signal(str)

    def __init__(self, theme: Theme, registry: Registry, settings: Settings) -> None:
        super().__init__()
        self._settings = settings
        self.ledger = LedgerChoice(registry, BY_ITSELF)
        self.choose = QPushButton("选择文件……")
        role(self.choose, "primary")
        self.choose.clicked.connect(self.ask_file)
        self.message = QLabel()
        role(self.message, "error")
        self.message.setWordWrap(True)
        self.message.hide()
        self._acts: Sequence[dict[str, Any]] = ()
        self.recent = LinesTable(theme, RECENT, "还没有导入过。")
        self.recent.opened.connect(lambda line: self.act_asked.emit(self._acts[line]["act"]))
        self._lay_out(theme)

    def ask_file(self) -> None:
        start = self._settings.get(FOLDER, str(Path.home()))
        name, _ = QFileDialog.getOpenFileName(self, "选择要导入的表格", start, FILES)
        if name:
            self._settings.put(FOLDER, str(Path(name).parent))
            self.asked.emit(Path(name))

    def say(self, text: str) -> None:
        """What is wrong with the file, until another one is chosen."""
        self.message.setText(text)
        self.message.setVisible(bool(text))

    def say_likely(self, likely: Sequence[Entity]) -> None:
        """The headers fit no ledger for sure: the clerk has to say which."""
        names = "、".join(e.label for e in likely[:3])
        hint = f"（有点像{names}）" if names else ""
        self.say(f"看表头认不出这是哪个台账的表{hint}。请在上面选好“导入到”，再打开一次。")
        self.ledger.setFocus()

    def show_recent(self, acts: Sequence[dict[str, Any]]) -> None:
        """The last imports, as acts of the change log."""
        self._acts = acts
        self.recent.lines.show_lines(len(acts), lambda line, column: _recent(acts[line])[column])

    def _lay_out(self, theme: Theme) -> None:
        picture = QLabel()
        picture.setPixmap(theme.pixmap("import", "blue", 48, self.devicePixelRatioF()))
        words = QLabel("把各镇报来的表格拖到这里，或者")
        role(words, "heading")
        kinds = QLabel(
            "Excel、WPS、ods、csv 都可以；表头在第几行、分几层、合并了多少格都不要紧。只读取，不改动您的文件。"
        )
        role(kinds, "muted")
        kinds.setWordWrap(True)
        kinds.setAlignment(Qt.AlignmentFlag.AlignCenter)
        zone = QFrame()
        zone.setObjectName("drop")
        zone.setStyleSheet(
            f"#drop {{ border: 2px dashed {theme.tokens.line}; border-radius: 10px;"
            f" background: {theme.tokens.card}; }}"
        )
        column = QVBoxLayout(zone)
        column.setContentsMargins(40, 36, 40, 36)
        column.setSpacing(14)
        for widget in (picture, words, self.choose):
            column.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(kinds)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(14)
        outer.addLayout(self._ledger_line())
        outer.addWidget(zone)
        outer.addWidget(self.message)
        heading = QLabel("最近的导入")
        role(heading, "group")
        outer.addWidget(heading)
        outer.addWidget(self.recent, 1)

    def _ledger_line(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        label = QLabel("导入到")
        label.setBuddy(self.ledger)
        row.addWidget(label)
        row.addWidget(self.ledger)
        row.addStretch(1)
        return row


def _recent(act: dict[str, Any]) -> tuple[Cell, ...]:
    undone = bool(act["undone_by"])
    tone = "muted" if undone else ""
    return (
        Cell(act["at"][:16].replace("T", " "), tone),
        Cell(act["why"], tone),
        Cell(act["who"], tone),
        Cell(f"{act['row_count']:,}", tone),
        Cell("已撤销" if undone else "", "muted"),
    )
