"""The parts that hang on a sheet's cells, followed when rows are put in: drawings, comments with their
boxes, form controls, tables and pivot tables. Each function takes a part's text and returns it changed."""

from __future__ import annotations

import re

from ledger_app.export.xlsx.edges import EdgeEditor
from ledger_app.export.xlsx.rowmap import RowMap
from ledger_app.export.xlsx.shift import Home, Shifter
from ledger_app.export.xlsx.xmltext import NAME, TAG, edit_tags, escape, get, local, put, unescape

_ANCHOR = re.compile(
    rb"<(" + NAME + rb")(?P<kind>twoCellAnchor|oneCellAnchor)\b(?P<attrs>[^>]*)>.*?</\1(?P=kind)\s*>",
    re.DOTALL,
)
_FROM_TO = re.compile(rb"<(?P<name>" + NAME + rb"(?:from|to))\s*>.*?</(?P=name)\s*>", re.DOTALL)
_ROW = re.compile(rb"(<" + NAME + rb"row\s*>\s*)(\d+)(?=\s*<)")
_SHAPE = re.compile(rb"<(" + NAME + rb")ClientData\b.*?</\1ClientData\s*>", re.DOTALL)
_VML_ROW = re.compile(rb"(<" + NAME + rb"Row\s*>\s*)(\d+)(?=\s*<)")
_VML_ANCHOR = re.compile(rb"(<" + NAME + rb"Anchor\s*>)([^<]*)(?=<)")
_VML_FORMULA = re.compile(rb"(<" + NAME + rb"(?:Fmla\w+)\b[^>]*>)([^<]*)(?=<)")
_NOTE = re.compile(rb"ObjectType\s*=\s*[\"']Note[\"']")


def drawing(data: bytes, rows: RowMap) -> bytes:
    """Pictures, shapes and charts move as Excel moves them: by default with both their corners, with
    `oneCell` as a whole, with `absolute` not at all."""
    return _ANCHOR.sub(lambda match: _moved_anchor(match, rows), data) if rows else data


def _moved_anchor(match: re.Match[bytes], rows: RowMap) -> bytes:
    mode = get(match["attrs"], b"editAs") or "twoCell"
    if mode == "absolute":
        return match[0]
    shifts: list[int] = []

    def corner(found: re.Match[bytes]) -> bytes:
        def one(row: re.Match[bytes]) -> bytes:
            shift = rows.offset(int(row[2]) + 1)
            if mode == "oneCell" and shifts:
                shift = shifts[0]
            shifts.append(shift)
            return row[1] + str(int(row[2]) + shift).encode() if shift else row[0]

        return _ROW.sub(one, found[0])

    return _FROM_TO.sub(corner, match[0], count=2)


def text_links(data: bytes, shifter: Shifter, sheet: str) -> bytes:
    """Cells that shapes and controls show or set (`textlink`, `fmlaLink` …)."""

    def change(_: bytes, attrs: bytes) -> bytes:
        for name in (b"textlink", b"fmlaLink", b"fmlaRange", b"fmlaTxbx", b"fmlaGroup", b"fmlaPict"):
            old = get(attrs, name) if name in attrs else None
            if old:
                new = shifter.formula(old, Home(sheet))
                attrs = attrs if new == old else put(attrs, name, new)
        return attrs

    return edit_tags(data, change)


def comments(data: bytes, rows: RowMap) -> bytes:
    """Both kinds of comments: `ref` of each."""

    def change(name: bytes, attrs: bytes) -> bytes:
        if name not in {b"comment", b"threadedComment"}:
            return attrs
        old = get(attrs, b"ref") or ""
        match = re.fullmatch(r"(\$?[A-Za-z]+\$?)(\d+)", old)
        if match is None or not rows.offset(int(match[2])):
            return attrs
        return put(attrs, b"ref", f"{match[1]}{rows.row(int(match[2]))}")

    return edit_tags(data, change) if rows else data


def vml(data: bytes, rows: RowMap, shifter: Shifter, sheet: str) -> bytes:
    """Comment boxes go with their cell; other old-style controls with the cells under their corners."""

    def shape(match: re.Match[bytes]) -> bytes:
        text = match[0]
        place = _VML_ROW.search(text)
        own = rows.offset(int(place[2]) + 1) if place and _NOTE.search(text) else None
        text = _VML_ROW.sub(lambda m: m[1] + str(rows.row(int(m[2]) + 1) - 1).encode(), text)
        text = _VML_ANCHOR.sub(lambda m: m[1] + _vml_anchor(m[2], rows, own), text)
        return _VML_FORMULA.sub(lambda m: m[1] + _formula_text(m[2], shifter, sheet), text)

    return _SHAPE.sub(shape, data)


def _vml_anchor(text: bytes, rows: RowMap, shift: int | None) -> bytes:
    """Left column, offset, top row, offset, right column, offset, bottom row, offset."""
    fields = text.split(b",")
    if len(fields) != 8 or not all(field.strip().isdigit() for field in (fields[2], fields[6])):
        return text
    for index in (2, 6):
        row = int(fields[index])
        by = rows.offset(row + 1) if shift is None else shift
        if by:
            fields[index] = (
                b" " + str(row + by).encode() if fields[index][:1] == b" " else str(row + by).encode()
            )
    return b",".join(fields)


def _formula_text(data: bytes, shifter: Shifter, sheet: str) -> bytes:
    old = unescape(data)
    new = shifter.formula(old, Home(sheet))
    return data if new == old else escape(new)


def table(data: bytes, shifter: Shifter, sheet: str) -> bytes:
    """A table's place, filter, sorting and column formulas."""
    edges = EdgeEditor(sheet, shifter)
    data = edges.edit(data)

    def change(name: bytes, attrs: bytes) -> bytes:
        old = get(attrs, b"ref") if name == b"table" else None
        if not old:
            return attrs
        new = shifter.area_text(old, sheet, grows=True)
        return attrs if new == old else put(attrs, b"ref", new)

    data = edit_tags(data, change)
    return _element_formulas(data, shifter, sheet, {b"calculatedColumnFormula", b"totalsRowFormula"})


def single_cells(data: bytes, rows: RowMap) -> bytes:
    def change(name: bytes, attrs: bytes) -> bytes:
        old = get(attrs, b"r") if name == b"singleXmlCell" else None
        match = re.fullmatch(r"([A-Z]+)(\d+)", old or "")
        return put(attrs, b"r", f"{match[1]}{rows.row(int(match[2]))}") if match else attrs

    return edit_tags(data, change)


def pivot_place(data: bytes, shifter: Shifter, sheet: str) -> bytes:
    """Where a pivot table stands."""

    def change(name: bytes, attrs: bytes) -> bytes:
        old = get(attrs, b"ref") if name == b"location" else None
        if not old:
            return attrs
        new = shifter.area_text(old, sheet, grows=False)
        return attrs if new == old else put(attrs, b"ref", new)

    return edit_tags(data, change)


def pivot_source(data: bytes, shifter: Shifter) -> bytes:
    """The cells a pivot table counts."""

    def change(name: bytes, attrs: bytes) -> bytes:
        old, sheet = get(attrs, b"ref"), get(attrs, b"sheet")
        if name != b"worksheetSource" or not old or not sheet or b":id=" in attrs:
            return attrs
        new = shifter.area_text(old, sheet, grows=True)
        return attrs if new == old else put(attrs, b"ref", new)

    return edit_tags(data, change)


def _element_formulas(data: bytes, shifter: Shifter, sheet: str, names: set[bytes]) -> bytes:
    pieces, at, element = [], 0, b""
    for match in TAG.finditer(data):
        between = data[at : match.start()]
        pieces.append(_formula_text(between, shifter, sheet) if element in names and between else between)
        pieces.append(match[0])
        at = match.end()
        element = b"" if match["close"] or match["empty"] or not match["name"] else local(match["name"])
    return b"".join([*pieces, data[at:]])
