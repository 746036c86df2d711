"""PLAN.json: which cells of which sheet take what, checked before anything is opened."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from decimal import Decimal
from itertools import pairwise
from operator import itemgetter
from typing import Any

from ledger_app.core.errors import LedgerError
from ledger_app.export.xlsx.refs import MAX_COLUMN, MAX_ROW, Area, address, column_number, parse_address

MAX_CELL_TEXT = 32_767
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")

Value = None | str | int | float | bool | date


@dataclass(slots=True)
class Block:
    """Rows that go into the blank rows `first_row` … `first_row + blank_rows - 1` of a form.

    `columns` are column numbers, `rows` lists of values in their order (shorter lists leave the rest).
    `continue_text`: text too long for the highest row Excel knows goes on in a further row. `values` are
    the rows by column, set when the plan is checked.
    """

    first_row: int
    blank_rows: int
    columns: list[int]
    rows: Sequence[Sequence[Value]]
    continue_text: bool = True
    values: list[list[Value]] = field(default_factory=list)

    @property
    def last_row(self) -> int:
        return self.first_row + self.blank_rows - 1


@dataclass(slots=True)
class SheetPlan:
    cells: dict[tuple[int, int], Value] = field(default_factory=dict)
    blocks: list[Block] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        """Whether nothing is set and no row is put in."""
        if any(value is not None for value in self.cells.values()):
            return False
        return all(
            len(block.rows) <= block.blank_rows and all(v.count(None) == len(v) for v in block.values)
            for block in self.blocks
        )


@dataclass(slots=True)
class Plan:
    sheets: dict[str, SheetPlan] = field(default_factory=dict)


def _refuse(text: str) -> LedgerError:
    return LedgerError(text, "bad_plan")


def parse_plan(raw: Mapping[str, Any] | Plan) -> Plan:
    """The plan of a form; LedgerError says which entry cannot be understood."""
    if isinstance(raw, Plan):
        return Plan({name: _checked(name, sheet) for name, sheet in raw.sheets.items()})
    sheets = _entries(raw, "填表方案", {"sheets"}).get("sheets") or {}
    return Plan({name: _parse_sheet(name, sheet) for name, sheet in _mapping(sheets, "“sheets”").items()})


def _checked(name: str, sheet: SheetPlan) -> SheetPlan:
    """A plan made in code, its values as those of PLAN.json."""
    cells = {p: parse_value(v, f"工作表“{name}”的 {address(*p)}") for p, v in sheet.cells.items()}
    blocks = [_with_values(name, block) for block in sheet.blocks]
    _check_overlaps(name, SheetPlan(cells, blocks))
    return SheetPlan(cells, blocks)


def _mapping(raw: Any, what: str) -> Mapping[str, Any]:
    if not isinstance(raw, Mapping):
        raise _refuse(f"填表方案里的{what}写法不对，应当是一组“名称: 内容”。")
    return raw


def _entries(raw: Any, what: str, known: set[str]) -> Mapping[str, Any]:
    entries = _mapping(raw, what)
    unknown = [key for key in entries if key not in known]
    if unknown:
        raise _refuse(f"{what}里有看不懂的一项“{unknown[0]}”。")
    return entries


def _parse_sheet(name: str, raw: Any) -> SheetPlan:
    entries = _entries(raw, f"工作表“{name}”的填表方案", {"cells", "blocks"})
    plan = SheetPlan()
    for text, value in _mapping(entries.get("cells") or {}, "“cells”").items():
        place = parse_address(text)
        if place is None:
            raise _refuse(f"工作表“{name}”的填表方案里“{text}”不是一个单元格地址。")
        if place in plan.cells:
            raise _refuse(f"工作表“{name}”的单元格 {address(*place)} 在填表方案里出现了两次。")
        plan.cells[place] = parse_value(value, f"工作表“{name}”的 {address(*place)}")
    plan.blocks = [_parse_block(name, block) for block in _list(entries.get("blocks") or [], name)]
    _check_overlaps(name, plan)
    return plan


def _list(raw: Any, name: str) -> Sequence[Any]:
    if isinstance(raw, str) or not isinstance(raw, Sequence):
        raise _refuse(f"工作表“{name}”的填表方案里应当是一个列表的地方不是列表。")
    return raw


_BLOCK_KEYS = {"first_row", "blank_rows", "columns", "rows", "continue_text"}


def _parse_block(name: str, raw: Any) -> Block:
    entries = _entries(raw, f"工作表“{name}”的填表区", _BLOCK_KEYS)
    first, blank = (_whole(name, entries.get(key), key) for key in ("first_row", "blank_rows"))
    if first + blank - 1 > MAX_ROW:
        raise _refuse(f"工作表“{name}”的填表区超出了表格的最后一行。")
    columns = [_column(name, column) for column in _list(entries.get("columns"), name)]
    if not columns or len(set(columns)) < len(columns):
        raise _refuse(f"工作表“{name}”的填表区没有写明填哪几列，或同一列写了两次。")
    rows = _list(entries.get("rows") or [], name)
    return _with_values(
        name, Block(first, blank, columns, rows, entries.get("continue_text", True) is not False)
    )


def _whole(name: str, value: Any, key: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= MAX_ROW:
        raise _refuse(f"工作表“{name}”的填表区里“{key}”应当是 1 以上的行数。")
    return value


def _column(name: str, value: Any) -> int:
    number = column_number(value) if isinstance(value, str) and value.isascii() and value.isalpha() else 0
    if not 1 <= number <= MAX_COLUMN:
        raise _refuse(f"工作表“{name}”的填表区里“{value}”不是列号。")
    return number


# Values of these types pass as they are; a column of nothing else needs no second look.
_ORDINARY = frozenset({str, int, bool, float, type(None)})


def _with_values(name: str, block: Block) -> Block:
    """The block with its values checked and turned into columns: whole columns at once where they are
    ordinary, value by value otherwise."""
    width = len(block.columns)
    if set(map(type, block.rows)) <= {list, tuple} and max(map(len, block.rows), default=0) <= width:
        values = by_column(block.rows, width)
        if all(map(_is_ordinary, values)):
            return replace(block, values=values)
    rows = [_parse_row(f"工作表“{name}”填表区第 {n} 行", row, width) for n, row in enumerate(block.rows, 1)]
    return replace(block, rows=rows, values=by_column(rows, width))


def by_column(rows: Sequence[Sequence[Value]], width: int) -> list[list[Value]]:
    """Rows of values, short ones filled up with None, as columns."""
    if min(map(len, rows), default=0) < width:
        rows = [[*row, *[None] * (width - len(row))] for row in rows]
    return [list(map(itemgetter(index), rows)) for index in range(width)]


def _is_ordinary(values: list[Any]) -> bool:
    kinds = set(map(type, values))
    # A sum is only finite when each of the numbers is.
    return kinds <= _ORDINARY and (
        float not in kinds or math.isfinite(sum([v for v in values if type(v) is float]))
    )


def _parse_row(where: str, row: Any, width: int) -> Sequence[Value]:
    values = _list(row, where)
    if len(values) > width:
        raise _refuse(f"{where}的内容比列数多。")
    return [parse_value(value, where) for value in values]


def parse_value(value: Any, where: str) -> Value:
    """One value of the plan: text stays text, `{"date": …}` becomes a date when it names a day."""
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, (float, Decimal)):
        if not math.isfinite(value):
            raise _refuse(f"{where}的数不是一个有限的数。")
        return _number(value)
    if isinstance(value, date):
        return value
    if isinstance(value, Mapping) and set(value) == {"date"} and isinstance(value["date"], str):
        return _date(value["date"], where)
    raise _refuse(f"{where}的内容看不懂，只能是文字、数、日期或留空。")


def _number(value: float | Decimal) -> float | int:
    number = float(value)
    return int(number) if number.is_integer() and abs(number) < 1e15 else number


def _date(text: str, where: str) -> Value:
    """A day, or a day and time; a month or a year alone (`2012-05`) stays as its text."""
    try:
        if _ISO.fullmatch(text):
            return date.fromisoformat(text)
        if "T" in text or " " in text.strip():
            return datetime.fromisoformat(text.strip()).replace(tzinfo=None)
    except ValueError as error:
        raise _refuse(f"{where}的日期“{text}”不存在。") from error
    if re.fullmatch(r"\d{4}(-\d{2})?", text):
        return text
    raise _refuse(f"{where}的日期“{text}”看不懂，应当写成 2025-09-30 这样。")


def _check_overlaps(name: str, plan: SheetPlan) -> None:
    blocks = sorted(plan.blocks, key=lambda block: block.first_row)
    for block, following in pairwise(blocks):
        if following.first_row <= block.last_row:
            raise _refuse(
                f"工作表“{name}”的两个填表区占了同样的行（第 {following.first_row} 行），请分开或并成一个。"
            )


def excel_serial(value: date, date1904: bool) -> int | float:
    """Days since the workbook's epoch, 1900 with its 29 February or 1904."""
    moment = value if isinstance(value, datetime) else datetime.combine(value, time())
    epoch = datetime(1904, 1, 1) if date1904 else datetime(1899, 12, 30)  # noqa: DTZ001
    delta = moment - epoch
    days = delta.days - (1 if not date1904 and 0 < delta.days < 61 else 0)
    seconds = delta.seconds + delta.microseconds / 1e6
    return days + seconds / 86400 if seconds else days


def block_area(block: Block) -> Area:
    return Area(block.first_row, min(block.columns), block.last_row, max(block.columns))
