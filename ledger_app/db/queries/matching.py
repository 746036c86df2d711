"""Which record a name or key means: what an import asks the ledger."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, Final

from ledger_app.core.entity import Entity, Registry
from ledger_app.core.fields import Field, Links, Ref
from ledger_app.db import Connection
from ledger_app.db.queries.shown import open_only
from ledger_app.db.store import CHUNK, scope_condition

_MANY: Final = 2000  # more keys than this are looked up by one pass over the ledger
Key = tuple[Any, ...]


def regions_in_force(conn: Connection) -> list[tuple[str, str, str | None]]:
    """(uid, name, uid of the region above), the oldest first: the county is the first without one."""
    sql = "SELECT uid, name, parent_uid FROM regions WHERE valid_to IS NULL ORDER BY id"
    return conn.execute(sql).fetchall()


def town_names(conn: Connection) -> list[str]:
    """The regions right below the county."""
    sql = (
        "SELECT t.name FROM regions t JOIN regions c ON t.parent_uid = c.uid"
        " WHERE c.parent_uid IS NULL AND t.valid_to IS NULL ORDER BY t.id"
    )
    return [name for (name,) in conn.execute(sql)]


def key_index(conn: Connection, target: Entity) -> dict[str, str]:
    """Key text → uid of a ledger with a single key; the first of several equal ones."""
    rows = conn.execute(f"SELECT {target.key[0]}, uid FROM {target.table} ORDER BY id DESC")
    return dict(rows.fetchall())


def existing(
    conn: Connection, entity: Entity, columns: Sequence[str], keys: Iterable[Key | None]
) -> dict[Key, tuple[Any, ...]]:
    """Key → (uid, stored columns …) of the records that have one of these keys."""
    wanted = {k for k in keys if k}
    if not wanted:
        return {}
    key_sql = [_key_sql(entity.field(name)) for name in entity.key]
    scope, scope_args = scope_condition(entity)
    select = f"SELECT {', '.join((*key_sql, 'uid', *columns))} FROM {entity.table} WHERE "
    width = len(key_sql)
    found: dict[Key, tuple[Any, ...]] = {}
    for condition, args in _conditions(key_sql[0], wanted):
        for row in conn.execute(f"{select}{condition}{scope} ORDER BY id", (*args, *scope_args)):
            if (key := row[:width]) in wanted:
                found[key] = row[width:]
    return found


def linked_texts(conn: Connection, registry: Registry, links: Links) -> dict[str, list[str]]:
    """Owner uid → the texts of what it is linked with."""
    through, target = registry[links.through], registry[links.target]
    owner, item = link_refs(through, links)
    shown = f"t.{target.key[0]}"
    stated = f"COALESCE({shown}, l.{item.stated_column})" if item.stated else shown
    sql = (
        f"SELECT l.{owner.uid_column}, {stated} FROM {through.table} l"
        f" LEFT JOIN {target.table} t ON t.uid = l.{item.uid_column}"
        f" WHERE l.{owner.uid_column} IS NOT NULL{open_only(through, 'l')} ORDER BY l.id"
    )
    held: dict[str, list[str]] = {}
    for uid, text in conn.execute(sql):
        held.setdefault(uid, []).append(text)
    return held


def link_refs(through: Entity, links: Links) -> tuple[Ref, Ref]:
    """The two references a link row consists of: to its owner and to the item."""
    by_name = {ref.name: ref for ref in through.refs}
    return by_name[links.owner], by_name[links.item]


def saved_profiles(conn: Connection, ledger: str) -> list[tuple[str, str]]:
    """(name, mapping text) of the import profiles of a ledger, the newest first."""
    sql = "SELECT name, mapping FROM import_profiles WHERE ledger = ? ORDER BY id DESC"
    return conn.execute(sql, (ledger,)).fetchall()


def _conditions(first: str, wanted: Collection[Key]) -> Iterator[tuple[str, Sequence[Any]]]:
    if len(wanted) > _MANY:
        yield "1", ()
        return
    firsts = sorted({str(k[0]) for k in wanted})
    for start in range(0, len(firsts), CHUNK):
        part = firsts[start : start + CHUNK]
        yield f"{first} IN ({','.join('?' * len(part))})", part


def _key_sql(field: Field) -> str:
    if not isinstance(field, Ref):
        return field.name
    return f"COALESCE({field.uid_column}, {field.stated_column})" if field.stated else field.uid_column
