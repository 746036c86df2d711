"""Dates as clerks type them, and what an inexact date means."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger_app.core.dates import (
    days_in_month,
    first_day,
    is_exact,
    last_day,
    read_date,
    show_date,
    span,
    split_range,
)
from ledger_app.core.errors import Reading
from tests.core.cells import TODAY, cells, outcome, sentence


def read(raw: Any, *, partial: bool = True, future_ok: bool = False) -> Reading:
    return read_date(raw, partial=partial, today=TODAY, future_ok=future_ok)


def test_every_date_of_the_sample_cells_is_read() -> None:
    rows = cells("date")
    assert len(rows) >= 40
    for (partial, future_ok), raw, value, code in rows:
        assert outcome(read(raw, partial=partial, future_ok=future_ok)) == (value, code), raw


@pytest.mark.parametrize(
    ("raw", "iso"),
    [
        ("2012.5.3", "2012-05-03"),
        ("2012/5/3", "2012-05-03"),
        ("2012 05 03", "2012-05-03"),
        ("2012,5,3", "2012-05-03"),
        ("2012年5月3日", "2012-05-03"),
        ("2012年05月03", "2012-05-03"),
        ("2012年5月3号（星期四）", "2012-05-03"),
        ("２０１２．５．３", "2012-05-03"),
        ("2011/5/26 0:00:00", "2011-05-26"),
        ("2011-05-26T00:00:00", "2011-05-26"),
        ("二〇二五年九月三日", "2025-09-03"),
        ("二零一二年十二月三十一日", "2012-12-31"),
        (20120503, "2012-05-03"),
        ("20120503", "2012-05-03"),
        (41052, "2012-05-23"),
        (41052.75, "2012-05-23"),
        ("41052", "2012-05-23"),
        (date(2012, 5, 3), "2012-05-03"),
        (datetime(2012, 5, 3, 17, 30), "2012-05-03"),  # noqa: DTZ001 - spreadsheets know no time zone
        ("26/5/2011", "2011-05-26"),
        ("5/26/2011", "2011-05-26"),
        ("2012年5月", "2012-05"),
        ("2012.10", "2012-10"),
        ("2012.1", "2012-01"),
        (2003.3, "2003-03"),
        (2012.12, "2012-12"),
        (2012.05, "2012-05"),
        (201205, "2012-05"),
        ("2012年5月份", "2012-05"),
        ("2024年6月上旬", "2024-06"),
        (2012, "2012"),
        (2012.0, "2012"),
        ("2012.0", "2012"),
        ("2012年", "2012"),
        ("一九九八年", "1998"),
        ("2012年建成", "2012"),
        ("2024年初", "2024"),
    ],
)
def test_a_date_keeps_the_precision_of_its_source(raw: Any, iso: str) -> None:
    assert outcome(read(raw)) == (iso, None)


@pytest.mark.parametrize(
    ("raw", "iso"),
    [
        ("2024年6月底", "2024-06-30"),
        ("2024年2月末", "2024-02-29"),
        ("2024年12月底前", "2024-12-31"),
        ("2024年12月31日前", "2024-12-31"),
        ("2024年底", "2024-12-31"),
        ("2024年年底", "2024-12-31"),
        ("2024年三季度末", "2024-09-30"),
        ("截至2025年8月26日", "2025-08-26"),
    ],
)
def test_words_for_the_end_name_the_last_day(raw: str, iso: str) -> None:
    assert outcome(read(raw)) == (iso, None)


@pytest.mark.parametrize(
    "raw", ["未验收", "尚未完工", "在建", "正在施工", "未开工", "未完成", "没有验收", "待验收"]
)
def test_what_has_not_happened_has_no_date_and_no_problem(raw: str) -> None:
    assert read(raw) == Reading(None)


@pytest.mark.parametrize(
    ("raw", "code", "suggestion"),
    [
        (2012.1, "date_ambiguous", "2012-01"),
        ("3/4/2011", "date_ambiguous", "2011-03-04"),
        ("98.5", "date_two_digit_year", "1998-05"),
        (98.5, "date_two_digit_year", "1998-05"),
        ("98年5月", "date_two_digit_year", "1998-05"),
        ("'05.3", "date_two_digit_year", "2005-03"),
        ("980503", "date_two_digit_year", "1998-05-03"),
        ("98年", "date_two_digit_year", "1998"),
        ("约2012年", "date_unparsed", "2012"),
        ("2012年左右", "date_unparsed", "2012"),
        ("2024年三季度", "date_unparsed", "2024"),
        ("2024Q3", "date_unparsed", "2024"),
        ("八十年代", "date_unparsed", None),
        ("1990年代", "date_unparsed", None),
        ("12月5日", "date_unparsed", None),
        ("5.3", "date_unparsed", None),
        ("2021.3.1-2026.2.28", "date_unparsed", None),
        ("长期", "date_unparsed", None),
        ("2O12.5", "date_unparsed", None),
        ("2012053", "date_unparsed", None),
    ],
)
def test_a_doubtful_date_is_asked_about(raw: Any, code: str, suggestion: str | None) -> None:
    reading = read(raw)
    assert outcome(reading) == (suggestion, code)
    assert reading.problem is not None
    assert (reading.problem.severity, reading.problem.suggestion) == ("confirm", suggestion)


def test_the_ambiguous_month_names_both_readings() -> None:
    assert "2012年1月" in sentence(read(2012.1))
    assert "2012年10月" in sentence(read(2012.1))


@pytest.mark.parametrize(
    "raw", ["2027.2.29", "2012.13", 2012.15, 20121332, "2012-00-00", "2012.5.0", "1012.5", "2012年6月31日"]
)
def test_a_day_that_does_not_exist_is_refused(raw: Any) -> None:
    reading = read(raw, future_ok=True)
    assert outcome(reading) == (None, "date_invalid")
    assert reading.problem is not None
    assert reading.problem.severity == "refuse"


def test_the_sentence_says_how_many_days_the_month_has() -> None:
    assert "2027年2月只有28天" in sentence(read("2027.2.29"))


@pytest.mark.parametrize("raw", ["2035/3/5", "2025-10-01", "2025年10月", "2026", date(2052, 6, 7)])
def test_the_future_is_refused_where_it_cannot_be(raw: Any) -> None:
    assert outcome(read(raw)) == (None, "date_in_future")
    assert read(raw, future_ok=True).problem is None


@pytest.mark.parametrize("raw", ["2025-09-30", "2025年9月", "2025"])
def test_a_span_that_has_begun_is_no_future(raw: str) -> None:
    assert read(raw).problem is None


@pytest.mark.parametrize(
    ("raw", "missing"), [("2012年5月", "只写到月"), (2012, "只写到年"), (2012.1, "只写到月")]
)
def test_a_field_that_needs_the_day_refuses_less(raw: Any, missing: str) -> None:
    reading = read(raw, partial=False)
    assert outcome(reading) == (None, "date_unparsed")
    assert missing in sentence(reading)


def test_the_bounds_of_an_inexact_date() -> None:
    assert span("2012") == (date(2012, 1, 1), date(2012, 12, 31))
    assert span("2024-02") == (date(2024, 2, 1), date(2024, 2, 29))
    assert (first_day("2012-05-03"), last_day("2012-05-03")) == (date(2012, 5, 3), date(2012, 5, 3))
    assert [is_exact(iso) for iso in ("2012", "2012-05", "2012-05-03")] == [False, False, True]


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("2021.3.29至2026.3.28", ("2021.3.29", "2026.3.28")),
        ("2021-03-29-2026-03-28", ("2021-03-29", "2026-03-28")),
        ("自2021年3月29日起至2026年3月28日止", ("2021年3月29日", "2026年3月28日")),
        ("20210329～20260328", ("20210329", "20260328")),
        ("2021-03-29", None),
        ("长期", None),
    ],
)
def test_a_validity_in_one_cell_is_split(text: str, days: tuple[str, str] | None) -> None:
    assert split_range(text) == days


def test_papers_print_dates_without_zeros_and_screens_print_iso() -> None:
    assert show_date("2025-09-04") == "2025年9月4日"
    assert show_date("2012-05") == "2012年5月"
    assert show_date("2012") == "2012年"
    assert show_date("2025-09-03", "screen") == "2025-09-03"
    assert show_date(None) == ""


DAYS = st.dates(date(1900, 1, 1), TODAY)


@given(
    DAYS,
    st.sampled_from(
        ["{y}.{m}.{d}", "{y}/{m:02}/{d:02}", "{y}-{m}-{d} 0:00", "{y}{m:02}{d:02}", "{y}年{m}月{d}日"]
    ),
)
def test_every_form_of_a_day_reads_as_that_day(day: date, form: str) -> None:
    text = form.format(y=day.year, m=day.month, d=day.day)
    assert outcome(read(text)) == (day.isoformat(), None)


@given(st.integers(20000, 45930))
def test_day_numbers_of_spreadsheets_are_days(serial: int) -> None:
    assert read(float(serial)).value == (date(1899, 12, 30) + timedelta(serial)).isoformat()


@given(DAYS, st.sampled_from([4, 7, 10]))
def test_what_papers_print_reads_back_the_same(day: date, precision: int) -> None:
    iso = day.isoformat()[:precision]
    assert read(show_date(iso)).value == iso
    first, last = span(iso)
    assert first <= day <= last


@given(st.text(max_size=30))
def test_any_text_is_read_without_failing(text: str) -> None:
    assert isinstance(read(text), Reading)


@given(st.floats() | st.integers())
def test_any_number_is_read_without_failing(number: float) -> None:
    assert isinstance(read(number), Reading)


@given(st.integers(1, 9999), st.integers(1, 12))
def test_months_are_as_long_as_the_calendar_says(year: int, month: int) -> None:
    assert days_in_month(year, month) == monthrange(year, month)[1]
