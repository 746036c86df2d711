"""Longitude and latitude: decimal degrees out of every form clerks write them in."""

from __future__ import annotations

import math
import re
from types import MappingProxyType
from typing import Any

from ledger_app.core.characters import half_width
from ledger_app.core.errors import Problem, Reading

PLACES = 6
_EAST, _NORTH = (73.0, 136.0), (3.0, 54.0)  # domain §9: the hard limits
_NAMES = MappingProxyType({"longitude": "经度", "latitude": "纬度"})
_EARTH_M = 6_371_008.8

_SIGNS = MappingProxyType(
    {ord(c): "°" for c in "˚º∘度ᵒ⁰"}
    | {ord(c): "'" for c in "′’‘`´ʹˊ分"}
    | {ord(c): '"' for c in "″”“ʺ˝秒〃"}
    | {ord(c): "-" for c in "−–—"}
    | {ord(c): "." for c in "。·"}
)
_SIDE = re.compile(
    r"^(东经|北纬|西经|南纬|经度|纬度|经|纬|lon\w*|lat\w*|[ENWS])\s*[:=]?\s*|\s*([ENWS])$", re.IGNORECASE
)
_AWAY = re.compile(r"西经|南纬|^[WS]|[WS]$", re.IGNORECASE)
_AROUND_POINT = re.compile(r"\s*\.\s*")
_DECIMAL = re.compile(r"([+-]?\d+(?:\.\d*)?)\s*°?")
_DMS = re.compile(r"""(\d{1,3})\s*°\s*(\d{1,2})\s*['\s\-:]\s*(\d{1,2}(?:\.\d+)?)\s*["']?""")
_SPACED = re.compile(r"""(\d{1,3})(?P<sep>\s+|[.\-:])(\d{1,2})(?P=sep)(\d{1,2}(?:\.\d+)?)["']?""")
_DM = re.compile(r"(\d{1,3})\s*[°\s:]\s*(\d{1,2}(?:\.\d+)?)\s*'?")
_PAIR = re.compile(
    r"\s*[,;、/|]\s*|\s+(?=[ENWS东北])|(?<=[\d°'\"′″度分秒])(?=(?:东经|北纬|[EN])\d)|(?<=[ENWS])\s+(?=\d)|(?<=\.\d{3})(\d*)\s+(?=\d{2,3}\.\d{3})",
    re.IGNORECASE,
)


def read_coordinate(raw: Any, axis: str) -> Reading:
    """A cell of one axis (longitude, latitude) → decimal degrees, six places.

    A value of the other axis passes: `check_pair` sees the exchange. coordinate_out_of_range (refuse; with a
    suggestion where a lost decimal point explains it), coordinate_projected (info, no value: metres of a
    plane projection are not converted), non_numeric_value (confirm, no value).
    """
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        return _judged(float(raw), raw, axis)
    text = half_width(str(raw))
    try:
        return _judged(float(text), raw, axis)
    except ValueError:
        return _from_text(text, raw, axis)


def _from_text(text: str, raw: Any, axis: str) -> Reading:
    degrees = _signed_degrees(text)
    if degrees is not None:
        return _judged(degrees, raw, axis)
    if both := split_pair(text):
        return _from_text(both[0] if axis == "longitude" else both[1], raw, axis)
    why = f"“{str(raw).strip()}”看不出是多少度，请写成 108.484845 或 108°29′05″ 的样子。"
    return Reading(None, Problem("non_numeric_value", why, "confirm"))


def _signed_degrees(text: str) -> float | None:
    """Degrees of a half-width text, negative in the west and the south; NaN: minutes or seconds reach 60."""
    bare = _SIDE.sub("", text)
    bare = _AROUND_POINT.sub(".", bare.translate(_SIGNS).replace("''", '"'))
    degrees = _degrees(bare)
    return -degrees if degrees is not None and bare != text and _AWAY.search(text) else degrees


def _degrees(text: str) -> float | None:
    if match := _DECIMAL.fullmatch(text):
        return float(match[1])
    if match := _SPACED.fullmatch(text):
        degrees, minutes, seconds = (float(match[n]) for n in (1, 3, 4))
    elif match := _DMS.fullmatch(text) or _DM.fullmatch(text):
        degrees, minutes, seconds = (float(part) for part in (*match.groups(), 0)[:3])
    else:
        return None
    return degrees + minutes / 60 + seconds / 3600 if minutes < 60 and seconds < 60 else math.nan


def split_pair(text: str) -> tuple[str, str] | None:
    """Both halves of a cell that holds a point, longitude first: N41.33, E108.48 → (E108.48, N41.33)."""
    pieces = [piece for piece in _PAIR.sub(r"\1|", half_width(text)).split("|") if piece.strip()]
    if len(pieces) != 2:
        return None
    values = [_signed_degrees(piece.strip()) for piece in pieces]
    if values[0] is None or values[1] is None or min(values[0], values[1]) < 2:
        return None
    return (pieces[0], pieces[1]) if values[0] > values[1] else (pieces[1], pieces[0])


def _within(value: float, limits: tuple[float, float]) -> bool:
    return limits[0] <= value <= limits[1]


def _judged(value: float, raw: Any, axis: str) -> Reading:
    if _within(value, _EAST) or _within(value, _NORTH):
        return Reading(round(value, PLACES))
    said = str(raw).strip()
    if math.isnan(value):
        return _out_of_range(f"{_NAMES[axis]}“{said}”的分、秒要小于 60，请核对。")
    if _is_projected(value, axis):
        text = f"{_NAMES[axis]}“{said}”是平面坐标（米），没有换算成经纬度。"
        return Reading(None, Problem("coordinate_projected", text, "info"))
    limits = "73–136" if axis == "longitude" else "3–54"
    guess = _with_point(value, axis)
    hint = f"，可能是 {guess}" if guess else ""
    return _out_of_range(f"{_NAMES[axis]}“{said}”不在 {limits} 度以内{hint}，请核对。", guess)


def _out_of_range(text: str, guess: float | None = None) -> Reading:
    return Reading(None, Problem("coordinate_out_of_range", text, "refuse", guess))


def _is_projected(value: float, axis: str) -> bool:
    """Eastings of six digits or with a zone in front, northings of China; in metres."""
    zoned = 13e6 <= value <= 46e6 and axis == "longitude"
    return 1e5 <= value <= 9e5 or 18e5 <= value <= 62e5 or zoned


def _with_point(value: float, axis: str) -> float | None:
    """The degrees of a number whose decimal point was lost or slipped: 1085.41528 → 108.541528."""
    digits = f"{abs(value):.10f}".rstrip("0").replace(".", "")
    whole, limits = (2, _NORTH) if axis == "latitude" else (3 if digits[0] == "1" else 2, _EAST)
    if len(digits) < whole + 3:
        return None
    guess = round(float(f"{digits[:whole]}.{digits[whole:]}"), PLACES)
    return guess if _within(guess, limits) else None


def check_pair(longitude: float | None, latitude: float | None) -> Problem | None:
    """coordinates_swapped (confirm, both fields suggested) or coordinate_out_of_range (refuse)."""
    if longitude is None or latitude is None:
        return None
    if _within(longitude, _EAST) and _within(latitude, _NORTH):
        return None
    if _within(latitude, _EAST) and _within(longitude, _NORTH):
        text = f"经度、纬度填反了，应为经度 {latitude}、纬度 {longitude}，请核对。"
        return Problem("coordinates_swapped", text, "confirm", {"longitude": latitude, "latitude": longitude})
    bad = "latitude" if _within(longitude, _EAST) else "longitude"
    value, limits = (latitude, "3–54") if bad == "latitude" else (longitude, "73–136")
    return Problem(
        "coordinate_out_of_range", f"{_NAMES[bad]} {value} 不在 {limits} 度以内，请核对。", "refuse"
    )


def show_dms(value: float, places: int = 0) -> str:
    """108.656389 → 108°39′23″; `places` decimals of the seconds."""
    units = round(abs(value) * 3600 * 10**places)
    whole, fraction = divmod(units, 10**places)
    seconds = f"{whole % 60:02d}" + (f".{fraction:0{places}d}" if places else "")
    return f"{'-' if value < 0 else ''}{whole // 3600}°{whole // 60 % 60:02d}′{seconds}″"


def distance_m(longitude: float, latitude: float, to_longitude: float, to_latitude: float) -> float:
    """Metres between two points on the sphere (good to 0.5 %, enough for "the same well twice")."""
    here, there = math.radians(latitude), math.radians(to_latitude)
    half_lat = math.sin((there - here) / 2) ** 2
    half_lon = math.sin(math.radians(to_longitude - longitude) / 2) ** 2
    return 2 * _EARTH_M * math.asin(math.sqrt(half_lat + math.cos(here) * math.cos(there) * half_lon))
