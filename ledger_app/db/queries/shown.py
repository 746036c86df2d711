"""The text a field is shown as, in SQL: a reference by its target's title, one look-up each."""

from __future__ import annotations

from ledger_app.core.entity import Entity, Registry
from ledger_app.core.fields import Code, Field, Links, Ref, Text


def is_name(field: Field) -> bool:
    """Whether a field holds names: searched by initials and sorted by pinyin. Codes and remarks do not."""
    if isinstance(field, Text):
        return not isinstance(field, Code) and not field.lines
    return isinstance(field, Ref)


def shown(registry: Registry, field: Field, alias: str = "t") -> str:
    """The SQL of a field's text in a row of table `alias`; for a Ref the title of its target, or what
    was stated while there is none. Links have no text of their own in the row."""
    if isinstance(field, Links):
        raise TypeError(field.name)
    if not isinstance(field, Ref):
        return f"{alias}.{field.name}"
    linked = linked_title(registry, field, alias)
    return f"COALESCE({linked}, {alias}.{field.stated_column})" if field.stated else linked


def linked_title(registry: Registry, ref: Ref, alias: str = "t") -> str:
    """The title of the record a Ref is linked to; NULL where it is not linked."""
    target = registry[ref.target]
    inner = f"{alias}_{ref.name}"
    text = title(registry, target, inner)
    return f"(SELECT {text} FROM {target.table} {inner} WHERE {inner}.uid = {alias}.{ref.uid_column})"


def title(registry: Registry, entity: Entity, alias: str = "t") -> str:
    """The fields that name a record in a sentence, joined by a blank."""
    return joined([shown(registry, entity.field(name), alias) for name in entity.title])


def joined(texts: list[str]) -> str:
    if len(texts) == 1:
        return texts[0]
    spaced = " || ".join(f"COALESCE(' ' || {text}, '')" for text in texts)
    return f"LTRIM({spaced})"


def open_only(through: Entity, alias: str) -> str:
    """The condition (with leading AND) that leaves out links that have ended: rows with a `to_on`."""
    return f" AND {alias}.to_on IS NULL" if "to_on" in through.columns else ""
