"""取水许可: permits, the versions they went through, the shares of their points (domain §1)."""

from typing import Final

from ledger_app.core import terms
from ledger_app.core.entities import headings
from ledger_app.core.entity import Entity
from ledger_app.core.fields import (
    Choice,
    CreditCode,
    Date,
    DocumentNumber,
    Field,
    Integer,
    Links,
    Number,
    PermitNumber,
    Phone,
    Ref,
    Text,
)
from ledger_app.core.rules.checks import AreaCodeIsOwn, InOrder, SourceMatchesNumber, StatusMatchesValidity

VOLUME_HARD: Final = (0.0, 1e11)
_VOLUME_USUAL: Final = (100.0, 50_000_000.0)


def _holder() -> Field:
    return Ref(
        name="holder",
        label="取水权人",
        group="基本",
        target="water_users",
        stated=True,
        synonyms=(
            "取水单位",
            "取水单位或个人",
            "持证人",
            "持证单位",
            "用水单位",
            "取水户",
            "取水人",
            "权利人",
            "取水权人名称",
            "单位名称",
        ),
    )


def _volume() -> Field:
    return Number(
        name="permitted_volume_m3",
        label="年许可水量",
        group="水量",
        unit="m³",
        shown_in="万m³",
        hard=VOLUME_HARD,
        usual=_VOLUME_USUAL,
        synonyms=("年许可取水量", "许可水量", "许可取水量", "年取水量", "批准取水量", "许可年取水量"),
    )


def _terms_of_validity() -> tuple[Field, ...]:
    return (
        Date(
            name="valid_from",
            until="valid_to",
            label="有效期起",
            group="有效期",
            future=True,
            synonyms=("发证日期", "有效期开始", "起始日期", "有效期自", "许可起始日期", "有效期限起"),
        ),
        Date(
            name="valid_to",
            label="有效期止",
            group="有效期",
            future=True,
            synonyms=("到期日期", "有效期至", "截止日期", "终止日期", "有效期结束", "许可终止日期", "到期日"),
        ),
    )


_VALIDITY_ORDER: Final = InOrder("valid_from", "valid_to", "有效期止早于有效期起，请核对")

PERMITS: Final = Entity(
    name="permits",
    label="取水许可",
    counter="本",
    group="台账",
    icon="permit",
    key=("number",),
    headings=headings.PERMITS,
    title=("number",),
    fields=(
        PermitNumber(
            name="number",
            label="许可证编号",
            required=True,
            synonyms=("取水许可证编号", "取水许可证号", "许可证号", "证号", "证书编号", "取水证编号"),
        ),
        _holder(),
        CreditCode(
            name="uscc",
            label="统一社会信用代码",
            synonyms=("信用代码", "社会信用代码", "统一信用代码", "机构代码"),
        ),
        Phone(name="phone", label="联系电话", synonyms=("电话", "联系方式")),
        Choice(name="source", label="水源类型", terms=terms.SOURCE, synonyms=("水源", "取水水源")),
        Choice(
            name="use",
            label="取水用途",
            terms=terms.USE,
            synonyms=("用途", "主要用途", "用水用途", "取水类型"),
        ),
        Choice(name="intake_method", label="取水方式", terms=terms.INTAKE_METHOD, synonyms=("取水形式",)),
        Text(name="place", label="取水地点", synonyms=("取水位置", "地点")),
        _volume(),
        Number(
            name="daily_max_m3",
            label="日最大取水量",
            group="水量",
            unit="m³",
            hard=VOLUME_HARD,
            synonyms=("最大日取水量", "日取水量"),
        ),
        Integer(
            name="well_count",
            label="井数",
            group="水量",
            unit="眼",
            hard=(0, 10000),
            synonyms=("机井数量", "许可井数", "井眼数", "机井眼数"),
        ),
        Links(
            name="well_codes",
            label="对应取水口",
            group="水量",
            target="wells",
            through="permit_shares",
            owner="permit",
            item="point",
            missing="confirm",
            synonyms=("对应机井编号", "机井编号", "井编号", "关联机井", "取水井编号", "对应井号", "井号"),
        ),
        *_terms_of_validity(),
        Date(name="first_issued_on", label="首次发证日期", group="有效期", synonyms=("首次发证",)),
        Integer(name="renewals", label="延续次数", group="有效期", hard=(0, 20)),
        Choice(
            name="status",
            label="证照状态",
            group="状态",
            terms=terms.PERMIT_STATUS,
            synonyms=("状态", "证状态", "有效状态", "许可证状态", "证件状态", "证书状态"),
            hint="有效、到期由日期推算；这里只记注销、吊销、撤销等决定。",
        ),
        Date(name="applied_on", label="延续申请日期", group="状态", synonyms=("申请日期",)),
        Text(name="application_no", label="受理号", group="状态", synonyms=("受理编号",)),
        Date(name="decided_on", label="决定日期", group="状态", synonyms=("批复日期",)),
        Date(name="ended_on", label="注销日期", group="状态", synonyms=("注销时间", "撤销日期", "吊销日期")),
        Text(name="ended_because", label="注销原因", group="状态", synonyms=("撤销原因",)),
        DocumentNumber(
            name="document", label="依据文号", group="状态", synonyms=("批复文号", "文号", "审批文号")
        ),
        Text(
            name="authority",
            label="审批机关",
            group="机关",
            synonyms=("发证机关", "审批单位", "发证单位", "许可机关"),
        ),
        Text(name="supervisor", label="监督机关", group="机关", synonyms=("监管单位", "监督管理机关")),
        Text(name="metering", label="计量方式", group="机关", synonyms=("计量设施",)),
        Text(name="discharge", label="退水", group="机关", synonyms=("退水地点", "退水方式")),
        Text(name="remark", label="备注", group="备注", lines=True, synonyms=("说明",)),
    ),
    checks=(_VALIDITY_ORDER, SourceMatchesNumber(), StatusMatchesValidity(), AreaCodeIsOwn()),
)

PERMIT_VERSIONS: Final = Entity(
    name="permit_versions",
    label="许可证历次内容",
    counter="次",
    group=None,
    icon="history",
    key=(),
    title=("valid_from", "valid_to"),
    fields=(
        Ref(name="permit", label="许可证", target="permits", required=True),
        Choice(name="kind", label="办理事项", terms=terms.VERSION_KIND, required=True),
        _holder(),
        _volume(),
        *_terms_of_validity(),
        Date(name="superseded_on", label="更替日期", required=True, future=True),
        DocumentNumber(name="document", label="依据文号"),
    ),
)

PERMIT_SHARES: Final = Entity(
    name="permit_shares",
    label="许可分配",
    counter="条",
    group=None,
    icon="share",
    key=(),
    title=("point",),
    fields=(
        Ref(name="permit", label="许可证", target="permits", required=True),
        Ref(name="point", label="取水口", target="wells", stated=True),
        Number(name="share_m3", label="分配水量", unit="m³", shown_in="万m³", hard=VOLUME_HARD),
        Date(name="from_on", label="起", future=True),
        Date(name="to_on", label="止", future=True),
    ),
)
