"""Backups: a snapshot of the open ledger with its attachments, in a folder or as one zip for a USB stick.

A folder holds `NAME-20250930-173000-自动.ledger` for each snapshot and one `files` folder for the
attachments of all of them; a zip holds one snapshot and its `files`.
"""

from __future__ import annotations

import errno
import re
import shutil
import sqlite3
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Final

from ledger_app.core.errors import LedgerError
from ledger_app.db import contents, errors, files, handle, journal
from ledger_app.db.store import rollback

FILES: Final = "files"
PAGES_A_STEP: Final = 1000  # 8 MB: between steps a reader can be stopped
REASONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "manual": "手动",
        "automatic": "自动",
        "closing": "关闭",
        "import": "导入前",
        "migration": "升级前",
        "restore": "恢复前",
    }
)
_NAME: Final = re.compile(r"(?P<stem>.+)-(?P<at>\d{8}-\d{6})-(?P<reason>[^-]+?)(?:\.\d+)?\.ledger")
Progress = Callable[[int, int], None]  # done, total; may raise to stop


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup as it was made; `missing` names attachments whose content was not there to be copied."""

    path: Path
    head: str
    attachments: int
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A snapshot found in a folder of backups."""

    path: Path
    at: datetime
    reason: str


def back_up(
    conn: sqlite3.Connection,
    ledger: Path,
    dest: Path,
    now: datetime,
    reason: str = "manual",
    progress: Progress | None = None,
) -> Backup:
    """Copy the ledger as it is at this moment while others read and write it; `dest` is a folder, or a
    file ending in .zip. `conn` is any connection to the ledger that has no act open.

    The copy is verified by opening it, and is there whole or not at all. Raises LedgerError.
    """
    zipped = dest.suffix.lower() == ".zip"
    if zipped and dest.exists():
        raise LedgerError(f"{dest.name} 已经存在，不会覆盖。请换一个文件名。", "exists")
    try:
        conn.execute("BEGIN")  # one moment for the snapshot and its list of attachments
        if zipped:
            return _to_zip(conn, ledger, dest, now, progress)
        return _to_folder(conn, ledger, files.existing_folder(dest), now, reason, progress)
    except sqlite3.Error as error:
        raise _refused(error, dest) from error
    except OSError as error:
        raise files.refusal(error, dest) from error
    finally:
        rollback(conn)


def snapshots(folder: Path, ledger: Path) -> list[Snapshot]:
    """The snapshots of a ledger (told by its name) in a folder, the newest first."""
    found = []
    for path in folder.glob("*.ledger") if folder.is_dir() else ():
        said = _NAME.fullmatch(path.name)
        if said and said["stem"] == ledger.stem:
            at = datetime.strptime(said["at"], "%Y%m%d-%H%M%S")  # noqa: DTZ007 - the clerk's own clock
            found.append(Snapshot(path, at, said["reason"]))
    return sorted(found, key=lambda s: (s.at, s.path.name), reverse=True)


def copy_database(conn: sqlite3.Connection, to: Path, progress: Progress | None = None) -> None:
    """Copy the database `conn` reads into one file without a log. Inside a read transaction of `conn`
    a writer beside it does not make the copy start again. Raises sqlite3.Error."""
    copy = sqlite3.connect(to, isolation_level=None)
    try:
        copy.execute("PRAGMA synchronous = OFF")  # the caller syncs the whole file once
        conn.backup(copy, pages=PAGES_A_STEP, progress=_reporting(progress))
        copy.execute("PRAGMA journal_mode = DELETE")
    finally:
        copy.close()


def sound_head(database: Path, *, chain: bool = True) -> str:
    """Open a copy and look through its pages and, if asked, its chain of entries; its journal head.
    Raises LedgerError where it is not whole."""
    try:
        conn = handle.connect(database, read_only=True)
        try:
            said = [row[0] for row in conn.execute("PRAGMA integrity_check(1)")]
            if said == ["ok"] and not (chain and journal.broken_link(conn)):
                return journal.head(conn)
        finally:
            conn.close()
    except sqlite3.Error as error:
        raise LedgerError("备份的内容读不出来。", "damaged_backup") from error
    raise LedgerError("备份的内容不完整。", "damaged_backup")


def _to_folder(
    conn: sqlite3.Connection,
    ledger: Path,
    folder: Path,
    now: datetime,
    reason: str,
    progress: Progress | None,
) -> Backup:
    head = journal.head(conn)
    copied, missing = _keep_contents(conn, ledger, folder / FILES)
    path = _free_name(folder, f"{ledger.stem}-{now:%Y%m%d-%H%M%S}-{REASONS[reason]}")
    with files.placed(path) as part:
        copy_database(conn, part, progress)
        _compare(part, head)
    return Backup(path, head, copied, missing)


def _to_zip(
    conn: sqlite3.Connection, ledger: Path, dest: Path, now: datetime, progress: Progress | None
) -> Backup:
    head = journal.head(conn)
    kept = dict(contents.kept(contents.beside(ledger)))
    with tempfile.TemporaryDirectory(prefix="backup-") as folder, files.placed(dest) as part:
        copy = Path(folder) / "copy.ledger"
        copy_database(conn, copy, progress)
        _compare(copy, head)
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as package:
            _add(package, copy, ledger.name, now)
            for content_hash, path in kept.items():
                _add(package, path, f"{FILES}/{content_hash[:2]}/{content_hash}", now)
        _read_again(part)
    return Backup(dest, head, len(kept), tuple(n for h, n in _attached(conn) if h not in kept))


def _keep_contents(conn: sqlite3.Connection, ledger: Path, folder: Path) -> tuple[int, tuple[str, ...]]:
    """Copy the contents a folder does not have yet: how many, and the names of what cannot be copied."""
    bad, copied = set[str](), 0
    kept = dict(contents.kept(contents.beside(ledger)))
    for content_hash, path in kept.items():
        try:
            with path.open("rb") as source:
                copied += contents.keep(source, content_hash, folder)
        except LedgerError as error:
            if error.code != "content_changed":
                raise
            bad.add(content_hash)
    return copied, tuple(name for h, name in _attached(conn) if h not in kept or h in bad)


def _attached(conn: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    sql = "SELECT content_hash, MIN(name) FROM attachments GROUP BY content_hash ORDER BY 1"
    yield from conn.execute(sql).fetchall()


def _add(package: zipfile.ZipFile, path: Path, name: str, now: datetime) -> None:
    entry = zipfile.ZipInfo(name, (now.year, now.month, now.day, now.hour, now.minute, now.second))
    entry.compress_type = zipfile.ZIP_DEFLATED if name.endswith(".ledger") else zipfile.ZIP_STORED
    entry.file_size = path.stat().st_size
    with path.open("rb") as source, package.open(entry, "w") as target:
        shutil.copyfileobj(source, target, 1 << 20)


def _read_again(package: Path) -> None:
    with zipfile.ZipFile(package) as written:
        if written.testzip() is not None:
            raise LedgerError("备份写好后核对不上，没有保留。请换一个盘再试。", "unsound_backup")


def _compare(copy: Path, head: str) -> None:
    try:
        sound = sound_head(copy, chain=False) == head  # a broken chain is the ledger's, and worth keeping
    except LedgerError:
        sound = False
    if not sound:
        text = "备份做好后核对不上，没有保留。请先对台账做一次完整性检查，再换一个盘试试。"
        raise LedgerError(text, "unsound_backup")


def _free_name(folder: Path, name: str) -> Path:
    """Two backups within a second are told apart by a number."""
    tries = (folder / f"{name}{suffix}.ledger" for suffix in _suffixes())
    return next(path for path in tries if not path.exists())


def _suffixes() -> Iterable[str]:
    yield ""
    yield from (f".{n}" for n in range(2, 100_000))


def _reporting(progress: Progress | None) -> Callable[[int, int, int], object] | None:
    if progress is None:
        return None
    return lambda _, remaining, total: progress(total - remaining, total)


def _refused(error: sqlite3.Error, dest: Path) -> LedgerError:
    """SQLite's words about the copy, or about the ledger, in ours."""
    name = getattr(error, "sqlite_errorname", None) or ""
    if name.startswith("SQLITE_FULL"):
        return files.refusal(OSError(errno.ENOSPC, ""), dest)
    if name.startswith("SQLITE_CANTOPEN"):
        return files.refusal(OSError(errno.EACCES, ""), dest / "x")
    said = errors.sentence(name)
    return LedgerError(f"备份没有做成：{said[1]}" if said else f"备份没有做成：{error}。", "backup_failed")
