"""What stands before and after a sheet's rows, followed when rows are put in: panes, merges, filters,
validations, conditional formats, breaks, links, anchors of controls, and their newer forms in `extLst`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from ledger_app.export.xlsx.refs import MAX_ROW, Area, parse_address, parse_area, parse_areas
from ledger_app.export.xlsx.rowmap import RowMap
from ledger_app.export.xlsx.shift import Home, Shifter
from ledger_app.export.xlsx.xmltext import (
    NAME,
    TAG,
    decimal,
    escape,
    get,
    local,
    plain,
    put,
    tag,
    unescape,
    whole,
)

# Attributes that hold places: element → (attribute, how it is followed).
_PLACES: dict[bytes, tuple[tuple[bytes, str], ...]] = {
    b"autoFilter": ((b"ref", "area"),),
    b"sortState": ((b"ref", "area"),),
    b"sortCondition": ((b"ref", "area"),),
    b"hyperlink": ((b"ref", "area"), (b"location", "formula")),
    b"mergeCell": ((b"ref", "merge"),),
    b"conditionalFormatting": ((b"sqref", "areas"),),
    b"dataValidation": ((b"sqref", "areas"),),
    b"ignoredError": ((b"sqref", "areas"),),
    b"protectedRange": ((b"sqref", "areas"),),
    b"scenario": (),
    b"inputCells": ((b"r", "cell"),),
    b"cellWatch": ((b"r", "cell"),),
    b"cellSmartTags": ((b"r", "cell"),),
    b"selection": ((b"activeCell", "cell"), (b"sqref", "cells")),
    b"sheetView": ((b"topLeftCell", "cell"),),
    b"customSheetView": ((b"topLeftCell", "cell"),),
    b"pane": ((b"topLeftCell", "cell"),),
    b"webPublishItem": ((b"sourceRef", "area"),),
    b"controlPr": ((b"linkedCell", "formula"), (b"listFillRange", "formula")),
    b"oleObject": ((b"link", "formula"),),
    b"cfvo": ((b"val", "value"),),
}
_FORMULAS = frozenset({b"formula", b"formula1", b"formula2", b"f"})
_SQREF_AHEAD = re.compile(rb"<" + NAME + rb"sqref\b[^>]*>([^<]*)<")
_NUMBER = re.compile(r"\s*-?[\d.]+([eE][-+]?\d+)?\s*")
_TRUE = frozenset({"1", "true"})


class EdgeEditor:
    """One pass over the text before or after the rows of one sheet."""

    def __init__(self, sheet: str, shifter: Shifter) -> None:
        self.sheet = sheet
        self.shifter = shifter
        self.rows: RowMap = shifter.map_of(sheet)
        self._home_row = 0
        self._top = 1
        self._in_row_breaks = self._in_sparkline = False
        self._anchor_moves: tuple[bool, bool] = (True, True)
        self._anchor_shift: int | None = None
        self._modes: dict[str, Callable[[str], str]] = {
            "area": lambda text: shifter.area_text(text, sheet, grows=True),
            "areas": lambda text: shifter.areas_text(text, sheet),
            "cell": lambda text: shifter.area_text(text, sheet, grows=False),
            "cells": lambda text: " ".join(shifter.area_text(t, sheet, grows=False) for t in text.split()),
            "merge": self._merge,
            "formula": lambda text: shifter.formula(text, Home(sheet)),
            "value": self._value,
        }

    def edit(self, data: bytes) -> bytes:
        data = plain(data)
        pieces, at, element = [], 0, b""
        for match in TAG.finditer(data):
            if not match["name"]:
                continue
            between = data[at : match.start()]
            pieces.append(self._text(element, between) if element and between.strip() else between)
            at = match.end()
            name = local(match["name"])
            element = b"" if match["close"] or match["empty"] else name
            pieces.append(self._tag(name, match, data))
        return b"".join([*pieces, data[at:]])

    def _tag(self, name: bytes, match: re.Match[bytes], data: bytes) -> bytes:
        opens = not match["close"] and not match["empty"]
        if name == b"rowBreaks":
            self._in_row_breaks = opens
        elif name == b"sparkline":
            self._in_sparkline = opens
        if match["close"]:
            return match[0]
        attrs = match["attrs"]
        self._enter(name, attrs, match.end(), data)
        for attribute, mode in _PLACES.get(name, ()):
            old = get(attrs, attribute)
            if old:
                new = self._modes[mode](old)
                attrs = attrs if new == old else put(attrs, attribute, new)
        if name == b"pane":
            attrs = self._pane(attrs)
        elif name == b"brk" and self._in_row_breaks:
            attrs = self._break(attrs)
        return tag(match, attrs)

    def _enter(self, name: bytes, attrs: bytes, end: int, data: bytes) -> None:
        """Remember what later text is relative to."""
        if name in {b"conditionalFormatting", b"dataValidation"}:
            sqref = get(attrs, b"sqref")
            if sqref is None:
                ahead = _SQREF_AHEAD.search(data, end)
                sqref = unescape(ahead[1]) if ahead else ""
            areas = parse_areas(sqref)
            self._home_row = min((area.row1 for area in areas), default=0)
        elif name in {b"sheetView", b"customSheetView"}:
            place = parse_address(get(attrs, b"topLeftCell") or "A1")
            self._top = place[0] if place else 1
        elif name == b"anchor":
            moves, sizes = get(attrs, b"moveWithCells") in _TRUE, get(attrs, b"sizeWithCells") in _TRUE
            self._anchor_moves, self._anchor_shift = (moves, sizes), None

    def _text(self, element: bytes, data: bytes) -> bytes:
        old = unescape(data)
        if element in _FORMULAS:
            new = self.shifter.formula(old, Home(self.sheet, self._home_row))
        elif element == b"sqref":
            new = self._modes["cells" if self._in_sparkline else "areas"](old)
        elif element == b"row" and old.strip().isdigit():
            new = str(self._anchor_row(int(old)))
        else:
            return data
        return data if new == old else escape(new)

    def _anchor_row(self, row: int) -> int:
        """A row of a control's anchor, counted from 0; `from` comes before `to`."""
        moves, sizes = self._anchor_moves
        shift = self.rows.offset(row + 1)
        if self._anchor_shift is None:
            self._anchor_shift = shift
        elif not sizes:
            shift = self._anchor_shift
        return row + shift if moves else row

    def _merge(self, text: str) -> str:
        area = parse_area(text)
        return merge_moved(area, self.rows).text() if area and self.rows else text

    def _value(self, text: str) -> str:
        """A bound of a colour scale: a number, or a formula without `=`."""
        return (
            text if _NUMBER.fullmatch(text) else self.shifter.formula(text, Home(self.sheet, self._home_row))
        )

    def _pane(self, attrs: bytes) -> bytes:
        split = get(attrs, b"ySplit")
        if not split or not (get(attrs, b"state") or "").startswith("frozen"):
            return attrs
        first_free = self._top + int(decimal(split) or 0)
        new = self.rows.row(first_free) - self.rows.row(self._top)
        return attrs if first_free == self._top + new else put(attrs, b"ySplit", str(new))

    def _break(self, attrs: bytes) -> bytes:
        """A break stands after its row: one after a block's last row goes below the new rows."""
        after = whole(get(attrs, b"id"))
        new = min(self.rows.row(after + 1) - 1, MAX_ROW)
        return attrs if new == after else put(attrs, b"id", str(new))


def around(areas: list[Area]) -> Area:
    """The smallest rectangle that holds all."""
    rows1, columns1, rows2, columns2 = zip(*areas, strict=True)
    return Area(min(rows1), min(columns1), max(rows2), max(columns2))


def merge_moved(area: Area, rows: RowMap) -> Area:
    """A merged area grows over new rows it stands around, or when it covers a block's every row."""
    edge = rows.insertion_after(area.row2)
    grows = edge is not None and area.row1 <= edge.first and area.row1 < area.row2
    return rows.area(area, grows)


def add_merges(tail: bytes, merges: Iterable[Area]) -> bytes:
    """Further merged cells at the end of the list there is."""
    new = list(merges)
    opening = next((m for m in TAG.finditer(tail) if m["name"] and local(m["name"]) == b"mergeCells"), None)
    if not new or opening is None:
        return tail
    prefix = opening["name"][: -len(b"mergeCells")]
    closing = tail.index(b"</" + opening["name"], opening.end())
    attrs = opening["attrs"]
    if count := get(attrs, b"count"):
        attrs = put(attrs, b"count", str(whole(count) + len(new)))
    added = b"".join(b"<" + prefix + b'mergeCell ref="' + area.text().encode() + b'"/>' for area in new)
    return (
        tail[: opening.start()] + tag(opening, attrs) + tail[opening.end() : closing] + added + tail[closing:]
    )


def wider_dimension(head: bytes, used: Area | None, rows: RowMap) -> bytes:
    """`<dimension>` moved with the rows and widened to what was set."""

    def one(match: re.Match[bytes]) -> bytes:
        if not match["name"] or match["close"] or local(match["name"]) != b"dimension":
            return match[0]
        area = parse_area(get(match["attrs"], b"ref") or "")
        if area is None:
            return match[0]
        new = around([rows.area(area), *([used] if used else [])])
        old = get(match["attrs"], b"ref")
        return match[0] if new.text() == old else tag(match, put(match["attrs"], b"ref", new.text()))

    return TAG.sub(one, head)
