"""PDF pages as pictures: what is previewed and printed is the PDF itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2

POINTS_PER_INCH = 72


@dataclass(frozen=True, slots=True)
class PageImage:
    """One page as pixels, four bytes each in the order blue, green, red, unused; rows top down."""

    width: int
    height: int
    pixels: bytes
    width_pt: float
    height_pt: float


def page_images(pdf: bytes, dpi: float) -> Iterator[PageImage]:
    """The pages of a PDF, one after the other, so that a long report is never held whole."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        for number in range(len(document)):
            page = document[number]
            bitmap = page.render(scale=dpi / POINTS_PER_INCH, rev_byteorder=False, prefer_bgrx=True)
            width_pt, height_pt = page.get_size()
            yield PageImage(bitmap.width, bitmap.height, bytes(bitmap.buffer), width_pt, height_pt)
            bitmap.close()
            page.close()
    finally:
        document.close()
