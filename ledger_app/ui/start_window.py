"""The first page: the ledgers opened lately, a new one, one from a file, the demo county."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QFormLayout,
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

from ledger_app.ui.messages import buttons
from ledger_app.ui.theme import Theme, role

SIZE: Final = (860, 520)
SUFFIX: Final = ".ledger"
FILES: Final = f"台账文件 (*{SUFFIX});;所有文件 (*)"
PATH: Final = Qt.ItemDataRole.UserRole


@dataclass(frozen=True, slots=True)
class NewLedger:
    """What a new ledger is made with."""

    path: Path
    county: str
    code: str
    bureau: str
    who: str


class StartWindow(QWidget):
    """Says what the clerk wants; does nothing itself."""

    opened = Signal(object)  # Path
    asked_new = Signal(object)  # NewLedger
    asked_demo = Signal()

    def __init__(self, theme: Theme, recent: Sequence[Path], folder: Path, *, demo: bool) -> None:
        super().__init__()
        role(self, "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setWindowTitle("县级水资源台账")
        self.resize(*SIZE)
        self._folder = folder
        self.recent = QListWidget()
        self.recent.itemActivated.connect(lambda item: self.opened.emit(item.data(PATH)))
        self.recent.itemClicked.connect(lambda item: self.opened.emit(item.data(PATH)))
        self.new = QPushButton("建立新台账……")
        self.open = QPushButton("打开台账文件……")
        self.demo = QPushButton("看看演示县")
        self.demo.setVisible(demo)
        role(self.new, "primary")
        self.new.clicked.connect(self._ask_new)
        self.open.clicked.connect(self._ask_open)
        self.demo.clicked.connect(self.asked_demo)
        self._fill(recent)
        self._lay_out(theme)

    def _fill(self, recent: Sequence[Path]) -> None:
        for path in recent:
            item = QListWidgetItem(f"{path.stem}\n{path.parent}")
            item.setData(PATH, path)
            item.setToolTip(str(path))
            self.recent.addItem(item)

    def _ask_new(self) -> None:
        dialog = NewLedgerDialog(self, self._folder)
        if dialog.exec():
            self.asked_new.emit(dialog.answer())

    def _ask_open(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, "打开台账文件", str(self._folder), FILES)
        if name:
            self.opened.emit(Path(name))

    def _lay_out(self, theme: Theme) -> None:
        picture = QLabel()
        picture.setPixmap(theme.pixmap("ledger", "blue", 56, self.devicePixelRatioF()))
        title = QLabel("县级水资源台账")
        title.setStyleSheet("font-size: 22px; font-weight: bold;")
        said = QLabel("机电井、取水许可、封停处置、节水项目，一处登记，处处算得出。")
        role(said, "muted")
        said.setWordWrap(True)
        left = QVBoxLayout()
        left.setSpacing(12)
        for widget in (picture, title, said):
            left.addWidget(widget)
        left.addSpacing(20)
        for button in (self.new, self.open, self.demo):
            button.setMinimumHeight(36)
            left.addWidget(button)
        left.addStretch()
        row = QHBoxLayout(self)
        row.setContentsMargins(40, 40, 40, 40)
        row.setSpacing(40)
        row.addLayout(left, 2)
        row.addWidget(self._recent_card(), 3)

    def _recent_card(self) -> QFrame:
        card = QFrame()
        role(card, "card")
        heading = QLabel("最近打开的台账")
        role(heading, "heading")
        nothing = QLabel("还没有打开过台账。建立一个新的，或先看看演示县。")
        role(nothing, "muted")
        nothing.setWordWrap(True)
        nothing.setVisible(self.recent.count() == 0)
        self.recent.setVisible(self.recent.count() > 0)
        self.recent.setStyleSheet("QListWidget { border: none; } QListWidget::item { min-height: 44px; }")
        column = QVBoxLayout(card)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(10)
        column.addWidget(heading)
        column.addWidget(nothing)
        column.addWidget(self.recent, 1)
        if self.recent.count() == 0:
            column.addStretch(1)
        return card


class NewLedgerDialog(QDialog):
    """County, code, bureau, who begins, and where the file shall lie."""

    def __init__(self, parent: QWidget, folder: Path) -> None:
        super().__init__(parent)
        self.setWindowTitle("建立新台账")
        self._folder = folder
        self.county, self.code = QLineEdit(), QLineEdit()
        self.bureau, self.who, self.file = QLineEdit(), QLineEdit(), QLineEdit()
        self.county.setPlaceholderText("例如 乌拉特中旗")
        self.code.setPlaceholderText("6 位，例如 150824")
        self.code.setMaxLength(6)
        self.who.setPlaceholderText("您的姓名")
        self.message = QLabel()
        role(self.message, "error")
        self.make = QPushButton("建立台账")
        role(self.make, "primary")
        self.make.clicked.connect(self._make)
        self.county.textEdited.connect(self._follow_county)
        self._lay_out()

    def answer(self) -> NewLedger:
        words = (edit.text().strip() for edit in (self.county, self.code, self.bureau, self.who))
        county, code, bureau, who = words
        return NewLedger(Path(self.file.text()), county, code, bureau, who)

    def _follow_county(self, county: str) -> None:
        name = county.strip()
        self.bureau.setText(f"{name}水利局" if name else "")
        self.file.setText(str(self._folder / f"{name}{SUFFIX}") if name else "")

    def _make(self) -> None:
        if problem := self._problem():
            self.message.setText(problem)
        else:
            self.accept()

    def _problem(self) -> str:
        answer = self.answer()
        if not answer.county:
            return "请填写旗县名称。"
        if not (len(answer.code) == 6 and answer.code.isascii() and answer.code.isdigit()):
            return "旗县代码是 6 位数字，例如 150824。"
        if not answer.bureau or not answer.who:
            return "请填写单位名称和您的姓名。"
        if not self.file.text().strip():
            return "请选择台账放在哪里。"
        return f"{answer.path.name} 已经有了，请换一个文件名。" if answer.path.exists() else ""

    def _choose_file(self) -> None:
        start = self.file.text() or str(self._folder)
        name, _ = QFileDialog.getSaveFileName(self, "台账放在哪里", start, FILES)
        if name:
            self.file.setText(name if name.endswith(SUFFIX) else name + SUFFIX)

    def _lay_out(self) -> None:
        other = QPushButton("换个位置……")
        other.clicked.connect(self._choose_file)
        place = QHBoxLayout()
        place.addWidget(self.file, 1)
        place.addWidget(other)
        form = QFormLayout()
        form.setVerticalSpacing(10)
        form.addRow("旗县名称", self.county)
        form.addRow("旗县代码", self.code)
        form.addRow("单位名称", self.bureau)
        form.addRow("操作员", self.who)
        form.addRow("台账文件", place)
        back = QPushButton("返回")
        back.clicked.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addLayout(form)
        column.addWidget(self.message)
        column.addLayout(buttons(back, self.make))
        self.setMinimumWidth(520)
