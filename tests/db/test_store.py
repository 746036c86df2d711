"""Rows go in and out by acts: one transaction, one act of the journal."""

from __future__ import annotations

import pytest

from ledger_app.core.entities import LEDGERS
from ledger_app.core.errors import LedgerError
from ledger_app.db import journal
from ledger_app.db.connection import Ledger
from ledger_app.db.store import Store
from tests.db.county import (
    ATTACHMENTS,
    INTAKES,
    PERMITS,
    REGIONS,
    WELLS,
    County,
    edit,
    info,
)


def entry_count(store: Store) -> int:
    return int(store.conn.execute("SELECT COUNT(*) FROM entries").fetchone()[0])


def fail_half_way(store: Store, county: County) -> None:
    with store.act(info()) as act:
        act.insert(WELLS, {"code": "new"})
        act.update(WELLS, county.wells[0], {"status": str(1 // len(county.wells[12:]))})


def test_a_record_comes_back_as_it_was_entered(store: Store) -> None:
    with store.act(info("register")) as act:
        uid = act.insert(WELLS, {"code": "J1", "depth_m": 120, "longitude": 108.5, "remark": "两行\n备注"})
    row = store.get(WELLS, uid)
    assert row is not None
    assert row["uid"] == uid
    assert (row["code"], row["depth_m"], row["longitude"], row["remark"]) == ("J1", 120, 108.5, "两行\n备注")
    assert row["kind"] == "机电井"
    assert row["status"] is None


def test_uids_rise_in_order_of_entry_and_begin_with_the_copy_of_the_file(store: Store) -> None:
    with store.act(info()) as act:
        first = act.insert_many(WELLS, [{"code": f"J{i}"} for i in range(3)])
        second = act.insert_many(WELLS, [{"code": f"K{i}"} for i in range(3)])
    assert [*first, *second] == sorted([*first, *second])
    assert all(uid.startswith("aaaaaa") for uid in first)
    assert [row["uid"] for row in store.rows(WELLS)] == [*first, *second]


def test_a_failure_inside_an_act_leaves_nothing(store: Store, county: County) -> None:
    before = (store.rows(WELLS), entry_count(store), journal.head(store.conn))
    with pytest.raises(ZeroDivisionError):
        fail_half_way(store, county)
    assert (store.rows(WELLS), entry_count(store), journal.head(store.conn)) == before
    assert not store.conn.in_transaction


def test_an_act_after_a_failed_one_is_an_act_like_any_other(store: Store, county: County) -> None:
    with pytest.raises(LedgerError, match="井编号已经有了"), store.act(info()) as act:
        act.insert(WELLS, {"code": "150824101205J0000"})
    assert edit(store, county.wells[0], status="停用").rows == 1
    assert journal.broken_link(store.conn) is None


def test_an_act_says_which_ledgers_and_how_many_records_it_changed(store: Store, county: County) -> None:
    with store.act(info()) as act:
        act.update(WELLS, county.wells[0], {"status": "停用"})
        act.insert(REGIONS, {"name": "新村", "parent_uid": county.towns[0]})
    assert act.changed == {"wells", "regions"}
    assert act.rows == 2
    listed = store.conn.execute("SELECT row_count FROM d_acts WHERE act_uid = ?", (act.uid,)).fetchone()
    assert listed == (2,)


def test_what_does_not_differ_is_not_written(store: Store, county: County) -> None:
    entries = entry_count(store)
    with store.act(info()) as act:
        assert act.update(WELLS, county.wells[0], {"status": "正常使用", "depth_m": 80.0}) is False
        assert act.update_many(WELLS, {county.wells[1]: {"depth_m": 80.5, "status": "停用"}}) == 1
    assert entry_count(store) == entries + 1
    changes = journal.history(store.conn, "wells", county.wells[1])[-1:]
    assert [(c.column, c.old, c.new) for c in changes] == [("status", "正常使用", "停用")]


def test_numbers_are_rounded_to_the_places_their_field_declares(store: Store) -> None:
    with store.act(info()) as act:
        uid = act.insert(
            WELLS, {"code": "J1", "depth_m": 88.125, "casing_diameter_mm": 300.04, "population": 3.0}
        )
    row = store.get(WELLS, uid)
    assert row is not None
    assert (row["depth_m"], row["casing_diameter_mm"], row["population"]) == (88.12, 300, 3)
    assert type(row["population"]) is int


def test_changing_a_record_that_is_not_there_is_refused(store: Store, county: County) -> None:
    with pytest.raises(LedgerError, match="没有要改的这条记录"), store.act(info()) as act:
        act.update(WELLS, "aaaaaa-00000", {"status": "停用"})
    with pytest.raises(LedgerError, match="没有要改的这条记录"), store.act(info()) as act:
        act.delete_many(WELLS, [county.wells[0], "aaaaaa-00000"])
    assert store.get(WELLS, county.wells[0])


def test_a_ledger_sees_only_its_part_of_a_shared_table(store: Store, county: County) -> None:
    with store.act(info()) as act:
        intake = act.insert(INTAKES, {"code": "Q1", "kind": "泵站", "town_uid": county.towns[0]})
    assert store.get(INTAKES, intake)
    assert store.get(WELLS, intake) is None
    assert len(store.rows(WELLS)) == 12
    with pytest.raises(LedgerError), store.act(info()) as act:
        act.update(WELLS, intake, {"status": "停用"})


def test_numbers_can_be_passed_on_among_records_in_one_change(store: Store, county: County) -> None:
    codes = {uid: row["code"] for uid, row in store.rows_by_uid(WELLS, county.wells).items()}
    turned = dict(zip(codes, [*list(codes.values())[1:], next(iter(codes.values()))], strict=True))
    with store.act(info("renumber")) as act:
        assert act.update_many(WELLS, {uid: {"code": code} for uid, code in turned.items()}) == 12
    assert {uid: row["code"] for uid, row in store.rows_by_uid(WELLS, county.wells).items()} == turned


def test_a_number_taken_twice_in_one_change_is_refused(store: Store, county: County) -> None:
    with pytest.raises(LedgerError) as refused, store.act(info()) as act:
        act.update_many(WELLS, {uid: {"code": "same"} for uid in county.wells[:2]})
    assert (refused.value.text, refused.value.code) == ("井编号已经有了，不能重复。", "not_unique")


def test_a_record_that_is_referred_to_is_not_deleted(store: Store, county: County) -> None:
    with pytest.raises(LedgerError) as refused, store.act(info("delete")) as act:
        act.delete(REGIONS, county.villages[0])
    assert refused.value.code == "referred_to"
    assert "引用着它" in refused.value.text
    assert store.get(REGIONS, county.villages[0])


def test_records_that_refer_to_each_other_are_deleted_together(store: Store) -> None:
    with store.act(info()) as act:
        town, village = act.insert_many(REGIONS, [{"name": "镇"}, {"name": "村"}])
        act.update_many(REGIONS, {village: {"parent_uid": town}, town: {"successor_uid": village}})
    with store.act(info("delete")) as act:
        act.delete_many(REGIONS, [town, village])
    assert store.rows(REGIONS) == []
    deleted = journal.rows_of_act(store.conn, act.uid)[0].body["c"]
    assert deleted["parent_uid"] == [None, town]


def test_attachments_go_with_the_record_they_belong_to(store: Store, county: County) -> None:
    lonely = county.wells[-1]
    with store.act(info()) as act:
        belonging = {"ledger": "wells", "record_uid": lonely, "name": "照片.jpg", "content_hash": "0" * 64}
        photo = act.insert(ATTACHMENTS, belonging)
    with store.act(info("delete")) as act:
        act.delete(WELLS, lonely)
    assert store.get(ATTACHMENTS, photo) is None
    assert act.changed == {"wells", "attachments"}


def test_a_reference_to_nothing_is_refused(store: Store) -> None:
    with pytest.raises(LedgerError) as refused, store.act(info()) as act:
        act.insert(WELLS, {"code": "J1", "town_uid": "aaaaaa-ffff"})
    assert refused.value.code == "no_target"


def test_a_field_that_must_be_filled_is_named(store: Store) -> None:
    with pytest.raises(LedgerError, match="许可证编号不能为空") as refused, store.act(info()) as act:
        act.insert(PERMITS, {"holder_stated": "某公司"})
    assert refused.value.code == "required_missing"


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_is_no_number_never_reaches_the_ledger(store: Store, value: float) -> None:
    with pytest.raises((ValueError, ArithmeticError)), store.act(info()) as act:
        act.insert(WELLS, {"code": "J1", "longitude": value})
    assert store.rows(WELLS) == []


def test_a_reader_sees_whole_acts_only(ledger: Ledger, store: Store, county: County) -> None:
    reader = ledger.store(ledger.connect())
    with store.act(info()) as act:
        act.update(WELLS, county.wells[0], {"status": "停用"})
        seen = reader.get(WELLS, county.wells[0])
        assert seen is not None
        assert seen["status"] == "正常使用"
    after = reader.get(WELLS, county.wells[0])
    assert after is not None
    assert after["status"] == "停用"


def test_a_reading_connection_cannot_write(ledger: Ledger, store: Store) -> None:
    reader = ledger.store(ledger.connect())
    with pytest.raises(LedgerError, match="只读"), reader.act(info()) as act:
        act.insert(WELLS, {"code": "J1"})


def test_one_block_of_the_journal_holds_a_thousand_records(store: Store) -> None:
    with store.act(info("import")) as act:
        uids = act.insert_many(WELLS, [{"code": f"J{i}"} for i in range(2500)])
    entries = journal.rows_of_act(store.conn, act.uid)
    assert [len(e.body["u"]) for e in entries] == [1000, 1000, 500]
    assert [uid for e in entries for uid in e.body["u"]] == uids
    assert LEDGERS[entries[0].ledger] is WELLS
