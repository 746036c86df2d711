"""Where a permit stands: its renewal state follows from dates, never from a typed word (domain §1.3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from ledger_app.core import dates
from ledger_app.core.parameters import Parameters
from ledger_app.core.terms import ENDED_PERMIT, RENEWING

NOT_YET, DUE, LATE = "未到申请期", "该申请", "已过申请期限未申请"
APPLIED, UNDECIDED, LAPSED = "已申请待决定", "到期未决定", "已到期未延续"
UNDATED: Final = "有效期不详"
# 行政许可法 art. 50: applied for in time and undecided at expiry counts as renewed until decided.
IN_FORCE: Final = frozenset({NOT_YET, DUE, LATE, APPLIED, UNDECIDED, UNDATED})
RENEWAL_STATES: Final = (NOT_YET, DUE, LATE, APPLIED, UNDECIDED, LAPSED)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a permit stands on a day. `state` is a renewal state, or 注销, 吊销, 撤销."""

    state: str
    valid_to: date | None = None
    last_application_day: date | None = None

    @property
    def in_force(self) -> bool:
        return self.state in IN_FORCE


@dataclass(frozen=True, slots=True)
class RenewalRule:
    """Apply `days` before expiry at the latest; be reminded `notice` days before that."""

    days: int
    notice: int

    @classmethod
    def of(cls, parameters: Parameters) -> RenewalRule:
        return cls(parameters.integer("renewal_days"), parameters.integer("renewal_notice_days"))


def standing(permit: Mapping[str, Any], today: date, rule: RenewalRule) -> Standing:
    """`permit`: status, valid_to, applied_on, decided_on, ended_on as stored."""
    if ended(permit, today):
        return Standing(permit["status"])
    if not permit["valid_to"]:
        return Standing(LAPSED if permit["status"] == LAPSED else UNDATED)
    end = dates.last_day(permit["valid_to"])
    last = end - timedelta(days=rule.days)
    return Standing(_state(permit, end, last, today, rule.notice), end, last)


def ended(permit: Mapping[str, Any], today: date) -> bool:
    """注销, 吊销 or 撤销 by that day; a decision without a date has always been so."""
    return permit["status"] in ENDED_PERMIT and not (
        permit["ended_on"] and permit["ended_on"] > today.isoformat()
    )


def _state(permit: Mapping[str, Any], end: date, last: date, today: date, notice: int) -> str:
    pending = is_pending(permit, today)
    if today > end:
        in_time = not permit["applied_on"] or permit["applied_on"] <= last.isoformat()
        return UNDECIDED if pending and in_time else LAPSED
    if pending:
        return APPLIED
    if today > last:
        return LATE
    return DUE if (last - today).days <= notice else NOT_YET


def is_pending(permit: Mapping[str, Any], today: date) -> bool:
    """Applied for and not decided since."""
    applied, decided = permit["applied_on"], permit["decided_on"]
    if applied and applied <= today.isoformat():
        return not decided or decided < applied
    return permit["status"] == RENEWING and not decided


def cannot_end(permit: Mapping[str, Any]) -> str | None:
    """Why a permit cannot be ended, renewed or changed any more."""
    if permit["status"] in ENDED_PERMIT:
        when = f"已于 {permit['ended_on']} " if permit["ended_on"] else "已"
        return f"许可证 {permit['number']} {when}{permit['status']}，不能再办理。"
    return None


def cannot_renew(permit: Mapping[str, Any], decided_on: str, starts: str | None) -> str | None:
    """A permit that ran out without an application is not renewed backwards; a new beginning, not
    before the decision, has to be said."""
    if text := cannot_end(permit):
        return text
    said = f"许可证 {permit['number']}"
    if not permit["valid_to"]:
        return None if starts else f"{said} 没有有效期，请填写新的起始日期。"
    end = dates.last_day(permit["valid_to"]).isoformat()
    if starts and starts <= end:
        return f"{said} 有效期到 {end}，新的起始日期 {starts} 与它重叠。"
    applied = permit["applied_on"] and permit["applied_on"] <= end
    if decided_on <= end or applied or permit["status"] == RENEWING:
        return None
    if not starts:
        text = f"{said} 已于 {end} 到期，届满前没有延续申请，不能从到期日接着延续；"
        return text + "请填写新的起始日期（不早于决定日期）。"
    return (
        None if starts >= decided_on else f"{said} 的起始日期 {starts} 早于决定日期 {decided_on}，不能倒签。"
    )
