"""The pages of a report as they will be printed."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QPageLayout, QPainter, QPixmap
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QLabel, QScrollArea, QVBoxLayout, QWidget

from ledger_app.services.reporting import pages_of
from ledger_app.ui.theme import role

SCREEN_DPI = 110
PRINT_DPI = 200


class ReportPages(QScrollArea):
    """Pictures of the pages, as wide as the window allows."""

    def __init__(self) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.labels: list[QLabel] = []
        self._images: list[QImage] = []

    def show_images(self, images: Sequence[QImage]) -> None:
        self._images = list(images)
        body = QWidget()
        role(body, "desk")
        column = QVBoxLayout(body)
        column.setSpacing(12)
        self.labels = []
        for _ in self._images:
            label = QLabel()
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(label)
            self.labels.append(label)
        column.addStretch(1)
        self.setWidget(body)
        self._fit()

    def resizeEvent(self, event) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        ratio = self.devicePixelRatioF()
        for label, image in zip(self.labels, self._images, strict=True):
            width = min(self.viewport().width() - 40, round(image.width() * 1.1))
            size = QSize(round(width * ratio), round(width * ratio * image.height() / image.width()))
            scaled = image.scaled(
                size, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
            )
            scaled.setDevicePixelRatio(ratio)
            label.setPixmap(QPixmap.fromImage(scaled))


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
