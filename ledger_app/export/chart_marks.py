"""The marks of a chart: colours, tick values, bars, lines and their direct labels."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes
from matplotlib.font_manager import FontProperties
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from ledger_app.export.fonts import Face, Typesetter, font_file
from ledger_app.export.report import UNKNOWN, Chart, Column, Series, show

INK, MUTED, GRID, AXIS = "#1f2a37", "#66758a", "#e3e8ef", "#9aa7b8"
PALE, BLUE, BEFORE = "#c3d0e0", "#1f6feb", "#9aa7b8"
OTHERS = ("#2f855a", "#b7791f", "#0b3d66", "#7a5aa6", "#3b9ab2", "#66758a")
TEXT_PT, SMALL_PT, SMALLEST_PT = 9.0, 8.0, 5.5
BAR_SHARE = 0.72  # of a slot that its bars fill


@dataclass(frozen=True, slots=True)
class Board:
    """Where marks are drawn: the axes, their size in points and how text is set."""

    axes: Axes
    chart: Chart
    width_pt: float
    height_pt: float
    setter: Typesetter

    def write(self, x: float, y: float, text: str, size_pt: float, **look: Any) -> Text:
        """Text at data coordinates."""
        return self.axes.text(x, y, text, fontproperties=text_font("sans", size_pt), parse_math=False, **look)

    def text_width_pt(self, text: str, size_pt: float) -> float:
        return max((self.setter.width(line, "sans") for line in text.split("\n")), default=0.0) * size_pt


def text_font(face: Face, size_pt: float) -> FontProperties:
    """The bundled font by its file, so that nothing has to be registered globally."""
    return FontProperties(fname=str(font_file(face)), size=size_pt)


def shown(chart: Chart, value: Any) -> str:
    """A value as its label: rounded to the chart's places, rates as per cent."""
    return UNKNOWN if value is None else show(value, Column("", "", chart.unit, chart.places))


def height_of(chart: Chart, value: Any) -> float:
    """A value as it is drawn; unknown is not a number."""
    if value is None:
        return math.nan
    return float(value) * (100 if chart.unit == "%" else 1)


def colours(series: Sequence[Series]) -> list[str]:
    """Plan pale, actual strong; further series of one role in colours of their own."""
    spare = iter(OTHERS * (1 + len(series)))
    taken: list[str] = []
    for one in series:
        wanted = {"plan": PALE, "actual": BLUE, "part": BLUE, "before": BEFORE}.get(one.role)
        taken.append(wanted if wanted and wanted not in taken else next(spare))
    return taken


def lighter(colour: str) -> str:
    """Half way to white: a period that is not over."""
    parts = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return "#" + "".join(f"{(part + 255) // 2:02x}" for part in parts)


def nice_ticks(low: float, high: float, most: int = 5) -> list[float]:
    """Round tick values covering low…high: steps of 1, 2 or 5 × a power of ten."""
    span = high - low or 1.0
    rough = span / most
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough * 0.999)
    first = math.floor(low / step + 1e-9)
    last = math.ceil(high / step - 1e-9)
    return [round(number * step, 10) for number in range(first, last + 1)]


def draw_bars(board: Board) -> None:
    """Upright bars side by side, each with its value above it."""
    series = board.chart.series
    pitch = BAR_SHARE / max(len(series), 1)
    size = _label_size(board, board.width_pt / max(len(board.chart.categories), 1) * pitch * 1.12)
    for at, bar in _bars(board.chart):
        x = bar.category - BAR_SHARE / 2 + pitch * (at + 0.5)
        height = 0.0 if math.isnan(bar.length) else bar.length
        _bar(board, bar, (x - pitch * 0.46, 0.0), (pitch * 0.92, height))
        if size:
            upward = (height >= 0) != board.chart.downward
            _value(board, bar, (x, height), size, (0, 2 if upward else -2))


def draw_horizontal_bars(board: Board) -> None:
    """Lying bars, first category on top, the value at the end of each."""
    series = board.chart.series
    pitch = BAR_SHARE / max(len(series), 1)
    slot_pt = board.height_pt / max(len(board.chart.categories), 1)
    size = min(SMALL_PT, slot_pt * pitch)
    for at, bar in _bars(board.chart):
        y = bar.category - BAR_SHARE / 2 + pitch * (at + 0.5)
        length = 0.0 if math.isnan(bar.length) else bar.length
        _bar(board, bar, (0.0, y - pitch * 0.46), (length, pitch * 0.92))
        if size >= SMALLEST_PT:
            _value(board, bar, (length, y), size, (3 if length >= 0 else -3, 0))


def draw_stacks(board: Board) -> None:
    """Stacked bars: parts labelled inside where there is room, the total above."""
    chart = board.chart
    tops = [0.0] * len(chart.categories)
    per_point = board.height_pt / max(_span(board), 1e-9)
    width_pt = board.width_pt / max(len(tops), 1) * BAR_SHARE
    for _, bar in _bars(chart):
        length = 0.0 if math.isnan(bar.length) else bar.length
        start = tops[bar.category]
        _bar(board, bar, (bar.category - BAR_SHARE / 2, start), (BAR_SHARE, length))
        fits = board.text_width_pt(bar.label, SMALL_PT) <= width_pt
        if length * per_point > SMALL_PT * 1.3 and fits:
            ink = INK if bar.colour in {PALE, BEFORE} or bar.is_part else "white"
            where = (bar.category, start + length / 2)
            board.write(*where, bar.label, SMALL_PT, ha="center", va="center", color=ink)
        tops[bar.category] += length
    _totals(board, tops, width_pt)


def draw_lines(board: Board) -> None:
    """Lines through points; gaps stay gaps; the name and the last value stand at the end."""
    chart = board.chart
    few = len(chart.categories) <= 13 and len(chart.series) == 1
    ends = []
    for index, (series, colour) in enumerate(zip(chart.series, colours(chart.series), strict=True)):
        heights = [height_of(chart, value) for value in series.values]
        dashed = (0, (4, 2)) if series.role == "plan" else "solid"
        board.axes.plot(
            range(len(heights)),
            heights,
            color=MUTED if series.role == "plan" else colour,
            linewidth=1.6,
            linestyle=dashed,
            marker="o",
            markersize=3.2,
            gid=f"{index}:",
            clip_on=False,
        )
        last = max((at for at, height in enumerate(heights) if not math.isnan(height)), default=None)
        if last is not None:
            ends.append((last, heights[last], f"{series.name} {shown(chart, series.values[last])}", colour))
        if few:
            _point_labels(board, series, heights, skip=last)
    _end_labels(board, ends)


@dataclass(frozen=True, slots=True)
class _Mark:
    series: int
    category: int
    length: float
    label: str
    colour: str
    is_part: bool


def _bars(chart: Chart) -> Iterator[tuple[int, _Mark]]:
    for at, (series, colour) in enumerate(zip(chart.series, colours(chart.series), strict=True)):
        for category, value in enumerate(series.values):
            part = series.role == "part" or category in chart.part
            length = height_of(chart, value)
            yield at, _Mark(at, category, length, shown(chart, value), colour, part and series.role != "plan")


def _bar(board: Board, mark: _Mark, corner: tuple[float, float], size: tuple[float, float]) -> None:
    colour = lighter(mark.colour) if mark.is_part else mark.colour
    board.axes.add_patch(
        Rectangle(
            corner, *size, facecolor=colour, linewidth=0, gid=f"{mark.series}:{mark.category}", zorder=2
        )
    )


def _value(
    board: Board, mark: _Mark, at: tuple[float, float], size: float, away_pt: tuple[float, float]
) -> None:
    across, up = away_pt
    board.axes.annotate(
        mark.label,
        at,
        xytext=away_pt,
        textcoords="offset points",
        ha="center" if not across else "left" if across > 0 else "right",
        va="center" if not up else "bottom" if up > 0 else "top",
        color=INK,
        fontproperties=text_font("sans", size),
        parse_math=False,
        zorder=4,
    )


def _label_size(board: Board, room_pt: float) -> float:
    """The largest size at which every value fits its bar; 0 when none does."""
    labels = [shown(board.chart, value) for series in board.chart.series for value in series.values]
    widest = max((board.text_width_pt(label, 1) for label in labels), default=1.0)
    size = min(SMALL_PT, room_pt / max(widest, 0.1))
    return size if size >= SMALLEST_PT else 0.0


def _span(board: Board) -> float:
    low, high = board.axes.get_ylim()
    return float(abs(high - low))


def _totals(board: Board, tops: list[float], width_pt: float) -> None:
    """What a stack adds up to, said only where there are several parts."""
    chart = board.chart
    if len(chart.series) < 2:
        return
    for category, top in enumerate(tops):
        values = [series.values[category] for series in chart.series if series.values[category] is not None]
        mark = _Mark(0, category, top, shown(chart, sum(values)) if values else UNKNOWN, INK, False)
        size = min(SMALL_PT, width_pt * 1.3 / max(board.text_width_pt(mark.label, 1), 0.1))
        if size >= SMALLEST_PT:
            _value(board, mark, (category, top), size, (0, 2))


def _point_labels(board: Board, series: Series, heights: list[float], skip: int | None) -> None:
    for at, height in enumerate(heights):
        if not math.isnan(height) and at != skip:
            mark = _Mark(0, at, height, shown(board.chart, series.values[at]), INK, False)
            _value(board, mark, (at, height), SMALL_PT, (0, -4 if board.chart.downward else 4))


def _end_labels(board: Board, ends: list[tuple[int, float, str, str]]) -> None:
    """Names at the line ends, pushed apart where they would cover each other."""
    gap = TEXT_PT * 1.25 * _span(board) / max(board.height_pt, 1)
    floor = -math.inf
    for last, height, label, colour in sorted(ends, key=lambda end: (end[1], end[2])):
        floor = max(height, floor + gap)
        board.axes.annotate(
            label,
            (last, floor),
            xytext=(6, 0),
            textcoords="offset points",
            ha="left",
            va="center",
            color=colour if colour != PALE else MUTED,
            fontproperties=text_font("sans", TEXT_PT),
            parse_math=False,
            annotation_clip=False,
        )
