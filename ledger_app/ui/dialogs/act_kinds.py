"""Every act the window offers, as a table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from ledger_app.core import terms
from ledger_app.core.entities import LEDGERS
from ledger_app.core.fields import Number
from ledger_app.services.act_forms import FORMS
from ledger_app.ui.dialogs.act_kind import TODAY, ActKind, Words
from ledger_app.ui.dialogs.errands import SHARE, FormErrand, IssueErrand


def _of(name: str, *, title: str = "", go: str, done: str, columns: Words, **rest: object) -> ActKind:
    form = FORMS[name]
    shown = rest.pop("shown", tuple(f.name for f in form.fields))
    return ActKind(
        name,
        (form.ledger,),
        title or form.label,
        go,
        done,
        form.fields,
        FormErrand(name),
        shown,  # type: ignore[arg-type]
        columns,
        form.each,
        **rest,  # type: ignore[arg-type]
    )


_SEALED: Final = ("method", (terms.SEALED,))
_CLOSED: Final = ("method", tuple(m for m in terms.CLOSURE_METHOD.values if m != terms.HANDED_OVER))
_HANDED: Final = ("method", (terms.HANDED_OVER,))
_STOP_REASONS: Final = ("水源置换", "设备损坏", "水量不足", "水质变差", "无人使用", "轮作休耕")
_RESUME_REASONS: Final = ("恢复灌溉", "设备修复", "抗旱", "应急供水")

_CLOSE: Final = _of(
    "close",
    go="封停处置{these}",
    done="已办理封停处置 {count}",
    columns=("owner", "status", "permitted_volume_m3"),
    shown=("method", "closed_on", "reason", "reduced_volume_m3", "seal_method", "receiver", "implementer"),
    rows=("reduced_volume_m3",),
    only={
        "receiver": _HANDED,
        "seal_method": _SEALED,
        **dict.fromkeys(
            (
                *("reduced_volume_m3", "reduction_basis", "accepted_on", "accepted_by", "acceptance"),
                *("substitute", "pump_removed", "power_cut", "meter_disposal", "cost_yuan"),
            ),
            _CLOSED,
        ),
    },
    start={"closed_on": TODAY},
    offered={
        "pump_removed": ("是", "否"),
        "power_cut": ("是", "否"),
        "meter_disposal": ("拆除", "保留", "移装"),
    },
    usual={"reduced_volume_m3": "permitted_volume_m3"},
    by="method",
    go_by=MappingProxyType(
        {
            terms.SEALED: "封填{these}",
            terms.RESERVED: "封存备用{these}",
            terms.DISCONNECTED: "拆泵断电{these}",
            terms.MONITORING: "把{these}改为监测井",
            terms.HANDED_OVER: "移交{these}",
        }
    ),
    done_by=MappingProxyType(
        {
            terms.SEALED: "已封填 {count}",
            terms.RESERVED: "已封存备用 {count}",
            terms.DISCONNECTED: "已拆泵断电 {count}",
            terms.MONITORING: "已改为监测井 {count}",
            terms.HANDED_OVER: "已移交 {count}",
        }
    ),
    hint="封填不能恢复；封存备用、拆泵断电以后还可以启用；移交不算关停。压减水量不填就按分配许可水量计。",
)

_PERMIT: Final = LEDGERS["permits"]
_ISSUE: Final = ActKind(
    "issue",
    ("wells", "intakes"),
    "发证",
    "发放这本许可证",
    "已发放许可证",
    (
        *(
            replace(_PERMIT.field(name), required=True)
            for name in ("number", "holder", "valid_from", "valid_to", "permitted_volume_m3")
        ),
        *(_PERMIT.field(n) for n in ("source", "use", "place", "intake_method", "daily_max_m3", "authority")),
        *(_PERMIT.field(n) for n in ("document", "first_issued_on", "uscc", "phone", "supervisor")),
        *(_PERMIT.field(n) for n in ("metering", "discharge", "remark")),
        Number(
            name=SHARE, label="分配水量", unit="m³", shown_in="万m³", hard=(0, 1e11), usual=(100, 500_000)
        ),
    ),
    IssueErrand(),
    ("number", "holder", "valid_from", "valid_to", "permitted_volume_m3", "source", "use", "place"),
    ("owner", "status", "permit_no"),
    always=(SHARE,),
    start={"source": "地下水"},
    hint="一本证可以管许多眼井：把井加到下面，分配水量可以逐眼填，也可以从 Excel 贴一列。",
    may_be_none=True,
    takes_unknown=True,
    goes_to="permits",
)

_KINDS: Final = (
    _of(
        "stop",
        go="停用{these}",
        done="已停用 {count}",
        columns=("owner", "status", "stopped_on"),
        start={"happened_on": TODAY},
        offered={"reason": _STOP_REASONS},
    ),
    _of(
        "resume",
        go="恢复使用{these}",
        done="已恢复使用 {count}",
        columns=("owner", "status", "stopped_on"),
        start={"happened_on": TODAY},
        offered={"reason": _RESUME_REASONS},
    ),
    _CLOSE,
    _of(
        "accept_closure",
        title="验收",
        go="{these}验收合格",
        done="已记验收 {count}",
        columns=("method", "closed_on", "reduced_volume_m3"),
        start={"accepted_on": TODAY, "acceptance": "合格"},
        hint="验收人员不少于两人，用顿号分开。",
    ),
    _of(
        "reopen",
        title="启用备用井",
        go="启用{these}",
        done="已启用 {count}",
        columns=("owner", "status", "stopped_on"),
        start={"reopened_on": TODAY},
        offered={"reopen_reason": _RESUME_REASONS},
    ),
    _of(
        "replace",
        go="更新{these}",
        done="已登记更新 {count}",
        columns=("owner", "status", "permit_no"),
        shown=(
            "completed_on",
            "closed_on",
            "depth_m",
            "permitted_volume_m3",
            "longitude",
            "latitude",
            "document",
        ),
        rows=("completed_on", "depth_m"),
        own=("code", "longitude", "latitude", "meter_no", "electricity_meter_no", "name"),
        start={"completed_on": TODAY},
        hint="新井的位置、权属、用途先照旧井的；水量不填就是旧井的水量，不能增加。旧井封填日期不填就是待封。",
        goes_to="wells",
    ),
    _ISSUE,
    _of(
        "renew",
        go="延续{these}",
        done="已延续 {count}",
        columns=("holder", "valid_to", "permitted_volume_m3"),
        shown=("years", "decided_on", "cut_percent", "permitted_volume_m3", "document"),
        rows=("permitted_volume_m3",),
        own=("permitted_volume_m3",),
        start={"years": 5, "decided_on": TODAY},
        hint="新的期限从原来到期的第二天起算。水量可以不变，可以按比例核减，也可以逐本填。",
    ),
    _of(
        "change",
        go="变更{these}",
        done="已变更 {count}",
        columns=("holder", "valid_to", "permitted_volume_m3"),
        shown=("changed_on", "permitted_volume_m3", "daily_max_m3", "well_count", "use", "place", "document"),
        start={"changed_on": TODAY},
        hint="只填要变的；空着的照旧。",
        now=True,
    ),
    _of(
        "transfer",
        go="过户{these}",
        done="已过户 {count}",
        columns=("holder", "valid_to", "permitted_volume_m3"),
        start={"transferred_on": TODAY},
    ),
    _of(
        "apply",
        title="受理延续申请",
        go="受理{these}的延续申请",
        done="已受理延续申请 {count}",
        columns=("holder", "valid_to", "applied_on"),
        rows=("application_no",),
        start={"applied_on": TODAY},
    ),
    _of(
        "cancel",
        go="了结{these}",
        done="已了结 {count}",
        columns=("holder", "valid_to", "well_count"),
        start={"ended_on": TODAY},
        offered={
            "ended_because": ("连续停止取水满两年", "取水单位申请", "井已封填", "许可到期未延续", "发证有误")
        },
        by="status",
        go_by=MappingProxyType({word: f"{word}{{these}}" for word in terms.ENDED_PERMIT}),
        done_by=MappingProxyType({word: f"已{word} {{count}}" for word in terms.ENDED_PERMIT}),
        hint="注销是权利终止，吊销是处罚，撤销是当初就不该发；吊销和撤销要有决定文书。",
    ),
    _of(
        "milestone",
        go="给{these}记上节点",
        done="已登记节点 {count}",
        columns=("kind", "started_on", "completed_on"),
        start={"reached_on": TODAY},
        offered={"kind": ("开工", "完工", "通水调试", "竣工验收", "移交")},
    ),
    _of(
        "accept_project",
        go="{these}竣工验收",
        done="已竣工验收 {count}",
        columns=("kind", "planned_area_mu", "completed_on"),
        rows=("completed_area_mu", "saving_capacity_m3"),
        start={"accepted_on": TODAY},
        usual={"completed_area_mu": "completed_area_mu", "saving_capacity_m3": "saving_capacity_m3"},
    ),
)
KINDS: Final[Mapping[str, ActKind]] = MappingProxyType({kind.name: kind for kind in _KINDS})
