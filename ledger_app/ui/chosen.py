"""A filter as the clerk reads it: the values with their texts, one sentence, kept as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from ledger_app.core.entity import Entity
from ledger_app.core.fields import Field
from ledger_app.db.queries.listing import Filter
from ledger_app.ui.columns import on_screen

_SAID: Final = 2  # values named before “等 5 项”
BLANK, FILLED = "未填", "已填"


class Chosen(NamedTuple):
    """One filter with what its values are called (a reference is kept by uid and called by name)."""

    filter: Filter
    texts: tuple[str, ...] = ()


def said(field: Field, chosen: Chosen) -> str:
    """What the filter asks for, to be read aloud after the field's label."""
    one = chosen.filter
    if one.op in ("blank", "filled"):
        return BLANK if one.op == "blank" else FILLED
    if one.op == "between":
        return _span(field, *one.values)
    texts = chosen.texts or tuple(on_screen(field, v) for v in one.values)
    if one.op == "contains":
        return f"含“{'、'.join(texts)}”"
    named = "、".join(texts[:_SAID])
    return named if len(texts) <= _SAID else f"{named}等 {len(texts)} 项"


def _span(field: Field, low: Any, high: Any) -> str:
    unit = f" {field.unit_label}" if field.unit_label else ""
    first, last = (on_screen(field, v) for v in (low, high))
    if low is not None and high is not None:
        return f"{first}{unit}" if first == last else f"{first} 至 {last}{unit}"
    return f"{first}{unit} 起" if low is not None else f"到 {last}{unit} 为止"


def as_json(chosen: Sequence[Chosen]) -> list[dict[str, Any]]:
    return [
        {
            "field": c.filter.field,
            "op": c.filter.op,
            "values": list(c.filter.values),
            "texts": list(c.texts),
        }
        for c in chosen
    ]


def from_json(entity: Entity, kept: Any) -> list[Chosen]:
    """Filters as they were kept; what the ledger no longer has is left out."""
    found = []
    for each in kept if isinstance(kept, list) else []:
        if isinstance(each, Mapping) and each.get("field") in entity.by_name:
            one = Filter(each["field"], each["op"], tuple(each["values"]))
            found.append(Chosen(one, tuple(each["texts"])))
    return found
