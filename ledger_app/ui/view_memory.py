"""How a ledger's table was left: columns, widths, order, filters; named filters travel with the file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ledger_app.core.entity import Entity
from ledger_app.services import session
from ledger_app.ui.chosen import Chosen, as_json, from_json
from ledger_app.ui.places import PageContext


class ViewMemory:
    """Remembers one ledger's view in the account's settings, and its named filters in the ledger file."""

    def __init__(self, context: PageContext, entity: Entity) -> None:
        self._context = context
        self._entity = entity
        self._name = context.setting(f"view:{entity.name}")
        self._filters_name = f"filters:{entity.name}"
        kept = context.settings.get(self._name)
        self._values: dict[str, Any] = dict(kept) if isinstance(kept, dict) else {}

    def get(self, name: str, default: Any) -> Any:
        """What was kept, where it is of the kind expected."""
        value = self._values.get(name, default)
        return value if isinstance(value, type(default)) else default

    def put(self, **values: Any) -> None:
        if any(self._values.get(name) != value for name, value in values.items()):
            self._values |= values
            self._context.settings.put(self._name, dict(self._values))

    def filters(self) -> list[Chosen]:
        return from_json(self._entity, self._values.get("filters"))

    def keep_filters(self, chosen: Sequence[Chosen]) -> None:
        self.put(filters=as_json(chosen))

    def filters_as_json(self, chosen: Sequence[Chosen]) -> list[dict[str, Any]]:
        return as_json(chosen)

    def filters_from_json(self, kept: Any) -> list[Chosen]:
        return from_json(self._entity, kept)

    def named_filters(self) -> dict[str, Any]:
        found = session.kept(self._context.workspace.screen, self._filters_name, {})
        return dict(found) if isinstance(found, dict) else {}

    def keep_named(self, name: str, view: Any) -> None:
        """Keep a view under a name; None forgets it."""
        named = {n: v for n, v in self.named_filters().items() if n != name}
        if view is not None:
            named[name] = view
        self._context.workers.write(lambda store: session.keep(store, self._filters_name, named))
