"""Permit numbers, credit codes, identity and phone numbers, document numbers, masks."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger_app.core import checksums
from ledger_app.core.errors import Reading
from ledger_app.core.identifiers import (
    mask_id,
    mask_phone,
    normalise_document_number,
    permit_area,
    permit_level,
    permit_source,
    permit_year,
    read_credit_code,
    read_id_number,
    read_permit_number,
    read_phone,
    split_codes,
)
from tests.core.cells import cells, outcome, sentence

READERS = {
    "permit": read_permit_number,
    "credit": read_credit_code,
    "id": read_id_number,
    "phone": read_phone,
}


@pytest.mark.parametrize("kind", READERS)
def test_every_identifier_of_the_sample_cells_is_read(kind: str) -> None:
    rows = cells(kind)
    assert len(rows) > 8
    for _, raw, value, code in rows:
        assert outcome(READERS[kind](raw)) == (value, code), raw


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        ("d150824g2020-0001", "D150824G2020-0001"),
        (" D150824 G2020—0010 ", "D150824G2020-0010"),
        ("Ｄ１５０８２４Ｇ２０２０－００１２", "D150824G2020-0012"),
        ("B640104G2023-00037", "B640104G2023-00037"),
        ("取水(示)字[2015]第13号", "取水（示）字〔2015〕第13号"),
        ("取水（示）字﹝2015﹞第 24号", "取水（示）字〔2015〕第24号"),
        ("A12345678", "A12345678"),
    ],
)
def test_a_permit_number_is_normalised(raw: str, number: str) -> None:
    assert read_permit_number(raw) == Reading(number)


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        ("D15082462021-0002", "D150824G2021-0002"),
        ("D15082452021-0002", "D150824S2021-0002"),
        ("D150824G2O22-0003", "D150824G2022-0003"),
        ("C15030362021-0093", "C150303G2021-0093"),
        ("D15O824G202l-OOO3", "D150824G2021-0003"),
        ("D150824G20200013", "D150824G2020-0013"),
    ],
)
def test_a_mistyped_permit_number_is_offered_never_silently_repaired(raw: str, number: str) -> None:
    reading = read_permit_number(raw)
    assert outcome(reading) == (number, "permit_no_typo")
    assert reading.problem is not None
    assert (reading.problem.severity, reading.problem.suggestion) == ("confirm", number)


@pytest.mark.parametrize("raw", ["D150824G2020-001", "D150824G2020-0001-2", "D15082G2020-0001"])
def test_a_number_nearly_of_the_form_is_kept_and_asked_about(raw: str) -> None:
    assert outcome(read_permit_number(raw)) == (raw, "permit_no_typo")


def test_a_word_is_no_permit_number() -> None:
    assert outcome(read_permit_number("办理中")) == (None, "permit_no_typo")


def test_a_permit_number_tells_source_area_level_and_year() -> None:
    number = "C440114S2020-0005"
    assert (permit_source(number), permit_area(number)) == ("地表水", "440114")
    assert (permit_level(number), permit_year(number)) == ("地市级", 2020)
    assert permit_source("D150824G2020-0013") == "地下水"


def test_an_old_permit_number_tells_nothing() -> None:
    old = "取水（示）字〔2015〕第13号"
    assert [part(old) for part in (permit_source, permit_area, permit_level, permit_year)] == [None] * 4


@pytest.mark.parametrize(
    "code", ["11150525011653293A", "11152128011619116H", "1115012301170293XF", "11320000MB151840XJ"]
)
def test_real_credit_codes_pass_both_checks(code: str) -> None:
    assert read_credit_code(f" {code.lower()} ") == Reading(code)


@pytest.mark.parametrize(
    ("raw", "code", "suggestion"),
    [
        ("93150824MAEEEHA36A", "uscc_checksum_failed", None),
        ("9315O824MA33G8BC2Y", "uscc_illegal_character", "93150824MA33G8BC2Y"),
        ("9315O824MA33G8BC2X", "uscc_illegal_character", None),
        ("11010519491231002X", "uscc_checksum_failed", None),
        ("123", "uscc_checksum_failed", None),
    ],
)
def test_a_wrong_credit_code_is_asked_about(raw: str, code: str, suggestion: str | None) -> None:
    reading = read_credit_code(raw)
    assert outcome(reading) == (suggestion or raw, code)
    assert reading.problem is not None
    assert (reading.problem.severity, reading.problem.suggestion) == ("confirm", suggestion)


def test_an_identity_number_among_credit_codes_is_named_as_one() -> None:
    assert "身份证号" in sentence(read_credit_code("11010519491231002X"))
    assert "信用代码" in sentence(read_id_number("11150525011653293A"))


@pytest.mark.parametrize(
    "raw", ["11010519491231002X", "11010519491231002x ", "110105 19491231 002X", "１１０１０５19491231002Ｘ"]
)
def test_a_right_identity_number_is_normalised(raw: str) -> None:
    assert read_id_number(raw) == Reading("11010519491231002X")


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        ("150824190008183291", "校验不对"),
        ("150824190013131717", "出生日期不存在"),
        ("1508241900031317", "16 位"),
        ("150824********1012", "星号"),
    ],
)
def test_a_wrong_identity_number_is_kept_and_asked_about(raw: str, why: str) -> None:
    reading = read_id_number(raw)
    assert outcome(reading) == (raw, "id_checksum_failed")
    assert why in sentence(reading)


@pytest.mark.parametrize(
    "raw", [1.508241900030116e17, "1.50824E+17", "1.5E17", 150824190003011600, float("nan")]
)
@pytest.mark.parametrize("reader", [read_id_number, read_credit_code])
def test_a_number_damaged_by_the_spreadsheet_is_refused(raw: Any, reader: Any) -> None:
    reading = reader(raw)
    assert outcome(reading) == (None, "id_number_lossy")
    assert reading.problem.severity == "refuse"


@pytest.mark.parametrize("raw", ["150824900313171", 150824900313171.0])
def test_a_number_of_the_first_generation_is_taken_with_its_new_form(raw: Any) -> None:
    reading = read_id_number(raw)
    assert reading.value == "150824900313171"
    assert reading.problem is not None
    assert reading.problem.severity == "info"
    assert checksums.is_id_number(reading.problem.suggestion)


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        ("13900000004", "13900000004"),
        ("139-0000-0004", "13900000004"),
        ("139 0000 0161", "13900000161"),
        ("１３９０００００００８", "13900000008"),
        (13900000083.0, "13900000083"),
        ("+86 139 0000 0004", "13900000004"),
        ("0478-5550002", "0478-5550002"),
        ("04785550002", "04785550002"),
        ("(0478)5550002", "0478-5550002"),
        ("0478 5550002", "0478-5550002"),
        ("5550001", "5550001"),
        ("400-123-4567", "400-123-4567"),
        ("13900000065、5550001", "13900000065/5550001"),
        ("13900000001；0478-5550002", "13900000001/0478-5550002"),
        ("13900000001 13900000002", "13900000001/13900000002"),
        ("139 0000 0001 139 0000 0002", "13900000001/13900000002"),
    ],
)
def test_a_phone_number_is_normalised(raw: Any, number: str) -> None:
    assert read_phone(raw) == Reading(number)


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("1390000012", "1390000012"),
        ("139****0001", "139****0001"),
        ("无电话", "无电话"),
        ("13900000001/123456", "13900000001/123456"),
        (4785550002.0, "0478-5550002"),
        ("13900000001（张三）", "13900000001"),
    ],
)
def test_a_wrong_phone_number_is_asked_about(raw: Any, value: str) -> None:
    assert outcome(read_phone(raw)) == (value, "phone_invalid")


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        ("乌水考﹝2022﹞ 3号", "乌水考〔2022〕3号"),
        ("水资管[2020]79号", "水资管〔2020〕79号"),
        ("宁水审发（2025）171号", "宁水审发〔2025〕171号"),
        ("国令748号", "国令748号"),
        ("", ""),
    ],
)
def test_the_brackets_of_a_document_number_become_those_of_the_standard(raw: str, number: str) -> None:
    assert normalise_document_number(raw) == number


def test_a_cell_of_several_codes_is_split_and_each_taken_once() -> None:
    assert split_codes("150824200201J0006；150824100204J0011、150824200201J0006\n—") == [
        "150824200201J0006",
        "150824100204J0011",
    ]


def test_personal_numbers_are_masked_in_the_middle() -> None:
    assert mask_id("150824190001021012") == "150824********1012"
    assert mask_id("12345") == "*****"
    assert mask_phone("13900000004/0478-5550002/5550001") == "139****0004/0478-***0002/***0001"


BODY = st.text(checksums._ALPHABET, min_size=8, max_size=8)


@given(st.from_regex(r"[159][0-9]{7}", fullmatch=True), BODY)
def test_a_code_with_both_checks_worked_out_is_right_and_any_changed_character_is_not(
    head: str, body: str
) -> None:
    organisation = head + body + checksums.organisation_check(body)
    code = organisation + checksums.credit_check(organisation)
    assert read_credit_code(code) == Reading(code)
    changed = ("1" if code[3] != "1" else "2").join((code[:3], code[4:]))
    assert outcome(read_credit_code(changed)) == (changed, "uscc_checksum_failed")


@given(st.dates(), st.integers(0, 999), st.integers(0, 16))
def test_a_changed_digit_of_an_identity_number_never_passes(born: Any, serial: int, at: int) -> None:
    body = f"150824{born:%Y%m%d}".replace("-", "").zfill(14)[:14] + f"{serial:03d}"
    number = body + checksums.id_check(body)
    wrong = number[:at] + str((int(number[at]) + 1) % 10) + number[at + 1 :]
    assert outcome(read_id_number(wrong))[1] == "id_checksum_failed"


@given(st.text(max_size=30), st.sampled_from(sorted(READERS)))
def test_any_text_is_read_without_failing(text: str, kind: str) -> None:
    assert isinstance(READERS[kind](text), Reading)


@given(st.floats() | st.integers(), st.sampled_from(sorted(READERS)))
def test_any_number_is_read_without_failing(number: float, kind: str) -> None:
    assert isinstance(READERS[kind](number), Reading)
