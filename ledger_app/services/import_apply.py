"""Writing an import plan: new and changed rows, links, places and the remembered mapping as one act."""

from __future__ import annotations

import gc
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, Final, TypeAlias

from ledger_app.core.entity import Entity
from ledger_app.core.errors import LedgerError
from ledger_app.db.operations.importing import add_regions, after_import, replace_links
from ledger_app.db.operations.linking import link_stated
from ledger_app.db.operations.numbering import give_numbers
from ledger_app.db.store import Act, ActInfo, Store
from ledger_app.ingest.mapping import Profile
from ledger_app.ingest.plan import ImportPlan, SheetPlan
from ledger_app.ingest.resolve import NewRegion

CHANGED_SINCE: Final = "台账在核对之后又有改动，请重新核对一次再导入。"
BLOCK: Final = 5_000  # rows written between two looks at whether to go on

Progress: TypeAlias = Callable[[int, int, str], object]  # done, total, what; may raise to end the work


@dataclass(frozen=True, slots=True)
class Applied:
    """What an import did: the act (None where nothing was to be written), the ledgers it changed, the
    records that were made or changed."""

    act: str | None
    changed: frozenset[str]
    rows: int
    uids: tuple[str, ...] = ()


@dataclass
class _Steps:
    """How far the writing is; `take` is called after each block."""

    progress: Progress | None
    total: int
    done: int = 0

    def say(self, text: str, rows: int = 0) -> None:
        self.done += rows
        if self.progress:
            self.progress(self.done, self.total, text)


def apply_import(
    store: Store,
    plan: ImportPlan,
    who: str,
    *,
    accept_suggestions: bool = False,
    confirmed: Mapping[str, Collection[int]] | None = None,
    source: str = "import",
    save_profile: str | None = None,
    progress: Progress | None = None,
) -> Applied:
    """Write new and changed rows, and the doubtful ones that were agreed to, as one act.

    `confirmed` names row indexes by sheet; `accept_suggestions` takes every doubtful row whose doubts
    all have a suggestion. Raises LedgerError where the ledger changed since the plan was made;
    `progress` may raise to end the work, and then nothing is written.
    """
    picked = [
        (sheet, _picked(sheet, accept_suggestions, (confirmed or {}).get(sheet.name, ())))
        for sheet in plan.sheets
    ]
    total = sum(len(rows) for _, rows in picked)
    if not total and not save_profile:
        return Applied(None, frozenset(), 0)
    steps = _Steps(progress, total)
    info = ActInfo("import", who, f"导入 {plan.workbook}", source)
    with paused_collector(), store.act(info) as act:
        if act.stands_on != plan.head:
            raise LedgerError(CHANGED_SINCE, "changed_since")
        picked = with_places(act, picked)
        touched = [
            uid for sheet, rows in picked for uid in _apply_sheet(act, plan.entity, sheet, rows, steps)
        ]
        if save_profile:
            _save_profile(act, plan, save_profile)
        steps.say("编制搜索目录并保存")
    return Applied(act.uid, frozenset(act.changed), len(touched), tuple(touched))


@contextmanager
def paused_collector() -> Iterator[None]:
    """Millions of cells are made and none is garbage: looking for cycles among them takes a third of
    the time of a large import, and would hold up a window by a quarter of a second afterwards: what was
    made is set apart from later looks (it goes when nobody refers to it any more, like everything)."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.freeze()
            gc.enable()


def with_places(act: Act, picked: Sequence[tuple[SheetPlan, list[int]]]) -> list[tuple[SheetPlan, list[int]]]:
    """Make the towns and villages that the rows to be written name and the tree does not have, each once,
    however many sheets name it; rows that stay out make none. The plan itself stays as it is: what is
    written here may be taken back.
    """
    same: dict[tuple[Any, str], NewRegion] = {}
    cells: dict[str, list[Any]] = {}
    for number, (sheet, rows) in enumerate(picked):
        for name, column in sheet.stored.items():
            if name.endswith("_uid") and any(isinstance(v, NewRegion) for v in set(column)):
                cells[f"{number} {name}"] = [_one(column[i], same) for i in rows]
    add_regions(act, cells)
    return [(_placed(sheet, rows, str(number), cells), rows) for number, (sheet, rows) in enumerate(picked)]


def _placed(sheet: SheetPlan, rows: Sequence[int], number: str, cells: Mapping[str, list[Any]]) -> SheetPlan:
    """The sheet with the uids of new places instead of the places."""
    stored = dict(sheet.stored)
    for name, values in sheet.stored.items():
        if made := cells.get(f"{number} {name}"):
            column = list(values)
            for i, uid in zip(rows, made, strict=True):
                column[i] = uid
            stored[name] = column
    return replace(sheet, stored=stored)


def _one(place: Any, same: dict[tuple[Any, str], NewRegion]) -> Any:
    """The one NewRegion of a name below a parent: each sheet was resolved by itself."""
    if not isinstance(place, NewRegion):
        return place
    parent = _one(place.parent, same)
    return same.setdefault((parent, place.name), NewRegion(place.name, parent))


def _picked(sheet: SheetPlan, accept: bool, confirmed: Collection[int]) -> list[int]:
    agreed = set(confirmed) | {i for i in range(len(sheet)) if accept and sheet.acceptable(i)}
    return [
        i
        for i, outcome in enumerate(sheet.outcomes)
        if outcome in ("new", "changed") or (outcome == "needs_confirmation" and i in agreed)
    ]


def _apply_sheet(
    act: Act, entity: Entity, sheet: SheetPlan, picked: Sequence[int], steps: _Steps
) -> list[str]:
    """The uids of the records that were made or changed."""
    if not picked:
        return []
    new = [i for i in picked if sheet.uids[i] is None]
    uids: list[str] = []
    for part in _parts(new, steps):
        uids += _insert(act, entity, sheet, part)
        steps.say("写入新增的行", len(part))
    changed = _changed_cells(entity, sheet, picked)
    for keys in _parts(list(changed), steps):
        act.update_many(entity, {uid: changed[uid] for uid in keys})
        steps.say("写入更改的行", len(keys))
    _apply_links(act, entity, sheet, dict(zip(new, uids, strict=True)), picked)
    touched = [*uids, *changed]
    link_stated(act, entity, uids)
    after_import(act, entity, touched)
    return touched


def _parts(rows: Sequence[Any], steps: _Steps) -> Iterator[Sequence[Any]]:
    """All at once where nobody watches: a little quicker."""
    size = BLOCK if steps.progress else max(len(rows), 1)
    return (rows[start : start + size] for start in range(0, len(rows), size))


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
