"""The command line's contracts: exit codes, JSON documents, options everywhere, sentences not tracebacks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from ledger_app.cli import cli
from ledger_app.core.entities import LEDGERS
from ledger_app.core.entity import Entity, Registry
from ledger_app.core.fields import Date, Number, Text
from ledger_app.db.migrations import MIGRATIONS, Migration
from ledger_app.services import reporting

DATA = Path(__file__).parents[1] / "data" / "imports"
DAY = ("--today", "2025-09-30")


class Shell:
    """Runs sub-commands as a terminal would."""

    def __init__(self, obj: dict[str, Any] | None = None) -> None:
        self.obj = obj or {}

    def __call__(self, *words: object, expect: int = 0) -> Result:
        result = CliRunner().invoke(cli, [str(w) for w in words], obj=dict(self.obj), catch_exceptions=False)
        assert result.exit_code == expect, result.output
        return result

    def json(self, *words: object, expect: int = 0) -> Any:
        return json.loads(self(*words, "--json", expect=expect).stdout)


@pytest.fixture
def sh() -> Shell:
    return Shell()


@pytest.fixture
def ledger(sh: Shell, tmp_path: Path) -> Path:
    path = tmp_path / "c.ledger"
    sh("init", path, "--county", "150824", "--name", "示例旗水利局", "--operator", "张三")
    return path


def test_import_prints_the_document_of_the_contract_and_writes_one_act(sh: Shell, ledger: Path) -> None:
    found = sh.json("import", ledger, "wells", DATA / "wells.xlsx", *DAY)
    assert found["counts"] == {"new": 218, "changed": 0, "same": 1, "needs_confirmation": 22, "refused": 10}
    sheet = found["sheets"][0]
    assert (sheet["name"], sheet["header_rows"]) == ("东河镇", [3, 4])
    assert sheet["mapping"]["D"] == "code"
    row = sheet["rows"][0]
    assert set(row) == {"row", "outcome", "values", "problems"}
    assert (row["row"], row["outcome"], row["values"]["depth_m"]) == (5, "new", 85)
    acts = sh.json("history", ledger)["acts"]
    assert [a["kind"] for a in acts] == ["init", "import"]
    assert acts[1]["act"] == found["act"]


def test_a_dry_run_writes_nothing(sh: Shell, ledger: Path) -> None:
    before = ledger.read_bytes()
    found = sh.json("import", ledger, "wells", DATA / "wells.xlsx", "--dry-run")
    assert found["act"] is None
    assert ledger.read_bytes() == before


def test_the_options_everywhere_stand_before_or_after_the_sub_command(sh: Shell, ledger: Path) -> None:
    sh(*DAY, "--operator", "李四", "import", ledger, "permits", DATA / "permits.xlsx")
    sh("import", ledger, "projects", DATA / "projects.xlsx", *DAY, "--operator", "王五")
    assert [a["who"] for a in sh.json("history", ledger)["acts"]] == ["张三", "李四", "王五"]


def test_list_counts_filters_searches_and_comes_in_code_order(sh: Shell, ledger: Path) -> None:
    sh("import", ledger, "wells", DATA / "wells.xlsx", *DAY)
    found = sh.json("list", ledger, "wells", "--where", "status=在用", "--where", "town=东河镇")
    codes = [r["code"] for r in found["rows"]]
    assert found["count"] == len(codes) > 20
    assert codes == sorted(codes)
    assert all("_id" in r and "_row" not in r for r in found["rows"])
    assert sh("list", ledger, "wells", "--search", "dsgc", "--count").output.strip() == "17"
    assert len(sh.json("list", ledger, "wells", "--limit", "3")["rows"]) == 3


def test_a_refusal_is_a_sentence_on_stderr_and_an_error_document(sh: Shell, ledger: Path) -> None:
    result = sh("import", ledger, "wells", DATA / "broken" / "truncated.xlsx", "--json", expect=1)
    assert json.loads(result.stdout)["error"]["code"] == "damaged_file"
    assert "不完整" in result.stderr
    assert "Traceback" not in result.output
    assert sh.json("list", ledger, "wells")["count"] == 0


def test_wrong_usage_exits_with_two(sh: Shell, ledger: Path) -> None:
    assert "没有“foo”这个台账" in sh("list", ledger, "foo", expect=2).output
    sh("import", ledger, "wells", expect=2)
    assert "--period" in sh("report", ledger, "monthly-progress", expect=2).output
    sh("list", ledger, "wells", "--today", "someday", expect=2)


@pytest.mark.parametrize(
    ("content", "said"), [(b"", "空文件"), (b"hello" * 100, "不是台账"), (None, "找不到")]
)
def test_a_file_that_is_no_ledger_is_refused(
    sh: Shell, tmp_path: Path, content: bytes | None, said: str
) -> None:
    path = tmp_path / "x.ledger"
    if content is not None:
        path.write_bytes(content)
    assert said in sh("list", path, "wells", expect=1).output
    assert content is None or path.read_bytes() == content


def test_undo_takes_an_import_back_and_verify_finds_the_ledger_whole(sh: Shell, ledger: Path) -> None:
    act = sh.json("import", ledger, "wells", DATA / "wells.xlsx", *DAY)["act"]
    sh("undo", ledger, act)
    assert sh.json("list", ledger, "wells")["count"] == 0
    assert "已经撤销过了" in sh("undo", ledger, act, expect=1).output
    assert {v for k, v in sh.json("verify", ledger).items() if k != "head"} == {"ok"}


def test_history_of_one_record_names_its_cells(sh: Shell, ledger: Path) -> None:
    sh("import", ledger, "wells", DATA / "wells.xlsx", *DAY)
    acts = sh.json("history", ledger, "wells", "150824100201J0001")["acts"]
    cells = {c["field"]: c["new"] for c in acts[0]["changes"]}
    assert (cells["depth_m"], cells["owner"]) == (85, "户主001")
    assert "没有 XX" in sh("history", ledger, "wells", "XX", expect=1).output


def test_a_report_comes_as_json_and_as_files(sh: Shell, tmp_path: Path) -> None:
    demo = tmp_path / "demo.ledger"
    sh("demo", demo, "--wells", "60", "--seed", "2")
    found = sh.json("report", demo, "monthly-progress", "--period", "2025-09", *DAY)
    assert (found["report"], found["period"], found["as_of"]) == (
        "monthly-progress",
        "2025-09",
        "2025-09-30",
    )
    closing = next(f for f in found["figures"] if f["name"] == "wells_closing")
    assert closing["value"] == closing["count"] == len(closing["_ids"])
    outs = [tmp_path / "r.pdf", tmp_path / "r.xlsx"]
    sh("report", demo, "monthly-progress", "--period", "2025-09", *outs, *DAY)
    assert all(o.stat().st_size > 2000 for o in outs)
    listed = sh.json("report", demo, "--list")["reports"]
    assert [r["name"] for r in listed] == list(reporting.REPORTS)


def test_the_demo_county_is_the_same_for_the_same_seed(sh: Shell, tmp_path: Path) -> None:
    heads = []
    for n in (1, 2):
        sh("demo", tmp_path / f"{n}.ledger", "--wells", "60", "--seed", "7")
        heads.append(sh.json("verify", tmp_path / f"{n}.ledger")["head"])
    assert heads[0] == heads[1]


PUMPS = Entity(
    name="pumps",
    label="水泵",
    counter="台",
    group="台账",
    icon="pump",
    key=("code",),
    title=("code",),
    fields=(
        Text(name="code", label="水泵编号", required=True),
        Number(name="power_kw", label="功率", unit="kW", places=1, synonyms=("额定功率",)),
        Date(name="bought_on", label="购置日期", partial=True),
    ),
)
PUMPS_TABLE = Migration(
    "9999_pumps",
    """
    CREATE TABLE pumps (
        id INTEGER PRIMARY KEY,
        uid TEXT NOT NULL UNIQUE,
        code TEXT NOT NULL,
        power_kw REAL,
        bought_on TEXT
    ) STRICT;
    """,
)


def test_a_new_ledger_costs_one_declaration_and_one_migration(tmp_path: Path) -> None:
    sh = Shell({"registry": Registry((*LEDGERS, PUMPS)), "migrations": (*MIGRATIONS, PUMPS_TABLE)})
    ledger, book, out = tmp_path / "p.ledger", tmp_path / "p.csv", tmp_path / "p.xlsx"
    book.write_text("水泵编号,额定功率（kW）,购置日期\nP1,7.5,2020.5\nP2,11kw,2021年\n", encoding="utf-8")
    sh("init", ledger, "--county", "150824", "--name", "示例旗水利局")
    assert sh.json("import", ledger, "pumps", book, *DAY)["counts"]["new"] == 2
    rows = sh.json("list", ledger, "pumps", "--search", "P2")["rows"]
    assert [(r["code"], r["power_kw"], r["bought_on"]) for r in rows] == [("P2", 11, "2021")]
    sh("export", ledger, "pumps", out)
    assert sh.json("import", ledger, "pumps", out, "--dry-run")["counts"]["same"] == 2
    acts = sh.json("history", ledger, "pumps", "P1")["acts"]
    assert acts[0]["changes"]
    sh("undo", ledger, acts[0]["act"])
    assert sh.json("list", ledger, "pumps")["count"] == 0
    assert sh.json("verify", ledger)["replay"] == "ok"
