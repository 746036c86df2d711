"""Field kinds: what is typed becomes a value, what is kept is shown, and shown is read again."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger_app.core import terms, units
from ledger_app.core.entities import LEDGERS
from ledger_app.core.fields import (
    Choice,
    Code,
    Coordinate,
    Date,
    DocumentNumber,
    Field,
    IdNumber,
    Integer,
    Links,
    Number,
    Phone,
    ReadContext,
    Ref,
    Text,
)
from ledger_app.core.terms import Vocabulary

CONTEXT = ReadContext(date(2025, 9, 30))
VOLUME = Number(name="v_m3", label="水量", unit="m³", shown_in="万m³", hard=(0, 1e11), usual=(100, 500_000))
DEPTH = Number(name="d_m", label="井深", unit="m", hard=(0, 4000), usual=(5, 500))


def value(field: Field, raw: Any, context: ReadContext = CONTEXT) -> Any:
    return field.read(raw, context).value


def code(field: Field, raw: Any) -> str | None:
    problem = field.read(raw, CONTEXT).problem
    return problem.code if problem else None


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ("大圣\n村", "大圣村"),
        (" 德岭山镇 ", "德岭山镇"),
        ("ABC  company", "ABC company"),
        ("第 3 组", "第3组"),
        (3.0, "3"),
        ("   ", None),
    ],
)
def test_a_name_has_no_line_breaks_and_no_blanks_between_han(raw: Any, kept: str | None) -> None:
    assert value(Text(name="t", label="名称"), raw) == kept


def test_a_remark_keeps_its_lines() -> None:
    assert value(Text(name="t", label="备注", lines=True), " 一\n二 ") == "一\n二"


@pytest.mark.parametrize(
    ("raw", "kept"), [("１５０８ J０１", "1508J01"), (7.0, "7"), (150824101205, "150824101205")]
)
def test_a_number_used_as_a_name_is_half_width_text(raw: Any, kept: str) -> None:
    assert value(Code(name="c", label="编号"), raw) == kept


def test_a_choice_takes_synonyms_and_a_county_may_have_words_of_its_own() -> None:
    field = Choice(name="use", label="用途", terms=terms.USE)
    assert value(field, "农灌") == "农业灌溉"
    own = Vocabulary("use", {"井灌": ("农灌",)})
    assert value(field, "农灌", ReadContext(date(2025, 9, 30), terms={"use": own})) == "井灌"


def test_no_is_a_word_where_the_vocabulary_has_it_and_empty_elsewhere() -> None:
    metering = Choice(name="metering", label="计量方式", terms=terms.METERING)
    assert metering.terms.find("无") is not None
    assert not metering.blank("无")
    assert Text(name="t", label="备注").blank("无")
    assert Choice(name="use", label="用途", terms=terms.USE).blank("无")


def test_a_quantity_is_kept_in_its_base_unit_and_shown_in_one_unit() -> None:
    assert value(VOLUME, "1.2") == 12000
    assert value(VOLUME, "31200m³") == 31200
    assert value(VOLUME, 5000, ReadContext(date(2025, 9, 30), unit=units.find_unit("m³"))) == 5000
    assert VOLUME.show(12000) == "1.2"
    assert VOLUME.show(12345.67) == "1.234567"
    assert VOLUME.show(None) == ""
    assert VOLUME.heading == "水量（万m³）"


def test_bounds_refuse_or_make_doubtful() -> None:
    assert (value(DEPTH, 120.5), code(DEPTH, 120.5)) == (120.5, None)
    assert (value(DEPTH, 700), code(DEPTH, 700)) == (700, "unusual_value")
    assert DEPTH.read(700, CONTEXT).problem.severity == "info"  # type: ignore[union-attr]
    assert (value(DEPTH, 4001), code(DEPTH, 4001)) == (None, "out_of_range")
    assert (value(DEPTH, -1), code(DEPTH, -1)) == (None, "out_of_range")


def test_a_slip_of_unit_is_suggested_and_waits_for_a_person() -> None:
    reading = VOLUME.read("12000", CONTEXT)  # 万m³ in the head, m³ in the cell
    assert reading.value == 12000
    assert reading.problem is not None
    assert (reading.problem.code, reading.problem.severity) == ("volume_unit", "confirm")
    assert reading.problem.suggestion == 12000


@pytest.mark.parametrize(
    ("raw", "unit"), [(325, "cm"), (0.325, "cm"), (325, "m"), (32.5, "m"), (32.5, "mm"), (0.325, "mm")]
)
def test_a_bore_in_another_unit_than_its_column_is_found(raw: float, unit: str) -> None:
    reading = (
        LEDGERS["wells"]
        .field("casing_diameter_mm")
        .read(raw, ReadContext(date(2025, 9, 30), units.find_unit(unit)))
    )
    assert reading.problem is not None
    assert (reading.problem.code, reading.problem.suggestion) == ("casing_diameter_unit", 325)


def test_places_are_rounded_half_even() -> None:
    assert value(DEPTH, 28.165) == 28.16
    assert value(DEPTH, 28.175) == 28.18
    assert value(Integer(name="n", label="户数", unit="户"), 3.0) == 3


def test_a_coordinate_shows_six_places() -> None:
    field = Coordinate(name="longitude", label="经度", axis="longitude")
    assert field.show(108.5) == "108.500000"
    assert field.show(None) == ""
    assert value(field, "108°30′00″") == 108.5


def test_a_day_may_be_partial_only_where_it_says_so() -> None:
    assert value(Date(name="d_on", label="日期", partial=True), "2012年5月") == "2012-05"
    assert value(Date(name="d_on", label="日期"), "2012年5月") is None
    assert value(Date(name="d_on", label="日期"), "2025.9.3") == "2025-09-03"
    assert value(Date(name="d_on", label="日期"), "2026-01-01") is None
    assert value(Date(name="d_on", label="日期", future=True), "2026-01-01") == "2026-01-01"


def test_personal_numbers_are_masked_where_they_leave_the_office() -> None:
    phone, id_number = Phone(name="p", label="电话"), IdNumber(name="i", label="身份证号")
    assert phone.show("13812345678") == "13812345678"
    assert "12345678" not in phone.show("13812345678", masked=True)
    assert id_number.show("152824198001012345", masked=True) != "152824198001012345"
    assert id_number.show(None, masked=True) == ""


def test_brackets_of_a_document_number_become_those_of_the_rule() -> None:
    assert value(DocumentNumber(name="d", label="文号"), "中水发[2025]3号") == "中水发〔2025〕3号"


def test_a_reference_names_its_columns() -> None:
    plain = Ref(name="town", label="乡镇", target="regions")
    stated = Ref(name="well_code", label="井", stem="well", target="wells", stated=True)
    assert plain.columns == ("town_uid",)
    assert stated.columns == ("well_uid", "well_stated")


def test_several_codes_in_a_cell_are_taken_apart() -> None:
    links = Links(name="l", label="井", target="wells", through="x", owner="a", item="b")
    assert value(links, "J1、J2，J3") == ["J1", "J2", "J3"]
    assert value(links, ["J1", "J2"]) == ["J1", "J2"]
    assert value(links, "") is None
    assert links.show(["J1", "J2"]) == "J1、J2"


def test_a_column_that_stands_as_it_is_needs_no_reading() -> None:
    name = Text(name="t", label="名称")
    for cells in (["大圣村", "德岭山镇"], ["一号井3"]):
        assert name.as_it_stands(cells, CONTEXT)
        assert [value(name, c) for c in cells] == cells
    assert not name.as_it_stands(["大圣 村"], CONTEXT)
    assert not name.as_it_stands([3.0], CONTEXT)
    assert DEPTH.as_it_stands([80.0, 120.5], CONTEXT)
    assert not DEPTH.as_it_stands([80.0, 700.0], CONTEXT)
    assert not VOLUME.as_it_stands([1.0], CONTEXT)


# ---- shown is read again ---------------------------------------------------------------------------

QUANTITIES = [
    pytest.param(f, id=f"{e.name}.{f.name}") for e in LEDGERS for f in e.fields if isinstance(f, Number)
]
ANY_TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zs", "Cf")), min_size=1, max_size=12)


@pytest.mark.parametrize("field", QUANTITIES)
@given(share=st.floats(0, 1))
@settings(max_examples=15, deadline=None)
def test_a_shown_quantity_is_read_as_the_same_quantity(field: Number, share: float) -> None:
    low, high = field.usual or field.hard or (0, 1e6)
    kept = field.read(
        low + (high - low) * share, ReadContext(CONTEXT.today, unit=units.find_unit(field.unit))
    ).value
    again = field.read(field.show(kept), CONTEXT)
    assert again.value == kept
    assert again.problem is None or again.problem.severity == "info"


@given(ANY_TEXT)
def test_reading_a_text_twice_changes_nothing(raw: str) -> None:
    for field in (
        Text(name="t", label="名称"),
        Code(name="c", label="编号"),
        DocumentNumber(name="d", label="文号"),
    ):
        once = value(field, raw)
        assert once is None or value(field, once) == once


@given(st.dates(date(1950, 1, 1), date(2025, 9, 30)))
def test_a_shown_day_is_read_as_the_same_day(day: date) -> None:
    field = Date(name="d_on", label="日期")
    assert value(field, field.show(day.isoformat())) == day.isoformat()


@given(st.floats(97, 127).map(lambda x: round(x, 6)))
def test_a_shown_coordinate_is_read_as_the_same_coordinate(longitude: float) -> None:
    field = Coordinate(name="longitude", label="经度", axis="longitude")
    assert value(field, field.show(longitude)) == longitude
