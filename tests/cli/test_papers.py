"""Papers on the command line: documents read, forms filled."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from tests.cli.test_contract import DAY, Shell

DATA = Path(__file__).parents[1] / "data"
WELL_FORM = DATA / "templates" / "机电井台账（报送版）.xlsx"
TOWN_FORM = DATA / "templates" / "关井压采统计表.xlsx"
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


# ---- forms ---------------------------------------------------------------------------------------


def plan_file(folder: Path, plan: object) -> Path:
    path = folder / "plan.json"
    path.write_text(plan if isinstance(plan, str) else json.dumps(plan), encoding="utf-8")
    return path


def test_fill_cells_fills_a_plan_without_a_ledger(sh: Shell, tmp_path: Path) -> None:
    block = {"first_row": 6, "blank_rows": 4, "columns": ["A", "B", "C"], "rows": [[1, "德岭山镇", 20]] * 6}
    plan = plan_file(
        tmp_path, {"sheets": {"附件1": {"cells": {"A3": "填报单位：水利局"}, "blocks": [block]}}}
    )
    out = tmp_path / "out.xlsx"
    done = sh.json("fill-cells", TOWN_FORM, plan, out)
    assert done["moved"] == [{"where": "附件1!第 10 行起", "what": "插入 2 行，移到第 12 行起"}]
    page = openpyxl.load_workbook(out)["附件1"]
    assert page["C12"].value == "=SUM(C6:C11)"
    said = sh("fill-cells", TOWN_FORM, plan, tmp_path / "again.xlsx").output
    assert "下移：附件1!第 10 行起" in said


def test_an_empty_plan_copies_the_form_byte_for_byte(sh: Shell, tmp_path: Path) -> None:
    out = tmp_path / "out.xlsx"
    assert sh.json("fill-cells", TOWN_FORM, plan_file(tmp_path, {}), out)["unchanged"] is True
    assert out.read_bytes() == TOWN_FORM.read_bytes()


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        ("{", "不是 JSON 填表方案"),
        ("[]", "应当是一个 JSON 对象"),
        ({"sheets": {"附件9": {"cells": {"A1": "x"}}}}, "附件9"),
        ({"sheets": {"附件1": {"cells": {"B2": "x"}}}}, "合并"),
        ({"sheets": {"附件1": {"cells": {"nowhere": "x"}}}}, "不是一个单元格地址"),
    ],
)
def test_a_plan_that_cannot_be_followed_is_a_sentence_and_leaves_nothing(
    sh: Shell, tmp_path: Path, plan: object, said: str
) -> None:
    out = tmp_path / "out.xlsx"
    assert said in sh("fill-cells", TOWN_FORM, plan_file(tmp_path, plan), out, expect=1).output
    assert not out.exists()
    refused = json.loads(
        sh("fill-cells", TOWN_FORM, plan_file(tmp_path, plan), out, "--json", expect=1).stdout
    )
    assert set(refused["error"]) == {"code", "text"}


def test_fill_writes_the_ledgers_records_into_a_form(sh: Shell, ledger: Path, tmp_path: Path) -> None:
    sh("import", ledger, "wells", DATA / "imports" / "wells.xlsx", *DAY)
    count = sh.json("list", ledger, "wells")["count"]
    out = tmp_path / "out.xlsx"
    done = sh.json("fill", ledger, WELL_FORM, out, "--period", "2025-09", *DAY)
    assert (done["ledger"], done["sheet"], done["period"]) == ("wells", "机电井台账", "2025-09")
    assert done["mapping"]["S"] == "permitted_volume_m3"
    assert done["cells"] == {"A2": "填报单位（盖章）：示例旗水利局", "I2": "填报时间：2025年9月30日"}
    page = openpyxl.load_workbook(out)["机电井台账"]
    last = 4 + done["rows"]
    assert page.cell(last + 1, 2).value == f"=COUNTA(B5:B{last})"
    assert page.cell(last, 1).value == done["rows"] <= count
    assert "*" in page["Q5"].value
    assert sh.json("history", ledger)["acts"][-1]["kind"] == "import"


def test_fill_remembers_the_mapping_under_a_name(sh: Shell, ledger: Path, tmp_path: Path) -> None:
    sh("import", ledger, "wells", DATA / "imports" / "wells.xlsx", *DAY)
    words = ("fill", ledger, WELL_FORM, tmp_path / "out.xlsx", "--period", "2025-09", *DAY)
    assert sh.json(*words, "--profile", "报送版")["act"]
    assert sh.json(*words)["profile"] == "报送版"
    assert sh.json(*words, "--profile", "报送版")["act"] is None


def test_forms_that_cannot_be_filled_are_sentences(sh: Shell, ledger: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.xlsx"
    assert "不能照台账逐行填" in sh("fill", ledger, TOWN_FORM, out, "--period", "2025", expect=1).output
    old = DATA / "imports" / "closures.xls"
    assert "另存为" in sh("fill", ledger, old, out, "--period", "2025", expect=1).output
    assert "不是一个期间" in sh("fill", ledger, WELL_FORM, out, "--period", "某月", expect=1).output
    assert (
        "没有“别的”"
        in sh("fill", ledger, WELL_FORM, out, "--period", "2025", "--sheet", "别的", expect=1).output
    )
    sh("fill", ledger, WELL_FORM, out, expect=2)
    assert not out.exists()
