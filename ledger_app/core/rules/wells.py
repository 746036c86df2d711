"""Which act the state and the dates of a well allow; a refusal is one sentence (domain §3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ledger_app.core import dates
from ledger_app.core.rules import saying
from ledger_app.core.terms import SEALED_STATE, UNKNOWN_STATE, WELL_TRANSITIONS


def cannot_become(well: Mapping[str, Any], status: str, doing: str, since: str | None = None) -> str | None:
    """Why a well cannot change into a state by an act; None where it can.

    `doing` names the act (封填, 停用); `since` is the day the present state began, where known.
    """
    now = well["status"] or UNKNOWN_STATE
    said = saying.well(well)
    if now == SEALED_STATE:
        when = f"已于 {since} 封填" if since else "已经封填"
        return f"{said} {when}，不能再{doing}。"
    if now == status:
        return f"{said} 已经是“{now}”，不用再{doing}。"
    if status not in WELL_TRANSITIONS.get(now, frozenset()):
        return f"{said} 现为“{now}”，不能{doing}。"
    return None


def too_early(well: Mapping[str, Any], day: str, last: tuple[str, str] | None) -> str | None:
    """An act dated before the well was there, or before what happened to it last (day, kind)."""
    completed = well.get("completed_on")
    if completed and dates.first_day(day) < dates.first_day(completed):
        return f"{saying.well(well)} {completed} 才成井，日期 {day} 早了，请核对。"
    if last and day < last[0]:
        text = f"{saying.well(well)} 在 {last[0]} 有过“{last[1]}”，这次的日期 {day} 不能比它早；"
        return text + "如果那一次记错了，请先更正它。"
    return None
