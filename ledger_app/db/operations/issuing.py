"""发证: a new permit with the points it is for and the share of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from ledger_app.core.rules import saying
from ledger_app.core.units import to_decimal
from ledger_app.db.operations import shares
from ledger_app.db.operations.batch import Facts, find, out_of_order, wrong_day
from ledger_app.db.operations.linking import link_stated
from ledger_app.db.operations.people import user_for
from ledger_app.db.store import Act, Row, Store

# A permit to be: its columns, and `points` as {number or uid of a point: m³ a year or None}.
Points = Mapping[str, float | None]


def points_of(store: Store, rows: Sequence[Facts]) -> dict[str, str]:
    """Text → uid for every point these permits name, wells and other intakes."""
    texts = [text for row in rows for text in row.get("points") or ()]
    known = find(store, store.registry["intakes"], texts)
    return known | find(store, store.registry["wells"], texts)


def check_issue(store: Store, rows: Sequence[Facts], today: date) -> list[tuple[int, str]]:
    """(index, sentence) of the permits that cannot be issued."""
    numbers = [str(row.get("number") or "") for row in rows]
    taken = find(store, store.registry["permits"], numbers)
    uids = points_of(store, rows)
    known = shares.points(store, uids.values())
    permits = store.rows_by_uid(
        store.registry["permits"], sorted({r["permit_uid"] for _, r in known.values() if r["permit_uid"]})
    )
    seen: dict[str, str] = {}
    refused = []
    for i, (row, number) in enumerate(zip(rows, numbers, strict=True)):
        named = [known[uids[text]][1] for text in row.get("points") or () if text in uids]
        text = _wrong_terms(row, number, taken, seen, today) or _wrong_points(named, permits, seen)
        if text:
            refused.append((i, text))
        else:
            seen |= {number: number} | {point["uid"]: number for point in named}
    return refused


def _wrong_terms(
    row: Facts, number: str, taken: Mapping[str, str], seen: Mapping[str, str], today: date
) -> str | None:
    if number in taken or number in seen:
        return f"许可证编号 {number} 已经有了。"
    if missing := _missing(row, number):
        return missing
    volume = row["permitted_volume_m3"]
    total = sum((to_decimal(m3) for m3 in (row.get("points") or {}).values() if m3), Decimal(0))
    if total > to_decimal(volume):
        said = f"{saying.volume(float(total))}，超过许可水量 {saying.volume(volume)}"
        return f"许可证 {number} 各井分配合计 {said}。"
    return wrong_day(row.get("first_issued_on"), "首次发证日期", today) or out_of_order(
        row["valid_from"], row["valid_to"], f"许可证 {number} 的有效期止早于有效期起"
    )


def _missing(row: Facts, number: str) -> str | None:
    if not number:
        return "请填写许可证编号。"
    if not (row.get("holder_uid") or row.get("holder") or row.get("holder_stated")):
        return f"许可证 {number} 没有填取水权人。"
    if not row.get("valid_from") or not row.get("valid_to"):
        return f"许可证 {number} 没有填有效期。"
    if (row.get("permitted_volume_m3") or 0) <= 0:
        return f"许可证 {number} 没有填年许可水量。"
    return None


def _wrong_points(named: Sequence[Row], permits: Mapping[str, Row], seen: Mapping[str, str]) -> str | None:
    """A point draws under one permit at a time."""
    for point in named:
        if point["uid"] in seen:
            return f"{saying.well(point)} 已写在许可证 {seen[point['uid']]} 里，一眼井不能有两本证。"
        permit = permits.get(point["permit_uid"] or "")
        if permit:
            return f"{saying.well(point)} 已在许可证 {permit['number']} 名下，先变更或注销那一本。"
    return None


def issue(act: Act, rows: Sequence[Facts]) -> list[str]:
    """New permits with their shares; a point the ledger does not know stays as stated."""
    entity = act.store.registry["permits"]
    known = points_of(act.store, rows)
    uids = act.insert_many(entity, [_permit(act, row) for row in rows])
    given: list[tuple[str, str, float | None, str | None]] = []
    stated: list[dict[str, Any]] = []
    for uid, row in zip(uids, rows, strict=True):
        for text, m3 in (row.get("points") or {}).items():
            if point := known.get(text):
                given.append((uid, point, m3, row["valid_from"]))
            else:
                share = {"permit_uid": uid, "point_stated": text, "share_m3": m3}
                stated.append(share | {"from_on": row["valid_from"]})
    shares.give(act, given)
    act.insert_many(act.store.registry["permit_shares"], stated)
    link_stated(act, entity, uids)
    return uids


def _permit(act: Act, row: Facts) -> dict[str, Any]:
    entity = act.store.registry["permits"]
    holder, _ = user_for(act, row, "holder")
    stated = {name: row[name] for name in entity.columns if name in row}
    points = row.get("points") or {}
    return {
        "first_issued_on": row["valid_from"],
        "renewals": 0,
        "well_count": len(points) or None,
        **stated,
        "holder_uid": holder,
        "holder_stated": None,
    }
