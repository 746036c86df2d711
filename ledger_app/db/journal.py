"""The journal: entries in a hash chain, the history of a row, undo of an act.

An entry holds up to BLOCK_ROWS rows of one ledger. Bodies are JSON keyed by uid and column name:
  insert, delete  {"u": [uid …], "c": {column: [value …]}}   columns that are empty throughout are left out
  update          {"u": [uid …], "c": {column: [[old, new] | null …]}}
The first entry of an act says beside that who did it, when and why: {"a": {"at": …, "who": …}}; only
an act without rows has an entry of its own for it (a single edit is one entry: half the size).
Bodies of more than a few rows are compressed. The hash covers the previous hash and every field;
`first_uid` and `last_uid` follow from the body.
The chain shows accidental damage and any change after a printed head; it is no proof against
someone who recomputes it.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import zlib
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any, Final

BLOCK_ROWS: Final = 1000
COMPRESS_FROM: Final = 400  # characters; shorter bodies stay readable in the file
GENESIS: Final = bytes(32)
_OF_ROWS: Final = "kind IN ('insert', 'update', 'delete')"
_INSERT_ENTRY: Final = (
    "INSERT INTO entries (origin, seq, act_uid, kind, ledger, first_uid, last_uid, body, prev_hash, hash)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


def dump(value: Any) -> str:
    """Canonical JSON: the same value gives the same text. ValueError for what no ledger holds (NaN)."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def pack(value: Any, level: int = 6) -> str | bytes:
    """The body as stored; `level` is zlib's (1 for imports, where time counts more than a tenth of size)."""
    text = dump(value)
    return text if len(text) < COMPRESS_FROM else zlib.compress(text.encode(), level)


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


@dataclass(frozen=True, slots=True)
class ActRecord:
    """What the journal says of an act; `number` counts the acts of a file from 1."""

    act_uid: str
    number: int
    at: str
    who: str
    kind: str
    why: str
    source: str
    undoes: str | None
    row_count: int = 0


class Writer:
    """Appends entries to the chain inside the transaction of the caller."""

    def __init__(self, conn: sqlite3.Connection, origin: str) -> None:
        self._conn = conn
        self._origin = origin
        row = conn.execute("SELECT seq, hash FROM entries ORDER BY id DESC LIMIT 1").fetchone()
        self._seq: int = row[0] if row else 0
        self._head: bytes = row[1] if row else GENESIS
        self._unsaid: dict[str, str] = {}

    def begin_act(self, record: ActRecord) -> None:
        """The next entry will carry who, when and why."""
        said = {n: getattr(record, n) for n in ("at", "who", "kind", "why", "source", "undoes")}
        self._unsaid = {name: value for name, value in said.items() if value}

    def end_act(self, act_uid: str) -> None:
        """An act that touched no row is said by an entry of its own."""
        if self._unsaid:
            self.append(act_uid, "act", "", {})

    def append(self, act_uid: str, kind: str, ledger: str, value: Any, uids: Sequence[str] = ()) -> None:
        if self._unsaid:
            value, self._unsaid = {"a": self._unsaid, **value}, {}
        body = pack(value, 1 if kind == "insert" else 6)
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
        """Rows of one ledger in blocks; `columns` are aligned with `uids`. Uids in rising order keep the
        blocks of one act apart, so that a row's history opens few of them."""
        for start in range(0, len(uids), BLOCK_ROWS):
            part = uids[start : start + BLOCK_ROWS]
            body = {}
            for name, values in columns.items():
                cells = values[start : start + BLOCK_ROWS]
                if cells.count(None) < len(cells):
                    body[name] = cells
            self.append(act_uid, kind, ledger, {"u": part, "c": body}, part)


def head(conn: sqlite3.Connection) -> str:
    """The hash of the last entry, as printed on papers."""
    row = conn.execute("SELECT hash FROM entries ORDER BY id DESC LIMIT 1").fetchone()
    return row[0].hex() if row else ""


def head_before_last(conn: sqlite3.Connection) -> str:
    """The head an act stands on, asked right after the act was opened."""
    row = conn.execute("SELECT prev_hash FROM entries ORDER BY id DESC LIMIT 1").fetchone()
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
    return list(entries(conn, f"act_uid = ? AND {_OF_ROWS}", (act_uid,)))


def touched_after(
    conn: sqlite3.Connection, entry_id: int, rows: Mapping[str, AbstractSet[str]], ignoring: AbstractSet[str]
) -> dict[tuple[str, str], dict[str, str]]:
    """(ledger, uid) → column → act of the last change after `entry_id`, for the `rows` asked for
    (ledger → uids), but for the acts `ignoring`."""
    touched: dict[tuple[str, str], dict[str, str]] = {}
    where = f"id > ? AND {_OF_ROWS} AND ledger = ? AND first_uid <= ? AND last_uid >= ?"
    for ledger, uids in rows.items():
        wanted = frozenset(uids)
        for entry in entries(conn, where, (entry_id, ledger, max(uids), min(uids))):
            if entry.act_uid not in ignoring:
                for change in changes_of(entry, wanted):
                    touched.setdefault((ledger, change.uid), {})[change.column] = change.act_uid
    return touched


def acts(conn: sqlite3.Connection) -> Iterator[ActRecord]:
    """The acts as the entries tell them, oldest first: what the list `d_acts` is made from."""
    said: dict[str, dict[str, str]] = {}
    counts: dict[str, int] = {}
    for entry in entries(conn, "kind <> 'migration'"):
        said |= {entry.act_uid: entry.body["a"]} if "a" in entry.body else {}
        counts[entry.act_uid] = counts.get(entry.act_uid, 0) + len(entry.body.get("u", ()))
    empty = {"at": "", "who": "", "kind": "", "why": "", "source": "", "undoes": None}
    for number, (act_uid, count) in enumerate(counts.items(), 1):
        yield ActRecord(act_uid, number, row_count=count, **(empty | said.get(act_uid, {})))


def note_act(conn: sqlite3.Connection, act: ActRecord) -> None:
    """Write an act into the list of acts, and what its undoing means for earlier ones."""
    conn.execute(
        "INSERT INTO d_acts (act_uid, number, at, who, kind, why, source, undoes, row_count)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        tuple(getattr(act, name) for name in ActRecord.__slots__),
    )
    undoer, undone = act.act_uid, act.undoes
    in_effect = True  # whether `undoer` holds: an undone undoing gives back what it had taken
    while undone:
        conn.execute(
            "UPDATE d_acts SET undone_by = ? WHERE act_uid = ?", (undoer if in_effect else None, undone)
        )
        row = conn.execute("SELECT undoes FROM d_acts WHERE act_uid = ?", (undone,)).fetchone()
        undoer, undone, in_effect = undone, row and row[0], not in_effect


def rebuild_acts(conn: sqlite3.Connection) -> None:
    """Make the list of acts anew from the entries, inside the caller's transaction."""
    conn.execute("DELETE FROM d_acts")
    for act in acts(conn):
        note_act(conn, act)
