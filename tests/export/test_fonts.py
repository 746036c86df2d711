"""Bundled fonts in PDFs and the breaking of Chinese lines."""

from __future__ import annotations

import io
import random

import pypdfium2
import pytest
from reportlab.pdfgen.canvas import Canvas

from ledger_app.export.fonts import GETA, Typesetter, font_file, pdf_font
from ledger_app.export.pdf_text import CANNOT_END, CANNOT_START, break_lines, chunks

SENTENCE = (
    "乌拉特中旗2024年关停机电井43眼（其中超采区内26眼），压减地下水开采量1240.5万m³，占“十四五”任务的77.13%；"
    "依据《取水许可管理办法》（水资管〔2020〕79号）第十二条，“减二更一”填埋6眼。出水量12.5m³/s，"
    "有效利用系数0.5802——较上年提高……"
)


def em_width(text: str) -> float:
    """Half an em for ASCII, one for the rest."""
    return sum(0.5 if char.isascii() else 1 for char in text)


@pytest.mark.parametrize("face", ["serif", "serif_bold", "sans", "sans_bold"])
def test_text_beyond_the_bmp_can_be_copied_from_the_pdf(face: str) -> None:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, invariant=1)
    canvas.setFont(pdf_font(face), 12)  # type: ignore[arg-type]
    canvas.drawString(72, 700, "𬇙井村𫭟尓镕㎥³㮾abc")
    canvas.save()
    page = pypdfium2.PdfDocument(buffer.getvalue())[0]
    assert page.get_textpage().get_text_bounded().strip() == "𬇙井村𫭟尓镕㎥³㮾abc"


def test_missing_characters_are_drawn_as_geta_and_named() -> None:
    setter = Typesetter()
    assert setter.clean("尓井\U0001f600村\U00020021") == f"尓井{GETA}村{GETA}"
    assert setter.missing == {"\U0001f600", "\U00020021"}


def test_characters_with_a_twin_in_print_are_not_missing() -> None:
    setter = Typesetter()
    assert setter.clean("☑是☐否 −0.5 CO₂") == "√是□否 -0.5 CO2"
    assert not setter.missing


def test_what_the_bold_face_lacks_is_drawn_in_the_regular_one() -> None:
    setter = Typesetter()
    runs = setter.runs(setter.clean("井圓體井"), "serif_bold")
    assert [run.text for run in runs] == ["井", "圓體", "井"]
    assert runs[1].font == pdf_font("serif")


def test_widths_are_those_reportlab_draws() -> None:
    font = pdf_font("serif")
    canvas = Canvas(io.BytesIO())
    assert Typesetter().width(SENTENCE, "serif") * 10 == pytest.approx(canvas.stringWidth(SENTENCE, font, 10))


def test_every_face_has_a_file() -> None:
    assert font_file("sans_bold").name == "NotoSansSC-Bold.ttf"
    assert font_file("serif").stat().st_size > 1_000_000


@pytest.mark.parametrize("width", range(6, 40))
def test_no_line_starts_or_ends_with_a_mark_that_may_not_stand_there(width: int) -> None:
    lines = break_lines(SENTENCE * 3, width, em_width)
    assert "".join(lines) == SENTENCE * 3
    assert all(em_width(line) <= width for line in lines)
    assert not [line for line in lines[1:] if line[0] in CANNOT_START]
    assert not [line for line in lines[:-1] if line[-1] in CANNOT_END]


def test_random_official_prose_keeps_the_rules() -> None:
    rng = random.Random(7)
    pieces = [
        "“任务”",
        "（《办法》）",
        "12.5m³/s",
        "〔2025〕12号",
        "，",
        "。",
        "德岭山镇",
        "、",
        "2025年9月",
        "——",
        "井",
    ]
    for _ in range(60):
        text = "旗" + "".join(rng.choice(pieces) for _ in range(60))
        lines = break_lines(text, rng.randrange(14, 30), em_width)
        assert "".join(lines) == text
        bad = [line for line in lines[1:] if line[0] in CANNOT_START]
        assert not [line for line in bad if not set(line) <= CANNOT_START]
        assert not [line for line in lines[:-1] if line[-1] in CANNOT_END]


@pytest.mark.parametrize(
    "whole", ["12.5m³/s", "1240.5万m³", "43眼", "77.13%", "J0007", "2025年", "9月", "30日", "0.21万亩"]
)
def test_a_number_and_its_unit_are_never_parted(whole: str) -> None:
    text = f"共计{whole}等"
    assert any(whole in piece for piece in chunks(text))
    assert all(whole in "\n".join(break_lines(text, width, em_width)) for width in (6, 7, 8))


def test_what_is_wider_than_a_line_is_cut_and_nothing_is_lost() -> None:
    code = "150824101001J0007-150824101001J0008"
    lines = break_lines(code, 6, em_width)
    assert "".join(lines) == code
    assert all(em_width(line) <= 6 for line in lines)


def test_line_breaks_of_the_text_are_kept() -> None:
    assert break_lines("一\n\n二", 10, em_width) == ["一", "", "二"]
