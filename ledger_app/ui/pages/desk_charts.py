"""A chart as a picture: drawn beside the window, so that nothing waits for it; every bar opens its records."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QFont, QImage, QMouseEvent, QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame

from ledger_app.export.report import Chart
from ledger_app.services import charting
from ledger_app.ui.places import PageContext
from ledger_app.ui.theme import role

MARGIN: Final = 10
REDRAW_MS: Final = 150
SMALLEST: Final = QSize(240, 150)
Opened = Callable[[Chart, tuple[str, ...]], object]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A chart as it was drawn: the picture, and the figure that knows where its bars are."""

    chart: Chart
    figure: Any
    image: QImage


class ChartPicture(QFrame):
    """`opened(chart, uids)` is called with the records behind the bar that was clicked."""

    def __init__(self, context: PageContext, opened: Opened) -> None:
        super().__init__()
        role(self, "card")
        self._context = context
        self._opened = opened
        self._drawn: Drawn | None = None
        self.chart: Chart | None = None
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self._draw)
        self.setMinimumSize(SMALLEST)
        self.setMouseTracking(True)

    def show_chart(self, chart: Chart) -> None:
        self.chart = chart
        self.setAccessibleName(chart.title)
        self._soon.start(0)  # once the page is laid out

    # ---- drawing -----------------------------------------------------------------------------

    def _draw(self) -> None:
        """Matplotlib is loaded and draws on the long reader's thread."""
        chart, area, ratio = self.chart, self._area(), self.devicePixelRatioF()
        self.update()
        if (
            chart is None
            or is_nothing(chart)
            or not self.isVisible()
            or area.width() < 50
            or area.height() < 50
        ):
            return
        dpi = self.logicalDpiX() * ratio
        size = (area.width() / self.logicalDpiX(), area.height() / self.logicalDpiX())
        self._context.workers.read_long("", lambda _conn, _: draw(chart, size, dpi, ratio), self._show)

    def _show(self, drawn: Drawn) -> None:
        self._drawn = drawn
        self.update()

    def _area(self) -> QRectF:
        return QRectF(self.rect()).adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        if self.chart and is_nothing(self.chart):
            self._say_nothing(painter, self.chart)
        elif self._drawn:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(self._area(), self._drawn.image)
        painter.end()

    def _say_nothing(self, painter: QPainter, chart: Chart) -> None:
        """Rows of zeros are a sentence, not a chart."""
        bold = QFont(self.font())
        bold.setBold(True)
        painter.setFont(bold)
        painter.setPen(self._context.theme.colour("ink"))
        area = self._area().adjusted(6, 4, 0, 0)
        painter.drawText(area, int(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft), chart.title)
        painter.setFont(self.font())
        painter.setPen(self._context.theme.colour("muted"))
        painter.drawText(area, int(Qt.AlignmentFlag.AlignCenter), f"{chart.cut_off}，一{chart.unit}也没有。")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.chart:
            self._soon.start(REDRAW_MS if self._drawn else 0)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self.chart and (self._drawn is None or self._drawn.chart is not self.chart):
            self._soon.start(0)

    # ---- what lies under the mouse -----------------------------------------------------------

    def records_at(self, at: QPointF) -> tuple[str, ...]:
        if self._drawn is None or self.chart is None or is_nothing(self.chart):
            return ()
        area, image = self._area(), self._drawn.image
        x = (at.x() - area.left()) * image.width() / area.width()
        y = (area.bottom() - at.y()) * image.height() / area.height()
        return charting.records_at(self._drawn.chart, self._drawn.figure, x, y)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        uids = self.records_at(event.position())
        hand = Qt.CursorShape.PointingHandCursor if uids else Qt.CursorShape.ArrowCursor
        self.setCursor(hand)
        self.setToolTip(f"{len(uids):,} 条记录，点击打开" if uids else "")

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        uids = self.records_at(event.position())
        if uids and self._drawn and event.button() == Qt.MouseButton.LeftButton:
            self._opened(self._drawn.chart, uids)


def is_nothing(chart: Chart) -> bool:
    """Whether there is nothing to be seen in a chart but zeros."""
    return not any(value for series in chart.series for value in series.values)


def draw(chart: Chart, size_in: tuple[float, float], dpi: float, ratio: float) -> Drawn:
    """Draw off the window's thread: a QImage may be made on any."""
    figure = charting.draw(chart, size_in, dpi)
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    image = QImage.fromData(buffer.getvalue())
    image.setDevicePixelRatio(ratio)
    return Drawn(chart, figure, image)
