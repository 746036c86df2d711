"""What the known ledgers have beyond their declaration: acts, the head of a record, what hangs on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from importlib import import_module
from types import MappingProxyType
from typing import Any, Final

from ledger_app.core.entity import Entity
from ledger_app.services.session import Workspace
from ledger_app.ui import ledgers
from ledger_app.ui.places import ActionSpec, Fact, LedgerExtras, PageContext, Section

Facts = Callable[[Any, str], Sequence[Fact]]


def _told(module: str, name: str) -> Callable[..., Any]:
    """A function of the services that is looked up when it is first asked: no record is open at start."""

    def call(*words: Any) -> Any:
        return getattr(import_module(f"ledger_app.services.{module}"), name)(*words)

    return call


def _lines(title: str, told: Callable[..., Any]) -> Section:
    return Section(title, lambda *words: _sections().lines_section(title, told).make(*words))


def _attachments(*words: Any) -> Any:
    return _sections().ATTACHMENTS.make(*words)


def _sections() -> Any:
    return import_module("ledger_app.ui.pages.ledger_sections")


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
HEADS: Final[Mapping[str, Callable[..., Sequence[Any]]]] = MappingProxyType(
    {
        "wells": _told("record_facts", "of_point"),
        "intakes": _told("record_facts", "of_point"),
        "permits": _told("record_facts", "of_permit"),
        "closures": _told("record_facts", "of_closure"),
        "projects": _told("record_facts", "of_project"),
        "water_users": _told("record_facts", "of_user"),
    }
)
ATTACHMENTS: Final = Section("照片和附件", _attachments)
_POINT_SECTIONS: Final = (
    _lines("历次许可", _told("record_facts", "licences_of_point")),
    _lines("封停处置", _told("record_facts", "closures_of_well")),
    _lines("更新", _told("record_facts", "replacements")),
    _lines("井况变动", _told("record_facts", "events_of_point")),
    ATTACHMENTS,
)
SECTIONS: Final[Mapping[str, tuple[Section, ...]]] = MappingProxyType(
    {
        "wells": _POINT_SECTIONS,
        "intakes": _POINT_SECTIONS,
        "permits": (
            _lines("证下取水口", _told("record_facts", "points_of_permit")),
            _lines("历次内容", _told("record_facts", "versions_of_permit")),
            ATTACHMENTS,
        ),
        "closures": (ATTACHMENTS,),
        "projects": (
            _lines("工程量", _told("record_facts", "quantities_of_project")),
            _lines("涉及嘎查村", _told("record_facts", "villages_of_project")),
            _lines("节点", _told("record_facts", "milestones_of_project")),
            ATTACHMENTS,
        ),
        "water_users": (
            _lines("取水许可", _told("record_facts", "permits_of_user")),
            _lines("取水口", _told("record_facts", "points_of_user")),
            ATTACHMENTS,
        ),
        "documents": (ATTACHMENTS,),
        "rectifications": (
            _lines("整改措施", _told("reading_facts", "measures_of_task")),
            _lines("分地区完成情况", _told("reading_facts", "areas_of_task")),
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


def _answers(told: Sequence[Any]) -> list[tuple[Any, ...]]:
    return [(each.label, each.text, each.tone) for each in told]
