"""How offices write figures, days and degrees into cells."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

_EPOCH: Final = date(1899, 12, 30)


def scaled(value: float, factor: str) -> int | float:
    exact = Decimal(repr(value)) / Decimal(factor)
    return int(exact) if exact == int(exact) else float(exact)


def as_it_is(value: float, unit: str) -> Any:
    return value


def as_text(value: float, unit: str) -> Any:
    return str(value)


def with_unit(value: float, unit: str) -> Any:
    return f"{value}{unit}"


def full_width(value: float, unit: str) -> Any:
    return "".join(chr(ord(c) + 0xFEE0) for c in str(value))


def _parts(iso: str) -> list[int]:
    return [int(p) for p in iso.split("-")]


def dotted(iso: str) -> Any:
    return ".".join(map(str, _parts(iso)))


def in_words(iso: str) -> Any:
    return "".join(f"{p}{w}" for p, w in zip(_parts(iso), "年月日", strict=False))


def _packed(iso: str) -> Any:
    return int(iso.replace("-", ""))


def _slashed(iso: str) -> Any:
    return "/".join(iso.split("-"))


def _a_date(iso: str) -> Any:
    return datetime.fromisoformat(iso) if len(iso) == 10 else dotted(iso)


def _a_serial(iso: str) -> Any:
    return (date(*_parts(iso)) - _EPOCH).days if len(iso) == 10 else iso


def _spoken(iso: str) -> Any:
    parts = _parts(iso)
    return (
        f"{parts[0]}年"
        + (f"{parts[1]:02d}月" if parts[1:] else "")
        + (f"{parts[2]:02d}号" if parts[2:] else "")
    )


def _loud(iso: str) -> Any:
    return full_width(dotted(iso), "")


DATES: Final = (
    dotted,
    in_words,
    _packed,
    _slashed,
    _a_date,
    _a_serial,
    _spoken,
    _loud,
    lambda iso: iso,
    lambda iso: _slashed(iso) + (" 0:00:00" if len(iso) == 10 else ""),
    lambda iso: iso.replace("-", "."),
)


def _dms(value: float) -> tuple[int, int, str]:
    seconds = round(value * 3600, 3)
    return int(seconds // 3600), int(seconds % 3600 // 60), f"{seconds % 60:06.3f}"


def _signs(form: str) -> Callable[[float, str], Any]:
    return lambda value, axis: form.format(
        *_dms(value), E="E" if axis == "longitude" else "N", 东经="东经" if axis == "longitude" else "北纬"
    )


DEGREES: Final = (
    lambda v, a: v,
    lambda v, a: str(v),
    _signs("{0}°{1:02d}′{2}″"),
    _signs("{0}度{1}分{2}秒"),
    _signs("{0} {1} {2}"),
    _signs("{E}{0}°{1}'{2}\""),
    _signs("{东经}{0}°{1}′{2}″"),
    _signs("{0}:{1}:{2}"),
    _signs("{0}°{1}'{2}''{E}"),
    _signs("{0}-{1}-{2}"),
    lambda v, a: f"{v}°",
)
