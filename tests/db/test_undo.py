"""Undo: the inverse of an act as a new act, or the list of what stands in the way."""

from __future__ import annotations

from typing import Any

import pytest

from ledger_app.core.errors import LedgerError
from ledger_app.db import journal
from ledger_app.db.store import Store
from ledger_app.db.undo import CannotUndo, undo
from tests.db.county import (
    ATTACHMENTS,
    CLOSURES,
    PERMITS,
    REGIONS,
    SHARES,
    WELLS,
    County,
    edit,
    info,
)


def everything(store: Store) -> dict[str, list[dict[str, Any]]]:
    """All rows of all ledgers, in an order that does not depend on `id`."""
    return {e.name: sorted(store.rows(e), key=lambda r: str(r["uid"])) for e in store.registry}


def obstacles(store: Store, act_uid: str) -> list[str]:
    before = everything(store), journal.head(store.conn)
    with pytest.raises(CannotUndo) as refused:
        undo(store, act_uid, "李四")
    assert (everything(store), journal.head(store.conn)) == before
    return [o.text for o in refused.value.obstacles]


def undone_by(store: Store, act_uid: str) -> str | None:
    row = store.conn.execute("SELECT undone_by FROM d_acts WHERE act_uid = ?", (act_uid,)).fetchone()
    found: str | None = row[0]
    return found


def test_new_records_are_taken_back(store: Store, county: County) -> None:
    before = everything(store)
    with store.act(info("register")) as act:
        act.insert_many(WELLS, [{"code": "A"}, {"code": "B"}])
    back = undo(store, act.uid, "李四", "重复登记")
    assert everything(store) == before
    assert back.changed == {"wells"}
    said = store.conn.execute("SELECT kind, who, why, undoes FROM d_acts ORDER BY number DESC").fetchone()
    assert said == ("undo", "李四", "重复登记", act.uid)


def test_changed_cells_get_their_old_values(store: Store, county: County) -> None:
    before = everything(store)
    act = edit(store, county.wells[0], status="停用", depth_m=None, remark="x")
    undo(store, act.uid, "李四")
    assert everything(store) == before


def test_a_deleted_record_comes_back_under_its_uid(store: Store, county: County) -> None:
    before = everything(store)
    with store.act(info("delete")) as act:
        act.delete(WELLS, county.wells[-1])
    undo(store, act.uid, "李四")
    assert everything(store) == before


def test_an_act_on_several_ledgers_is_taken_back_whole(store: Store, county: County) -> None:
    before = everything(store)
    with store.act(info("close")) as act:
        act.insert(CLOSURES, {"well_uid": county.wells[0], "method": "永久封填", "closed_on": "2025-09-01"})
        act.update(WELLS, county.wells[0], {"status": "已封填", "permit_uid": None})
        share = act.insert(SHARES, {"permit_uid": county.permits[0], "point_uid": county.wells[1]})
        act.update(SHARES, share, {"share_m3": 100})
        act.update(WELLS, county.wells[0], {"status": "报废"})
        act.delete(WELLS, county.wells[-1])
    undo(store, act.uid, "李四")
    assert everything(store) == before


def test_an_import_is_taken_back_with_the_towns_it_created(store: Store, county: County) -> None:
    undo(store, county.act_uid, "李四")
    assert {name: rows for name, rows in everything(store).items() if rows} == {}


def test_an_import_of_several_blocks_is_taken_back(store: Store) -> None:
    with store.act(info("import")) as act:
        uids = act.insert_many(WELLS, [{"code": f"J{i}"} for i in range(1500)])
        act.update_many(WELLS, {uid: {"replaces_uid": uids[(i + 700) % 1500]} for i, uid in enumerate(uids)})
    back = undo(store, act.uid, "李四")
    assert store.rows(WELLS) == []
    undo(store, back.uid, "李四")
    assert len(store.rows(WELLS)) == 1500


def test_numbers_passed_on_across_blocks_are_handed_back(store: Store) -> None:
    with store.act(info("import")) as act:
        uids = act.insert_many(WELLS, [{"code": f"J{i}"} for i in range(1500)])
    before = everything(store)
    with store.act(info("renumber")) as act:
        act.update_many(WELLS, {uid: {"code": f"J{(i + 1) % 1500}"} for i, uid in enumerate(uids)})
    undo(store, act.uid, "李四")
    assert everything(store) == before


def test_an_undo_can_be_undone_and_then_the_act_again(store: Store, county: County) -> None:
    before = everything(store)
    act = edit(store, county.wells[0], status="停用")
    changed = everything(store)
    first = undo(store, act.uid, "李四")
    second = undo(store, first.uid, "李四")
    assert everything(store) == changed
    assert undone_by(store, act.uid) is None
    assert undone_by(store, first.uid) == second.uid
    third = undo(store, second.uid, "李四")
    assert everything(store) == before
    assert (undone_by(store, act.uid), undone_by(store, first.uid)) == (first.uid, None)
    fourth = undo(store, third.uid, "李四")
    assert undone_by(store, act.uid) is None
    undo(store, act.uid, "李四")
    assert everything(store) == before
    assert undone_by(store, fourth.uid) is None


def test_what_is_undone_is_not_undone_twice(store: Store, county: County) -> None:
    act = edit(store, county.wells[0], status="停用")
    undo(store, act.uid, "李四")
    with pytest.raises(LedgerError, match="已经撤销过了"):
        undo(store, act.uid, "李四")


def test_what_is_no_act_is_refused(store: Store) -> None:
    with pytest.raises(LedgerError, match="没有 xyz 这次操作"):
        undo(store, "xyz", "李四")


def test_a_later_change_of_the_same_cell_stands_in_the_way(store: Store, county: County) -> None:
    act = edit(store, county.wells[0], status="停用")
    later = edit(store, county.wells[0], status="报废")
    assert obstacles(store, act.uid) == ["机电井 150824101205J0000 后来又改过"]
    with pytest.raises(CannotUndo) as refused:
        undo(store, act.uid, "李四")
    found = refused.value.obstacles[0]
    assert (found.ledger, found.uid, found.act_uid) == ("wells", county.wells[0], later.uid)


def test_a_later_change_of_another_cell_stands_not_in_the_way(store: Store, county: County) -> None:
    act = edit(store, county.wells[0], status="停用")
    edit(store, county.wells[0], depth_m=99)
    edit(store, county.wells[1], status="停用")
    undo(store, act.uid, "李四")
    row = store.get(WELLS, county.wells[0])
    assert row is not None
    assert (row["status"], row["depth_m"]) == ("正常使用", 99)


def test_any_later_change_of_a_new_record_stands_in_the_way(store: Store, county: County) -> None:
    edit(store, county.wells[3], remark="新")
    edit(store, county.wells[5], remark="新")
    assert obstacles(store, county.act_uid) == [
        "机电井 150824101205J0003 后来又改过",
        "机电井 150824101205J0005 后来又改过",
    ]


def test_a_live_reference_to_a_new_record_stands_in_the_way(store: Store, county: County) -> None:
    with store.act(info("issue")) as act:
        permit = act.insert(PERMITS, {"number": "P9", "holder_stated": "丁"})
    with store.act(info()) as later:
        later.insert(SHARES, {"permit_uid": permit, "point_stated": "J9"})
    assert obstacles(store, act.uid) == ["取水许可 P9 已被许可分配引用"]


def test_an_attachment_to_a_new_record_stands_in_the_way(store: Store, county: County) -> None:
    photo = {"ledger": "wells", "record_uid": county.wells[0], "name": "a.jpg", "content_hash": "0" * 64}
    with store.act(info()) as act:
        act.insert(ATTACHMENTS, photo)
    assert obstacles(store, county.act_uid) == ["机电井 150824101205J0000 已被附件引用"]
    undo(store, act.uid, "李四")
    undo(store, county.act_uid, "李四")


def test_all_that_stands_in_the_way_is_listed_and_the_sentence_stays_short(store: Store) -> None:
    with store.act(info("import")) as act:
        uids = act.insert_many(WELLS, [{"code": f"J{i:02d}"} for i in range(30)])
    with store.act(info()) as later:
        later.update_many(WELLS, {uid: {"remark": "x"} for uid in uids})
    with pytest.raises(CannotUndo) as refused:
        undo(store, act.uid, "李四")
    assert len(refused.value.obstacles) == 30
    assert refused.value.text.endswith("机电井 J19 后来又改过 等 30 处。")


def test_an_import_is_undone_after_its_later_edit_was_undone(store: Store, county: County) -> None:
    later = edit(store, county.wells[3], remark="新")
    assert obstacles(store, county.act_uid)
    undo(store, later.uid, "李四")
    undo(store, county.act_uid, "李四")
    assert store.rows(WELLS) == []


def test_a_later_edit_that_came_back_stands_in_the_way_again(store: Store, county: County) -> None:
    later = edit(store, county.wells[3], remark="新")
    back = undo(store, later.uid, "李四")
    undo(store, back.uid, "李四")
    assert obstacles(store, county.act_uid) == ["机电井 150824101205J0003 后来又改过"]


def test_undoing_an_earlier_act_is_a_later_change_like_any_other(store: Store, county: County) -> None:
    first = edit(store, county.wells[0], status="停用")
    second = edit(store, county.wells[0], status="报废")
    back = undo(store, second.uid, "李四")
    undo(store, first.uid, "李四")
    assert obstacles(store, back.uid) == ["机电井 150824101205J0000 后来又改过"]


def test_a_number_given_anew_keeps_a_deleted_record_from_coming_back(store: Store, county: County) -> None:
    with store.act(info("delete")) as act:
        act.delete(WELLS, county.wells[-1])
    with store.act(info("register")) as later:
        later.insert(WELLS, {"code": "150824101205J0011"})
    with pytest.raises(LedgerError, match="井编号已经有了"):
        undo(store, act.uid, "李四")


def test_a_record_whose_parent_is_gone_does_not_come_back_alone(store: Store) -> None:
    with store.act(info()) as act:
        town, village = act.insert_many(REGIONS, [{"name": "镇"}, {"name": "村"}])
        act.update(REGIONS, village, {"parent_uid": town})
    with store.act(info("delete")) as one:
        one.delete(REGIONS, village)
    with store.act(info("delete")) as other:
        other.delete(REGIONS, town)
    with pytest.raises(LedgerError, match="引用的记录不存在"):
        undo(store, one.uid, "李四")
    undo(store, other.uid, "李四")
    undo(store, one.uid, "李四")
    assert len(store.rows(REGIONS)) == 2


def test_cells_an_upgrade_changed_are_not_overwritten(store: Store, county: County) -> None:
    act = edit(store, county.wells[0], depth_m=95)
    store.conn.execute("UPDATE points SET depth_m = depth_m * 1000")  # as a migration may
    assert obstacles(store, act.uid) == ["机电井 150824101205J0000 在台账升级时改过"]
