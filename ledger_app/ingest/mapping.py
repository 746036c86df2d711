"""Header path → field: by label, synonym, unit in the header, likeness; remembered as profiles."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from rapidfuzz import fuzz

from ledger_app.core import units
from ledger_app.core.entity import Entity
from ledger_app.core.fields import Coordinate, Field, Number
from ledger_app.core.terms import fold
from ledger_app.core.units import Unit

Path = tuple[str, ...]

EXACT: Final = 100.0
SAME_WORDS: Final = 97.0
ALIKE: Final = 84.0  # below this likeness two headers are different things
REMEMBERED_SHARE: Final = 0.8  # of a profile's paths must be found before it is proposed again
_EQUAL_WORDS: Final = (
    (("所在", "所属", "目前", "当前", "主要"), ""),
    (("使用状况", "使用情况", "应用状况", "运行状况", "运行情况", "使用状态", "运行状态"), "状态"),
    (("设备", "设施", "装置", "器具"), "设施"),
    (("完成情况", "已完成", "实际完成", "累计完成"), "完成"),
    (("计划任务", "目标任务", "任务"), "计划"),
    (("年月日", "年份", "年月", "日期", "时间"), "时"),
    (("编号", "编码", "代码", "号码"), "号"),
    (("机电井", "取水井", "机井", "水井"), "井"),
    (("类别", "类型", "种类"), "类"),
    (("姓名", "名称"), "名"),
    (("取水许可证", "许可证", "取水证"), "证"),
    (("直径", "口径", "内径"), "径"),
    (("户主", "井主", "产权人", "权属人", "所有权人", "所有人"), "主"),
    (("苏木乡镇", "乡镇苏木", "苏木镇", "乡镇"), "镇"),
    (("嘎查村", "村嘎查", "行政村"), "村"),
)
_BRACKETED: Final = re.compile(r"[(（\[【]([^()（）\[\]【】]+)[)）\]】]")
_IGNORED: Final = frozenset(fold(w) for w in ("序号", "行号", "顺序号", "NO", "NO.", "项次"))


@dataclass(frozen=True, slots=True)
class Match:
    """A column taken for a field: how sure (0–100), and the unit its header states."""

    field: Field
    score: float
    unit: Unit | None


@dataclass(frozen=True, slots=True)
class ColumnHead:
    """A column as the layout found it: its index, its letter, its header path."""

    index: int
    letter: str
    path: Path


@dataclass(frozen=True, slots=True)
class Profile:
    """A mapping the clerk has agreed to: header path → field name ("" = leave this column out)."""

    name: str
    fields: Mapping[Path, str]

    def as_text(self) -> str:
        rows = [[list(path), name] for path, name in self.fields.items()]
        return json.dumps(rows, ensure_ascii=False)

    @classmethod
    def from_text(cls, name: str, text: str) -> Profile:
        return cls(name, {tuple(path): field for path, field in json.loads(text)})

    def fits(self, heads: Sequence[ColumnHead]) -> bool:
        """Whether at least 80 % of its paths stand in the sheet."""
        here = {header_key(h.path) for h in heads}
        known = {header_key(p) for p in self.fields}
        return bool(known) and len(known & here) >= REMEMBERED_SHARE * len(known)

    def differences(self, heads: Sequence[ColumnHead]) -> tuple[list[Path], list[Path]]:
        """(paths that are new in the sheet, paths of the profile that are gone)."""
        known = {header_key(p) for p in self.fields}
        here = {header_key(h.path) for h in heads}
        new = [h.path for h in heads if header_key(h.path) not in known]
        return new, [p for p in self.fields if header_key(p) not in here]


def header_key(path: Path) -> Path:
    """A header path without units, brackets, blanks: what two spellings of it have in common."""
    return tuple(_bare(part) for part in path)


def map_columns(
    entity: Entity,
    heads: Sequence[ColumnHead],
    meta_units: Sequence[Unit] = (),
    profile: Profile | None = None,
    chosen: Mapping[str, str] | None = None,
) -> dict[int, Match]:
    """Column index → field, each field at most once.

    `chosen` (letter → field name or "") is what the clerk has corrected and wins; then the profile;
    then labels and synonyms. Units are read from this sheet every time, header first, then `meta_units`.
    """
    fixed = _fixed(entity, heads, profile, chosen or {})
    taken = {name for name in fixed.values() if name}
    result = {}
    for head in heads:
        if head.index in fixed and (name := fixed[head.index]):
            result[head.index] = Match(entity.field(name), EXACT, _unit(entity.field(name), head, meta_units))
    free = [h for h in heads if h.index not in fixed]
    for score, head, field in _ranked(entity, free):
        if head.index not in result and field.name not in taken:
            taken.add(field.name)
            result[head.index] = Match(field, score, _unit(field, head, meta_units))
    return dict(sorted(result.items()))


def _fixed(
    entity: Entity, heads: Sequence[ColumnHead], profile: Profile | None, chosen: Mapping[str, str]
) -> dict[int, str]:
    remembered = {header_key(p): f for p, f in profile.fields.items()} if profile else {}
    fixed: dict[int, str] = {}
    for head in heads:
        name = chosen.get(head.letter, remembered.get(header_key(head.path)))
        if name is not None and (name == "" or name in entity.by_name) and name not in fixed.values():
            fixed[head.index] = name
        elif name == "":
            fixed[head.index] = ""
    return fixed


def _ranked(entity: Entity, heads: Sequence[ColumnHead]) -> list[tuple[float, ColumnHead, Field]]:
    """Every possible pair, best first; ties go to the field and column that come first."""
    pairs = [
        (score, head, field)
        for head in heads
        for field in entity.fields
        if (score := likeness(field, head.path)) >= ALIKE
    ]
    order = {f.name: i for i, f in enumerate(entity.fields)}
    return sorted(pairs, key=lambda p: (-p[0], order[p[2].name], p[1].index))


def likeness(field: Field, path: Path) -> float:
    """How well a header path names a field, 0–100 and a little more where the whole path does."""
    parts = [part for part in path if part.strip()]
    if not parts or fold(parts[-1]) in _IGNORED:
        return 0.0
    unit = next((u for part in reversed(parts) if (u := _split(part)[1])), None)
    if not _measures(field, unit):
        return 0.0
    while len(parts) > 1 and not _split(parts[-1])[0]:
        parts.pop()  # a row of its own for the units
    leaf = _split(parts[-1])[0]
    best = _against(field, leaf, aside=_aside(parts[-1]))
    if len(parts) > 1:
        above = "".join(_split(part)[0] for part in parts[:-1])
        joined = _against(field, above + leaf)
        own = (best - 1 if best >= EXACT else best - 5) if best else 0.0
        best = max(joined + 2 if joined >= EXACT else joined, own + _context(field, above))
    return best


def _context(field: Field, above: str) -> float:
    """A little more where the header above speaks of the same thing (取水许可 › 许可水量)."""
    words = (field.group, field.label, *field.synonyms)
    return 0.9 if any(above and (above in _bare(w) or _bare(w) in above) for w in words if w) else 0.0


def _against(field: Field, text: str, *, aside: str = "") -> float:
    """How well a text names a field; `aside` is what stood in brackets and may be the better name."""
    whole = _named(field, text)
    if whole >= EXACT or not aside:
        return whole
    outside = text.replace(aside, "")
    return max([whole, *(_named(field, part) - 2 for part in (outside, aside) if len(part) > 1)])


def _named(field: Field, text: str) -> float:
    names = _names(field.label, field.synonyms)
    if text in names:
        return EXACT + (0.5 if text == _bare(field.label) else 0.0)
    if len(text) < 2:
        return 0.0
    if _same_words(text) in _same_names(field.label, field.synonyms):
        return SAME_WORDS
    return max(_alike(text, name) for name in names)


def _alike(text: str, name: str) -> float:
    """Likeness of two short headings: one within the other, or few letters apart."""
    if len(name) >= 3 and (text.startswith(name) or text.endswith(name)) and len(text) <= 2 * len(name):
        return 92.0 - (len(text) - len(name))
    if len(text) >= 3 and (name.startswith(text) or name.endswith(text)) and len(name) <= 1.5 * len(text):
        return 90.0 - (len(name) - len(text))
    ratio = float(fuzz.ratio(text, name))
    return min(ratio, 95.0) if min(len(text), len(name)) >= 4 else 0.0


@lru_cache(maxsize=4096)
def _same_words(text: str) -> str:
    """One word for words that mean the same in a heading: 打井年份 and 打井时间 are one."""
    for words, one in _EQUAL_WORDS:
        for word in words:
            text = text.replace(word, one)
    return text


@lru_cache(maxsize=1024)
def _same_names(label: str, synonyms: tuple[str, ...]) -> frozenset[str]:
    return frozenset(_same_words(n) for n in _names(label, synonyms))


@lru_cache(maxsize=1024)
def _names(label: str, synonyms: tuple[str, ...]) -> frozenset[str]:
    return frozenset(_bare(n) for n in (label, *synonyms))


@lru_cache(maxsize=4096)
def _split(text: str) -> tuple[str, Unit | None]:
    label, unit = units.split_unit("".join(text.split()))
    return _bare(label), unit


@lru_cache(maxsize=4096)
def _aside(text: str) -> str:
    """What stands in brackets in a heading and is no unit: 户主 of 产权人（户主）."""
    label, _ = units.split_unit("".join(text.split()))
    match = _BRACKETED.search(label)
    return _bare(match.group(1)) if match else ""


@lru_cache(maxsize=4096)
def _bare(text: str) -> str:
    label, _ = units.split_unit("".join(text.split()))
    folded = fold(label)
    return "".join(c for c in folded if c not in "()[]<>《》〈〉【】{}:*、,.;/\\-_·“”\"'") or folded


def _measures(field: Field, unit: Unit | None) -> bool:
    """A column with a unit can only be a number of that dimension."""
    if unit is None:
        return True
    if isinstance(field, Coordinate):
        return unit.symbol in ("kWh", "°", "度")  # 经度（度）: degrees, not kilowatt-hours
    if not isinstance(field, Number):
        return unit.symbol in ("眼", "套", "处", "个", "座", "本", "%", "人", "户")  # 产权单位（人）
    return not field.unit or units.factor_between(unit, field.unit) is not None


def _unit(field: Field, head: ColumnHead, meta_units: Sequence[Unit]) -> Unit | None:
    if not isinstance(field, Number):
        return None
    for part in reversed(head.path):
        unit = _split(part)[1]
        if unit and units.factor_between(unit, field.unit) is not None:
            return unit
    fitting = (u for u in meta_units if units.factor_between(u, field.unit) is not None)
    return next(fitting, None)
