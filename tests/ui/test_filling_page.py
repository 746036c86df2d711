"""填上级表格: a form as it came with the proposal in it, corrected, filled into a copy, remembered."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ledger_app.db.queries import listing
from ledger_app.ui.main_window import MainWindow
from ledger_app.ui.pages.filling import SHOWN, START, FillingPage
from tests.services.paper_forms import header, make_form, opened, values

TEMPLATES = Path(__file__).parents[1] / "data" / "templates"
WELL_FORM = TEMPLATES / "机电井台账（报送版）.xlsx"
TOWN_FORM = TEMPLATES / "关井压采统计表.xlsx"


@pytest.fixture
def filling(window: MainWindow) -> FillingPage:
    window.visit("fill")
    page = window.page("fill")
    assert isinstance(page, FillingPage)
    return page


@pytest.fixture
def form(tmp_path: Path) -> Path:
    cells = {"A1": "（    年  月）机电井台账", "A2": "填报单位：", "A7": "合计", "C7": "=SUM(C4:C6)"}
    return make_form(
        tmp_path / "上级表.xlsx",
        cells | header(3, "序号", "井编号", "许可水量（万m³）", "分管领导", "户主"),
        ruled="A3:E7",
        merged=("A1:E1", "A2:E2"),
        formats={"C": "0.00"},
    )


def shown_text(page: FillingPage, row: int, column: int) -> str:
    item = page.grid.item(row, column)
    return item.text() if item else ""


def test_a_form_is_shown_as_it_came_with_the_proposal_in_it(filling: FillingPage, form: Path) -> None:
    filling.open_file(form)
    assert filling.stack.currentIndex() == SHOWN
    assert shown_text(filling, 0, 0) == "（2025年9月）机电井台账"
    assert filling.grid.columnSpan(0, 0) == 5
    assert shown_text(filling, 1, 0) == "填报单位：示例旗水利局"
    assert [shown_text(filling, 3, c) for c in range(3)] == ["1", "150824101200J0001", "1"]
    assert "共 45 行" in shown_text(filling, 8, 0)
    assert (shown_text(filling, 9, 0), shown_text(filling, 9, 2)) == ("合计", "（公式）")
    assert filling.grid.verticalHeaderItem(9).text() == "49"
    assert filling.head.said.text() == "上级表.xlsx · 机电井 45 眼"


def test_a_cell_in_the_sheet_leads_to_its_column(filling: FillingPage, form: Path) -> None:
    filling.open_file(form)
    filling.grid.cellClicked.emit(3, 2)
    assert filling.columns.item(filling.columns.currentRow(), 1).text() == "许可水量（万m³）"
    assert filling.columns.item(2, 3).text() == "万m³"


def test_columns_and_cells_are_corrected_before_anything_is_written(
    filling: FillingPage, form: Path, tmp_path: Path
) -> None:
    filling.open_file(form)
    choice = filling.columns.choice_of("D")
    assert choice is not None
    assert choice.currentData() == ""
    choice.setCurrentIndex(choice.findData("use"))
    choice.activated.emit(choice.currentIndex())
    assert shown_text(filling, 3, 3) == "农业灌溉"
    filling.grid.item(1, 0).setText("填报单位：水政水资源股")
    filling.fill_to(tmp_path / "out.xlsx")
    page = opened(tmp_path / "out.xlsx")
    assert page["A2"].value == "填报单位：水政水资源股"
    assert values(page, 4)[:4] == [1, "150824101200J0001", 1, "农业灌溉"]
    assert page["C49"].value == "=SUM(C4:C48)"


def test_what_was_done_is_listed_and_the_mapping_is_remembered(
    filling: FillingPage, form: Path, tmp_path: Path
) -> None:
    filling.open_file(form)
    filling.choose_column("D", "crop")
    filling.fill_to(tmp_path / "out.xlsx")
    said = [filling.done.item(row).text() for row in range(filling.done.count())]
    assert any(line.startswith("下移：Sheet1!第 7 行起") for line in said)
    space = filling.context.workspace
    kept = space.registry["import_profiles"]
    assert listing.count(space.screen, space.registry, kept, listing.Query()) == 1
    filling.begin_again()
    filling.open_file(form)
    assert filling.shown is not None
    assert filling.shown.proposal.profile is not None
    assert filling.shown.proposal.listing.matches[3].field.name == "crop"


def test_a_field_moves_from_one_column_to_another(filling: FillingPage, form: Path) -> None:
    filling.open_file(form)
    filling.choose_column("D", "owner")
    assert filling.shown is not None
    found = filling.shown.proposal.listing.matches
    assert [index for index, match in found.items() if match.field.name == "owner"] == [3]


def test_another_period_is_proposed_at_once(filling: FillingPage, form: Path) -> None:
    filling.open_file(form)
    filling.period.setCurrentIndex(filling.period.findData("2025-08"))
    filling.period.activated.emit(filling.period.currentIndex())
    assert shown_text(filling, 0, 0) == "（2025年8月）机电井台账"


def test_personal_numbers_are_shown_when_the_clerk_wants_them(filling: FillingPage, tmp_path: Path) -> None:
    form = make_form(
        tmp_path / "p.xlsx",
        {"A1": "取用水户名册"} | header(3, "名称", "联系电话", "类型"),
        ruled="A3:C6",
    )
    filling.open_file(form)
    assert shown_text(filling, 3, 1) == "138****5678"
    filling.masked.setChecked(False)
    assert shown_text(filling, 3, 1) == "13812345678"


def test_a_form_that_lists_no_records_is_said_where_one_chooses(filling: FillingPage) -> None:
    filling.open_file(TOWN_FORM)
    assert filling.stack.currentIndex() == START
    assert "不能照台账逐行填" in filling.start.message.text()


def test_the_forms_own_wide_sheet_fits_its_widths(filling: FillingPage) -> None:
    filling.open_file(WELL_FORM)
    full = [filling.grid.columnWidth(c) for c in (1, 7)]
    assert full[0] > 2 * full[1] > 0
    filling.grid.zoom(50)
    assert filling.grid.columnWidth(1) == pytest.approx(full[0] / 2, abs=1)


def test_the_result_is_offered_beside_the_form_under_the_periods_name(
    filling: FillingPage, form: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def answer(_parent: Any, _title: str, start: str, _filter: str) -> tuple[str, str]:
        asked.append(start)
        return start, ""

    monkeypatch.setattr("ledger_app.ui.pages.filling.QFileDialog.getSaveFileName", answer)
    filling.open_file(form)
    filling.ask_where()
    assert Path(asked[0]).name == "上级表（2025年9月）.xlsx"
    assert Path(asked[0]).is_file()
