"""One page of a pdf: its signs joined into fragments, its ruled lines, its pictures."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from ledger_app.ingest.documents.pdf_layout import Column, Fragment, Row
from ledger_app.ingest.documents.pdf_tables import Grid, Rule, grids
from ledger_app.ingest.documents.source import MAX_CHARACTERS

_MAX_RULES = 4000


@dataclass(slots=True)
class Page:
    """A page from top to bottom: `zones` are text above, between and below its tables."""

    height: float
    fragments: list[Fragment]
    tables: list[Grid]
    picture: bool
    margins: list[Row] = field(default_factory=list)
    zones: list[list[Column]] = field(default_factory=list)

    def everything(self) -> list[Fragment]:
        return self.fragments + [fragment for table in self.tables for fragment in table.fragments]


def read_page(page: Any) -> Page:
    width, height = page.get_size()
    turn = _Turn(page.get_rotation(), width, height)
    textpage = page.get_textpage()
    fragments = _fragments(textpage, turn)
    textpage.close()
    rules, picture = _rules(page, turn)
    tables = grids(rules, fragments) if len(rules) <= _MAX_RULES else []
    taken = {id(fragment) for table in tables for fragment in table.fragments}
    return Page(height, [one for one in fragments if id(one) not in taken], tables, picture)


@dataclass(frozen=True, slots=True)
class _Turn:
    """From the page's own coordinates (up, maybe turned) to x and y of the page as seen, y downwards."""

    rotation: int
    width: float
    height: float

    def box(self, left: float, bottom: float, right: float, top: float) -> tuple[float, float, float, float]:
        if self.rotation == 90:
            left, bottom, right, top = bottom, self.height - right, top, self.height - left
        elif self.rotation == 180:
            left, bottom, right, top = (
                self.width - right,
                self.height - top,
                self.width - left,
                self.height - bottom,
            )
        elif self.rotation == 270:
            left, bottom, right, top = self.width - top, left, self.width - bottom, right
        return left, self.height - top, right, self.height - bottom


def _fragments(textpage: Any, turn: _Turn) -> list[Fragment]:
    """The signs of a page in the order of its content, joined while they stand side by side."""
    box = pdfium_c.FS_RECTF()
    handle = textpage.raw
    fragments: list[Fragment] = []
    high = 0
    for index in range(min(textpage.count_chars(), MAX_CHARACTERS)):
        code = pdfium_c.FPDFText_GetUnicode(handle, index)
        if 0xD800 <= code < 0xDC00:
            high = code
            continue
        sign = _sign(code, high)
        high = 0
        if sign == " " and fragments:
            fragments[-1].text += " "
        if sign in ("", " "):
            continue
        pdfium_c.FPDFText_GetLooseCharBox(handle, index, box)
        place = turn.box(box.left, box.bottom, box.right, box.top)
        if not (fragments and fragments[-1].takes(sign, place)):
            fragments.append(Fragment(*place, sign))
    return _once(fragments)


def _sign(code: int, high: int) -> str:
    """The character of a code; controls and line ends are none, half of a pair is a sign without a meaning."""
    if 0xDC00 <= code < 0xE000:
        return chr(0x10000 + ((high - 0xD800) << 10) + code - 0xDC00) if high else "\ufffd"
    if code < 0x20 or code in (0xFFFE, 0xFFFF) or code > 0x10FFFF:
        return ""
    return " " if code in (0x20, 0xA0, 0x3000) else chr(code)


def _once(fragments: list[Fragment]) -> list[Fragment]:
    """Text printed twice at one place (a false bold) counts once."""
    seen: set[tuple[str, int, int]] = set()
    kept: list[Fragment] = []
    for fragment in fragments:
        fragment.text = fragment.text.strip()
        key = (fragment.text, round(fragment.x0 / 3), round(fragment.y0 / 3))
        if fragment.text and key not in seen:
            kept.append(fragment)
        seen.add(key)
    return kept


def _rules(page: Any, turn: _Turn) -> tuple[list[Rule], bool]:
    """The straight lines of a page, and whether a picture covers much of it."""
    rules: list[Rule] = []
    picture = False
    kinds = [pdfium_c.FPDF_PAGEOBJ_PATH, pdfium_c.FPDF_PAGEOBJ_IMAGE]
    for item in page.get_objects(filter=kinds, max_depth=3):
        try:
            x0, y0, x1, y1 = turn.box(*item.get_bounds())
        except pdfium.PdfiumError:
            continue
        if item.type == pdfium_c.FPDF_PAGEOBJ_IMAGE:
            picture = picture or (x1 - x0) * (y1 - y0) > turn.width * turn.height / 4
        elif len(rules) <= _MAX_RULES:
            rules += Rule.of_box(x0, y0, x1, y1)
    return rules, picture
