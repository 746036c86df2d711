"""Automatic backups: made when something changed, thinned by day, week and month."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from ledger_app.core.errors import LedgerError
from ledger_app.db import handle, journal
from ledger_app.db.backup import REASONS, Progress, Snapshot, back_up, snapshots
from ledger_app.db.restore import held_since

EVERY_HOURS: Final = 24
DAYS: Final = 14
WEEKS: Final = 8
PRUNED: Final = frozenset(REASONS[r] for r in ("automatic", "closing", "import", "migration"))


@dataclass(frozen=True, slots=True)
class Done:
    """What a round of automatic backups did; `problems` are sentences about further folders."""

    made: tuple[Path, ...]
    removed: tuple[Path, ...]
    problems: tuple[str, ...]


def automatic(
    conn: sqlite3.Connection,
    ledger: Path,
    folders: Sequence[Path],
    now: datetime,
    reason: str = "automatic",
    progress: Progress | None = None,
) -> Done:
    """Back up into each folder whose newest snapshot is not of the present journal head, and thin it.

    The first folder is the one that counts: LedgerError where it fails. A second one (a share, a stick
    that is not plugged in) is only reported. `now` is the clerk's own time.
    """
    made: list[Path] = []
    removed: list[Path] = []
    problems: list[LedgerError | None] = []
    for folder in folders:
        try:
            if not _is_current(conn, folder, ledger):
                made.append(back_up(conn, ledger, folder, now, reason, progress).path)
            removed += _thin(conn, folder, ledger, now)
            problems.append(None)
        except LedgerError as error:
            if error.code == "stopped":
                raise
            problems.append(error)
    if problems and (first := problems[0]):
        raise first
    return Done(tuple(made), tuple(removed), tuple(p.text for p in problems if p))


def before_migration(folders: Sequence[Path], now: Callable[[], datetime]) -> Callable[[Path], Done]:
    """What `open_ledger` calls before it changes the schema of an older ledger."""

    def make(ledger: Path) -> Done:
        conn = handle.connect(ledger, read_only=True)
        try:
            return automatic(conn, ledger, folders, now(), "migration")
        finally:
            conn.close()

    return make


def surplus(found: Sequence[Snapshot], now: datetime) -> list[Snapshot]:
    """The snapshots that may go. Kept are: all of the last day, the last of each day for two weeks, the
    last of each week for eight weeks, the last of each month for ever; what was made by hand; the newest."""
    taken: set[tuple[object, ...]] = set()
    gone = []
    ours = sorted((s for s in found if s.reason in PRUNED), key=lambda s: s.at, reverse=True)
    for snapshot in ours:
        span = _span(snapshot.at, now.replace(tzinfo=None))
        if span is not None and span in taken:
            gone.append(snapshot)
        elif span is not None:
            taken.add(span)
    return [s for s in gone if s is not ours[0]]


def _span(at: datetime, now: datetime) -> tuple[object, ...] | None:
    """What a snapshot is the last of; None for one that is kept for itself."""
    age = now - at
    if age < timedelta(hours=EVERY_HOURS):
        return None
    if age < timedelta(days=DAYS):
        return ("day", at.date())
    if age < timedelta(weeks=WEEKS):
        return ("week", *at.isocalendar()[:2], at.month)  # a week across two months keeps both month ends
    return ("month", at.year, at.month)


def _thin(conn: sqlite3.Connection, folder: Path, ledger: Path, now: datetime) -> list[Path]:
    if held_since(conn) is not None:
        return []
    removed = []
    for snapshot in surplus(snapshots(folder, ledger), now):
        if _beginning(snapshot.path) == _begins(conn):  # another ledger of the same name keeps its own
            with suppress(OSError):  # in use, or protected: it stays until the next round
                snapshot.path.unlink()
                removed.append(snapshot.path)
    return removed


def _is_current(conn: sqlite3.Connection, folder: Path, ledger: Path) -> bool:
    found = snapshots(folder, ledger)
    return bool(found) and _asked(found[0].path, journal.head) == journal.head(conn)


def _beginning(path: Path) -> str | None:
    return _asked(path, _begins)


def _begins(conn: sqlite3.Connection) -> str:
    """The hash of the first entry, by which a ledger is known whatever became of it later."""
    row = conn.execute("SELECT hash FROM entries ORDER BY id LIMIT 1").fetchone()
    return str(row[0].hex()) if row else ""


def _asked(path: Path, question: Callable[[sqlite3.Connection], str]) -> str | None:
    """The answer of a snapshot; None where it cannot be read."""
    try:
        conn = handle.connect(path, read_only=True)
        try:
            return question(conn)
        finally:
            conn.close()
    except sqlite3.Error:
        return None
