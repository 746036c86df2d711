"""What stands around the rows of a worksheet: widths, frozen head, merges, paper, footer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ledger_app.export.book import DECLARATION, MAIN_NS, RELATION_NS
from ledger_app.export.sheet import address, escape

SheetPaper = Literal["a4_landscape", "a4", "a3_landscape"]

PAGE_NUMBERS = '&C&"宋体,Regular"&10— &P —'
_PAPER_CODE = {"a4_landscape": 9, "a4": 9, "a3_landscape": 8}


@dataclass(frozen=True, slots=True)
class Frame:
    """Rows count from 1, widths in digits of the default font, margins in inches (left, right, top, bottom)."""

    widths: Sequence[float]
    frozen_rows: int = 0
    frozen_columns: int = 0
    paper: SheetPaper = "a4_landscape"
    one_page_high: bool = False
    footer: str = PAGE_NUMBERS
    margins: tuple[float, float, float, float] = (0.6, 0.5, 0.75, 0.65)
    row_height_pt: float = 18


def head_xml(frame: Frame) -> bytes:
    """Everything up to the first row."""
    columns = "".join(
        f'<col min="{number}" max="{number}" width="{width:g}" customWidth="1"/>'
        for number, width in enumerate(frame.widths, 1)
    )
    return (
        f'{DECLARATION}<worksheet xmlns="{MAIN_NS}" xmlns:r="{RELATION_NS}">'
        '<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
        f'<sheetViews><sheetView workbookViewId="0">{_pane(frame)}</sheetView></sheetViews>'
        f'<sheetFormatPr defaultRowHeight="{frame.row_height_pt:g}"/>'
        f"<cols>{columns}</cols><sheetData>"
    ).encode()


def tail_xml(
    frame: Frame,
    merges: Sequence[str] = (),
    filter_range: str = "",
    text_numbers: str = "",
    page_breaks: Sequence[int] = (),
    has_drawing: bool = False,
) -> bytes:
    """Everything after the last row. `text_numbers` is the range where numbers kept as text are no error."""
    parts = ["</sheetData>"]
    if filter_range:
        parts.append(f'<autoFilter ref="{filter_range}"/>')
    if merges:
        cells = "".join(f'<mergeCell ref="{merge}"/>' for merge in merges)
        parts.append(f'<mergeCells count="{len(merges)}">{cells}</mergeCells>')
    parts.append(_page(frame))
    if page_breaks:
        breaks = "".join(f'<brk id="{row}" max="16383" man="1"/>' for row in page_breaks)
        parts.append(
            f'<rowBreaks count="{len(page_breaks)}" manualBreakCount="{len(page_breaks)}">{breaks}</rowBreaks>'
        )
    if text_numbers:
        parts.append(
            f'<ignoredErrors><ignoredError sqref="{text_numbers}" numberStoredAsText="1"/></ignoredErrors>'
        )
    if has_drawing:
        parts.append('<drawing r:id="rId1"/>')
    parts.append("</worksheet>")
    return "".join(parts).encode()


def cell_range(first_row: int, first_column: int, last_row: int, last_column: int) -> str:
    """A range: rows from 1, columns from 0."""
    return f"{address(first_row, first_column)}:{address(last_row, last_column)}"


def _pane(frame: Frame) -> str:
    rows, columns = frame.frozen_rows, frame.frozen_columns
    if not rows and not columns:
        return ""
    split = (f' xSplit="{columns}"' if columns else "") + (f' ySplit="{rows}"' if rows else "")
    side = "bottomRight" if rows and columns else "bottomLeft" if rows else "topRight"
    corner = address(rows + 1, columns)
    return (
        f'<pane{split} topLeftCell="{corner}" activePane="{side}" state="frozen"/>'
        f'<selection pane="{side}" activeCell="{corner}" sqref="{corner}"/>'
    )


def _page(frame: Frame) -> str:
    left, right, top, bottom = frame.margins
    turned = "portrait" if frame.paper == "a4" else "landscape"
    return (
        '<printOptions horizontalCentered="1"/>'
        f'<pageMargins left="{left:g}" right="{right:g}" top="{top:g}" bottom="{bottom:g}" header="0.3" footer="0.3"/>'
        f'<pageSetup paperSize="{_PAPER_CODE[frame.paper]}" orientation="{turned}" '
        f'fitToWidth="1" fitToHeight="{int(frame.one_page_high)}"/>'
        f"<headerFooter><oddFooter>{escape(frame.footer)}</oddFooter></headerFooter>"
    )
