"""A pen on PDF pages: text in runs of bundled fonts, rules, and matplotlib figures as vectors."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, BinaryIO

from matplotlib.backend_bases import RendererBase
from matplotlib.figure import Figure
from matplotlib.path import Path as Outline
from reportlab.pdfgen.canvas import Canvas

from ledger_app.export.fonts import Face, Typesetter, font_file, pdf_font

FACES: tuple[Face, ...] = ("serif", "serif_bold", "sans", "sans_bold")
RULE_PT = 0.5


class Pen:
    """Draws on one document. Coordinates are points from the lower left corner; text must be clean."""

    def __init__(self, file: BinaryIO, title: str, author: str, setter: Typesetter) -> None:
        self.setter = setter
        self.canvas = Canvas(file, invariant=1, pageCompression=1, initialFontName=pdf_font("serif"))
        self.canvas.setTitle(title)
        self.canvas.setSubject(title)
        self.canvas.setAuthor(author)
        self.canvas.setCreator("水资源台账")
        self._text: Any = None
        self._font = ("", 0.0)

    def page(self, width: float, height: float) -> None:
        """The size of the page about to be drawn."""
        self.canvas.setPageSize((width, height))

    def end_page(self) -> None:
        self._flush()
        self.canvas.showPage()

    def save(self) -> None:
        self.canvas.save()

    def outline(self, title: str, key: str) -> None:
        """A bookmark to this page."""
        self.canvas.bookmarkPage(key)
        self.canvas.addOutlineEntry(title, key)

    def width(self, text: str, face: Face, size: float) -> float:
        return self.setter.width(text, face) * size

    def text(self, x: float, y: float, text: str, face: Face, size: float, spacing: float = 0.0) -> None:
        """Text from x on; `spacing` is added after every character."""
        if not text:
            return
        made = self._text
        if made is None:
            made = self._text = self.canvas.beginText()
        made.setTextOrigin(x, y)
        if spacing:
            made.setCharSpace(spacing)
        for run in self.setter.runs(text, face):
            if (run.font, size) != self._font:
                made.setFont(run.font, size)
                self._font = (run.font, size)
            made.textOut(run.text)
        if spacing:
            made.setCharSpace(0)

    def centred(self, x: float, y: float, text: str, face: Face, size: float) -> None:
        self.text(x - self.width(text, face, size) / 2, y, text, face, size)

    def right(self, x: float, y: float, text: str, face: Face, size: float) -> None:
        self.text(x - self.width(text, face, size), y, text, face, size)

    def rules(self, lines: Iterable[tuple[float, float, float, float]]) -> None:
        """Thin black lines (x1, y1, x2, y2)."""
        self.canvas.setLineWidth(RULE_PT)
        self.canvas.lines(list(lines))

    def shade(self, x: float, y: float, width: float, height: float, grey: float) -> None:
        """A pale area under what is drawn next."""
        self.canvas.setFillGray(grey)
        self.canvas.rect(x, y, width, height, stroke=0, fill=1)
        self.canvas.setFillGray(0)

    def figure(self, figure: Figure, x: float, y: float) -> None:
        """A figure of 72 dpi with its lower left corner at (x, y)."""
        self._flush()
        self.canvas.saveState()
        self.canvas.translate(x, y)
        figure.draw(_FigurePen(self.canvas, self.setter, *figure.bbox.size))
        self.canvas.restoreState()

    def _flush(self) -> None:
        if self._text is not None:
            self.canvas.drawText(self._text)
        self._text = None
        self._font = ("", 0.0)


class _FigurePen(RendererBase):
    """Lets matplotlib draw on a reportlab canvas: outlines stay outlines, text stays text."""

    def __init__(self, canvas: Canvas, setter: Typesetter, width: float, height: float) -> None:
        super().__init__()
        self._canvas = canvas
        self._setter = setter
        self._size = (width, height)
        self._faces = {str(font_file(face)): face for face in FACES}

    def get_canvas_width_height(self) -> tuple[float, float]:
        return self._size

    def flipy(self) -> bool:
        return False

    def draw_path(self, gc: Any, path: Any, transform: Any, rgbFace: Any = None) -> None:  # noqa: N803
        canvas = self._canvas
        canvas.saveState()
        self._clip(gc)
        canvas.setStrokeColorRGB(*gc.get_rgb()[:3])
        canvas.setLineWidth(gc.get_linewidth())
        offset, dashes = gc.get_dashes()
        if dashes is not None:
            canvas.setDash([float(dash) for dash in dashes], offset)
        if rgbFace is not None:
            canvas.setFillColorRGB(*rgbFace[:3])
        canvas.drawPath(self._outline(path, transform), int(gc.get_linewidth() > 0), int(rgbFace is not None))
        canvas.restoreState()

    def draw_text(
        self,
        gc: Any,
        x: float,
        y: float,
        s: str,
        prop: Any,
        angle: float,
        ismath: Any = False,
        mtext: Any = None,
    ) -> None:
        canvas, size = self._canvas, prop.get_size_in_points()
        canvas.saveState()
        canvas.setFillColorRGB(*gc.get_rgb()[:3])
        canvas.translate(x, y)
        canvas.rotate(angle)
        made = canvas.beginText()
        for run in self._setter.runs(s, self._faces[prop.get_file()]):
            made.setFont(run.font, size)
            made.textOut(run.text)
        canvas.drawText(made)
        canvas.restoreState()

    def draw_image(self, gc: Any, x: float, y: float, im: Any, transform: Any = None) -> None:
        raise NotImplementedError("our charts hold no pictures")  # pragma: no cover

    def _clip(self, gc: Any) -> None:
        box = gc.get_clip_rectangle()
        if box is not None:
            area = self._canvas.beginPath()
            area.rect(box.x0, box.y0, box.width, box.height)
            self._canvas.clipPath(area, stroke=0, fill=0)

    def _outline(self, path: Outline, transform: Any) -> Any:
        made = self._canvas.beginPath()
        last = (0.0, 0.0)
        for points, code in path.iter_segments(transform, remove_nans=True, simplify=False):
            at = [float(value) for value in points]
            if code == Outline.MOVETO:
                made.moveTo(*at)
            elif code == Outline.LINETO:
                made.lineTo(*at)
            elif code == Outline.CURVE4:
                made.curveTo(*at)
            elif code == Outline.CURVE3:
                made.curveTo(*_cubic(last, at))
            elif code == Outline.CLOSEPOLY:
                made.close()
            last = (at[-2], at[-1])
        return made


def _cubic(start: tuple[float, float], points: list[float]) -> tuple[float, ...]:
    """A quadratic curve as the cubic one PDF knows."""
    (x0, y0), (x1, y1, x2, y2) = start, points
    return (
        x0 + 2 / 3 * (x1 - x0),
        y0 + 2 / 3 * (y1 - y0),
        x2 + 2 / 3 * (x1 - x2),
        y2 + 2 / 3 * (y1 - y2),
        x2,
        y2,
    )


def register_fonts() -> None:
    """Load every bundled face now, so that a later document starts at once."""
    for face in FACES:
        pdf_font(face)
