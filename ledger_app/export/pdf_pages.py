"""Placing blocks on pages of a paper size, from top to bottom, with page numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ledger_app.export.pdf_blocks import Block, Flowing
from ledger_app.export.pdf_pen import Pen
from ledger_app.export.pdf_table import TableLayout
from ledger_app.export.report import Paper

MM = 72 / 25.4
PAGE_NUMBER_PT = 10.5


@dataclass(frozen=True, slots=True)
class PageShape:
    """A sheet of paper and its margins in points."""

    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float

    @property
    def inner_width(self) -> float:
        return self.width - self.left - self.right

    @property
    def inner_height(self) -> float:
        return self.height - self.top - self.bottom


# Upright pages have the margins of GB/T 9704; tables lie with their head at the binding side.
SHAPES: dict[Paper, PageShape] = {
    "a4": PageShape(210 * MM, 297 * MM, 28 * MM, 26 * MM, 37 * MM, 35 * MM),
    "a4_landscape": PageShape(297 * MM, 210 * MM, 18 * MM, 18 * MM, 22 * MM, 17 * MM),
    "a3_landscape": PageShape(420 * MM, 297 * MM, 22 * MM, 22 * MM, 26 * MM, 20 * MM),
}


class Pages:
    """Places blocks on pages, from top to bottom."""

    def __init__(self, pen: Pen) -> None:
        self.pen = pen
        self.count = 0
        self._shape = SHAPES["a4_landscape"]
        self._y = 0.0

    def place(self, blocks: Sequence[Flowing], shape: PageShape, title: str) -> None:
        """Start a page and place the blocks on it, and on further ones as needed."""
        self._new_page(shape)
        self.pen.outline(title, f"p{self.count}")
        for at, block in enumerate(blocks):
            if isinstance(block, TableLayout):
                self._place_table(block, _following(blocks[at + 1 :]))
            else:
                self._place_block(block, _kept_with(blocks, at))

    def finish(self) -> None:
        self._close_page()
        self.pen.save()

    @property
    def _space(self) -> float:
        return self._y - self._shape.bottom

    @property
    def _is_fresh(self) -> bool:
        return self._y >= self._shape.height - self._shape.top

    def _place_block(self, block: Block, kept: float) -> None:
        if block.height + kept > self._space + 0.01 and not self._is_fresh:
            self._new_page(self._shape)
        block.draw(self.pen, self._shape.left, self._y)
        self._y -= block.height

    def _place_table(self, table: TableLayout, tail: float) -> None:
        """Rows page by page under a repeated head; the last rows stay with what follows them."""
        first = 0
        while True:
            count = self._rows_here(table, first, tail)
            if count or not table.rows:
                self._y = table.draw(self.pen, self._shape.left, self._y, first, count)
                first += count
            if first >= len(table.rows):
                return
            self._new_page(self._shape)

    def _rows_here(self, table: TableLayout, first: int, tail: float) -> int:
        """How many rows this page takes; 0 when the table had better start on the next one."""
        rest = len(table.rows) - first
        count = table.rows_within(first, self._space)
        if count < rest:
            used = table.head_height + sum(table.row_heights[first : first + count])
            if table.split(first + count, self._space - used):
                return count + 1
            if rest - count == 1 and count > 2:
                count -= 1  # no single row on the last page
        elif rest and table.head_height + sum(table.row_heights[first:]) + tail > self._space + 0.01:
            count = rest - min(2, rest)
        if count < min(2, rest) and not self._is_fresh:
            return 0
        return max(count, min(1, rest))

    def _new_page(self, shape: PageShape) -> None:
        self._close_page()
        self._shape = shape
        self.count += 1
        self.pen.page(shape.width, shape.height)
        self._y = shape.height - shape.top

    def _close_page(self) -> None:
        if self.count:
            self._number_page()
            self.pen.end_page()

    def _number_page(self) -> None:
        """— 1 —: in the middle of lying pages, at the outer side of upright ones (GB/T 9704)."""
        shape, said = self._shape, f"— {self.count} —"
        if shape is SHAPES["a4"]:
            width = self.pen.width(said, "serif", 14)
            outer = shape.width - shape.right - 14 - width if self.count % 2 else shape.left + 14
            self.pen.text(outer, shape.bottom - 7 * MM - 14, said, "serif", 14)
        else:
            self.pen.centred(shape.width / 2, shape.bottom - 22, said, "serif", PAGE_NUMBER_PT)


def _kept_with(blocks: Sequence[Flowing], at: int) -> float:
    """The height that must follow a block on the same page."""
    block = blocks[at]
    if not isinstance(block, Block) or not block.keeps_next or at + 1 >= len(blocks):
        return 0.0
    after = blocks[at + 1]
    if isinstance(after, Block):
        return after.height + _kept_with(blocks, at + 1)
    return after.head_height + min(sum(after.row_heights[:2]), 8 * after.size)


def _following(blocks: Sequence[Flowing]) -> float:
    """The height of the notes and the signature that belong to the table before them."""
    height = gap = 0.0
    for block in blocks:
        if not isinstance(block, Block) or block.height > 60 or block.keeps_next:
            break
        gap += block.height
        if block.follows:
            height, gap = height + gap, 0.0
    return height
