"""封停处置 by kind: what each does to the lists, what is refused, and that it comes back."""

from __future__ import annotations

import pytest

from ledger_app.services import acts
from tests.db.operations.small import FIRM_PERMIT, TODAY, USERS, VILLAGE_PERMIT, WHO, Small

SEAL = {"method": "封填", "reason": "超采区压采", "closed_on": "2025-08-20"}


def test_a_sealed_well_leaves_its_permit_and_keeps_a_dated_record(small: Small) -> None:
    before = small.everything()
    result = small.did(small.act("close", [1], **SEAL))
    well = small.well(1)
    assert (well["status"], well["permit_uid"], well["permitted_volume_m3"]) == ("已封填", None, None)
    (closure,) = small.closures(1)
    assert (closure["closed_on"], closure["reduced_volume_m3"]) == ("2025-08-20", 12000)
    assert closure["reduction_basis"] == "许可水量"
    assert small.events(1) == [("封填", "2025-08-20", "在用", "已封填")]
    assert len(small.shares()) == 3
    ended = [s for s in small.shares(open_only=False) if s["to_on"]]
    assert [(s["point_uid"], s["to_on"], s["share_m3"]) for s in ended] == [
        (well["uid"], "2025-08-20", 12000)
    ]
    assert result.changed == {"wells", "closures", "point_events", "permit_shares"}
    small.comes_back(result, before)


@pytest.mark.parametrize(
    ("method", "status", "stopped", "licensed"),
    [
        ("封存备用", "封存备用", "2025-08-20", True),
        ("拆泵断电关停", "停用", "2025-08-20", True),
        ("改监测井", "改监测井", None, False),
    ],
)
def test_each_kind_has_its_own_effects(
    small: Small, method: str, status: str, stopped: str | None, licensed: bool
) -> None:
    before = small.everything()
    result = small.did(small.act("close", [2], method=method, closed_on="2025-08-20"))
    well = small.well(2)
    assert (well["status"], well["stopped_on"], well["permit_uid"] is not None) == (status, stopped, licensed)
    assert len(small.shares()) == (4 if licensed else 3)
    small.comes_back(result, before)


def test_a_transfer_passes_user_and_permit_on_and_leaves_the_well_in_use(small: Small) -> None:
    before = small.everything()
    facts = {"method": "移交供水公司", "closed_on": "2025-07-01", "receiver": "示例旗供水公司"}
    result = small.did(small.act("close", [5], **facts))
    (user,) = small.store.rows(USERS, "name = ?", ("示例旗供水公司",))
    well, permit = small.well(5), small.permit(FIRM_PERMIT)
    assert (well["status"], well["well_class"], well["owner"]) == ("在用", "公共供水井", "示例旗供水公司")
    assert well["water_user_uid"] == permit["holder_uid"] == user["uid"]
    assert well["permit_uid"] == permit["uid"]
    (version,) = small.versions(FIRM_PERMIT)
    assert (version["kind"], version["superseded_on"]) == ("过户", "2025-07-01")
    assert ("类别变更", "2025-07-01", "自备井", "公共供水井") in small.events(5)
    (closure,) = small.closures(5)
    assert closure["reduced_volume_m3"] is None
    small.comes_back(result, before)


def test_a_well_handed_over_from_a_shared_permit_leaves_it_to_the_others(small: Small) -> None:
    facts = {"method": "移交供水公司", "closed_on": "2025-07-01", "receiver": "示例旗供水公司"}
    small.did(small.act("close", [3], **facts))
    assert small.well(3)["permit_uid"] is None
    assert len(small.shares()) == 3
    assert small.versions() == []


def test_what_cannot_be_closed_is_refused_with_the_reason(small: Small) -> None:
    small.did(small.act("close", [1], **SEAL))
    code = small.codes[0]
    assert small.refusal("close", [1], **SEAL) == f"井 {code} 已于 2025-08-20 封填，不能再封填。"
    assert "比今天" in small.refusal("close", [2], **SEAL | {"closed_on": "2025-10-01"})
    assert "早于封停完成日期" in small.refusal("close", [2], **SEAL, accepted_on="2025-08-19")
    assert "成井" in small.refusal("close", [2], **SEAL | {"closed_on": "1999-01-01"})
    assert small.refusal("close", [2], method="移交供水公司", closed_on="2025-08-20") == "请填写接收单位。"
    assert "在 2024-05-20 有过" in small.refusal("close", [7], **SEAL | {"closed_on": "2024-05-01"})
    assert "不能" in small.refusal("close", [7], method="拆泵断电关停", closed_on="2025-08-20")


def test_rows_that_are_refused_do_not_keep_the_others_back(small: Small) -> None:
    pasted = f"{small.codes[0]}、{small.codes[1]}\n150824999999J0001 {small.codes[0]}"
    each = {small.codes[1]: {"closed_on": "2025-09-01", "reduced_volume_m3": 8000}}
    result = acts.perform(small.store, "close", pasted, SEAL, each=each, who=WHO, today=TODAY)
    assert result.refused == (("150824999999J0001", "机电井里没有 150824999999J0001。"),)
    assert [small.closures(n)[0]["closed_on"] for n in (1, 2)] == ["2025-08-20", "2025-09-01"]
    assert small.closures(2)[0]["reduced_volume_m3"] == 8000
    assert set(result.done) == {small.well(1)["uid"], small.well(2)["uid"]}


def test_a_preview_says_what_would_be_refused_and_writes_nothing(small: Small) -> None:
    before = small.everything()
    shown = acts.preview(small.store, "close", [small.codes[0], "没有的井"], SEAL, today=TODAY)
    assert shown.done == (small.well(1)["uid"],) and [key for key, _ in shown.refused] == ["没有的井"]
    assert small.everything() == before


def test_a_closure_is_accepted_by_the_number_of_its_well(small: Small) -> None:
    assert small.act("accept_closure", [1], accepted_on="2025-09-10").act is None
    small.did(small.act("close", [1], **SEAL))
    assert "早于封停完成日期" in small.refusal("accept_closure", [1], accepted_on="2025-08-01")
    before = small.everything()
    result = small.did(small.act("accept_closure", [1], accepted_on="2025-09-10", accepted_by="王、赵"))
    (closure,) = small.closures(1)
    assert (closure["accepted_on"], closure["accepted_by"]) == ("2025-09-10", "王、赵")
    assert "已于 2025-09-10 验收" in small.refusal(
        "accept_closure", [closure["uid"]], accepted_on="2025-09-12"
    )
    small.comes_back(result, before)


def test_only_a_reserve_well_may_be_used_again(small: Small) -> None:
    before = small.everything()
    facts = {"reopened_on": "2025-06-10", "reopen_reason": "抗旱应急", "reopen_document": "示水发〔2025〕9号"}
    result = small.did(small.act("reopen", [7], **facts))
    (closure,) = small.closures(7)
    assert {name: closure[name] for name in facts} == facts
    assert (small.well(7)["status"], small.well(7)["stopped_on"]) == ("在用", None)
    assert small.events(7)[-1] == ("启用", "2025-06-10", "封存备用", "在用")
    small.comes_back(result, before)
    small.did(small.act("close", [1], **SEAL))
    assert "已于 2025-08-20 封填，只有封存备用的井可以启用" in small.refusal("reopen", [1], **facts)
    assert "早于封存日期" in small.refusal("reopen", [7], **facts | {"reopened_on": "2024-05-01"})
    assert "请填写启用原因" in small.refusal("reopen", [7], reopened_on="2025-06-10")


def test_a_permit_stands_until_it_is_ended_though_all_its_wells_are_sealed(small: Small) -> None:
    small.did(small.act("close", [1, 2, 3, 4], **SEAL))
    assert small.shares() == []
    assert small.permit(VILLAGE_PERMIT)["status"] is None
