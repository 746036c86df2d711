"""The columns a ledger's table can show, and what a cell says."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, NamedTuple

from ledger_app.core import units
from ledger_app.core.entity import Entity
from ledger_app.core.fields import (
    Choice,
    Code,
    Coordinate,
    Date,
    Field,
    IdNumber,
    Links,
    Number,
    PermitRef,
    Phone,
    Ref,
    Text,
)

LEAD: Final = ""  # the name of the first column: it is made of several fields
COMMAS_FROM: Final = 10_000
LEAD_WIDTH: Final = 132
NAME_WIDTH: Final = 196
HAN_WIDTH: Final = 13
LONGEST_WORD: Final = 6
HEAD_ROOM: Final = 26  # beside the words: padding and the mark of the order
TOTAL_PLACES: Final = 2
_BY_RULE: Final = re.compile(r"\d{12}[A-Z](\d{4,})")
_WIDTHS: Final[tuple[tuple[type[Field], int], ...]] = (
    (Number, 88),
    (Date, 94),
    (Coordinate, 104),
    (Code, 164),
    (PermitRef, 164),
    (Ref, 116),
    (Links, 220),
    (Text, 96),
)
_FIRST_COLUMNS: Final = 10


class Column(NamedTuple):
    """One column: its head, the fields it is made of, the field it is sorted by."""

    name: str
    title: str
    unit: str
    numeric: bool
    width: int
    fields: tuple[str, ...]
    sort: str
    field: Field


def lead_column(entity: Entity) -> Column:
    """The frozen first column: village and short number where codes are given by rule (domain §2.5),
    otherwise what names the record."""
    place = _place(entity)
    names = (place.name, entity.key[0]) if place else (entity.title or entity.key)[:1]
    field = entity.field(names[-1])
    title = entity.label if place else field.label
    width = (
        LEAD_WIDTH if place else max(LEAD_WIDTH, _width(field), 0 if isinstance(field, Code) else NAME_WIDTH)
    )
    return Column(LEAD, title, "", False, width, tuple(names), field.name, field)


def column(field: Field) -> Column:
    numeric = isinstance(field, Number | Coordinate)
    width = max(_width(field), HEAD_ROOM + HAN_WIDTH * (len(field.label) + len(field.unit_label)))
    return Column(field.name, field.label, field.unit_label, numeric, width, (field.name,), field.name, field)


def _width(field: Field) -> int:
    """Enough for what such a field usually says; names of people and firms are longer than of places."""
    if isinstance(field, Choice):
        return HEAD_ROOM + HAN_WIDTH * min(max(map(len, field.terms.values)), LONGEST_WORD)
    if isinstance(field, Ref) and field.stated and not isinstance(field, PermitRef):
        return NAME_WIDTH
    return next(width for kind, width in _WIDTHS if isinstance(field, kind))


def all_columns(entity: Entity) -> list[Column]:
    return [column(f) for f in entity.fields]


def sortable(entity: Entity, name: str) -> bool:
    return not isinstance(entity.field(name), Links)


def first_shown(entity: Entity, wanted: Sequence[str] = ()) -> list[str]:
    """The columns a ledger shows until the clerk chooses: those asked for, else what fits a list.

    Left out: what the first column says already, personal numbers, long texts, positions.
    """
    if wanted:
        return [name for name in wanted if name in entity.by_name]
    said = set(lead_column(entity).fields)
    fitting = [f for f in entity.fields if f.name not in said and _fits_a_list(f)]
    ranked = sorted(fitting, key=lambda f: _RANKS.get(type(f), 1))[:_FIRST_COLUMNS]
    return [f.name for f in fitting if f in ranked]


_RANKS: Final[Mapping[type[Field], int]] = {Choice: 0, Ref: 0, Date: 0, Number: 0}


def _fits_a_list(field: Field) -> bool:
    long = isinstance(field, Text) and field.lines
    return not long and not isinstance(field, Coordinate | IdNumber | Phone | Links)


def _place(entity: Entity) -> Ref | None:
    """The reference that says where a numbered record lies: one that hangs below another."""
    if not entity.key or not isinstance(entity.field(entity.key[0]), Code):
        return None
    return next((r for r in entity.refs if r.within), None)


def short_code(code: str) -> str:
    """The serial of a number given by rule; any other number as it is."""
    found = _BY_RULE.fullmatch(code)
    return found[1] if found else code


def lead_text(column: Column, row: Mapping[str, Any]) -> str:
    if len(column.fields) == 1:
        return on_screen(column.field, row.get(column.fields[0]))
    place, code = (str(row.get(name) or "") for name in column.fields)
    return " ".join(part for part in (place, short_code(code)) if part)


def on_screen(field: Field, value: Any) -> str:
    """A value as text: figures with commas from 10,000 on; a reference is a text already."""
    if value is None:
        return ""
    if isinstance(field, Ref):
        return str(value)
    if isinstance(field, Number):
        return with_commas(field.show(value))
    return field.show(value)


def edit_text(field: Field, value: Any) -> str:
    """A stored value as it is typed: no commas; a reference is a text already."""
    if value is None or isinstance(field, Ref):
        return str(value or "")
    return field.show(value)


def total_text(field: Number, total: Decimal) -> str:
    """A sum in the unit the field is shown in, rounded once."""
    unit = field.display_unit
    text = units.show(total, unit, TOTAL_PLACES, base=field.unit, trim=True)
    return f"{with_commas(text)} {field.unit_label}".rstrip()


def with_commas(figure: str) -> str:
    whole, point, rest = figure.partition(".")
    digits = whole.lstrip("-")
    if not digits.isdigit() or int(digits) < COMMAS_FROM:
        return figure
    return f"{'-' if whole.startswith('-') else ''}{int(digits):,}{point}{rest}"


def cell_text(column: Column, row: Mapping[str, Any]) -> str:
    if column.name == LEAD:
        return lead_text(column, row)
    return on_screen(column.field, row.get(column.name))
