"""Numbers that name things: permits, document numbers, phone numbers; masks. Codes with a check: checksums."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import Any

from ledger_app.core.characters import half_width, hyphens
from ledger_app.core.checksums import read_credit_code, read_id_number
from ledger_app.core.errors import Problem, Reading

__all__ = [
    "mask_id",
    "mask_phone",
    "normalise_document_number",
    "permit_area",
    "permit_level",
    "permit_source",
    "read_credit_code",
    "read_id_number",
    "read_permit_number",
    "read_phone",
    "split_codes",
    "to_half_width",
]

# Level of the authority, area (GB/T 2260), source, year, serial: domain §1.1.
_PERMIT = re.compile(r"([ABCD])(\d{6})([GS])(\d{4})-(\d{4,5})")
_PERMIT_LIKE = re.compile(r"[A-D0-9OILZSBGQ]{12}-?[0-9OILZSBGQ]{4,5}")
_PERMIT_START = re.compile(r"[ABCD]\d{4,6}[A-Z0-9]")
_SOURCES = MappingProxyType({"G": "地下水", "S": "地表水"})
_LEVELS = MappingProxyType({"A": "水利部或流域机构", "B": "省级", "C": "地市级", "D": "县级"})
_AS_DIGIT = MappingProxyType({ord(a): b for a, b in zip("OQDILZSBG", "000112586", strict=True)})
_AS_LEVEL = MappingProxyType({"8": "B", "0": "D", "O": "D", "4": "A"})
_AS_SOURCE = MappingProxyType({"6": "G", "9": "G", "C": "G", "5": "S"})
_OLD_PERMIT = re.compile(r"取水|水许|许可|[字号第]")
_YEAR_BRACKET = re.compile(r"\s*[(\[{【〔﹝［〈<]\s*(\d{4})\s*年?\s*[)\]}】〕﹞］〉>]\s*")
_CODE_SEPARATORS = re.compile(r"[、，,;；/\s|]+")


def to_half_width(text: str) -> str:
    return half_width(text)


def split_codes(text: str) -> list[str]:
    """The codes of one cell, in order, each once: 150824…J0006；150824…J0011."""
    codes = (code for code in _CODE_SEPARATORS.split(half_width(text)) if code.strip("-—"))
    return list(dict.fromkeys(codes))


def _text(raw: Any) -> str:
    return str(int(raw)) if isinstance(raw, float) and raw.is_integer() else str(raw)


def read_permit_number(raw: Any) -> Reading:
    """取水许可证编号: electronic numbers normalised and checked, old paper numbers kept as text.

    permit_no_typo (confirm): a letter typed as a digit or the other way round, with the number it should be;
    without a suggestion where the form is nearly, but not repairably, that of an electronic number.
    """
    text = half_width(_text(raw))
    number = hyphens(text.upper()).replace(" ", "")
    if _PERMIT.fullmatch(number):
        return Reading(number)
    if _OLD_PERMIT.search(text):
        return Reading(normalise_document_number(text))
    if not any(char.isdigit() for char in number):
        return Reading(None, Problem("permit_no_typo", f"“{text}”不是许可证编号，请核对。", "confirm"))
    return _repaired_permit(number, text) or Reading(number)


def _repaired_permit(number: str, said: str) -> Reading | None:
    """The number with letters and digits put where the form wants them; never without asking."""
    if _PERMIT_LIKE.fullmatch(number):
        bare = number.replace("-", "")
        repaired = _AS_LEVEL.get(bare[0], bare[0]) + bare[1:7].translate(_AS_DIGIT)
        repaired += _AS_SOURCE.get(bare[7], bare[7]) + bare[8:12].translate(_AS_DIGIT)
        repaired += "-" + bare[12:].translate(_AS_DIGIT)
        if _PERMIT.fullmatch(repaired):
            text = f"许可证编号“{said}”像是写错了，应为 {repaired}，请核对。"
            return Reading(repaired, Problem("permit_no_typo", text, "confirm", repaired))
    if len(number) > 12 and _PERMIT_START.match(number):
        text = f"许可证编号“{said}”的位数或格式不对，应像 D150824G2021-0001 这样，请核对。"
        return Reading(number, Problem("permit_no_typo", text, "confirm"))
    return None


def permit_source(number: str) -> str | None:
    """水源类型 the number itself states: G 地下水, S 地表水; None for old paper numbers."""
    match = _PERMIT.fullmatch(number)
    return _SOURCES[match[3]] if match else None


def permit_area(number: str) -> str | None:
    """The six digits of the county, normally where the water is taken."""
    match = _PERMIT.fullmatch(number)
    return match[2] if match else None


def permit_level(number: str) -> str | None:
    """Level of the issuing authority."""
    match = _PERMIT.fullmatch(number)
    return _LEVELS[match[1]] if match else None


def permit_year(number: str) -> int | None:
    """Year of first issue."""
    match = _PERMIT.fullmatch(number)
    return int(match[4]) if match else None


def normalise_document_number(text: str) -> str:
    """文号 and old permits, no blanks, 〔 〕 round the year: 取水(示)字[2015]第13号 → 取水（示）字〔2015〕第13号."""
    number = _YEAR_BRACKET.sub(r"〔\1〕", half_width(text)).replace(" ", "")
    return number.replace("(", "（").replace(")", "）")


_MOBILE = re.compile(r"1[3-9]\d{9}")
_LAND_LINE = re.compile(r"(0\d{2,3})-?(\d{7,8})((?:-|转|ext\.?)\d{1,6})?", re.IGNORECASE)
_SERVICE = re.compile(r"[48]00-?\d{3,4}-?\d{3,4}|\d{5}|\d{3}")
_LOCAL = re.compile(r"\d{7,8}")
_NO_ZERO = re.compile(r"([2-9]\d{1,2})(\d{7,8})")
_PHONE_SEPARATORS = re.compile(
    r"[/、;,|]|(?<=\d) +(?=1[3-9]\d[ \-]?\d{4}[ \-]?\d{4}(?!\d))|(?<=\d{7}) +(?=0\d{2,3}-)"
)
_NAMED = re.compile(r"[^\d*]*?(\+?[\d][\d \-]{5,}\d)[^\d*]*")
_COUNTRY = re.compile(r"(?<!\d)(?:\+|00)86[- ]?")


def read_phone(raw: Any) -> Reading:
    """Mobile and land line numbers, several joined by `/`: 139 0000 0161 → 13900000161.

    phone_invalid (confirm): no such number, kept as typed. A local number without area code is fine.
    """
    text = _COUNTRY.sub("", hyphens(half_width(_text(raw))))
    if _MOBILE.fullmatch(text):
        return Reading(text)
    pieces = [piece.strip() for piece in _PHONE_SEPARATORS.split(text) if piece.strip()]
    numbers = [_one_phone(piece) for piece in pieces]
    value = "/".join(number or piece for number, piece in zip(numbers, pieces, strict=True))
    if all(numbers) and numbers:
        return Reading(value)
    return _bad_phone(_text(raw).strip(), value)


def _one_phone(text: str) -> str | None:
    """The number in its written form; None when it is none."""
    joined = text.replace(" ", "").replace("-", "")
    if _MOBILE.fullmatch(joined) or _LOCAL.fullmatch(joined):
        return joined
    line = re.sub(r"^\((\d+)\)[- ]*", r"\1-", text)
    line = re.sub(r"(?<=\d) +(?=\d)", "-" if "-" not in line else "", line).replace(" ", "")
    return line if _LAND_LINE.fullmatch(line) or _SERVICE.fullmatch(line) else None


def _bad_phone(said: str, value: str) -> Reading:
    if match := _NO_ZERO.fullmatch(value):
        guess = f"0{value[:3]}-{value[3:]}" if len(value) == 10 else f"0{match[1]}-{match[2]}"
        text = f"电话“{said}”像是区号前的 0 丢了，应为 {guess}，请核对。"
        return Reading(guess, Problem("phone_invalid", text, "confirm", guess))
    if (match := _NAMED.fullmatch(value)) and (number := _one_phone(match[1])):
        text = f"电话“{said}”里还有别的字，按 {number} 记，请核对。"
        return Reading(number, Problem("phone_invalid", text, "confirm", number))
    digits = sum(char.isdigit() for char in value)
    why = f"只有 {digits} 位数字" if 0 < digits < 11 else "不像手机号或座机号"
    return Reading(value, Problem("phone_invalid", f"电话“{said}”{why}，请核对。", "confirm"))


def mask_id(number: str) -> str:
    """150824190001021012 → 150824********1012; a shorter text keeps its ends only."""
    return (
        number[:6] + "*" * max(len(number) - 10, 4) + number[-4:] if len(number) > 10 else "*" * len(number)
    )


def _mask_one_phone(number: str) -> str:
    area, dash, local = number.rpartition("-")
    keep = 4 if len(local) > 6 else len(local) // 2
    hidden = min(4, len(local) - keep)
    return area + dash + local[: len(local) - keep - hidden] + "*" * hidden + local[len(local) - keep :]


def mask_phone(numbers: str) -> str:
    """13900000004 → 139****0004, 0478-5550002 → 0478-***0002; each number of several."""
    if len(numbers) == 11 and numbers.isdigit():
        return f"{numbers[:3]}****{numbers[7:]}"  # a mobile number, as nearly all are
    return "/".join(_mask_one_phone(number) for number in numbers.split("/"))
