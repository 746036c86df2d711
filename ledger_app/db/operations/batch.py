"""What an act takes: some records, what is stated about each, and what was refused with its reason."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ledger_app.core import dates
from ledger_app.core.entity import Entity
from ledger_app.core.errors import LedgerError
from ledger_app.core.fields import Code, ReadContext
from ledger_app.db.store import CHUNK, Act, Row, Store, scope_condition

Facts = dict[str, Any]
Judge = Callable[[Row, Facts], str | None]


@dataclass
class Batch:
    """Records by uid with their stored columns and the facts stated about each (stored columns too).

    `refused` pairs a uid, or a key the ledger does not know, with a sentence; a record that was refused
    is no longer among `rows`.
    """

    entity: Entity
    today: date
    rows: dict[str, Row] = field(default_factory=dict)
    facts: dict[str, Facts] = field(default_factory=dict)
    refused: list[tuple[str, str]] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[tuple[str, Row, Facts]]:
        """(uid, record, facts) of what has not been refused; refusing meanwhile is allowed."""
        for uid in list(self.rows):
            yield uid, self.rows[uid], self.facts[uid]

    @property
    def uids(self) -> list[str]:
        return list(self.rows)

    def refuse(self, uid: str, text: str) -> None:
        self.refused.append((uid, text))
        self.rows.pop(uid, None)

    def judge(self, *judges: Judge) -> None:
        """Refuse every record one of the judges has something to say about; the first one speaks."""
        for uid, row, facts in self:
            for judge in judges:
                if text := judge(row, facts):
                    self.refuse(uid, text)
                    break

    def said(self, name: str) -> dict[str, Any]:
        """uid → one fact, for the records that are left."""
        return {uid: facts.get(name) for uid, _, facts in self}


@dataclass(frozen=True, slots=True)
class Operation:
    """An act on records that are there: `check` refuses what cannot be done and writes nothing, `apply`
    does it to the rest and returns the uids of the records it is about."""

    check: Callable[[Store, Batch], None]
    apply: Callable[[Act, Batch], list[str]]


def gather(
    store: Store,
    entity: Entity,
    keys: Sequence[str],
    facts: Mapping[str, Any],
    each: Mapping[str, Mapping[str, Any]],
    today: date,
) -> Batch:
    """The records with these uids or key texts, each with the common facts and its own (`each`, by the
    same keys). A record named twice is taken once; a key nobody knows is refused."""
    batch = Batch(entity, today)
    spelt = {key: _spelling(entity, key, today) for key in dict.fromkeys(keys)}
    found = find(store, entity, [*spelt, *spelt.values()])
    rows = store.rows_by_uid(entity, sorted(set(found.values())))
    for key, text in spelt.items():
        uid = found.get(key) or found.get(text)
        if uid is None:
            batch.refused.append((key, f"{entity.label}里没有 {key}。"))
            continue
        batch.rows[uid] = rows[uid]
        batch.facts[uid] = {**facts, **batch.facts.get(uid, {}), **each.get(key, {})}
    return batch


def find(store: Store, entity: Entity, texts: Collection[str]) -> dict[str, str]:
    """Text → uid of the record with that uid or that (first) key."""
    key = entity.key[0] if entity.key and entity.key[0] in entity.columns else "uid"
    scope, args = scope_condition(entity)
    wanted = sorted(set(texts))
    found: dict[str, str] = {}
    for column in dict.fromkeys((key, "uid")):
        for start in range(0, len(wanted), CHUNK):
            part = wanted[start : start + CHUNK]
            marks = ",".join("?" * len(part))
            sql = f"SELECT {column}, uid FROM {entity.table} WHERE {column} IN ({marks}){scope} ORDER BY id DESC"
            found |= store.conn.execute(sql, (*part, *args)).fetchall()
    return found


def _spelling(entity: Entity, key: str, today: date) -> str:
    """The key as its field writes it: half width, no blanks, the dash of a permit number."""
    field = entity.field(entity.key[0]) if entity.key else None
    value = field.read(key, ReadContext(today)).value if isinstance(field, Code) else None
    return str(value) if isinstance(value, str) else key


def related(store: Store, entity: Entity, column: str, uids: Sequence[str]) -> dict[str, list[Row]]:
    """uid → the rows of another ledger that refer to it by `column`, in order of entry."""
    held: dict[str, list[Row]] = {}
    for start in range(0, len(uids), CHUNK):
        part = uids[start : start + CHUNK]
        marks = ",".join("?" * len(part))
        for row in store.rows(entity, f"{column} IN ({marks})", part):
            held.setdefault(row[column], []).append(row)
    return held


def day_of(facts: Facts, name: str, label: str, today: date, *, future: bool = False) -> str | None:
    """What is wrong with a date that has to be there; None where nothing is."""
    day = facts.get(name)
    if not day:
        return f"请填写{label}。"
    return wrong_day(day, label, today, future=future)


def wrong_day(day: str | None, label: str, today: date, *, future: bool = False) -> str | None:
    """What is wrong with a date that may be missing."""
    if day is None:
        return None
    try:
        first = dates.first_day(day)
    except ValueError:
        return f"{label}“{day}”不是日期。"
    if not future and first > today:
        return f"{label} {day} 比今天（{today}）还晚，请核对。"
    return None


def out_of_order(first: str | None, then: str | None, text: str) -> str | None:
    """`text` where the later of two known dates comes first."""
    return f"{text}（{first} → {then}）。" if first and then and then < first else None


def need(known: Mapping[str, str], text: str, what: str) -> str:
    """The uid behind a text an act cannot do without."""
    if text not in known:
        raise LedgerError(f"{what}里没有 {text}。", "no_record")
    return known[text]
