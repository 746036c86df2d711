"""Photos and scans of a record: the file once by its content, a row of `attachments` for each use."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ledger_app.core.errors import LedgerError
from ledger_app.db import contents, files
from ledger_app.db.store import Act, Row, Store

LEDGER: Final = "attachments"
LIMIT_BYTES: Final = 100 << 20  # a scan of a whole file; films do not belong into the ledger


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that lies beside the ledger, ready to be attached."""

    name: str
    content_hash: str


def keep(ledger: Path, source: Path) -> Kept:
    """Copy a file beside the ledger under its content hash, once for all records that have it.

    It stays there whatever becomes of the act (undo takes back rows, never contents); so the copying, which
    may take a while, can be done before the act is opened. Raises LedgerError.
    """
    try:
        size = source.stat().st_size if source.is_file() else None
        if size is None:
            raise LedgerError(f"找不到文件 {source}。", "no_file")
        if size == 0:
            raise LedgerError(f"{source.name} 是空文件，没有添加。", "empty_file")
        if size > LIMIT_BYTES:
            text = f"{source.name} 有 {size >> 20} MB，超过单个附件 {LIMIT_BYTES >> 20} MB 的上限，没有添加。"
            raise LedgerError(text, "too_large")
        content_hash = contents.digest(source)
        with source.open("rb") as file:
            contents.keep(file, content_hash, contents.beside(ledger))
    except OSError as error:
        raise LedgerError(f"读不了 {source.name}：{error.strerror}。", "cannot_open") from error
    return Kept(source.name, content_hash)


def add(act: Act, ledger: str, record_uid: str, kept: Kept, *, kind: str = "", taken_on: str = "") -> str:
    """Attach a kept file to a record; returns the attachment's uid. LedgerError where it is there already."""
    entity = act.store.registry[LEDGER]
    same = act.store.rows(entity, "record_uid = ? AND content_hash = ?", (record_uid, kept.content_hash))
    if same:
        raise LedgerError(f"这份文件已经作为“{same[0]['name']}”附在这条记录上了。", "not_unique")
    row = {"ledger": ledger, "record_uid": record_uid, "name": kept.name, "content_hash": kept.content_hash}
    return act.insert(entity, row | {"kind": kind or None, "taken_on": taken_on or None})


def of_record(store: Store, record_uid: str) -> list[Row]:
    """The attachments of a record, in order of entry."""
    return store.rows(store.registry[LEDGER], "record_uid = ?", (record_uid,))


def path_of(ledger: Path, attachment: Row) -> Path:
    """Where the content lies, named by its hash (for a preview). LedgerError where it is missing."""
    path = contents.place(contents.beside(ledger), attachment["content_hash"])
    if not path.is_file():
        folder = contents.beside(ledger).name
        text = f"附件“{attachment['name']}”的文件不在了。请从备份中找回 {folder} 文件夹。"
        raise LedgerError(text, "missing_attachment")
    return path


def copy_out(ledger: Path, attachment: Row, folder: Path) -> Path:
    """A copy under the name it came with, to be opened by another program or saved elsewhere."""
    source = path_of(ledger, attachment)
    target = folder / Path(str(attachment["name"]).replace("\\", "/")).name
    with files.placed(target) as part:
        shutil.copyfile(source, part)
    return target
