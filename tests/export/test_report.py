"""The report value: what is printed, and the document of `report --json`."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest

from ledger_app.export.report import (
    Chart,
    Column,
    Figure,
    Paragraph,
    Report,
    Row,
    Section,
    Series,
    Table,
    rounded,
    show,
    show_figure,
)

COLUMNS = (
    Column("town", "苏木乡镇"),
    Column("closed", "本期完成", "眼", 0, group=("封停",)),
    Column("volume", "压减水量", "万m³", 2, group=("封停",)),
    Column("rate", "完成率", "%", 2),
    Column("remark", "备注"),
)


def a_report() -> Report:
    rows = (
        Row(
            {"town": "德岭山镇", "closed": 3, "volume": Decimal("28.165"), "rate": Decimal("0.77126")},
            ("u1", "u2"),
        ),
        Row({"town": "合计", "closed": 0, "volume": None, "rate": None, "remark": ""}, ("u1",), "total"),
    )
    table = Table("关井压采", COLUMNS, rows)
    chart = Chart("bar", "按月", "眼", ("1月",), (Series("封停", (3,)),))
    figure = Figure("closed", "封停井", 3, "眼", date(2025, 9, 25), "本期封停的井", ("u1", "u2", "u3"), 0)
    return Report(
        name="monthly-progress",
        title="月报",
        period="2025-09",
        period_label="2025年9月",
        as_of=date(2025, 9, 25),
        sections=(Section("", (Paragraph("一"), table, chart)),),
        figures=(figure,),
    )


def test_the_json_document_has_exactly_the_promised_keys_and_plain_values() -> None:
    document = json.loads(json.dumps(a_report().as_json(), ensure_ascii=False))
    assert document == {
        "report": "monthly-progress",
        "period": "2025-09",
        "as_of": "2025-09-25",
        "tables": [
            {
                "title": "关井压采",
                "columns": [
                    {"name": "town", "label": "苏木乡镇", "unit": ""},
                    {"name": "closed", "label": "本期完成", "unit": "眼"},
                    {"name": "volume", "label": "压减水量", "unit": "万m³"},
                    {"name": "rate", "label": "完成率", "unit": "%"},
                    {"name": "remark", "label": "备注", "unit": ""},
                ],
                "rows": [
                    {
                        "town": "德岭山镇",
                        "closed": 3,
                        "volume": 28.17,
                        "rate": 0.7713,
                        "remark": None,
                        "_ids": ["u1", "u2"],
                    },
                    {"town": "合计", "closed": 0, "volume": None, "rate": None, "remark": "", "_ids": ["u1"]},
                ],
            }
        ],
        "figures": [
            {
                "name": "closed",
                "value": 3,
                "unit": "眼",
                "as_of": "2025-09-25",
                "basis": "本期封停的井",
                "count": 3,
                "_ids": ["u1", "u2", "u3"],
            }
        ],
    }


def test_zero_prints_0_unknown_prints_a_dash_and_what_does_not_apply_is_blank() -> None:
    closed, remark = COLUMNS[1], COLUMNS[4]
    assert [show(0, closed), show(None, closed), show("", closed), show(None, remark)] == ["0", "—", "", ""]


def test_printed_numbers_are_rounded_once_without_separators() -> None:
    assert show(Decimal("1234567.005"), COLUMNS[2]) == "1234567.01"
    assert show(Decimal("0.77125"), COLUMNS[3]) == "77.13"
    assert show(Decimal("0.77125"), COLUMNS[3], "half_even") == "77.12"
    assert show(Decimal("-0.004"), COLUMNS[2]) == "0.00"


@pytest.mark.parametrize(
    ("value", "mode", "expected"),
    [("28.165", "half_up", "28.17"), ("28.165", "half_even", "28.16"), ("28.175", "half_even", "28.18")],
)
def test_ties_follow_the_mode_of_the_report(value: str, mode: str, expected: str) -> None:
    assert str(rounded(Decimal(value), 2, mode)) == expected  # type: ignore[arg-type]


def test_a_binary_float_prints_as_it_is_read() -> None:
    assert show(0.21 + 0.1 + 0.6 + 0.7, Column("area", "面积", "万亩", 2)) == "1.61"


def test_dates_in_cells_print_in_chinese_and_go_to_json_as_iso() -> None:
    column = Column("on", "封停日期")
    table = Table("t", (column,), (Row({"on": date(2025, 9, 4)}),))
    report = Report("r", "t", "2025", "2025年", date(2025, 12, 31), sections=(Section("", (table,)),))
    assert show(date(2025, 9, 4), column) == "2025年9月4日"
    assert report.as_json()["tables"][0]["rows"][0]["on"] == "2025-09-04"


def test_the_unit_stands_in_the_head_once() -> None:
    assert COLUMNS[2].path == ("封停", "压减水量（万m³）")
    assert Column("v", "压减水量（万m³）", "万m³").head == "压减水量（万m³）"


def test_a_figure_speaks_with_its_unit() -> None:
    assert show_figure(Figure("rate", "完成率", Decimal("0.9"), "%", None, "", places=1)) == "90.0%"
