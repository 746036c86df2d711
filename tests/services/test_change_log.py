"""The change log in the clerk's words: pages of acts, cells, one record's history, what blocks an undo."""

from __future__ import annotations

from ledger_app.core.entities import LEDGERS
from ledger_app.db.queries import change_log as queries
from ledger_app.services import history
from ledger_app.services.change_log import Acts, act_word, record_changes, record_history
from ledger_app.services.history import Blocked, Undone
from ledger_app.services.importing import ActInfo, apply_import
from ledger_app.services.opening import Session
from tests.services.test_importing import plan, session, take  # noqa: F401 - session is a fixture

WELLS = LEDGERS["wells"]


def first_well(session: Session) -> str:  # noqa: F811
    return str(session.store.rows(WELLS, "code = ?", ("150824100201J0001",))[0]["uid"])


def correct(session: Session, uid: str, who: str = "审核乙", **cells: object) -> str:  # noqa: F811
    with session.store.act(ActInfo("correct", who, "录错更正")) as act:
        act.update(WELLS, uid, cells)
    return act.uid


def test_acts_are_listed_newest_first_and_narrowed_by_ledger_operator_day_and_record(
    session: Session,  # noqa: F811
) -> None:
    take(session, "wells")
    uid = first_well(session)
    correct(session, uid, depth_m=91)
    take(session, "projects")

    def listed(**asked: str) -> list[str]:
        found = queries.numbers(session.conn, LEDGERS, Acts(**asked))
        return [act["kind"] for act in queries.page(session.conn, found)]

    assert listed() == ["import", "correct", "import", "init"]
    assert listed(ledger="projects") == ["import"]
    assert listed(who="审核乙") == ["correct"]
    assert listed(ledger="wells", record=uid) == ["correct", "import"]
    assert listed(first_day="2999-01-01") == []
    assert len(listed(last_day="2999-01-01")) == 4
    assert queries.operators(session.conn) == ["审核乙", "经办甲"]
    assert {"wells", "projects", "regions"} <= queries.ledgers(session.conn)
    assert [act_word(kind) for kind in listed()] == ["导入", "更正", "导入", "建立台账"]


def test_an_act_opens_down_to_its_cells_with_labels_units_and_names_of_records(
    session: Session,  # noqa: F811
) -> None:
    applied = take(session, "wells")
    assert applied.act
    uid = first_well(session)
    act = correct(session, uid, depth_m=91, owner=None)
    [record] = record_changes(session.conn, LEDGERS, act, 0, 10)
    assert (record.label, record.how, record.there) == ("机电井", "update", True)
    assert record.title.endswith("150824100201J0001")
    assert [(c.label, c.old, c.new) for c in record.cells] == [
        ("井深", "85 m", "91 m"),
        ("权属人", "户主001", ""),
    ]
    made = record_changes(session.conn, LEDGERS, applied.act, 0, 500)
    well = next(r for r in made if r.uid == uid)
    town = next(c for c in well.cells if c.field == "town")
    assert town.new and town.new_link[0] == "regions"
    again = record_changes(session.conn, LEDGERS, applied.act, 40, 3)
    assert [r.uid for r in again] == [r.uid for r in made[40:43]]


def test_the_history_of_a_record_is_told_in_sentences(session: Session) -> None:  # noqa: F811
    take(session, "wells")
    uid = first_well(session)
    act = correct(session, uid, depth_m=91)
    history.undo(session.store, act, "经办甲")
    lines = record_history(session.conn, LEDGERS, WELLS, uid)
    assert [line.word for line in lines] == ["撤销", "更正", "导入"]
    assert [line.text for line in lines[:2]] == ["井深 91 m → 85 m。", "井深 85 m → 91 m。"]
    assert [line.undone for line in lines] == [False, True, False]
    assert lines[2].text.startswith("登记，填了")
    assert len(record_history(session.conn, LEDGERS, WELLS, uid, newest=1)) == 1


def test_what_stands_in_the_way_of_an_undo_comes_as_a_list_and_nothing_is_done(
    session: Session,  # noqa: F811
) -> None:
    imported = apply_import(session.store, plan(session, "wells"), "经办甲")
    assert imported.act
    uid = first_well(session)
    later = correct(session, uid, depth_m=91)
    blocked = history.try_undo(session.store, imported.act, "经办甲")
    assert isinstance(blocked, Blocked)
    assert (uid, later) in [(o.uid, o.act_uid) for o in blocked.obstacles]
    assert isinstance(history.try_undo(session.store, later, "经办甲"), Undone)
    done = history.try_undo(session.store, imported.act, "经办甲")
    assert isinstance(done, Undone)
    assert {"wells", "regions"} <= done.changed


def test_a_record_that_is_gone_is_named_by_what_the_act_said_of_it(session: Session) -> None:  # noqa: F811
    applied = take(session, "wells")
    assert applied.act
    history.undo(session.store, applied.act, "经办甲")
    gone = [r for r in record_changes(session.conn, LEDGERS, applied.act, 0, 500) if r.ledger == "wells"]
    assert not any(r.there for r in gone)
    assert gone[0].title.startswith("1508")
