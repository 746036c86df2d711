"""A block's rows as they will stand: texts too long for any row continued, heights raised where needed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import cast

from ledger_app.core.errors import LedgerError
from ledger_app.export.xlsx.fitting import MAX_HEIGHT, Box, continued_row, ems
from ledger_app.export.xlsx.plan import MAX_CELL_TEXT, Block, Value, by_column
from ledger_app.export.xlsx.prototype import Prototype, read_prototype
from ledger_app.export.xlsx.refs import Area
from ledger_app.export.xlsx.scan import Columns, SheetScan
from ledger_app.export.xlsx.shift import Shifter
from ledger_app.export.xlsx.styles import Styles

Rows = Sequence[Sequence[Value]]
# A text cell that does not wrap: only Excel's own limit of characters counts.
_ONE_LINE = Box(1e9, 1.0, None)
_STANDARD_HEIGHT = 15.0


@dataclass(slots=True)
class BlockJob:
    """A block with its rows, long texts already continued, and the same values by column.

    `heights` in points by index of the row, where higher than the form's; `merges` within the prototype
    row; `too_wide` are columns of one line in which some text is cut off when printed.
    """

    block: Block
    rows: Rows
    values: list[list[Value]] = field(default_factory=list)
    used: list[int] = field(default_factory=list)
    used_below: list[int] = field(default_factory=list)
    continued: list[int] = field(default_factory=list)
    heights: dict[int, float] = field(default_factory=dict)
    merges: list[Area] = field(default_factory=list)
    too_wide: list[int] = field(default_factory=list)

    @property
    def extra(self) -> int:
        return max(0, len(self.rows) - self.block.blank_rows)

    @property
    def last_filled(self) -> int:
        """The last row of the template that takes values."""
        return self.block.first_row + min(len(self.rows), self.block.blank_rows) - 1

    def set_values(self, values: list[list[Value]]) -> None:
        """The values by column, and which columns take any: in all rows, in the rows put in."""
        self.values = values
        self.used, self.used_below = (
            [
                column
                for column, given in zip(self.block.columns, values, strict=True)
                if given[start:].count(None) < len(given) - start
            ]
            for start in (0, self.block.blank_rows)
        )


@dataclass(frozen=True, slots=True)
class _Texts:
    """What the texts of one column are like at most."""

    longest: int
    breaks: bool


def make_block_job(
    block: Block, scan: SheetScan, columns: Columns, merges: list[Area], styles: Styles
) -> BlockJob:
    in_row = [merge for merge in merges if merge.row1 == merge.row2 == block.first_row]
    job = BlockJob(block, block.rows, merges=in_row)
    if not block.rows:
        return job
    job.set_values(block.values)
    texts = {index: _text_of(values) for index, values in enumerate(job.values)}
    boxes = _boxes(block, read_prototype(scan, block, Shifter({})), columns, in_row, styles)
    if block.continue_text:
        _continue_long(job, boxes.wrapping, texts)
    elif any(text.longest > MAX_CELL_TEXT for text in texts.values()):
        raise LedgerError(f"填表区里有一格超过 {MAX_CELL_TEXT} 个字，放不下。", "too_long")
    if job.continued:
        job.set_values(by_column(job.rows, len(block.columns)))
    _raise_heights(job, boxes.wrapping, texts)
    narrow = {i: box for i, box in boxes.single.items() if texts[i].longest > box.capacity}
    job.too_wide = _too_wide(block, narrow, job.values)
    return job


def _text_of(values: Sequence[Value]) -> _Texts:
    kinds = set(map(type, values))
    if str not in kinds:
        return _Texts(0, False)
    texts = cast("Sequence[str]", values if kinds == {str} else [v for v in values if type(v) is str])
    return _Texts(max(map(len, texts)), "\n" in "".join(texts))


@dataclass(frozen=True, slots=True)
class _Boxes:
    """The cells texts go to, by index of the block's columns: those that wrap, and those of one line."""

    wrapping: dict[int, Box]
    single: dict[int, Box]


def _boxes(
    block: Block, prototype: Prototype, columns: Columns, merges: list[Area], styles: Styles
) -> _Boxes:
    boxes = _Boxes({}, {})
    for index, column in enumerate(block.columns):
        cell = prototype.cells.get(column)
        style = styles[cell.style if cell else 0]
        merge = next((m for m in merges if m.column1 == column), None)
        width = sum(columns.width(c) for c in range(column, (merge.column2 if merge else column) + 1))
        # Programs fit a row without a height to its text, but not to the text of merged cells.
        height = prototype.height if prototype.height is not None or merge is None else _STANDARD_HEIGHT
        if width > 0 and not style.shrinks:
            kind = boxes.wrapping if style.wraps else boxes.single
            kind[index] = Box.of(width, style.points, height)
    return boxes


def _too_wide(block: Block, boxes: dict[int, Box], values: list[list[Value]]) -> list[int]:
    """Columns of one line with a text wider than they are."""
    return [
        block.columns[index]
        for index, box in boxes.items()
        if any(
            isinstance(v, str) and len(v) > box.capacity and ems(v) > box.capacity for v in set(values[index])
        )
    ]


def _continue_long(job: BlockJob, boxes: dict[int, Box], texts: dict[int, _Texts]) -> None:
    """Rows with a text no row is high enough for become several."""
    doubtful = {index: box for index, box in boxes.items() if _may_overflow(box, texts[index])}
    for index, text in texts.items():
        if text.longest > MAX_CELL_TEXT and index not in boxes:
            doubtful[index] = _ONE_LINE
    if not doubtful:
        return
    rows: list[Sequence[Value]] = []
    for row in job.rows:
        parts = _cut(row, doubtful)
        if parts:
            job.continued.append(len(rows))
            rows.extend(continued_row(row, parts))
        else:
            rows.append(row)
    job.rows = rows


def _may_overflow(box: Box, text: _Texts) -> bool:
    return text.breaks or text.longest > box.capacity * box.most_lines * 0.5


def _cut(row: Sequence[Value], boxes: dict[int, Box]) -> dict[int, list[str]]:
    parts = {}
    for index, box in boxes.items():
        text = row[index] if len(row) > index else None
        if isinstance(text, str) and len(pieces := box.parts(text)) > 1:
            parts[index] = pieces
    return parts


def _raise_heights(job: BlockJob, boxes: dict[int, Box], texts: dict[int, _Texts]) -> None:
    """Rows whose fixed height would cut a text off become as high as it needs."""
    for index, box in boxes.items():
        if box.height is None or (box.surely_fits(texts[index].longest) and not texts[index].breaks):
            continue
        for n, text in enumerate(job.values[index]):
            if isinstance(text, str) and text:
                needed = min(box.needed(text), MAX_HEIGHT)
                if needed > job.heights.get(n, box.height):
                    job.heights[n] = needed
