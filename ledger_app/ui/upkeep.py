"""What looks after an open ledger: backups every half hour and on closing, restoring, dropped workbooks.

The program makes one for each window: `Upkeep(window, open_again)`. Pages find it as a child of the window.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication

from ledger_app.core.errors import LedgerError
from ledger_app.services import backups
from ledger_app.services.backups import Done
from ledger_app.ui.main_window import MainWindow
from ledger_app.ui.pages.importing_drop import FileDrop

MINUTE_MS: Final = 60_000


class Upkeep(QObject):
    """`open_again(path)` opens a ledger in place of the window's; it is called after a restore."""

    def __init__(self, window: MainWindow, open_again: Callable[[Path], object]) -> None:
        super().__init__(window)
        self._window = window
        self._context = window.context
        self._open_again = open_again
        self._told = False
        self._timer = QTimer(self)
        self._timer.setInterval(backups.EVERY_MINUTES * MINUTE_MS)
        self._timer.timeout.connect(self.back_up)
        self._timer.start()
        FileDrop(window, self._context)
        window.closed.connect(self.closing)
        self.say()

    @property
    def _path(self) -> Path:
        return self._context.workspace.path

    def say(self) -> None:
        """When the last backup was made, at the foot of the window."""
        path = self._path
        self._context.workers.read(
            lambda conn: backups.last_said(conn, path, now()), self._window.status.set_backup
        )

    def back_up(self) -> None:
        """A round of automatic backups, where something has changed."""
        if self._context.workspace.ledger.read_only:
            return
        path = self._path
        self._context.workers.read_long(
            "自动备份",
            lambda conn, progress: backups.automatic(conn, path, now(), "automatic", progress),
            self._backed_up,
            self._failed,
        )

    def _backed_up(self, done: Done) -> None:
        self._told = self._told and bool(done.problems)
        if done.problems:
            self._tell_once(f"第二个备份文件夹用不了：{done.problems[0]}")
        self.say()

    def _failed(self, error: BaseException) -> None:
        if not isinstance(error, LedgerError):
            raise error
        self._tell_once(f"自动备份没有做成：{error.text}")

    def _tell_once(self, text: str) -> None:
        """The same trouble every half hour is said once."""
        if not self._told:
            self._context.messages.note(text)
        self._told = True

    def closing(self) -> None:
        """The last backup of the sitting; the window is gone already, so nothing is asked or told."""
        self._timer.stop()
        ledger = self._context.workspace.ledger
        if ledger.read_only and ledger.read_only_because:
            return
        conn = ledger.connect()
        try:
            backups.automatic(conn, self._path, now(), "closing")
        except LedgerError:
            self._context.settings.put(self._context.setting("closing_backup_failed"), True)
        finally:
            conn.close()

    def restore(self, backup: Path) -> None:
        """Close the ledger, make it what the backup holds, open it again. A refusal leaves it as it was."""
        path, refused = self._path, ""
        self._timer.stop()
        QGuiApplication.setOverrideCursor(Qt.CursorShape.WaitCursor)
        try:
            self._window.end()
            said = backups.restored_said(backups.restore(backup, path, now(), overwrite=True))
        except LedgerError as error:
            said, refused = "", error.text
        finally:
            QGuiApplication.restoreOverrideCursor()
        self._window.closed.disconnect(self.closing)
        messages: Any = self._context.messages
        messages.tell(refused or said, "没有恢复" if refused else "已恢复")
        self._open_again(path)


def now() -> datetime:
    """The clerk's own time."""
    return datetime.now().astimezone()
