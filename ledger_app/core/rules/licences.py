"""R05–R08: permits that run out, wells without one, lists that disagree, wells long out of use."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from ledger_app.core import dates
from ledger_app.core.identifiers import permit_level
from ledger_app.core.rules import saying
from ledger_app.core.rules.findings import Finding, Row
from ledger_app.core.rules.permits import DUE, LAPSED, LATE, UNDECIDED, Standing

PERMITS, WELLS = "permits", "wells"


def renewals(permits: Iterable[tuple[Row, Standing]], today: date) -> Iterator[Finding]:
    """R05: the last day to apply matters, not only the expiry. Rows: uid, number, holder, applied_on."""
    for row, standing in permits:
        if text := _renewal(row, standing, today):
            yield Finding("R05", "warning", f"{_held(row)}{text}", PERMITS, row["uid"])


def _held(row: Row) -> str:
    return f"许可证 {row['number']}（{row['holder']}）" if row["holder"] else f"许可证 {row['number']} "


def _renewal(row: Row, standing: Standing, today: date) -> str | None:
    end, last = standing.valid_to, standing.last_application_day
    if end is None or last is None:
        return None
    left = (last - today).days
    sentences = {
        DUE: f"有效期到 {end}，延续申请最迟 {last} 提出，{f'还有 {left} 天' if left else '今天是最后一天'}。",
        LATE: f"有效期到 {end}，延续申请应在 {last} 前提出，已经晚了 {-left} 天，还没有申请。",
        UNDECIDED: f"{row['applied_on'] or '届满前'}已申请延续，{end} 到期至今没有决定，逾期不决定视为准予延续。",
        LAPSED: f"已于 {end} 到期未延续，到今天 {(today - end).days} 天。",
    }
    return sentences.get(standing.state)


def unlicensed(wells: Iterable[Row], standings: Mapping[str, Standing]) -> Iterator[Finding]:
    """R06, of points in use that need a permit: `permit_uid` and `number` of the one they name, if any;
    `ledger` is theirs, `label` what such a point is called."""
    for row in wells:
        standing = standings.get(row["permit_uid"] or "")
        if standing and standing.in_force:
            continue
        use = f"（{row['use']}）" if row["use"] else ""
        said = f"{row['label']} {row['code']}{use}在用，"
        text = f"{said}没有取水许可证，疑似无证取水。" if standing is None else said + _ended(row, standing)
        yield Finding("R06", "warning", text, row["ledger"], row["uid"])


def _ended(row: Row, standing: Standing) -> str:
    if standing.state == LAPSED:
        return f"许可证 {row['number']} 已于 {standing.valid_to} 到期未延续。"
    return f"许可证 {row['number']} 已经{standing.state}。"


def miscounted(permits: Iterable[Row]) -> Iterator[Finding]:
    """R07: `well_count` of the permit against the points that draw under it (`linked`), and what they
    were given (`given_m3`) against what the permit allows."""
    for row in permits:
        said = f"许可证 {row['number']} "
        if row["well_count"] and row["well_count"] != row["linked"]:
            text = f"{said}载明 {row['well_count']} 眼（处），台账里现有 {row['linked']} 眼（处）在它名下。"
            yield Finding("R07", "warning", text, PERMITS, row["uid"])
        allowed, given = row["permitted_volume_m3"], row["given_m3"]
        if allowed is not None and given is not None and given > allowed:
            text = f"{said}各井分配合计 {saying.volume(given)}，超过许可水量 {saying.volume(allowed)}。"
            yield Finding("R07", "warning", text, PERMITS, row["uid"])


def two_wells(pairs: Iterable[Row]) -> Iterator[Finding]:
    """R07, 一证双井: a well was replaced by a licensed one and still stands. `heir` is the new number."""
    for row in pairs:
        text = (
            f"{saying.well(row)} 已由井 {row['heir']} 更新，至今没有封填（“{row['status'] or '未填状态'}”）"
        )
        yield Finding("R07", "warning", f"{text}，许可证 {row['number']} 一证双井。", WELLS, row["uid"])


def disagreeing(wells: Iterable[Row]) -> Iterator[Finding]:
    """R07: the well names one permit (`own`), and the permits list it otherwise (`listing`, or nobody)."""
    for row in wells:
        said = f"{row['label']} {row['code']} 登记的许可证是 {row['own']}，"
        other = f"许可证 {row['listing']} 却列着它" if row["listing"] else "那本证上没有它"
        yield Finding("R07", "warning", f"{said}{other}，请核对。", row["ledger"], row["uid"])


def unequal(wells: Iterable[Row]) -> Iterator[Finding]:
    """R07: the well's own 分配许可水量 and the permit's share differ."""
    for row in wells:
        own, share = saying.volume(row["permitted_volume_m3"]), saying.volume(row["share_m3"])
        text = f"{row['label']} {row['code']} 登记分配 {own}，许可证 {row['own']} 上是 {share}。"
        yield Finding("R07", "warning", text, row["ledger"], row["uid"])


def idle(wells: Iterable[Row], today: date, years: int, law: str) -> Iterator[Finding]:
    """R08, of stopped points under a permit in force: `standing` points draw under it. Only an explicit
    stop counts; a year or month alone is taken at its end. Where all are idle the permit should be
    cancelled, where others are not it should be reduced."""
    by_permit: dict[str, list[Row]] = {}
    for row in wells:
        if _full_years(dates.last_day(row["stopped_on"]), today) >= years:
            by_permit.setdefault(row["permit_uid"], []).append(row)
    basis = f"（依据{law}）" if law else ""
    for rows in by_permit.values():
        if len(rows) >= rows[0]["standing"]:
            yield _to_cancel(rows, today, basis)
        else:
            yield from (_to_reduce(row, today, basis, len(rows)) for row in rows)


def _to_cancel(rows: list[Row], today: date, basis: str) -> Finding:
    first = rows[0]
    last = max(dates.last_day(row["stopped_on"]) for row in rows)
    names = saying.several([row["code"] for row in rows], "眼")
    text = (
        f"许可证 {first['number']} 名下 {names} 全部停用，已满 {_full_years(last, today)} 年，"
        f"建议由{_authority(first)}注销{basis}。"
    )
    return Finding("R08", "warning", text, PERMITS, first["permit_uid"])


def _to_reduce(row: Row, today: date, basis: str, idle_ones: int) -> Finding:
    years = _full_years(dates.last_day(row["stopped_on"]), today)
    said = f"{row['label']} {row['code']} 自 {row['stopped_on']} 停用，已满 {years} 年；"
    others = f"许可证 {row['number']} 名下还有 {row['standing'] - idle_ones} 眼（处）没有长期停用，"
    text = f"{said}{others}建议变更核减{basis}，不是注销。"
    return Finding("R08", "warning", text, row["ledger"], row["uid"])


def _full_years(first: date, today: date) -> int:
    return today.year - first.year - ((today.month, today.day) < (first.month, first.day))


def _authority(row: Row) -> str:
    """Who may cancel: the authority that issued it, by name or by the level in the number."""
    level = permit_level(row["number"])
    return row["authority"] or (f"{level}水行政主管部门" if level else "原审批机关")
