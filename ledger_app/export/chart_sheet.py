"""One chart being laid out on a figure: head, margins, grid, category labels."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from matplotlib.figure import Figure

from ledger_app.export.chart_marks import (
    AXIS,
    GRID,
    INK,
    MUTED,
    SMALL_PT,
    TEXT_PT,
    Board,
    colours,
    draw_bars,
    draw_horizontal_bars,
    draw_lines,
    draw_stacks,
    height_of,
    nice_ticks,
    shown,
    text_font,
)
from ledger_app.export.fonts import Face, Typesetter
from ledger_app.export.pdf_text import even_lines
from ledger_app.export.report import Chart, Column, show

TITLE_PT = 11.0
POINTS = 72.0
RED, BAND = "#c8372d", "#fdf3d0"
NO_DATA = "这一期没有数据"


@dataclass(slots=True)
class _Margins:
    """Points around the axes."""

    left: float
    right: float
    top: float
    bottom: float


class ChartSheet:
    """One figure being drawn."""

    def __init__(self, empty: Figure, chart: Chart, setter: Typesetter) -> None:
        self.figure = empty
        self.chart = chart
        self.setter = setter
        self.width_pt, self.height_pt = (float(inches) * POINTS for inches in empty.get_size_inches())
        self.lies = chart.kind == "barh"
        self.edges = self._edges()
        self.ticks = [tick for tick in nice_ticks(*self.edges) if self.edges[0] <= tick <= self.edges[1]]
        self.labels: list[str] = []
        self.margins = self._margins()

    def draw(self) -> None:
        self._head()
        if all(value is None for series in self.chart.series for value in series.values):
            self._figure_text(self.width_pt / 2, self.height_pt / 2, NO_DATA, TEXT_PT, MUTED, ha="center")
            return
        board = self._board()
        self._grid(board)
        self._bands(board)
        marks = {"bar": draw_bars, "stacked": draw_stacks, "line": draw_lines, "barh": draw_horizontal_bars}
        marks[self.chart.kind](board)
        self._levels(board)
        self._categories(board)

    def _edges(self) -> tuple[float, float]:
        """The lowest and highest value of the axis: bars stand on zero, labels get room."""
        chart = self.chart
        heights = [h for one in chart.series for v in one.values if not math.isnan(h := height_of(chart, v))]
        if chart.kind == "stacked":
            columns = zip(*(one.values for one in chart.series), strict=True)
            heights = [
                sum(height_of(chart, value) for value in column if value is not None) for column in columns
            ]
        heights += [height_of(chart, level.value) for level in chart.levels if level.value is not None]
        low, high = (min(heights), max(heights)) if heights else (0.0, 1.0)
        if chart.kind == "line":
            ticks = nice_ticks(low, high if high > low else low + 1)
            return ticks[0], ticks[-1]
        low, high = min(low, 0.0), max(high, 0.0) or float(low >= 0)
        room = (high - low) * (0.04 if self.lies else 0.14)
        return low - room * (low < 0), high + room * (high > 0)

    def _margins(self) -> _Margins:
        chart = self.chart
        notes = 14.0 * len(self._note_lines())
        top = 24.0 + (15.0 if self._has_legend() else 0.0) + 10.0
        if self.lies:
            left = max((self._width(label) for label in chart.categories), default=0.0) * TEXT_PT + 14
            left = max(left, self._width(chart.cut_off) * SMALL_PT + 14 if chart.part else 0)
            return _Margins(min(left, self.width_pt * 0.4), self._value_room() + 14, top, 18 + notes)
        left = max(self._width(self._tick(tick)) for tick in self.ticks) * SMALL_PT + 16
        right = self._end_room() if chart.kind == "line" else 10.0
        slot = (self.width_pt - left - right) / max(len(chart.categories), 1)
        self.labels = _wrapped_labels(chart, slot, self._width)
        lines = max((label.count("\n") + 1 for label in self.labels), default=1)
        return _Margins(left, right, top, 10 + lines * TEXT_PT * 1.3 + notes + (12 if chart.part else 0))

    def _board(self) -> Board:
        m = self.margins
        wide, high = self.width_pt - m.left - m.right, self.height_pt - m.top - m.bottom
        axes = self.figure.add_axes(
            (m.left / self.width_pt, m.bottom / self.height_pt, wide / self.width_pt, high / self.height_pt)
        )
        axes.set_axis_off()
        count = len(self.chart.categories)
        if self.lies:
            axes.set_xlim(self.edges)
            axes.set_ylim(count - 0.5, -0.5)
        else:
            axes.set_xlim(-0.5, count - 0.5)
            axes.set_ylim(self.edges[::-1] if self.chart.downward else self.edges)
        return Board(axes, self.chart, wide, high, self.setter)

    def _head(self) -> None:
        """Title left, unit and cut-off right, the names of the series under the title, notes at the foot."""
        chart = self.chart
        top = self.height_pt - 14
        self._figure_text(6, top, chart.title, TITLE_PT, INK, face=self._title_face())
        said = [f"单位：{chart.unit}" if chart.unit else "", "" if chart.part else chart.cut_off]
        self._figure_text(self.width_pt - 6, top, "　".join(filter(None, said)), SMALL_PT, MUTED, ha="right")
        if self._has_legend():
            self._legend(top - 19)
        for at, line in enumerate(reversed(self._note_lines())):
            self._figure_text(6, 9 + 13 * at, line, SMALL_PT, MUTED)

    def _legend(self, y: float) -> None:
        x = 8.0
        for series, colour in zip(self.chart.series, colours(self.chart.series), strict=True):
            self._figure_text(x, y, "■", TEXT_PT, colour)
            self._figure_text(x + 12, y, series.name, TEXT_PT, INK)
            x += 12 + self._width(series.name) * TEXT_PT + 16

    def _grid(self, board: Board) -> None:
        axes = board.axes
        for tick in self.ticks:
            zero = tick == 0
            line = axes.axvline if self.lies else axes.axhline
            colour, wide, order = (AXIS, 0.9, 3) if zero else (GRID, 0.6, 1)
            line(tick, color=colour, linewidth=wide, zorder=order, clip_on=not zero)
            across = ((0, -4), "center", "top") if self.lies else ((-5, 0), "right", "center")
            at = (tick, len(self.chart.categories) - 0.5) if self.lies else (-0.5, tick)
            self._note(board, self._tick(tick), at, *across, MUTED)

    def _bands(self, board: Board) -> None:
        for band in self.chart.bands:
            board.axes.axvspan(band.first - 0.5, band.last + 0.5, color=BAND, linewidth=0, zorder=0)
            top = board.axes.get_ylim()[1]
            at = ((band.first + band.last) / 2, top)
            self._note(board, band.label, at, (0, -2), "center", "top", MUTED)

    def _levels(self, board: Board) -> None:
        for level in self.chart.levels:
            if level.value is None:
                continue
            height = height_of(self.chart, level.value)
            said = f"{level.label} {shown(self.chart, level.value)}"
            look: dict[str, Any] = {"color": RED, "linewidth": 1.1, "linestyle": (0, (5, 3)), "zorder": 5}
            if self.lies:
                board.axes.axvline(height, **look)
                self._note(board, said, (height, -0.5), (0, 1), "center", "bottom", RED)
            else:
                board.axes.axhline(height, **look)
                self._note(
                    board, said, (len(self.chart.categories) - 0.5, height), (0, 2), "right", "bottom", RED
                )

    def _categories(self, board: Board) -> None:
        chart = self.chart
        foot = board.axes.get_ylim()[0]
        for index, label in enumerate(self.labels if not self.lies else chart.categories):
            part = index in chart.part
            under = chart.cut_off if part else ""
            if self.lies:
                at = (board.axes.get_xlim()[0], index)
                self._note(board, label, at, (-6, 6 if under else 0), "right", "center", INK, TEXT_PT)
                self._note(board, under, at, (-6, -6), "right", "center", MUTED)
                continue
            self._note(board, label, (index, foot), (0, -5), "center", "top", INK, TEXT_PT)
            if under:
                down = -7 - (label.count("\n") + 1) * TEXT_PT * 1.3
                self._note(board, under, (index, foot), (0, down), "center", "top", MUTED)

    def _note(
        self,
        board: Board,
        text: str,
        at: tuple[float, float],
        away_pt: tuple[float, float],
        ha: Any,
        va: Any,
        colour: str,
        size_pt: float = SMALL_PT,
    ) -> None:
        board.axes.annotate(
            text,
            at,
            xytext=away_pt,
            textcoords="offset points",
            ha=ha,
            va=va,
            color=colour,
            fontproperties=text_font("sans", size_pt),
            parse_math=False,
            annotation_clip=False,
            zorder=6,
        )

    def _figure_text(
        self,
        x: float,
        y: float,
        text: str,
        size_pt: float,
        colour: str,
        ha: Any = "left",
        face: Face = "sans",
    ) -> None:
        self.figure.text(
            x / self.width_pt,
            y / self.height_pt,
            text,
            fontproperties=text_font(face, size_pt),
            color=colour,
            ha=ha,
            va="center",
            parse_math=False,
        )

    def _title_face(self) -> Face:
        """Bold, unless the bold face lacks a character of the title."""
        return "sans_bold" if len(self.setter.runs(self.chart.title, "sans_bold")) == 1 else "sans"

    def _note_lines(self) -> list[str]:
        return [line for line in self.chart.note.split("\n") if line]

    def _has_legend(self) -> bool:
        return self.chart.kind != "line" and len(self.chart.series) > 1

    def _tick(self, tick: float) -> str:
        """A tick value: no more decimals than the ticks need."""
        places = max(0, *(len(f"{one:.10f}".rstrip("0").partition(".")[2]) for one in self.ticks))
        return show(tick, Column("", "", "", places))

    def _width(self, text: str) -> float:
        """Width per em."""
        return self.setter.width(text.replace("\n", ""), "sans")

    def _value_room(self) -> float:
        values = (value for series in self.chart.series for value in series.values)
        return max((self._width(shown(self.chart, value)) for value in values), default=0.0) * SMALL_PT

    def _end_room(self) -> float:
        """Room for the names at the line ends."""
        names = (f"{one.name} {shown(self.chart, v)}" for one in self.chart.series for v in one.values[-1:])
        widest: float = max((self._width(name) for name in names), default=0.0)
        return min(widest * TEXT_PT + 14, self.width_pt * 0.35)


def _wrapped_labels(chart: Chart, slot_pt: float, width: Callable[[str], float]) -> list[str]:
    """Category labels on up to three lines of their slot; where even that is too tight, every second, third …"""
    per_line = max(int(slot_pt / TEXT_PT), 1)
    widest = max((width(label) for label in chart.categories), default=0.0)
    if widest * TEXT_PT <= slot_pt * 3 * 0.95 and per_line >= 2:
        room = slot_pt * 0.95 / TEXT_PT
        return ["\n".join(even_lines(label, room, width)) for label in chart.categories]
    step = max(1, math.ceil((widest * TEXT_PT + 4) / slot_pt))
    return [label if index % step == 0 else "" for index, label in enumerate(chart.categories)]
