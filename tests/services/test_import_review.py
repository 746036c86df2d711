"""Going through an import plan: decisions on doubtful rows, words, and the rows that come back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from ledger_app.core.entities import LEDGERS
from ledger_app.core.errors import LedgerError
from ledger_app.db.queries import listing
from ledger_app.services import importing, rejecting
from ledger_app.services.import_review import Review
from ledger_app.services.import_sheets import likely_ledgers, sheet_views
from ledger_app.services.importing import Choices, apply_import, open_book, plan_book
from ledger_app.services.opening import Session
from tests.services.test_importing import BOOKS, DATA, plan, session, take  # noqa: F401 - session is a fixture

WELLS = LEDGERS["wells"]


def workbook(path: Path, *sheets: tuple[str, list[list[Any]]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def review_of(session: Session, path: Path) -> Review:  # noqa: F811
    return Review(plan(session, "wells", path), session.context)


def stored(session: Session, code: str) -> dict[str, Any]:  # noqa: F811
    return session.store.rows(WELLS, "code = ?", (code,))[0]


@pytest.mark.parametrize("ledger", BOOKS)
def test_the_ledger_a_workbook_is_for_is_told_by_its_headers(ledger: str) -> None:
    ranked = likely_ledgers(LEDGERS, open_book(DATA / BOOKS[ledger]))
    assert ranked[0][0].name == ledger
    assert ranked[0][1] > 2 * ranked[1][1]


def test_every_sheet_is_shown_with_its_columns_samples_and_units(session: Session) -> None:  # noqa: F811
    book = open_book(DATA / "wells.xlsx")
    made = plan_book(session.conn, LEDGERS, WELLS, book, session.context, Choices())
    views = {view.name: view for view in sheet_views(WELLS, book, made, Choices())}
    assert list(views) == list(book.sheet_names)
    assert not views["填表说明"].taken
    assert views["填表说明"].why_not
    north = views["北原苏木"]
    assert north.taken and north.rows > 10
    depth = next(c for c in north.columns if c.field == "depth_m")
    assert (depth.unit, depth.sure) == ("m", "exact")
    assert depth.samples
    assert any(not c.field and c.samples for c in north.columns) or north.mapped == len(north.columns)


def test_a_sheet_left_out_still_shows_its_columns(session: Session) -> None:  # noqa: F811
    book = open_book(DATA / "wells.xlsx")
    choices = Choices(left_out={"北原苏木"})
    made = plan_book(session.conn, LEDGERS, WELLS, book, session.context, choices)
    view = next(v for v in sheet_views(WELLS, book, made, choices) if v.name == "北原苏木")
    assert not view.taken and not view.why_not
    assert view.mapped > 10
    assert "北原苏木" not in {s.name for s in made.sheets}


def test_a_remembered_mapping_says_what_is_new_and_what_is_gone(
    session: Session,  # noqa: F811
    tmp_path: Path,
) -> None:
    old = ["机井编号", "乡镇", "井深（米）", "产权人", "使用状态", "备注"]
    first = workbook(tmp_path / "a.xlsx", ("甲", [old, ["W1", "东河镇", 60, "某人", "在用", ""]]))
    made = plan(session, "wells", first)
    apply_import(session.store, made, "经办甲", save_profile="东河镇的表")
    now = ["机井编号", "乡镇", "井深（米）", "产权人", "使用状态", "照片号"]
    book = open_book(workbook(tmp_path / "b.xlsx", ("甲", [now, ["W2", "东河镇", 61, "某人", "在用", "7"]])))
    again = plan_book(session.conn, LEDGERS, WELLS, book, session.context, Choices())
    view = sheet_views(WELLS, book, again, Choices())[0]
    assert (view.profile, view.new, view.gone) == ("东河镇的表", (("照片号",),), (("备注",),))
    without = Choices(profile="")
    fresh = plan_book(session.conn, LEDGERS, WELLS, book, session.context, without)
    assert sheet_views(WELLS, book, fresh, without)[0].profile == ""


def test_a_new_town_named_by_two_sheets_is_made_once_and_one_of_a_refused_row_never(
    session: Session,  # noqa: F811
    tmp_path: Path,
) -> None:
    head = ["机井编号", "乡镇", "嘎查村", "井深（米）"]
    path = workbook(
        tmp_path / "two.xlsx",
        ("甲", [head, ["W1", "东河镇", "东升嘎查", 60], ["W3", "错写镇", "无村", 99999]]),
        ("乙", [head, ["W2", "东河镇", "东升嘎查", 61]]),
    )
    assert take(session, "wells", path).rows == 2
    names = [r["name"] for r in session.store.rows(LEDGERS["regions"])]
    assert sorted(names)[:2] == ["东升嘎查", "东河镇"]
    assert len(names) == 3


def test_rows_are_taken_as_suggested_as_typed_or_not_at_all(
    session: Session,  # noqa: F811
    tmp_path: Path,
) -> None:
    head = ["机井编号", "乡镇", "井深（米）", "灌溉面积（万亩）"]
    rows = [[f"W{n}", "东河镇", 60, 150] for n in range(4)]
    review = review_of(session, workbook(tmp_path / "w.xlsx", ("甲", [head, *rows])))
    keys = review.keys("needs_confirmation")
    assert len(keys) == 4
    assert review.kinds()[0].rows == tuple(keys)
    assert review.take_means(keys[0]) == "按建议导入"
    assert review.may_keep(keys[1])
    review.decide(keys[:1], "take")
    review.take_retyped(review.retype(session.conn, LEDGERS, keys[1:2]))
    review.decide(keys[2:3], "out")
    assert review.undecided() == 1
    assert review.confirmed() == {"甲": [0, 1]}
    applied = apply_import(session.store, review.plan, "经办甲", confirmed=review.confirmed())
    assert applied.rows == len(applied.uids) == 2
    assert (stored(session, "W0")["irrigated_area_mu"], stored(session, "W1")["irrigated_area_mu"]) == (
        150,
        1_500_000,
    )


def test_a_decision_taken_back_leaves_the_row_as_it_was_suggested(
    session: Session,  # noqa: F811
    tmp_path: Path,
) -> None:
    head = ["机井编号", "乡镇", "灌溉面积（万亩）"]
    review = review_of(session, workbook(tmp_path / "w.xlsx", ("甲", [head, ["W0", "东河镇", 150]])))
    keys = review.keys("needs_confirmation")
    review.take_retyped(review.retype(session.conn, LEDGERS, keys))
    assert review.plan.sheets[0].values["irrigated_area_mu"] == [1_500_000]
    review.decide(keys, "take")
    assert review.plan.sheets[0].values["irrigated_area_mu"] == [150]
    review.decide(keys, None)
    assert (review.undecided(), review.confirmed()) == (1, {})


def test_an_ambiguous_word_is_asked_once_a_sheet_with_its_meanings(
    session: Session,  # noqa: F811
    tmp_path: Path,
) -> None:
    head = ["机井编号", "乡镇", "使用状态"]
    rows = [[f"W{n}", "东河镇", "已关停"] for n in range(3)] + [["W9", "东河镇", "飞走"]]
    review = review_of(session, workbook(tmp_path / "w.xlsx", ("甲", [head, *rows])))
    words = {w.text: w for w in review.words()}
    assert words["已关停"].rows == 3 and words["已关停"].ambiguous
    assert words["已关停"].values == ("停用", "封存备用", "已封填")
    assert not words["飞走"].ambiguous and "在用" in words["飞走"].values


def test_rows_left_out_come_back_in_a_copy_and_those_taken_are_the_same_next_time(
    session: Session,  # noqa: F811
    tmp_path: Path,
) -> None:
    found = plan(session, "wells")
    stayed = Review(found, session.context).stays_out()
    apply_import(session.store, found, "经办甲")
    out = rejecting.write_rejects(found, DATA / "wells.xlsx", tmp_path / "退回.xlsx")
    again = plan(session, "wells", out).counts()
    assert again["new"] == again["changed"] == 0
    assert again["refused"] + again["needs_confirmation"] == stayed
    sheet = openpyxl.load_workbook(out)["北原苏木"]
    notes = [str(row[-1].value) for row in sheet.iter_rows() if row[-1].value]
    assert notes[0] == "导入说明" and all(note.endswith("。") for note in notes[1:])


def test_rows_of_an_old_workbook_come_back_as_a_plain_xlsx(
    session: Session,  # noqa: F811
    tmp_path: Path,
) -> None:
    found = plan(session, "closures")
    out = rejecting.write_rejects(found, DATA / "closures.xls", tmp_path / "退回.xls")
    assert out.suffix == ".xlsx"
    assert plan(session, "closures", out).counts() == found.counts()


def test_nothing_to_give_back_is_said(session: Session, tmp_path: Path) -> None:  # noqa: F811
    head = ["机井编号", "乡镇", "井深（米）"]
    path = workbook(tmp_path / "w.xlsx", ("甲", [head, ["W1", "东河镇", 60]]))
    with pytest.raises(LedgerError, match="没有要退回的行"):
        rejecting.write_rejects(plan(session, "wells", path), path, tmp_path / "o.xlsx")
    assert not (tmp_path / "o.xlsx").exists()


def test_an_import_that_is_stopped_between_its_blocks_writes_nothing(session: Session) -> None:  # noqa: F811
    found = plan(session, "wells")

    def stop(done: int, total: int, text: str) -> None:
        assert total == sum(found.counts()[o] for o in ("new", "changed"))
        if done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        apply_import(session.store, found, "经办甲", progress=stop)
    assert listing.count(session.conn, LEDGERS, WELLS, listing.Query()) == 0
    assert importing.apply_import(session.store, found, "经办甲").rows == sum(
        found.counts()[o] for o in ("new", "changed")
    )


def test_planning_says_which_sheet_it_is_at_and_can_be_stopped(session: Session) -> None:  # noqa: F811
    book, said = open_book(DATA / "wells.xlsx"), []
    plan_book(session.conn, LEDGERS, WELLS, book, session.context, Choices(), lambda *step: said.append(step))
    assert [f"识别“{name}”" for name in book.sheet_names] + ["与台账比较"] == [text for _, _, text in said]
