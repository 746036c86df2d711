"""Regions (行政区) as a tree of any depth, and areas (超采区, 管理单元 …) with the points in them."""

from typing import Final

from ledger_app.core import terms
from ledger_app.core.entity import Entity
from ledger_app.core.fields import Choice, Code, Date, DocumentNumber, Number, Ref, Text
from ledger_app.core.rules.checks import InOrder

REGIONS: Final = Entity(
    name="regions",
    label="行政区",
    counter="个",
    group="设置",
    icon="region",
    key=("name",),
    title=("name",),
    fields=(
        Text(name="name", label="名称", required=True, synonyms=("行政区名称",)),
        Code(name="code", label="区划代码", synonyms=("代码", "行政区划代码")),
        Text(name="level", label="级别名称", hint="旗、苏木、镇、嘎查、村、团、连……", synonyms=("级别",)),
        Ref(name="parent", label="上级", target="regions", synonyms=("上级行政区",)),
        Date(name="valid_from", label="启用日期"),
        Date(name="valid_to", label="停用日期"),
        Ref(name="successor", label="并入", target="regions"),
    ),
)

AREAS: Final = Entity(
    name="areas",
    label="区域",
    counter="个",
    group="设置",
    icon="area",
    key=("name",),
    title=("name",),
    fields=(
        Text(name="name", label="名称", required=True, synonyms=("区域名称", "超采区名称")),
        Choice(name="kind", label="类别", required=True, terms=terms.AREA_KIND, synonyms=("类型",)),
        Code(name="code", label="编码"),
        Text(name="grade", label="级别", hint="超采区：一般或严重；大、中、小型。"),
        Number(name="area_km2", label="面积", unit="km²", hard=(0, 1e6)),
        DocumentNumber(name="document", label="划定文号", synonyms=("文号",)),
        Date(name="valid_from", label="起", partial=True),
        Date(name="valid_to", label="止", partial=True, future=True),
        Text(name="remark", label="备注", lines=True),
    ),
    checks=(InOrder("valid_from", "valid_to", "止日早于起日，请核对"),),
)

POINT_AREAS: Final = Entity(
    name="point_areas",
    label="取水口所在区域",
    counter="条",
    group=None,
    icon="area",
    key=(),
    title=("area",),
    fields=(
        Ref(name="point", label="取水口", target="wells", required=True),
        Ref(name="area", label="区域", target="areas", required=True),
        Date(name="from_on", label="起"),
        Date(name="to_on", label="止", future=True),
    ),
)
