"""Superiors' forms are filled from the ledger: right rows, right columns, right units, nothing else touched."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from ledger_app.core.entities import LEDGERS
from ledger_app.core.errors import LedgerError
from ledger_app.core.periods import parse_period
from ledger_app.db.store import ActInfo, Store
from ledger_app.services.filling import Done, FormChoices, fill_form, name_of, open_form, propose, remember
from ledger_app.services.filling_words import lines
from ledger_app.services.form_cells import Said, filled
from ledger_app.services.form_period import span_of
from ledger_app.services.form_values import printed_places
from tests.db.county import CLOSURES, PERMITS, PROJECTS, WELLS, County
from tests.services.paper_forms import header, make_form, opened, values

TEMPLATES = Path(__file__).parents[1] / "data" / "templates"
WELL_FORM = TEMPLATES / "机电井台账（报送版）.xlsx"
DAY = date(2025, 10, 3)
ACT = ActInfo("import", "张三")


@pytest.fixture
def filling(store: Store, county: County, tmp_path: Path) -> Filling:
    with store.act(ACT) as act:
        act.insert(
            LEDGERS["parameters"],
            {"name": "bureau_name", "value": "示例旗水利局", "valid_from": "2000-01-01"},
        )
    return Filling(store, county, tmp_path)


class Filling:
    """A small county, and forms filled from it."""

    def __init__(self, store: Store, county: County, folder: Path) -> None:
        self.store, self.county, self.folder = store, county, folder

    def change(self, entity: Any, uid: str, **cells: Any) -> None:
        with self.store.act(ACT) as act:
            act.update(entity, uid, cells)

    def add(self, entity: Any, *rows: dict[str, Any]) -> list[str]:
        with self.store.act(ACT) as act:
            return act.insert_many(entity, rows)

    def propose(self, form: Path, period: str = "2025-09", **choices: Any) -> Any:
        return propose(
            self.store.conn,
            LEDGERS,
            open_form(form, LEDGERS),
            parse_period(period),
            DAY,
            FormChoices(**choices),
        )

    def fill(self, form: Path, period: str = "2025-09", **choices: Any) -> Done:
        return fill_form(
            self.store.conn, self.propose(form, period, **choices), self.folder / f"out-{form.name}"
        )

    def form(self, name: str, *heads: str, title: str = "示例旗台账", **more: Any) -> Path:
        """A plain form: title, header in row 3, four ruled rows, a note."""
        last = chr(ord("A") + len(heads) - 1)
        cells = {"A1": title, "A8": "注：如实填写。"} | header(3, *heads) | more.pop("cells", {})
        return make_form(self.folder / f"{name}.xlsx", cells, ruled=f"A3:{last}7", **more)


# ---- rows ----------------------------------------------------------------------------------------


def test_a_well_form_lists_the_wells_existing_at_the_end_of_the_period_in_code_order(
    filling: Filling,
) -> None:
    wells = filling.county.wells
    filling.change(WELLS, wells[0], permitted_volume_m3=38805, completed_on="2012-05", owner="王一")
    filling.change(WELLS, wells[1], completed_on="2025-10-01")
    filling.add(CLOSURES, {"well_uid": wells[2], "method": "封填", "closed_on": "2025-08-20"})
    done = filling.fill(WELL_FORM)
    page = opened(done.result.out)
    assert done.rows == 10
    codes = [page.cell(row, 2).value for row in range(5, 15)]
    assert codes == sorted(codes)
    assert [page.cell(row, 1).value for row in range(5, 15)] == list(range(1, 11))
    first = values(page, 5)
    assert first[1:8] == ["150824101205J0000", "德岭山镇", "大圣村", 108, "/", "2012-05", 80]
    assert first[15:19] == ["王一", "/", "D150824G2022-0001", 3.88]
    assert page["B15"].value == "=COUNTA(B5:B14)"
    assert page["S15"].value == "=SUM(S5:S14)"
    assert "现有的机电井 10 眼" in done.notes[0]


def test_labels_with_blanks_are_filled_and_signatures_left_to_those_who_sign(filling: Filling) -> None:
    page = opened(filling.fill(WELL_FORM).result.out)
    assert page["A2"].value == "填报单位（盖章）：示例旗水利局"
    assert page["I2"].value == "填报时间：2025年10月3日"
    assert page["Q2"].value == "坐标系：CGCS2000"
    assert page["A19"].value == "单位负责人："
    assert page["U20"].value == "报出日期：    年    月    日"


def test_personal_numbers_are_masked_unless_the_clerk_says_otherwise(filling: Filling) -> None:
    filling.change(WELLS, filling.county.wells[0], phone="13904781234")
    assert opened(filling.fill(WELL_FORM).result.out)["Q5"].value == "139****1234"
    assert opened(filling.fill(WELL_FORM, masked=False).result.out)["Q5"].value == "13904781234"


def test_a_form_for_no_record_keeps_its_blank_rows(filling: Filling) -> None:
    form = filling.form("c", "序号", "井编号", "处置类别", "完成日期", title="2024年封停机电井登记表")
    done = filling.fill(form, "2024")
    assert done.rows == 0
    assert [values(opened(done.result.out), row) for row in range(4, 8)] == [[None] * 4] * 4


def test_permits_in_force_at_the_end_of_the_period_are_listed(filling: Filling) -> None:
    first, second = filling.county.permits
    filling.change(PERMITS, first, valid_from="2020-10-01", valid_to="2025-09-30")
    filling.change(PERMITS, second, valid_from="2020-01-01", valid_to="2024-12-31")
    filling.add(
        PERMITS, {"number": "D150824G2025-0009", "valid_from": "2025-10-01", "valid_to": "2030-09-30"}
    )
    form = filling.form("p", "序号", "取水许可证编号", "取水权人", "年许可水量（万m³）", "有效期限", "状态")
    page = opened(filling.fill(form).result.out)
    assert values(page, 4) == [
        1,
        "D150824G2022-0001",
        "甲公司",
        1.20005,
        "2020年10月1日至2025年9月30日",
        "有效",
    ]
    assert values(page, 5)[1] is None


def test_closures_are_those_of_the_span_the_title_names_with_the_columns_of_their_wells(
    filling: Filling,
) -> None:
    wells = filling.county.wells
    filling.add(
        CLOSURES,
        {"well_uid": wells[0], "method": "封填", "closed_on": "2025-03-20", "reduced_volume_m3": 12000},
        {"well_uid": wells[1], "method": "移交供水公司", "closed_on": "2025-09-02"},
        {"well_uid": wells[2], "method": "封填", "closed_on": "2024-12-31"},
        {"well_uid": wells[3], "method": "封填"},
    )
    heads = ("序号", "乡镇", "村", "井编号", "井深（m）", "处置类别", "完成日期", "压减水量（万m³）")
    form = filling.form("c", *heads, title="示例旗2025年度封停机电井登记表", formats={"G": "yyyy/m/d"})
    done = filling.fill(form)
    rows = [values(opened(done.result.out), row) for row in (4, 5)]
    assert rows[0] == [
        1,
        "德岭山镇",
        "大圣村",
        "150824101205J0000",
        80,
        "封填",
        datetime(2025, 3, 20),  # noqa: DTZ001 - as openpyxl gives it
        1.2,
    ]
    assert rows[1][3:6] == ["150824101205J0001", 80.5, "移交供水公司"]
    assert "其中移交供水公司 1 眼（不算关停）" in done.notes[0]
    assert any("没有完成日期，没有列入" in note for note in done.notes)
    monthly = filling.form("m", *heads, title="封停机电井登记表（2025年  月）", formats={"G": "yyyy/m/d"})
    assert filling.fill(monthly).rows == 1


def test_projects_in_hand_or_finished_follow_the_words_of_the_title(filling: Filling) -> None:
    filling.change(PROJECTS, filling.county.project, started_on="2023-04", completed_on="2024-08")
    filling.add(
        PROJECTS,
        {"name": "喷灌一期", "started_on": "2024-09", "accepted_on": "2025-06-30", "planned_area_mu": 5000},
        {"name": "喷灌二期", "started_on": "2025-05"},
        {"name": "喷灌三期", "started_on": "2025-10"},
    )
    heads = ("序号", "项目名称", "计划面积（万亩）", "开工时间", "验收时间")
    form = filling.form("p", *heads, title="2025年节水项目统计表")
    page = opened(filling.fill(form).result.out)
    assert [page.cell(row, 2).value for row in range(4, 7)] == ["喷灌二期", "喷灌一期", None]
    assert page["C5"].value == 0.5
    ended = filling.form("q", *heads, title="2025年竣工验收节水项目清单")
    assert filling.fill(ended).rows == 1


def test_tasks_stand_with_their_measures_and_results(filling: Filling) -> None:
    (task,) = filling.add(
        LEDGERS["rectifications"],
        {
            "problem": "机电井底数不清。",
            "responsible_units": "县水利局、农牧局",
            "deadline_text": "2025年6月底",
        },
    )
    filling.add(
        LEDGERS["rectification_measures"],
        {"task_uid": task, "position": 2, "ordinal": "二是", "text": "建台账。", "done": "否"},
        {
            "task_uid": task,
            "position": 1,
            "ordinal": "一是",
            "text": "核查。",
            "done": "是",
            "progress": "已核查。",
        },
    )
    done = filling.fill(TEMPLATES / "整改任务完成情况表.xlsx", "2025")
    assert values(opened(done.result.out), 6)[:8] == [
        1,
        "机电井底数不清。",
        "县水利局、农牧局",
        "2025年6月底",
        None,
        "一是核查。\n二是建台账。",
        "一是已核查。",
        0.5,
    ]


def test_a_title_that_names_a_town_or_a_use_lists_only_those(filling: Filling) -> None:
    filling.add(LEDGERS["regions"], {"name": "示例旗"})
    county = filling.store.rows(LEDGERS["regions"], "name = '示例旗'")[0]["uid"]
    for town in filling.county.towns:
        filling.change(LEDGERS["regions"], town, parent_uid=county)
    filling.change(WELLS, filling.county.wells[0], use="农业灌溉")
    heads = ("序号", "井编号", "乡镇", "主要用途", "井深（m）")
    town = filling.fill(filling.form("t", *heads, title="石哈河镇机电井台账"))
    assert {opened(town.result.out).cell(row, 3).value for row in range(4, 10)} == {"石哈河镇"}
    use = filling.fill(filling.form("u", *heads, title="农业灌溉机电井台账"))
    assert use.rows == 1
    assert "其中表题所说的“农业灌溉” 1 眼" in use.notes[0]


# ---- columns and cells ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "关井压采统计表",
        "取用水问题台账月调度表",
        "年度用水计划执行表",
        "超采区水位变化季报",
        "超采区治理进展月报",
    ],
)
def test_a_form_that_lists_no_records_is_refused_with_a_sentence(filling: Filling, name: str) -> None:
    with pytest.raises(LedgerError, match="不能照台账逐行填") as refused:
        filling.fill(TEMPLATES / f"{name}.xlsx")
    assert refused.value.code == "not_a_list"
    assert not list(filling.folder.glob("out-*"))


def test_a_plan_broken_down_from_county_to_well_is_no_list_of_wells(filling: Filling) -> None:
    with pytest.raises(LedgerError, match="不能照台账逐行填"):
        filling.propose(TEMPLATES.parent / "imports" / "plans.xlsx")


def test_values_are_converted_to_the_headings_unit_and_rounded_once_as_printed(filling: Filling) -> None:
    filling.change(
        WELLS, filling.county.wells[0], permitted_volume_m3=28165, irrigated_area_mu=126.5, depth_m=85.25
    )
    form = filling.form(
        "u",
        "井编号",
        "许可水量",
        "许可量占用（m³）",
        "灌溉面积（公顷）",
        "井深（米）",
        "东经（度分秒）",
        "成井年份",
        cells={"A2": "单位：万m³"},
        formats={"B": "0.00", "D": "0.0"},
    )
    filling.change(WELLS, filling.county.wells[0], completed_on="1998-07", longitude=108.656389)
    row = values(opened(filling.fill(form, columns={"C": "planned_volume_m3"}).result.out), 4)
    assert row == ["150824101205J0000", 2.82, None, 8.4, 85.25, "108°39′23″", 1998]


def test_words_follow_the_forms_own_list_and_foreign_ones_are_said(filling: Filling) -> None:
    filling.change(WELLS, filling.county.wells[0], use="农业灌溉")
    filling.change(WELLS, filling.county.wells[1], use="渔业")
    form = filling.form("w", "井编号", "主要用途", "乡镇", lists={"B4:B7": "农灌,工业,生活"})
    done = filling.fill(form)
    page = opened(done.result.out)
    assert (page["B4"].value, page["B5"].value) == ("农灌", "渔业")
    assert any("渔业不在这张表的下拉选项里" in note for note in done.notes)


def test_a_heading_that_says_nothing_alone_belongs_to_its_group(filling: Filling) -> None:
    cells = header(3, "井编号", "权属人") | header(4, "名称", "电话", first=2)
    form = make_form(
        filling.folder / "g.xlsx",
        {"A1": "机电井台账"} | cells,
        ruled="A3:C8",
        merged=("A3:A4", "B3:C3"),
    )
    found = filling.propose(form).listing.matches
    assert [found[n].field.name for n in (0, 1, 2)] == ["code", "owner", "phone"]


def test_a_total_row_without_formulas_gets_the_sum_of_what_is_printed(filling: Filling) -> None:
    for uid in filling.county.wells:
        filling.change(WELLS, uid, permitted_volume_m3=10049)
    form = filling.form(
        "s",
        "序号",
        "井编号",
        "许可水量（万m³）",
        cells={"A8": "合计", "C8": None},
        formats={"C": "0.00"},
        title="机电井",
    )
    page = opened(filling.fill(form).result.out)
    assert page["A16"].value == "合计"
    assert page["C4"].value == 1
    total = make_form(
        filling.folder / "t.xlsx",
        {"A1": "机电井", "A6": "合计"} | header(3, "序号", "井编号", "许可水量（万m³）"),
        ruled="A3:C6",
        formats={"C": "0.00"},
    )
    page = opened(filling.fill(total).result.out)
    assert (page["A16"].value, page["C16"].value) == ("合计", 12)


def test_last_months_filled_form_is_filled_anew_without_leftovers(filling: Filling) -> None:
    old = {f"{column}{row}": f"旧{row}" for column in "BCDE" for row in range(4, 8)}
    old |= {f"F{row}": "眼" for row in range(4, 8)}
    heads = ("序号", "井编号", "井深", "户主", "负责领导", "计量单位")
    form = filling.form("f", *heads, cells=old, title="（2025年8月）机电井台账")
    keep = filling.county.wells[:2]
    with filling.store.act(ACT) as act:
        act.delete_many(WELLS, [uid for uid in filling.county.wells if uid not in keep])
    done = filling.fill(form)
    page = opened(done.result.out)
    assert [values(page, row)[1:] for row in range(4, 8)] == [
        ["150824101205J0000", 80, None, None, "眼"],
        ["150824101205J0001", 80.5, None, None, "眼"],
        [None, None, None, None, "眼"],
        [None, None, None, None, "眼"],
    ]
    assert any("原来填着 4 行" in note for note in done.notes)
    assert any("多出的已清空" in note for note in done.notes)
    assert page["A1"].value == "（2025年9月）机电井台账"


def test_the_clerks_columns_and_cells_win(filling: Filling) -> None:
    form = filling.form("k", "井编号", "水量", "乡镇", cells={"A2": "填报单位："})
    choices = {
        "columns": {"B": "planned_volume_m3", "C": ""},
        "cells": {(2, 1): "填报单位：水政科", (1, 1): ""},
    }
    filling.change(WELLS, filling.county.wells[0], planned_volume_m3=20000)
    page = opened(filling.fill(form, ledger="wells", **choices).result.out)
    assert values(page, 4) == ["150824101205J0000", 2, None]
    assert page["A2"].value == "填报单位：水政科"


def test_a_remembered_mapping_works_next_month_and_what_no_longer_fits_is_said(filling: Filling) -> None:
    heads = ("序号", "井编号", "乡镇", "水量", "分管领导")
    first = filling.propose(filling.form("a", *heads, title="机电井月报"), columns={"D": "planned_volume_m3"})
    assert first.profile is None
    assert remember(filling.store, first, name_of(first), "张三")
    assert remember(filling.store, first, name_of(first), "张三") is None
    again = filling.propose(filling.form("b", *heads, title="机电井月报"), "2025-10")
    assert again.listing.matches[3].field.name == "planned_volume_m3"
    assert (again.profile and again.profile.name, again.new, again.gone) == ("机电井月报", (), ())
    grown = filling.propose(filling.form("c", *heads[:4], "电表号", title="机电井月报"), profile="机电井月报")
    assert grown.listing.matches[3].field.name == "planned_volume_m3"
    said = " ".join(grown.notes())
    assert "新出现的列：电表号" in said
    assert "这张表没有的列：分管领导" in said


def test_every_line_of_what_was_done_is_said(filling: Filling) -> None:
    said = list(lines(filling.fill(WELL_FORM)))
    assert any(line.startswith("下移：机电井台账!第 8 行起 插入 9 行") for line in said)
    assert said[-1].endswith("out-机电井台账（报送版）.xlsx。")


def test_the_form_itself_is_never_written_and_cannot_be_the_result(filling: Filling) -> None:
    before = WELL_FORM.read_bytes()
    filling.fill(WELL_FORM)
    assert WELL_FORM.read_bytes() == before
    form = filling.form("same", "井编号", "乡镇", "井深")
    with pytest.raises(LedgerError, match="不能存成原表自己"):
        fill_form(filling.store.conn, filling.propose(form), form)


@pytest.mark.parametrize(
    ("text", "period", "said"),
    [
        (
            "填报单位（公章）：        填报日期：   年  月  日",
            "2025-09",
            "填报单位（公章）：示例旗水利局    填报日期：2025年10月3日",
        ),
        ("截至日期：    年  月  日", "2025-09", "截至日期：2025年9月30日"),
        ("截至日期：2025年8月31日", "2025", "截至日期：2025年10月3日"),
        ("____县2024年度机电井台账", "2025", "示例旗2025年度机电井台账"),
        ("（2025年  月）", "2025-09", "（2025年9月）"),
        ("（2025年  月）", "2025", "（2025年  月）"),
        ("2024年第四季度报表", "2025Q3", "2025年第三季度报表"),
        ("（    年度）", "2025", "（2025年度）"),
        ("近三年来的变化", "2025", "近三年来的变化"),
        ("填报单位：某镇人民政府", "2025", "填报单位：某镇人民政府"),
    ],
)
def test_blanks_of_titles_and_labels_are_filled_in_their_own_manner(
    text: str, period: str, said: str
) -> None:
    facts = Said("示例旗水利局", "示例旗", parse_period(period), DAY)
    assert filled(text, facts, title=True)[0] == said


@pytest.mark.parametrize(
    ("title", "period", "span"),
    [
        ("2025年度封停登记表", "2025-06", ("2025-01-01", "2025-06-30")),
        ("封停登记表（2025年6月）", "2025-06", ("2025-06-01", "2025-06-30")),
        ("2025年第二季度封停登记表", "2025-05", ("2025-04-01", "2025-05-31")),
        ("累计封停登记表", "2025", ("1900-01-01", "2025-12-31")),
        ("封停登记表", "2025Q1", ("2025-01-01", "2025-03-31")),
    ],
)
def test_the_title_says_which_span_a_form_speaks_of(title: str, period: str, span: tuple[str, str]) -> None:
    found = span_of(title, parse_period(period))
    assert (found.start.isoformat(), found.end.isoformat()) == span


@pytest.mark.parametrize(
    ("code", "places"),
    [
        ("General", None),
        ("@", None),
        ("0.00", 2),
        ('0"眼"', 0),
        ("#,##0.0_ ", 1),
        ("0.0%", 1),
        ("0.00E+00", None),
    ],
)
def test_a_number_format_says_how_many_decimals_are_printed(code: str, places: int | None) -> None:
    assert printed_places(code) == places
