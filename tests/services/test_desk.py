"""The desk: four figures that open their records, two charts of the report, things to do by urgency."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from ledger_app.core.entities import LEDGERS
from ledger_app.db.store import Store
from ledger_app.services import checking, desk, reporting, todo
from tests.db.county import info
from tests.db.operations.small import FIRM_PERMIT, PERMITS, TODAY, VILLAGE_PERMIT, WELLS, WHO, Small


@pytest.fixture
def small(store: Store) -> Small:
    return Small(store)


def figure(small: Small, name: str, today: date = TODAY) -> desk.KeyFigure:
    (one,) = [f for f in desk.desk(small.store.conn, today).figures if f.name == name]
    assert one.as_of == today
    return one


def parts(one: desk.KeyFigure) -> dict[str, int | Decimal]:
    return {p.label: p.value for p in one.parts}


def test_existing_wells_are_those_of_the_report_with_use_reserve_and_sealed(small: Small) -> None:
    small.did(small.act("close", [1], method="封填", closed_on="2025-08-20"))
    small.did(small.act("close", [2], method="封填", closed_on="2024-11-20"))
    wells = figure(small, "wells")
    assert (wells.value, wells.unit) == (5, "眼")
    assert parts(wells) == {"在用": 4, "封存备用": 1, "本年封填": 1}
    assert small.well(1)["uid"] not in wells.uids and wells.parts[-1].uids == (small.well(1)["uid"],)
    report = reporting.build_report(small.store.conn, "monthly-progress", "2025-09", TODAY)
    (closing,) = [f for f in report.figures if f.name == "wells_closing"]
    assert set(closing.ids) == set(wells.uids)


def test_permits_in_force_with_those_due_and_late(small: Small) -> None:
    with small.store.act(info()) as act:
        act.update(PERMITS, small.permit(FIRM_PERMIT)["uid"], {"valid_to": "2025-11-01"})
        act.update(PERMITS, small.permit(VILLAGE_PERMIT)["uid"], {"valid_to": "2025-12-31"})
    permits = figure(small, "permits")
    assert permits.value == 2 and parts(permits) == {"90 天内应申请延续": 1, "已过申请期限未申请": 1}
    assert permits.parts[1].uids == (small.permit(FIRM_PERMIT)["uid"],)
    assert figure(small, "permits", date(2025, 11, 2)).value == 1


def test_closures_of_the_year_count_when_accepted_and_a_transfer_never(small: Small) -> None:
    small.did(small.act("close", [1], method="封填", closed_on="2025-08-20", accepted_on="2025-09-01"))
    small.did(small.act("close", [2], method="封填", closed_on="2025-09-20"))
    small.did(small.act("close", [5], method="移交供水公司", closed_on="2025-07-01", receiver="供水公司"))
    closures = figure(small, "closures")
    assert closures.value == 1
    assert parts(closures) == {"年压减水量": Decimal("1.2"), "已封待验": 1}
    assert closures.uids == (small.closures(1)[0]["uid"],)
    with small.store.act(info()) as act:
        row = {"name": "closure_counted_on", "value": "closed", "valid_from": "2025-01-01"}
        act.insert(LEDGERS["parameters"], row)
    assert figure(small, "closures").value == 2


def test_a_project_counts_as_done_when_it_is_completed(small: Small) -> None:
    projects = figure(small, "projects")
    assert (projects.value, projects.rate, projects.whole) == (0, Decimal(0), False)
    small.did(small.act("milestone", ["向阳镇滴灌项目"], kind="完工", reached_on="2025-08-01"))
    projects = figure(small, "projects")
    assert (projects.value, projects.rate) == (Decimal("0.3"), Decimal("0.6"))
    assert parts(projects) == {"计划面积": Decimal("0.5"), "项目": 1, "已验收": 0}


def test_charts_are_the_reports_own_with_records_behind_each_bar(small: Small) -> None:
    small.did(small.act("close", [1], method="封填", closed_on="2025-08-20", accepted_on="2025-09-01"))
    by_town, by_month = desk.desk(small.store.conn, TODAY).charts
    assert by_town.categories == ("向阳镇",)
    assert [(s.name, s.values) for s in by_town.series] == [("农业灌溉", (4,)), ("其他用途", (2,))]
    assert set(by_town.series[1].ids[0]) == {small.well(5)["uid"], small.well(6)["uid"]}
    assert by_month.categories[-1] == "9月" and by_month.series[1].values[-1] == 1
    assert by_month.series[0].ids[-1] == (small.closures(1)[0]["uid"],)


def test_things_to_do_come_by_urgency_and_open_their_records(small: Small) -> None:
    assert todo.things_to_do(small.store.conn, LEDGERS, TODAY) == []
    with small.store.act(info()) as act:
        act.update(PERMITS, small.permit(FIRM_PERMIT)["uid"], {"valid_to": "2025-11-01"})
        act.update(PERMITS, small.permit(VILLAGE_PERMIT)["uid"], {"valid_to": "2025-12-31"})
        act.update(WELLS, small.well(6)["uid"], {"use": "工业"})
    small.did(small.act("close", [1], method="封填", closed_on="2025-08-20"))
    small.did(small.act("replace", [2], completed_on="2025-08-01"))
    found = todo.things_to_do(small.store.conn, LEDGERS, TODAY)
    assert [(t.kind, t.when) for t in found] == [
        ("许可延续", date(2025, 9, 17)),
        ("许可延续", date(2025, 11, 16)),
        ("封停验收", date(2025, 8, 20)),
        ("待封填", None),
        ("疑似无证取水", None),
        ("许可与井对不上", None),
        ("许可与井对不上", None),
    ]
    assert "应在 2025-09-17 前提出，已经晚了 13 天" in found[0].text
    assert found[2].text == f"{small.codes[0]} 封停后还没有验收，最早的已 41 天。"
    assert (found[2].ledger, found[2].uids) == ("closures", (small.closures(1)[0]["uid"],))
    checking.add_reason(small.store, "R06", small.well(6)["uid"], "临时用水", who=WHO, today=TODAY)
    assert "疑似无证取水" not in [t.kind for t in todo.things_to_do(small.store.conn, LEDGERS, TODAY)]


def test_many_of_a_kind_share_one_line(small: Small) -> None:
    with small.store.act(info()) as act:
        act.update_many(WELLS, {small.well(n)["uid"]: {"use": "工业", "status": "在用"} for n in (6, 7)})
        for n in (1, 2, 3, 4):
            act.update(WELLS, small.well(n)["uid"], {"electricity_meter_no": "E1"})
        act.update(WELLS, small.well(5)["uid"], {"electricity_meter_no": "E1"})
    found = [t for t in todo.things_to_do(small.store.conn, LEDGERS, TODAY) if t.kind == "可能重复登记"]
    assert len(found) == 1 and len(found[0].uids) == 4
    assert found[0].text.startswith("4 眼（处）可能重复登记，例如：井 150824100201J0002 与")
