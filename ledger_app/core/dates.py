"""One raw cell or typed text → an ISO date with the precision of its source: 2012, 2012-05, 2012-05-03."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any, Literal

from ledger_app.core.characters import arabic, half_width, hyphens
from ledger_app.core.errors import Problem, Reading

# Words that say "this has not happened": no date, and nothing wrong with that.
NOT_YET = frozenset(
    re.split(
        " ",
        "在建 在建中 建设中 施工中 正在施工 正在建设 正在实施 正在办理 办理中 进行中 实施中 待验收 待完工 待开工 待封填 "
        "待建 拟建 筹建 续建 停工 缓建 未批 未到期 未验",
    )
)
_NOT_YET = re.compile(
    r"(?:尚未|还未|暂未|未|还没有?|没有|没)(?:验收|完工|完成|竣工|开工|建成|实施|封填|批复|移交|投用)\S{0,2}"
)

_FIRST_YEAR, _LAST_YEAR = 1900, 2199
_FIRST_SERIAL, _LAST_SERIAL = 20000, 60000  # Excel's day numbers from 1954 to 2064
_EPOCH = date(1899, 12, 30)
_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_SEP = r"\s*[./\-,、·。_\s]\s*"
_FULL = re.compile(rf"(\d{{4}})(?:\s*年\s*|{_SEP})(\d{{1,2}})(?:\s*月\s*|{_SEP})(\d{{1,2}})\s*[日号.]?")
_MONTH = re.compile(rf"(\d{{4}})(?:\s*年\s*|{_SEP})(\d{{1,2}})\s*(?:月份?|[./-])?")
_YEAR = re.compile(r"(\d{4})(?:\s*年)?度?(?:\.0)?")
_DAY_FIRST = re.compile(r"(\d{1,2})[./\-](\d{1,2})[./\-](\d{4})")
_SHORT = re.compile(
    r"['’]?(\d\d)(?:\s*年\s*|\s*[./\-]\s*)(\d{1,2})(?:(?:\s*月\s*|\s*[./\-]\s*)(\d{1,2})\s*[日号]?|\s*月份?)?"
)
_SHORT_YEAR = re.compile(r"['’]?(\d\d)\s*年?")
_COARSE = re.compile(r"(\d{4})\s*[年\-.]?\s*(?:第?\s*([1-4])\s*季度?|[Qq]([1-4])|([上下])半年)")
_TIME = re.compile(
    r"(?<=\d)(?:T|日?\s+)(?:[上下]午)?\d{1,2}[:时]\d{1,2}(?:[:分]\d{1,2}(?:\.\d+)?秒?|分)?\s*(?:[AaPp][Mm]|Z|[+-]\d\d:?\d\d)?$"
)
_WEEKDAY = re.compile(r"\s*\(?(?:星期|周)[1-6日天]\)?$")
_BEFORE = re.compile(r"^(?:截至|截止到|截止|时间|日期|于|自|从|至|到)\s*[:：]?\s*")
_AFTER = re.compile(
    r"\s*(?:之前|以前|前|止|起|开始|为止|完成|完工|竣工|开工|验收|建成|建|打井|打|成井|投产|投用|通水|发证|到期|注销|上午|下午)+$"
)
_ABOUT = re.compile(r"^(?:大约|大概|约|估计)\s*|\s*(?:左右|前后|[?？]|\((?:约|估)\))$")
_END = re.compile(r"(.*?)\s*(?:月|年)?(?:底|末)")
_PART = re.compile(r"(.*?)\s*(?:年?初|年中|(?<=月)(?:初|上旬|中旬|下旬|中))")
_DECADE = re.compile(r"(?:上世纪|19|20)?\s*\d0\s*年代")
_NO_YEAR = re.compile(r"\d{1,2}\s*(?:月\s*(?:\d{1,2}\s*[日号]?|[上中下]旬)?|[./\-]\s*\d{1,2})")
_ONE_DAY = r"\d{4}\s*[年./\-]\s*\d{1,2}\s*(?:[月./\-]\s*\d{1,2}\s*[日号]?|月)?|\d{8}"
_RANGE = re.compile(
    rf"(?:有效期限?)?[自从:]*\s*({_ONE_DAY})\s*起?\s*(?:[至到]|[~\-]+至?|[,，;；/]|\s)\s*({_ONE_DAY})\s*止?"
)
_TWO = re.compile(r"\d{4}.*(?:至|到|~|～|-|—).*\d{4}")


def read_date(raw: Any, *, partial: bool, today: date, future_ok: bool = False) -> Reading:
    """`raw` (text, number, Excel serial, date) → ISO text; None without a problem for 未验收, 在建 ….

    `partial` fields take a year or a month alone, others refuse it (date_unparsed). Refused: date_invalid,
    date_in_future. Confirmed: date_ambiguous, date_two_digit_year, date_unparsed. Blanks are the caller's.
    """
    if isinstance(raw, date):
        found = Reading(_iso(raw.year, raw.month, raw.day))
    elif isinstance(raw, int | float) and not isinstance(raw, bool):
        found = _from_number(float(raw), str(raw), today)
    else:
        found = _from_text(str(raw), today, far=future_ok)
    return found if found.value is None else _checked(found, raw, partial, None if future_ok else today)


def _checked(found: Reading, raw: Any, partial: bool, latest: date | None) -> Reading:
    iso = found.value
    if not partial and len(iso) < 10:
        so_far = "年" if len(iso) == 4 else "月"
        return _refused(
            "date_unparsed", f"“{_said(raw)}”只写到{so_far}，这里要写到日，例如 {iso[:4]}-03-15。"
        )
    if latest and _padded(iso) > latest.isoformat():
        return _refused(
            "date_in_future", f"“{_said(raw)}”比今天（{show_date(latest.isoformat())}）还晚，请核对。"
        )
    return found


def _said(raw: Any) -> str:
    return show_date(raw.isoformat()[:10]) if isinstance(raw, date) else str(raw).strip()


def _padded(iso: str) -> str:
    return (iso + "-01-01")[:10]


def _iso(year: int, month: int = 0, day: int = 0) -> str:
    return (
        f"{year:04d}-{month:02d}-{day:02d}" if day else f"{year:04d}-{month:02d}" if month else f"{year:04d}"
    )


def _refused(code: str, text: str) -> Reading:
    return Reading(None, Problem(code, text, "refuse"))


def _unparsed(said: str, why: str = "看不出是哪一天，请写成 2012-05-03 或 2012年5月 的样子") -> Reading:
    return Reading(None, Problem("date_unparsed", f"“{said}”{why}。", "confirm"))


def _suggested(code: str, text: str, iso: str) -> Reading:
    return Reading(iso, Problem(code, text, "confirm", iso))


def _valid(
    said: str, year: int, month: int | None = None, day: int | None = None, *, far: bool = False
) -> Reading:
    """The date these numbers make; date_invalid says what is wrong with them."""
    if not _FIRST_YEAR <= year <= (9999 if far else _LAST_YEAR):
        return _refused("date_invalid", f"“{said}”里的年份 {year} 不像真的，请核对。")
    if month is None:
        return Reading(_iso(year))
    if not 1 <= month <= 12:
        return _refused("date_invalid", f"“{said}”里的月份是 {month}，没有这个月，请核对。")
    if day is None:
        return Reading(_iso(year, month))
    days = days_in_month(year, month)
    if not 1 <= day <= days:
        return _refused("date_invalid", f"“{said}”这一天不存在：{year}年{month}月只有{days}天，请核对。")
    return Reading(_iso(year, month, day))


def _from_number(number: float, said: str, today: date) -> Reading:
    if _FIRST_SERIAL <= number <= _LAST_SERIAL:
        return Reading((_EPOCH + timedelta(days=int(number))).isoformat())
    said = said.removesuffix(".0")
    if said.isdecimal():
        return _from_digits(said, today)
    if _FIRST_YEAR <= number <= _LAST_YEAR:
        return _from_year_point_month(said)
    return _from_text(said, today, far=False)


def _from_year_point_month(said: str) -> Reading:
    """2003.3 typed as a number is March; 2012.1 may be October with its zero lost."""
    year, _, month = f"{float(said):.6f}".rstrip("0").partition(".")
    if month == "1":
        text = f"“{said}”可能是 {year}年1月，也可能是 {year}年10月（末尾的 0 丢了），先按 1 月记，请核对。"
        return _suggested("date_ambiguous", text, f"{year}-01")
    return _valid(said, int(year), int(month))


def _from_digits(digits: str, today: date) -> Reading:
    """20250305, 201205, 2012, 980503 and day numbers written as text."""
    if len(digits) in {8, 12, 14}:
        return _valid(digits, int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    if len(digits) == 6:
        if _FIRST_YEAR <= int(digits[:4]) <= _LAST_YEAR and 1 <= int(digits[4:]) <= 12:
            return _valid(digits, int(digits[:4]), int(digits[4:]))
        return _two_digit_year(digits, int(digits[:2]), int(digits[2:4]), int(digits[4:]), today)
    if len(digits) == 5 and _FIRST_SERIAL <= int(digits) <= _LAST_SERIAL:
        return Reading((_EPOCH + timedelta(days=int(digits))).isoformat())
    if len(digits) == 4:
        return _valid(digits, int(digits))
    return _two_digit_year(digits, int(digits), None, None, today) if len(digits) == 2 else _unparsed(digits)


def _two_digit_year(said: str, short: int, month: int | None, day: int | None, today: date) -> Reading:
    year = short + (2000 if short <= today.year % 100 else 1900)
    found = _valid(said, year, month, day)
    if found.value is None:
        return _unparsed(said)
    text = f"“{said}”的年份只写了两位，先按 {show_date(found.value)} 记，请核对。"
    return _suggested("date_two_digit_year", text, found.value)


def _from_text(raw: str, today: date, *, far: bool) -> Reading:
    said = raw.strip()
    text = hyphens(half_width(raw)).strip("'\"“”")
    if match := _FULL.fullmatch(text):
        return _valid(said, int(match[1]), int(match[2]), int(match[3]), far=far)
    if text in NOT_YET or _NOT_YET.fullmatch(text):
        return Reading(None)
    return _from_words(said, _WEEKDAY.sub("", _TIME.sub("", arabic(text))), today, far)


def _from_words(said: str, text: str, today: date, far: bool) -> Reading:
    if (about := _ABOUT.sub("", text)) != text:
        return _about(said, _from_words(said, about, today, far))
    text = _AFTER.sub("", _BEFORE.sub("", text)).replace("年年", "年").rstrip(" .。,;；")
    if match := _END.fullmatch(text):
        return _at_the_end(said, match[1], today, far)
    if match := _PART.fullmatch(text):
        text = match[1]  # the part of a month is dropped: the source's precision is the month
    return _from_plain(said, text, today, far)


def _from_plain(said: str, text: str, today: date, far: bool) -> Reading:
    """A year, a month or a day written out, in any of the separators."""
    if text.isdecimal():
        return _from_digits(text, today)
    if match := _FULL.fullmatch(text) or _YEAR.fullmatch(text) or _MONTH.fullmatch(text):
        return _valid(said, *map(int, match.groups()), far=far)
    if match := _SHORT.fullmatch(text) or _SHORT_YEAR.fullmatch(text):
        parts = [int(g) if g else None for g in (*match.groups(), None, None)]
        return _two_digit_year(said, parts[0] or 0, parts[1], parts[2], today)
    if match := _DAY_FIRST.fullmatch(text):
        return _day_or_month_first(said, *map(int, match.groups()))
    return _unreadable(said, text)


def _unreadable(said: str, text: str) -> Reading:
    if match := _COARSE.fullmatch(text):
        why = f"没有写到月，先按 {match[1]} 年记，请核对"
        return Reading(match[1], Problem("date_unparsed", f"“{said}”{why}。", "confirm", match[1]))
    if _DECADE.fullmatch(text):
        return _unparsed(said, "看不出是哪一年，请补上年份，不知道就空着")
    if _NO_YEAR.fullmatch(text):
        return _unparsed(said, "没有写年份，请补上")
    return _unparsed(said, "里不止一个日期，请只留一个") if _TWO.search(text) else _unparsed(said)


def _about(said: str, found: Reading) -> Reading:
    if found.value is None or found.problem:
        return found
    return _suggested(
        "date_unparsed", f"“{said}”说的是大概的时间，先按 {show_date(found.value)} 记，请核对。", found.value
    )


def _at_the_end(said: str, head: str, today: date, far: bool) -> Reading:
    """2024年6月底 → 2024-06-30, 2024年底 → 2024-12-31, 2024年三季度末 → 2024-09-30."""
    if match := _COARSE.fullmatch(head):
        return Reading(last_day_of_part(int(match[1]), match[2] or match[3] or match[4]).isoformat())
    found = _from_plain(said, head, today, far)
    if found.value is None or len(found.value) == 10:
        return found if found.problem else _unparsed(said)
    end = last_day(found.value).isoformat()
    return Reading(
        end,
        None if found.problem is None else Problem(found.problem.code, found.problem.text, "confirm", end),
    )


def last_day_of_part(year: int, part: str) -> date:
    """The last day of a quarter (`1`–`4`) or of a half year (上, 下)."""
    month = {"上": 6, "下": 12}.get(part) or int(part) * 3
    return date(year, month, days_in_month(year, month))


def _day_or_month_first(said: str, first: int, second: int, year: int) -> Reading:
    if second > 12 or first == second:
        return _valid(said, year, first, second)
    if first > 12:
        return _valid(said, year, second, first)
    found = _valid(said, year, first, second)
    if found.value is None:
        return found
    text = f"“{said}”分不清哪个是月、哪个是日，先按 {show_date(found.value)} 记，请核对。"
    return _suggested("date_ambiguous", text, found.value)


def split_range(text: str) -> tuple[str, str] | None:
    """The two days of a cell that holds a validity: 2021.3.29至2026.3.28; None when it is no such pair."""
    match = _RANGE.fullmatch(hyphens(half_width(text)))
    return (match[1], match[2]) if match else None


def days_in_month(year: int, month: int) -> int:
    """28 to 31; what `calendar` knows too, but its import takes as long as all of this module's."""
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return 29 if month == 2 and leap else _DAYS[month - 1]


def is_exact(iso: str) -> bool:
    """Whether the date is known to the day."""
    return len(iso) == 10


def first_day(iso: str) -> date:
    """The first day a date of any precision can mean: 2012-05 → 2012-05-01."""
    return date.fromisoformat(iso if len(iso) == 10 else _padded(iso))


def last_day(iso: str) -> date:
    """The last day a date of any precision can mean: 2012 → 2012-12-31."""
    start = first_day(iso)
    if len(iso) == 10:
        return start
    month = 12 if len(iso) == 4 else start.month
    return date(start.year, month, days_in_month(start.year, month))


def span(iso: str) -> tuple[date, date]:
    """First and last day a date of any precision can mean."""
    return first_day(iso), last_day(iso)


def show_date(iso: str | None, style: Literal["paper", "screen"] = "paper") -> str:
    """`paper`: 2025年9月4日, 2012年5月, 2012年 (GB/T 9704, no padding); `screen`: the ISO text."""
    if not iso:
        return ""
    if style == "screen":
        return iso
    return "".join(f"{int(part)}{name}" for part, name in zip(iso.split("-"), "年月日", strict=False))
