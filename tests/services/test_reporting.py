"""The monthly report: its figures, the records behind them, issued reports as the next opening."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from ledger_app.core.entities import LEDGERS
from ledger_app.core.errors import LedgerError
from ledger_app.db.store import ActInfo
from ledger_app.export.report import Report
from ledger_app.services import demo, opening, reporting
from ledger_app.services.opening import Session

TODAY = date(2025, 9, 30)


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    path = tmp_path / "demo.ledger"
    demo.make_demo(path, LEDGERS, wells=200, seed=3, today=TODAY)
    with opening.opened(path, LEDGERS, who="经办甲", today=TODAY, write=True) as opened:
        yield opened


def monthly(session: Session, period: str = "2025-09", as_of: date | None = None) -> Report:
    return reporting.build_report(session.conn, "monthly-progress", period, session.today, as_of)


def figures(report: Report) -> dict[str, object]:
    return {f.name: f.value for f in report.figures}


def test_every_stock_table_adds_up_in_every_row_and_to_its_total(session: Session) -> None:
    added = ("opening", "new", "found", "moved_in", "correction")
    taken = ("sealed", "monitoring", "moved_out")
    tables = [t for t in monthly(session).tables() if "机电井" in t.title or t.title.startswith("按")]
    assert len(tables) > 3
    for table in tables:
        for row in table.rows:
            values = row.values
            assert sum(values[a] for a in added) - sum(values[t] for t in taken) == values["closing"]
        *rows, last = table.rows
        assert last.kind == "total"
        assert sum(r.values["closing"] for r in rows) == last.values["closing"]


def test_town_and_use_tables_and_figures_say_the_same_total(session: Session) -> None:
    report = monthly(session)
    by_town, by_use = [t for t in report.tables() if t.title.startswith("机电井增减情况")]
    closing = figures(report)["wells_closing"]
    assert by_town.rows[-1].values["closing"] == by_use.rows[-1].values["closing"] == closing
    chart = next(c for c in report.charts() if c.title == "各乡镇现有机电井")
    assert sum(chart.series[0].values) == closing


def test_every_figure_opens_its_records(session: Session) -> None:
    report = monthly(session)
    for figure in report.figures:
        if figure.unit in ("眼", "本"):
            assert figure.count == figure.value, figure
    for chart in report.charts():
        for series in chart.series:
            assert [len(ids) for ids in series.ids] == list(series.values)


def test_one_months_closing_is_the_next_months_opening(session: Session) -> None:
    august, september = figures(monthly(session, "2025-08")), figures(monthly(session))
    assert august["wells_closing"] == september["wells_opening"]


def test_a_permit_counts_once_however_many_wells_it_names(session: Session) -> None:
    count = session.conn.execute("SELECT COUNT(*) FROM permits").fetchone()[0]
    assert 0 < figures(monthly(session))["permits_in_force"] <= count  # type: ignore[operator]


def test_an_issued_report_is_the_next_opening_and_late_entries_stand_apart(session: Session) -> None:
    before = figures(monthly(session))
    reporting.issue_report(session.store, "monthly-progress", "2025-08", session.today, "经办甲")
    with session.store.act(ActInfo("register", "经办甲")) as act:
        act.insert(LEDGERS["wells"], {"code": "LATE1", "completed_on": "2019-05-01", "status": "在用"})
    after = figures(monthly(session))
    assert after["wells_opening"] == before["wells_opening"]
    assert after["wells_new"] == before["wells_new"]
    assert after["wells_correction"] == before["wells_correction"] + 1  # type: ignore[operator]
    assert after["wells_closing"] == before["wells_closing"] + 1  # type: ignore[operator]


def test_a_period_issued_twice_needs_a_reason(session: Session) -> None:
    issue = ("monthly-progress", "2025-08", session.today, "经办甲")
    reporting.issue_report(session.store, *issue)
    with pytest.raises(LedgerError, match="更正请写明原因"):
        reporting.issue_report(session.store, *issue)
    reporting.issue_report(session.store, *issue, reason="漏报一眼井")
    assert len(session.store.rows(LEDGERS["issued_reports"])) == 2


def test_the_cut_off_is_printed_and_earlier_when_asked_for(session: Session) -> None:
    report = monthly(session, as_of=date(2025, 9, 10))
    assert report.as_of == date(2025, 9, 10)
    assert "截至2025年9月10日" in report.subtitle
    with pytest.raises(LedgerError, match="统计期之前"):
        monthly(session, as_of=date(2025, 8, 1))


def test_months_from_the_26th_follow_the_countys_parameter(session: Session) -> None:
    row = {"name": "report_period_rule", "value": "26-25", "valid_from": "2020-01-01"}
    with session.store.act(ActInfo("correct", "经办甲")) as act:
        act.insert(LEDGERS["parameters"], row)
    assert "2025年8月26日至2025年9月25日" in monthly(session).subtitle


def test_the_same_ledger_gives_the_same_files(session: Session, tmp_path: Path) -> None:
    for ending in ("pdf", "xlsx"):
        outs = [tmp_path / f"{n}.{ending}" for n in "ab"]
        reporting.write_report(monthly(session), outs)
        assert outs[0].read_bytes() == outs[1].read_bytes()


def test_an_unknown_report_or_ending_is_refused_and_nothing_is_written(
    session: Session, tmp_path: Path
) -> None:
    with pytest.raises(LedgerError, match="没有“nothing”这张报表"):
        reporting.build_report(session.conn, "nothing", "2025-09", TODAY)
    outs = [tmp_path / "a.pdf", tmp_path / "a.jpg"]
    with pytest.raises(LedgerError, match="不会写"):
        reporting.write_report(monthly(session), outs)
    assert not outs[0].exists()


def test_a_month_that_is_not_over_says_the_day_it_is_counted_to(session: Session) -> None:
    report = reporting.build_report(session.conn, "monthly-progress", "2025-10", date(2025, 10, 8))
    assert report.as_of == date(2025, 10, 8)
    assert "10月1日至2025年10月31日　截至2025年10月8日" in report.subtitle
    assert report.period == "2025-10"
