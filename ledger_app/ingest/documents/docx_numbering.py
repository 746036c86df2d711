"""Automatic numbers of Word paragraphs, as they print: 一、 （一） 1. ①."""

from __future__ import annotations

import re
from typing import Any

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DIGITS = "零一二三四五六七八九"
_PLACEHOLDER = re.compile(r"%([1-9])")
_CHINESE = {
    "chineseCounting", "chineseCountingThousand", "chineseLegalSimplified", "ideographDigital",
    "japaneseCounting", "taiwaneseCounting", "taiwaneseCountingThousand", "ideographTraditional",
}  # fmt: skip


class Numbering:
    """Counts the numbered paragraphs of one document in their order."""

    def __init__(self, numbering: Any, styles: Any) -> None:
        self._levels = _levels(numbering)
        self._of_style = _styles(styles)
        self._counts: dict[tuple[str, int], int] = {}

    def printed(self, paragraph: Any) -> str:
        """The number in front of a paragraph, an empty text if Word prints none."""
        reference = self._reference(paragraph)
        if reference is None:
            return ""
        list_id, level = reference
        formats = self._levels.get(list_id, {})
        if level not in formats:
            return ""
        self._count(list_id, level, formats)
        return _PLACEHOLDER.sub(
            lambda found: self._value(list_id, int(found[1]) - 1, formats), formats[level][1]
        )

    def _reference(self, paragraph: Any) -> tuple[str, int] | None:
        properties = paragraph.find(f"{_W}pPr")
        if properties is None:
            return None
        own = _reference(properties.find(f"{_W}numPr"))
        style = properties.find(f"{_W}pStyle")
        inherited = self._of_style.get(style.get(f"{_W}val", "")) if style is not None else None
        list_id, level = own or inherited or ("", 0)
        if own and not list_id and inherited:
            list_id = inherited[0]
        return (list_id, level) if list_id not in {"", "0"} else None

    def _count(self, list_id: str, level: int, formats: dict[int, tuple[str, str, int]]) -> None:
        start = formats[level][2]
        self._counts[list_id, level] = self._counts.get((list_id, level), start - 1) + 1
        for deeper in formats:
            if deeper > level:
                self._counts.pop((list_id, deeper), None)

    def _value(self, list_id: str, level: int, formats: dict[int, tuple[str, str, int]]) -> str:
        kind, _, start = formats.get(level, ("decimal", "", 1))
        return _formatted(kind, self._counts.get((list_id, level), start))


def _reference(element: Any) -> tuple[str, int] | None:
    if element is None:
        return None
    list_id, level = element.find(f"{_W}numId"), element.find(f"{_W}ilvl")
    number = level.get(f"{_W}val", "0") if level is not None else "0"
    return (
        list_id.get(f"{_W}val", "") if list_id is not None else "",
        int(number) if number.isdigit() else 0,
    )


def _styles(styles: Any) -> dict[str, tuple[str, int]]:
    """Style id → list id and level, for styles that number their paragraphs."""
    found: dict[str, tuple[str, int]] = {}
    for style in styles.iterchildren(f"{_W}style") if styles is not None else ():
        reference = _reference(style.find(f"{_W}pPr/{_W}numPr"))
        if reference is not None:
            found[style.get(f"{_W}styleId", "")] = reference
    return found


def _levels(numbering: Any) -> dict[str, dict[int, tuple[str, str, int]]]:
    """List id → level → (number format, text such as （%1）, first number)."""
    if numbering is None:
        return {}
    abstract = {
        element.get(f"{_W}abstractNumId"): _formats(element)
        for element in numbering.iterchildren(f"{_W}abstractNum")
    }
    lists: dict[str, dict[int, tuple[str, str, int]]] = {}
    for element in numbering.iterchildren(f"{_W}num"):
        target = element.find(f"{_W}abstractNumId")
        formats = dict(abstract.get(target.get(f"{_W}val") if target is not None else None, {}))
        for override in element.iterchildren(f"{_W}lvlOverride"):
            _override(formats, override)
        lists[element.get(f"{_W}numId", "")] = formats
    return lists


def _formats(element: Any) -> dict[int, tuple[str, str, int]]:
    return {_number(level, "ilvl"): _format(level) for level in element.iterchildren(f"{_W}lvl")}


def _format(level: Any) -> tuple[str, str, int]:
    kind, text, start = (level.find(f"{_W}{name}") for name in ("numFmt", "lvlText", "start"))
    return (
        kind.get(f"{_W}val", "decimal") if kind is not None else "decimal",
        text.get(f"{_W}val", "") if text is not None else "",
        _number(start, "val") if start is not None else 1,
    )


def _override(formats: dict[int, tuple[str, str, int]], override: Any) -> None:
    level = _number(override, "ilvl")
    own, start = override.find(f"{_W}lvl"), override.find(f"{_W}startOverride")
    if own is not None:
        formats[level] = _format(own)
    if start is not None and level in formats:
        formats[level] = (*formats[level][:2], _number(start, "val"))


def _number(element: Any, name: str) -> int:
    value = element.get(f"{_W}{name}", "0")
    return int(value) if value.isdigit() else 0


def _formatted(kind: str, value: int) -> str:
    if kind in _CHINESE:
        return _chinese(value)
    if kind.startswith("decimalEnclosedCircle") and 1 <= value <= 20:
        return chr(0x2460 + value - 1)
    if kind == "decimalFullWidth":
        return "".join(chr(ord(digit) - ord("0") + 0xFF10) for digit in str(value))
    if kind in {"bullet", "none"}:
        return ""
    if kind in {"upperLetter", "lowerLetter"} and 1 <= value <= 26:
        return chr((65 if kind == "upperLetter" else 97) + value - 1)
    return str(value)


def _chinese(value: int) -> str:
    if value <= 10:
        return "十" if value == 10 else _DIGITS[value]
    hundreds, rest = divmod(value, 100)
    tens, units = divmod(rest, 10)
    text = _DIGITS[hundreds] + "百" if hundreds else ""
    if tens:
        text += ("" if tens == 1 and not hundreds else _DIGITS[tens]) + "十"
    elif hundreds and units:
        text += "零"
    return text + (_DIGITS[units] if units else "")
