"""Filters typed on the command line: `status=在用`, `井深=50..80`, `village=大圣村`, `permit_no=`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from ledger_app.core import units
from ledger_app.core.entity import Entity
from ledger_app.core.errors import LedgerError
from ledger_app.core.fields import Choice, Date, Field, Number, ReadContext
from ledger_app.core.terms import fold
from ledger_app.db.queries.conditions import Filter

RANGE: Final = ".."
ANY: Final = "*"


def parse_where(entity: Entity, texts: Sequence[str], context: ReadContext) -> tuple[Filter, ...]:
    """FIELD=VALUE each, the field by name or by label: several values of one field are alternatives,
    `A..B` is a range (either end may be missing), nothing means blank, `*` filled in.

    Figures are in the base unit under the field's name and in the unit shown under its label.
    Raises LedgerError for an unknown field and for a value the field cannot have.
    """
    filters: list[Filter] = []
    values: dict[str, list[Any]] = {}
    for text in texts:
        name, equals, value = (part.strip() for part in text.partition("="))
        if not equals:
            raise LedgerError(f"筛选条件“{text}”要写成 字段=值 的样子。", "bad_filter")
        field = _field(entity, name)
        own = _in_base_unit(field, context) if name == field.name else context
        one = _filter(field, value, own)
        if one.op == "in":
            values.setdefault(field.name, []).extend(one.values)
        else:
            filters.append(one)
    return (*filters, *(Filter(name, "in", tuple(dict.fromkeys(v))) for name, v in values.items()))


def _field(entity: Entity, name: str) -> Field:
    if name in entity.by_name:
        return entity.field(name)
    spelt = [f for f in entity.fields if fold(name) in (fold(f.label), fold(f.heading), f.name.upper())]
    if not spelt:
        said = "、".join(f"{f.name}（{f.label}）" for f in entity.fields)
        raise LedgerError(f"{entity.label}里没有“{name}”这个字段。可以用的有：{said}。", "unknown_field")
    return spelt[0]


def _in_base_unit(field: Field, context: ReadContext) -> ReadContext:
    return replace(context, unit=units.find_unit(field.unit)) if isinstance(field, Number) else context


def _filter(field: Field, text: str, context: ReadContext) -> Filter:
    if not text:
        return Filter(field.name, "blank")
    if text == ANY:
        return Filter(field.name, "filled")
    if RANGE in text and isinstance(field, Number | Date):
        low, high = (part.strip() for part in text.split(RANGE, 1))
        ends = tuple(_value(field, end, context) if end else None for end in (low, high))
        return Filter(field.name, "between", ends)
    value = _value(field, text, context)
    if isinstance(field, Date):
        return Filter(field.name, "between", (value, value))
    return Filter(field.name, "in", (value,))


def _value(field: Field, text: str, context: ReadContext) -> Any:
    """The value as the ledger keeps it. Texts that are no proper number or code are taken as typed, so
    that what is stored wrongly can still be found."""
    if isinstance(field, Date):
        field = replace(field, partial=True, future=True)
    reading = field.read(text, context)
    if reading.value is not None:
        return reading.value
    if isinstance(field, Choice | Number | Date):
        said = reading.problem.text if reading.problem else f"看不懂“{text}”。"
        raise LedgerError(f"{field.label}：{said}", "bad_filter")
    return text
