"""Permits renewed, changed, passed on, ended: terms, versions, shares and the wells under them."""

from __future__ import annotations

from typing import Any

import pytest

from ledger_app.services import acts
from tests.db.county import info
from tests.db.operations.small import (
    CLOSURES,
    FIRM_PERMIT,
    PERMITS,
    SHARES,
    TODAY,
    USERS,
    VILLAGE_PERMIT,
    WHO,
    Small,
)

TERMS = ("valid_from", "valid_to", "permitted_volume_m3", "renewals")


def test_an_issued_permit_and_its_wells_say_the_same(small: Small) -> None:
    permit = small.permit()
    assert (permit["well_count"], permit["renewals"], permit["first_issued_on"]) == (4, 0, "2022-01-01")
    for n in (1, 2, 3, 4):
        assert (small.well(n)["permit_uid"], small.well(n)["permitted_volume_m3"]) == (permit["uid"], 12000)
    assert {s["from_on"] for s in small.shares()} == {"2022-01-01"}
    (user,) = small.store.rows(USERS, "name = ?", ("大圣村村民委员会",))
    assert permit["holder_uid"] == user["uid"]


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"number": VILLAGE_PERMIT}, "已经有了"),
        ({"holder": None}, "没有填取水权人"),
        ({"valid_to": None}, "没有填有效期"),
        ({"valid_to": "2024-12-31"}, "有效期止早于有效期起"),
        ({"permitted_volume_m3": 20000}, "各井分配合计 3 万m³，超过许可水量 2 万m³"),
        ({"points": {"150824100201J0001": 100}}, f"已在许可证 {VILLAGE_PERMIT} 名下"),
    ],
)
def test_a_permit_that_does_not_hold_is_not_issued(small: Small, facts: dict[str, Any], said: str) -> None:
    row = {"number": "D150824G2025-0009", "holder": "某某", "permitted_volume_m3": 40000}
    row |= {"valid_from": "2025-09-01", "valid_to": "2030-08-31", "points": {small.codes[5]: 30000}}
    result = acts.issue(small.store, [row | facts], who=WHO, today=TODAY)
    ((position, text),) = result.refused
    assert result.act is None and position == "1" and said in text


def test_a_permit_may_name_a_well_that_is_not_there_yet(small: Small) -> None:
    row = {"number": "D150824G2025-0009", "holder": "某某", "permitted_volume_m3": 40000}
    row |= {"valid_from": "2025-09-01", "valid_to": "2030-08-31", "points": {"150824100201J0099": 30000}}
    small.did(acts.issue(small.store, [row], who=WHO, today=TODAY))
    assert [(s["point_uid"], s["point_stated"]) for s in small.shares(row["number"])] == [
        (None, "150824100201J0099")
    ]
    before = small.everything()
    new = small.row(8, code="150824100201J0099", use="农业灌溉")
    result = small.did(acts.register(small.store, small.store.registry["wells"], [new], who=WHO, today=TODAY))
    assert small.shares(row["number"])[0]["point_uid"] == result.done[0]
    small.comes_back(result, before)


def test_many_are_renewed_from_the_day_after_their_old_end(small: Small) -> None:
    before = small.everything()
    result = small.did(
        small.act("renew", [VILLAGE_PERMIT, FIRM_PERMIT], years=5, document="示水许〔2025〕3号")
    )
    village, firm = small.permit(VILLAGE_PERMIT), small.permit(FIRM_PERMIT)
    assert [village[n] for n in TERMS] == ["2027-01-01", "2031-12-31", 48000, 1]
    assert [firm[n] for n in TERMS] == ["2028-01-01", "2032-12-31", 60000, 1]
    (version,) = small.versions()
    assert (version["kind"], version["superseded_on"], version["valid_to"]) == (
        "延续",
        "2027-01-01",
        "2026-12-31",
    )
    assert (version["document"], village["document"]) == (None, "示水许〔2025〕3号")
    assert village["decided_on"] == TODAY.isoformat()
    assert len(small.shares()) == 4
    small.comes_back(result, before)


def test_a_volume_cut_by_percent_or_by_row_reaches_the_shares_and_the_wells(small: Small) -> None:
    before = small.everything()
    each = {FIRM_PERMIT: {"permitted_volume_m3": 45000}}
    keys = [VILLAGE_PERMIT, FIRM_PERMIT]
    facts = {"years": 5, "cut_percent": 10}
    result = small.did(acts.perform(small.store, "renew", keys, facts, each=each, who=WHO, today=TODAY))
    assert small.permit()["permitted_volume_m3"] == 43200
    assert small.permit(FIRM_PERMIT)["permitted_volume_m3"] == 45000
    assert [s["share_m3"] for s in small.shares()] == [10800] * 4
    assert {s["from_on"] for s in small.shares()} == {"2027-01-01"}
    assert {s["to_on"] for s in small.shares(open_only=False)} == {None, "2027-01-01"}
    assert small.well(1)["permitted_volume_m3"] == 10800
    assert small.well(5)["permitted_volume_m3"] == 45000
    small.comes_back(result, before)


def test_parts_never_add_up_to_more_than_the_whole(small: Small) -> None:
    small.did(small.act("change", [VILLAGE_PERMIT], changed_on="2025-09-01", permitted_volume_m3=10000.01))
    parts = [s["share_m3"] for s in small.shares()]
    assert sum(round(p * 100) for p in parts) <= 1000001
    assert len(parts) == 4


def test_a_permit_that_ran_out_without_application_is_not_renewed_backwards(small: Small) -> None:
    with small.store.act(info()) as act:
        act.update(PERMITS, small.permit()["uid"], {"valid_to": "2025-06-30"})
    assert "不能从到期日接着延续" in small.refusal("renew", [VILLAGE_PERMIT], years=5)
    assert "不能倒签" in small.refusal("renew", [VILLAGE_PERMIT], years=5, valid_from="2025-07-15")
    result = small.did(small.act("renew", [VILLAGE_PERMIT], years=5, valid_from="2025-10-01"))
    assert small.permit()["valid_to"] == "2030-09-30"
    assert result.changed == {"permits", "permit_versions"}


def test_an_application_in_time_is_renewed_late_with_the_date_of_the_decision(small: Small) -> None:
    small.did(small.act("apply", [FIRM_PERMIT], applied_on="2025-03-01", application_no="150824202500001"))
    assert "还没有决定" in small.refusal("apply", [FIRM_PERMIT], applied_on="2025-04-01")
    with small.store.act(info()) as act:
        act.update(PERMITS, small.permit(FIRM_PERMIT)["uid"], {"valid_to": "2025-06-30"})
    small.did(small.act("renew", [FIRM_PERMIT], years=3, decided_on="2025-08-11"))
    permit = small.permit(FIRM_PERMIT)
    assert (permit["valid_from"], permit["valid_to"], permit["decided_on"]) == (
        "2025-07-01",
        "2028-06-30",
        "2025-08-11",
    )


def test_a_change_keeps_the_former_terms(small: Small) -> None:
    small.did(small.act("close", [4], method="封填", closed_on="2025-09-01"))
    before = small.everything()
    facts = {"changed_on": "2025-09-20", "permitted_volume_m3": 36000, "well_count": 3}
    result = small.did(small.act("change", [VILLAGE_PERMIT], **facts))
    assert [s["share_m3"] for s in small.shares()] == [12000] * 3
    (version,) = small.versions()
    assert (version["kind"], version["permitted_volume_m3"], version["superseded_on"]) == (
        "变更",
        48000,
        "2025-09-20",
    )
    assert "没有要变更的内容" in small.refusal(
        "change", [VILLAGE_PERMIT], changed_on="2025-09-21", well_count=3
    )
    assert "变更日期早于有效期起" in small.refusal(
        "change", [VILLAGE_PERMIT], changed_on="2021-01-01", well_count=2
    )
    small.comes_back(result, before)


def test_a_permit_passes_to_a_new_holder_with_the_wells_it_is_for(small: Small) -> None:
    before = small.everything()
    result = small.did(small.act("transfer", [FIRM_PERMIT], transferred_on="2025-05-01", holder="金泰牧业"))
    (user,) = small.store.rows(USERS, "name = ?", ("金泰牧业",))
    assert small.permit(FIRM_PERMIT)["holder_uid"] == user["uid"]
    assert small.well(5)["water_user_uid"] == user["uid"]
    (version,) = small.versions(FIRM_PERMIT)
    assert version["kind"] == "过户" and version["holder_uid"] != user["uid"]
    assert "已经是他" in small.refusal(
        "transfer", [FIRM_PERMIT], transferred_on="2025-06-01", holder_uid=user["uid"]
    )
    small.comes_back(result, before)


def test_a_cancelled_permit_ends_its_shares_and_is_noted_where_wells_were_sealed(small: Small) -> None:
    small.did(small.act("close", [1], method="封填", closed_on="2025-08-20"))
    before = small.everything()
    facts = {
        "status": "注销",
        "ended_on": "2025-09-15",
        "ended_because": "水源置换",
        "document": "示水发〔2025〕30号",
    }
    result = small.did(small.act("cancel", [VILLAGE_PERMIT], **facts))
    permit = small.permit()
    assert {n: permit[n] for n in facts} == facts
    assert small.shares() == []
    assert small.well(2)["permit_uid"] is None
    (closure,) = small.closures(1)
    assert (closure["cancelled_on"], closure["document"]) == ("2025-09-15", "示水发〔2025〕30号")
    assert "已于 2025-09-15 注销" in small.refusal("renew", [VILLAGE_PERMIT], years=5)
    small.comes_back(result, before)


def test_revoking_and_withdrawing_need_their_document(small: Small) -> None:
    facts = {"ended_on": "2025-09-15", "ended_because": "违规发放"}
    assert small.refusal("cancel", [FIRM_PERMIT], status="撤销", **facts) == "撤销要有决定文书，请填写文号。"
    assert "请选择是注销、吊销还是撤销" in small.refusal("cancel", [FIRM_PERMIT], status="有效", **facts)
    assert "请填写注销原因" in small.refusal("cancel", [FIRM_PERMIT], status="注销", ended_on="2025-09-15")
    small.did(small.act("cancel", [FIRM_PERMIT], status="撤销", document="示水发〔2025〕31号", **facts))
    assert small.permit(FIRM_PERMIT)["status"] == "撤销"
    assert not [c for c in small.store.rows(CLOSURES) if c["cancelled_on"]]
    assert all(
        s["to_on"] == "2025-09-15"
        for s in small.store.rows(SHARES)
        if s["permit_uid"] == small.permit(FIRM_PERMIT)["uid"]
    )
