"""A stored value as it goes into a form's cell: in the column's unit, rounded once as the cell prints it,
in the words of the cell's drop-down."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, Final, Literal

from ledger_app.core import units
from ledger_app.core.coordinates import show_dms
from ledger_app.core.dates import show_date
from ledger_app.core.fields import Choice, Coordinate, Date, Field, Links, Number
from ledger_app.core.units import Unit
from ledger_app.export.form_view import Look

Cell = str | int | float | date | None
Rounding = Literal["half_even", "half_up"]
_LITERAL: Final = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_DIGITS: Final = re.compile(r"[0#?][0#?,]*(?:\.([0#?]+))?")
_DEGREES: Final = re.compile(r"度\s*分|°\s*′|°\s*'|D\s*M\s*S", re.IGNORECASE)
_ASKS_YEAR: Final = re.compile(r"年份$|年度$|[（(]年[）)]$")
_ASKS_MONTH: Final = re.compile(r"年月$|[（(]年月[）)]$")
_PERCENT: Final = "%"


def printed_places(code: str) -> int | None:
    """Decimals a number format prints, a percentage counted before the sign; None where it prints all."""
    plain = _LITERAL.sub("", code.split(";", maxsplit=1)[0])
    match = _DIGITS.search(plain)
    if match is None or "E" in plain.upper().replace("GENERAL", "") or "/" in plain:
        return None
    return len(match[1] or "")


@dataclass(frozen=True)
class ColumnWriter:
    """Turns the values of one column into cells.

    `unit` is the one the heading names, `words` what the column's drop-down offers, `heading` its header
    path. Personal numbers are masked unless the clerk says otherwise.
    """

    field: Field
    unit: Unit | None
    look: Look
    words: Sequence[str] = ()
    heading: str = ""
    masked: bool = True
    rounding: Rounding = "half_up"

    @cached_property
    def write(self) -> Callable[[Any], Cell]:
        """The cell of a value; None where there is none."""
        convert = self._conversion()
        return lambda value: None if value in (None, "", []) else convert(value)

    def foreign_word(self, cell: Cell) -> bool:
        """Whether a cell holds a word that the column's drop-down does not offer."""
        return bool(self.words) and isinstance(cell, str) and cell not in self.words

    @property
    def sums(self) -> bool:
        """Whether the column's values may be added up."""
        return isinstance(self.field, Number) and self.field.unit in {"m³", "亩", "元", "km²"}

    def _conversion(self) -> Callable[[Any], Cell]:
        field = self.field
        if isinstance(field, Number):
            return self._number
        if isinstance(field, Date):
            return self._date
        if isinstance(field, Coordinate):
            return show_dms if _DEGREES.search(self.heading) else lambda value: value
        if isinstance(field, Choice) and self.words:
            offered = self._offered(field)
            return lambda value: offered.get(value, value)
        if isinstance(field, Links):
            return field.show
        return lambda value: field.show(value, masked=self.masked)

    def _number(self, value: Any) -> Cell:
        """Converted exactly and rounded once; a percentage is a fraction where the cell prints the sign."""
        field = self.field
        if not isinstance(field, Number):
            raise TypeError(field.name)
        unit = self.unit or field.display_unit
        factor = units.factor_between(unit, field.unit) if unit else None
        exact = Decimal(str(value)) / (factor or 1)
        places = printed_places(self.look.number_format)
        if _PERCENT in _LITERAL.sub("", self.look.number_format) and unit and unit.base == _PERCENT:
            exact, places = exact / 100, None if places is None else places + 2
        return units.plain(exact if places is None else units.round_once(exact, places, self.rounding))

    def _date(self, value: str) -> Cell:
        """A day is a date; a month or a year alone stays as written; text cells take text. A heading that
        asks for the year or the month gets no more."""
        if _ASKS_YEAR.search(self.heading):
            return int(value[:4])
        if _ASKS_MONTH.search(self.heading):
            return value[:7]
        if len(value) == 10 and not self.look.is_text:
            return date.fromisoformat(value)
        return show_date(value, "screen")

    def _offered(self, field: Choice) -> Mapping[str, str]:
        """Our word → the form's word for it."""
        meant = {word: field.terms.find(word) for word in self.words}
        return {ours: word for word, ours in meant.items() if ours and ours not in self.words}
