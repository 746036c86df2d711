"""Deadlines as notices print them: 2025年12月底 → 2025-12-31; 长期坚持 is a continuing duty, not a date."""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from datetime import date

from ledger_app.ingest.documents.numbering import CHINESE, number_value

_CN_YEAR = f"[{CHINESE}]{{4}}"
_N = rf"(?:\d{{1,2}}|[{CHINESE}]{{1,3}})"
_WRITTEN = re.compile(
    rf"(?P<year>(?:19|20)\d\d|{_CN_YEAR})年度?(?:(?P<month>{_N})月份?(?:(?P<day>{_N})[日号])?"
    rf"(?P<third>[上中下]旬)?|第?(?P<quarter>[一二三四1-4])季度|(?P<half>[上下]半年))?"
)
_SHORT = re.compile(r"(?<!\d)(?P<year>(?:19|20)\d\d)[./-](?P<month>\d{1,2})(?:[./-](?P<day>\d{1,2}))?(?!\d)")
_MONTH_LATER = re.compile(rf"(?:至|到|[-—~～、，,和])\s*(?P<month>{_N})月(?:(?P<day>{_N})[日号])?")
_CONTINUING = re.compile(r"长期|持续|立行立改|立知立改|即知即改|即行即改|常态化|常抓不懈|永久|不间断|全年")


def is_continuing(text: str) -> bool:
    """Whether the deadline speaks of a duty without an end, alone or beside a date."""
    return _CONTINUING.search(text) is not None


def last_day(text: str) -> str | None:
    """The latest day the text names as an ISO date, None where it names no year."""
    plain = unicodedata.normalize("NFKC", text)
    days: list[date] = []
    for found in _WRITTEN.finditer(plain):
        days += _days_of(found, plain)
    days += [day for found in _SHORT.finditer(plain) if (day := _day(found.groupdict()))]
    return max(days).isoformat() if days else None


def _days_of(found: re.Match[str], text: str) -> list[date]:
    named = found.groupdict()
    days = [day for day in [_day(named)] if day]
    position = found.end()
    while (later := _MONTH_LATER.match(text, position)) is not None:  # 2024年6月至12月
        day = _day({**named, "third": None, "quarter": None, "half": None, **later.groupdict()})
        days += [day] if day else []
        position = later.end()
    return days


def _day(named: dict[str, str | None]) -> date | None:
    year = number_value(named["year"] or "")
    if year is None:
        return None
    month = number_value(named.get("month") or "") or _month_of_part(named)
    day = number_value(named.get("day") or "")
    if not 1 <= month <= 12:
        return None
    last = monthrange(year, month)[1]
    if day is None:
        day = {"上旬": 10, "中旬": 20}.get(named.get("third") or "", last)
    return date(year, month, day) if 1 <= day <= last else None


def _month_of_part(named: dict[str, str | None]) -> int:
    """The last month of a quarter, a half year or a year."""
    if named.get("quarter"):
        return 3 * (number_value(named["quarter"] or "") or 4)
    return 6 if named.get("half") == "上半年" else 12
