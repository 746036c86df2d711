"""What a record is searched by: its title, its codes and names, the titles of what it refers to.

The text of a record has a line for every folded value and for its pinyin initials, the title first.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from ledger_app.core.characters import half_width
from ledger_app.core.entity import Entity, Registry
from ledger_app.core.fields import Field, Ref, Text
from ledger_app.db.queries.shown import is_name, title
from ledger_app.db.search.pinyin import Pinyin

CHUNK: Final = 500  # bound variables in one IN (…)
LONGEST_REMARK: Final = 100  # characters; what is longer names nothing
TITLE_END: Final = "\x03\n"  # a line of its own; no folded value holds such a character
_CONTROL: Final = dict.fromkeys((*range(32), 127))
Column = Sequence[str | None]


def fold(text: str) -> str:
    """One width, one case, no control characters. Folding a part gives a part of the folded whole."""
    if text.isascii() and text.isprintable():
        return text.strip().lower()
    return half_width(text).translate(_CONTROL).casefold()


def title_of(text: str) -> str:
    return text.partition(TITLE_END)[0]


def looked_up(conn: sqlite3.Connection, select: str, values: Iterable[Any]) -> Iterator[tuple[Any, ...]]:
    """The rows of `select … IN` for any number of values."""
    wanted = list(values)
    for start in range(0, len(wanted), CHUNK):
        part = wanted[start : start + CHUNK]
        yield from conn.execute(f"{select} ({','.join('?' * len(part))})", part)


class Texts:
    """Makes the texts of one ledger's records, column by column: distinct values are read once."""

    def __init__(self, conn: sqlite3.Connection, registry: Registry, entity: Entity) -> None:
        self._conn, self._registry, self._entity = conn, registry, entity
        self._title = [entity.field(name) for name in entity.title]
        self._others = [f for f in entity.fields if isinstance(f, Text | Ref) and f not in self._title]
        self._stored = [column for f in (*self._title, *self._others) for column in f.columns]
        self._names, self._words = _Lines(conn, names=True), _Lines(conn, names=False)

    def of(self, uids: Sequence[str]) -> list[tuple[int, str, str]]:
        """(id, uid, text) of the records with these uids, in order of id."""
        columns = ", ".join(f"t.{column}" for column in self._stored)
        where = f"{_scope(self._entity)}t.uid IN"
        select = f"SELECT t.id, t.uid, {columns} FROM {self._entity.table} t WHERE {where}"
        rows = sorted(looked_up(self._conn, select, uids))
        if not rows:
            return []
        ids, own, *values = zip(*rows, strict=True)
        texts = self.made_of(dict(zip(self._stored, values, strict=True)), len(rows))
        return list(zip(ids, own, texts, strict=True))

    def made_of(self, columns: Mapping[str, Column], count: int) -> Iterable[str]:
        """The texts of records given by their stored columns; columns that are missing are empty."""
        titles = [self._lines(field, columns) or [""] * count for field in self._title]
        others = [lines for field in self._others if (lines := self._lines(field, columns))]
        return map("".join, zip(*titles, [TITLE_END] * count, *others, ["\n"] * count, strict=True))

    def _lines(self, field: Field, columns: Mapping[str, Column]) -> Sequence[str]:
        """A column of lines, each with its line break; nothing where no record has a value."""
        values = self._shown(field, columns)
        if field.sql_type != "TEXT":
            values = [None if v is None else str(v) for v in values]
        if isinstance(field, Text) and field.lines:
            values = [v if v and len(v) <= LONGEST_REMARK else None for v in values]
        if not any(values):
            return []
        return (self._names if is_name(field) else self._words).of(values)

    def _shown(self, field: Field, columns: Mapping[str, Column]) -> Column:
        """The text of a reference is its target's title, or what is stated while there is none."""
        if not isinstance(field, Ref):
            return columns.get(field.name, ())
        linked, stated = columns.get(field.uid_column, ()), columns.get(field.stated_column, ())
        if not any(linked):
            return stated
        titles = self._titles(field, set(linked) - {None})
        if not any(stated):
            return [titles.get(uid) for uid in linked]
        return [titles.get(uid) or s for uid, s in zip(linked, stated, strict=True)]

    def _titles(self, ref: Ref, uids: Iterable[str | None]) -> dict[str | None, str]:
        target = self._registry[ref.target]
        text = f"CAST({title(self._registry, target)} AS TEXT)"
        select = f"SELECT t.uid, {text} FROM {target.table} t WHERE t.uid IN"
        return dict(looked_up(self._conn, select, uids))


class _Lines:
    """The lines of values: folded and, of names, the initials; each distinct value is read once."""

    def __init__(self, conn: sqlite3.Connection, *, names: bool) -> None:
        self._conn, self._names = conn, names
        self._pinyin: Pinyin | None = None
        self._known: dict[str | None, str] = {None: "", "": ""}

    def of(self, values: Column) -> Sequence[str]:
        if (codes := _codes(values)) is not None:
            return codes
        new = {v: fold(str(v)) for v in set(values) if v not in self._known}
        names = {v: folded for v, folded in new.items() if v and not v.isascii()} if self._names else {}
        spelt = self._initials(names)
        for value, folded in new.items():
            lines = dict.fromkeys((folded, spelt.get(value)))
            self._known[value] = "".join([f"{line}\n" for line in lines if line])
        return [self._known[v] for v in values]

    def _initials(self, names: Mapping[str, str]) -> dict[str | None, str]:
        """Kept in `d_pinyin` by the name as stored, so that pypinyin is loaded only for new ones."""
        select = "SELECT text, initials FROM d_pinyin WHERE text IN"
        known: dict[str | None, str] = dict(looked_up(self._conn, select, names))
        if len(known) < len(names):
            self._pinyin = self._pinyin or Pinyin()
            rows = sorted((n, *self._pinyin.read(folded)) for n, folded in names.items() if n not in known)
            self._conn.executemany("INSERT INTO d_pinyin (text, initials, sort_key) VALUES (?, ?, ?)", rows)
            known.update((name, initials) for name, initials, _ in rows)
        return known


def _codes(values: Column) -> list[str] | None:
    """A column of plain codes, mostly all different, is folded in one go; None for any other column."""
    joined = "\n".join([v or "" for v in values]) + "\n"
    if not joined.isascii() or " " in joined or not joined.replace("\n", "").isprintable():
        return None
    lines = joined.lower().splitlines(keepends=True)
    return ["" if line == "\n" else line for line in lines] if "\n" in lines else lines


def _scope(entity: Entity) -> str:
    if entity.scope is None:
        return ""
    column, words = entity.scope
    return f"t.{column} IN ({', '.join(repr(word) for word in words)}) AND "
