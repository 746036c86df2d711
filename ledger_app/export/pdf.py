"""A report as PDF: one page for the county with the line that is signed, annexes behind it.

Everything is drawn straight on the page with the bundled fonts; the same report gives the same bytes.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ledger_app.export.files import write_bytes
from ledger_app.export.fonts import Typesetter
from ledger_app.export.groups import Group, groups
from ledger_app.export.pdf_blocks import Composer, Flowing, Measures
from ledger_app.export.pdf_pages import SHAPES, Pages, PageShape
from ledger_app.export.pdf_pen import Pen
from ledger_app.export.pdf_table import TableLayout
from ledger_app.export.report import Chart, Report, Section

SIZES = (10.5, 10.0, 9.5, 9.0, 8.5, 8.0, 7.5, 7.0, 6.5, 6.0)
SMALLEST_BESIDE_CHARTS = 9.0  # rather than set the county's table smaller, its charts go to the next page
SMALLEST_TO_SAVE_A_PAGE = 8.5  # an annex is set smaller only when it is too wide otherwise
SMALLEST_ON_ONE_PAGE = 7.0
CHART_HEIGHTS = (215.0, 190.0, 165.0, 140.0)
LOOSEST = 0.7  # of the text size: how much higher rows may get to fill their page


@dataclass(frozen=True, slots=True)
class PdfResult:
    """What was written, and the characters no bundled font has: they are drawn as 〓."""

    pages: int
    missing: tuple[str, ...]


def write_pdf(report: Report, path: Path) -> PdfResult:
    """Write the report as a PDF file, whole or not at all (LedgerError)."""
    data, result = pdf_bytes(report)
    write_bytes(path, data)
    return result


def pdf_bytes(report: Report) -> tuple[bytes, PdfResult]:
    """The PDF in memory, for the preview."""
    buffer = io.BytesIO()
    setter = Typesetter()
    pages = Pages(Pen(buffer, report.title, report.reporting_unit, setter))
    composer = Composer(report, setter)
    for group in groups(report):
        for part in _with_room(group, composer):
            pages.place(_composed(part, composer), _shape(part), part.title or report.title)
    pages.finish()
    return buffer.getvalue(), PdfResult(pages.count, tuple(sorted(setter.missing)))


def _shape(group: Group) -> PageShape:
    return SHAPES[group.paper]


def _measures(group: Group, size: float, chart: float) -> Measures:
    shape, upright = _shape(group), group.paper == "a4"
    text = 16.0 if upright else max(size, 9.0)
    alone = group.charts_only
    if alone:  # they fill the page: one or two below each other, more in two columns
        head = (55.0 if any(group.numbers) else 25.0) if group.title else 0.0
        chart = (shape.inner_height - head) / min(2, alone) - 8
    in_a_row = 1 if upright or alone in (1, 2) else 2
    return Measures(shape.inner_width, shape.inner_height, text, size, chart, upright, in_a_row)


def _blocks(group: Group, composer: Composer, measures: Measures) -> Iterator[Flowing]:
    if group.is_first:
        yield from composer.title(measures)
    for section, number in zip(group.sections, group.numbers, strict=True):
        yield from composer.section(section, number, measures)
    if group.closes:
        yield from composer.closing(measures)


def _with_room(group: Group, composer: Composer) -> Iterator[Group]:
    """The county's page; its charts go to a page of their own when they would make the table too small."""
    *others, last = group.sections or (Section("", ()),)
    movable = group.is_first and others and all(isinstance(part, Chart) for part in last.parts)
    if not movable or _on_one_page(group, composer, SMALLEST_BESIDE_CHARTS):
        yield group
        return
    yield replace(group, sections=tuple(others), numbers=group.numbers[:-1], closes=True)
    yield Group((last,), ("",), is_first=False, closes=False)


def _on_one_page(group: Group, composer: Composer, smallest: float) -> list[Flowing] | None:
    """The blocks in the largest size that fits one page; None when none from `smallest` up does."""
    page = _shape(group).inner_height
    for size in SIZES:
        for chart in CHART_HEIGHTS:
            blocks = list(_blocks(group, composer, _measures(group, size, chart)))
            tables = [block for block in blocks if isinstance(block, TableLayout)]
            if size < smallest or sum(table.height for table in tables) > page * 2:
                return None
            if not all(table.fits for table in tables):
                break
            if sum(block.height for block in blocks) <= page + 0.01:
                return blocks
            if not group.has_charts:
                break
    return None


def _over_pages(group: Group, composer: Composer) -> list[Flowing]:
    """The blocks in the largest size whose tables are no wider than the page."""
    blocks: list[Flowing] = []
    for size in SIZES:
        blocks = list(_blocks(group, composer, _measures(group, size, CHART_HEIGHTS[0])))
        if all(block.fits for block in blocks if isinstance(block, TableLayout)):
            break
    return blocks


def _composed(group: Group, composer: Composer) -> list[Flowing]:
    """On one page if that can be read, else over several."""
    smallest = SMALLEST_ON_ONE_PAGE if group.is_first else SMALLEST_TO_SAVE_A_PAGE
    blocks = _on_one_page(group, composer, smallest)
    if blocks is None:
        return _over_pages(group, composer)
    _loosen(blocks, _shape(group).inner_height - sum(block.height for block in blocks))
    return blocks


def _loosen(blocks: Sequence[Flowing], room: float) -> None:
    """Spread what is left of a page over the rows of its tables."""
    tables = [block for block in blocks if isinstance(block, TableLayout)]
    rows = sum(len(table.rows) for table in tables)
    for table in tables:
        table.loosen(min(room * 0.98 / rows, LOOSEST * table.size) if rows else 0.0)
