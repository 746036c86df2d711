"""A list of units written out one by one, with the beginning or the ending they share."""

from __future__ import annotations

import re
from dataclasses import dataclass

# What several places share: 新城区、回民区党委和政府
_BODIES = (
    r"(?:党工委|党委|工委|党组)(?:和|、|及|与)(?:人民政府|政府|行署|管委会|管理委员会|行政公署)(?:[（(][^（()）]{1,8}[）)])?"
    r"|人民政府|政府(?:[（(]行署[）)])?|管委会|管理委员会|行政公署|行署|党委|党工委"
)
_SHARED_END = re.compile(rf"(?<=[\u4e00-\u9fa5])(?:{_BODIES})$")
_PLACE_END = re.compile(r"(?:省|市|盟|州|县|旗|区|镇|乡|苏木|街道|兵团|团|团场|农场|师|开发区|园区)$")
# Pairs that a 、 does not part: 党委、政府 · 市委、市政府
_PAIR = re.compile(r"(?<=[委组])[、，](?=(?:[省市州盟县旗区镇乡]|自治区)?(?:人民)?(?:政府|行署|管委会))")
_OFFICE = re.compile(r"(?:局|厅|委|办|委员会|中心|支队|大队|总队|队|处|院|分局|公司|集团|办公室|部)$")
_SHARED_START = re.compile(
    r"^(自治区|兵团|师市|[\u4e00-\u9fa5]{2,8}?(?:自治区|自治州|自治县|省|市|盟|州|县|旗|区|师)|[省市区县旗州盟师镇])(?=[\u4e00-\u9fa5]{2,})"
)
# Offices every level has: a name that begins with one of these words lacks its place.
_OFFICE_WORD_LIST = (
    "自然资源 规划和自然 国土 林业 林草 草原 生态 环境 环保 水利 水务 水文 河湖 农牧 农业 农村 畜牧 住房 住建 城乡 城市 城管 建设 "
    "发展 发改 工业 工信 经济和 财政 交通 公安 能源 应急 市场 卫生 卫健 教育 科技 科学 文化 文旅 文体 行政审批 "
    "政务 税务 气象 统计 审计 商务 民政 司法 人力 人社 退役 乡村 供销 国资 国有资产 综合执法 综合行政 园林 大数据 机关事务 "
    "信访 金融 体育 民族 宗教 医疗 医保 消防 工信和 粮食 煤炭 投资 招商 口岸 外事 纪委 组织部 宣传部 督查 政府办"
)
_OFFICE_WORDS = tuple(_OFFICE_WORD_LIST.split())
_SEPARATOR = re.compile(
    r"[、，,；;。\n]|(?<=[局厅办])(?:和|及|与)(?=[省市区县旗州盟自][\u4e00-\u9fa5]{2,12}(?:局|厅|委|办|中心)(?:$|[、，,；;。]))"
)


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit's whole name and the range of its own words in the text given."""

    name: str
    start: int
    end: int


def split_units(text: str) -> list[Unit]:
    """The units of a printed list. Commas part groups; inside a group 、 parts names that share words."""
    units: list[Unit] = []
    for group in _groups(text):
        units += _written_out(text, group)
    return units


def _groups(text: str) -> list[list[tuple[int, int]]]:
    """The ranges between separators, gathered by what stands between them: 、 keeps a group together."""
    kept_together = {found.start() for found in _PAIR.finditer(text)}
    groups: list[list[tuple[int, int]]] = [[]]
    at = depth_end = 0
    for found in _SEPARATOR.finditer(text):
        if (
            found.start() < depth_end
            or found.start() in kept_together
            or _in_brackets(text, at, found.start())
        ):
            continue
        groups[-1].append((at, found.start()))
        if found.group() not in {"、", "和", "及", "与"}:
            groups.append([])
        at = found.end()
    groups[-1].append((at, len(text)))
    cleaned = [[_stripped(text, *span) for span in group] for group in groups]
    return [[span for span in group if span[0] < span[1]] for group in cleaned if group]


def _in_brackets(text: str, start: int, position: int) -> bool:
    before = text[start:position]
    return before.count("（") + before.count("(") > before.count("）") + before.count(")")


def _stripped(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start] in " 　.：:":
        start += 1
    while end > start and text[end - 1] in " 　.。":
        end -= 1
    return start, end


def _written_out(text: str, spans: list[tuple[int, int]]) -> list[Unit]:
    names = [text[start:end] for start, end in spans]
    names = _with_shared_end(names)
    names = _with_shared_start(names)
    return [Unit(name, *span) for name, span in zip(names, spans, strict=True)]


def _with_shared_end(names: list[str]) -> list[str]:
    """新城区、回民区党委和政府 → 新城区党委和政府, 回民区党委和政府."""
    shared = ""
    result: list[str] = []
    for name in reversed(names):
        ending = _SHARED_END.search(name)
        if ending is not None:
            shared = ending.group()
        elif _PLACE_END.search(name) and shared:
            name = name + shared  # noqa: PLW2901  # the name as it is written out
        result.append(name)
    return result[::-1]


def _with_shared_start(names: list[str]) -> list[str]:
    """市自然资源局、林业和草原局 → 市自然资源局, 市林业和草原局."""
    shared = ""
    result: list[str] = []
    for name in names:
        if name.startswith(_OFFICE_WORDS) and _OFFICE.search(name):
            result.append(shared + name)
            continue
        start = _SHARED_START.match(name)
        rest = name[start.end() :] if start else ""
        shared = (
            start.group(1)
            if start and rest.startswith(_OFFICE_WORDS)
            else ("" if _OFFICE.search(name) else shared)
        )
        result.append(name)
    return result
