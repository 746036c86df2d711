"""What is typed is found: any piece of a code or a name, or the pinyin initials, in order of entry."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger_app.core.entities import LEDGERS
from ledger_app.core.entity import Entity
from ledger_app.core.fields import Code, Ref, Text
from ledger_app.db import connection, search, undo
from ledger_app.db.connection import Ledger
from ledger_app.db.queries import listing
from ledger_app.db.queries.listing import Query
from ledger_app.db.search.pinyin import Pinyin
from ledger_app.db.search.texts import fold
from ledger_app.db.store import BULK_ROWS, Store
from tests.db.county import CLOSURES, INTAKES, PERMITS, REGIONS, WATER_USERS, WELLS, County, edit, info

EVERYTHING = 10_000
FIRST_SCANNED = "ledger_app.db.queries.selection.SCANNED_FIRST"


def found(conn: sqlite3.Connection, typed: str, entity: Entity = WELLS) -> list[int]:
    return listing.first_ids(conn, LEDGERS, entity, Query(typed), EVERYTHING)


def codes(store: Store, typed: str) -> list[str]:
    ids = found(store.conn, typed)
    return [row["code"] for row in listing.page(store.conn, LEDGERS, WELLS, ids, ["code"])]


def enter(store: Store, *rows: dict[str, object], entity: Entity = WELLS) -> list[str]:
    with store.act(info("register")) as act:
        return act.insert_many(entity, rows)


def contents(conn: sqlite3.Connection) -> list[tuple[int, str]]:
    return conn.execute("SELECT id, text FROM d_search_text ORDER BY id").fetchall()


def rebuilt(store: Store) -> list[tuple[int, str]]:
    for entity in LEDGERS:
        search.rebuild(store.conn, LEDGERS, entity)
    return contents(store.conn)


def check_index(conn: sqlite3.Connection) -> None:
    """FTS5's own comparison of the index with the texts; raises where they differ."""
    conn.execute("INSERT INTO d_search_fts (d_search_fts) VALUES ('integrity-check')")


# ---- the rule, said again in plain Python ----------------------------------------------------------


def lines_of(row: dict[str, object], entity: Entity, initials: Callable[[str], str]) -> list[str]:
    """What a row is searched by, from what the list shows of it."""
    lines = []
    for field in entity.fields:
        shown = row.get(field.name)
        if not isinstance(field, Text | Ref) and field.name not in entity.title:
            continue
        if not shown or (isinstance(field, Text) and field.lines and len(str(shown)) > 100):
            continue
        folded = fold(str(shown))
        lines.append(folded)
        name = isinstance(field, Ref) or not (
            isinstance(field, Code) or (isinstance(field, Text) and field.lines)
        )
        if name and not folded.isascii():
            lines += initials(folded).split("\n")
    return lines


def all_lines(store: Store, entity: Entity) -> dict[int, list[str]]:
    """What every record of a ledger is searched by, in order of entry."""
    pinyin = Pinyin()
    inside = {row["uid"] for row in store.rows(entity)}
    ids = [r[0] for r in store.conn.execute(f"SELECT id FROM {entity.table} ORDER BY id")]
    rows = listing.page(store.conn, LEDGERS, entity, ids)
    return {
        row["_row"]: lines_of(row, entity, lambda name: pinyin.read(name)[0])
        for row in rows
        if row["_id"] in inside
    }


def plainly_found(lines_by_id: dict[int, list[str]], typed: str) -> list[int]:
    words = fold(typed).split()
    return [i for i, lines in lines_by_id.items() if all(any(w in line for line in lines) for w in words)]


VILLAGES = ("大圣村", "大河村", "长胜村", "东大圣嘎查", "Ａ村（东）", "3号村", "𬇙河村", "圣", "ｘ")
OWNERS = ("王五", "王大圣", "曾三", "W.Smith", "李 四", "", "东", "12", "a1")


def scatter(store: Store, seed: int, count: int) -> list[str]:
    """Wells with codes and names from a small alphabet, so that pieces of them coincide."""
    chance = random.Random(seed)
    with store.act(info("import")) as act:
        regions = act.insert_many(REGIONS, [{"name": name} for name in VILLAGES])
        rows = [
            {
                "code": f"{chance.choice('JjＪ')}{i:03d}-{chance.randrange(10**6):06d}",
                "village_uid": chance.choice([*regions, None]),
                "owner": chance.choice(OWNERS) or None,
                "phone": chance.choice([None, f"1{chance.randrange(10**10):010d}"]),
                "permit_stated": chance.choice([None, f"D15082{chance.randrange(100)}", '取水("旧")1号']),
                "meter_no": chance.choice([None, "x", "7", "12", "sb-7"]),
                "remark": chance.choice([None, "东大圣", "换泵\n" + "很" * chance.choice((5, 120))]),
            }
            for i in range(count)
        ]
        return act.insert_many(WELLS, rows)


Scattered = tuple[Store, dict[int, list[str]]]


@pytest.fixture(scope="module")
def scattered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scattered]:
    path = tmp_path_factory.mktemp("search") / "a.ledger"
    with connection.create(path, LEDGERS, origin="aaaaaa") as opened:
        filled = opened.store(opened.connect(write=True))
        scatter(filled, 1, 300)
        with pytest.MonkeyPatch.context() as patch:  # so few records have to do for many
            patch.setattr(FIRST_SCANNED, ((20, 0.15), (60, 1.0)))
            yield filled, all_lines(filled, WELLS)


PIECES = st.sampled_from(
    ("大圣村", "东大圣", "dsc", "zsc", "csc", "j1", "15082", "王大圣", "ｘ", "李 四", "sb-7", '("旧")', "12")
)
TYPED = st.lists(
    st.one_of(
        st.builds(lambda s, a, n: s[a : a + n], PIECES, st.integers(0, 3), st.integers(1, 6)),
        st.text('大圣东王dsczj0123456789-x *"%_', min_size=1, max_size=5),
    ),
    min_size=1,
    max_size=3,
).map(" ".join)


@settings(max_examples=150, deadline=None)
@given(TYPED)
def test_search_finds_what_a_plain_comparison_finds_in_order_of_entry(
    scattered: Scattered, typed: str
) -> None:
    (store, lines), query = scattered, Query(typed)
    expected = plainly_found(lines, typed)
    assert found(store.conn, typed) == expected
    assert listing.first_ids(store.conn, LEDGERS, WELLS, query, 3) == expected[:3]
    assert sorted(listing.row_ids(store.conn, LEDGERS, WELLS, query)) == expected
    assert listing.count(store.conn, LEDGERS, WELLS, query) == len(expected)


# ---- one thing after the other ---------------------------------------------------------------------


def test_a_village_is_found_by_a_piece_of_its_name_and_by_its_initials(store: Store, county: County) -> None:
    of_village = [f"150824101205J{i:04d}" for i in (0, 4, 8)]
    assert codes(store, "大圣") == of_village
    assert codes(store, "dss") == []
    assert codes(store, "dsc") == of_village
    assert codes(store, "DS") == of_village
    assert codes(store, "圣") == of_village
    assert codes(store, "苏独仑 J0005") == ["150824101205J0005"]


def test_case_and_width_do_not_matter(store: Store) -> None:
    enter(store, {"code": "J0007", "owner": "ＡＢＣ公司（东）"})
    for typed in ("j0007", "Ｊ０００７", "abc", "(东)", "（东", "ABC公司"):
        assert codes(store, typed) == ["J0007"], typed


def test_a_word_is_found_in_one_piece_only(store: Store) -> None:
    enter(
        store, {"code": "X1234", "meter_no": "2345"}, {"code": "X12345"}, {"code": "34512", "meter_no": "X"}
    )
    assert codes(store, "12345") == codes(store, "x12345") == ["X12345"]
    assert codes(store, "2345") == ["X1234", "X12345"]
    assert codes(store, "1" * 60 + "2345") == []


def test_signs_of_the_query_language_stand_for_themselves(store: Store) -> None:
    enter(store, {"code": "A", "owner": 'x"y*z%_'}, {"code": "B", "owner": "xyz NEAR OR"})
    assert codes(store, '"y*') == ["A"]
    assert codes(store, "%_") == ["A"]
    assert codes(store, "z%") == ["A"]
    assert codes(store, "OR near") == ["B"]
    assert codes(store, '""') == []


def test_a_name_with_a_sound_of_its_own_at_its_head_is_found_by_both_initials(store: Store) -> None:
    enter(store, {"code": "A", "owner": "曾大山"}, {"code": "B", "owner": "重庆公司"})
    assert codes(store, "zds") == codes(store, "cds") == ["A"]
    assert codes(store, "cqg") == ["B"]


def test_an_unlinked_permit_is_found_by_what_was_stated_and_a_linked_one_by_its_number(
    store: Store, county: County
) -> None:
    enter(store, {"code": "X1", "permit_stated": "D150824G2019-0777"})
    assert codes(store, "2019-0777") == ["X1"]
    assert codes(store, "D150824G2022-0001") == [f"150824101205J{i:04d}" for i in (0, 2, 4)]


def test_long_remarks_name_nothing(store: Store) -> None:
    enter(store, {"code": "A", "remark": "泵房旧址"}, {"code": "B", "remark": "泵房旧址" + "。" * 100})
    assert codes(store, "泵房") == ["A"]
    assert codes(store, "bfjz") == []


def test_ledgers_of_one_table_are_searched_apart(store: Store) -> None:
    enter(store, {"code": "J1", "name": "东"})
    enter(store, {"code": "Q1", "name": "东", "kind": "泵站"}, entity=INTAKES)
    assert len(found(store.conn, "东")) == 1
    assert len(found(store.conn, "q1", INTAKES)) == 1
    assert found(store.conn, "q1") == []


def test_a_ledger_nothing_was_ever_entered_in_finds_nothing(store: Store, county: County) -> None:
    for typed in ("1", "大圣", "dsc", "圣村 1"):
        assert found(store.conn, typed, CLOSURES) == []


def test_nothing_typed_shows_everything(store: Store, county: County) -> None:
    assert len(found(store.conn, " \u3000")) == len(county.wells)


def test_a_renamed_village_is_found_in_its_wells_by_the_new_name_only(store: Store, county: County) -> None:
    with store.act(info()) as act:
        act.update(REGIONS, county.villages[0], {"name": "新胜村"})
    assert codes(store, "大圣") == codes(store, "dsc") == []
    assert len(codes(store, "xsc")) == len(codes(store, "新胜")) == 3
    assert contents(store.conn) == rebuilt(store)


def test_a_renamed_holder_is_found_in_the_permits(store: Store, county: County) -> None:
    with store.act(info()) as act:
        act.update(WATER_USERS, county.users[0], {"name": "丁集团"})
    ids = found(store.conn, "丁集", PERMITS)
    assert listing.uids(store.conn, PERMITS, ids) == [county.permits[0]]


def test_what_was_changed_is_found_by_the_new_value_only(store: Store, county: County) -> None:
    edit(store, county.wells[3], owner="赵六", phone="13812345678")
    edit(store, county.wells[3], phone="13900000000")
    assert codes(store, "zl") == codes(store, "13900") == ["150824101205J0003"]
    assert codes(store, "13812345678") == codes(store, "381") == []
    check_index(store.conn)


def test_what_was_deleted_is_not_found_and_comes_back_with_the_undo(store: Store, county: County) -> None:
    with store.act(info("void")) as act:
        act.delete(WELLS, county.wells[11])
    assert codes(store, "J0011") == []
    undo.undo(store, act.uid, "张三")
    assert codes(store, "J0011") == ["150824101205J0011"]
    check_index(store.conn)


def fail_half_way(store: Store, county: County) -> None:
    with store.act(info()) as act:
        act.insert(WELLS, {"code": "new"})
        act.delete(WELLS, county.wells[0])
        search.index(store.conn, LEDGERS, WELLS, [county.wells[1]])
        act.update(WELLS, county.wells[1], {"owner": str(1 // len(county.wells[12:]))})


def test_an_act_that_fails_leaves_the_search_as_it_was(store: Store, county: County) -> None:
    before = contents(store.conn)
    with pytest.raises(ZeroDivisionError):
        fail_half_way(store, county)
    assert contents(store.conn) == before
    check_index(store.conn)


def test_a_record_entered_and_changed_in_one_act_is_indexed_once(store: Store) -> None:
    with store.act(info()) as act:
        uid = act.insert(WELLS, {"code": "A1", "owner": "赵六"})
        act.update(WELLS, uid, {"owner": "孙七"})
        gone = act.insert(WELLS, {"code": "A2", "owner": "孙七"})
        act.delete(WELLS, gone)
    assert codes(store, "孙七") == ["A1"]
    assert codes(store, "赵六") == []
    check_index(store.conn)
    edit(store, uid, owner="钱八")
    assert codes(store, "孙七") == []


def test_records_indexed_from_the_columns_at_hand_are_found_like_others(
    store: Store, county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    columns = {
        "code": [f"K{i}" for i in range(20)],
        "owner": ["孙某", None] * 10,
        "village_uid": [county.villages[0]] * 20,
        "depth_m": [10.5] * 20,
    }
    uids = enter(store, *({n: v[i] for n, v in columns.items()} for i in range(20)))
    expected = contents(store.conn)
    store.conn.execute("BEGIN")
    search.forget(store.conn, WELLS, uids)
    assert codes(store, "sm") == []
    monkeypatch.setattr(search, "BATCH", 7)
    search.index_new(store.conn, LEDGERS, WELLS, uids, columns)
    store.conn.execute("COMMIT")
    assert contents(store.conn) == expected
    assert len(codes(store, "sm")) == 10
    assert len(codes(store, "k dsc")) == 20
    check_index(store.conn)


@pytest.mark.parametrize("seed", range(3))
def test_after_any_edits_the_search_is_what_a_rebuild_makes_of_the_rows(store: Store, seed: int) -> None:
    uids = scatter(store, seed, 60)
    chance = random.Random(seed)
    acts = []
    for _ in range(25):
        with store.act(info()) as act:
            match chance.randrange(4):
                case 0:
                    act.insert(WELLS, {"code": f"N{chance.randrange(10**9)}", "owner": "新来的"})
                case 1:
                    act.delete(WELLS, uids.pop(chance.randrange(len(uids))))
                case 2:
                    act.update(WELLS, chance.choice(uids), {"owner": chance.choice(OWNERS) or None})
                case 3:
                    villages = store.rows(REGIONS)
                    act.update(
                        REGIONS, chance.choice(villages)["uid"], {"name": f"改名{chance.randrange(99)}村"}
                    )
        acts.append(act.uid)
    for act_uid in acts[-1:-6:-1]:
        undo.undo(store, act_uid, "张三")
    check_index(store.conn)
    kept = contents(store.conn)
    assert kept == rebuilt(store)
    check_index(store.conn)


def test_an_import_larger_than_one_batch_is_wholly_found(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "BATCH", 7)
    enter(store, *({"code": f"K{i:02d}", "owner": "孙某"} for i in range(20)))
    assert len(codes(store, "孙某")) == len(codes(store, "sm")) == 20
    check_index(store.conn)


def test_a_short_word_beyond_the_first_records_is_found(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    enter(store, *({"code": f"K{i:02d}", "owner": "甲" if i % 8 else "乙丙"} for i in range(40)))
    expected = [f"K{i:02d}" for i in range(0, 40, 8)]
    monkeypatch.setattr(FIRST_SCANNED, ((3, 0.15), (10, 1.0)))
    assert codes(store, "乙") == codes(store, "丙") == codes(store, "乙丙") == codes(store, "yb") == expected
    assert listing.first_ids(store.conn, LEDGERS, WELLS, Query("乙"), 1) == [1]
    assert listing.first_ids(store.conn, LEDGERS, WELLS, Query("乙"), 2) == [1, 9]
    monkeypatch.setattr("ledger_app.db.queries.selection.TRIPLES_FOR_FIRST", 0)
    assert codes(store, "乙") == expected


def test_another_thread_may_stop_a_search_and_the_next_one_works(ledger: Ledger, store: Store) -> None:
    scatter(store, 5, 200)
    reader = ledger.connect()
    stopped = threading.Event()

    def search_for_ever() -> None:
        try:
            while True:
                listing.count(reader, LEDGERS, WELLS, Query("1"))
        except sqlite3.OperationalError as error:
            if error.sqlite_errorname == "SQLITE_INTERRUPT":
                stopped.set()

    thread = threading.Thread(target=search_for_ever, daemon=True)
    thread.start()
    while not stopped.wait(0.01):
        reader.interrupt()
    thread.join(timeout=5)
    assert len(found(reader, "1")) > 0


def test_pinyin_is_not_loaded_to_open_a_ledger_and_search_it(ledger: Ledger, county: County) -> None:
    program = """
import sys
from pathlib import Path
from ledger_app.core.entities import LEDGERS
from ledger_app.db import connection
from ledger_app.db.queries import listing
with connection.open_ledger(Path(sys.argv[1]), LEDGERS, read_only=True) as ledger:
    conn = ledger.connect()
    print(len(listing.row_ids(conn, LEDGERS, LEDGERS["wells"], listing.Query("dsc"))), "pypinyin" in sys.modules)
"""
    command = [sys.executable, "-c", program, str(ledger.path)]
    run = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    assert run.stdout.split() == ["3", "False"]


def test_many_new_records_are_found_as_the_act_leaves_them(store: Store) -> None:
    village = enter(store, {"name": "大圣村"}, entity=REGIONS)[0]
    with store.act(info()) as act:
        rows = [{"code": f"B{n:04d}", "owner": "孙明", "village_uid": village} for n in range(BULK_ROWS)]
        uids = act.insert_many(WELLS, rows)
        act.update(WELLS, uids[3], {"owner": "赵六"})
        act.update(REGIONS, village, {"name": "小圣村"})
        act.delete(WELLS, uids[7])
    assert codes(store, "zl") == ["B0003"]
    assert codes(store, "b0007") == []
    assert len(codes(store, "xsc")) == BULK_ROWS - 1
    before = contents(store.conn)
    assert rebuilt(store) == before
    check_index(store.conn)
