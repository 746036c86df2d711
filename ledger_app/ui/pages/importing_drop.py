"""A workbook dragged onto the page, or anywhere onto the window, is one to import."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QMimeData, QObject
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QWidget

from ledger_app.ui.pages.importing_start import SUFFIXES
from ledger_app.ui.places import PageContext, Target

PLACE = "import"


def dropped_file(mime: QMimeData) -> Path | None:
    """The one workbook somebody drags, or None."""
    paths = [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
    return paths[0] if len(paths) == 1 and paths[0].suffix.lower() in SUFFIXES else None


def take_drag(event: QDragEnterEvent) -> None:
    if dropped_file(event.mimeData()):
        event.acceptProposedAction()


def take_drop(event: QDropEvent) -> Path | None:
    path = dropped_file(event.mimeData())
    if path:
        event.acceptProposedAction()
    return path


class FileDrop(QObject):
    """Goes to the import page with a workbook dropped on the window. `FileDrop(window, window.context)`."""

    def __init__(self, window: QWidget, context: PageContext) -> None:
        super().__init__(window)
        self._context = context
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: Any) -> bool:
        if event.type() == QEvent.Type.DragEnter and dropped_file(event.mimeData()):
            event.acceptProposedAction()
            return True
        if event.type() == QEvent.Type.Drop and (path := take_drop(event)):
            self._context.navigate(PLACE, Target(said=str(path)))
            return True
        return False
