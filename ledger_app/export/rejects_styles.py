"""Red twins of a workbook's cell styles: the same look with a red fill, and the way back.

A solid fill shows only its foreground; the background, which nobody sees, keeps the colour that was there.
"""

from __future__ import annotations

from copy import deepcopy
from typing import TypeAlias

from lxml import etree

from ledger_app.export.xlsx.book import parse

Colour: TypeAlias = tuple[tuple[str, str], ...]  # the attributes of a colour element
RED, NOTE_RED = "FFB3B3", "FFE0E0"


class RedStyles:
    """The styles part of a workbook while red twins are added to it."""

    def __init__(self, styles_xml: bytes) -> None:
        self._root = parse(styles_xml)
        self._namespace = f"{{{etree.QName(self._root).namespace}}}"
        self._fills = self._child("fills")
        self._formats = self._child("cellXfs")
        self._count = len(self._formats)
        self._red_fills = {str(at) for at, fill in enumerate(self._fills) if _is_red(fill)}
        self._twins: dict[int, int] = {}
        self._red_by_colour: dict[Colour, str] = {}
        self._note: int | None = None

    def red(self, style: int) -> int:
        """The style with a red fill; one that is red already stays."""
        if self.is_red(style):
            return style
        if style not in self._twins:
            twin = deepcopy(self._formats[style] if style < self._count else self._formats[0])
            twin.set("fillId", self._red_fill(self._colour(twin)))
            twin.set("applyFill", "1")
            self._twins[style] = self._added(twin)
        return self._twins[style]

    def ways_back(self) -> dict[int, int]:
        """Red styles of an earlier copy → the styles they were made from."""
        return {style: self.unmarked(style) for style in range(self._count) if self.is_red(style)}

    def is_red(self, style: int) -> bool:
        return style < self._count and self._formats[style].get("fillId") in self._red_fills

    def unmarked(self, style: int) -> int:
        """The style a red twin of an earlier copy was made from, as near as can be told."""
        if not self.is_red(style):
            return style
        marked = self._formats[style]
        colour, wanted = self._hidden_colour(marked), _but_fill(marked)
        for at, other in enumerate(self._formats[: self._count]):
            if not self.is_red(at) and _but_fill(other) == wanted and self._colour(other) == colour:
                return at
        plain = deepcopy(marked)
        plain.set("fillId", str(self._fill_of(colour)))
        return self._added(plain)

    def note(self) -> int:
        """The look of a reason: plain, lines wrapped."""
        if self._note is None:
            look = deepcopy(self._formats[0])
            for child in list(look):
                look.remove(child)
            etree.SubElement(look, f"{self._namespace}alignment", vertical="center", wrapText="1")
            look.set("applyAlignment", "1")
            self._note = self._added(look)
        return self._note

    def xml(self) -> bytes:
        for group in (self._fills, self._formats):
            group.set("count", str(len(group)))
        made: bytes = etree.tostring(self._root, xml_declaration=True, encoding="UTF-8", standalone=True)
        return made

    def _child(self, name: str) -> etree._Element:
        found = self._root.find(f"{{*}}{name}")
        return (
            found if found is not None else etree.SubElement(self._root, etree.QName(self._root, name).text)
        )

    def _added(self, style: etree._Element) -> int:
        self._formats.append(style)
        return len(self._formats) - 1

    def _red_fill(self, colour: Colour) -> str:
        """A red fill that remembers the colour under it."""
        if colour not in self._red_by_colour:
            self._red_by_colour[colour] = self._new_fill(
                {"rgb": f"FF{RED}"}, dict(colour) or {"indexed": "64"}
            )
        return self._red_by_colour[colour]

    def _new_fill(self, foreground: dict[str, str], background: dict[str, str]) -> str:
        fill = etree.SubElement(self._fills, f"{self._namespace}fill")
        pattern = etree.SubElement(fill, f"{self._namespace}patternFill", patternType="solid")
        etree.SubElement(pattern, f"{self._namespace}fgColor", foreground)
        etree.SubElement(pattern, f"{self._namespace}bgColor", background)
        return str(len(self._fills) - 1)

    def _fill(self, style: etree._Element) -> etree._Element | None:
        number = int(style.get("fillId") or 0)
        return self._fills[number] if number < len(self._fills) else None

    def _colour(self, style: etree._Element) -> Colour:
        """The colour a style fills its cells with; () for none."""
        return _attributes(self._fill(style), "fgColor")

    def _hidden_colour(self, style: etree._Element) -> Colour:
        colour = _attributes(self._fill(style), "bgColor")
        return () if colour == (("indexed", "64"),) else colour

    def _fill_of(self, colour: Colour) -> int:
        fills = (at for at, fill in enumerate(self._fills) if _attributes(fill, "fgColor") == colour)
        return next(fills, 0) if colour else 0


def _attributes(fill: etree._Element | None, name: str) -> Colour:
    pattern = fill.find("{*}patternFill") if fill is not None else None
    if pattern is None or pattern.get("patternType") != "solid":
        return ()
    found = pattern.find(f"{{*}}{name}")
    return (
        () if found is None else tuple(sorted((str(key), str(value)) for key, value in found.attrib.items()))
    )


def _is_red(fill: etree._Element) -> bool:
    return any((item.get("rgb") or "").upper() == f"FF{RED}" for item in fill.iter("{*}fgColor"))


def _but_fill(style: etree._Element) -> tuple[object, ...]:
    """Everything that tells a style from another, but its fill."""
    own = sorted((key, value) for key, value in style.attrib.items() if key not in ("fillId", "applyFill"))
    return (*own, *(etree.tostring(child) for child in style))
