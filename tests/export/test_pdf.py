"""Reports as PDF: pages, repeated heads, the signed line, text that can be searched."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest

from ledger_app.export.pdf import pdf_bytes, write_pdf
from ledger_app.export.report import Column, Paragraph, Report, Row, Section, Table
from ledger_app.export.table_head import HeadCell, head_cells

from .sample import AS_OF, COUNTY, LIST, TOWNS, a_report, bar_chart, county_table, list_table, month_chart


def pages(report: Report) -> list[str]:
    """The text of every page, without the breaks of its lines."""
    document = pypdfium2.PdfDocument(pdf_bytes(report)[0])
    return [re.sub(r"\s", "", page.get_textpage().get_text_bounded()) for page in document]


def sizes(report: Report) -> list[tuple[int, int]]:
    document = pypdfium2.PdfDocument(pdf_bytes(report)[0])
    return [(round(page.get_width()), round(page.get_height())) for page in document]


def prose(text: str, **facts: object) -> Report:
    section = Section("", (Paragraph(text),), paper="a4")
    return Report("letter", "情况报告", "2025", "2025年", AS_OF, sections=(section,), **facts)  # type: ignore[arg-type]


def test_the_first_page_holds_the_whole_county_and_the_line_that_is_signed() -> None:
    first, *rest = pages(a_report())
    for said in (
        "乌拉特中旗水资源管理工作进展月报",
        "数据截至2025年9月25日）",
        "填报单位（盖章）：乌拉特中旗水利局",
        "合计",
        "1267.43",
        "部分合计数因四舍五入略有误差。",
        "单位负责人：",
        "报出日期：",
        "—1—",
    ):
        assert said in first
    assert all(town in first for town in TOWNS)
    assert not [page for page in rest if "单位负责人：" in page]


def test_charts_that_would_make_the_county_table_small_get_a_page_of_their_own() -> None:
    beside = replace(
        a_report(),
        sections=(Section("", (county_table(TOWNS[:2]),)), Section("", (bar_chart(), month_chart()))),
    )
    assert len(pages(beside)) == 1
    county, charts, *_ = pages(a_report())
    assert "按月压减水量" not in county
    assert "按月压减水量" in charts
    assert "截至9月25日" in charts


def test_annexes_start_on_new_pages_and_their_heads_repeat() -> None:
    made = pages(a_report(annex_rows=60, towns=2))
    first = next(at for at, page in enumerate(made) if page.startswith("附件1"))
    second = next(at for at, page in enumerate(made) if page.startswith("附件2"))
    assert second - first == 3
    assert all("压减水量（万m³）" in page and "井编号" in page for page in made[first:])
    codes = re.findall(r"150824101\d{3}J\d{4}", "".join(made[first:second]))
    assert len(codes) == 60
    assert "附件封停井明细表" not in "".join(made)


def test_the_only_annex_has_no_number() -> None:
    assert any(re.match(r"附件海流图镇", page) for page in pages(a_report(towns=1)))


def test_zero_prints_0_and_unknown_a_dash() -> None:
    table = Table("", LIST[4:5], (Row({"depth": 0}), Row({"depth": None})))
    [page] = pages(Report("r", "表", "2025", "", AS_OF, sections=(Section("", (table,)),), signature=()))
    assert page == "表井深（m）0.0——1—"


def test_characters_no_font_has_are_named_and_drawn_as_geta() -> None:
    data, result = pdf_bytes(prose("甲\U0001f600乙\U00020021"))
    assert result.missing == ("\U0001f600", "\U00020021")
    text = pypdfium2.PdfDocument(data)[0].get_textpage().get_text_bounded()
    assert "甲〓乙〓" in text


def test_place_names_beyond_the_bmp_are_found_by_searching() -> None:
    assert "𬇙湴苏木" in pages(a_report())[0]


def test_every_font_is_a_bundled_one_and_embedded() -> None:
    data, _ = pdf_bytes(a_report())
    names = set(re.findall(rb"/BaseFont /([^ /\n]+)", data))
    families = {re.fullmatch(rb"[A-Z]{6}\+(\w+)-\w+", name)[1] for name in names}  # type: ignore[index]
    assert families == {b"NotoSerifSC", b"NotoSansSC"}
    assert data.count(b"/FontFile2") == len(names)


def test_the_same_report_gives_the_same_bytes(tmp_path: Path) -> None:
    result = write_pdf(a_report(), tmp_path / "a.pdf")
    write_pdf(a_report(), tmp_path / "b.pdf")
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()
    assert result.pages == len(pypdfium2.PdfDocument(tmp_path / "a.pdf"))


def test_the_signature_takes_the_last_rows_along_to_a_new_page() -> None:
    for count in range(16, 50, 3):
        report = replace(a_report(), sections=(Section("", (list_table("德岭山镇", count),)),))
        made = pages(report)
        if len(made) > 1:
            assert len(re.findall(r"J\d{4}", made[-1])) >= 2
            assert "单位负责人：" in made[-1]


def test_a_row_longer_than_a_page_goes_on_below_with_its_label() -> None:
    measure = "一是加强地下水取水许可管理，撤销4家违规许可证；" * 200
    columns = (
        Column("n", "序号", places=0),
        Column("task", "整改任务"),
        Column("done", "完成情况"),
        Column("r", "备注"),
    )
    rows = (
        Row({"n": 1, "task": "超采区治理", "done": measure, "r": "—"}),
        Row({"n": 2, "task": "末项", "done": "完"}),
    )
    made = pages(
        Report("r", "完成情况表", "2025", "", AS_OF, sections=(Section("", (Table("", columns, rows),)),))
    )
    assert len(made) > 1
    assert "超采区治理（续）" in made[1]
    assert "".join(made).count("撤销4家违规许可证") >= 190
    assert "末项" in made[-1]


def test_prose_stands_on_upright_pages_with_outer_page_numbers() -> None:
    report = prose("截至2025年9月25日，全旗共关停机电井43眼，压减地下水开采量1240.5万m³。" * 40, signature=())
    assert set(sizes(report)) == {(595, 842)}
    assert len(pages(report)) > 1
    assert pages(report)[1].endswith("—2—")


@pytest.mark.parametrize(
    "sections", [(), (Section("空", ()),), (Section("附表", (Table("", COUNTY, ()),), annex=True),)]
)
def test_empty_reports_are_pages_too(sections: tuple[Section, ...]) -> None:
    made = pages(Report("r", "空表", "2025", "", AS_OF, sections=sections))
    assert "空表" in made[0]
    assert "单位负责人：" in made[0]


def test_many_columns_are_set_small_enough_for_the_page() -> None:
    columns = tuple(Column(f"c{at}", f"第{at}列", "万m³", 2) for at in range(25))
    rows = tuple(Row({f"c{at}": 123456.78 for at in range(25)}) for _ in range(3))
    [page] = pages(
        Report("r", "宽表", "2025", "", AS_OF, sections=(Section("", (Table("", columns, rows),)),))
    )
    assert page.count("123456.78") == 75


def test_heads_of_several_levels_merge_equal_neighbours() -> None:
    cells = head_cells(COUNTY[:6])
    assert cells == [
        HeadCell("序号", 0, 2, 0, 0),
        HeadCell("苏木乡镇", 0, 2, 1, 1),
        HeadCell("机电井", 0, 0, 2, 5),
        HeadCell("期初（眼）", 1, 2, 2, 2),
        HeadCell("本期增加", 1, 1, 3, 4),
        HeadCell("本期减少", 1, 1, 5, 5),
        HeadCell("新增（眼）", 2, 2, 3, 3),
        HeadCell("补报以前期（眼）", 2, 2, 4, 4),
        HeadCell("封停（眼）", 2, 2, 5, 5),
    ]
