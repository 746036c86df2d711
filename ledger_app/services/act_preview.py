"""What an act would do, before it is done: per record its outcome or why not, and what the lists become."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Final

from ledger_app.core.entity import Entity
from ledger_app.core.fields import Code, Text
from ledger_app.core.identifiers import split_codes
from ledger_app.core.rules import saying
from ledger_app.core.units import to_decimal
from ledger_app.db.operations import issuing
from ledger_app.db.operations.batch import Facts
from ledger_app.db.store import Row, Store
from ledger_app.services import act_effects
from ledger_app.services.act_forms import FORMS

_OWN_NAME: Final = re.compile(r"^(?:(?:井|许可证) \S+|项目“[^”]*”) *")
_ASKS: Final = "请"  # a refusal that begins so asks for a fact; said of every record, it is about the form


@dataclass(frozen=True, slots=True)
class Found:
    """Records that were named: their uids, and the texts nobody knows."""

    uids: tuple[str, ...]
    unknown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """`outcome`: uid → what becomes of the record; `refused`: uid, or the key as typed → why not, to be
    read beside the record's own name; `effect`: what the act does to the lists; `problem`: what has to be
    filled in for any record at all."""

    outcome: Mapping[str, str] = field(default_factory=dict)
    refused: Mapping[str, str] = field(default_factory=dict)
    effect: str = ""
    problem: str = ""


def find_records(store: Store, name: str, text: str, today: date) -> Found:
    """The records of an act that a pasted list names: one a line, numbers also parted by commas or blanks.
    Closures are named by their well."""
    form = FORMS[name]
    entity = store.registry[form.ledger]
    batch = form.gather(store, entity, keys_of(entity, text), {}, {}, today)
    return Found(tuple(batch.uids), tuple(key for key, _ in batch.refused))


def find_points(store: Store, text: str) -> Found:
    """Wells and other intakes by their numbers."""
    codes = split_codes(text)
    known = issuing.points_of(store, [{"points": dict.fromkeys(codes)}])
    return Found(
        tuple(dict.fromkeys(known[c] for c in codes if c in known)),
        tuple(c for c in codes if c not in known),
    )


def keys_of(entity: Entity, text: str) -> list[str]:
    """A pasted list as keys; names may hold blanks, numbers do not."""
    first = entity.field(entity.key[0]) if entity.key else None
    by_name = isinstance(first, Text) and not isinstance(first, Code)
    return [line.strip() for line in text.splitlines() if line.strip()] if by_name else split_codes(text)


def look(
    store: Store,
    name: str,
    keys: Sequence[str],
    facts: Mapping[str, Any],
    each: Mapping[str, Mapping[str, Any]],
    today: date,
) -> Preview:
    """What the act would do to these records; nothing is written."""
    form = FORMS[name]
    own = {key: _filled(stated) for key, stated in each.items()}
    batch = form.gather(store, store.registry[form.ledger], keys, _filled(facts), own, today)
    rows = dict(batch.rows)
    form.operation.check(store, batch)
    refused = {key: said_beside(text) for key, text in batch.refused}
    if rows and (problem := _of_all(refused, rows)):
        return Preview(problem=problem)
    outcome = {uid: act_effects.outcome(name, row, stated) for uid, row, stated in batch}
    return Preview(outcome, refused, act_effects.effect(name, store, batch))


def look_issue(store: Store, permit: Mapping[str, Any], today: date) -> Preview:
    """What issuing a permit (columns, and `points` as {uid or number: m³}) would do. What is wrong with the
    permit itself is the `problem`; a point that cannot stand under it is refused alone."""
    points = dict(permit.get("points") or {})
    problem = _wrong_issue(store, permit, {}, today)
    refused = {} if problem else _refused_points(store, permit, points, today)
    kept = {key: m3 for key, m3 in points.items() if key not in refused}
    problem = problem or _wrong_issue(store, permit, kept, today)
    if problem:
        return Preview(refused=refused, problem=problem)
    number, volume = permit["number"], permit["permitted_volume_m3"]
    given = sum((to_decimal(m3) for m3 in kept.values() if m3 is not None), Decimal(0))
    effect = f"有效取水许可 +1，许可水量 {saying.volume(volume)}"
    effect += (
        f"；{len(kept)} 眼（处）归到证下，已分配 {saying.volume(float(given))}"
        if kept
        else "；证下还没有取水口"
    )
    return Preview(dict.fromkeys(kept, f"→ {number}"), refused, f"{effect}。")


def said_beside(text: str) -> str:
    """A refusal without the record's own name, which stands beside it."""
    return _OWN_NAME.sub("", text)


def _of_all(refused: Mapping[str, str], rows: Mapping[str, Row]) -> str:
    """The fact that lacks everywhere; empty where records are refused for reasons of their own."""
    texts = {refused.get(uid, "") for uid in rows}
    text = next(iter(texts))
    return text if len(texts) == 1 and text.startswith(_ASKS) else ""


def _refused_points(
    store: Store, permit: Mapping[str, Any], points: Mapping[str, Any], today: date
) -> dict[str, str]:
    alone = {key: _wrong_issue(store, permit, {key: None}, today) for key in points}
    return {key: said_beside(text) for key, text in alone.items() if text}


def _wrong_issue(store: Store, permit: Mapping[str, Any], points: Mapping[str, Any], today: date) -> str:
    row: Facts = _filled(permit) | {"points": points}
    return next((text for _, text in issuing.check_issue(store, [row], today)), "")


def _filled(facts: Mapping[str, Any]) -> Facts:
    return {name: value for name, value in facts.items() if value is not None and value != ""}
