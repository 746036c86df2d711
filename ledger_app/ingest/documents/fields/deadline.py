"""Deadlines as notices print them: 2025年12月底 → 2025-12-31; 长期坚持 is a continuing duty, not a date."""

from __future__ import annotations

import re

from ledger_app.core.periods import read_deadline

_CONTINUING = re.compile(r"长期|持续|立行立改|立知立改|即知即改|即行即改|常态化|常抓不懈|永久|不间断|全年")
# Spans whose later end leaves its year out, or whose earlier end has none of its own.
_MONTHS = re.compile(r"(\d{4}年)\d{1,2}月(?:\d{1,2}日)?\s*[至到\-—–~～]+\s*(?=\d{1,2}月)")
_YEARS = re.compile(r"\d{4}年?\s*[至到\-—–~～]+\s*(?=\d{4}年)")

_LONGEST = 300  # characters; what is longer is no deadline


def is_continuing(text: str) -> bool:
    """Whether the deadline speaks of a duty without an end, alone or beside a date."""
    return _CONTINUING.search(text) is not None


def last_day(text: str) -> str | None:
    """The latest day the text names as an ISO date, None where it names no year; of a span its end."""
    day = read_deadline(_YEARS.sub("", _MONTHS.sub(r"\1", text[:_LONGEST])))
    return day.isoformat() if day is not None else None
