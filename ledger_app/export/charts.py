"""Charts in the house style as matplotlib figures: direct labels, no box, light grid, plan pale, actual strong.

Bars carry `gid` "series:category", so whoever shows the figure finds the records behind a click. No pyplot
and no global setting: every text names the bundled font file itself.
"""

from __future__ import annotations

import io
import math
from dataclasses import replace

import matplotlib as mpl
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from ledger_app.export.chart_sheet import POINTS, ChartSheet
from ledger_app.export.fonts import Typesetter
from ledger_app.export.report import Chart

SIZE_IN = (8.0, 3.6)
SCREEN_DPI = 100
PRINT_DPI = 200
HIT_PX = 8.0


def figure(chart: Chart, size_in: tuple[float, float] = SIZE_IN, dpi: float = SCREEN_DPI) -> Figure:
    """The chart as a figure of that size; text keeps its size in points whatever the size."""
    setter = Typesetter()
    sheet = ChartSheet(Figure(figsize=size_in, dpi=dpi, facecolor="white"), _cleaned(chart, setter), setter)
    sheet.draw()
    return sheet.figure


def png_bytes(chart: Chart, size_in: tuple[float, float] = SIZE_IN, dpi: float = PRINT_DPI) -> bytes:
    """The chart as a PNG file; the same bytes for the same chart."""
    buffer = io.BytesIO()
    FigureCanvasAgg(figure(chart, size_in, dpi)).print_png(buffer, metadata={"Software": None})  # type: ignore[no-untyped-call]
    return buffer.getvalue()


def svg_text(chart: Chart, size_in: tuple[float, float] = SIZE_IN) -> str:
    """The chart as SVG with its letters as outlines, so it looks the same without our fonts."""
    buffer = io.BytesIO()
    with mpl.rc_context({"svg.hashsalt": "ledger", "svg.fonttype": "path"}):
        canvas = FigureCanvasSVG(figure(chart, size_in, POINTS))
        canvas.print_svg(buffer, metadata={"Date": None, "Creator": None})  # type: ignore[no-untyped-call]
    return buffer.getvalue().decode()


def mark_at(shown_figure: Figure, x_px: float, y_px: float) -> tuple[int, int] | None:
    """Which bar or point (series, category) lies at a pixel of a drawn figure, counted from its lower left."""
    axes = shown_figure.axes[0] if shown_figure.axes else None
    if axes is None:
        return None
    for patch in axes.patches:
        gid = patch.get_gid()
        if gid and patch.contains_point((x_px, y_px)):
            series, category = gid.split(":")
            return int(series), int(category)
    for line in axes.lines:
        if gid := line.get_gid():
            points = axes.transData.transform(line.get_xydata())
            for at, (x, y) in enumerate(points):
                if math.hypot(x - x_px, y - y_px) <= HIT_PX:
                    return int(gid.rstrip(":")), at
    return None


def records_at(chart: Chart, mark: tuple[int, int]) -> tuple[str, ...]:
    """The uids of the records behind a bar or point."""
    series, category = mark
    ids = chart.series[series].ids
    return ids[category] if category < len(ids) else ()


def _cleaned(chart: Chart, setter: Typesetter) -> Chart:
    """The chart with texts that can be drawn."""
    clean = setter.clean
    return replace(
        chart,
        title=clean(chart.title),
        unit=clean(chart.unit),
        note=clean(chart.note),
        cut_off=clean(chart.cut_off),
        categories=tuple(clean(category) for category in chart.categories),
        series=tuple(replace(series, name=clean(series.name)) for series in chart.series),
        levels=tuple(replace(level, label=clean(level.label)) for level in chart.levels),
        bands=tuple(replace(band, label=clean(band.label)) for band in chart.bands),
    )
