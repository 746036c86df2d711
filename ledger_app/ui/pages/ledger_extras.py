"""What the known ledgers have beyond their declaration: acts, the head of a record, what hangs on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from types import MappingProxyType
from typing import Any, Final

from ledger_app.core.entity import Entity
from ledger_app.services import reading_facts, record_facts
from ledger_app.services.record_facts import Told
from ledger_app.services.session import Workspace
from ledger_app.ui import ledgers
from ledger_app.ui.pages.ledger_sections import ATTACHMENTS, lines_section
from ledger_app.ui.places import ActionSpec, Fact, LedgerExtras, PageContext, Section

Facts = Callable[[Any, str], Sequence[Fact]]


def act(name: str, label: str, *, needs: str = "some", icon: str = "", hint: str = "") -> ActionSpec:
    """An act of the table of acts, offered under a label."""
    return ActionSpec(label, partial(_ask, name), needs, icon, "", True, hint)  # type: ignore[arg-type]


def _ask(name: str, context: PageContext, entity: Entity, uids: Sequence[str]) -> object:
    from ledger_app.ui.dialogs.act_dialog import open_act  # noqa: PLC0415 - not needed to start

    return open_act(name, context, entity, uids)


_CLOSE: Final = act("close", "封停处置…", hint="封填、封存备用、拆泵断电、改监测井、移交")
_ISSUE: Final = act("issue", "发证…", hint="把选中的取水口归到一本新的许可证下")
ACTS: Final[Mapping[str, tuple[ActionSpec, ...]]] = MappingProxyType(
    {
        "wells": (
            _CLOSE,
            act("stop", "停用…"),
            act("resume", "恢复使用…"),
            act("reopen", "启用备用井…", hint="封存备用的井重新启用"),
            act("replace", "更新井…", hint="旧井封填或待封，登记新井，许可转给新井"),
            _ISSUE,
        ),
        "intakes": (_ISSUE,),
        "permits": (
            act("renew", "延续…", hint="一次可以延续许多本"),
            act("apply", "受理延续申请…"),
            act("change", "变更…"),
            act("transfer", "过户…"),
            act("cancel", "注销、吊销、撤销…"),
        ),
        "closures": (act("accept_closure", "验收…"),),
        "projects": (act("accept_project", "竣工验收…"), act("milestone", "登记节点…")),
    }
)
PRIMARY: Final[Mapping[str, ActionSpec]] = MappingProxyType(
    {
        "permits": act("issue", "发证", needs="none"),
        "closures": act("close", "封停处置", needs="none"),
    }
)
# Where the usual first columns of a ledger hide what is asked most.
COLUMNS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "permits": (
            *("holder", "valid_to", "permitted_volume_m3", "use", "well_count"),
            *("status", "valid_from", "source", "well_codes"),
        ),
    }
)
HEADS: Final[Mapping[str, Callable[..., Sequence[Told]]]] = MappingProxyType(
    {
        "wells": record_facts.of_point,
        "intakes": record_facts.of_point,
        "permits": record_facts.of_permit,
        "closures": record_facts.of_closure,
        "projects": record_facts.of_project,
        "water_users": record_facts.of_user,
    }
)
_POINT_SECTIONS: Final = (
    lines_section("历次许可", record_facts.licences_of_point),
    lines_section("封停处置", record_facts.closures_of_well),
    lines_section("更新", record_facts.replacements),
    lines_section("井况变动", record_facts.events_of_point),
    ATTACHMENTS,
)
SECTIONS: Final[Mapping[str, tuple[Section, ...]]] = MappingProxyType(
    {
        "wells": _POINT_SECTIONS,
        "intakes": _POINT_SECTIONS,
        "permits": (
            lines_section("证下取水口", record_facts.points_of_permit),
            lines_section("历次内容", record_facts.versions_of_permit),
            ATTACHMENTS,
        ),
        "closures": (ATTACHMENTS,),
        "projects": (
            lines_section("工程量", record_facts.quantities_of_project),
            lines_section("涉及嘎查村", record_facts.villages_of_project),
            lines_section("节点", record_facts.milestones_of_project),
            ATTACHMENTS,
        ),
        "water_users": (
            lines_section("取水许可", record_facts.permits_of_user),
            lines_section("取水口", record_facts.points_of_user),
            ATTACHMENTS,
        ),
        "documents": (ATTACHMENTS,),
        "rectifications": (
            lines_section("整改措施", reading_facts.measures_of_task),
            lines_section("分地区完成情况", reading_facts.areas_of_task),
            ATTACHMENTS,
        ),
    }
)


def extras(workspace: Workspace) -> dict[str, LedgerExtras]:
    """By ledger name; a ledger nobody has said anything about has its declaration alone."""
    return {
        entity.name: LedgerExtras(
            columns=COLUMNS.get(entity.name) or ledgers.COLUMNS.get(entity.name, ()),
            quick=ledgers.QUICK.get(entity.name, ()),
            acts=ACTS.get(entity.name, ()),
            primary=PRIMARY.get(entity.name),
            facts=_head(workspace, entity.name),
            sections=SECTIONS.get(entity.name, ()),
        )
        for entity in workspace.registry.places
    }


def _head(workspace: Workspace, name: str) -> Facts | None:
    told = HEADS.get(name)
    if told is None:
        return None
    return lambda conn, uid: [Fact(*each) for each in _answers(told(conn, uid, workspace.today()))]


def _answers(told: Sequence[Told]) -> list[tuple[Any, ...]]:
    return [(each.label, each.text, each.tone) for each in told]
