"""A record as a form sees it: read, checked, references found, and written as one act."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from ledger_app.core.entities import LEDGERS
from ledger_app.core.errors import LedgerError
from ledger_app.core.fields import ReadContext, Ref
from ledger_app.db import connection
from ledger_app.db.queries import listing
from ledger_app.db.store import Store
from ledger_app.services import records, saving
from ledger_app.services.records import Checked, Typed
from ledger_app.services.saving import Saved
from tests.ui.county import make_county

TODAY = date(2025, 9, 30)
CONTEXT = ReadContext(TODAY)
WELLS, REGIONS, PERMITS = LEDGERS["wells"], LEDGERS["regions"], LEDGERS["permits"]


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("records") / "county.ledger"
    make_county(path)
    return path


@pytest.fixture
def store(county: Path, tmp_path: Path) -> Iterator[Store]:
    path = tmp_path / "county.ledger"
    path.write_bytes(county.read_bytes())
    with connection.open_ledger(path, LEDGERS) as ledger:
        yield ledger.store(ledger.connect(write=True))


def checked(store: Store, typed: dict[str, str | Typed], before: str = "") -> Checked:
    """Check texts; `before` is the number of the record they belong to."""
    row = None
    if before:
        uid = uid_of(store, before)
        row_id = listing.row_id(store.conn, WELLS, uid)
        row = listing.page(store.conn, LEDGERS, WELLS, [row_id or 0])[0]
    all_typed = {name: Typed(each) if isinstance(each, str) else each for name, each in typed.items()}
    return records.check(store.conn, LEDGERS, WELLS, all_typed, CONTEXT, row)


def uid_of(store: Store, code: str) -> str:
    return listing.find_by_key(store.conn, LEDGERS, WELLS, code)[0]


def codes(found: Checked) -> set[tuple[str, str]]:
    return {(p.field, p.code) for p in found.problems}


def register(store: Store, typed: dict[str, str | Typed]) -> Saved:
    found = checked(store, typed)
    assert not found.in_the_way
    return saving.save_new(store, WELLS, found, "王娜", TODAY)


# ---- reading and checking ------------------------------------------------------------------------


def test_dates_numbers_and_synonyms_are_taken_as_clerks_type_them(store: Store) -> None:
    found = checked(
        store,
        {
            "completed_on": "2025.9.3",
            "permitted_volume_m3": "1.2万m³",
            "status": "正常使用",
            "town": "川井苏木",
        },
    )
    assert not found.in_the_way
    assert found.cells["completed_on"] == "2025-09-03"
    assert found.cells["permitted_volume_m3"] == 12_000
    assert found.cells["status"] == "在用"


def test_a_doubtful_figure_needs_a_reason_to_stay(store: Store) -> None:
    assert ("permitted_volume_m3", "volume_unit") in codes(checked(store, {"permitted_volume_m3": "20400"}))
    kept = checked(store, {"permitted_volume_m3": Typed("20400", kept_because="以许可证为准")})
    assert not kept.in_the_way
    assert kept.cells["permitted_volume_m3"] == 204_000_000


def test_a_word_that_is_on_no_list_cannot_be_kept(store: Store) -> None:
    assert records.as_typed(WELLS.field("status"), "关停", CONTEXT) is None
    assert records.as_typed(WELLS.field("meter_no"), " A-1 ", CONTEXT) == "A-1"


def test_fields_that_contradict_each_other_say_so(store: Store) -> None:
    assert ("depth_to_water_m", "depth_to_water_exceeds_depth") in codes(
        checked(store, {"depth_m": "101", "depth_to_water_m": "128"})
    )


def test_an_old_record_is_only_asked_about_what_was_typed(store: Store) -> None:
    code = "150824101200J0001"
    assert codes(checked(store, {"owner": "张三"}, code)) == set()
    assert ("depth_to_water_m", "depth_to_water_exceeds_depth") in codes(
        checked(store, {"depth_to_water_m": "128"}, code)
    )


def test_a_number_that_is_taken_is_refused(store: Store) -> None:
    assert ("code", "not_unique") in codes(checked(store, {"code": "150824101200J0001"}))
    assert ("code", "not_unique") not in codes(
        checked(store, {"code": "150824101200J0001"}, "150824101200J0001")
    )


def test_a_required_field_is_asked_for_but_not_one_that_is_numbered_by_rule(store: Store) -> None:
    assert ("code", "required_missing") not in codes(checked(store, {"owner": "张三"}))
    found = records.check(store.conn, LEDGERS, REGIONS, {"code": Typed("150824102")}, CONTEXT)
    assert ("name", "required_missing") in codes(found)


# ---- references ----------------------------------------------------------------------------------


def test_one_name_in_two_towns_is_told_apart_by_the_town(store: Store) -> None:
    assert ("village", "ambiguous_reference") in codes(checked(store, {"village": "大圣村"}))
    found = checked(store, {"town": "川井苏木", "village": "大圣村"})
    assert not found.in_the_way
    assert store.get(REGIONS, found.cells["village_uid"])["code"] == "150824201200"  # type: ignore[index]


def test_what_a_paper_names_and_the_ledger_lacks_stays_as_stated(store: Store) -> None:
    found = checked(store, {"permit_no": "D150824G2023-0099"})
    assert found.cells["permit_uid"] is None
    assert found.cells["permit_stated"] == "D150824G2023-0099"
    assert not found.in_the_way


def test_a_village_that_is_not_there_is_made_with_the_record(store: Store) -> None:
    saved = register(store, {"code": "W1", "town": "川井苏木", "village": "新立村"})
    village = store.get(REGIONS, store.get(WELLS, saved.uid)["village_uid"])  # type: ignore[index]
    assert village is not None
    assert (village["name"], village["level"]) == ("新立村", "村")
    assert store.get(REGIONS, village["parent_uid"])["name"] == "川井苏木"  # type: ignore[index]
    assert {"wells", "regions"} <= saved.changed


def test_a_reference_that_must_be_there_is_refused_by_name(store: Store) -> None:
    found = records.check(store.conn, LEDGERS, LEDGERS["point_areas"], {"area": Typed("无名区")}, CONTEXT)
    assert "区域里没有“无名区”" in "".join(p.text for p in found.in_the_way)


def test_villages_are_offered_within_the_chosen_town_only(store: Store) -> None:
    village, town = WELLS.field("village"), WELLS.field("town")
    assert isinstance(village, Ref) and isinstance(town, Ref)
    uid = checked(store, {"town": "德岭山镇"}).cells["town_uid"]
    offered = records.suggest(store.conn, LEDGERS, WELLS, village, "dsc", {"town_uid": uid})
    assert [(s.title, s.note) for s in offered] == [("大圣村", "德岭山镇")]
    towns = records.suggest(store.conn, LEDGERS, WELLS, town, "", {})
    assert [s.title for s in towns] == ["德岭山镇", "川井苏木"]


def test_choosing_a_village_fills_in_its_town_and_a_holder_the_telephone(store: Store) -> None:
    village, user = WELLS.field("village"), WELLS.field("water_user")
    assert isinstance(village, Ref) and isinstance(user, Ref)
    uid = records.candidates(store.conn, LEDGERS, village, "永胜村", {})[0]
    assert records.fill_from(store.conn, LEDGERS, WELLS, village, uid)["town"].text == "德岭山镇"
    holder = store.rows(LEDGERS["water_users"])[0]["uid"]
    assert records.fill_from(store.conn, LEDGERS, WELLS, user, holder)["phone"].text == "13812345678"


# ---- writing -------------------------------------------------------------------------------------


def test_a_well_without_a_number_gets_one_that_was_never_used(store: Store) -> None:
    place: dict[str, str | Typed] = {"town": "德岭山镇", "village": "大圣村"}
    first = register(store, place)
    assert store.get(WELLS, first.uid)["code"] == "150824101200J0011"  # type: ignore[index]
    saving.void(store, WELLS, first.uid, "王娜", "录错")
    second = register(store, place)
    assert store.get(WELLS, second.uid)["code"] == "150824101200J0012"  # type: ignore[index]


def test_a_correction_is_an_act_with_its_reason_and_can_be_taken_back(store: Store) -> None:
    uid = uid_of(store, "150824101200J0001")
    found = checked(store, {"depth_m": "95"}, "150824101200J0001")
    saved = saving.correct(store, WELLS, uid, found, "王娜", "量错了")
    assert store.get(WELLS, uid)["depth_m"] == 95  # type: ignore[index]
    kind, why = store.conn.execute("SELECT kind, why FROM d_acts WHERE act_uid = ?", (saved.act,)).fetchone()
    assert (kind, why) == ("correct", "量错了")
    assert saving.undo(store, saved.act, "王娜").changed == {"wells"}
    assert store.get(WELLS, uid)["depth_m"] == 80  # type: ignore[index]


def test_a_change_of_state_keeps_the_day_it_began(store: Store) -> None:
    uid = uid_of(store, "150824101200J0001")
    found = checked(store, {"status": "停用"}, "150824101200J0001")
    saving.change(store, WELLS, uid, found, "王娜", since=date(2025, 8, 1), today=TODAY, why="无人使用")
    event = store.rows(LEDGERS["point_events"], "point_uid = ?", (uid,))[-1]
    assert (event["happened_on"], event["to_status"]) == ("2025-08-01", "停用")


def test_a_change_that_is_an_act_of_its_own_is_refused_and_writes_nothing(store: Store) -> None:
    uid = uid_of(store, "150824101200J0001")
    found = checked(store, {"status": "已封填"}, "150824101200J0001")
    acts = store.conn.execute("SELECT COUNT(*) FROM d_acts").fetchone()
    with pytest.raises(LedgerError, match="封停处置"):
        saving.change(store, WELLS, uid, found, "王娜", since=date(2025, 8, 1), today=TODAY)
    assert store.conn.execute("SELECT COUNT(*) FROM d_acts").fetchone() == acts
    assert store.get(WELLS, uid)["status"] == "在用"  # type: ignore[index]


def test_what_others_stand_on_is_not_made_void_and_says_what_stands_there(store: Store) -> None:
    permit = listing.find_by_key(store.conn, LEDGERS, PERMITS, "D150824G2021-0002")[0]
    with pytest.raises(LedgerError, match="机电井 10 眼用着它"):
        saving.void(store, PERMITS, permit, "王娜", "录错")
    assert saving.standing_on(store.conn, LEDGERS, WELLS, uid_of(store, "150824101200J0001")) == ""
