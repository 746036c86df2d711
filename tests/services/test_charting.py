"""The charts: bars are the report's own figures, every bar has its records, a town narrows them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from ledger_app.core.entities import LEDGERS
from ledger_app.core.errors import LedgerError
from ledger_app.db import Connection
from ledger_app.services import charting, demo, opening, reporting

START, END = date(2025, 1, 1), date(2025, 9, 30)
KINDS = [kind.name for kind in charting.kinds()]


@pytest.fixture(scope="module")
def conn(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    path = tmp_path_factory.mktemp("charts") / "demo.ledger"
    demo.make_demo(path, LEDGERS, wells=200, seed=3, today=END)
    with opening.opened(path, LEDGERS, who="甲", today=END) as session:
        yield session.conn


@pytest.mark.parametrize("name", KINDS)
def test_every_bar_counts_the_records_it_opens(conn: Connection, name: str) -> None:
    chart = charting.build_chart(conn, name, START, END)
    assert chart.categories
    for series in chart.series:
        assert len(series.values) == len(series.ids) == len(chart.categories)
        if chart.unit in ("眼", "本"):
            assert [len(ids) for ids in series.ids] == list(series.values)


@pytest.mark.parametrize("name", [n for n in KINDS if n != "wells-by-town"])
def test_the_towns_together_are_the_county(conn: Connection, name: str) -> None:
    whole = charting.build_chart(conn, name, START, END)
    parts = [charting.build_chart(conn, name, START, END, town) for town in charting.towns(conn)]
    added = sum((Decimal(v) for part in parts for s in part.series for v in s.values), Decimal(0))
    total = sum((Decimal(v) for s in whole.series for v in s.values), Decimal(0))
    assert added == total if not name.startswith("permits") else added > 0


def test_the_charts_show_the_figures_of_the_monthly_report(conn: Connection) -> None:
    report = reporting.build_report(conn, "monthly-progress", "2025-09", END)
    figures = {f.name: f.value for f in report.figures}
    wells = charting.build_chart(conn, "wells-by-town", START, END)
    closures = charting.build_chart(conn, "closures-by-month", START, END)
    reduced = charting.build_chart(conn, "reduced-by-month", START, END)
    assert sum(wells.series[0].values) == figures["wells_closing"]
    assert closures.series[1].values[-1] == figures["closures_year"]
    assert reduced.series[1].values[-1] == figures["reduced_volume_year"]


def test_a_chart_is_saved_as_a_picture_and_nothing_else(conn: Connection, tmp_path: Path) -> None:
    chart = charting.build_chart(conn, "wells-by-use", START, END)
    for name in ("a.png", "a.svg"):
        charting.save_chart(chart, tmp_path / name)
        assert (tmp_path / name).stat().st_size > 1000
    with pytest.raises(LedgerError, match=r"png 或 \.svg"):
        charting.save_chart(chart, tmp_path / "a.bmp")
