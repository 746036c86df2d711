"""The water user an act names: by uid, or by a name that is found or newly entered."""

from __future__ import annotations

from ledger_app.core.errors import LedgerError
from ledger_app.db.operations.batch import Facts, find
from ledger_app.db.operations.linking import link_stated
from ledger_app.db.store import Act


def user_for(act: Act, facts: Facts, stem: str) -> tuple[str, str]:
    """(uid, name) from `<stem>_uid` or from the name under `<stem>` or `<stem>_stated`; a name the ledger
    does not know becomes a new user in the same act."""
    entity = act.store.registry["water_users"]
    if uid := facts.get(f"{stem}_uid"):
        row = act.store.get(entity, uid)
        if row is None:
            raise LedgerError("没有这个取用水户，可能已被撤销。", "no_record")
        return uid, row["name"]
    name = str(facts.get(stem) or facts.get(f"{stem}_stated") or "").strip()
    if found := find(act.store, entity, [name]).get(name):
        row = act.store.get(entity, found)
        return found, row["name"] if row else name
    uid = act.insert(entity, {"name": name})
    link_stated(act, entity, [uid])
    return uid, name
