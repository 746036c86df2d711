"""The styles part of a new workbook: every look is named once and numbered as it is first used."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from ledger_app.export.book import DECLARATION, MAIN_NS

CellFont = Literal["宋体", "仿宋", "黑体", "楷体"]
CellAlign = Literal["left", "center", "right"]

_BUILT_IN = {"General": 0, "0": 1, "0.00": 2, "@": 49}
_FIRST_OWN_FORMAT = 164


@dataclass(frozen=True, slots=True)
class Style:
    """How a cell looks. `fill` is RRGGBB, "" for none; `number_format` as spreadsheets write it."""

    font: CellFont = "宋体"
    size_pt: float = 11
    bold: bool = False
    align: CellAlign = "left"
    wrap: bool = False
    shrink: bool = False
    indent: int = 0
    border: bool = False
    fill: str = ""
    number_format: str = "General"


@dataclass(slots=True)
class StyleSheet:
    """Gives each style its index; index 0 is the plain default."""

    _styles: dict[Style, int] = field(default_factory=lambda: {Style(): 0})

    def index(self, style: Style) -> int:
        return self._styles.setdefault(style, len(self._styles))

    def xml(self) -> bytes:
        """The part with all styles asked for so far."""
        styles = list(self._styles)
        fonts = _numbered([_font(style) for style in styles])
        fills = _numbered([_FILL_NONE, _FILL_GRAY, *(_fill(style) for style in styles)])
        formats = _own_formats(styles)
        looks = "".join(_look(style, fonts, fills, formats) for style in styles)
        return (
            f'{DECLARATION}<styleSheet xmlns="{MAIN_NS}">{_formats_xml(formats)}{_list("fonts", fonts)}'
            f"{_list('fills', fills)}{_list('borders', {_BORDER_NONE: 0, _BORDER_THIN: 1})}"
            '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
            f'<cellXfs count="{len(styles)}">{looks}</cellXfs>'
            '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
        ).encode()


def number_format(places: int | None, percent: bool = False) -> str:
    """The format of a number with so many places: 0 → 0, 2 → 0.00, unknown → General."""
    if places is None:
        return "0%" if percent else "General"
    return "0" + ("." + "0" * places if places else "") + ("%" if percent else "")


_FILL_NONE = '<fill><patternFill patternType="none"/></fill>'
_FILL_GRAY = '<fill><patternFill patternType="gray125"/></fill>'  # Excel expects it second
_BORDER_NONE = "<border><left/><right/><top/><bottom/><diagonal/></border>"
_BORDER_THIN = (
    "<border>"
    + "".join(
        f'<{side} style="thin"><color rgb="FF000000"/></{side}>'
        for side in ("left", "right", "top", "bottom")
    )
    + "<diagonal/></border>"
)


def _font(style: Style) -> str:
    bold = "<b/>" if style.bold else ""
    return f'<font>{bold}<sz val="{style.size_pt:g}"/><name val="{style.font}"/><charset val="134"/></font>'


def _fill(style: Style) -> str:
    if not style.fill:
        return _FILL_NONE
    return f'<fill><patternFill patternType="solid"><fgColor rgb="FF{style.fill}"/></patternFill></fill>'


def _look(style: Style, fonts: dict[str, int], fills: dict[str, int], formats: dict[str, int]) -> str:
    code = _BUILT_IN.get(style.number_format, formats.get(style.number_format, 0))
    extra = (' wrapText="1"' if style.wrap else "") + (' shrinkToFit="1"' if style.shrink else "")
    extra += f' indent="{style.indent}"' if style.indent else ""
    return (
        f'<xf numFmtId="{code}" fontId="{fonts[_font(style)]}" fillId="{fills[_fill(style)]}" '
        f'borderId="{int(style.border)}" xfId="0" applyNumberFormat="1" applyFont="1" applyFill="1" '
        'applyBorder="1" applyAlignment="1">'
        f'<alignment horizontal="{style.align}" vertical="center"{extra}/></xf>'
    )


def _own_formats(styles: list[Style]) -> dict[str, int]:
    own = dict.fromkeys(style.number_format for style in styles if style.number_format not in _BUILT_IN)
    return {code: _FIRST_OWN_FORMAT + number for number, code in enumerate(own)}


def _formats_xml(formats: dict[str, int]) -> str:
    if not formats:
        return ""
    lines = "".join(
        f'<numFmt numFmtId="{number}" formatCode="{_quoted(code)}"/>' for code, number in formats.items()
    )
    return f'<numFmts count="{len(formats)}">{lines}</numFmts>'


def _quoted(code: str) -> str:
    return code.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


def _numbered(items: list[str]) -> dict[str, int]:
    return {item: number for number, item in enumerate(dict.fromkeys(items))}


def _list(name: str, items: dict[str, int]) -> str:
    return f'<{name} count="{len(items)}">{"".join(items)}</{name}>'
