"""Units, their spellings in headers and cells, rounding once, figures as shown."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger_app.core.numbers import read_number
from ledger_app.core.units import (
    Unit,
    factor_between,
    find_unit,
    plain,
    round_half_even,
    round_half_up,
    show,
    split_unit,
)


def unit(text: str) -> Unit:
    found = find_unit(text)
    assert found is not None, text
    return found


@pytest.mark.parametrize(
    ("spellings", "base", "factor"),
    [
        ("m³ m3 M3 ㎥ 立方米 立方 方 吨 t T m³/年", "m³", "1"),
        ("万m³ 万m3 万M3 万㎥ 万立方米 万立方 万方 万吨 万m³/年 万立方米/年", "m³", "10000"),
        ("亿m³ 亿立方米", "m³", "100000000"),
        ("亩 市亩", "亩", "1"),
        ("万亩", "亩", "10000"),
        ("公顷 ha hm²", "亩", "15"),
        ("km² 平方公里", "亩", "1500"),
        ("m 米 M", "m", "1"),
        ("km 公里 千米 KM", "m", "1000"),
        ("mm 毫米 ㎜ MM", "mm", "1"),
        ("元", "元", "1"),
        ("万元", "元", "10000"),
        ("亿元", "元", "100000000"),
        ("kW KW Kw kw 千瓦", "kW", "1"),
        ("W 瓦", "kW", "0.001"),
        ("m³/h t/h m3/h 方/小时 立方米/小时 吨/时 ㎥/h 立方米每小时", "m³/h", "1"),
        ("m³/s", "m³/h", "3600"),
        ("L/s l/s", "m³/h", "3.6"),
        ("kWh kW·h 度 千瓦时", "kWh", "1"),
        ("万kWh 万度", "kWh", "10000"),
        ("m³/kWh m³/(kW·h) 方/度", "m³/kWh", "1"),
        ("m³/亩 方/亩", "m³/亩", "1"),
        ("% ％", "%", "1"),
        ("眼 套 处 个 座 本 台", "个", "1"),
    ],
)
def test_every_spelling_of_a_unit_is_known(spellings: str, base: str, factor: str) -> None:
    for spelling in spellings.split():
        assert (unit(spelling).base, unit(spelling).factor) == (base, Decimal(factor)), spelling


@pytest.mark.parametrize("text", ["", "水利局", "万", "苏木", "2025年", "m³左右", "经度"])
def test_what_is_no_unit_is_none(text: str) -> None:
    assert find_unit(text) is None


@pytest.mark.parametrize(
    ("header", "words", "symbol"),
    [
        ("年许可取水量（万m3）", "年许可取水量", "万m³"),
        ("井深(米)", "井深", "m"),
        ("面积 单位：万亩", "面积", "万亩"),
        ("许可水量/万m³", "许可水量", "万m³"),
        ("控制灌溉\n面积（亩）", "控制灌溉\n面积", "亩"),
        ("资金（万元）计划", "资金计划", "万元"),
        ("系数（m³/(kW·h)）", "系数", "m³/kWh"),
        ("取水量（单位：万m³）", "取水量", "万m³"),
        ("水位（m，埋深）", "水位", "m"),
        ("压减水量万m³", "压减水量", "万m³"),
        ("井管内径 mm", "井管内径", "mm"),
        ("许可水量[万立方米/年]", "许可水量", "万m³"),
        ("完成率％", "完成率", "%"),
        ("功率kW", "功率", "kW"),
        ("（万亩）", "", "万亩"),
        ("万m3", "", "万m³"),
        ("机井（眼）", "机井", "眼"),
    ],
)
def test_a_header_gives_its_unit_away(header: str, words: str, symbol: str) -> None:
    rest, found = split_unit(header)
    assert (rest, found and found.symbol) == (words, symbol)


@pytest.mark.parametrize(
    "header",
    [
        "乡镇\n（苏木）",
        "序号",
        "计划/完成",
        "权属人/单位",
        "成井时间（年）",
        "水泵型号",
        "",
        "户",
        "（本）年计划",
    ],
)
def test_a_header_without_a_unit_stays_as_it_is(header: str) -> None:
    assert split_unit(header) == (header, None)


def test_lengths_of_both_kept_units_convert() -> None:
    assert factor_between(unit("m"), "mm") == 1000
    assert factor_between(unit("cm"), "mm") == 10
    assert factor_between(unit("mm"), "m") == Decimal("0.001")


def test_different_quantities_do_not_convert() -> None:
    assert factor_between(unit("亩"), "m³") is None
    assert factor_between(unit("亩"), "nonsense") is None


def test_rounding_half_even_is_that_of_the_standard() -> None:
    assert round_half_even(28.175, 2) == Decimal("28.18")
    assert round_half_even(28.165, 2) == Decimal("28.16")
    assert round_half_even(-28.165, 2) == Decimal("-28.16")


def test_rounding_half_up_is_that_of_the_spreadsheet() -> None:
    assert round_half_up(28.165, 2) == Decimal("28.17")
    assert round_half_up(-28.165, 2) == Decimal("-28.17")
    assert round_half_up(2.5, 0) == 3


def test_a_float_is_rounded_by_the_digits_a_person_sees() -> None:
    assert round_half_even(2.675, 2) == Decimal("2.68")
    assert round_half_even(3.6399999, 2) == Decimal("3.64")


def test_rounding_takes_the_largest_float() -> None:
    assert round_half_even(1.7e308, 2) == Decimal("1.7e308")


def test_a_whole_figure_is_kept_as_an_int() -> None:
    assert repr(plain(Decimal("39000.00"))) == "39000"
    assert repr(plain(Decimal("3.640"))) == "3.64"


@pytest.mark.parametrize(
    ("value", "symbol", "places", "text"),
    [
        (39000, "万m³", 2, "3.90"),
        (39000, "m³", 0, "39000"),
        (36400, "万亩", 4, "3.6400"),
        (325, "mm", 0, "325"),
        (0, "万m³", 2, "0.00"),
        (-0.004, "m", 2, "0.00"),
        (None, "m", 2, "—"),
        (115446800, "万m³", 2, "11544.68"),
        (281650, "万m³", 2, "28.16"),
        (25, "万m³", None, "0.0025"),
        (100, "公顷", None, "6.666666666667"),
    ],
)
def test_a_figure_is_shown_in_its_unit(
    value: float | None, symbol: str, places: int | None, text: str
) -> None:
    assert show(value, unit(symbol), places) == text


def test_the_mode_of_rounding_is_a_choice() -> None:
    assert show(281650, unit("万m³"), 2, "half_up") == "28.17"


def test_commas_begin_at_ten_thousand_and_only_where_asked_for() -> None:
    assert show(9999, None, 0, group=True) == "9999"
    assert show(1234567.5, None, 1, group=True) == "1,234,567.5"
    assert show(1234567.5, None, 1) == "1234567.5"


def test_closing_zeros_go_where_asked_for() -> None:
    assert show(39000, unit("万m³"), 2, trim=True) == "3.9"
    assert show(300, unit("m"), 0, trim=True) == "300"


def test_a_figure_kept_in_another_base_is_converted() -> None:
    assert show(325, unit("m"), 3, base="mm") == "0.325"


@given(st.integers(0, 10**10), st.sampled_from(["万m³", "m³", "亿m³", "t"]))
def test_what_is_shown_in_full_reads_back_the_same(value: int, symbol: str) -> None:
    text = show(value, unit(symbol), None, group=True)
    assert read_number(text, unit(symbol), "m³", 0).value == value


@given(st.decimals(-(10**6), 10**6, places=4), st.sampled_from(["亩", "万亩", "公顷"]))
def test_a_shown_figure_with_its_unit_reads_back_in_any_column(value: Decimal, symbol: str) -> None:
    text = show(value, unit(symbol), None) + symbol
    read = read_number(text, unit("万亩"), "亩", 4).value
    assert read == pytest.approx(float(value), abs=1e-4)


@given(st.floats(-1e9, 1e9, allow_nan=False), st.integers(0, 6))
def test_rounding_twice_changes_nothing_more(value: float, places: int) -> None:
    once = round_half_even(value, places)
    assert round_half_even(once, places) == once
    assert abs(once - Decimal(repr(value))) <= Decimal(1).scaleb(-places) / 2
