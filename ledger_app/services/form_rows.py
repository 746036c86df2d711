"""The records of a form as rows of its block: counted, converted, in the form's words; totals it leaves open."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Final

from ledger_app.core import units
from ledger_app.db import Connection
from ledger_app.export.fill import Block, SheetPlan
from ledger_app.export.form_view import FormView
from ledger_app.services.form_columns import Listing
from ledger_app.services.form_values import Cell, ColumnWriter, Rounding
from ledger_app.services.forms import FormTable

Progress = Callable[[int, int, str], object]  # done, total, what; may raise to end the work
MOST_WORDS: Final = 6


@dataclass
class Filled:
    """What goes into the sheet, how many records there are, and what the clerk should look at."""

    sheet: SheetPlan
    rows: int = 0
    notes: list[str] = field(default_factory=list)


def fill_plan(
    conn: Connection,
    view: FormView,
    listing: Listing,
    ids: Sequence[int],
    day: date,
    *,
    masked: bool,
    rounding: Rounding,
    progress: Progress | None = None,
) -> Filled:
    """The block of a form with these records; columns without a field, and the form's formulas, are left."""
    table = listing.table
    writers = _writers(view, listing, masked=masked, rounding=rounding)
    columns = sorted({*writers, *table.held_columns, *(table.serial - table.computed)})
    rows = list(_rows(conn, listing, writers, columns, ids, day, progress))
    notes = _foreign_words(listing, writers, columns, rows)
    cells = _open_totals(table, writers, columns, rows)
    spare = _spare(table, columns, len(rows))
    if spare:
        notes.append(f"原来的行比这次多 {len(spare)} 行，多出的已清空，可以自己删掉。")
    block = Block(table.first_row, table.blank_rows, [c + 1 for c in columns], [*rows, *spare])
    return Filled(SheetPlan(cells, [block]), len(rows), notes)


def _writers(
    view: FormView, listing: Listing, *, masked: bool, rounding: Rounding
) -> dict[int, ColumnWriter]:
    table, found = listing.table, {}
    paths = {head.index: head.path for head in table.heads}
    for index, match in listing.matches.items():
        row = table.first_row
        found[index] = ColumnWriter(
            match.field,
            match.unit,
            view.look(table.sheet.cell(row, index + 1)),
            table.sheet.words_at(row, index + 1),
            "".join(paths[index]),
            masked,
            rounding,
        )
    return found


def _rows(
    conn: Connection,
    listing: Listing,
    writers: Mapping[int, ColumnWriter],
    columns: Sequence[int],
    ids: Sequence[int],
    day: date,
    progress: Progress | None,
) -> Iterator[list[Cell]]:
    table = listing.table
    names = [writers[c].field.name for c in columns if c in writers]
    steps = [_step(table, writers, column) for column in columns]
    number = 0
    for page in listing.ledger.rows(conn, ids, names, day):
        for row in page:
            number += 1
            yield [number if step is None else step(row) for step in steps]
        if progress:
            progress(number, len(ids), "填写各行")


def _step(
    table: FormTable, writers: Mapping[int, ColumnWriter], column: int
) -> Callable[[Mapping[str, Any]], Cell] | None:
    """What makes a column's cell of a record; None for the column that counts."""
    if column in table.serial:
        return None
    nothing: Cell = table.blank_sign or None
    if column in table.held_columns:
        nothing = nothing or ""  # what was filled in before belongs to another record
    if column not in writers:
        return lambda _row: ""
    name, write = writers[column].field.name, writers[column].write

    def cell(row: Mapping[str, Any]) -> Cell:
        found = write(row[name])
        return nothing if found is None else found

    return cell


def _foreign_words(
    listing: Listing,
    writers: Mapping[int, ColumnWriter],
    columns: Sequence[int],
    rows: Sequence[Sequence[Cell]],
) -> list[str]:
    """Words that a column's drop-down does not offer: filled in all the same, and said."""
    notes, blank = [], listing.table.blank_sign
    for place, index in enumerate(columns):
        writer = writers.get(index)
        if writer is None or not writer.words:
            continue
        words = dict.fromkeys(str(row[place]) for row in rows if writer.foreign_word(row[place]))
        named = [word for word in words if word != blank]
        if named:
            more = "等" if len(named) > MOST_WORDS else ""
            notes.append(
                f"“{writer.field.label}”一列里的{'、'.join(named[:MOST_WORDS])}{more}不在这张表的下拉选项里，请核对。"
            )
    return notes


def _open_totals(
    table: FormTable,
    writers: Mapping[int, ColumnWriter],
    columns: Sequence[int],
    rows: Sequence[Sequence[Cell]],
) -> dict[tuple[int, int], Any]:
    """Sums where the form has a total row that adds nothing up itself: the printed values added exactly."""
    below = [row for row in table.total_rows if row == table.last_row + 1]
    cells: dict[tuple[int, int], Any] = {}
    for row in below:
        for place, index in enumerate(columns):
            writer = writers.get(index)
            cell = table.sheet.cell(row, index + 1)
            if writer and writer.sums and cell and not cell.text and cell.formula is None:
                numbers = (r[place] for r in rows if isinstance(r[place], int | float))
                cells[row, index + 1] = units.plain(sum((Decimal(str(n)) for n in numbers), Decimal(0)))
    return cells


def _spare(table: FormTable, columns: Sequence[int], count: int) -> list[list[Cell]]:
    """Rows that clear what the form was filled with before and is not filled with now."""
    last = max(table.held, default=0)
    return [[""] * len(columns) for row in range(table.first_row + count, last + 1)]
