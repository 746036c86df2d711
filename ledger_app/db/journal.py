"""The journal: entries in a hash chain, the history of a row, undo of an act.

An entry holds up to BLOCK_ROWS rows of one ledger. Bodies are JSON keyed by uid and column name:
  insert, delete  {"u": [uid …], "c": {column: [value …]}}   columns that are empty throughout are left out
  update          {"u": [uid …], "c": {column: [[old, new] | null …]}}
In the file a number after a uid stands for that many uids which follow it in order: ["…-00010", 2].
The first entry of an act says beside that who did it, when and why: {"a": {"at": …, "who": …}}; only
an act without rows has an entry of its own for it (a single edit is one entry: half the size).
Bodies of more than a few rows are compressed. The hash covers the previous hash and every field;
`first_uid` and `last_uid` (empty where it is the same) follow from the body.
The chain shows accidental damage and any change after a printed head; it is no proof against
someone who recomputes it.
"""

from __future__ import annotations

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
_HOLDS: Final = "first_uid <= ? AND COALESCE(last_uid, first_uid) >= ?"
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


def _folded(uids: Sequence[str]) -> list[str | int]:
    """Uids with their runs counted."""
    if len(uids) > 1 and list(uids) == [uids[0], *_following(uids[0], len(uids) - 1)]:
        return [uids[0], len(uids) - 1]
    folded: list[str | int] = []
    follower = ""
    for uid in uids:
        if uid != follower:
            folded.append(uid)
        elif isinstance(folded[-1], int):
            folded[-1] += 1
        else:
            folded.append(1)
        follower = _following(uid, 1)[0]
    return folded


def _unfolded(folded: Sequence[str | int]) -> list[str]:
    uids: list[str] = []
    for item in folded:
        uids += [item] if isinstance(item, str) else _following(uids[-1], item)
    return uids


def _following(uid: str, count: int) -> list[str]:
    """The uids an act gives after this one."""
    act, _, number = uid.rpartition("-")
    first = int(number, 16) + 1
    return [f"{act}-{n:05x}" for n in range(first, first + count)]


def entry_hash(
    prev: bytes, origin: str, seq: int, act_uid: str, kind: str, ledger: str, body: str | bytes
) -> bytes:
    import hashlib  # noqa: PLC0415 - 3 ms at start, and before the first act nothing needs it

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
        last = None if last == first else last
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
                if cells[0] is not None or cells.count(None) < len(cells):
                    body[name] = cells
            self.append(act_uid, kind, ledger, {"u": _folded(part), "c": body}, part)


def head(conn: sqlite3.Connection) -> str:
    """The hash of the last entry, as printed on papers."""
    row = conn.execute("SELECT hash FROM entries ORDER BY id DESC LIMIT 1").fetchone()
    return row[0].hex() if row else ""


def entries(conn: sqlite3.Connection, where: str = "1", args: Sequence[Any] = ()) -> Iterator[Entry]:
    sql = f"SELECT id, seq, act_uid, kind, ledger, body FROM entries WHERE {where} ORDER BY id"
    for row in conn.execute(sql, args):
        body = unpack(row[5])
        if "u" in body:
            body["u"] = _unfolded(body["u"])
        yield Entry(row[0], row[1], row[2], row[3], row[4], body)


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


def misfiled(conn: sqlite3.Connection) -> int | None:
    """The first entry that the history of a row would not find, because it is filed under other uids
    than its body holds, or None."""
    filed = conn.execute("SELECT first_uid, COALESCE(last_uid, first_uid) FROM entries ORDER BY id")
    for entry, (first, last) in zip(entries(conn), filed, strict=True):
        uids = entry.body.get("u") or [None]
        if (first, last) != (min(uids), max(uids)):
            return entry.id
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
    where = f"ledger = ? AND {_HOLDS}"
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
    where = f"id > ? AND {_OF_ROWS} AND ledger = ? AND {_HOLDS}"
    for ledger, uids in rows.items():
        wanted = frozenset(uids)
        for entry in entries(conn, where, (entry_id, ledger, max(uids), min(uids))):
            if entry.act_uid not in ignoring:
                for change in changes_of(entry, wanted):
                    touched.setdefault((ledger, change.uid), {})[change.column] = change.act_uid
    return touched
