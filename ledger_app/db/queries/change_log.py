"""The change log as pages of acts: newest first, filtered by ledger, operator, kind, day or record."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ledger_app.core.entity import Entity, Registry
from ledger_app.db import Connection, journal
from ledger_app.db.journal import Change, Entry

NAMES = ("act", "number", "at", "who", "kind", "why", "source", "undoes", "undone_by", "row_count")


@dataclass(frozen=True, slots=True)
class Acts:
    """Which acts are asked for; days are ISO text, inclusive. `record` is a record of `ledger`."""

    ledger: str = ""
    who: str = ""
    kinds: tuple[str, ...] = ()
    first_day: str = ""
    last_day: str = ""
    record: str = ""


def numbers(conn: Connection, registry: Registry, asked: Acts) -> array[int]:
    """The numbers of the acts asked for, newest first."""
    where, args = ["1"], list[Any]()
    for condition, value in (
        ("who = ?", asked.who),
        ("substr(at, 1, 10) >= ?", asked.first_day),
        ("substr(at, 1, 10) <= ?", asked.last_day),
    ):
        if value:
            where.append(condition)
            args.append(value)
    if asked.kinds:
        where.append(f"kind IN ({','.join('?' * len(asked.kinds))})")
        args += asked.kinds
    if asked.record:
        uids = list(
            dict.fromkeys(c.act_uid for c in record_changes(conn, registry[asked.ledger], asked.record))
        )
        where.append(f"act_uid IN ({','.join('?' * len(uids))})")
        args += uids
    elif asked.ledger:
        where.append("act_uid IN (SELECT act_uid FROM entries WHERE ledger = ?)")
        args.append(asked.ledger)
    sql = f"SELECT number FROM d_acts WHERE {' AND '.join(where)} ORDER BY number DESC"
    return array("q", (row[0] for row in conn.execute(sql, args)))


def page(conn: Connection, wanted: Sequence[int]) -> list[dict[str, Any]]:
    """The acts with these numbers, in their order."""
    marks = ",".join("?" * len(wanted))
    sql = (
        "SELECT act_uid, number, at, who, kind, why, source, undoes, undone_by, row_count"
        f" FROM d_acts WHERE number IN ({marks})"
    )
    found = {row[1]: dict(zip(NAMES, row, strict=True)) for row in conn.execute(sql, list(wanted))}
    return [found[n] for n in wanted if n in found]


def by_uid(conn: Connection, act_uid: str) -> dict[str, Any] | None:
    row = conn.execute("SELECT number FROM d_acts WHERE act_uid = ?", (act_uid,)).fetchone()
    return page(conn, [row[0]])[0] if row else None


def operators(conn: Connection) -> list[str]:
    """Who has done anything, by name."""
    return [row[0] for row in conn.execute("SELECT DISTINCT who FROM d_acts ORDER BY who")]


def kinds(conn: Connection) -> list[str]:
    return [row[0] for row in conn.execute("SELECT DISTINCT kind FROM d_acts ORDER BY kind")]


def ledgers(conn: Connection) -> set[str]:
    """The ledgers that anything was ever done to."""
    return {row[0] for row in conn.execute("SELECT DISTINCT ledger FROM entries WHERE first_uid IS NOT NULL")}


def row_entries(conn: Connection, act_uid: str) -> Iterator[Entry]:
    """The entries of an act that hold rows, one block at a time."""
    return journal.entries(conn, "act_uid = ? AND kind IN ('insert', 'update', 'delete')", (act_uid,))


def record_changes(conn: Connection, entity: Entity, uid: str) -> list[Change]:
    """Every changed cell of one record, oldest first."""
    return journal.history(conn, entity.name, uid)
