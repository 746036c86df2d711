"""Papers on the command line: documents read, forms filled."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.test_contract import DAY, Shell

DATA = Path(__file__).parents[1] / "data"
NOTICE = DATA / "notices" / "given" / "hohhot_plan_part.txt"
GOLD = NOTICE.with_suffix(".gold.json")


@pytest.fixture
def sh() -> Shell:
    return Shell()


@pytest.fixture
def ledger(sh: Shell, tmp_path: Path) -> Path:
    path = tmp_path / "c.ledger"
    sh("init", path, "--county", "150824", "--name", "示例旗水利局", "--operator", "张三")
    return path


def test_read_prints_the_gold_document_and_writes_nothing(sh: Shell, ledger: Path) -> None:
    before = ledger.read_bytes()
    found = sh.json("read", ledger, NOTICE)
    assert found == json.loads(GOLD.read_text(encoding="utf-8"))
    assert ledger.read_bytes() == before


def test_read_says_what_it_found_in_words(sh: Shell, ledger: Path) -> None:
    said = sh("read", ledger, NOTICE).output
    assert "读到 8 项整改任务" in said
    assert "牵头 市林业和草原局" in said


def test_read_and_apply_stores_the_tasks_once_and_can_be_undone(sh: Shell, ledger: Path) -> None:
    found = sh.json("read", ledger, NOTICE, "--apply", "--operator", "李四")
    assert found["counts"] == {"new": 8, "changed": 0, "same": 0, "incomplete": 0}
    assert sh.json("read", ledger, NOTICE, "--apply")["act"] is None
    assert sh.json("list", ledger, "rectifications")["count"] == 8
    late = sh.json("list", ledger, "rectifications", "--where", "deadline_on=2024-12-31")
    assert {row["number"] for row in late["rows"]} == {"（1）", "（2）", "（3）", "（4）"}
    assert [a["who"] for a in sh.json("history", ledger)["acts"]] == ["张三", "李四"]
    sh("undo", ledger, found["act"])
    assert sh.json("list", ledger, "rectification_measures")["count"] == 0
    assert sh.json("verify", ledger)["replay"] == "ok"


def test_what_was_read_is_exported_and_imported_as_the_same(sh: Shell, ledger: Path, tmp_path: Path) -> None:
    sh("read", ledger, NOTICE, "--apply")
    out = tmp_path / "任务.xlsx"
    sh("export", ledger, "rectifications", out)
    assert sh.json("import", ledger, "rectifications", out, "--dry-run", *DAY)["counts"]["same"] == 8


def test_a_document_that_cannot_be_read_is_a_sentence(sh: Shell, ledger: Path, tmp_path: Path) -> None:
    letter = tmp_path / "信.txt"
    letter.write_text("今天天气很好。", encoding="utf-8")
    refused = json.loads(sh("read", ledger, letter, "--json", expect=1).stdout)["error"]
    assert "没有找到整改任务" in refused["text"]
    assert "打不开" in sh("read", ledger, tmp_path / "没有.txt", expect=1).output
    assert "找不到" in sh("read", tmp_path / "没有.ledger", NOTICE, expect=1).output
