"""One raw cell or typed text → a number in the base unit, or a sentence why not."""

from __future__ import annotations

import math
import re
from datetime import date, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from ledger_app.core.characters import DASHES, chinese_integer, half_width
from ledger_app.core.errors import Problem, Reading
from ledger_app.core.units import SCALES, Unit, factor_between, find_unit, plain, round_half_even, to_decimal

if TYPE_CHECKING:
    from collections.abc import Iterator

# What clerks put where there is nothing (domain §8). In some columns a token is a value (计量方式 无): those
# columns look into their own list first.
BLANK_TOKENS = frozenset({"", "/", "\\", "-", "—", "无", "暂无", "空", "N/A", "n/a", "NULL", "null", "None"})
_BLANK_STROKES = frozenset(DASHES + "/\\／＼|_ ")

_LIMIT = 10**15  # no quantity of a county, and the last whole number a double keeps without doubt
_LONGEST = 40
_ONE, _PERCENT = Decimal(1), Decimal("0.01")
_COUNTED = frozenset({"个", "人", "户"})
_PLAIN = re.compile(r"[+-]?\d+(?:\.\d+)?")
_SIGN = re.compile(r"^(?:[−－﹣–—]|负)(?=\s*[\d.])")
_GROUPED = re.compile(r"(?<![\d.])\d{1,3}(?:[, ]\d{3})+(?!\d|[, ]\d)")
_STRETCHED = re.compile(r"(?<![\d.])\d(?: \d)+(?! ?\d)")
_ROUND_DOT = re.compile(r"(?<=\d)\s*[.。·]\s*(?=\d)")
_PREFIX = re.compile(r"^(?:[φΦфФø∅⌀Ø]|DN|Dn|dn|直径|内径|外径|[¥￥$]|人民币)\s*(?=[\d.])")
_BEFORE = re.compile(
    r"^(?:大约|大概|约为|约有|约|将近|接近|近|估计|估算|估|不足|不到|至少|超过|超|大于|小于|≈|~|～|[<>≤≥])\s*"
)
_AFTER = re.compile(r"\s*(?:左右|上下|以上|以下|以内|不到|多|余|约|[?？]|\(估\)|\(约\)|估)$")
_INNER = re.compile(r"(?<=\d)\s*(?:多|余|来)\s*(?=\D)")
_REMARK = re.compile(r"^(.*\d\D*?)\s*[(\[【]([^()\[\]【】]*)[)\]】]$")
_NUMBER = re.compile(r"([+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,2})?)\s*(.*)", re.DOTALL)
_RANGE = re.compile(r"^[\d.]+\s*\D{0,5}?\s*[-–—~～至到]+\s*[\d.]+\s*\D*$")
_DECIMAL_COMMA = re.compile(r"^(-?\d+),(\d{1,2})(\D.*)?$", re.DOTALL)
_DATE_LIKE = re.compile(
    r"^\d{4}\s*[年./-]\s*\d{1,2}\s*(?:[月./-]\s*\d{0,2}\s*[日号]?)?$|^\d{1,2}月\d{1,2}日$"
)
_CHINESE = re.compile(r"^[零〇一二两三四五六七八九十百千万亿]+")


def is_blank(raw: Any) -> bool:
    """Whether a cell says nothing: empty, blanks of any width, a stroke (/ — -), 无."""
    if raw is None:
        return True
    if not isinstance(raw, str):
        return isinstance(raw, float) and math.isnan(raw)
    if raw in BLANK_TOKENS:
        return True
    text = half_width(raw)
    return text in BLANK_TOKENS or _BLANK_STROKES.issuperset(text)


def read_number(raw: Any, unit: Unit | None, base: str, places: int | None) -> Reading:
    """`raw` in the column's `unit` → int or float in `base`, rounded half-even to `places` (None: not at all).

    A unit written in the cell wins over the column's (31200m³ in a 万m³ column). Codes: approximate_value
    (confirm, 约85米), non_numeric_value (confirm, no value), out_of_range (refuse, beyond 10¹⁵). Blanks are the
    caller's business.
    """
    factor = _column_factor(unit, base)
    if factor is None:
        return _wrong_column(unit, base)
    reading = _read(raw, factor, unit, base, places)
    if reading.value is not None and not -_LIMIT < reading.value < _LIMIT:
        return Reading(None, Problem("out_of_range", f"“{str(raw)[:24]}”太大了，请核对。", "refuse"))
    return reading


def _read(raw: Any, factor: Decimal, unit: Unit | None, base: str, places: int | None) -> Reading:
    if isinstance(raw, float):
        return _read_float(raw, factor, places)
    if isinstance(raw, str):
        return _read_text(raw, factor, unit, base, places)
    if isinstance(raw, int | Decimal) and not isinstance(raw, bool):
        return Reading(raw if factor == 1 and isinstance(raw, int) else _stored(Decimal(raw), factor, places))
    return _not_a_number(raw)


def _column_factor(unit: Unit | None, base: str) -> Decimal | None:
    return _ONE if unit is None or unit.symbol == base else _own_factor(unit, base)


def _read_float(raw: float, factor: Decimal, places: int | None) -> Reading:
    if not math.isfinite(raw):
        return _not_a_number(raw)
    if factor == 1 and (places is None or round(raw, places) == raw):  # nothing to round: no Decimal needed
        return Reading(int(raw) if raw.is_integer() else raw)
    return Reading(_stored(to_decimal(raw), factor, places))


def _read_text(raw: str, factor: Decimal, unit: Unit | None, base: str, places: int | None) -> Reading:
    text = half_width(raw)
    if len(text) > _LONGEST:
        return _refused_words(f"{text[:_LONGEST]}…", text)
    if _PLAIN.fullmatch(text):
        return Reading(_stored(Decimal(text), factor, places))
    tidied = _tidied(text)
    value = _amount(tidied, unit, base, places)
    return Reading(value) if value is not None else _read_doubtful(raw, tidied, unit, base, places)


def _stored(number: Decimal, factor: Decimal, places: int | None) -> int | float:
    exact = number * factor
    return plain(exact if places is None else round_half_even(exact, places))


def _close_up(match: re.Match[str]) -> str:
    return match.group().replace(",", "").replace(" ", "")


def _tidied(text: str) -> str:
    """Separators, blanks inside a number, odd minus signs and the diameter sign taken out."""
    text = text.lstrip("'`’‘").strip()
    text = _PREFIX.sub("", _SIGN.sub("-", text))
    text = _ROUND_DOT.sub(".", text)
    return _STRETCHED.sub(_close_up, _GROUPED.sub(_close_up, text))


def _amount(text: str, unit: Unit | None, base: str, places: int | None) -> float | None:
    """`85`, `85m`, `3.9万m³`, `1.2万`, `58.02%`, `八十米`: a number and at most a unit, nothing else."""
    parts = _number_and_rest(text)
    if parts is None:
        return None
    number, rest = parts
    factor = _cell_factor(rest, unit, base)
    return None if factor is None else _stored(number, factor, places)


def _number_and_rest(text: str) -> tuple[Decimal, str] | None:
    if match := _NUMBER.fullmatch(text):
        try:
            return Decimal(match.group(1)), match.group(2).strip()
        except InvalidOperation:
            return None
    if match := _CHINESE.match(text):
        whole = chinese_integer(match.group())
        if whole is not None:
            return Decimal(whole), text[match.end() :].strip()
    return None


def _cell_factor(rest: str, unit: Unit | None, base: str) -> Decimal | None:
    """How many `base` the cell's own unit is; the column's where the cell names none; None: no unit of ours."""
    rest = rest.rstrip("。.;；,，")
    if not rest:
        return _column_factor(unit, base)
    if rest in SCALES:
        factor = _column_factor(_without_prefix(unit), base)
        return None if factor is None else SCALES[rest] * factor
    own = find_unit(rest)
    return _own_factor(own, base) if own else None


def _own_factor(own: Unit, base: str) -> Decimal | None:
    if not base:  # a bare number: a share or a count
        return own.factor * _PERCENT if own.base == "%" else own.factor if own.base in _COUNTED else None
    if (factor := factor_between(own, base)) is not None:
        return factor
    target = find_unit(base)  # 63方 in a column of m³/h: the "per hour" goes without saying
    return own.factor / target.factor if target and target.base.startswith(own.base + "/") else None


def _without_prefix(unit: Unit | None) -> Unit | None:
    """万m³ → m³: 1.2万 in a column of 万m³ is 12,000 m³, not 12,000 万m³."""
    return find_unit(unit.symbol[1:]) or unit if unit and unit.symbol[0] in "万亿" else unit


def _read_doubtful(raw: str, text: str, unit: Unit | None, base: str, places: int | None) -> Reading:
    for bare, word in _less_qualified(text):
        found = _amount(bare, unit, base, places)
        if found is not None:
            return _approximate(raw, word, found, base)
    if match := _DECIMAL_COMMA.fullmatch(text):
        return _decimal_comma(raw, match, unit, base, places)
    return _refused_words(raw, text)


def _less_qualified(text: str) -> Iterator[tuple[str, str]]:
    """The text without 约 / 左右 / 余, then without a remark in brackets; each with what was left out."""
    bare = _INNER.sub("", _AFTER.sub("", _BEFORE.sub("", text)))
    if bare != text:
        yield bare, _qualifier(text)
    if match := _REMARK.fullmatch(text):
        yield match.group(1), match.group(2)


def _qualifier(text: str) -> str:
    match = _BEFORE.search(text) or _AFTER.search(text) or _INNER.search(text)
    return match.group().strip() if match else ""


def _approximate(raw: str, word: str, number: float, base: str) -> Reading:
    said = f"“{raw.strip()}”带有“{word}”{'字' if len(word) == 1 else ''}"
    return _doubtful(said, number, base, "approximate_value")


def _decimal_comma(
    raw: str, match: re.Match[str], unit: Unit | None, base: str, places: int | None
) -> Reading:
    found = _amount(f"{match.group(1)}.{match.group(2)}{match.group(3) or ''}", unit, base, places)
    if found is None:
        return _refused_words(raw, raw)
    return _doubtful(f"“{raw.strip()}”里的逗号像是小数点", found, base, "non_numeric_value")


def _doubtful(said: str, number: float, base: str, code: str) -> Reading:
    amount = f"{number} {base}".rstrip()
    return Reading(number, Problem(code, f"{said}，按 {amount} 记，请核对。", "confirm", number))


def _refused_words(raw: str, text: str) -> Reading:
    said = raw.strip()
    if _DATE_LIKE.fullmatch(text):
        why = f"“{said}”像是日期，这一栏要填数字。"
    elif _RANGE.fullmatch(text):
        why = f"“{said}”写的是一个范围，请填一个数。"
    elif (parts := _number_and_rest(text)) and find_unit(parts[1]):
        why = f"“{said}”的单位和这一栏对不上，请核对。"
    else:
        why = f"“{said}”不是数字，请改成数字；原话可以写到备注里。"
    return Reading(None, Problem("non_numeric_value", why, "confirm"))


def _wrong_column(unit: Unit | None, base: str) -> Reading:
    symbol = unit.symbol if unit else ""
    why = f"表头的单位“{symbol}”和这一项的单位“{base or '个'}”对不上，请核对表头。"
    return Reading(None, Problem("non_numeric_value", why, "confirm"))


def _not_a_number(raw: Any) -> Reading:
    if isinstance(raw, date | time | timedelta):
        why = "这里填的是日期或时间，这一栏要填数字。"
    else:
        why = f"“{raw}”不是数字，请核对。"
    return Reading(None, Problem("non_numeric_value", why, "confirm"))
