"""Files appear whole or not at all: a temporary beside the target, fsync, rename."""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from ledger_app.core.errors import LedgerError


@contextmanager
def atomic_write(path: Path) -> Iterator[BinaryIO]:
    """Yield a binary file that becomes `path` when the block ends well; otherwise `path` stays as it was.

    Raises LedgerError with a sentence when the system refuses (disk full, open in Excel, no such folder).
    """
    path = Path(path)
    temporary = path.with_name(f".{path.name[:80]}.{secrets.token_hex(4)}.tmp")
    try:
        with open(temporary, "xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
        _sync_folder(path.parent)
    except OSError as error:
        raise LedgerError(_sentence(error, path), "cannot_write") from error
    finally:
        with suppress(OSError):
            temporary.unlink()


def write_bytes(path: Path, data: bytes) -> None:
    """Write a small file whole."""
    with atomic_write(path) as file:
        file.write(data)


def _sync_folder(folder: Path) -> None:
    """Make the rename itself durable; Windows has no such call for folders."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _sentence(error: OSError, path: Path) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"磁盘空间不够，“{path.name}”没有写出。"
    if not path.parent.is_dir():
        return f"没有“{path.parent}”这个文件夹，“{path.name}”没有写出。"
    if isinstance(error, PermissionError):
        return f"“{path.name}”写不进去：可能正在 Excel 或 WPS 里打开，或者文件夹只读。关掉后再试，或换个地方保存。"
    return f"“{path.name}”没有写出：{error.strerror or error}。"
