"""What happened to a point and when: the dated rows behind its state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from ledger_app.db.operations.batch import Facts, related
from ledger_app.db.queries.stock import MOVES
from ledger_app.db.store import Act, Row, Store

# Facts of a point that reports count by: a change of theirs is kept with its day, under the kinds the
# stock reads (db/queries/stock.py).
_COLUMNS: Final[Mapping[str, str]] = MappingProxyType({"town": "town_uid"})
DATED: Final[Mapping[str, str]] = MappingProxyType(
    {"status": "状态变更"} | {_COLUMNS.get(what, what): kind for what, kind in MOVES}
)


def last(store: Store, uids: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Point → (day, kind) of the latest thing that happened to it."""
    found = related(store, store.registry["point_events"], "point_uid", uids)
    latest = {uid: max(rows, key=lambda r: (r["happened_on"], r["uid"])) for uid, rows in found.items()}
    return {uid: (row["happened_on"], row["kind"]) for uid, row in latest.items()}


def event(row: Row, kind: str, day: str, to_status: str | None, facts: Facts) -> dict[str, Any]:
    """The row to insert for one point."""
    return {
        "point_uid": row["uid"],
        "kind": kind,
        "happened_on": day,
        "from_status": row["status"],
        "to_status": to_status,
        "reason": facts.get("reason"),
        "document": facts.get("document"),
    }


def record(act: Act, rows: Sequence[Mapping[str, Any]]) -> None:
    act.insert_many(act.store.registry["point_events"], rows)


def dated(
    act: Act, row: Row, cells: Mapping[str, Any], on: str, facts: dict[str, Any]
) -> list[dict[str, Any]]:
    """What becomes of the facts reports count by, as rows to record."""
    found = []
    for column, kind in DATED.items():
        if column in cells and cells[column] != row[column]:
            old, new = (_text(act.store, column, v) for v in (row[column], cells[column]))
            found.append(event(row, kind, on, new, facts) | {"from_status": old})
    return found


def _text(store: Store, column: str, value: Any) -> Any:
    if column != "town_uid" or value is None:
        return value
    region = store.get(store.registry["regions"], value)
    return region["name"] if region else value
