"""A town's workbook into a ledger: plan it (nothing is written), then apply it as one act."""

from __future__ import annotations

import gc
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from ledger_app.core.entity import Entity, Registry
from ledger_app.core.errors import LedgerError
from ledger_app.core.fields import ReadContext
from ledger_app.db import Connection, journal
from ledger_app.db.operations.importing import add_regions, after_import, replace_links
from ledger_app.db.operations.linking import link_stated
from ledger_app.db.operations.numbering import give_numbers
from ledger_app.db.queries import matching
from ledger_app.db.store import Act, ActInfo, Store
from ledger_app.ingest.changes import compare
from ledger_app.ingest.mapping import Profile
from ledger_app.ingest.plan import ImportPlan, SheetPlan
from ledger_app.ingest.sheets import plan_sheet
from ledger_app.ingest.workbook import read_workbook

CHANGED_SINCE: Final = "台账在核对之后又有改动，请重新核对一次再导入。"


@dataclass(frozen=True, slots=True)
class Choices:
    """What the clerk has decided in the wizard: corrected columns (sheet → letter → field or ""),
    meanings of ambiguous words (sheet → (field, word) → value), sheets left out."""

    columns: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    meanings: Mapping[str, Mapping[tuple[str, str], str]] = field(default_factory=dict)
    left_out: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Applied:
    """What an import did: the act (None where nothing was to be written) and the ledgers it changed."""

    act: str | None
    changed: frozenset[str]
    rows: int


def plan_import(
    conn: Connection,
    registry: Registry,
    entity: Entity,
    workbook: Path,
    context: ReadContext,
    *,
    sheet: str | None = None,
    profile: str | None = None,
    choices: Choices | None = None,
) -> ImportPlan:
    """Read, map, check and compare a workbook. Raises LedgerError for a file that cannot be read or
    holds no table of this ledger."""
    with paused_collector():
        return _plan(conn, registry, entity, workbook, context, sheet, profile, choices or Choices())


def _plan(
    conn: Connection,
    registry: Registry,
    entity: Entity,
    workbook: Path,
    context: ReadContext,
    sheet: str | None,
    profile: str | None,
    choices: Choices,
) -> ImportPlan:
    book = read_workbook(workbook)
    if sheet is not None and sheet not in {s.name for s in book.sheets}:
        names = "、".join(s.name for s in book.sheets)
        raise LedgerError(f"这个文件里没有“{sheet}”这张表，有的是：{names}。", "no_sheet")
    profiles = saved_profiles(conn, entity.name, profile)
    towns = matching.town_names(conn)
    plans = [
        plan_sheet(
            entity,
            s,
            context,
            profiles=profiles,
            chosen=choices.columns.get(s.name),
            meanings=choices.meanings.get(s.name),
            towns=towns,
        )
        for s in book.sheets
        if sheet in (None, s.name) and s.name not in choices.left_out
    ]
    found = [p for p in plans if p is not None]
    if not found:
        raise LedgerError(
            f"{workbook.name} 里没有认出{entity.label}的表头，请确认选对了台账和文件。", "no_table"
        )
    compare(conn, registry, entity, found)
    return ImportPlan(entity, workbook.name, journal.head(conn), found, book.notes)


@contextmanager
def paused_collector() -> Iterator[None]:
    """Millions of cells are made and none is garbage: looking for cycles among them takes a third of
    the time of a large import."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def apply_import(
    store: Store,
    plan: ImportPlan,
    who: str,
    *,
    accept_suggestions: bool = False,
    confirmed: Mapping[str, Collection[int]] | None = None,
    source: str = "import",
    save_profile: str | None = None,
) -> Applied:
    """Write new and changed rows, and the doubtful ones that were agreed to, as one act.

    `confirmed` names row indexes by sheet; `accept_suggestions` takes every doubtful row whose doubts
    all have a suggestion. Raises LedgerError where the ledger changed since the plan was made.
    """
    picked = {id(s): _picked(s, accept_suggestions, (confirmed or {}).get(s.name, ())) for s in plan.sheets}
    if not any(picked.values()) and not save_profile:
        return Applied(None, frozenset(), 0)
    info = ActInfo("import", who, f"导入 {plan.workbook}", source)
    with paused_collector(), store.act(info) as act:
        _still_current(store, plan)
        rows = 0
        for sheet in plan.sheets:
            rows += _apply_sheet(act, plan.entity, sheet, picked[id(sheet)])
        if save_profile:
            _save_profile(act, plan, save_profile)
    return Applied(act.uid, frozenset(act.changed), rows)


def saved_profiles(conn: Connection, ledger: str, only: str | None = None) -> list[Profile]:
    """The mappings the clerk has agreed to before, the newest first."""
    profiles = [Profile.from_text(*row) for row in matching.saved_profiles(conn, ledger)]
    return profiles if only is None else [p for p in profiles if p.name == only]


def _picked(sheet: SheetPlan, accept: bool, confirmed: Collection[int]) -> list[int]:
    agreed = set(confirmed) | {i for i in range(len(sheet)) if accept and sheet.acceptable(i)}
    return [
        i
        for i, outcome in enumerate(sheet.outcomes)
        if outcome in ("new", "changed") or (outcome == "needs_confirmation" and i in agreed)
    ]


def _still_current(store: Store, plan: ImportPlan) -> None:
    """The act's own header is the last entry; what the plan was compared with must stand before it."""
    if journal.head_before_last(store.conn) != plan.head:
        raise LedgerError(CHANGED_SINCE, "changed_since")


def _apply_sheet(act: Act, entity: Entity, sheet: SheetPlan, picked: Sequence[int]) -> int:
    if not picked:
        return 0
    add_regions(act, sheet.stored)
    new = [i for i in picked if sheet.uids[i] is None]
    uids = _insert(act, entity, sheet, new)
    changed = _changed_cells(entity, sheet, picked)
    act.update_many(entity, changed)
    _apply_links(act, entity, sheet, dict(zip(new, uids, strict=True)), picked)
    touched = [*uids, *changed]
    link_stated(act, entity, uids)
    after_import(act, entity, touched)
    return len(touched)


def _changed_cells(entity: Entity, sheet: SheetPlan, picked: Sequence[int]) -> dict[str, dict[str, Any]]:
    """Uid → column → new value; read from `stored`, where regions just made have their uid by now."""
    changed: dict[str, dict[str, Any]] = {}
    for i in picked:
        uid = sheet.uids[i]
        if uid and i in sheet.changes:
            columns = [c for c in sheet.changes[i] if c in entity.columns]
            changed[uid] = {c: sheet.stored[c][i] if c in sheet.stored else None for c in columns}
    return changed


def _insert(act: Act, entity: Entity, sheet: SheetPlan, rows: Sequence[int]) -> list[str]:
    names = [c for c in sheet.stored if c in entity.columns]
    every = len(rows) == len(sheet)
    columns: dict[str, Sequence[Any]] = {
        n: sheet.stored[n] if every else [sheet.stored[n][i] for i in rows] for n in names
    }
    give_numbers(act, entity, columns, len(rows))
    return act.insert_columns(entity, columns, len(rows))


def _apply_links(
    act: Act, entity: Entity, sheet: SheetPlan, new: Mapping[int, str], picked: Sequence[int]
) -> None:
    for links in entity.links:
        if links.name not in sheet.values:
            continue
        wanted = {}
        for i in picked:
            uid = new.get(i) or sheet.uids[i]
            if uid and (i in new or links.name in sheet.changes.get(i, {})):
                wanted[uid] = sheet.values[links.name][i] or []
        replace_links(act, links, wanted)


def _save_profile(act: Act, plan: ImportPlan, name: str) -> None:
    fields = {
        head.path: sheet.mapping[head.index].field.name if head.index in sheet.mapping else ""
        for sheet in plan.sheets
        for head in sheet.heads
    }
    entity = act.store.registry["import_profiles"]
    row = {"ledger": plan.entity.name, "name": name, "mapping": Profile(name, fields).as_text()}
    old = act.store.rows(entity, "ledger = ? AND name = ?", (plan.entity.name, name))
    if old:
        act.update(entity, old[0]["uid"], {"mapping": row["mapping"]})
    else:
        act.insert(entity, row)


def plan_as_json(plan: ImportPlan, applied: Applied | None) -> dict[str, Any]:
    """The document of the command line's contract (product.md)."""
    return {
        "act": applied.act if applied else None,
        "sheets": [_sheet_as_json(sheet) for sheet in plan.sheets],
        "counts": plan.counts(),
        "notes": [n.text for n in plan.notes],
    }


def _sheet_as_json(sheet: SheetPlan) -> dict[str, Any]:
    letters = {head.index: head.letter for head in sheet.heads}
    return {
        "name": sheet.name,
        "header_rows": list(sheet.header_rows),
        "mapping": {letters[index]: match.field.name for index, match in sheet.mapping.items()},
        "rows": [
            {
                "row": sheet.row_numbers[i],
                "outcome": sheet.outcomes[i],
                "values": sheet.row_values(i),
                "problems": [
                    {"field": p.field, "code": p.code, "text": p.text, "suggestion": p.suggestion}
                    for p in sheet.problems.get(i, ())
                ],
            }
            for i in range(len(sheet))
        ],
    }


def labels_of(entity: Entity, name: str) -> str:
    """The label of a field or of the field behind a stored column."""
    for each in entity.fields:
        if name == each.name or name in each.columns:
            return each.label
    return name
