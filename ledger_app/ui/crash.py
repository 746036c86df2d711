"""An error of ours: written to the log, told in one dialog that names it; the ledger is not hurt."""

from __future__ import annotations

import logging
import sys
import threading
from pathlib import Path
from types import TracebackType
from typing import Final

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QApplication, QMessageBox

LOG_NAME: Final = "ledger-app.log"
KEPT_BYTES: Final = 1 << 20


class CrashReporter(QObject):
    """Stands in `sys.excepthook`. Says each kind of error once, so that no storm of boxes arises."""

    happened = Signal(str)

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.path = folder / LOG_NAME
        self._told: set[str] = set()
        self._log = logging.getLogger("ledger_app.crash")
        self._log.propagate = False
        self._prepare()
        self.happened.connect(self._tell, Qt.ConnectionType.QueuedConnection)

    def install(self) -> None:
        sys.excepthook = self.caught
        threading.excepthook = lambda args: self.caught(
            args.exc_type, args.exc_value or args.exc_type(), args.exc_traceback
        )

    def caught(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            QApplication.quit()
            return
        self._log.error("%s", kind.__name__, exc_info=(kind, error, trace))
        said = f"{kind.__name__}：{error}"
        if said not in self._told:
            self._told.add(said)
            self.happened.emit(said)

    def _prepare(self) -> None:
        if self.path.exists() and self.path.stat().st_size > KEPT_BYTES:
            self.path.replace(self.path.with_suffix(".old.log"))
        handler = logging.FileHandler(self.path, encoding="utf-8", delay=True)
        handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
        self._log.handlers[:] = [handler]

    def _tell(self, said: str) -> None:
        text = (
            "程序出了差错，这一步没有做成。台账里已保存的内容都在。\n\n"
            f"详细情况记在：{self.path}\n请把这个文件发给维护人员。"
        )
        box = QMessageBox(QMessageBox.Icon.NoIcon, "程序出了差错", text, parent=QApplication.activeWindow())
        box.setDetailedText(said)
        box.addButton("知道了", QMessageBox.ButtonRole.AcceptRole)
        box.exec()
