"""One row of a sheet edited as text: cells set, formulas rewritten, old results dropped, places moved."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from ledger_app.core.errors import LedgerError
from ledger_app.export.xlsx.package import DAMAGED
from ledger_app.export.xlsx.plan import Value, excel_serial
from ledger_app.export.xlsx.refs import column_letters
from ledger_app.export.xlsx.sheetxml import FORMULA, VALUE, Cell, Row, cells
from ledger_app.export.xlsx.styles import Styles
from ledger_app.export.xlsx.xmltext import NAME, cell_text, drop, escape, get, put, whole

_ROW_TAG = re.compile(rb"<(?P<prefix>" + NAME + rb")row\b(?P<attrs>[^>]*?)(?P<empty>/?)>")
_PLACES = re.compile(rb"(<" + NAME + rb"(?:c|row)\b(?:[^>]*?\s)?r\s*=\s*[\"'])(\$?[A-Za-z]*\$?)\d+(?=[\"'])")
# The attributes nearly every cell has, in their usual order: place, style, type.
_USUAL = re.compile(rb'\s+r="[A-Z]+\d+"(?:\s+s="(\d+)")?(?:\s+t="\w+")?\s*')
_SPANS = re.compile(r"(\d+):(\d+)")


class FormulaEditor(Protocol):
    """What becomes of a formula: new text and attributes of its `<f>`, or None to leave it as it is."""

    def __call__(self, row: int, column: int, match: re.Match[bytes]) -> bytes | None: ...


@dataclass(frozen=True, slots=True)
class ValueWriter:
    """Values as cell XML in a workbook's own terms: its prefix, its dates, its styles."""

    prefix: str
    styles: Styles
    date1904: bool

    def content(self, value: Value, style: int) -> tuple[str, str]:
        """(`t` attribute with a space before it, inner XML); both empty for "" — a cleared cell."""
        p = self.prefix
        if isinstance(value, date):
            serial = excel_serial(value, self.date1904)
            if self.styles[style].date and serial >= 1:
                return "", f"<{p}v>{serial}</{p}v>"
            value = value.isoformat(" ") if isinstance(value, datetime) else value.isoformat()
        if isinstance(value, str):
            if not value:
                return "", ""
            inner = f'<{p}is><{p}t xml:space="preserve">{cell_text(value)}</{p}t></{p}is>'
            return ' t="inlineStr"', inner
        if isinstance(value, bool):
            return ' t="b"', f"<{p}v>{value:d}</{p}v>"
        return "", f"<{p}v>{value!r}</{p}v>"

    def cell(self, row: int, column: int, style: int, value: Value) -> bytes:
        """A new cell."""
        p = self.prefix
        styled = f' s="{style}"' if style else ""
        kind, inner = self.content(value, style)
        head = f'<{p}c r="{column_letters(column)}{row}"{styled}{kind}'
        return (f"{head}>{inner}</{p}c>" if inner else f"{head}/>").encode()

    def replaced(self, cell: Cell, row: int, value: Value) -> bytes:
        """A cell that is there, with another content; its style and other attributes stay."""
        usual = _USUAL.fullmatch(cell.match["attrs"])
        if usual:
            return self.cell(row, cell.column, int(usual[1] or 0), value)
        attrs = drop(cell.match["attrs"].rstrip(), b"t", b"cm", b"vm")
        if cell.explicit:
            attrs = put(attrs, b"r", f"{column_letters(cell.column)}{row}")
        kind, inner = self.content(value, _style(attrs))
        p = self.prefix.encode()
        head = b"<" + p + b"c" + attrs + kind.encode()
        return head + (b">" + inner.encode() + b"</" + p + b"c>" if inner else b"/>")


def _style(attrs: bytes) -> int:
    return whole(get(attrs, b"s"))


@dataclass(slots=True)
class RowEdit:
    """What happens to one row. `stale` are columns whose stored results are dropped."""

    new_number: int
    values: Mapping[int, Value]
    stale: set[int]
    height: float | None = None


class RowEditor:
    """Edits rows as told; `missing_style` gives the style of a cell that is not there yet."""

    def __init__(self, writer: ValueWriter, formulas: FormulaEditor, column_style: Mapping[int, int]) -> None:
        self.writer = writer
        self.formulas = formulas
        self.column_style = column_style

    def edit(self, row: Row, edit: RowEdit) -> bytes:
        tag = _ROW_TAG.match(row.xml)
        if tag is None:
            raise LedgerError(DAMAGED, "damaged")
        attrs = self._row_attributes(tag["attrs"].rstrip(), row, edit)
        pieces = self._cells(row, edit, tag.end(), _row_style(attrs))
        head = b"<" + tag["prefix"] + b"row" + attrs
        if tag["empty"]:
            if not any(pieces):
                return row.gap + head + b"/>"
            return row.gap + head + b">" + b"".join(pieces) + b"</" + tag["prefix"] + b"row>"
        return row.gap + head + b">" + b"".join(pieces)

    def _row_attributes(self, attrs: bytes, row: Row, edit: RowEdit) -> bytes:
        if row.explicit:
            attrs = put(attrs, b"r", str(edit.new_number))
        columns = [column for column, value in edit.values.items() if value is not None]
        if columns and (spans := get(attrs, b"spans")):
            attrs = put(attrs, b"spans", wider_spans(spans, min(columns), max(columns)))
        if edit.height is not None:
            attrs = put(put(attrs, b"ht", f"{edit.height:g}"), b"customHeight", "1")
        return attrs

    def _cells(self, row: Row, edit: RowEdit, start: int, row_style: int | None) -> list[bytes]:
        waiting = sorted((c for c, value in edit.values.items() if value is not None), reverse=True)
        pieces, at = [], start
        for cell in cells(row.xml):
            pieces.append(row.xml[at : cell.match.start()])
            while waiting and waiting[-1] < cell.column:
                pieces.append(self._new(edit, waiting.pop(), row_style))
            if waiting and waiting[-1] == cell.column:
                pieces.append(self.writer.replaced(cell, edit.new_number, edit.values[waiting.pop()]))
            else:
                pieces.append(self._kept(row.number, cell, edit))
            at = cell.match.end()
        pieces += [self._new(edit, column, row_style) for column in reversed(waiting)]
        return [*pieces, row.xml[at:]]

    def _new(self, edit: RowEdit, column: int, row_style: int | None) -> bytes:
        value = edit.values[column]
        if value == "":
            return b""
        style = self.column_style.get(column, 0) if row_style is None else row_style
        return self.writer.cell(edit.new_number, column, style, value)

    def _kept(self, row: int, cell: Cell, edit: RowEdit) -> bytes:
        xml = cell.match[0]
        body = cell.match["body"]
        if body and b"f" in body and (match := FORMULA.search(body)):
            new = self.formulas(row, cell.column, match)
            if new is not None:
                xml = xml.replace(match[0], new, 1)
        if cell.column in edit.stale:
            xml = VALUE.sub(b"", xml, count=1)
        if cell.explicit and edit.new_number != row:
            xml = moved_places(xml, edit.new_number)
        return xml


def _row_style(attrs: bytes) -> int | None:
    """The style of a row that has one of its own."""
    return _style(attrs) if (get(attrs, b"customFormat") or "") in {"1", "true"} else None


def wider_spans(spans: str, first: int, last: int) -> str:
    """`1:14` with these columns taken in."""
    pairs = [(int(a), int(b)) for a, b in _SPANS.findall(spans)]
    if not pairs or any(a <= first and last <= b for a, b in pairs):
        return spans
    return f"{min(first, *(a for a, _ in pairs))}:{max(last, *(b for _, b in pairs))}"


def moved_places(xml: bytes, number: int) -> bytes:
    """The row number in the place of a row and of its cells."""
    new = str(number).encode()
    return _PLACES.sub(lambda match: match[1] + match[2] + new, xml)


def formula_element(match: re.Match[bytes], attrs: bytes, text: str) -> bytes:
    """An `<f>` written again under the same name."""
    head = b"<" + match["name"] + attrs.rstrip()
    return head + b">" + escape(text) + b"</" + match["name"] + b">" if text else head + b"/>"
