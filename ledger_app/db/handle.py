"""A connection to a database file with our pragmas, also where nothing can be written."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from typing import Final

_LOG_KEPT: Final = 32 << 20  # bytes a large import may leave of the write-ahead log


def connect(path: Path, *, read_only: bool) -> sqlite3.Connection:
    """Open a database file; `query_only` where it is only to be read. Raises sqlite3.Error."""
    conn = _open(path, read_only=read_only)
    conn.execute("PRAGMA foreign_keys = ON")
    conn.execute("PRAGMA synchronous = FULL")
    if read_only:  # several are open at a time; sorting a million rows in a file takes less of both
        conn.execute("PRAGMA temp_store = FILE")
        conn.execute("PRAGMA cache_size = -8000")
        conn.execute("PRAGMA query_only = ON")
    else:
        conn.execute("PRAGMA temp_store = MEMORY")
        conn.execute("PRAGMA cache_size = -64000")
        conn.execute("PRAGMA journal_mode = WAL")  # a backup that is opened as a ledger comes without
        conn.execute(f"PRAGMA journal_size_limit = {_LOG_KEPT}")
    return conn


def _open(path: Path, *, read_only: bool) -> sqlite3.Connection:
    """A connection that has read the header. In a place that cannot be written SQLite cannot make the
    files a write-ahead log needs: a file without a log is then read as one that does not change."""
    if not read_only or writable(path):
        return _tried(str(path))
    return _tried(f"{_uri(path)}?mode=ro" if has_log(path) else f"{_uri(path)}?mode=ro&immutable=1")


def _uri(path: Path) -> str:
    """SQLite takes no host in a URI: a Windows share is written with four slashes."""
    uri = path.absolute().as_uri()
    return uri if uri.startswith("file:///") else uri.replace("file://", "file:////", 1)


def _tried(name: str) -> sqlite3.Connection:
    uri = name.startswith("file:")
    conn = sqlite3.connect(name, isolation_level=None, check_same_thread=False, timeout=10, uri=uri)
    try:
        conn.execute("PRAGMA schema_version").fetchone()
    except sqlite3.Error:
        conn.close()
        raise
    return conn


def writable(path: Path) -> bool:
    """Whether the file and its folder, where SQLite keeps the log, may be written."""
    return os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)


def has_log(path: Path) -> bool:
    """Whether acts may stand in a write-ahead log beside the file (open elsewhere, or not closed well)."""
    wal = Path(f"{path}-wal")
    return wal.is_file() and (wal.stat().st_size > 0 or Path(f"{path}-shm").is_file())
