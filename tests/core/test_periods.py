"""Periods, their neighbours, working days and deadlines in words."""

from __future__ import annotations

import contextlib
import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger_app.core.errors import LedgerError
from ledger_app.core.periods import (
    FROM_26TH,
    Period,
    count_working_days,
    month_period,
    months_of,
    parse_period,
    previous,
    quarters_of,
    read_deadline,
    same_last_year,
    to_date_period,
    working_days,
    year_period,
)

DAY = timedelta(1)


@pytest.mark.parametrize(
    ("text", "key", "start", "end", "label"),
    [
        ("2025", "2025", "2025-01-01", "2025-12-31", "2025年"),
        ("2025年度", "2025", "2025-01-01", "2025-12-31", "2025年"),
        ("2025Q3", "2025Q3", "2025-07-01", "2025-09-30", "2025年三季度"),
        ("2025年第三季度", "2025Q3", "2025-07-01", "2025-09-30", "2025年三季度"),
        ("2025-09", "2025-09", "2025-09-01", "2025-09-30", "2025年9月"),
        ("２０２５年９月", "2025-09", "2025-09-01", "2025-09-30", "2025年9月"),
        ("2025年上半年", "2025H1", "2025-01-01", "2025-06-30", "2025年上半年"),
        ("2025-08-26", "2025-08-26", "2025-01-01", "2025-08-26", "2025年（截至8月26日）"),
    ],
)
def test_a_period_is_read_from_its_key_and_its_words(
    text: str, key: str, start: str, end: str, label: str
) -> None:
    period = parse_period(text)
    assert (period.key, period.start.isoformat(), period.end.isoformat(), period.label) == (
        key,
        start,
        end,
        label,
    )


@pytest.mark.parametrize("text", ["", "x", "2025Q5", "2025-13", "2025-00", "0012", "2025-02-30", "98.5"])
def test_what_is_no_period_is_said_in_a_sentence(text: str) -> None:
    with pytest.raises(LedgerError, match="不是一个期间") as error:
        parse_period(text)
    assert error.value.code == "bad_period"


def test_a_month_may_run_from_the_26th_to_the_25th() -> None:
    march = month_period(2025, 3, FROM_26TH)
    assert (march.start, march.end) == (date(2025, 2, 26), date(2025, 3, 25))
    year = year_period(2025, FROM_26TH)
    assert (year.start, year.end) == (date(2024, 12, 26), date(2025, 12, 25))


@pytest.mark.parametrize(
    ("text", "before", "year_before"),
    [
        ("2025", "2024", "2024"),
        ("2025H1", "2024H2", "2024H1"),
        ("2025Q1", "2024Q4", "2024Q1"),
        ("2025-01", "2024-12", "2024-01"),
        ("2025-08-26", "2024-08-26", "2024-08-26"),
        ("2024-02-29", "2023-02-28", "2023-02-28"),
    ],
)
def test_a_period_knows_the_one_before_and_that_of_last_year(
    text: str, before: str, year_before: str
) -> None:
    period = parse_period(text)
    assert previous(period).key == before
    assert same_last_year(period).key == year_before


@given(
    st.dates(date(1951, 1, 1), date(2100, 12, 31)),
    st.sampled_from(["year", "half", "quarter", "month"]),
    st.sampled_from([1, 21, 26]),
)
def test_periods_follow_each_other_without_gap_and_read_back_from_their_key(
    day: date, kind: str, first: int
) -> None:
    keys = {
        "year": "",
        "half": f"H{1 + day.month // 7}",
        "quarter": f"Q{(day.month + 2) // 3}",
        "month": f"-{day.month}",
    }
    period = parse_period(f"{day.year}{keys[kind]}", first)
    assert previous(period).end + DAY == period.start
    assert same_last_year(period).kind == period.kind
    assert parse_period(period.key, first) == period


@given(st.integers(1951, 2100), st.sampled_from([1, 21, 26]))
def test_quarters_and_months_make_up_the_year(year: int, first: int) -> None:
    whole = year_period(year, first)
    for parts in (quarters_of(year, first), months_of(whole)):
        assert (parts[0].start, parts[-1].end) == (whole.start, whole.end)
        assert all(a.end + DAY == b.start for a, b in itertools.pairwise(parts))
    assert [len(months_of(quarter)) for quarter in quarters_of(year, first)] == [3, 3, 3, 3]


def test_a_year_to_date_has_the_month_of_its_cut_off() -> None:
    assert [month.key for month in months_of(to_date_period(date(2025, 2, 10)))] == ["2025-01", "2025-02"]


@pytest.mark.parametrize(
    ("period", "iso", "inside"),
    [
        ("2025-09", "2025-09-30", True),
        ("2025-09", "2025-10-01", False),
        ("2025-09", "2025-09", True),
        ("2025-09", "2025", None),
        ("2025Q3", "2025-08", True),
        ("2025", "2024", False),
        ("2025-08-26", "2025-08", None),
    ],
)
def test_an_inexact_date_counts_only_where_its_whole_span_lies_inside(
    period: str, iso: str, inside: bool | None
) -> None:
    assert parse_period(period).covers(iso) is inside


def test_ten_working_days_count_both_ends() -> None:
    assert working_days(date(2025, 9, 4), 10, {}) == date(2025, 9, 17)
    assert working_days(date(2026, 1, 6), 10, {}) == date(2026, 1, 19)


def test_the_calendar_decides_about_holidays_and_moved_days() -> None:
    calendar = {date(2025, 10, 1) + n * DAY: False for n in range(8)} | {date(2025, 9, 28): True}
    assert working_days(date(2025, 9, 28), 4, calendar) == date(2025, 10, 9)
    assert count_working_days(date(2025, 9, 28), date(2025, 10, 10), calendar) == 5


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(1, 60))
def test_counting_working_days_is_the_reverse_of_adding_them(start: date, count: int) -> None:
    assert count_working_days(start, working_days(start, count, {}), {}) == count


def test_nothing_is_counted_backwards() -> None:
    assert count_working_days(date(2025, 9, 17), date(2025, 9, 4), {}) == 0


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024年12月底", "2024-12-31"),
        ("2025年6月底前", "2025-06-30"),
        ("2025年12月31日前", "2025-12-31"),
        ("2025年底前完成", "2025-12-31"),
        ("2025年6月", "2025-06-30"),
        ("2025.6", "2025-06-30"),
        ("2025年", "2025-12-31"),
        ("2025年三季度", "2025-09-30"),
        ("2025年三季度末", "2025-09-30"),
        ("2025年上半年", "2025-06-30"),
        ("2025年9月上旬", "2025-09-10"),
        ("2025年9月中旬", "2025-09-20"),
        ("2025年9月下旬", "2025-09-30"),
        ("“十四五”末", "2025-12-31"),
        ("二〇二五年十二月底前", "2025-12-31"),
        ("2025年12月底前整改到位并销号", "2025-12-31"),
        ("2025年6月30日前，长期坚持", "2025-06-30"),
        ("2024年6月底前完成方案，2025年12月底前完成整改", "2025-12-31"),
    ],
)
def test_a_deadline_in_words_is_its_last_day(text: str, day: str) -> None:
    assert read_deadline(text) == date.fromisoformat(day)


@pytest.mark.parametrize(
    "text", ["立行立改", "长期坚持", "持续推进", "接到通知之日起30日内", "见附件", "", "2025年13月底"]
)
def test_a_deadline_without_a_day_has_none(text: str) -> None:
    assert read_deadline(text) is None


@pytest.mark.parametrize(
    ("text", "day"),
    [("年底前", "12-31"), ("9月15日前", "09-15"), ("6月底前", "06-30"), ("今年三季度", "09-30")],
)
def test_the_year_of_the_paper_completes_a_deadline(text: str, day: str) -> None:
    assert read_deadline(text, 2025) == date.fromisoformat(f"2025-{day}")
    assert read_deadline(text) is None


@given(st.text(max_size=30))
def test_any_text_is_read_without_failing(text: str) -> None:
    found = read_deadline(text, 2025)
    assert found is None or isinstance(found, date)
    with contextlib.suppress(LedgerError):
        assert isinstance(parse_period(text), Period)
