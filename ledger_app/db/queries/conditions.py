"""What narrows a list: filters of single fields, compiled to one SQL condition over table `t`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Literal

from ledger_app.core.characters import half_width
from ledger_app.core.entity import Entity, Registry
from ledger_app.core.fields import Date, Field, Links, Number, Ref
from ledger_app.core.late import late
from ledger_app.core.units import round_half_even
from ledger_app.db.queries.shown import open_only, shown, title

if TYPE_CHECKING:
    from ledger_app.core import dates
else:
    (dates,) = late("dates")

Operator = Literal["in", "between", "blank", "filled", "contains"]
Values = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter of one field, in base units.

    `in`: any of the values (of a Ref or Links: uids or shown texts). `between`: (low, high), either may
    be None, both ends belong to it; a partial date stands for its first day in a row, for its whole span
    in the filter. `contains`: any of the texts is part of what is shown. `blank`, `filled`: no values.
    """

    field: str
    op: Operator
    values: Values = ()


@dataclass(frozen=True, slots=True)
class Condition:
    """A piece of SQL and its parameters."""

    sql: str
    args: Values = ()


def all_of(parts: Iterable[Condition]) -> Condition:
    return _combined(" AND ", list(parts), "1")


def any_of(parts: Iterable[Condition]) -> Condition:
    return _combined(" OR ", list(parts), "0")


def _combined(word: str, parts: list[Condition], empty: str) -> Condition:
    if len(parts) == 1:
        return parts[0]
    return Condition(
        f"({word.join(p.sql for p in parts)})" if parts else empty, tuple(a for p in parts for a in p.args)
    )


def scope(entity: Entity) -> list[Condition]:
    """The rows of a shared table that belong to this ledger."""
    if entity.scope is None:
        return []
    column, values = entity.scope
    return [_among(f"t.{column}", values)]


def filtered(registry: Registry, entity: Entity, filters: Iterable[Filter]) -> list[Condition]:
    """One condition a filter; all have to hold."""
    return [_filter(registry, entity, one) for one in filters]


def _filter(registry: Registry, entity: Entity, one: Filter) -> Condition:
    field = entity.field(one.field)
    if isinstance(field, Links):
        return _links(registry, field, one)
    if one.op in ("blank", "filled"):
        return _presence(field, one.op)
    return _OPERATORS[one.op](registry, field, "t", one.values)


def _presence(field: Field, op: Operator) -> Condition:
    """A Ref that is only stated is filled in too."""
    if op == "blank":
        return all_of(Condition(f"t.{column} IS NULL") for column in field.columns)
    return any_of(Condition(f"t.{column} IS NOT NULL") for column in field.columns)


def _links(registry: Registry, links: Links, one: Filter) -> Condition:
    """Some row of the table between the two has to meet the filter; blank: there is none at all."""
    through = registry[links.through]
    owner = through.field(links.owner).columns[0]
    some = f"SELECT l.{owner} FROM {through.table} l WHERE l.{owner} IS NOT NULL{open_only(through, 'l')}"
    if one.op in ("blank", "filled"):
        return Condition(f"t.uid {'NOT ' if one.op == 'blank' else ''}IN ({some})")
    inner = _OPERATORS[one.op](registry, through.field(links.item), "l", one.values)
    return Condition(f"t.uid IN ({some} AND {inner.sql})", inner.args)


def _in(registry: Registry, field: Field, alias: str, values: Values) -> Condition:
    if isinstance(field, Ref):
        return _ref_in(registry, field, alias, values)
    column = f"{alias}.{field.name}"
    if isinstance(field, Number):
        scaled = f"CAST(ROUND({column} * {10**field.places}) AS INTEGER)"
        return _among(scaled, tuple(_scaled(v, field.places) for v in values))
    return _among(column, values)


def _scaled(value: Any, places: int) -> int:
    """A figure in units of 10^-places: decimals are compared as integers."""
    return int(round_half_even(value, places).scaleb(places))


def _among(expression: str, values: Values) -> Condition:
    return Condition(f"{expression} IN ({','.join('?' * len(values))})", values)


def _ref_in(registry: Registry, ref: Ref, alias: str, values: Values) -> Condition:
    """Linked to a record with that uid or title; or stated so while not linked."""
    target, column = registry[ref.target], f"{alias}.{ref.uid_column}"
    meant = any_of([_among("r.uid", values), _among(title(registry, target, "r"), values)])
    linked = Condition(f"{column} IN (SELECT r.uid FROM {target.table} r WHERE {meant.sql})", meant.args)
    if not ref.stated:
        return linked
    stated = _among(f"{alias}.{ref.stated_column}", values)
    return any_of([linked, Condition(f"({column} IS NULL AND {stated.sql})", values)])


def _between(registry: Registry, field: Field, alias: str, values: Values) -> Condition:
    low, high = values
    text = shown(registry, field, alias)
    if isinstance(field, Date):
        text = f"SUBSTR({text} || '-01-01', 1, 10)"  # 2012 and 2012-05 compare as their first day
        low, high = low and dates.first_day(low).isoformat(), high and dates.last_day(high).isoformat()
    bounds = (Condition(f"{text} {sign} ?", (v,)) for sign, v in ((">=", low), ("<=", high)) if v is not None)
    return all_of([Condition(f"{text} IS NOT NULL"), *bounds])


def _contains(registry: Registry, field: Field, alias: str, values: Values) -> Condition:
    text = f"LOWER({shown(registry, field, alias)})"
    spelt = dict.fromkeys(form for v in values for form in (str(v).lower(), half_width(str(v)).lower()))
    return any_of(Condition(f"INSTR({text}, ?) > 0", (form,)) for form in spelt)


_OPERATORS: Final[Mapping[str, Callable[[Registry, Field, str, Values], Condition]]] = MappingProxyType(
    {"in": _in, "between": _between, "contains": _contains}
)
