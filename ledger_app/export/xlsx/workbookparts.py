"""workbook.xml and its like: names followed, calculation asked for, the calculation chain taken out."""

from __future__ import annotations

import re

from ledger_app.export.xlsx.book import Book
from ledger_app.export.xlsx.formulas import parse_formula
from ledger_app.export.xlsx.shift import Home, Shifter
from ledger_app.export.xlsx.xmltext import NAME, TAG, escape, get, local, put, unescape

_NAME = re.compile(
    rb"(?P<open><(?P<tag>" + NAME + rb"definedName)\b(?P<attrs>[^>]*)>)(?P<text>[^<]*)(?=</(?P=tag)\s*>)"
)
_CALCULATION = re.compile(rb"<" + NAME + rb"calcPr\b(?P<attrs>[^>]*?)(?P<empty>/?)>")
_FULL = re.compile(rb"\sfullCalcOnLoad\s*=\s*[\"'](?:1|true|on)[\"']")
# `calcPr` comes after these (ECMA-376, CT_Workbook), the last one present.
_BEFORE_CALCULATION = (b"definedNames", b"externalReferences", b"functionGroups", b"sheets")
_RELATION = re.compile(rb"<" + NAME + rb"Relationship\b[^>]*?(?:/>|>\s*</" + NAME + rb"Relationship\s*>)")
_OVERRIDE = re.compile(rb"<" + NAME + rb"Override\b[^>]*?(?:/>|>\s*</" + NAME + rb"Override\s*>)")


def edit_workbook(data: bytes, book: Book, shifter: Shifter, *, recalculate: bool) -> bytes:
    if shifter.maps:
        data = _NAME.sub(lambda match: _name(match, book, shifter), data)
    return _ask_calculation(data) if recalculate else data


def _name(match: re.Match[bytes], book: Book, shifter: Shifter) -> bytes:
    old, name = unescape(match["text"]), get(match["attrs"], b"name") or ""
    if is_relative(name, old):
        return match[0]
    scope = get(match["attrs"], b"localSheetId") or ""
    sheet = next((s.name for s in book.sheets if scope.isdigit() and s.index == int(scope)), "")
    new = shifter.formula(old, Home(sheet, grows=name != "_xlnm.Print_Titles"))
    return match[0] if new == old else match["open"] + escape(new)


def is_relative(name: str, text: str) -> bool:
    """Whether a name means another cell wherever it is used (`Sheet1!A1` without `$`). Excel's own names
    never do; a rectangle without any `$` is taken for one that a program wrote carelessly."""
    if name.startswith("_xlnm."):
        return False
    for ref in parse_formula(text).refs():
        careless = ref.separator and "$" not in ref.text()
        if ref.row1 and not careless and not (ref.fixed1 and (not ref.row2 or ref.fixed2)):
            return True
    return False


def _ask_calculation(data: bytes) -> bytes:
    """`fullCalcOnLoad` set, so that whoever opens the file computes it anew."""
    match = _CALCULATION.search(data)
    if match is None:
        return _with_calculation(data)
    if _FULL.search(match["attrs"]):
        return data
    attrs = put(match["attrs"], b"fullCalcOnLoad", "1")
    name = match[0][1 : match[0].index(b"calcPr") + 6]
    return data[: match.start()] + b"<" + name + attrs + match["empty"] + b">" + data[match.end() :]


def _with_calculation(data: bytes) -> bytes:
    for match in reversed(list(TAG.finditer(data))):
        name = local(match["name"] or b"")
        if name in _BEFORE_CALCULATION and (match["close"] or match["empty"]):
            prefix = match["name"][: -len(name)]
            return data[: match.end()] + b"<" + prefix + b'calcPr fullCalcOnLoad="1"/>' + data[match.end() :]
    return data


def chain_part(book: Book) -> str | None:
    return next(iter(book.targets(book.part, "calcChain")), None)


def edit_relations(data: bytes) -> bytes:
    return _RELATION.sub(
        lambda match: b"" if (get(match[0], b"Type") or "").endswith("/calcChain") else match[0], data
    )


def edit_types(data: bytes, chain: str) -> bytes:
    wanted = "/" + chain.lower()
    return _OVERRIDE.sub(
        lambda match: b"" if (get(match[0], b"PartName") or "").lower() == wanted else match[0], data
    )
