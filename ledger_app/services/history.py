"""The change log: acts with their cells, undo, verification."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ledger_app.core.entity import Entity, Registry
from ledger_app.core.errors import LedgerError
from ledger_app.db import Connection, journal
from ledger_app.db import undo as undoing
from ledger_app.db import verify as verifying
from ledger_app.db.connection import Ledger
from ledger_app.db.queries import acts as act_queries
from ledger_app.db.queries import listing
from ledger_app.db.store import Store
from ledger_app.db.undo import CannotUndo, Obstacle
from ledger_app.db.verify import Verification

__all__ = ["Blocked", "Obstacle", "Undone", "Verification", "acts", "said", "try_undo", "undo", "verify"]

_PARTS = (
    ("file", "台账文件"),
    ("chain", "变更记录链"),
    ("replay", "变更记录与台账内容"),
    ("attachments", "附件"),
)


def acts(
    conn: Connection, registry: Registry, entity: Entity | None = None, key: str | None = None
) -> list[dict[str, Any]]:
    """Acts, oldest first, each with its changes; of one ledger or of one record where `key` is given.

    Shape: {"act", "at", "who", "kind", "why", "changes": [{"ledger", "_id", "field", "old", "new"}]}.
    """
    if entity is not None and key is not None:
        uids = listing.find_by_key(conn, registry, entity, key)
        if not uids:
            raise LedgerError(f"{entity.label}里没有 {key}。", "no_record")
        changes = [c for uid in uids for c in journal.history(conn, entity.name, uid)]
    else:
        where, args = ("ledger = ?", (entity.name,)) if entity else ("ledger <> ''", ())
        found = journal.entries(conn, f"{where} AND kind IN ('insert', 'update', 'delete')", args)
        changes = [c for entry in found for c in journal.changes_of(entry)]
    by_act: dict[str, list[dict[str, Any]]] = {}
    for c in changes:
        cell = {"ledger": c.ledger, "_id": c.uid, "field": c.column, "old": c.old, "new": c.new}
        by_act.setdefault(c.act_uid, []).append(cell)
    every = entity is None
    return [
        act | {"changes": by_act.get(act["act"], [])}
        for act in act_queries.acts(conn)
        if every or act["act"] in by_act
    ]


def undo(store: Store, act_uid: str, who: str, source: str = "command") -> str:
    """Take an act back; returns the uid of the act that did it."""
    return undoing.undo(store, act_uid, who, source=source).uid


@dataclass(frozen=True, slots=True)
class Undone:
    """An act was taken back by act `act`, which changed these ledgers."""

    act: str
    changed: frozenset[str]


@dataclass(frozen=True, slots=True)
class Blocked:
    """An act that cannot be taken back, and every record that stands in the way."""

    obstacles: tuple[Obstacle, ...]


def try_undo(store: Store, act_uid: str, who: str, source: str = "dialog") -> Undone | Blocked:
    """Take an act back, or say what stands in the way. LedgerError for what is no act or undone already."""
    try:
        done = undoing.undo(store, act_uid, who, source=source)
    except CannotUndo as error:
        return Blocked(error.obstacles)
    return Undone(done.uid, frozenset(done.changed))


def verify(ledger: Ledger, conn: Connection) -> Verification:
    return verifying.verify(conn, ledger.path, ledger.registry, ledger.migrations)


def said(result: Verification) -> str:
    """What verification found, in one sentence."""
    broken = [
        f"{label}（{getattr(result, name)}）" for name, label in _PARTS if getattr(result, name) != "ok"
    ]
    if result.whole:
        return "台账完整：文件没有损坏，变更记录一环扣一环，按变更记录重放的结果与台账一致，附件都在。"
    return f"台账不完整：{'、'.join(broken)}。请不要继续录入，用最近的备份恢复或联系维护人员。"
