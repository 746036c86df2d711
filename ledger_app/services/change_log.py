"""The change log in the clerk's words: what an act did to which records, what happened to one record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby, islice
from types import MappingProxyType
from typing import Any, Final, Literal, TypeAlias

from ledger_app.core.entity import Entity, Registry
from ledger_app.core.fields import Field, Ref
from ledger_app.db import Connection
from ledger_app.db.journal import Change, Entry, changes_of
from ledger_app.db.queries import change_log, listing
from ledger_app.db.queries.change_log import Acts
from ledger_app.db.queries.whose import ledger_of
from ledger_app.services.act_forms import FORMS

__all__ = [
    "Acts",
    "CellChange",
    "HistoryLine",
    "RecordChange",
    "Sayer",
    "act_word",
    "record_changes",
    "record_history",
]

How = Literal["insert", "update", "delete"]
Link: TypeAlias = tuple[str, str]  # ledger, uid
NOWHERE: Final[Link] = ("", "")
RECORD: Final = "record_uid"  # the field by which reasons and attachments belong to any record

_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "change": "情况变化",
        "correct": "更正",
        "demo": "示例数据",
        "explain": "说明疑点",
        "import": "导入",
        "init": "建立台账",
        "insert": "登记",
        "issue": "发证、报出",
        "register": "登记",
        "undo": "撤销",
        "void": "作废",
    }
)


@dataclass(frozen=True, slots=True)
class CellChange:
    """One field of one record: what it said before and says now, with the records behind references."""

    field: str
    label: str
    old: str
    new: str
    old_link: Link = NOWHERE
    new_link: Link = NOWHERE


@dataclass(frozen=True, slots=True)
class RecordChange:
    """What an act did to one record. `there`: the record is in the ledger now."""

    ledger: str
    label: str
    uid: str
    title: str
    how: How
    cells: tuple[CellChange, ...]
    there: bool


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """What one act did to one record, as a sentence."""

    act: str
    at: str
    who: str
    word: str
    why: str
    text: str
    undone: bool


def act_word(kind: str) -> str:
    """What an act is called on the screen."""
    if kind in FORMS:
        return FORMS[kind].label
    return _WORDS.get(kind, kind)


def record_changes(
    conn: Connection, registry: Registry, act_uid: str, start: int, count: int
) -> list[RecordChange]:
    """The records an act touched, in the order it touched them, from the `start`-th on."""
    sayer = Sayer(conn, registry)
    rows = _rows_of(change_log.row_entries(conn, act_uid), start, count)
    return [sayer.record(entity_changes) for entity_changes in rows]


def _rows_of(entries: Iterable[Entry], start: int, count: int) -> Iterator[list[Change]]:
    """The changed cells of each row; blocks before `start` are skipped whole."""
    passed = 0
    for entry in entries:
        size = len(entry.body["u"])
        first = max(start - passed, 0)
        wanted = entry.body["u"][first : first + count]
        passed += size
        if first >= size:
            continue
        changes = changes_of(entry, frozenset(wanted))
        for _, cells in groupby(changes, key=lambda c: c.uid):
            yield list(cells)
            count -= 1
        if count <= 0:
            return


def record_history(
    conn: Connection, registry: Registry, entity: Entity, uid: str, newest: int | None = None
) -> list[HistoryLine]:
    """What happened to one record, the newest first."""
    sayer = Sayer(conn, registry)
    changes = change_log.record_changes(conn, entity, uid)
    acts = [(act, list(cells)) for act, cells in groupby(changes, key=lambda c: c.act_uid)]
    lines = []
    for act_uid, cells in islice(reversed(acts), newest):
        act = change_log.by_uid(conn, act_uid)
        if act:
            lines.append(
                HistoryLine(
                    act_uid,
                    act["at"],
                    act["who"],
                    act_word(act["kind"]),
                    act["why"],
                    sayer.sentence(cells),
                    bool(act["undone_by"]),
                )
            )
    return lines


@dataclass
class Sayer:
    """Cells in words; names of records are looked up once."""

    conn: Connection
    registry: Registry
    _titles: dict[Link, str] = field(default_factory=dict)
    _columns: dict[str, Mapping[str, Field]] = field(default_factory=dict)

    def differences(self, entity: Entity, changes: Mapping[str, tuple[Any, Any]]) -> list[CellChange]:
        """Column → (old, new) of one record in words."""
        cells = (Change("", "update", entity.name, "", c, old, new) for c, (old, new) in changes.items())
        return list(self.cells(entity, cells))

    def record(self, changes: Sequence[Change]) -> RecordChange:
        first = changes[0]
        entity = self.registry[first.ledger]
        how: How = "insert" if first.kind == "insert" else "delete" if first.kind == "delete" else "update"
        there = listing.row_id(self.conn, entity, first.uid) is not None
        title = self.title((entity.name, first.uid)) if there else self._title_of_cells(entity, changes)
        cells = tuple(self.cells(entity, changes))
        return RecordChange(entity.name, entity.label, first.uid, title, how, cells, there)

    def sentence(self, changes: Sequence[Change]) -> str:
        """What an act did to one record, in one sentence."""
        entity = self.registry[changes[0].ledger]
        kinds = {c.kind for c in changes}
        cells = list(self.cells(entity, changes))
        if "insert" in kinds:
            return f"登记，填了 {len(cells)} 项。"
        if "delete" in kinds:
            return "作废。"
        return "；".join(f"{c.label} {c.old or '空'} → {c.new or '空'}" for c in cells) + "。"

    def cells(self, entity: Entity, changes: Iterable[Change]) -> Iterator[CellChange]:
        """One line a field: a reference is stored in two columns, by uid and as stated."""
        by_field: dict[str, list[Change]] = {}
        columns = self._columns_of(entity)
        for change in changes:
            if change.column in columns:
                by_field.setdefault(columns[change.column].name, []).append(change)
        for name, own in by_field.items():
            one = entity.field(name)
            old, old_link = self._said(one, {c.column: c.old for c in own})
            new, new_link = self._said(one, {c.column: c.new for c in own})
            if (old, old_link) != (new, new_link):
                yield CellChange(name, one.label, old, new, old_link, new_link)

    def title(self, link: Link) -> str:
        """What a record is called now."""
        if link not in self._titles:
            entity = self.registry[link[0]]
            row_id = listing.row_id(self.conn, entity, link[1])
            rows = [] if row_id is None else listing.page(self.conn, self.registry, entity, [row_id])
            names = [str(rows[0][n]) for n in entity.title if rows and rows[0].get(n)]
            self._titles[link] = " ".join(names) or f"已不在台账里的{entity.label}"
        return self._titles[link]

    def _said(self, one: Field, cells: Mapping[str, Any]) -> tuple[str, Link]:
        if one.name == RECORD:
            return self._any_record(str(cells.get(RECORD) or ""))
        if not isinstance(one, Ref):
            text = one.show(cells.get(one.name))
            return (f"{text} {one.unit_label}".strip() if text else ""), NOWHERE
        uid = cells.get(one.uid_column)
        if isinstance(uid, str):
            return self.title((one.target, uid)), (one.target, uid)
        if uid is not None:
            return str(uid.name), NOWHERE  # a place that an import would make
        return str(cells.get(one.stated_column) or ""), NOWHERE

    def _any_record(self, uid: str) -> tuple[str, Link]:
        """A record of whichever ledger, as reasons and attachments name it."""
        entity = ledger_of(self.conn, self.registry, [uid]) if uid else None
        if entity is None:
            return ("已不在台账里的记录" if uid else ""), NOWHERE
        return f"{entity.label} {self.title((entity.name, uid))}", (entity.name, uid)

    def _columns_of(self, entity: Entity) -> Mapping[str, Field]:
        """Stored column → field."""
        if entity.name not in self._columns:
            own = {column: f for f in entity.fields for column in f.columns}
            self._columns[entity.name] = own | {f.name: f for f in entity.links}
        return self._columns[entity.name]

    def _title_of_cells(self, entity: Entity, changes: Sequence[Change]) -> str:
        """The name of a record that is gone, from what the act says of it."""
        said = {c.field: c.new or c.old for c in self.cells(entity, changes)}
        return " ".join(said[n] for n in entity.title if said.get(n)) or entity.label
