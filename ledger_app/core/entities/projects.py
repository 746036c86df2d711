"""节水项目 with their quantities, places, wells and milestones (domain §7.12)."""

from typing import Final

from ledger_app.core import terms
from ledger_app.core.entities import headings
from ledger_app.core.entity import Entity
from ledger_app.core.fields import Choice, Date, DocumentNumber, Field, Integer, Links, Number, Ref, Text
from ledger_app.core.rules.checks import InOrder, SumOfParts


def _area(name: str, label: str, *synonyms: str) -> Field:
    return Number(
        name=name,
        label=label,
        group="面积",
        unit="亩",
        shown_in="万亩",
        places=2,
        hard=(0, 1e10),
        usual=(10, 500_000),
        synonyms=synonyms,
    )


def _money(name: str, label: str, *synonyms: str) -> Field:
    return Number(
        name=name,
        label=label,
        group="资金",
        unit="元",
        shown_in="万元",
        places=2,
        hard=(0, 1e13),
        usual=(0, 2_000_000_000),
        synonyms=synonyms,
    )


_FUNDS: Final = (
    "fund_central_yuan",
    "fund_province_yuan",
    "fund_prefecture_yuan",
    "fund_county_yuan",
    "fund_own_yuan",
)

PROJECTS: Final = Entity(
    name="projects",
    label="节水项目",
    counter="个",
    group="台账",
    icon="project",
    key=("name",),
    headings=headings.PROJECTS,
    title=("name",),
    fields=(
        Text(name="name", label="项目名称", required=True, synonyms=("名称", "工程名称", "项目")),
        Choice(
            name="kind",
            label="项目类型",
            terms=terms.PROJECT_KIND,
            synonyms=("类型", "工程类型", "项目类别", "节水类型", "措施类型"),
        ),
        Ref(
            name="town",
            label="乡镇",
            target="regions",
            missing="create",
            synonyms=(
                "苏木乡镇",
                "乡镇（苏木）",
                "实施乡镇",
                "实施地点",
                "实施区域",
                "地点",
                "苏木镇",
                "建设地点",
                "所在乡镇",
            ),
        ),
        DocumentNumber(name="document", label="立项文号", synonyms=("批复文号", "文号")),
        Text(name="builder", label="建设单位", synonyms=("项目法人", "实施单位", "业主单位")),
        _area(
            "planned_area_mu", "计划面积", "面积计划", "任务面积", "设计面积", "计划", "建设面积", "计划任务"
        ),
        _area("completed_area_mu", "完成面积", "面积完成", "实际面积", "完成", "已完成面积", "实际完成"),
        _money("fund_central_yuan", "中央资金", "中央", "中央财政", "资金中央"),
        _money("fund_province_yuan", "自治区资金", "自治区", "省级", "自治区财政", "资金自治区", "省级资金"),
        _money("fund_prefecture_yuan", "盟市资金", "盟市", "市级", "地州"),
        _money("fund_county_yuan", "旗县资金", "旗县", "旗县及自筹", "县级", "地方配套", "旗县配套"),
        _money("fund_own_yuan", "自筹资金", "自筹", "群众自筹"),
        Number(
            name="investment_yuan",
            label="总投资",
            group="资金",
            unit="元",
            shown_in="万元",
            hard=(0, 1e13),
            usual=(10_000, 2_000_000_000),
            synonyms=(
                "投资",
                "资金小计",
                "小计",
                "资金合计",
                "投资合计",
                "合计",
                "总投资额",
                "资金",
                "概算投资",
                "计划投资",
            ),
        ),
        Number(
            name="saving_capacity_m3",
            label="年节水能力",
            group="效益",
            unit="m³",
            shown_in="万m³",
            hard=(0, 1e12),
            usual=(100, 50_000_000),
            synonyms=("节水能力", "年节水量", "节水量", "年节约水量"),
        ),
        Integer(name="household_count", label="受益户数", group="效益", unit="户", hard=(0, 1_000_000)),
        Links(
            name="well_codes",
            label="配套机井",
            group="效益",
            target="wells",
            through="project_points",
            owner="project",
            item="point",
            synonyms=("配套井编号", "涉及机井"),
        ),
        Date(
            name="started_on",
            until="completed_on",
            label="开工日期",
            group="进度",
            partial=True,
            synonyms=("开工", "开工时间", "时间开工"),
        ),
        Date(
            name="completed_on",
            label="完工日期",
            group="进度",
            partial=True,
            synonyms=("完工", "完工时间", "竣工日期", "时间完工", "竣工时间", "建成时间"),
        ),
        Date(
            name="accepted_on",
            label="竣工验收日期",
            group="进度",
            partial=True,
            synonyms=("竣工验收", "验收日期", "验收", "验收时间", "时间竣工验收"),
        ),
        Date(
            name="handed_over_on", label="移交日期", group="进度", partial=True, synonyms=("移交", "移交时间")
        ),
        Text(name="operation", label="运行状况", group="进度", synonyms=("运行情况",)),
        Text(name="remark", label="备注", group="备注", lines=True, synonyms=("说明",)),
    ),
    checks=(
        InOrder("started_on", "completed_on", "完工日期早于开工日期，请核对"),
        InOrder("completed_on", "accepted_on", "竣工验收早于完工，请核对"),
        SumOfParts(
            "investment_yuan",
            _FUNDS,
            "总投资 {total} 元与各级资金之和 {sum} 元不一致，请核对。",
        ),
    ),
)

PROJECT_QUANTITIES: Final = Entity(
    name="project_quantities",
    label="项目工程量",
    counter="项",
    group=None,
    icon="quantity",
    key=(),
    title=("indicator",),
    fields=(
        Ref(name="project", label="项目", target="projects", required=True),
        Text(name="indicator", label="指标", required=True),
        Text(name="unit", label="单位", required=True),
        Number(name="planned", label="计划", places=4),
        Number(name="done", label="完成", places=4),
    ),
)

PROJECT_PLACES: Final = Entity(
    name="project_places",
    label="项目涉及村",
    counter="个",
    group=None,
    icon="place",
    key=(),
    title=("village",),
    fields=(
        Ref(name="project", label="项目", target="projects", required=True),
        Ref(name="village", label="嘎查村", target="regions", required=True),
        Number(name="area_mu", label="面积", unit="亩", hard=(0, 1e10)),
    ),
)

PROJECT_POINTS: Final = Entity(
    name="project_points",
    label="项目配套井",
    counter="眼",
    group=None,
    icon="well",
    key=(),
    title=("point",),
    fields=(
        Ref(name="project", label="项目", target="projects", required=True),
        Ref(name="point", label="取水口", target="wells", stated=True),
    ),
)

PROJECT_MILESTONES: Final = Entity(
    name="project_milestones",
    label="项目节点",
    counter="个",
    group=None,
    icon="milestone",
    key=(),
    title=("kind", "reached_on"),
    fields=(
        Ref(name="project", label="项目", target="projects", required=True),
        Text(name="kind", label="节点", required=True, hint="开工、完工、通水调试、竣工验收、移交。"),
        Date(name="reached_on", label="日期", required=True, partial=True),
        DocumentNumber(name="document", label="文号"),
    ),
)
