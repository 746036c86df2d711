"""The records of an act as rows of its grid, fetched by uid or found by what was pasted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ledger_app.db.queries import listing
from ledger_app.services.act_preview import Found
from ledger_app.ui.columns import lead_column, lead_text
from ledger_app.ui.dialogs.act_kind import ActKind
from ledger_app.ui.dialogs.act_rows import ActRow
from ledger_app.ui.places import PageContext


class ActRecords:
    """Looks in the ledgers an act works on, the first one first."""

    def __init__(self, context: PageContext, kind: ActKind) -> None:
        self._context = context
        self._kind = kind

    def find(self, text: str) -> Found:
        space = self._context.workspace
        return self._kind.errand.find(space.ledger.store(space.screen), text, space.today())

    def rows(self, uids: Sequence[str], unknown: Sequence[str] = ()) -> list[ActRow]:
        """The records in the order asked for; what nobody knows under its own text."""
        known: dict[str, ActRow] = {}
        for name in self._kind.ledgers:
            known |= self._of(name, [uid for uid in uids if uid not in known])
        found = [known[uid] for uid in uids if uid in known]
        return [*found, *(ActRow("", {}, text, text) for text in unknown)]

    def _of(self, ledger: str, uids: Sequence[str]) -> dict[str, ActRow]:
        entity, registry = self._context.registry[ledger], self._context.registry
        screen = self._context.workspace.screen
        ids = [i for i in (listing.row_id(screen, entity, uid) for uid in uids) if i is not None]
        return {row["_id"]: self._row(ledger, row) for row in listing.page(screen, registry, entity, ids)}

    def _row(self, ledger: str, row: dict[str, Any]) -> ActRow:
        entity = self._context.registry[ledger]
        code = str(row.get(entity.key[0]) or "")
        return ActRow(row["_id"], row, lead_text(lead_column(entity), row), code)
