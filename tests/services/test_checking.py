"""Findings: none in a county in good order, each one once where something is wrong."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from ledger_app.core.entities import LEDGERS
from ledger_app.core.errors import LedgerError
from ledger_app.core.rules.findings import Finding
from ledger_app.db.store import Store
from ledger_app.services import acts, checking, history
from tests.db.county import info
from tests.db.operations.small import (
    CLOSURES,
    FIRM_PERMIT,
    INTAKES,
    PERMITS,
    PROJECTS,
    SHARES,
    TODAY,
    VILLAGE_PERMIT,
    WELLS,
    WHO,
    Small,
)

LAW = "《取水许可和水资源费征收管理条例》第四十四条"


@pytest.fixture
def small(store: Store) -> Small:
    return Small(store)


def found(small: Small, today: date = TODAY) -> list[Finding]:
    return checking.findings(small.store.conn, LEDGERS, today)


def only(small: Small, today: date = TODAY) -> Finding:
    (one,) = found(small, today)
    return one


def edit(small: Small, entity: Any, uid: str, **cells: Any) -> None:
    with small.store.act(info()) as act:
        act.update(entity, uid, cells)


def well(small: Small, serial: int, **cells: Any) -> str:
    uid = str(small.well(serial)["uid"])
    edit(small, WELLS, uid, **cells)
    return uid


def permit(small: Small, number: str = VILLAGE_PERMIT, **cells: Any) -> str:
    uid = str(small.permit(number)["uid"])
    edit(small, PERMITS, uid, **cells)
    return uid


def code(small: Small, serial: int) -> str:
    return small.codes[serial - 1]


def test_a_county_in_good_order_has_no_findings(small: Small) -> None:
    assert found(small) == []


def test_acts_leave_no_findings_but_what_is_left_to_do(small: Small) -> None:
    small.did(small.act("stop", [1], happened_on="2025-03-01", reason="水泵损坏"))
    small.did(small.act("close", [5], method="移交供水公司", closed_on="2025-07-01", receiver="供水公司"))
    small.did(small.act("replace", [2], completed_on="2025-08-01", closed_on="2025-08-10"))
    small.did(small.act("renew", [FIRM_PERMIT], years=5, cut_percent=20))
    small.did(small.act("reopen", [7], reopened_on="2025-06-10", reopen_reason="抗旱"))
    well(small, 7, use="应急备用")
    assert found(small) == []
    small.did(small.act("close", [3], method="封填", closed_on="2025-08-10"))
    text = f"许可证 {VILLAGE_PERMIT} 载明 4 眼（处），台账里现有 3 眼（处）在它名下。"
    assert only(small).text == text
    small.did(
        small.act(
            "change", [VILLAGE_PERMIT], changed_on="2025-08-20", well_count=3, permitted_volume_m3=36000
        )
    )
    assert found(small) == []


# ---- R01, R04 ------------------------------------------------------------------------------------


def test_a_well_that_left_without_a_day_is_found(small: Small) -> None:
    uid = well(small, 6, status="已封填")
    one = only(small)
    assert (one.rule, one.ledger, one.uid) == ("R01", "wells", uid)
    assert one.text.startswith(f"井 {code(small, 6)} 是“已封填”，封停处置里没有它的记录")
    with small.store.act(info()) as act:
        closure = act.insert(CLOSURES, {"well_uid": uid, "method": "封填"})
    assert "的记录没有完成日期" in only(small).text
    edit(small, CLOSURES, closure, closed_on="2020-05-01")
    assert found(small) == []


@pytest.mark.parametrize(
    ("method", "status", "severity", "said"),
    [
        ("封填", "在用", "error", "已于 2025-08-20 封填，台账里仍是“在用”。"),
        ("改监测井", "停用", "error", "已于 2025-08-20 改为监测井，台账里仍是“停用”。"),
        ("封存备用", "在用", "warning", "已于 2025-08-20 封存备用，台账里却是“在用”，也没有启用记录。"),
    ],
)
def test_a_closed_well_that_still_stands_in_the_register_is_found(
    small: Small, method: str, status: str, severity: str, said: str
) -> None:
    uid = well(small, 6, status=status)
    with small.store.act(info()) as act:
        act.insert(CLOSURES, {"well_uid": uid, "method": method, "closed_on": "2025-08-20"})
    one = only(small)
    assert (one.rule, one.severity, one.text) == ("R04", severity, f"井 {code(small, 6)} {said}")


def test_a_sealed_well_that_plan_and_permit_still_count_is_one_finding(small: Small) -> None:
    small.did(small.act("close", [1], method="封填", closed_on="2025-08-20"))
    permit(small, well_count=3)
    well(small, 1, planned_volume_m3=9000, permit_uid=small.permit()["uid"], permitted_volume_m3=12000)
    one = only(small)
    assert (one.rule, one.severity) == ("R04", "error")
    assert one.text == (
        f"井 {code(small, 1)} 已于 2025-08-20 封填，年计划里还有它的 0.9 万m³，"
        f"许可证 {VILLAGE_PERMIT} 里还列着它（分配 1.2 万m³），应当核减。"
    )
    well(small, 1, planned_volume_m3=None)
    assert only(small).severity == "warning"


# ---- R05 -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("today", "said"),
    [
        (date(2027, 8, 17), None),
        (date(2027, 8, 18), "有效期到 2027-12-31，延续申请最迟 2027-11-16 提出，还有 90 天。"),
        (
            date(2027, 11, 17),
            "有效期到 2027-12-31，延续申请应在 2027-11-16 前提出，已经晚了 1 天，还没有申请。",
        ),
        (date(2028, 1, 10), "已于 2027-12-31 到期未延续，到今天 10 天。"),
    ],
)
def test_the_last_day_to_apply_is_said_before_the_expiry(small: Small, today: date, said: str | None) -> None:
    permit(small, VILLAGE_PERMIT, valid_to="2040-12-31")
    texts = [f.text for f in found(small, today) if f.rule == "R05"]
    head = f"许可证 {FIRM_PERMIT}（绿源食品有限公司）"
    assert texts == ([head + said] if said else [])


def test_an_application_in_time_holds_until_it_is_decided(small: Small) -> None:
    small.did(small.act("apply", [VILLAGE_PERMIT], applied_on="2025-09-20"))
    permit(small, FIRM_PERMIT, valid_to="2040-12-31")
    assert found(small, date(2026, 12, 30)) == []
    one = only(small, date(2027, 2, 1))
    assert one.text == (
        f"许可证 {VILLAGE_PERMIT}（大圣村村民委员会）2025-09-20已申请延续，2026-12-31 到期至今没有决定，"
        "逾期不决定视为准予延续。"
    )


def test_days_and_notice_are_parameters_of_their_time(small: Small) -> None:
    row = {"name": "renewal_notice_days", "value": "400", "valid_from": "2025-01-01"}
    with small.store.act(info()) as act:
        act.insert(LEDGERS["parameters"], row)
    assert "最迟 2026-11-16 提出，还有 412 天" not in "".join(f.text for f in found(small))
    assert "还有 397 天" in only(small, date(2025, 10, 15)).text


# ---- R06, R07 ------------------------------------------------------------------------------------


def test_a_well_in_use_without_a_permit_in_force_is_found(small: Small) -> None:
    uid = well(small, 6, use="工业")
    assert (only(small).rule, only(small).uid) == ("R06", uid)
    assert only(small).text == f"井 {code(small, 6)}（工业）在用，没有取水许可证，疑似无证取水。"
    well(small, 6, use="监测")
    permit(small, FIRM_PERMIT, valid_to="2025-08-31")
    assert [f.rule for f in found(small)] == ["R05", "R06"]
    assert (
        found(small)[1].text
        == f"井 {code(small, 5)}（工业）在用，许可证 {FIRM_PERMIT} 已于 2025-08-31 到期未延续。"
    )
    permit(small, FIRM_PERMIT, valid_to="2027-12-31", status="吊销", ended_on="2025-09-01")
    assert only(small).text == f"井 {code(small, 5)}（工业）在用，许可证 {FIRM_PERMIT} 已经吊销。"


def test_other_intakes_need_a_permit_too(small: Small) -> None:
    intake = {"kind": "泵站", "town_uid": small.town, "use": "农业灌溉"}
    small.did(acts.register(small.store, INTAKES, [intake], who=WHO, today=TODAY))
    assert (only(small).rule, only(small).ledger) == ("R06", "intakes")
    assert only(small).text.startswith("取水口 150824100000Q0001")


def test_a_well_only_the_permit_lists_is_licensed_all_the_same(small: Small) -> None:
    well(small, 1, permit_uid=None, permitted_volume_m3=None)
    assert found(small) == []


def test_parts_above_the_whole_are_found_by_the_list_and_by_the_wells(small: Small) -> None:
    uid = permit(small, permitted_volume_m3=40000)
    assert (only(small).rule, only(small).uid) == ("R07", uid)
    assert "各井分配合计 4.8 万m³，超过许可水量 4 万m³" in only(small).text


def test_a_predecessor_that_was_not_sealed_is_two_wells_on_one_permit(small: Small) -> None:
    small.did(small.act("replace", [1], completed_on="2025-08-01"))
    one = only(small)
    assert (one.rule, one.uid) == ("R07", small.well(1)["uid"])
    assert one.text == (
        f"井 {code(small, 1)} 已由井 150824100201J0008 更新，至今没有封填（“待封”），"
        f"许可证 {VILLAGE_PERMIT} 一证双井。"
    )


def test_lists_that_disagree_are_found_on_the_well(small: Small) -> None:
    well(small, 1, permit_uid=small.permit(FIRM_PERMIT)["uid"])
    texts = {f.uid: f.text for f in found(small)}
    said = f"井 {code(small, 1)} 登记的许可证是 {FIRM_PERMIT}，许可证 {VILLAGE_PERMIT} 却列着它，请核对。"
    assert texts[small.well(1)["uid"]] == said
    well(small, 1, permit_uid=small.permit()["uid"], permitted_volume_m3=9000)
    text = f"井 {code(small, 1)} 登记分配 0.9 万m³，许可证 {VILLAGE_PERMIT} 上是 1.2 万m³。"
    assert only(small).text == text
    well(small, 1, permitted_volume_m3=12000)
    well(small, 6, permit_uid=small.permit()["uid"])
    assert f"井 {code(small, 6)} 登记的许可证是 {VILLAGE_PERMIT}，那本证上没有它，请核对。" in [
        f.text for f in found(small)
    ]


# ---- R08 -----------------------------------------------------------------------------------------


def test_one_idle_well_of_many_means_reduction_and_all_of_them_cancellation(small: Small) -> None:
    uid = well(small, 1, status="停用", stopped_on="2023-05")
    one = only(small)
    assert (one.rule, one.ledger, one.uid) == ("R08", "wells", uid)
    assert one.text == (
        f"井 {code(small, 1)} 自 2023-05 停用，已满 2 年；许可证 {VILLAGE_PERMIT} 名下还有 3 眼（处）没有长期停用，"
        f"建议变更核减（依据{LAW}），不是注销。"
    )
    for serial in (2, 3, 4):
        well(small, serial, status="停用", stopped_on="2022-01-15")
    one = only(small)
    assert (one.ledger, one.uid) == ("permits", small.permit()["uid"])
    assert "全部停用，已满 2 年，建议由示例旗水利局注销" in one.text


def test_a_stop_without_a_day_or_not_long_enough_is_none(small: Small) -> None:
    well(small, 1, status="停用", stopped_on=None)
    well(small, 2, status="停用", stopped_on="2023")
    well(small, 3, status="停用", stopped_on="2024-01-01")
    assert found(small) == []
    assert [f.uid for f in found(small, date(2025, 12, 31))] == [small.well(2)["uid"]]


# ---- R18, R19, REF -------------------------------------------------------------------------------


def test_doubles_are_found_on_the_later_record(small: Small) -> None:
    first = small.well(1)
    uid = well(small, 2, longitude=first["longitude"], latitude=first["latitude"])
    one = only(small)
    assert (one.rule, one.uid) == ("R18", uid)
    assert f"与 {code(small, 1)} 坐标相同（108.500000，41.500000）" in one.text
    well(small, 2, longitude=108.9, electricity_meter_no=first["electricity_meter_no"])
    assert f"与 {code(small, 1)} 电表编号相同（E00000）" in only(small).text


def test_one_permit_and_place_is_a_double_only_where_coordinates_do_not_tell(small: Small) -> None:
    for serial in (1, 2):
        well(small, serial, place="村东老场院", owner="王二")
    assert found(small) == []
    well(small, 2, longitude=None, latitude=None)
    assert f"与 {code(small, 1)} 许可证和位置相同（村东老场院）" in only(small).text
    well(small, 2, owner="李三")
    assert found(small) == []
    for serial in (1, 2):
        well(small, serial, place="大圣村", owner=None)
    assert found(small) == []


def test_a_replacement_at_the_same_place_is_no_double(small: Small) -> None:
    first = small.well(1)
    facts = {"completed_on": "2025-08-01", "closed_on": "2025-08-10"}
    facts |= {n: first[n] for n in ("longitude", "latitude")}
    small.did(small.act("replace", [1], **facts))
    assert found(small) == []


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"planned_volume_m3": 1.1}, "年计划是 0.00011 万m³"),
        ({"yield_m3_h": 1}, "出水量 1 m³/h 全年不停也抽不出这么多"),
        ({"irrigated_area_mu": 0.5}, "灌溉 0.5 亩，合每亩 2.4e+04 m³"),
    ],
)
def test_a_volume_that_does_not_fit_its_well_is_found(small: Small, cells: dict[str, Any], said: str) -> None:
    uid = well(small, 1, **cells)
    one = only(small)
    assert (one.rule, one.uid) == ("R19", uid) and said in one.text


def test_volumes_a_thousand_times_apart_are_found_everywhere(small: Small) -> None:
    permit(small, permitted_volume_m3=480_000_000)
    assert "各井分配合计 4.8 万m³，单位可能错了" in only(small).text
    permit(small, permitted_volume_m3=48_000)
    small.did(small.act("close", [6], method="拆泵断电关停", closed_on="2025-08-20", reduced_volume_m3=1.2))
    well(small, 6, permitted_volume_m3=12000)
    texts = [f.text for f in found(small) if f.rule == "R19"]
    assert texts == [
        f"井 {code(small, 6)} 压减水量 0.00012 万m³，这眼井的许可水量是 1.2 万m³，单位可能错了。"
    ]
    edit(small, CLOSURES, small.closures(6)[0]["uid"], reduced_volume_m3=12000)
    edit(small, PROJECTS, small.project, completed_area_mu=0.3)
    assert [f.text for f in found(small) if f.rule == "R19"] == [
        "项目“向阳镇滴灌项目”计划面积 5000 亩，完成面积 0.3 亩，单位可能错了。"
    ]


def test_what_papers_name_and_the_ledger_lacks_is_found_until_it_arrives(small: Small) -> None:
    permit(small, well_count=5)
    with small.store.act(info()) as act:
        act.insert(SHARES, {"permit_uid": small.permit()["uid"], "point_stated": "150824100201J0099"})
        closure = act.insert(CLOSURES, {"well_stated": "150824100201J0099", "method": "封存备用"})
    texts = [(f.rule, f.ledger, f.text) for f in found(small)]
    assert texts == [
        ("REF", "permits", f"许可证 {VILLAGE_PERMIT} 列有井 150824100201J0099，机电井台账里没有。"),
        ("REF", "closures", "封停处置里的井 150824100201J0099，机电井台账里没有。"),
    ]
    assert {f.uid for f in found(small)} == {small.permit()["uid"], closure}
    row = small.row(8, code="150824100201J0099")
    small.did(acts.register(small.store, WELLS, [row], who=WHO, today=TODAY))
    assert found(small) == []
    well(small, 6, permit_stated="取水（蒙）字〔2009〕第3号")
    assert (
        only(small).text
        == f"井 {code(small, 6)} 登记的许可证 取水（蒙）字〔2009〕第3号，取水许可台账里没有。"
    )


# ---- reasons, JSON -------------------------------------------------------------------------------


def test_a_reason_keeps_the_finding_listed_and_can_be_taken_back(small: Small) -> None:
    uid = well(small, 6, use="工业")
    act = checking.add_reason(small.store, "R06", uid, "施工临时用水，不需办证", who=WHO, today=TODAY)
    one = only(small)
    assert one.reason == "施工临时用水，不需办证"
    assert checking.as_json([one])["findings"][0] | {"text": ""} == {
        "rule": "R06",
        "severity": "warning",
        "text": "",
        "ledger": "wells",
        "_id": uid,
        "reason": one.reason,
    }
    history.undo(small.store, act, WHO)
    assert only(small).reason == ""
    with pytest.raises(LedgerError, match="请填写说明"):
        checking.add_reason(small.store, "R06", uid, " ", who=WHO, today=TODAY)
