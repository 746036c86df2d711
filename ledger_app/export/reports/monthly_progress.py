"""The monthly progress report: wells, closures, permits, projects; the county first, towns as annexes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from ledger_app.core.dates import show_date
from ledger_app.core.parameters import Parameters
from ledger_app.core.periods import Period
from ledger_app.core.rules.permits import DUE, LATE
from ledger_app.core.rules.stock import TERMS, Balance, total
from ledger_app.db import Connection
from ledger_app.export.report import Figure, Paragraph, Part, Report, Section, Table, rounded
from ledger_app.export.reports.monthly_annexes import annexes
from ledger_app.export.reports.monthly_facts import (
    NAME,
    TERM_LABELS,
    UNPLACED,
    UNSAID,
    Facts,
    counted,
    counts_as_closure,
    listed,
    read,
    uids,
    wan,
)
from ledger_app.export.reports.monthly_tables import (
    closure_table,
    permit_table,
    project_table,
    stock_table,
    town_key,
    use_key,
)

MOST_TOWNS: Final = 12  # more do not fit on the signed page


def monthly_progress(conn: Connection, period: Period, parameters: Parameters, cut_off: date) -> Report:
    """The report for a period up to a day in it, from the ledger as it is now."""
    facts = read(conn, period, parameters, cut_off)
    whole = total(facts.by_town.values())
    return Report(
        name=NAME,
        title=f"{period.year}年{period.end.month}月水资源管理工作进展情况月报",
        period=period.key,
        period_label=period.label,
        as_of=cut_off,
        subtitle=f"统计期：{show_date(period.start.isoformat())}至{show_date(period.end.isoformat())}"
        f"　截至{show_date(cut_off.isoformat())}",
        reporting_unit=parameters.text("bureau_name"),
        head_right="单位：眼、本、万m³、万亩",
        sections=(county(facts, whole), *details(facts, whole), *annexes(conn, facts)),
        figures=figures(facts, whole),
        signature=(
            *tuple(f"{w}：" for w in parameters.words("signatures")),
            "联系电话：",
            "报出日期：\u3000\u3000年\u3000月\u3000日",
        ),
        footnotes=footnotes(facts),
        rounding="half_even" if parameters.text("report_rounding") == "half_even" else "half_up",
    )


def county(facts: Facts, whole: Balance) -> Section:
    """The page that is signed: the stock, and the rest of the month in sentences. With many towns the
    uses stand here and the towns become the first annex, so that it stays one page."""
    parts: list[Part] = [by_town(facts, whole) if len(facts.by_town) <= MOST_TOWNS else by_use(facts)]
    parts += [Paragraph(text) for text in (difference(facts, whole), *in_words(facts))]
    return Section("", tuple(parts))


def by_town(facts: Facts, whole: Balance) -> Table:
    title = "机电井增减情况（按乡镇）"
    return stock_table(title, "乡镇", facts.by_town, whole, town_key(facts), UNPLACED)


def by_use(facts: Facts) -> Table:
    whole = total(facts.by_use.values())
    return stock_table("机电井增减情况（按用途）", "用途", facts.by_use, whole, use_key, UNSAID)


def details(facts: Facts, whole: Balance) -> tuple[Section, ...]:
    """The county's further tables, after the signed page."""
    many = len(facts.by_town) > MOST_TOWNS
    wells = by_town(facts, whole) if many else by_use(facts)
    return (
        Section("机电井增减与封停处置情况", (wells, closure_table(facts)), new_page=True, annex=True),
        Section(
            "取水许可与节水项目情况", (permit_table(facts), project_table(facts)), new_page=True, annex=True
        ),
    )


def in_words(facts: Facts) -> tuple[str, ...]:
    """Closures, permits and projects, a sentence each; the figures are those of the tables."""
    month = [c for c in counted(facts, facts.period.start, facts.cut_off) if _counts(facts, c)]
    year = [c for c in counted(facts, facts.year_start, facts.cut_off) if _counts(facts, c)]
    in_force = [p for p, s in facts.permits if s.in_force]
    due, late = ([p for p, s in facts.permits if s.state == state] for state in (DUE, LATE))
    projects = project_table(facts).rows[-1].values
    rate = f"，完成率 {_percent(projects['rate'])}%" if projects["rate"] is not None else ""
    return (
        (
            f"关停：本期 {len(month)} 眼，本年累计 {len(year)} 眼，年压减水量 {_two(wan(year, 'reduced_volume_m3'))} 万m³"
            "（封存备用、移交另列，见附件）。"
        ),
        (
            f"取水许可：有效 {len(in_force)} 本，许可水量 {_two(wan(in_force, 'permitted_volume_m3'))} 万m³；"
            f"应申请延续 {len(due)} 本，已过申请期限未申请 {len(late)} 本。"
        ),
        (
            f"节水项目：{projects['count']} 个，计划面积 {_four(projects['planned'])} 万亩，本期完成 "
            f"{_four(projects['month'])} 万亩，累计完成 {_four(projects['done'])} 万亩{rate}。"
        ),
    )


def _counts(facts: Facts, closure: Mapping[str, Any]) -> bool:
    return counts_as_closure(closure["method"], facts.parameters)


def _two(value: Decimal) -> str:
    return f"{rounded(value, 2)}"


def _four(value: Decimal) -> str:
    return f"{rounded(value, 4)}"


def _percent(rate: Decimal) -> str:
    return f"{rounded(rate * 100, 2)}"


def difference(facts: Facts, whole: Balance) -> str:
    """Against the last month: the net change and the records that make it."""
    codes = {w.uid: w.code for w in facts.wells}
    net = whole.count("closing") - whole.count("opening")
    said = [
        f"{TERM_LABELS[t]} {whole.count(t)} 眼（{listed([codes.get(u, u) for u in whole.ids(t)])}）"
        for t in TERMS[1:-1]
        if whole.ids(t)
    ]
    head = f"与上期相比：期初 {whole.count('opening')} 眼，期末 {whole.count('closing')} 眼，"
    change = f"净{'增' if net > 0 else '减'} {abs(net)} 眼" if net else "没有增减"
    tail = f"。其中{'；'.join(said)}。" if said else "。"
    return head + change + tail


def footnotes(facts: Facts) -> tuple[str, ...]:
    basis = (
        f"期初数取自已报出的 {facts.issued['period']} 月报期末数。" if facts.issued else "期初数按台账推算。"
    )
    inexact = [w.code for w in facts.wells if w.since and facts.period.covers(w.since) is None]
    notes = [basis + "“新增”按成井日期统计，与录入日期无关。部分合计数因四舍五入略有误差。"]
    if inexact:
        notes.append(f"成井日期不精确、未列入本期新增的：{listed(inexact)}。")
    return tuple(notes)


def figures(facts: Facts, whole: Balance) -> tuple[Figure, ...]:
    end = facts.cut_off
    year = [
        c for c in counted(facts, facts.year_start, end) if counts_as_closure(c["method"], facts.parameters)
    ]
    in_force = [p for p, s in facts.permits if s.in_force]
    stock = [
        Figure(
            f"wells_{t}", f"机电井{TERM_LABELS[t]}", whole.count(t), "眼", end, "现有机电井", whole.ids(t), 0
        )
        for t in TERMS
    ]
    return (
        *stock,
        Figure("closures_year", "本年关停", len(year), "眼", end, "关停眼数", uids(year), 0),
        Figure(
            "reduced_volume_year",
            "本年压减水量",
            wan(year, "reduced_volume_m3"),
            "万m³",
            end,
            "关井压减",
            uids(year),
            2,
        ),
        Figure("permits_in_force", "有效取水许可", len(in_force), "本", end, "一证一计", uids(in_force), 0),
        Figure(
            "permitted_volume",
            "有效许可水量",
            wan(in_force, "permitted_volume_m3"),
            "万m³",
            end,
            "一证一计",
            uids(in_force),
            2,
        ),
    )
