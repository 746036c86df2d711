"""The field labels of rectification notices, as a table, and how to find one in front of a colon."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ledger_app.ingest.documents.numbering import CHINESE

# One line a field: every word seen in notices, without the beginnings that PREFIXES adds.
LABELS: dict[str, str] = {
    "number": "序号 编号 问题编号 任务编号 问题序号 任务序号 任务号",
    "problem": "整改任务 反馈问题 存在问题 具体问题 反馈意见 问题描述 问题表述 问题内容 问题概述 整改事项 整改内容 "
    "整改问题 突出问题 主要问题 发现问题 任务内容 任务名称 问题 督察意见",
    "lead_unit": "牵头单位 牵头部门 牵头责任单位 牵头责任部门 牵头整改单位 牵头整改部门 责任牵头单位",
    "responsible_units": "责任单位 责任主体 责任部门 整改单位 整改主体 整改部门 承办单位 主体责任单位 责任单位和部门 "
    "责任地区 责任地区和单位 责任地区和部门 责任单位名称 落实单位 实施单位",
    "acceptance_unit": "验收单位 验收部门 验收销号单位 验收销号部门 销号单位 验收牵头单位 验收责任单位 "
    "核查验收单位 督导验收单位 牵头验收单位 验收销号牵头单位 验收主体",
    "deadline": "时限 期限 整改时限 整改期限 完成时限 完成期限 完成时间 时限要求 整改时间 办结时限 完成日期 "
    "整改完成时限 整改完成时间 整改完成期限 计划完成时间 时间节点 整改时限要求",
    "goal": "整改目标 目标 目标任务 目标要求 整改要求 整改目标及要求 整改目标和要求 整改目标要求 整改目标任务",
    "measures": "整改措施 整改举措 措施 举措 工作措施 整改任务及措施 整改措施及要求 整改步骤 整改措施和要求 "
    "措施完成 措施及完成情况 措施完成情况 措施落实情况 措施及落实情况 措施及进展情况 措施及成效",
    "progress": "完成情况 整改情况 落实情况 进展情况 整改进展 整改进度 整改成效 整改效果 整改结果 整改现状 成效 "
    "效果 进展 完成进度 完成效果 完成成效 工作进展 整改落实 整改完成 推进情况 整改工作情况 整改完成进展情况 "
    "贯彻落实情况 进展及成效 进展成效 落实进展",
    "status": "整改状态 完成状态 状态 进度状态 是否完成 是否完成整改 完成与否",
    "publicity": "公示时间 公示期 公示期限 公示日期 公示起止时间 公示起止日期",
    "phone": "电话 传真 联系方式 热线 手机",
    # Labels around the tasks: whom to ask, who publishes.
    "frame": "联系人 联系地址 通讯地址 通信地址 邮寄地址 地址 邮编 邮政编码 受理部门 受理单位 公示单位 电子邮箱 邮箱 附件 "
    "附表 发布机构 发布单位 发布日期 发布时间 信息来源 来源 索引号 填报单位 填报时间 举报信箱 主送 抄送 单位负责人 "
    "审核人 填表人",
    # Labels of a task the register has no column for: they end the field before them and are left over.
    "other": "配合单位 配合部门 协办单位 主办单位 责任人 责任领导 包联领导 督导单位 督办单位 监督单位 督导部门 备注 "
    "整改类型 问题类型 问题类别 问题来源 佐证材料 证明材料 验收结论 验收意见 验收情况 验收时间 销号时间 销号情况 "
    "下一步工作 下一步打算 下一步措施 下一步工作计划 下一步工作打算 存在困难 牵头领导 市级领导 县级领导 分管领导 "
    "责任科室",
}
PREFIXES = (
    "整改 问题整改 任务 整改任务 督察 督察反馈 反馈 具体 主要 目前 当前 问题 任务整改 工作 最新 相关 中央 督察整改 "
    "反馈问题 反馈意见 中央 自治区 省级 市级 兵团 环保督察 环境保护督察 生态环境保护督察 第一轮 第二轮 第三轮 该问题 各项 验收 监督 举报 咨询 联系 受理 责任单位 验收单位 单位 反映 投诉 值班 办公"
)
_COMBINED = ("完成", "完成情况", "落实情况", "进展情况", "成效")

_PREFIXES = frozenset(PREFIXES.split())
_PREFIX_LENGTHS = sorted({len(prefix) for prefix in _PREFIXES}, reverse=True)
FIELD_OF = {word: name for name, words in LABELS.items() for word in words.split()}
_LONGEST = max(map(len, FIELD_OF))
_BRACKET = re.compile(r"[（(]([^（()）]{1,24})[）)]$")
_NUMERAL = rf"(?:[{CHINESE}]{{1,3}}|[0-9０-９]{{1,2}}|[（(](?:[{CHINESE}]{{1,3}}|[0-9]{{1,2}})[）)])"
_ENTRY = re.compile(
    rf"(?:(?:整改|具体)?(?:措施|举措){_NUMERAL}|第{_NUMERAL}[项条](?:整改|具体)?(?:措施|举措))$"
)
_PLACE = (
    r"[\u4e00-\u9fa5、（）()]{0,20}(?:省|市|盟|州|县|旗|区|镇|乡|苏木|街道|兵团|团场|农场|林场|牧场|师|团)"
)
# 我市整改情况 is the report on the task, not on one of several areas.
_OWN_PLACE = re.compile(r"[我全本该][省市盟州县旗区镇乡师团]|自治区")
PLACE_NAME = re.compile(rf"{_PLACE}(?:[（(][^（()）]{{1,20}}[）)])?")


@dataclass(frozen=True, slots=True)
class Label:
    """A label in the text. `entry`: it numbers one measure (整改措施一); `owner`: the measure whose result
    it announces (整改措施1完成情况); `area`: the place whose result it announces; `bracket`: what stands
    in brackets before the colon; `combined`: measures and results under one label."""

    start: int
    field: str
    word: str
    entry: str = ""
    owner: str = ""
    area: str = ""
    bracket: str = ""
    combined: bool = False


def field_of(words: str) -> str | None:
    """The field that a cell or a line consisting of these words announces."""
    found = label_before("".join(words.split()).rstrip("：:"), None)
    return found.field if found is not None and found.start == 0 and not found.area else None


def label_before(text: str, end: int | None, floor: int = 0) -> Label | None:
    """The longest label that ends at `end`. `floor` is where its unit of text begins: a label that begins
    there stands alone, one that begins later stands inside a sentence."""
    end = len(text) if end is None else end
    stop = end
    bracket = _BRACKET.search(text[max(floor, end - 26) : end])
    if bracket is not None:
        stop = end - len(bracket.group())
    if text.endswith("如下", floor, stop):
        stop -= 2
    found = (
        _owned_before(text, stop, floor) or _word_before(text, stop, floor) or _entry_before(text, end, floor)
    )
    if found is None or bracket is None or found.entry:
        return found
    return Label(
        found.start, found.field, found.word, "", found.owner, found.area, bracket.group(1), found.combined
    )


def _owned_before(text: str, end: int, floor: int) -> Label | None:
    """整改措施1完成情况, 第二项整改措施落实情况: the result of one measure."""
    for length in range(min(_LONGEST, end - floor), 1, -1):
        start = end - length
        if FIELD_OF.get(text[start:end]) == "progress":
            owner = _ENTRY.search(text, max(floor, start - 14), start)
            if owner is not None:
                return Label(owner.start(), "progress", text[start:end], owner=owner.group())
    return None


def _word_before(text: str, end: int, floor: int) -> Label | None:
    for length in range(min(_LONGEST, end - floor), 1, -1):
        word = text[end - length : end]
        if word in FIELD_OF:
            return _widened(text, end - length, end, FIELD_OF[word], floor)
    return None


def _widened(text: str, start: int, end: int, name: str, floor: int) -> Label:
    """Take in the beginnings: 整改 before 责任单位, 整改措施1 or 包头市 before 完成情况."""
    combined = name == "measures" and text[start:end].endswith(_COMBINED)
    first = _past_prefixes(text, start, floor)
    if name == "progress" and _OWN_PLACE.fullmatch(text, floor, first):
        return Label(floor, name, text[first:end])
    if name == "progress" and 0 < first - floor <= 24 and PLACE_NAME.fullmatch(text, floor, first):
        return Label(floor, name, text[first:end], area=text[floor:first])
    return Label(first, name, text[first:end], combined=combined)


def _past_prefixes(text: str, start: int, floor: int) -> int:
    floor = min(floor, start)
    for _ in range(5):
        lengths = (length for length in _PREFIX_LENGTHS if start - length >= floor)
        start -= next((length for length in lengths if text[start - length : start] in _PREFIXES), 0)
    return start


def _entry_before(text: str, end: int, floor: int) -> Label | None:
    found = _ENTRY.search(text, max(floor, end - 14), end)
    return None if found is None else Label(found.start(), "measures", found.group(), entry=found.group())
