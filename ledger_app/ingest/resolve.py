"""What a row names → the record it means: regions by place in the tree, others by their key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ledger_app.core.entity import Entity, Registry
from ledger_app.core.errors import Problem
from ledger_app.core.fields import Links, Ref
from ledger_app.db import Connection
from ledger_app.db.queries.matching import key_index, link_refs, regions_in_force
from ledger_app.ingest.reading import Problems


@dataclass(frozen=True, slots=True, eq=False)
class NewRegion:
    """A town or village that is not in the tree yet; made when the import is applied.

    `Regions` makes each once, so that identity is enough to tell them apart.
    """

    name: str
    parent: str | NewRegion | None


class Regions:
    """The tree by (parent, name). Names not found become NewRegion, each once."""

    def __init__(self, conn: Connection) -> None:
        self._at: dict[tuple[Any, str], str | NewRegion] = {}
        self._named: dict[str, list[str]] = {}
        self.root: str | None = None
        for uid, name, parent in regions_in_force(conn):
            self.root = self.root or uid
            self._at.setdefault((parent, name), uid)
            self._named.setdefault(name, []).append(uid)

    def town(self, name: str) -> str | NewRegion:
        return self._get(self.root, name)

    def village(self, town: str | NewRegion | None, name: str) -> str | NewRegion:
        """The village of that town; without a town the only village of that name in the county."""
        if town is None and len(found := self._named.get(name, [])) == 1:
            return found[0]
        return self._get(town or self.root, name)

    def _get(self, parent: str | NewRegion | None, name: str) -> str | NewRegion:
        found = self._at.get((parent, name))
        if found is None:
            found = self._at[parent, name] = NewRegion(name, parent)
        return found


def resolve(
    conn: Connection,
    registry: Registry,
    entity: Entity,
    values: Mapping[str, Sequence[Any]],
    problems: Problems,
) -> dict[str, list[Any]]:
    """The stored columns behind the values: plain fields as they are, references as uid and stated.

    A reference to regions may hold a NewRegion. Links stay lists of the texts they name.
    """
    stored: dict[str, list[Any]] = {}
    regions = Regions(conn)
    indexes: dict[str, dict[str, str]] = {}
    for name, column in values.items():
        field = entity.field(name)
        if isinstance(field, Ref) and registry[field.target].table == "regions":
            stored[field.uid_column] = _places(regions, field, column, stored)
        elif isinstance(field, Ref):
            index = _index(conn, registry, field.target, indexes)
            stored[field.uid_column] = [index.get(v) if v is not None else None for v in column]
            if field.stated:
                stored[field.stated_column] = [
                    v if v is not None and v not in index else None for v in column
                ]
            _unknown(field, column, index, registry[field.target], problems)
        elif isinstance(field, Links):
            index = _index(conn, registry, field.target, indexes)
            _unknown_links(field, column, index, registry[field.target], problems)
            if not link_refs(registry[field.through], field)[1].stated:
                _only_known(field, column, index, registry[field.target], problems)
        else:
            stored[name] = list(column)
    return stored


def _index(
    conn: Connection, registry: Registry, target: str, indexes: dict[str, dict[str, str]]
) -> dict[str, str]:
    if target not in indexes:
        indexes[target] = key_index(conn, registry[target])
    return indexes[target]


def _places(
    regions: Regions, field: Ref, column: Sequence[Any], stored: Mapping[str, Sequence[Any]]
) -> list[Any]:
    above = stored.get(f"{field.within}_uid") if field.within else None
    if not field.within:
        found = {name: regions.town(name) for name in dict.fromkeys(column) if name is not None}
        return [found.get(name) for name in column]
    parents = above or [None] * len(column)
    pairs = {
        (p, n): regions.village(p, n)
        for p, n in dict.fromkeys(zip(parents, column, strict=True))
        if n is not None
    }
    return [pairs.get(pair) for pair in zip(parents, column, strict=True)]


def _unknown(
    field: Ref, column: Sequence[Any], index: Mapping[str, str], target: Entity, problems: Problems
) -> None:
    if field.missing != "confirm":
        return
    for i, value in enumerate(column):
        if value is not None and value not in index:
            problems.setdefault(i, []).append(_problem(field.name, [value], target, value))


def _unknown_links(
    field: Links, column: Sequence[Any], index: Mapping[str, str], target: Entity, problems: Problems
) -> None:
    if field.missing != "confirm":
        return
    for i, codes in enumerate(column):
        if missing := [c for c in codes or () if c not in index]:
            problems.setdefault(i, []).append(_problem(field.name, missing, target, codes))


def _only_known(
    field: Links, column: Sequence[Any], index: Mapping[str, str], target: Entity, problems: Problems
) -> None:
    """Links that cannot be kept as stated: what the target ledger does not have is left out and said."""
    for i, names in enumerate(column):
        if missing := [n for n in names or () if n not in index]:
            names[:] = [n for n in names if n in index]
            said = "、".join(missing[:5])
            text = f"{target.label}里还没有 {said}，这一格没有记；先登记{target.label}再导入即可。"
            problem = Problem(f"unknown_{target.name.removesuffix('s')}", text, "info", field=field.name)
            problems.setdefault(i, []).append(problem)


def _problem(field: str, missing: list[str], target: Entity, keep: Any) -> Problem:
    said = "、".join(missing[:5]) + ("等" if len(missing) > 5 else "")
    text = f"{target.label}台账里没有 {said}，可先按原文保留，登记后自动对上。"
    return Problem(f"unknown_{target.name.removesuffix('s')}", text, "confirm", keep, field)
