"""What a clerk does to records: each act is one transaction, for one record or many, refusals by row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from ledger_app.core.entity import Entity
from ledger_app.core.fields import Code
from ledger_app.core.identifiers import split_codes
from ledger_app.db.operations import issuing, records, wells
from ledger_app.db.operations.batch import Batch, Facts
from ledger_app.db.store import ActInfo, Store
from ledger_app.services.act_forms import FORMS, ActForm, of_ledger

__all__ = [
    "FORMS",
    "ActForm",
    "ActResult",
    "change",
    "correct",
    "issue",
    "of_ledger",
    "perform",
    "preview",
    "register",
]

Keys = str | Sequence[str]


@dataclass(frozen=True, slots=True)
class ActResult:
    """What came of an act. `act` is None where nothing was done; `done` are the uids of the records it is
    about (of new ones, theirs); `refused` pairs a uid, or the key as typed, with a sentence."""

    act: str | None
    changed: frozenset[str]
    done: tuple[str, ...]
    refused: tuple[tuple[str, str], ...]


def perform(
    store: Store,
    name: str,
    keys: Keys,
    facts: Mapping[str, Any],
    *,
    who: str,
    today: date,
    each: Mapping[str, Mapping[str, Any]] | None = None,
    source: str = "dialog",
) -> ActResult:
    """Do an act of FORMS to the records with these keys (uids, numbers, or a pasted list of numbers).

    `facts` hold for all, `each` (by key) for one; values are in base units. What cannot be done is
    refused row by row, the rest is done in one transaction.
    """
    form = FORMS[name]
    batch = _checked(store, form, keys, facts, each or {}, today)
    if not batch.rows:
        return ActResult(None, frozenset(), (), tuple(batch.refused))
    with store.act(ActInfo(name, who, _why(form, batch), source)) as act:
        done = form.operation.apply(act, batch)
    return ActResult(act.uid, frozenset(act.changed), tuple(done), tuple(batch.refused))


def preview(
    store: Store,
    name: str,
    keys: Keys,
    facts: Mapping[str, Any],
    *,
    today: date,
    each: Mapping[str, Mapping[str, Any]] | None = None,
) -> ActResult:
    """What `perform` would take (`done`, the records themselves) and refuse; nothing is written."""
    batch = _checked(store, FORMS[name], keys, facts, each or {}, today)
    return ActResult(None, frozenset(), tuple(batch.uids), tuple(batch.refused))


def register(
    store: Store,
    entity: Entity,
    rows: Sequence[Mapping[str, Any]],
    *,
    who: str,
    today: date,
    source: str = "form",
) -> ActResult:
    """New wells or other intakes (stored columns); refused rows are named by their position: "1", "2" …"""
    given = [_filled(row) for row in rows]
    refused = wells.check_register(store, entity, given, today)
    taken = _left(given, refused)
    if not taken:
        return _nothing(refused)
    why = f"登记{entity.label} {len(taken)} {entity.counter}"
    with store.act(ActInfo("register", who, why, source)) as act:
        done = wells.register(act, entity, taken, today)
    return ActResult(act.uid, frozenset(act.changed), tuple(done), _numbered(refused))


def issue(
    store: Store, rows: Sequence[Mapping[str, Any]], *, who: str, today: date, source: str = "dialog"
) -> ActResult:
    """New permits: their stored columns, `holder` as a name or `holder_uid`, and `points` as
    {number or uid of a point: m³ a year or None}."""
    given = [_filled(row) for row in rows]
    refused = issuing.check_issue(store, given, today)
    taken = _left(given, refused)
    if not taken:
        return _nothing(refused)
    with store.act(ActInfo("issue", who, f"发放取水许可证 {len(taken)} 本", source)) as act:
        done = issuing.issue(act, taken)
    return ActResult(act.uid, frozenset(act.changed), tuple(done), _numbered(refused))


def correct(
    store: Store,
    entity: Entity,
    changes: Mapping[str, Mapping[str, Any]],
    *,
    why: str,
    who: str,
    source: str = "form",
) -> ActResult:
    """录错更正: it was always so. uid → stored column → right value; free of the rules of acts."""
    differing = records.differing(store, entity, changes)
    if not differing:
        return ActResult(None, frozenset(), (), ())
    with store.act(ActInfo("correct", who, why, source)) as act:
        done = records.correct(act, entity, differing)
    return ActResult(act.uid, frozenset(act.changed), tuple(done), ())


def change(
    store: Store,
    entity: Entity,
    changes: Mapping[str, Mapping[str, Any]],
    *,
    on: str,
    why: str,
    who: str,
    today: date,
    document: str | None = None,
) -> ActResult:
    """情况变化: from a day on it is so. uid → stored column → new value; what counts as at a date is
    kept with its day (events of a point, versions of a permit)."""
    differing = records.differing(store, entity, changes)
    refused = records.check_change(store, entity, differing, on, today)
    named = {uid for uid, _ in refused}
    taken = {uid: cells for uid, cells in differing.items() if uid not in named}
    if not taken:
        return ActResult(None, frozenset(), (), tuple(refused))
    with store.act(ActInfo("change", who, f"{on} 起：{why}", "form")) as act:
        done = records.change(act, entity, taken, on, why, document)
    return ActResult(act.uid, frozenset(act.changed), tuple(done), tuple(refused))


def _checked(
    store: Store,
    form: ActForm,
    keys: Keys,
    facts: Mapping[str, Any],
    each: Mapping[str, Mapping[str, Any]],
    today: date,
) -> Batch:
    entity = store.registry[form.ledger]
    own = {key: _filled(stated) for key, stated in each.items()}
    batch = form.gather(store, entity, _keys(entity, keys), _filled(facts), own, today)
    form.operation.check(store, batch)
    return batch


def _keys(entity: Entity, keys: Keys) -> list[str]:
    """A pasted list: one a line, and numbers also parted by commas or blanks."""
    if not isinstance(keys, str):
        return [str(key) for key in keys]
    by_code = entity.key and (entity.name == "closures" or isinstance(entity.field(entity.key[0]), Code))
    return split_codes(keys) if by_code else [line.strip() for line in keys.splitlines() if line.strip()]


def _filled(facts: Mapping[str, Any]) -> Facts:
    """An empty field of a form says nothing."""
    return {name: value for name, value in facts.items() if value is not None and value != ""}


def _why(form: ActForm, batch: Batch) -> str:
    entity = batch.entity
    first = next(iter(batch.facts[uid] for uid in batch.rows), {})
    reason = first.get("reason") or first.get("ended_because") or first.get("reopen_reason")
    kind = (
        first.get("method") or first.get("kind") or (first.get("status") if form.name == "cancel" else None)
    )
    said = f"{kind or form.label} {len(batch)} {entity.counter}"
    return f"{said}：{reason}" if reason else said


def _left(rows: Sequence[Facts], refused: Sequence[tuple[int, str]]) -> list[Facts]:
    gone = {i for i, _ in refused}
    return [row for i, row in enumerate(rows) if i not in gone]


def _numbered(refused: Sequence[tuple[int, str]]) -> tuple[tuple[str, str], ...]:
    return tuple((str(i + 1), text) for i, text in refused)


def _nothing(refused: Sequence[tuple[int, str]]) -> ActResult:
    return ActResult(None, frozenset(), (), _numbered(refused))
