"""What a cell's style says about filling it: whether it is a date, whether it wraps, how large its type is."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

from ledger_app.export.xlsx.book import Book, parse

# Built-in formats that show a date; 27–36 and 50–58 are the East Asian ones, which no code stands for.
_DATE_FORMATS = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
# What a format code shows as it stands: quoted and escaped text, fillers, colours and conditions.
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?![hms]+\])[^\]]*\]', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Style:
    date: bool = False
    wraps: bool = False
    shrinks: bool = False
    points: float = 11.0


class Styles:
    """The cell formats of a workbook by their number."""

    def __init__(self, formats: list[Style]) -> None:
        self._formats = formats

    def __getitem__(self, number: int) -> Style:
        return self._formats[number] if 0 <= number < len(self._formats) else Style()


def read_styles(book: Book) -> Styles:
    for part in book.targets(book.part, "styles"):
        return Styles(_formats(parse(book.package.read(part))))
    return Styles([])


def _formats(root: etree._Element) -> list[Style]:
    codes = {
        int(item.get("numFmtId") or 0): item.get("formatCode") or ""
        for item in root.iterfind("{*}numFmts/{*}numFmt")
    }
    points = [_points(font) for font in root.iterfind("{*}fonts/{*}font")]
    return [_style(item, codes, points) for item in root.iterfind("{*}cellXfs/{*}xf")]


def _points(font: etree._Element) -> float:
    size = font.find("{*}sz")
    return _float(size.get("val") if size is not None else None, 11.0)


def _float(text: str | None, default: float) -> float:
    try:
        return float(text or default)
    except ValueError:
        return default


def _style(item: etree._Element, codes: dict[int, str], points: list[float]) -> Style:
    number, font = (int(_float(item.get(key), 0)) for key in ("numFmtId", "fontId"))
    alignment = item.find("{*}alignment")
    wraps, shrinks = (
        alignment is not None and (alignment.get(key) or "").lower() in {"1", "true"}
        for key in ("wrapText", "shrinkToFit")
    )
    is_date = shows_date(codes[number]) if number in codes else number in _DATE_FORMATS
    return Style(is_date, wraps, shrinks, points[font] if font < len(points) else 11.0)


def shows_date(code: str) -> bool:
    """Whether a number format shows its number as a date or time."""
    code = _LITERAL.sub("", code.split(";", maxsplit=1)[0])
    return "general" not in code.lower() and re.search("[ymdhs]", code, re.IGNORECASE) is not None
