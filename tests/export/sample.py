"""A report of the shape of the monthly one, with every part a writer has to write."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from ledger_app.export.report import (
    ROUNDED_NOTE,
    Chart,
    Column,
    Figure,
    Paragraph,
    Report,
    Row,
    Section,
    Series,
    Table,
)

TOWNS = (
    "海流图镇",
    "乌加河镇",
    "德岭山镇",
    "石哈河镇",
    "温更镇",
    "甘其毛都镇",
    "巴音乌兰苏木",
    "川井苏木",
    "𬇙湴苏木",
)
AS_OF = date(2025, 9, 25)

COUNTY = (
    Column("number", "序号", places=0),
    Column("town", "苏木乡镇"),
    Column("opening", "期初", "眼", 0, group=("机电井",)),
    Column("added", "新增", "眼", 0, group=("机电井", "本期增加")),
    Column("found", "补报以前期", "眼", 0, group=("机电井", "本期增加")),
    Column("sealed", "封停", "眼", 0, group=("机电井", "本期减少")),
    Column("monitoring", "转监测", "眼", 0, group=("机电井", "本期减少")),
    Column("closing", "期末", "眼", 0, group=("机电井",)),
    Column("plan", "年度任务", "眼", 0, group=("封停压减",)),
    Column("done", "累计完成", "眼", 0, group=("封停压减",)),
    Column("rate", "完成率", "%", 2, group=("封停压减",)),
    Column("volume", "压减水量", "万m³", 2, group=("封停压减",)),
    Column("permits", "有效许可证", "本", 0),
    Column("remark", "备注"),
)
LIST = (
    Column("number", "序号", places=0),
    Column("code", "井编号"),
    Column("village", "嘎查村"),
    Column("use", "用途"),
    Column("depth", "井深", "m", 1),
    Column("closed_on", "封停日期"),
    Column("kind", "处置方式"),
    Column("volume", "压减水量", "万m³", 4),
    Column("remark", "备注"),
)


def town_row(at: int, town: str) -> Row:
    values = {
        "number": at,
        "town": town,
        "opening": 310 + 7 * at,
        "added": at % 3,
        "found": 0,
        "sealed": at % 5,
        "monitoring": None if at == 4 else 0,
        "closing": 310 + 7 * at + at % 3 - at % 5,
        "plan": 12,
        "done": 3 * at,
        "rate": Decimal(3 * at) / 12,
        "volume": Decimal("28.165") * at,
        "permits": 40 + at,
        "remark": "含超采区内26眼，其中2眼正在办理注销手续" if at == 2 else "",
    }
    return Row(values, tuple(f"w{at}-{number}" for number in range(at)))


def county_table(towns: tuple[str, ...] = TOWNS) -> Table:
    rows = tuple(town_row(at, town) for at, town in enumerate(towns, 1))
    total = {
        name: sum((row.values[name] or 0) for row in rows)
        for name in ("opening", "closing", "done", "volume")
    }
    blank = dict.fromkeys((column.name for column in COUNTY), "")
    return Table("", COUNTY, (*rows, Row({**blank, "town": "合计", **total}, (), "total")))


def list_table(town: str, count: int) -> Table:
    rows = tuple(
        Row(
            {
                "number": at,
                "code": f"150824101{at:03d}J{at:04d}",
                "village": ("大圣村", "四义堂村", "苏独仑嘎查")[at % 3],
                "use": ("农业灌溉", "生活", "工业")[at % 3],
                "depth": 60 + at,
                "closed_on": date(2025, 1 + at % 9, 1 + at % 28),
                "kind": ("填埋", "封存")[at % 2],
                "volume": Decimal(at) / 7 if at % 6 else None,
                "remark": "《乌拉特中旗地下水超采区治理方案》（乌中政发〔2024〕12号）确定的第一批封停井，“减二更一”"
                * (at % 17 == 3),
            },
            (f"{town}{at}",),
        )
        for at in range(1, count + 1)
    )
    return Table("", LIST, rows, note="“压减水量”按近三年平均取水量计算。", unit_line="单位：眼、万m³")


def bar_chart() -> Chart:
    return Chart(
        "bar",
        "各苏木乡镇封停完成情况",
        "眼",
        TOWNS,
        (
            Series("年度任务", (12,) * len(TOWNS), "plan"),
            Series("累计完成", tuple(3 * at for at in range(1, len(TOWNS) + 1))),
        ),
        cut_off="截至2025年9月25日",
    )


def month_chart() -> Chart:
    months = tuple(f"{month}月" for month in range(1, 10))
    values = tuple(Decimal(value) for value in ("1.5", "2", "8.25", "12", "20", "9.5", "3", "14", "6"))
    return Chart(
        "bar",
        "按月压减水量",
        "万m³",
        months,
        (Series("压减水量", values),),
        cut_off="截至9月25日",
        part=(8,),
        places=2,
    )


def a_report(annex_rows: int = 60, towns: int = 3) -> Report:
    prose = Paragraph(
        "截至2025年9月25日，全旗现有机电井2835眼，本期封停43眼（其中超采区内26眼），压减地下水开采量1240.5万m³，"
        "占年度任务的77.13%。与上月相比，期末井数减少41眼：封停43眼、新增2眼。"
    )
    charts = Section("", (bar_chart(), month_chart()))
    annexes = tuple(
        Section(f"{town}封停井明细表", (list_table(town, annex_rows),), annex=True) for town in TOWNS[:towns]
    )
    return Report(
        name="monthly-progress",
        title="乌拉特中旗水资源管理工作进展月报",
        period="2025-09",
        period_label="2025年9月",
        as_of=AS_OF,
        subtitle="2025年9月（统计期：8月26日至9月25日，数据截至2025年9月25日）",
        reporting_unit="乌拉特中旗水利局",
        head_right="填报时间：2025年9月26日　单位：眼、万m³、本",
        sections=(Section("", (prose, county_table())), charts, *annexes),
        figures=(Figure("wells", "机电井", 2835, "眼", AS_OF, "期末在册的机电井", ("w1", "w2"), 0),),
        footnotes=(ROUNDED_NOTE, "“补报以前期”指以前期间发生、本期补录的事项。"),
    )
