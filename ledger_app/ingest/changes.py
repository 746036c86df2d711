"""Compare what was read with the ledger: new, changed cell by cell, same, to confirm, refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ledger_app.core.entity import Entity, Registry
from ledger_app.core.errors import Problem
from ledger_app.core.fields import Choice, Field, Ref
from ledger_app.core.values import plain
from ledger_app.db import Connection
from ledger_app.db.queries.matching import Key, existing, linked_texts
from ledger_app.ingest.plan import Outcome, SheetPlan
from ledger_app.ingest.resolve import NewRegion, resolve


def compare(conn: Connection, registry: Registry, entity: Entity, sheets: Sequence[SheetPlan]) -> None:
    """Fill in `stored`, `uids`, `changes` and `outcomes` of every sheet."""
    for sheet in sheets:
        sheet.stored = resolve(conn, registry, entity, sheet.values, sheet.problems)
    keys = [_keys(entity, sheet) for sheet in sheets]
    repeated = _repeats(entity, sheets, keys)
    for sheet, own in zip(sheets, keys, strict=True):
        _judge_sheet(conn, registry, entity, sheet, own, repeated.get(id(sheet), frozenset()))


def _judge_sheet(
    conn: Connection,
    registry: Registry,
    entity: Entity,
    sheet: SheetPlan,
    keys: Sequence[Key | None],
    repeats: frozenset[int],
) -> None:
    columns = [c for c in sheet.stored if c in entity.columns]
    held = existing(conn, entity, columns, keys)
    sheet.uids = [held[k][0] if k in held else None for k in keys] if held else [None] * len(keys)
    _find_changes(sheet, columns, keys, held)
    for i, links in _existing_links(conn, registry, entity, sheet, keys, held).items():
        for name, old in links.items():
            if (new := sheet.values[name][i]) is not None and sorted(new) != sorted(old):
                sheet.changes.setdefault(i, {})[name] = (old or None, new)
    _check_transitions(entity, sheet)
    sheet.outcomes = [
        "new" if uid is None else "changed" if i in sheet.changes else "same"
        for i, uid in enumerate(sheet.uids)
    ]
    for i in {*sheet.problems, *repeats}:
        sheet.outcomes[i] = _outcome(
            sheet.problems.get(i, ()), sheet.uids[i] is not None, i in sheet.changes, i in repeats
        )


def _check_transitions(entity: Entity, sheet: SheetPlan) -> None:
    """A list that is older than the ledger must not bring a sealed well back to life unasked."""
    guarded = [f for f in entity.fields if isinstance(f, Choice) and f.transitions]
    for i, cells in sheet.changes.items() if guarded else ():
        for field in guarded:
            old, new = cells.get(field.name, (None, None))
            if not field.may_become(old, new):
                text = (
                    f"台账里{field.label}是“{old}”，表里写的是“{new}”，一般不会这样变，"
                    "可能是旧表；确属台账录错的再确认更改。"
                )
                problem = Problem("state_not_allowed", text, "confirm", field=field.name)
                sheet.problems.setdefault(i, []).append(problem)


def _find_changes(
    sheet: SheetPlan,
    columns: Sequence[str],
    keys: Sequence[Key | None],
    held: Mapping[Key, tuple[Any, ...]],
) -> None:
    if not held:
        return
    rows = zip(*(sheet.stored[c] for c in columns), strict=True)
    for i, (key, new) in enumerate(zip(keys, rows, strict=True)):
        found = held.get(key) if key is not None else None
        if found and found[1:] != new and (changes := _differences(columns, found[1:], new)):
            sheet.changes[i] = changes


def _outcome(problems: Sequence[Problem], known: bool, changed: bool, repeat: bool) -> Outcome:
    severities = {p.severity for p in problems}
    if "refuse" in severities:
        return "refused"
    if repeat:
        return "same"
    if known and not changed:
        return "same"
    if "confirm" in severities:
        return "needs_confirmation"
    return "changed" if known else "new"


def _differences(columns: Sequence[str], old: Key, new: Key) -> dict[str, tuple[Any, Any]]:
    """Cells that differ. An empty cell of the workbook says nothing and takes nothing away."""
    changed = {}
    for column, was, now in zip(columns, old, new, strict=True):
        if now is not None and was != now:
            changed[column] = (plain(was), now)
    return _settle_stated(changed, columns, new)


def _settle_stated(
    changed: dict[str, tuple[Any, Any]], columns: Sequence[str], new: Key
) -> dict[str, tuple[Any, Any]]:
    """A reference that now points elsewhere loses the old half of uid and stated text."""
    for column in list(changed):
        if column.endswith("_stated") and column.replace("_stated", "_uid") in columns:
            uid = column.replace("_stated", "_uid")
            changed.setdefault(uid, (None, new[columns.index(uid)]))
        elif column.endswith("_uid") and column.replace("_uid", "_stated") in columns:
            changed.setdefault(column.replace("_uid", "_stated"), (None, None))
    return changed


def _keys(entity: Entity, sheet: SheetPlan) -> list[Key | None]:
    """The key of each row as it is stored; None where part of it is missing."""
    parts = []
    for name in entity.key:
        field = entity.field(name)
        if name not in sheet.values:
            return [None] * len(sheet)
        parts.append(_key_column(field, sheet))
    return (
        [None if None in key else key for key in zip(*parts, strict=True)] if parts else [None] * len(sheet)
    )


def _key_column(field: Field, sheet: SheetPlan) -> Sequence[Any]:
    if not isinstance(field, Ref):
        return sheet.stored[field.name]
    uids = sheet.stored[field.uid_column]
    if not field.stated:
        return uids
    return [u if u is not None else s for u, s in zip(uids, sheet.stored[field.stated_column], strict=True)]


def _existing_links(
    conn: Connection,
    registry: Registry,
    entity: Entity,
    sheet: SheetPlan,
    keys: Sequence[Key | None],
    held: Mapping[Key, tuple[Any, ...]],
) -> dict[int, dict[str, list[str]]]:
    """Row index → Links field → texts the ledger holds, for the rows that are known."""
    result: dict[int, dict[str, list[str]]] = {}
    for links in entity.links:
        if links.name not in sheet.values or not held:
            continue
        texts = linked_texts(conn, registry, links)
        for i, key in enumerate(keys):
            if key and key in held:
                result.setdefault(i, {})[links.name] = texts.get(held[key][0], [])
    return result


def _repeats(
    entity: Entity, sheets: Sequence[SheetPlan], keys: Sequence[Sequence[Key | None]]
) -> dict[int, frozenset[int]]:
    """Rows that stand twice in the workbook: an identical one is left out, a differing pair refused."""
    every = [key for own in keys for key in own if key is not None]
    if len(set(every)) == len(every):
        return {}
    seen: dict[Key, tuple[SheetPlan, int]] = {}
    repeats: dict[int, set[int]] = {}
    for sheet, own in zip(sheets, keys, strict=True):
        for i, key in enumerate(own):
            if key is None or any(isinstance(part, NewRegion) for part in key):
                continue
            first = seen.setdefault(key, (sheet, i))
            if first == (sheet, i):
                continue
            if _same_content(first, (sheet, i)):
                repeats.setdefault(id(sheet), set()).add(i)
                _say_repeat(entity, first, (sheet, i))
            else:
                _say_conflict(entity, first, (sheet, i))
    return {key: frozenset(rows) for key, rows in repeats.items()}


def _same_content(first: tuple[SheetPlan, int], second: tuple[SheetPlan, int]) -> bool:
    (a, i), (b, j) = first, second
    names = set(a.values) & set(b.values)
    return all(a.values[n][i] == b.values[n][j] for n in names)


def _say_repeat(entity: Entity, first: tuple[SheetPlan, int], second: tuple[SheetPlan, int]) -> None:
    (a, i), (b, j) = first, second
    where = f"{a.name} 第 {a.row_numbers[i]} 行"
    problem = Problem("duplicate_identical", f"与{where}完全相同，只取一行。", "info", field=entity.key[0])
    b.problems.setdefault(j, []).append(problem)


def _say_conflict(entity: Entity, first: tuple[SheetPlan, int], second: tuple[SheetPlan, int]) -> None:
    (a, i), (b, j) = first, second
    names = [n for n in a.values if n in b.values and a.values[n][i] != b.values[n][j]]
    differ = "、".join(entity.field(n).label for n in names[:4])
    label = entity.field(entity.key[0]).label
    for (own, row), (other, there) in (((a, i), (b, j)), ((b, j), (a, i))):
        where = f"{other.name} 第 {other.row_numbers[there]} 行"
        text = f"与{where}{label}相同而{differ}不同，请核对后只留一行。"
        said = own.problems.setdefault(row, [])
        if not any(p.code == "duplicate_conflict" for p in said):
            said.append(Problem("duplicate_conflict", text, field=entity.key[0]))
