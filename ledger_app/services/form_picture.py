"""A form as a picture-like grid with the proposal in it: what the window draws before anything is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final, Literal

from ledger_app.db import Connection
from ledger_app.export.form_view import FormSheet, Look
from ledger_app.export.xlsx.refs import Area, column_letters
from ledger_app.services.filling import Proposal, filled_plan
from ledger_app.services.form_ledgers import BETWEEN, FormLedger

Kind = Literal["form", "fixed", "record", "formula", "more"]
SHOWN_RECORDS: Final = 5
ROWS_BELOW: Final = 12
FORMULA: Final = "（公式）"
_LEFT_ALONE: Final = "（不填）"
_PIXELS_A_CHARACTER: Final = 7.0
_PIXELS_A_POINT: Final = 96 / 72


@dataclass(frozen=True, slots=True)
class PictureCell:
    """A cell of the picture. `place` is the form's own (row, column) from 1, (0, 0) in the rows of records;
    `rows` and `columns` are what a merge covers."""

    text: str
    kind: Kind
    look: Look
    place: tuple[int, int] = (0, 0)
    rows: int = 1
    columns: int = 1


@dataclass(frozen=True)
class Picture:
    """Cells by (row, column) from 0, widths and heights in pixels; `row_names` as Excel numbers rows, blank
    for the line that stands for the records not shown."""

    cells: Mapping[tuple[int, int], PictureCell]
    widths: Sequence[float]
    heights: Sequence[float]
    row_names: Sequence[str]

    @property
    def letters(self) -> list[str]:
        """A, B … Z, AA …"""
        return [column_letters(number) for number in range(1, len(self.widths) + 1)]


def picture(conn: Connection, proposal: Proposal) -> Picture:
    """The form with its fixed cells filled in and its first records in their rows."""
    return _Painter(conn, proposal).picture()


def field_choices(ledger: FormLedger) -> list[tuple[str, str]]:
    """(name, label) of what a column may be filled with, first nothing, then the ledger's own fields, then
    those of the records it refers to."""
    own = [(field.name, field.label) for field in ledger.own.fields]
    refs = {ref.name: ref.label for ref in ledger.entity.refs}
    others = [
        (field.name, f"{refs[field.name.partition(BETWEEN)[0]]} › {field.label}")
        for field in ledger.referred.fields
    ]
    return [("", _LEFT_ALONE), *own, *others]


@dataclass
class _Painter:
    conn: Connection
    proposal: Proposal

    @cached_property
    def sheet(self) -> FormSheet:
        return self.proposal.table.sheet

    @cached_property
    def lines(self) -> list[tuple[int, int]]:
        """What each row of the picture is: (the form's row, number of the record); (0, 0) for the rest."""
        table, shown = self.proposal.table, len(self.records)
        above = [(row, -1) for row in range(1, table.first_row)]
        blank = [(row, -1) for row in range(table.first_row + shown, table.last_row + 1)]
        inside = [(table.first_row, number) for number in range(shown)]
        more = [(0, 0)] if len(self.proposal.chosen.ids) > shown else []
        end = min(self.sheet.last_row, table.last_row + ROWS_BELOW)
        below = [(row, -1) for row in range(table.last_row + 1, end + 1)]
        return [*above, *inside, *(more or blank), *below]

    @cached_property
    def records(self) -> list[dict[int, str]]:
        """The first records, by the form's column."""
        ids = self.proposal.chosen.ids[:SHOWN_RECORDS]
        block = filled_plan(self.conn, self.proposal, ids).sheet.blocks[0]
        rows = block.rows[: len(ids)]
        return [{c: _shown(v) for c, v in zip(block.columns, row, strict=True)} for row in rows]

    def picture(self) -> Picture:
        width = max(self.sheet.last_column, max((h.index + 1 for h in self.proposal.table.heads), default=1))
        cells: dict[tuple[int, int], PictureCell] = {}
        for number, (row, record) in enumerate(self.lines):
            if row:
                cells |= {(number, c - 1): self._cell(row, c, record) for c in range(1, width + 1)}
            else:
                words = f"……共 {len(self.proposal.chosen.ids)} 行，填好后都在"
                cells[number, 0] = PictureCell(words, "more", Look(), columns=width)
        return Picture(
            self._merged(cells),
            [self.sheet.columns.width(c) * _PIXELS_A_CHARACTER + 5 for c in range(1, width + 1)],
            [self.sheet.height(row) * _PIXELS_A_POINT if row else 24 for row, _ in self.lines],
            self._row_names(),
        )

    def _cell(self, row: int, column: int, record: int) -> PictureCell:
        cell = self.sheet.cell(row, column)
        look = self.proposal.form.view.look(cell)
        if cell is not None and cell.formula is not None:
            return PictureCell(FORMULA, "formula", look)
        if record >= 0:
            text = self.records[record].get(column, "")
            return PictureCell(text, "record", look)
        fixed = self._fixed.get((row, column))
        text = fixed if fixed is not None else (cell.text if cell else "")
        return PictureCell(text, "form" if fixed is None else "fixed", look, (row, column))

    @cached_property
    def _fixed(self) -> dict[tuple[int, int], str]:
        return {(cell.row, cell.column): cell.new for cell in self.proposal.fixed}

    def _merged(self, cells: dict[tuple[int, int], PictureCell]) -> dict[tuple[int, int], PictureCell]:
        """Merges whose rows all stand in the picture, outside the rows that take records."""
        at = {row: number for number, (row, record) in enumerate(self.lines) if record < 0 and row}
        for area in self.sheet.merges:
            if area.row1 in at and area.row2 in at and at[area.row2] - at[area.row1] == area.row2 - area.row1:
                _merge(cells, at[area.row1], area)
        return cells

    def _row_names(self) -> list[str]:
        """As they will be numbered: what stands below moves down by the rows put in."""
        table = self.proposal.table
        moved = max(0, len(self.proposal.chosen.ids) - table.blank_rows)
        names = []
        for row, record in self.lines:
            number = table.first_row + record if record >= 0 else row + (moved if row > table.last_row else 0)
            names.append(str(number) if row else "")
        return names


def _merge(cells: dict[tuple[int, int], PictureCell], row: int, area: Area) -> None:
    anchor = cells.get((row, area.column1 - 1))
    if anchor is None:
        return
    rows, columns = area.row2 - area.row1 + 1, area.column2 - area.column1 + 1
    for down in range(rows):
        for right in range(columns):
            cells.pop((row + down, area.column1 - 1 + right), None)
    cells[row, area.column1 - 1] = PictureCell(
        anchor.text, anchor.kind, anchor.look, anchor.place, rows, columns
    )


def _shown(value: object) -> str:
    if value is None:
        return ""
    return (
        value.isoformat()
        if isinstance(value, date)
        else f"{value:.12g}"
        if isinstance(value, float)
        else str(value)
    )
