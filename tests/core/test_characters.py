"""Widths, blanks, dashes and numerals."""

from __future__ import annotations

import pytest

from ledger_app.core.characters import arabic, chinese_integer, half_width, hyphens


def test_full_width_text_becomes_half_width_and_odd_blanks_go() -> None:
    assert half_width("　ＩＣ卡（１２）\u200b\u00a0") == "IC卡(12)"


def test_a_line_break_inside_becomes_a_blank() -> None:
    assert half_width("200QJ\n50") == "200QJ 50"


def test_every_dash_becomes_a_hyphen() -> None:
    assert hyphens("2020—0010 2020－0012 2020–1") == "2020-0010 2020-0012 2020-1"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("八十五", 85),
        ("十", 10),
        ("一百二十", 120),
        ("一百零五", 105),
        ("二〇二五", 2025),
        ("三万", 30000),
        ("一亿二千万", 120_000_000),
        ("三万五千", 35000),
        ("两千", 2000),
        ("二五百", None),
        ("自流", None),
        ("", None),
    ],
)
def test_numerals_are_read(text: str, value: int | None) -> None:
    assert chinese_integer(text) == value


def test_numerals_are_replaced_where_they_stand() -> None:
    assert arabic("二〇二五年十二月三十一日前") == "2025年12月31日前"
