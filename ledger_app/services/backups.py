"""Backups as the window and the command line make them: where they lie, which there are, how to go back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final, TypeAlias

from ledger_app.core.errors import LedgerError
from ledger_app.db import Connection, handle
from ledger_app.db import automatic as rounds
from ledger_app.db import backup as backing_up
from ledger_app.db import restore as restoring
from ledger_app.db.automatic import Done
from ledger_app.db.backup import Backup
from ledger_app.db.migrations import MIGRATIONS, Migration
from ledger_app.db.restore import Restored
from ledger_app.db.store import Store
from ledger_app.services.session import keep, kept

__all__ = ["Backup", "Done", "Kept", "Restored"]

EVERY_MINUTES: Final = 30
SECOND_FOLDER: Final = "second_backup_folder"  # a setting of the ledger itself, so that it travels with it
MEGABYTE: Final = 1024 * 1024
BY_HAND: Final = backing_up.REASONS["manual"]

Progress: TypeAlias = Callable[[int, int, str], object]  # done, total, what; may raise to end the work


@dataclass(frozen=True, slots=True)
class Kept:
    """A backup that is kept: its file, when and why it was made, its size, and whether it lies in the
    second folder."""

    path: Path
    at: datetime
    reason: str
    size: int
    second: bool

    @property
    def size_said(self) -> str:
        return f"{max(self.size / MEGABYTE, 0.1):.1f} MB"


def folder_of(ledger: Path) -> Path:
    """The folder beside the ledger that its backups go to."""
    return ledger.with_name(f"{ledger.stem}.backups")


def second_folder(conn: Connection) -> Path | None:
    text = kept(conn, SECOND_FOLDER, "")
    return Path(text) if text else None


def set_second_folder(store: Store, folder: Path | None, ledger: Path) -> None:
    """Where automatic backups go as well: a share, another disk; None for nowhere else. LedgerError where
    it is no folder, or the one that is used already."""
    if folder is not None and not folder.is_dir():
        raise LedgerError(f"没有 {folder} 这个文件夹。", "no_folder")
    if folder is not None and folder.resolve() == folder_of(ledger).resolve():
        raise LedgerError("这就是平常放备份的文件夹，请另选一个，最好在别的盘上。", "same_folder")
    keep(store, SECOND_FOLDER, str(folder) if folder else "")


def folders(conn: Connection, ledger: Path) -> list[Path]:
    """Where backups go: the folder beside the ledger first, then the second one if it is set."""
    second = second_folder(conn)
    return [folder_of(ledger), *([second] if second else [])]


def listed(conn: Connection, ledger: Path) -> list[Kept]:
    """The backups of a ledger in its folders, the newest first."""
    found = []
    for number, folder in enumerate(folders(conn, ledger)):
        for snapshot in backing_up.snapshots(folder, ledger):
            size = snapshot.path.stat().st_size
            found.append(Kept(snapshot.path, snapshot.at, snapshot.reason, size, number > 0))
    return sorted(found, key=lambda k: k.at, reverse=True)


def last_said(conn: Connection, ledger: Path, now: datetime) -> str:
    """When the last backup was made, for the foot of the window."""
    found = listed(conn, ledger)
    if not found:
        return "还没有备份"
    at = found[0].at
    today = at.date() == now.date()
    return f"上次备份 {at:%H:%M}" if today else f"上次备份 {at.month}月{at.day}日 {at:%H:%M}"


def back_up_now(conn: Connection, ledger: Path, now: datetime, progress: Progress | None = None) -> Backup:
    """A snapshot by hand, in the folder beside the ledger and, where it can be reached, in the second."""
    first, *others = folders(conn, ledger)
    made = backing_up.back_up(conn, ledger, first, now, "manual", _steps(progress, "备份"))
    for other in others:
        if other.is_dir():
            backing_up.back_up(conn, ledger, other, now, "manual", _steps(progress, "备份到第二处"))
    return made


def back_up_to(
    conn: Connection, ledger: Path, dest: Path, now: datetime, progress: Progress | None = None
) -> Backup:
    """One backup at a place of one's own: a folder, or a file ending in .zip for a USB stick."""
    return backing_up.back_up(conn, ledger, dest, now, "manual", _steps(progress, f"备份到 {dest.name}"))


def automatic(
    conn: Connection,
    ledger: Path,
    now: datetime,
    reason: str = "automatic",
    progress: Progress | None = None,
) -> Done:
    """Back up where something has changed since the newest backup, and thin out the old ones.

    `reason` is automatic, closing, import, migration or restore. Called every EVERY_MINUTES, on closing
    and before what changes much. A second folder that cannot be reached is only reported in `problems`.
    """
    wanted = folders(conn, ledger)
    return rounds.automatic(conn, ledger, wanted, now, reason, _steps(progress, "自动备份"))


def before_migration(now: Callable[[], datetime]) -> Callable[[Path], object]:
    """What `open_ledger` calls before it changes the schema of an older ledger."""

    def make(ledger: Path) -> Done:
        conn = handle.connect(ledger, read_only=True)
        try:
            return automatic(conn, ledger, now(), "migration")
        finally:
            conn.close()

    return make


def check(path: Path) -> str:
    """Look through a backup: every page and the chain of entries. Returns its journal head; LedgerError
    where it is not whole."""
    return backing_up.sound_head(path)


def held_since(conn: Connection) -> str:
    """Since when nothing is pruned because a backup was restored, as ISO text; "" where pruning goes on."""
    return restoring.held_since(conn) or ""


def release(store: Store) -> None:
    """The clerk has looked at the restored ledger: old backups may be pruned again."""
    restoring.release(store.conn)


def restore(
    backup: Path,
    ledger: Path,
    now: datetime,
    *,
    overwrite: bool = False,
    even_damaged: bool = False,
    migrations: Sequence[Migration] = MIGRATIONS,
    origin: str | None = None,
) -> Restored:
    """Make `ledger` what a backup (a snapshot, a folder of them, a zip) holds. It must not be open.

    An existing ledger is only replaced with `overwrite`, and is backed up before. LedgerError, with
    nothing changed, where it cannot be done.
    """
    return restoring.restore(
        backup,
        ledger,
        now,
        overwrite=overwrite,
        even_damaged=even_damaged,
        keep_in=folder_of(ledger),
        migrations=migrations,
        origin=origin,
    )


def restored_said(done: Restored) -> str:
    """What restoring did, in words."""
    said = f"已恢复到 {done.path.name}。"
    if done.kept:
        said += f"原来的台账先备份在 {done.kept.name}。"
    if done.missing:
        said += f"这份备份里缺 {len(done.missing)} 份附件：{'、'.join(done.missing[:5])}。"
    return said


def _steps(progress: Progress | None, text: str) -> Callable[[int, int], Any] | None:
    return None if progress is None else lambda done, total: progress(done, total, text)
