"""Units of the ledger: their spellings, conversion, rounding (once) and how a figure is shown."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from ledger_app.core.characters import half_width

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

Rounding = Literal["half_even", "half_up"]
Figure = Decimal | float | int

UNKNOWN = "—"
_ALL_PLACES = 12
_WIDE = Context(prec=60)
_EXACT = Context(prec=400)  # room for every float, so that rounding itself never fails
_MODES: Mapping[Rounding, str] = MappingProxyType({"half_even": ROUND_HALF_EVEN, "half_up": ROUND_HALF_UP})


@dataclass(frozen=True, slots=True)
class Unit:
    """1 `symbol` = `factor` × `base`; units of one `base` convert freely.

    `base` is the symbol of the unit such quantities are kept in: m³, 亩, m, mm (a bore), 元, kW, m³/h, m³/d,
    kWh, m³/kWh, m³/亩, %, 个 (anything counted), 人, 户.
    """

    symbol: str
    base: str
    factor: Decimal


# symbol, base, factor, other spellings (lower case, half width, blanks and powers flattened: m³ → m3)
_PLAIN: tuple[tuple[str, str, str, str], ...] = (
    ("m³", "m³", "1", "m3 立方米 立方 方 立米 cbm 方水"),
    ("t", "m³", "1", "吨 吨水 公吨"),  # water: one tonne is one cubic metre
    ("亩", "亩", "1", "mu 市亩"),
    ("公顷", "亩", "15", "ha hm2 垧"),
    ("km²", "亩", "1500", "km2 平方公里 平方千米"),
    ("m²", "亩", "0.0015", "m2 平方米 平米"),
    ("m", "m", "1", "米 公尺"),
    ("dm", "m", "0.1", "分米"),
    ("cm", "m", "0.01", "厘米 公分"),
    ("mm", "mm", "1", "毫米"),  # a bore is kept in mm
    ("km", "m", "1000", "公里 千米"),
    ("元", "元", "1", "人民币 yuan rmb 块 块钱 元整"),
    ("kW", "kW", "1", "千瓦"),
    ("W", "kW", "0.001", "瓦"),
    ("MW", "kW", "1000", "兆瓦"),
    ("kWh", "kWh", "1", "kw.h kw·h kw*h 度 度电 千瓦时 千瓦小时 千瓦·时 千瓦.时"),
    ("%", "%", "1", "percent 百分比 个百分点"),
    ("‰", "%", "0.1", ""),
    ("人", "人", "1", "口人"),
    ("户", "户", "1", "家"),
    # things counted: what one sheet calls 眼 the next calls 处 or 台
    *(
        (word, "个", "1", "")
        for word in ["眼", "套", "处", "个", "座", "本", "台", "件", "口", "只", "项", "块表", "孔"]
    ),
)
_RATES: tuple[tuple[str, str, str, str], ...] = (
    # symbol, base, factor, spellings of the right-hand side; the left-hand side is any spelling of a volume
    ("m³/h", "m³/h", "1", "h hr 时 小时 hour"),
    ("m³/s", "m³/h", "3600", "s 秒 sec"),
    ("m³/d", "m³/d", "1", "d 日 天 day"),
    ("m³", "m³", "1", "a 年 yr 年度"),  # 万m³/年 heads a column of yearly volumes
    ("m³/亩", "m³/亩", "1", "亩 mu"),
    ("m³/kWh", "m³/kWh", "1", "kwh kw.h kw·h kw*h (kw·h) (kw.h) (kwh) 度 度电 千瓦时"),
    ("m³/人", "m³/人", "1", "人"),
)
_OTHER_RATES: tuple[tuple[str, str, str, str], ...] = (
    ("L/s", "m³/h", "3.6", "l/s 升/秒 升每秒"),
    ("L/(人·d)", "L/(人·d)", "1", "l/人·d l/人.d l/人/d 升/人·日 升/人·天"),
    ("元/m³", "元/m³", "1", "元/m3 元/方 元/立方米 元/立方 元/吨 元/t"),
    ("元/亩", "元/亩", "1", "元/mu"),
    ("元/kWh", "元/kWh", "1", "元/kwh 元/度"),
    ("kWh/m³", "kWh/m³", "1", "kwh/m3 度/方 度/m3 度/立方米"),
    ("m/a", "m/a", "1", "m/年 米/年"),
)
_PREFIXES: tuple[tuple[str, str], ...] = (
    ("万", "10000"),
    ("亿", "100000000"),
    ("千万", "10000000"),
    ("百万", "1000000"),
    ("十万", "100000"),
    ("千", "1000"),
    ("百", "100"),
)
_SCALE_MARKS = tuple("万亿千百十")
_NO_PREFIX = frozenset(["千米", "千瓦", "千瓦时", "百分比"])
_FLAT = MappingProxyType(
    {ord("³"): "3", ord("²"): "2", ord("㎥"): "m3", ord("㎡"): "m2", ord("㎞"): "km", ord("㎜"): "mm"}
    | {ord("㎝"): "cm", ord("㎢"): "km2", ord("㏊"): "ha", ord("㎾"): "kw", ord("㎿"): "mw", ord("⁄"): "/"}
    | {ord("∕"): "/", ord("^"): None, ord(" "): None, ord("％"): "%", ord("每"): "/", ord("・"): "·"}
    | {ord("•"): "·", ord("⋅"): "·", ord("∙"): "·"}
)


def _key(text: str) -> str:
    """The one spelling all spellings of a unit are looked up under."""
    return half_width(text).translate(_FLAT).lower()


def _spelled(symbol: str, others: str) -> Iterator[str]:
    yield _key(symbol)
    yield from others.split()


def _rates_and_plain() -> Iterator[tuple[str, Unit]]:
    """Spellings before which 万 and its like may stand."""
    volumes = [*_spelled("m³", _PLAIN[0][3]), *_spelled("t", _PLAIN[1][3])]
    for symbol, base, factor, right in _RATES:
        unit = Unit(symbol, base, Decimal(factor))
        yield from ((f"{left}/{below}", unit) for left in volumes for below in right.split())
    for symbol, base, factor, others in _PLAIN:
        unit = Unit(symbol, base, Decimal(factor))
        yield from ((spelling, unit) for spelling in _spelled(symbol, others))


def _first_of_each(spelled: Iterable[tuple[str, Unit]]) -> dict[str, Unit]:
    units: dict[str, Unit] = {}
    for key, unit in spelled:
        units.setdefault(key, unit)
    return units


def _other_rates() -> Iterator[tuple[str, Unit]]:
    for symbol, base, factor, others in _OTHER_RATES:
        yield from ((spelling, Unit(symbol, base, Decimal(factor))) for spelling in _spelled(symbol, others))


_SCALABLE: Mapping[str, Unit] = MappingProxyType(_first_of_each(_rates_and_plain()))
_UNITS: Mapping[str, Unit] = MappingProxyType(
    dict(_other_rates())
    | dict(_rates_and_plain())
    | {_key(s): Unit(s, b, Decimal(f)) for s, b, f, _ in _PLAIN}
)
SCALES: Mapping[str, Decimal] = MappingProxyType({p: Decimal(s) for p, s in _PREFIXES})


def find_unit(text: str) -> Unit | None:
    """The unit a text is and nothing else (万m3, 立方米, KW, ㎥/h); None when it is no unit."""
    return _found(text) or _found(_key(text))


def _found(key: str) -> Unit | None:
    return _UNITS.get(key) or (_scaled(key) if key.startswith(_SCALE_MARKS) else None)


def _scaled(key: str) -> Unit | None:
    if key in _NO_PREFIX:
        return None
    for prefix, scale in SCALES.items():
        if key.startswith(prefix) and (unit := _SCALABLE.get(key[len(prefix) :])):
            return Unit(prefix + unit.symbol, unit.base, unit.factor * scale)
    return None


_BRACKETS = re.compile(
    r"\s*[(（\[【〔<〈﹝]([^()（）\[\]【】〔〕<>〈〉﹝﹞]*(?:\([^()]*\))?[^()（）]*)[)）\]】〕>〉﹞]\s*"
)
_LABEL = re.compile(r"^\s*(?:计量)?单位\s*[:：]?\s*")
_TAIL_LABEL = re.compile(r"[\s,，;；]*(?:计量)?单位\s*[:：]\s*(\S+)\s*$")
_PIECES = re.compile(r"[,，;；、\s]+")
_BARE_TAIL = re.compile(r"(?<=[^\x00-\x7f])\s*([万亿]\S{1,6}|[A-Za-z㎥㎡%‰％][A-Za-z0-9³²/^.·]*)\s*$")
_COUNTED = frozenset({"个", "人", "户"})
_TRIM = " ,，;；:：、/／\n"


def _unit_within(text: str) -> Unit | None:
    text = _LABEL.sub("", text)
    return find_unit(text) or next((u for u in map(find_unit, _PIECES.split(text)) if u), None)


def split_unit(text: str) -> tuple[str, Unit | None]:
    """A header and its unit: 井深(米) → 井深, m. Text without a unit comes back as it was.

    Understood: any bracket, 单位：…, a slash before the unit, and a unit written straight after the words.
    """
    if (whole := find_unit(text)) and whole.base not in _COUNTED:
        return "", whole  # the second row of a header is often the unit alone; 户 or 人 alone is a column
    for match in _BRACKETS.finditer(text):
        unit = _unit_within(match.group(1))
        if unit and (match.start() or unit.base not in _COUNTED):  # （本）年计划 is no plan in volumes
            return (text[: match.start()] + text[match.end() :]).strip(_TRIM), unit
    labelled = _TAIL_LABEL.search(text)
    if labelled and (unit := _unit_within(labelled.group(1))):
        return text[: labelled.start()].strip(_TRIM), unit
    return _split_at_slash(text) or _split_bare(text) or (text, None)


def _split_at_slash(text: str) -> tuple[str, Unit] | None:
    flat = text.replace("／", "/")
    for at, char in enumerate(flat):
        if char == "/" and (unit := find_unit(flat[at + 1 :])):
            return text[:at].strip(_TRIM), unit
    return None


def _split_bare(text: str) -> tuple[str, Unit] | None:
    match = _BARE_TAIL.search(text)
    unit = find_unit(match.group(1)) if match else None
    return (text[: match.start()].strip(_TRIM), unit) if match and unit else None


def to_decimal(value: Figure) -> Decimal:
    """Exactly the digits a person sees: a float goes by its shortest text, so 0.1 is 0.1."""
    return (
        value if isinstance(value, Decimal) else Decimal(repr(value) if isinstance(value, float) else value)
    )


def round_once(value: Figure, places: int, mode: Rounding = "half_even") -> Decimal:
    """GB/T 8170 allows one rounding only: hand in the unrounded figure."""
    return to_decimal(value).quantize(Decimal(1).scaleb(-places), _MODES[mode], context=_EXACT)


def round_half_even(value: Figure, places: int) -> Decimal:
    """GB/T 8170: 28.175 → 28.18, 28.165 → 28.16."""
    return round_once(value, places, "half_even")


def round_half_up(value: Figure, places: int) -> Decimal:
    """Excel's ROUND, half away from zero: 28.165 → 28.17, −28.165 → −28.17."""
    return round_once(value, places, "half_up")


_LENGTHS: Mapping[str, Decimal] = MappingProxyType({"m": Decimal(1), "mm": Decimal("0.001")})


def factor_between(unit: Unit, base: str) -> Decimal | None:
    """How many `base` one `unit` is (万m³ → m³: 10000, m → mm: 1000); None: they measure different things."""
    if unit.base == base:
        return unit.factor
    target = find_unit(base)
    if target is None:
        return None
    if unit.base == target.base:
        return unit.factor / target.factor
    if unit.base in _LENGTHS and target.base in _LENGTHS:
        return unit.factor * _LENGTHS[unit.base] / (target.factor * _LENGTHS[target.base])
    return None


def plain(value: Decimal) -> int | float:
    """A figure as kept: an int when nothing stands after the point, else a float."""
    whole = int(value)
    return whole if whole == value else float(value)


def show(
    value: Figure | None,
    unit: Unit | None,
    places: int | None,
    mode: Rounding = "half_even",
    *,
    base: str = "",
    group: bool = False,
    trim: bool = False,
) -> str:
    """A figure kept in `base` (`unit.base` if not said), as text in `unit`, rounded once, without the unit.

    `places` None writes all digits there are. `group` sets commas from 10,000 on (screen; papers have
    none); `trim` drops closing zeros. An unknown figure is `—`, a zero is 0.
    """
    if value is None:
        return UNKNOWN
    exact = to_decimal(value)
    factor = factor_between(unit, base or unit.base) if unit else None
    if factor is not None and factor != 1:
        exact = _WIDE.divide(exact, factor)
    rounded = round_once(exact, _ALL_PLACES if places is None else places, mode)
    text = f"{rounded:,f}" if group and abs(rounded) >= 10_000 else f"{rounded:f}"
    if (trim or places is None) and "." in text:
        text = text.rstrip("0").rstrip(".")
    return text if rounded else text.removeprefix("-")
