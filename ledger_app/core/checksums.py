"""Codes that carry their own check: 统一社会信用代码 (GB 32100, GB 11714) and 身份证号 (GB 11643)."""

from __future__ import annotations

import re
from datetime import date
from itertools import product
from types import MappingProxyType
from typing import Any

from ledger_app.core.characters import half_width, hyphens
from ledger_app.core.errors import Problem, Reading

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100: no I O Z S V
_VALUES = MappingProxyType({char: n for n, char in enumerate(_ALPHABET)})
_CREDIT_WEIGHTS = tuple(pow(3, n, 31) for n in range(17))
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"
# What an illegal letter was most likely meant to be.
_MEANT = MappingProxyType({"O": "0D", "I": "1", "L": "1", "Z": "2", "S": "5", "V": "UY"})
_LETTERS_AND_DIGITS = re.compile(r"[0-9A-Z]+")
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?E\+?\d{1,2}", re.IGNORECASE)
_EXACT_LIMIT = 10**15  # spreadsheets keep fifteen digits of a number


def _lossy(raw: Any) -> Reading | None:
    """id_number_lossy: the digits after the fifteenth are gone and cannot be had back."""
    if isinstance(raw, int | float):
        lost = not abs(raw) < _EXACT_LIMIT  # NaN too
    else:
        lost = bool(_SCIENTIFIC.fullmatch(half_width(str(raw))))
    if not lost:
        return None
    text = f"“{raw}”已被表格变成科学计数法，后几位丢失，找不回来，请按证件重新填写。"
    return Reading(None, Problem("id_number_lossy", text, "refuse"))


def _code(raw: Any) -> str:
    text = str(int(raw)) if isinstance(raw, float) else str(raw)
    return hyphens(half_width(text)).upper().replace(" ", "").replace("-", "").strip("'’‘`")


def _confirm(code: str, text: str, value: str, suggestion: str | None = None) -> Reading:
    return Reading(suggestion or value, Problem(code, text, "confirm", suggestion))


def organisation_check(body: str) -> str:
    """GB 11714: the ninth character of an organisation code from its first eight."""
    left = 11 - sum(w * _VALUES36[c] for w, c in zip(_ORGANISATION_WEIGHTS, body, strict=True)) % 11
    return {10: "X", 11: "0"}.get(left, str(left))


_VALUES36 = MappingProxyType({char: n for n, char in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")})


def credit_check(body: str) -> str:
    """GB 32100: the eighteenth character from the first seventeen."""
    return _ALPHABET[-sum(w * _VALUES[c] for w, c in zip(_CREDIT_WEIGHTS, body, strict=True)) % 31]


def is_credit_code(code: str) -> bool:
    """Whether all 18 characters and both checks are right."""
    if len(code) != 18 or not _VALUES.keys() >= set(code):
        return False
    return credit_check(code[:17]) == code[17] and organisation_check(code[8:16]) == code[16]


def read_credit_code(raw: Any) -> Reading:
    """统一社会信用代码, upper case, half width.

    uscc_checksum_failed (confirm, kept as typed); uscc_illegal_character (confirm; suggestion when exactly one
    exchange of I O Z S V makes both checks right); id_number_lossy (refuse).
    """
    if lost := _lossy(raw):
        return lost
    code = _code(raw)
    if is_credit_code(code):
        return Reading(code)
    if len(code) != 18 or not _LETTERS_AND_DIGITS.fullmatch(code):
        return _confirm("uscc_checksum_failed", f"“{code}”不是 18 位的统一社会信用代码，请核对。", code)
    return _illegal(code) if not _VALUES.keys() >= set(code) else _wrong_check(code)


def _illegal(code: str) -> Reading:
    bad = "、".join(dict.fromkeys(char for char in code if char not in _VALUES))
    choices = (
        "".join(chars) for chars in product(*(_MEANT.get(c, c) if c not in _VALUES else c for c in code))
    )
    right = [choice for choice in choices if is_credit_code(choice)]
    said = f"信用代码“{code}”里有不该出现的字母 {bad}"
    if len(right) == 1:
        return _confirm("uscc_illegal_character", f"{said}，应为 {right[0]}，请核对。", code, right[0])
    return _confirm("uscc_illegal_character", f"{said}，请对照证照核对。", code)


def _wrong_check(code: str) -> Reading:
    if is_id_number(code):
        return _confirm("uscc_checksum_failed", f"“{code}”是身份证号，不是统一社会信用代码，请核对。", code)
    return _confirm(
        "uscc_checksum_failed", f"信用代码“{code}”校验不对，可能有一位写错，请对照证照核对。", code
    )


def id_check(body: str) -> str:
    """GB 11643: the eighteenth character from the first seventeen digits."""
    return _ID_CHECKS[sum(w * int(d) for w, d in zip(_ID_WEIGHTS, body, strict=True)) % 11]


def _born(digits: str) -> bool:
    try:
        date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return True


def is_id_number(number: str) -> bool:
    """18 characters, a real birthday, the right check character; old area codes are all right."""
    if len(number) != 18 or not (number[:17].isascii() and number[:17].isdecimal()):
        return False
    return id_check(number[:17]) == number[17] and _born(number[6:14])


def read_id_number(raw: Any) -> Reading:
    """公民身份号码: x → X, blanks out. id_number_lossy (refuse); id_checksum_failed (confirm, as typed).

    A fifteen-digit number of the first generation is taken as it is, with its eighteen-digit form said.
    """
    if lost := _lossy(raw):
        return lost
    number = _code(raw).replace("×", "X")
    if is_id_number(number):
        return Reading(number)
    if len(number) == 15 and number.isascii() and number.isdecimal() and _born("19" + number[6:12]):
        return _first_generation(number)
    return _confirm(
        "id_checksum_failed", f"身份证号“{number}”{_what_is_wrong(number)}，请对照证件核对。", number
    )


def _first_generation(number: str) -> Reading:
    body = number[:6] + "19" + number[6:]
    text = f"“{number}”是 15 位的旧身份证号，新号应为 {body + id_check(body)}。"
    return Reading(number, Problem("id_fifteen_digits", text, "info", body + id_check(body)))


def _what_is_wrong(number: str) -> str:
    if "*" in number:
        return "打了星号"
    if is_credit_code(number):
        return "是统一社会信用代码"
    if len(number) != 18:
        return f"是 {len(number)} 位，应为 18 位"
    if number[:17].isascii() and number[:17].isdecimal() and not _born(number[6:14]):
        return "里的出生日期不存在"
    return "校验不对，可能有一位写错"
