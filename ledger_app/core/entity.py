"""A ledger as one declaration: its name, its fields, and the checks that need several of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Protocol

from ledger_app.core.errors import Problem
from ledger_app.core.fields import Choice, Field, Links, ReadContext, Ref
from ledger_app.core.terms import Vocabulary


class Check(Protocol):
    """A judgement over several fields of a record, given column-wise so that 100,000 rows are cheap."""

    def problems(
        self, columns: Mapping[str, Sequence[Any]], context: ReadContext
    ) -> Iterator[tuple[int, Problem]]:
        """(row index, problem) for every row that does not hold; columns that are absent are skipped."""
        ...


@dataclass(frozen=True)
class Entity:
    """One ledger. `key` are the fields an import recognises a record by, `title` those that name it
    in a sentence. `scope` (column, values) cuts the ledger out of a table it shares with another.
    `headings` are further synonyms by field, words apart by blanks."""

    name: str
    label: str
    counter: str
    group: str | None
    icon: str
    key: tuple[str, ...]
    title: tuple[str, ...]
    fields: tuple[Field, ...]
    checks: tuple[Check, ...] = ()
    shared_table: str | None = None
    scope: tuple[str, tuple[str, ...]] | None = None
    headings: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)

    def __post_init__(self) -> None:
        called = (
            replace(f, synonyms=(*f.synonyms, *self.headings[f.name].split()))
            if f.name in self.headings
            else f
            for f in self.fields
        )
        object.__setattr__(self, "fields", tuple(called))

    @property
    def table(self) -> str:
        return self.shared_table or self.name

    @cached_property
    def by_name(self) -> Mapping[str, Field]:
        return {f.name: f for f in self.fields}

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The stored columns, without `id` and `uid`."""
        own = tuple(column for f in self.fields for column in f.columns)
        return (self.scope[0], *own) if self.scope and self.scope[0] not in own else own

    @property
    def refs(self) -> tuple[Ref, ...]:
        return tuple(f for f in self.fields if isinstance(f, Ref))

    @property
    def links(self) -> tuple[Links, ...]:
        return tuple(f for f in self.fields if isinstance(f, Links))

    def field(self, name: str) -> Field:
        return self.by_name[name]

    def check(
        self, columns: Mapping[str, Sequence[Any]], context: ReadContext
    ) -> Iterator[tuple[int, Problem]]:
        for check in self.checks:
            yield from check.problems(columns, context)

    def check_row(self, row: Mapping[str, Any], context: ReadContext) -> list[Problem]:
        """The same checks for one record."""
        return [p for _, p in self.check({name: [value] for name, value in row.items()}, context)]


class Registry:
    """The ledgers a program knows, in the order they are declared."""

    def __init__(self, entities: Iterable[Entity]) -> None:
        self._entities = {entity.name: entity for entity in entities}

    def __iter__(self) -> Iterator[Entity]:
        return iter(self._entities.values())

    def __contains__(self, name: object) -> bool:
        return name in self._entities

    def __getitem__(self, name: str) -> Entity:
        return self._entities[name]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._entities)

    @property
    def places(self) -> tuple[Entity, ...]:
        """The ledgers that have a place of their own in the navigation."""
        return tuple(e for e in self if e.group)

    @property
    def vocabularies(self) -> tuple[Vocabulary, ...]:
        """Every code list a field takes its words from, once."""
        fields = (f for e in self for f in e.fields if isinstance(f, Choice))
        return tuple({f.terms.name: f.terms for f in fields}.values())

    def referring_to(self, name: str) -> tuple[tuple[Entity, Ref], ...]:
        """Every reference that may point at a record of ledger `name`."""
        table = self[name].table
        return tuple((e, r) for e in self for r in e.refs if self[r.target].table == table)
