"""How values stand in order: names by pinyin, words of a vocabulary as it lists them, blanks last."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ledger_app.core.entity import Entity, Registry
from ledger_app.core.fields import Choice, Field, Links, Ref
from ledger_app.db.queries.shown import is_name, shown


@dataclass(frozen=True, slots=True)
class Order:
    """What ORDER BY needs: joins to table `t`, and its terms."""

    joins: str
    terms: str


def order_by(registry: Registry, entity: Entity, sort: Iterable[tuple[str, bool]]) -> Order:
    """(field, descending) in this order; equal ones stand in order of uid. Links have no order."""
    joins, terms = [], []
    for name, descending in sort:
        found, keys = sort_keys(registry, entity.field(name), f"k_{name}")
        joins.append(found)
        terms += [f"{key}{' DESC' if descending else ''} NULLS LAST" for key in keys]
    return Order(" ".join(joins), ", ".join((*terms, "t.uid")))


def sort_keys(registry: Registry, field: Field, join: str, alias: str = "t") -> tuple[str, list[str]]:
    """A join called `join` (or none) and the SQL values that stand in a field's order."""
    if isinstance(field, Links):
        raise TypeError(f"{field.name} has no order")
    text = shown(registry, field, alias)
    if isinstance(field, Choice):
        return "", [_place(field, text), text]
    if not _holds_names(registry, field):
        return "", [text]
    key = f"COALESCE({join}.sort_key, {_plain_key(text)})"
    return f"LEFT JOIN d_pinyin {join} ON {join}.text = {text}", [key]


def _place(field: Choice, text: str) -> str:
    """The place of a word in its vocabulary; words a county has added come after."""
    words = "".join(f" WHEN '{word}' THEN {n}" for n, word in enumerate(field.terms.values))
    return f"CASE {text}{words} END" if words else text


def _holds_names(registry: Registry, field: Field) -> bool:
    """A reference is shown as the title of its target: a name, or a code."""
    if not isinstance(field, Ref):
        return is_name(field)
    target = registry[field.target]
    return any(_holds_names(registry, target.field(name)) for name in target.title)


def _plain_key(text: str) -> str:
    """Names without Chinese: numbers in order of size, as search/pinyin.py has them, letters in one case."""
    number = f"CHAR(47 + MIN(LENGTH({text}), 70)) || {text}"
    return f"CASE WHEN {text} NOT GLOB '*[^0-9]*' THEN {number} ELSE LOWER({text}) END"
