"""One writer a file: an operating-system lock beside the ledger that says who has it."""

from __future__ import annotations

import json
import os
import sys
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Final

_BYTES_LOCKED: Final = 1  # Windows locks bytes; the text that names the holder stands behind them


@dataclass
class Lock:
    """A held lock. The operating system frees it when the process ends, however it ends."""

    file: IO[str]

    def release(self) -> None:
        with suppress(OSError):
            _unlock(self.file)
        with suppress(OSError):  # what was not written before (a full disk) is only the holder's name
            self.file.close()


def take(ledger: Path) -> tuple[Lock | None, str]:
    """The lock, or None and who holds it (name, machine, since when).

    Raises OSError where the file that is locked cannot be made or opened.
    """
    ledger = ledger.resolve()  # one file is one lock, by whatever name it was opened
    file = ledger.with_name(f"{ledger.name}.lock").open("a+", encoding="utf-8")
    if not _lock(file):
        holder = _holder(file)
        file.close()
        return None, holder
    with suppress(OSError):  # the lock holds on a full disk too, it just cannot say whose it is
        file.seek(_BYTES_LOCKED)
        file.truncate()
        file.write(json.dumps(_me(), ensure_ascii=False))
        file.flush()
    return Lock(file), ""


def _me() -> dict[str, str]:
    since = datetime.now().astimezone().strftime("%Y-%m-%d %H:%M")
    return {"who": _user(), "machine": _machine(), "since": since}


def _machine() -> str:
    return os.environ.get("COMPUTERNAME", "") if sys.platform == "win32" else os.uname().nodename


def _user() -> str:
    """As `getpass` finds it, which is imported only where no variable says it: start-up time."""
    if name := next(filter(None, map(os.environ.get, ("LOGNAME", "USER", "LNAME", "USERNAME"))), None):
        return name
    import getpass  # noqa: PLC0415

    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "另一用户"


def _holder(file: IO[str]) -> str:
    try:
        file.seek(_BYTES_LOCKED)
        said = json.loads(file.read() or "{}")
        return f" {said['who']} 在电脑 {said['machine']} 上（自 {said['since']} 起）"
    except (OSError, ValueError, KeyError):
        return "另一个窗口"


if sys.platform == "win32":
    import msvcrt

    def _lock(file: IO[str]) -> bool:
        file.seek(0)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, _BYTES_LOCKED)
        except OSError:
            return False
        return True

    def _unlock(file: IO[str]) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, _BYTES_LOCKED)

else:
    import fcntl

    def _lock(file: IO[str]) -> bool:
        try:
            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        with suppress(OSError):
            if file.seek(0, os.SEEK_END) == 0:
                file.write(" ")
                file.flush()
        return True

    def _unlock(file: IO[str]) -> None:
        fcntl.flock(file.fileno(), fcntl.LOCK_UN)
