"""Every act's dialog with records in it, for the tour: as it opens, and filled in as far as it goes alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Final

from PySide6.QtWidgets import QWidget

from ledger_app.core.terms import CANCELLED, RESERVED_STATE, SEALED, STOPPED
from ledger_app.db.queries import listing
from ledger_app.db.queries.listing import Filter, Query
from ledger_app.ui.dialogs.act_dialog import ActDialog
from ledger_app.ui.dialogs.act_kind import ActKind
from ledger_app.ui.dialogs.act_kinds import KINDS

RECORDS: Final = 5
# What a clerk would say in the picture, by act and field.
SAID: Final[dict[str, dict[str, Any]]] = {
    "close": {"method": SEALED, "reason": "超采区压采"},
    "stop": {"reason": "水源置换"},
    "resume": {"reason": "恢复灌溉"},
    "reopen": {"reopen_reason": "抗旱"},
    "renew": {"cut_percent": 10},
    "change": {"permitted_volume_m3": 40_000},
    "transfer": {"holder": "新民农业合作社"},
    "cancel": {"status": CANCELLED, "ended_because": "取水单位申请"},
    "milestone": {"kind": "通水调试"},
    "issue": {
        "number": "D150824G2025-0901",
        "holder": "新民农业合作社",
        "valid_from": "2025-10-01",
        "valid_to": "2030-09-30",
        "permitted_volume_m3": 100_000,
    },
}


# Records the act is for; where nothing is said, the first ones.
MEANT: Final[dict[str, Filter]] = {
    "accept_closure": Filter("accepted_on", "blank", ()),
    "accept_project": Filter("accepted_on", "blank", ()),
    "issue": Filter("permit_no", "blank", ()),
    "reopen": Filter("status", "in", (RESERVED_STATE,)),
    "resume": Filter("status", "in", (STOPPED,)),
    "milestone": Filter("accepted_on", "blank", ()),
}


def act_pictures() -> Iterator[tuple[str, Callable[[Any], QWidget]]]:
    """(name of the picture, what makes it from a window)."""
    for kind in KINDS.values():
        yield f"act-{kind.name}", partial(_filled, kind=kind)


def _filled(window: Any, kind: ActKind) -> QWidget:
    context = window.context
    entity = context.registry[kind.ledger]
    conn = context.workspace.screen
    meant = (MEANT[kind.name],) if kind.name in MEANT else ()
    ids = listing.first_ids(conn, context.registry, entity, Query(filters=meant), RECORDS)
    dialog = ActDialog(context, kind, listing.uids(conn, entity, ids), window)
    for name, value in SAID.get(kind.name, {}).items():
        dialog.fields.put(name, value)
    dialog.fields.rearrange()
    dialog.look()
    return dialog
