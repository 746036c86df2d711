"""Tables of any source: a list under a header row, or a form with a label beside each value."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from ledger_app.ingest.documents import labels
from ledger_app.ingest.documents.source import Line, Source


@dataclass(frozen=True, slots=True)
class Cell:
    """A table cell: the ranges of its paragraphs; `repeated`: it continues the merged cell above it;
    `full`: for each range that is a printed line, whether it reaches the right edge of the cell."""

    paragraphs: tuple[tuple[int, int], ...]
    repeated: bool = False
    full: tuple[bool, ...] = ()

    def joined(self, below: Cell) -> Cell:
        """The cell with its continuation on the next page."""
        return Cell(self.paragraphs + below.paragraphs, self.repeated, self.full + below.full)


def words_of(text: str, cell: Cell) -> str:
    return "".join("".join(text[start:end].split()) for start, end in cell.paragraphs)


def header_row(text: str, rows: list[list[Cell]]) -> int | None:
    """The row that heads a list of records: two labels side by side, and most of its cells are labels.

    A form with a label beside each value (责任单位 | 市水务局) has none.
    """
    for number, row in enumerate(rows[:4]):
        known = [bool(cell.paragraphs) and labels.field_of(words_of(text, cell)) is not None for cell in row]
        side_by_side = any(a and b for a, b in pairwise(known))
        if side_by_side and sum(known) * 2 > len(row) and number + 1 < len(rows):
            return number
    return None


def add_table(source: Source, text: str, rows: list[list[Cell]]) -> None:
    """Add the lines of a table, cell after cell; under a header row each cell knows what heads it.

    `text` is the text written so far, which the cells count in. The header row itself is no text.
    """
    header = header_row(text, rows)
    heads = [_head(text, cell) for cell in rows[header]] if header is not None else []
    number = source.lines[-1].cell if source.lines else 0
    number = max(number, len(source.lines))
    for index, row in enumerate(rows):
        if index == header:
            source.artefacts.extend(span for cell in row for span in cell.paragraphs)
            source.lines.extend(Line(*span) for cell in row for span in cell.paragraphs)
            continue
        below = header is not None and index > header
        row = row if below else [_label_at_once(text, cell) for cell in row]  # noqa: PLW2901
        source.lines.extend(_row_lines(row, heads if below else [], number))
        number += len(row)


def _head(text: str, cell: Cell) -> tuple[str, str]:
    words = words_of(text, cell)
    return words, labels.field_of(words) or "other"


def _label_at_once(text: str, cell: Cell) -> Cell:
    """A label that a narrow cell breaks over lines (整改 / 任务) is one line."""
    spans = cell.paragraphs
    if len(spans) < 2 or spans[-1][1] - spans[0][0] > 24 or labels.field_of(words_of(text, cell)) is None:
        return cell
    return Cell(((spans[0][0], spans[-1][1]),), cell.repeated)


def _row_lines(row: list[Cell], heads: list[tuple[str, str]], number: int) -> list[Line]:
    opens = bool(heads) and _opens(row, heads)
    lines: list[Line] = []
    for column, cell in enumerate(row):
        head = heads[column] if column < len(heads) else None
        for order, (start, end) in enumerate(cell.paragraphs):
            full = cell.full[order] if cell.full else None
            lines.append(Line(start, end, number + column + 1, None if order else head, opens, full))
            opens = False
    return lines


def _opens(row: list[Cell], heads: list[tuple[str, str]]) -> bool:
    """A row is a new record unless its number and its problem go on from the row above (merged cells)."""
    telling = [cell for cell, (_, name) in zip(row, heads, strict=False) if name in {"number", "problem"}]
    return not telling or any(cell.paragraphs and not cell.repeated for cell in telling)
