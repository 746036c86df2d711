"""What happens to permits: renewed, changed, passed on, applied for, ended (domain §1.3).

`permits` holds the terms in force. An act that ends terms copies them into `permit_versions` with the
kind of that act and the day from which they no longer hold; their 依据文号 goes with them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ledger_app.core import dates
from ledger_app.core.rules import permits as rules
from ledger_app.core.rules import saying
from ledger_app.db.operations import shares
from ledger_app.db.operations.batch import (
    Batch,
    Facts,
    Operation,
    day_of,
    out_of_order,
)
from ledger_app.db.operations.people import user_for
from ledger_app.db.store import Act, Row, Store

CHANGED, PASSED_ON = "变更", "过户"
_TERMS: Final = ("holder_uid", "holder_stated", "permitted_volume_m3", "valid_from", "valid_to", "document")
_CHANGEABLE: Final[tuple[str, ...]] = (
    "permitted_volume_m3",
    "daily_max_m3",
    "well_count",
    "use",
    "place",
    "source",
    "intake_method",
    "metering",
    "discharge",
    "supervisor",
    "document",
    "remark",
)


def supersede(act: Act, kind: str, ended: Mapping[str, tuple[Row, str]]) -> None:
    """Keep the terms of these permits (row as it was, first day without them)."""
    rows = [
        {"permit_uid": uid, "kind": kind, "superseded_on": day} | {n: row[n] for n in _TERMS}
        for uid, (row, day) in ended.items()
    ]
    act.insert_many(act.store.registry["permit_versions"], rows)


def wrong_volume(row: Row, facts: Facts) -> str | None:
    cut, given = facts.get("cut_percent"), facts.get("permitted_volume_m3")
    if cut is not None and not 0 <= cut < 100:
        return f"核减比例 {cut}% 不对，应在 0 与 100 之间。"
    if given is not None and given <= 0:
        return f"{saying.permit(row)} 的许可水量应大于 0。"
    if cut and given is None and row["permitted_volume_m3"] is None:
        return f"{saying.permit(row)} 原来没有许可水量，不能按比例核减，请直接填写新的水量。"
    return None


# ---- change, pass on -------------------------------------------------------------------------------


def check_change(_store: Store, batch: Batch) -> None:
    def judge(row: Row, facts: Facts) -> str | None:
        if text := rules.cannot_end(row) or day_of(facts, "changed_on", "变更日期", batch.today):
            return text
        if not any(n in facts and facts[n] != row[n] for n in _CHANGEABLE):
            return f"{saying.permit(row)} 没有要变更的内容。"
        early = out_of_order(
            row["valid_from"], facts["changed_on"], f"{saying.permit(row)} 的变更日期早于有效期起"
        )
        return early or wrong_volume(row, facts)

    batch.judge(judge)


def change(act: Act, batch: Batch) -> list[str]:
    changes = {uid: {n: facts[n] for n in _CHANGEABLE if n in facts} for uid, _, facts in batch}
    supersede(act, CHANGED, {uid: (row, facts["changed_on"]) for uid, row, facts in batch})
    act.update_many(batch.entity, changes)
    cut = {
        uid: (facts["permitted_volume_m3"], facts["changed_on"])
        for uid, _, facts in batch
        if facts.get("permitted_volume_m3") is not None
    }
    shares.fit(act, cut)
    return batch.uids


def check_transfer(_store: Store, batch: Batch) -> None:
    def judge(row: Row, facts: Facts) -> str | None:
        if text := rules.cannot_end(row) or day_of(facts, "transferred_on", "过户日期", batch.today):
            return text
        if not (facts.get("holder_uid") or facts.get("holder")):
            return "请填写新的取水权人。"
        if row["holder_uid"] and facts.get("holder_uid") == row["holder_uid"]:
            return f"{saying.permit(row)} 的取水权人已经是他。"
        return out_of_order(
            row["valid_from"], facts["transferred_on"], f"{saying.permit(row)} 的过户日期早于有效期起"
        )

    batch.judge(judge)


def transfer(act: Act, batch: Batch) -> list[str]:
    heirs = {
        uid: (user_for(act, facts, "holder")[0], facts["transferred_on"], facts.get("document"))
        for uid, _, facts in batch
    }
    pass_on(act, heirs)
    return batch.uids


def pass_on(act: Act, heirs: Mapping[str, tuple[str, str, str | None]]) -> None:
    """Permit → (new holder, day, document). The points the old holder used under it pass on too."""
    entity, users = act.store.registry["permits"], act.store.registry["water_users"]
    rows = act.store.rows_by_uid(entity, list(heirs))
    known = act.store.rows_by_uid(users, sorted({holder for holder, _, _ in heirs.values()}))
    supersede(act, PASSED_ON, {uid: (rows[uid], day) for uid, (_, day, _) in heirs.items()})
    changes: dict[str, dict[str, Any]] = {}
    for uid, (holder, _, document) in heirs.items():
        user = known[holder]
        changes[uid] = {
            "holder_uid": holder,
            "holder_stated": None,
            "uscc": user["uscc"],
            "phone": user["phone"],
        }
        changes[uid] |= {"document": document} if document else {}
    act.update_many(entity, changes)
    _pass_on_points(act, rows, {uid: holder for uid, (holder, _, _) in heirs.items()})


def _pass_on_points(act: Act, permits: Mapping[str, Row], heirs: Mapping[str, str]) -> None:
    under = shares.under(act.store, list(heirs))
    known = shares.points(act.store, [p for points in under.values() for p in points])
    changes = {}
    for permit, points in under.items():
        old = permits[permit]["holder_uid"]
        for point in points:
            if known[point][1]["water_user_uid"] in (old, None):
                changes[point] = {"water_user_uid": heirs[permit], "water_user_stated": None}
    shares.update_points(act, changes)


# ---- application noted ---------------------------------------------------------------------------


def check_apply(_store: Store, batch: Batch) -> None:
    def judge(row: Row, facts: Facts) -> str | None:
        if text := rules.cannot_end(row) or day_of(facts, "applied_on", "申请日期", batch.today):
            return text
        applied = facts["applied_on"]
        if rules.is_pending(row, batch.today) and row["applied_on"]:
            return f"{saying.permit(row)} 已于 {row['applied_on']} 申请延续，还没有决定。"
        if row["valid_to"] and applied > dates.last_day(row["valid_to"]).isoformat():
            return f"{saying.permit(row)} 已于 {row['valid_to']} 到期，不能再申请延续，应重新申请取水许可。"
        return None

    batch.judge(judge)


def note_application(act: Act, batch: Batch) -> list[str]:
    changes = {
        uid: {
            "applied_on": facts["applied_on"],
            "application_no": facts.get("application_no"),
        }
        for uid, _, facts in batch
    }
    act.update_many(batch.entity, changes)
    return batch.uids


CHANGE: Final = Operation(check_change, change)
TRANSFER: Final = Operation(check_transfer, transfer)
APPLY: Final = Operation(check_apply, note_application)
