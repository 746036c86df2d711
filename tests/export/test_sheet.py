"""Rows as worksheet XML, and the package around them."""

from __future__ import annotations

import errno
import io
import os
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from lxml import etree

from ledger_app.core.errors import LedgerError
from ledger_app.export import sheet as sheet_module
from ledger_app.export.book import SheetPlan, open_book, sheet_names
from ledger_app.export.files import atomic_write, write_bytes
from ledger_app.export.frame import Frame, head_xml, tail_xml
from ledger_app.export.sheet import Prototype, address, cell, column_letters, row_blocks, serial
from ledger_app.export.styles import Style, StyleSheet, number_format


def written(kinds: Sequence[str], rows: Sequence[Sequence[Any]]) -> list[list[Any]]:
    """What openpyxl reads from a workbook made of the rows."""
    styles = StyleSheet()
    looks = [
        styles.index(Style(number_format="yyyy-mm-dd" if kind == "date" else "General")) for kind in kinds
    ]
    prototypes = [Prototype(kind, look) for kind, look in zip(kinds, looks, strict=True)]  # type: ignore[arg-type]
    frame = Frame(widths=[10] * len(kinds))
    buffer = io.BytesIO()
    with open_book(buffer, styles.xml(), [SheetPlan("表")]) as book, book.sheet(0) as stream:
        stream.write(head_xml(frame))
        for block, _ in row_blocks(prototypes, rows, 1):
            stream.write(block)
        stream.write(tail_xml(frame))
    sheet = openpyxl.load_workbook(buffer).active
    assert sheet is not None
    return [[c.value for c in row] for row in sheet.iter_rows()]


@pytest.mark.parametrize("text", ["=1+1", "+86", "-SUM(A1)", "@cmd", '=HYPERLINK("http://x")', "{=A1}"])
def test_text_that_looks_like_a_formula_stays_text(text: str) -> None:
    styles = StyleSheet()
    block, _ = next(row_blocks([Prototype("text", styles.index(Style()))], [[text]], 1))
    row = etree.fromstring(block)
    assert not row.findall("f")
    assert row[0].get("t") == "inlineStr"
    assert "".join(row[0].itertext()) == text


def test_markup_spaces_and_line_breaks_come_back_as_they_were() -> None:
    texts = ["<b>&amp;\"'", " 两头有空格 ", "第一行\r\n第二行\r第三行", "𬇙𫭟", "a]]>b", "尾"]
    assert [row[0] for row in written(["text"], [[text] for text in texts])] == [
        "<b>&amp;\"'",
        " 两头有空格 ",
        "第一行\n第二行\n第三行",
        "𬇙𫭟",
        "a]]>b",
        "尾",
    ]


def test_control_characters_and_lone_surrogates_are_removed() -> None:
    assert written(["text"], [["a\x00\x1f\x1e\x0bb\ud800\ufffe"], ["好"]]) == [["ab"], ["好"]]


def test_what_excel_would_decode_is_coded_so_that_it_reads_the_same() -> None:
    block, _ = next(row_blocks([Prototype("text", 0)], [["_x0041_"]], 1))
    assert b"<t>_x005F_x0041_</t>" in block


def test_numbers_stay_numbers_gaps_stay_empty_and_words_among_numbers_stay_words() -> None:
    rows: list[list[Any]] = [[1], [Decimal("0.10")], [None], [2.5], ["不详"], [float("nan")], [True], [0]]
    assert [row[0] for row in written(["number"], rows)] == [1, 0.1, None, 2.5, "不详", None, "是", 0]


def test_dates_are_serials_and_partial_dates_stay_text() -> None:
    rows: list[list[Any]] = [
        [date(2025, 9, 4)],
        ["2025-09-05"],
        ["2012-05"],
        ["2025-02-30"],
        [None],
        [date(1899, 1, 1)],
        [""],
    ]
    read = [row[0].date() if isinstance(row[0], datetime) else row[0] for row in written(["date"], rows)]
    assert read == [
        date(2025, 9, 4),
        date(2025, 9, 5),
        "2012-05",
        "2025-02-30",
        None,
        "1899-01-01",
        None,
    ]
    assert serial(date(1900, 3, 1)) == "61"


def test_the_fast_way_and_the_careful_way_write_the_same_cells() -> None:
    plain: list[list[Any]] = [
        ["德岭山镇", 3, "2025-09-04"],
        ["", None, None],
        ["大圣村", Decimal("0.5"), "2012"],
    ]
    prototypes = [Prototype("text", 1), Prototype("number", 2), Prototype("date", 3)]
    fast = b"".join(block for block, _ in row_blocks(prototypes, plain, 7))
    awkward = [*plain, ["有\t制表", "字", "x"]]
    careful = b"".join(block for block, _ in row_blocks(prototypes, awkward, 7))
    assert careful.startswith(fast)


def test_every_row_and_cell_carries_its_address_across_blocks() -> None:
    count = sheet_module.BLOCK_ROWS + 3
    rows = written(["number", "text"], [[number, f"第{number}行"] for number in range(count)])
    assert rows == [[number, f"第{number}行"] for number in range(count)]


def test_a_text_longer_than_a_cell_holds_is_cut_with_a_mark() -> None:
    [[value]] = written(["text"], [["长" * 40_000]])
    assert len(value) == sheet_module.MAX_TEXT
    assert value.endswith("长…")


def test_more_rows_than_a_sheet_holds_are_refused_with_a_sentence() -> None:
    endless: Iterator[list[str]] = iter(lambda: ["x"], None)
    with pytest.raises(LedgerError, match="放不下"):
        for _ in row_blocks([Prototype("text", 0)], endless, sheet_module.MAX_ROWS - 700):
            pass


def test_addresses_count_in_letters() -> None:
    assert [column_letters(index) for index in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
    assert address(3, 27) == "AB3"
    assert cell(3, 27, None, 5) == '<c r="AB3" s="5"/>'


def test_sheet_names_are_made_acceptable_and_different() -> None:
    assert sheet_names(["a/b:c", "", "乡" * 40, "乡" * 40, "ABC"]) == [
        "abc",
        "表2",
        "乡" * 31,
        "乡" * 28 + "(2)",
        "ABC(2)",
    ]


def test_number_formats_follow_the_places() -> None:
    assert [number_format(places) for places in (None, 0, 2, 6)] == ["General", "0", "0.00", "0.000000"]
    assert number_format(1, percent=True) == "0.0%"


def test_a_package_has_fixed_times_and_the_same_bytes_every_time() -> None:
    def made() -> bytes:
        buffer = io.BytesIO()
        plans = [SheetPlan("表", (1, 2))]
        with open_book(buffer, StyleSheet().xml(), plans, "题") as book, book.sheet(0) as stream:
            stream.write(head_xml(Frame(widths=[9])) + tail_xml(Frame(widths=[9])))
        return buffer.getvalue()

    first = made()
    assert first == made()
    times = {entry.date_time for entry in zipfile.ZipFile(io.BytesIO(first)).infolist()}
    assert times == {(1980, 1, 1, 0, 0, 0)}


def test_a_failing_source_leaves_the_old_file_and_no_temporary(tmp_path: Path) -> None:
    target = tmp_path / "台账.xlsx"
    write_bytes(target, b"old")

    def fails() -> None:
        with atomic_write(target) as file:
            file.write(b"half")
            raise RuntimeError("source broke")

    with pytest.raises(RuntimeError, match="source broke"):
        fails()
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


def test_a_full_disk_and_a_missing_folder_are_told_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(LedgerError, match="这个文件夹"):
        write_bytes(tmp_path / "无" / "a.xlsx", b"")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(LedgerError, match="磁盘空间不够"):
        write_bytes(tmp_path / "a.xlsx", b"x")
    assert not list(tmp_path.iterdir())
