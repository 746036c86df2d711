"""The bundled fonts as PDF fonts: measured, checked for missing characters, searchable beyond the BMP."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any, Literal, NamedTuple

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import SUBSETN, TTFont

from ledger_app import paths

Face = Literal["serif", "serif_bold", "sans", "sans_bold"]

GETA = "〓"  # drawn where no bundled font has the character
# Characters the fonts lack that have a twin in print (see resources/fonts/README.md).
TWINS = str.maketrans(
    {
        "−": "-",
        "⁻": "-",
        "☑": "√",
        "☐": "□",
        "₀": "0",
        "₁": "1",
        "₂": "2",
        "₃": "3",
        "\u2002": " ",
        "\u2003": "\u3000",
        "\u200b": "",
        "\t": " ",
    }
)
_FILES: dict[Face, str] = {
    "serif": "NotoSerifSC-Regular.ttf",
    "serif_bold": "NotoSerifSC-Bold.ttf",
    "sans": "NotoSansSC-Regular.ttf",
    "sans_bold": "NotoSansSC-Bold.ttf",
}
# The bold subsets hold fewer characters: what they lack is drawn in the regular face of the family.
_FALLBACK: dict[Face, Face] = {"serif_bold": "serif", "sans_bold": "sans"}
_UNITS_PER_EM = 1000.0


class Run(NamedTuple):
    """A piece of text in one registered font."""

    font: str
    text: str


class PdfFont(TTFont):  # type: ignore[misc]  # reportlab has no types
    """A TrueType font whose text can be searched and copied beyond the BMP too (𬇙, 𫭟).

    reportlab writes such characters into the ToUnicode map as five hex digits, which readers take for
    something else; the map wants UTF-16.
    """

    def addObjects(self, doc: Any) -> None:  # noqa: N802 - reportlab's name
        subsets = [list(subset) for subset in self.state[doc].subsets]
        super().addObjects(doc)
        for number, subset in enumerate(subsets):
            name = (SUBSETN(number) + b"+" + self.face.name + self.face.subfontNameX).decode("pdfdoc")
            doc.idToObject[f"toUnicodeCMap:{name}"].content = _to_unicode_map(name, subset)


def font_file(face: Face) -> Path:
    """The TrueType file of a face, for whoever draws without a PDF (charts, the window)."""
    return paths.resource("fonts", _FILES[face])


def pdf_font(face: Face) -> str:
    """The name a face is registered under with reportlab; registered on first use."""
    name = f"Ledger-{face}"
    if name not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(PdfFont(name, str(font_file(face))))
    return name


@dataclass(slots=True)
class Typesetter:
    """Measures text and splits it into runs that can be drawn; remembers the characters it could not draw.

    Widths are per em: multiply by the size. One typesetter serves one document.
    """

    missing: set[str] = field(default_factory=set)
    _widths: dict[Face, dict[str, float]] = field(default_factory=dict)
    _measured: dict[tuple[str, Face], float] = field(default_factory=dict)
    _drawable: dict[Face, set[str]] = field(default_factory=dict)

    def clean(self, text: str) -> str:
        """The text with its undrawable characters replaced; to be called once, before measuring."""
        text = text.translate(TWINS)
        if self._drawable.setdefault("serif", set()).issuperset(text):
            return text
        return "".join(map(self._clean_character, text))

    def width(self, text: str, face: Face) -> float:
        """Width per em of clean text."""
        found = self._measured.get((text, face))
        if found is None:  # a table is tried in several sizes: its texts stay the same
            widths = self._widths.get(face)
            if widths is None:
                widths = self._widths[face] = _WidthTable(partial(_character_width, face))
            found = self._measured[text, face] = sum(map(widths.__getitem__, text))
        return found

    def runs(self, text: str, face: Face) -> list[Run]:
        """Clean text as runs: one, unless the face lacks characters."""
        drawable = self._drawable.setdefault(face, set())
        if not drawable.issuperset(text):
            drawable.update(character for character in text if _has(face, character))
        if drawable.issuperset(text):
            return [Run(pdf_font(face), text)]
        return list(_runs(text, face))

    def _clean_character(self, character: str) -> str:
        if character == "\n" or _has("serif", character):
            self._drawable["serif"].add(character)
            return character
        if ord(character) >= 0x20:
            self.missing.add(character)
            return GETA
        return ""


class _WidthTable(dict[str, float]):
    """Widths looked up once per character."""

    def __init__(self, measure: Callable[[str], float]) -> None:
        super().__init__()
        self._measure = measure

    def __missing__(self, character: str) -> float:
        width = self[character] = self._measure(character)
        return width


def _runs(text: str, face: Face) -> Iterator[Run]:
    for actual, characters in groupby(text, key=lambda character: _face_of(face, character)):
        yield Run(pdf_font(actual), "".join(characters))


def _face_of(face: Face, character: str) -> Face:
    return face if _has(face, character) else _FALLBACK.get(face, face)


def _has(face: Face, character: str) -> bool:
    return bool(ord(character) in _font(face).face.charToGlyph)


def _character_width(face: Face, character: str) -> float:
    return float(_font(_face_of(face, character)).face.getCharWidth(ord(character))) / _UNITS_PER_EM


def _font(face: Face) -> Any:
    return pdfmetrics.getFont(pdf_font(face))


def _to_unicode_map(name: str, subset: list[int]) -> str:
    """The PDF's map from codes to text (PDF 32000-1, 9.10.3): values are UTF-16BE, pairs beyond the BMP."""
    codes = [
        f"<{code:02X}> <{chr(point).encode('utf-16-be').hex().upper()}>" for code, point in enumerate(subset)
    ]
    return "\n".join(
        [
            "/CIDInit /ProcSet findresource begin",
            "12 dict begin",
            "begincmap",
            f"/CIDSystemInfo << /Registry ({name}) /Ordering ({name}) /Supplement 0 >> def",
            f"/CMapName /{name} def",
            "/CMapType 2 def",
            "1 begincodespacerange",
            f"<00> <{len(subset) - 1:02X}>",
            "endcodespacerange",
            *_in_hundreds(codes),
            "endcmap",
            "CMapName currentdict /CMap defineresource pop",
            "end",
            "end",
        ]
    )


def _in_hundreds(codes: list[str]) -> Iterator[str]:
    """A bfchar list may hold at most 100 entries."""
    for start in range(0, len(codes), 100):
        some = codes[start : start + 100]
        yield f"{len(some)} beginbfchar"
        yield from some
        yield "endbfchar"
