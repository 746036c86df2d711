"""Bad files are refused with a sentence before a parser sees them; good ones are looked through once."""

from __future__ import annotations

import json
import random
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook as NewWorkbook

from ledger_app.core.errors import LedgerError
from ledger_app.ingest import child, guard
from ledger_app.ingest.sheet_scan import SheetFacts, scan_sheet
from ledger_app.ingest.workbook import NO_RESULT, read_workbook

from .packages import cell, ods, xlsx

IMPORTS = Path(__file__).parents[1] / "data" / "imports"
BROKEN: dict[str, dict[str, Any]] = json.loads((IMPORTS / "expected.json").read_text(encoding="utf-8"))[
    "broken"
]
REFUSED = {
    "damaged_file",
    "not_a_workbook",
    "too_large_when_unpacked",
    "xml_entity",
    "encrypted",
    "empty_file",
}


def code_of(path: Path) -> str:
    with pytest.raises(LedgerError) as refused:
        read_workbook(path)
    assert refused.value.text.endswith("。") and len(refused.value.text) > 15
    return refused.value.code


def facts(path: Path) -> SheetFacts:
    return guard.inspect(path).sheets["表"]


@pytest.mark.parametrize("name", [name for name, file in BROKEN.items() if file["code"] in REFUSED])
def test_broken_files_are_refused_with_their_reason(name: str) -> None:
    assert code_of(IMPORTS / "broken" / name) == BROKEN[name]["code"]


@pytest.mark.parametrize("name", [name for name, file in BROKEN.items() if "rows" in file])
def test_files_that_are_not_what_their_name_says_are_read_as_what_they_are(name: str) -> None:
    book = read_workbook(IMPORTS / "broken" / name)

    assert [note.code for note in book.notes] == ([BROKEN[name]["code"]] if BROKEN[name]["code"] else [])
    stated = [row["values"] for row in BROKEN[name]["rows"]]
    assert [row[:3] for row in book.sheets[0].rows[1:]] == [
        [row["well.code"], row["well.town"], row["well.village"]] for row in stated
    ]


def test_formulas_without_results_are_reported_cell_by_cell_and_stay_visible() -> None:
    sheet = read_workbook(IMPORTS / "broken" / "formulas_without_values.xlsx").sheets[0]

    rows = [row - 1 for row in BROKEN["formulas_without_values.xlsx"]["data_rows"]]
    assert {row for row, _ in sheet.formula_gaps} == set(rows)
    assert all(sheet.rows[row] == [NO_RESULT] * 5 for row in rows)


def test_only_formulas_without_a_result_are_gaps(tmp_path: Path) -> None:
    path = xlsx(
        tmp_path / "a.xlsx",
        '<row r="2"><c r="A2"><f>1+1</f></c><c r="B2"><f>1+1</f><v>2</v></c><c r="C2"><f>1+1</f><v></v></c>'
        '<c r="D2" t="str"><f>""</f><v></v></c><c r="E2" t="e"><f>1/0</f><v>#DIV/0!</v></c>'
        '<c r="F2"><f t="shared" si="0"/></c><c r="G2"><f t="shared" si="0"/><v>3</v></c>'
        '<c r="H2" t="e"><v>#N/A</v></c><c r="I2" t="b"><f>TRUE()</f><v>1</v></c></row>',
    )

    assert facts(path).formula_gaps == {(1, column) for column in (0, 2, 4, 5, 7)}
    assert read_workbook(path).sheets[0].rows[1][:5] == [NO_RESULT, 2.0, NO_RESULT, "", NO_RESULT]


def test_cells_and_rows_that_do_not_say_where_they_are_follow_the_one_before(tmp_path: Path) -> None:
    row = '<row><c><v>1</v></c><c><f>1+1</f></c><c t="e"><f>1/0</f><v>#DIV/0!</v></c></row>'
    hidden = '<row hidden="true"><c/><c><v>1</v></c></row>'

    found = facts(xlsx(tmp_path / "a.xlsx", row + hidden + row))

    assert found.formula_gaps == {(0, 1), (0, 2), (2, 1), (2, 2)} and found.hidden_rows == {1}
    assert (found.last_row, found.last_column, found.by_the_book) == (2, 2, False)


def test_a_sheet_with_prefixed_tags_is_looked_through_the_same_way(tmp_path: Path) -> None:
    rows = '<x:row r="1"><x:c r="A1"><x:f>1+1</x:f></x:c><x:c r="B1"><x:f>1</x:f><x:v>1</x:v></x:c></x:row>'

    found = facts(xlsx(tmp_path / "a.xlsx", rows, prefix="x"))

    assert found.formula_gaps == {(0, 0)} and found.last_column == 1


def test_hidden_rows_columns_and_sheets_are_known(tmp_path: Path) -> None:
    book = NewWorkbook()
    for name, state in (("表一", "visible"), ("表二", "hidden"), ("表三", "veryHidden")):
        page = book.create_sheet(name)
        page.append(["a", "b", "c", "d"])
        page.append([1, 2, 3, 4])
        page.sheet_state = state
        page.column_dimensions["B"].hidden = True
        page.row_dimensions[2].hidden = True
    book.remove(book.worksheets[0])
    book.save(tmp_path / "a.xlsx")

    sheets = read_workbook(tmp_path / "a.xlsx").sheets

    assert [sheet.state for sheet in sheets] == ["visible", "hidden", "very_hidden"]
    assert all(sheet.hidden_columns == {1} and sheet.hidden_rows == {1} for sheet in sheets)


@pytest.mark.parametrize("size", [1, 1000, 32_767])
def test_a_text_used_so_often_that_it_would_fill_the_memory_is_refused(tmp_path: Path, size: int) -> None:
    count = 300_000_000 // (3 * size) // 26 if size > 1 else 1000
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    rows = (
        f'<row r="{r}">' + "".join(cell(f"{c}{r}", 0, "s") for c in letters) + "</row>"
        for r in range(1, count)
    )
    path = xlsx(tmp_path / "a.xlsx", rows, ["井" * size])

    if size == 1:
        assert guard.inspect(path).trusted
    else:
        assert code_of(path) == "too_large_when_unpacked"


def test_many_long_but_rarely_used_texts_are_no_reason_to_refuse(tmp_path: Path) -> None:
    texts = [f"{number}{'备注' * 5_000}" for number in range(20)]
    rows = (
        f'<row r="{r}">{cell(f"A{r}", r % 20 if r < 40 else 0, "s" if r < 40 else "")}</row>'
        for r in range(1, 99_000)
    )

    clearance = guard.inspect(xlsx(tmp_path / "a.xlsx", rows, texts))

    assert clearance.trusted and clearance.sheets["表"].texts == 39


@pytest.mark.parametrize(
    "rows",
    [
        f'<row r="1">{cell("A1", 1)}</row><row r="1048576">{cell("XFD1048576", 1)}</row>',
        "<row r='1'><c r='A1'><v>1</v></c></row><row r='1048576'><c s='1' r='XFD1048576'><v>1</v></c></row>",
        f'<row r="1">{cell("A1", 1)}{cell("XFD1", 1)}</row><row r="9999">{cell("B9999", 1)}</row>',
    ],
)
def test_one_stray_cell_far_out_is_refused_by_name(tmp_path: Path, rows: str) -> None:
    path = xlsx(tmp_path / "a.xlsx", rows)

    with pytest.raises(LedgerError, match=r"工作表“表”一直排到第 (1048576|9999) 行、XFD 列") as refused:
        read_workbook(path)
    assert refused.value.code == "too_large_when_unpacked"


def test_rows_that_are_only_formatted_cost_nothing(tmp_path: Path) -> None:
    rows = ("".join(f'<c r="{c}{r}" s="1"/>' for c in ("A", "B", "XFD")) for r in range(2, 60_000))
    framed = (f'<row r="{r}" ht="15">{cells}</row>' for r, cells in enumerate(rows, 2))
    path = xlsx(tmp_path / "a.xlsx", (*[f'<row r="1">{cell("A1", 1)}</row>'], *framed))

    assert (facts(path).last_row, facts(path).last_column) == (0, 0)
    assert read_workbook(path).sheets[0].rows == [[1.0]]


def test_a_document_type_is_found_in_any_part_and_however_late(tmp_path: Path) -> None:
    plain = xlsx(tmp_path / "plain.xlsx", f'<row r="1">{cell("A1", 1)}</row>')
    late = "<?xml version='1.0'?><!--" + "x" * 300_000 + "--><!DOCTYPE a [<!ENTITY b 'c'>]><a/>"

    for number, text in enumerate((late.encode(), late.encode("utf-16"))):
        path = tmp_path / f"{number}.xlsx"
        path.write_bytes(plain.read_bytes())
        with zipfile.ZipFile(path, "a") as package:
            package.writestr("docProps/app.xml", text)
        assert code_of(path) == "xml_entity"
    assert read_workbook(plain).sheets[0].rows == [[1.0]]


def test_an_ods_that_repeats_one_cell_without_end_only_kills_the_child(tmp_path: Path) -> None:
    row = '<table:table-row table:number-rows-repeated="{}"><table:table-cell table:number-columns-repeated="{}" {}/>'
    value = 'office:value-type="float" office:value="1"'
    bomb = ods(tmp_path / "bomb.ods", row.format(1_048_576, 16_384, value) + "</table:table-row>")
    first = f"<table:table-row><table:table-cell {value}/></table:table-row>"
    good = ods(tmp_path / "good.ods", first + row.format(1_048_575, 16_384, "") + "</table:table-row>")

    assert code_of(bomb) in {"damaged_file", "too_large_when_unpacked"}
    assert read_workbook(good).sheets[0].rows == [[1.0]]


@pytest.mark.parametrize(
    "text",
    [
        "\n" * 2_000_000,
        "," * 4_100_000,
        "," * 9_000 + "\n" + "1\n" * 9_000,
        "<table><tr><td>" * 5 + "</table>" * 5,
    ],
    ids=["empty lines", "separators", "one wide line", "nested tables"],
)
def test_text_that_would_swell_when_read_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.csv").write_text("井编号,村\n" + text if "<" not in text else text * 300, encoding="utf-8")

    if "<" in text:
        assert len(read_workbook(tmp_path / "a.csv").sheets) == 300
        (tmp_path / "a.csv").write_text(text * 1_100, encoding="utf-8")
    assert code_of(tmp_path / "a.csv") == "too_large_when_unpacked"


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml"])
def test_a_package_of_countless_small_things_is_refused(tmp_path: Path, part: str) -> None:
    dice = random.Random(1)
    numbers = [dice.randrange(10**6) for _ in range(210_000)]
    swollen = {
        "xl/worksheets/sheet1.xml": ("</sheetData>", [f'<mergeCell ref="A{n}:B{n}"/>' for n in numbers]),
        "xl/sharedStrings.xml": ("<sst", ["<si/>" * 26 for _ in numbers]),
        "xl/workbook.xml": (
            "</sheets>",
            [f'<sheet name="{n}" sheetId="9" r:id="rId1"/>' for n in numbers[:900]],
        ),
    }
    mark, items = swollen[part]
    plain = xlsx(tmp_path / "plain.xlsx", f'<row r="1">{cell("A1", 1)}</row>')
    with (
        zipfile.ZipFile(plain) as old,
        zipfile.ZipFile(tmp_path / "a.xlsx", "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            text = old.read(name).decode()
            if name == part:
                place = text.index(">", text.index(mark)) + 1 if mark == "<sst" else text.index(mark)
                text = text[:place] + "".join(items) + text[place:]
            new.writestr(name, text)

    assert code_of(tmp_path / "a.xlsx") in {"too_large_when_unpacked", "damaged_file"}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows limits a child's time only")
def test_a_child_that_needs_too_much_memory_is_lost_and_nothing_else(tmp_path: Path) -> None:
    one = '<table:table-cell office:value-type="float" office:value="1"/>'
    rows = f'<table:table-row table:number-rows-repeated="1048576">{one * 60}</table:table-row>'

    assert code_of(ods(tmp_path / "a.ods", rows)) == "too_large_when_unpacked"


def test_a_child_that_takes_too_long_is_stopped(tmp_path: Path) -> None:
    with pytest.raises(LedgerError) as refused:
        child.read_in_child(IMPORTS / "closures.xls", seconds=0.0)
    assert refused.value.code == "too_slow"


@pytest.mark.parametrize(
    ("start", "words"),
    [
        (b"%PDF-1.7\n", "PDF"),
        (b"\x89PNG\r\n\x1a\n\0\0", "图片"),
        (b"{\\rtf1", "文档"),
        (b"Rar!\x1a\x07", "压缩包"),
        (b"\x09\x08\x10\x00\x00\x06", "很老"),
        (b"<?xml version='1.0'?><note>a</note>", "电子表格"),
        (b"<?xml version='1.0'?><Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet'/>", "很老"),
    ],
)
def test_other_kinds_of_files_are_refused_by_what_they_are(tmp_path: Path, start: bytes, words: str) -> None:
    path = tmp_path / "台账.xls"
    path.write_bytes(start + b" rest of it")

    with pytest.raises(LedgerError, match=words) as refused:
        guard.inspect(path)
    assert refused.value.code == "not_a_workbook"


def test_a_word_document_a_locked_zip_a_missing_file_and_a_huge_one_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    word = tmp_path / "a.docx"
    with zipfile.ZipFile(word, "w") as package:
        package.writestr("word/document.xml", "<a/>")
    locked = bytearray(xlsx(tmp_path / "b.xlsx", "").read_bytes())
    locked[locked.rfind(b"PK\x01\x02") + 8] |= 1
    (tmp_path / "b.xlsx").write_bytes(locked)

    assert code_of(word) == "not_a_workbook"
    assert code_of(tmp_path / "b.xlsx") == "encrypted"
    assert code_of(tmp_path / "none.xlsx") == code_of(tmp_path) == "cannot_open"
    monkeypatch.setattr(guard, "MAX_FILE", 100)
    assert code_of(word) == "too_large"


def test_every_way_of_cutting_a_workbook_short_is_refused(tmp_path: Path) -> None:
    whole = (IMPORTS / "levels.xlsx").read_bytes()
    path = tmp_path / "cut.xlsx"

    for length in range(4, len(whole) - 1, 97):
        path.write_bytes(whole[:length])
        assert code_of(path) in {"damaged_file", "not_a_workbook"}, length


def test_no_damage_ends_in_anything_but_a_workbook_or_a_refusal(tmp_path: Path) -> None:
    dice = random.Random(20250930)
    sources = [IMPORTS / "wells.xlsx", IMPORTS / "plans.xlsx", IMPORTS / "broken" / "html_table.xls"]
    refused = 0
    for number in range(240):
        path = tmp_path / f"{number}.xlsx"
        _damage(dice.choice(sources), path, dice)
        try:
            read_workbook(path)
        except LedgerError:
            refused += 1
    assert 20 < refused < 240


def _damage(source: Path, target: Path, dice: random.Random) -> None:
    """Change a few bytes of one unpacked part (or of the file, if it is no package)."""
    if not zipfile.is_zipfile(source):
        target.write_bytes(_changed(source.read_bytes(), dice))
        return
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        victim = dice.choice([name for name in old.namelist() if name.startswith("xl/")])
        for name in old.namelist():
            new.writestr(name, _changed(old.read(name), dice) if name == victim else old.read(name))


def _changed(data: bytes, dice: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(dice.randint(1, 4)):
        place = dice.randrange(len(changed))
        changed[place : place + dice.choice((1, 1, 2, 40))] = dice.choice(
            (b"", b"<", b'"', b"&", b"\xff", b"9999999")
        )
    return bytes(changed)


def test_patterns_that_lie_across_two_blocks_are_found() -> None:
    head = b'<worksheet><cols><col min="2" max="3" hidden="1"/></cols><sheetData>'
    rows = b"".join(
        b'<row r="%d"%s><c r="A%d"><v>1</v></c><c r="AB%d"><f>1</f></c></row>'
        % (r, b' hidden="1"' if r % 7 == 0 else b"", r, r)
        for r in range(1, 60)
    )
    text = head + rows + b"</sheetData></worksheet>"

    for size in (150, 333, 1000, len(text)):
        found = scan_sheet((text[i : i + size] for i in range(0, len(text), size)), closely=False)
        assert found.formula_gaps == {(r, 27) for r in range(59)}
        assert found.hidden_rows == {r - 1 for r in range(7, 60, 7)} and found.hidden_columns == {1, 2}
        assert (found.last_row, found.last_column) == (58, 27)
