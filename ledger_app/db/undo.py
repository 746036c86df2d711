"""Undo of an act: its inverse deltas as a new act, or the list of what stands in the way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any, Final

from ledger_app.core.entity import Entity
from ledger_app.core.errors import LedgerError
from ledger_app.db import journal, references
from ledger_app.db.journal import Entry
from ledger_app.db.store import Act, ActInfo, Store

_LISTED: Final = 20


@dataclass(frozen=True, slots=True)
class Obstacle:
    """A record that keeps an act from being undone, and why; `act_uid` is the later act, if there is one."""

    ledger: str
    uid: str
    text: str
    act_uid: str = ""


class CannotUndo(LedgerError):
    """Something stands in the way; nothing was done."""

    def __init__(self, obstacles: Sequence[Obstacle]) -> None:
        self.obstacles = tuple(obstacles)
        texts = list(dict.fromkeys(o.text for o in self.obstacles))
        more = f" 等 {len(texts)} 处" if len(texts) > _LISTED else ""
        super().__init__(f"不能撤销：{'；'.join(texts[:_LISTED])}{more}。", "in_the_way")


def undo(store: Store, act_uid: str, who: str, why: str = "", source: str = "command") -> Act:
    """Take an act back as a new act; undoing that one brings the first back.

    Raises CannotUndo with all that stands in the way, LedgerError for what is no act or is undone already.
    """
    row = store.conn.execute("SELECT undone_by FROM d_acts WHERE act_uid = ?", (act_uid,)).fetchone()
    if row is None:
        raise LedgerError(f"没有 {act_uid} 这次操作。", "no_act")
    if row[0]:
        raise LedgerError("这次操作已经撤销过了。", "already_undone")
    with store.act(ActInfo("undo", who, why or "撤销", source, act_uid)) as act:
        entries = journal.rows_of_act(store.conn, act_uid)
        if obstacles := list(_obstacles(store, act_uid, entries)):
            raise CannotUndo(obstacles)
        for step in _steps(reversed(entries)):
            _invert(act, store.registry[step[0].ledger], step)
    return act


def _obstacles(store: Store, act_uid: str, entries: Sequence[Entry]) -> Iterator[Obstacle]:
    if not entries:
        return
    own: dict[str, set[str]] = {}
    for entry in entries:
        own.setdefault(entry.ledger, set()).update(entry.body["u"])
    later = journal.touched_after(store.conn, entries[-1].id, own, _cancelled(store, act_uid))
    listed = False
    for entry in entries:
        for obstacle in (*_changed_later(store, entry, later), *_referred_to(store, entry, own)):
            listed = True
            yield obstacle
    if not listed:
        yield from _differing(store, entries)


def _cancelled(store: Store, act_uid: str) -> set[str]:
    """Later acts that were undone, and the acts that undid them: together they left everything as it was.
    (The undoing of an act *before* this one is a change like any other.)"""
    rows = store.conn.execute(
        "SELECT act_uid, undone_by FROM d_acts WHERE undone_by IS NOT NULL"
        " AND number > (SELECT number FROM d_acts WHERE act_uid = ?)",
        (act_uid,),
    )
    return {uid for pair in rows for uid in pair}


def _changed_later(
    store: Store, entry: Entry, later: dict[tuple[str, str], dict[str, str]]
) -> Iterator[Obstacle]:
    """For a new record every later change counts, for changed cells only changes of the same cells."""
    entity = store.registry[entry.ledger]
    for i, uid in enumerate(entry.body["u"]):
        touched = later.get((entry.ledger, uid))
        if touched and entry.kind != "insert":
            own = {c for c, values in entry.body["c"].items() if values[i] is not None}
            touched = {c: act for c, act in touched.items() if c in own}
        if touched:
            text = f"{_named(store, entity, uid)}后来又改过"
            yield Obstacle(entry.ledger, uid, text, max(touched.values()))


def _referred_to(store: Store, entry: Entry, own: dict[str, set[str]]) -> Iterator[Obstacle]:
    """Live references to new records, from records that are not part of the act itself."""
    if entry.kind != "insert":
        return
    entity = store.registry[entry.ledger]
    for found in references.live(store.conn, store.registry, entity, entry.body["u"]):
        if not _part_of(own, store, found.by, found.uid):
            text = f"{_named(store, entity, found.target)}已被{found.by.label}引用"
            yield Obstacle(entity.name, found.target, text)


def _part_of(own: dict[str, set[str]], store: Store, entity: Entity, uid: str) -> bool:
    return any(uid in uids for ledger, uids in own.items() if store.registry[ledger].table == entity.table)


def _differing(store: Store, entries: Sequence[Entry]) -> Iterator[Obstacle]:
    """Cells that do not hold what the act left and that no later act explains: an upgrade of the ledger
    changed them, or took their column away. Putting old values back there would be wrong."""
    alone, woven = _untangled(entries)
    for entry in alone:
        yield from _differing_block(store, entry)
    for ledger, rows in _left_behind(woven).items():
        for uid, cells in rows.items():
            block = {"u": [uid], "c": {c: [value] for c, value in cells.items()}}
            yield from _differing_block(store, Entry(0, 0, "", "insert", ledger, block))


def _differing_block(store: Store, entry: Entry) -> Iterator[Obstacle]:
    if entry.kind == "delete":
        return  # a record that is there again is met when it is put back
    entity, uids, left = store.registry[entry.ledger], entry.body["u"], entry.body["c"]
    gone = left.keys() - set(entity.columns)
    now = store.columns_of(entity, uids, [c for c in left if c not in gone])
    place = {uid: i for i, uid in enumerate(now["uid"])}
    for i, uid in enumerate(uids):
        cells = {c: values[i] for c, values in left.items() if values[i] is not None}
        if entry.kind == "update":
            cells = {c: pair[1] for c, pair in cells.items()}
        at = place.get(uid)
        if at is None or gone & cells.keys() or any(now[c][at] != value for c, value in cells.items()):
            yield Obstacle(entity.name, uid, f"{_named(store, entity, uid)}在台账升级时改过")


def _untangled(entries: Sequence[Entry]) -> tuple[list[Entry], list[Entry]]:
    """Entries whose records no other entry of the act touches, and the others."""
    seen = Counter((e.ledger, uid) for e in entries for uid in e.body["u"])
    alone: list[Entry] = []
    woven: list[Entry] = []
    for entry in entries:
        apart = all(seen[entry.ledger, uid] == 1 for uid in entry.body["u"])
        (alone if apart else woven).append(entry)
    return alone, woven


def _left_behind(entries: Sequence[Entry]) -> dict[str, dict[str, dict[str, Any]]]:
    """ledger → uid → column → the value an act left there, for records that it left."""
    left: dict[str, dict[str, dict[str, Any]]] = {}
    for entry in entries:
        rows = left.setdefault(entry.ledger, {})
        if entry.kind == "delete":
            for uid in entry.body["u"]:
                rows.pop(uid, None)
        for change in journal.changes_of(entry) if entry.kind != "delete" else ():
            rows.setdefault(change.uid, {})[change.column] = change.new
    return left


def _named(store: Store, entity: Entity, uid: str) -> str:
    row = store.get(entity, uid)
    names = [str(row[c]) for c in entity.title if row and row.get(c)]
    return f"{entity.label} {' '.join(names)} " if names else f"{entity.label}的一条记录"


def _steps(entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    """Neighbouring blocks of one kind and ledger, to be inverted together: records of one block may have
    passed their numbers to, or refer to, records of another."""
    step: list[Entry] = []
    uids: set[str] = set()
    for entry in entries:
        if step and not _joins(step[0], entry, uids):
            yield step
            step, uids = [], set()
        step.append(entry)
        uids.update(entry.body["u"])
    if step:
        yield step


def _joins(first: Entry, entry: Entry, uids: AbstractSet[str]) -> bool:
    return (first.kind, first.ledger) == (entry.kind, entry.ledger) and uids.isdisjoint(entry.body["u"])


def _invert(act: Act, entity: Entity, step: Sequence[Entry]) -> None:
    kind = step[0].kind
    if kind == "insert":
        act.delete_many(entity, [uid for entry in step for uid in entry.body["u"]])
    elif kind == "delete":
        for entry in step:
            act.put_back(entity, entry.body["u"], entry.body["c"])
    else:
        olds: dict[str, dict[str, Any]] = {}
        for entry in step:
            for change in journal.changes_of(entry):
                olds.setdefault(change.uid, {})[change.column] = change.old
        act.update_many(entity, olds)
