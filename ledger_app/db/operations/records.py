"""One record edited by hand: 录错更正 (it was always so) or 情况变化 (from a day on)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from ledger_app.core.entity import Entity
from ledger_app.core.rules.permits import cannot_end
from ledger_app.core.rules.wells import cannot_become, too_early
from ledger_app.core.terms import MONITORING_STATE, RESERVED_STATE, SEALED_STATE, STOPPED
from ledger_app.db.operations import events, shares
from ledger_app.db.operations.batch import out_of_order, wrong_day
from ledger_app.db.operations.linking import link_stated
from ledger_app.db.operations.permits import CHANGED, PASSED_ON, supersede
from ledger_app.db.store import Act, Row, Store

Changes = Mapping[str, Mapping[str, Any]]
_BY_ACT: Final = frozenset({SEALED_STATE, RESERVED_STATE, MONITORING_STATE})
_TERMS: Final = frozenset({"permitted_volume_m3", "valid_from", "valid_to", "holder_uid", "holder_stated"})
_POINTS: Final = "points"


def differing(store: Store, entity: Entity, changes: Changes) -> dict[str, dict[str, Any]]:
    """The cells that are really different; of records that are gone, all (the store says so)."""
    rows = store.rows_by_uid(entity, list(changes))
    real = {
        uid: {n: v for n, v in cells.items() if uid not in rows or rows[uid][n] != v}
        for uid, cells in changes.items()
    }
    return {uid: cells for uid, cells in real.items() if cells}


def correct(act: Act, entity: Entity, changes: Changes) -> list[str]:
    """Change cells and nothing else; a number that papers name is linked."""
    act.update_many(entity, changes)
    if entity.key:
        link_stated(act, entity, [uid for uid, cells in changes.items() if entity.key[0] in cells])
    return list(changes)


def check_change(
    store: Store, entity: Entity, changes: Changes, on: str, today: date
) -> list[tuple[str, str]]:
    """(uid, sentence) of the records that cannot change so from that day."""
    if text := wrong_day(on, "变化日期", today):
        return [(uid, text) for uid in changes]
    rows = store.rows_by_uid(entity, list(changes))
    lasts = events.last(store, list(changes)) if entity.table == _POINTS else {}
    refused = []
    for uid, cells in changes.items():
        text = _cannot(entity, rows.get(uid), cells, on, lasts.get(uid))
        if text:
            refused.append((uid, text))
    return refused


def _cannot(
    entity: Entity, row: Row | None, cells: Mapping[str, Any], on: str, last: tuple[str, str] | None
) -> str | None:
    if row is None:
        return f"{entity.label}里没有这条记录，可能已被撤销。"
    if entity.table == _POINTS:
        return _cannot_point(row, cells, on, last)
    if entity.name == "permits" and _TERMS & cells.keys():
        early = out_of_order(row["valid_from"], on, f"许可证 {row['number']} 的变更日期早于有效期起")
        return cannot_end(row) or early
    return None


def _cannot_point(row: Row, cells: Mapping[str, Any], on: str, last: tuple[str, str] | None) -> str | None:
    if not events.DATED.keys() & cells.keys():
        return None
    status = cells.get("status", row["status"])
    if status != row["status"]:
        if status in _BY_ACT or row["status"] in _BY_ACT:
            return f"“{row['status'] or '未查明'}”改为“{status}”要按“封停处置”或“启用”办理，不能直接改。"
        if text := cannot_become(row, status, f"改为“{status}”"):
            return text
    return too_early(row, on, last)


def change(act: Act, entity: Entity, changes: Changes, on: str, why: str, document: str | None) -> list[str]:
    """Change cells and keep what was before with the day it ended."""
    rows = act.store.rows_by_uid(entity, list(changes))
    if entity.table == _POINTS:
        changes = {uid: _with_stop(rows[uid], cells, on) for uid, cells in changes.items()}
        facts = {"reason": why, "document": document}
        events.record(
            act, [e for uid, cells in changes.items() for e in events.dated(act, rows[uid], cells, on, facts)]
        )
    elif entity.name == "permits":
        for kind, named in _superseded(rows, changes).items():
            supersede(act, kind, {uid: (rows[uid], on) for uid in named})
    act.update_many(entity, changes)
    if entity.name == "permits":
        volumes = {
            u: (c["permitted_volume_m3"], on) for u, c in changes.items() if c.get("permitted_volume_m3")
        }
        shares.fit(act, volumes)
    return correct(act, entity, changes)


def _with_stop(row: Row, cells: Mapping[str, Any], on: str) -> dict[str, Any]:
    """A state that changes brings the day of stopping with it."""
    if cells.get("status", row["status"]) == row["status"] or "stopped_on" in cells:
        return dict(cells)
    return {**cells, "stopped_on": on if cells["status"] == STOPPED else None}


def _superseded(rows: Mapping[str, Row], changes: Changes) -> dict[str, Sequence[str]]:
    """Kind → permits whose terms change: a new holder is 过户, anything else 变更."""
    found: dict[str, list[str]] = {}
    for uid, cells in changes.items():
        changed = {c for c in _TERMS & cells.keys() if cells[c] != rows[uid][c]}
        if changed:
            kind = PASSED_ON if changed & {"holder_uid", "holder_stated"} else CHANGED
            found.setdefault(kind, []).append(uid)
    return dict(found)
