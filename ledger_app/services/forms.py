"""A superior's form understood: its tables as import sees them, with the rows that are to be filled.

Import (`ingest`) knows what rows and headings are, the fill engine (`export`) what cells hold; here the two
are laid over each other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Final

from ledger_app.core import units
from ledger_app.core.entity import Registry
from ledger_app.core.units import Unit
from ledger_app.export.form_view import FormSheet, FormView, view_form
from ledger_app.ingest import layout as layouts
from ledger_app.ingest.layout import SheetLayout
from ledger_app.ingest.mapping import ColumnHead
from ledger_app.ingest.sheets import knows
from ledger_app.ingest.workbook import read_workbook

# SUM(D6:D9) below the block: a column of one letter over several rows.
_DOWNWARDS: Final = re.compile(r"(?<![A-Z!])\$?([A-Z]{1,3})\$?(\d+):\$?\1\$?(\d+)(?!\d)")
_SERIAL: Final = re.compile(r"(?:序号|顺序号|行号|项次|编号顺序|NO\.?|№)", re.IGNORECASE)
_BLANK_SIGN: Final = re.compile(r"(?:无|没有|空白|缺)[^。；]{0,12}?填[写“\"‘']{0,2}\s*([/／—－-]{1,2})")


@dataclass(frozen=True, eq=False)
class FormTable:
    """A table of a form: its columns, and the rows `first_row` … `last_row` that take records.

    `serial` and `computed` are indexes of columns (from 0) that are counted, or hold the form's own
    formulas; `held` are rows that something was filled into before.
    """

    sheet: FormSheet
    layout: SheetLayout
    heads: tuple[ColumnHead, ...]
    meta_units: tuple[Unit, ...]
    first_row: int
    last_row: int
    total_rows: tuple[int, ...]

    @property
    def blank_rows(self) -> int:
        return self.last_row - self.first_row + 1

    @cached_property
    def title(self) -> str:
        """What the form says it is: sheet, title, period; not who fills it in and when."""
        pieces = re.split(r"\s{2,}|\n", self.layout.meta_text)
        bare = (piece for piece in pieces if "：" not in piece and ":" not in piece)
        return "\n".join((self.sheet.name, self.layout.title_text, *bare))

    @cached_property
    def serial(self) -> frozenset[int]:
        return frozenset(
            h.index for h in self.heads if h.path and _SERIAL.fullmatch("".join(h.path[-1].split()))
        )

    @cached_property
    def computed(self) -> frozenset[int]:
        row = self.sheet.rows.get(self.first_row, {})
        return frozenset(column - 1 for column, cell in row.items() if cell.formula is not None)

    @cached_property
    def open_heads(self) -> tuple[ColumnHead, ...]:
        """The columns that may take a field."""
        return tuple(h for h in self.heads if h.index not in self.serial | self.computed and any(h.path))

    @cached_property
    def held_columns(self) -> tuple[int, ...]:
        """Indexes of the columns in which something was filled in before; what stands alike in every row
        (a unit) belongs to the form."""
        rows = range(self.first_row, self.last_row + 1)
        texts = {h.index: {self.sheet.text(row, h.index + 1) for row in rows} for h in self.open_heads}
        return tuple(c for c, found in texts.items() if len(found) > 1 or (found != {""} and len(rows) == 1))

    @cached_property
    def held(self) -> tuple[int, ...]:
        """Rows of the block that were filled in before."""
        rows = range(self.first_row, self.last_row + 1)
        return tuple(r for r in rows if any(self.sheet.text(r, c + 1) for c in self.held_columns))

    @cached_property
    def blank_sign(self) -> str:
        """What the form wants where there is nothing (无内容的填“/”); empty where it does not say."""
        column = min((h.index + 1 for h in self.heads), default=1)
        notes = (self._line(row, column) for row in self.layout.note_rows)
        match = next(filter(None, map(_BLANK_SIGN.search, notes)), None)
        return match[1] if match else ""

    def _line(self, row: int, column: int) -> str:
        cells = self.sheet.rows.get(row, {})
        return " ".join(cell.text for number, cell in sorted(cells.items()) if number >= column and cell.text)


@dataclass(frozen=True, eq=False)
class Form:
    """A form: the file, how it looks, and the first table of every sheet that has one."""

    path: Path
    view: FormView
    tables: tuple[FormTable, ...]

    def table(self, sheet: str) -> FormTable | None:
        return next((t for t in self.tables if t.sheet.name == sheet), None)


def open_form(path: Path, registry: Registry) -> Form:
    """Read a form. LedgerError with a sentence for what is no .xlsx, is locked, damaged or hostile."""
    view = view_form(path)
    book = read_workbook(path)
    askers = [knows(entity) for entity in registry.places]

    @cache
    def known(text: str) -> bool:
        return any(ask(text) for ask in askers)

    tables = []
    for sheet in book.sheets:
        shown = view.sheet(sheet.name)
        if sheet.state == "visible" and shown is not None:
            layout = layouts.find_layout(sheet, known)
            if layout.kind == "data" and layout.header_rows != (0, 0):
                tables.append(_table(shown, layout, view))
    return Form(path, view, tuple(tables))


def _table(sheet: FormSheet, layout: SheetLayout, view: FormView) -> FormTable:
    heads = tuple(ColumnHead(c.index, c.letter, c.path) for c in layout.columns)
    found = (units.find_unit(text) for text in layouts.units_from_meta(layout.meta_text))
    first = _first_row(layout)
    totals = (*layout.total_rows, *(row for row in _summing_rows(sheet, first)))
    return FormTable(
        sheet,
        layout,
        heads,
        tuple(unit for unit in found if unit),
        first,
        _last_row(sheet, layout, view, heads, first, totals),
        tuple(sorted(set(totals))),
    )


def _first_row(layout: SheetLayout) -> int:
    """Below the header, its line of column numbers, and a total that stands on top."""
    row = layout.header_rows[1] + 1
    while row in layout.number_rows or row in layout.total_rows:
        row += 1
    return row


def _summing_rows(sheet: FormSheet, first: int) -> Iterator[int]:
    """Rows below the first that add up what stands above them, whatever they are called."""
    for row, cells in sheet.rows.items():
        if row > first and any(cell.formula and _sums_above(cell.formula, row) for cell in cells.values()):
            yield row


def _sums_above(formula: str, row: int) -> bool:
    return any(int(m[2]) < int(m[3]) < row for m in _DOWNWARDS.finditer(formula))


def _last_row(
    sheet: FormSheet,
    layout: SheetLayout,
    view: FormView,
    heads: Sequence[ColumnHead],
    first: int,
    totals: Sequence[int],
) -> int:
    """The last row before a total, a note, a signature or another table; else the last one with borders."""
    stops = [
        *totals,
        *layout.subtotal_rows,
        *layout.note_rows,
        *layout.footer_rows,
        *layout.repeated_header_rows,
        *layout.title_rows,
        *layout.meta_rows,
        *(row for row, _ in layout.section_rows),
    ]
    stop = min((row for row in stops if row > first), default=None)
    if stop is not None:
        return stop - 1
    row = first
    while row < sheet.last_row and _is_ruled(sheet, view, heads, row + 1):
        row += 1
    return row


def _is_ruled(sheet: FormSheet, view: FormView, heads: Sequence[ColumnHead], row: int) -> bool:
    """Whether at least half of the table's columns have a border there, or something stands in them."""
    cells = (sheet.cell(row, head.index + 1) for head in heads)
    ruled = sum(cell is not None and (bool(cell.text) or any(view.look(cell).borders)) for cell in cells)
    return ruled * 2 >= len(heads)
