"""Publicity periods, telephone numbers and the dates of a signature."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from ledger_app.ingest.documents.numbering import CHINESE, number_value

_N = r"\d{1,2}"
_DATE = r"(?:(?P<yearN>\d{4})[年./-])?(?P<monthN>\d{1,2})[月./-](?P<dayN>\d{1,2})[日号]?"
_FIRST, _LAST = _DATE.replace("N>", "1>"), _DATE.replace("N>", "2>")
_PERIOD = re.compile(
    rf"(?:自|从)?{_FIRST}[起]?(?:（.{{0,4}}）|\(.{{0,4}}\))?(?:至|到|[-—–－―~～〜]{{1,2}})(?:公示)?{_LAST}"
)
_DAYS = re.compile(rf"(?P<days>\d{{1,3}}|[{CHINESE}]{{1,3}})个?(?P<kind>工作日|自然日|日历天|天|日)")
_SIGNED = re.compile(
    rf"(?P<year>\d{{4}}|[{CHINESE}]{{4}})年(?P<month>{_N}|[{CHINESE}]{{1,2}})月(?P<day>{_N}|[{CHINESE}]{{1,3}})日"
)
_PHONE = re.compile(
    r"(?<![\d-])(?:[（(]0\d{2,3}[）)]\s?[-—–－]?\d{7,8}|0\d{2,3}\s?[-—–－―]{1,2}\s?\d{7,8}(?:[-—转]\d{1,5})?|0\d{10,11}"
    r"|1[3-9]\d{9}|400[-—]?\d{3}[-—]?\d{4}|[2-9]\d{6,7}|12\d{3})(?![\d-])"
)


@dataclass(frozen=True, slots=True)
class Span:
    """A value and where it stands in the text given. `assumed`: its year is not printed."""

    value: str
    start: int
    end: int
    assumed: bool = False


def half_width(text: str) -> str:
    """Digits and punctuation in half width, character for character, so that places stay."""
    return "".join(_narrow(character) for character in text)


def _narrow(character: str) -> str:
    plain = unicodedata.normalize("NFKC", character)
    return plain if len(plain) == 1 and plain.isascii() else character


def period(text: str) -> tuple[Span, Span] | None:
    """The first and the last day of 2025年9月4日至9月17日, as ISO dates."""
    found = _PERIOD.search(half_width(text))
    if found is None:
        return None
    year = int(found["year1"] or 0)
    first = _iso(year, found["month1"], found["day1"])
    turned = not found["year2"] and int(found["month2"]) < int(found["month1"])
    last = _iso(int(found["year2"] or 0) or year + turned, found["month2"], found["day2"])
    if first is None or last is None:
        return None
    start, middle = found.start("year1"), found.start("year2") if found["year2"] else found.start("month2")
    return Span(first, start, found.end("day1") + 1), Span(last, middle, found.end("day2") + 1, turned)


def _iso(year: int, month: str, day: str) -> str | None:
    try:
        return date(year, number_value(month) or 0, number_value(day) or 0).isoformat()
    except ValueError:
        return None


def days(text: str) -> tuple[int, Span] | None:
    """共10个工作日 → 10 and 工作日 with its place. Dates are no numbers of days."""
    for found in _DAYS.finditer(half_width(text)):
        if text[max(0, found.start() - 1) : found.start()] in ("月", "年", "-", "."):
            continue
        value = number_value(found["days"])
        if value:
            return value, Span(found["kind"], found.start(), found.end())
    return None


def signed_date(text: str) -> str | None:
    """The ISO date of a line that is a date and nothing else."""
    found = _SIGNED.fullmatch(half_width(text).strip("。 "))
    if found is None:
        return None
    return _iso(number_value(found["year"]) or 0, found["month"], found["day"])


def phones(text: str) -> list[Span]:
    """The telephone numbers in a text, as printed."""
    return [Span(text[f.start() : f.end()], f.start(), f.end()) for f in _PHONE.finditer(half_width(text))]
