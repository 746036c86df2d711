"""Vocabularies of the ledger, the words towns write for them, and which state may follow which."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from ledger_app.core.errors import Problem, Reading

_FOLD: Final = {ord(a): b for a, b in zip("（）：，；％", "():,;%", strict=True)} | {
    0xFF01 + i: chr(0x21 + i) for i in range(94)
}


def fold(text: str) -> str:
    """Full width to half width, no white space, upper case: two spellings of one word become equal."""
    return "".join(text.translate(_FOLD).split()).upper()


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """A closed list of words. `words` maps each value to its synonyms; `ambiguous` names words that
    cover several values and need one confirmation a sheet (domain §3)."""

    name: str
    words: Mapping[str, tuple[str, ...]]
    ambiguous: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    code: str = "unknown_term"
    _index: Mapping[str, str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        index = {fold(w): value for value, synonyms in self.words.items() for w in (*synonyms, value)}
        object.__setattr__(self, "_index", MappingProxyType(index))

    @property
    def values(self) -> tuple[str, ...]:
        return tuple(self.words)

    def find(self, text: str) -> str | None:
        return self._index.get(fold(text))

    def read(self, raw: object) -> Reading:
        """The value a word stands for; an ambiguous or unknown word needs a person."""
        text = str(raw).strip()
        if (value := self.find(text)) is not None:
            return Reading(value)
        if choices := self._ambiguous(text):
            said = "、".join(choices)
            return Reading(
                None, Problem("status_ambiguous", f"“{text}”可能是{said}，请确认是哪一种。", "confirm")
            )
        if near := self._contained(text):
            return Reading(
                near, Problem(self.code, f"“{text}”不在码表里，像是“{near}”，请核对。", "confirm", near)
            )
        return Reading(None, Problem(self.code, f"“{text}”不在码表里，请选一个：{self._said()}。", "confirm"))

    def _ambiguous(self, text: str) -> tuple[str, ...]:
        folded = fold(text).removeprefix("已")
        return self.ambiguous.get(folded, ())

    def _contained(self, text: str) -> str | None:
        folded = fold(text)
        found = {value for word, value in self._index.items() if len(word) > 1 and word in folded}
        return found.pop() if len(found) == 1 else None

    def _said(self) -> str:
        return "、".join(self.values[:8]) + ("……" if len(self.values) > 8 else "")


def _vocabulary(name: str, words: dict[str, str], ambiguous: dict[str, str] | None = None) -> Vocabulary:
    return Vocabulary(
        name,
        MappingProxyType({value: tuple(synonyms.split()) for value, synonyms in words.items()}),
        MappingProxyType({w: tuple(v.split()) for w, v in (ambiguous or {}).items()}),
    )


# --- use of water and of a well (domain §2.3) ---------------------------------------------------
USE: Final = _vocabulary(
    "use",
    {
        "农业灌溉": "农灌 灌溉 农业 农田灌溉 农业用水 农业生产 灌溉用水",
        "乡村生活": "人饮 农村生活 农村人饮 人畜饮水 乡村供水 农村饮水 村镇生活 生活",
        "城镇生活": "城市生活 城镇供水 居民生活 公共供水",
        "工业": "工业用水 工业生产 企业生产 一般工业",
        "生态绿化": "绿化 生态 绿化用水 生态用水 园林绿化",
        "林草": "林业 林草灌溉 林地灌溉 草原灌溉 林带",
        "畜牧养殖": "养殖 牲畜饮水 畜牧 牧业 养殖用水 牲畜",
        "渔业": "鱼塘 水产养殖 渔业养殖",
        "服务业": "特种行业 商业 服务业用水 经营服务",
        "疏干排水": "疏干 矿井排水 矿坑排水 施工降水",
        "应急备用": "应急 备用 应急水源 备用水源",
        "监测": "观测 监测用 水位监测",
        "其他": "其它",
    },
)
IN_USE, STOPPED, RESERVED_STATE, TO_SEAL = "在用", "停用", "封存备用", "待封"
SEALED_STATE, SCRAPPED, MONITORING_STATE, UNKNOWN_STATE = "已封填", "报废", "改监测井", "未查明"
_SHUT = "停用 封存备用 已封填"
WELL_STATUS: Final = _vocabulary(
    "well_status",
    {
        IN_USE: "正常使用 使用中 正常 使用 运行 在使用 良好 启用",
        STOPPED: "闲置 报停 暂停使用 未使用 停止使用",
        RESERVED_STATE: "封存 应急备用 备用",
        TO_SEAL: "拟封填 拟封 计划封填 待封填",
        SEALED_STATE: "填埋 已填埋 封填 回填 已回填 永久封填",
        SCRAPPED: "废弃 已报废 废井",
        MONITORING_STATE: "改为监测井 监测井 已改监测井 改建监测井",
        UNKNOWN_STATE: "待核实 不详 未核实 不明",
    },
    {"封闭": _SHUT, "封停": _SHUT, "关闭": _SHUT, "关停": _SHUT, "停封": _SHUT, "封井": _SHUT},
)
WELL_KIND: Final = _vocabulary(
    "well_kind",
    {
        "管井": "机电井 机井 深井",
        "大口井": "",
        "辐射井": "",
        "筒井": "土井",
        "坎儿井": "",
        "自流井": "压力井 自流压力井",
        "地热井": "",
        "人力井": "手压井",
    },
)
WELL_CLASS: Final = _vocabulary(
    "well_class",
    {
        "农灌井": "农业灌溉井 灌溉井",
        "自备井": "单位自备井 企业自备井",
        "公共供水井": "水源井 集中供水井 供水井",
        "其他井": "其他 其它",
    },
)
CASING_MATERIAL: Final = _vocabulary(
    "casing_material",
    {
        "钢管": "钢",
        "铸铁管": "铸铁",
        "钢筋混凝土管": "混凝土 水泥管 混凝土管 砼管 无砂管",
        "PVC管": "PVC 塑料 塑料管 PVC-U",
        "其他": "其它",
    },
)
AQUIFER: Final = _vocabulary(
    "aquifer",
    {
        "浅层": "浅层水 潜水 浅层地下水 微承压 潜层",
        "深层承压": "深层 承压水 深层水 深层承压水 承压 深层地下水",
    },
)
METERING: Final = _vocabulary(
    "metering",
    {
        "机械水表": "普通水表 水表 旋翼水表 机械表",
        "远传水表": "超声波远传水表 电磁远传水表 超声波水表 电磁流量计 远传 智能水表 超声波流量计",
        "IC卡": "一井一卡 IC卡水表 IC卡表 智能IC卡 射频卡",
        "井电双控": "双控 水电双控",
        "以电折水": "电折水 以电计量 折水",
        "无": "未安装 无计量 未装 没有",
    },
)
IRRIGATION_METHOD: Final = _vocabulary(
    "irrigation_method",
    {
        "滴灌": "膜下滴灌",
        "喷灌": "指针式喷灌 卷盘喷灌",
        "管灌": "低压管灌 管道灌溉",
        "畦灌": "沟灌",
        "漫灌": "大水漫灌",
        "其他": "其它",
    },
)
COORDINATE_SYSTEM: Final = _vocabulary(
    "coordinate_system",
    {
        "CGCS2000": "2000国家大地坐标系 国家2000 2000",
        "WGS84": "WGS-84 GPS",
        "GCJ-02": "火星坐标 高德",
        "北京54": "BJ54 54坐标",
        "西安80": "XA80 80坐标",
    },
)
INTAKE_KIND: Final = _vocabulary(
    "intake_kind",
    {
        "地表引水": "引水口 引水 河道引水 自流引水",
        "泵站": "提水泵站 扬水站 抽水站",
        "渠道断面": "渠口 渠首 斗口",
        "泉": "泉水 泉眼",
        "矿井疏干": "疏干水 矿坑涌水 矿井涌水",
    },
)
WELL_POINT = "机电井"

# --- permits (domain §1) ------------------------------------------------------------------------
SOURCE: Final = _vocabulary(
    "source",
    {
        "地下水": "地下 浅层地下水 深层地下水 井水",
        "地表水": "地表 河水 水库水 渠水",
        "疏干水": "矿井水 疏干排水",
        "再生水": "中水",
        "其他": "其它 非常规水",
    },
)
VALID, LAPSED, RENEWING = "有效", "已到期未延续", "延续办理中"
CANCELLED, REVOKED, WITHDRAWN = "注销", "吊销", "撤销"
PERMIT_STATUS: Final = _vocabulary(
    "permit_status",
    {
        VALID: "正常 在有效期 有效期内 持证",
        RENEWING: "延续中 正在延续 办理延续",
        LAPSED: "过期 已过期 到期 到期未延续 失效",
        CANCELLED: "已注销",
        REVOKED: "已吊销",
        WITHDRAWN: "已撤销",
    },
)
ENDED_PERMIT: Final = frozenset({CANCELLED, REVOKED, WITHDRAWN})
NUMBER_KIND: Final = _vocabulary("number_kind", {"电子证照": "电子证", "旧纸质": "纸质 旧证"})
INTAKE_METHOD: Final = _vocabulary("intake_method", {"自流": "", "抽提": "提水 泵提 抽水", "其他": "其它"})
VERSION_KIND: Final = _vocabulary(
    "version_kind", {"发证": "首次发证", "延续": "", "变更": "", "过户": "转让"}
)

# --- closures (domain §3) -----------------------------------------------------------------------
SEALED, RESERVED, DISCONNECTED = "封填", "封存备用", "拆泵断电关停"
MONITORING, HANDED_OVER = "改监测井", "移交供水公司"
_CLOSED = "封填 封存备用 拆泵断电关停"
CLOSURE_METHOD: Final = _vocabulary(
    "closure_method",
    {
        SEALED: "填埋 水泥封填 回填 永久封填 封填填埋 永久填埋 已封填",
        RESERVED: "封存 应急备用 备用封存",
        DISCONNECTED: "拆泵断电 断电拆泵 拆泵",
        MONITORING: "改为监测井 改建监测井 转监测井",
        HANDED_OVER: "移交 移交供水 移交自来水公司",
    },
    {"封闭": _CLOSED, "封停": _CLOSED, "关闭": _CLOSED, "关停": _CLOSED, "停封": _CLOSED, "封井": _CLOSED},
)
CLOSURE_REASON: Final = _vocabulary(
    "closure_reason",
    {
        "超采区压采": "压采 超采治理 地下水压采 超采区治理",
        "禁采区": "禁采区关井 禁采",
        "公共管网覆盖": "管网覆盖 公共供水管网覆盖 自来水覆盖",
        "水源置换": "置换水源 水源替代",
        "无证": "无许可证 未办证",
        "到期": "许可到期 到期未延续",
        "连续停用": "连续停用满2年 连续停用满两年 长期停用 连续停用满3年",
        "更新井减二更一": "减二更一 更新井 更新",
        "违法打井": "违法凿井 违规打井",
        "报废": "机井报废 废弃 井体损坏",
        "其他": "其它",
    },
)
SEAL_METHOD: Final = _vocabulary(
    "seal_method", {"焊板": "焊钢板", "水泥封口": "混凝土封口", "回填料": "回填 黏土回填", "其他": "其它"}
)
IMPLEMENTER: Final = _vocabulary(
    "implementer", {"所有权人": "户主 产权人", "管理单位": "", "政府组织": "政府 水利局"}
)
CLOSURE_STATE: Final = ("已封待验", "验收合格", "已注销")

# --- projects (domain §7.12) --------------------------------------------------------------------
PROJECT_KIND: Final = _vocabulary(
    "project_kind",
    {
        "滴灌": "膜下滴灌 滴灌工程",
        "喷灌": "喷灌工程 指针式喷灌",
        "管灌": "低压管灌 管道灌溉 低压管道灌溉",
        "高标准农田": "高标准农田建设",
        "水源置换": "水源置换工程",
        "续建配套": "灌区续建配套 灌区改造 续建配套与现代化改造",
        "渠道衬砌": "渠道防渗 防渗渠",
        "管网漏损": "管网改造 漏损治理",
        "供水厂管网": "供水厂 供水管网 集中供水",
        "应急水源": "",
        "滞洪工程": "滞洪",
        "再生水管网": "再生水 中水回用",
        "水肥一体化": "",
        "计量设施": "计量平台 计量设施安装",
        "一户一表": "",
        "帷幕止水": "",
        "其他": "其它",
    },
)

# --- areas, regions, people ---------------------------------------------------------------------
AREA_KIND: Final = _vocabulary(
    "area_kind",
    {
        "超采区": "地下水超采区",
        "管控区": "",
        "禁采区": "",
        "限采区": "",
        "管理单元": "地下水管理单元",
        "管网覆盖": "公共管网覆盖 管网覆盖区",
        "灌区": "",
    },
)
USER_KIND: Final = _vocabulary(
    "user_kind",
    {
        "个人": "农户 户主 自然人",
        "村集体": "嘎查村 村委会 集体",
        "合作社": "专业合作社 农民合作社",
        "企业": "公司 有限公司",
        "机关事业": "机关 事业单位 行政单位",
        "其他": "其它",
    },
)
OPERATOR_ROLE: Final = _vocabulary("operator_role", {"经办": "填报", "审核": "复核", "只读": "查看"})
YES_NO: Final = _vocabulary("yes_no", {"是": "有 √ ✓ 对 Y", "否": "没有 无 × ✗ N"})

# --- rectification (domain §7.4), from the first state to the last ------------------------------
RECTIFICATION_STATUS: Final = _vocabulary(
    "rectification_status",
    {
        "未启动": "尚未启动 未开展 未整改",
        "未达序时": "未达序时进度 未达到序时进度 未达时序进度 进度滞后 滞后",
        "正在整改": "整改中 正在推进 推进中 正在实施 正在进行 持续推进 持续整改",
        "达到序时进度": "达到时序进度 达序时进度 已达序时进度 已达到序时进度 按序时推进 按期推进 序时推进",
        "已完成现阶段整改": "完成现阶段整改 已完成阶段性整改 已完成阶段整改",
        "已完成整改": "已完成 完成 整改完成 完成整改 整改已完成 已整改完成 已全部完成整改 已全部完成 已完成整改任务 "
        "全部完成整改 均已整改完毕 已整改到位 整改到位 已办结 已经完成 已经完成整改",
        "已完成整改，长期坚持": "已完成，长期坚持 已经完成，长期坚持 已完成整改并长期坚持 已完成并长期坚持 "
        "已完成整改、长期坚持 完成整改，长期坚持 已完成整改，持续坚持",
        "已验收": "验收合格 通过验收 已通过验收 完成验收 已完成验收",
        "已销号": "销号 完成销号 已完成销号 已完成整改并销号 已验收销号 已整改销号",
    },
)

# Which state of a well may follow which by an act; a correction (录错更正) is free (domain §3).
WELL_TRANSITIONS: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        IN_USE: frozenset({STOPPED, RESERVED_STATE, TO_SEAL, SEALED_STATE, SCRAPPED, MONITORING_STATE}),
        STOPPED: frozenset({IN_USE, RESERVED_STATE, TO_SEAL, SEALED_STATE, SCRAPPED, MONITORING_STATE}),
        RESERVED_STATE: frozenset({IN_USE, TO_SEAL, SEALED_STATE, SCRAPPED, MONITORING_STATE}),
        TO_SEAL: frozenset({IN_USE, STOPPED, RESERVED_STATE, SEALED_STATE, MONITORING_STATE}),
        SEALED_STATE: frozenset(),
        SCRAPPED: frozenset({TO_SEAL, SEALED_STATE, MONITORING_STATE}),
        MONITORING_STATE: frozenset({TO_SEAL, SEALED_STATE}),
        UNKNOWN_STATE: frozenset(
            {IN_USE, STOPPED, RESERVED_STATE, TO_SEAL, SEALED_STATE, SCRAPPED, MONITORING_STATE}
        ),
    }
)


@dataclass(frozen=True, slots=True)
class ClosureEffect:
    """What a 封停处置 does (table of domain §3): the well's next state, whether it leaves the stock
    of existing wells (现有), whether it is counted as a closure (关停; 封存备用 only where a county says
    so, 移交 never), whether its share ends."""

    status: str | None
    leaves_stock: bool
    counts: bool
    ends_share: bool


CLOSURE_EFFECTS: Final[Mapping[str, ClosureEffect]] = MappingProxyType(
    {
        SEALED: ClosureEffect(SEALED_STATE, True, True, True),
        RESERVED: ClosureEffect(RESERVED_STATE, False, False, False),
        DISCONNECTED: ClosureEffect(STOPPED, False, True, False),
        MONITORING: ClosureEffect(MONITORING_STATE, True, True, True),
        HANDED_OVER: ClosureEffect(None, False, False, False),
    }
)
