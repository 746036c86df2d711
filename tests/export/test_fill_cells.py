"""Single cells set in workbooks of every make: what changes, what stays, what is refused."""

from __future__ import annotations

import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from ledger_app.core.errors import LedgerError
from ledger_app.export.fill import Block, FillResult, Plan, SheetPlan, fill_cells
from tests.export.forms import DECLARATION, MAIN, book, cell, changed, parts_of, relations, sheet, text, write

SHEET1 = "xl/worksheets/sheet1.xml"


def fill(form: Path, cells: dict[str, Any], name: str = "表") -> tuple[Path, FillResult]:
    out = form.with_name("out.xlsx")
    return out, fill_cells(form, {"sheets": {name: {"cells": cells}}}, out)


def refusal(form: Path, cells: dict[str, Any], name: str = "表") -> LedgerError:
    with pytest.raises(LedgerError) as caught:
        fill(form, cells, name)
    assert not form.with_name("out.xlsx").exists()
    assert [path.name for path in form.parent.iterdir()] == [form.name]
    return caught.value


@pytest.fixture
def form(tmp_path: Path) -> Path:
    rows = '<row r="2"><c r="A2" s="3"/><c r="B2" s="2"/><c r="C2" s="4"/><c r="D2"><v>7</v></c></row>'
    return book(tmp_path / "form.xlsx", rows)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("0012", '<c r="A2" s="3" t="inlineStr"><is><t xml:space="preserve">0012</t></is></c>'),
        ("=1+1", '<c r="A2" s="3" t="inlineStr"><is><t xml:space="preserve">=1+1</t></is></c>'),
        ("a<b & c", '<c r="A2" s="3" t="inlineStr"><is><t xml:space="preserve">a&lt;b &amp; c</t></is></c>'),
        ("一\r\n二\x0b", '<c r="A2" s="3" t="inlineStr"><is><t xml:space="preserve">一\n二</t></is></c>'),
        (
            "_x0041_",
            '<c r="A2" s="3" t="inlineStr"><is><t xml:space="preserve">_x005F_x0041_</t></is></c>',
        ),
        (12, '<c r="A2" s="3"><v>12</v></c>'),
        (-0.125, '<c r="A2" s="3"><v>-0.125</v></c>'),
        (1e-7, '<c r="A2" s="3"><v>1e-07</v></c>'),
        (20.0, '<c r="A2" s="3"><v>20</v></c>'),
        (True, '<c r="A2" s="3" t="b"><v>1</v></c>'),
        ("", '<c r="A2" s="3"/>'),
        (
            {"date": "2025-09-30"},
            '<c r="A2" s="3" t="inlineStr"><is><t xml:space="preserve">2025-09-30</t></is></c>',
        ),
    ],
)
def test_a_value_takes_the_style_of_its_cell(form: Path, value: Any, expected: str) -> None:
    out, _ = fill(form, {"A2": value})
    assert cell(text(out), "A2") == expected
    assert changed(form, out) <= {SHEET1}


@pytest.mark.parametrize("place", ["B2", "C2"])
def test_a_date_is_a_serial_where_the_format_shows_dates(form: Path, place: str) -> None:
    out, _ = fill(form, {place: {"date": "2025-09-30"}})
    assert "<v>45930</v>" in cell(text(out), place)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"date": "1900-02-28"}, "<v>59</v>"),
        ({"date": "1900-03-01"}, "<v>61</v>"),
        ({"date": "2025-09-30T06:00:00"}, "<v>45930.25</v>"),
        ({"date": "2012-05"}, ">2012-05<"),
        ({"date": "1899-01-01"}, ">1899-01-01<"),
    ],
)
def test_dates_at_the_edges_of_the_calendar_are_right_or_text(form: Path, value: Any, expected: str) -> None:
    out, _ = fill(form, {"B2": value})
    assert expected in cell(text(out), "B2")


def test_a_workbook_that_counts_from_1904_gets_its_own_serials(tmp_path: Path) -> None:
    rows = '<row r="1"><c r="A1" s="2"/></row>'
    parts = parts_of({"表": sheet(rows)}, properties='<workbookPr date1904="1"/>')
    out, _ = fill(write(tmp_path / "form.xlsx", parts), {"A1": {"date": "2025-09-30"}})
    assert "<v>44468</v>" in cell(text(out), "A1")


def test_nothing_and_nulls_give_the_same_file(form: Path) -> None:
    for plan in ({}, {"sheets": {}}, {"sheets": {"表": {}}}, {"sheets": {"表": {"cells": {"A2": None}}}}):
        out = form.with_name("out.xlsx")
        result = fill_cells(form, plan, out)
        assert out.read_bytes() == form.read_bytes()
        assert result.unchanged


def test_cells_and_rows_that_are_not_there_are_put_in_order(tmp_path: Path) -> None:
    rows = '<row r="2" spans="2:3" s="3" customFormat="1"><c r="C2"><v>1</v></c></row><row r="5"/>'
    before = '<dimension ref="C2"/><cols><col min="1" max="1" width="9" style="2"/></cols>'
    form = book(tmp_path / "form.xlsx", rows, before=before)
    out, _ = fill(form, {"A2": 1, "D2": 2, "A3": {"date": "2025-09-30"}, "B5": 3, "C9": 4})
    xml = text(out)
    assert '<row r="2" spans="1:4" s="3" customFormat="1"><c r="A2" s="3"><v>1</v></c><c r="C2">' in xml
    assert '<c r="C2"><v>1</v></c><c r="D2" s="3"><v>2</v></c></row>' in xml
    assert '<row r="3"><c r="A3" s="2"><v>45930</v></c></row><row r="5"><c r="B5"><v>3</v></c></row>' in xml
    assert '<row r="9"><c r="C9"><v>4</v></c></row></sheetData>' in xml
    assert '<dimension ref="A2:D9"/>' in xml


def test_a_sheet_without_rows_takes_cells(tmp_path: Path) -> None:
    parts = parts_of({"表": sheet("").replace("<sheetData></sheetData>", "<sheetData />")})
    out, _ = fill(write(tmp_path / "form.xlsx", parts), {"B2": "一"})
    assert load_workbook(out)["表"]["B2"].value == "一"


def test_rows_and_cells_without_addresses_are_counted(tmp_path: Path) -> None:
    form = book(tmp_path / "form.xlsx", "<row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row>")
    out, _ = fill(form, {"B1": 20, "D1": 40, "B2": "二", "A4": 4})
    values = [[c.value for c in row] for row in load_workbook(out)["表"].iter_rows()]
    assert values == [[1, 20, None, 40], [3, "二", None, None], [None] * 4, [4, None, None, None]]


def test_a_sheet_with_a_prefix_on_every_name_stays_one(tmp_path: Path) -> None:
    xml = (
        f'{DECLARATION}<x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row r="1"><x:c r="A1" t="s"><x:v>0</x:v></x:c>'
        "</x:row></x:sheetData></x:worksheet>"
    )
    out, _ = fill(write(tmp_path / "form.xlsx", parts_of({"表": xml})), {"A1": "一", "B2": 2})
    assert '<x:c r="A1" t="inlineStr"><x:is><x:t xml:space="preserve">一</x:t></x:is></x:c>' in text(out)
    assert [c.value for c in load_workbook(out)["表"][2]] == [None, 2]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-8-sig", "gb18030"])
def test_parts_in_other_encodings_are_read(tmp_path: Path, encoding: str) -> None:
    declared = {"utf-8-sig": "utf-8", "utf-16-le": "UTF-16"}.get(encoding, encoding)
    xml = sheet('<row r="1"><c r="A1" t="inlineStr"><is><t>一</t></is></c></row>').replace("UTF-8", declared)
    parts = {**parts_of({"表": ""}), SHEET1: xml.encode(encoding)}
    out, _ = fill(write(tmp_path / "form.xlsx", parts), {"B1": "二"})
    assert [c.value for c in load_workbook(out)["表"][1]] == ["一", "二"]


def test_line_ends_comments_and_cdata_between_rows_do_no_harm(tmp_path: Path) -> None:
    rows = (
        '\r\n  <row r="1">\r\n    <c r="A1" t="inlineStr"><is><t><![CDATA[</c></row><row r="9">]]></t></is></c>'
        '\r\n  </row>\r\n<!-- <row r="3"/> -->  <row\r\n r="2"\r\n><c\r\n r="A2"\r\n><v>5</v></c></row>\r\n'
    )
    out, _ = fill(book(tmp_path / "form.xlsx", rows), {"B2": 6})
    values = [[c.value for c in row] for row in load_workbook(out)["表"].iter_rows()]
    assert values == [['</c></row><row r="9">', None], [5, 6]]


def test_only_the_stored_results_of_formulas_that_depend_are_dropped(tmp_path: Path) -> None:
    first = (
        '<row r="1"><c r="A1"><v>1</v></c><c r="B1" t="str"><f>A1&amp;"x"</f><v>1x</v></c>'
        '<c r="C1"><f>D1</f><v>4</v></c><c r="D1"><v>4</v></c></row>'
    )
    second = '<row r="1"><c r="A1"><f>表!B1</f><v>9</v></c><c r="B1"><f>C1</f><v>0</v></c></row>'
    third = '<row r="1"><c r="A1"><f>SUM(表!D:D)</f><v>4</v></c></row>'
    sheets = {"表": sheet(first), "二": sheet(second), "三": sheet(third)}
    form = write(tmp_path / "form.xlsx", parts_of(sheets, calculation='<calcPr calcId="1"/>'))
    out, _ = fill(form, {"A1": 2})
    assert changed(form, out) == {SHEET1, "xl/worksheets/sheet2.xml", "xl/workbook.xml"}
    assert text(out) == sheet(first).replace("<v>1x</v>", "").replace("<v>1</v>", "<v>2</v>")
    assert text(out, "xl/worksheets/sheet2.xml") == sheet(second).replace("<v>9</v>", "")
    assert '<calcPr calcId="1" fullCalcOnLoad="1"/>' in text(out, "xl/workbook.xml")


@pytest.mark.parametrize(
    "reader",
    [
        "数据",
        "SUM(数据)",
        "INDIRECT(&quot;A1&quot;)",
        "SUM(A:A)",
        "SUM(1:1)",
        "SUM(表:二!A1)",
        "'表'!$A$1",
        "A1#",
        "SUM(A1 : C1)",
        "SUM(B2:INDEX(A:C,1,1))",
    ],
)
def test_dependence_is_found_however_the_cell_is_named(tmp_path: Path, reader: str) -> None:
    rows = f'<row r="1"><c r="A1"/></row><row r="5"><c r="E5"><f>{reader}</f><v>1</v></c></row>'
    names = '<definedName name="数据">表!$A$1:$A$2</definedName>'
    form = write(tmp_path / "form.xlsx", parts_of({"表": sheet(rows), "二": sheet("")}, names=names))
    out, _ = fill(form, {"A1": 2})
    assert "<v>1</v>" not in text(out)
    assert '</definedNames><calcPr fullCalcOnLoad="1"/></workbook>' in text(out, "xl/workbook.xml")


@pytest.mark.parametrize("reader", ["B1", '"A1"', "SUM(B1:C9)", "二!A1", "[1]表!A1", "LOG10(B1)", "A11"])
def test_formulas_that_read_something_else_keep_their_results(tmp_path: Path, reader: str) -> None:
    rows = f'<row r="1"><c r="A1"/></row><row r="5"><c r="E5"><f>{reader}</f><v>1</v></c></row>'
    form = write(tmp_path / "form.xlsx", parts_of({"表": sheet(rows), "二": sheet("")}))
    out, _ = fill(form, {"A1": 2})
    assert changed(form, out) == {SHEET1}
    assert "<v>1</v>" in text(out)


CHAIN = {"xl/calcChain.xml": f'{DECLARATION}<calcChain xmlns="{MAIN}"><c r="B1" i="1"/></calcChain>'}


def test_the_calculation_chain_goes_only_when_a_formula_is_overwritten(tmp_path: Path) -> None:
    rows = '<row r="1"><c r="A1"/><c r="B1"><f>A1</f><v>1</v></c></row>'
    form = write(tmp_path / "form.xlsx", parts_of({"表": sheet(rows)}, extra=CHAIN))
    out, _ = fill(form, {"A1": 2})
    assert changed(form, out) == {SHEET1, "xl/workbook.xml"}
    out, result = fill(form, {"B1": 2})
    assert result.removed_parts == ("xl/calcChain.xml",)
    assert changed(form, out) == {
        SHEET1, "xl/calcChain.xml", "[Content_Types].xml", "xl/_rels/workbook.xml.rels"
    }  # fmt: skip
    assert "calcChain" not in text(out, "[Content_Types].xml") + text(out, "xl/_rels/workbook.xml.rels")
    assert cell(text(out), "B1") == '<c r="B1"><v>2</v></c>'


def test_the_rest_of_a_shared_formula_survives_its_first_cell(tmp_path: Path) -> None:
    rows = (
        '<row r="1"><c r="B1"><f t="shared" ref="B1:B3" si="0">A1*$A$1</f><v>1</v></c></row>'
        '<row r="2"><c r="B2"><f t="shared" si="0"/><v>1</v></c></row>'
        '<row r="3"><c r="B3"><f t="shared" si="0"/><v>1</v></c></row>'
    )
    out, _ = fill(book(tmp_path / "form.xlsx", rows), {"B1": 5})
    assert cell(text(out), "B2") == '<c r="B2"><f>A2*$A$1</f><v>1</v></c>'
    assert cell(text(out), "B3") == '<c r="B3"><f>A3*$A$1</f><v>1</v></c>'


def test_a_sheet_that_is_protected_is_filled_and_stays_protected(tmp_path: Path) -> None:
    protection = '<sheetProtection sheet="1" objects="1" scenarios="1"/>'
    form = book(tmp_path / "form.xlsx", '<row r="1"><c r="A1"/></row>', after=protection)
    out, _ = fill(form, {"A1": "一"})
    assert protection in text(out)
    assert load_workbook(out)["表"]["A1"].value == "一"


def test_macros_keep_their_bytes(tmp_path: Path) -> None:
    extra = {"xl/vbaProject.bin": "\x01\x02"}
    form = write(tmp_path / "form.xlsm", parts_of({"表": sheet("")}, extra=extra))
    out = tmp_path / "out.xlsm"
    fill_cells(form, {"sheets": {"表": {"cells": {"A1": 1}}}}, out)
    assert changed(form, out) == {SHEET1}


def test_an_unknown_sheet_is_refused_with_the_names_there_are(form: Path) -> None:
    assert "只有：表" in refusal(form, {"A1": 1}, "附件9").text
    assert refusal(form, {}, "附件9").code == "unknown_sheet"


def test_one_sheet_under_two_spellings_is_refused(tmp_path: Path) -> None:
    form = write(tmp_path / "form.xlsx", parts_of({"Sheet1": sheet("")}))
    plan = {"sheets": {"Sheet1": {"cells": {"A1": 1}}, "sheet1": {"cells": {"A1": 2}}}}
    with pytest.raises(LedgerError, match="两次"):
        fill_cells(form, plan, tmp_path / "out.xlsx")


def test_only_the_first_cell_of_a_merged_area_takes_a_value(tmp_path: Path) -> None:
    merge = '<mergeCells count="1"><mergeCell ref="A1:B2"/></mergeCells>'
    form = book(tmp_path / "form.xlsx", '<row r="1"><c r="A1"/><c r="B1"/></row>', after=merge)
    assert "A1:B2" in refusal(form, {"B2": 1}).text
    out, _ = fill(form, {"A1": 1, "B2": None})
    assert "<v>1</v>" in text(out)


def test_part_of_an_array_cannot_be_set(tmp_path: Path) -> None:
    rows = '<row r="1"><c r="A1"><f t="array" ref="A1:A2">B1:B2</f><v>1</v></c></row><row r="2"><c r="A2"><v>1</v></c></row>'
    assert "A1:A2" in refusal(book(tmp_path / "form.xlsx", rows), {"A2": 1}).text


def test_a_text_longer_than_a_cell_may_hold_is_refused(form: Path) -> None:
    assert "32767" in refusal(form, {"A2": "长" * 32_768}).text


@pytest.mark.parametrize(
    "plan",
    [
        {"sheet": {}},
        {"sheets": {"表": {"cell": {}}}},
        {"sheets": {"表": []}},
        {"sheets": {"表": {"cells": {"A0": 1}}}},
        {"sheets": {"表": {"cells": {"甲1": 1}}}},
        {"sheets": {"表": {"cells": {"XFE1": 1}}}},
        {"sheets": {"表": {"cells": {"A1": 1, "$a$1": 2}}}},
        {"sheets": {"表": {"cells": {"A1": float("nan")}}}},
        {"sheets": {"表": {"cells": {"A1": [1]}}}},
        {"sheets": {"表": {"cells": {"A1": {"date": "2025-02-30"}}}}},
        {"sheets": {"表": {"cells": {"A1": {"date": "昨天"}}}}},
        {"sheets": {"表": {"blocks": [{"first_row": 0, "blank_rows": 1, "columns": ["A"], "rows": []}]}}},
        {
            "sheets": {
                "表": {"blocks": [{"first_row": 1, "blank_rows": 1, "columns": ["A", "A"], "rows": []}]}
            }
        },
        {
            "sheets": {
                "表": {"blocks": [{"first_row": 1, "blank_rows": 1, "columns": ["A"], "rows": [[1, 2]]}]}
            }
        },
        {"sheets": {"表": {"blocks": [{"first_row": 1, "blank_rows": 1, "columns": ["A"], "rows": ["一"]}]}}},
    ],
)
def test_a_plan_that_cannot_be_understood_is_refused_in_chinese(
    form: Path, plan: Any, tmp_path: Path
) -> None:
    with pytest.raises(LedgerError) as caught:
        fill_cells(form, plan, tmp_path / "out.xlsx")
    assert caught.value.code == "bad_plan"
    assert any("\u4e00" <= letter <= "\u9fff" for letter in caught.value.text)
    assert not (tmp_path / "out.xlsx").exists()


def test_the_header_of_a_table_keeps_its_name_in_step(tmp_path: Path) -> None:
    rows = '<row r="1"><c r="A1" t="inlineStr"><is><t>甲</t></is></c><c r="B1" t="inlineStr"><is><t>乙</t></is></c></row>'
    table = (
        f'{DECLARATION}<table xmlns="{MAIN}" id="1" name="T" displayName="T" ref="A1:B3"><tableColumns count="2">'
        '<tableColumn id="1" name="甲"/><tableColumn id="2" name="乙"/></tableColumns></table>'
    )
    relation = "xl/worksheets/_rels/sheet1.xml.rels"
    extra = {"xl/tables/table1.xml": table, relation: relations(("table", "../tables/table1.xml"))}
    form = write(tmp_path / "form.xlsx", parts_of({"表": sheet(rows)}, extra=extra))
    out, _ = fill(form, {"A1": "丙"})
    assert '<tableColumn id="1" name="丙"/>' in text(out, "xl/tables/table1.xml")
    out, _ = fill(form, {"B1": 2025})
    assert '<tableColumn id="2" name="2025"/>' in text(out, "xl/tables/table1.xml")
    assert '<t xml:space="preserve">2025</t>' in cell(text(out), "B1")
    out.unlink()
    assert "列标题" in refusal(form, {"A1": "乙"}).text


def test_a_plan_made_in_code_takes_dates_and_decimals(form: Path) -> None:
    block = Block(5, 1, [1, 2], [[Decimal("12.50"), date(2025, 9, 30)]])
    plan = Plan({"表": SheetPlan({(2, 2): date(2025, 9, 30), (2, 1): Decimal(3)}, [block])})
    out = form.with_name("out.xlsx")
    fill_cells(form, plan, out)
    xml = text(out)
    assert "<v>45930</v>" in cell(xml, "B2")
    assert "<v>3</v>" in cell(xml, "A2")
    assert "<v>12.5</v>" in cell(xml, "A5")
    assert ">2025-09-30<" in cell(xml, "B5")
    with pytest.raises(LedgerError):
        fill_cells(form, Plan({"表": SheetPlan({(1, 1): Decimal("NaN")})}), out)


def test_the_template_cannot_be_its_own_result(form: Path) -> None:
    before = form.read_bytes()
    with pytest.raises(LedgerError):
        fill_cells(form, {}, form)
    assert form.read_bytes() == before


def test_what_was_set_is_told(form: Path) -> None:
    _, result = fill(form, {"A2": 1})
    assert [(note.where, note.what) for note in result.filled] == [("表!A2", "已填")]
    assert result.changed_parts == (SHEET1,)
    with zipfile.ZipFile(form) as archive:
        assert archive.testzip() is None
