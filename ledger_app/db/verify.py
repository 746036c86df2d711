"""Is the ledger whole? The file, the hash chain, replay against the tables, the attachments."""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ledger_app.core.entity import Registry
from ledger_app.db import acts, contents, journal, replay
from ledger_app.db.migrations import Migration
from ledger_app.db.store import rollback

_LISTED: Final = 5


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
    """Check everything, in one read transaction, so that a writer beside it does not disturb.

    A part that cannot be read says so; `conn.interrupt()` stops it with an OperationalError.
    """
    conn.execute("BEGIN")
    try:
        return Verification(
            _said(lambda: _file(conn)),
            _said(lambda: _chain(conn)),
            _said(lambda: _replay(conn, registry, migrations)),
            _said(lambda: _attachments(conn, path)),
            journal.head(conn),
        )
    finally:
        rollback(conn)


def _said(check: Callable[[], str]) -> str:
    try:
        return check()
    except (sqlite3.DatabaseError, OSError, zlib.error, ValueError, LookupError, TypeError) as error:
        if getattr(error, "sqlite_errorname", "") == "SQLITE_INTERRUPT":
            raise
        return f"读不下去：{error}"


def _file(conn: sqlite3.Connection) -> str:
    said = [row[0] for row in conn.execute("PRAGMA integrity_check(5)")]
    said += [f"{row[0]} 里有记录引用了不存在的记录" for row in conn.execute("PRAGMA foreign_key_check")]
    return "ok" if said == ["ok"] else "；".join(s for s in said[:_LISTED] if s != "ok")


def _chain(conn: sqlite3.Connection) -> str:
    broken = journal.broken_link(conn)
    if broken is None:
        broken = journal.misfiled(conn)
    return "ok" if broken is None else f"第 {broken} 条变更记录对不上"


def _replay(conn: sqlite3.Connection, registry: Registry, migrations: Sequence[Migration]) -> str:
    if found := replay.first_difference(conn, registry, migrations):
        table, _, uid = found.partition(" ")
        label = next(entity.label for entity in registry if entity.table == table)
        return f"{label} {uid} 与变更记录不符"
    return "ok" if acts.are_as_told(conn) else "操作清单与变更记录不符"


def _attachments(conn: sqlite3.Connection, path: Path) -> str:
    query = "SELECT content_hash, MIN(name) FROM attachments GROUP BY content_hash ORDER BY 1"
    said = []
    for content_hash, name in conn.execute(query):
        stored = contents.place(contents.beside(path), content_hash)
        if not stored.is_file():
            said.append(f"缺少“{name}”（{content_hash[:8]}）")
        elif contents.digest(stored) != content_hash:
            said.append(f"“{name}”（{content_hash[:8]}）的内容变了")
    return "；".join(said[:_LISTED]) or "ok"
