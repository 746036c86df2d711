"""The journal: entries in a hash chain, the history of a row, undo of an act.

An entry holds up to BLOCK_ROWS rows of one ledger. Bodies are JSON keyed by uid and column name:
  insert, delete  {"u": [uid …], "c": {column: [value …]}}   columns that are empty throughout are left out
  update          {"u": [uid …], "c": {column: [[old, new] | null …]}}
Bodies of more than a few rows are compressed. The hash covers the previous hash and every field.
The chain shows accidental damage and any change after a printed head; it is no proof against
someone who recomputes it.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any, Final

BLOCK_ROWS: Final = 1000
COMPRESS_FROM: Final = 400  # characters; shorter bodies stay readable in the file
GENESIS: Final = bytes(32)
_INSERT_ENTRY: Final = (
    "INSERT INTO entries (origin, seq, act_uid, kind, ledger, first_uid, last_uid, body, prev_hash, hash)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


def dump(value: Any) -> str:
    """Canonical JSON: the same value gives the same text."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def pack(value: Any) -> str | bytes:
    text = dump(value)
    return text if len(text) < COMPRESS_FROM else zlib.compress(text.encode(), 1)


def unpack(body: str | bytes) -> Any:
    return json.loads(body if isinstance(body, str) else zlib.decompress(body))


def entry_hash(
    prev: bytes, origin: str, seq: int, act_uid: str, kind: str, ledger: str, body: str | bytes
) -> bytes:
    head = f"{origin}\n{seq}\n{act_uid}\n{kind}\n{ledger}\n".encode()
    return hashlib.sha256(prev + head + (body.encode() if isinstance(body, str) else body)).digest()


@dataclass(frozen=True, slots=True)
class Entry:
    id: int
    seq: int
    act_uid: str
    kind: str
    ledger: str
    body: Any


class Writer:
    """Appends entries to the chain inside the transaction of the caller."""

    def __init__(self, conn: sqlite3.Connection, origin: str) -> None:
        self._conn = conn
        self._origin = origin
        row = conn.execute("SELECT seq, hash FROM entries ORDER BY id DESC LIMIT 1").fetchone()
        self._seq: int = row[0] if row else 0
        self._head: bytes = row[1] if row else GENESIS

    def append(self, act_uid: str, kind: str, ledger: str, value: Any, uids: Sequence[str] = ()) -> None:
        body = pack(value)
        seq = self._seq + 1
        digest = entry_hash(self._head, self._origin, seq, act_uid, kind, ledger, body)
        first, last = (min(uids), max(uids)) if uids else (None, None)
        self._conn.execute(
            _INSERT_ENTRY,
            (self._origin, seq, act_uid, kind, ledger, first, last, body, self._head, digest),
        )
        self._seq, self._head = seq, digest

    def append_rows(
        self, act_uid: str, kind: str, ledger: str, uids: Sequence[str], columns: Mapping[str, Sequence[Any]]
    ) -> None:
        """Rows of one ledger in blocks; `columns` are aligned with `uids`, which are in rising order."""
        for start in range(0, len(uids), BLOCK_ROWS):
            part = uids[start : start + BLOCK_ROWS]
            body = {}
            for name, values in columns.items():
                cells = values[start : start + BLOCK_ROWS]
                if cells.count(None) < len(cells):
                    body[name] = cells
            self.append(act_uid, kind, ledger, {"u": part, "c": body}, (part[0], part[-1]))


def head(conn: sqlite3.Connection) -> str:
    """The hash of the last entry, as printed on papers."""
    row = conn.execute("SELECT hash FROM entries ORDER BY id DESC LIMIT 1").fetchone()
    return row[0].hex() if row else ""


def entries(conn: sqlite3.Connection, where: str = "1", args: Sequence[Any] = ()) -> Iterator[Entry]:
    sql = f"SELECT id, seq, act_uid, kind, ledger, body FROM entries WHERE {where} ORDER BY id"
    for row in conn.execute(sql, args):
        yield Entry(row[0], row[1], row[2], row[3], row[4], unpack(row[5]))


def broken_link(conn: sqlite3.Connection, after_id: int = 0) -> int | None:
    """The first entry after `after_id` whose hash or link does not hold, or None."""
    row = conn.execute("SELECT hash FROM entries WHERE id <= ? ORDER BY id DESC LIMIT 1", (after_id,))
    found = row.fetchone()
    prev = found[0] if found else GENESIS
    sql = (
        "SELECT id, origin, seq, act_uid, kind, ledger, body, prev_hash, hash"
        " FROM entries WHERE id > ? ORDER BY id"
    )
    for entry_id, origin, seq, act_uid, kind, ledger, body, stated_prev, digest in conn.execute(
        sql, (after_id,)
    ):
        if stated_prev != prev or entry_hash(prev, origin, seq, act_uid, kind, ledger, body) != digest:
            return int(entry_id)
        prev = digest
    return None


@dataclass(frozen=True, slots=True)
class Change:
    """One cell of one record as an act changed it. For a new record `old` is None throughout."""

    act_uid: str
    kind: str
    ledger: str
    uid: str
    column: str
    old: Any
    new: Any


def changes_of(entry: Entry, only: frozenset[str] | None = None) -> Iterator[Change]:
    """The cells an entry changed, for all its rows or for the uids in `only`."""
    uids = entry.body["u"]
    picked = range(len(uids)) if only is None else [i for i, u in enumerate(uids) if u in only]
    for i in picked:
        for column, values in entry.body["c"].items():
            if (cell := _cell(entry.kind, values[i])) is not None:
                yield Change(entry.act_uid, entry.kind, entry.ledger, uids[i], column, *cell)


def _cell(kind: str, value: Any) -> tuple[Any, Any] | None:
    if value is None:
        return None
    if kind == "update":
        return value[0], value[1]
    return (None, value) if kind == "insert" else (value, None)


def history(conn: sqlite3.Connection, ledger: str, uid: str) -> list[Change]:
    """Every change of one record, oldest first: an indexed look-up of the blocks that may hold it."""
    where = "ledger = ? AND first_uid <= ? AND last_uid >= ?"
    only = frozenset({uid})
    return [c for e in entries(conn, where, (ledger, uid, uid)) for c in changes_of(e, only)]


def rows_of_act(conn: sqlite3.Connection, act_uid: str) -> list[Entry]:
    return list(entries(conn, "act_uid = ? AND kind IN ('insert', 'update', 'delete')", (act_uid,)))


def touched_after(
    conn: sqlite3.Connection, entry_id: int, ledgers: Iterable[str], ignoring: AbstractSet[str]
) -> dict[tuple[str, str], set[str]]:
    """(ledger, uid) → columns changed by entries after `entry_id`, but for the acts `ignoring`."""
    names = list(ledgers)
    marks = ",".join("?" * len(names))
    where = f"id > ? AND kind IN ('insert', 'update', 'delete') AND ledger IN ({marks})"
    touched: dict[tuple[str, str], set[str]] = {}
    for entry in entries(conn, where, (entry_id, *names)):
        if entry.act_uid in ignoring:
            continue
        for change in changes_of(entry):
            touched.setdefault((change.ledger, change.uid), set()).add(change.column)
    return touched
