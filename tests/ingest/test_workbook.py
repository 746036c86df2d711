"""Every kind of spreadsheet comes out as the same sheets of typed cells."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook as NewWorkbook

from ledger_app.core.errors import LedgerError
from ledger_app.ingest import child
from ledger_app.ingest.layout import find_layout
from ledger_app.ingest.text_table import decode
from ledger_app.ingest.workbook import column_letter, read_workbook

from .packages import ods, xlsb

IMPORTS = Path(__file__).parents[1] / "data" / "imports"
HEAD = "序号,井编号,村,备注"


def test_the_old_binary_format_gives_numbers_dates_texts_and_merges() -> None:
    book = read_workbook(IMPORTS / "closures.xls")
    sheet = book.sheets[0]

    assert (book.kind, book.notes, sheet.name) == ("xls", (), "关停台账")
    assert sheet.rows[4][:8] == [
        2,
        "东河镇",
        "东升嘎查",
        "150824100201J0017",
        "改监测井",
        "管网覆盖",
        20231123,
        date(2023, 5, 7),
    ]
    assert set(sheet.merges) == {(0, 0, 0, 9), (1, 0, 1, 9), (36, 0, 36, 9)}


def test_the_child_reads_the_same_as_this_process() -> None:
    path = IMPORTS / "wells.xlsx"

    assert child.read_in_child(path) == child.read_here(path.read_bytes())


def test_a_binary_workbook_and_an_open_document_are_read(tmp_path: Path) -> None:
    rows = [["序号", "井编号", "井深"], [1.0, "J1", 80.5], [2.0, "䶮村2", 90.0]]
    cells = {str: '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'}
    number = '<table:table-cell office:value-type="float" office:value="{}"/>'
    table = "".join(
        "<table:table-row>"
        + "".join(cells.get(type(v), number).format(v) for v in row)
        + "</table:table-row>"
        for row in rows
    )

    for path in (xlsb(tmp_path / "a.xlsb", rows), ods(tmp_path / "a.ods", table)):
        book = read_workbook(path)
        assert (book.kind, book.sheets[0].name, book.sheets[0].rows) == (path.suffix[1:], "表", rows)
        assert list(find_layout(book.sheets[0]).data_rows) == [2, 3]


def test_rows_and_columns_count_from_the_sheet_s_first_cell_even_if_it_is_empty(tmp_path: Path) -> None:
    book = NewWorkbook()
    page = book.active
    assert page is not None
    page["C3"] = "井深"
    page["D5"] = datetime(2024, 5, 3, 8, 30)  # noqa: DTZ001
    page["E5"] = True
    book.save(tmp_path / "a.xlsx")

    sheet = read_workbook(tmp_path / "a.xlsx").sheets[0]

    assert sheet.rows[2] == ["", "", "井深", "", ""]
    assert sheet.rows[4] == ["", "", "", datetime(2024, 5, 3, 8, 30), True]  # noqa: DTZ001
    assert sheet.excel_row(4) == 5
    assert [column_letter(index) for index in (0, 25, 26, 701, 702, 16_383)] == [
        "A",
        "Z",
        "AA",
        "ZZ",
        "AAA",
        "XFD",
    ]


def test_a_workbook_under_another_spreadsheet_s_name_is_read_and_said(tmp_path: Path) -> None:
    path = tmp_path / "台账.xls"
    path.write_bytes((IMPORTS / "levels.xlsx").read_bytes())

    book = read_workbook(path)

    assert book.kind == "xlsx" and [note.code for note in book.notes] == ["content_is_xlsx"]
    assert find_layout(book.sheets[0]).header_rows == (3, 4)


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"], ids=["utf8", "with mark", "gb18030", "utf16"]
)
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_text_tables_are_read_in_every_encoding_and_separator(
    tmp_path: Path, encoding: str, separator: str
) -> None:
    text = f'{HEAD}\r\n1,J1,䶮㳇𬇙嘎查,"两行\n备注"\r\n2,J2,红旗村\r\n'.replace(",", separator)
    (tmp_path / "a.csv").write_bytes(text.encode(encoding))

    sheet = read_workbook(tmp_path / "a.csv").sheets[0]

    assert sheet.rows == [HEAD.split(","), ["1", "J1", "䶮㳇𬇙嘎查", "两行\n备注"], ["2", "J2", "红旗村", ""]]


def test_a_separator_stated_in_the_first_line_is_taken_and_the_line_left_out(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes("sep=|\r\n井编号|村\r\nJ1|红旗村\r\n".encode())

    assert read_workbook(tmp_path / "a.csv").sheets[0].rows == [["井编号", "村"], ["J1", "红旗村"]]


def test_characters_that_gb18030_moved_since_2000_come_out_as_their_own() -> None:
    assert decode(bytes.fromhex("fe59 fe51 fea0 a8bc")) == "龴𠂇龻ḿ"


def test_damaged_text_is_refused_rather_than_garbled(tmp_path: Path) -> None:
    utf8 = f"{HEAD}\n1,J1,红旗村,正常\n".encode() + b"2,J2,\xe7\xba,x\n"
    neither = b"\xff\xfa\xfb," * 40

    for data in (utf8, neither):
        (tmp_path / "a.csv").write_bytes(data)
        with pytest.raises(LedgerError) as refused:
            read_workbook(tmp_path / "a.csv")
        assert refused.value.code == "unknown_encoding"


def test_a_web_page_s_tables_are_read_with_their_joined_cells(tmp_path: Path) -> None:
    page = (
        "<html><head><meta charset='gb2312'></head><body><p>导出</p><table><tr><th rowspan=2>井编号</th>"
        "<th colspan=2>坐标</th></tr><tr><th>经度<th>纬度</tr><tr><td>J1<td>108.5&nbsp;<td>41<br>.2</tr>"
        "</table><table><tr><td>另一张</td></tr></table></body></html>"
    )
    (tmp_path / "a.xls").write_bytes(page.encode("gb18030"))

    book = read_workbook(tmp_path / "a.xls")

    assert [note.code for note in book.notes] == ["content_is_html"]
    assert [sheet.name for sheet in book.sheets] == ["表1", "表2"]
    sheet = book.sheets[0]
    assert sheet.rows == [["井编号", "坐标", ""], ["", "经度", "纬度"], ["J1", "108.5", "41\n.2"]]
    assert set(sheet.merges) == {(0, 0, 1, 0), (0, 1, 0, 2)}
    assert [column.path for column in find_layout(sheet).columns] == [
        ("井编号",),
        ("坐标", "经度"),
        ("坐标", "纬度"),
    ]


def test_a_web_page_whose_cells_claim_to_span_everything_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(
        b"<table>" + b"<tr><td rowspan=999999 colspan=999999>x" * 9 + b"</table>"
    )

    with pytest.raises(LedgerError) as refused:
        read_workbook(tmp_path / "a.html")
    assert refused.value.code == "too_large_when_unpacked"
