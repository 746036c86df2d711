"""Wells registered, stopped, used again, replaced; records corrected and changed; projects."""

from __future__ import annotations

from ledger_app.services import acts, history
from tests.db.operations.small import INTAKES, TODAY, VILLAGE_PERMIT, WELLS, WHO, Small

STOPPED = {"happened_on": "2025-03-01", "reason": "水泵损坏"}


def test_wells_and_intakes_get_numbers_of_their_own(small: Small) -> None:
    before = small.everything()
    rows = [small.row(8), small.row(9, permit_uid=small.permit()["uid"], permitted_volume_m3=0.5)]
    result = small.did(acts.register(small.store, WELLS, rows, who=WHO, today=TODAY))
    held = [small.store.get(WELLS, uid) for uid in result.done]
    assert [w["code"] for w in held if w] == ["150824100201J0008", "150824100201J0009"]
    assert {w["status"] for w in held if w} == {"在用"}
    assert [s["point_uid"] for s in small.shares()][-1] == result.done[1]
    intake = {"kind": "泵站", "town_uid": small.town, "name": "一号泵站"}
    pump = small.did(acts.register(small.store, INTAKES, [intake], who=WHO, today=TODAY))
    (row,) = small.store.rows(INTAKES)
    assert row["code"] == "150824100000Q0001"
    for one in (pump, result):
        history.undo(small.store, str(one.act), WHO)
    assert small.everything() == before


def test_a_number_is_never_given_twice(small: Small) -> None:
    rows = [
        small.row(8, code=small.codes[0]),
        {"name": "无处"},
        small.row(9, code="X1"),
        small.row(10, code="X1"),
    ]
    rows.append(small.row(11, completed_on="2026-01"))
    result = acts.register(small.store, WELLS, rows, who=WHO, today=TODAY)
    assert [key for key, _ in result.refused] == ["1", "2", "4", "5"]
    texts = [text for _, text in result.refused]
    assert "不能重复使用" in texts[0] and "编不出井编号" in texts[1] and "两遍" in texts[2]
    assert len(result.done) == 1


def test_a_stopped_well_can_be_used_again_each_with_day_and_reason(small: Small) -> None:
    before = small.everything()
    stopped = small.did(small.act("stop", [1, 2], **STOPPED))
    assert (small.well(1)["status"], small.well(1)["stopped_on"]) == ("停用", "2025-03-01")
    assert small.well(1)["permit_uid"] is not None
    assert small.refusal("stop", [1], **STOPPED) == f"井 {small.codes[0]} 已经是“停用”，不用再停用。"
    assert "不能比它早" in small.refusal("resume", [1], happened_on="2025-02-01", reason="修好")
    assert "请填写恢复使用原因" in small.refusal("resume", [1], happened_on="2025-04-01")
    middle = small.everything()
    result = small.did(small.act("resume", [1], happened_on="2025-04-01", reason="修好"))
    assert (small.well(1)["status"], small.well(1)["stopped_on"]) == ("在用", None)
    assert small.events(1) == [
        ("停用", "2025-03-01", "在用", "停用"),
        ("恢复使用", "2025-04-01", "停用", "在用"),
    ]
    small.comes_back(result, middle)
    small.comes_back(stopped, before)


def test_resuming_takes_a_disconnection_back_but_no_reserve_well(small: Small) -> None:
    small.did(small.act("close", [3], method="拆泵断电关停", closed_on="2025-02-01"))
    small.did(small.act("resume", [3], happened_on="2025-05-01", reason="恢复供电"))
    (closure,) = small.closures(3)
    assert (closure["reopened_on"], closure["reopen_reason"]) == ("2025-05-01", "恢复供电")
    assert "要按“启用”办理" in small.refusal("resume", [7], happened_on="2025-05-01", reason="恢复供电")


def test_a_replaced_well_passes_its_share_to_the_new_one_and_is_sealed(small: Small) -> None:
    before = small.everything()
    facts = {"completed_on": "2025-08-01", "closed_on": "2025-08-10", "depth_m": 95, "longitude": 108.6}
    result = small.did(small.act("replace", [1], **facts))
    new = small.store.get(WELLS, result.done[0])
    old = small.well(1)
    assert new
    assert (new["replaces_uid"], new["use"], new["village_uid"]) == (old["uid"], "农业灌溉", small.village)
    assert (new["permit_uid"], new["permitted_volume_m3"]) == (small.permit()["uid"], 12000)
    assert (old["status"], old["permit_uid"]) == ("已封填", None)
    (closure,) = small.closures(1)
    assert (closure["reason"], closure["reduced_volume_m3"]) == ("更新井减二更一", 0)
    assert sorted(s["point_uid"] for s in small.shares()) == sorted(
        [new["uid"], *(small.well(n)["uid"] for n in (2, 3, 4))]
    )
    assert f"已由井 {new['code']} 更新" in small.refusal("replace", [1], **facts)
    small.comes_back(result, before)


def test_an_old_well_that_is_not_sealed_yet_waits_for_it(small: Small) -> None:
    before = small.everything()
    assert "不能增加" in small.refusal("replace", [2], completed_on="2025-08-01", permitted_volume_m3=12001)
    result = small.did(small.act("replace", [2], completed_on="2025-08-01", permitted_volume_m3=9000))
    assert small.well(2)["status"] == "待封"
    assert small.events(2) == [("更新待封", "2025-08-01", "在用", "待封")]
    assert sorted(s["share_m3"] for s in small.shares()) == [9000, 12000, 12000, 12000]
    small.comes_back(result, before)
    again = small.did(small.act("replace", [2], completed_on="2025-08-01"))
    small.did(small.act("close", [2], method="封填", closed_on="2025-09-01"))
    assert small.well(2)["status"] == "已封填" and again.act


def test_a_correction_is_free_and_a_change_keeps_what_was(small: Small) -> None:
    uid = small.well(1)["uid"]
    before = small.everything()
    fixed = acts.correct(small.store, WELLS, {uid: {"use": "林草"}}, why="录错", who=WHO)
    assert small.well(1)["use"] == "林草" and small.events(1) == []
    small.comes_back(fixed, before)
    facts = {"use": "畜牧养殖", "town_uid": small.other_town, "status": "停用"}
    changed = acts.change(
        small.store, WELLS, {uid: facts}, on="2025-06-01", why="改作饮畜", who=WHO, today=TODAY
    )
    assert sorted(small.events(1)) == [
        ("乡镇调整", "2025-06-01", "向阳镇", "德胜镇"),
        ("状态变更", "2025-06-01", "在用", "停用"),
        ("用途变更", "2025-06-01", "农业灌溉", "畜牧养殖"),
    ]
    assert small.well(1)["stopped_on"] == "2025-06-01"
    small.comes_back(changed, before)
    assert acts.correct(small.store, WELLS, {uid: {"use": "农业灌溉"}}, why="没改", who=WHO).act is None


def test_a_change_does_not_go_round_the_acts(small: Small) -> None:
    uid = small.well(1)["uid"]

    def said(on: str = "2025-06-01", **cells: object) -> str:
        result = acts.change(small.store, WELLS, {uid: cells}, on=on, why="试", who=WHO, today=TODAY)
        assert result.act is None
        return result.refused[0][1]

    assert "要按“封停处置”或“启用”办理" in said(status="已封填")
    assert "比今天" in said(on="2025-12-01", use="林草")
    small.did(small.act("stop", [1], **STOPPED))
    assert "不能比它早" in said(on="2025-01-01", use="林草")


def test_a_change_of_terms_makes_a_version(small: Small) -> None:
    permit = small.permit()
    permits = small.store.registry["permits"]
    cells = {"permitted_volume_m3": 24000}
    before = small.everything()
    done = acts.change(
        small.store, permits, {permit["uid"]: cells}, on="2025-07-01", why="核减", who=WHO, today=TODAY
    )
    assert [v["kind"] for v in small.versions()] == ["变更"]
    assert [s["share_m3"] for s in small.shares(VILLAGE_PERMIT)] == [6000] * 4
    small.comes_back(done, before)


def test_a_project_reaches_its_milestones_in_order_and_is_accepted_once(small: Small) -> None:
    name = "向阳镇滴灌项目"
    projects = small.store.registry["projects"]
    assert "还没有完工日期" in small.refusal("accept_project", [name], accepted_on="2025-09-01")
    assert "先后不对" in small.refusal("milestone", [name], kind="完工", reached_on="2025-04-01")
    before = small.everything()
    done = small.did(small.act("milestone", [name], kind="完工", reached_on="2025-08-01"))
    assert "已于 2025-08-01 完工" in small.refusal("milestone", [name], kind="完工", reached_on="2025-08-02")
    middle = small.everything()
    facts = {"accepted_on": "2025-09-01", "completed_area_mu": 4980}
    accepted = small.did(small.act("accept_project", [name], **facts))
    row = small.store.get(projects, small.project)
    assert row
    assert (row["completed_on"], row["accepted_on"], row["completed_area_mu"]) == (
        "2025-08-01",
        "2025-09-01",
        4980,
    )
    assert "已于 2025-09-01 竣工验收" in small.refusal("accept_project", [name], accepted_on="2025-09-02")
    milestones = small.store.rows(small.store.registry["project_milestones"])
    assert [(m["kind"], m["reached_on"]) for m in milestones] == [
        ("完工", "2025-08-01"),
        ("竣工验收", "2025-09-01"),
    ]
    small.comes_back(accepted, middle)
    small.comes_back(done, before)
