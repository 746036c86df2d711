"""整改任务 with their measures and what was reported for single areas (domain §7.1–7.5)."""

from typing import Final

from ledger_app.core import terms
from ledger_app.core.entity import Entity
from ledger_app.core.fields import Choice, Date, DocumentNumber, Field, Integer, Number, Ref, Text
from ledger_app.core.rules.checks import InOrder


def _of_task() -> Field:
    return Ref(name="task", label="整改任务", target="rectifications", required=True, missing="confirm")


def _place_in_order(label: str, *synonyms: str) -> Field:
    return Integer(name="position", label=label, hard=(0, 100_000), synonyms=synonyms)


RECTIFICATIONS: Final = Entity(
    name="rectifications",
    label="整改任务",
    counter="项",
    group="整改",
    icon="task",
    key=("problem",),
    title=("problem",),
    fields=(
        Text(
            name="number",
            label="编号",
            hint="照文件上的编号：（1）、问题四、序号16。",
            synonyms=("问题编号", "任务编号", "问题序号", "整改序号"),
        ),
        Text(
            name="problem",
            label="整改任务",
            required=True,
            hint="照文件原文，一字不改。",
            synonyms=(
                "具体问题",
                "问题",
                "存在问题",
                "存在的问题",
                "反馈问题",
                "反馈意见",
                "问题描述",
                "督察反馈问题",
                "整改问题",
                "整改事项",
                "任务",
            ),
        ),
        Text(
            name="heading",
            label="所属章节",
            hint="任务上面的各级标题。",
            synonyms=("问题类别", "所属方面", "章节"),
        ),
        Text(
            name="lead_unit",
            label="牵头单位",
            group="责任",
            synonyms=("牵头部门", "牵头责任单位", "主责单位", "牵头整改单位"),
        ),
        Text(
            name="responsible_units",
            label="责任单位",
            group="责任",
            hint="逐个写全，用顿号隔开。",
            synonyms=("责任部门", "整改单位", "整改责任单位", "责任主体", "整改责任主体"),
        ),
        Text(
            name="responsible_person",
            label="责任人",
            group="责任",
            synonyms=("责任领导", "整改责任人", "具体责任人"),
        ),
        Text(
            name="acceptance_unit",
            label="验收单位",
            group="责任",
            synonyms=("验收部门", "验收责任单位", "验收销号单位"),
        ),
        Text(
            name="deadline_text",
            label="整改时限",
            group="时限",
            hint="照文件原文：2025年12月底、立行立改、长期坚持。",
            synonyms=("时限", "完成时限", "整改期限", "整改完成时限", "期限"),
        ),
        Date(
            name="deadline_on",
            label="时限日期",
            group="时限",
            future=True,
            hint="时限的最后一天；只说长期坚持的没有日期。",
            synonyms=("截止日期", "到期日"),
        ),
        Choice(name="continuing", label="长期坚持", group="时限", terms=terms.YES_NO),
        Text(name="goal", label="整改目标", group="时限", lines=True, synonyms=("目标", "整改目标要求")),
        Choice(
            name="status",
            label="整改状态",
            group="进展",
            terms=terms.RECTIFICATION_STATUS,
            synonyms=("状态", "整改进度", "任务状态"),
        ),
        Text(name="status_text", label="文件所称状态", group="进展"),
        Text(
            name="progress",
            label="完成情况",
            group="进展",
            lines=True,
            synonyms=("整改进展", "进展情况", "整改完成情况", "整改进展情况", "落实情况", "整改情况", "进展"),
        ),
        Number(
            name="completion_percent",
            label="完成率",
            group="进展",
            unit="%",
            places=1,
            hard=(0, 1000),
            synonyms=("整改完成率", "完成比例"),
        ),
        Date(name="completed_on", label="完成日期", group="进展", partial=True, synonyms=("整改完成日期",)),
        Text(name="evidence", label="佐证材料", group="进展", lines=True, synonyms=("佐证", "证明材料")),
        Date(name="accepted_on", label="验收日期", group="验收销号", synonyms=("验收时间",)),
        Date(
            name="publicity_from", label="公示起", group="验收销号", future=True, synonyms=("公示开始日期",)
        ),
        Date(name="publicity_to", label="公示止", group="验收销号", future=True, synonyms=("公示结束日期",)),
        Text(name="publicity_days", label="公示时长", group="验收销号", hint="照公示所写，如 10个工作日。"),
        Date(name="signed_off_on", label="销号日期", group="验收销号", synonyms=("销号时间",)),
        DocumentNumber(name="document", label="销号文号", group="验收销号", synonyms=("销号批复文号",)),
        Text(name="source_title", label="来源文件", group="来源", synonyms=("文件标题", "文件名称", "来源")),
        Text(name="issuer", label="发布单位", group="来源", synonyms=("发文机关", "公示单位")),
        Date(
            name="issued_on", label="发布日期", group="来源", future=True, synonyms=("公示日期", "发文日期")
        ),
        Text(name="phones", label="公示电话", group="来源", synonyms=("监督电话",)),
        Text(name="source_file", label="文件名", group="来源", hint="读入时的文件。"),
        Text(name="remark", label="备注", group="备注", lines=True, synonyms=("说明",)),
    ),
    checks=(
        InOrder("publicity_from", "publicity_to", "公示止早于公示起，请核对"),
        InOrder("accepted_on", "signed_off_on", "销号日期早于验收日期，请核对"),
    ),
)

RECTIFICATION_MEASURES: Final = Entity(
    name="rectification_measures",
    label="整改措施",
    counter="条",
    group="整改",
    icon="check",
    key=("task", "position"),
    title=("text",),
    fields=(
        _of_task(),
        _place_in_order("措施顺序", "措施序号", "第几条"),
        Text(name="ordinal", label="措施编号", hint="照文件上的编号：一是、1.、整改措施一。"),
        Text(name="text", label="措施内容", required=True, synonyms=("整改措施", "措施", "具体措施")),
        Choice(name="done", label="已完成", terms=terms.YES_NO, synonyms=("是否完成",)),
        Text(
            name="progress",
            label="落实情况",
            lines=True,
            synonyms=("整改落实情况", "完成情况", "进展情况", "整改进展"),
        ),
        Text(name="remark", label="备注", lines=True, synonyms=("说明",)),
    ),
)

RECTIFICATION_AREAS: Final = Entity(
    name="rectification_areas",
    label="分地区完成情况",
    counter="个",
    group=None,
    icon="area",
    key=(),
    title=("name",),
    fields=(
        _of_task(),
        _place_in_order("顺序"),
        Text(name="name", label="地区", required=True),
        Text(name="text", label="完成情况", required=True, lines=True),
    ),
)
