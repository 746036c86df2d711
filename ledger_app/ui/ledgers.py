"""What the pages of the known ledgers show at first; a ledger not named here shows what fits a list."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

Names = tuple[str, ...]

COLUMNS: Final[Mapping[str, Names]] = MappingProxyType(
    {
        "wells": (
            "owner",
            "use",
            "status",
            "metering",
            "permit_no",
            "permitted_volume_m3",
            "planned_volume_m3",
            "depth_m",
            "irrigated_area_mu",
            "completed_on",
            "town",
        ),
        "intakes": (
            "name",
            "kind",
            "status",
            "use",
            "river",
            "water_user",
            "permit_no",
            "permitted_volume_m3",
            "town",
        ),
        "permits": (
            "holder",
            "status",
            "source",
            "use",
            "permitted_volume_m3",
            "well_count",
            "valid_from",
            "valid_to",
            "well_codes",
        ),
        "water_users": ("kind", "town", "contact", "phone", "industry", "address"),
        "closures": (
            "method",
            "reason",
            "closed_on",
            "accepted_on",
            "reduced_volume_m3",
            "contractor",
            "document",
            "cancelled_on",
        ),
        "projects": (
            "kind",
            "town",
            "planned_area_mu",
            "completed_area_mu",
            "investment_yuan",
            "saving_capacity_m3",
            "started_on",
            "completed_on",
            "accepted_on",
        ),
        "rectifications": (
            "number",
            "status",
            "deadline_text",
            "deadline_on",
            "lead_unit",
            "responsible_units",
            "acceptance_unit",
            "source_title",
        ),
        "rectification_measures": ("task", "position", "ordinal", "done"),
    }
)
QUICK: Final[Mapping[str, Names]] = MappingProxyType(
    {
        "wells": ("town", "village", "status", "use", "metering"),
        "intakes": ("town", "kind", "status"),
        "permits": ("status", "use", "source", "valid_to"),
        "water_users": ("town", "kind"),
        "closures": ("method", "reason", "closed_on"),
        "projects": ("town", "kind", "accepted_on"),
        "rectifications": ("status", "lead_unit", "deadline_on", "source_title"),
        "rectification_measures": ("done", "task"),
        "regions": ("parent", "level"),
        "parameters": ("name",),
    }
)
HINTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "wells": "每一眼机电井登记一次；报表、图表和许可都从这里取数。输入村名、姓名或拼音首字母就能找到。",
        "permits": "一本许可证一行；延续、变更、过户、注销用记录下面的按钮办，历次内容都留着。",
        "closures": "封填、封存备用、拆泵断电、改监测井、移交都登记在这里；移交不算关停。",
        "projects": "节水项目的计划、完成、资金和节水能力；月报里的项目数都从这里算。",
        "water_users": "取用水的单位和个人；井和许可证都可以指向这里的一户。",
        "rectifications": "督察反馈的每一项整改任务；用“读公文”从方案和公示读进来，也可以自己登记。",
        "rectification_measures": "各项任务的整改措施和落实情况，一条一行。",
        "intakes": "机电井以外的取水口：引水口、泵站、渠道断面、泉、矿井疏干。",
    }
)
