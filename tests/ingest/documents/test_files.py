"""Files as they arrive: Word with its tables and automatic numbers, and what has to be refused."""

from __future__ import annotations

import io
import time
import zipfile
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from ledger_app.core.errors import LedgerError
from ledger_app.ingest.documents import read_document, read_text
from tests.ingest.documents.notices import GIVEN, gold, lost, text_of

TASK16 = "inner_mongolia_task16"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def refused(path: Path) -> str:
    """The code of a refusal, whose sentence must be Chinese and end with a full stop."""
    with pytest.raises(LedgerError) as caught:
        read_document(path)
    assert caught.value.text.endswith("。")
    assert "\u4e00" <= caught.value.text[0] <= "\u9fff"
    return caught.value.code


def saved(document: Any, path: Path) -> Path:
    document.save(path)
    return path


@pytest.mark.parametrize("name", [name for name in GIVEN if name != TASK16])
def test_a_word_file_reads_like_its_text(tmp_path: Path, name: str) -> None:
    document = docx.Document()
    for line in text_of(name).split("\n"):
        if line.strip():
            document.add_paragraph(line)
    read = read_document(saved(document, tmp_path / "公示.docx"))
    assert read.as_json() == gold(name)
    assert lost(read) == ""


def test_a_completion_table_in_word_is_read_by_measure_and_by_area(tmp_path: Path) -> None:
    head, *rest = text_of(TASK16).split("\n\t整改任务\n")
    document = docx.Document()
    for line in head.split("\n"):
        document.add_paragraph(line)
    table = document.add_table(rows=0, cols=2)
    label = "整改任务"
    for line in rest[0].split("\n"):
        if line.strip() in {"责任单位", "整改措施", "完成情况"}:
            label = line.strip()
        elif line.strip() and label:
            row = table.add_row().cells
            row[0].text, row[1].text = label, line.strip()
            cell, label = row[1], ""
        elif line.strip():
            cell.add_paragraph(line.strip())
    assert read_document(saved(document, tmp_path / "表.docx")).as_json() == gold(TASK16)


def test_a_list_of_tasks_in_word_is_read_row_by_row(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("白原县督察反馈问题整改情况一览表")
    table = document.add_table(rows=1, cols=5)
    rows = [
        ["序号", "反馈问题", "责任单位", "整改措施", "整改成效"],
        ["1", "机井无证取水。", "县水利局、农业农村局", "1.排查。\n2.补证。", "1.排查312眼。\n2.补证56本。"],
        ["2", "节水器具普及率低。", "县住建局", "推广节水器具。", "已完成整改。普及率达到95%。"],
    ]
    for number, words in enumerate(rows):
        cells = table.rows[0].cells if number == 0 else table.add_row().cells
        for cell, text in zip(cells, words, strict=True):
            cell.text = text
    items = read_document(saved(document, tmp_path / "表.docx")).as_json()["items"]
    assert [item["number"] for item in items] == ["1", "2"]
    assert items[0]["responsible_units"] == ["县水利局", "县农业农村局"]
    assert [m["progress"] for m in items[0]["measures"]] == ["排查312眼。", "补证56本。"]
    assert items[1]["status_text"] == "已完成整改"
    assert items[1]["progress"] == ["普及率达到95%。"]


def test_rows_that_share_a_merged_problem_are_one_task(tmp_path: Path) -> None:
    document = docx.Document()
    table = document.add_table(rows=4, cols=4)
    words = [
        ["序号", "反馈问题", "整改措施", "完成情况"],
        ["1", "超采突出。", "关井。", "关井12眼。"],
        ["", "", "置换水源。", "管网通水。"],
        ["2", "计量不全。", "装表。", "装表90套。"],
    ]
    for row, texts in zip(table.rows, words, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    for column in (0, 1):
        table.cell(1, column).merge(table.cell(2, column))
    items = read_document(saved(document, tmp_path / "表.docx")).as_json()["items"]
    assert [(m["text"], m["progress"]) for m in items[0]["measures"]] == [
        ("关井。", "关井12眼。"),
        ("置换水源。", "管网通水。"),
    ]
    assert len(items) == 2


def test_several_forms_in_one_word_file_are_several_tasks(tmp_path: Path) -> None:
    document = docx.Document()
    for count in (1, 2, 3):
        table = document.add_table(rows=3, cols=4)
        rows = [
            ["问题编号", str(count), "整改时限", f"2025年{count + 6}月底"],
            ["牵头部门", "县水利局", "责任\n单位", "县水利局"],
            ["反馈问题", f"第{count}个问题。", "整改措施", "一是查处。二是补证。"],
        ]
        for row, texts in zip(table.rows, rows, strict=True):
            for cell, text in zip(row.cells, texts, strict=True):
                cell.text = text
        document.add_paragraph("")
    items = read_document(saved(document, tmp_path / "表.docx")).as_json()["items"]
    assert [(item["number"], item["deadline"], len(item["measures"])) for item in items] == [
        ("1", "2025-07-31", 2),
        ("2", "2025-08-31", 2),
        ("3", "2025-09-30", 2),
    ]
    assert items[0]["responsible_units"] == ["县水利局"]


def _numbered(document: Any, text: str, level: int) -> None:
    paragraph = document.add_paragraph(text)
    paragraph._p.get_or_add_pPr().append(
        parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="77"/></w:numPr>')
    )


def _lists(document: Any) -> None:
    """一、 and （一） as Word's own numbers."""
    part = document.part.numbering_part.element
    levels = "".join(
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for level, (kind, text) in enumerate(
            [("chineseCounting", "%1、"), ("chineseCounting", "（%2）"), ("decimal", "%3.")]
        )
    )
    part.insert(0, parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="77">{levels}</w:abstractNum>'))
    part.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="77"><w:abstractNumId w:val="77"/></w:num>'))


def test_automatic_numbers_of_word_are_read_as_they_print(tmp_path: Path) -> None:
    document = docx.Document()
    _lists(document)
    for chapter in ("推动绿色发展有差距", "水利设施欠账较多"):
        _numbered(document, chapter, 0)
        for problem in ("再生水利用率低。", "渠系老化。"):
            _numbered(document, problem, 1)
            document.add_paragraph("整改进展情况：正在整改，达到序时进度。")
            _numbered(document, "完成管网12公里。", 2)
            _numbered(document, "完成衬砌30公里。", 2)
    items = read_document(saved(document, tmp_path / "进展.docx")).as_json()["items"]
    assert [(item["number"], item["path"][0][:2], len(item["progress"])) for item in items] == [
        ("（一）", "一、", 2),
        ("（二）", "一、", 2),
        ("（一）", "二、", 2),
        ("（二）", "二、", 2),
    ]


def test_deleted_and_hidden_words_of_word_are_not_read(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("整改任务：超采突出。")
    paragraph = document.add_paragraph("整改措施：关井12眼。")
    hidden = paragraph.add_run("内部说明。")
    hidden.font.hidden = True
    paragraph._p.append(
        parse_xml(
            f'<w:del {nsdecls("w")} w:id="1" w:author="a"><w:r><w:delText>旧措施。</w:delText></w:r></w:del>'
        )
    )
    item = read_document(saved(document, tmp_path / "方案.docx")).as_json()["items"][0]
    assert item["measures"][0]["text"] == "关井12眼。"


# What cannot be read


def test_a_text_without_a_task_is_refused_with_a_sentence() -> None:
    for text in ("关于召开会议的通知\n各单位：\n定于5月6日召开会议。", "", "甲" * 5000):
        with pytest.raises(LedgerError) as caught:
            read_text(text)
        assert caught.value.code == "document_without_task"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "document_empty"),
        (b"\x00" * 100, "document_empty"),
        (OLE + b"\x00" * 600, "document_old_format"),
        (OLE + b"\x00" * 600 + "EncryptedPackage".encode("utf-16-le"), "document_encrypted"),
        (b"{\\rtf1\\ansi text}", "document_old_format"),
        (b"<!DOCTYPE html><html><body>x</body></html>", "document_web_page"),
        (b"\xff\xd8\xff\xe0" + b"\x00\x01" * 300, "document_scanned"),
        (b"\x89PNG\r\n\x1a\n" + b"\x01\x02" * 300, "document_scanned"),
        (bytes(range(1, 256)) * 40, "document_damaged"),
        (b"PK\x03\x04 cut off", "document_damaged"),
        (b"%PDF-1.7 cut off", "document_damaged"),
    ],
)
def test_a_file_that_is_no_text_is_refused_with_a_sentence(tmp_path: Path, data: bytes, code: str) -> None:
    path = tmp_path / "文件.docx"
    path.write_bytes(data)
    assert refused(path) == code


def test_a_missing_file_is_refused_with_its_name(tmp_path: Path) -> None:
    assert refused(tmp_path / "没有.txt") == "document_unreadable"
    assert refused(tmp_path) == "document_unreadable"


def _package(path: Path, parts: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(name, data)
    return path


def test_a_package_that_is_no_word_file_is_refused(tmp_path: Path) -> None:
    workbook = _package(tmp_path / "表.docx", {"[Content_Types].xml": b"<x/>", "xl/workbook.xml": b"<x/>"})
    assert refused(workbook) == "document_not_word"
    assert refused(_package(tmp_path / "版式.docx", {"OFD.xml": b"<x/>"})) == "document_old_format"
    broken = _package(tmp_path / "坏.docx", {"[Content_Types].xml": b"<x/>", "word/document.xml": b"<w"})
    assert refused(broken) == "document_damaged"


def test_a_package_that_unpacks_to_a_huge_size_is_not_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "炸弹.docx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", b"<x/>")
        with package.open("word/document.xml", "w") as part:
            for _ in range(200):
                part.write(b" " * 2**20)
    start = time.process_time()
    assert refused(path) == "document_bomb"
    assert time.process_time() - start < 1


def test_a_truncated_word_file_is_refused(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("整改任务：甲。")
    stream = io.BytesIO()
    document.save(stream)
    path = tmp_path / "断.docx"
    path.write_bytes(stream.getvalue()[: len(stream.getvalue()) // 2])
    assert refused(path) == "document_damaged"


def test_a_word_file_with_pictures_only_is_refused_as_scanned(tmp_path: Path) -> None:
    assert refused(saved(docx.Document(), tmp_path / "空.docx")) == "document_scanned"


# Time


def test_two_hundred_pages_take_less_than_three_seconds() -> None:
    text = text_of("hohhot_plan_part") * 60
    assert len(text) > 170_000
    start = time.process_time()
    assert len(read_text(text).items) == 480
    assert time.process_time() - start < 3


HOSTILE = {
    "colons": "：",
    "open brackets": "（",
    "closed brackets": "）",
    "full stops": "。",
    "ordinals": "一是",
    "numbers in a line": "。1.",
    "numbers on lines": "（一）甲\n",
    "marks": "（已完成整改）",
    "labels": "责任单位：",
    "labels on lines": "责任单位：甲\n",
    "section labels": "一、整改措施\n（一）甲\n",
    "problems": "整改任务：甲。\n",
    "months": "2025年1月至2月",
    "titles": "《",
    "rows": "1\t甲\t乙\n",
    "areas": "包头市：甲。\n",
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_a_hostile_repetition_takes_time_in_proportion(name: str) -> None:
    piece = HOSTILE[name]
    text = "整改任务：甲。\n整改时限：2025年。\n整改措施：一是乙。\n完成情况：" + piece * (
        40_000 // len(piece)
    )
    start = time.process_time()
    assert read_text(text).items
    assert time.process_time() - start < 5
