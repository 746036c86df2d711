"""A form is seen as it stands: texts, formulas, looks, drop-downs, of its first rows."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import pytest
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.styles.colors import Color
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

from ledger_app.core.errors import LedgerError
from ledger_app.export import form_view
from ledger_app.export.form_view import view_form

TEMPLATES = Path(__file__).parents[1] / "data" / "templates"


@pytest.mark.parametrize("path", sorted(TEMPLATES.glob("*.xlsx")), ids=lambda p: p.stem)
def test_a_form_shows_what_openpyxl_finds_in_it(path: Path) -> None:
    book, view = openpyxl.load_workbook(path, rich_text=False), view_form(path)
    assert [sheet.name for sheet in view.sheets] == book.sheetnames
    for shown in view.sheets:
        page = book[shown.name]
        texts = {
            (cell.row, cell.column): str(cell.value)
            for row in page.iter_rows()
            for cell in row
            if cell.value is not None and cell.data_type != "f"
        }
        found = {(r, c): cell.text for r, row in shown.rows.items() for c, cell in row.items()}
        assert {place: found[place] for place in texts} == texts
        formulas = {
            (c.row, c.column): c.value[1:] for row in page.iter_rows() for c in row if c.data_type == "f"
        }
        assert formulas == {
            (r, c): cell.formula
            for r, row in shown.rows.items()
            for c, cell in row.items()
            if cell.formula is not None
        }
        assert {area.text() for area in shown.merges} == {str(area) for area in page.merged_cells.ranges}


def test_looks_come_from_the_styles(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    page = book.active
    page["B2"] = "标题"
    page["B2"].font = Font(bold=True, size=16, color="FFC00000")
    page["B2"].fill = PatternFill("solid", fgColor=Color(theme=4, tint=0.8))
    page["B2"].alignment = Alignment(horizontal="center", vertical="top", wrap_text=True)
    page["B2"].border = Border(left=Side(style="thin"), bottom=Side(style="double"))
    page["C3"] = date(2025, 9, 4)
    page["C3"].number_format = "yyyy-mm-dd"
    page.column_dimensions["B"].width = 30
    page.row_dimensions[2].height = 40
    book.save(tmp_path / "f.xlsx")
    view = view_form(tmp_path / "f.xlsx")
    sheet = view.sheets[0]
    look = view.look(sheet.cell(2, 2))
    assert (look.bold, look.points, look.colour, look.fill) == (True, 16, "C00000", "DCE6F2")
    assert (look.across, look.down, look.wraps, look.borders) == (
        "center",
        "top",
        True,
        (True, False, False, True),
    )
    assert sheet.text(3, 3) == "2025-09-04"
    assert (sheet.columns.width(2), sheet.height(2), sheet.height(9)) == (30, 40, 15)


@pytest.mark.parametrize("formula", ['"是,否"', "字典!$A$2:$A$3", "选项"])
def test_a_drop_down_offers_words_written_out_in_a_range_or_by_name(tmp_path: Path, formula: str) -> None:
    book = openpyxl.Workbook()
    words = book.create_sheet("字典")
    words["A1"], words["A2"], words["A3"] = "选项", "是", "否"
    book.defined_names["选项"] = DefinedName("选项", attr_text="字典!$A$2:$A$3")
    rule = DataValidation(type="list", formula1=formula)
    rule.add("B4:B9")
    book.active.add_data_validation(rule)
    book.save(tmp_path / "f.xlsx")
    sheet = view_form(tmp_path / "f.xlsx").sheets[0]
    assert sheet.words_at(5, 2) == ("是", "否")
    assert sheet.words_at(10, 2) == ()


def test_only_the_first_rows_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(form_view, "MOST_ROWS", 20)
    book = openpyxl.Workbook()
    for row in range(1, 101):
        book.active.cell(row, 1, row)
    book.save(tmp_path / "f.xlsx")
    sheet = view_form(tmp_path / "f.xlsx").sheets[0]
    assert (max(sheet.rows), sheet.last_row) == (20, 100)


def test_what_is_no_form_is_refused_with_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "f.xlsx"
    path.write_bytes(b"PK\x03\x04 not a workbook")
    with pytest.raises(LedgerError, match=r"损坏|\.xlsx"):
        view_form(path)
