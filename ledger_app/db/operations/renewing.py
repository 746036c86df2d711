"""延续: the next term of a permit follows the day its present one ends (domain §1.3)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from ledger_app.core import dates
from ledger_app.core.rules import permits as rules
from ledger_app.core.terms import LAPSED, RENEWING
from ledger_app.core.units import plain, to_decimal
from ledger_app.db.operations import shares
from ledger_app.db.operations.batch import Batch, Facts, Operation, wrong_day
from ledger_app.db.operations.permits import supersede, wrong_volume
from ledger_app.db.store import Act, Row, Store

RENEWED: Final = "延续"
LONGEST_YEARS: Final = 10  # 条例 art. 25


def check_renew(_store: Store, batch: Batch) -> None:
    today = batch.today

    def judge(row: Row, facts: Facts) -> str | None:
        years = facts.get("years") or 0
        decided = facts.get("decided_on") or today.isoformat()
        return (
            wrong_day(facts.get("decided_on"), "决定日期", today)
            or wrong_day(facts.get("valid_from"), "有效期起", today, future=True)
            or rules.cannot_renew(row, decided, facts.get("valid_from"))
            or (None if 0 < years <= LONGEST_YEARS else f"延续年限应为 1–{LONGEST_YEARS} 年。")
            or wrong_volume(row, facts)
        )

    batch.judge(judge)


def renewed_terms(row: Row, facts: Facts) -> dict[str, Any]:
    """valid_from, valid_to and volume of the next term: from the day after the old end."""
    starts = date.fromisoformat(facts["valid_from"]) if facts.get("valid_from") else None
    if starts is None:
        starts = dates.last_day(row["valid_to"]) + timedelta(1)
    ends = _years_later(starts, int(facts["years"])) - timedelta(1)
    volume = facts.get("permitted_volume_m3", row["permitted_volume_m3"])
    if facts.get("cut_percent") and facts.get("permitted_volume_m3") is None:
        kept = (Decimal(100) - to_decimal(facts["cut_percent"])) / 100
        volume = plain((to_decimal(volume or 0) * kept).quantize(Decimal("0.01")))
    return {
        "valid_from": starts.isoformat(),
        "valid_to": ends.isoformat(),
        "permitted_volume_m3": volume,
    }


def _years_later(day: date, years: int) -> date:
    leap = day.month == 2 and day.day == 29
    return date(day.year + years, 3, 1) if leap else day.replace(year=day.year + years)


def renew(act: Act, batch: Batch) -> list[str]:
    """A new term each; the decision keeps its own date, nothing is dated back."""
    changes: dict[str, dict[str, Any]] = {}
    ended: dict[str, tuple[Row, str]] = {}
    for uid, row, facts in batch:
        terms = renewed_terms(row, facts)
        stated = {n: facts[n] for n in ("document", "application_no") if facts.get(n)}
        changes[uid] = (
            terms
            | stated
            | {
                "renewals": (row["renewals"] or 0) + 1,
                "decided_on": facts.get("decided_on") or batch.today.isoformat(),
                "first_issued_on": row["first_issued_on"] or row["valid_from"],
                "status": None if row["status"] in (LAPSED, RENEWING) else row["status"],
            }
        )
        ended[uid] = (row, terms["valid_from"])
    supersede(act, RENEWED, ended)
    act.update_many(batch.entity, changes)
    shares.fit(act, {u: (c["permitted_volume_m3"], c["valid_from"]) for u, c in changes.items()})
    return batch.uids


RENEW: Final = Operation(check_renew, renew)
