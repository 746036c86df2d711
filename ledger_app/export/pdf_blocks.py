"""A report's parts as blocks that are placed one under the other: lines of text, tables, rows of charts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TypeAlias

from ledger_app.core.units import Rounding
from ledger_app.export.charts import figure
from ledger_app.export.fonts import Face, Typesetter
from ledger_app.export.pdf_pen import Pen
from ledger_app.export.pdf_table import BASELINE, Look, TableLayout, Texts, texts_of
from ledger_app.export.pdf_text import break_lines, even_lines
from ledger_app.export.report import Chart, Paragraph, Part, Report, Section, Table

Draw: TypeAlias = Callable[[Pen, float, float], None]
TITLE_PT, ANNEX_TITLE_PT, SUBTITLE_PT, SIDE_PT, NOTE_PT = 22.0, 16.0, 10.5, 10.5, 9.0
CHART_GAP = 16.0


@dataclass(frozen=True, slots=True)
class Block:
    """Something of a fixed height; `draw` takes its left and upper edge. `keeps_next` is never the last on a
    page; `follows` stays with the rows above it.
    """

    height: float
    draw: Draw
    keeps_next: bool = False
    follows: bool = False


Flowing: TypeAlias = Block | TableLayout


@dataclass(frozen=True, slots=True)
class Measures:
    """Sizes one page is composed with, in points."""

    width: float
    height: float
    text: float
    table: float
    chart: float
    portrait: bool = False
    charts_in_a_row: int = 2

    @property
    def leading(self) -> float:
        """Papers set 3号 text on 29 points (GB/T 9704); tables' prose is set closer."""
        return 29.0 if self.portrait else self.text * 1.6


class Composer:
    """Turns parts into blocks. Text is cleaned here, once."""

    def __init__(self, report: Report, setter: Typesetter) -> None:
        self.report = report
        self.setter = setter
        self._tables: dict[tuple[int, float, float], TableLayout] = {}
        self._texts: dict[int, Texts] = {}

    @property
    def mode(self) -> Rounding:
        return self.report.rounding

    def title(self, measures: Measures) -> Iterator[Block]:
        """Title, subtitle, and the line with the reporting unit."""
        report = self.report
        yield from self._centred(report.title, "serif_bold", TITLE_PT, 1.35, measures)
        yield from self._centred(report.subtitle, "serif", SUBTITLE_PT, 1.5, measures)
        if measures.portrait:
            yield _gap(measures.leading, keeps_next=True)
        unit = f"填报单位（盖章）：{report.reporting_unit}" if report.reporting_unit else ""
        yield from self._sides(unit, report.head_right, measures)

    def section(self, section: Section, number: str, measures: Measures) -> Iterator[Flowing]:
        """The blocks of a section; `number` is 附件1 for an annex, "" otherwise."""
        if number:
            yield self._line(number, "sans", 16 if measures.portrait else 12, 1.5)
            yield from self._centred(section.title, "serif_bold", ANNEX_TITLE_PT, 1.5, measures)
        elif section.title:
            yield self._line(section.title, "sans_bold", measures.text, 1.9)
        unnamed = bool(number)  # the first table of an annex says who reports
        for part in _paired(section.parts, measures.charts_in_a_row):
            yield from self._part(part, section, unnamed, measures)
            unnamed = unnamed and not isinstance(part, Table)

    def closing(self, measures: Measures) -> Iterator[Block]:
        """Footnotes and the line that is signed; both stay with the table."""
        notes = self.report.footnotes
        for at, note in enumerate(notes, 1):
            number = f"{at}. " if len(notes) > 1 else ""
            lead = "注：" if at == 1 else "　　"
            yield from self._note(f"{lead}{number}{note}", measures)
        if self.report.signature:
            yield self._signature(measures)

    def _part(
        self, part: Part | tuple[Chart, ...], section: Section, names_unit: bool, m: Measures
    ) -> Iterator[Flowing]:
        if isinstance(part, Table):
            yield from self._table(part, section, names_unit, m)
        elif isinstance(part, Paragraph):
            yield from self._paragraph(part, m)
        else:
            yield self._charts(part if isinstance(part, tuple) else (part,), m)

    def _table(
        self, table: Table, section: Section, names_unit: bool, measures: Measures
    ) -> Iterator[Flowing]:
        if table.title and table.title not in {section.title, self.report.title}:
            yield from self._centred(table.title, "sans", measures.text + 1, 1.8, measures)
        unit = f"填报单位：{self.report.reporting_unit}" if names_unit and self.report.reporting_unit else ""
        yield from self._sides(unit, table.unit_line, measures)
        key = (id(table), measures.table, measures.width)
        yield _gap(3, keeps_next=True)
        if key not in self._tables:
            if id(table) not in self._texts:
                self._texts[id(table)] = texts_of(table, self.setter, self.mode)
            look = Look(measures.width, measures.table)
            self._tables[key] = TableLayout(table, look, self.setter, self._texts[id(table)])
        yield self._tables[key]
        if table.note:
            yield from self._note(table.note, measures)
        yield _gap(6)

    def _paragraph(self, paragraph: Paragraph, measures: Measures) -> Iterator[Block]:
        text = self.setter.clean(paragraph.text)
        if paragraph.style == "note":
            yield from self._note(text, measures)
        elif paragraph.style == "centered":
            yield from self._centred(text, "serif", measures.text, 1.6, measures)
        elif paragraph.style == "body":
            yield from self._prose(text, measures)
        elif paragraph.style in ("left", "right"):
            for line in break_lines(text, measures.width, self._measure("serif", measures.text)):
                over = measures.width - self.setter.width(line, "serif") * measures.text
                x = max(over - 2 * measures.text, 0.0) if paragraph.style == "right" else 0.0
                yield _text(line, "serif", measures.text, measures.leading, x=x)
        else:
            face: Face = "sans" if paragraph.style == "heading" else "serif_bold"
            for line in break_lines("　　" + text, measures.width, self._measure(face, measures.text)):
                yield self._line(line, face, measures.text, measures.leading / measures.text)

    def _prose(self, text: str, measures: Measures) -> Iterator[Block]:
        """Body text: two characters indented, both edges even."""
        size = measures.text
        for paragraph in text.split("\n"):
            lines = break_lines(
                "　　" + paragraph.lstrip("　 "), measures.width, self._measure("serif", size)
            )
            for line in lines:
                slack = measures.width - self.setter.width(line, "serif") * size
                even = line is not lines[-1] and slack < measures.width * 0.25 and len(line) > 1
                spacing = slack / (len(line) - 1) if even else 0.0
                yield _text(line, "serif", size, measures.leading, spacing)

    def _note(self, text: str, measures: Measures) -> Iterator[Block]:
        clean = self.setter.clean(text)
        for line in break_lines(clean, measures.width, self._measure("serif", NOTE_PT)):
            yield _text(line, "serif", NOTE_PT, NOTE_PT * 1.5, follows=True)

    def _centred(self, text: str, face: Face, size: float, lines_high: float, m: Measures) -> Iterator[Block]:
        clean = self.setter.clean(text)
        for line in even_lines(clean, m.width, self._measure(face, size)) if clean else []:
            yield _centred(line, face, size, size * lines_high, m.width)

    def _line(self, text: str, face: Face, size: float, lines_high: float) -> Block:
        return _text(self.setter.clean(text), face, size, size * lines_high, keeps_next=True)

    def _sides(self, left: str, right: str, measures: Measures) -> Iterator[Block]:
        if left or right:
            yield _sides(self.setter.clean(left), self.setter.clean(right), measures.width)

    def _signature(self, measures: Measures) -> Block:
        labels = [self.setter.clean(label) for label in self.report.signature]

        def draw(pen: Pen, left: float, top: float) -> None:
            widths = [pen.width(label, "serif", SIDE_PT) for label in labels]
            room = (measures.width - sum(widths)) / len(labels)
            x = left
            for label, width in zip(labels, widths, strict=True):
                pen.text(x, top - 20, label, "serif", SIDE_PT)
                x += width + room

        return Block(26, draw, follows=True)

    def _charts(self, charts: Sequence[Chart], measures: Measures) -> Block:
        """Charts side by side. A figure is made when it is drawn, not when its place is tried."""
        width = (measures.width - CHART_GAP * (len(charts) - 1)) / len(charts)
        height = measures.chart

        def draw(pen: Pen, left: float, top: float) -> None:
            for at, chart in enumerate(charts):
                made = figure(chart, (width / 72, height / 72), 72)
                pen.figure(made, left + at * (width + CHART_GAP), top - height)

        return Block(height + 8, draw)

    def _measure(self, face: Face, size: float) -> Callable[[str], float]:
        return lambda text: self.setter.width(text, face) * size


def _paired(parts: Sequence[Part], in_a_row: int) -> Iterator[Part | tuple[Chart, ...]]:
    """Charts that follow one another go side by side."""
    for is_chart, run in groupby(parts, key=lambda part: isinstance(part, Chart)):
        same = list(run)
        if is_chart:
            charts = [part for part in same if isinstance(part, Chart)]
            yield from (tuple(charts[at : at + in_a_row]) for at in range(0, len(charts), in_a_row))
        else:
            yield from same


def _text(
    text: str,
    face: Face,
    size: float,
    height: float,
    spacing: float = 0.0,
    *,
    x: float = 0.0,
    keeps_next: bool = False,
    follows: bool = False,
) -> Block:
    def draw(pen: Pen, left: float, top: float) -> None:
        pen.text(left + x, top - height / 2 - BASELINE * size, text, face, size, spacing)

    return Block(height, draw, keeps_next, follows)


def _centred(text: str, face: Face, size: float, height: float, width: float) -> Block:
    def draw(pen: Pen, left: float, top: float) -> None:
        pen.centred(left + width / 2, top - height / 2 - BASELINE * size, text, face, size)

    return Block(height, draw, keeps_next=True)


def _sides(left_text: str, right_text: str, width: float) -> Block:
    height = SIDE_PT * 1.7

    def draw(pen: Pen, left: float, top: float) -> None:
        y = top - height / 2 - BASELINE * SIDE_PT
        pen.text(left, y, left_text, "serif", SIDE_PT)
        pen.right(left + width, y, right_text, "serif", SIDE_PT)

    return Block(height, draw, keeps_next=True)


def _gap(height: float, *, keeps_next: bool = False) -> Block:
    return Block(height, lambda _pen, _left, _top: None, keeps_next)
