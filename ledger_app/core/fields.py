"""Field kinds: each owns how a raw cell becomes a value and how a value is shown."""

from __future__ import annotations

import operator
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from itertools import repeat
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, Final, Literal

from ledger_app.core import units
from ledger_app.core.characters import half_width
from ledger_app.core.errors import Problem, Reading
from ledger_app.core.late import late
from ledger_app.core.terms import Vocabulary
from ledger_app.core.units import Unit

if TYPE_CHECKING:
    from ledger_app.core import coordinates, dates, identifiers, numbers
else:
    coordinates, dates, identifiers, numbers = late("coordinates", "dates", "identifiers", "numbers")

# Three letters or more without blanks or strokes, closed by a Han character or a digit: no word for
# "nothing" looks like that, and nothing in it is folded away.
_PLAIN_TEXT: Final = re.compile(r"(?:[0-9A-Za-z\u4e00-\u9fff-]{2,}[0-9\u4e00-\u9fff]\n)+")
NO_TERMS: Final[Mapping[str, Vocabulary]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class ReadContext:
    """What reading needs to know besides the cell: the day, the unit in the column's header, and
    vocabularies the county has changed (by vocabulary name)."""

    today: date
    unit: Unit | None = None
    terms: Mapping[str, Vocabulary] = field(default_factory=lambda: NO_TERMS)


@dataclass(frozen=True, kw_only=True)
class Field:
    """What every field says of itself. `synonyms` are headers seen in real workbooks.

    Kinds that say no more than the kind they come from are no dataclasses of their own: start-up time.
    """

    kind: ClassVar[str] = "text"
    sql_type: ClassVar[str] = "TEXT"
    plain: ClassVar[re.Pattern[str] | None] = None  # lines that need no reading: see as_it_stands

    name: str
    label: str
    group: str = "基本"
    required: bool = False
    synonyms: tuple[str, ...] = ()
    hint: str = ""

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns the value is stored in."""
        return (self.name,)

    @property
    def unit_label(self) -> str:
        return ""

    @property
    def heading(self) -> str:
        """The label with the unit it is shown in, as a column head."""
        return f"{self.label}（{self.unit_label}）" if self.unit_label else self.label

    def read(self, raw: Any, context: ReadContext) -> Reading:
        """A raw cell or typed text as a value: a name without breaks, unless the kind reads otherwise."""
        return Reading(_folded(_text(raw)) or None)

    def as_it_stands(self, cells: Collection[Any], context: ReadContext) -> bool:
        """Whether reading any of these cells gives the cell itself: a whole column in one look."""
        if self.plain is None or set(map(type, cells)) != {str}:
            return False
        lines = "\n".join(cells) + "\n"
        return lines.count("\n") == len(cells) and self.plain.fullmatch(lines) is not None

    def show(self, value: Any, *, masked: bool = False) -> str:
        return "" if value is None else str(value)

    def blank(self, raw: Any) -> bool:
        return numbers.is_blank(raw)


@dataclass(frozen=True, kw_only=True)
class Text(Field):
    """Free text. `lines` keeps line breaks; otherwise white space inside is folded away, because a
    line break in the middle of a name comes from a narrow cell, not from the name."""

    plain: ClassVar[re.Pattern[str] | None] = _PLAIN_TEXT

    lines: bool = False

    def read(self, raw: Any, context: ReadContext) -> Reading:
        text = _text(raw)
        return Reading((text.strip() if self.lines else _folded(text)) or None)


class Code(Text):
    """A number used as a name (井编号, 电表号): text, never calculated with, half width."""

    kind: ClassVar[str] = "code"
    plain: ClassVar[re.Pattern[str] | None] = re.compile(r"(?:[0-9A-Za-z-]*[0-9]\n)+")

    def read(self, raw: Any, context: ReadContext) -> Reading:
        return Reading(half_width(_text(raw)).replace(" ", "") or None)


@dataclass(frozen=True, kw_only=True)
class Choice(Field):
    """A word of a vocabulary; the county may have changed the vocabulary by a parameter.

    `transitions` says which value may follow which by an act; a correction is free.
    """

    kind: ClassVar[str] = "choice"

    terms: Vocabulary
    transitions: Mapping[str, frozenset[str]] | None = None

    def may_become(self, old: Any, new: Any) -> bool:
        """Whether an act may change the value; from or to nothing it may."""
        if self.transitions is None or old is None or new is None or old == new:
            return True
        return new in self.transitions.get(old, {new})

    def vocabulary(self, context: ReadContext) -> Vocabulary:
        return context.terms.get(self.terms.name, self.terms)

    def read(self, raw: Any, context: ReadContext) -> Reading:
        return self.vocabulary(context).read(_text(raw))

    def blank(self, raw: Any) -> bool:
        """“无” is a word of some vocabularies (计量方式), not an empty cell."""
        return numbers.is_blank(raw) and self.terms.find(_text(raw)) is None


# Which slips of unit are known, by base unit: factors to try and the code to report (domain §8, §9).
# Where the column has a unit of its own, smaller ones typed in it are tried too (325 in a column of cm).
SLIPS: Final[Mapping[str, tuple[str, tuple[Decimal, ...]]]] = MappingProxyType(
    {
        "m³": ("volume_unit", (Decimal("0.0001"), Decimal(10000))),
        "亩": ("area_unit", (Decimal("0.0001"), Decimal(10000))),
        "元": ("money_unit", (Decimal("0.0001"), Decimal(10000))),
        "mm": ("casing_diameter_unit", (Decimal(10), Decimal(1000), Decimal(100))),
        "kW": ("power_unit", (Decimal("0.001"),)),
    }
)


@dataclass(frozen=True, kw_only=True)
class Number(Field):
    """A quantity stored in its base unit and shown in one display unit everywhere.

    `hard` bounds refuse, `usual` bounds make doubtful (domain §9); both in the base unit.
    """

    kind: ClassVar[str] = "number"
    sql_type: ClassVar[str] = "REAL"

    unit: str = ""
    shown_in: str = ""
    places: int = 2
    shown_places: int | None = None
    hard: tuple[float, float] | None = None
    usual: tuple[float, float] | None = None

    @property
    def unit_label(self) -> str:
        return self.shown_in or self.unit

    @property
    def display_unit(self) -> Unit | None:
        return units.find_unit(self.unit_label) if self.unit_label else None

    def read(self, raw: Any, context: ReadContext) -> Reading:
        reading = numbers.read_number(raw, context.unit or self.display_unit, self.unit, None)
        if reading.value is None:
            return reading
        return self._judge(reading, context.unit)

    def as_it_stands(self, cells: Collection[Any], context: ReadContext) -> bool:
        unit = context.unit or self.display_unit
        if unit and units.factor_between(unit, self.unit) != 1:
            return False
        return all(
            type(c) is float
            and not (_outside(c, self.usual) or _outside(c, self.hard))
            and c == round(c, self.places)
            for c in cells
        )

    def _judge(self, reading: Reading, unit: Unit | None) -> Reading:
        """Slips of unit are looked for before rounding: 0.015 is 150 亩 typed as 万亩, not 0."""
        exact = reading.value
        unusual = _outside(exact, self.usual)
        if unusual and (slip := self._slip(exact, unit)):
            return slip
        value = self._rounded(exact)
        if _outside(value, self.hard):
            return Reading(None, Problem("out_of_range", self._said(value, self.hard)))
        problem = reading.problem
        if problem and problem.suggestion == exact:
            problem = replace(problem, suggestion=value)
        if unusual and problem is None:
            problem = Problem("unusual_value", self._said(value, self.usual), "info")
        return Reading(value, problem)

    def _rounded(self, value: float) -> int | float:
        if type(value) is int or value == round(value, self.places):
            return value
        return units.plain(units.round_half_even(value, self.places))

    @property
    def has_other_unit(self) -> bool:
        """Whether such figures are given in units ten thousand apart (万m³ and m³)."""
        return Decimal(10000) in SLIPS.get(self.unit, ("", ()))[1]

    def other_unit(self, value: float, typical: float) -> Problem | None:
        """The doubt about a figure that would be nearer to what is typical of its column in the other unit."""
        factor = Decimal(10000) if value < typical else Decimal("0.0001")
        repaired = self._times(value, factor)
        nearer = max(repaired, typical) * min(value, typical) < max(value, typical) * min(repaired, typical)
        return None if not nearer or _outside(repaired, self.usual) else self._other(value, repaired)

    def _slip(self, value: float, unit: Unit | None) -> Reading | None:
        factors = SLIPS.get(self.unit, ("", ()))[1]
        if unit and unit.symbol != self.unit:
            factors += tuple(1 / factor for factor in factors)
        for factor in factors:
            repaired = self._times(value, factor)
            if not _outside(repaired, self.usual):
                return Reading(repaired, self._other(value, repaired))
        return None

    def _times(self, value: float, factor: Decimal) -> int | float:
        return units.plain(units.round_half_even(units.to_decimal(value) * factor, self.places))

    def _other(self, value: float, repaired: float) -> Problem:
        typed = units.show(value, self.display_unit, None, base=self.unit)
        text = (
            f"{self.label} {typed} {self.unit_label} 不合常理，单位可能错了，"
            f"应为 {self.show(repaired)} {self.unit_label}，请核对。"
        )
        return Problem(SLIPS[self.unit][0], text, "confirm", repaired)

    def _said(self, value: float, bounds: tuple[float, float] | None) -> str:
        low, high = (self.show(b) for b in bounds or (0, 0))
        return f"{self.label} {self.show(value)} {self.unit_label} 超出 {low}–{high} 的范围，请核对。"

    def show(self, value: Any, *, masked: bool = False) -> str:
        if value is None:
            return ""
        unit = self.display_unit
        places = self.places if self.shown_places is None else self.shown_places
        if unit and self.shown_places is None and (factor := units.factor_between(unit, self.unit)):
            places += max(0, factor.adjusted())
        return units.show(value, unit, places, base=self.unit, trim=self.shown_places is None)


@dataclass(frozen=True, kw_only=True)
class Integer(Number):
    """A count: a number without decimals."""

    sql_type: ClassVar[str] = "INTEGER"

    places: int = 0


@dataclass(frozen=True, kw_only=True)
class Coordinate(Field):
    """Longitude or latitude in decimal degrees."""

    kind: ClassVar[str] = "coordinate"
    sql_type: ClassVar[str] = "REAL"

    axis: Literal["longitude", "latitude"]

    def read(self, raw: Any, context: ReadContext) -> Reading:
        return coordinates.read_coordinate(raw, self.axis)

    def as_it_stands(self, cells: Collection[Any], context: ReadContext) -> bool:
        if set(map(type, cells)) != {float}:
            return False
        low, high = (73.0, 136.0) if self.axis == "longitude" else (3.0, 54.0)
        exact = not any(map(operator.ne, cells, map(round, cells, repeat(6))))  # refuses "not a number" too
        return exact and low <= min(cells) and max(cells) <= high

    def show(self, value: Any, *, masked: bool = False) -> str:
        return "" if value is None else f"{value:.6f}"


@dataclass(frozen=True, kw_only=True)
class Date(Field):
    """A day as ISO text. `partial` allows 2012 and 2012-05; `future` allows days to come; `until` names the
    field of the last day where this is the first (有效期 2021.3.29–2026.3.28 in one cell)."""

    kind: ClassVar[str] = "date"

    partial: bool = False
    future: bool = False
    until: str = ""

    def read(self, raw: Any, context: ReadContext) -> Reading:
        return dates.read_date(raw, partial=self.partial, today=context.today, future_ok=self.future)


class PermitNumber(Code):
    """取水许可证编号 (domain §1.1): electronic numbers are checked, old paper numbers taken as text."""

    plain: ClassVar[re.Pattern[str] | None] = None

    def read(self, raw: Any, context: ReadContext) -> Reading:
        return identifiers.read_permit_number(raw)


class CreditCode(Code):
    """统一社会信用代码, GB 32100-2015."""

    plain: ClassVar[re.Pattern[str] | None] = None

    def read(self, raw: Any, context: ReadContext) -> Reading:
        return identifiers.read_credit_code(raw)


class IdNumber(Code):
    """公民身份号码, GB 11643-1999; masked wherever it leaves the office."""

    plain: ClassVar[re.Pattern[str] | None] = None

    def read(self, raw: Any, context: ReadContext) -> Reading:
        return _masked(raw) or identifiers.read_id_number(raw)

    def show(self, value: Any, *, masked: bool = False) -> str:
        return identifiers.mask_id(value) if masked and value else super().show(value)


class Phone(Code):
    """A mobile or land line number; masked wherever it leaves the office."""

    plain: ClassVar[re.Pattern[str] | None] = re.compile(r"(?:1[3-9][0-9]{9}\n)+")

    def read(self, raw: Any, context: ReadContext) -> Reading:
        return _masked(raw) or identifiers.read_phone(raw)

    def show(self, value: Any, *, masked: bool = False) -> str:
        return identifiers.mask_phone(value) if masked and value else super().show(value)


class DocumentNumber(Text):
    """文号; the brackets of the year become 〔 〕."""

    plain: ClassVar[re.Pattern[str] | None] = None

    def read(self, raw: Any, context: ReadContext) -> Reading:
        return Reading(identifiers.normalise_document_number(_text(raw)) or None)


@dataclass(frozen=True, kw_only=True)
class Ref(Field):
    """A reference to a record of `target`, stored as its uid in `<stem>_uid`.

    `stated` keeps what the paper says in `<stem>_stated` while the record is not there. `missing`
    says what an import does then: keep it silently, ask, or create the record (regions only).
    `within` names another Ref of the same entity that must be the parent of the target's record.
    """

    kind: ClassVar[str] = "ref"
    plain: ClassVar[re.Pattern[str] | None] = _PLAIN_TEXT

    target: str
    stem: str = ""
    stated: bool = False
    missing: str = "keep"
    within: str = ""

    @property
    def uid_column(self) -> str:
        return f"{self.stem or self.name}_uid"

    @property
    def stated_column(self) -> str:
        return f"{self.stem or self.name}_stated"

    @property
    def columns(self) -> tuple[str, ...]:
        return (self.uid_column, self.stated_column) if self.stated else (self.uid_column,)


class PermitRef(Ref):
    """A reference by permit number: the number is read like the permit's own."""

    plain: ClassVar[re.Pattern[str] | None] = None

    def read(self, raw: Any, context: ReadContext) -> Reading:
        return identifiers.read_permit_number(raw)


@dataclass(frozen=True, kw_only=True)
class Links(Field):
    """Several references kept as rows of `through` (an entity with Refs `owner` and `item`)."""

    kind: ClassVar[str] = "links"

    target: str
    through: str
    owner: str
    item: str
    missing: str = "keep"

    @property
    def columns(self) -> tuple[str, ...]:
        return ()

    def read(self, raw: Any, context: ReadContext) -> Reading:
        if isinstance(raw, list | tuple):
            return Reading([str(r) for r in raw] or None)
        return Reading(identifiers.split_codes(_text(raw)) or None)

    def show(self, value: Any, *, masked: bool = False) -> str:
        return "、".join(value or ())


def _masked(raw: Any) -> Reading | None:
    """A masked number that comes back says nothing new: an export imported again is the same."""
    if isinstance(raw, str) and "*" in raw:
        text = f"“{raw.strip()}”是遮挡过的号码，不作为新内容。"
        return Reading(None, Problem("masked_value", text, "info"))
    return None


def _text(raw: Any) -> str:
    if isinstance(raw, float) and raw.is_integer():
        return str(int(raw))
    return "" if raw is None else str(raw)


def _folded(text: str) -> str:
    """No line breaks, no blanks between Han characters, one blank elsewhere."""
    parts = text.split()
    joined = parts[0] if parts else ""
    for part in parts[1:]:
        glue = " " if joined[-1].isascii() and part[0].isascii() and part[0].isalpha() else ""
        joined += glue + part
    return joined


def _outside(value: float, bounds: tuple[float, float] | None) -> bool:
    return bounds is not None and not bounds[0] <= value <= bounds[1]
