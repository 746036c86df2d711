"""Beside the list of backups: what can be done with one, where they go, whether the ledger is whole."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from ledger_app.services.backups import Kept
from ledger_app.ui.record_view import group_heading
from ledger_app.ui.theme import role

WIDTH = 360
ROUNDS = "有改动时每 30 分钟自动备份一次，关窗口时一次，导入、升级、恢复之前各一次；旧的按天、周、月留着。"


@dataclass(frozen=True, slots=True)
class Standing:
    """How it stands with the backups of a ledger."""

    kept: tuple[Kept, ...]
    folder: Path
    second: Path | None
    held_since: str
    last: str


class BackupPane(QFrame):
    """Says what the clerk wants; does nothing itself but open a folder."""

    look_asked = Signal()
    restore_asked = Signal()
    verify_asked = Signal()
    release_asked = Signal()
    second_asked = Signal()
    second_refused = Signal()

    def __init__(self) -> None:
        super().__init__()
        role(self, "record")
        self.setFixedWidth(WIDTH)
        self._folder = Path()
        self.look, self.restore = QPushButton("核对这份备份"), QPushButton("用这份恢复台账……")
        self.verify = QPushButton("核对台账")
        self.release = QPushButton("看过了，继续清理")
        self.open, self.second = QPushButton("打开文件夹"), QPushButton("选择……")
        self.no_second = QPushButton("不用了")
        self.folder_said, self.second_said = _words("small"), _words("small")
        self.verified, self.held = _words("note"), _words("doubt")
        self._lay_out()
        self._wire()

    def show_standing(self, standing: Standing) -> None:
        self._folder = standing.folder
        self.folder_said.setText(str(standing.folder))
        self.second_said.setText(
            str(standing.second) if standing.second else "没有设置。选别的盘或共享文件夹，电脑坏了也不怕。"
        )
        self.no_second.setVisible(standing.second is not None)
        self.held_box.setVisible(bool(standing.held_since))
        day = standing.held_since[:16].replace("T", " ")
        self.held.setText(f"{day} 恢复过备份，从那时起暂停清理旧备份。看过台账没有问题，就可以继续清理。")
        self.open.setEnabled(standing.folder.is_dir())

    def say_what_may(self, *, chosen: bool, may_write: bool) -> None:
        self.look.setEnabled(chosen)
        self.restore.setEnabled(chosen and may_write)
        for button in (self.second, self.no_second, self.release):
            button.setEnabled(may_write)

    def say_verifying(self) -> None:
        self.verify.setEnabled(False)
        role(self.verified, "note")
        self.verified.setText("正在核对：文件、变更记录、重放、附件……")

    def show_verified(self, said: str, *, whole: bool) -> None:
        self.verify.setEnabled(True)
        role(self.verified, "pill-green" if whole and said else "error")
        self.verified.setText(said)

    def _wire(self) -> None:
        for button, signal in (
            (self.look, self.look_asked),
            (self.restore, self.restore_asked),
            (self.verify, self.verify_asked),
            (self.release, self.release_asked),
            (self.second, self.second_asked),
            (self.no_second, self.second_refused),
        ):
            button.clicked.connect(signal)
        self.open.clicked.connect(lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._folder))))

    def _lay_out(self) -> None:
        self.held_box = QWidget()
        held = QVBoxLayout(self.held_box)
        held.setContentsMargins(0, 0, 0, 0)
        held.addWidget(self.held)
        held.addWidget(self.release, 0, Qt.AlignmentFlag.AlignLeft)
        rounds = _words("small")
        rounds.setText(ROUNDS)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 10, 16, 14)
        column.setSpacing(8)
        column.addWidget(self.held_box)
        for title, parts in (
            ("选中的备份", (_row(self.look, self.restore),)),
            ("台账是否完整", (_row(self.verify), self.verified)),
            ("自动备份", (rounds,)),
            ("放在台账旁边", (self.folder_said, _row(self.open))),
            ("第二处", (self.second_said, _row(self.second, self.no_second))),
        ):
            column.addWidget(group_heading(title))
            for part in parts:
                column.addWidget(part)
        column.addStretch(1)


def _words(look: str) -> QLabel:
    label = QLabel()
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    role(label, look)
    return label


def _row(*buttons: QPushButton) -> QWidget:
    box = QWidget()
    role(box, "plain")
    row = QHBoxLayout(box)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(8)
    for button in buttons:
        row.addWidget(button)
    row.addStretch(1)
    return box
