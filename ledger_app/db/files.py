"""Files around a ledger appear whole or not at all: a part beside the place, fsync, rename."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from ledger_app.core.errors import LedgerError

PART: Final = ".part"


def part_of(path: Path) -> Path:
    """Where a file is made before it takes its place; the same name every time, so that what a killed
    program left is used up by the next attempt."""
    return path.with_name(f".{path.name}{PART}")


@contextmanager
def placed(path: Path) -> Iterator[Path]:
    """The part to write; it becomes `path` when the block ends well, otherwise it goes.

    Raises LedgerError where the system refuses (full disk, no folder, no permission).
    """
    part = part_of(path)
    try:
        discard(part)
        yield part
        sync(part)
        part.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        raise refusal(error, path) from error
    finally:
        with suppress(OSError):
            discard(part)


def discard(part: Path) -> None:
    """Remove a part, with the files SQLite keeps beside one it has open. Raises OSError."""
    for leftover in (part, *(Path(f"{part}{suffix}") for suffix in ("-wal", "-shm", "-journal"))):
        leftover.unlink(missing_ok=True)


def existing_folder(folder: Path) -> Path:
    """The folder, made where only it is missing. Raises LedgerError where it cannot be."""
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise refusal(error, folder) from error
    return folder


def place_new(part: Path, path: Path) -> None:
    """Move a part to its place, never over an existing file: a hard link refuses that in one step;
    FAT sticks have none. Raises FileExistsError, OSError."""
    sync(part)
    try:
        os.link(part, path)
    except FileExistsError:
        raise
    except OSError:
        if path.exists():
            raise FileExistsError(errno.EEXIST, "exists", str(path)) from None
        part.rename(path)
    sync_folder(path.parent)


def sync(path: Path) -> None:
    """Have the system write a file down."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Make a rename itself durable; Windows has no such call for folders."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def refusal(error: OSError, path: Path) -> LedgerError:
    """What the system refused, as a sentence about the file that was to be written."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return LedgerError(f"磁盘空间不够，{path.name} 没有写成。请腾出空间或换一个位置。", "disk_full")
    if not path.parent.is_dir():
        return LedgerError(f"没有 {path.parent} 这个文件夹，U 盘或共享盘可能没有接上。", "no_folder")
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return LedgerError(f"{path.parent} 不能写入，{path.name} 没有写成。请换一个位置。", "read_only")
    if error.errno == errno.EFBIG:
        return LedgerError(f"{path.name} 超过了这个盘允许的单个文件大小，请换一个盘。", "too_large")
    said = error.strerror or type(error).__name__
    return LedgerError(f"{path.name} 没有写成：{said}。", "cannot_write")
