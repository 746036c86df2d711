"""One report as a value: what every writer (PDF, workbook, document, screen, JSON) can write.

A builder in `reports/` computes; a writer only lays out. Values are exact or already rounded: they are
rounded here, once, to the places of their column or figure. A column whose unit is "%" holds fractions
(0.7713 prints 77.13); None is unknown and prints "—" among numbers; "" is a cell that does not apply.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal, TypeAlias

from ledger_app.core.units import Rounding, round_once

Align = Literal["", "left", "center", "right"]
RowKind = Literal["row", "subtotal", "total"]
TextStyle = Literal["body", "heading", "subheading", "note", "centered", "left", "right"]
ChartKind = Literal["bar", "stacked", "line", "barh"]
Role = Literal["plan", "actual", "part", "before", "other"]
Paper = Literal["a4_landscape", "a4", "a3_landscape"]
Json: TypeAlias = dict[str, Any]

UNKNOWN = "—"
SIGNATURE = ("单位负责人：", "审核人：", "填表人：", "联系电话：", "报出日期：　　年　月　日")
ROUNDED_NOTE = "部分合计数因四舍五入略有误差。"


@dataclass(frozen=True, slots=True)
class Figure:
    """One number with the records behind it. `basis` says in words what was counted."""

    name: str
    label: str
    value: Any
    unit: str
    as_of: date | None
    basis: str
    ids: tuple[str, ...] = ()
    places: int | None = None

    @property
    def count(self) -> int:
        return len(self.ids)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table. `places` makes it a column of numbers; `group` are the heads above it, outermost
    first: neighbours with equal groups share one merged head. `width` is in Chinese characters, 0 = by content.
    """

    name: str
    label: str
    unit: str = ""
    places: int | None = None
    align: Align = ""
    group: tuple[str, ...] = ()
    width: float = 0

    @property
    def is_rate(self) -> bool:
        return self.unit == "%"

    @property
    def is_number(self) -> bool:
        return self.places is not None

    @property
    def head(self) -> str:
        """The label with its unit, as a clerk reads it: 压减水量（万m³）."""
        if not self.unit or self.unit in self.label:
            return self.label
        return f"{self.label}（{self.unit}）"

    @property
    def path(self) -> tuple[str, ...]:
        return (*self.group, self.head)


@dataclass(frozen=True, slots=True)
class Row:
    """One line: values by column name, and the uids of the records it speaks of."""

    values: Mapping[str, Any]
    ids: tuple[str, ...] = ()
    kind: RowKind = "row"


@dataclass(frozen=True, slots=True)
class Table:
    """A table. `unit_line` stands at the right above the head (单位：眼、万m³); `note` under the last row."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    note: str = ""
    unit_line: str = ""

    @property
    def depth(self) -> int:
        """How many rows the head takes."""
        return max((len(column.path) for column in self.columns), default=1)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Prose. `body` is indented; `left` is a salutation, `right` who signs and the date."""

    text: str
    style: TextStyle = "body"


@dataclass(frozen=True, slots=True)
class Series:
    """One colour of a chart. `ids` holds, per bar, the uids of the records behind it."""

    name: str
    values: tuple[Any, ...]
    role: Role = "actual"
    ids: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Level:
    """A dashed line across a chart (管控水位, 年度任务)."""

    label: str
    value: Any


@dataclass(frozen=True, slots=True)
class Band:
    """A pale band over the categories `first`…`last`, counted from 0 (a yellow-card period)."""

    label: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart. Bars of the categories in `part` cover a part of their period: they are drawn lighter with
    `cut_off` (截至9月25日) under them; with no `part`, `cut_off` speaks of the whole chart.
    """

    kind: ChartKind
    title: str
    unit: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    note: str = ""
    cut_off: str = ""
    part: tuple[int, ...] = ()
    places: int = 0
    downward: bool = False
    levels: tuple[Level, ...] = ()
    bands: tuple[Band, ...] = ()


Part: TypeAlias = Table | Paragraph | Chart


@dataclass(frozen=True, slots=True)
class Section:
    """A run of parts. `annex` sections come after the signed page and carry 附件 in the corner."""

    title: str
    parts: tuple[Part, ...]
    new_page: bool = False
    annex: bool = False
    paper: Paper = "a4_landscape"


@dataclass(frozen=True, slots=True)
class Report:
    """A report ready to be written. `period` is the code (2025-09), `period_label` how it is said.

    `subtitle` is printed under the title and names the cut-off; `head_right` stands opposite the reporting
    unit (填报时间…　单位…); `signature` are the labels of the line that is signed, () for none.
    """

    name: str
    title: str
    period: str
    period_label: str
    as_of: date
    subtitle: str = ""
    reporting_unit: str = ""
    head_right: str = ""
    sections: tuple[Section, ...] = ()
    figures: tuple[Figure, ...] = ()
    signature: tuple[str, ...] = SIGNATURE
    footnotes: tuple[str, ...] = ()
    rounding: Rounding = "half_up"

    def parts(self) -> Iterator[Part]:
        for section in self.sections:
            yield from section.parts

    def tables(self) -> Iterator[Table]:
        return (part for part in self.parts() if isinstance(part, Table))

    def charts(self) -> Iterator[Chart]:
        return (part for part in self.parts() if isinstance(part, Chart))

    def as_json(self) -> Json:
        """The document of `report --json`: plain numbers and strings, rounded as they are printed."""
        return {
            "report": self.name,
            "period": self.period,
            "as_of": self.as_of.isoformat(),
            "tables": [_table_json(table, self.rounding) for table in self.tables()],
            "figures": [_figure_json(figure, self.rounding) for figure in self.figures],
        }


def rounded(value: Decimal | float, places: int, mode: Rounding = "half_up") -> Decimal:
    """Round once: a tie goes away from zero (as Excel does) or to the even digit; never "-0"."""
    result = round_once(value, places, mode)
    return abs(result) if result.is_zero() else result


def show(value: Any, column: Column, mode: Rounding = "half_up") -> str:
    """The text a cell prints: 0 is "0", unknown among numbers is "—", no thousands separators."""
    if value is None:
        return UNKNOWN if column.is_number else ""
    if is_number(value) and column.places is not None:
        scaled = Decimal(str(value)) * 100 if column.is_rate else value
        return f"{rounded(scaled, column.places, mode):f}"
    return show_plain(value)


def show_plain(value: Any) -> str:
    """A value of no declared places: dates as 2025年9月4日, numbers without trailing zeros."""
    if isinstance(value, date):
        return f"{value.year}年{value.month}月{value.day}日"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Decimal | float):
        text = f"{Decimal(str(value)):f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    return str(value)


def show_figure(figure: Figure, mode: Rounding = "half_up") -> str:
    """The figure as it stands in a sentence, with its unit: 43眼, 77.13%."""
    column = Column(figure.name, figure.label, figure.unit, figure.places)
    if figure.value is None:
        return UNKNOWN
    return show(figure.value, column, mode) + figure.unit


def is_number(value: Any) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def plain(value: Any, unit: str, places: int | None, mode: Rounding) -> Any:
    """A value as JSON takes it: rounded, no Decimal, ISO dates, a rate still a fraction."""
    if is_number(value):
        digits = None if places is None else places + 2 * (unit == "%")
        return _plain_number(value if digits is None else rounded(value, digits, mode))
    if isinstance(value, date):
        return value.isoformat()
    return value if value is None or isinstance(value, bool) else str(value)


def _plain_number(value: Decimal | float) -> int | float:
    if isinstance(value, int):
        return value
    return int(value) if value == int(value) else float(value)


def _table_json(table: Table, mode: Rounding) -> Json:
    return {
        "title": table.title,
        "columns": [{"name": c.name, "label": c.label, "unit": c.unit} for c in table.columns],
        "rows": [_row_json(row, table.columns, mode) for row in table.rows],
    }


def _row_json(row: Row, columns: tuple[Column, ...], mode: Rounding) -> Json:
    values = {c.name: plain(row.values.get(c.name), c.unit, c.places, mode) for c in columns}
    return {**values, "_ids": list(row.ids)}


def _figure_json(figure: Figure, mode: Rounding) -> Json:
    return {
        "name": figure.name,
        "value": plain(figure.value, figure.unit, figure.places, mode),
        "unit": figure.unit,
        "as_of": figure.as_of.isoformat() if figure.as_of else None,
        "basis": figure.basis,
        "count": figure.count,
        "_ids": list(figure.ids),
    }
