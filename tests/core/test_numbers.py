"""Numbers as clerks type them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger_app.core.errors import Reading
from ledger_app.core.numbers import is_blank, read_number
from ledger_app.core.units import find_unit
from tests.core.cells import cells, outcome, sentence


def read(raw: Any, unit: str, base: str = "", places: int = 2) -> Reading:
    return read_number(raw, find_unit(unit), base or unit, places)


def test_every_number_of_the_sample_cells_is_read() -> None:
    rows = cells("number")
    assert len(rows) >= 40
    for (unit, base, places), raw, value, code in rows:
        assert outcome(read(raw, unit, base, places)) == (value, code), raw


@pytest.mark.parametrize(
    "raw",
    [None, "", "/", "／", "—", "-", "－", "–", "无", "\\", "——", " ", "\u3000", "\u00a0\n", "―", "暂无"],
)
def test_what_says_nothing_is_blank(raw: Any) -> None:
    assert is_blank(raw)


@pytest.mark.parametrize("raw", [0, 0.0, "0", "*", "不详", "-5", "无证", date(2012, 5, 3), False])
def test_what_says_something_is_not_blank(raw: Any) -> None:
    assert not is_blank(raw)


@pytest.mark.parametrize(
    ("raw", "unit", "value"),
    [
        ("85m", "m", 85),
        ("45M", "m", 45),
        ("1 234.5", "m", 1234.5),
        ("1 5 0", "m", 150),
        ("１ ５ ０", "m", 150),
        ("'85", "m", 85),
        ("3。9", "m", 3.9),
        ("85.", "m", 85),
        (".5", "m", 0.5),
        ("八十五米", "m", 85),
        ("－29.21", "m", -29.21),
        ("—29.21", "m", -29.21),
        ("负3", "m", -3),
        ("1.2e3", "m", 1200),
        ("DN200", "mm", 200),
        ("φ325mm", "mm", 325),
        ("Φ273", "mm", 273),
        ("0.3m", "mm", 300),
        ("20 cm", "mm", 200),
        ("63方", "m³/h", 63),
        ("20L/s", "m³/h", 72),
        ("1,234,567.5元", "元", 1234567.5),
        ("￥500", "元", 500),
        ("1.2万", "亩", 12000),
        ("10公顷", "亩", 150),
        ("12台", "眼", 12),
        ("58.02％", "%", 58.02),
        ("64,394", "kWh", 64394),
        ("76359度", "kWh", 76359),
    ],
)
def test_a_number_with_what_clerks_add_is_read(raw: str, unit: str, value: float) -> None:
    assert outcome(read(raw, unit)) == (value, None)


@pytest.mark.parametrize(
    ("raw", "value"),
    [("31200m³", 31200), ("3.9万m³", 39000), ("5.2万方", 52000), ("1.2万", 12000), (3.9, 39000)],
)
def test_the_unit_in_the_cell_wins_over_that_of_the_column(raw: Any, value: int) -> None:
    assert outcome(read(raw, "万m³", "m³", 0)) == (value, None)


def test_a_share_may_be_written_in_percent() -> None:
    assert read_number("58.02%", None, "", 4).value == 0.5802
    assert read_number(58.02, find_unit("%"), "", 4).value == 0.5802


def test_the_dust_of_floating_point_is_gone() -> None:
    assert repr(read(3.6399999999, "万亩", "亩").value) == "36400"
    assert repr(read(0.1 + 0.2, "m", "m").value) == "0.3"


def test_unrounded_figures_keep_every_digit_typed() -> None:
    assert read_number("32.5", find_unit("mm"), "mm", None).value == 32.5
    assert read_number(0.015, find_unit("亩"), "亩", None).value == 0.015


@pytest.mark.parametrize(
    ("raw", "value", "word"),
    [
        ("约85米", 85, "“约”字"),
        ("大概85", 85, "大概"),
        ("85米左右", 85, "左右"),
        ("80余米", 80, "余"),
        ("85米多", 85, "多"),
        ("≈85", 85, "≈"),
        ("＞85", 85, ">"),
        ("85m（实测）", 85, "实测"),
        ("约八十米", 80, "约"),
    ],
)
def test_a_qualified_number_is_asked_about(raw: str, value: int, word: str) -> None:
    reading = read(raw, "m")
    assert outcome(reading) == (value, "approximate_value")
    assert reading.problem is not None
    assert (reading.problem.severity, reading.problem.suggestion) == ("confirm", value)
    assert word in reading.problem.text
    assert f"按 {value} m 记" in reading.problem.text


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        ("自流", "不是数字"),
        ("80-100", "范围"),
        ("80～100m", "范围"),
        ("80至100", "范围"),
        ("2012.5.3", "日期"),
        ("2012年5月", "日期"),
        (date(2012, 5, 3), "日期"),
        ("85亩", "单位"),
        ("85 96", "不是数字"),
        ("30+55", "不是数字"),
        ("φ325×8", "不是数字"),
        (float("nan"), "不是数字"),
        (True, "不是数字"),
        ("9" * 500, "不是数字"),
    ],
)
def test_words_in_a_number_column_give_no_value(raw: Any, why: str) -> None:
    reading = read(raw, "m")
    assert outcome(reading) == (None, "non_numeric_value")
    assert why in sentence(reading)


def test_a_comma_for_a_point_is_asked_about() -> None:
    assert outcome(read("3,9", "万m³", "m³", 0)) == (39000, "non_numeric_value")


def test_a_column_headed_with_the_unit_of_something_else_is_said() -> None:
    assert "表头" in sentence(read(85, "亩", "m"))


@pytest.mark.parametrize("raw", [1e300, "1e99", 10**16, -(10.0**15)])
def test_a_number_no_county_has_is_refused(raw: Any) -> None:
    assert outcome(read(raw, "m")) == (None, "out_of_range")


@given(st.text(max_size=30))
def test_any_text_is_read_without_failing(text: str) -> None:
    assert isinstance(read(text, "万m³", "m³", 0), Reading)


@given(st.integers(-(10**9), 10**9), st.sampled_from(["", "m", "米", " m", "Ｍ"]))
def test_full_width_commas_and_units_change_no_number(value: int, tail: str) -> None:
    wide = f"{value:,}".translate({c: c + 0xFEE0 for c in range(0x2C, 0x3A)})
    assert read(wide + tail, "m").value == value
