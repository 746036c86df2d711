"""Spans of time reports speak of: years, quarters, months (calendar or 26th–25th), year to date; deadlines."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from ledger_app.core.characters import arabic, half_width, hyphens
from ledger_app.core.dates import days_in_month, is_exact, last_day, last_day_of_part, read_date, span
from ledger_app.core.errors import LedgerError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Kind = Literal["year", "half", "quarter", "month", "to_date"]

# A county that reads its meters on the 25th counts a month from the 26th of the one before.
CALENDAR_MONTHS, FROM_26TH = 1, 26
_MONTHS_IN = MappingProxyType({"year": 12, "half": 6, "quarter": 3, "month": 1, "to_date": 12})
_QUARTERS = "一二三四"


@dataclass(frozen=True, slots=True)
class Period:
    """`start` and `end` are both inside. `first_day` is the day of the month on which months begin."""

    kind: Kind
    start: date
    end: date
    label: str
    first_day: int = CALENDAR_MONTHS

    @property
    def year(self) -> int:
        return self.end.year

    @property
    def key(self) -> str:
        """What `parse_period` reads back: 2025, 2025H1, 2025Q3, 2025-09, 2025-08-26 (year to date)."""
        month = self.end.month
        keys = {"year": "", "half": f"H{month // 6}", "quarter": f"Q{month // 3}", "month": f"-{month:02d}"}
        return self.end.isoformat() if self.kind == "to_date" else f"{self.year}{keys[self.kind]}"

    def covers(self, iso: str) -> bool | None:
        """Whether a date of any precision lies inside; None when it lies only partly inside (not exact)."""
        if is_exact(iso):
            return self.start <= date.fromisoformat(iso) <= self.end
        first, last = span(iso)
        if first >= self.start and last <= self.end:
            return True
        return None if first <= self.end and last >= self.start else False


def _month_ends(year: int, month: int, first_day: int) -> date:
    """The last day of a month whose months begin on `first_day`."""
    days = days_in_month(year, month)
    return date(year, month, days if first_day == 1 else min(first_day - 1, days))


def _months(kind: Kind, year: int, last_month: int, label: str, first_day: int) -> Period:
    """The period of this kind that ends with `last_month`."""
    months_before = year * 12 + last_month - 1 - _MONTHS_IN[kind]
    before = _month_ends(months_before // 12, months_before % 12 + 1, first_day)
    return Period(kind, before + timedelta(1), _month_ends(year, last_month, first_day), label, first_day)


def year_period(year: int, first_day: int = CALENDAR_MONTHS) -> Period:
    return _months("year", year, 12, f"{year}年", first_day)


def half_period(year: int, half: int, first_day: int = CALENDAR_MONTHS) -> Period:
    return _months("half", year, half * 6, f"{year}年{'上下'[half - 1]}半年", first_day)


def quarter_period(year: int, quarter: int, first_day: int = CALENDAR_MONTHS) -> Period:
    return _months("quarter", year, quarter * 3, f"{year}年{_QUARTERS[quarter - 1]}季度", first_day)


def month_period(year: int, month: int, first_day: int = CALENDAR_MONTHS) -> Period:
    return _months("month", year, month, f"{year}年{month}月", first_day)


def to_date_period(cut_off: date, first_day: int = CALENDAR_MONTHS) -> Period:
    """The year up to and with the cut-off, which its label always carries."""
    start = year_period(cut_off.year, first_day).start
    label = f"{cut_off.year}年（截至{cut_off.month}月{cut_off.day}日）"
    return Period("to_date", start, cut_off, label, first_day)


_YEAR = re.compile(r"(\d{4})(?:年度?|年全年)?")
_HALF = re.compile(r"(\d{4})(?:[Hh]([12])|年(上|下)半年)")
_QUARTER = re.compile(r"(\d{4})(?:-?[Qq]([1-4])|年?第?([1-4])季度?)")
_MONTH = re.compile(r"(\d{4})(?:[-./](\d{1,2})|年(\d{1,2})月份?)")


def parse_period(text: str, first_day: int = CALENDAR_MONTHS) -> Period:
    """2025, 2025H1, 2025Q3, 2025-09, 2025-08-26 (year to date), and the same in Chinese words."""
    plain = arabic(hyphens(half_width(text))).replace(" ", "")
    period = _named_period(plain, first_day)
    if period is None:
        raise LedgerError(
            f"“{text}”不是一个期间，请写成 2025、2025Q3、2025-09 或 2025-08-26 的样子。", "bad_period"
        )
    return period


def _named_period(text: str, first_day: int) -> Period | None:
    if match := _YEAR.fullmatch(text):
        return year_period(int(match[1]), first_day) if int(match[1]) >= 1900 else None
    if match := _QUARTER.fullmatch(text):
        return quarter_period(int(match[1]), int(match[2] or match[3]), first_day)
    if match := _HALF.fullmatch(text):
        return half_period(int(match[1]), int(match[2] or " 上下".index(match[3])), first_day)
    if match := _MONTH.fullmatch(text):
        month = int(match[2] or match[3])
        return month_period(int(match[1]), month, first_day) if 1 <= month <= 12 else None
    found = read_date(text, partial=False, today=date.max, future_ok=True)
    return (
        to_date_period(date.fromisoformat(found.value), first_day)
        if found.value and not found.problem
        else None
    )


def same_last_year(period: Period) -> Period:
    """上年同期: the period the 同比 compares with."""
    if period.kind == "to_date":
        last = min(period.end.day, days_in_month(period.end.year - 1, period.end.month))
        return to_date_period(date(period.end.year - 1, period.end.month, last), period.first_day)
    return _shifted(period, 12)


def previous(period: Period) -> Period:
    """上期: the period the 环比 compares with; of a year to date it is the year to date of a year ago."""
    if period.kind == "to_date":
        return same_last_year(period)
    return _shifted(period, _MONTHS_IN[period.kind])


def _shifted(period: Period, months: int) -> Period:
    count = period.end.year * 12 + period.end.month - 1 - months
    return _of_kind(period.kind, count // 12, count % 12 + 1, period.first_day)


def _of_kind(kind: Kind, year: int, last_month: int, first_day: int) -> Period:
    if kind == "month":
        return month_period(year, last_month, first_day)
    if kind == "quarter":
        return quarter_period(year, last_month // 3, first_day)
    return half_period(year, last_month // 6, first_day) if kind == "half" else year_period(year, first_day)


def quarters_of(year: int, first_day: int = CALENDAR_MONTHS) -> list[Period]:
    return [quarter_period(year, quarter, first_day) for quarter in range(1, 5)]


def months_of(period: Period) -> list[Period]:
    """The months of a period, in order; of a year to date also the month the cut-off falls into."""
    first = period.start if period.first_day == 1 else period.start + timedelta(27)
    count = first.year * 12 + first.month - 1
    months = [month_period((count + n) // 12, (count + n) % 12 + 1, period.first_day) for n in range(12)]
    return [month for month in months if month.start <= period.end]


def is_working_day(day: date, calendar: Mapping[date, bool]) -> bool:
    """As the calendar says; a day it does not name is one from Monday to Friday."""
    return calendar.get(day, day.weekday() < 5)


def _working_days_from(start: date, calendar: Mapping[date, bool]) -> Iterator[date]:
    day = start
    while True:
        if is_working_day(day, calendar):
            yield day
        day += timedelta(1)


def working_days(start: date, count: int, calendar: Mapping[date, bool]) -> date:
    """The last of `count` working days, `start` counted in (公示 10 个工作日: 2025-09-04 → 2025-09-17)."""
    days = _working_days_from(start, calendar)
    for _ in range(count - 1):
        next(days)
    return next(days)


def count_working_days(start: date, end: date, calendar: Mapping[date, bool]) -> int:
    """Working days from `start` to `end`, both counted in; 0 when the end is before the start."""
    return sum(is_working_day(start + timedelta(n), calendar) for n in range((end - start).days + 1))


_FIVE_YEARS = MappingProxyType({"十三五": 2020, "十四五": 2025, "十五五": 2030, "十六五": 2035})
_PART = re.compile(r"(?:(\d{4})年?)?(?:第?([1-4])季度|Q([1-4])|(上|下)半年)")
_TAIL = re.compile(r"(?:以?前|之前|内|止|为止|完成|完成整改|整改到位|整改完成|到位|完工|销号|达标|验收)+$")
_TENTH = re.compile(r"((?:\d{4}年)?\d{1,2}月)(上|中)旬")
_NO_YEAR = re.compile(r"(?:\d{1,2}月(?:\d{1,2}[日号])?|年)(?:底|末|上旬|中旬|下旬)?")
_DATED = re.compile(
    r"\d{4}年(?:\d{1,2}月(?:\d{1,2}[日号]|[底末]|[上中下]旬)?|年?[底末]|[上下]半年|第?[1-4]季度[末底]?)(?![\d年月日])"
)
_THIS_YEAR = re.compile(r"^(?:今年|本年度?|当年)")


def read_deadline(text: str, year: int | None = None) -> date | None:
    """The last day a deadline allows, of several the latest; None where it names none (立行立改, 长期坚持).

    2024年12月底, 2025年6月底前, 2025年12月31日前, 2025年三季度, 2025年底, “十四五”末 …; `year` completes one that
    leaves the year out (年底前, 9月15日前). The caller keeps the words beside the date.
    """
    plain = half_width(text).replace(" ", "").strip("。.;；")
    for name, end in _FIVE_YEARS.items():
        if name in plain:
            return date(end, 12, 31)
    words = _THIS_YEAR.sub("" if year is None else f"{year}年", arabic(hyphens(plain)))
    dated = (_deadline(part, None) for part in _DATED.findall(words))
    return _deadline(_TAIL.sub("", words), year) or max(filter(None, dated), default=None)


def _deadline(words: str, year: int | None) -> date | None:
    if _NO_YEAR.fullmatch(words) and year is not None:
        words = f"{year}{words if words.startswith('年') else '年' + words}"
    return _deadline_of_part(words, year) or _deadline_of_date(words)


def _deadline_of_part(words: str, year: int | None) -> date | None:
    if match := _PART.fullmatch(words.removesuffix("底").removesuffix("末")):
        named = int(match[1]) if match[1] else year
        return last_day_of_part(named, match[2] or match[3] or match[4]) if named else None
    if match := _TENTH.fullmatch(words):
        found = _deadline_of_date(match[1])
        return found.replace(day=10 if match[2] == "上" else 20) if found else None
    return None


def _deadline_of_date(words: str) -> date | None:
    found = read_date(words, partial=True, today=date.max, future_ok=True)
    if found.value is None or (found.problem and found.problem.code != "date_unparsed"):
        return None
    return last_day(found.value)
