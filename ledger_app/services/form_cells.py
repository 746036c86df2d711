"""The cells of a form outside its rows that are to be filled: who fills it in, when, for which period."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final

from ledger_app.core.dates import show_date
from ledger_app.core.periods import Period
from ledger_app.export.form_view import FormSheet
from ledger_app.export.xlsx.refs import address
from ledger_app.services.forms import FormTable

_BLANK: Final = r"[\s_＿　XＸxｘ×]*"
_ASIDE: Final = r"(?:\s*[（(][^（）()]*[）)])?"
_WHO: Final = re.compile(
    rf"(?P<label>(?:填报|填表|报送|上报|编制|制表|编报|统计|填写|报表)\s*(?:单位|部门|机关){_ASIDE}\s*[:：])(?P<rest>[\s_＿　]*)"
)
_ONLY_WHO: Final = re.compile(
    rf"(?:填报|填表|报送|上报|编制|制表|编报|统计|填写)\s*(?:单位|部门|机关){_ASIDE}"
)
_DAY: Final = rf"(?:\d{{4}}|{_BLANK})年(?:\s*\d{{1,2}}\s*|{_BLANK})月(?:\s*\d{{1,2}}\s*|{_BLANK})日"
_WHEN: Final = re.compile(
    rf"(?P<label>(?P<kind>填报|填表|报送|上报|编制|制表|统计|截[至止])\s*(?:日期|时间|到)?{_ASIDE}\s*[:：]?)\s*{_DAY}"
)
_EMPTY_WHEN: Final = re.compile(
    r"(?P<label>(?P<kind>填报|填表|报送|上报|编制|制表|统计|截[至止])\s*(?:日期|时间)\s*[:：])(?P<rest>[\s_＿　]*)$"
)
_ONLY_WHEN: Final = re.compile(r"(?P<kind>填报|填表|报送|上报|编制|制表|统计|截[至止])\s*(?:日期|时间)")
_WHICH: Final = re.compile(
    r"(?P<label>(?:报告期|统计期|所属期|填报期|报表期|期)别?\s*[:：])(?P<rest>[\s_＿　]*)$"
)
_COUNTY: Final = re.compile(r"(?:[XＸ×]{1,6}|[_＿]{2,})\s*(?P<kind>旗县|旗|县|市|区)(?![县区市])")
_AS_AT: Final = frozenset({"截至", "截止", "统计"})
_LABELLED: Final = re.compile(r"[:：]")
_PERIOD_LINE: Final = re.compile(
    rf"[（(]?\s*(?:\d{{4}}|{_BLANK})\s*年\s*度?{_BLANK}(?:\d{{1,2}}\s*月份?|月份?|第?.?\s*季度|[上下]半年)?\s*[）)]?"
)
_YEAR: Final = rf"(?:(?:19|20)\d\d|{_BLANK})"
_QUARTERS: Final = "一二三四"


@dataclass(frozen=True, slots=True)
class FixedCell:
    """A cell with what stands in it and what is proposed; `why` names the kind: unit, day, period, county."""

    row: int
    column: int
    old: str
    new: str
    why: str

    @property
    def place(self) -> str:
        return address(self.row, self.column)


@dataclass(frozen=True, slots=True)
class Said:
    """What fixed cells are filled with."""

    bureau: str
    county: str
    period: Period
    today: date


def fixed_cells(table: FormTable, said: Said) -> list[FixedCell]:
    """Proposals for the lines above the table: labels with blanks, the period in the title. Signatures
    below it are left to the people who sign."""
    lines = [*table.layout.title_rows, *table.layout.meta_rows]
    return [
        cell for row in sorted(lines) if row < table.layout.header_rows[0] for cell in _line(table, row, said)
    ]


def _line(table: FormTable, row: int, said: Said) -> Iterator[FixedCell]:
    title = row in table.layout.title_rows
    for column, cell in sorted(table.sheet.rows.get(row, {}).items()):
        if cell.text and cell.formula is None:
            new, why = filled(cell.text, said, title=title)
            if new != cell.text:
                yield FixedCell(row, column, cell.text, new, why)
            elif beside := _beside(table.sheet, row, column, cell.text, said):
                yield beside


def filled(text: str, said: Said, *, title: bool) -> tuple[str, str]:
    """The text with its blanks filled, and what was filled first."""
    kinds: Mapping[str, str] = MappingProxyType(
        {
            "unit": _with_bureau(text, said),
            "day": _with_day(text, said),
            "county": _COUNTY.sub(said.county, text) if said.county else text,
            "period": with_period(text, said.period)
            if title or _is_period(text)
            else _after_label(text, said),
        }
    )
    why = next((kind for kind, new in kinds.items() if new != text), "")
    if not why:
        return text, ""
    new = _with_day(_with_bureau(text, said), said)
    new = _COUNTY.sub(said.county, new) if said.county else new
    return (with_period(new, said.period) if title or _is_period(text) else _after_label(new, said)), why


def _with_bureau(text: str, said: Said) -> str:
    """填报单位（盖章）：＿＿＿ with the bureau's name, where nothing else follows but another label."""

    def put(match: re.Match[str]) -> str:
        after = text[match.end() :]
        if not said.bureau or (after and not re.match(r"\S{1,12}?[:：]", after)):
            return match[0]
        return f"{match['label']}{said.bureau}{'    ' if after else ''}"

    return _WHO.sub(put, text)


def _with_day(text: str, said: Said) -> str:
    new = _WHEN.sub(lambda m: m["label"] + _day_of(m["kind"], said), text)
    return _EMPTY_WHEN.sub(lambda m: m["label"] + _day_of(m["kind"], said), new)


def _day_of(kind: str, said: Said) -> str:
    """截至 and 统计 speak of the period's end as far as it has come, the others of the day of filling in."""
    day = min(said.period.end, said.today) if kind in _AS_AT else said.today
    return show_date(day.isoformat())


def _after_label(text: str, said: Said) -> str:
    return _WHICH.sub(lambda m: m["label"] + said.period.label, text)


def _is_period(text: str) -> bool:
    """A line that says a period and nothing else: （2025年  月）."""
    return _LABELLED.search(text) is None and _PERIOD_LINE.fullmatch(text.strip()) is not None


def with_period(text: str, period: Period) -> str:
    """The period a title speaks of replaced by this one, in the title's own manner.

    2025年度 → 2026年度, （2025年  月） → （2025年9月）, 2025年第三季度 → …; a title of a finer kind of period
    than the one asked for stays as it is.
    """
    for pattern, kinds, words in _MANNERS:
        if match := pattern.search(text):
            return _put(text, match, words(match, period)) if period.kind in kinds else text
    return text


def other_period(text: str, period: Period) -> bool:
    """Whether a line speaks of a finer kind of period than the one asked for, so that it was left alone."""
    found = next(((kinds, m) for pattern, kinds, _ in _MANNERS if (m := pattern.search(text))), None)
    return found is not None and period.kind not in found[0]


def _quarter(match: re.Match[str], period: Period) -> str:
    return f"{period.year}年{match['sep'].strip()}{_QUARTERS[(period.end.month - 1) // 3]}季度"


def _month(match: re.Match[str], period: Period) -> str:
    return f"{period.year}年{period.end.month}月{match['part']}"


def _half(_match: re.Match[str], period: Period) -> str:
    return f"{period.year}年{'上' if period.end.month <= 6 else '下'}半年"


def _year(_match: re.Match[str], period: Period) -> str:
    return f"{period.year}年"


_ANY: Final = frozenset({"month", "quarter", "half", "year", "to_date"})
_MANNERS: Final[
    tuple[tuple[re.Pattern[str], frozenset[str], Callable[[re.Match[str], Period], str]], ...]
] = (
    (
        re.compile(rf"{_YEAR}年度?(?P<sep>\s*第?)(?:[{_QUARTERS}1-4]|{_BLANK})季度"),
        frozenset({"month", "quarter"}),
        _quarter,
    ),
    (
        re.compile(rf"{_YEAR}年\s*(?:\d{{1,2}}|{_BLANK})\s*月(?P<part>份?)(?![\d\s]*日)"),
        frozenset({"month"}),
        _month,
    ),
    (re.compile(rf"{_YEAR}年[上下]半年"), frozenset({"month", "quarter", "half"}), _half),
    (
        re.compile(
            rf"(?:(?:19|20)\d\d\s*|^{_BLANK}|(?<=[（(]){_BLANK}|[\s_＿　]{{2,}})年(?!来|以来|[级限轮检终])"
        ),
        _ANY,
        _year,
    ),
)


def _put(text: str, match: re.Match[str], new: str) -> str:
    """The new words in place of the old, blanks before them kept where they set words apart."""
    lead = re.match(r"\s*", match[0])
    kept = lead[0] if lead and match.start() == 0 else ""
    return f"{text[: match.start()]}{kept}{new}{text[match.end() :]}"


def _beside(sheet: FormSheet, row: int, column: int, text: str, said: Said) -> FixedCell | None:
    """A label without a colon whose cell to the right is empty: 填报单位 | ＿＿."""
    label = "".join(text.split())
    when = _ONLY_WHEN.fullmatch(label)
    if not when and not _ONLY_WHO.fullmatch(label):
        return None
    merge = sheet.merge_at(row, column)
    right = (merge.column2 if merge else column) + 1
    new = _day_of(when["kind"], said) if when else said.bureau
    there = sheet.cell(row, right)
    if not new or there is None or there.text or there.formula is not None:
        return None
    return FixedCell(row, right, "", new, "day" if when else "unit")
