"""Open a ledger: one writer a file, pragmas, migrations, refusal of what is no ledger or is newer."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Self

from ledger_app.core.entity import Registry
from ledger_app.core.errors import LedgerError
from ledger_app.db import errors, files, handle, journal, lock
from ledger_app.db.migrations import MIGRATIONS, Migration
from ledger_app.db.store import Store

APPLICATION_ID: Final = 0x57_4C_45_44  # "WLED"
PAGE_SIZE: Final = 8192
_HEADER: Final = b"SQLite format 3\x00"


def now() -> str:
    return datetime.now().astimezone().isoformat(timespec="seconds")


@dataclass
class Ledger:
    """An open ledger file. `held` is the writer's lock; without it everything is read-only."""

    path: Path
    registry: Registry
    clock: Callable[[], str]
    held: lock.Lock | None
    read_only_because: str = ""
    migrations: Sequence[Migration] = MIGRATIONS
    _connections: list[sqlite3.Connection] = field(default_factory=list)

    @property
    def read_only(self) -> bool:
        return self.held is None

    def connect(self, *, write: bool = False) -> sqlite3.Connection:
        """A further connection, for one thread; `query_only` unless it is to write."""
        if write and self.read_only:
            raise LedgerError(self.read_only_because or "台账以只读方式打开，不能保存。", "read_only")
        try:
            conn = handle.connect(self.path, read_only=not write)
        except sqlite3.Error as error:
            raise errors.translated(error, self.registry) from error
        self._connections.append(conn)
        return conn

    def store(self, conn: sqlite3.Connection) -> Store:
        return Store(conn, self.registry, self.clock)

    def close(self) -> None:
        while self._connections:
            self._connections.pop().close()
        if self.held:
            self.held.release()
            self.held = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def create(
    path: Path,
    registry: Registry,
    *,
    migrations: Sequence[Migration] = MIGRATIONS,
    clock: Callable[[], str] = now,
    origin: str | None = None,
) -> Ledger:
    """A new, empty ledger file; made beside its place and moved there whole.

    `origin` is the identity of this copy of the file, the beginning of every uid made in it.
    """
    if path.exists():
        raise LedgerError(f"{path.name} 已经存在，不会覆盖。请换一个文件名。", "exists")
    if not path.parent.is_dir():
        raise LedgerError(f"没有 {path.parent} 这个文件夹。", "no_folder")
    draft = files.part_of(path)
    try:
        held, holder = lock.take(path)
        if not held:
            raise LedgerError(f"{path.name} 正由{holder}建立。", "busy")
        try:
            files.discard(draft)
            _make(draft, migrations, origin or os.urandom(3).hex())
            files.place_new(draft, path)
        finally:
            files.discard(draft)
            held.release()
    except FileExistsError as error:
        raise LedgerError(f"{path.name} 已经存在，不会覆盖。", "exists") from error
    except sqlite3.Error as error:
        raise errors.translated(error, registry) from error
    except OSError as error:
        raise files.refusal(error, path) from error
    return open_ledger(path, registry, migrations=migrations, clock=clock)


def open_ledger(
    path: Path,
    registry: Registry,
    *,
    migrations: Sequence[Migration] = MIGRATIONS,
    clock: Callable[[], str] = now,
    read_only: bool = False,
    before_migration: Callable[[Path], object] | None = None,
) -> Ledger:
    """Open a ledger for writing, or read-only where it is locked, write-protected or asked for.

    `before_migration` is called with the path before the schema of an older ledger is changed
    (a backup is made there). Raises LedgerError for a file that is no ledger or is newer.
    """
    version = schema_version(path)
    if version > len(migrations):
        raise LedgerError("这个台账是用更新版本的程序建立的，请先升级程序再打开。", "newer_ledger")
    held, because = (None, "台账以只读方式打开。") if read_only else _take_lock(path)
    if held:
        files.discard(files.part_of(path))  # a second name of the file, if its creation was cut short
    ledger = Ledger(path, registry, clock, held, because, migrations)
    if version < len(migrations):
        _bring_up_to_date(ledger, before_migration)
    return ledger


def schema_version(path: Path) -> int:
    """The number of migrations a file has seen; LedgerError where it is no ledger of ours."""
    if not path.is_file():
        raise LedgerError(f"找不到台账文件 {path}。", "no_file")
    try:
        with path.open("rb") as file:
            head = file.read(100)
        _refuse_foreign(path, head)
        return _version(path)
    except OSError as error:
        raise LedgerError(f"打不开 {path.name}：{error.strerror}。", "cannot_open") from error
    except sqlite3.DatabaseError as error:
        if (getattr(error, "sqlite_errorname", None) or "").startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
            raise _damaged(path) from error
        raise LedgerError(*_cannot_open(path)) from error


def _refuse_foreign(path: Path, head: bytes) -> None:
    if not head:
        raise LedgerError(f"{path.name} 是空文件，里面什么都没有。请用最近的备份恢复。", "not_a_ledger")
    if len(head) < 100 or not head.startswith(_HEADER):
        raise LedgerError(f"{path.name} 不是台账文件。", "not_a_ledger")
    if int.from_bytes(head[68:72], "big") != APPLICATION_ID:
        raise LedgerError(f"{path.name} 是别的程序的数据库，不是台账文件。", "not_a_ledger")
    if path.stat().st_size < _stated_size(head) and not handle.has_log(path):
        raise _damaged(path)  # a copy that was cut off; with a log beside it SQLite completes it


def _stated_size(head: bytes) -> int:
    """The size in bytes the header speaks of (SQLite file format, 1.3.7 and 1.3.8)."""
    page_size, pages = int.from_bytes(head[16:18], "big"), int.from_bytes(head[28:32], "big")
    return (65536 if page_size == 1 else page_size) * pages if head[24:28] == head[92:96] else 0


def _version(path: Path) -> int:
    conn = handle.connect(path, read_only=True)
    try:
        conn.execute("SELECT COUNT(sql) FROM sqlite_schema").fetchone()
        return int(conn.execute("PRAGMA user_version").fetchone()[0])
    finally:
        conn.close()


def _damaged(path: Path) -> LedgerError:
    return LedgerError(f"{path.name} 已损坏，打不开。请用最近的备份恢复。", "damaged_ledger")


def _cannot_open(path: Path) -> tuple[str, str]:
    if handle.has_log(path) and not os.access(path.parent, os.W_OK):
        text = f"{path.name} 所在的文件夹不能写，而它上次没有正常关闭。请把整个文件夹复制到本机再打开。"
        return text, "cannot_open"
    return f"打不开 {path.name}，请检查路径、权限，以及磁盘是否已满。", "cannot_open"


def run_migrations(conn: sqlite3.Connection, migrations: Sequence[Migration], origin: str = "") -> None:
    """Apply what is pending, each in one transaction with its journal entry, by sqlite-utils.

    `origin` is written down once, with the first migration of a new file.
    """
    import sqlite_utils  # noqa: PLC0415 - costs 0.1–0.3 s at start: only when a migration is due
    from sqlite_utils.migrations import Migrations  # noqa: PLC0415

    db = sqlite_utils.Database(conn)
    steps = Migrations("ledger")
    for number, migration in enumerate(migrations, 1):
        steps(name=migration.name)(_step(conn, migration, number, origin))
    conn.execute("PRAGMA foreign_keys = OFF")  # a table that is referred to can be rebuilt; checked in _step
    try:
        steps.apply(db)
    finally:
        conn.execute("PRAGMA foreign_keys = ON")


def execute_statements(conn: sqlite3.Connection, sql: str) -> None:
    """Run literal SQL statement by statement: `executescript` would commit the open transaction."""
    statement = ""
    for line in sql.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            conn.execute(statement)
            statement = ""
    conn.execute(statement)  # the last one may come without a semicolon


def _step(conn: sqlite3.Connection, migration: Migration, number: int, origin: str) -> Callable[[Any], None]:
    def run(_: Any) -> None:
        execute_statements(conn, migration.sql)
        if broken := conn.execute("PRAGMA foreign_key_check").fetchone():
            raise sqlite3.IntegrityError(f"{migration.name} breaks a reference in {broken[0]}")
        conn.execute(f"PRAGMA user_version = {number}")
        if origin:
            conn.execute("INSERT OR IGNORE INTO ledger_info VALUES ('origin', ?)", (origin,))
        row = conn.execute("SELECT value FROM ledger_info WHERE name = 'origin'").fetchone()
        journal.Writer(conn, row[0]).append("", "migration", migration.name, {})

    return run


def _make(path: Path, migrations: Sequence[Migration], origin: str) -> None:
    conn = sqlite3.connect(path, isolation_level=None)
    try:
        conn.execute(f"PRAGMA page_size = {PAGE_SIZE}")
        conn.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        conn.execute("PRAGMA journal_mode = WAL")
        conn.execute("PRAGMA synchronous = FULL")
        run_migrations(conn, migrations, origin)
        conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        conn.close()


def _take_lock(path: Path) -> tuple[lock.Lock | None, str]:
    if not handle.writable(path):
        return None, "台账文件是只读的（或所在文件夹不能写），以只读方式打开。"
    try:
        held, holder = lock.take(path)
    except OSError:
        return None, f"{path.name} 旁边的锁文件不能写，以只读方式打开。"
    return held, "" if held else f"台账正由{holder}打开着，这里以只读方式打开。"


def _bring_up_to_date(ledger: Ledger, before: Callable[[Path], object] | None) -> None:
    if ledger.read_only:
        raise LedgerError(
            f"这个台账是旧版本，需要升级，但现在只能读：{ledger.read_only_because}", "read_only"
        )
    try:
        if before:
            before(ledger.path)
        conn = handle.connect(ledger.path, read_only=False)
        try:
            run_migrations(conn, ledger.migrations)
        finally:
            conn.close()
    except sqlite3.Error as error:
        ledger.close()
        raise errors.translated(error, ledger.registry) from error
    except BaseException:
        ledger.close()
        raise
