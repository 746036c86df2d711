"""The prototype row of a block: what every inserted row is cloned from."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from ledger_app.export.xlsx.formulas import Formula, Ref
from ledger_app.export.xlsx.plan import Block
from ledger_app.export.xlsx.refs import Area, column_letters
from ledger_app.export.xlsx.scan import FormulaCell, SheetScan
from ledger_app.export.xlsx.sheetxml import FORMULA, Row, cells
from ledger_app.export.xlsx.shift import Home, Shifter
from ledger_app.export.xlsx.xmltext import NAME, decimal, drop, escape, get, whole

_ROW_ATTRS = re.compile(rb"<" + NAME + rb"row\b([^>]*?)/?>")


@dataclass(slots=True)
class Pattern:
    """Text of a row with its number left out: the pieces between, and what is added to it at each gap."""

    pieces: list[str]
    offsets: list[int] = field(default_factory=list)


@dataclass(slots=True)
class ProtoCell:
    """One cell of the prototype. `pattern` is its whole XML; `holds`: it has a formula or a constant
    of its own, which a value left out keeps."""

    style: int
    pattern: Pattern
    has_formula: bool = False
    holds: bool = False


@dataclass(slots=True)
class Prototype:
    """`attrs` of the row without its number; `height` in points when the row fixes one."""

    attrs: str
    cells: dict[int, ProtoCell]
    style: int | None
    height: float | None


def read_prototype(scan: SheetScan, block: Block, shifter: Shifter) -> Prototype:
    row = scan.rows.get(block.first_row)
    if row is None:
        return Prototype("", {}, None, None)
    attrs = _row_attrs(row)
    styled = (get(attrs, b"customFormat") or "") in {"1", "true"}
    prototype = Prototype(
        drop(attrs, b"r", b"hidden", b"collapsed").decode(),
        {},
        whole(get(attrs, b"s")) if styled else None,
        decimal(get(attrs, b"ht")),
    )
    repeated = _repeated_constants(scan, block)
    for cell in cells(row.xml):
        style = whole(get(cell.match["attrs"], b"s"))
        reader = _CellReader(scan, block, shifter, cell.column, style)
        prototype.cells[cell.column] = reader.read(cell.match, cell.column in repeated)
    return prototype


def _row_attrs(row: Row) -> bytes:
    match = _ROW_ATTRS.match(row.xml)
    return match[1].rstrip() if match else b""


def _repeated_constants(scan: SheetScan, block: Block) -> set[int]:
    """Columns in which every blank row that was kept holds the same content, such as a unit."""
    contents: list[dict[int, bytes]] = []
    for number in sample_rows(block):
        row = scan.rows.get(number)
        found = {cell.column: cell.match["body"] or b"" for cell in cells(row.xml)} if row else {}
        contents.append({column: body for column, body in found.items() if body})
    first, rest = contents[0], contents[1:]
    if not rest:
        return {column for column, body in first.items() if not _is_number(body)}
    return {column for column, body in first.items() if all(other.get(column) == body for other in rest)}


def _is_number(body: bytes) -> bool:
    return re.fullmatch(rb"\s*<[^>]*v>\s*\d+\s*</[^>]*v>\s*", body) is not None


def sample_rows(block: Block) -> Iterable[int]:
    """The rows that show how a block repeats: its first two and its last."""
    return sorted({block.first_row, min(block.first_row + 1, block.last_row), block.last_row})


class _CellReader:
    def __init__(self, scan: SheetScan, block: Block, shifter: Shifter, column: int, style: int) -> None:
        self.scan = scan
        self.block = block
        self.shifter = shifter
        self.column = column
        self.style = style
        self.prefix = scan.prefix.decode()
        self.rows = shifter.map_of(scan.sheet.name)

    def read(self, match: re.Match[bytes], keeps_constant: bool) -> ProtoCell:
        body = match["body"] or b""
        if FORMULA.search(body):
            return self._formula(match)
        attrs = drop(match["attrs"].rstrip(), b"r", b"cm", b"vm")
        if not keeps_constant or not body:
            attrs, body = drop(attrs, b"t"), b""
        return ProtoCell(self.style, self._pattern(attrs, Pattern([body.decode()])), holds=bool(body))

    def _formula(self, match: re.Match[bytes]) -> ProtoCell:
        attrs = drop(match["attrs"].rstrip(), b"r", b"t", b"vm")
        cell = self.scan.formulas[self.block.first_row, self.column]
        single = cell.area is None or cell.area == Area(cell.row, cell.column, cell.row, cell.column)
        if cell.kind == "dataTable" or (cell.kind == "array" and not single):
            return ProtoCell(self.style, self._pattern(drop(attrs, b"cm"), Pattern([""])), has_formula=True)
        inner = self._formula_text(cell)
        if cell.kind == "array":
            letters = column_letters(self.column)
            inner.pieces[0:1] = [f'<{self.prefix}f t="array" ref="{letters}', f'">{inner.pieces[0]}']
            inner.offsets.insert(0, 0)
        else:
            inner.pieces[0] = f"<{self.prefix}f>{inner.pieces[0]}"
        inner.pieces[-1] += f"</{self.prefix}f>"
        return ProtoCell(self.style, self._pattern(attrs, inner), has_formula=True, holds=True)

    def _pattern(self, attrs: bytes, inner: Pattern) -> Pattern:
        head = f'"{attrs.decode()}'
        name = f"{self.prefix}c"
        start = f'<{name} r="{column_letters(self.column)}'
        if inner.pieces == [""]:
            return Pattern([start, f"{head}/>"], [0])
        pieces = [start, f"{head}>{inner.pieces[0]}", *inner.pieces[1:]]
        pieces[-1] += f"</{name}>"
        return Pattern(pieces, [0, *inner.offsets])

    def _formula_text(self, cell: FormulaCell) -> Pattern:
        """The formula as it reads in a clone: what stands in the block's row follows, the rest stays."""
        formula = self.scan.formula(cell)
        moved = self.shifter.shifted(formula, Home(self.scan.sheet.name, cell.row))
        home = self.rows.row(cell.row)
        below = self._below(cell)
        pieces, offsets = [""], []
        refs = iter(zip(formula.refs(), below.refs() if below else formula.refs(), strict=True))
        for part in moved.parts:
            if isinstance(part, str):
                pieces[-1] += escape(part).decode()
                continue
            old, lower = next(refs)
            for literal, number, follows in self._ends(part, old, lower if below else None):
                pieces[-1] += escape(literal).decode()
                if number and follows:
                    offsets.append(number - home)
                    pieces.append("")
                elif number:
                    pieces[-1] += str(number)
        return Pattern(pieces, offsets)

    def _ends(self, ref: Ref, old: Ref, lower: Ref | None) -> list[tuple[str, int, bool]]:
        """(text before, row, whether it follows) of both ends."""
        follows1 = self._follows(old, old.row1, old.fixed1, lower.row1 if lower else 0)
        follows2 = self._follows(old, old.row2, old.fixed2, lower.row2 if lower else 0)
        dollar1, dollar2 = "$" if ref.fixed1 else "", "$" if ref.fixed2 else ""
        ends = [(f"{ref.prefix}{ref.column1}{dollar1 if ref.row1 else ''}", ref.row1, follows1)]
        if ref.separator:
            ends.append((f"{ref.separator}{ref.column2}{dollar2 if ref.row2 else ''}", ref.row2, follows2))
        return ends

    def _follows(self, ref: Ref, row: int, fixed: bool, lower: int) -> bool:
        """Whether a row number goes down with the clone. The second blank row shows it; without one, a
        place below the block (a total) and the whole block stay and all else follows, as in a copy."""
        if fixed or ref.foreign:
            return False
        if lower:
            return lower != row
        at_home = ref.sheet is None or ref.sheet.casefold() == self.scan.sheet.name.casefold()
        whole = ref.row1 == self.block.first_row < ref.row2 == self.block.last_row
        return not (at_home and (whole or row > self.block.last_row))

    def _below(self, cell: FormulaCell) -> Formula | None:
        """The same formula in the second blank row, if it is built alike."""
        if self.block.blank_rows < 2:
            return None
        other = self.scan.formulas.get((cell.row + 1, cell.column))
        if other is None:
            return None
        formula, below = self.scan.formula(cell), self.scan.formula(other)
        return below if _shape(formula) == _shape(below) else None


def _shape(formula: Formula) -> list[str]:
    return [
        part if isinstance(part, str) else f"{part.prefix}{part.column1}{part.separator}{part.column2}"
        for part in formula.parts
    ]
