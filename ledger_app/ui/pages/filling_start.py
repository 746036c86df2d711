"""First step of filling a form: choose it or drop it, say for which period."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

from PySide6.QtCore import QMimeData, Qt, Signal
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

from ledger_app.core.entity import Registry
from ledger_app.services.settings import Settings
from ledger_app.ui.theme import Theme, role

SUFFIXES: Final = (".xlsx", ".xlsm", ".xltx")
FILES: Final = f"表格 ({' '.join(f'*{s}' for s in (*SUFFIXES, '.xls'))});;所有文件 (*)"
FOLDER: Final = "form_folder"  # the setting that keeps where the last form lay
MONTHS, QUARTERS, YEARS = 24, 8, 4
BY_ITSELF: Final = "看表头自动判断"
_QUARTERS: Final = "一二三四"


class Quiet(QComboBox):
    """A choice the wheel never changes."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


def form_periods(today: date) -> list[tuple[str, str]]:
    """(key, label) of the periods a form may be for: months back from this one, quarters, years."""
    first = today.year * 12 + today.month - 1
    months = [divmod(first - n, 12) for n in range(MONTHS)]
    quarter = today.year * 4 + (today.month - 1) // 3
    quarters = [divmod(quarter - n, 4) for n in range(QUARTERS)]
    return [
        *((f"{y}-{m + 1:02d}", f"{y}年{m + 1}月") for y, m in months),
        *((f"{y}Q{q + 1}", f"{y}年第{_QUARTERS[q]}季度") for y, q in quarters),
        *((str(today.year - n), f"{today.year - n}年") for n in range(YEARS)),
    ]


class FillingStart(QWidget):
    """Says which form the clerk wants filled; reads nothing itself."""

    asked = Signal(object)  # Path

    def __init__(self, theme: Theme, registry: Registry, settings: Settings) -> None:
        super().__init__()
        self._settings = settings
        self.ledger = Quiet()
        self.ledger.addItem(BY_ITSELF, "")
        for entity in registry.places:
            if entity.group != "设置":
                self.ledger.addItem(entity.label, entity.name)
        self.choose = QPushButton("选择表格……")
        role(self.choose, "primary")
        self.choose.clicked.connect(self.ask_file)
        self.message = QLabel()
        role(self.message, "error")
        self.message.setWordWrap(True)
        self.message.hide()
        self._lay_out(theme)

    def ask_file(self) -> None:
        start = self._settings.get(FOLDER, str(Path.home()))
        name, _ = QFileDialog.getOpenFileName(self, "选择上级发来的表格", start, FILES)
        if name:
            self._settings.put(FOLDER, str(Path(name).parent))
            self.asked.emit(Path(name))

    def say(self, text: str) -> None:
        """What is wrong with the form, until another one is chosen."""
        self.message.setText(text)
        self.message.setVisible(bool(text))

    def _lay_out(self, theme: Theme) -> None:
        picture = QLabel()
        picture.setPixmap(theme.pixmap("form", "blue", 48, self.devicePixelRatioF()))
        words = QLabel("把上级发来的表格拖到这里，或者")
        role(words, "heading")
        kinds = QLabel(
            "一行一眼井、一本证、一次封停、一个项目、一项任务的表，按台账逐行填好；格式、公式、下拉、图章位置都不动。"
            "原表不改，填好的另存一份。"
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
        inner = QVBoxLayout(zone)
        inner.setContentsMargins(40, 36, 40, 36)
        inner.setSpacing(14)
        for widget in (picture, words, self.choose):
            inner.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
        inner.addWidget(kinds)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(QLabel("按哪个台账填"))
        line.addWidget(self.ledger)
        line.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addLayout(line)
        column.addWidget(zone)
        column.addWidget(self.message)
        column.addStretch(1)


def dropped_form(mime: QMimeData) -> Path | None:
    """The one form somebody drags, or None."""
    paths = [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
    return paths[0] if len(paths) == 1 and paths[0].suffix.lower() in (*SUFFIXES, ".xls") else None
