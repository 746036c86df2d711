"""Where a permit stands follows from dates; what keeps it from being renewed."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from ledger_app.core.rules import permits
from ledger_app.core.rules.permits import (
    APPLIED,
    DUE,
    LAPSED,
    LATE,
    NOT_YET,
    UNDATED,
    UNDECIDED,
    RenewalRule,
    standing,
)

RULE = RenewalRule(45, 90)  # valid to 2025-12-31: apply by 2025-11-16, be reminded from 2025-08-18
PERMIT: dict[str, Any] = {
    "number": "D150824G2021-0001",
    "status": None,
    "valid_to": "2025-12-31",
    "applied_on": None,
    "decided_on": None,
    "ended_on": None,
}


@pytest.mark.parametrize(
    ("today", "state"),
    [
        (date(2025, 8, 17), NOT_YET),
        (date(2025, 8, 18), DUE),
        (date(2025, 11, 16), DUE),
        (date(2025, 11, 17), LATE),
        (date(2025, 12, 31), LATE),
        (date(2026, 1, 1), LAPSED),
    ],
)
def test_the_last_day_to_apply_decides(today: date, state: str) -> None:
    stands = standing(PERMIT, today, RULE)
    assert (stands.state, stands.last_application_day) == (state, date(2025, 11, 16))
    assert stands.in_force == (state != LAPSED)


@pytest.mark.parametrize(
    ("cells", "today", "state"),
    [
        ({"applied_on": "2025-11-16"}, date(2025, 12, 1), APPLIED),
        ({"applied_on": "2025-11-16"}, date(2026, 2, 1), UNDECIDED),
        ({"applied_on": "2025-12-20"}, date(2025, 12, 25), APPLIED),
        ({"applied_on": "2025-12-20"}, date(2026, 2, 1), LAPSED),
        ({"applied_on": "2025-10-01", "decided_on": "2025-10-20"}, date(2025, 12, 1), LATE),
        ({"applied_on": "2025-10-01", "decided_on": "2020-11-20"}, date(2025, 12, 1), APPLIED),
        ({"applied_on": "2025-12-10"}, date(2025, 12, 1), LATE),
        ({"status": "延续办理中"}, date(2026, 2, 1), UNDECIDED),
        ({"status": "已到期未延续"}, date(2025, 6, 1), NOT_YET),
        ({"status": "已到期未延续", "valid_to": None}, date(2025, 6, 1), LAPSED),
        ({"status": "有效", "valid_to": None}, date(2025, 6, 1), UNDATED),
        ({"status": "注销", "ended_on": "2025-06-01"}, date(2025, 6, 1), "注销"),
        ({"status": "注销", "ended_on": "2025-06-01"}, date(2025, 5, 31), NOT_YET),
        ({"status": "撤销"}, date(2025, 5, 31), "撤销"),
    ],
)
def test_applications_and_decisions_change_the_state_a_typed_word_does_not(
    cells: dict[str, Any], today: date, state: str
) -> None:
    assert standing(PERMIT | cells, today, RULE).state == state


def test_a_month_or_year_alone_ends_with_its_last_day() -> None:
    assert standing(PERMIT | {"valid_to": "2025"}, date(2025, 11, 16), RULE).state == DUE
    assert standing(PERMIT | {"valid_to": "2025-06"}, date(2025, 6, 30), RULE).valid_to == date(2025, 6, 30)


@pytest.mark.parametrize(
    ("cells", "decided", "starts", "said"),
    [
        ({}, "2025-11-01", None, None),
        ({}, "2026-01-05", None, "不能从到期日接着延续"),
        ({}, "2026-01-05", "2026-01-03", "不能倒签"),
        ({}, "2026-01-05", "2026-01-05", None),
        ({}, "2025-11-01", "2025-12-31", "与它重叠"),
        ({"applied_on": "2025-12-30"}, "2026-03-01", None, None),
        ({"status": "延续办理中"}, "2026-03-01", None, None),
        ({"valid_to": None}, "2025-11-01", None, "请填写新的起始日期"),
        ({"status": "吊销", "ended_on": "2025-05-01"}, "2025-11-01", None, "已于 2025-05-01 吊销"),
        ({"status": "撤销"}, "2025-11-01", None, "已撤销，不能再办理"),
    ],
)
def test_what_cannot_be_renewed_says_why(
    cells: dict[str, Any], decided: str, starts: str | None, said: str | None
) -> None:
    text = permits.cannot_renew(PERMIT | cells, decided, starts)
    assert text is None if said is None else said in (text or "")
