"""Is the ledger whole? The file, the hash chain, replay against the tables, the attachments."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ledger_app.core.entity import Registry
from ledger_app.db import journal, replay
from ledger_app.db.migrations import Migration


@dataclass(frozen=True, slots=True)
class Verification:
    """Each part with "ok" or what was found; `head` is the hash of the last entry."""

    file: str
    chain: str
    replay: str
    attachments: str
    head: str

    @property
    def whole(self) -> bool:
        return {self.file, self.chain, self.replay, self.attachments} == {"ok"}


def verify(
    conn: sqlite3.Connection, path: Path, registry: Registry, migrations: Sequence[Migration]
) -> Verification:
    """Check everything, in one read transaction, so that a writer beside it does not disturb."""
    conn.execute("BEGIN")
    try:
        return Verification(
            _file(conn),
            _chain(conn),
            _replay(conn, registry, migrations),
            _attachments(conn, path),
            journal.head(conn),
        )
    finally:
        conn.execute("ROLLBACK")


def attachments_folder(ledger: Path) -> Path:
    """`NAME.files` beside the ledger; contents by hash in `ab/abcd…`."""
    return ledger.with_name(f"{ledger.stem}.files")


def attachment_path(ledger: Path, content_hash: str) -> Path:
    return attachments_folder(ledger) / content_hash[:2] / content_hash


def _file(conn: sqlite3.Connection) -> str:
    said = [row[0] for row in conn.execute("PRAGMA integrity_check(5)")]
    said += [f"foreign key {row[0]}" for row in conn.execute("PRAGMA foreign_key_check")]
    return "ok" if said == ["ok"] else "; ".join(s for s in said if s != "ok")


def _chain(conn: sqlite3.Connection) -> str:
    broken = journal.broken_link(conn)
    return "ok" if broken is None else f"entry {broken}"


def _replay(conn: sqlite3.Connection, registry: Registry, migrations: Sequence[Migration]) -> str:
    return replay.first_difference(conn, registry, migrations) or "ok"


def _attachments(conn: sqlite3.Connection, path: Path) -> str:
    for (content_hash,) in conn.execute("SELECT DISTINCT content_hash FROM attachments ORDER BY 1"):
        stored = attachment_path(path, content_hash)
        if not stored.is_file():
            return f"missing {content_hash}"
        if _digest(stored) != content_hash:
            return f"changed {content_hash}"
    return "ok"


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
