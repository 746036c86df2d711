"""The sample forms filled with 0, 1, 3, 20 and 2,000 rows, held against what their makers expect."""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from ledger_app.export.fill import fill_cells

TEMPLATES = Path(__file__).parents[1] / "data" / "templates"
EXPECTED: dict[str, Any] = json.loads((TEMPLATES / "expected.json").read_text(encoding="utf-8"))
BLOCKS = [(name, number) for name, form in EXPECTED.items() for number in range(len(form["blocks"]))]
TEXT = {"town", "village", "user", "remark", "measure", "unit", "zone", "county", "task", "goal", "code"}


def columns_of(block: dict[str, Any]) -> list[str]:
    return [letter for letter, column in block["columns"].items() if not column["computed"]]


def rows_for(block: dict[str, Any], count: int) -> list[list[Any]]:
    """Text in text columns, numbers elsewhere, all telling where they belong."""
    letters = columns_of(block)
    texts = [block["columns"][c]["meaning"].split(".")[-1] in TEXT for c in letters]
    return [
        [f"{c}{n}" if text else n + 1 for c, text in zip(letters, texts, strict=True)] for n in range(count)
    ]


def plan_for(form: dict[str, Any], number: int, count: int) -> dict[str, Any]:
    block = form["blocks"][number]
    entry = {
        "first_row": block["first_data_row"],
        "blank_rows": block["blank_rows"],
        "columns": columns_of(block),
        "rows": rows_for(block, count),
    }
    return {"sheets": {form["sheet"]: {"blocks": [entry]}}}


def moved(text: str, block: dict[str, Any], extra: int) -> str:
    """A formula or range of the template as it must read when `extra` rows went in after the block."""
    last = block["first_data_row"] + block["blank_rows"] - 1

    def one(match: re.Match[str]) -> str:
        start, end = int(match[2]), int(match[4] or 0)
        grown = start + (extra if start > last else 0)
        if not end:
            return f"{match[1]}{grown}"
        return f"{match[1]}{grown}{match[3]}{end + (extra if end >= last else 0)}"

    return re.sub(r"(\$?[A-Z]{1,2}\$?)(\d+)(?:(:\$?[A-Z]{1,2}\$?)(\d+))?", one, text)


def style_of(sheet: Worksheet, row: int) -> list[Any]:
    return [(cell.font.name, cell.border.left.style, cell.number_format) for cell in sheet[row]]


@pytest.mark.parametrize(("name", "number"), BLOCKS)
def test_a_form_filled_with_no_rows_is_the_form_byte_for_byte(name: str, number: int, tmp_path: Path) -> None:
    result = fill_cells(TEMPLATES / name, plan_for(EXPECTED[name], number, 0), tmp_path / "out.xlsx")
    assert (tmp_path / "out.xlsx").read_bytes() == (TEMPLATES / name).read_bytes()
    assert result.unchanged


@pytest.mark.parametrize("count", [1, 3, 20])
@pytest.mark.parametrize(("name", "number"), BLOCKS)
def test_rows_stand_in_the_block_and_everything_else_where_it_belongs(
    name: str, number: int, count: int, tmp_path: Path
) -> None:
    form = EXPECTED[name]
    block = form["blocks"][number]
    fill_cells(TEMPLATES / name, plan_for(form, number, count), tmp_path / "out.xlsx")
    before = load_workbook(TEMPLATES / name, rich_text=True)[form["sheet"]]
    book = load_workbook(tmp_path / "out.xlsx", rich_text=True)
    after = book[form["sheet"]]
    first, extra = block["first_data_row"], max(0, count - block["blank_rows"])
    last = first + block["blank_rows"] - 1

    for n, row in enumerate(rows_for(block, count)):
        assert [after[f"{c}{first + n}"].value for c in columns_of(block)] == row
        assert style_of(after, first + n) == style_of(before, first)
        assert after.row_dimensions[first + n].height == before.row_dimensions[first].height
        for formula in block["row_formulas"].values():
            expected = re.sub(rf"(?<=[A-Z]){first}\b", str(first + n), formula["first_row_formula"])
            assert after[f"{formula['column']}{first + n}"].value == expected
    for row in [*range(1, first), *range(last + 1, before.max_row + 1)]:
        place = row if row < first else row + extra
        for old, new in zip(before[row], after[place], strict=True):
            value = old.value
            formula = isinstance(value, str) and value.startswith("=")
            assert new.value == (moved(value, block, extra) if formula else value)
        assert style_of(after, place) == style_of(before, row)
        assert after.row_dimensions[place].height == before.row_dimensions[row].height
    assert sorted(map(str, after.merged_cells.ranges)) == sorted(
        moved(str(area), block, extra) for area in before.merged_cells.ranges
    )
    assert after.print_area.replace("$", "") == f"'{form['sheet']}'!{moved(form['print_area'], block, extra)}"
    assert after.print_title_rows == "$" + form["repeat_rows"].replace(":", ":$")
    features = form["features"]
    assert sorted(str(item.sqref) for item in after.data_validations.dataValidation) == sorted(
        moved(item["range"], block, extra) for item in features.get("data_validations", [])
    )
    assert sorted(str(item.sqref) for item in after.conditional_formatting) == sorted(
        moved(item["range"], block, extra) for item in features.get("conditional_formats", [])
    )
    for defined, text in features.get("defined_names", {}).items():
        assert "=" + book.defined_names[defined].attr_text == moved(text, block, extra)


@pytest.mark.parametrize(("name", "number"), BLOCKS)
def test_twenty_rows_give_the_totals_the_form_expects(name: str, number: int, tmp_path: Path) -> None:
    form = EXPECTED[name]
    expected = form["blocks"][number]["after_20_rows"]
    fill_cells(TEMPLATES / name, plan_for(form, number, 20), tmp_path / "out.xlsx")
    sheet = load_workbook(tmp_path / "out.xlsx")[form["sheet"]]
    assert {place: sheet[place].value for place in expected["total_formulas"]} == expected["total_formulas"]
    if "print_area" in expected:
        assert sheet.print_area.replace("$", "").endswith("!" + expected["print_area"])


@pytest.mark.parametrize(("name", "number"), BLOCKS)
def test_two_thousand_rows_all_arrive_in_order(name: str, number: int, tmp_path: Path) -> None:
    form = EXPECTED[name]
    block = form["blocks"][number]
    fill_cells(TEMPLATES / name, plan_for(form, number, 2_000), tmp_path / "out.xlsx")
    with zipfile.ZipFile(tmp_path / "out.xlsx") as archive:
        assert archive.testzip() is None
        xml = archive.read("xl/worksheets/sheet1.xml").decode()
    numbers = [int(number) for number in re.findall(r'<row r="(\d+)"', xml)]
    assert numbers == list(range(1, numbers[-1] + 1))
    first, letters = block["first_data_row"], columns_of(block)
    for n in (0, 3, 10, 1_999):
        row = re.search(rf'<row r="{first + n}".*?</row>', xml)
        assert row is not None
        for letter, value in zip(letters, rows_for(block, 2_000)[n], strict=True):
            text = (
                f'><is><t xml:space="preserve">{value}</t>' if isinstance(value, str) else f"><v>{value}</v>"
            )
            assert re.search(rf'<c r="{letter}{first + n}"[^>]*{re.escape(text)}', row[0])
    place, formula = next(iter(block["total_formulas"].items()))
    shifted = re.sub(r"\d+", lambda m: str(int(m[0]) + 2_000 - block["blank_rows"]), place)
    assert f'<c r="{shifted}"' in xml
    assert moved(formula, block, 2_000 - block["blank_rows"]).lstrip("=") in xml.replace("&gt;", ">")


def test_the_chart_of_the_closure_form_draws_all_filled_rows(tmp_path: Path) -> None:
    name = "关井压采统计表.xlsx"
    fill_cells(TEMPLATES / name, plan_for(EXPECTED[name], 0, 20), tmp_path / "out.xlsx")
    with zipfile.ZipFile(tmp_path / "out.xlsx") as archive:
        chart = archive.read("xl/charts/chart1.xml").decode()
    assert re.findall(r"<c:f>(.*?)</c:f>", chart).count("附件1!$B$6:$B$25") == 2
    assert {"附件1!$E$6:$E$25", "附件1!$C$6:$C$25"} <= set(re.findall(r"<c:f>(.*?)</c:f>", chart))
    assert re.findall(r"<c:f>([^<]*)</c:f><c:\w+Cache>", chart) == [
        "附件1!$E$5",
        "附件1!$C$4",
    ]  # the series' names


def test_both_blocks_of_one_sheet_are_filled_at_once(tmp_path: Path) -> None:
    name = "超采区治理进展月报.xlsx"
    form = EXPECTED[name]
    first, second = (plan_for(form, number, 20)["sheets"]["月报"]["blocks"][0] for number in (0, 1))
    fill_cells(TEMPLATES / name, {"sheets": {"月报": {"blocks": [second, first]}}}, tmp_path / "out.xlsx")
    sheet = load_workbook(tmp_path / "out.xlsx")["月报"]
    assert sheet["D25"].value == "=SUM(D5:D24)"
    assert sheet["D48"].value == "=SUM(D28:D47)"
    assert sheet["H49"].value == "=H25+H48"
    assert [sheet[f"B{row}"].value for row in (5, 24, 28, 47)] == ["B0", "B19", "B0", "B19"]
    assert [str(v.sqref) for v in sheet.data_validations.dataValidation] == ["C5:C24", "C28:C47"]
    assert sheet.max_row == 52
