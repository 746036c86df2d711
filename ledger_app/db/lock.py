"""One writer a file: an operating-system lock beside the ledger that says who has it."""

from __future__ import annotations

import getpass
import json
import os
import socket
import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO


@dataclass
class Lock:
    """A held lock. The operating system frees it when the process ends, however it ends."""

    file: IO[str]

    def release(self) -> None:
        _unlock(self.file)
        self.file.close()


def take(ledger: Path) -> tuple[Lock | None, str]:
    """The lock, or None and who holds it (name, machine, since when)."""
    path = ledger.with_name(f"{ledger.name}.lock")
    try:
        file = path.open("a+", encoding="utf-8")
    except OSError:
        return None, "别的程序"
    if not _lock(file):
        holder = _holder(file)
        file.close()
        return None, holder
    file.seek(_BYTES_LOCKED)
    file.truncate()
    file.write(json.dumps(_me(), ensure_ascii=False))
    file.flush()
    return Lock(file), ""


_BYTES_LOCKED = 1  # Windows locks bytes; the text that names the holder stands behind them


def _me() -> dict[str, str]:
    since = datetime.now().astimezone().strftime("%Y-%m-%d %H:%M")
    return {"who": _user(), "machine": socket.gethostname(), "since": since}


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
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
        if file.seek(0, os.SEEK_END) == 0:
            file.write(" ")
            file.flush()
        return True

    def _unlock(file: IO[str]) -> None:
        fcntl.flock(file.fileno(), fcntl.LOCK_UN)
