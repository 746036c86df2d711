"""Where the header is and what every row is: the given workbooks, and others laid out in other ways."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st
from openpyxl import Workbook as NewWorkbook
from openpyxl.utils import range_boundaries

from ledger_app.ingest.layout import (
    SheetLayout,
    column_values,
    filled_column,
    find_layout,
    section_texts,
    units_from_meta,
)
from ledger_app.ingest.workbook import Sheet, read_workbook

IMPORTS = Path(__file__).parents[1] / "data" / "imports"
EXPECTED: dict[str, Any] = json.loads((IMPORTS / "expected.json").read_text(encoding="utf-8"))
SHEETS = [
    (name, number) for name, book in EXPECTED["imports"].items() for number in range(len(book["sheets"]))
]
ROW_KINDS = (
    "title_rows",
    "meta_rows",
    "data_rows",
    "subtotal_rows",
    "total_rows",
    "blank_rows",
    "repeated_header_rows",
    "note_rows",
    "footer_rows",
)


@cache
def given(name: str) -> tuple[Sheet, ...]:
    return read_workbook(IMPORTS / name).sheets


def built(folder: Path, rows: Sequence[Sequence[Any]], merges: str = "") -> Sheet:
    """A sheet written by openpyxl and read back the way a clerk's file is."""
    book = NewWorkbook()
    page = book.active
    assert page is not None
    for row in rows:
        page.append(list(row))
    for place in merges.split():
        page.merge_cells(place)
    book.save(folder / "built.xlsx")
    return read_workbook(folder / "built.xlsx").sheets[0]


def typed(rows: Sequence[Sequence[Any]], merges: str = "") -> Sheet:
    """A sheet as if it had been read."""
    width = max(map(len, rows))
    bounds = [range_boundaries(place) for place in merges.split()]
    spans = tuple((top - 1, left - 1, bottom - 1, right - 1) for left, top, right, bottom in bounds)
    return Sheet(
        "表", [["" if v is None else v for v in row] + [""] * (width - len(row)) for row in rows], spans
    )


def paths(layout: SheetLayout) -> list[tuple[str, ...]]:
    return [column.path for column in layout.columns]


def by_kind(layout: SheetLayout) -> dict[str, list[int]]:
    return {kind: rows for kind in ROW_KINDS if (rows := list(getattr(layout, kind)))}


@pytest.mark.parametrize(("name", "number"), SHEETS)
@pytest.mark.parametrize("merged", [True, False])
def test_every_row_and_heading_of_the_given_workbooks_is_found_with_and_without_merges(
    name: str, number: int, merged: bool
) -> None:
    sheet, expected = given(name)[number], EXPECTED["imports"][name]["sheets"][number]
    layout = find_layout(sheet if merged else replace(sheet, merges=()))

    assert layout.kind == expected["kind"]
    if layout.kind == "data":
        assert by_kind(layout) == {kind: expected[kind] for kind in ROW_KINDS if expected[kind]}
        assert list(dict.fromkeys(layout.header_rows)) == expected["header_rows"]
        assert {c.letter: (list(c.path), c.hidden) for c in layout.columns} == {
            letter: (column["header_path"], column.get("hidden", False))
            for letter, column in expected["columns"].items()
        }


@pytest.mark.parametrize(("name", "number"), [s for s in SHEETS if s[0] == "wells.xlsx"][1:4])
def test_towns_and_villages_are_filled_down_as_a_reader_would(name: str, number: int) -> None:
    sheet, expected = given(name)[number], EXPECTED["imports"][name]["sheets"][number]
    layout = find_layout(sheet)

    towns = filled_column(sheet, layout, 1)
    villages = filled_column(sheet, layout, 2, reset_by=1)

    stated = [(row["values"]["well.town"], row["values"]["well.village"]) for row in expected["rows"]]
    assert [(str(t).strip(), str(v).strip()) for t, v in zip(towns, villages, strict=True)] == stated


def test_a_zone_written_once_is_that_of_the_rows_below() -> None:
    sheet = given("levels.xlsx")[0]
    expected = EXPECTED["imports"]["levels.xlsx"]["sheets"][0]["rows"]

    assert filled_column(sheet, find_layout(sheet), 1) == [row["values"]["level.zone"] for row in expected]


def test_a_header_of_three_levels_with_units_and_column_numbers_below_is_read(tmp_path: Path) -> None:
    sheet = built(
        tmp_path,
        [
            ["示例旗取水口统计表"],
            ["填报单位：水利局", None, None, None, None, None, "2025年9月"],
            ["序号", "名称", "取水情况", None, None, None, "备注"],
            [None, None, "许可水量", "实际取水量", None, "小计", None],
            [None, None, None, "地表水", "地下水", None, None],
            [None, None, "万m³", "万m³", "万m³", "万m³", None],
            ["甲", "乙", 1, 2, 3, "4=2+3", 5],
            [1, "一号取水口", 3.5, 1, 2, 3, None],
            [2, "二号取水口", 4.5, 1, 2, 3, "停用"],
        ],
        "A1:G1 C3:F3 D4:E4 A3:A5 B3:B5 G3:G5 C4:C5 F4:F5",
    )

    layout = find_layout(sheet)

    assert layout.header_rows == (3, 6) and layout.number_rows == (7,)
    assert paths(layout) == [
        ("序号",),
        ("名称",),
        ("取水情况", "许可水量", "万m³"),
        ("取水情况", "实际取水量", "地表水", "万m³"),
        ("取水情况", "实际取水量", "地下水", "万m³"),
        ("取水情况", "小计", "万m³"),
        ("备注",),
    ]
    assert by_kind(layout) == {"title_rows": [1], "meta_rows": [2], "data_rows": [8, 9]}


def test_a_total_right_under_the_header_is_no_data(tmp_path: Path) -> None:
    rows = [
        ["乡镇", "井数（眼）", "水量（万m³）"],
        ["合　计", 5, 7.5],
        ["东河镇", 2, 3],
        ["北原苏木", 3, 4.5],
    ]

    layout = find_layout(built(tmp_path, rows))

    assert by_kind(layout) == {"data_rows": [3, 4], "total_rows": [2]}
    assert layout.header_rows == (1, 1) and layout.title_text == ""


def test_months_and_years_may_head_columns_as_numbers_texts_or_dates(tmp_path: Path) -> None:
    def heads(*columns: Any) -> list[tuple[str, ...]]:
        rows = [["各井用水量"], ["井号", "乡镇", *columns], ["J1", "东河镇", *range(len(columns))]]
        layout = find_layout(built(tmp_path, rows, "A1:F1"))
        assert (layout.header_rows, list(layout.data_rows)) == ((2, 2), [3])
        return paths(layout)[2:]

    assert heads("1月", "2月", "3月", "4月") == [("1月",), ("2月",), ("3月",), ("4月",)]
    assert heads(2021, 2022, 2023, 2024) == [("2021",), ("2022",), ("2023",), ("2024",)]
    assert heads(1, 2, 3, 4) == [("1",), ("2",), ("3",), ("4",)]
    assert heads("2021Q1", "2021Q2", "2021Q3", "2021Q4")[3] == ("2021Q4",)
    assert heads(datetime(2024, 1, 1), datetime(2024, 2, 1))[1] == ("2024年2月",)  # noqa: DTZ001


def test_a_table_that_starts_in_the_middle_of_the_sheet_is_found(tmp_path: Path) -> None:
    rows = [
        [],
        [None, None, "机井一览"],
        [],
        [None, None, "机井编号", "乡镇", "井深（m）"],
        [None, None, "J001", "东河镇", 80],
        [None, None, "J002", "东河镇", 90],
    ]

    sheet = built(tmp_path, rows)
    layout = find_layout(sheet)

    assert [c.letter for c in layout.columns] == ["C", "D", "E"]
    assert by_kind(layout) == {"title_rows": [2], "data_rows": [5, 6]}
    assert column_values(sheet, layout, 4) == [80.0, 90.0]


def test_groups_above_a_full_row_of_labels_belong_to_the_header(tmp_path: Path) -> None:
    rows = [
        ["节水项目进展"],
        [None, None, "面积", None, "投资", None],
        ["项目名称", "乡镇", "计划", "完成", "中央", "自筹"],
        ["甲项目", "东河镇", 1, 1, 2, 3],
        ["乙项目", "南滩镇", 1, 1, 2, 3],
    ]

    merged = find_layout(built(tmp_path, rows, "A1:F1 C2:D2 E2:F2"))
    plain = find_layout(built(tmp_path, rows))

    assert merged.header_rows == plain.header_rows == (2, 3)
    assert paths(merged)[2:] == [("面积", "计划"), ("面积", "完成"), ("投资", "中央"), ("投资", "自筹")]
    assert paths(merged) == paths(plain)
    assert merged.title_rows == plain.title_rows == (1,)


def test_one_group_over_some_columns_is_a_level_and_no_title() -> None:
    rows = [
        ["水位观测"],
        ["", "", "2024年", "", ""],
        ["井号", "乡镇", "一月", "二月", "备注"],
        ["J1", "东河镇", 3.1, 3.2, ""],
    ]

    layout = find_layout(typed(rows, "A1:E1 C2:D2"))

    assert paths(layout)[1:4] == [("乡镇",), ("2024年", "一月"), ("2024年", "二月")]


def test_pages_that_repeat_title_unit_line_and_header_leave_only_data() -> None:
    head = [
        ["机电井台账", "", "", ""],
        ["填报单位：东河镇", "", "", "单位：米"],
        ["序号", "井编号", "井深", "备注"],
    ]
    page = [[1, "J1", 80, ""], [2, "J2", 81, ""], ["本页小计", "2眼", "", ""]]
    last = [[3, "J3", 82, ""], ["本页小计", "1眼", "", ""], ["累　计", "3眼", "", ""]]

    layout = find_layout(typed([*head, *page, *head, *last], "A1:D1 A7:D7"))

    assert by_kind(layout) == {
        "title_rows": [1, 7],
        "meta_rows": [2, 8],
        "data_rows": [4, 5, 10],
        "subtotal_rows": [6, 11],
        "total_rows": [12],
        "repeated_header_rows": [9],
    }


def test_total_words_in_remarks_names_and_codes_do_not_make_a_total() -> None:
    rows = [
        ["序号", "项目名称", "乡镇", "井数", "备注"],
        [1, "小计划沟井灌区改造", "东河镇", 3, "与上年合计"],
        [2, "累计达标工程", "合计村", 4, "合计"],
        ["", "", "小计", 7, ""],
        [3, "南渠", "南滩镇", 4, "小计"],
        ["总计（3项）", "", "", 11, ""],
    ]

    layout = find_layout(typed(rows))

    assert by_kind(layout) == {"data_rows": [2, 3, 5], "subtotal_rows": [4], "total_rows": [6]}


def test_a_total_of_a_named_place_is_a_subtotal() -> None:
    rows = [
        ["乡镇", "村", "井号", "水量"],
        ["东河镇", "红旗村", "J1", 3],
        ["东河镇合计", "", "", 3],
        ["南滩镇", "前进村", "J2", 4],
        ["南滩镇", "小计", "", 4],
        ["全旗合计", "", "", 7],
    ]

    layout = find_layout(typed(rows))

    assert by_kind(layout) == {"data_rows": [2, 4], "subtotal_rows": [3, 5], "total_rows": [6]}


def test_signatures_and_notes_are_told_from_data_however_they_are_cut_into_cells() -> None:
    rows = [
        ["序号", "井编号", "负责人", "联系电话"],
        [1, "J1", "张三", "13900000000"],
        ["", "", "", ""],
        ["说明：1. 井深以实测为准。", "", "", ""],
        ["2. 停用的也要填。", "", "", ""],
        ["审核人", "李四", "填表人", "王五"],
        ["", "", "（盖章）", ""],
        ["", "", "2025年9月30日", ""],
    ]

    layout = find_layout(typed(rows))

    assert by_kind(layout) == {
        "data_rows": [2],
        "blank_rows": [3],
        "note_rows": [4, 5],
        "footer_rows": [6, 7, 8],
    }


def test_rows_kept_free_with_only_a_serial_number_are_blank() -> None:
    rows = [["序号", "井编号", "井深"], [1, "J1", 80], [2, "", ""], [3, "J3", 70], [4, "", ""], [5, "  ", ""]]

    layout = find_layout(typed(rows))

    assert by_kind(layout) == {"data_rows": [2, 4], "blank_rows": [3, 5, 6]}


def test_a_banner_across_the_table_is_a_section_and_a_lonely_code_is_data() -> None:
    rows = [
        ["井编号", "村", "井深", "用途"],
        ["一、东河镇", "", "", ""],
        ["J1", "红旗村", 80, "灌溉"],
        ["二、南滩镇", "", "", ""],
        ["J2", "前进村", 90, "灌溉"],
        ["J3", "", "", ""],
        ["J4", "前进村", 90, "灌溉"],
    ]

    layout = find_layout(typed(rows, "A2:D2 A4:D4"))

    assert layout.section_rows == ((2, "一、东河镇"), (4, "二、南滩镇"))
    assert list(layout.data_rows) == [3, 5, 6, 7]
    assert section_texts(layout) == ["一、东河镇", "二、南滩镇", "二、南滩镇", "二、南滩镇"]


def test_a_paste_without_header_is_data_with_empty_paths() -> None:
    layout = find_layout(typed([["J1", "东河镇", 80], ["J2", "东河镇", 90]]))

    assert layout.kind == "data" and layout.header_rows == (0, 0)
    assert list(layout.data_rows) == [1, 2] and paths(layout) == [(), (), ()]


def test_a_sheet_of_explanations_is_no_data_unless_the_caller_knows_its_words() -> None:
    explained = typed(
        [
            ["字段", "填写要求"],
            ["井编号", "按照水利普查的统一规则填写，一眼井一个编号，不得重复，也不得空着"],
            ["井深", "以米为单位，实测的填实测数，没有实测的按成井资料填写，保留一位小数"],
        ]
    )
    named = replace(typed([["井编号", "乡镇", "井深"], ["J1", "东河镇", 80]]), name="填表说明")

    assert find_layout(explained).kind == "not_data"
    assert find_layout(named).kind == "not_data"
    assert find_layout(named, lambda text: text in {"井编号", "乡镇", "井深"}).kind == "data"
    assert find_layout(typed([["", " "], ["", ""]])).kind == "empty"


def test_a_wider_line_of_words_above_the_header_is_passed_over_when_the_caller_knows_the_header() -> None:
    rows = [
        ["东河镇", "红旗村", "机井", "普查成果"],
        ["井编号", "村", "井深", "用途"],
        ["J1", "红旗村", 80, "灌溉"],
    ]

    layout = find_layout(typed(rows), lambda text: text in {"井编号", "井深", "用途"})

    assert layout.header_rows == (2, 2) and layout.title_rows == (1,)


def test_a_title_cut_into_cells_and_notes_above_the_header_are_no_header() -> None:
    rows = [
        ["示例旗", "机电井台账", "", ""],
        ["井编号", "村", "用途", "状态"],
        ["J1", "红旗村", "灌溉", "在用"],
    ]
    noted = [["机电井台账"], ["说明：1.一井一行。"], *rows[1:]]

    assert (find_layout(typed(rows)).header_rows, find_layout(typed(rows)).title_rows) == ((2, 2), (1,))
    assert by_kind(find_layout(typed(noted, "A1:D1 A2:D2"))) == {
        "title_rows": [1],
        "note_rows": [2],
        "data_rows": [4],
    }


def test_names_and_values_in_cells_of_their_own_above_the_header_are_a_meta_line() -> None:
    rows = [
        ["填报单位", "水利局", "填报时间", "2025年9月"],
        ["序号", "井编号", "井深", "用途", "备注"],
        [1, "J1", 80, "灌溉", ""],
    ]

    layout = find_layout(typed(rows))

    assert layout.meta_rows == (1,) and layout.header_rows == (2, 2)


def test_ditto_marks_are_resolved_and_blanks_only_for_places() -> None:
    rows = [
        ["镇", "村", "井号", "用途"],
        ["东河镇", "红旗村", "J1", "灌溉"],
        ["〃", "同上", "J2", "″"],
        ["", "", "J3", ""],
        ["南滩镇", "", "J4", "同上"],
        ["", "前进村", "J5", ""],
    ]
    sheet = typed(rows)
    layout = find_layout(sheet)

    assert filled_column(sheet, layout, 0) == ["东河镇", "东河镇", "东河镇", "南滩镇", "南滩镇"]
    assert filled_column(sheet, layout, 1, reset_by=0) == ["红旗村", "红旗村", "红旗村", "", "前进村"]
    assert filled_column(sheet, layout, 3, mode="ditto") == ["灌溉", "灌溉", "", "灌溉", ""]


def test_a_village_named_only_in_its_subtotal_above_is_that_of_the_wells_below() -> None:
    rows = [
        ["序号", "村", "井号", "井深", "用途", "备注"],
        ["", "红旗村小计", "2眼", "", "", ""],
        [1, "", "J1", 80, "灌溉", ""],
        [2, "", "J2", 80, "灌溉", ""],
        ["", "前进村", "小计", "", "", ""],
        [3, "", "J3", 80, "灌溉", ""],
    ]
    sheet = typed(rows)
    layout = find_layout(sheet)

    assert layout.subtotal_rows == (2, 5)
    assert filled_column(sheet, layout, 1) == ["红旗村", "红旗村", "前进村"]


def test_whether_totals_head_a_plan_can_be_said_by_the_caller() -> None:
    plan = given("plans.xlsx")[0]

    assert find_layout(plan).outline
    told = find_layout(plan, outline=False)
    assert told.total_rows == (4,) and 5 in told.subtotal_rows and 7 in told.data_rows


def test_units_are_taken_from_the_unit_line_and_offices_are_not() -> None:
    assert units_from_meta("填报单位（盖章）：东河镇  填报时间：2025年9月20日  单位：米、亩、万m³") == [
        "米",
        "亩",
        "万m³",
    ]
    assert units_from_meta("填报单位：水利局          单位：眼、万m³") == ["眼", "万m³"]
    assert units_from_meta("计量单位: m³/h；元/m³   2025年") == ["m³/h", "元/m³"]
    assert units_from_meta("（单位：万立方米）") == ["万立方米"]
    assert units_from_meta("单位：kWh（示数）") == ["kWh"]
    assert units_from_meta("单位：东河镇人民政府") == []
    assert units_from_meta("单位负责人：张三") == []


WORDS = (
    *[
        "序号",
        "井编号",
        "乡镇",
        "合计",
        "小计",
        "东河镇",
        "红旗村小计",
        "同上",
        "〃",
        "注：1.",
        "单位负责人：张三",
        "填报单位：水利局",
        "单位：米",
        "J001",
        "2025年9月",
    ],
    *[
        "m",
        "（mm）",
        "备注",
        "1月",
        "2月",
        "说明",
        "审核人",
        "本页合计",
        "3=1+2",
        "甲",
        "乙",
        "D150824G2021-0001",
    ],
    *("", "", "", "", " ", 1.0, 2, 3.5, 2024, True, "长" * 80, "两行\n文字"),
)


@settings(max_examples=150, deadline=None)
@for_all(
    rows=st.integers(1, 9).flatmap(
        lambda width: st.lists(
            st.lists(st.sampled_from(WORDS), min_size=width, max_size=width), min_size=1, max_size=20
        )
    ),
    corners=st.lists(st.tuples(*[st.integers(0, 12)] * 2, *[st.integers(0, 4)] * 2), max_size=4),
    outline=st.sampled_from([None, True, False]),
)
def test_whatever_a_sheet_holds_every_row_below_the_header_is_one_thing(
    rows: list[list[Any]], corners: list[tuple[int, int, int, int]], outline: bool | None
) -> None:
    merges = tuple((top, left, top + down, left + right) for top, left, down, right in corners)
    sheet = Sheet("表", rows, merges)
    layout = find_layout(sheet, outline=outline)
    if layout.kind != "data":
        return
    kinds = [row for rows_of_kind in by_kind(layout).values() for row in rows_of_kind]
    kinds += [*layout.number_rows, *(row for row, _ in layout.section_rows)]
    last = max(number for number, row in enumerate(rows, 1) if any(str(cell).strip() for cell in row))

    assert len(kinds) == len(set(kinds))
    assert set(kinds) >= set(range(layout.header_rows[1] + 1, last + 1))
    for column in layout.columns:
        values = filled_column(sheet, layout, column.index, reset_by=layout.columns[0].index)
        assert len(values) == len(layout.data_rows)


def test_a_cell_joined_over_rows_below_a_blank_line_keeps_its_value() -> None:
    rows = [
        ["村", "井号", "井深"],
        ["红旗村", "J1", 80],
        ["", "J2", 80],
        ["", "", ""],
        ["", "J3", 80],
        ["前进村", "J4", 80],
    ]
    sheet = typed(rows, "A2:A5")
    layout = find_layout(sheet)

    assert layout.blank_rows == (4,)
    assert filled_column(sheet, layout, 0, mode="ditto") == ["红旗村", "红旗村", "红旗村", "前进村"]
