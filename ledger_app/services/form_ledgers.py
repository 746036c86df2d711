"""What a ledger offers to the columns of a form: its fields, those of the records it refers to, and some
that are told from several records (a task's measures, whether a well lies in an over-extraction zone)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from types import MappingProxyType
from typing import Any, Final

from ledger_app.core import terms
from ledger_app.core.dates import show_date
from ledger_app.core.entities.permits import PERMITS
from ledger_app.core.entities.rectifications import RECTIFICATIONS
from ledger_app.core.entity import Entity, Registry
from ledger_app.core.fields import Choice, Field, Ref, Text
from ledger_app.db import Connection
from ledger_app.db.queries import forms as queries
from ledger_app.db.queries import listing

BLOCK: Final = 2000
BETWEEN: Final = "."  # well_code.depth_m: the depth of the well a record refers to
YES, NO = terms.YES_NO.values
Row = dict[str, Any]


@dataclass(frozen=True)
class Page:
    """Some rows of a ledger as at the end of a day."""

    conn: Connection
    day: date
    rows: Sequence[Row]


Fill = Callable[[Page], None]  # adds its fields to the rows


@dataclass(frozen=True)
class Computed:
    """Fields told from several records, and how they are added to rows that hold the `needs`."""

    fields: tuple[Field, ...]
    needs: tuple[str, ...]
    fill: Fill
    basis: str = ""

    def basis_of(self, names: Collection[str]) -> str:
        """How these fields are told, where the clerk should know."""
        return self.basis if any(f.name in names for f in self.fields) else ""


@dataclass(frozen=True)
class FormLedger:
    """A ledger with all that may stand in a form's column. Names with a point belong to the record a
    reference leads to."""

    entity: Entity
    registry: Registry

    @cached_property
    def computed(self) -> Sequence[Computed]:
        return _COMPUTED.get(self.entity.name, ())

    @cached_property
    def own(self) -> Entity:
        """The ledger's fields and those told from several records."""
        extra = tuple(field for each in self.computed for field in each.fields)
        named = {field.name for field in extra}
        kept = tuple(f for f in self.entity.fields if f.name not in named)
        return replace(self.entity, fields=(*kept, *extra))

    @cached_property
    def referred(self) -> Entity:
        """The fields of the records that are referred to, without what the reference itself says."""
        fields = [
            replace(field, name=f"{ref.name}{BETWEEN}{field.name}")
            for ref in self.entity.refs
            if (target := self.registry[ref.target]).key and ref.target not in _PLACES
            for field in target.fields
            if field.name not in (*target.key, *target.title, "remark", "name")
        ]
        return replace(self.entity, fields=tuple(fields), checks=(), key=(), title=())

    @cached_property
    def fields(self) -> Mapping[str, Field]:
        return {**self.referred.by_name, **self.own.by_name}

    def rows(
        self, conn: Connection, ids: Sequence[int], names: Sequence[str], day: date
    ) -> Iterator[Sequence[Row]]:
        """Pages of rows: the named fields in base units, references as texts; in the order of `ids`."""
        told = [each for each in self.computed if any(f.name in names for f in each.fields)]
        plain = {n for n in names if n in self.entity.by_name}
        plain |= {n for each in told for n in each.needs}
        refs = {n.partition(BETWEEN)[0] for n in names if BETWEEN in n}
        for start in range(0, len(ids), BLOCK):
            page = listing.page(
                conn, self.registry, self.entity, ids[start : start + BLOCK], sorted(plain | refs)
            )
            for each in told:
                each.fill(Page(conn, day, page))
            for ref in sorted(refs):
                self._follow(conn, ref, [n for n in names if n.startswith(f"{ref}{BETWEEN}")], page)
            yield page

    def _follow(self, conn: Connection, name: str, names: Sequence[str], page: Sequence[Row]) -> None:
        ref = self.entity.field(name)
        if not isinstance(ref, Ref):
            raise TypeError(name)
        target = self.registry[ref.target]
        fields = [n.partition(BETWEEN)[2] for n in names]
        wanted = queries.ids_of(conn, target, {row[ref.uid_column] for row in page} - {None})
        found = {row["_id"]: row for row in listing.page(conn, self.registry, target, wanted, fields)}
        for row in page:
            there = found.get(row[ref.uid_column], {})
            row.update({full: there.get(short) for full, short in zip(names, fields, strict=True)})


_PLACES: Final = frozenset({"regions", "areas"})


# ---- fields told from several records ------------------------------------------------------------


def _zones(page: Page) -> None:
    """A county that has placed no well in any zone does not know, rather than “no”."""
    zones = queries.zones_of(page.conn, page.day.isoformat())
    for row in page.rows:
        names = zones.get(row["_id"], ())
        row["zone"] = "、".join(names) or None
        row["in_zone"] = (YES if names else NO) if zones else None


def _validity(page: Page) -> None:
    for row in page.rows:
        ends = [show_date(row[name]) for name in ("valid_from", "valid_to")]
        row["validity"] = "至".join(ends) if all(ends) else None
        row["status"] = row["status"] or (terms.VALID if row["valid_to"] else None)
        row["well_count"] = row["well_count"] or len(row["well_codes"]) or None


def _measures(page: Page) -> None:
    """A task's measures one below the other; their results where nothing is reported for the whole task."""
    found = queries.measures_of(page.conn, [row["_id"] for row in page.rows])
    for row in page.rows:
        measures = found.get(row["_id"], [])
        row["measures"] = "\n".join(f"{m['ordinal'] or ''}{m['text']}" for m in measures) or None
        results = [f"{m['ordinal'] or ''}{m['progress']}" for m in measures if m["progress"]]
        row["progress"] = row["progress"] or "\n".join(results) or None
        done = [m["done"] for m in measures]
        if row["completion_percent"] is None and done and None not in done:
            row["completion_percent"] = 100 * done.count(YES) / len(done)


_ZONE_BASIS: Final = "是否超采区按台账里取水口所在的区域判断。"
_MEASURES_BASIS: Final = "任务自己没有填完成情况、完成率的，用各条措施的落实情况和已完成的条数。"


def _task_fields(entity_fields: Mapping[str, Field]) -> tuple[Field, ...]:
    return (
        Text(name="measures", label="整改措施", lines=True, synonyms=("措施", "具体措施", "具体整改措施")),
        entity_fields["progress"],
        entity_fields["completion_percent"],
    )


def _computed() -> Mapping[str, Sequence[Computed]]:
    tasks, licences = RECTIFICATIONS.by_name, PERMITS.by_name
    zone = (
        Text(name="zone", label="所属超采区", synonyms=("超采区名称", "所在超采区")),
        Choice(
            name="in_zone",
            label="是否超采区",
            terms=terms.YES_NO,
            synonyms=("是否在超采区", "是否位于超采区", "超采区内外", "是否在超采区内"),
        ),
    )
    validity = Text(
        name="validity",
        label="有效期限",
        synonyms=("有效期", "许可期限", "取水期限", "有效期起止", "许可有效期"),
    )
    return MappingProxyType(
        {
            "wells": (Computed(zone, (), _zones, _ZONE_BASIS),),
            "intakes": (Computed(zone, (), _zones, _ZONE_BASIS),),
            "permits": (
                Computed(
                    (validity, licences["status"], licences["well_count"]),
                    ("valid_from", "valid_to", "status", "well_count", "well_codes"),
                    _validity,
                ),
            ),
            "rectifications": (
                Computed(_task_fields(tasks), ("progress", "completion_percent"), _measures, _MEASURES_BASIS),
            ),
        }
    )


_COMPUTED: Final = _computed()
