"""Undo of an act: its inverse deltas as a new act, or the list of what stands in the way."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ledger_app.core.entity import Entity
from ledger_app.core.errors import LedgerError
from ledger_app.db import journal
from ledger_app.db.journal import Entry
from ledger_app.db.store import CHUNK, Act, ActInfo, Store

_LISTED: Final = 20


@dataclass(frozen=True, slots=True)
class Obstacle:
    """A record that keeps an act from being undone, and why."""

    ledger: str
    uid: str
    text: str


class CannotUndo(LedgerError):
    """Something stands in the way; nothing was done."""

    def __init__(self, obstacles: Sequence[Obstacle]) -> None:
        self.obstacles = tuple(obstacles)
        said = "；".join(dict.fromkeys(o.text for o in self.obstacles[:_LISTED]))
        more = f"等 {len(self.obstacles)} 处" if len(self.obstacles) > _LISTED else ""
        super().__init__(f"不能撤销：{said}{more}。", "in_the_way")


def undo(store: Store, act_uid: str, who: str, why: str = "", source: str = "command") -> Act:
    """Take an act back as a new act. Raises CannotUndo, or LedgerError for what is no act."""
    conn = store.conn
    row = conn.execute("SELECT kind, undone_by FROM d_acts WHERE act_uid = ?", (act_uid,)).fetchone()
    if row is None:
        raise LedgerError(f"没有 {act_uid} 这次操作。", "no_act")
    if row[1]:
        raise LedgerError("这次操作已经撤销过了。", "already_undone")
    with store.act(ActInfo("undo", who, why or "撤销", source, act_uid)) as act:
        entries = journal.rows_of_act(conn, act_uid)
        if obstacles := list(_obstacles(store, entries)):
            raise CannotUndo(obstacles)
        for entry in reversed(entries):
            _invert(act, store.registry[entry.ledger], entry)
    return act


def _obstacles(store: Store, entries: Sequence[Entry]) -> Iterable[Obstacle]:
    if not entries:
        return
    ledgers = {e.ledger for e in entries}
    later = journal.touched_after(store.conn, entries[-1].id, ledgers, _cancelled(store))
    for entry in entries:
        entity = store.registry[entry.ledger]
        for i, uid in enumerate(entry.body["u"]):
            touched = later.get((entry.ledger, uid), set())
            own = {c for c, values in entry.body["c"].items() if values[i] is not None}
            if touched if entry.kind == "insert" else touched & own:
                yield Obstacle(entry.ledger, uid, f"{_named(store, entity, uid)}后来又改过")
        if entry.kind == "insert":
            yield from _references(store, entity, entry, {u for e in entries for u in e.body["u"]})


def _cancelled(store: Store) -> set[str]:
    """Acts that no longer stand in anybody's way: what was undone, and the undoing itself."""
    rows = store.conn.execute("SELECT act_uid, undoes, undone_by FROM d_acts ORDER BY number DESC").fetchall()
    undone: set[str] = set()
    for act_uid, _, undone_by in rows:
        if undone_by and undone_by not in undone:
            undone.add(act_uid)
    return undone | {act_uid for act_uid, undoes, _ in rows if undoes}


def _references(store: Store, entity: Entity, entry: Entry, own: set[str]) -> Iterable[Obstacle]:
    """Live references, from records that are not part of the act itself."""
    for other, ref in store.registry.referring_to(entity.name):
        column = ref.uid_column
        for start in range(0, len(entry.body["u"]), CHUNK):
            part = entry.body["u"][start : start + CHUNK]
            marks = ",".join("?" * len(part))
            sql = f"SELECT uid, {column} FROM {other.table} WHERE {column} IN ({marks})"
            for uid, target in store.conn.execute(sql, part):
                if uid not in own:
                    text = f"{_named(store, entity, target)}已被{other.label}引用"
                    yield Obstacle(entity.name, target, text)


def _named(store: Store, entity: Entity, uid: str) -> str:
    row = store.get(entity, uid)
    names = [str(row[c]) for c in entity.title if row and row.get(c)]
    return f"{entity.label} {' '.join(names)} " if names else f"{entity.label}的一条记录"


def _invert(act: Act, entity: Entity, entry: Entry) -> None:
    uids: list[str] = entry.body["u"]
    columns: dict[str, list[Any]] = entry.body["c"]
    if entry.kind == "insert":
        act.delete_many(entity, uids)
    elif entry.kind == "delete":
        act.put_back(entity, uids, columns)
    else:
        changes = {
            uid: {c: values[i][0] for c, values in columns.items() if values[i] is not None}
            for i, uid in enumerate(uids)
        }
        act.update_many(entity, changes)
