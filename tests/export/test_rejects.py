"""Rows given back in a copy of the clerk's own workbook."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.styles import Font, PatternFill
from openpyxl.workbook import Workbook

from ledger_app.core.errors import LedgerError
from ledger_app.export.rejects import write_rejects
from ledger_app.export.rejects_styles import RED

DATA = Path(__file__).parents[1] / "data"
WELLS = DATA / "imports" / "wells.xlsx"
FORM = DATA / "templates" / "机电井台账（报送版）.xlsx"
REASON = "井深 850 m 超出 5–500 的范围，请核对。"


def town(path: Path = WELLS) -> str:
    """The first sheet that holds a town's wells."""
    names: list[str] = openpyxl.load_workbook(path).sheetnames
    return next(name for name in names if "填表" not in name)


def fill_of(sheet: Any, address: str) -> str:
    fill = sheet[address].fill
    return str(fill.fgColor.rgb) if fill.patternType else ""


def small_workbook(path: Path) -> Path:
    """Three columns and two rows, as a hand-made list is."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "大圣村"
    sheet.append(["井编号", "井深", "备注"])
    sheet.append(["J0001", 85, "好"])
    sheet.append(["J0002", 850, None])
    sheet["B3"].font = Font(bold=True)
    sheet["C2"].fill = PatternFill("solid", fgColor="FFFF00")
    sheet["A1"].fill = PatternFill("solid", fgColor="DDDDDD")
    book.save(path)
    return path


def test_all_rows_stay_and_doubtful_cells_are_red_with_a_reason_behind_the_last_column(
    tmp_path: Path,
) -> None:
    name, out = town(), tmp_path / "退回.xlsx"
    assert write_rejects(WELLS, out, {name: {6: (REASON, (7,))}}, heads={name: 5}) == out
    before, after = openpyxl.load_workbook(WELLS), openpyxl.load_workbook(out)
    assert after.sheetnames == before.sheetnames
    old, new = before[name], after[name]
    last = max(c.column for row in old.iter_rows() for c in row if c.value is not None) + 1
    assert [new.cell(5, last).value, new.cell(6, last).value] == ["导入说明", REASON]
    assert fill_of(new, "H6") == f"FF{RED}"
    assert new["H6"].number_format == old["H6"].number_format
    assert new["H6"].border.left.style == old["H6"].border.left.style
    for row in old.iter_rows():
        assert [new.cell(c.row, c.column).value for c in row] == [c.value for c in row]


def test_only_the_sheet_and_the_styles_change_in_the_package(tmp_path: Path) -> None:
    sheet = openpyxl.load_workbook(FORM).sheetnames[0]
    write_rejects(FORM, tmp_path / "退回.xlsx", {sheet: {7: (REASON, (1,))}}, heads={sheet: 6})
    with zipfile.ZipFile(FORM) as before, zipfile.ZipFile(tmp_path / "退回.xlsx") as after:
        assert before.namelist() == after.namelist()
        changed = {name for name in before.namelist() if before.read(name) != after.read(name)}
    assert changed == {"xl/worksheets/sheet1.xml", "xl/styles.xml"}


def test_pictures_drop_downs_and_comments_stay(tmp_path: Path) -> None:
    sheet = openpyxl.load_workbook(FORM).sheetnames[0]
    write_rejects(FORM, tmp_path / "退回.xlsx", {sheet: {7: (REASON, (1,))}}, heads={sheet: 6})
    old, new = openpyxl.load_workbook(FORM)[sheet], openpyxl.load_workbook(tmp_path / "退回.xlsx")[sheet]
    assert len(new._images) == len(old._images) > 0
    assert len(new.data_validations.dataValidation) == len(old.data_validations.dataValidation) > 0
    comments = [c.coordinate for row in old.iter_rows() for c in row if c.comment]
    assert comments
    assert all(new[address].comment for address in comments)


def test_a_second_round_uses_the_same_column_and_takes_the_red_back(tmp_path: Path) -> None:
    source = small_workbook(tmp_path / "村.xlsx")
    first, second = tmp_path / "一.xlsx", tmp_path / "二.xlsx"
    write_rejects(source, first, {"大圣村": {2: ("备注不清", (2,)), 3: (REASON, (1,))}}, heads={"大圣村": 1})
    write_rejects(first, second, {"大圣村": {3: ("还是不对", (1,))}}, heads={"大圣村": 1})
    sheet = openpyxl.load_workbook(second)["大圣村"]
    assert [[c.value for c in row] for row in sheet.iter_rows()] == [
        ["井编号", "井深", "备注", "导入说明"],
        ["J0001", 85, "好", None],
        ["J0002", 850, None, "还是不对"],
    ]
    assert fill_of(sheet, "B3") == f"FF{RED}"
    assert sheet["B3"].font.bold
    assert fill_of(sheet, "C2") == "00FFFF00"
    assert fill_of(sheet, "A1") == "00DDDDDD"


def test_a_second_round_is_recognised_after_excel_saved_the_copy(tmp_path: Path) -> None:
    source = small_workbook(tmp_path / "村.xlsx")
    write_rejects(source, tmp_path / "一.xlsx", {"大圣村": {3: (REASON, (1,))}}, heads={"大圣村": 1})
    saved = openpyxl.load_workbook(tmp_path / "一.xlsx")
    for row in saved["大圣村"].iter_rows():
        for c in row:
            c.value = c.value  # an inline string becomes a shared one
    saved.save(tmp_path / "存.xlsx")
    write_rejects(
        tmp_path / "存.xlsx", tmp_path / "二.xlsx", {"大圣村": {2: ("新", (0,))}}, heads={"大圣村": 1}
    )
    sheet = openpyxl.load_workbook(tmp_path / "二.xlsx")["大圣村"]
    assert [sheet["D1"].value, sheet["D2"].value, sheet["D3"].value] == ["导入说明", "新", None]
    assert sheet.max_column == 4
    assert fill_of(sheet, "B3") == ""


def test_cells_and_rows_that_are_not_there_yet_are_made(tmp_path: Path) -> None:
    source = small_workbook(tmp_path / "村.xlsx")
    write_rejects(source, tmp_path / "退.xlsx", {"大圣村": {3: ("缺备注", (2,)), 9: ("空行", (1,))}})
    sheet = openpyxl.load_workbook(tmp_path / "退.xlsx")["大圣村"]
    assert fill_of(sheet, "C3") == f"FF{RED}"
    assert fill_of(sheet, "B9") == f"FF{RED}"
    assert sheet["D9"].value == "空行"
    assert sheet.dimensions == "A1:D9"


def test_reasons_that_look_like_formulas_are_text(tmp_path: Path) -> None:
    source = small_workbook(tmp_path / "村.xlsx")
    write_rejects(source, tmp_path / "退.xlsx", {"大圣村": {3: ("=1+1 & <b>", ())}})
    cell = openpyxl.load_workbook(tmp_path / "退.xlsx")["大圣村"]["D3"]
    assert cell.value == "=1+1 & <b>"
    assert cell.data_type != "f"


def test_the_new_column_is_wide_and_a_range_of_columns_over_it_is_divided(tmp_path: Path) -> None:
    source = small_workbook(tmp_path / "村.xlsx")
    book = openpyxl.load_workbook(source)
    book["大圣村"].column_dimensions.group("B", "H", outline_level=0)
    book["大圣村"].column_dimensions["B"].width = 20
    book.save(source)
    write_rejects(source, tmp_path / "退.xlsx", {"大圣村": {3: (REASON, (1,))}})
    with zipfile.ZipFile(tmp_path / "退.xlsx") as archive:
        xml = archive.read("xl/worksheets/sheet1.xml").decode()
    columns = xml[xml.index("<cols>") : xml.index("</cols>")]
    assert 'min="4" max="4" width="48"' in columns
    assert 'min="2" max="3"' in columns or 'max="3" min="2"' in columns


def test_a_macro_workbook_keeps_its_macros_as_xlsm_and_loses_them_as_xlsx(tmp_path: Path) -> None:
    plain = small_workbook(tmp_path / "村.xlsx")
    macro = tmp_path / "村.xlsm"
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(macro, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            if name == "[Content_Types].xml":
                data = data.replace(
                    b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
                    b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
                )
                data = data.replace(
                    b"</Types>",
                    b'<Override PartName="/xl/vbaProject.bin" ContentType="application/vnd.ms-office.vbaProject"/></Types>',
                )
            if name == "xl/_rels/workbook.xml.rels":
                data = data.replace(
                    b"</Relationships>",
                    b'<Relationship Id="rId99" Type="http://schemas.microsoft.com/office/2006/relationships/vbaProject" '
                    b'Target="vbaProject.bin"/></Relationships>',
                )
            target.writestr(name, data)
        target.writestr("xl/vbaProject.bin", b"macros")
    remarks = {"大圣村": {3: (REASON, (1,))}}
    write_rejects(macro, tmp_path / "退.xlsm", remarks)
    write_rejects(macro, tmp_path / "退.xlsx", remarks)
    with zipfile.ZipFile(tmp_path / "退.xlsm") as kept, zipfile.ZipFile(tmp_path / "退.xlsx") as left:
        assert kept.read("xl/vbaProject.bin") == b"macros"
        assert "xl/vbaProject.bin" not in left.namelist()
        assert b"vbaProject" not in left.read("xl/_rels/workbook.xml.rels") + left.read("[Content_Types].xml")
    assert openpyxl.load_workbook(tmp_path / "退.xlsx")["大圣村"]["D3"].value == REASON


@pytest.mark.parametrize("source", ["closures.xls", "broken/wells_gb18030.csv", "broken/html_table.xls"])
def test_other_formats_come_back_as_a_plain_workbook_with_the_same_rows(source: str, tmp_path: Path) -> None:
    rows: list[list[Any]] = [["井编号", "井深"], ["J0001", 85], ["J0002", "=850"]]
    out = write_rejects(
        DATA / "imports" / source,
        tmp_path / "退回.xls",
        {"村": {3: (REASON, (1,))}},
        {"村": rows, "空": []},
        heads={"村": 1},
    )
    assert out == tmp_path / "退回.xlsx"
    book = openpyxl.load_workbook(out)
    assert book.sheetnames == ["村", "空"]
    assert [[c.value for c in row] for row in book["村"].iter_rows()] == [
        ["井编号", "井深", "导入说明"],
        ["J0001", 85, None],
        ["J0002", "=850", REASON],
    ]
    assert fill_of(book["村"], "B3") == f"FF{RED}"


@pytest.mark.parametrize("source", ["truncated.xlsx", "password_protected.xlsx", "entity_expansion.xlsx"])
def test_a_bad_file_is_refused_with_a_sentence_and_nothing_is_written(source: str, tmp_path: Path) -> None:
    with pytest.raises(LedgerError):
        write_rejects(
            DATA / "imports" / "broken" / source, tmp_path / "退.xlsx", {"a": {1: ("x", ())}}, {"a": []}
        )
    assert not list(tmp_path.iterdir())


def test_the_copy_never_overwrites_the_clerks_own_file(tmp_path: Path) -> None:
    source = small_workbook(tmp_path / "村.xlsx")
    with pytest.raises(LedgerError, match="换一个文件名"):
        write_rejects(source, source, {"大圣村": {3: (REASON, (1,))}})


def test_the_same_remarks_give_the_same_bytes(tmp_path: Path) -> None:
    name = town()
    for out in ("a.xlsx", "b.xlsx"):
        write_rejects(WELLS, tmp_path / out, {name: {6: (REASON, (7,))}}, heads={name: 5})
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
