"""What the words in a row say about it: title line, unit line, heading, total, note, signature."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import Final, Literal

from ledger_app.ingest.child import Cell

TotalKind = Literal["subtotal", "total"]
Filled = Sequence[tuple[int, str]]  # (column, text) of the cells of a row that hold something

_SPACE: Final = re.compile(r"\s+")
_EDGES: Final = " \t\r\n\u3000\xa0\ufeff\u200b"
_TOTAL: Final = re.compile(
    r"(?:[一二三四五六七八九十\d]{1,3}[、.．)）])?"
    r"(?P<name>[\u3400-\u9fff\U00020000-\U0003ffff（）()·]{0,16}?)"
    r"(?P<word>小计|合计|总计|累计|共计|合共|平均值?|均值)"
    r"(?:[:：（(\d].*)?"
)
_WHOLE: Final = re.compile(r"全?[县旗市区镇乡省]|总|全部|全|本表|各[\u3400-\u9fff]{1,3}")
_PAGE: Final = re.compile(r"[（(]?(?:本页|本表|本期|本年|其中)")
_PERSON: Final = (
    r"(?:单位|部门|分管|主管|主要|统计|技术|项目|具体)?"
    r"(?:负责人|责任人|领导|审核人?|复核人?|审查人?|审定人?|审批人?|批准人?|校核人?|填表人?|制表人?|填报人?|"
    r"编制人?|经办人?|统计人?|记录人?|抄表人?|联系人|联系电话|电话|手机|签字|签名|公章|"
    r"(?:报出|填表|填报|上报|制表|报送|编制|统计)?(?:日期|时间))"
    r"(?:[（(][^（）()]*[）)])?"
)
_SIGNATURE: Final = re.compile(_PERSON + r"[:：].*|[（(]?(?:单位)?(?:盖章|公章)[）)]?[:：]?.*", re.DOTALL)
_SIGNATURE_WORD: Final = re.compile(_PERSON)
_NOTE: Final = re.compile(
    r"(?:备?注|说明|填[表报]说明|编制说明|注意事项|附注)(?:\d{0,2}[:：.、．]|[（(]\d|\d)|[*※★☆]|以下空白"
)
_META_WORD: Final = (
    r"[（(]?(?:填报|填表|报送|上报|编制|制表|编报|统计|主管|责任|计量|数量|金额|面积|水量)?"
    r"(?:单位|部门|机关|机构|地区|日期|时间|年度|期间|月份|季度|表号|文号|批准文号|制定机关|有效期至?|截止|截至)"
    r"(?:名称)?(?:[（(][^（）()]*[）)])?"
)
_META: Final = re.compile(_META_WORD + r"[:：].*|[^:：。；]{1,12}[:：].*", re.DOTALL)
_META_NAME: Final = re.compile(
    r"(?:填报|填表|报送|上报|编制|制表|编报|统计)(?:单位|部门|机关|地区|日期|时间|人)(?:[（(].*[）)])?|表号|制定机关|批准文号|计量单位"
)
_ATTACHMENT: Final = re.compile(r"附[件表录图]")
_PERIOD: Final = re.compile(
    r"[（(]?(?:截[止至]|统计截止)?(?:19|20)\d\d(?:年|[-./])(?:度|第?[一二三四]季度|[上下]半年|\d{1,2}(?:月份?|[-./]\d{1,2}日?)?"
    r"(?:\d{1,2}日)?)?(?:[-—~至](?:\d{1,2}月份?)?(?:\d{1,2}日)?)?[）)]?"
)
_CODE: Final = re.compile(r"[A-Za-z0-9\-_/.:°′″'\"+()（）#]+")
_DIGITS: Final = re.compile(r"\d{5,}")
_SENTENCE: Final = re.compile(r"[。；;！？]")
_UNIT: Final = re.compile(
    r"[（(\[【]?(?:10\^?4|[万千百亿])?(?:"
    r"m|米|mm|毫米|cm|厘米|km|公里|千米|m[23²³]|㎡|立方米|立方|方|平方米|亩|公顷|hm[2²]|ha|"
    r"眼|口|处|个|台|套|本|户|人|块|件|项|组|座|株|次|元|kw|千瓦|w|瓦|kva|kwh|kw·h|度|千瓦时|"
    r"%|％|‰|°|度分秒|年|月|日|天|时|小时|年月|年月日|mpa|g/l|mg/l|吨|t|斤|公斤|kg|l|升"
    r")(?:[/／](?:h|时|小时|d|日|天|月|年|a|s|秒|亩|元|人|眼|度|kwh|m3|m³|方|立方米|次))?[）)\]】]?",
    re.IGNORECASE,
)
_QUANTITY: Final = re.compile(r"[\d.,]+(?![年月日])" + _UNIT.pattern, re.IGNORECASE)
_CALENDAR: Final = re.compile(
    r"(?:19|20)\d\d(?:[-./年]?(?:Q[1-4]|0?[1-9]|1[0-2])月?)?|Q[1-4]|\d{1,2}(?:月|日|号)?", re.IGNORECASE
)
_NOTHING: Final = frozenset("-—－/／")
_STEMS: Final = "甲乙丙丁戊己庚辛壬癸"
_COLUMN_NUMBER: Final = re.compile(r"[（(]?(\d{1,3})(?:[)）]|[=＝].*)?")


def shown(cell: Cell) -> str:
    """The text of a cell without the white space around it; "" for a blank one."""
    if isinstance(cell, str):
        return cell.strip(_EDGES)
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, date):
        return f"{cell.year}年{cell.month}月" if cell.day == 1 else cell.isoformat()
    return str(cell)


def squeezed(text: str) -> str:
    """Without any white space: 合　计 is 合计."""
    return _SPACE.sub("", text)


def is_number(cell: Cell) -> bool:
    return isinstance(cell, (int, float)) and not isinstance(cell, bool)


def total_name(text: str) -> tuple[TotalKind, str] | None:
    """Whether a label is that of a total row, and the place it names: 白音嘎查小计 → (subtotal, 白音嘎查)."""
    match = _TOTAL.fullmatch(squeezed(text))
    if match is None:
        return None
    name, word = match["name"], match["word"]
    if word == "小计" or _PAGE.fullmatch(name):
        return "subtotal", "" if _PAGE.fullmatch(name) or _WHOLE.fullmatch(name) else name
    if not name or _WHOLE.fullmatch(name):
        return "total", ""
    return "subtotal", name


def is_note(text: str) -> bool:
    return _NOTE.match(squeezed(text)) is not None


def is_signature_row(filled: Filled, *, in_tail: bool) -> bool:
    """单位负责人：… 审核人：… In the tail also words and names in cells of their own."""
    texts = [squeezed(text) for _, text in filled]
    signed = sum(_SIGNATURE.fullmatch(text) is not None for text in texts)
    if signed and (_SIGNATURE.fullmatch(texts[0]) or 2 * signed >= len(texts)):
        return True
    return in_tail and _SIGNATURE_WORD.fullmatch(texts[0]) is not None


def is_period(text: str) -> bool:
    """A line that is only a date or period: （2025年9月）."""
    return _PERIOD.fullmatch(squeezed(text)) is not None


def is_meta_row(filled: Filled) -> bool:
    """A line such as 填报单位：… 填报时间：… 单位：万m³, in one cell or several."""
    texts = [squeezed(text) for _, text in filled]
    if not texts or (_ATTACHMENT.match(texts[0]) and len(texts) == 1):
        return False
    said = sum(_META.fullmatch(text) is not None for text in texts)
    periods = sum(map(is_period, texts))
    return 2 * (said + periods) >= len(texts) and (said > 0 or len(texts) == periods <= 2)


def is_meta_in_pairs(filled: Filled) -> bool:
    """填报单位 | 水利局 | 填报时间 | 2025年9月: names and values in cells of their own."""
    return 2 <= len(filled) <= 6 and _META_NAME.fullmatch(squeezed(filled[0][1])) is not None


def is_label(cell: Cell) -> bool:
    """Whether a cell could stand in a header: short words, no number, no code, no sentence."""
    if not isinstance(cell, str):
        return False
    text = squeezed(cell)
    if (
        not text
        or len(text) > 60
        or _SENTENCE.search(text)
        or _DIGITS.search(text)
        or _QUANTITY.fullmatch(text)
    ):
        return False
    return not _CODE.fullmatch(text) or text.isalpha() or _UNIT.fullmatch(text) is not None


def is_calendar_number(cell: Cell) -> bool:
    """A number or date that heads a column: a year, a month, a day, 2024.1, 2021Q1."""
    if isinstance(cell, (int, float)):
        return 1900 <= cell < 2101 or (1 <= cell <= 31 and float(cell).is_integer())
    return isinstance(cell, date) or (
        isinstance(cell, str) and _CALENDAR.fullmatch(squeezed(cell)) is not None
    )


def is_unit(text: str) -> bool:
    return _UNIT.fullmatch(squeezed(text)) is not None


def is_unit_row(filled: Filled) -> bool:
    """A header's row of nothing but units: m mm kW / 亩."""
    units = sum(is_unit(text) for _, text in filled)
    return units > 1 and all(is_unit(text) or text in _NOTHING for _, text in filled)


def is_number_row(filled: Filled) -> bool:
    """The line of column numbers under a header: 甲 乙 1 2 3 … or 1 2 3=1+2."""
    numbers = []
    for _, text in filled:
        plain = squeezed(text)
        if plain in _STEMS or plain in {"栏次", "栏号", "序号"}:
            continue
        match = _COLUMN_NUMBER.fullmatch(plain)
        if match is None:
            return False
        numbers.append(int(match[1]))
    steps = [after - before for before, after in pairwise(numbers)]
    ones = sum(step == 1 for step in steps)
    few = len(filled) >= 3 and len(numbers) >= 2
    return few and numbers[0] <= 3 and ones * 5 >= len(steps) * 4
