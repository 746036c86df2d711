"""One sheet of a report being drafted: rows of styled cells, merges, pictures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple, TypeAlias

from ledger_app.core.units import Rounding
from ledger_app.export.frame import Frame, SheetPaper, cell_range, head_xml, tail_xml
from ledger_app.export.report import Paragraph, Report, Row, Section, is_number, rounded, show
from ledger_app.export.report_grid import PAGE_PT, Grid, GridTable, ems, even_spans, line_count, pieces
from ledger_app.export.sheet import cell, row_xml
from ledger_app.export.styles import CellAlign, Style, StyleSheet, number_format
from ledger_app.export.table_widths import label_and_unit, usual_align

TITLE = Style(font="宋体", size_pt=20, bold=True, align="center", wrap=True)
SUBTITLE = Style(size_pt=11, align="center", wrap=True)
SIDE_LEFT, SIDE_RIGHT = Style(size_pt=11), Style(size_pt=11, align="right")
HEAD = Style(font="黑体", size_pt=11, align="center", wrap=True, border=True, fill="F0F0F0")
BODY = Style(size_pt=11, border=True, wrap=True)
TABLE_TITLE = Style(font="黑体", size_pt=12, align="center", wrap=True)
NOTE = Style(size_pt=10, wrap=True)
PROSE = Style(font="仿宋", size_pt=12, wrap=True)
HEADING = Style(font="黑体", size_pt=12, wrap=True)
LINE = 1.36  # of the text size
ROW_PT = 20.0
SIGNATURE_PT = 30.0
HIGHEST_STRETCH = 1.45  # how much higher rows may get to fill their page
EM_TO_DIGITS = 2.05  # a Chinese character of 11 points in digits of the default font
DATE_FORMAT = 'yyyy"年"m"月"d"日"'


Span: TypeAlias = tuple[int, int]


class _SheetRow(NamedTuple):
    cells: list[str]
    height_pt: float
    is_body: bool


@dataclass(slots=True)
class SheetDraft:
    """Collects the rows of one sheet; row numbers count from 1, columns from 0."""

    name: str
    grid: Grid
    styles: StyleSheet
    mode: Rounding
    paper: SheetPaper = "a4_landscape"
    rows: list[_SheetRow] = field(default_factory=list)
    merges: list[str] = field(default_factory=list)
    height_pt: float = 0.0
    head_rows: tuple[int, int] | None = None
    tables: int = 0

    @property
    def next_row(self) -> int:
        return len(self.rows) + 1

    def xml(self, *, has_drawing: bool, one_page: bool) -> Iterator[bytes]:
        """The worksheet part."""
        frame = self._frame(one_page=one_page)
        yield head_xml(frame)
        stretch = self._stretch() if one_page else 1.0
        for number, row in enumerate(self.rows, 1):
            height = row.height_pt * (stretch if row.is_body else 1.0)
            yield row_xml(number, row.cells, round(min(height, 409.0), 1)).encode()
        yield tail_xml(frame, merges=self.merges, has_drawing=has_drawing)

    def _stretch(self) -> float:
        """Rows of the table fill the page they are printed on."""
        body = sum(row.height_pt for row in self.rows if row.is_body)
        room = PAGE_PT - (self.height_pt - body)
        return min(max(room / body, 1.0), HIGHEST_STRETCH) if body else 1.0

    def _frame(self, *, one_page: bool) -> Frame:
        frozen = self.head_rows[1] if self.head_rows and self.tables == 1 else 0
        widths = [round(width * EM_TO_DIGITS, 2) for width in self.grid.widths]
        return Frame(widths=widths, frozen_rows=frozen, paper=self.paper, one_page_high=one_page)

    def title(self, report: Report) -> None:
        """Title, subtitle, and the line with the reporting unit."""
        self.across(report.title, TITLE, 34)
        if report.subtitle:
            self.across(report.subtitle, SUBTITLE, ROW_PT)
        self.sides(
            f"填报单位（盖章）：{report.reporting_unit}" if report.reporting_unit else "", report.head_right
        )

    def section_head(self, section: Section, number: str, report: Report) -> None:
        if number:
            self.across(number, replace(HEADING, align="left"), ROW_PT)
            self.across(section.title, replace(TITLE, size_pt=16), 28)
        elif section.title:
            self.across(section.title, HEADING, ROW_PT)

    def across(self, text: str, style: Style, height: float | None = None) -> None:
        """Text over the whole width; as many lines high as it needs."""
        lines = line_count(text, self.grid.room(0, self.grid.last) * 11 / style.size_pt)
        self._add({(0, self.grid.last): (text, style)}, max(height or 0.0, lines * style.size_pt * LINE + 4))

    def sides(self, left: str, right: str) -> None:
        """The line under the title: one half left, one half right."""
        if not left and not right:
            return
        middle = (self.grid.last + 1) // 2
        if middle == 0:
            self.across(f"{left}　{right}".strip("　"), SIDE_LEFT)
            return
        self._add({(0, middle - 1): (left, SIDE_LEFT), (middle, self.grid.last): (right, SIDE_RIGHT)}, ROW_PT)

    def paragraph(self, paragraph: Paragraph) -> None:
        style = {"note": NOTE, "heading": HEADING, "centered": replace(PROSE, align="center")}.get(
            paragraph.style, replace(PROSE, align="right") if paragraph.style == "right" else PROSE
        )
        indent = "　　" if paragraph.style in ("body", "heading", "subheading") else ""
        for line in paragraph.text.split("\n"):
            self.across(indent + line.lstrip("　 "), style)

    def table(self, placed: GridTable, report: Report, *, names_unit: bool, titled: bool) -> None:
        table = placed.table
        if titled:
            self.across(table.title, TABLE_TITLE, ROW_PT)
        self.sides(
            f"填报单位：{report.reporting_unit}" if names_unit and report.reporting_unit else "",
            table.unit_line,
        )
        self._head(placed)
        for row in table.rows:
            self._row(row, placed)
        if table.note:
            self.across(table.note, NOTE)
        self.tables += 1

    def closing(self, report: Report) -> None:
        """Footnotes and the line that is signed."""
        for at, note in enumerate(report.footnotes, 1):
            number = f"{at}. " if len(report.footnotes) > 1 else ""
            self.across(f"{'注：' if at == 1 else '　　'}{number}{note}", NOTE)
        labels = report.signature
        spans = even_spans(self.grid, len(labels)) if labels else []
        wide_enough = all(
            self.grid.room(*span) >= ems(label) for span, label in zip(spans, labels, strict=False)
        )
        if spans and wide_enough:
            cells = {span: (label, SIDE_LEFT) for span, label in zip(spans, labels, strict=True)}
            self._add(cells, SIGNATURE_PT)
        elif labels:
            self.across("　　　　".join(labels), SIDE_LEFT, SIGNATURE_PT)

    def space(self, height: float) -> None:
        """An empty row, for a picture to stand on."""
        self._add({}, height)

    def _head(self, placed: GridTable) -> None:
        first, depth = self.next_row, placed.table.depth
        heights = [ROW_PT] * depth
        texts = {}
        for head in placed.heads:
            room = self.grid.room(placed.edges[head.first_column], placed.edges[head.last_column + 1] - 1)
            texts[head.first_row, head.first_column] = _head_text(head.text, room)
            need = line_count(_head_text(head.text, room), room) * 11 * LINE + 6
            have = sum(heights[head.first_row : head.last_row + 1])
            heights[head.last_row] += max(0.0, need - have)
        for level in range(depth):
            cells = {
                placed.span(at): (texts.get((level, at)), HEAD) for at in range(len(placed.table.columns))
            }
            self._add(cells, heights[level], merge=False)
        for head in placed.heads:
            left, right = placed.edges[head.first_column], placed.edges[head.last_column + 1] - 1
            self._merge(first + head.first_row, left, first + head.last_row, right)
        self.head_rows = (first, first + depth - 1)

    def _row(self, row: Row, placed: GridTable) -> None:
        """One line of a table; text too long for a sheet's row goes on in the next."""
        for piece in pieces(row, self.grid, placed, self.mode):
            cells, lines = {}, 1
            for at, column in enumerate(placed.table.columns):
                text = piece[at]
                value = row.values.get(column.name) if text is None else text
                said = show(value, column, self.mode)
                room = self.grid.room(*placed.span(at))
                lines = max(lines, 1 if column.is_number else line_count(said, room))
                cells[placed.span(at)] = self._cell(value, placed, at, row.kind != "row")
            self._add(cells, max(ROW_PT, lines * 11 * LINE + 6), is_body=True)

    def _cell(self, value: Any, placed: GridTable, at: int, bold: bool) -> tuple[Any, Style]:
        """The value as it is printed and the look of its cell: rates stand as per cent, unknown is —."""
        column = placed.table.columns[at]
        align: CellAlign = usual_align(column, placed.naturals[at])  # type: ignore[assignment]
        style = replace(BODY, bold=bold, align=align)
        if column.places is not None and is_number(value):
            exact = Decimal(str(value)) * 100 if column.is_rate else value
            format_ = number_format(column.places)
            look = replace(style, number_format=format_, wrap=False, shrink=True)
            look = replace(look, align="center") if not column.places else replace(look, indent=1)
            return rounded(exact, column.places, self.mode), look
        if isinstance(value, date):
            return value, replace(style, number_format=DATE_FORMAT, align="center", wrap=False, shrink=True)
        if column.is_number:
            return show(value, column, self.mode), replace(style, align="center")
        return show(value, column, self.mode), replace(style, number_format="@")

    def _add(
        self,
        spans: dict[Span, tuple[Any, Style]],
        height: float,
        *,
        merge: bool = True,
        is_body: bool = False,
    ) -> None:
        """A row of cells by the grid columns they span."""
        number, cells = self.next_row, []
        for (first, last), (value, style) in spans.items():
            look = self.styles.index(style)
            cells += [cell(number, at, value if at == first else None, look) for at in range(first, last + 1)]
            if merge:
                self._merge(number, first, number, last)
        self.rows.append(_SheetRow(cells, height, is_body))
        self.height_pt += height

    def _merge(self, first_row: int, first: int, last_row: int, last: int) -> None:
        if (first_row, first) != (last_row, last):
            self.merges.append(cell_range(first_row, first, last_row, last))


def _head_text(head: str, room: float) -> str:
    """The unit on a line of its own where the head does not fit one line."""
    label, unit = label_and_unit(head)
    return head if ems(head) <= room or not unit else f"{label}\n{unit}"
