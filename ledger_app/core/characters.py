"""One width for every character: full-width forms, odd blanks and dashes, Chinese numerals."""

from __future__ import annotations

import re
from types import MappingProxyType

_BLANKS = "\u00a0\u1680\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\t\r\n\v\f"
_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f"
_HALF = MappingProxyType(
    {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
    | {ord(c): 0x20 for c in _BLANKS}
    | {ord(c): None for c in _INVISIBLE}
)

# Every stroke a clerk types where a hyphen is meant (no minus of its own: see numbers).
DASHES = "-‐‑‒–—―─━﹣－−ー"
_DASH = MappingProxyType({ord(c): 0x2D for c in DASHES})

_DIGITS = MappingProxyType(
    {ord(c): str(n) for n, c in enumerate("〇一二三四五六七八九")}
    | {ord(c): str(n) for n, c in enumerate("零壹贰叁肆伍陆柒捌玖")}
    | {ord("○"): "0", ord("两"): "2"}
)
_TENS = MappingProxyType({"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000})
_LARGE = (("亿", 10**8), ("万", 10**4))
_NUMERAL = re.compile(r"[〇○零一二三四五六七八九两壹贰叁肆伍陆柒捌玖十拾百佰千仟万亿]+")
_DIGITS_ONLY = re.compile(r"[〇○零一二三四五六七八九两壹贰叁肆伍陆柒捌玖]+")


def half_width(text: str) -> str:
    """ASCII for full-width letters, digits and signs, a plain blank for every blank; ends trimmed."""
    if text.isascii() and text.isprintable():
        return text.strip()
    return text.translate(_HALF).strip()


def hyphens(text: str) -> str:
    """Every kind of dash as `-`."""
    return text if text.isascii() else text.translate(_DASH)


def without_blanks(text: str) -> str:
    """Half width, and no blank left inside either."""
    return half_width(text).replace(" ", "")


def _below_ten_thousand(text: str) -> int | None:
    total, digit = 0, -1
    for char in text:
        if char in _TENS:
            total += _TENS[char] * (1 if digit < 0 else digit)
            digit = -1
        elif digit > 0:
            return None  # two digits in a row: 二五百 is no numeral
        else:
            digit = int(_DIGITS[ord(char)])
    return total + max(digit, 0)


def chinese_integer(text: str) -> int | None:
    """八十五 → 85, 一百二十 → 120, 二〇二五 → 2025, 三万 → 30000; None for anything else."""
    if not _NUMERAL.fullmatch(text):
        return None
    if _DIGITS_ONLY.fullmatch(text):
        return int(text.translate(_DIGITS))
    for char, scale in _LARGE:
        if char in text:
            head, _, tail = text.partition(char)
            high, low = chinese_integer(head), chinese_integer(tail) if tail else 0
            return None if high is None or low is None else high * scale + low
    return _below_ten_thousand(text)


def _as_digits(match: re.Match[str]) -> str:
    value = chinese_integer(match.group())
    return match.group() if value is None else str(value)


def arabic(text: str) -> str:
    """Numerals written in characters as digits, in place: 二〇二五年九月三日 → 2025年9月3日."""
    return text if text.isascii() else _NUMERAL.sub(_as_digits, text)
