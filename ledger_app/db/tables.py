"""Every table is of one kind: ledger (journaled), journal, local (window settings), derived (rebuilt)."""

from __future__ import annotations

from typing import Final

from ledger_app.core.entity import Registry

JOURNAL: Final = ("entries",)
LOCAL: Final = ("ledger_info", "settings", "outbox", "_sqlite_migrations", "sqlite_sequence")
DERIVED_PREFIX: Final = "d_"  # search text, sort keys, the list of acts: rebuilt at any time


def ledger_tables(registry: Registry) -> tuple[str, ...]:
    """The journaled tables, each once, in the order of declaration."""
    return tuple(dict.fromkeys(entity.table for entity in registry))


def kind_of(table: str, registry: Registry) -> str:
    """`ledger`, `journal`, `local` or `derived`; anything else is an error of ours."""
    if table in ledger_tables(registry):
        return "ledger"
    if table in JOURNAL:
        return "journal"
    if table in LOCAL:
        return "local"
    if table.startswith(DERIVED_PREFIX):
        return "derived"
    raise KeyError(table)
