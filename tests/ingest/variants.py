"""Workbooks as other towns would have made them: known records in other headings, forms and layouts.

`make(ledger, seed)` is the same for the same seed. It gives rows of cells by sheet, ready to be written, and
what every row should become: outcome, values, the field a doubt is about, the value to suggest.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from tests.ingest.variant_cells import (
    DATES,
    DEGREES,
    as_it_is,
    as_text,
    dotted,
    full_width,
    in_words,
    scaled,
    with_unit,
)
from tests.ingest.variant_faults import FAULTS, Cells, Expect
from tests.ingest.variant_words import FUNDS, STRANGERS, WORDS

Record = dict[str, Any]
_TITLES: Final = {
    "wells": "农用机电井基本情况登记表",
    "permits": "取水许可证发放登记表",
    "closures": "地下水超采区机井封闭明细表",
    "projects": "高效节水灌溉工程建设情况表",
}
_SUBTOTALS: Final = ("小计", "合计", "{}小计", "{}合计", "小  计", "累计", "本村小计", "{}累计")
_TOTALS: Final = ("合计", "总计", "全镇合计", "合  计", "累计", "共计", "全旗合计", "总 计")
_ENDS: Final = (
    ("注：表中水量为年取水量。",),
    ("填表人：张某  审核人：李某  填表日期：2025年9月20日",),
    ("说明：1.井深以实测为准。", "单位负责人（签字）：      填表人：王某"),
    ("备注：本表一式三份。",),
    (),
)


@dataclass
class Column:
    """A column to be written: its heading from the group down, and the cell for a record."""

    path: tuple[str, ...]
    fields: tuple[str, ...]
    cell: Callable[[Record], Any]


@dataclass
class Page:
    """One sheet: rows of cells from (`top`, `left`), merges, hidden rows and columns, what each row is."""

    name: str
    top: int
    left: int
    rows: list[list[Any]] = field(default_factory=list)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    expected: dict[int, Expect] = field(default_factory=dict)

    def number(self, index: int) -> int:
        return self.top + index + 1


@dataclass
class Variant:
    ledger: str
    seed: int
    pages: list[Page]

    @property
    def expected(self) -> dict[tuple[str, int], Expect]:
        return {(p.name, row): e for p in self.pages for row, e in p.expected.items()}


def make(ledger: str, seed: int, records: Sequence[Record], *, plain: bool = False) -> Variant:
    """`plain`: as a csv can hold it, one table from the first row on without merges."""
    rng = random.Random(f"{ledger} {seed}")
    picked = sorted(rng.sample(range(len(records)), min(len(records), rng.randint(24, 40))))
    rows = [dict(records[i]) for i in picked]
    by_town = ledger == "wells" and rng.random() < 0.5 and not plain
    columns = _Dress(ledger, rng).columns(town_said=not by_town)
    groups: dict[str, list[Record]] = {}
    for row in rows:
        groups.setdefault(row.get("town", "") if by_town else "", []).append(row)
    slips = [fault for fault in FAULTS[ledger] if not (plain and fault.typed_only)]
    faults = rng.sample(slips, k=min(len(slips), 9))
    pages: list[Page] = []
    for town, members in groups.items():
        own = [f for i, f in enumerate(faults) if i % len(groups) == len(pages)]
        pages.append(_Writer(ledger, rng, columns, plain).page(town, members, own))
    return Variant(ledger, seed, pages)


class _Dress:
    """Chooses how this office heads its columns and writes its cells."""

    def __init__(self, ledger: str, rng: random.Random) -> None:
        self._ledger, self._rng = ledger, rng
        self._grouped = rng.random() < 0.6
        self._date = rng.choice(DATES)
        self._number = rng.choice((as_it_is, as_it_is, as_text, with_unit, full_width))
        self._degrees = rng.choice(DEGREES)
        self._groups: dict[str, str] = {}

    def columns(self, *, town_said: bool) -> list[Column]:
        made: list[Column] = []
        words = WORDS[self._ledger]
        one_point = self._ledger == "wells" and self._rng.random() < 0.25
        one_range = self._ledger == "permits" and self._rng.random() < 0.35
        for name, (groups, own, units) in words.items():
            if name == "town" and not town_said and self._ledger == "wells":
                continue
            if one_point and name in ("longitude", "latitude"):
                made += [self._point()] if name == "longitude" else []
            elif one_range and name in ("valid_from", "valid_to"):
                made += [self._range()] if name == "valid_from" else []
            else:
                group = self._group(groups)
                made += self._plain(name, group, own.split("|"), units)
        self._add_funds(made)
        for stranger in self._rng.sample(STRANGERS, 2):
            if not (stranger.startswith(("动", "降")) and self._ledger != "wells"):
                made.insert(self._rng.randint(3, len(made)), Column((stranger,), (), lambda r: "略"))
        if self._rng.random() < 0.75:
            made.insert(0, Column(("序号",), (), lambda r: None))
        return made

    def _group(self, groups: str) -> str:
        """One group of columns has one name in a table."""
        return self._groups.setdefault(groups, self._rng.choice(groups.split("|")))

    def _plain(self, name: str, group: str, own: Sequence[str], units: str) -> list[Column]:
        label = self._rng.choice(own)
        alone = len(label) == 1 or label in ("型号", "功率", "开工", "完工", "计划", "完成", "合计", "面积")
        head = (group,) if group and (self._grouped or alone) else ()
        if not units:
            return [Column((*head, label), (name,), self._cell(name))]
        symbol, factor = self._rng.choice(units.split()).split(":")
        put = self._number
        how = self._rng.random()
        path = (
            (*head, f"{label}（{symbol}）")
            if how < 0.5
            else (*head, f"{label}({symbol})")
            if how < 0.7
            else (*head, label, symbol)
        )

        def cell(record: Record) -> Any:
            value = record.get(name)
            return None if value is None else put(scaled(value, factor), symbol)

        return [Column(path, (name,), cell)]

    def _cell(self, name: str) -> Callable[[Record], Any]:
        if name.endswith("_on") or name.startswith("valid_"):
            return lambda r: None if r.get(name) is None else self._date(r[name])
        if name in ("longitude", "latitude"):
            return lambda r: None if r.get(name) is None else self._degrees(r[name], name)
        if name == "well_codes":
            glue = self._rng.choice(("、", "；", ",", "\n", " ", "，"))
            return lambda r: glue.join(r.get(name) or ()) or None
        return lambda r: r.get(name)

    def _point(self) -> Column:
        form = self._rng.choice(
            ("{0},{1}", "E{0} N{1}", "东经{0}° 北纬{1}°", "{0}，{1}", "{0}/{1}", "N{1}，E{0}")
        )
        head = self._rng.choice(("经纬度", "坐标（经度,纬度）", "地理坐标", "井位坐标", "坐标", "经纬度坐标"))
        fields = ("longitude", "latitude")
        return Column(
            (head,),
            fields,
            lambda r: None if r.get("longitude") is None else form.format(r["longitude"], r["latitude"]),
        )

    def _range(self) -> Column:
        form = self._rng.choice(("{}-{}", "{}至{}", "{}—{}", "{} ~ {}", "自{}起至{}止", "{}到{}"))
        dot = self._rng.choice((dotted, in_words))
        head = self._rng.choice(
            ("有效期", "有效期限", "许可证有效期", "取水期限", "许可期限", "有效期（起止）", "有效期起止")
        )

        def cell(r: Record) -> Any:
            return (
                form.format(dot(r["valid_from"]), dot(r["valid_to"]))
                if r.get("valid_from") and r.get("valid_to")
                else None
            )

        return Column((head,), ("valid_from", "valid_to"), cell)

    def _add_funds(self, made: list[Column]) -> None:
        if self._ledger != "projects" or self._rng.random() < 0.4:
            return
        at = next(i for i, c in enumerate(made) if "investment_yuan" in c.fields)
        total = made[at]
        unit = "万元" if "万元" in "".join(total.path) else "元"
        factor = "10000" if unit == "万元" else "1"
        words = [self._rng.choice(group.split("|")) for group in FUNDS]
        for i, word in enumerate(words):
            made.insert(at + i, Column((f"资金（{unit}）", word), (f"fund{i}",), _fund(i, factor)))
        total.path = (f"资金（{unit}）", self._rng.choice(("合计", "小计", "总投资")))
        total.cell = lambda r: (
            None if r.get("investment_yuan") is None else scaled(r["investment_yuan"], factor)
        )


def _fund(i: int, factor: str) -> Callable[[Record], Any]:
    return lambda r: scaled(r["funds"][i], factor) if r.get("funds") else None


class _Writer:
    """Lays one table out on one sheet."""

    def __init__(self, ledger: str, rng: random.Random, columns: list[Column], plain: bool) -> None:
        self._ledger, self._rng, self._columns, self._plain = ledger, rng, columns, plain

    def page(self, town: str, records: list[Record], faults: Sequence[Any]) -> Page:
        rng = self._rng
        shifted = rng.random() < 0.4 and not self._plain
        page = Page(
            town or rng.choice(("Sheet1", "台账", "明细表", "汇总")),
            rng.randint(0, 2) * shifted,
            rng.randint(0, 2) * shifted,
        )
        for line in self._above(town):
            page.rows.append([line])
        self._header(page)
        rows = self._with_faults(records, faults)
        if rng.random() < 0.3:
            self._total(page, rng.choice(_TOTALS), 0)
        self._body(page, rows)
        if rng.random() < 0.8:
            self._total(page, rng.choice(_TOTALS), 0)
        for line in rng.choice(_ENDS):
            page.rows.append([line])
        self._hide(page)
        return page

    def _above(self, town: str) -> list[str]:
        title = f"{town or '示例旗'}{_TITLES[self._ledger]}"
        lines = [
            [title],
            [title, "填报单位：水利局          填报时间：2025年9月"],
            ["附件2", title, "（截至2025年9月）"],
            [],
        ]
        return self._rng.choice(lines[:3]) if town else self._rng.choice(lines)

    def _header(self, page: Page) -> None:
        depth = max(len(c.path) for c in self._columns)
        top = len(page.rows)
        grid: list[list[Any]] = [[None] * len(self._columns) for _ in range(depth)]
        for at, column in enumerate(self._columns):
            for level, text in enumerate(self._levels(column.path, depth)):
                grid[level][at] = text
        for at in range(len(self._columns)):
            blank = next((level for level in range(depth) if grid[level][at] is not None), 0)
            end = blank
            while end + 1 < depth and grid[end + 1][at] is None:
                end += 1
            if end > blank:
                page.merges.append((top + blank, at, top + end, at))
        for level in range(depth - 1):
            self._merge_groups(page, grid, level, top)
        page.rows += grid

    def _levels(self, path: tuple[str, ...], depth: int) -> list[str | None]:
        return [*path, *([None] * (depth - len(path)))]

    def _merge_groups(self, page: Page, grid: list[list[Any]], level: int, top: int) -> None:
        at = 0
        while at < len(self._columns):
            end = at
            text = grid[level][at]
            grouped = text and level + 1 < len(grid) and grid[level + 1][at]
            while (
                grouped
                and end + 1 < len(self._columns)
                and grid[level][end + 1] == text
                and grid[level + 1][end + 1]
            ):
                end += 1
                grid[level][end] = None
            if end > at:
                page.merges.append((top + level, at, top + level, end))
            at = end + 1

    def _with_faults(self, records: list[Record], faults: Sequence[Any]) -> list[tuple[Cells, Expect]]:
        rows: list[tuple[Cells, Expect]] = []
        free = self._rng.sample(range(len(records)), len(records))
        taken = {}
        for fault in faults:
            at = next((i for i in free if i not in taken and fault.suits(records[i], self._known())), None)
            if at is not None:
                taken[at] = fault
        for i, record in enumerate(records):
            cells = [column.cell(record) for column in self._columns]
            expect = Expect("accept", {n: v for n, v in record.items() if n in self._known()})
            rows.append((cells, expect))
            if i in taken:
                rows += taken[i].inject(record, cells, expect, self._columns, self._rng)
        return rows

    def _known(self) -> set[str]:
        return {name for column in self._columns for name in column.fields if not name.startswith("fund")}

    def _body(self, page: Page, rows: Sequence[tuple[Cells, Expect]]) -> None:
        rng = self._rng
        places = (
            [i for i, c in enumerate(self._columns) if set(c.fields) & {"town", "village"}]
            if self._ledger == "wells"
            else []
        )
        style = (
            rng.choice(("each", "same", "first", "merged"))
            if not self._plain
            else rng.choice(("each", "same", "first"))
        )
        totals = rng.random() < 0.5 and bool(places)
        before: list[Any] = []
        word, number = rng.choice(_SUBTOTALS), 0
        starts: dict[int, int] = {}
        for cells, expect in rows:
            now = [cells[p] for p in places]
            if before and now != before and totals and style != "same":
                self._total(page, word.format(before[-1]), len(places) - 1)
                before, starts = [], {}
            number += 1  # noqa: SIM113  goes on over the rows
            shown = [
                number if not c.fields and c.path[0] == "序号" else v
                for c, v in zip(self._columns, cells, strict=True)
            ]
            changed = False
            for k, p in enumerate(places):
                changed = changed or not before or before[k] != now[k]
                if not changed and style != "each":
                    shown[p] = "同上" if style == "same" else None
                elif style == "merged":
                    starts[p] = len(page.rows)
            if style == "merged":
                self._grow(page, starts)
            page.expected[page.number(len(page.rows))] = expect
            page.rows.append(shown)
            before = now
            if rng.random() < 0.02:
                page.rows.append([])
                before, starts = [], {}

    def _grow(self, page: Page, starts: dict[int, int]) -> None:
        for p, start in starts.items():
            page.merges[:] = [m for m in page.merges if m[:2] != (start, p)]
            if len(page.rows) > start:
                page.merges.append((start, p, len(page.rows), p))

    def _total(self, page: Page, word: str, at: int) -> None:
        serial = int(not self._columns[0].fields)
        row: list[Any] = [None] * len(self._columns)
        row[(at + serial) if self._rng.random() < 0.7 else 0] = word
        numbers = [
            i
            for i, c in enumerate(self._columns)
            if "volume" in "".join(c.fields) or "area" in "".join(c.fields)
        ]
        for i in numbers:
            row[i] = 1234.5
        page.rows.append(row)

    def _hide(self, page: Page) -> None:
        if self._rng.random() < 0.3 and page.expected:
            page.hidden_rows.add(self._rng.choice(list(page.expected)))
        strangers = [i for i, c in enumerate(self._columns) if not c.fields]
        if self._rng.random() < 0.3 and strangers:
            page.hidden_columns.add(strangers[-1])


def write_xlsx(variant: Variant, path: Path) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for page in variant.pages:
        _fill(book.create_sheet(page.name), page)
    if variant.seed % 3 == 0:
        sheet = book.create_sheet("填表说明")
        for line in ("填表说明", "1. 井深填实测值，单位为米。", "2. 许可水量按许可证填写。"):
            sheet.append([line])
    book.save(path)
    return path


def _fill(sheet: Worksheet, page: Page) -> None:
    for r, row in enumerate(page.rows):
        for c, value in enumerate(row):
            if value is not None:
                sheet.cell(page.top + r + 1, page.left + c + 1, value)
    for top, left, bottom, right in page.merges:
        sheet.merge_cells(
            start_row=page.top + top + 1,
            start_column=page.left + left + 1,
            end_row=page.top + bottom + 1,
            end_column=page.left + right + 1,
        )
    for number in page.hidden_rows:
        sheet.row_dimensions[number].hidden = True
    for column in page.hidden_columns:
        sheet.column_dimensions[openpyxl.utils.get_column_letter(page.left + column + 1)].hidden = True


def write_csv(variant: Variant, path: Path, encoding: str) -> Path:
    """The first page; dates as a spreadsheet would write them, no ³ and ² where the encoding has none."""
    with path.open("w", encoding=encoding, newline="") as file:
        for row in variant.pages[0].rows:
            csv.writer(file).writerow([_as_said(cell, encoding) for cell in row])
    return path


def _as_said(cell: Any, encoding: str) -> str:
    text = "" if cell is None else str(cell.date() if isinstance(cell, datetime) else cell)
    return text.replace("³", "3").replace("²", "2") if encoding == "gbk" else text
