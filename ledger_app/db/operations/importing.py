"""What applying an import does besides the rows: regions, links, effects on other lists."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from ledger_app.core.entity import Entity
from ledger_app.core.fields import Links, Ref
from ledger_app.core.terms import CLOSURE_EFFECTS, WELL_TRANSITIONS
from ledger_app.db.operations.regions import level_of
from ledger_app.db.queries.matching import key_index, link_refs
from ledger_app.db.store import Act


def add_regions(act: Act, columns: Mapping[str, list[Any]]) -> None:
    """Make the towns and villages that are not in the tree yet and put their uids into the columns.

    A place that is still to be made is anything with `name` and `parent` (uid, place or None).
    """
    made: dict[Any, str] = {}
    for name, values in columns.items():
        places = [v for v in dict.fromkeys(values) if hasattr(v, "parent")] if name.endswith("_uid") else []
        for place in places:
            _make(act, place, made)
        if places:
            values[:] = [made.get(v, v) for v in values]


def _make(act: Act, place: Any, made: dict[Any, str]) -> str:
    if place not in made:
        parent = _make(act, place.parent, made) if hasattr(place.parent, "parent") else place.parent
        row = {"name": place.name, "parent_uid": parent, "level": level_of(place.name)}
        made[place] = act.insert(act.store.registry["regions"], row)
    return made[place]


def replace_links(act: Act, links: Links, wanted: Mapping[str, Sequence[str]]) -> None:
    """Owner uid → texts it shall be linked with: missing links are made, others removed."""
    if not wanted:
        return
    registry = act.store.registry
    through, target = registry[links.through], registry[links.target]
    owner, item = link_refs(through, links)
    index = key_index(act.conn, target)
    held = _held(act, through, owner, item, wanted)
    new, gone = [], []
    for uid, texts in wanted.items():
        keys = {index.get(t) or t: t for t in texts}
        have = held.get(uid, {})
        gone += [row for key, row in have.items() if key not in keys]
        for key, text in keys.items():
            known = text in index
            if key in have or not (known or item.stated):
                continue
            cells = {owner.uid_column: uid, item.uid_column: key if known else None}
            new.append(cells | ({} if known else {item.stated_column: text}))
    if gone:
        act.delete_many(through, gone)
    act.insert_many(through, new)


def _held(
    act: Act, through: Entity, owner: Ref, item: Ref, wanted: Mapping[str, object]
) -> dict[str, dict[str, str]]:
    """Owner uid → {uid or stated text of the item: uid of the link}."""
    key_of = f"COALESCE({item.uid_column}, {item.stated_column})" if item.stated else item.uid_column
    sql = f"SELECT {owner.uid_column}, {key_of}, uid FROM {through.table} ORDER BY id"
    held: dict[str, dict[str, str]] = {}
    for uid, key, link in act.conn.execute(sql):
        if uid in wanted:
            held.setdefault(uid, {})[key] = link
    return held


def _closure_effects(act: Act, entity: Entity, uids: Sequence[str]) -> None:
    """An imported closure changes its well's state where the state allows it (domain §3)."""
    wells = act.store.registry["wells"]
    closures = act.store.rows_by_uid(entity, uids)
    states = act.store.rows_by_uid(wells, [c["well_uid"] for c in closures.values() if c["well_uid"]])
    changes: dict[str, dict[str, Any]] = {}
    for closure in closures.values():
        effect = CLOSURE_EFFECTS.get(closure["method"])
        well = states.get(closure["well_uid"])
        if not effect or not well or not effect.status or not closure["closed_on"] or closure["reopened_on"]:
            continue
        if effect.status in WELL_TRANSITIONS.get(well["status"], ()) or well["status"] is None:
            changes[well["uid"]] = {"status": effect.status}
    act.update_many(wells, changes)


_AFTER: Final[Mapping[str, Callable[[Act, Entity, Sequence[str]], None]]] = MappingProxyType(
    {"closures": _closure_effects}
)


def after_import(act: Act, entity: Entity, uids: Sequence[str]) -> None:
    """The effects an import of this ledger has on others, in the same act."""
    if effect := _AFTER.get(entity.name):
        effect(act, entity, uids)
