"""The list of acts (who, when, why, undone by whom): derived from the entries, made anew at any time."""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Iterator
from dataclasses import astuple
from typing import Any

from ledger_app.db.journal import ActRecord, entries


def acts(conn: sqlite3.Connection) -> Iterator[ActRecord]:
    """The acts as the entries tell them, oldest first: what the list `d_acts` is made from."""
    said: dict[str, dict[str, Any]] = {}
    counts: dict[str, int] = {}
    for entry in entries(conn, "kind <> 'migration'"):
        said |= {entry.act_uid: entry.body["a"]} if "a" in entry.body else {}
        counts[entry.act_uid] = counts.get(entry.act_uid, 0) + len(entry.body.get("u", ()))
    empty: dict[str, Any] = {"at": "", "who": "", "kind": "", "why": "", "source": "", "undoes": None}
    for number, (act_uid, count) in enumerate(counts.items(), 1):
        yield ActRecord(act_uid, number, row_count=count, **(empty | said.get(act_uid, {})))


def note(conn: sqlite3.Connection, act: ActRecord) -> None:
    """Write an act into the list of acts, and what its undoing means for earlier ones."""
    conn.execute(
        "INSERT INTO d_acts (act_uid, number, at, who, kind, why, source, undoes, row_count)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        astuple(act),
    )
    undoer, undone = act.act_uid, act.undoes
    in_effect = True  # whether `undoer` holds: an undone undoing gives back what it had taken
    while undone:
        conn.execute(
            "UPDATE d_acts SET undone_by = ? WHERE act_uid = ?", (undoer if in_effect else None, undone)
        )
        row = conn.execute("SELECT undoes FROM d_acts WHERE act_uid = ?", (undone,)).fetchone()
        undoer, undone, in_effect = undone, row and row[0], not in_effect


def rebuild(conn: sqlite3.Connection) -> None:
    """Make the list of acts anew from the entries, inside the caller's transaction."""
    conn.execute("DELETE FROM d_acts")
    for act in acts(conn):
        note(conn, act)


def are_as_told(conn: sqlite3.Connection) -> bool:
    """Whether the list of acts says what the entries say."""
    names = ", ".join(ActRecord.__slots__)
    listed = conn.execute(f"SELECT {names} FROM d_acts ORDER BY number")
    return all(a == b for a, b in itertools.zip_longest(listed, map(astuple, acts(conn))))
