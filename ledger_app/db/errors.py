"""SQLite's refusals, translated once into sentences (by their error names)."""

from __future__ import annotations

import sqlite3
from typing import Final

from ledger_app.core.entity import Registry
from ledger_app.core.errors import LedgerError

_SENTENCES: Final = (
    ("SQLITE_FULL", "disk_full", "磁盘已满，这一步没有保存，台账里原来的内容都在。请腾出空间后再试。"),
    ("SQLITE_READONLY", "read_only", "台账文件是只读的，不能保存。请检查文件属性或换一个位置。"),
    ("SQLITE_BUSY", "busy", "台账正被另一个程序占用，这一步没有保存。请稍后再试。"),
    ("SQLITE_LOCKED", "busy", "台账正被另一个程序占用，这一步没有保存。请稍后再试。"),
    ("SQLITE_NOTADB", "not_a_ledger", "这个文件不是台账。"),
    ("SQLITE_CORRUPT", "damaged_ledger", "台账文件有损坏，请用最近的备份恢复。"),
    ("SQLITE_IOERR", "disk_error", "读写磁盘出错，这一步没有保存。请检查磁盘或 U 盘是否拔出。"),
    ("SQLITE_CANTOPEN", "cannot_open", "打不开台账文件，请检查路径、权限，以及磁盘是否已满。"),
    ("SQLITE_INTERRUPT", "stopped", "已停止，什么都没有写入。"),
    # ON DELETE RESTRICT reports itself as a trigger
    ("SQLITE_CONSTRAINT_TRIGGER", "referred_to", "还有别的记录引用着它，不能作废。请先处理引用它的记录。"),
    ("SQLITE_CONSTRAINT_FOREIGNKEY", "no_target", "引用的记录不存在，可能已经作废，这一步没有保存。"),
)


def translated(error: sqlite3.Error, registry: Registry) -> Exception:
    """The sentence for an error the clerk can do something about; otherwise the error itself."""
    name = getattr(error, "sqlite_errorname", "") or ""
    label = _label(str(error), registry)
    if label and name in ("SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY"):
        return LedgerError(f"{label}已经有了，不能重复。", "not_unique")
    if label and name == "SQLITE_CONSTRAINT_NOTNULL":
        return LedgerError(f"{label}不能为空。", "required_missing")
    if said := sentence(name):
        return LedgerError(said[1], said[0])
    return error


def sentence(name: str) -> tuple[str, str] | None:
    """Code and sentence for one of SQLite's error names; None for an error of ours."""
    return next(((code, text) for prefix, code, text in _SENTENCES if name.startswith(prefix)), None)


def _label(text: str, registry: Registry) -> str | None:
    """The field's label from SQLite's `… failed: table.column`; None for what no clerk filled in."""
    table, _, column = text.rpartition(": ")[2].partition(".")
    fields = (f for entity in registry if entity.table == table for f in entity.fields)
    return next((f.label for f in fields if column in f.columns), None)
