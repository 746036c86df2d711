"""A report as a workbook: the county on the first sheet with the signed line, a sheet for every annex.

Numbers are numbers, rounded as they print; charts are pictures on a sheet of their own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from ledger_app.export.book import SheetPlan, open_book, sheet_names
from ledger_app.export.charts import png_bytes
from ledger_app.export.files import atomic_write
from ledger_app.export.groups import Group, groups
from ledger_app.export.report import Chart, Paragraph, Report, Table
from ledger_app.export.report_drawing import drawing_xml
from ledger_app.export.report_grid import PAGE_EMS, PAGE_PT, Grid, grid_of
from ledger_app.export.report_sheet import SheetDraft
from ledger_app.export.sheet import clean_text, escape
from ledger_app.export.styles import StyleSheet

CHART_SIZE_IN = (10.2, 3.2)
CHART_DPI = 150
CHART_ROW_PT = 238.0  # one row a chart
SMALLEST_SCALE = 0.6


@dataclass(slots=True)
class _Sheet:
    """A drafted sheet and the charts that go on it."""

    draft: SheetDraft
    charts: list[Chart]
    fits_one_page: bool


def write_xlsx(report: Report, path: Path) -> None:
    """Write the report as a workbook, whole or not at all (LedgerError)."""
    with atomic_write(path) as file:
        _write(report, file)


def _write(report: Report, file: BinaryIO) -> None:
    styles = StyleSheet()
    sheets = [sheet for group in groups(report) for sheet in _sheets(group, report, styles)]
    names = sheet_names(sheet.draft.name for sheet in sheets)
    plans = [_plan(name, sheet) for name, sheet in zip(names, sheets, strict=True)]
    with open_book(file, styles.xml(), plans, report.title) as book:
        for index, sheet in enumerate(sheets):
            with book.sheet(index) as stream:
                for part in sheet.draft.xml(has_drawing=bool(sheet.charts), one_page=sheet.fits_one_page):
                    stream.write(part)


def _sheets(group: Group, report: Report, styles: StyleSheet) -> Iterator[_Sheet]:
    """The group's tables and prose on one sheet, its charts on the next."""
    charts = [part for part in group.parts if isinstance(part, Chart)]
    if len(charts) < len(group.parts) or group.is_first:
        yield _sheet_of_tables(group, report, styles)
    if charts:
        yield _sheet_of_charts(group, charts, report, styles)


def _sheet_of_tables(group: Group, report: Report, styles: StyleSheet) -> _Sheet:
    tables = [part for part in group.parts if isinstance(part, Table)]
    name = f"{''.join(group.numbers[:1])}{group.title}" or report.title
    draft = SheetDraft(name, grid_of(tables, report.rounding), styles, report.rounding, group.paper)
    if group.is_first:
        draft.title(report)
    placed = iter(draft.grid.tables)
    for section, number in zip(group.sections, group.numbers, strict=True):
        draft.section_head(section, number, report)
        unnamed = bool(number)  # the first table of an annex says who reports
        for part in section.parts:
            if isinstance(part, Table):
                titled = bool(part.title) and part.title not in {section.title, report.title}
                draft.table(next(placed), report, names_unit=unnamed, titled=titled)
                unnamed = False
            elif isinstance(part, Paragraph):
                draft.paragraph(part)
    if group.closes:
        draft.closing(report)
    return _Sheet(draft, [], _fits_one_page(draft))


def _sheet_of_charts(group: Group, charts: list[Chart], report: Report, styles: StyleSheet) -> _Sheet:
    number = "".join(group.numbers[:1])
    name = group.title or "图表" if group.charts_only else f"{number}图表"
    draft = SheetDraft(name, Grid([PAGE_EMS]), styles, report.rounding, group.paper)
    for _ in charts:
        draft.space(CHART_ROW_PT)
    return _Sheet(draft, charts, fits_one_page=len(charts) <= 2)


def _plan(name: str, sheet: _Sheet) -> SheetPlan:
    draft = sheet.draft
    if sheet.charts:
        titles = [escape(clean_text(chart.title)) for chart in sheet.charts]
        pictures = tuple(png_bytes(chart, CHART_SIZE_IN, CHART_DPI) for chart in sheet.charts)
        return SheetPlan(
            name, drawing=drawing_xml(titles, range(len(titles)), CHART_SIZE_IN), pictures=pictures
        )
    repeats = draft.head_rows if draft.tables == 1 and not sheet.fits_one_page else None
    return SheetPlan(name, print_rows=repeats)


def _fits_one_page(draft: SheetDraft) -> bool:
    """Whether the sheet can be read when it is printed on one page."""
    wide = sum(draft.grid.widths) / PAGE_EMS
    return draft.height_pt / PAGE_PT <= max(wide, 1 / SMALLEST_SCALE)
