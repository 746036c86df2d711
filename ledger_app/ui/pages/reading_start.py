"""First step of reading a document: choose a file, drop one, or paste its text."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QFrame, QLabel, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from ledger_app.services.settings import Settings
from ledger_app.ui.theme import Theme, role

SUFFIXES: Final = (".txt", ".docx", ".pdf")
FILES: Final = f"公文 ({' '.join(f'*{s}' for s in SUFFIXES)});;所有文件 (*)"
FOLDER: Final = "read_folder"  # the setting that keeps where the last document lay


class ReadingStart(QWidget):
    """Says which document the clerk wants; reads nothing itself."""

    asked = Signal(object)  # Path
    pasted = Signal(str)

    def __init__(self, theme: Theme, settings: Settings) -> None:
        super().__init__()
        self._settings = settings
        self.choose = QPushButton("选择文件……")
        role(self.choose, "primary")
        self.choose.clicked.connect(self.ask_file)
        self.text = QPlainTextEdit()
        self.text.setPlaceholderText("或者把正文粘贴在这里")
        self.text.setAcceptDrops(False)  # a file dropped here is for the page
        self.read = QPushButton("读这段文字")
        self.read.setEnabled(False)
        self.text.textChanged.connect(lambda: self.read.setEnabled(bool(self.text.toPlainText().strip())))
        self.read.clicked.connect(lambda: self.pasted.emit(self.text.toPlainText()))
        self.message = QLabel()
        role(self.message, "error")
        self.message.setWordWrap(True)
        self.message.hide()
        self._lay_out(theme)

    def ask_file(self) -> None:
        start = self._settings.get(FOLDER, str(Path.home()))
        name, _ = QFileDialog.getOpenFileName(self, "选择要读的公文", start, FILES)
        if name:
            self._settings.put(FOLDER, str(Path(name).parent))
            self.asked.emit(Path(name))

    def say(self, text: str) -> None:
        """What is wrong with the document, until another one is chosen."""
        self.message.setText(text)
        self.message.setVisible(bool(text))

    def _lay_out(self, theme: Theme) -> None:
        picture = QLabel()
        picture.setPixmap(theme.pixmap("document", "blue", 48, self.devicePixelRatioF()))
        words = QLabel("把整改方案、公示、完成情况表拖到这里，或者")
        role(words, "heading")
        kinds = QLabel(
            "txt、docx 和能选中文字的 pdf 都可以。只读取，不改动您的文件；您点“存入台账”之前什么都不写。"
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
        inner.setContentsMargins(40, 30, 40, 30)
        inner.setSpacing(14)
        for widget in (picture, words, self.choose):
            inner.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
        inner.addWidget(kinds)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(zone)
        column.addWidget(self.message)
        column.addWidget(self.text, 1)
        column.addWidget(self.read, 0, Qt.AlignmentFlag.AlignLeft)


def dropped_document(mime: QMimeData) -> Path | None:
    """The one document somebody drags, or None."""
    paths = [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
    return paths[0] if len(paths) == 1 and paths[0].suffix.lower() in SUFFIXES else None


def take_drag(event: QDragEnterEvent) -> None:
    if dropped_document(event.mimeData()):
        event.acceptProposedAction()


def take_drop(event: QDropEvent) -> Path | None:
    path = dropped_document(event.mimeData())
    if path:
        event.acceptProposedAction()
    return path
