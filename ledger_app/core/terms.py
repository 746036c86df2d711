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


_DENIED: Final = ("未", "不", "无", "没", "非", "待", "拟", "将", "投入")


def fold(text: str) -> str:
    """Full width to half width, no white space, upper case: two spellings of one word become equal."""
    return "".join(text.translate(_FOLD).split()).upper()


def _says(text: str, word: str) -> bool:
    """Whether a text holds the word and does not deny it: 未启用 is not 启用, 非农业 not 农业."""
    before, found, _ = text.partition(word)
    return bool(found) and not before.endswith(_DENIED)


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
        """The value of a word, or of the word after 已 (已停用 is 停用)."""
        folded = fold(text)
        return self._index.get(folded) or self._index.get(folded.removeprefix("已"))

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
        found = {value for word, value in self._index.items() if len(word) > 1 and _says(folded, word)}
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
        "农业灌溉": (
            "农灌 灌溉 农业 农田灌溉 农业用水 农业生产 灌溉用水 农业灌溉用水 灌溉井 农灌井 "
            "农田灌溉用水 饲草料地灌溉 饲草灌溉 牧区灌溉 经济作物灌溉 果园灌溉 设施农业 温室大棚 "
            "大棚 温室 农灌用水"
        ),
        "乡村生活": (
            "人饮 农村生活 农村人饮 人畜饮水 乡村供水 农村饮水 村镇生活 生活 生活用水 农村人畜饮水 "
            "人畜饮用 人畜用水 生活饮用 饮用水 饮水 人饮工程 农村饮水安全 农村生活用水 农村供水 "
            "村镇供水"
        ),
        "城镇生活": (
            "城市生活 城镇供水 居民生活 公共供水 城镇用水 居民饮用 城镇公共供水 城市供水 "
            "居民生活用水 城镇生活用水 集中供水 城乡供水"
        ),
        "工业": ("工业用水 工业生产 企业生产 一般工业 工业生产用水 工业取水 企业用水 工业企业 企业生产用水"),
        "生态绿化": "绿化 生态 绿化用水 生态用水 园林绿化 生态补水 绿化灌溉 生态环境 生态灌溉 园林 城镇绿化",
        "林草": "林业 林草灌溉 林地灌溉 草原灌溉 林带 林业灌溉 林业用水 草场灌溉 防护林灌溉 林带灌溉",
        "畜牧养殖": (
            "养殖 牲畜饮水 畜牧 牧业 养殖用水 牲畜 畜禽养殖 规模化养殖 规模养殖 牲畜饮用 牧业用水 "
            "畜牧业 养殖业 牲畜用水"
        ),
        "渔业": "鱼塘 水产养殖 渔业养殖 渔业用水 鱼塘用水",
        "服务业": "特种行业 商业 服务业用水 经营服务 商业用水 洗浴 洗车 餐饮 宾馆 服务业取水",
        "疏干排水": "疏干 矿井排水 矿坑排水 施工降水",
        "应急备用": "应急 备用 应急水源 备用水源 应急备用水源 消防",
        "监测": "观测 监测用 水位监测 观测井 监测井",
        "其他": "其它",
    },
)
IN_USE, STOPPED, RESERVED_STATE, TO_SEAL = "在用", "停用", "封存备用", "待封"
SEALED_STATE, SCRAPPED, MONITORING_STATE, UNKNOWN_STATE = "已封填", "报废", "改监测井", "未查明"
_SHUT = "停用 封存备用 已封填"
WELL_STATUS: Final = _vocabulary(
    "well_status",
    {
        IN_USE: (
            "正常使用 使用中 正常 使用 运行 在使用 良好 启用 正常运行 运行正常 完好 能用 可用 "
            "正在使用 使用正常 运行中 正常在用 在运行"
        ),
        STOPPED: "闲置 报停 暂停使用 未使用 停止使用 未用 暂停 空置 停运 停止运行 长期停用 未运行 不用",
        RESERVED_STATE: "封存 应急备用 备用 备用井 应急备用井 封存待用",
        TO_SEAL: "拟封填 拟封 计划封填 待封填",
        SEALED_STATE: "填埋 已填埋 封填 回填 已回填 永久封填",
        SCRAPPED: "废弃 已报废 废井",
        MONITORING_STATE: "改为监测井 监测井 已改监测井 改建监测井 改监测 观测井 改为观测井 转为监测井 改观测井",
        UNKNOWN_STATE: "待核实 不详 未核实 不明 未知 待查 待核查 情况不明",
    },
    {
        "封闭": _SHUT,
        "封停": _SHUT,
        "关闭": _SHUT,
        "关停": _SHUT,
        "停封": _SHUT,
        "封井": _SHUT,
        "封": _SHUT,
        "关井": _SHUT,
    },
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
        "浅层": (
            "浅层水 潜水 浅层地下水 微承压 潜层 潜水层 浅水 第四系潜水 孔隙潜水 第四系孔隙潜水 "
            "微承压水 浅层含水层"
        ),
        "深层承压": (
            "深层 承压水 深层水 深层承压水 承压 深层地下水 承压层 深层承压含水层 承压含水层 深层含水层"
        ),
    },
)
METERING: Final = _vocabulary(
    "metering",
    {
        "机械水表": "普通水表 水表 旋翼水表 机械表 水表计量",
        "远传水表": (
            "超声波远传水表 电磁远传水表 超声波水表 电磁流量计 远传 智能水表 超声波流量计 电磁水表 "
            "智能远传水表 远传智能水表 在线计量 在线监测 时差法流量计 管道流量计 流量计"
        ),
        "IC卡": "一井一卡 IC卡水表 IC卡表 智能IC卡 射频卡 IC卡智能水表 智能IC卡水表 智能卡水表 刷卡取水",
        "井电双控": "双控 水电双控 井电双控系统 井电双控设备",
        "以电折水": "电折水 以电计量 折水 以电代水 以电计水 电表 电表计量 电量折算 电量折水 以电量折算水量",
        "无": "未安装 无计量 未装 没有 未安装计量设施 无计量设施 未计量 没有安装",
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
        "地下水": "地下 浅层地下水 深层地下水 井水 地下水源 机井 浅层水 深层水",
        "地表水": "地表 河水 水库水 渠水 地表水源 河流 河道 水库 湖泊 黄河水 黄河 江河",
        "疏干水": "矿井水 疏干排水 矿坑水 矿井疏干水 矿坑排水",
        "再生水": "中水",
        "其他": "其它 非常规水",
    },
)
VALID, LAPSED, RENEWING = "有效", "已到期未延续", "延续办理中"
CANCELLED, REVOKED, WITHDRAWN = "注销", "吊销", "撤销"
PERMIT_STATUS: Final = _vocabulary(
    "permit_status",
    {
        VALID: "正常 在有效期 有效期内 持证 在有效期内 有效期 在期 即将到期 临期 在有效期之内",
        RENEWING: "延续中 正在延续 办理延续 办理延续中 正在办理延续 延续申请中",
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
        SEALED: (
            "填埋 水泥封填 回填 永久封填 封填填埋 永久填埋 已封填 水泥封堵 水泥封井 填封 永久性封填 "
            "永久性填埋 填埋封井 回填封井 封填封井"
        ),
        RESERVED: (
            "封存 应急备用 备用封存 备用 转为应急备用 转应急备用 留作备用 留作应急备用 转为备用 封存待用"
        ),
        DISCONNECTED: "拆泵断电 断电拆泵 拆泵 断电 拆除机泵 拆除水泵 拆除设备 断电关停 拆泵关停 断电停用",
        MONITORING: (
            "改为监测井 改建监测井 转监测井 转为监测井 转监测 改监测 改观测井 改为观测井 改作监测井 "
            "转为观测井"
        ),
        HANDED_OVER: "移交 移交供水 移交自来水公司 划转 移交水务公司 移交自来水厂 移交供水站 移交供水企业",
    },
    {
        "封闭": _CLOSED,
        "封停": _CLOSED,
        "关闭": _CLOSED,
        "关停": _CLOSED,
        "停封": _CLOSED,
        "封井": _CLOSED,
        "封": _CLOSED,
        "关井": _CLOSED,
    },
)
CLOSURE_REASON: Final = _vocabulary(
    "closure_reason",
    {
        "超采区压采": (
            "压采 超采治理 地下水压采 超采区治理 压减开采 超采区关井 关井压采 压采任务 "
            "压减地下水开采 超采区压减"
        ),
        "禁采区": "禁采区关井 禁采",
        "公共管网覆盖": (
            "管网覆盖 公共供水管网覆盖 自来水覆盖 管网覆盖范围内 城镇供水管网覆盖 集中供水覆盖 "
            "供水管网覆盖 自来水管网覆盖 管网延伸"
        ),
        "水源置换": "置换水源 水源替代 地表水置换 引黄水置换 黄河水置换 置换 替代水源",
        "无证": "无许可证 未办证 无证取水 无取水许可证 无取水许可 未办理取水许可 未办理取水许可证",
        "到期": "许可到期 到期未延续 许可证到期 许可期满",
        "连续停用": (
            "连续停用满2年 连续停用满两年 长期停用 连续停用满3年 连续两年停用 停用满两年 停用满2年 "
            "停用2年以上 停用两年以上 连续停用两年 连续停用2年 连续停用两年以上 连续停用2年以上 "
            "连续停用满三年 长期不用 长期闲置 闲置 停用"
        ),
        "更新井减二更一": "减二更一 更新井 更新 打新封旧 以旧换新 机井更新 更新替代",
        "违法打井": "违法凿井 违规打井 违规 违法取水 违规取水 违规井 违法井 非法打井 私打 私自打井",
        "报废": (
            "机井报废 废弃 井体损坏 井报废 淤积 塌井 塌陷 干枯 枯竭 损坏 机井损坏 水质不达标 出水量不足"
        ),
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
        "滴灌": "膜下滴灌 滴灌工程 浅埋滴灌 滴灌项目 地埋滴灌",
        "喷灌": "喷灌工程 指针式喷灌 大型喷灌 卷盘式喷灌 中心支轴式喷灌 时针式喷灌",
        "管灌": "低压管灌 管道灌溉 低压管道灌溉 管道输水 管道输水灌溉 低压管道输水灌溉",
        "高标准农田": "高标准农田建设 高标农田",
        "水源置换": "水源置换工程 地表水置换",
        "续建配套": (
            "灌区续建配套 灌区改造 续建配套与现代化改造 灌区续建配套与现代化改造 灌区节水改造 "
            "中型灌区节水改造 大型灌区节水改造 中型灌区改造 大型灌区改造 灌区续建配套与节水改造"
        ),
        "渠道衬砌": "渠道防渗 防渗渠",
        "管网漏损": "管网改造 漏损治理",
        "供水厂管网": "供水厂 供水管网 集中供水",
        "应急水源": "",
        "滞洪工程": "滞洪",
        "再生水管网": "再生水 中水回用 再生水利用",
        "水肥一体化": "",
        "计量设施": "计量平台 计量设施安装 计量设施建设",
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
