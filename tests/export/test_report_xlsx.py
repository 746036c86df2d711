"""Reports as workbooks: the government layout, merged heads, pictures, pages."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.workbook import Workbook
from PIL import Image

from ledger_app.export.report import Column, Paragraph, Report, Row, Section, Table
from ledger_app.export.report_grid import PAGE_EMS, ems, even_spans, grid_of
from ledger_app.export.report_xlsx import write_xlsx

from .sample import AS_OF, COUNTY, TOWNS, a_report, county_table, list_table


def written(report: Report, path: Path) -> Workbook:
    write_xlsx(report, path)
    return openpyxl.load_workbook(path)


def values(sheet: Any) -> list[list[Any]]:
    return [[c.value for c in row] for row in sheet.iter_rows()]


def only(*parts: Any, **facts: Any) -> Report:
    return Report("r", "某表", "2025", "2025年", AS_OF, sections=(Section("", parts),), **facts)


def test_the_first_sheet_is_the_county_on_one_lying_page_with_the_signed_line(tmp_path: Path) -> None:
    sheet = written(a_report(), tmp_path / "a.xlsx").worksheets[0]
    cells = [value for row in values(sheet) for value in row if value is not None]
    assert cells[:4] == [
        "乌拉特中旗水资源管理工作进展月报",
        "2025年9月（统计期：8月26日至9月25日，数据截至2025年9月25日）",
        "填报单位（盖章）：乌拉特中旗水利局",
        "填报时间：2025年9月26日　单位：眼、万m³、本",
    ]
    assert cells[-5:] == ["单位负责人：", "审核人：", "填表人：", "联系电话：", "报出日期：　　年　月　日"]
    assert sheet.page_setup.orientation == "landscape"
    assert str(sheet.page_setup.paperSize) == "9"
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 1)
    assert "A1:N1" in {str(merged) for merged in sheet.merged_cells.ranges}


def test_heads_of_several_levels_are_merged(tmp_path: Path) -> None:
    sheet = written(only(county_table()), tmp_path / "a.xlsx").worksheets[0]
    [first] = [row[0].row for row in sheet.iter_rows() if row[0].value == "序号"]
    merged = {str(one) for one in sheet.merged_cells.ranges}
    assert {f"A{first}:A{first + 2}", f"C{first}:H{first}", f"D{first + 1}:E{first + 1}"} <= merged
    assert sheet.cell(first, 3).value == "机电井"
    assert sheet.cell(first + 2, 4).value == "新增\n（眼）"
    assert sheet.freeze_panes == f"A{first + 3}"


def test_numbers_are_numbers_rounded_as_they_print_and_unknown_is_a_dash(tmp_path: Path) -> None:
    sheet = written(only(county_table()), tmp_path / "a.xlsx").worksheets[0]
    rows = {row[1]: row for row in values(sheet)}
    assert rows["海流图镇"][10:12] == [25, 28.17]
    assert rows["石哈河镇"][6] == "—"
    assert rows["海流图镇"][4] == 0
    assert rows["合计"][2] == 3105
    cells = {row[1].value: row for row in sheet.iter_rows()}
    assert cells["海流图镇"][11].number_format == "0.00"
    assert cells["合计"][2].font.bold


def test_every_annex_has_a_sheet_with_its_head_repeated(tmp_path: Path) -> None:
    book = written(a_report(), tmp_path / "a.xlsx")
    assert book.sheetnames == [
        "乌拉特中旗水资源管理工作进展月报",
        "图表",
        "附件1海流图镇封停井明细表",
        "附件2乌加河镇封停井明细表",
        "附件3德岭山镇封停井明细表",
    ]
    annex = book.worksheets[2]
    assert annex["A1"].value == "附件1"
    assert annex.print_title_rows == "$4:$4"
    assert annex["A4"].value == "序号"
    assert annex.page_setup.fitToHeight == 0
    assert annex["F5"].number_format == 'yyyy"年"m"月"d"日"'


def test_charts_are_pictures_on_a_sheet(tmp_path: Path) -> None:
    book = written(a_report(), tmp_path / "a.xlsx")
    pictures = book["图表"]._images
    assert len(pictures) == 2
    assert [picture.anchor._from.row for picture in pictures] == [0, 1]
    with zipfile.ZipFile(tmp_path / "a.xlsx") as archive:
        image = Image.open(io.BytesIO(archive.read("xl/media/chart2_1.png")))
    assert image.size == (1530, 480)


def test_only_fonts_every_office_has_are_named(tmp_path: Path) -> None:
    book = written(a_report(), tmp_path / "a.xlsx")
    fonts = {c.font.name for sheet in book for row in sheet.iter_rows() for c in row}
    assert fonts <= {"宋体", "仿宋", "黑体"}


def test_the_same_report_gives_the_same_bytes(tmp_path: Path) -> None:
    write_xlsx(a_report(), tmp_path / "a.xlsx")
    write_xlsx(a_report(), tmp_path / "b.xlsx")
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_text_that_looks_like_a_formula_stays_text(tmp_path: Path) -> None:
    table = Table("", (Column("a", "项目"), Column("b", "数", places=0)), (Row({"a": "=1+1", "b": "=2+2"}),))
    sheet = written(only(table, signature=()), tmp_path / "a.xlsx").worksheets[0]
    [row] = [row for row in sheet.iter_rows() if row[0].value == "=1+1"]
    assert [c.value for c in row] == ["=1+1", "=2+2"]
    assert "f" not in {c.data_type for c in row}
    with zipfile.ZipFile(tmp_path / "a.xlsx") as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


def test_text_too_long_for_a_row_goes_on_in_the_next_with_its_label(tmp_path: Path) -> None:
    measure = "一是加强地下水取水许可管理，撤销4家违规许可证；" * 60
    columns = (Column("n", "序号", places=0), Column("task", "整改任务"), Column("done", "完成情况"))
    sheet = written(
        only(Table("", columns, (Row({"n": 1, "task": "超采区治理", "done": measure}),))), tmp_path / "a.xlsx"
    ).worksheets[0]
    rows = [row for row in values(sheet) if row[1] and row[1].startswith("超采区治理")]
    assert [row[1] for row in rows] == ["超采区治理", *["超采区治理（续）"] * (len(rows) - 1)]
    assert "".join(row[2] for row in rows) == measure
    assert rows[0][0] == 1
    assert all(dimension.height <= 409 for dimension in sheet.row_dimensions.values())


def test_tables_of_different_columns_stand_below_each_other_on_common_edges(tmp_path: Path) -> None:
    uses = Table(
        "按用途",
        (Column("use", "用途"), Column("count", "眼数", "眼", 0)),
        (Row({"use": "农业灌溉", "count": 2835}),),
    )
    sheet = written(only(county_table(TOWNS[:2]), uses), tmp_path / "a.xlsx").worksheets[0]
    rows = values(sheet)
    assert ["按用途"] in [[value for value in row if value is not None] for row in rows]
    [row] = [row for row in rows if row[0] == "农业灌溉"]
    assert [value for value in row if value is not None] == ["农业灌溉", 2835]


def test_the_grid_keeps_the_widths_of_the_table_with_most_columns() -> None:
    small = Table("", (Column("a", "甲"), Column("b", "乙")), (Row({"a": "x", "b": "y"}),))
    alone, both = grid_of([county_table()], "half_up"), grid_of([county_table(), small], "half_up")
    assert sum(both.widths) == pytest.approx(sum(alone.widths))
    assert sum(alone.widths) == pytest.approx(PAGE_EMS)
    assert both.tables[1].edges[0] == 0
    assert both.tables[1].edges[-1] == len(both.widths)
    assert len(both.tables[0].edges) == len(COUNTY) + 1


def test_the_signed_line_is_one_cell_where_the_table_has_few_columns(tmp_path: Path) -> None:
    table = Table("", (Column("a", "甲"),), (Row({"a": "x"}),))
    assert even_spans(grid_of([table], "half_up"), 5) == []
    last = [row for row in values(written(only(table), tmp_path / "a.xlsx").worksheets[0]) if row[0]][-1]
    assert last[0].startswith("单位负责人：　")


def test_prose_and_notes_are_written_over_the_whole_width(tmp_path: Path) -> None:
    report = only(Paragraph("一、总体情况", "heading"), Paragraph("全旗共43眼。"), list_table("某镇", 3))
    sheet = written(report, tmp_path / "a.xlsx").worksheets[0]
    texts = [row[0] for row in values(sheet)]
    assert texts[1:3] == ["　　一、总体情况", "　　全旗共43眼。"]
    assert "“压减水量”按近三年平均取水量计算。" in texts
    assert sheet["A3"].font.name == "仿宋"


@pytest.mark.parametrize(
    "sections", [(), (Section("", ()),), (Section("附表", (Table("", COUNTY, ()),), annex=True),)]
)
def test_empty_reports_are_workbooks_too(sections: tuple[Section, ...], tmp_path: Path) -> None:
    report = replace(only(), sections=sections)
    assert written(report, tmp_path / "a.xlsx").worksheets[0]["A1"].value == "某表"


def test_widths_are_counted_in_chinese_characters() -> None:
    assert ems("乌拉特") == 3
    assert ems("ab\n长长") == 2
