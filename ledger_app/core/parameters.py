"""Dated parameters: every threshold, period and rule that differs by place and year, with its default.

A ledger keeps its own values in the `parameters` ledger, each with 生效日期 and 依据文号; what it does not
state is taken from here. Sources are those of the domain fact sheet.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import Any, Final

from ledger_app.core.terms import Vocabulary


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter with the value used where a county has stated none."""

    name: str
    label: str
    default: str
    document: str = ""


_ALL: Final = (
    Parameter("bureau_name", "填报单位", ""),
    Parameter(
        "renewal_days", "延续申请须在届满前（日）", "45", "《取水许可和水资源费征收管理条例》第二十五条"
    ),
    Parameter("renewal_notice_days", "距申请期限多少日内提醒", "90"),
    Parameter(
        "idle_years", "连续停止取水满几年建议注销", "2", "《取水许可和水资源费征收管理条例》第四十四条"
    ),
    Parameter(
        "report_period_rule",
        "月报统计期（calendar 自然月；26-25 上月26日至本月25日；to-date 截至当日）",
        "calendar",
    ),
    Parameter("report_rounding", "报表取舍（half_up 与Excel一致；half_even GB/T 8170）", "half_up"),
    Parameter(
        "closure_counted_on", "关井压采按哪一天计（accepted 验收合格日；closed 封停完成日）", "accepted"
    ),
    Parameter("reserved_counts_as_closure", "封存备用是否计入关停（是/否）", "否"),
    Parameter("nearby_wells_m", "两井相距多少米以内提示", "20"),
    Parameter("permit_exempt_uses", "不需办证的用途（顿号分隔）", "监测、应急备用"),
    Parameter("signatures", "报表签字栏（顿号分隔）", "单位负责人、审核人、填表人"),
    Parameter("backup_folder_2", "第二备份文件夹", ""),
)
WORDS: Final = "words:"  # begins the name of a parameter that changes a code list
DEFAULTS: Final[Mapping[str, Parameter]] = MappingProxyType({p.name: p for p in _ALL})


@dataclass(frozen=True, slots=True)
class Parameters:
    """The values in force on one day."""

    values: Mapping[str, str]
    documents: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def text(self, name: str) -> str:
        return self.values.get(name, DEFAULTS[name].default)

    def document(self, name: str) -> str:
        """依据文号: of the county's own value where it states one, else of the default."""
        if name in self.values:
            return self.documents.get(name, "")
        return DEFAULTS[name].document

    def integer(self, name: str) -> int:
        """A whole number; the default where the stated value is none."""
        stated = self.values.get(name, "").strip()
        return int(stated) if stated.lstrip("-").isdigit() else int(DEFAULTS[name].default)

    def words(self, name: str) -> tuple[str, ...]:
        return tuple(w.strip() for w in self.text(name).split("、") if w.strip())

    def yes(self, name: str) -> bool:
        return self.text(name).strip() in ("是", "true", "1", "yes")


def changed_words(parameters: Parameters, known: Iterable[Vocabulary]) -> dict[str, Vocabulary]:
    """Vocabularies the county has changed, by name: parameter `words:<vocabulary>`, one value a line.

    `林草：林业、草原灌溉` adds a value or synonyms of one, `-渔业` takes a value out.
    """
    found = {}
    for vocabulary in known:
        if text := parameters.values.get(f"{WORDS}{vocabulary.name}"):
            found[vocabulary.name] = _with_words(vocabulary, text)
    return found


def _with_words(vocabulary: Vocabulary, text: str) -> Vocabulary:
    words = dict(vocabulary.words)
    for line in filter(None, map(str.strip, text.splitlines())):
        value, _, synonyms = line.replace(":", "：").partition("：")
        if value.startswith(("-", "－")):
            words.pop(value[1:].strip(), None)
        else:
            more = tuple(
                w.strip() for w in synonyms.replace(",", "、").replace("，", "、").split("、") if w.strip()
            )
            words[value.strip()] = (*words.get(value.strip(), ()), *more)
    return replace(vocabulary, words=MappingProxyType(words))


def in_force(rows: Iterable[Mapping[str, Any]], day: date) -> Parameters:
    """From the rows of the `parameters` ledger: of several in force the one that began last."""
    iso = day.isoformat()
    values: dict[str, str] = {}
    documents: dict[str, str] = {}
    for row in sorted(rows, key=lambda r: str(r["valid_from"])):
        if row["valid_from"] <= iso and (row["valid_to"] is None or row["valid_to"] >= iso):
            values[row["name"]] = row["value"]
            documents[row["name"]] = row.get("document") or ""
    return Parameters(MappingProxyType(values), MappingProxyType(documents))
