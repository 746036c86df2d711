"""The charting page: a chart by name, period and town; as a picture, as a file, opened down to its records."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from ledger_app.core.errors import LedgerError
from ledger_app.db import Connection
from ledger_app.db.queries import progress
from ledger_app.db.queries.parameters import parameters
from ledger_app.export.report import Chart
from ledger_app.export.reports.catalogue import CHARTS, ChartKind, Choice


def kinds() -> tuple[ChartKind, ...]:
    return CHARTS


def chart_kind(name: str) -> ChartKind:
    found = next((kind for kind in CHARTS if kind.name == name), None)
    if found is None:
        raise LedgerError(f"没有“{name}”这张图。", "no_chart")
    return found


def build_chart(conn: Connection, name: str, start: date, end: date, town: str | None = None) -> Chart:
    """The chart over a period (both days inside) for the county or one town."""
    return chart_kind(name).build(conn, Choice(start, end, parameters(conn, end), town))


def towns(conn: Connection) -> list[str]:
    return progress.town_order(conn)


def draw(chart: Chart, size_in: tuple[float, float], dpi: float) -> Any:
    """The picture for the screen: a matplotlib Figure, which only export and the canvas know."""
    from ledger_app.export import charts  # noqa: PLC0415 - matplotlib only when a chart is looked at

    return charts.figure(chart, size_in, dpi)


def records_at(chart: Chart, figure: Any, x_px: float, y_px: float) -> tuple[str, ...]:
    """The uids behind the bar at a place of the picture (pixels from the lower left)."""
    from ledger_app.export import charts  # noqa: PLC0415

    mark = charts.mark_at(figure, x_px, y_px)
    return charts.records_at(chart, mark) if mark else ()


def png(chart: Chart) -> bytes:
    from ledger_app.export import charts  # noqa: PLC0415

    return charts.png_bytes(chart)


def save_chart(chart: Chart, out: Path) -> None:
    """Save as .png or .svg by the ending; whole or not at all."""
    from ledger_app.export import charts  # noqa: PLC0415
    from ledger_app.export.files import write_bytes  # noqa: PLC0415

    content: Any = {".png": charts.png_bytes, ".svg": lambda c: charts.svg_text(c).encode()}
    if out.suffix.lower() not in content:
        raise LedgerError("图可以存成 .png 或 .svg。", "unknown_format")
    write_bytes(out, content[out.suffix.lower()](chart))
