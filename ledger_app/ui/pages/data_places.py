"""The places of group 数据, and what they add to every ledger: an act 导入, a section 历史."""

from __future__ import annotations

from typing import Final

from PySide6.QtWidgets import QWidget

from ledger_app.core.entity import Entity
from ledger_app.ui.places import ActionSpec, Page, PageContext, Place, Section, Target


def _importing(context: PageContext) -> Page:
    from ledger_app.ui.pages.importing import ImportPage  # noqa: PLC0415 - pages load when first visited

    return ImportPage(context)


def _findings(context: PageContext) -> Page:
    from ledger_app.ui.pages.findings import FindingsPage  # noqa: PLC0415 - pages load when first visited

    return FindingsPage(context)


def _history(context: PageContext) -> Page:
    from ledger_app.ui.pages.history import HistoryPage  # noqa: PLC0415 - pages load when first visited

    return HistoryPage(context)


def _backup(context: PageContext) -> Page:
    from ledger_app.ui.pages.backup import BackupPage  # noqa: PLC0415 - pages load when first visited

    return BackupPage(context)


def _history_of(context: PageContext, entity: Entity, uid: str) -> QWidget:
    from ledger_app.ui.pages.history_section import HistoryLines  # noqa: PLC0415 - with the first record

    return HistoryLines(context, entity, uid)


def _import_into(context: PageContext, entity: Entity, _uids: list[str]) -> None:
    context.navigate("import", Target(said=entity.name))


PLACES: Final[tuple[Place, ...]] = (
    Place(
        "import",
        "导入",
        "数据",
        "import",
        _importing,
        "把各镇报来的表格导入台账：先看列对不对，再看每一行会怎样，点“导入”之前什么都不写。",
    ),
    Place(
        "findings",
        "核查",
        "数据",
        "finding",
        _findings,
        "台账里对不上、到期、可能重复的，一条一句话；能改的去改，确实没问题的写下原因。",
    ),
    Place(
        "history",
        "变更记录",
        "数据",
        "history",
        _history,
        "谁在什么时候改了什么、为什么改，一条不少；哪一次操作都可以撤销。",
    ),
    Place(
        "backup",
        "备份",
        "数据",
        "backup",
        _backup,
        "备份自动做；插上U盘存一份带走更放心。哪一份都可以恢复，恢复之前现在的台账也会先备份。",
    ),
)
SECTIONS: Final[tuple[Section, ...]] = (Section("历史", _history_of),)
IMPORT_ACT: Final = ActionSpec("导入", _import_into, needs="none", icon="import", hint="从表格导入")
