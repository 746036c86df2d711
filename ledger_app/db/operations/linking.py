"""Records that were only named by a paper are linked when they arrive."""

from __future__ import annotations

from collections.abc import Sequence

from ledger_app.core.entity import Entity
from ledger_app.db.store import Act


def link_stated(act: Act, entity: Entity, uids: Sequence[str]) -> int:
    """Point every stated reference that names one of these new records at it; returns how many."""
    if not uids or not entity.key:
        return 0
    linked = 0
    column = entity.key[0]
    for other, ref in act.store.registry.referring_to(entity.name):
        if not ref.stated or column not in entity.columns:
            continue
        waiting = _waiting(act, other.table, ref.stated_column, entity.table, column, set(uids))
        changes = {row: {ref.uid_column: target, ref.stated_column: None} for row, target in waiting}
        linked += act.update_many(other, changes) if changes else 0
    return linked


def _waiting(
    act: Act, table: str, stated: str, target: str, column: str, new: set[str]
) -> list[tuple[str, str]]:
    sql = (
        f"SELECT w.uid, t.uid FROM {table} w JOIN {target} t ON t.{column} = w.{stated}"
        f" WHERE w.{stated} IS NOT NULL ORDER BY w.id"
    )
    return [(row, found) for row, found in act.conn.execute(sql) if found in new]
