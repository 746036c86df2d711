"""封停处置 of wells: seal, keep in reserve, disconnect, turn into a monitoring well, hand over (domain §3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from ledger_app.core.entity import Entity
from ledger_app.core.rules import saying
from ledger_app.core.rules.wells import cannot_become, too_early
from ledger_app.core.terms import (
    CLOSURE_EFFECTS,
    DISCONNECTED,
    HANDED_OVER,
    IN_USE,
    RESERVED,
    RESERVED_STATE,
    SEALED,
    SEALED_STATE,
    STOPPED,
)
from ledger_app.db.operations import events, permits, shares
from ledger_app.db.operations.batch import (
    Batch,
    Facts,
    Operation,
    day_of,
    find,
    gather,
    out_of_order,
    related,
    wrong_day,
)
from ledger_app.db.operations.people import user_for
from ledger_app.db.store import Act, Row, Store

_OWN_WELL, _PUBLIC_WELL = "自备井", "公共供水井"
_BY_LICENCE: Final = "许可水量"


def closures_of(store: Store, wells: Sequence[str]) -> dict[str, list[Row]]:
    """Well → its 封停处置 rows, in order of entry."""
    return related(store, store.registry["closures"], "well_uid", wells)


def sealed_on(closures: Sequence[Row]) -> str | None:
    """The day a well was sealed, where its rows say."""
    days = [c["closed_on"] for c in closures if c["method"] == SEALED and c["closed_on"]]
    return max(days, default=None)


def check_close(store: Store, batch: Batch) -> None:
    closures = closures_of(store, batch.uids)
    lasts = events.last(store, batch.uids)

    def judge(row: Row, facts: Facts) -> str | None:
        mine = closures.get(row["uid"], [])
        return (
            _wrong_dates(row, facts, batch)
            or _cannot_close(row, facts, mine)
            or too_early(row, facts["closed_on"], lasts.get(row["uid"]))
        )

    batch.judge(judge)


def _wrong_dates(row: Row, facts: Facts, batch: Batch) -> str | None:
    if facts.get("method") not in CLOSURE_EFFECTS:
        return "请选择处置类别。"
    if text := day_of(facts, "closed_on", "封停完成日期", batch.today):
        return text
    closed, accepted = facts["closed_on"], facts.get("accepted_on")
    said = saying.well(row)
    return (
        wrong_day(facts.get("started_on"), "开始日期", batch.today)
        or wrong_day(facts.get("notified_on"), "告知日期", batch.today)
        or wrong_day(accepted, "验收日期", batch.today)
        or out_of_order(facts.get("started_on"), closed, f"{said} 的完成日期早于开始日期")
        or out_of_order(closed, accepted, f"{said} 的验收日期早于封停完成日期")
    )


def _cannot_close(row: Row, facts: Facts, closures: Sequence[Row]) -> str | None:
    method = facts["method"]
    if method == HANDED_OVER:
        return _cannot_hand_over(row, facts, closures)
    if method == DISCONNECTED and row["status"] == STOPPED:
        return None  # a stopped well may be disconnected for good measure
    status = CLOSURE_EFFECTS[method].status or ""
    return cannot_become(row, status, method, sealed_on(closures))


def _cannot_hand_over(row: Row, facts: Facts, closures: Sequence[Row]) -> str | None:
    if row["status"] == SEALED_STATE:
        return cannot_become(row, IN_USE, "移交", sealed_on(closures))
    earlier = [c["closed_on"] for c in closures if c["method"] == HANDED_OVER and c["closed_on"]]
    if earlier:
        return f"{saying.well(row)} 已于 {max(earlier)} 移交，不用再移交。"
    if not (facts.get("receiver_uid") or facts.get("receiver")):
        return "请填写接收单位。"
    return None


def close(act: Act, batch: Batch) -> list[str]:
    """One 封停处置 row a well, with its effects on state, shares, holder and the dated events."""
    entity = act.store.registry["closures"]
    act.insert_many(entity, [_closure(entity, row, facts) for _, row, facts in batch])
    changes: dict[str, dict[str, Any]] = {}
    rows = []
    for uid, row, facts in batch:
        status = CLOSURE_EFFECTS[facts["method"]].status
        changes[uid] = _state(row, facts, status)
        rows.append(events.event(row, facts["method"], facts["closed_on"], status or row["status"], facts))
    shares_end = {u: f["closed_on"] for u, _, f in batch if CLOSURE_EFFECTS[f["method"]].ends_share}
    if shares_end:
        shares.end(act, shares_end)
    act.update_many(batch.entity, changes)
    events.record(act, rows)
    _hand_over(act, batch)
    return batch.uids


def _closure(entity: Entity, row: Row, facts: Facts) -> dict[str, Any]:
    """The stated facts that are columns of the ledger; the licensed volume where no saving is said."""
    stated = {name: facts[name] for name in entity.columns if name in facts}
    closure = stated | {"well_uid": row["uid"], "well_stated": None}
    if facts["method"] != HANDED_OVER and closure.get("reduced_volume_m3") is None:
        closure["reduced_volume_m3"] = row["permitted_volume_m3"]
        if row["permitted_volume_m3"] is not None:
            closure.setdefault("reduction_basis", _BY_LICENCE)
    return closure


def _state(row: Row, facts: Facts, status: str | None) -> dict[str, Any]:
    if status is None:
        return {}
    if status in (RESERVED_STATE, STOPPED):
        return {"status": status, "stopped_on": row["stopped_on"] or facts["closed_on"]}
    return {"status": status, "stopped_on": None}


def _hand_over(act: Act, batch: Batch) -> None:
    """User and permit pass on at that day. A permit all of whose points go passes on whole; from a
    shared one only the share ends, for it belongs to the others."""
    going = {uid: facts for uid, _, facts in batch if facts["method"] == HANDED_OVER}
    if not going:
        return
    receiver = {uid: user_for(act, facts, "receiver") for uid, facts in going.items()}
    changes = {}
    for uid, (user, name) in receiver.items():
        well_class = batch.rows[uid]["well_class"]
        changes[uid] = {
            "water_user_uid": user,
            "water_user_stated": None,
            "owner": name,
            "owner_id_no": None,
            "well_class": _PUBLIC_WELL if well_class == _OWN_WELL else well_class,
        }
    for uid, cells in changes.items():
        events.record(act, events.dated(act, batch.rows[uid], cells, going[uid]["closed_on"], going[uid]))
    act.update_many(batch.entity, changes)
    whole, parts = _passing(act.store, batch, going)
    for permit, uid in whole.items():
        user, _ = receiver[uid]
        permits.pass_on(act, {permit: (user, going[uid]["closed_on"], going[uid].get("document"))})
    if parts:
        shares.end(act, {uid: going[uid]["closed_on"] for uid in parts})


def _passing(store: Store, batch: Batch, going: dict[str, Facts]) -> tuple[dict[str, str], list[str]]:
    """(permits that go whole → one of their wells, wells that leave a shared permit)."""
    named: dict[str, list[str]] = {}
    for uid in going:
        if permit := batch.rows[uid]["permit_uid"]:
            named.setdefault(permit, []).append(uid)
    held = shares.drawing(store, list(named))
    whole = {permit: wells[0] for permit, wells in named.items() if held[permit] <= set(wells)}
    return whole, [uid for permit, wells in named.items() if permit not in whole for uid in wells]


def check_accept(store: Store, batch: Batch) -> None:
    """On closures: what is to be accepted must be closed, not accepted yet, and no transfer."""

    def judge(row: Row, facts: Facts) -> str | None:
        said = _said(store, row)
        if row["method"] == HANDED_OVER:
            return f"{said} 是移交，不作封停验收。"
        if not row["closed_on"]:
            return f"{said} 还没有封停完成日期，不能验收。"
        if row["accepted_on"]:
            return f"{said} 已于 {row['accepted_on']} 验收。"
        late = out_of_order(row["closed_on"], facts.get("accepted_on"), f"{said} 的验收日期早于封停完成日期")
        return day_of(facts, "accepted_on", "验收日期", batch.today) or late

    batch.judge(judge)


def _said(store: Store, closure: Row) -> str:
    well = store.get(store.registry["wells"], closure["well_uid"]) if closure["well_uid"] else None
    return saying.well(well) if well else f"井 {closure['well_stated']}"


def accept(act: Act, batch: Batch) -> list[str]:
    names = ("accepted_on", "accepted_by", "acceptance", "document", "cancelled_on", "remark")
    changes = {uid: {n: facts[n] for n in names if n in facts} for uid, _, facts in batch}
    act.update_many(batch.entity, changes)
    return batch.uids


def gather_closures(
    store: Store,
    entity: Entity,
    keys: Sequence[str],
    facts: Mapping[str, Any],
    each: Mapping[str, Mapping[str, Any]],
    today: date,
) -> Batch:
    """Closures by their uid or by the number of their well: of several the latest not yet accepted."""
    wells = find(store, store.registry["wells"], keys)
    named = closures_of(store, sorted(set(wells.values())))
    meant = {key: _latest(named.get(wells.get(key, ""), [])) or key for key in dict.fromkeys(keys)}
    own = {meant[key]: stated for key, stated in each.items() if key in meant}
    batch = gather(store, entity, list(meant.values()), facts, own, today)
    typed = {uid: key for key, uid in meant.items()}
    batch.refused = [(typed.get(uid, uid), text) for uid, text in batch.refused]
    return batch


def _latest(closures: Sequence[Row]) -> str | None:
    waiting = [c for c in closures if not c["accepted_on"]] or closures
    return max(waiting, key=lambda c: (c["closed_on"] or "", c["uid"]))["uid"] if waiting else None


def check_reopen(store: Store, batch: Batch) -> None:
    lasts = events.last(store, batch.uids)
    closures = closures_of(store, batch.uids)

    def judge(row: Row, facts: Facts) -> str | None:
        if row["status"] != RESERVED_STATE:
            sealed = sealed_on(closures.get(row["uid"], []))
            when = f"已于 {sealed} 封填" if sealed else f"现为“{row['status'] or '未查明'}”"
            return f"{saying.well(row)} {when}，只有封存备用的井可以启用。"
        if text := day_of(facts, "reopened_on", "启用日期", batch.today):
            return text
        if not facts.get("reopen_reason"):
            return "请填写启用原因。"
        closed = [c["closed_on"] for c in closures.get(row["uid"], []) if _is_reserve(c)]
        return out_of_order(
            max(filter(None, closed), default=None),
            facts["reopened_on"],
            f"{saying.well(row)} 的启用日期早于封存日期",
        ) or too_early(row, facts["reopened_on"], lasts.get(row["uid"]))

    batch.judge(judge)


def _is_reserve(closure: Row) -> bool:
    return closure["method"] == RESERVED and not closure["reopened_on"]


def reopen(act: Act, batch: Batch) -> list[str]:
    """The well is in use again, its 封存备用 row says since when and why."""
    mark_reopened(act, batch, RESERVED)
    rows = [
        events.event(
            row,
            "启用",
            facts["reopened_on"],
            IN_USE,
            {"reason": facts["reopen_reason"], "document": facts.get("reopen_document")},
        )
        for _, row, facts in batch
    ]
    act.update_many(batch.entity, {u: {"status": IN_USE, "stopped_on": None} for u in batch.uids})
    events.record(act, rows)
    return batch.uids


def mark_reopened(act: Act, batch: Batch, method: str) -> None:
    """Note in the open closures of these wells that they are in use again."""
    changes = {}
    closures = closures_of(act.store, batch.uids)
    for uid, _, facts in batch:
        waiting = [c for c in closures.get(uid, []) if c["method"] == method and not c["reopened_on"]]
        names = ("reopened_on", "reopen_reason", "reopen_document")
        for closure in waiting:
            changes[closure["uid"]] = {n: facts[n] for n in names if n in facts}
    act.update_many(act.store.registry["closures"], changes)


CLOSE: Final = Operation(check_close, close)
ACCEPT: Final = Operation(check_accept, accept)
REOPEN: Final = Operation(check_reopen, reopen)
