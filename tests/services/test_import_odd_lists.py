"""Lists as they are typed in a hurry: nothing merged, banners for towns, pages, points in pieces."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from ledger_app.core.entities import LEDGERS
from ledger_app.ingest.plan import ImportPlan
from ledger_app.services import opening
from ledger_app.services.importing import plan_import
from ledger_app.services.opening import Session

HEAD = [
    ["序号", "井号", "村名", "井深(m)", "水泵", None, "状态", "户主"],
    [None, None, None, None, "型号", "功率(kW)", None, None],
]


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    path = tmp_path / "county.ledger"
    opening.create_ledger(path, LEDGERS, county_code="150824", bureau="示例旗水利局", who="经办甲")
    with opening.opened(path, LEDGERS, who="经办甲", today=date(2025, 9, 30), write=True) as opened:
        yield opened


def planned(session: Session, ledger: str, rows: Sequence[Sequence[Any]], path: Path) -> ImportPlan:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in rows:
        sheet.append(list(row))
    book.save(path)
    return plan_import(session.conn, LEDGERS, LEDGERS[ledger], path, session.context)


def code(serial: int) -> str:
    return f"150824100201J{serial:04d}"


def well(serial: int) -> list[Any]:
    return [serial, code(serial), "红旗村", 85, "200QJ32", 15, "在用", "张三"]


def test_banners_name_the_town_and_a_new_page_changes_nothing(session: Session, tmp_path: Path) -> None:
    title = ["示例旗机电井台账"]
    rows: list[list[Any]] = [title, *HEAD, ["一、东河镇"], well(1), well(2), ["（一）农灌井"], well(3)]
    rows += [["二、北原苏木"], well(4), ["第 2 页"], title, *HEAD, well(5), ["总计", None, 5]]
    (sheet,) = planned(session, "wells", rows, tmp_path / "list.xlsx").sheets
    assert sheet.header_rows == (2, 3)
    assert sheet.values["code"] == [code(n) for n in range(1, 6)]
    assert sheet.values["town"] == ["东河镇", "东河镇", "东河镇", "北原苏木", "北原苏木"]
    assert sheet.values["pump_power_kw"] == [15] * 5


def test_degrees_minutes_and_seconds_in_columns_of_their_own_are_one_value(
    session: Session, tmp_path: Path
) -> None:
    rows: list[list[Any]] = [
        ["机井编号", "井深", "东经", None, None, "北纬", None, None],
        [None, None, "度", "分", "秒", "度", "分", "秒"],
        [code(1), 85, 108, 29, 5.44, 41, 20, 0.5],
        [code(2), 85, 108, 30, "05.1", "41", None, None],
        [code(3), 85, None, None, None, None, None, None],
    ]
    (sheet,) = planned(session, "wells", rows, tmp_path / "list.xlsx").sheets
    assert sheet.values["longitude"] == [108.484844, 108.501417, None]
    assert sheet.values["latitude"] == [41.333472, 41.0, None]


@pytest.mark.parametrize("form", ["{}-{}", "{}至{}", "{} ~ {}", "自{}起至{}止", "{}\n{}", "{}--{}"])
def test_a_validity_in_one_cell_is_two_days(session: Session, tmp_path: Path, form: str) -> None:
    said = form.format("2021年3月29日", "2026年3月28日")
    rows: list[list[Any]] = [
        ["许可证编号", "取水权人", "有效期限"],
        ["D150824G2021-0001", "甲", said],
        ["D150824G2021-0002", "乙", said],
    ]
    (sheet,) = planned(session, "permits", rows, tmp_path / "list.xlsx").sheets
    assert sheet.values["valid_from"] == ["2021-03-29"] * 2
    assert sheet.values["valid_to"] == ["2026-03-28"] * 2


@pytest.mark.parametrize(
    "said", ["108.4848,41.3335", "E108.4848 N41.3335", "东经108.4848°北纬41.3335°", "41.3335，108.4848"]
)
def test_a_point_in_one_cell_is_longitude_and_latitude(session: Session, tmp_path: Path, said: str) -> None:
    rows: list[list[Any]] = [
        ["机井编号", "井深", "坐标"],
        [code(1), 85, said],
        [code(2), 85, said.replace("4848", "4947")],
    ]
    (sheet,) = planned(session, "wells", rows, tmp_path / "list.xlsx").sheets
    assert (sheet.values["longitude"], sheet.values["latitude"]) == ([108.4848, 108.4947], [41.3335] * 2)
