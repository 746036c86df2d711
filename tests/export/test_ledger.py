"""Ledger workbooks: the house look, heads with units, and reading them back."""

from __future__ import annotations

import importlib.util
import sys
import tracemalloc
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any

import openpyxl
import pytest
import python_calamine
from openpyxl.worksheet.worksheet import Worksheet

from ledger_app import paths
from ledger_app.export import book
from ledger_app.export.ledger import ExportColumn, read_house, write_ledger

COLUMNS = (
    ExportColumn("code", "井编号", "code"),
    ExportColumn("town", "苏木乡镇", "ref"),
    ExportColumn("longitude", "经度", "coordinate"),
    ExportColumn("built_on", "成井日期", "date"),
    ExportColumn("depth_m", "井深", "number", "m", 1),
    ExportColumn("permitted", "许可水量", "number", "万m³", 4),
    ExportColumn("use", "用途", "choice"),
    ExportColumn("meter", "电表号", "code"),
    ExportColumn("remark", "备注", "remark"),
)
ROWS: list[list[Any]] = [
    [
        "150824101001J0007",
        "德岭山镇",
        108.123456,
        "2012-05-04",
        85,
        Decimal("3.88"),
        "农业灌溉",
        "0007",
        "=1+1",
    ],
    ["150824101001J0008", "乌加河镇", None, "2012", None, Decimal("0.0001"), "生活", None, "两\n行"],
]


def exported(path: Path, rows: list[list[Any]] | None = None) -> Worksheet:
    write_ledger(
        path, "乌拉特中旗机电井台账", "2025年9月30日", COLUMNS, rows or ROWS, left_line="填报单位：水利局"
    )
    sheet = openpyxl.load_workbook(path).active
    assert isinstance(sheet, Worksheet)
    return sheet


def test_the_heads_carry_the_units_the_importer_reads(tmp_path: Path) -> None:
    sheet = exported(tmp_path / "a.xlsx")
    assert [c.value for c in sheet[3]] == [
        "井编号",
        "苏木乡镇",
        "经度",
        "成井日期",
        "井深（m）",
        "许可水量（万m³）",
        "用途",
        "电表号",
        "备注",
    ]


def test_values_come_back_as_they_were_written(tmp_path: Path) -> None:
    exported(tmp_path / "a.xlsx")
    workbook = python_calamine.CalamineWorkbook.from_path(str(tmp_path / "a.xlsx"))
    rows = workbook.get_sheet_by_index(0).to_python()[3:]
    assert rows == [
        [
            "150824101001J0007",
            "德岭山镇",
            108.123456,
            date(2012, 5, 4),
            85.0,
            3.88,
            "农业灌溉",
            "0007",
            "=1+1",
        ],
        ["150824101001J0008", "乌加河镇", "", "2012", "", 0.0001, "生活", "", "两\n行"],
    ]


def test_the_page_is_set_up_as_an_office_prints_it(tmp_path: Path) -> None:
    sheet = exported(tmp_path / "a.xlsx")
    assert sheet.page_setup.orientation == "landscape"
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.print_title_rows == "$3:$3"
    assert sheet.freeze_panes == "C4"
    assert sheet.auto_filter.ref == "A3:I5"
    assert "A1:I1" in {str(merged) for merged in sheet.merged_cells.ranges}
    assert "&P" in sheet.oddFooter.center.text


def test_each_kind_has_its_prototype_look(tmp_path: Path) -> None:
    sheet = exported(tmp_path / "a.xlsx")
    formats = [c.number_format for c in sheet[4]]
    assert formats == ["@", "@", "0.000000", "yyyy-mm-dd", "0.0", "0.0000", "@", "@", "@"]
    assert str(sheet["D4"].value) == "2012-05-04 00:00:00"
    assert all(c.border.left.style == "thin" for c in sheet[4])
    assert {sheet["A1"].font.name, sheet["A3"].font.name} == {"黑体", "宋体"}


def test_an_unknown_kind_is_written_as_text_and_places_beyond_six_as_six() -> None:
    house = read_house(paths.resource("templates", "ledger.xlsx"))
    assert house.prototype(ExportColumn("x", "x", "区划")) == house.prototype(ExportColumn("x", "x", "text"))
    assert house.prototype(ExportColumn("x", "x", "number", places=9)).style == house.prototypes["number6"][0]


def test_one_column_and_no_rows_still_make_a_workbook(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    assert write_ledger(path, "空", "单位：眼", COLUMNS[:1], [], left_line="填报单位：甲") == 0
    sheet = openpyxl.load_workbook(path).active
    assert sheet is not None
    assert [c.value for row in sheet.iter_rows() for c in row] == ["空", "填报单位：甲　单位：眼", "井编号"]


def test_the_same_rows_give_the_same_bytes(tmp_path: Path) -> None:
    exported(tmp_path / "a.xlsx")
    exported(tmp_path / "b.xlsx")
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_the_house_workbook_is_what_its_script_makes(tmp_path: Path) -> None:
    script = _script(paths.program_root() / "build_spec" / "make_ledger_template.py")
    script.make(tmp_path / "ledger.xlsx")
    assert (tmp_path / "ledger.xlsx").read_bytes() == paths.resource("templates", "ledger.xlsx").read_bytes()


def test_memory_does_not_grow_with_the_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def rows(count: int) -> Iterator[list[Any]]:
        for number in range(count):
            yield [
                f"J{number:06d}",
                "德岭山镇",
                108.5,
                "2012-05-04",
                number,
                1,
                "生活",
                "1",
                f"备注{number}" * 8,
            ]

    def peak(count: int) -> int:
        tracemalloc.start()
        assert write_ledger(tmp_path / "a.xlsx", "t", "", COLUMNS, rows(count)) == count
        high = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return high

    peak(100)
    monkeypatch.setattr(book, "BUNDLE_BYTES", 2**20)
    assert peak(16_000) < 1.2 * peak(8_000)


def _script(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return module
