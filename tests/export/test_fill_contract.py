"""The contract of filling on workbooks made at random by openpyxl: what changes is what must."""

from __future__ import annotations

import random
import zipfile
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

from ledger_app.export.fill import fill_cells
from tests.export.forms import changed

SHEET = "xl/worksheets/sheet1.xml"


def form(path: Path, seed: int) -> Path:
    """A workbook of two or three sheets with a bit of everything in places that the seed decides."""
    rng = random.Random(seed)
    book = Workbook()
    sheets = [book.active, *(book.create_sheet(name) for name in ["汇总 表", "O'Brien"][: rng.randint(1, 2)])]
    sheets[0].title = "数据"
    for sheet in sheets:
        for _ in range(rng.randint(5, 40)):
            cell = sheet.cell(rng.randint(1, 25), rng.randint(1, 8))
            cell.value = rng.choice([rng.randint(0, 99), rng.random(), "文字", "=1+1", True, None, "<&>"])
            if rng.random() < 0.3:
                cell.font, cell.fill = Font(bold=True), PatternFill("solid", "FFEEEE")
    data = sheets[0]
    for n in range(1, rng.randint(2, 6)):
        target = rng.choice(sheets)
        row = rng.randint(1, 20)
        place = f"{get_column_letter(9 + n)}{rng.randint(1, 25)}"
        target[place] = rng.choice(
            [f"=SUM(数据!A{row}:C{row + 3})", f"=数据!$B${row}*2", "=SUM(数据!D:D)", "=区域"]
        )
    book.defined_names["区域"] = DefinedName("区域", attr_text="数据!$E$1:$F$9")
    data.freeze_panes = "B3"
    data.print_area = "A1:H25"
    data.conditional_formatting.add("A2:C20", CellIsRule(operator="lessThan", formula=["$G$1"]))
    validation = DataValidation(type="list", formula1='"是,否"')
    validation.add("D2:D20")
    data.add_data_validation(validation)
    data["A1"].comment = Comment("填写说明", "县局")
    chart = BarChart()
    chart.add_data(Reference(data, min_col=7, min_row=1, max_row=8))
    sheets[-1].add_chart(chart, "K2")
    book.save(path)
    return path


def values(path: Path) -> dict[tuple[str, str], Any]:
    book = load_workbook(path)
    return {
        (sheet.title, cell.coordinate): cell.value
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }


@pytest.mark.parametrize("seed", range(12))
def test_an_empty_plan_copies_the_file(tmp_path: Path, seed: int) -> None:
    before, out = form(tmp_path / "form.xlsx", seed), tmp_path / "out.xlsx"
    fill_cells(before, {"sheets": {"数据": {"cells": {}, "blocks": []}}}, out)
    assert out.read_bytes() == before.read_bytes()


@pytest.mark.parametrize("seed", range(12))
def test_a_cell_nobody_reads_changes_one_part_and_nothing_in_it_but_the_cell(
    tmp_path: Path, seed: int
) -> None:
    before, out = form(tmp_path / "form.xlsx", seed), tmp_path / "out.xlsx"
    fill_cells(before, {"sheets": {"数据": {"cells": {"H30": "新"}}}}, out)
    assert changed(before, out) == {SHEET}
    assert values(out) == values(before) | {("数据", "H30"): "新"}


@pytest.mark.parametrize("seed", range(12))
def test_a_cell_that_is_read_changes_its_readers_and_asks_for_calculation(tmp_path: Path, seed: int) -> None:
    before, out = form(tmp_path / "form.xlsx", seed), tmp_path / "out.xlsx"
    place = f"B{seed + 1}"
    fill_cells(before, {"sheets": {"数据": {"cells": {place: 5}}}}, out)
    allowed = {SHEET, "xl/workbook.xml", "xl/charts/chart1.xml"}
    assert changed(before, out) <= allowed | {f"xl/worksheets/sheet{n}.xml" for n in (2, 3)}
    assert values(out) == values(before) | {("数据", place): 5}


@pytest.mark.parametrize("seed", range(12))
def test_rows_put_in_move_every_cell_below_and_lose_none(tmp_path: Path, seed: int) -> None:
    before, out = form(tmp_path / "form.xlsx", seed), tmp_path / "out.xlsx"
    first = 3 + seed
    entry = {"first_row": first, "blank_rows": 2, "columns": ["AZ"], "rows": [[n] for n in range(7)]}
    result = fill_cells(before, {"sheets": {"数据": {"blocks": [entry]}}}, out)
    old, new = values(before), values(out)
    for (sheet, place), value in old.items():
        row = int("".join(c for c in place if c.isdigit()))
        letters = place[: -len(str(row))]
        moved = row + 5 if sheet == "数据" and row > first + 1 else row
        kept = new[sheet, f"{letters}{moved}"]
        assert isinstance(kept, str) if isinstance(value, str) and "数据!" in value else kept == value
    assert [new["数据", f"AZ{first + n}"] for n in range(7)] == list(range(7))
    sheet = load_workbook(out)["数据"]
    assert sheet.print_area == "'数据'!$A$1:$H$30"
    assert str(next(iter(sheet.conditional_formatting)).sqref) == "A2:C25"
    assert str(sheet.data_validations.dataValidation[0].sqref) == "D2:D25"
    assert sheet["A1"].comment.text == "填写说明"
    assert result.moved
    with zipfile.ZipFile(out) as archive:
        assert archive.testzip() is None
        assert "'数据'!$G$1:$G$13" in archive.read("xl/charts/chart1.xml").decode() or first + 1 > 8
