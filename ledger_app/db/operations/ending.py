"""注销, 吊销, 撤销: a permit ends by a decision, and with it what was drawn under it (domain §1.3)."""

from __future__ import annotations

from typing import Final

from ledger_app.core.rules import permits as rules
from ledger_app.core.rules import saying
from ledger_app.core.terms import CANCELLED, CLOSURE_EFFECTS, ENDED_PERMIT, REVOKED, WITHDRAWN
from ledger_app.db.operations import shares
from ledger_app.db.operations.batch import Batch, Facts, Operation, day_of, out_of_order, related
from ledger_app.db.store import Act, Row, Store


def check_cancel(_store: Store, batch: Batch) -> None:
    def judge(row: Row, facts: Facts) -> str | None:
        kind = facts.get("status")
        if kind not in ENDED_PERMIT:
            return f"请选择是{CANCELLED}、{REVOKED}还是{WITHDRAWN}。"
        if text := rules.cannot_end(row) or day_of(facts, "ended_on", f"{kind}日期", batch.today):
            return text
        if not facts.get("ended_because"):
            return f"请填写{kind}原因。"
        if kind != CANCELLED and not facts.get("document"):
            return f"{kind}要有决定文书，请填写文号。"
        first = row["first_issued_on"] or row["valid_from"]
        return out_of_order(first, facts["ended_on"], f"{saying.permit(row)} 的{kind}日期早于发证日期")

    batch.judge(judge)


def cancel(act: Act, batch: Batch) -> list[str]:
    """注销, 吊销 or 撤销: the decision stays in the permit, its shares and its points' claims end, and
    closures of wells that were under it are noted as 已注销."""
    names = ("status", "ended_on", "ended_because", "document")
    act.update_many(batch.entity, {u: {n: f[n] for n in names if n in f} for u, _, f in batch})
    _note_in_closures(act, batch)
    days = batch.said("ended_on")
    entity = act.store.registry["permit_shares"]
    held = related(act.store, entity, "permit_uid", batch.uids)
    ends = {
        share["uid"]: {"to_on": days[uid]}
        for uid, rows in held.items()
        for share in rows
        if not share["to_on"] or share["to_on"] > days[uid]
    }
    act.update_many(entity, ends)
    under = shares.under(act.store, batch.uids)
    points = [point for held_by in under.values() for point in held_by]
    shares.update_points(act, dict.fromkeys(points, shares.NO_PERMIT))
    return batch.uids


def _note_in_closures(act: Act, batch: Batch) -> None:
    entity = act.store.registry["closures"]
    held = related(act.store, act.store.registry["permit_shares"], "permit_uid", batch.uids)
    facts = {
        share["point_uid"]: batch.facts[uid]
        for uid, rows in held.items()
        for share in rows
        if share["point_uid"] and share["to_on"]
    }
    closures = related(act.store, entity, "well_uid", sorted(facts))
    changes = {}
    for well, rows in closures.items():
        for closure in rows:
            effect = CLOSURE_EFFECTS.get(closure["method"])
            if effect and effect.ends_share and closure["closed_on"] and closure["cancelled_on"] is None:
                changes[closure["uid"]] = {
                    "cancelled_on": facts[well]["ended_on"],
                    "document": closure["document"] or facts[well].get("document"),
                }
    act.update_many(entity, changes)


CANCEL: Final = Operation(check_cancel, cancel)
