"""The places of group 数据, and what they add to every ledger: an act 导入, a section 历史."""

from __future__ import annotations

from typing import Final

from ledger_app.core.entity import Entity
from ledger_app.ui.places import ActionSpec, Page, PageContext, Place, Target


def _importing(context: PageContext) -> Page:
    from ledger_app.ui.pages.importing import ImportPage  # noqa: PLC0415 - pages load when first visited

    return ImportPage(context)


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
)
IMPORT_ACT: Final = ActionSpec("导入", _import_into, needs="none", icon="import", hint="从表格导入")
