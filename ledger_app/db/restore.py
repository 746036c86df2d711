"""Restore a backup: looked through first, never over a ledger that was not backed up itself."""

from __future__ import annotations

import re
import shutil
import sqlite3
import tempfile
import uuid
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Final

from ledger_app.core.errors import LedgerError
from ledger_app.db import connection, contents, files, handle, lock
from ledger_app.db.backup import FILES, REASONS, back_up, copy_database, snapshots, sound_head
from ledger_app.db.migrations import MIGRATIONS, Migration

HOLD: Final = "backups_kept_since"  # a setting: no backup is pruned until the clerk says so
_IN_ZIP: Final = re.compile(
    rf"(?P<ledger>[^/\\:]+\.ledger)|{FILES}/(?P<two>[0-9a-f]{{2}})/(?P=two)[0-9a-f]{{62}}"
)
_BAD_ZIP: Final = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)


@dataclass(frozen=True, slots=True)
class Restored:
    """A restored ledger; `kept` is where the file that stood in its place was put, `missing` names
    attachments the backup does not have."""

    path: Path
    head: str
    kept: Path | None
    attachments: int
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Source:
    """A backup, unpacked where needed: its database and the folder of its contents."""

    database: Path
    contents: Path


def restore(
    backup: Path,
    target: Path,
    now: datetime,
    *,
    overwrite: bool = False,
    even_damaged: bool = False,
    keep_in: Path | None = None,
    migrations: Sequence[Migration] = MIGRATIONS,
    origin: str | None = None,
) -> Restored:
    """Make `target` what a backup (a snapshot, a folder of them, a zip) holds.

    A backup whose pages or entries are damaged is refused, unless `even_damaged` takes readable pages
    with broken entries. With `overwrite` an existing ledger is backed up first, into `keep_in` (`NAME.backups` beside it).
    The restored copy goes on under an `origin` of its own, so that what is entered from now on is never
    taken for what was entered after the backup. Its backups are not pruned until `release`.
    """
    if target.exists() and not overwrite:
        raise LedgerError(f"{target.name} 已经存在，不会覆盖。确实要恢复到这里，请先确认。", "exists")
    if not target.parent.is_dir():
        raise LedgerError(f"没有 {target.parent} 这个文件夹。", "no_folder")
    with _opened(backup, target) as source, _locked(target):
        if connection.schema_version(source.database) > len(migrations):
            raise LedgerError("这个备份是用更新版本的程序做的，请先升级程序再恢复。", "newer_ledger")
        with files.placed(target) as part:
            head = _staged(source.database, part, backup, chain=not even_damaged)
            _mark(part, now, origin or uuid.uuid4().hex[:6])
            copied, missing = _bring_contents(source, contents.beside(target), part)
            kept = _put_aside(target, keep_in or target.with_name(f"{target.stem}.backups"), now)
            for log in (Path(f"{target}-wal"), Path(f"{target}-shm")):
                log.unlink(missing_ok=True)  # it would be read into the restored file
    return Restored(target, head, kept, copied, missing)


def held_since(conn: sqlite3.Connection) -> str | None:
    """Since when no backup is pruned, because a backup was restored; None where pruning goes on."""
    row = conn.execute("SELECT value FROM settings WHERE name = ?", (HOLD,)).fetchone()
    return None if row is None else str(row[0])


def release(conn: sqlite3.Connection) -> None:
    """The clerk has looked: old backups may be pruned again."""
    conn.execute("DELETE FROM settings WHERE name = ?", (HOLD,))


@contextmanager
def _locked(target: Path) -> Iterator[None]:
    try:
        held, holder = lock.take(target)
    except OSError as error:
        raise files.refusal(error, target) from error
    if held is None:
        raise LedgerError(f"台账正由{holder}打开着，请先关闭再恢复。", "busy")
    try:
        yield
    finally:
        held.release()


@contextmanager
def _opened(backup: Path, target: Path) -> Iterator[_Source]:
    if backup.is_dir():
        yield _snapshot(_newest(backup, target))
    elif zipfile.is_zipfile(backup):
        with tempfile.TemporaryDirectory(prefix="restore-") as folder:
            yield _unpacked(backup, Path(folder))
    elif backup.suffix.lower() == ".zip":
        raise _damaged(backup) if backup.is_file() else LedgerError(f"找不到备份 {backup}。", "no_file")
    else:
        yield _snapshot(backup)


def _newest(folder: Path, target: Path) -> Path:
    if found := snapshots(folder, target):
        return found[0].path
    others = sorted(folder.glob("*.ledger"))
    if len(others) == 1:
        return others[0]
    if others:
        raise LedgerError(f"{folder.name} 里有好几份备份，请指明用哪一份。", "which_backup")
    raise LedgerError(f"{folder} 里没有备份。", "no_file")


def _snapshot(path: Path) -> _Source:
    shared, own = path.parent / FILES, contents.beside(path)
    return _Source(path, own if own.is_dir() else shared)


def _unpacked(package: Path, folder: Path) -> _Source:
    """Take a zip apart; only names a backup has are taken out, and never outside the folder."""
    try:
        with zipfile.ZipFile(package) as opened:
            entries = [entry for entry in opened.infolist() if not entry.is_dir()]
            _refuse_foreign(package, [entry.filename for entry in entries])
            if sum(entry.file_size for entry in entries) > shutil.disk_usage(folder).free:
                raise LedgerError(f"磁盘空间不够，{package.name} 解不开。请腾出空间再试。", "disk_full")
            for entry in entries:
                _take_out(opened, entry, folder / entry.filename)
    except _BAD_ZIP as error:
        raise _damaged(package) from error
    except OSError as error:
        raise files.refusal(error, folder / package.name) from error
    return _Source(next(folder.glob("*.ledger")), folder / FILES)


def _refuse_foreign(package: Path, names: Sequence[str]) -> None:
    unsafe = [
        n for n in names if ".." in PurePosixPath(n).parts or n.startswith("/") or re.search(r"[\\:]", n)
    ]
    if unsafe:
        raise LedgerError(f"{package.name} 里有指向别处的路径，不安全，没有恢复。", "unsafe_backup")
    found = [_IN_ZIP.fullmatch(name) for name in names]
    if sum(1 for match in found if match and match["ledger"]) != 1 or not all(found):
        raise LedgerError(f"{package.name} 不是台账的备份。", "not_a_backup")


def _take_out(opened: zipfile.ZipFile, entry: zipfile.ZipInfo, to: Path) -> None:
    to.parent.mkdir(parents=True, exist_ok=True)
    with opened.open(entry) as source, to.open("wb") as target:
        shutil.copyfileobj(source, target, 1 << 20)


def _staged(database: Path, part: Path, backup: Path, *, chain: bool) -> str:
    """Copy the database beside its place and look through the copy; its journal head."""
    try:
        conn = handle.connect(database, read_only=True)
        try:
            conn.execute("BEGIN")
            copy_database(conn, part)
        finally:
            conn.close()
        return sound_head(part, chain=chain)
    except sqlite3.Error as error:
        if (getattr(error, "sqlite_errorname", None) or "").startswith("SQLITE_FULL"):
            raise LedgerError("磁盘空间不够，没有恢复。请腾出空间再试。", "disk_full") from error
        raise _damaged(backup) from error
    except LedgerError as error:
        raise _damaged(backup) from error


def _mark(part: Path, now: datetime, origin: str) -> None:
    conn = handle.connect(part, read_only=False)
    try:
        conn.execute("BEGIN IMMEDIATE")
        conn.execute("UPDATE ledger_info SET value = ? WHERE name = 'origin'", (origin,))
        said = (HOLD, now.isoformat(timespec="seconds"))
        conn.execute(
            "INSERT INTO settings VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", said
        )
        conn.execute("COMMIT")
    finally:
        conn.close()


def _bring_contents(source: _Source, folder: Path, part: Path) -> tuple[int, tuple[str, ...]]:
    """Copy the contents that are not there yet: how many, and the names of what is nowhere."""
    copied = 0
    for content_hash, path in contents.kept(source.contents):
        try:
            with path.open("rb") as file:
                copied += contents.keep(file, content_hash, folder)
        except LedgerError as error:
            if error.code != "content_changed":
                raise
    conn = handle.connect(part, read_only=True)
    try:
        rows = conn.execute(
            "SELECT content_hash, MIN(name) FROM attachments GROUP BY 1 ORDER BY 1"
        ).fetchall()
    finally:
        conn.close()
    return copied, tuple(name for h, name in rows if not contents.place(folder, h).is_file())


def _put_aside(target: Path, folder: Path, now: datetime) -> Path | None:
    """Back up the file that stands in the place; one that cannot be read is kept byte by byte."""
    if not target.exists():
        return None
    try:
        conn = handle.connect(target, read_only=True)
        try:
            return back_up(conn, target, folder, now, "restore").path
        finally:
            conn.close()
    except (sqlite3.Error, LedgerError) as error:
        if isinstance(error, LedgerError) and error.code not in ("unsound_backup", "backup_failed"):
            raise
        return _kept_as_it_is(target, folder, now)


def _kept_as_it_is(target: Path, folder: Path, now: datetime) -> Path:
    stem = f"{target.stem}-{now:%Y%m%d-%H%M%S}-{REASONS['restore']}"
    kept = files.existing_folder(folder) / f"{stem}（原样）.ledger"
    for suffix in ("", "-wal"):
        old = Path(f"{target}{suffix}")
        if old.exists():
            with files.placed(Path(f"{kept}{suffix}")) as part:
                shutil.copyfile(old, part)
    return kept


def _damaged(backup: Path) -> LedgerError:
    return LedgerError(f"备份 {backup.name} 已损坏，不能用它恢复。请换一份备份。", "damaged_backup")
