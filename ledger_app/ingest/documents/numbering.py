"""The numbering styles of official documents, as a table: 一、（一）1.（1）① 一是 问题四 第十六项 序号16."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

CHINESE = "零〇一二三四五六七八九十百"
_DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_CN = f"[{CHINESE}]{{1,5}}"
_AR = "[0-9０-９]{1,3}"
_OPEN, _CLOSE = "[（(﹙〔]", "[）)﹚〕]"

Kind = Literal["heading", "ordinal", "named"]


@dataclass(frozen=True, slots=True)
class Style:
    """One way to number. A smaller rank stands higher in a document (GB/T 9704: 一、（一）1.（1）)."""

    name: str
    rank: float
    pattern: str
    kind: Kind = "heading"


# Words that number a problem: 问题四：, 整改任务3., 序号16, {编号364(35-11)}：
NAMES = "问题编号|任务编号|序号|编号|具体问题|反馈问题|存在问题|问题清单|问题|整改任务|整改事项|任务|事项|整改问题"

STYLES = (
    Style("part", 0, rf"第(?:{_CN}|{_AR})(?:部分|章|编)"),
    Style("一、", 1, rf"{_CN}[、.．]"),
    Style("（一）", 2, rf"{_OPEN}{_CN}{_CLOSE}[、.．]?|[\u3220-\u3229]"),
    Style("1.", 3, rf"{_AR}[.．、]|[\u2488-\u249b]"),
    Style("（1）", 4, rf"{_OPEN}{_AR}{_CLOSE}[、.．]?|[\u2474-\u2487]"),
    Style("1）", 5, rf"{_AR}{_CLOSE}"),
    Style("①", 6, r"[\u2460-\u2473\u3251-\u325f\u32b1-\u32bf]"),
    Style("一是", 8, rf"{_CN}[是要]", "ordinal"),
    Style("第一，", 8, rf"(?:第{_CN}|其{_CN})[，,]", "ordinal"),
    Style(
        "问题一",
        3.5,
        rf"(?:{NAMES})(?:{_OPEN}(?:{_CN}|{_AR}){_CLOSE}|{_CN}|{_AR})(?=[：:、.．，,]|$)"
        rf"|[{{【［\[（(](?:{NAMES})[^：:，。；]{{1,16}}[}}】］\]）)](?=[：:])",
        "named",
    ),
    Style(
        "第一项",
        3.5,
        rf"第(?:{_CN}|{_AR})[项个条](?:整改任务|反馈问题|具体问题|整改事项|任务|问题)?(?=[：:、，,]|$)",
        "named",
    ),
)
_BY_GROUP = {f"s{index}": style for index, style in enumerate(STYLES)}
_ANY = re.compile("|".join(f"(?P<s{index}>{style.pattern})" for index, style in enumerate(STYLES)))
_YEAR = re.compile(r"(?:19|20)\d\d(?:年|[-—–－~～至、/])")
# 一、二级保护区 at the start of a broken line is no marker.
_COUNTED = re.compile(rf"[{CHINESE}]{{1,2}}(?:[级类期批轮次号团连师]|季度|产业|标段)")
_NUMERAL = re.compile(rf"[0-9]{{1,4}}|[{CHINESE}]{{1,5}}")


@dataclass(frozen=True, slots=True)
class Marker:
    """A number found at the start of a unit of text; `end` is where the text behind it begins."""

    start: int
    end: int
    style: Style
    value: int
    printed: str

    @property
    def number(self) -> str:
        """The marker as a task number: without the dot behind it, and without the brackets of {编号…}."""
        if self.style.kind == "named" and self.printed[0] in "{【［[（(":
            return self.printed[1:-1]
        if self.style.name == "第一项":
            return re.split(r"(?<=[项个条])", self.printed, maxsplit=1)[0]
        return self.printed.rstrip("、.．，,：:")


def number_value(text: str) -> int | None:
    """The numeric value of the first numeral in a marker: （十一）→ 11, 问题四 → 4, ⑫ → 12."""
    found = _NUMERAL.search(unicodedata.normalize("NFKC", text))
    if found is None:
        return None
    numeral = found.group()
    return int(numeral) if numeral.isdigit() else _chinese_value(numeral)


def _chinese_value(numeral: str) -> int:
    if not set(numeral) & set("十百"):
        return int("".join(str(_DIGITS[character]) for character in numeral))
    total = digit = 0
    for character in numeral:
        if character in "十百":
            total += (digit or 1) * (10 if character == "十" else 100)
            digit = 0
        else:
            digit = _DIGITS[character]
    return total + digit


def marker_at(text: str, start: int, end: int, *, spaced: bool = False) -> Marker | None:
    """The marker that begins at `start`, if there is one. `spaced` says that a blank follows its dot."""
    found = _ANY.match(text, start, end)
    if found is None or found.lastgroup is None:
        return None
    style = _BY_GROUP[found.lastgroup]
    if not _plausible(style, text, found.end(), end, spaced=spaced):
        return None
    value = number_value(found.group())
    return (
        None
        if value is None
        else Marker(start, _past_colon(style, text, found.end()), style, value, found.group())
    )


def _plausible(style: Style, text: str, position: int, end: int, *, spaced: bool) -> bool:
    """3.09万吨 and 一、二级 at the start of a broken line are text, 1.2022年 and 1. 22处 are numbered."""
    if style.name == "1." and text[position : position + 1].isdigit():
        return spaced or _YEAR.match(text, position, end) is not None
    return not (style.name == "一、" and _COUNTED.match(text, position, end))


def _past_colon(style: Style, text: str, position: int) -> int:
    if style.kind == "named" and text[position : position + 1] in {"：", ":", "、", ".", "．"}:
        return position + 1
    return position
