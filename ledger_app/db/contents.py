"""Contents of attached files, each kept once under its hash: `ab/abcd…` in the folder beside the ledger,
in the `files` folder of the backups, in a zip."""

from __future__ import annotations

import hashlib
import re
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Final

from ledger_app.core.errors import LedgerError
from ledger_app.db import files

HASH: Final = re.compile(r"[0-9a-f]{64}")
_CHUNK: Final = 1 << 20


def beside(ledger: Path) -> Path:
    """`NAME.files` beside the ledger."""
    return ledger.with_name(f"{ledger.stem}.files")


def place(folder: Path, content_hash: str) -> Path:
    return folder / content_hash[:2] / content_hash


def digest(path: Path) -> str:
    """The name of a content: SHA-256 in hexadecimal digits. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def kept(folder: Path) -> Iterator[tuple[str, Path]]:
    """Every content in a folder, by hash."""
    for path in sorted(folder.glob("*/*")) if folder.is_dir() else ():
        if HASH.fullmatch(path.name) and path.parent.name == path.name[:2] and path.is_file():
            yield path.name, path


def keep(source: BinaryIO, content_hash: str, folder: Path) -> bool:
    """Write a content under its hash, read-only; False where it is there already.

    Raises LedgerError where the source is not what the hash says or the folder cannot be written.
    """
    to = place(folder, content_hash)
    if to.is_file():
        return False
    files.existing_folder(files.existing_folder(folder) / content_hash[:2])
    found = hashlib.sha256()
    with files.placed(to) as part:
        with part.open("wb") as file:
            while chunk := source.read(_CHUNK):
                found.update(chunk)
                file.write(chunk)
        if found.hexdigest() != content_hash:
            raise LedgerError(f"附件 {content_hash[:8]} 的内容与记录不符，没有复制。", "content_changed")
    with suppress(OSError):  # some disks know no read-only files
        to.chmod(stat.S_IREAD | stat.S_IRGRP | stat.S_IROTH)
    return True
