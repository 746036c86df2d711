"""PDF files: columns, ruled tables, running heads, pages that cannot be read."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from ledger_app.core.errors import LedgerError
from ledger_app.ingest.documents import read_document
from tests.ingest.documents.notices import FONT, GIVEN, gold, lost, rewritten, text_of, wrapped

TASK16 = "inner_mongolia_task16"
PLAN = "hohhot_plan_part"
NAME = "serif"


@pytest.fixture(autouse=True, scope="module")
def font() -> None:
    pdfmetrics.registerFont(TTFont(NAME, str(FONT)))


def paper(path: Path, size: tuple[float, float] = A4, fontsize: float = 12, **options: str) -> Canvas:
    canvas = Canvas(str(path), pagesize=size, **options)
    canvas.setFont(NAME, fontsize)
    return canvas


def typed(path: Path, lines: list[str], fontsize: float = 12, head: str = "") -> Path:
    """Lines down the page, with a running head and a page number."""
    canvas = paper(path, fontsize=fontsize)
    for start in range(0, len(lines), 36):
        canvas.setFont(NAME, fontsize)
        canvas.drawString(60, 815, head)
        canvas.drawCentredString(297, 30, f"— {start // 36 + 1} —")
        for row, line in enumerate(lines[start : start + 36]):
            canvas.drawString(
                72 + (2 * fontsize if line.startswith("　　") else 0), 780 - 20 * row, line.strip()
            )
        canvas.showPage()
    canvas.save()
    return path


def in_columns(path: Path, lines: list[str], *, across: bool, title: str = "") -> Path:
    """A newspaper page of three columns, drawn column by column or row by row."""
    canvas = paper(path)
    for start in range(0, len(lines), 132):
        canvas.setFont(NAME, 9)
        canvas.drawString(60, 815, "呼城日报")
        canvas.drawRightString(535, 815, "2024年12月20日　星期五")
        canvas.drawString(300, 25, "4")
        if title and not start:
            canvas.setFont(NAME, 18)
            canvas.drawCentredString(297, 788, title)
            canvas.setFont(NAME, 9)
        spots = [(n // 44, n % 44, line) for n, line in enumerate(lines[start : start + 132])]
        for column, row, line in sorted(spots, key=lambda spot: (spot[1], spot[0])) if across else spots:
            indent = 18 if line.startswith("　　") else 0
            canvas.drawString(50 + 170 * column + indent, 762 - 15 * row, line.strip())
        canvas.showPage()
    canvas.save()
    return path


def test_a_notice_printed_on_pages_reads_like_its_text(tmp_path: Path) -> None:
    for name in GIVEN:
        if name in (PLAN, TASK16):
            continue
        parts = [part.strip() for part in text_of(name).split("\n") if part.strip()]
        lines = [line for part in parts for line in wrapped(part, 72)]
        document = read_document(typed(tmp_path / f"{name}.pdf", lines, head="第二轮督察整改材料汇编"))
        assert document.as_json() == gold(name)
        assert lost(document) == ""
        assert "第二轮督察整改材料汇编" in [
            rest.text for rest in document.left_over if rest.why == "artefact"
        ]


@pytest.mark.parametrize("across", [False, True])
def test_a_newspaper_page_is_read_column_by_column(tmp_path: Path, across: bool) -> None:
    paragraphs, expected = rewritten(gold(PLAN), "（1）", "一是", 0)
    lines = [line for paragraph in paragraphs for line in wrapped(paragraph, 34)]
    assert read_document(in_columns(tmp_path / "报.pdf", lines, across=across)).as_json() == expected


def test_a_title_over_the_columns_stays_above_them(tmp_path: Path) -> None:
    paragraphs, expected = rewritten(gold(PLAN), "（1）", "一是", 0)
    title = "呼城市贯彻落实督察报告整改方案"
    lines = [line for paragraph in paragraphs for line in wrapped(paragraph, 34)]
    read = read_document(in_columns(tmp_path / "报.pdf", lines, across=True, title=title)).as_json()
    assert read["document"]["title"] == title
    assert read["items"] == expected["items"]


def completion_table(path: Path, rows: list[tuple[str, list[str]]], title: list[str]) -> Path:
    """A ruled form over several pages, its labels in the middle of their cells."""
    canvas = paper(path, fontsize=10.5)
    top = 790.0
    for line in title:
        canvas.drawCentredString(297, top, line)
        top -= 24
    for label, paragraphs in rows:
        lines = [line for paragraph in paragraphs for line in wrapped(paragraph, 74)]
        words = label
        while lines:
            room = int((top - 60) / 16)
            if room < 2:
                canvas.showPage()
                canvas.setFont(NAME, 10.5)
                top, room = 790.0, 45
            part, lines = lines[:room], lines[room:]
            high = 16 * len(part) + 6
            canvas.rect(60, top - high, 70, high)
            canvas.rect(130, top - high, 405, high)
            canvas.drawCentredString(95, top - high / 2 - 4, words)
            for row, line in enumerate(part):
                canvas.drawString(
                    135 + (21 if line.startswith("　　") else 0), top - 14 - 16 * row, line.strip()
                )
            top, words = top - high, ""
    canvas.save()
    return path


def test_a_ruled_completion_table_over_several_pages_is_read(tmp_path: Path) -> None:
    head, rest = text_of(TASK16).split("\n\t整改任务\n")
    rows: list[tuple[str, list[str]]] = [("整改任务", [])]
    for line in filter(str.strip, rest.split("\n")):
        if line.strip() in {"责任单位", "整改措施", "完成情况"}:
            rows.append((line.strip(), []))
        else:
            rows[-1][1].append(line.strip())
    title = [line for line in head.split("\n") if line.strip()]
    document = read_document(completion_table(tmp_path / "表.pdf", rows, title))
    assert document.as_json() == gold(TASK16)
    assert lost(document) == ""


def test_a_ruled_list_of_tasks_is_read_row_by_row(tmp_path: Path) -> None:
    canvas = paper(tmp_path / "表.pdf", landscape(A4), 10)
    canvas.drawString(300, 550, "白原县督察反馈问题整改情况表")
    edges = [40, 90, 330, 450, 560, 800]
    words = [
        ["序号", "反馈问题", "责任单位", "整改时限", "整改措施"],
        ["1", "机井无证取水，计量不全。", "县水利局", "2025年6月底", "一是查处。二是装表。"],
        ["2", "自备井未关停。", "县住建局", "长期坚持", "关停21眼。"],
    ]
    for number, row in enumerate(words):
        for left, right, text in zip(edges[:-1], edges[1:], row, strict=True):
            canvas.rect(left, 480 - 40 * number, right - left, 40)
            canvas.drawString(left + 4, 495 - 40 * number, text)
    canvas.save()
    items = read_document(tmp_path / "表.pdf").as_json()["items"]
    assert [(item["number"], item["deadline"], len(item["measures"])) for item in items] == [
        ("1", "2025-06-30", 2),
        ("2", None, 1),
    ]


def test_a_turned_page_is_read_as_it_is_seen(tmp_path: Path) -> None:
    path = tmp_path / "横.pdf"
    canvas = paper(path)
    canvas.setPageRotation(90)
    canvas.rotate(90)
    for row, line in enumerate(
        ["整改任务：机井无证取水，底数不清。", "整改时限：2025年6月底", "整改措施：一是查处。二是装表。"]
    ):
        canvas.drawString(100, -100 - 20 * row, line)
    canvas.save()
    item = read_document(path).as_json()["items"][0]
    assert item["problem"] == "机井无证取水，底数不清。"
    assert len(item["measures"]) == 2


def test_a_text_printed_twice_for_boldness_counts_once(tmp_path: Path) -> None:
    path = tmp_path / "粗.pdf"
    canvas = paper(path)
    for row, line in enumerate(
        ["整改任务：机井无证取水，底数不清。", "整改措施：一是查处违法行为。二是安装计量。"]
    ):
        for shift in (0, 0.3):
            canvas.drawString(72 + shift, 780 - 20 * row, line)
    canvas.save()
    assert read_document(path).as_json()["items"][0]["problem"] == "机井无证取水，底数不清。"


def picture() -> ImageReader:
    from PIL import Image  # noqa: PLC0415  # reportlab brings it; only these tests draw pictures

    return ImageReader(Image.new("RGB", (60, 80), "gray"))


def test_a_scanned_pdf_is_refused_with_a_sentence(tmp_path: Path) -> None:
    canvas = paper(tmp_path / "扫描.pdf")
    canvas.drawImage(picture(), 0, 0, *A4)
    canvas.save()
    with pytest.raises(LedgerError) as caught:
        read_document(tmp_path / "扫描.pdf")
    assert caught.value.code == "document_scanned"
    assert "扫描" in caught.value.text


def test_a_scanned_page_among_others_is_named(tmp_path: Path) -> None:
    canvas = paper(tmp_path / "混.pdf")
    for row, line in enumerate(
        ["整改任务：机井无证取水，底数不清，问题突出。", "整改措施：一是查处违法行为。二是安装计量设施。"]
    ):
        canvas.drawString(72, 780 - 20 * row, line)
    canvas.showPage()
    canvas.drawImage(picture(), 0, 0, *A4)
    canvas.save()
    document = read_document(tmp_path / "混.pdf")
    assert [rest.text[:6] for rest in document.left_over if rest.why == "unread"] == ["第 2 页没"]


def test_an_encrypted_pdf_is_refused_with_a_sentence(tmp_path: Path) -> None:
    canvas = paper(tmp_path / "密.pdf", encrypt="secret")
    canvas.drawString(72, 780, "整改任务：甲。")
    canvas.save()
    with pytest.raises(LedgerError) as caught:
        read_document(tmp_path / "密.pdf")
    assert caught.value.code == "document_encrypted"


def test_a_pdf_of_two_hundred_pages_takes_less_than_three_seconds(tmp_path: Path) -> None:
    parts = [part.strip() for part in text_of("urad_middle_progress_part").split("\n") if part.strip()] * 46
    lines = [line for part in parts for line in wrapped(part, 72)]
    path = typed(tmp_path / "长.pdf", lines[: 36 * 200])
    start = time.process_time()
    assert len(read_document(path).items) > 200
    assert time.process_time() - start < 3
