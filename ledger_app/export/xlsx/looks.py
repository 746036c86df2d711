"""How cells look, read from a workbook's styles: number format, type, fill, borders — for a picture of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from lxml import etree
from openpyxl.styles.colors import COLOR_INDEX
from openpyxl.styles.numbers import BUILTIN_FORMATS

from ledger_app.export.xlsx.book import Book, parse

GENERAL: Final = "General"
# Theme colours are counted light first, the part lists them dark first (ECMA-376, 18.8.3).
_SWAPPED: Final = (1, 0, 3, 2)
_SIDES: Final = ("left", "top", "right", "bottom")


@dataclass(frozen=True, slots=True)
class Look:
    """One cell format. Colours are RRGGBB, empty where none is set; `borders` are left, top, right, bottom."""

    number_format: str = GENERAL
    bold: bool = False
    points: float = 11.0
    colour: str = ""
    fill: str = ""
    across: str = "general"
    down: str = "bottom"
    wraps: bool = False
    borders: tuple[bool, bool, bool, bool] = (False, False, False, False)

    @property
    def is_text(self) -> bool:
        return self.number_format == "@"


def read_looks(book: Book) -> list[Look]:
    """The cell formats by their number."""
    parts = book.targets(book.part, "styles")
    return _Styles(book, parse(book.package.read(parts[0]))).looks() if parts else [Look()]


class _Styles:
    def __init__(self, book: Book, root: etree._Element) -> None:
        self._root = root
        self._theme = _theme_colours(book)
        self._codes = {
            _whole(item.get("numFmtId")): item.get("formatCode") or GENERAL
            for item in root.iterfind("{*}numFmts/{*}numFmt")
        }
        self._fonts = root.findall("{*}fonts/{*}font")
        self._fills = root.findall("{*}fills/{*}fill")
        self._borders = root.findall("{*}borders/{*}border")

    def looks(self) -> list[Look]:
        return [self._look(item) for item in self._root.iterfind("{*}cellXfs/{*}xf")]

    def _look(self, item: etree._Element) -> Look:
        font = _at(self._fonts, item.get("fontId"))
        number = _whole(item.get("numFmtId"))
        alignment = item.find("{*}alignment")
        placed: Any = alignment if alignment is not None else {}
        return Look(
            number_format=self._codes.get(number) or BUILTIN_FORMATS.get(number, GENERAL),
            bold=_is_on(font, "b"),
            points=_points(font),
            colour=self._colour(font.find("{*}color") if font is not None else None),
            fill=self._fill(_at(self._fills, item.get("fillId"))),
            across=placed.get("horizontal") or "general",
            down=placed.get("vertical") or "bottom",
            wraps=placed.get("wrapText") in {"1", "true"},
            borders=_sides(_at(self._borders, item.get("borderId"))),
        )

    def _fill(self, fill: etree._Element | None) -> str:
        pattern = fill.find("{*}patternFill") if fill is not None else None
        if pattern is None or pattern.get("patternType") in {None, "none"}:
            return ""
        return self._colour(pattern.find("{*}fgColor"))

    def _colour(self, item: etree._Element | None) -> str:
        if item is None:
            return ""
        if rgb := item.get("rgb"):
            return str(rgb[-6:]).upper()
        if (theme := item.get("theme")) is not None and _whole(theme) < len(self._theme):
            return _tinted(self._theme[_whole(theme)], float(item.get("tint") or 0))
        indexed = item.get("indexed")
        known = indexed is not None and _whole(indexed) < len(COLOR_INDEX)
        return str(COLOR_INDEX[_whole(indexed)])[-6:] if known else ""


def _theme_colours(book: Book) -> list[str]:
    for part in book.targets(book.part, "theme"):
        scheme = parse(book.package.read(part)).find(".//{*}clrScheme")
        found = [_first_colour(item) for item in scheme] if scheme is not None else []
        return [found[n] for n in _SWAPPED] + found[4:] if len(found) > 4 else []
    return []


def _first_colour(item: etree._Element) -> str:
    for one in item:
        return (one.get("lastClr") or one.get("val") or "000000")[-6:].upper()
    return "000000"


def _tinted(rgb: str, tint: float) -> str:
    """A theme colour made lighter (towards white) or darker (towards black)."""
    goal = 255 if tint > 0 else 0
    parts = (int(rgb[n : n + 2], 16) for n in (0, 2, 4))
    return "".join(f"{round(part + (goal - part) * abs(tint)):02X}" for part in parts)


def _sides(border: etree._Element | None) -> tuple[bool, bool, bool, bool]:
    if border is None:
        return (False, False, False, False)
    left, top, right, bottom = (
        (side := border.find(f"{{*}}{name}")) is not None and side.get("style") not in {None, "none"}
        for name in _SIDES
    )
    return left, top, right, bottom


def _at(items: list[etree._Element], number: str | None) -> etree._Element | None:
    index = _whole(number)
    return items[index] if index < len(items) else None


def _is_on(font: etree._Element | None, name: str) -> bool:
    found = font.find(f"{{*}}{name}") if font is not None else None
    return found is not None and found.get("val") not in {"0", "false"}


def _points(font: etree._Element | None) -> float:
    size = font.find("{*}sz") if font is not None else None
    try:
        return float(size.get("val")) if size is not None else 11.0
    except (TypeError, ValueError):
        return 11.0


def _whole(text: str | None) -> int:
    return int(text) if text and text.isdigit() else 0
