"""封停处置: what was done to wells (domain §3). A transfer is kept here and never counted."""

from typing import Final

from ledger_app.core import terms
from ledger_app.core.entities import headings
from ledger_app.core.entity import Entity
from ledger_app.core.fields import Choice, Date, DocumentNumber, Number, Ref, Text
from ledger_app.core.rules.checks import InOrder, TransferIsNotClosure

CLOSURES: Final = Entity(
    name="closures",
    label="封停处置",
    counter="眼",
    group="台账",
    icon="closure",
    key=("well_code", "method"),
    headings=headings.CLOSURES,
    title=("well_code", "method"),
    fields=(
        Ref(
            name="well_code",
            label="井编号",
            stem="well",
            target="wells",
            stated=True,
            required=True,
            missing="confirm",
            synonyms=("机井编号", "机电井编号", "井号", "编号", "机井编码", "取水井编号", "井编码"),
        ),
        Choice(
            name="method",
            label="处置类别",
            required=True,
            terms=terms.CLOSURE_METHOD,
            synonyms=(
                "关停类别",
                "封停类别",
                "封停方式",
                "处置方式",
                "封填方式",
                "关停方式",
                "封井类别",
                "关停类型",
            ),
        ),
        Choice(
            name="reason",
            label="主要原因",
            terms=terms.CLOSURE_REASON,
            synonyms=("关停原因", "封停原因", "原因", "处置原因", "封井原因"),
        ),
        Text(name="other_reasons", label="其他原因"),
        Date(
            name="closed_on",
            label="封停完成日期",
            group="办理",
            synonyms=(
                "封填完成日期",
                "关停日期",
                "封停日期",
                "封填日期",
                "完成日期",
                "处置日期",
                "封井日期",
                "关停时间",
            ),
        ),
        Date(name="notified_on", label="告知日期", group="办理", synonyms=("通知日期",)),
        Date(
            name="started_on", until="closed_on", label="开始日期", group="办理", synonyms=("封填开始日期",)
        ),
        Choice(name="seal_method", label="封填做法", group="办理", terms=terms.SEAL_METHOD),
        Choice(name="implementer", label="实施主体", group="办理", terms=terms.IMPLEMENTER),
        Text(name="contractor", label="施工单位", group="办理"),
        Text(name="supervisor", label="监督人", group="办理", synonyms=("监督人员",)),
        Text(name="pump_removed", label="泵已拆", group="办理", synonyms=("拆泵",)),
        Text(name="power_cut", label="电已断", group="办理", synonyms=("断电", "电表销户")),
        Text(name="meter_disposal", label="计量设施处置", group="办理"),
        Number(name="cost_yuan", label="封井费用", group="办理", unit="元", hard=(0, 1e9)),
        Date(
            name="accepted_on",
            label="验收日期",
            group="验收",
            synonyms=("验收时间", "验收合格日期", "封停验收日期"),
        ),
        Text(name="accepted_by", label="验收人员", group="验收", hint="不少于两人。", synonyms=("验收人",)),
        Text(name="acceptance", label="验收结论", group="验收", synonyms=("验收意见", "验收结果")),
        Date(name="checked_on", label="复查日期", group="验收"),
        Text(name="check_result", label="复查结论", group="验收"),
        Number(
            name="reduced_volume_m3",
            label="压减水量",
            group="水量",
            unit="m³",
            shown_in="万m³",
            hard=(0, 1e11),
            usual=(100, 500_000),
            synonyms=("年压减水量", "压采水量", "压减量", "压采量", "核减水量", "年压采量"),
        ),
        Text(name="reduction_basis", label="压减口径", group="水量", hint="许可水量或近三年平均取水量。"),
        Text(name="substitute", label="替代水源", group="水量", synonyms=("替代水源情况",)),
        DocumentNumber(name="document", label="注销文号", group="注销", synonyms=("文号", "注销批文")),
        Date(name="cancelled_on", label="注销日期", group="注销"),
        Date(name="reopened_on", label="启用日期", group="启用", hint="只有封存备用的井可以启用。"),
        Text(name="reopen_reason", label="启用原因", group="启用"),
        DocumentNumber(name="reopen_document", label="启用批准文号", group="启用"),
        Text(name="remark", label="备注", group="备注", lines=True, synonyms=("说明",)),
    ),
    checks=(
        InOrder("closed_on", "accepted_on", "验收日期早于封停完成日期，请核对"),
        InOrder("started_on", "closed_on", "完成日期早于开始日期，请核对"),
        TransferIsNotClosure("method", terms.HANDED_OVER),
    ),
)
