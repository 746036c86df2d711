"""Lists of any ledger: order, pages, filters, totals, values to filter by, conditions as they are typed."""

from __future__ import annotations

import random
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from ledger_app.core.entities import LEDGERS
from ledger_app.core.entity import Entity, Registry
from ledger_app.core.errors import LedgerError
from ledger_app.core.fields import Integer, Links, Number, ReadContext, Ref, Text
from ledger_app.db import connection
from ledger_app.db.migrations import MIGRATIONS, Migration
from ledger_app.db.queries import listing
from ledger_app.db.queries.listing import Filter, Query
from ledger_app.db.store import ActInfo, Store
from tests.db.county import (
    CLOSURES,
    INTAKES,
    PERMITS,
    PROJECTS,
    REGIONS,
    SHARES,
    WATER_USERS,
    WELLS,
    County,
    info,
)

ALL = Query()
CONTEXT = ReadContext(date(2025, 9, 30))


def enter(store: Store, entity: Entity, *rows: dict[str, object]) -> list[str]:
    with store.act(info("register")) as act:
        return act.insert_many(entity, rows)


def column(store: Store, field: str, query: Query = ALL, entity: Entity = WELLS) -> list[Any]:
    """A field of all rows of a query, in its order."""
    ids = listing.row_ids(store.conn, LEDGERS, entity, query)
    return [row[field] for row in listing.page(store.conn, LEDGERS, entity, ids, [field])]


def codes(store: Store, *filters: Filter, entity: Entity = WELLS) -> list[str]:
    return column(store, "code", Query(filters=filters), entity)


def typed(store: Store, *texts: str, entity: Entity = WELLS, show: str = "code") -> list[Any]:
    return column(store, show, Query(filters=listing.parse_where(entity, texts, CONTEXT)), entity)


# ---- order -------------------------------------------------------------------------------------------


def test_without_a_wish_rows_stand_in_order_of_their_code(store: Store) -> None:
    enter(store, WELLS, {"code": "J2"}, {"code": "J10"}, {"code": "A9"})
    assert codes(store) == ["A9", "J10", "J2"]


def test_names_stand_in_pinyin_order_latin_before_chinese_and_blanks_last(store: Store) -> None:
    names = ["张三", "李四", "阿木", "Bao", "章六", "张二", None, "𬇙氏", "12", "9", "重庆公司"]
    enter(store, WELLS, *({"code": f"J{i}", "owner": name} for i, name in enumerate(names)))
    rising = ["9", "12", "Bao", "阿木", "重庆公司", "李四", "𬇙氏", "张二", "张三", "章六", None]
    assert column(store, "owner", Query(sort=(("owner", False),))) == rising
    assert column(store, "owner", Query(sort=(("owner", True),))) == [*rising[-2::-1], None]


def test_numbers_inside_names_stand_in_order_of_size(store: Store) -> None:
    enter(store, WELLS, *({"code": f"J{i}", "village_group": f"{i}组"} for i in (10, 9, 100, 1)))
    assert column(store, "village_group", Query(sort=(("village_group", False),))) == [
        "1组",
        "9组",
        "10组",
        "100组",
    ]


def test_references_stand_in_order_of_what_they_show(store: Store, county: County) -> None:
    villages = column(store, "village", Query(sort=(("village", False),)))
    assert list(dict.fromkeys(villages)) == ["大圣村", "苏独仑嘎查", "温更嘎查", "西局子村"]
    enter(store, WELLS, {"code": "X", "permit_stated": "C1"})
    assert column(store, "permit_no", Query(sort=(("permit_no", False),)))[:2] == ["C1", "D150824G2022-0001"]


def test_words_of_a_vocabulary_stand_as_it_lists_them(store: Store) -> None:
    words = ("停用", "已封填", None, "在用", "封存备用", "县里的词")
    enter(store, WELLS, *({"code": f"J{i}", "status": word} for i, word in enumerate(words)))
    expected = ["在用", "停用", "封存备用", "已封填", "县里的词", None]
    assert column(store, "status", Query(sort=(("status", False),))) == expected


def test_equal_rows_stand_in_order_of_uid_also_when_one_was_put_back(store: Store) -> None:
    uids = enter(store, WELLS, *({"code": f"J{9 - i}", "depth_m": i // 3} for i in range(9)))
    kept = store.get(WELLS, uids[4]) or {}
    with store.act(info()) as act:
        act.delete(WELLS, uids[4])
    with store.act(info()) as act:
        act.put_back(WELLS, [uids[4]], {n: [v] for n, v in kept.items() if n != "uid"})
    ids = listing.row_ids(store.conn, LEDGERS, WELLS, Query(sort=(("depth_m", True),)))
    assert listing.uids(store.conn, WELLS, ids) == [*uids[6:], *uids[3:6], *uids[:3]]


def test_every_sortable_field_of_every_ledger_gives_each_row_once(store: Store, county: County) -> None:
    enter(
        store,
        CLOSURES,
        {"well_uid": county.wells[0], "method": "封填"},
        {"well_stated": "?", "method": "封填"},
    )
    for entity in LEDGERS:
        everything = sorted(listing.row_ids(store.conn, LEDGERS, entity, Query()))
        assert len(everything) == listing.count(store.conn, LEDGERS, entity, Query())
        for field in entity.fields:
            if not isinstance(field, Links):
                found = listing.row_ids(store.conn, LEDGERS, entity, Query(sort=((field.name, True),)))
                assert sorted(found) == everything, (entity.name, field.name)


def test_several_fields_order_one_after_the_other(store: Store) -> None:
    rows = [("J1", 5, "在用"), ("J2", 7, "停用"), ("J3", 5, "停用"), ("J4", 7, "在用")]
    enter(store, WELLS, *({"code": c, "depth_m": d, "status": s} for c, d, s in rows))
    assert column(store, "code", Query(sort=(("depth_m", True), ("status", False)))) == [
        "J4",
        "J2",
        "J1",
        "J3",
    ]


# ---- pages -------------------------------------------------------------------------------------------


def test_a_page_brings_the_asked_rows_in_the_asked_order_in_base_units(store: Store, county: County) -> None:
    ids = [listing.row_id(store.conn, WELLS, uid) for uid in (county.wells[7], county.wells[0])]
    rows = listing.page(store.conn, LEDGERS, WELLS, [i for i in ids if i] + [10**6])
    assert [row["_id"] for row in rows] == [county.wells[7], county.wells[0]]
    assert [row["_row"] for row in rows] == ids
    first = rows[1]
    assert (first["code"], first["depth_m"], first["longitude"]) == ("150824101205J0000", 80, 108)
    assert type(first["depth_m"]) is int
    assert (first["village"], first["village_uid"]) == ("大圣村", county.villages[0])
    assert (first["permit_no"], first["permit_uid"]) == ("D150824G2022-0001", county.permits[0])
    assert first["owner"] is None and "kind" not in first


@pytest.mark.parametrize("entity", [WELLS, PERMITS, PROJECTS], ids=lambda e: e.name)
def test_columns_hold_what_pages_hold(store: Store, county: County, entity: Entity) -> None:
    ids = [*listing.row_ids(store.conn, LEDGERS, entity, ALL), 10**6]
    ids.reverse()
    names = [field.name for field in entity.fields]
    found = listing.columns(store.conn, LEDGERS, entity, ids, names)
    rows = [
        tuple(tuple(v) if isinstance(v, list) else v for v in map(row.__getitem__, names))
        for row in listing.page(store.conn, LEDGERS, entity, ids, names)
    ]
    assert rows and repr(list(zip(*found, strict=True))) == repr(rows)  # 80 is not 80.0
    assert listing.columns(store.conn, LEDGERS, entity, [], names) == [[]] * len(names)


def test_a_reference_that_is_only_stated_shows_what_was_stated(store: Store) -> None:
    enter(store, CLOSURES, {"well_stated": "J0099", "method": "封填"})
    (row,) = listing.page(store.conn, LEDGERS, CLOSURES, [1], ["well_code"])
    assert (row["well_code"], row["well_uid"]) == ("J0099", None)


def test_linked_records_are_listed_in_the_order_they_were_linked(store: Store, county: County) -> None:
    with store.act(info()) as act:
        for point in (county.wells[3], county.wells[1]):
            act.insert(SHARES, {"permit_uid": county.permits[0], "point_uid": point})
        act.insert(SHARES, {"permit_uid": county.permits[0], "point_stated": "J0099"})
    rows = listing.page(store.conn, LEDGERS, PERMITS, [1, 2], ["number", "well_codes"])
    assert [row["well_codes"] for row in rows] == [["150824101205J0003", "150824101205J0001", "J0099"], []]


def test_a_page_of_more_rows_than_one_statement_takes_is_whole(store: Store) -> None:
    enter(store, WELLS, *({"code": f"J{i:04d}"} for i in range(1203)))
    ids = listing.row_ids(store.conn, LEDGERS, WELLS, Query(sort=(("code", True),)))
    assert column(store, "code", Query(sort=(("code", True),))) == [f"J{i:04d}" for i in range(1202, -1, -1)]
    assert len(set(listing.uids(store.conn, WELLS, ids))) == 1203


def test_rows_of_another_ledger_in_the_same_table_are_not_listed(store: Store) -> None:
    enter(store, WELLS, {"code": "J1"})
    (uid,) = enter(store, INTAKES, {"code": "Q1", "kind": "泵站"})
    assert codes(store) == ["J1"]
    assert codes(store, entity=INTAKES) == ["Q1"]
    assert listing.row_id(store.conn, WELLS, uid) is None
    assert listing.row_id(store.conn, INTAKES, uid) is not None


# ---- filters -----------------------------------------------------------------------------------------


def test_several_filters_have_to_hold_together(store: Store, county: County) -> None:
    village, deep = Filter("village", "in", ("大圣村",)), Filter("depth_m", "between", (82, None))
    assert codes(store, village, deep) == ["150824101205J0004", "150824101205J0008"]
    assert listing.count(store.conn, LEDGERS, WELLS, Query("J0008", (village, deep))) == 1
    assert listing.first_ids(store.conn, LEDGERS, WELLS, Query(filters=(village,)), 2) == [1, 5]
    assert listing.first_ids(store.conn, LEDGERS, WELLS, Query("J", (village,)), 2) == [1, 5]


def test_a_reference_is_filtered_by_uid_by_title_and_by_what_was_stated(store: Store, county: County) -> None:
    enter(store, WELLS, {"code": "X", "permit_stated": "旧1号"})
    linked = [f"150824101205J{i:04d}" for i in (0, 2, 4)]
    assert codes(store, Filter("permit_no", "in", (county.permits[0],))) == linked
    assert codes(store, Filter("permit_no", "in", ("D150824G2022-0001", "旧1号"))) == [*linked, "X"]
    assert codes(store, Filter("permit_no", "in", ())) == []


def test_blank_and_filled_part_the_rows(store: Store, county: County) -> None:
    enter(store, WELLS, {"code": "X", "permit_stated": "旧1号"})
    for field in WELLS.fields:
        blank, filled = codes(store, Filter(field.name, "blank")), codes(store, Filter(field.name, "filled"))
        assert sorted(blank + filled) == codes(store), field.name
    assert "X" in codes(store, Filter("permit_no", "filled"))


def test_linked_records_are_filtered_like_others(store: Store, county: County) -> None:
    with store.act(info()) as act:
        act.insert(SHARES, {"permit_uid": county.permits[0], "point_uid": county.wells[3]})
        act.insert(SHARES, {"permit_uid": county.permits[1], "point_stated": "J0099"})
    numbers = ["D150824G2022-0001", "D150824G2022-0011"]
    for one, expected in (
        (Filter("well_codes", "in", ("150824101205J0003",)), numbers[:1]),
        (Filter("well_codes", "in", ("J0099",)), numbers[1:]),
        (Filter("well_codes", "contains", ("J00",)), numbers),
        (Filter("well_codes", "filled"), numbers),
        (Filter("well_codes", "blank"), []),
    ):
        assert column(store, "number", Query(filters=(one,)), PERMITS) == expected, one


def test_a_partial_date_stands_for_its_first_day_in_a_row_and_for_its_span_in_a_filter(store: Store) -> None:
    dates = ("2011-12-31", "2012", "2012-05", "2012-05-20", "2012-06", "2013")
    enter(store, WELLS, *({"code": d, "completed_on": d} for d in dates))
    assert codes(store, Filter("completed_on", "between", ("2012", "2012"))) == list(dates[1:5])
    assert codes(store, Filter("completed_on", "between", ("2012-05", "2012-05"))) == [
        "2012-05",
        "2012-05-20",
    ]
    assert codes(store, Filter("completed_on", "between", (None, "2012-01-01"))) == ["2011-12-31", "2012"]
    assert codes(store, Filter("completed_on", "between", ("2012-06-02", None))) == ["2013"]


def test_figures_are_compared_as_decimals(store: Store) -> None:
    enter(store, WELLS, {"code": "A", "depth_m": 0.1 + 0.2}, {"code": "B", "depth_m": 0.31}, {"code": "C"})
    assert codes(store, Filter("depth_m", "in", (0.3,))) == ["A"]
    assert codes(store, Filter("depth_m", "in", (Decimal("0.31"), 7))) == ["B"]
    assert codes(store, Filter("depth_m", "between", (0.3, 0.31))) == ["A", "B"]


def test_a_piece_of_a_shown_text_is_found_in_either_case_and_width(store: Store, county: County) -> None:
    assert codes(store, Filter("code", "contains", ("j0011", "Ｊ０００１"))) == [
        "150824101205J0001",
        "150824101205J0011",
    ]
    assert len(codes(store, Filter("village", "contains", ("圣",)))) == 3


# ---- totals and values -------------------------------------------------------------------------------


def test_totals_are_exact_and_follow_search_and_filters(store: Store) -> None:
    rows = [{"code": f"J{i}", "irrigated_area_mu": 0.1, "permitted_volume_m3": i} for i in range(10)]
    enter(store, WELLS, *rows)
    sums = listing.totals(store.conn, LEDGERS, WELLS, Query())
    assert (sums["irrigated_area_mu"], sums["permitted_volume_m3"]) == (Decimal("1.0"), 45)
    assert not {"depth_m", "longitude", "population"} & sums.keys()
    assert listing.totals(store.conn, LEDGERS, WELLS, Query("J7"))["permitted_volume_m3"] == 7
    assert listing.totals(store.conn, LEDGERS, WELLS, Query("?"))["permitted_volume_m3"] == 0
    assert listing.totals(store.conn, LEDGERS, REGIONS, Query()) == {}


def test_the_values_of_a_field_come_with_their_counts_and_filter_their_rows(
    store: Store, county: County
) -> None:
    enter(store, WELLS, {"code": "X", "status": "停用", "permit_stated": "旧1号"}, {"code": "Y"})
    values = listing.distinct(store.conn, LEDGERS, WELLS, "village", Query())
    assert values == [
        *(
            (uid, name, 3)
            for uid, name in zip(
                county.villages, ("大圣村", "苏独仑嘎查", "温更嘎查", "西局子村"), strict=True
            )
        ),
        (None, "", 2),
    ]
    for name in ("village", "permit_no", "status", "depth_m"):
        for value, shown, count in listing.distinct(store.conn, LEDGERS, WELLS, name, Query()):
            one = Filter(name, "blank") if value is None else Filter(name, "in", (value,))
            assert len(codes(store, one)) == count, (name, shown)
    narrowed = listing.distinct(store.conn, LEDGERS, WELLS, "village", Query("J0004"))
    assert narrowed == [(county.villages[0], "大圣村", 1)]


def test_the_linked_records_are_values_too(store: Store, county: County) -> None:
    with store.act(info()) as act:
        for permit in county.permits:
            act.insert(SHARES, {"permit_uid": permit, "point_uid": county.wells[3]})
    values = listing.distinct(store.conn, LEDGERS, PERMITS, "well_codes", Query())
    assert values == [(county.wells[3], "150824101205J0003", 2)]


def test_fields_that_hold_something_are_known(store: Store, county: County) -> None:
    assert {"code", "village", "depth_m"} <= listing.filled(store.conn, LEDGERS, WELLS, Query())
    assert "owner" not in listing.filled(store.conn, LEDGERS, WELLS, Query())


def test_a_record_is_found_by_its_key_or_uid(store: Store, county: County) -> None:
    (uid,) = enter(store, CLOSURES, {"well_uid": county.wells[0], "method": "封填"})
    find = listing.find_by_key
    assert find(store.conn, LEDGERS, WELLS, "150824101205J0003") == [county.wells[3]]
    assert find(store.conn, LEDGERS, CLOSURES, "150824101205J0000 封填") == [uid]
    assert find(store.conn, LEDGERS, WATER_USERS, "甲公司") == [county.users[0]]
    assert find(store.conn, LEDGERS, INTAKES, "150824101205J0003") == []
    assert find(store.conn, LEDGERS, SHARES, uid) == []
    assert find(store.conn, LEDGERS, CLOSURES, uid) == [uid]


# ---- as typed ----------------------------------------------------------------------------------------


def test_conditions_are_typed_by_name_or_label_in_words_a_clerk_uses(store: Store, county: County) -> None:
    enter(
        store, WELLS, {"code": "X", "status": "停用", "permitted_volume_m3": 30000, "completed_on": "2012-05"}
    )
    assert typed(store, "status=闲置") == typed(store, "使用状态=停用") == ["X"]
    assert typed(store, "permitted_volume_m3=30000") == typed(store, "分配许可水量=3") == ["X"]
    assert typed(store, "分配许可水量（万m³）=3") == typed(store, "permitted_volume_m3=3万m³") == ["X"]
    assert typed(store, "completed_on=2012") == typed(store, "completed_on=2012..") == ["X"]
    assert typed(store, "depth_m=84..84.5") == ["150824101205J0008", "150824101205J0009"]
    assert typed(store, "village=大圣村", "village=西局子村", "depth_m=..81") == ["150824101205J0000"]
    assert "X" not in typed(store, "village=*")
    assert typed(store, "village=") == ["X"]
    assert typed(store, "name=高标准农田", entity=PROJECTS, show="name") == ["高标准农田"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("colour=red", "没有“colour”这个字段"),
        ("井深", "字段=值"),
        ("status=好极了", "使用状态"),
        ("depth_m=深", "井深"),
        ("completed_on=某天", "成井时间"),
    ],
)
def test_a_condition_that_cannot_be_read_is_refused_in_a_sentence(text: str, said: str) -> None:
    with pytest.raises(LedgerError, match=said):
        listing.parse_where(WELLS, [text], CONTEXT)


def test_search_and_order_agree_with_the_list_for_any_rows(store: Store) -> None:
    chance = random.Random(4)
    owners = ("张三", "李四", "王五", None)
    enter(store, WELLS, *({"code": f"J{i}", "owner": chance.choice(owners)} for i in range(200)))
    for typed_text, owner in (("zs", "张三"), ("李", "李四"), ("王五", "王五")):
        query = Query(typed_text, sort=(("code", True),))
        assert set(column(store, "owner", query)) == {owner}
        found = column(store, "code", query)
        assert found == sorted(found, reverse=True)
        assert len(found) == listing.count(store.conn, LEDGERS, WELLS, query)


# ---- a ledger the program has never seen -------------------------------------------------------------

YEARS = Entity(
    name="allotments",
    label="年度指标",
    counter="项",
    group="水量",
    icon="plan",
    key=("year", "town"),
    title=("year", "town"),
    fields=(
        Integer(name="year", label="年度"),
        Ref(name="town", label="乡镇", target="regions"),
        Number(name="volume_m3", label="水量", unit="m³", shown_in="万m³"),
    ),
)
NOTES = Entity(
    name="allotment_notes",
    label="指标说明",
    counter="条",
    group=None,
    icon="note",
    key=(),
    title=("allotment",),
    fields=(Ref(name="allotment", label="指标", target="allotments"), Text(name="note", label="说明")),
)
TABLES = """
    CREATE TABLE allotments (
        id INTEGER PRIMARY KEY, uid TEXT NOT NULL UNIQUE, year INTEGER,
        town_uid TEXT REFERENCES regions(uid) ON DELETE RESTRICT, volume_m3 REAL
    ) STRICT;
    CREATE TABLE allotment_notes (
        id INTEGER PRIMARY KEY, uid TEXT NOT NULL UNIQUE,
        allotment_uid TEXT REFERENCES allotments(uid) ON DELETE RESTRICT, note TEXT
    ) STRICT;
"""


def test_a_new_ledger_is_listed_and_searched_from_its_declaration_alone(tmp_path: Path) -> None:
    registry = Registry((*LEDGERS, YEARS, NOTES))
    migrations = (*MIGRATIONS, Migration("allotments", TABLES))
    with connection.create(tmp_path / "a.ledger", registry, migrations=migrations) as ledger:
        conn = ledger.connect(write=True)
        with ledger.store(conn).act(info()) as act:
            towns = act.insert_many(REGIONS, [{"name": "温更镇"}, {"name": "德岭山镇"}])
            rows = [{"year": y, "town_uid": t, "volume_m3": y} for y in (2025, 2024) for t in towns]
            years = act.insert_many(YEARS, rows)
            act.insert(NOTES, {"allotment_uid": years[1], "note": "调整"})
        everything = Query()
        rows = listing.page(conn, registry, YEARS, listing.row_ids(conn, registry, YEARS, everything))
        said = [(row["year"], row["town"]) for row in rows]
        assert said == [(2024, "德岭山镇"), (2024, "温更镇"), (2025, "德岭山镇"), (2025, "温更镇")]
        assert listing.totals(conn, registry, YEARS, everything) == {"volume_m3": 2 * (2024 + 2025)}
        assert listing.count(conn, registry, YEARS, Query("2025 dlsz")) == 1
        assert listing.find_by_key(conn, registry, YEARS, "2024 温更镇") == [years[2]]
        (note,) = listing.page(conn, registry, NOTES, [1])
        assert note["allotment"] == "2025 德岭山镇"
        assert listing.first_ids(conn, registry, NOTES, Query("2025 德岭 tz"), 5) == [1]


def test_links_that_have_ended_are_not_shown_and_not_found(store: Store) -> None:
    with store.act(ActInfo("register", "甲")) as act:
        well = act.insert(LEDGERS["wells"], {"code": "W1"})
        permit = act.insert(LEDGERS["permits"], {"number": "P1"})
        for to_on in ("2025-01-01", None):
            share = {"permit_uid": permit, "point_uid": well, "to_on": to_on}
            act.insert(LEDGERS["permit_shares"], share)
    permits = LEDGERS["permits"]
    ids = listing.row_ids(store.conn, LEDGERS, permits, listing.Query())
    assert listing.page(store.conn, LEDGERS, permits, ids)[0]["well_codes"] == ["W1"]
    with store.act(ActInfo("correct", "甲")) as act:
        for row in store.rows(LEDGERS["permit_shares"]):
            act.update(LEDGERS["permit_shares"], row["uid"], {"to_on": "2025-02-01"})
    assert listing.page(store.conn, LEDGERS, permits, ids)[0]["well_codes"] == []
    ended = listing.Query(filters=(listing.Filter("well_codes", "in", (well,)),))
    assert listing.count(store.conn, LEDGERS, permits, ended) == 0
