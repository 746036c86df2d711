"""Which rows a page shows: the first hits at once, then all of them in order, then count and sums."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from PySide6.QtCore import QObject, Signal

from ledger_app.core.entity import Entity
from ledger_app.core.errors import LedgerError
from ledger_app.db.queries import listing
from ledger_app.db.queries.listing import Query
from ledger_app.ui.places import PageContext

FIRST: Final = 50
PAINT_MS: Final = 40  # the first hits are painted before their order is worked out


class RowSource(QObject):
    """Asks the reader; a newer question of the same page interrupts the former."""

    first = Signal(object)  # array of ids, in order of entry
    ordered = Signal(object)  # array of all ids, in the query's order
    totalled = Signal(object)  # field → Decimal
    counted = Signal(int)  # records of the whole ledger
    failed = Signal(str)

    def __init__(self, context: PageContext, entity: Entity, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._entity = entity
        self._registry = context.registry
        self._query = Query()
        self._only: tuple[str, ...] = ()

    def ask(self, query: Query, only: Sequence[str] = (), *, quick: bool = True) -> None:
        """Show the rows of a query; of the records `only` where they are given. `quick` brings the
        first hits in order of entry while the order is worked out."""
        self._query, self._only = query, tuple(only)
        if quick and not only:
            self._read(self._first_ids, self._show_first)
        else:
            self._read(self.ordered_ids, self._show_ordered)

    def count(self) -> None:
        """How many records the whole ledger has."""
        entity, registry = self._entity, self._registry
        self._context.workers.read(
            lambda conn: listing.count(conn, registry, entity, Query()),
            self.counted.emit,
            channel=f"count {id(self)}",
        )

    def fetch(self, ids: Sequence[int], fields: Sequence[str]) -> list[dict[str, Any]]:
        """Rows by id, on the window's thread: a page costs a millisecond."""
        return listing.page(self._context.workspace.screen, self._registry, self._entity, ids, fields)

    def _read(self, job: Any, done: Any, after_ms: int = 0) -> None:
        channel = f"rows {id(self)}"
        self._context.workers.read(job, done, self._refused, channel=channel, after_ms=after_ms)

    def _first_ids(self, conn: Any) -> array[int]:
        unsorted = replace(self._query, sort=())
        return array("q", listing.first_ids(conn, self._registry, self._entity, unsorted, FIRST))

    def ordered_ids(self, conn: Any) -> array[int]:
        ids = listing.row_ids(conn, self._registry, self._entity, self._query)
        if not self._only:
            return ids
        found = (listing.row_id(conn, self._entity, uid) for uid in self._only)
        wanted = {i for i in found if i is not None}
        return array("q", (i for i in ids if i in wanted))

    def _show_first(self, ids: array[int]) -> None:
        self.first.emit(ids)
        self._read(self.ordered_ids, self._show_ordered, after_ms=PAINT_MS)

    def _show_ordered(self, ids: array[int]) -> None:
        self.ordered.emit(ids)
        if self._only:
            self.totalled.emit({})
        else:
            self._read(self._totals, self.totalled.emit)

    def _totals(self, conn: Any) -> dict[str, Any]:
        return dict(listing.totals(conn, self._registry, self._entity, self._query))

    def _refused(self, error: BaseException) -> None:
        if isinstance(error, LedgerError):
            self.failed.emit(error.text)
        else:
            raise error
