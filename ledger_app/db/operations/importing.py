"""What applying an import does besides the rows: regions, links, effects on other lists."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from ledger_app.core.entity import Entity
from ledger_app.core.fields import Links, Ref
from ledger_app.core.terms import CLOSURE_EFFECTS, WELL_TRANSITIONS
from ledger_app.db.operations import events, shares
from ledger_app.db.operations.regions import level_of
from ledger_app.db.queries.matching import key_index, link_refs
from ledger_app.db.queries.shown import open_only
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
    uid = f"l.{item.uid_column}"
    key_of = f"COALESCE({uid}, l.{item.stated_column})" if item.stated else uid
    sql = (
        f"SELECT l.{owner.uid_column}, {key_of}, l.uid FROM {through.table} l"
        f" WHERE l.{owner.uid_column} IS NOT NULL{open_only(through, 'l')} ORDER BY l.id"
    )
    held: dict[str, dict[str, str]] = {}
    for uid, key, link in act.conn.execute(sql):
        if uid in wanted:
            held.setdefault(uid, {})[key] = link
    return held


def _closure_effects(act: Act, entity: Entity, uids: Sequence[str]) -> None:
    """An imported closure changes its well's state where the state allows it, with the dated event, and
    ends the well's share of a permit (domain §3). What the well's own row says of a permit is left to the
    register of wells it came from."""
    wells = act.store.registry["wells"]
    closures = [c for c in act.store.rows_by_uid(entity, uids).values() if _took_effect(c)]
    rows = act.store.rows_by_uid(wells, [c["well_uid"] for c in closures])
    changes: dict[str, dict[str, Any]] = {}
    happened, ends = [], {}
    for closure in closures:
        effect, well = CLOSURE_EFFECTS[closure["method"]], rows[closure["well_uid"]]
        if effect.ends_share:
            ends[well["uid"]] = closure["closed_on"]
        allowed = WELL_TRANSITIONS.get(well["status"], frozenset())
        if effect.status and (well["status"] is None or effect.status in allowed):
            changes[well["uid"]] = {"status": effect.status}
            day = closure["closed_on"]
            happened.append(events.event(well, closure["method"], day, effect.status, closure))
    act.update_many(wells, changes)
    events.record(act, happened)
    shares.end_shares(act, ends)


def _took_effect(closure: Mapping[str, Any]) -> bool:
    done = closure["well_uid"] and closure["closed_on"] and not closure["reopened_on"]
    return bool(done and closure["method"] in CLOSURE_EFFECTS)


_AFTER: Final[Mapping[str, Callable[[Act, Entity, Sequence[str]], None]]] = MappingProxyType(
    {"closures": _closure_effects}
)


def after_import(act: Act, entity: Entity, uids: Sequence[str]) -> None:
    """The effects an import of this ledger has on others, in the same act."""
    if effect := _AFTER.get(entity.name):
        effect(act, entity, uids)
