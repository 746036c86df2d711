"""An official document read into rectification tasks: read it, see what it would change, store it as one act."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from ledger_app.core.entity import Registry
from ledger_app.core.errors import LedgerError
from ledger_app.core.rules.rectifications import Told, match
from ledger_app.core.terms import fold
from ledger_app.db import Connection, journal
from ledger_app.db.queries import rectifications as held
from ledger_app.db.queries.rectifications import READ
from ledger_app.db.store import Act, ActInfo, Store
from ledger_app.ingest.documents import Document, read_document, read_text
from ledger_app.services.reading_rows import Row, area_rows, measure_rows, source_of, task_row

__all__ = [
    "Document",
    "DocumentPlan",
    "Stored",
    "TaskPlan",
    "apply_document",
    "plan_document",
    "read_document",
    "read_text",
]

Outcome = Literal["new", "changed", "same", "incomplete"]
MEASURES: Final = "rectification_measures"
AREAS: Final = "rectification_areas"
NO_PROBLEM: Final = "没有读到这一项的问题原文，请补上再存。"
CHANGED_SINCE: Final = "台账在核对之后又有改动，请重新核对一次再存入。"


@dataclass(frozen=True, slots=True)
class PartPlan:
    """A measure or an area: what would be stored; `uid` where the ledger has it, `changes` (column →
    old, new) where it would change."""

    row: Row
    uid: str | None = None
    changes: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TaskPlan:
    """One item of the document: what would be stored of it and how the ledger would change.

    `parts` are by ledger; `twins` are tasks of other documents with the same problem.
    """

    row: Row
    uid: str | None
    changes: Mapping[str, tuple[Any, Any]]
    parts: Mapping[str, Sequence[PartPlan]]
    twins: tuple[str, ...] = ()

    @property
    def outcome(self) -> Outcome:
        if not self.row.get("problem"):
            return "incomplete"
        if self.uid is None:
            return "new"
        parts = [part for parts in self.parts.values() for part in parts]
        return "changed" if self.changes or any(p.uid is None or p.changes for p in parts) else "same"


@dataclass(frozen=True, slots=True)
class DocumentPlan:
    """What storing a document would do to a ledger whose journal ended in `head`. `missing` are tasks read
    from it before that it no longer holds: they stay as they are."""

    head: str
    source: str
    tasks: tuple[TaskPlan, ...]
    missing: tuple[str, ...]

    def counts(self) -> dict[str, int]:
        outcomes: tuple[Outcome, ...] = ("new", "changed", "same", "incomplete")
        return {name: sum(task.outcome == name for task in self.tasks) for name in outcomes}


@dataclass(frozen=True, slots=True)
class Stored:
    """What storing did: the act (None where there was nothing to write), the ledgers it changed, tasks made
    or changed, and the plan it followed."""

    act: str | None
    changed: frozenset[str]
    uids: tuple[str, ...]
    plan: DocumentPlan


def plan_document(
    conn: Connection, registry: Registry, document: Document, source_file: str = ""
) -> DocumentPlan:
    """Compare a document with the ledger; nothing is written.

    A task is known by the document (its title, else its file's name), then by number and problem; one of a
    hand-written list that names no document is known by its problem. What the document said when it was
    read before and says again changes nothing, so that what the clerk has written since stays.
    """
    head = journal.head(conn)
    entity = registry["rectifications"]
    every = held.tasks(conn, entity)
    rows = [task_row(document, item, source_file) for item in document.items]
    source = source_of(document, source_file)
    problems = {fold(row["problem"]) for row in rows if "problem" in row}
    own = [row for row in every if _is_of(row, document, source_file, problems)]
    places = match([_told(row) for row in rows], [_told(row) for row in own])
    known = [None if place is None else own[place] for place in places]
    said = held.said_before(conn)
    parts = _parts(conn, registry, document, known, said)
    tasks = tuple(
        TaskPlan(
            row,
            old["uid"] if old else None,
            _differences(row, old, said.get(("rectifications", old["uid"]), {})) if old else {},
            {ledger: parts[ledger][n] for ledger in parts},
            _twins(row, every, own),
        )
        for n, (row, old) in enumerate(zip(rows, known, strict=True))
    )
    taken = {task.uid for task in tasks}
    missing = tuple(r["uid"] for r in own if r["uid"] not in taken and _named(r, document, source_file))
    return DocumentPlan(head, source, tasks, missing)


def apply_document(
    store: Store,
    document: Document,
    who: str,
    *,
    source_file: str = "",
    leave_out: Collection[int] = (),
    source: str = "command",
    head: str | None = None,
) -> Stored:
    """Store the tasks of a document as one act; the same document again updates them.

    `leave_out` names items by index; `head` is where the journal ended when the clerk looked at the plan:
    a ledger that changed since refuses. Items without a problem stay out.
    """
    plan = plan_document(store.conn, store.registry, document, source_file)
    if head is not None and head != plan.head:
        raise LedgerError(CHANGED_SINCE, "changed_since")
    wanted = [
        task for n, task in enumerate(plan.tasks) if n not in leave_out and task.outcome in ("new", "changed")
    ]
    if not wanted:
        return Stored(None, frozenset(), (), plan)
    with store.act(ActInfo(READ, who, f"读入《{plan.source}》", source)) as act:
        uids = tuple(_store(act, task) for task in wanted)
    return Stored(act.uid, frozenset(act.changed), uids, plan)


# ---- which tasks of the ledger the document speaks of --------------------------------------------


def _is_of(row: Row, document: Document, source_file: str, problems: Collection[str]) -> bool:
    if _named(row, document, source_file):
        return True
    nameless = not row["source_title"] and (document.title is None or not row["source_file"])
    return nameless and fold(row["problem"]) in problems


def _named(row: Row, document: Document, source_file: str) -> bool:
    """Read from this document before: the same title; without one, the same file."""
    if document.title is not None:
        return fold(row["source_title"] or "") == fold(document.title.value)
    return not row["source_title"] and bool(source_file) and row["source_file"] == source_file


def _told(row: Row) -> Told:
    return Told(row.get("number"), row.get("problem"), row.get("heading"))


def _twins(row: Row, every: Sequence[Row], own: Sequence[Row]) -> tuple[str, ...]:
    problem = fold(row.get("problem") or "")
    mine = {r["uid"] for r in own}
    return tuple(
        r["uid"] for r in every if problem and r["uid"] not in mine and fold(r["problem"]) == problem
    )


def _parts(
    conn: Connection,
    registry: Registry,
    document: Document,
    known: Sequence[Row | None],
    said: Mapping[tuple[str, str], Row],
) -> dict[str, list[list[PartPlan]]]:
    """Ledger → for each item its measures (areas), compared with those the ledger has of the task."""
    made = {
        MEASURES: [measure_rows(item) for item in document.items],
        AREAS: [area_rows(item) for item in document.items],
    }
    uids = [row["uid"] for row in known if row]
    plans: dict[str, list[list[PartPlan]]] = {}
    for ledger, rows in made.items():
        old = held.parts(conn, registry[ledger], uids)
        plans[ledger] = [
            _part_plans(ledger, new, old[row["uid"]] if row else [], said)
            for new, row in zip(rows, known, strict=True)
        ]
    return plans


def _part_plans(
    ledger: str, new: Sequence[Row], old: Sequence[Row], said: Mapping[tuple[str, str], Row]
) -> list[PartPlan]:
    mark = "ordinal" if ledger == MEASURES else "name"
    text = "text" if ledger == MEASURES else "name"
    told = [Told(row.get(mark), row[text]) for row in new]
    places = match(told, [Told(row[mark], row[text]) for row in old], loose=True)
    plans = []
    for row, place in zip(new, places, strict=True):
        if place is None:
            plans.append(PartPlan(row))
            continue
        uid = old[place]["uid"]
        plans.append(PartPlan(row, uid, _differences(row, old[place], said.get((ledger, uid), {}))))
    return plans


def _differences(row: Row, old: Row, said: Row) -> dict[str, tuple[Any, Any]]:
    """Cells the document has something new to say on; what it leaves out takes nothing away, and a copy of
    the file under another name says nothing new."""
    return {
        column: (old[column], value)
        for column, value in row.items()
        if column != "source_file" and old[column] != value and said.get(column) != value
    }


# ---- writing -------------------------------------------------------------------------------------


def _store(act: Act, task: TaskPlan) -> str:
    registry = act.store.registry
    tasks = registry["rectifications"]
    uid = task.uid or act.insert(tasks, task.row)
    if task.uid and task.changes:
        act.update(tasks, uid, {column: new for column, (_, new) in task.changes.items()})
    for ledger, parts in task.parts.items():
        act.insert_many(registry[ledger], [part.row | {"task_uid": uid} for part in parts if not part.uid])
        changed = {p.uid: {c: new for c, (_, new) in p.changes.items()} for p in parts if p.uid and p.changes}
        act.update_many(registry[ledger], changed)
    return uid
