"""What each act asks: which ledger it works on, what is said once for all, what may differ by row."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Any, Final

from ledger_app.core.entities import LEDGERS
from ledger_app.core.entity import Entity
from ledger_app.core.fields import Choice, Date, Field, Integer, Number, Ref, Text
from ledger_app.core.terms import CANCELLED, PERMIT_STATUS, REVOKED, WITHDRAWN, Vocabulary
from ledger_app.db.operations import closing, ending, permits, projects, renewing, wells
from ledger_app.db.operations.batch import Batch, Operation, gather
from ledger_app.db.store import Store

Gather = Callable[
    [Store, Entity, Sequence[str], Mapping[str, Any], Mapping[str, Mapping[str, Any]], date], Batch
]


@dataclass(frozen=True)
class ActForm:
    """One act as a dialog shows it.

    `fields` are asked once for all records; those named in `each` may be given row by row instead, and
    only there where they differ by nature (`fields` lists them too). Facts are passed under the fields'
    names, a reference under `<name>_uid` or, as a name, under `<name>`.
    """

    name: str
    ledger: str
    label: str
    fields: tuple[Field, ...]
    operation: Operation
    each: tuple[str, ...] = ()
    gather: Gather = gather

    @property
    def required(self) -> tuple[str, ...]:
        return tuple(f.name for f in self.fields if f.required)


def _of(ledger: str, *names: str) -> tuple[Field, ...]:
    """Fields as the ledger declares them; a name that ends in * has to be filled in here."""
    entity = LEDGERS[ledger]
    return tuple(replace(entity.field(n.rstrip("*")), required=n.endswith("*"), group="") for n in names)


_WHEN: Final = Date(name="happened_on", label="日期", required=True)
_WHY: Final = Text(name="reason", label="原因", required=True)
_DOCUMENT: Final = _of("permits", "document")
_HEIR: Final = Ref(name="holder", label="新的取水权人", target="water_users", stated=True, required=True)
_RECEIVER: Final = Ref(
    name="receiver",
    label="接收单位",
    target="water_users",
    stated=True,
    hint="只有移交时填写；用水户、权属和许可随之转过去。",
)
_ENDINGS: Final = Vocabulary(
    "permit_ending",
    MappingProxyType({word: PERMIT_STATUS.words[word] for word in (CANCELLED, REVOKED, WITHDRAWN)}),
)

_FORMS: Final = (
    ActForm("stop", "wells", "停用", (_WHEN, _WHY, *_DOCUMENT), wells.STOP, ("happened_on", "reason")),
    ActForm(
        "resume", "wells", "恢复使用", (_WHEN, _WHY, *_DOCUMENT), wells.RESUME, ("happened_on", "reason")
    ),
    ActForm(
        "close",
        "wells",
        "封停处置",
        (
            *_of("closures", "method*", "reason", "other_reasons", "closed_on*", "started_on", "notified_on"),
            *_of("closures", "seal_method", "implementer", "contractor", "supervisor", "pump_removed"),
            *_of("closures", "power_cut", "meter_disposal", "reduced_volume_m3", "reduction_basis"),
            *_of("closures", "substitute", "cost_yuan", "accepted_on", "accepted_by", "acceptance"),
            *_of("closures", "document", "remark"),
            _RECEIVER,
        ),
        closing.CLOSE,
        ("closed_on", "reduced_volume_m3", "reduction_basis", "accepted_on", "cost_yuan", "remark"),
    ),
    ActForm(
        "accept_closure",
        "closures",
        "封停验收",
        _of("closures", "accepted_on*", "accepted_by", "acceptance", "document", "cancelled_on", "remark"),
        closing.ACCEPT,
        ("accepted_on", "acceptance", "remark"),
        closing.gather_closures,
    ),
    ActForm(
        "reopen",
        "wells",
        "启用封存井",
        _of("closures", "reopened_on*", "reopen_reason*", "reopen_document"),
        closing.REOPEN,
        ("reopened_on",),
    ),
    ActForm(
        "replace",
        "wells",
        "更新井",
        (
            replace(_of("wells", "completed_on*")[0], label="新井成井时间"),
            replace(_of("closures", "closed_on")[0], label="旧井封填日期", hint="不填就是待封。"),
            *_of("wells", "code", "name", "longitude", "latitude", "depth_m", "casing_diameter_mm"),
            *_of("wells", "casing_material", "aquifer", "depth_to_water_m", "yield_m3_h", "pump_model"),
            *_of("wells", "pump_power_kw", "metering", "meter_no", "electricity_meter_no"),
            *_of("wells", "permitted_volume_m3"),
            *_DOCUMENT,
        ),
        wells.REPLACE,
        ("completed_on", "closed_on", "code", "longitude", "latitude", "depth_m", "permitted_volume_m3"),
    ),
    ActForm(
        "renew",
        "permits",
        "延续",
        (
            Integer(
                name="years", label="延续年限", unit="年", required=True, hard=(1, renewing.LONGEST_YEARS)
            ),
            Number(name="cut_percent", label="核减比例", unit="%", hard=(0, 99.99)),
            replace(
                _of("permits", "permitted_volume_m3")[0], label="新的年许可水量", hint="不填就是原水量。"
            ),
            *_of("permits", "decided_on", "valid_from", "application_no", "document"),
        ),
        renewing.RENEW,
        ("years", "cut_percent", "permitted_volume_m3", "valid_from", "application_no"),
    ),
    ActForm(
        "change",
        "permits",
        "变更",
        (
            Date(name="changed_on", label="变更日期", required=True),
            *_of("permits", "permitted_volume_m3", "daily_max_m3", "well_count", "use", "place"),
            *_of("permits", "intake_method", "metering", "discharge", "document"),
        ),
        permits.CHANGE,
        ("permitted_volume_m3", "daily_max_m3", "well_count"),
    ),
    ActForm(
        "transfer",
        "permits",
        "过户",
        (Date(name="transferred_on", label="过户日期", required=True), _HEIR, *_DOCUMENT),
        permits.TRANSFER,
        ("holder",),
    ),
    ActForm(
        "apply",
        "permits",
        "登记延续申请",
        _of("permits", "applied_on*", "application_no"),
        permits.APPLY,
        ("applied_on", "application_no"),
    ),
    ActForm(
        "cancel",
        "permits",
        "注销、吊销、撤销",
        (
            Choice(name="status", label="办理类别", terms=_ENDINGS, required=True),
            *_of("permits", "ended_on*", "ended_because*", "document"),
        ),
        ending.CANCEL,
        ("ended_on", "ended_because", "document"),
    ),
    ActForm(
        "milestone",
        "projects",
        "登记节点",
        _of("project_milestones", "kind*", "reached_on*", "document"),
        projects.MILESTONE,
        ("reached_on",),
    ),
    ActForm(
        "accept_project",
        "projects",
        "竣工验收",
        (
            *_of("projects", "accepted_on*", "completed_on", "completed_area_mu", "saving_capacity_m3"),
            *_of("projects", "operation", "document", "remark"),
        ),
        projects.ACCEPT,
        ("accepted_on", "completed_area_mu", "saving_capacity_m3"),
    ),
)
FORMS: Final[Mapping[str, ActForm]] = MappingProxyType({form.name: form for form in _FORMS})


def of_ledger(ledger: str) -> tuple[ActForm, ...]:
    """The acts on records of one ledger, in the order of a menu."""
    return tuple(form for form in _FORMS if form.ledger == ledger)
