"""The pages of a report as they will be printed."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QPageLayout, QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from ledger_app.services.reporting import pages_of
from ledger_app.ui.theme import role

SCREEN_DPI = 110
PRINT_DPI = 200


class PageView(QWidget):
    """A page as wide as it is told to be; its picture is scaled when it comes into sight."""

    def __init__(self, image: QImage) -> None:
        super().__init__()
        self._image = image
        self._scaled = QPixmap()

    def fit(self, most: int) -> None:
        width = min(most, round(self._image.width() * 1.1))
        self.setFixedSize(width, round(width * self._image.height() / self._image.width()))

    def paintEvent(self, _event: QPaintEvent) -> None:
        ratio = self.devicePixelRatioF()
        size = QSize(round(self.width() * ratio), round(self.height() * ratio))
        if self._scaled.size() != size:
            how = Qt.TransformationMode.SmoothTransformation
            scaled = self._image.scaled(size, Qt.AspectRatioMode.IgnoreAspectRatio, how)
            self._scaled = QPixmap.fromImage(scaled)
        painter = QPainter(self)
        painter.drawPixmap(self.rect(), self._scaled)
        painter.end()


class ReportPages(QScrollArea):
    """Pictures of the pages, as wide as the window allows."""

    def __init__(self) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.pages: list[PageView] = []

    def show_images(self, images: Sequence[QImage]) -> None:
        body = QWidget()
        role(body, "desk")
        column = QVBoxLayout(body)
        column.setSpacing(12)
        self.pages = [PageView(image) for image in images]
        for page in self.pages:
            column.addWidget(page, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        self._fit()
        self.setWidget(body)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        for page in self.pages:
            page.fit(self.viewport().width() - 40)


def screen_images(pdf: bytes) -> list[QImage]:
    """The pages for the screen. Called beside the window: a QImage may be made on any thread."""
    return [_image(page) for page in pages_of(pdf, SCREEN_DPI)]


def _image(page) -> QImage:
    return QImage(page.pixels, page.width, page.height, page.width * 4, QImage.Format.Format_RGB32).copy()


def ask_and_print(pdf: bytes, parent: QWidget) -> int:
    """Ask for the printer and print; how many pages went there, 0 where the clerk left it."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setPageOrientation(QPageLayout.Orientation.Landscape)
    return print_pdf(pdf, printer) if QPrintDialog(printer, parent).exec() else 0


def print_pdf(pdf: bytes, printer: QPrinter) -> int:
    """Paint the PDF's pages on the printer's paper; returns how many."""
    painter = QPainter(printer)
    count = 0
    for page in pages_of(pdf, PRINT_DPI):
        if count:
            printer.newPage()
        image = _image(page)
        paper = painter.viewport()
        size = image.size().scaled(paper.size(), Qt.AspectRatioMode.KeepAspectRatio)
        painter.drawImage(
            paper.x() + (paper.width() - size.width()) // 2,
            paper.y() + (paper.height() - size.height()) // 2,
            image.scaled(
                size, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
            ),
        )
        count += 1
    painter.end()
    return count
