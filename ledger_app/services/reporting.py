"""Reports: compute one, write it as files, issue it so that it stays reproducible."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from ledger_app.core.errors import LedgerError
from ledger_app.core.parameters import Parameters
from ledger_app.core.periods import FROM_26TH, Period, parse_period
from ledger_app.db import Connection
from ledger_app.db.queries.parameters import parameters
from ledger_app.db.store import ActInfo, Store
from ledger_app.export.report import Report
from ledger_app.export.reports import monthly_facts
from ledger_app.export.reports import monthly_progress as monthly

if TYPE_CHECKING:
    from ledger_app.export.preview import PageImage

Builder = Callable[[Connection, Period, Parameters, date], Report]


@dataclass(frozen=True, slots=True)
class ReportKind:
    """A report that can be asked for by name; `frozen` is what an issued one leaves behind."""

    name: str
    label: str
    build: Builder
    frozen: Callable[[Connection, Period, Parameters], dict[str, Any]] | None = None


REPORTS: Final[Mapping[str, ReportKind]] = MappingProxyType(
    {
        kind.name: kind
        for kind in (
            ReportKind(
                monthly_facts.NAME,
                "水资源管理工作进展月报",
                monthly.monthly_progress,
                monthly_facts.frozen_figures,
            ),
        )
    }
)


def report_kind(name: str) -> ReportKind:
    if name not in REPORTS:
        known = "、".join(f"{k.name}（{k.label}）" for k in REPORTS.values())
        raise LedgerError(f"没有“{name}”这张报表，现有的是：{known}。", "no_report")
    return REPORTS[name]


def period_of(text: str, conn: Connection, today: date) -> Period:
    """The period a text names, by the county's own rule for months (calendar, 26th–25th, to date)."""
    rule = parameters(conn, today).text("report_period_rule")
    period = parse_period(text, FROM_26TH if rule == "26-25" else 1)
    if rule == "to-date" and period.start <= today < period.end:
        return Period(period.kind, period.start, today, f"{period.label}（截至{today.month}月{today.day}日）")
    return period


def build_report(conn: Connection, name: str, period: str, today: date, as_of: date | None = None) -> Report:
    """The report of that name for a period such as 2025-09; `as_of` cuts the period off earlier."""
    kind = report_kind(name)
    span = period_of(period, conn, today)
    if as_of is not None and as_of < span.end:
        if as_of < span.start:
            raise LedgerError(f"截至日期 {as_of} 在统计期之前。", "bad_cut_off")
        span = Period(span.kind, span.start, as_of, f"{span.label}（截至{as_of.month}月{as_of.day}日）")
    cut_off = min(span.end, max(today, span.start))
    return kind.build(conn, span, parameters(conn, cut_off), cut_off)


def write_report(report: Report, outputs: Sequence[Path]) -> None:
    """Write a report as .pdf or .xlsx by the ending; every ending is checked before anything is written."""
    writers = _writers()
    for out in outputs:
        if out.suffix.lower() not in writers:
            raise LedgerError(f"不会写 {out.name}：报表可以存成 {'、'.join(writers)}。", "unknown_format")
    for out in outputs:
        writers[out.suffix.lower()](report, out)


def issue_report(store: Store, name: str, period: str, today: date, who: str, reason: str = "") -> str:
    """Freeze what is handed in: the next report opens with it. Returns the act's uid.

    A period issued before needs a reason: it is a visible 更正, and the former one is kept.
    """
    kind = report_kind(name)
    if kind.frozen is None:
        raise LedgerError(f"{kind.label}不需要定稿。", "not_issued")
    entity = store.registry["issued_reports"]
    span = period_of(period, store.conn, today)
    if store.rows(entity, "report = ? AND period = ?", (name, span.key)) and not reason.strip():
        raise LedgerError(f"{span.label}的{kind.label}已经报出过，更正请写明原因。", "needs_reason")
    figures = kind.frozen(store.conn, span, parameters(store.conn, span.end))
    row = {
        "report": name,
        "period": span.key,
        "period_end": span.end.isoformat(),
        "issued_on": today.isoformat(),
        "figures": json.dumps(figures, ensure_ascii=False, separators=(",", ":")),
        "reason": reason.strip() or None,
    }
    with store.act(ActInfo("issue", who, f"报出{span.label}{kind.label}", "report")) as act:
        act.insert(entity, row)
    return act.uid


def _writers() -> dict[str, Callable[[Report, Path], Any]]:
    from ledger_app.export.pdf import write_pdf  # noqa: PLC0415 - reportlab and matplotlib only when asked
    from ledger_app.export.report_xlsx import write_xlsx  # noqa: PLC0415

    return {".pdf": write_pdf, ".xlsx": write_xlsx}


def as_pdf(report: Report) -> bytes:
    """The PDF that is previewed, printed and saved: one and the same."""
    from ledger_app.export.pdf import pdf_bytes  # noqa: PLC0415 - reportlab and matplotlib only when asked

    return pdf_bytes(report)[0]


def pages_of(pdf: bytes, dpi: float) -> Iterator[PageImage]:
    """The pages as pictures, for the screen or the printer."""
    from ledger_app.export.preview import page_images  # noqa: PLC0415 - only when asked

    return page_images(pdf, dpi)


def mail_draft(report: Report, attachments: Sequence[Path], out: Path) -> None:
    """A mail with the files attached and a covering sentence, to be opened in the usual mail program."""
    from ledger_app.export.mail import Draft, covering_sentence, write_draft  # noqa: PLC0415

    text = covering_sentence(report.reporting_unit, [report.title], report.as_of)
    write_draft(Draft(report.title, text, tuple(attachments)), out)
