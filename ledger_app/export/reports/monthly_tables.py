"""The tables of the monthly report: stock of wells, closures, permits, projects."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ledger_app.core import dates
from ledger_app.core.periods import Period
from ledger_app.core.rules.permits import DUE, LATE, RENEWAL_STATES
from ledger_app.core.rules.stock import TERMS, Balance
from ledger_app.core.terms import CLOSURE_METHOD, ENDED_PERMIT, PROJECT_KIND, USE
from ledger_app.export.report import (
    Column,
    Row,
    Table,
)
from ledger_app.export.reports.monthly_facts import (
    TERM_LABELS,
    UNSAID,
    Facts,
    counted,
    counts_as_closure,
    named,
    uids,
    wan,
)


def stock_table(
    title: str,
    label: str,
    balances: Mapping[str | None, Balance],
    whole: Balance,
    key: Callable[[str | None], Any],
    unsaid: str,
) -> Table:
    columns = (
        Column("group", label, width=8),
        *(Column(t, TERM_LABELS[t], "眼", 0, group=term_group(t)) for t in TERMS),
    )
    rows = [stock_row(name or unsaid, balances[name], "row") for name in sorted(balances, key=key)]
    return Table(title, columns, (*rows, stock_row("合计", whole, "total")))


def term_group(term: str) -> tuple[str, ...]:
    if term in ("new", "found", "moved_in"):
        return ("本期增加",)
    return ("本期减少",) if term in ("sealed", "monitoring", "moved_out") else ()


def stock_row(name: str, each: Balance, kind: Any) -> Row:
    values: dict[str, Any] = {"group": name} | {t: each.count(t) for t in TERMS}
    ids = dict.fromkeys(u for t in TERMS if t != "opening" for u in each.ids(t))
    return Row(values, tuple(ids), kind)


def town_key(facts: Facts) -> Callable[[str | None], Any]:
    order = {name: i for i, name in enumerate(facts.towns)}
    return lambda name: (name is None, order.get(name or "", len(order)), name or "")


def use_key(name: str | None) -> Any:
    order = {value: i for i, value in enumerate(USE.values)}
    return name is None, order.get(name or "", len(order)), name or ""


def closure_table(facts: Facts) -> Table:
    columns = (
        Column("method", "处置类别", width=8),
        Column("month", "眼数", "眼", 0, group=("本期",)),
        Column("month_volume", "压减水量", "万m³", 2, group=("本期",)),
        Column("year", "眼数", "眼", 0, group=("本年累计",)),
        Column("year_volume", "压减水量", "万m³", 2, group=("本年累计",)),
        Column("reasons", "主要原因（本年累计，眼）", width=24),
    )
    month = counted(facts, facts.period.start, facts.cut_off)
    year = counted(facts, facts.year_start, facts.cut_off)
    closing = [m for m in CLOSURE_METHOD.values if counts_as_closure(m, facts.parameters)]
    apart = [m for m in CLOSURE_METHOD.values if m not in closing]
    rows = [
        closure_row(m, [c for c in month if c["method"] == m], [c for c in year if c["method"] == m])
        for m in closing
    ]
    whole = [[c for c in each if c["method"] in closing] for each in (month, year)]
    rows.append(closure_row("关停合计", whole[0], whole[1], "total"))
    rows += [
        closure_row(f"另：{m}", [c for c in month if c["method"] == m], [c for c in year if c["method"] == m])
        for m in apart
    ]
    day = "封停完成日" if facts.parameters.text("closure_counted_on") == "closed" else "验收合格日"
    return Table("封停处置情况", columns, tuple(rows), note=f"按{day}统计；“另”列出的不计入关停眼数。")


def closure_row(
    name: str, month: Sequence[dict[str, Any]], year: Sequence[dict[str, Any]], kind: Any = "row"
) -> Row:
    reasons: dict[str, int] = {}
    for closure in year:
        reasons[closure["reason"] or UNSAID] = reasons.get(closure["reason"] or UNSAID, 0) + 1
    said = "、".join(f"{r} {n}" for r, n in sorted(reasons.items(), key=lambda x: (-x[1], x[0])))
    values = {
        "method": name,
        "month": len(month),
        "month_volume": wan(month, "reduced_volume_m3"),
        "year": len(year),
        "year_volume": wan(year, "reduced_volume_m3"),
        "reasons": said,
    }
    return Row(values, tuple(c["uid"] for c in year), kind)


def permit_table(facts: Facts) -> Table:
    columns = (
        Column("state", "状态", width=12),
        Column("count", "本数", "本", 0),
        Column("volume", "许可水量", "万m³", 2),
        Column("remark", "说明", width=30),
    )
    by_state: dict[str, list[dict[str, Any]]] = {}
    for permit, stands in facts.permits:
        by_state.setdefault(stands.state, []).append(permit)
    in_force = [p for p, s in facts.permits if s.in_force]
    rows = [Row(_permit_values("有效合计", in_force, ""), uids(in_force), "subtotal")]
    for state in (*RENEWAL_STATES, *sorted(ENDED_PERMIT)):
        held = by_state.get(state, [])
        if held or state in RENEWAL_STATES:
            rows.append(Row(_permit_values(state, held, _permit_remark(state, held)), uids(held)))
    for name, held in _permit_events(facts):
        rows.append(Row(_permit_values(f"本期{name}", held, named(held, "number")), uids(held)))
    return Table("取水许可情况", columns, tuple(rows), note="一本许可证无论对应几眼井，只计一次。")


def _permit_values(state: str, held: Sequence[dict[str, Any]], remark: str) -> dict[str, Any]:
    return {"state": state, "count": len(held), "volume": wan(held, "permitted_volume_m3"), "remark": remark}


def _permit_remark(state: str, held: Sequence[dict[str, Any]]) -> str:
    return named(held, "number") if state in (DUE, LATE) else ""


def _permit_events(facts: Facts) -> list[tuple[str, list[dict[str, Any]]]]:
    """新发证, 延续, 注销… in the period; a permit counts once under each."""
    period = facts.period
    permits = {p["uid"]: p for p, _ in facts.permits}
    versions: dict[str, list[str]] = {}
    for version in facts.versions:
        if version["superseded_on"] and period.covers(version["superseded_on"]):
            versions.setdefault(version["kind"], []).append(version["permit_uid"])
    issued = [p for p, _ in facts.permits if not p["renewals"] and _first_in(p, period)]
    ended = [p for p, _ in facts.permits if p["ended_on"] and period.covers(p["ended_on"])]
    return [
        ("新发证", issued),
        *(
            (k, [permits[u] for u in dict.fromkeys(versions.get(k, [])) if u in permits])
            for k in ("延续", "变更", "过户")
        ),
        ("注销、吊销、撤销", ended),
    ]


def _first_in(permit: Mapping[str, Any], period: Period) -> bool:
    first = permit["first_issued_on"] or permit["valid_from"]
    return bool(first and period.covers(first))


def project_table(facts: Facts) -> Table:
    columns = (
        Column("kind", "项目类型", width=8),
        Column("count", "项目数", "个", 0),
        Column("planned", "计划面积", "万亩", 4),
        Column("month", "本期完成", "万亩", 4),
        Column("done", "累计完成", "万亩", 4),
        Column("rate", "完成率", "%", 2),
        Column("accepted", "已验收", "个", 0),
        Column("saved", "年节水能力", "万m³", 2),
    )
    kinds = {k: i for i, k in enumerate(PROJECT_KIND.values)}
    begun = [
        p for p in facts.projects if not p["started_on"] or dates.first_day(p["started_on"]) <= facts.cut_off
    ]
    present = sorted({p["kind"] for p in begun}, key=lambda k: (k is None, kinds.get(k or "", 99)))
    rows = [_project_row(facts, k or UNSAID, [p for p in begun if p["kind"] == k]) for k in present]
    return Table("节水项目进展", columns, (*rows, _project_row(facts, "合计", begun, "total")))


def _project_row(facts: Facts, name: str, held: Sequence[dict[str, Any]], kind: Any = "row") -> Row:
    done = [p for p in held if p["completed_on"] and dates.first_day(p["completed_on"]) <= facts.cut_off]
    month = [p for p in done if facts.period.covers(p["completed_on"])]
    accepted = [p for p in held if p["accepted_on"] and dates.first_day(p["accepted_on"]) <= facts.cut_off]
    planned, completed = wan(held, "planned_area_mu"), wan(done, "completed_area_mu")
    values = {
        "kind": name,
        "count": len(held),
        "planned": planned,
        "month": wan(month, "completed_area_mu"),
        "done": completed,
        "rate": completed / planned if planned else None,
        "accepted": len(accepted),
        "saved": wan(accepted, "saving_capacity_m3"),
    }
    return Row(values, uids(held), kind)
