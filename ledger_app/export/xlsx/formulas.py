"""Formulas taken apart into references and the text between them, and put together again elsewhere.

openpyxl's Tokenizer was tried first: it refuses `A1#`, moves line breaks and takes `A1 : A3` for three
operands, so the pieces could not be joined to the text they came from. The grammar below is the same
for references; a test holds the two against each other.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from ledger_app.export.xlsx.refs import MAX_COLUMN, MAX_ROW, Area, column_letters, column_number

_PLAIN = r"[^\s'\"!()+\-*/^&=<>,;:{}\[\]%#@|~`$]+"
_SHEET = rf"(?:'(?:[^']|'')+'|(?:\[[^\[\]]*\])?{_PLAIN}(?::{_PLAIN})?|\[[^\[\]]*\])!"
_COLUMN, _ROW = r"\$?[A-Za-z]{1,3}", r"\$?[1-9]\d{0,6}"
_TOKEN = re.compile(
    rf"""
    (?P<text>"(?:[^"]|"")*")
  | (?P<ref>(?P<sheet>{_SHEET})?(?:
        (?P<c1>{_COLUMN})(?P<r1>{_ROW})(?:(?P<s1>\s*:\s*(?:(?P=sheet))?)(?P<c2>{_COLUMN})(?P<r2>{_ROW})(?![\w.(!\[?]))?
      | (?P<ca>{_COLUMN})(?P<s2>\s*:\s*)(?P<cb>{_COLUMN})
      | (?P<ra>{_ROW})(?P<s3>\s*:\s*)(?P<rb>{_ROW})
    )(?![\w.(!\[?]))
  | (?P<error>\#[A-Z][A-Z0-9/_]*[!?]?)
  | (?P<name>(?:{_SHEET})?[^\W\d][\w.\\?]*\s*\(?)
  | (?P<inside>\[(?:[^\[\]]|\[[^\[\]]*\])*\])
  | (?P<number>\d+\.?\d*(?:[eE][+-]?\d+)?)
  | (?P<other>[^\w"'\#\[$\\]+|.)
    """,
    re.VERBOSE | re.DOTALL,
)
# What a formula names only while it is computed: nobody can tell beforehand what it reads.
_BLIND = frozenset({"INDIRECT", "OFFSET", "_XLFN.SINGLE.INDIRECT"})
_BY_PLACE = frozenset({"ROW", "ROWS", "ADDRESS", "CELL"})


@dataclass(frozen=True, slots=True)
class Ref:
    """One reference as written. A missing row (`A:B`) is 0, a missing column (`4:5`) "" (so is the end
    of a single cell). `foreign`: another workbook, or a run of sheets."""

    prefix: str
    sheet: str | None
    foreign: bool
    column1: str
    row1: int
    fixed1: bool
    separator: str = ""
    column2: str = ""
    row2: int = 0
    fixed2: bool = False

    def text(self) -> str:
        head = f"{self.prefix}{self.column1}{_row_text(self.row1, self.fixed1)}"
        if not self.separator:
            return head
        return f"{head}{self.separator}{self.column2}{_row_text(self.row2, self.fixed2)}"

    def area(self) -> Area:
        """The rectangle meant, whole rows and columns to the sheet's edges."""
        single = not self.separator
        column1 = column_number(self.column1.lstrip("$")) or 1
        column2 = column1 if single else column_number(self.column2.lstrip("$")) or MAX_COLUMN
        row1 = self.row1 or 1
        row2 = row1 if single else self.row2 or MAX_ROW
        return Area(min(row1, row2), min(column1, column2), max(row1, row2), max(column1, column2))

    def moved(self, rows: int, columns: int) -> Ref | None:
        """As in a copy `rows` further down and `columns` to the right; None when it leaves the sheet."""
        row1 = self.row1 + rows if self.row1 and not self.fixed1 else self.row1
        row2 = self.row2 + rows if self.row2 and not self.fixed2 else self.row2
        ends = [row for old, row in ((self.row1, row1), (self.row2, row2)) if old]
        column1, column2 = _column_moved(self.column1, columns), _column_moved(self.column2, columns)
        if any(not 1 <= row <= MAX_ROW for row in ends) or column1 is None or column2 is None:
            return None
        return replace(self, row1=row1, row2=row2, column1=column1, column2=column2)


def _row_text(row: int, fixed: bool) -> str:
    if not row:
        return ""
    return f"${row}" if fixed else str(row)


def _column_moved(column: str, by: int) -> str | None:
    if not column or not by or column.startswith("$"):
        return column
    number = column_number(column) + by
    return column_letters(number) if 1 <= number <= MAX_COLUMN else None


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula's pieces in order; `names` are its bare words (functions not), `tables` those followed
    by a bracket."""

    parts: tuple[str | Ref, ...]
    names: frozenset[str]
    tables: frozenset[str]
    blind: bool
    by_place: bool

    def refs(self) -> Iterator[Ref]:
        return (part for part in self.parts if isinstance(part, Ref))

    @property
    def foreign(self) -> bool:
        return any(ref.foreign for ref in self.refs())

    def text(self) -> str:
        return "".join(part if isinstance(part, str) else part.text() for part in self.parts)

    def changed(self, change: Callable[[Ref], Ref | None]) -> Formula:
        """Each reference passed through `change`; None becomes `#REF!`."""
        parts: list[str | Ref] = []
        for part in self.parts:
            if isinstance(part, str):
                parts.append(part)
            else:
                new = change(part)
                parts.append(f"{part.prefix}#REF!" if new is None else new)
        return replace(self, parts=tuple(parts))

    def moved(self, rows: int, columns: int) -> Formula:
        return self.changed(lambda ref: ref.moved(rows, columns))


def parse_formula(text: str) -> Formula:
    """A formula without its `=`."""
    parts: list[str | Ref] = []
    names: set[str] = set()
    tables: set[str] = set()
    functions: set[str] = set()
    plain_from = 0
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup
        if kind == "ref":
            ref = _ref(match)
            if ref is not None:
                if match.start() > plain_from:
                    parts.append(text[plain_from : match.start()])
                parts.append(ref)
                plain_from = match.end()
        elif kind == "name":
            word = match[0].rstrip("(").strip()
            if match[0].endswith("("):
                functions.add(word.upper())
            else:
                (tables if text[match.end() : match.end() + 1] == "[" else names).add(word)
    if plain_from < len(text):
        parts.append(text[plain_from:])
    return Formula(
        tuple(parts),
        frozenset(names),
        frozenset(tables),
        bool(functions & _BLIND),
        bool(functions & _BY_PLACE),
    )


def _ref(match: re.Match[str]) -> Ref | None:
    prefix = match["sheet"] or ""
    sheet, foreign = _sheet_name(prefix)
    column1, row1 = match["c1"] or match["ca"] or "", match["r1"] or match["ra"] or ""
    column2, row2 = match["c2"] or match["cb"] or "", match["r2"] or match["rb"] or ""
    separator = match["s1"] or match["s2"] or match["s3"] or ""
    for column in (column1, column2):
        if column and not column_number(column.lstrip("$")):
            return None
    rows = [int(row.lstrip("$")) if row else 0 for row in (row1, row2)]
    if max(rows) > MAX_ROW:
        return None
    fixed = [row.startswith("$") for row in (row1, row2)]
    return Ref(prefix, sheet, foreign, column1, rows[0], fixed[0], separator, column2, rows[1], fixed[1])


def _sheet_name(prefix: str) -> tuple[str | None, bool]:
    if not prefix:
        return None, False
    name = prefix[:-1]
    quoted = name.startswith("'")
    if quoted:
        name = name[1:-1].replace("''", "'")
    # A colon joins a run of sheets; no sheet's name may hold one, nor a bracket.
    return name, "[" in name or ":" in name or "\\" in name
