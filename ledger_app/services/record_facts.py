"""What is asked about one record at the telephone, and what hangs on it: short lines that lead further."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from ledger_app.core.rules import saying
from ledger_app.core.rules.permits import (
    APPLIED,
    DUE,
    LAPSED,
    LATE,
    NOT_YET,
    UNDECIDED,
    RenewalRule,
    Standing,
    standing,
)
from ledger_app.core.terms import HANDED_OVER, IN_USE
from ledger_app.core.units import to_decimal
from ledger_app.db import Connection
from ledger_app.db.queries import around
from ledger_app.db.queries.parameters import parameters

Row = dict[str, Any]
_TONES: Final = {
    NOT_YET: "green",
    DUE: "amber",
    LATE: "red",
    APPLIED: "blue",
    UNDECIDED: "amber",
    LAPSED: "red",
}


@dataclass(frozen=True, slots=True)
class Told:
    """One answer: what was asked, what is said, and whether it is good, doubtful or bad."""

    label: str
    text: str
    tone: str = "plain"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of what hangs on a record. `ledger` and `uid` say where it leads, where it leads anywhere."""

    text: str
    note: str = ""
    ledger: str = ""
    uid: str = ""


# ---- heads ---------------------------------------------------------------------------------------


def of_point(conn: Connection, uid: str, today: date) -> list[Told]:
    """A well or another intake: is it licensed until when, what was done with it."""
    row = around.one(conn, "points", uid)
    if row is None:
        return []
    told = [_licence(conn, row, today)]
    told += [Told("封停", _closed(c)) for c in around.closures_of_well(conn, uid)[:1]]
    heirs = [_point(heir) for heir in around.heirs_of_well(conn, uid) if heir["is_heir"]]
    return [*told, *(Told("更新", f"已由 {heir} 更新") for heir in heirs)]


def of_permit(conn: Connection, uid: str, today: date) -> list[Told]:
    row = around.one(conn, "permits", uid)
    if row is None:
        return []
    rule = RenewalRule.of(parameters(conn, today))
    stands = standing(row, today, rule)
    told = [Told("状态", stands.state, _TONES.get(stands.state, "muted"))]
    if stands.valid_to:
        told.append(Told("有效期至", stands.valid_to.isoformat()))
        told += _last_day(stands, today)
    return told + _given(row, around.points_of_permit(conn, uid))


def of_closure(conn: Connection, uid: str, today: date) -> list[Told]:
    row = around.one(conn, "closures", uid)
    if row is None:
        return []
    well = around.one(conn, "points", row["well_uid"]) if row["well_uid"] else None
    told = (
        [Told("井现在", well["status"] or "未查明")] if well else [Told("井", "台账里还没有这眼井", "amber")]
    )
    if row["method"] == HANDED_OVER or not row["closed_on"]:
        return told
    if row["accepted_on"]:
        return [*told, Told("验收", f"{row['accepted_on']} {row['acceptance'] or '已验收'}", "green")]
    days = (today - date.fromisoformat(row["closed_on"])).days
    return [*told, Told("验收", f"还没有验收，封停已 {days} 天", "amber")]


def of_project(conn: Connection, uid: str, _today: date) -> list[Told]:
    row = around.one(conn, "projects", uid)
    if row is None:
        return []
    steps = around.milestones_of_project(conn, uid)
    told = [Told("进展", f"{steps[-1]['reached_on']} {steps[-1]['kind']}")] if steps else []
    planned, done = row["planned_area_mu"], row["completed_area_mu"]
    if planned and done is not None:
        rate = to_decimal(done) / to_decimal(planned) * 100
        told.append(Told("完成面积", f"{_wan(done)} / {_wan(planned)} 万亩（{rate:.1f}%）"))
    return told


def of_user(conn: Connection, uid: str, today: date) -> list[Told]:
    rule = RenewalRule.of(parameters(conn, today))
    held = around.permits_of_user(conn, uid)
    valid = [p for p in held if standing(p, today, rule).in_force]
    points = around.points_of_user(conn, uid)
    volume = saying.volume(float(_sum(p["permitted_volume_m3"] for p in valid)))
    licences = f"{len(valid)} 本有效，许可 {volume}" if valid else "没有有效的许可证"
    return [
        Told("取水许可", licences, "plain" if valid else "amber"),
        Told("取水口", f"{len(points)} 眼（处）"),
    ]


def _licence(conn: Connection, point: Row, today: date) -> Told:
    permit = around.one(conn, "permits", point["permit_uid"]) if point["permit_uid"] else None
    if permit is None:
        stated = point["permit_stated"]
        text = f"{stated}（台账里没有这本证）" if stated else "无证"
        return Told("许可", text, "amber" if point["status"] == IN_USE or stated else "muted")
    stands = standing(permit, today, RenewalRule.of(parameters(conn, today)))
    until = f"，{stands.valid_to} 到期" if stands.valid_to else ""
    words = {NOT_YET: f"有效{until}", DUE: f"有效，{stands.last_application_day} 前要申请延续"}
    text = words.get(stands.state, f"{stands.state}{until}")
    return Told("许可", text, _TONES.get(stands.state, "muted"))


def _last_day(stands: Standing, today: date) -> list[Told]:
    last = stands.last_application_day
    if last is None or stands.state not in (NOT_YET, DUE, LATE):
        return []
    left = (last - today).days
    said = f"还有 {left} 天" if left >= 0 else f"晚了 {-left} 天"
    return [
        Told("最迟申请", f"{last}（{said}）", _TONES[stands.state] if stands.state != NOT_YET else "plain")
    ]


def _given(permit: Row, points: Sequence[Row]) -> list[Told]:
    if not points:
        return [Told("证下取水口", "没有", "amber")]
    given, allowed = _sum(p["share_m3"] for p in points), permit["permitted_volume_m3"]
    over = allowed is not None and given > to_decimal(allowed)
    text = f"{len(points)} 眼（处），已分配 {saying.volume(float(given))}"
    return [Told("证下取水口", f"{text}，超过许可" if over else text, "amber" if over else "plain")]


def _closed(closure: Row) -> str:
    day = closure["closed_on"] or "日期不详"
    if closure["reopened_on"]:
        return f"{day} {closure['method']}，{closure['reopened_on']} 启用"
    if closure["method"] == HANDED_OVER:
        return f"{day} {closure['method']}"
    return f"{day} {closure['method']}，{'已验收' if closure['accepted_on'] else '还没有验收'}"


# ---- what hangs on it ----------------------------------------------------------------------------


def closures_of_well(conn: Connection, uid: str) -> list[Line]:
    rows = around.closures_of_well(conn, uid)
    return [Line(_closed(c), c["reason"] or "", "closures", c["uid"]) for c in rows]


def licences_of_point(conn: Connection, uid: str) -> list[Line]:
    """Every share it ever had, the latest first."""
    rows = around.shares_of_point(conn, uid)
    return [Line(s["number"], f"{_span(s)}　{_share(s)}", "permits", s["uid"]) for s in rows]


def events_of_point(conn: Connection, uid: str) -> list[Line]:
    return [Line(f"{e['happened_on']} {e['kind']}", _moved(e)) for e in around.events_of_point(conn, uid)]


def replacements(conn: Connection, uid: str) -> list[Line]:
    rows = around.heirs_of_well(conn, uid)
    return [Line(_point(r), "更新后的新井" if r["is_heir"] else "更新自", "wells", r["uid"]) for r in rows]


def points_of_permit(conn: Connection, uid: str) -> list[Line]:
    rows = around.points_of_permit(conn, uid)
    return [
        Line(_point(r), f"{r['status'] or '未查明'}　{_share(r)}", _ledger(r), r["uid"])
        if r["uid"]
        else Line(str(r["point_stated"]), f"台账里没有　{_share(r)}")
        for r in rows
    ]


def versions_of_permit(conn: Connection, uid: str) -> list[Line]:
    return [
        Line(
            f"{v['superseded_on']} {v['kind']}前",
            f"{v['holder'] or '—'}　{v['valid_from'] or '—'} 至 {v['valid_to'] or '—'}　"
            f"{saying.volume(v['permitted_volume_m3'])}",
        )
        for v in around.versions_of_permit(conn, uid)
    ]


def permits_of_user(conn: Connection, uid: str) -> list[Line]:
    rows = around.permits_of_user(conn, uid)
    return [
        Line(
            p["number"],
            f"{saying.volume(p['permitted_volume_m3'])}　至 {p['valid_to'] or '—'}",
            "permits",
            p["uid"],
        )
        for p in rows
    ]


def points_of_user(conn: Connection, uid: str) -> list[Line]:
    rows = around.points_of_user(conn, uid)
    return [Line(_point(r), r["status"] or "未查明", _ledger(r), r["uid"]) for r in rows]


def quantities_of_project(conn: Connection, uid: str) -> list[Line]:
    rows = around.quantities_of_project(conn, uid)
    return [
        Line(q["indicator"], f"计划 {_number(q['planned'])}，完成 {_number(q['done'])} {q['unit']}")
        for q in rows
    ]


def villages_of_project(conn: Connection, uid: str) -> list[Line]:
    rows = around.villages_of_project(conn, uid)
    return [
        Line(v["name"], f"{_number(v['area_mu'])} 亩" if v["area_mu"] else "", "regions", v["uid"])
        for v in rows
    ]


def milestones_of_project(conn: Connection, uid: str) -> list[Line]:
    rows = around.milestones_of_project(conn, uid)
    return [Line(f"{m['reached_on']} {m['kind']}", m["document"] or "") for m in rows]


# ---- words ---------------------------------------------------------------------------------------


def _point(row: Row) -> str:
    """大圣村 0007: the village and the serial of a number given by rule, else the number."""
    serial = row["code"].rpartition("J")[2]
    short = serial if row["village"] and serial.isdigit() and serial != row["code"] else row["code"]
    return f"{row['village']} {short}" if row["village"] else str(row["code"])


def _ledger(row: Row) -> str:
    return "wells" if row["is_well"] else "intakes"


def _share(row: Row) -> str:
    return "" if row["share_m3"] is None else saying.volume(row["share_m3"])


def _span(row: Row) -> str:
    if row["to_on"]:
        return f"{row['from_on'] or '—'} 至 {row['to_on']}"
    return f"{row['from_on']} 起" if row["from_on"] else "现在"


def _moved(event: Row) -> str:
    changed = event["to_status"] and event["to_status"] != event["from_status"]
    moved = f"{event['from_status'] or '—'} → {event['to_status']}" if changed else ""
    return "　".join(part for part in (moved, event["reason"] or "") if part)


def _sum(values: Iterable[Any]) -> Decimal:
    return sum((to_decimal(v) for v in values if v is not None), Decimal(0))


def _wan(mu: float) -> str:
    return _number(float(to_decimal(mu) / 10000))


def _number(value: float | None) -> str:
    return "—" if value is None else f"{value:.4f}".rstrip("0").rstrip(".")
