"""The journal: canonical entries in a hash chain, the history of a record, the list of acts."""

from __future__ import annotations

import json
import sqlite3
import zlib
from typing import Any

import pytest

from ledger_app.db import acts, journal
from ledger_app.db.store import Store
from ledger_app.db.undo import undo
from tests.db.county import WELLS, County, edit, fill, info, ticking


def told(store: Store, uid: str) -> list[tuple[str, str, Any, Any]]:
    return [(c.kind, c.column, c.old, c.new) for c in journal.history(store.conn, "wells", uid)]


def list_of_acts(conn: sqlite3.Connection) -> list[tuple[Any, ...]]:
    return conn.execute("SELECT * FROM d_acts ORDER BY number").fetchall()


def test_the_same_value_gives_the_same_text() -> None:
    assert journal.dump({"b": 1, "a": [None, "井"]}) == journal.dump({"a": [None, "井"], "b": 1})
    assert journal.dump({"a": [None, "井"]}) == '{"a":[null,"井"]}'


def test_what_json_does_not_know_is_refused() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        journal.dump([float("nan")])


def test_every_body_in_the_file_is_canonical(store: Store, county: County) -> None:
    edit(store, county.wells[0], remark="长" * 500)
    bodies = [row[0] for row in store.conn.execute("SELECT body FROM entries")]
    assert {type(body) for body in bodies} == {str, bytes}
    for body in bodies:
        text = body if isinstance(body, str) else zlib.decompress(body).decode()
        assert journal.dump(json.loads(text)) == text


def test_the_same_acts_give_the_same_chain(store: Store, county: County, tmp_path: Any) -> None:
    again = sqlite3.connect(tmp_path / "again.db", isolation_level=None)
    store.conn.backup(again)
    other = Store(again, store.registry, ticking())
    for one in (store, other):
        one._clock = ticking()
        edit(one, county.wells[3], depth_m=99.5)
    assert journal.head(store.conn) == journal.head(again)
    again.close()


def test_each_entry_stands_on_the_one_before(store: Store, county: County) -> None:
    rows = store.conn.execute("SELECT seq, prev_hash, hash FROM entries ORDER BY id").fetchall()
    assert [seq for seq, *_ in rows] == list(range(1, len(rows) + 1))
    assert rows[0][1] == journal.GENESIS
    assert [prev for _, prev, _ in rows[1:]] == [digest for *_, digest in rows[:-1]]
    assert journal.head(store.conn) == rows[-1][2].hex()


def test_an_act_knows_the_head_it_stands_on(store: Store, county: County) -> None:
    head = journal.head(store.conn)
    with store.act(info()) as act:
        act.update(WELLS, county.wells[0], {"status": "停用"})
        assert act.stands_on == head != journal.head(store.conn)


def test_a_single_edit_is_a_single_entry_that_says_who_when_and_why(store: Store, county: County) -> None:
    act = edit(store, county.wells[0], status="停用")
    entries = journal.rows_of_act(store.conn, act.uid)
    assert len(entries) == 1
    said = {"at": "2025-09-01T08:01:00+08:00", "kind": "correct", "source": "form", "who": "张三"}
    assert entries[0].body["a"] == said


def test_an_act_without_rows_is_in_the_journal_too(store: Store) -> None:
    with store.act(info("print", why="月报")) as act:
        pass
    assert [e.kind for e in journal.entries(store.conn, "act_uid = ?", (act.uid,))] == ["act"]
    assert list(acts.acts(store.conn))[-1].why == "月报"


def test_the_history_of_a_record_tells_its_life_from_entry_to_deletion(store: Store) -> None:
    with store.act(info("register")) as act:
        uid = act.insert(WELLS, {"code": "J1", "status": "正常使用"})
    edit(store, uid, status="停用", depth_m=100)
    edit(store, uid, depth_m=None)
    with store.act(info("delete")) as act:
        act.delete(WELLS, uid)
    undo(store, act.uid, "李四")
    kind_of_point = [("insert", "kind", None, "机电井")]
    assert told(store, uid)[:3] == [
        ("insert", "code", None, "J1"),
        *kind_of_point,
        ("insert", "status", None, "正常使用"),
    ]
    assert told(store, uid)[3:6] == [
        ("update", "depth_m", None, 100),
        ("update", "status", "正常使用", "停用"),
        ("update", "depth_m", 100, None),
    ]
    assert [(kind, column) for kind, column, *_ in told(store, uid)[6:]] == [
        *((("delete", c)) for c in ("code", "kind", "status")),
        *((("insert", c)) for c in ("code", "kind", "status")),
    ]
    assert told(store, uid)[-1] == ("insert", "status", None, "停用")


def test_the_history_of_a_record_in_the_middle_of_bulk_blocks_is_found(store: Store) -> None:
    with store.act(info("import")) as act:
        uids = act.insert_many(WELLS, [{"code": f"J{i}"} for i in range(2500)])
    with store.act(info("import")) as act:
        act.update_many(WELLS, {uid: {"planned_volume_m3": 100 + i} for i, uid in enumerate(uids) if i % 2})
    for i in (0, 999, 1000, 1717, 2499):
        planned = [("update", "planned_volume_m3", None, 100 + i)] if i % 2 else []
        assert told(store, uids[i]) == [
            ("insert", "code", None, f"J{i}"),
            ("insert", "kind", None, "机电井"),
            *planned,
        ]


def test_a_history_is_an_indexed_look_up(store: Store, county: County) -> None:
    sql = "SELECT id FROM entries WHERE ledger = ? AND first_uid <= ? AND COALESCE(last_uid, first_uid) >= ?"
    plan = store.conn.execute(f"EXPLAIN QUERY PLAN {sql}", ("wells", "a", "a")).fetchall()
    assert "USING COVERING INDEX entries_rows (ledger=? AND first_uid<?)" in plan[0][3]


@pytest.mark.parametrize(
    "uids",
    [
        ["a00001-00000"],
        ["a00001-00000", "a00001-00001", "a00001-00002"],
        ["a00001-0000e", "a00001-0000f", "a00001-00010", "a00001-00012", "a00002-00013", "a00002-00014"],
        ["a00001-fffff", "a00001-100000", "a00001-100001"],
        ["a00001-00003", "a00001-00002", "a00001-00001"],
    ],
)
def test_runs_of_uids_are_counted_and_come_back(uids: list[str]) -> None:
    folded = journal._folded(uids)
    assert journal._unfolded(folded) == uids
    assert len(folded) <= len(uids)


def test_a_block_past_a_million_records_is_filed_under_all_its_uids(store: Store) -> None:
    with store.act(info("import")) as act:
        act._next = 0xFFFFE
        uids = act.insert_many(WELLS, [{"code": f"J{i}"} for i in range(4)])
    assert [uid[-6:] for uid in uids] == ["-ffffe", "-fffff", "100000", "100001"]
    assert all(told(store, uid) for uid in uids)


def test_the_list_of_acts_can_be_made_anew_from_the_journal(store: Store) -> None:
    county = fill(store)
    first = edit(store, county.wells[0], status="停用")
    second = undo(store, first.uid, "李四")
    undo(store, second.uid, "李四")
    with store.act(info("print")):
        pass
    before = list_of_acts(store.conn)
    assert len(before) == 5
    store.conn.execute("BEGIN")
    acts.rebuild(store.conn)
    store.conn.execute("COMMIT")
    assert list_of_acts(store.conn) == before
    assert acts.are_as_told(store.conn)


def test_five_years_of_edits_stay_under_five_times_the_ledger(store: Store) -> None:
    """A county of 400 wells with the edits of one of 10,000, scaled down alike."""
    store.conn.execute("PRAGMA synchronous = OFF")
    with store.act(info("import")) as act:
        wells = act.insert_many(WELLS, [well_of_a_workbook(i) for i in range(400)])
    for month in range(60):
        for i in range(16):
            edit(store, wells[(month * 16 + i) % 400], phone=f"139{month:04d}{i:04d}")
        with store.act(info("import")) as act:
            act.update_many(WELLS, {w: {"planned_volume_m3": 1000 + i * month} for i, w in enumerate(wells)})
    size = dict(store.conn.execute("SELECT name, SUM(payload) FROM dbstat GROUP BY name"))
    points = sum(
        size[name] for name in size if "points" in name and name.startswith(("points", "sqlite_auto"))
    )
    journal_size = sum(size[name] for name in size if "entries" in name)
    assert journal_size < 4 * points


def well_of_a_workbook(i: int) -> dict[str, Any]:
    return {
        "code": f"150824101205J{i:05d}",
        "name": f"{i}号井",
        "village_group": f"{i % 9}组",
        "longitude": 107 + i / 997,
        "latitude": 41 + i / 991,
        "coordinate_system": "CGCS2000",
        "status": "正常使用",
        "use": "农业灌溉",
        "completed_on": f"20{i % 25:02d}-05",
        "depth_m": 60 + i / 7,
        "casing_diameter_mm": 300,
        "casing_material": "钢管",
        "aquifer": "浅层承压水",
        "depth_to_water_m": 12 + i / 31,
        "yield_m3_h": 40 + i / 13,
        "pump_model": "200QJ50-65",
        "pump_power_kw": 15,
        "irrigated_area_mu": 100 + i % 200,
        "owner": f"王{i}",
        "phone": f"138{i:08d}",
        "permitted_volume_m3": 20000 + i,
    }
