"""图表: pick a chart, a period and a town; every bar opens its records."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from matplotlib.backends.backend_qtagg import FigureCanvasQTAgg
from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QImage, QPageLayout, QPainter
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ledger_app.export.report import Chart
from ledger_app.services import charting
from ledger_app.ui.page_head import PageHead
from ledger_app.ui.places import Page, PageContext, Target
from ledger_app.ui.theme import role

YEARS_BACK = 8
RESIZE_MS = 120
ROW_PX = 32
WHOLE_COUNTY = "全旗县"


class ChartView(QWidget):
    """A drawn chart that knows what lies under the mouse. `opened` is called with the uids of a bar."""

    def __init__(self, opened: Any) -> None:
        super().__init__()
        self._opened = opened
        self.chart: Chart | None = None
        self.canvas: FigureCanvasQTAgg | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(12, 12, 12, 12)
        self.empty = QLabel()
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        role(self.empty, "muted")
        self.empty.hide()
        self._column.addWidget(self.empty)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(RESIZE_MS)
        self._later.timeout.connect(self._draw)
        role(self, "card")

    def show_chart(self, chart: Chart) -> None:
        self.chart = chart
        nothing = not any(value for series in chart.series for value in series.values)
        self.empty.setText(f"{chart.title}：这个时段没有数据。" if nothing else "")
        self.empty.setVisible(nothing)
        if nothing:
            self._drop()
        else:
            self._draw()

    def _drop(self) -> None:
        if self.canvas:
            self._column.removeWidget(self.canvas)
            self.canvas.deleteLater()
            self.canvas = None

    def resizeEvent(self, event: Any) -> None:
        super().resizeEvent(event)
        if self.chart:
            self._later.start()

    def _draw(self) -> None:
        if self.chart is None or self.empty.isVisible():
            return
        self._drop()
        dpi = self.logicalDpiX() or 96
        size = (max(self.width() - 24, 300) / dpi, max(self.height() - 24, 200) / dpi)
        self.canvas = FigureCanvasQTAgg(charting.draw(self.chart, size, dpi))
        self.canvas.setMinimumSize(QSize(200, 150))
        self.canvas.mpl_connect("button_press_event", self._pressed)
        self.canvas.mpl_connect("motion_notify_event", self._moved)
        self._column.addWidget(self.canvas)

    def _under(self, event: Any) -> tuple[str, ...]:
        if self.chart is None or self.canvas is None:
            return ()
        return charting.records_at(self.chart, self.canvas.figure, event.x, event.y)

    def _pressed(self, event: Any) -> None:
        if uids := self._under(event):
            self._opened(uids)

    def _moved(self, event: Any) -> None:
        uids = self._under(event)
        hand = Qt.CursorShape.PointingHandCursor if uids else Qt.CursorShape.ArrowCursor
        self.setCursor(hand)
        self.setToolTip(f"{len(uids)} 条记录，点击打开" if uids else "")


class ChartsPage(Page):
    ledgers = frozenset({"wells", "permits", "closures", "projects", "regions", "point_events", "parameters"})

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self.context = context
        self.head = PageHead("图表")
        self.names = QListWidget()
        for kind in charting.kinds():
            item = QListWidgetItem(kind.label)
            item.setData(Qt.ItemDataRole.UserRole, kind.name)
            item.setSizeHint(QSize(0, ROW_PX))
            self.names.addItem(item)
        self.names.setFixedWidth(200)
        self.town = QComboBox()
        self.year = QComboBox()
        self.view = ChartView(self.open_records)
        self._fill_choices()
        self._lay_out()
        self.names.setCurrentRow(0)
        for signal in (
            self.names.currentRowChanged,
            self.town.currentIndexChanged,
            self.year.currentIndexChanged,
        ):
            signal.connect(self.refresh)

    @property
    def chosen(self) -> str:
        return str(self.names.currentItem().data(Qt.ItemDataRole.UserRole))

    def entered(self) -> None:
        self.refresh()

    def refresh(self) -> None:
        name, town = self.chosen, self.town.currentData()
        start, end = self.year.currentData()
        self.context.workers.read(
            lambda conn: charting.build_chart(conn, name, start, end, town),
            self._show,
            channel="chart",
        )

    def go_to(self, target: Target) -> None:
        for row in range(self.names.count()):
            if self.names.item(row).data(Qt.ItemDataRole.UserRole) == target.said:
                self.names.setCurrentRow(row)

    def open_records(self, uids: tuple[str, ...]) -> None:
        kind = charting.chart_kind(self.chosen)
        said = self.view.chart.title if self.view.chart else kind.label
        self.context.navigate(kind.ledger, Target(uids=uids, said=said))

    def _show(self, chart: Chart) -> None:
        self.head.say(chart.cut_off)
        self.view.show_chart(chart)

    def _fill_choices(self) -> None:
        self.town.addItem(WHOLE_COUNTY, None)
        for town in charting.towns(self.context.workspace.screen):
            self.town.addItem(town, town)
        today = self.context.workspace.today()
        self.year.addItem(f"{today.year}年至今", (date(today.year, 1, 1), today))
        for year in range(today.year - 1, today.year - YEARS_BACK, -1):
            self.year.addItem(f"{year}年", (date(year, 1, 1), date(year, 12, 31)))
        since = date(today.year - 4, 1, 1)
        self.year.addItem(f"近五年（{since.year}年至今）", (since, today))

    def _lay_out(self) -> None:
        for label, act in (
            ("复制图", self.copy),
            ("存为图片…", self.save),
            ("打印…", self.print),
        ):
            self.head.add_button(label).clicked.connect(act)
        choices = QHBoxLayout()
        choices.setSpacing(8)
        for widget in (QLabel("时段"), self.year, QLabel("乡镇"), self.town):
            choices.addWidget(widget)
        hint = QLabel("点一根柱子，打开它背后的记录。")
        role(hint, "muted")
        choices.addWidget(hint)
        choices.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.names)
        row.addWidget(self.view, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.head)
        column.addLayout(choices)
        column.addLayout(row, 1)

    # ---- what can be done with it ------------------------------------------------------------

    def copy(self) -> None:
        if self.view.chart:
            QGuiApplication.clipboard().setImage(QImage.fromData(charting.png(self.view.chart)))
            self.context.messages.note("图已复制，可以粘贴到文档或微信里。")

    def save(self) -> None:
        if not self.view.chart:
            return
        start = str(Path.home() / f"{self.view.chart.title}.png")
        chosen, _ = QFileDialog.getSaveFileName(self, "存为图片", start, "图片 (*.png);;矢量图 (*.svg)")
        if chosen:
            charting.save_chart(self.view.chart, Path(chosen))
            self.context.messages.note(f"已存到 {Path(chosen).name}。")

    def print(self) -> None:
        if not self.view.chart:
            return
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setPageOrientation(QPageLayout.Orientation.Landscape)
        if QPrintDialog(printer, self).exec():
            image = QImage.fromData(charting.png(self.view.chart))
            painter = QPainter(printer)
            size = image.size().scaled(painter.viewport().size(), Qt.AspectRatioMode.KeepAspectRatio)
            painter.drawImage(painter.viewport().topLeft(), image.scaled(size))
            painter.end()
