"""Backups, restoring and rows given back, from the command line."""

from __future__ import annotations

from pathlib import Path

from tests.cli.test_contract import DATA, DAY, Shell, ledger, sh  # noqa: F401 - fixtures


def test_a_backup_in_a_folder_or_a_zip_is_restored_as_it_was(
    sh: Shell,  # noqa: F811
    ledger: Path,  # noqa: F811
    tmp_path: Path,
) -> None:
    sh("import", ledger, "projects", DATA / "projects.xlsx", *DAY)
    head = sh.json("verify", ledger)["head"]
    made = sh.json("backup", ledger, tmp_path / "备份")
    assert made["head"] == head and Path(made["path"]).is_file()
    sh("backup", ledger, tmp_path / "u.zip")
    for source, target in ((tmp_path / "u.zip", "a.ledger"), (Path(made["path"]), "b.ledger")):
        done = sh.json("restore", source, tmp_path / target)
        assert (done["head"], done["kept"], done["missing"]) == (head, None, [])
        assert sh.json("verify", tmp_path / target)["head"] == head


def test_restoring_over_a_ledger_asks_for_it_and_keeps_what_was_there(
    sh: Shell,  # noqa: F811
    ledger: Path,  # noqa: F811
    tmp_path: Path,
) -> None:
    sh("backup", ledger, tmp_path / "u.zip")
    sh("import", ledger, "projects", DATA / "projects.xlsx", *DAY)
    refused = sh.json("restore", tmp_path / "u.zip", ledger, expect=1)
    assert refused["error"]["code"] == "exists"
    assert sh.json("list", ledger, "projects")["count"] > 0
    kept = sh.json("restore", tmp_path / "u.zip", ledger, "--overwrite")["kept"]
    assert sh.json("list", ledger, "projects")["count"] == 0
    assert sh.json("list", kept, "projects")["count"] > 0


def test_an_import_backs_up_first_and_writes_the_rows_that_stay_out(
    sh: Shell,  # noqa: F811
    ledger: Path,  # noqa: F811
    tmp_path: Path,
) -> None:
    out = tmp_path / "退回.xlsx"
    first = sh.json("import", ledger, "wells", DATA / "wells.xlsx", "--rejects", out, *DAY)["counts"]
    assert [p.name.rpartition("-")[2] for p in ledger.with_name("c.backups").glob("*.ledger")] == [
        "导入前.ledger"
    ]
    again = sh.json("import", ledger, "wells", out, "--dry-run", *DAY)["counts"]
    assert again["same"] == first["new"] + first["same"]
    assert again["refused"] + again["needs_confirmation"] == first["refused"] + first["needs_confirmation"]


def test_nothing_to_give_back_writes_no_file(
    sh: Shell,  # noqa: F811
    ledger: Path,  # noqa: F811
    tmp_path: Path,
) -> None:
    book = tmp_path / "w.csv"
    book.write_text("机井编号,乡镇,井深（米）\nW1,东河镇,60\n", encoding="utf-8")
    said = sh("import", ledger, "wells", book, "--rejects", tmp_path / "o.xlsx", *DAY).stdout
    assert "新增 1" in said
    assert not (tmp_path / "o.xlsx").exists()
