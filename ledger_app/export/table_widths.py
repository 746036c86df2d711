"""How wide the columns of a table get, in ems of its text: the same rule on paper and on sheets."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from ledger_app.export.pdf_text import chunks
from ledger_app.export.report import Column
from ledger_app.export.table_head import HeadCell

Ems = Callable[[str], float]

SIDE = 0.32  # space beside the text of a cell
PADDING = 2 * SIDE
SHORT = 8.0  # text up to this long is centred
WIDEST = 14.0  # text beyond this is wrapped rather than given all the room it needs
LEAST_TEXT = 4.0
HEAD_LINES = 3  # a label on two lines, its unit on the third
SLACK_FOR_LONG = 0.8  # of the room left over that columns which wrap may take


def fitted_widths(
    columns: Sequence[Column],
    naturals: Sequence[float],
    heads: Sequence[HeadCell],
    head_ems: Ems,
    room: float,
) -> tuple[list[float], bool]:
    """Widths that fill the room, and whether all numbers and heads fit them.

    `naturals` are the widths of the longest line of each column.
    """
    least, wanted = [], []
    for column, natural in zip(columns, naturals, strict=True):
        head = _head_width(column, head_ems)
        smallest = max(natural if column.is_number else min(natural, LEAST_TEXT), head)
        least.append(smallest + PADDING)
        wanted.append(max(column.width or _wrapped_width(natural), smallest) + PADDING)
    wanted = _for_groups(wanted, heads, head_ems)
    total, smallest_total = sum(wanted), sum(least)
    if total <= room:
        wanted = _widened(wanted, naturals, (room - total) * SLACK_FOR_LONG)
        return [width * room / sum(wanted) for width in wanted], True
    if smallest_total < room:
        share = (room - smallest_total) / (total - smallest_total)
        return [low + (high - low) * share for low, high in zip(least, wanted, strict=True)], True
    return [width * room / smallest_total for width in least], False


def label_and_unit(head: str) -> tuple[str, str]:
    """压减水量（万m³） → 压减水量, （万m³）."""
    at = head.rfind("（")
    return (head[:at], head[at:]) if at > 0 and head.endswith("）") else (head, "")


def usual_align(column: Column, natural: float) -> str:
    """Numbers right, short text in the middle, long text left."""
    if column.align:
        return column.align
    if column.is_number:
        return "right"
    return "center" if natural <= SHORT else "left"


def _head_width(column: Column, ems: Ems) -> float:
    """Enough for the label on two lines and its unit on a third, numbers and words unbroken."""
    label, unit = label_and_unit(column.head)
    pieces = max((ems(piece) for piece in chunks(label)), default=0.0)
    return max(pieces, ems(unit), ems(label) / (HEAD_LINES - 1), 1.0)


def _wrapped_width(natural: float) -> float:
    """Short texts get the width they need; of long ones the longer get somewhat more."""
    return natural if natural <= WIDEST else WIDEST * (1 + math.log2(natural / WIDEST) / 4)


def _for_groups(wanted: list[float], heads: Sequence[HeadCell], ems: Ems) -> list[float]:
    """Widen the columns under a group head that is longer than they are together."""
    for cell in heads:
        under = range(cell.first_column, cell.last_column + 1)
        need = ems(cell.text) / HEAD_LINES + PADDING
        have = sum(wanted[at] for at in under)
        if len(under) > 1 and have < need:
            for at in under:
                wanted[at] *= need / have
    return wanted


def _widened(widths: list[float], naturals: Sequence[float], slack: float) -> list[float]:
    """Give columns that wrap what they lack, as far as the slack goes."""
    lacking = [max(natural + PADDING - width, 0.0) for natural, width in zip(naturals, widths, strict=True)]
    share = min(1.0, slack / sum(lacking)) if any(lacking) else 0.0
    return [width + lack * share for width, lack in zip(widths, lacking, strict=True)]
