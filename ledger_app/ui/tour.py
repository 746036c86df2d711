"""Paints every place and dialog to PNG: `python -m ledger_app.ui.tour LEDGER OUTDIR`.

Qt takes its scale once at the start, so each size is painted by a process of its own.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PySide6.QtCore import QEvent, QSize
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from ledger_app.ui.dialogs.pictures import act_pictures
from ledger_app.ui.ledger_page import LedgerPage
from ledger_app.ui.main_window import MainWindow
from ledger_app.ui.operator_dialog import OperatorDialog
from ledger_app.ui.save_choice import SaveChoice
from ledger_app.ui.start_window import NewLedgerDialog

SIZE: Final = QSize(1366, 768)
SMALL: Final = QSize(1280, 700)
SCALES: Final = (("", "1"), ("@150", "1.5"), ("-small", "1"), ("-dark", "1"))


@dataclass(frozen=True, slots=True)
class Picture:
    """A dialog or popup to be painted over a window; `make` opens nothing by itself."""

    name: str
    make: Callable[[MainWindow], QWidget]


class Painter:
    """Saves widgets as they look, once everything that is due has been done."""

    def __init__(self, application: QApplication, out: Path, suffix: str) -> None:
        self._application = application
        self._out = out
        self._suffix = suffix
        out.mkdir(parents=True, exist_ok=True)

    def paint(self, window: MainWindow, pictures: Sequence[Picture]) -> None:
        window.resize(SMALL if "small" in self._suffix else SIZE)
        window.show()
        for place in window.places:
            window.visit(place.key)
            self.picture(place.key, window)
            page = window.page(place.key)
            if isinstance(page, LedgerPage) and page.table.model.ids:
                self._form(place.key, page, window)
        for each in pictures:
            self.picture(each.name, each.make(window))

    def picture(self, name: str, widget: QWidget) -> None:
        widget.show()
        for _ in range(4):
            self._application.processEvents()
            self._application.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        widget.grab().save(str(self._out / f"{name}{self._suffix}.png"))
        if isinstance(widget, QDialog):
            widget.close()

    def _form(self, key: str, page: LedgerPage, window: MainWindow) -> None:
        page.edit()
        self.picture(f"{key}-form", window)
        page.pane.leave_form()


def _save_choice(window: MainWindow) -> QWidget:
    changes = ["使用状态：在用 → 停用", "井深：101 → 120 m"]
    return SaveChoice(window, changes, window.context.workspace.context)


def _operator(window: MainWindow) -> QWidget:
    return OperatorDialog(window, window.context.workspace.operators())


def _new_ledger(window: MainWindow) -> QWidget:
    return NewLedgerDialog(window, Path.home())


PICTURES: Final = (
    Picture("dialog-save", _save_choice),
    Picture("dialog-operator", _operator),
    Picture("dialog-new-ledger", _new_ledger),
    *(Picture(name, make) for name, make in act_pictures()),
)


def main(words: Sequence[str]) -> int:
    """Paint at 100 %, at 150 %, in a small window and in the dark colours; the worst exit code of them."""
    if len(words) != 2:
        sys.stderr.write("python -m ledger_app.ui.tour LEDGER OUTDIR\n")
        return 2
    ledger, out = words
    codes = []
    for suffix, scale in SCALES:
        environ = os.environ | {"QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": scale}
        command = [sys.executable, "-m", "ledger_app", "--tour", ledger, out, suffix]
        codes.append(subprocess.run(command, env=environ, check=False).returncode)
    return max(codes)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
