"""Rows put into a block: what is cloned, what moves, what grows, what is refused."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from ledger_app.core.errors import LedgerError
from ledger_app.export.fill import FillResult, fill_cells
from tests.export.forms import (
    DECLARATION,
    MAIN,
    book,
    cell,
    changed,
    formula,
    parts_of,
    relations,
    sheet,
    text,
    write,
)

SHEET1, SHEET2 = "xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"
SHEET1_RELATIONS = "xl/worksheets/_rels/sheet1.xml.rels"


def block(
    rows: list[list[Any]], columns: str = "A", first: int = 3, blank: int = 2, **more: Any
) -> dict[str, Any]:
    entry = {"first_row": first, "blank_rows": blank, "columns": list(columns), "rows": rows, **more}
    return {"sheets": {"表": {"blocks": [entry]}}}


def five(width: int = 1) -> list[list[Any]]:
    return [[n] * width for n in range(1, 6)]


def fill(form: Path, plan: dict[str, Any]) -> tuple[Path, FillResult]:
    out = form.with_name("out.xlsx")
    return out, fill_cells(form, plan, out)


# The block is rows 3 and 4; five rows go in, so row 5 becomes row 8.


def one(tmp_path: Path, rows: str, plan: dict[str, Any] | None = None, **around: str) -> str:
    out, _ = fill(book(tmp_path / "form.xlsx", rows, **around), plan or block(five()))
    return text(out)


def test_inserted_rows_are_clones_of_the_first_blank_row(tmp_path: Path) -> None:
    rows = (
        '<row r="3" spans="1:4" ht="30" customHeight="1" hidden="1" outlineLevel="1">'
        '<c r="A3" s="1"/><c r="B3" s="2"><f>A3*$D$1+D$6</f><v>1</v></c><c r="C3" s="3" t="s"><v>4</v></c>'
        '<c r="D3"><v>1</v></c></row>'
        '<row r="4"><c r="A4"/><c r="B4"><f>A4*$D$1+D$6</f></c><c r="C4" t="s"><v>4</v></c><c r="D4"><v>2</v></c></row>'
    )
    xml = one(tmp_path, rows)
    assert (
        '<row r="5" spans="1:4" ht="30" customHeight="1" outlineLevel="1"><c r="A5" s="1"><v>3</v></c>'
        '<c r="B5" s="2"><f>A5*$D$1+D$9</f></c><c r="C5" s="3" t="s"><v>4</v></c><c r="D5"/></row>'
    ) in xml


def test_a_unit_printed_in_every_blank_row_is_cloned_but_a_printed_number_is_not(tmp_path: Path) -> None:
    rows = (
        '<row r="3"><c r="A3"/><c r="B3" t="s"><v>4</v></c><c r="C3"><v>1</v></c></row>'
        '<row r="4"><c r="A4"/><c r="B4" t="s"><v>4</v></c><c r="C4"><v>2</v></c></row>'
    )
    xml = one(tmp_path, rows)
    assert cell(xml, "B7") == '<c r="B7" t="s"><v>4</v></c>'
    assert cell(xml, "C7") == '<c r="C7"/>'


def test_a_block_whose_rows_are_not_there_takes_the_columns_styles(tmp_path: Path) -> None:
    before = '<cols><col min="1" max="2" width="9" style="3"/></cols>'
    xml = one(
        tmp_path, '<row r="5"><c r="A5"><f>SUM(A3:A4)</f></c></row>', block(five(2), "AB"), before=before
    )
    numbers = [int(n) for n in re.findall(r'<row r="(\d+)"', xml)]
    assert numbers == [3, 4, 5, 6, 7, 8]
    assert cell(xml, "B7") == '<c r="B7" s="3"><v>5</v></c>'
    assert formula(xml, "A8") == "SUM(A3:A7)"


def test_rows_of_nothing_are_put_in_blank(tmp_path: Path) -> None:
    xml = one(tmp_path, '<row r="3"><c r="A3" s="1"/></row>', block([[None]] * 4))
    assert cell(xml, "A6") == '<c r="A6" s="1"/>'
    plan = block([[None]] * 2)
    assert fill(book(tmp_path / "form.xlsx", '<row r="3"/>'), plan)[1].unchanged


def test_fewer_rows_than_blanks_delete_nothing_and_move_nothing(tmp_path: Path) -> None:
    rows = '<row r="3"><c r="A3"/></row><row r="4"><c r="A4"/></row><row r="5"><c r="A5"><f>B3</f></c></row>'
    assert one(tmp_path, rows, block([["一"]])) == sheet(rows).replace(
        '<c r="A3"/>', '<c r="A3" t="inlineStr"><is><t xml:space="preserve">一</t></is></c>'
    )


@pytest.mark.parametrize(
    ("place", "before", "after"),
    [
        ("A5", "SUM(A3:A4)", "SUM(A3:A7)"),
        ("A5", "SUM($A$3:$A$4)", "SUM($A$3:$A$7)"),
        ("A5", "SUM(A4:A4)", "SUM(A4:A4)"),
        ("A5", "SUM(A1:A4)", "SUM(A1:A7)"),
        ("A5", "SUM(A4:A5)", "SUM(A4:A8)"),
        ("A5", "SUM(A3:A3)", "SUM(A3:A3)"),
        ("A5", "A4+A5+A2", "A4+A8+A2"),
        ("A5", "SUM(A:A)+SUM($5:$5)", "SUM(A:A)+SUM($8:$8)"),
        ("A5", "表!A3:A4", "表!A3:A7"),
        ("A5", "'表'!$A$6", "'表'!$A$9"),
        ("A5", "二!A9+[1]表!A9", "二!A9+[1]表!A9"),
        ("A5", 'IF(A9="A9",LOG10(A9),INDIRECT("A9"))', 'IF(A12="A9",LOG10(A12),INDIRECT("A9"))'),
        ("A5", "SUM(A3 : A4)", "SUM(A3 : A7)"),
        ("A5", "A9#+@A10", "A12#+@A13"),
        ("A5", "SUM(A3:INDEX(A:A,ROW()-1))", "SUM(A3:INDEX(A:A,ROW()-1))"),
        ("A5", "SUM(A1048576)", "SUM(A1048576)"),
        ("A2", "A6/SUM(A3:A4)", "A9/SUM(A3:A7)"),
        ("B4", "SUM(A$3:A4)", "SUM(A$3:A4)"),
        ("B4", "RANK(A4,A$3:A$4)", "RANK(A4,A$3:A$7)"),
        ("B4", "SUM(C4:F4)", "SUM(C4:F4)"),
    ],
)
def test_references_move_and_ranges_over_the_block_grow(
    tmp_path: Path, place: str, before: str, after: str
) -> None:
    number = int(place[1:])
    rows = "".join(
        f'<row r="{n}">'
        + (
            f'<c r="{place}"><f>{before.replace(chr(34), "&quot;")}</f></c>'
            if n == number
            else f'<c r="A{n}"/>'
        )
        + "</row>"
        for n in (2, 3, 4, 5)
    )
    xml = one(tmp_path, rows)
    moved = f"{place[0]}{number + 3 if number > 4 else number}"
    assert formula(xml, moved).replace("&quot;", '"') == after


@pytest.mark.parametrize(
    ("first", "second", "clone"),
    [
        ("B3*C3", "B4*C4", "B7*C7"),
        ("A2+B3", "A3+B4", "A6+B7"),
        ("B3/B5", "B4/B5", "B7/B8"),
        ("B3/B5", None, "B7/B8"),
        ("SUM(B$3:B3)", "SUM(B$3:B4)", "SUM(B$3:B7)"),
        ("RANK(B3,B3:B4)", "RANK(B4,B3:B4)", "RANK(B7,B3:B7)"),
        ("二!B3", "二!B4", "二!B7"),
        ("'50%'!B3&amp;\"&lt;3\"", "'50%'!B4&amp;\"&lt;3\"", "'50%'!B7&amp;\"&lt;3\""),
        ("SUM(甲[数])", "SUM(甲[数])", "SUM(甲[数])"),
    ],
)
def test_a_cloned_formula_reads_its_own_row_as_the_second_blank_row_shows(
    tmp_path: Path, first: str, second: str | None, clone: str
) -> None:
    below = f"<f>{second}</f>" if second else ""
    rows = f'<row r="3"><c r="D3"><f>{first}</f></c></row><row r="4"><c r="D4">{below}</c></row>'
    assert formula(one(tmp_path, rows), "D7") == clone


def test_a_shared_formula_over_the_block_is_written_out(tmp_path: Path) -> None:
    rows = (
        '<row r="3"><c r="B3"><f t="shared" ref="B3:B6" si="0">A3*2</f><v>1</v></c></row>'
        '<row r="4"><c r="B4"><f t="shared" si="0"/><v>1</v></c></row>'
        '<row r="5"><c r="B5"><f t="shared" si="0"/><v>1</v></c></row>'
        '<row r="6"><c r="B6"><f t="shared" si="0"/><v>1</v></c></row>'
        '<row r="7"><c r="C7"><f t="shared" ref="C7:C8" si="1">A7*A$9</f><v>1</v></c></row>'
        '<row r="8"><c r="C8"><f t="shared" si="1"/><v>1</v></c></row>'
    )
    xml = one(tmp_path, rows)
    assert [formula(xml, f"B{n}") for n in range(3, 10)] == [f"A{n}*2" for n in range(3, 10)]
    assert '<f t="shared" ref="C10:C11" si="1">A10*A$12</f>' in xml
    assert '<c r="C11"><f t="shared" si="1"/>' in xml


def test_an_array_that_works_row_by_row_takes_the_new_rows_in(tmp_path: Path) -> None:
    rows = (
        '<row r="3"><c r="A3"/><c r="B3"><f t="array" ref="B3:B4">A3:A4*2</f><v>1</v></c>'
        '<c r="C3"><f t="array" ref="C3">MAX(A3:A4)</f><v>1</v></c></row>'
        '<row r="4"><c r="A4"/><c r="B4"><v>1</v></c></row>'
    )
    xml = one(tmp_path, rows, block(five(2), "AB"))
    assert '<f t="array" ref="B3:B7">A3:A7*2</f></c>' in xml
    assert cell(xml, "B4") == '<c r="B4"></c>'
    assert cell(xml, "B7") == '<c r="B7"/>'
    assert '<f t="array" ref="C7">MAX(A3:A7)</f>' in cell(xml, "C7")


def test_an_array_cut_in_two_is_refused(tmp_path: Path) -> None:
    rows = '<row r="3"><c r="B3"><f t="array" ref="B3:B6">TRANSPOSE(D1:G1)</f></c></row>'
    with pytest.raises(LedgerError) as caught:
        one(tmp_path, rows)
    assert "B3:B6" in caught.value.text


EDGES = {
    '<autoFilter ref="A2:C4"/>': '<autoFilter ref="A2:C7"/>',
    '<mergeCells count="3"><mergeCell ref="B3:C3"/><mergeCell ref="B4:C4"/><mergeCell ref="A5:C6"/></mergeCells>': (
        '<mergeCells count="6"><mergeCell ref="B3:C3"/><mergeCell ref="B4:C4"/><mergeCell ref="A8:C9"/>'
        '<mergeCell ref="B5:C5"/><mergeCell ref="B6:C6"/><mergeCell ref="B7:C7"/></mergeCells>'
    ),
    '<mergeCells><mergeCell ref="D2:D4"/><mergeCell ref="E3:E4"/><mergeCell ref="F4:F5"/></mergeCells>': (
        '<mergeCells><mergeCell ref="D2:D7"/><mergeCell ref="E3:E7"/><mergeCell ref="F4:F8"/></mergeCells>'
    ),
    '<conditionalFormatting sqref="B3:B4 D9"><cfRule type="expression" priority="1"><formula>B3&lt;B$5</formula>'
    "</cfRule></conditionalFormatting>": (
        '<conditionalFormatting sqref="B3:B7 D12"><cfRule type="expression" priority="1">'
        "<formula>B3&lt;B$8</formula></cfRule></conditionalFormatting>"
    ),
    '<conditionalFormatting sqref="B3"><cfRule type="colorScale" priority="2"><colorScale><cfvo type="min"/>'
    '<cfvo type="formula" val="$B$9"/></colorScale></cfRule></conditionalFormatting>': (
        '<conditionalFormatting sqref="B3 B5:B7"><cfRule type="colorScale" priority="2"><colorScale>'
        '<cfvo type="min"/><cfvo type="formula" val="$B$12"/></colorScale></cfRule></conditionalFormatting>'
    ),
    '<dataValidations count="1"><dataValidation type="list" sqref="C3:C4"><formula1>$H$9:$H$12</formula1>'
    "</dataValidation></dataValidations>": (
        '<dataValidations count="1"><dataValidation type="list" sqref="C3:C7"><formula1>$H$12:$H$15</formula1>'
        "</dataValidation></dataValidations>"
    ),
    '<dataValidations count="1"><dataValidation sqref="C3 C4 C9:C10"/></dataValidations>': (
        '<dataValidations count="1"><dataValidation sqref="C3 C4 C12:C13 C5:C7"/></dataValidations>'
    ),
    '<hyperlinks><hyperlink ref="A6" location="表!A9"/><hyperlink ref="A1" location="二!A9"/></hyperlinks>': (
        '<hyperlinks><hyperlink ref="A9" location="表!A12"/><hyperlink ref="A1" location="二!A9"/></hyperlinks>'
    ),
    '<rowBreaks count="3" manualBreakCount="3"><brk id="2" max="16383" man="1"/><brk id="4" max="16383" man="1"/>'
    '<brk id="8" max="16383" man="1"/></rowBreaks>': (
        '<rowBreaks count="3" manualBreakCount="3"><brk id="2" max="16383" man="1"/>'
        '<brk id="7" max="16383" man="1"/><brk id="11" max="16383" man="1"/></rowBreaks>'
    ),
    '<colBreaks count="1"><brk id="9" max="1048575" man="1"/></colBreaks>': (
        '<colBreaks count="1"><brk id="9" max="1048575" man="1"/></colBreaks>'
    ),
    '<protectedRanges><protectedRange sqref="B3:B4" name="填"/></protectedRanges>': (
        '<protectedRanges><protectedRange sqref="B3:B7" name="填"/></protectedRanges>'
    ),
    '<ignoredErrors><ignoredError sqref="A3:C4" numberStoredAsText="1"/></ignoredErrors>': (
        '<ignoredErrors><ignoredError sqref="A3:C7" numberStoredAsText="1"/></ignoredErrors>'
    ),
    "<extLst><ext><x14:conditionalFormattings><x14:conditionalFormatting><x14:cfRule><xm:f>二!$A$9+A5</xm:f>"
    "</x14:cfRule><xm:sqref>B3:B4</xm:sqref></x14:conditionalFormatting></x14:conditionalFormattings></ext></extLst>": (
        "<extLst><ext><x14:conditionalFormattings><x14:conditionalFormatting><x14:cfRule><xm:f>二!$A$9+A8</xm:f>"
        "</x14:cfRule><xm:sqref>B3:B7</xm:sqref></x14:conditionalFormatting></x14:conditionalFormattings></ext></extLst>"
    ),
    "<extLst><ext><x14:dataValidation><x14:formula1><xm:f>表!$H$3:$H$4</xm:f></x14:formula1><xm:sqref>C3:C4"
    "</xm:sqref></x14:dataValidation></ext></extLst>": (
        "<extLst><ext><x14:dataValidation><x14:formula1><xm:f>表!$H$3:$H$7</xm:f></x14:formula1><xm:sqref>C3:C7"
        "</xm:sqref></x14:dataValidation></ext></extLst>"
    ),
    "<extLst><ext><x14:sparkline><xm:f>表!B5:F5</xm:f><xm:sqref>G5</xm:sqref></x14:sparkline><x14:sparkline>"
    "<xm:f>表!B3:F3</xm:f><xm:sqref>G3</xm:sqref></x14:sparkline></ext></extLst>": (
        "<extLst><ext><x14:sparkline><xm:f>表!B8:F8</xm:f><xm:sqref>G8</xm:sqref></x14:sparkline><x14:sparkline>"
        "<xm:f>表!B3:F3</xm:f><xm:sqref>G3</xm:sqref></x14:sparkline></ext></extLst>"
    ),
    '<controls><control><controlPr linkedCell="$A$9"><anchor moveWithCells="1"><from><xdr:row>8</xdr:row></from>'
    "<to><xdr:row>9</xdr:row></to></anchor></controlPr></control></controls>": (
        '<controls><control><controlPr linkedCell="$A$12"><anchor moveWithCells="1"><from><xdr:row>11</xdr:row>'
        "</from><to><xdr:row>12</xdr:row></to></anchor></controlPr></control></controls>"
    ),
}


@pytest.mark.parametrize(("before", "after"), EDGES.items())
def test_what_stands_after_the_rows_follows(tmp_path: Path, before: str, after: str) -> None:
    rows = '<row r="3"><c r="A3"/></row><row r="5"><c r="A5"/></row>'
    xml = one(tmp_path, rows, after=before)
    assert xml[xml.index("</sheetData>") + 12 : xml.index("</worksheet>")] == after


HEADS = {
    '<dimension ref="A1:C5"/>': '<dimension ref="A1:C8"/>',
    '<dimension ref="A1:C4"/>': '<dimension ref="A1:C7"/>',
    '<sheetViews><sheetView topLeftCell="A6"><pane ySplit="2" topLeftCell="A6" state="frozen"/>'
    '<selection activeCell="B5" sqref="B5:B6"/></sheetView></sheetViews>': (
        '<sheetViews><sheetView topLeftCell="A9"><pane ySplit="2" topLeftCell="A9" state="frozen"/>'
        '<selection activeCell="B8" sqref="B8:B9"/></sheetView></sheetViews>'
    ),
    '<sheetViews><sheetView><pane ySplit="2" topLeftCell="A3" state="frozen"/></sheetView></sheetViews>': (
        '<sheetViews><sheetView><pane ySplit="2" topLeftCell="A3" state="frozen"/></sheetView></sheetViews>'
    ),
    '<sheetViews><sheetView><pane ySplit="5" topLeftCell="A6" state="frozen"/></sheetView></sheetViews>': (
        '<sheetViews><sheetView><pane ySplit="8" topLeftCell="A9" state="frozen"/></sheetView></sheetViews>'
    ),
}


@pytest.mark.parametrize(("before", "after"), HEADS.items())
def test_what_stands_before_the_rows_follows(tmp_path: Path, before: str, after: str) -> None:
    xml = one(tmp_path, '<row r="3"><c r="A3"/></row><row r="5"><c r="A5"/></row>', before=before)
    assert after in xml


NAMES = {
    '<definedName name="_xlnm.Print_Area" localSheetId="0">表!$A$1:$C$9</definedName>': "表!$A$1:$C$12",
    '<definedName name="_xlnm.Print_Area" localSheetId="0">表!$A$1:$C$4,表!$E$5:$F$6</definedName>': (
        "表!$A$1:$C$7,表!$E$8:$F$9"
    ),
    '<definedName name="_xlnm.Print_Titles" localSheetId="0">表!$A:$B,表!$1:$2</definedName>': "表!$A:$B,表!$1:$2",
    '<definedName name="_xlnm._FilterDatabase" localSheetId="0" hidden="1">表!$A$2:$C$4</definedName>': (
        "表!$A$2:$C$7"
    ),
    '<definedName name="合计">表!$A$5</definedName>': "表!$A$8",
    '<definedName name="数据">表!A3:C4</definedName>': "表!A3:C7",
    '<definedName name="左邻">表!A5</definedName>': "表!A5",
    '<definedName name="别处">二!$A$5+SUM(表!$A$3:$A$4)</definedName>': "二!$A$5+SUM(表!$A$3:$A$7)",
}


@pytest.mark.parametrize(("before", "after"), NAMES.items())
def test_names_print_areas_and_filters_follow(tmp_path: Path, before: str, after: str) -> None:
    rows = '<row r="3"><c r="A3"/></row><row r="5"><c r="A5"/></row>'
    form = write(tmp_path / "form.xlsx", parts_of({"表": sheet(rows), "二": sheet("")}, names=before))
    out, result = fill(form, block(five()))
    assert re.findall(r"<definedName [^>]*>([^<]*)<", text(out, "xl/workbook.xml")) == [after]
    assert bool(result.left_alone) == ("左邻" in before)


def test_formulas_and_lists_of_other_sheets_follow_and_other_parts_stay(tmp_path: Path) -> None:
    rows = '<row r="3"><c r="A3"/></row><row r="5"><c r="A5"/></row>'
    second = sheet(
        '<row r="1"><c r="A1"><f>表!A5</f><v>1</v></c><c r="B1"><f>B2</f><v>2</v></c></row>',
        after='<dataValidations count="1"><dataValidation sqref="A5"><formula1>表!$A$3:$A$4</formula1>'
        "</dataValidation></dataValidations>",
    )
    third = sheet('<row r="1"><c r="A1"><f>二!B1</f><v>3</v></c></row>')
    form = write(tmp_path / "form.xlsx", parts_of({"表": sheet(rows), "二": second, "三": third}))
    out, _ = fill(form, block(five()))
    assert changed(form, out) == {SHEET1, SHEET2}
    expected = second.replace("表!A5", "表!A8").replace("$A$3:$A$4", "$A$3:$A$7")
    assert text(out, SHEET2) == expected


DRAWING = (
    f'{DECLARATION}<xdr:wsDr xmlns:xdr="d"><xdr:{{kind}}{{mode}}><xdr:from><xdr:col>0</xdr:col>'
    '<xdr:row>{top}</xdr:row></xdr:from>{to}<xdr:sp textlink="表!$A$9"/></xdr:{kind}></xdr:wsDr>'
)
TO = "<xdr:to><xdr:col>1</xdr:col><xdr:row>{}</xdr:row></xdr:to>"


@pytest.mark.parametrize(
    ("kind", "mode", "top", "bottom", "new_top", "new_bottom"),
    [
        ("twoCellAnchor", "", 0, 2, 0, 2),
        ("twoCellAnchor", "", 1, 9, 1, 12),
        ("twoCellAnchor", ' editAs="oneCell"', 1, 9, 1, 9),
        ("twoCellAnchor", ' editAs="oneCell"', 6, 9, 9, 12),
        ("twoCellAnchor", ' editAs="absolute"', 6, 9, 6, 9),
        ("oneCellAnchor", "", 6, None, 9, None),
    ],
)
def test_drawings_move_as_excel_moves_them(
    tmp_path: Path, kind: str, mode: str, top: int, bottom: int | None, new_top: int, new_bottom: int | None
) -> None:
    def drawing(first: int, last: int | None) -> str:
        return DRAWING.format(kind=kind, mode=mode, top=first, to="" if last is None else TO.format(last))

    extra = {
        SHEET1_RELATIONS: relations(("drawing", "../drawings/drawing1.xml")),
        "xl/drawings/drawing1.xml": drawing(top, bottom),
    }
    form = write(tmp_path / "form.xlsx", parts_of({"表": sheet('<row r="3"/>')}, extra=extra))
    out, _ = fill(form, block(five()))
    assert text(out, "xl/drawings/drawing1.xml") == drawing(new_top, new_bottom).replace("$A$9", "$A$12")


def test_comments_and_their_boxes_go_with_their_cells(tmp_path: Path) -> None:
    comments = '<comments><commentList><comment ref="{}"/><comment ref="B2"/></commentList></comments>'
    shape = (
        '<v:shape><x:ClientData ObjectType="Note"><x:Anchor>1, 15, {}, 2, 3, 15, {}, 4</x:Anchor><x:Row>{}</x:Row>'
        "<x:Column>0</x:Column></x:ClientData></v:shape>"
    )
    vml = "<xml>" + shape + shape.format(0, 3, 1) + "</xml>"
    extra = {
        SHEET1_RELATIONS: relations(
            ("comments", "/xl/comments1.xml"),
            ("vmlDrawing", "../drawings/v.vml"),
            ("threadedComment", "../threadedComments/t.xml"),
        ),
        "xl/comments1.xml": comments.format("A6"),
        "xl/drawings/v.vml": vml.format(4, 8, 5),
        "xl/threadedComments/t.xml": '<ThreadedComments><threadedComment ref="A6"/></ThreadedComments>',
    }
    form = write(tmp_path / "form.xlsx", parts_of({"表": sheet('<row r="3"/>')}, extra=extra))
    out, _ = fill(form, block(five()))
    assert text(out, "xl/comments1.xml") == comments.format("A9")
    assert text(out, "xl/drawings/v.vml") == vml.format(7, 11, 8)
    assert 'ref="A9"' in text(out, "xl/threadedComments/t.xml")


def test_tables_grow_over_the_block_with_their_filter(tmp_path: Path) -> None:
    table = (
        f'{DECLARATION}<table xmlns="{MAIN}" id="1" name="T" displayName="T" ref="A2:B{{0}}"{{1}}>'
        '<autoFilter ref="A2:B{2}"/><sortState ref="A3:B{2}"><sortCondition ref="A3:A{2}"/></sortState>'
        '<tableColumns count="2"><tableColumn id="1" name="甲"/><tableColumn id="2" name="乙">'
        "<calculatedColumnFormula>$D${3}</calculatedColumnFormula></tableColumn></tableColumns></table>"
    )
    for totals, rows, grown in (("", (4, 4, 9), (7, 7, 12)), (' totalsRowCount="1"', (5, 4, 9), (8, 7, 12))):
        extra = {
            SHEET1_RELATIONS: relations(("table", "../tables/table1.xml")),
            "xl/tables/table1.xml": table.format(rows[0], totals, *rows[1:]),
        }
        form = write(tmp_path / "form.xlsx", parts_of({"表": sheet('<row r="3"/>')}, extra=extra))
        out, _ = fill(form, block(five()))
        assert text(out, "xl/tables/table1.xml") == table.format(grown[0], totals, *grown[1:])


def test_pivot_tables_count_the_new_rows(tmp_path: Path) -> None:
    pivot = '<pivotTableDefinition><location ref="A{}:C{}" firstHeaderRow="1"/></pivotTableDefinition>'
    cache = '<pivotCacheDefinition><cacheSource><worksheetSource ref="A2:C{}" sheet="表"/></cacheSource></pivotCacheDefinition>'
    extra = {
        SHEET1_RELATIONS: relations(("pivotTable", "../pivotTables/p.xml")),
        "xl/pivotTables/p.xml": pivot.format(9, 20),
        "xl/pivotCache/c.xml": cache.format(4),
    }
    types = {
        "xl/pivotCache/c.xml": "application/vnd.openxmlformats-officedocument.spreadsheetml.pivotCacheDefinition+xml"
    }
    form = write(tmp_path / "form.xlsx", parts_of({"表": sheet('<row r="3"/>')}, extra=extra, types=types))
    out, _ = fill(form, block(five()))
    assert text(out, "xl/pivotTables/p.xml") == pivot.format(12, 23)
    assert text(out, "xl/pivotCache/c.xml") == cache.format(7)


def test_the_chain_goes_only_when_formulas_move_or_are_added(tmp_path: Path) -> None:
    chain = {"xl/calcChain.xml": f'<calcChain xmlns="{MAIN}"><c r="A1" i="1"/></calcChain>'}
    above = '<row r="1"><c r="A1"><f>B1</f></c></row><row r="3"><c r="A3"/></row>'
    for rows, gone in ((above, False), (above + '<row r="5"><c r="A5"><f>B1</f></c></row>', True)):
        form = write(tmp_path / "form.xlsx", parts_of({"表": sheet(rows)}, extra=chain))
        _, result = fill(form, block(five()))
        assert bool(result.removed_parts) == gone


def test_what_cannot_be_followed_is_named(tmp_path: Path) -> None:
    rows = (
        '<row r="3"><c r="A3"/></row><row r="5"><c r="A5"><f>INDIRECT("A3")</f></c><c r="B5"><f>[1]表!A9</f></c>'
        '<c r="C5"><f>SUM(一:三!A9)</f></c><c r="D5"><f>A6</f></c></row>'
    )
    _, result = fill(book(tmp_path / "form.xlsx", rows), block(five()))
    assert [note.where for note in result.left_alone] == ["表!A8", "表!B8", "表!C8"]
    assert [note.what for note in result.moved] == ["插入 3 行，移到第 8 行起"]


def test_a_column_of_formulas_keeps_them_and_says_so(tmp_path: Path) -> None:
    rows = '<row r="3"><c r="A3"/><c r="B3"><f>A3</f></c></row><row r="4"><c r="B4"><f>A4</f></c></row>'
    form = book(tmp_path / "form.xlsx", rows)
    plan = block(five(2), "AB")
    plan["sheets"]["表"]["cells"] = {"B4": 0.5}
    out, result = fill(form, plan)
    xml = text(out)
    assert [formula(xml, f"B{n}") for n in (3, 5, 7)] == ["A3", "A5", "A7"]
    assert "<v>0.5</v>" in cell(xml, "B4")
    assert [note.where for note in result.left_alone] == ["表!B3"]


def test_text_wider_than_a_column_of_one_line_is_told(tmp_path: Path) -> None:
    rows = '<row r="3"><c r="A3"/><c r="B3" s="1"/></row>'
    _, result = fill(book(tmp_path / "form.xlsx", rows), block([["长" * 20, "长" * 20]], "AB"))
    assert [note.where for note in result.left_alone] == ["表!A 列"]


@pytest.mark.parametrize(
    ("merge", "columns", "refused"),
    [
        ("B3:C3", "AB", False),
        ("B3:C3", "AC", True),
        ("B4:B5", "AB", True),
        ("B4:B5", "AC", False),
        ("A2:A3", "AB", True),
        ("D3:D4", "AB", False),
        ("A3:A4", "A", True),
    ],
)
def test_values_meet_merged_cells_at_their_first_cell_or_are_refused(
    tmp_path: Path, merge: str, columns: str, refused: bool
) -> None:
    after = f'<mergeCells count="1"><mergeCell ref="{merge}"/></mergeCells>'
    form = book(tmp_path / "form.xlsx", '<row r="3"><c r="A3"/></row>', after=after)
    plan = block(five(len(columns)), columns)
    if refused:
        with pytest.raises(LedgerError) as caught:
            fill(form, plan)
        assert merge in caught.value.text
    else:
        out, _ = fill(form, plan)
        assert text(out).count("<mergeCell ") >= 1


def test_a_label_merged_along_the_block_takes_one_value_and_grows(tmp_path: Path) -> None:
    after = '<mergeCells count="1"><mergeCell ref="A3:A4"/></mergeCells>'
    plan = block([["镇", 1], [None, 2], [None, 3]], "AB")
    xml = one(tmp_path, '<row r="3"><c r="A3"/></row>', plan, after=after)
    assert '<mergeCell ref="A3:A5"/>' in xml


def test_blocks_that_share_rows_are_refused(tmp_path: Path) -> None:
    plan = block(five())
    plan["sheets"]["表"]["blocks"].append({"first_row": 4, "blank_rows": 2, "columns": ["B"], "rows": [[1]]})
    with pytest.raises(LedgerError) as caught:
        one(tmp_path, "", plan)
    assert "第 4 行" in caught.value.text


def test_a_cell_given_twice_is_refused(tmp_path: Path) -> None:
    plan = block(five())
    plan["sheets"]["表"]["cells"] = {"A4": 1}
    with pytest.raises(LedgerError) as caught:
        one(tmp_path, "", plan)
    assert "A4" in caught.value.text


def test_formatted_rows_are_pushed_over_the_end_but_values_are_not(tmp_path: Path) -> None:
    rows = '<row r="3"/><row r="1048574"><c r="A1048574" s="1"/></row><row r="1048576" ht="9">{}</row>'
    xml = one(tmp_path, rows.format(""))
    assert [int(n) for n in re.findall(r'<row r="(\d+)"', xml)] == [3, 4, 5, 6, 7]
    with pytest.raises(LedgerError) as caught:
        one(tmp_path, rows.format('<c r="B1048576"><v>1</v></c>'))
    assert caught.value.code == "too_many_rows"


def test_a_text_too_long_for_any_row_goes_on_in_further_rows(tmp_path: Path) -> None:
    sentence = "对农业灌溉机电井安装智能计量设施，实现以电折水和在线计量双控，完成验收并纳入台账管理。"
    long = "".join(f"第{n}批：{sentence}" for n in range(120))
    rows = '<row r="3" ht="30" customHeight="1"><c r="A3"/><c r="B3"/><c r="C3" s="1"/><c r="D3"/></row>'
    before = '<cols><col min="3" max="3" width="30" customWidth="1"/></cols>'
    plan = block([[1, "甲镇", long, 5], [2, "乙镇", "短", 6]], "ABCD")
    form = book(tmp_path / "form.xlsx", rows, before=before)
    out, result = fill(form, plan)
    sheet_ = load_workbook(out)["表"]
    filled = [[c.value for c in row] for row in sheet_.iter_rows(min_row=3)]
    pieces = [row[2] for row in filled[:-1]]
    assert "".join(pieces) == long
    assert len(pieces) > 2
    assert all(piece.endswith("。") for piece in pieces)
    assert filled[0][:2] == [1, "甲镇"]
    assert filled[1] == ["1（续）", "甲镇（续）", pieces[1], None]
    assert filled[-1] == [2, "乙镇", "短", 6]
    heights = [sheet_.row_dimensions[n].height for n in range(3, 3 + len(filled))]
    assert all(200 < height <= 409 for height in heights[:-2])
    assert heights[-1] == 30
    assert [note.where for note in result.continued] == ["表!第 3 行"]
    plan = block([[1, "甲镇", long, 5]], "ABCD", continue_text=False)
    out, _ = fill(form, plan)
    assert load_workbook(out)["表"]["C3"].value == long


def test_a_row_of_fixed_height_rises_to_show_its_text(tmp_path: Path) -> None:
    rows = '<row r="3" ht="15" customHeight="1"><c r="A3" s="1"/></row><row r="4" ht="15" customHeight="1"/>'
    xml = one(tmp_path, rows, block([["短"], ["短"], ["长" * 40]]))
    heights = [float(ht) for ht in re.findall(r'<row r="\d+" ht="([\d.]+)"', xml)]
    assert heights[:2] == [15, 15]
    assert heights[2] > 60
