"""节水项目: milestones with their dates, acceptance with what was done (domain §7.12)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from ledger_app.db.operations.batch import Batch, Facts, Operation, day_of, out_of_order, related
from ledger_app.db.store import Act, Row, Store

STARTED, COMPLETED, ACCEPTED, HANDED_OVER = "开工", "完工", "竣工验收", "移交"
MILESTONES: Final = (STARTED, COMPLETED, "通水调试", ACCEPTED, HANDED_OVER)
# Milestones that are a date of the project's own row too, in the order they follow each other.
_COLUMNS: Final[Mapping[str, str]] = MappingProxyType(
    {
        STARTED: "started_on",
        COMPLETED: "completed_on",
        ACCEPTED: "accepted_on",
        HANDED_OVER: "handed_over_on",
    }
)


def _said(row: Row) -> str:
    return f"项目“{row['name']}”"


def _wrong_order(row: Row, kind: str, day: str) -> str | None:
    """A milestone before the one it follows, or after one that follows it."""
    order = list(_COLUMNS)
    if kind not in order:
        return None
    place = order.index(kind)
    for i, other in enumerate(order):
        known = row[_COLUMNS[other]]
        text = f"{_said(row)} 的{kind}日期与{other}日期先后不对"
        wrong = None
        if i < place:
            wrong = out_of_order(known, day[: len(known)] if known else day, text)
        elif i > place:
            wrong = out_of_order(day[: len(known)] if known else day, known, text)
        if wrong:
            return wrong
    return None


def check_milestone(store: Store, batch: Batch) -> None:
    reached = related(store, store.registry["project_milestones"], "project_uid", batch.uids)

    def judge(row: Row, facts: Facts) -> str | None:
        kind = str(facts.get("kind") or "").strip()
        if not kind:
            return "请填写节点，例如开工、完工、竣工验收。"
        earlier = [m["reached_on"] for m in reached.get(row["uid"], []) if m["kind"] == kind]
        if earlier:
            return f"{_said(row)} 已于 {earlier[0]} {kind}。"
        return day_of(facts, "reached_on", f"{kind}日期", batch.today) or _wrong_order(
            row, kind, facts["reached_on"]
        )

    batch.judge(judge)


def reach(act: Act, batch: Batch) -> list[str]:
    """One milestone each; the project's own date follows."""
    changes = {
        uid: {_COLUMNS[facts["kind"]]: facts["reached_on"]}
        for uid, _, facts in batch
        if facts["kind"] in _COLUMNS
    }
    act.update_many(batch.entity, changes)
    _note(act, {uid: (f["kind"], f["reached_on"], f.get("document")) for uid, _, f in batch})
    return batch.uids


def _note(act: Act, milestones: Mapping[str, tuple[str, str, str | None]]) -> None:
    rows: list[dict[str, Any]] = [
        {"project_uid": uid, "kind": kind, "reached_on": day, "document": document}
        for uid, (kind, day, document) in milestones.items()
    ]
    act.insert_many(act.store.registry["project_milestones"], rows)


def check_accept(_store: Store, batch: Batch) -> None:
    def judge(row: Row, facts: Facts) -> str | None:
        if row["accepted_on"]:
            return f"{_said(row)} 已于 {row['accepted_on']} 竣工验收。"
        if not (row["completed_on"] or facts.get("completed_on")):
            return f"{_said(row)} 还没有完工日期，不能竣工验收。"
        dated = row | {n: facts[n] for n in ("completed_on",) if facts.get(n)}
        return day_of(facts, "accepted_on", "竣工验收日期", batch.today) or _wrong_order(
            dated, ACCEPTED, facts["accepted_on"]
        )

    batch.judge(judge)


def accept(act: Act, batch: Batch) -> list[str]:
    """竣工验收: the day, what was really done, and the milestone; quantities left open are done as planned
    only where that is said (`as_planned`)."""
    names = ("accepted_on", "completed_on", "completed_area_mu", "saving_capacity_m3", "operation", "remark")
    changes = {uid: {n: facts[n] for n in names if facts.get(n) is not None} for uid, _, facts in batch}
    act.update_many(batch.entity, changes)
    _note(act, {uid: (ACCEPTED, f["accepted_on"], f.get("document")) for uid, _, f in batch})
    _finish_quantities(act, [uid for uid, _, facts in batch if facts.get("as_planned")])
    return batch.uids


def _finish_quantities(act: Act, projects: list[str]) -> None:
    entity = act.store.registry["project_quantities"]
    rows = related(act.store, entity, "project_uid", projects)
    open_rows = [q for held in rows.values() for q in held if q["done"] is None and q["planned"] is not None]
    act.update_many(entity, {q["uid"]: {"done": q["planned"]} for q in open_rows})


MILESTONE: Final = Operation(check_milestone, reach)
ACCEPT: Final = Operation(check_accept, accept)
