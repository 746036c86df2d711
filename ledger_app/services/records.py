"""One record as a form sees it: typed texts → values and problems, references found by what was typed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Final

from ledger_app.core.entity import Entity, Registry
from ledger_app.core.errors import Problem, Reading
from ledger_app.core.fields import (
    Choice,
    Code,
    CreditCode,
    Field,
    IdNumber,
    Links,
    Number,
    Phone,
    ReadContext,
    Ref,
    Text,
)
from ledger_app.db import Connection, references
from ledger_app.db.queries import listing, matching

# Ledgers whose table numbers its records by rule where no number is typed (domain §2.5).
_BY_RULE: Final[Mapping[str, str]] = MappingProxyType({"points": "code"})


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in a field: the text, the record it was chosen from, and why a doubtful value stays."""

    text: str
    uid: str = ""
    kept_because: str = ""


@dataclass(frozen=True, slots=True)
class NewPlace:
    """A region that is named and not there yet: it is made together with the record."""

    name: str
    parent: str | NewPlace | None


@dataclass
class Checked:
    """What a form holds: values by field, the stored cells they make, links, and all that is wrong."""

    values: dict[str, Any] = field(default_factory=dict)
    cells: dict[str, Any] = field(default_factory=dict)
    links: dict[str, list[str]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    @property
    def in_the_way(self) -> list[Problem]:
        """What keeps the record from being saved."""
        return [p for p in self.problems if p.severity != "info"]


def number_field(entity: Entity) -> str | None:
    """The field that is filled by rule when it is left empty."""
    return _BY_RULE.get(entity.table)


def read(one: Field, text: str, context: ReadContext, *, keep: bool = False) -> Reading:
    """A typed text as a value. `keep`: the clerk stands by a doubtful one."""
    if one.blank(text):
        return Reading(None)
    reading = one.read(text, context)
    doubtful = reading.problem is not None and reading.problem.severity == "confirm"
    if keep and doubtful and (value := as_typed(one, text, context)) is not None:
        return Reading(value)
    return reading


def as_typed(one: Field, text: str, context: ReadContext) -> Any:
    """The value a doubtful text would have if it is right after all; None where it cannot be one."""
    if isinstance(one, Number):
        reading = replace(one, usual=None).read(text, context)
        return reading.value if reading.problem is None else None
    return text.strip() or None if isinstance(one, Text) and not isinstance(one, Ref) else None


def check(
    conn: Connection,
    registry: Registry,
    entity: Entity,
    typed: Mapping[str, Typed],
    context: ReadContext,
    before: Mapping[str, Any] | None = None,
) -> Checked:
    """Read what was typed. `before` is the record as it was (a row of `listing.page`); None for a new one.

    Every field of a new record is checked for being there; of an old one only those that were typed.
    """
    found = Checked()
    for name, each in typed.items():
        _read_field(conn, registry, entity.field(name), each, context, found)
    found.problems += _missing(entity, typed, before)
    found.problems += _doubles(conn, registry, entity, found, before)
    row = dict(before or {}) | found.values
    kept = {name for name, each in typed.items() if each.kept_because}
    touched = set(typed)
    for problem in entity.check_row({f.name: row.get(f.name) for f in entity.fields}, context):
        said_of = problem.field or next(iter(entity.key), "")
        if before is None or said_of in touched or touched & _fields_in(entity, problem):
            found.problems += [] if said_of in kept else [problem]
    return found


def _fields_in(entity: Entity, problem: Problem) -> set[str]:
    """The fields a problem of several fields speaks of: the checks name only one of them."""
    return {f.name for f in entity.fields if f.label in problem.text}


def _read_field(
    conn: Connection,
    registry: Registry,
    one: Field,
    typed: Typed,
    context: ReadContext,
    found: Checked,
) -> None:
    reading = read(one, typed.text, context, keep=bool(typed.kept_because))
    if reading.problem:
        found.problems.append(reading.problem.on(one.name))
    found.values[one.name] = reading.value
    if isinstance(one, Ref):
        _read_ref(conn, registry, one, typed, reading.value, found)
    elif isinstance(one, Links):
        found.links[one.name] = list(reading.value or ())
        found.problems += _unknown_links(conn, registry, one, found.links[one.name])
    else:
        found.cells[one.name] = reading.value


def _read_ref(
    conn: Connection, registry: Registry, ref: Ref, typed: Typed, text: str | None, found: Checked
) -> None:
    cells = found.cells
    cells[ref.uid_column] = typed.uid or None
    if ref.stated:
        cells[ref.stated_column] = None
    if typed.uid or not text:
        return
    target = registry[ref.target]
    uids = candidates(conn, registry, ref, text, cells)
    if len(uids) == 1:
        cells[ref.uid_column] = uids[0]
    elif uids:
        said = f"有 {len(uids)} 个“{text}”，请从列表里选一个。"
        found.problems.append(Problem("ambiguous_reference", said, "confirm", field=ref.name))
    elif ref.stated:
        cells[ref.stated_column] = text
        said = f"{target.label}里还没有“{text}”，先照原样记下，登记后会自动对上。"
        found.problems.append(Problem("unknown_reference", said, "info", field=ref.name))
    elif ref.missing == "create":
        cells[ref.uid_column] = NewPlace(text, _parent(conn, ref, cells))
        said = f"还没有“{text}”，保存时会新建。"
        found.problems.append(Problem("new_reference", said, "info", field=ref.name))
    else:
        said = f"{target.label}里没有“{text}”，请先登记它，或从列表里选。"
        found.problems.append(Problem("unknown_reference", said, field=ref.name))


def candidates(
    conn: Connection, registry: Registry, ref: Ref, text: str, cells: Mapping[str, Any]
) -> list[str]:
    """The records a typed text can mean: those below the chosen parent where the Ref lies within one."""
    target = registry[ref.target]
    uids = listing.find_by_key(conn, registry, target, text)
    above = cells.get(f"{ref.within}_uid") if ref.within else None
    parent = _tree_ref(target)
    if not above or not parent or len(uids) < 1:
        return uids
    ids = [i for i in (listing.row_id(conn, target, uid) for uid in uids) if i is not None]
    rows = listing.page(conn, registry, target, ids, [parent.name])
    return [row["_id"] for row in rows if row[parent.uid_column] == above]


def _parent(conn: Connection, ref: Ref, cells: Mapping[str, Any]) -> str | NewPlace | None:
    """Where a new region hangs: below the one it lies within, else below the county."""
    if ref.within:
        return cells.get(f"{ref.within}_uid")
    return next((uid for uid, _, above in matching.regions_in_force(conn) if above is None), None)


def _tree_ref(target: Entity) -> Ref | None:
    """The reference by which records of a tree hang below others of the same ledger."""
    return next((r for r in target.refs if r.target == target.name), None)


def _unknown_links(conn: Connection, registry: Registry, links: Links, texts: Sequence[str]) -> list[Problem]:
    target = registry[links.target]
    unknown = [t for t in texts if not listing.find_by_key(conn, registry, target, t)]
    if not unknown:
        return []
    said = f"{target.label}里还没有 {'、'.join(unknown[:5])}，先照原样记下，登记后会自动对上。"
    return [Problem("unknown_reference", said, "info", field=links.name)]


def _missing(
    entity: Entity, typed: Mapping[str, Typed], before: Mapping[str, Any] | None
) -> Iterator[Problem]:
    for one in entity.fields:
        asked = before is None or one.name in typed
        text = typed[one.name].text if one.name in typed else ""
        if one.required and asked and one.blank(text) and one.name != number_field(entity):
            yield Problem("required_missing", f"请填写{one.label}。", field=one.name)


def _doubles(
    conn: Connection, registry: Registry, entity: Entity, found: Checked, before: Mapping[str, Any] | None
) -> Iterator[Problem]:
    """A number that another record has already."""
    if len(entity.key) != 1 or not (key := found.cells.get(entity.key[0])):
        return
    own = before["_id"] if before else None
    if entity.key[0] in references.unique_columns(conn, entity.table):
        others = [u for u in listing.find_by_key(conn, registry, entity, str(key)) if u != own]
        if others:
            label = entity.field(entity.key[0]).label
            yield Problem("not_unique", f"{label} {key} 已经有了，不能重复。", field=entity.key[0])


# ---- choose and fill -----------------------------------------------------------------------------

_OFFERED: Final = 12
_NOTED: Final = 2  # further values that tell records of one name apart
_FILLED: Final = (Ref, Phone, IdNumber, CreditCode)  # what one record may take over from another


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A record a reference can point at: what it is called, and what tells it from its namesakes."""

    uid: str
    title: str
    note: str


def suggest(
    conn: Connection, registry: Registry, entity: Entity, ref: Ref, text: str, cells: Mapping[str, Any]
) -> list[Suggestion]:
    """Records the typed text may mean. A Ref within another lies below what stands there; one that
    others lie within is of the first level of the tree."""
    target = registry[ref.target]
    query = listing.Query(search=text.strip(), filters=_level(conn, entity, ref, target, cells))
    ids = listing.first_ids(conn, registry, target, query, _OFFERED)
    names = list(dict.fromkeys((*target.title, *_telling(target))))
    return [_suggestion(target, row) for row in listing.page(conn, registry, target, ids, names)]


def fill_from(conn: Connection, registry: Registry, entity: Entity, ref: Ref, uid: str) -> dict[str, Typed]:
    """What choosing a record says of other fields: the parent it lies in, its telephone …"""
    target = registry[ref.target]
    row_id = listing.row_id(conn, target, uid)
    rows = listing.page(conn, registry, target, [row_id]) if row_id is not None else []
    if not rows:
        return {}
    row, filled = rows[0], {}
    parent = _tree_ref(target)
    if ref.within and parent and row.get(parent.uid_column):
        filled[ref.within] = Typed(str(row[parent.name]), str(row[parent.uid_column]))
    for one in entity.fields:
        other = target.by_name.get(one.name)
        if isinstance(one, _FILLED) and type(other) is type(one) and row.get(one.name) and one is not ref:
            uid_column = one.uid_column if isinstance(one, Ref) else ""
            filled.setdefault(one.name, Typed(str(row[one.name]), str(row.get(uid_column) or "")))
    return filled


def _level(
    conn: Connection, entity: Entity, ref: Ref, target: Entity, cells: Mapping[str, Any]
) -> tuple[listing.Filter, ...]:
    parent = _tree_ref(target)
    if parent is None:
        return ()
    above = cells.get(f"{ref.within}_uid") if ref.within else None
    if not above and any(r.within == ref.name for r in entity.refs):
        above = _parent(conn, ref, cells)
    return (listing.Filter(parent.name, "in", (above,)),) if isinstance(above, str) else ()


def _telling(target: Entity) -> list[str]:
    """Fields whose values tell records of one name apart: where they belong, else their numbers."""
    others = [f for f in target.fields if f.name not in target.title]
    belonging = [f.name for f in others if isinstance(f, Ref)]
    return (belonging or [f.name for f in others if isinstance(f, Code | Choice)])[:4]


def _suggestion(target: Entity, row: Mapping[str, Any]) -> Suggestion:
    title = " ".join(str(row[n]) for n in target.title if row.get(n))
    notes = [str(row[n]) for n in _telling(target) if row.get(n)]
    return Suggestion(row["_id"], title, " ".join(notes[:_NOTED]))
