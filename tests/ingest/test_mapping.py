"""Headers and contents that name a field: by label, synonym, brackets, unit, likeness, and what stands below."""

from __future__ import annotations

from datetime import date

import pytest

from ledger_app.core.entities import LEDGERS
from ledger_app.core.fields import ReadContext
from ledger_app.ingest.content import recognise
from ledger_app.ingest.mapping import ColumnHead, Profile, map_columns

CONTEXT = ReadContext(date(2025, 9, 30))


def heads(*paths: str) -> list[ColumnHead]:
    return [ColumnHead(i, chr(65 + i), tuple(p.split("›"))) for i, p in enumerate(paths)]


def mapped(ledger: str, *paths: str) -> dict[str, str]:
    found = map_columns(LEDGERS[ledger], heads(*paths))
    return {paths[i]: m.field.name + (f" {m.unit.symbol}" if m.unit else "") for i, m in found.items()}


@pytest.mark.parametrize(
    ("ledger", "header", "field"),
    [
        ("wells", "机电井编码", "code"),
        ("wells", "镇（苏木）", "town"),
        ("wells", "所在嘎查村", "village"),
        ("wells", "打井年份", "completed_on"),
        ("wells", "经度（度）", "longitude"),
        ("wells", "E（经度）", "longitude"),
        ("wells", "目前使用状况", "status"),
        ("wells", "产权人（户主）", "owner"),
        ("wells", "井主姓名", "owner"),
        ("wells", "配套动力（kW）", "pump_power_kw kW"),
        ("wells", "井口直径（mm）", "casing_diameter_mm mm"),
        ("wells", "许可量/m3", "permitted_volume_m3 m³"),
        ("wells", "取水许可情况›许可水量(万方)", "permitted_volume_m3 万m³"),
        ("wells", "成井情况›管径›mm", "casing_diameter_mm mm"),
        ("wells", "基本情况›灌溉机井编号", "code"),
        ("wells", "权属›产权单位（人）", "owner"),
        ("wells", "乡（镇、街道）", "town"),
        ("wells", "静止水位（米）", "depth_to_water_m m"),
        ("permits", "核定取水量（万立方米）", "permitted_volume_m3 万m³"),
        ("permits", "颁证机关", "authority"),
        ("permits", "有效期限›起", "valid_from"),
        ("permits", "有效期限›止", "valid_to"),
        ("permits", "持证单位", "holder"),
        ("closures", "封停时间", "closed_on"),
        ("closures", "处置类型", "method"),
        ("projects", "建设规模（亩）›完成", "completed_area_mu 亩"),
        ("projects", "资金来源（万元）›小计", "investment_yuan 万元"),
        ("projects", "竣工验收时间", "accepted_on"),
    ],
)
def test_a_heading_names_its_field_in_the_words_of_other_towns(ledger: str, header: str, field: str) -> None:
    assert mapped(ledger, header) == {header: field}


@pytest.mark.parametrize("header", ["序号", "单价（元）", "日期", "流域面积（km²）", ""])
def test_a_heading_that_names_nothing_is_left_alone(header: str) -> None:
    assert mapped("wells", header) == {}


def test_a_field_takes_one_column_and_the_better_heading_wins() -> None:
    assert mapped("wells", "井深度", "井深（米）")["井深（米）"] == "depth_m m"


def test_the_heading_above_tells_two_equal_ones_apart() -> None:
    found = mapped("projects", "面积（万亩）›计划", "面积（万亩）›完成", "资金（万元）›合计")
    assert list(found.values()) == ["planned_area_mu 万亩", "completed_area_mu 万亩", "investment_yuan 万元"]


def test_a_profile_is_proposed_when_four_fifths_of_its_paths_stand_in_the_sheet() -> None:
    profile = Profile("甲", {(f"栏{n}",): "" for n in range(5)})
    assert profile.fits(heads("栏0", "栏1", "栏2", "栏3"))
    assert not profile.fits(heads("栏0", "栏1", "栏2"))
    assert profile.differences(heads("栏0", "新栏")) == ([("新栏",)], [(f"栏{n}",) for n in range(1, 5)])
    assert Profile.from_text("甲", profile.as_text()) == profile


def recognised(*columns: tuple[str, list[object]]) -> dict[str, str]:
    own = heads(*(name for name, _ in columns))
    wells = LEDGERS["wells"]
    matches = map_columns(wells, own)
    found = recognise(wells, own, matches, lambda i: columns[i][1], CONTEXT)
    return {columns[i][0]: m.field.name for i, m in found.items()}


def test_words_of_a_closed_list_and_numbers_of_people_are_recognised_below_an_unknown_heading() -> None:
    assert recognised(
        ("甲", ["在用", "停用", "", "已填埋", "在用"]),
        ("乙", ["普通水表", "IC卡", "/", "电折水"]),
        ("丙", ["150824190001021012", "15082419000104103x", "150824190001051043"]),
        ("丁", [13900000001.0, "139 0000 0002", "13900000003"]),
        ("戊", [108.484845, "108.246558", 108.83205]),
        ("己", ["D150824G2020-0001", "d150824g2020-0002", "D150824G2020－0003"]),
    ) == {
        "甲": "status",
        "乙": "metering",
        "丙": "owner_id_no",
        "丁": "phone",
        "戊": "longitude",
        "己": "permit_no",
    }


def test_what_two_columns_would_fit_or_has_no_shape_is_left_to_the_clerk() -> None:
    assert recognised(("甲", ["在用"] * 4), ("乙", ["停用"] * 4)) == {}
    assert recognised(("甲", ["张三", "李四", "王五"]), ("乙", [100.0, 110.0, 120.0])) == {}
