"""Wells and other intakes: registered, stopped, used again, replaced (domain §3, R20)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from ledger_app.core.entity import Entity
from ledger_app.core.rules import saying
from ledger_app.core.rules.wells import cannot_become, too_early
from ledger_app.core.terms import (
    DISCONNECTED,
    IN_USE,
    RESERVED_STATE,
    SEALED,
    SEALED_STATE,
    STOPPED,
    TO_SEAL,
    WELL_POINT,
)
from ledger_app.db.operations import closing, events, shares
from ledger_app.db.operations.batch import Batch, Facts, Operation, day_of, find, wrong_day
from ledger_app.db.operations.linking import link_stated
from ledger_app.db.operations.numbering import give_numbers
from ledger_app.db.store import CHUNK, Act, Row, Store

REPLACED: Final = "更新井减二更一"
# What the new well has in common with the one it replaces, where nothing else is said.
_INHERITED: Final = (
    "town_uid",
    "village_uid",
    "village_group",
    "place",
    "coordinate_system",
    "use",
    "well_class",
    "irrigated_area_mu",
    "actual_area_mu",
    "irrigation_method",
    "crop",
    "population",
    "owner",
    "owner_id_no",
    "phone",
    "water_user_uid",
    "water_user_stated",
    "manager",
    "chief_county",
    "chief_town",
    "chief_village",
    "transformer",
)

# ---- register --------------------------------------------------------------------------------------


def check_register(store: Store, entity: Entity, rows: Sequence[Facts], today: date) -> list[tuple[int, str]]:
    """(index, sentence) of the rows that cannot be registered."""
    codes = [row.get("code") for row in rows]
    taken = find(store, entity, [c for c in codes if c]) | _taken_elsewhere(store, codes)
    seen: set[str] = set()
    refused = []
    for i, (row, code) in enumerate(zip(rows, codes, strict=True)):
        if text := _cannot_register(row, code, taken, seen, today):
            refused.append((i, text))
        seen.add(code or "")
    return refused


def _cannot_register(
    row: Facts, code: str | None, taken: Mapping[str, str], seen: set[str], today: date
) -> str | None:
    if code and code in taken:
        return f"编号 {code} 已经有了，编号不能重复使用。"
    if code and code in seen:
        return f"编号 {code} 在这次登记里写了两遍。"
    if not code and not (row.get("village_uid") or row.get("town_uid")):
        return "没有编号，也没有填乡镇和嘎查村，编不出井编号。"
    return (
        wrong_day(row.get("completed_on"), "成井时间", today)
        or wrong_day(row.get("found_on"), "核查补登日期", today)
        or wrong_day(row.get("stopped_on"), "停用起始日", today)
    )


def _taken_elsewhere(store: Store, codes: Sequence[str | None]) -> dict[str, str]:
    """Wells and other intakes share one row of numbers."""
    wanted = sorted({c for c in codes if c})
    found: dict[str, str] = {}
    for start in range(0, len(wanted), CHUNK):
        part = wanted[start : start + CHUNK]
        sql = f"SELECT code, uid FROM points WHERE code IN ({','.join('?' * len(part))})"
        found |= store.conn.execute(sql, part).fetchall()
    return found


def register(act: Act, entity: Entity, rows: Sequence[Facts], today: date) -> list[str]:
    """New points; numbers by rule where none is given; what papers named them is linked. A point that
    names a permit of the ledger gets its share there."""
    names = [n for n in dict.fromkeys(n for row in rows for n in row) if n in entity.columns]
    columns: dict[str, Sequence[Any]] = {n: [row.get(n) for row in rows] for n in names}
    columns["status"] = [row.get("status") or IN_USE for row in rows]
    columns.setdefault("code", [None] * len(rows))
    give_numbers(act, entity, columns, len(rows))
    uids = act.insert_columns(entity, columns, len(rows))
    given = [
        (row["permit_uid"], uid, row.get("permitted_volume_m3"), _begins(row, today))
        for row, uid in zip(rows, uids, strict=True)
        if row.get("permit_uid")
    ]
    shares.give(act, given)
    link_stated(act, entity, uids)
    return uids


def _begins(row: Facts, today: date) -> str:
    completed = row.get("completed_on")
    return completed if completed and len(completed) == 10 else today.isoformat()


# ---- stop and resume -------------------------------------------------------------------------------


def check_stop(store: Store, batch: Batch) -> None:
    _check_move(store, batch, STOPPED, "停用")


def check_resume(store: Store, batch: Batch) -> None:
    batch.judge(lambda row, _: _not_by_resuming(row))
    _check_move(store, batch, IN_USE, "恢复使用")


def _not_by_resuming(row: Row) -> str | None:
    if row["status"] == RESERVED_STATE:
        return f"{saying.well(row)} 是封存备用，恢复要按“启用”办理。"
    return None


def _check_move(store: Store, batch: Batch, status: str, doing: str) -> None:
    lasts = events.last(store, batch.uids)
    sealed = {uid: closing.sealed_on(rows) for uid, rows in closing.closures_of(store, batch.uids).items()}

    def judge(row: Row, facts: Facts) -> str | None:
        return (
            cannot_become(row, status, doing, sealed.get(row["uid"]))
            or day_of(facts, "happened_on", f"{doing}日期", batch.today)
            or (None if facts.get("reason") else f"请填写{doing}原因。")
            or too_early(row, facts["happened_on"], lasts.get(row["uid"]))
        )

    batch.judge(judge)


def stop(act: Act, batch: Batch) -> list[str]:
    return _move(act, batch, STOPPED, "停用")


def resume(act: Act, batch: Batch) -> list[str]:
    """In use again; a 拆泵断电关停 that stood open is noted as taken back."""
    back = Batch(batch.entity, batch.today, batch.rows)
    back.facts = {
        uid: {
            "reopened_on": facts["happened_on"],
            "reopen_reason": facts["reason"],
            "reopen_document": facts.get("document"),
        }
        for uid, _, facts in batch
    }
    closing.mark_reopened(act, back, DISCONNECTED)
    return _move(act, batch, IN_USE, "恢复使用")


def _move(act: Act, batch: Batch, status: str, kind: str) -> list[str]:
    rows = [events.event(row, kind, facts["happened_on"], status, facts) for _, row, facts in batch]
    changes = {
        uid: {"status": status, "stopped_on": facts["happened_on"] if status == STOPPED else None}
        for uid, _, facts in batch
    }
    act.update_many(batch.entity, changes)
    events.record(act, rows)
    return batch.uids


# ---- replace (更新井) --------------------------------------------------------------------------------


def check_replace(store: Store, batch: Batch) -> None:
    sealed = {uid: closing.sealed_on(rows) for uid, rows in closing.closures_of(store, batch.uids).items()}
    lasts = events.last(store, batch.uids)
    heirs = _heirs(store, batch.uids)
    codes = _taken_elsewhere(store, [facts.get("code") for _, _, facts in batch])

    def judge(row: Row, facts: Facts) -> str | None:
        said = saying.well(row)
        if heir := heirs.get(row["uid"]):
            return f"{said} 已由井 {heir} 更新。"
        if facts.get("code") in codes:
            return f"编号 {facts['code']} 已经有了，编号不能重复使用。"
        if text := day_of(facts, "completed_on", "新井成井时间", batch.today):
            return text
        if row["status"] == SEALED_STATE:
            return None
        day = facts.get("closed_on")
        early = too_early(row, day, lasts.get(row["uid"])) if day else None
        return (
            wrong_day(day, "旧井封填日期", batch.today)
            or early
            or (cannot_become(row, SEALED_STATE, SEALED, sealed.get(row["uid"])) if day else None)
            or _too_much(row, facts)
        )

    batch.judge(judge)


def _too_much(row: Row, facts: Facts) -> str | None:
    """R20: the new volume is not larger than what retires."""
    old, new = row["permitted_volume_m3"], facts.get("permitted_volume_m3")
    if old is not None and new is not None and new > old:
        return f"更新井的水量 {saying.volume(new)} 大于 {saying.well(row)} 原来的 {saying.volume(old)}，不能增加。"
    return None


def _heirs(store: Store, uids: Sequence[str]) -> dict[str, str]:
    """Well → the number of the well that replaced it."""
    found: dict[str, str] = {}
    for start in range(0, len(uids), CHUNK):
        part = uids[start : start + CHUNK]
        marks = ",".join("?" * len(part))
        sql = f"SELECT replaces_uid, code FROM points WHERE replaces_uid IN ({marks}) ORDER BY id"
        found |= store.conn.execute(sql, part).fetchall()
    return found


def replace(act: Act, batch: Batch) -> list[str]:
    """A new well for each, with its share of the permit; the old one is sealed (where `closed_on` says
    when) or is to be sealed. Returns the uids of the new wells."""
    rows = [_successor(row, facts) for _, row, facts in batch]
    _retire(act, batch)
    _seal_old(act, batch)
    return register(act, batch.entity, rows, batch.today)


def _successor(row: Row, facts: Facts) -> dict[str, Any]:
    stated = {n: v for n, v in facts.items() if n not in ("closed_on", "reason", "document")}
    inherited = {name: row[name] for name in _INHERITED}
    new = inherited | stated | {"replaces_uid": row["uid"], "kind": WELL_POINT, "status": IN_USE}
    if row["permit_uid"]:
        new["permit_uid"] = row["permit_uid"]
        new.setdefault("permitted_volume_m3", row["permitted_volume_m3"])
        new.setdefault("planned_volume_m3", row["planned_volume_m3"])
    return new


def _retire(act: Act, batch: Batch) -> None:
    """The share ends with the day the new well is there."""
    ends = {uid: _begins(facts, batch.today) for uid, row, facts in batch if row["permit_uid"]}
    shares.end(act, ends)


def _seal_old(act: Act, batch: Batch) -> None:
    standing = {u: f for u, row, f in batch if row["status"] != SEALED_STATE}
    sealed = Batch(batch.entity, batch.today)
    for uid, facts in standing.items():
        if facts.get("closed_on"):
            sealed.rows[uid] = batch.rows[uid]
            sealed.facts[uid] = {
                "method": SEALED,
                "reason": REPLACED,
                "closed_on": facts["closed_on"],
                "document": facts.get("document"),
                "reduced_volume_m3": 0,
                "reduction_basis": "更新井，水量转到新井",
            }
    if sealed.rows:
        closing.close(act, sealed)
    waiting = [u for u in standing if u not in sealed.rows and batch.rows[u]["status"] != TO_SEAL]
    rows = [
        events.event(
            batch.rows[u], "更新待封", _begins(standing[u], batch.today), TO_SEAL, {"reason": REPLACED}
        )
        for u in waiting
    ]
    act.update_many(batch.entity, {u: {"status": TO_SEAL} for u in waiting})
    events.record(act, rows)


STOP: Final = Operation(check_stop, stop)
RESUME: Final = Operation(check_resume, resume)
REPLACE: Final = Operation(check_replace, replace)
