"""Which filters stand open on a ledger's page where nobody has said: places and states."""

from __future__ import annotations

from typing import Final

from ledger_app.core.entity import Entity
from ledger_app.core.fields import Choice, Ref

MOST: Final = 3


def quick_filters(entity: Entity) -> list[str]:
    """The first words of lists and references of the form's first group."""
    first_group = entity.fields[0].group
    fitting = [f for f in entity.fields if isinstance(f, Choice | Ref) and f.name not in entity.key]
    own = [f.name for f in fitting if f.group == first_group]
    return (own or [f.name for f in fitting])[:MOST]
