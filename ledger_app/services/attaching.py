"""Photos and scans of a record: attached, opened, taken off again; each an act."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ledger_app.core.entity import Entity
from ledger_app.core.errors import LedgerError
from ledger_app.db import attachments
from ledger_app.db.store import ActInfo, Store
from ledger_app.services.saving import Saved

KINDS = ("施工前照片", "施工中照片", "施工后照片", "证照扫描件", "批复文件", "其他")
_PICTURES = frozenset({".jpg", ".jpeg", ".png", ".bmp", ".webp"})


def attach(
    store: Store, ledger: Path, entity: Entity, uid: str, sources: Sequence[Path], who: str, kind: str = ""
) -> Saved:
    """Copy files beside the ledger and attach them to a record, all in one act. Raises LedgerError."""
    kept = [attachments.keep(ledger, source) for source in sources]
    names = "、".join(each.name for each in kept)
    with store.act(ActInfo("attach", who, f"添加附件：{names}", "form")) as act:
        for each in kept:
            attachments.add(act, entity.name, uid, each, kind=kind)
    return Saved(uid, act.uid, frozenset(act.changed))


def detach(store: Store, attachment: str, who: str) -> Saved:
    """Take an attachment off its record; its content stays beside the ledger, undo brings it back."""
    entity = store.registry[attachments.LEDGER]
    row = store.get(entity, attachment)
    if row is None:
        raise LedgerError("这份附件已经不在这条记录上了。", "no_record")
    with store.act(ActInfo("detach", who, f"移除附件：{row['name']}", "form")) as act:
        act.delete(entity, attachment)
    return Saved(row["record_uid"], act.uid, frozenset(act.changed))


def copy_to_open(ledger: Path, attachment: dict[str, Any]) -> Path:
    """A copy under its own name in a folder of its own, for another program to show."""
    folder = Path(tempfile.mkdtemp(prefix="ledger-attachment-"))
    return attachments.copy_out(ledger, attachment, folder)


def picture(ledger: Path, attachment: dict[str, Any]) -> Path | None:
    """Where a picture lies that can be shown small; None for other files and for what is missing."""
    if Path(str(attachment["name"])).suffix.lower() not in _PICTURES:
        return None
    try:
        return attachments.path_of(ledger, attachment)
    except LedgerError:
        return None
