"""Single rows of an import plan: as they were typed, compared alone, kept and put back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ledger_app.core.entity import Entity, Registry
from ledger_app.core.errors import Problem
from ledger_app.core.fields import Field, Number, ReadContext, Ref, Text
from ledger_app.db import Connection
from ledger_app.ingest.changes import compare
from ledger_app.ingest.plan import SheetPlan


@dataclass(frozen=True, slots=True)
class RowState:
    """What a plan holds of one row; kept so that a decision can be taken back."""

    values: Mapping[str, Any]
    stored: Mapping[str, Any]
    uid: str | None
    changes: Mapping[str, tuple[Any, Any]] | None


def fields_of(doubts: Sequence[Problem]) -> list[str]:
    """The fields that doubts are about; a suggestion may be for several at once."""
    names: dict[str, None] = {}
    for p in doubts:
        names |= dict.fromkeys(p.suggestion if isinstance(p.suggestion, dict) else [p.field])
    return [name for name in names if name]


def as_typed(one: Field, raw: Any, sheet: SheetPlan, context: ReadContext) -> Any:
    """The value a cell has if it is right after all; None where it cannot be one."""
    unit = next((m.unit for m in sheet.mapping.values() if m.field.name == one.name), None)
    own = replace(context, unit=unit)
    if one.blank(raw):
        return None
    if isinstance(one, Number):
        one = replace(one, usual=None)
    reading = one.read(raw, own)
    if reading.problem is None or reading.problem.severity == "info":
        return reading.value
    plain_text = isinstance(one, Text) and not isinstance(one, Ref)
    return (str(raw).strip() or None) if plain_text and reading.problem.severity == "confirm" else None


def compared(
    conn: Connection,
    registry: Registry,
    entity: Entity,
    sheet: SheetPlan,
    rows: Mapping[int, Mapping[str, Any]],
) -> dict[int, RowState]:
    """Some rows of a sheet alone against the ledger, with these values: row index → what it would be."""
    alone = SheetPlan(
        name=sheet.name,
        header_rows=sheet.header_rows,
        heads=sheet.heads,
        mapping=sheet.mapping,
        row_numbers=[sheet.row_numbers[i] for i in rows],
        raws={name: [column[i] for i in rows] for name, column in sheet.raws.items()},
        values={name: [values[name] for values in rows.values()] for name in sheet.values},
        problems={},
    )
    compare(conn, registry, entity, [alone])
    return {i: row_state(alone, n) for n, i in enumerate(rows)}


def row_state(sheet: SheetPlan, i: int) -> RowState:
    stored = {name: column[i] for name, column in sheet.stored.items()}
    return RowState(sheet.row_values(i), stored, sheet.uids[i], sheet.changes.get(i))


def put(sheet: SheetPlan, i: int, state: RowState) -> None:
    for name, value in state.values.items():
        sheet.values[name][i] = value
    for name, value in state.stored.items():
        sheet.stored[name][i] = value
    sheet.uids[i] = state.uid
    sheet.changes.pop(i, None)
    if state.changes is not None:
        sheet.changes[i] = dict(state.changes)
