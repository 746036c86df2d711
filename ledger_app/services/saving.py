"""One record written by a form: registered, corrected, changed from a day on, made void; each one act."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from ledger_app.core.entity import Entity, Registry
from ledger_app.core.errors import LedgerError
from ledger_app.db import Connection, references
from ledger_app.db import undo as undoing
from ledger_app.db.operations import records as editing
from ledger_app.db.operations import wells
from ledger_app.db.operations.importing import add_regions, replace_links
from ledger_app.db.operations.linking import link_stated
from ledger_app.db.queries import listing
from ledger_app.db.store import Act, ActInfo, Store
from ledger_app.services.records import Checked

FORM: Final = "form"
TABLE: Final = "table"


@dataclass(frozen=True, slots=True)
class Saved:
    """What an act of a form did: the record, the act (to be undone by), the ledgers it changed."""

    uid: str
    act: str
    changed: frozenset[str]


def save_new(store: Store, entity: Entity, checked: Checked, who: str, today: date, why: str = "") -> Saved:
    """Register a record; numbers are given by rule, places that were named are made."""
    with store.act(ActInfo("register", who, why or f"登记{entity.label}", FORM)) as act:
        cells = _with_places(act, checked.cells)
        uid = _insert(act, entity, cells, today)
        _relink(act, entity, uid, checked)
    return Saved(uid, act.uid, frozenset(act.changed))


def correct(
    store: Store, entity: Entity, uid: str, checked: Checked, who: str, why: str = "录错更正"
) -> Saved:
    """It was always so: the record is put right."""
    with store.act(ActInfo("correct", who, why, FORM)) as act:
        cells = _with_places(act, checked.cells)
        editing.correct(act, entity, editing.differing(store, entity, {uid: cells}))
        _relink(act, entity, uid, checked)
    return Saved(uid, act.uid, frozenset(act.changed))


def change(
    store: Store,
    entity: Entity,
    uid: str,
    checked: Checked,
    who: str,
    *,
    since: date,
    today: date,
    why: str = "",
) -> Saved:
    """It is so from a day on: what held before stays known. Raises LedgerError where an act of its own
    (封停处置, 延续 …) has to say it."""
    on = since.isoformat()
    with store.act(ActInfo("change", who, f"{on} 起：{why or '情况变化'}", FORM)) as act:
        cells = _with_places(act, checked.cells)
        changes = editing.differing(store, entity, {uid: cells})
        if refused := editing.check_change(store, entity, changes, on, today):
            raise LedgerError(refused[0][1], "refused")
        editing.change(act, entity, changes, on, why, None)
        _relink(act, entity, uid, checked)
    return Saved(uid, act.uid, frozenset(act.changed))


def correct_many(
    store: Store, entity: Entity, cells: Mapping[str, Mapping[str, Any]], who: str, why: str = "录错更正"
) -> Saved:
    """Cells of many records put right in one act: uid → stored column → value."""
    with store.act(ActInfo("correct", who, why, TABLE)) as act:
        editing.correct(act, entity, editing.differing(store, entity, cells))
    return Saved("", act.uid, frozenset(act.changed))


def change_many(
    store: Store,
    entity: Entity,
    cells: Mapping[str, Mapping[str, Any]],
    who: str,
    *,
    since: date,
    today: date,
    why: str = "",
) -> Saved:
    """Cells of many records that are so from a day on, in one act: all of them or none. Raises
    LedgerError with what is in the way."""
    on = since.isoformat()
    with store.act(ActInfo("change", who, f"{on} 起：{why or '情况变化'}", TABLE)) as act:
        changes = editing.differing(store, entity, cells)
        if refused := editing.check_change(store, entity, changes, on, today):
            more = f"（还有 {len(refused) - 1} 条也不行）" if len(refused) > 1 else ""
            raise LedgerError(f"{refused[0][1]}{more}", "refused")
        editing.change(act, entity, changes, on, why, None)
    return Saved("", act.uid, frozenset(act.changed))


def void(store: Store, entity: Entity, uid: str, who: str, why: str) -> Saved:
    """作废(录错): the record goes, with the links that are its own. Raises LedgerError naming what
    stands on it."""
    if said := standing_on(store.conn, store.registry, entity, uid):
        raise LedgerError(f"不能作废：{said}。请先处理它们，或改用更正。", "referred_to")
    with store.act(ActInfo("void", who, why, FORM)) as act:
        for through, own in _own_links(store.conn, store.registry, entity, uid).items():
            act.delete_many(store.registry[through], own)
        act.delete(entity, uid)
    return Saved(uid, act.uid, frozenset(act.changed))


def standing_on(conn: Connection, registry: Registry, entity: Entity, uid: str) -> str:
    """What refers to a record, counted by ledger, in words; empty where nothing does."""
    own = {u for uids in _own_links(conn, registry, entity, uid).values() for u in uids}
    standing = (r for r in references.live(conn, registry, entity, [uid]) if r.uid not in own)
    found = Counter(r.by.name for r in standing if listing.row_id(conn, r.by, r.uid) is not None)
    parts = [f"{registry[name].label} {n} {registry[name].counter}" for name, n in found.items()]
    return f"还有{'、'.join(parts)}用着它" if parts else ""


def undo(store: Store, act: str, who: str) -> Saved:
    """Take an act back. Raises LedgerError with what stands in the way."""
    done = undoing.undo(store, act, who, source=FORM)
    return Saved("", done.uid, frozenset(done.changed))


# ---- inside the act ------------------------------------------------------------------------------


def _insert(act: Act, entity: Entity, cells: dict[str, Any], today: date) -> str:
    if entity.table == "points":
        if refused := wells.check_register(act.store, entity, [cells], today):
            raise LedgerError(refused[0][1], "refused")
        return wells.register(act, entity, [cells], today)[0]
    uid = act.insert(entity, cells)
    link_stated(act, entity, [uid])
    return uid


def _relink(act: Act, entity: Entity, uid: str, checked: Checked) -> None:
    for links in entity.links:
        if links.name in checked.links:
            replace_links(act, links, {uid: checked.links[links.name]})


def _with_places(act: Act, cells: Mapping[str, Any]) -> dict[str, Any]:
    """The cells with the regions made that were only named."""
    columns = {name: [value] for name, value in cells.items()}
    add_regions(act, columns)
    return {name: values[0] for name, values in columns.items()}


def _own_links(conn: Connection, registry: Registry, entity: Entity, uid: str) -> dict[str, Sequence[str]]:
    """Table between → its rows that belong to this record."""
    throughs = {links.through for links in entity.links}
    found: dict[str, list[str]] = {}
    for reference in references.live(conn, registry, entity, [uid]):
        if reference.by.name in throughs:
            found.setdefault(reference.by.name, []).append(reference.uid)
    return dict(found.items())
