"""One plan in many layouts: other words, numbers, line ends, marks of the page, encodings."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from ledger_app.ingest.documents import read_document, read_text
from tests.ingest.documents.notices import (
    GIVEN,
    ORDINALS,
    TASK_NUMBERS,
    WORDINGS,
    gold,
    path_of,
    rewritten,
    text_of,
    wrapped,
)

PLAN = "hohhot_plan_part"
MARKS = [
    "— 3 —",
    "12",
    "第 3 页 共 9 页",
    "呼和浩特日报",
    "2024年12月20日 星期五",
    "责任编辑：王某某 美编：李某",
    "（下转第4版）",
]
TAILS = [
    "（上接第一版）会议强调，要抓好春耕备\n耕工作。一是抓好种子储备；二是抓好农机检修。",
    "建设者们战严寒、抢工期，全力推进项\n目建设，预计明年6月投入使用。",
    "春耕备耕正当时\n本报讯（记者李四）连日来，我市各地\n抢抓农时，农资市场供应充足。",
    "二、保障措施\n（一）加强组织领导。各旗县区要成\n立领导小组。\n（二）严格考核。",
    "■广告\n遗失声明\n张三不慎将身份证遗失，声明作废。",
]


@pytest.mark.parametrize("number", sorted(TASK_NUMBERS))
@pytest.mark.parametrize("ordinal", sorted(ORDINALS))
def test_any_numbering_of_tasks_and_measures_is_followed(number: str, ordinal: str) -> None:
    for wording in range(len(WORDINGS)):
        paragraphs, expected = rewritten(gold(PLAN), number, ordinal, wording)
        assert read_text("\n".join(paragraphs)).as_json() == expected


@pytest.mark.parametrize("ordinal", ["一是", "1.", "（1）", "①"])
def test_measures_run_together_in_one_paragraph_are_parted(ordinal: str) -> None:
    paragraphs, expected = rewritten(
        gold(PLAN), "（1）" if ordinal != "（1）" else "（一）", ordinal, 0, inline=True
    )
    assert read_text("\n".join(paragraphs)).as_json() == expected


@pytest.mark.parametrize("width", [20, 26, 34, 44, 60])
def test_lines_broken_at_any_width_are_put_together(width: int) -> None:
    paragraphs, expected = rewritten(gold(PLAN), "（1）", "一是", 0)
    lines = [line for paragraph in paragraphs for line in wrapped(paragraph, width)]
    assert read_text("\n".join(lines)).as_json() == expected
    assert read_text("\n".join(line.strip() for line in lines)).as_json() == expected


@pytest.mark.parametrize("name", [name for name in GIVEN if name not in (PLAN, "inner_mongolia_task16")])
@pytest.mark.parametrize("width", [34, 44, 76])
def test_a_notice_copied_from_a_narrow_page_reads_the_same(name: str, width: int) -> None:
    lines = [
        line for part in text_of(name).split("\n") if part.strip() for line in wrapped(part.strip(), width)
    ]
    assert read_text("\n".join(lines)).as_json() == gold(name)


@pytest.mark.parametrize("name", GIVEN)
def test_line_ends_blanks_and_indents_change_nothing(name: str) -> None:
    text = text_of(name)
    for other in (
        text.replace("\n", "\r\n"),
        text.replace("\n", "\r"),
        text.replace("\n", "\n\n"),
        "\n".join("　　" + line if line.strip() else line for line in text.split("\n")),
        "\n".join(line + "   " for line in text.split("\n")),
    ):
        assert read_text(other).as_json() == gold(name)


@pytest.mark.parametrize("name", GIVEN)
def test_blanks_inside_sentences_and_labels_change_nothing(name: str) -> None:
    chance = random.Random(7)
    text = "".join(
        sign + (" " if sign >= "\u4e00" and chance.random() < 0.03 else "") for sign in text_of(name)
    )
    assert read_text(text).as_json() == gold(name)


def test_a_plan_whose_line_ends_are_lost_is_still_read() -> None:
    paragraphs, expected = rewritten(gold(PLAN), "（1）", "一是", 0)
    assert read_text(" ".join(paragraphs)).as_json() == expected


def test_half_width_colons_and_brackets_are_as_good_as_full_width_ones() -> None:
    paragraphs, expected = rewritten(gold(PLAN), "（1）", "一是", 0)
    text = "\n".join(paragraphs).replace("（", "(").replace("）", ")").replace("：", ":")
    read = read_text(text).as_json()
    for got, wanted in zip(read["items"], expected["items"], strict=True):
        assert got["responsible_units"] == wanted["responsible_units"]
        assert [m["done"] for m in got["measures"]] == [m["done"] for m in wanted["measures"]]


@pytest.mark.parametrize("seed", range(4))
def test_marks_of_the_page_between_the_lines_stay_out(seed: int) -> None:
    chance = random.Random(seed)
    lines = []
    for number, line in enumerate(text_of(PLAN).split("\n")):
        lines.append(line)
        if number > 6 and chance.random() < 0.05:
            lines += ["", chance.choice(MARKS), ""]
    assert read_text("\n".join(lines)).as_json() == gold(PLAN)


@pytest.mark.parametrize("tail", TAILS)
def test_the_tail_of_another_article_stays_out_and_is_left_over(tail: str) -> None:
    document = read_text(text_of(PLAN).rstrip() + "\n\n" + tail)
    assert document.as_json() == gold(PLAN)
    left = "".join(rest.text for rest in document.left_over)
    assert "".join(tail.split())[-8:] in "".join(left.split())


@pytest.mark.parametrize("tail", [TAILS[0], TAILS[2], TAILS[4]])
def test_another_article_between_two_tasks_stays_out(tail: str) -> None:
    text = text_of(PLAN).replace("（二）黄河流域", tail + "\n（二）黄河流域")
    assert read_text(text).as_json() == gold(PLAN)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_every_encoding_of_a_text_file_is_read(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "公示.txt"
    path.write_bytes(text_of(PLAN).encode(encoding))
    assert read_document(path).as_json() == gold(PLAN)


def test_a_gbk_file_is_read(tmp_path: Path) -> None:
    name = "urad_middle_progress_part"
    path = tmp_path / "公示.txt"
    path.write_bytes(path_of(name).read_text(encoding="utf-8").encode("gbk", errors="replace"))
    assert [item["number"] for item in read_document(path).as_json()["items"]] == [
        item["number"] for item in gold(name)["items"]
    ]
