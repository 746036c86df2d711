"""Importing the towns' workbooks: every sample row as expected, one act, the same again is the same."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from ledger_app.core.entities import LEDGERS
from ledger_app.core.errors import LedgerError
from ledger_app.db import replay, undo
from ledger_app.db.queries import listing
from ledger_app.ingest.plan import ImportPlan
from ledger_app.services import importing, opening
from ledger_app.services.importing import Choices, apply_import, plan_import
from ledger_app.services.opening import Session

DATA = Path(__file__).parents[1] / "data" / "imports"
TODAY = date(2025, 9, 30)
EXPECTED: dict[str, Any] = json.loads((DATA / "expected.json").read_text(encoding="utf-8"))
BOOKS = {
    "wells": "wells.xlsx",
    "permits": "permits.xlsx",
    "closures": "closures.xls",
    "projects": "projects.xlsx",
}
OUTCOMES = {
    "accept": {"new", "changed", "same"},
    "confirm": {"needs_confirmation"},
    "refuse": {"refused"},
    "skip": {"same", "refused", "needs_confirmation"},
}


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    path = tmp_path / "county.ledger"
    opening.create_ledger(path, LEDGERS, county_code="150824", bureau="示例旗水利局", who="经办甲")
    with opening.opened(path, LEDGERS, who="经办甲", today=TODAY, write=True) as opened:
        yield opened


def plan(session: Session, ledger: str, path: Path | None = None, **options: Any) -> ImportPlan:
    path = path or DATA / BOOKS[ledger]
    return plan_import(session.conn, LEDGERS, LEDGERS[ledger], path, session.context, **options)


def take(session: Session, ledger: str, path: Path | None = None, **options: Any) -> importing.Applied:
    return apply_import(session.store, plan(session, ledger, path), "经办甲", **options)


def expected_rows(book: str) -> dict[tuple[str, int], dict[str, Any]]:
    sheets = EXPECTED["imports"][book]["sheets"]
    return {(s["name"], r["row"]): r for s in sheets for r in s.get("rows", [])}


def read_rows(found: ImportPlan) -> dict[tuple[str, int], dict[str, Any]]:
    return {
        (sheet.name, sheet.row_numbers[i]): {
            "outcome": sheet.outcomes[i],
            "values": sheet.row_values(i),
            "problems": sheet.problems.get(i, []),
        }
        for sheet, i in found.rows()
    }


def same(a: Any, b: Any) -> bool:
    if isinstance(a, int | float) and isinstance(b, int | float):
        return abs(a - b) <= 1e-6 * max(1, abs(a), abs(b))
    if isinstance(a, list) and isinstance(b, list):
        return sorted(a) == sorted(b)
    return (a or None) == (b or None)


@pytest.mark.parametrize("ledger", BOOKS)
def test_every_sample_row_is_found_and_ends_as_expected(session: Session, ledger: str) -> None:
    if ledger in ("permits", "closures"):
        take(session, "wells", accept_suggestions=True)
    wanted, got = expected_rows(BOOKS[ledger]), read_rows(plan(session, ledger))
    assert set(got) == set(wanted)
    stated = {"unknown_well"}  # the well's own row stayed out, so its permit has to ask
    for key, want in wanted.items():
        allowed = set(OUTCOMES[want["outcome"]])
        for issue in want.get("issues", []):
            also = issue.get("also_acceptable") or []
            for each in [also] if isinstance(also, str) else also:
                allowed |= OUTCOMES[each]
        codes = {p.code for p in got[key]["problems"] if p.severity == "confirm"}
        assert got[key]["outcome"] in allowed or codes == stated, (key, want, got[key])


@pytest.mark.parametrize("ledger", BOOKS)
def test_every_value_of_an_accepted_sample_row_is_read_right(session: Session, ledger: str) -> None:
    got = read_rows(plan(session, ledger))
    for key, want in expected_rows(BOOKS[ledger]).items():
        if want["outcome"] == "accept":
            for name, value in want["values"].items():
                mine = got[key]["values"].get(name.split(".")[1])
                assert same(mine, value), (key, name, mine, value)


@pytest.mark.parametrize("ledger", BOOKS)
def test_every_doubt_of_the_samples_is_named_with_its_code_and_suggestion(
    session: Session, ledger: str
) -> None:
    got = read_rows(plan(session, ledger))
    for key, want in expected_rows(BOOKS[ledger]).items():
        for issue in want.get("issues", []):
            code, field = issue["code"], issue["field"].split(".")[1]
            found = [p for p in got[key]["problems"] if p.code == code]
            assert found, (key, issue, got[key]["problems"])
            assert found[0].field == field, (key, issue)
            suggested = issue.get("suggested")
            if isinstance(suggested, dict):
                assert found[0].suggestion == pytest.approx(
                    {k.split(".")[1]: v for k, v in suggested.items()}
                )
            elif suggested is not None:
                assert same(found[0].suggestion, suggested), (key, issue)


def test_the_same_workbook_again_changes_nothing(session: Session) -> None:
    take(session, "wells", accept_suggestions=True)
    again = plan(session, "wells")
    assert again.counts()["new"] == again.counts()["changed"] == 0
    applied = apply_import(session.store, again, "经办甲", accept_suggestions=True)
    assert applied.act is None


def test_an_import_is_one_act_that_can_be_undone_and_replayed(session: Session) -> None:
    found = plan(session, "wells")
    agreed = sum(sheet.acceptable(i) for sheet, i in found.rows())
    applied = apply_import(session.store, found, "经办甲", accept_suggestions=True)
    assert applied.act
    assert agreed > 10
    assert applied.rows == found.counts()["new"] + agreed
    assert replay.first_difference(session.conn, LEDGERS, session.ledger.migrations) is None
    undo.undo(session.store, applied.act, "经办甲")
    assert listing.count(session.conn, LEDGERS, LEDGERS["wells"], listing.Query()) == 0
    assert replay.first_difference(session.conn, LEDGERS, session.ledger.migrations) is None


def test_towns_and_villages_are_made_once_under_the_county(session: Session) -> None:
    take(session, "wells")
    regions = session.store.rows(LEDGERS["regions"])
    names = [r["name"] for r in regions]
    assert len(names) == len(set(names)) == 1 + 3 + 14
    by_uid = {r["uid"]: r for r in regions}
    village = next(r for r in regions if r["name"] == "东升嘎查")
    assert by_uid[village["parent_uid"]]["name"] == "东河镇"
    assert village["level"] == "嘎查"


def test_a_closure_changes_the_state_of_its_well_in_the_same_act(session: Session) -> None:
    take(session, "wells", accept_suggestions=True)
    wells = LEDGERS["wells"]
    uid = listing.find_by_key(session.conn, LEDGERS, wells, "150824100201J0016")[0]
    with session.store.act(importing.ActInfo("correct", "经办甲")) as act:
        act.update(wells, uid, {"status": "在用"})
    applied = take(session, "closures")
    row = session.store.get(wells, uid)
    assert row
    assert row["status"] == "封存备用"
    assert applied.changed >= {"closures", "wells"}


def test_wells_named_by_an_earlier_permit_are_linked_when_they_arrive(session: Session) -> None:
    take(session, "permits", accept_suggestions=True)
    shares = LEDGERS["permit_shares"]
    before = session.store.rows(shares, "point_uid IS NULL")
    assert before
    take(session, "wells", accept_suggestions=True)
    assert len(session.store.rows(shares, "point_uid IS NULL")) < len(before) / 10
    linked = session.store.rows(LEDGERS["wells"], "permit_uid IS NOT NULL")
    assert len(linked) > 30


def test_a_changed_cell_is_shown_with_its_old_and_new_value_and_an_empty_cell_takes_nothing_away(
    session: Session, tmp_path: Path
) -> None:
    take(session, "wells")
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet
    sheet.append(["机井编号", "井深（米）", "产权人姓名", "使用状态"])
    sheet.append(["150824100201J0001", 90, None, "在用"])
    book.save(tmp_path / "one.xlsx")
    found = plan(session, "wells", tmp_path / "one.xlsx")
    assert found.sheets[0].outcomes == ["changed"]
    assert found.sheets[0].changes[0] == {"depth_m": (85, 90)}
    apply_import(session.store, found, "经办甲")
    row = session.store.rows(LEDGERS["wells"], "code = ?", ("150824100201J0001",))[0]
    assert (row["depth_m"], row["owner"]) == (90, "户主001")


def test_an_ambiguous_word_is_answered_once_for_a_sheet(session: Session, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet
    sheet.append(["机井编号", "乡镇", "使用状态"])
    for n in range(3):
        sheet.append([f"W{n}", "东河镇", "已关停"])
    book.save(tmp_path / "w.xlsx")
    asked = plan(session, "wells", tmp_path / "w.xlsx")
    assert asked.counts()["needs_confirmation"] == 3
    meanings = {"Sheet": {("status", "已关停"): "停用"}}
    told = plan(session, "wells", tmp_path / "w.xlsx", choices=Choices(meanings=meanings))
    assert told.counts()["new"] == 3
    assert told.sheets[0].values["status"] == ["停用"] * 3


def test_a_corrected_mapping_is_remembered_for_the_next_workbook(session: Session, tmp_path: Path) -> None:
    def book(name: str, rows: int) -> Path:
        made = openpyxl.Workbook()
        sheet = made.active
        assert sheet
        sheet.append(["机井编号", "乡镇", "甲栏", "乙栏（m）"])
        for n in range(rows):
            sheet.append([f"W{n}", "东河镇", "某人", 50 + n])
        made.save(tmp_path / name)
        return tmp_path / name

    choices = Choices(columns={"Sheet": {"C": "owner", "D": "depth_m"}})
    first = plan(session, "wells", book("a.xlsx", 2), choices=choices)
    apply_import(session.store, first, "经办甲", save_profile="东河镇")
    second = plan(session, "wells", book("b.xlsx", 4))
    assert second.sheets[0].profile
    assert second.sheets[0].values["depth_m"] == [50, 51, 52, 53]
    assert second.sheets[0].values["owner"] == ["某人"] * 4


def test_a_list_without_a_town_column_is_of_the_town_its_sheet_names(
    session: Session, tmp_path: Path
) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet
    sheet.title = "德岭山镇"
    sheet.append(["示例旗德岭山镇机电井台账"])
    sheet.append(["机井编号", "嘎查村", "井深（m）"])
    sheet.append(["W1", "大圣村", 60])
    book.save(tmp_path / "t.xlsx")
    assert plan(session, "wells", tmp_path / "t.xlsx").sheets[0].values["town"] == ["德岭山镇"]


def test_wells_without_a_number_get_one_by_rule_where_the_list_has_no_such_column(
    session: Session, tmp_path: Path
) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet
    sheet.append(
        ["乡镇", "嘎查村", "井深（米）", "产权人", "主要用途", "经度", "纬度", "水泵型号", "功率（kW）"]
    )
    for n in range(3):
        sheet.append(["东河镇", "东升嘎查", 60 + n, "某人", "农灌", 108.1 + n / 100, 41.2, "200QJ", 15])
    book.save(tmp_path / "w.xlsx")
    take(session, "wells", tmp_path / "w.xlsx")
    codes = [r["code"] for r in session.store.rows(LEDGERS["wells"])]
    assert codes == ["150824J0001", "150824J0002", "150824J0003"]


def test_a_ledger_that_changed_since_the_plan_is_not_written_to(session: Session) -> None:
    found = plan(session, "wells")
    with session.store.act(importing.ActInfo("correct", "经办甲")) as act:
        act.insert(LEDGERS["documents"], {"number": "示水发〔2025〕1号"})
    with pytest.raises(LedgerError, match="重新核对"):
        apply_import(session.store, found, "经办甲")
    assert listing.count(session.conn, LEDGERS, LEDGERS["wells"], listing.Query()) == 0


def test_a_workbook_of_something_else_is_refused_with_a_sentence(session: Session, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet
    sheet.append(["物品", "单价", "数量"])
    sheet.append(["铅笔", 1, 2])
    book.save(tmp_path / "x.xlsx")
    with pytest.raises(LedgerError, match="没有认出机电井的表头"):
        plan(session, "wells", tmp_path / "x.xlsx")
    with pytest.raises(LedgerError, match="没有“别的”这张表"):
        plan(session, "wells", DATA / "wells.xlsx", sheet="别的")


def test_doubtful_rows_without_a_suggestion_stay_out_until_they_are_agreed_to(session: Session) -> None:
    found = plan(session, "wells")
    sheet = next(s for s in found.sheets if s.name == "北原苏木")
    i = sheet.row_numbers.index(39)
    assert not sheet.acceptable(i)
    apply_import(session.store, found, "经办甲", confirmed={"北原苏木": [i]})
    code = sheet.values["code"][i]
    assert session.store.rows(LEDGERS["wells"], "code = ?", (code,))[0]["status"] is None


def test_reading_depends_on_the_day_it_is_judged_by(session: Session) -> None:
    take(session, "wells", accept_suggestions=True)
    later = replace(session, today=date(2026, 9, 30))
    today, tomorrow = plan(session, "permits"), plan(later, "permits")
    assert tomorrow.counts()["needs_confirmation"] > today.counts()["needs_confirmation"]


def test_banners_between_the_rows_name_the_town(session: Session, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet
    for row in (
        ["示例旗机电井台账"],
        ["机井编号", "嘎查村", "井深（m）"],
        ["一、东河镇"],
        ["W1", "甲村", 60],
    ):
        sheet.append(row)
    sheet.append(["二、北原苏木"])
    sheet.append(["W2", "丙村", 70])
    book.save(tmp_path / "t.xlsx")
    assert plan(session, "wells", tmp_path / "t.xlsx").sheets[0].values["town"] == ["东河镇", "北原苏木"]


def test_a_formula_without_a_stored_result_refuses_its_row(session: Session) -> None:
    found = plan(session, "wells", DATA / "broken" / "formulas_without_values.xlsx")
    assert found.counts()["refused"] == 6
    assert {p.code for p in found.sheets[0].problems[0]} >= {"formula_without_value"}


def test_wells_are_linked_with_the_areas_the_ledger_knows_and_can_be_asked_by_them(
    session: Session, tmp_path: Path
) -> None:
    """So that "43 眼，其中超采区内 26 眼" is a query."""
    with session.store.act(importing.ActInfo("register", "经办甲")) as act:
        act.insert(LEDGERS["areas"], {"name": "乌不浪口超采区", "kind": "超采区"})
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet
    sheet.append(["机井编号", "乡镇", "使用状态", "所属超采区"])
    for n, area in enumerate(["乌不浪口超采区", "乌不浪口超采区", "没登记的超采区", None]):
        sheet.append([f"W{n}", "东河镇", "已填埋", area])
    book.save(tmp_path / "a.xlsx")
    take(session, "wells", tmp_path / "a.xlsx")
    wells, sealed = LEDGERS["wells"], listing.Filter("status", "in", ("已封填",))
    inside = listing.Filter("areas", "in", ("乌不浪口超采区",))
    assert listing.count(session.conn, LEDGERS, wells, listing.Query(filters=(sealed,))) == 4
    assert listing.count(session.conn, LEDGERS, wells, listing.Query(filters=(sealed, inside))) == 2
    again = plan(session, "wells", tmp_path / "a.xlsx")
    assert again.counts()["same"] == 4
    assert [p.code for p in again.sheets[0].problems[2]] == ["unknown_area"]


def test_an_old_list_does_not_bring_a_sealed_well_back_to_life_unasked(
    session: Session, tmp_path: Path
) -> None:
    def book(status: str) -> Path:
        made = openpyxl.Workbook()
        sheet = made.active
        assert sheet
        sheet.append(["机井编号", "乡镇", "使用状态"])
        sheet.append(["W1", "东河镇", status])
        made.save(tmp_path / "w.xlsx")
        return tmp_path / "w.xlsx"

    take(session, "wells", book("已封填"))
    found = plan(session, "wells", book("在用"))
    assert found.counts()["needs_confirmation"] == 1
    assert [p.code for p in found.sheets[0].problems[0]] == ["state_not_allowed"]
    assert not found.sheets[0].acceptable(0)
    apply_import(session.store, found, "经办甲", confirmed={"Sheet": [0]})
    assert session.store.rows(LEDGERS["wells"], "code = 'W1'")[0]["status"] == "在用"


def test_a_county_changes_its_code_lists_by_a_dated_parameter(session: Session, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet
    sheet.append(["机井编号", "乡镇", "主要用途"])
    for n, use in enumerate(["光伏清洗", "洗板", "渔业"]):
        sheet.append([f"W{n}", "东河镇", use])
    book.save(tmp_path / "w.xlsx")
    assert plan(session, "wells", tmp_path / "w.xlsx").sheets[0].outcomes.count("new") == 1
    words = {"name": "words:use", "value": "光伏清洗：洗板、组件清洗\n-渔业", "valid_from": "2025-01-01"}
    with session.store.act(importing.ActInfo("correct", "经办甲")) as act:
        act.insert(LEDGERS["parameters"], words)
    found = plan(session, "wells", tmp_path / "w.xlsx").sheets[0]
    assert found.values["use"][:2] == ["光伏清洗", "光伏清洗"]
    assert found.outcomes == ["new", "new", "needs_confirmation"]
    earlier = replace(session, today=date(2024, 6, 1))
    assert plan(earlier, "wells", tmp_path / "w.xlsx").sheets[0].outcomes.count("new") == 1
