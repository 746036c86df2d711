"""People, papers and settings: water users, documents, operators, dated parameters, attachments."""

from typing import Final

from ledger_app.core import terms
from ledger_app.core.entity import Entity
from ledger_app.core.fields import Choice, Code, CreditCode, Date, DocumentNumber, IdNumber, Phone, Ref, Text
from ledger_app.core.rules.checks import InOrder

WATER_USERS: Final = Entity(
    name="water_users",
    label="取用水户",
    counter="户",
    group="台账",
    icon="user",
    key=("name",),
    title=("name",),
    fields=(
        Text(
            name="name",
            label="名称",
            required=True,
            synonyms=("取用水户", "用水户", "单位名称", "取水权人", "姓名", "用水单位", "户名"),
        ),
        Choice(name="kind", label="类型", terms=terms.USER_KIND, synonyms=("权属人类型", "单位性质")),
        CreditCode(name="uscc", label="统一社会信用代码", synonyms=("信用代码", "社会信用代码")),
        IdNumber(name="id_no", label="身份证号", synonyms=("身份证", "证件号码", "身份证号码")),
        Text(name="legal_person", label="法定代表人", synonyms=("法人", "负责人")),
        Phone(name="phone", label="联系电话", synonyms=("电话", "联系方式", "手机号")),
        Text(name="contact", label="联系人"),
        Text(name="industry", label="行业", synonyms=("行业类别",)),
        Ref(name="town", label="乡镇", target="regions", missing="create", synonyms=("苏木乡镇", "苏木")),
        Text(name="address", label="地址", synonyms=("住址", "单位地址")),
        Text(name="remark", label="备注", lines=True, synonyms=("说明",)),
    ),
)

DOCUMENTS: Final = Entity(
    name="documents",
    label="文件",
    counter="件",
    group="设置",
    icon="document",
    key=("number",),
    title=("number", "subject"),
    fields=(
        DocumentNumber(name="number", label="文号", required=True),
        Text(name="subject", label="标题", synonyms=("文件名称", "主题")),
        Text(name="issuer", label="发文机关", synonyms=("机关",)),
        Date(name="issued_on", label="成文日期", synonyms=("发文日期",)),
        Text(name="remark", label="备注", lines=True),
    ),
)

OPERATORS: Final = Entity(
    name="operators",
    label="操作员",
    counter="人",
    group="设置",
    icon="operator",
    key=("name",),
    title=("name",),
    fields=(
        Text(name="name", label="姓名", required=True),
        Choice(name="role", label="角色", terms=terms.OPERATOR_ROLE, required=True),
        Date(name="left_on", label="停用日期"),
    ),
)

PARAMETERS: Final = Entity(
    name="parameters",
    label="参数",
    counter="项",
    group="设置",
    icon="parameter",
    key=("name", "valid_from"),
    title=("label",),
    fields=(
        Code(name="name", label="参数", required=True),
        Text(name="label", label="含义"),
        Text(name="value", label="取值", required=True, lines=True),
        Date(name="valid_from", label="生效日期", required=True, future=True),
        Date(name="valid_to", label="失效日期", future=True),
        DocumentNumber(name="document", label="依据文号"),
        Text(name="remark", label="备注", lines=True),
    ),
    checks=(InOrder("valid_from", "valid_to", "失效日期早于生效日期，请核对"),),
)

ATTACHMENTS: Final = Entity(
    name="attachments",
    label="附件",
    counter="份",
    group=None,
    icon="attachment",
    key=(),
    title=("name",),
    fields=(
        Code(name="ledger", label="台账", required=True),
        Code(name="record_uid", label="记录", required=True),
        Text(name="name", label="文件名", required=True),
        Code(name="content_hash", label="内容指纹", required=True),
        Text(name="kind", label="类别"),
        Date(name="taken_on", label="日期"),
    ),
)

FINDING_REASONS: Final = Entity(
    name="finding_reasons",
    label="疑点说明",
    counter="条",
    group=None,
    icon="finding",
    key=("rule", "record_uid"),
    title=("rule",),
    fields=(
        Code(name="rule", label="规则", required=True),
        Code(name="record_uid", label="记录", required=True),
        Text(name="reason", label="说明", required=True),
        DocumentNumber(name="document", label="依据文号"),
        Date(name="noted_on", label="日期", required=True),
    ),
)

ISSUED_REPORTS: Final = Entity(
    name="issued_reports",
    label="已报报表",
    counter="份",
    group=None,
    icon="report",
    key=("report", "period"),
    title=("report", "period"),
    fields=(
        Code(name="report", label="报表", required=True),
        Code(name="period", label="期别", required=True),
        Date(name="period_end", label="期末", required=True),
        Date(name="issued_on", label="报出日期", required=True),
        Text(name="figures", label="数据", required=True, lines=True),
        Text(name="reason", label="更正原因"),
    ),
)

IMPORT_PROFILES: Final = Entity(
    name="import_profiles",
    label="导入对应关系",
    counter="套",
    group=None,
    icon="import",
    key=("ledger", "name"),
    title=("name",),
    fields=(
        Code(name="ledger", label="台账", required=True),
        Text(name="name", label="名称", required=True),
        Text(name="mapping", label="对应关系", required=True, lines=True),
    ),
)
