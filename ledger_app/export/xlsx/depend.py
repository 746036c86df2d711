"""Which formulas depend on the cells that are set, directly or through other formulas and names.

What cannot be told beforehand (INDIRECT, OFFSET, what-if tables) counts as depending on everything:
too many results are computed again, never too few.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from ledger_app.export.xlsx.book import Book
from ledger_app.export.xlsx.formulas import Formula, parse_formula
from ledger_app.export.xlsx.refs import Area
from ledger_app.export.xlsx.scan import FormulaCell, SheetScan
from ledger_app.export.xlsx.tables import read_tables

MAX_FORMULAS = 400_000  # beyond this the graph is not drawn and every formula counts as depending
_TALL = 64  # rows; areas higher than this are kept in a list of their own

Places = dict[str, set[tuple[int, int]]]  # folded sheet name → cells


@dataclass(slots=True)
class _Index:
    """The areas of one sheet that formulas read, each with its readers."""

    by_row: dict[int, list[tuple[Area, list[int]]]] = field(default_factory=lambda: defaultdict(list))
    tall: list[tuple[Area, list[int]]] = field(default_factory=list)
    known: dict[Area, list[int]] = field(default_factory=dict)

    def add(self, area: Area, reader: int) -> None:
        readers = self.known.get(area)
        if readers is not None:
            readers.append(reader)
            return
        self.known[area] = readers = [reader]
        if area.row2 - area.row1 > _TALL:
            self.tall.append((area, readers))
            return
        for row in range(area.row1, area.row2 + 1):
            self.by_row[row].append((area, readers))

    def readers(self, area: Area) -> Iterator[int]:
        rows: Iterable[int] = range(area.row1, area.row2 + 1)
        if area.row2 - area.row1 > len(self.by_row):
            rows = [row for row in self.by_row if area.row1 <= row <= area.row2]
        for row in rows:
            for read, readers in self.by_row.get(row, ()):
                if read.column1 <= area.column2 and area.column1 <= read.column2:
                    yield from readers
        for read, readers in self.tall:
            if read.meets(area):
                yield from readers


class Dependence:
    """The formulas of a workbook and what they read."""

    def __init__(self, book: Book, scans: Iterable[SheetScan]) -> None:
        self.book = book
        self.cells: list[tuple[str, FormulaCell]] = []
        self._scans = {scan.sheet.name.casefold(): scan for scan in scans}
        self._names = {
            (name.scope.name.casefold() if name.scope else "", name.name.casefold()): name
            for name in book.names
        }
        self._tables: dict[str, tuple[str, Area]] | None = None
        for key, scan in self._scans.items():
            self.cells.extend((key, cell) for cell in scan.formulas.values())

    def dependents(self, changed: dict[str, list[Area]], *, rows_move: bool) -> Places:
        """The formula cells (all cells of an array) whose results the changed areas may alter."""
        if len(self.cells) > MAX_FORMULAS:
            return self._places(range(len(self.cells)))
        indexes: dict[str, _Index] = defaultdict(_Index)
        waiting: list[int] = []
        for number, (sheet, cell) in enumerate(self.cells):
            formula = self._scans[sheet].formula(cell)
            if cell.kind == "dataTable" or self._reads(formula, sheet, number, indexes, rows_move=rows_move):
                waiting.append(number)
        found = set(waiting)
        spread = [(sheet, area) for sheet, areas in changed.items() for area in areas]
        spread += [(self.cells[n][0], _results(self.cells[n][1])) for n in waiting]
        while spread:
            sheet, area = spread.pop()
            for reader in set(indexes[sheet].readers(area)) - found:
                found.add(reader)
                spread.append((self.cells[reader][0], _results(self.cells[reader][1])))
        return self._places(found)

    def _places(self, numbers: Iterable[int]) -> Places:
        places: Places = defaultdict(set)
        for number in numbers:
            sheet, cell = self.cells[number]
            area = _results(cell)
            if (area.row2 - area.row1 + 1) * (area.column2 - area.column1 + 1) > MAX_FORMULAS:
                area = Area(cell.row, cell.column, cell.row, cell.column)
            for row in range(area.row1, area.row2 + 1):
                places[sheet].update((row, column) for column in range(area.column1, area.column2 + 1))
        return places

    def _reads(
        self, formula: Formula, sheet: str, number: int, indexes: dict[str, _Index], *, rows_move: bool
    ) -> bool:
        """Enter what a formula reads; True when it must count as reading everything."""
        areas: list[tuple[str, Area]] = []
        everything = self._areas(formula, sheet, areas, set(), rows_move=rows_move)
        for home, area in areas:
            indexes[home].add(area, number)
        return everything

    def _areas(
        self,
        formula: Formula,
        sheet: str,
        areas: list[tuple[str, Area]],
        seen: set[tuple[str, str]],
        *,
        rows_move: bool,
    ) -> bool:
        everything = formula.blind or (rows_move and formula.by_place)
        for ref in formula.refs():
            if not ref.foreign:
                areas.append(((ref.sheet or sheet).casefold() if ref.sheet else sheet, ref.area()))
            elif ref.sheet and ":" in ref.sheet and "[" not in ref.sheet:
                areas.extend((key, ref.area()) for key in self._run(ref.sheet))
        for word in formula.names:
            scope, _, bare = word.rpartition("!")
            name = self._names.get(
                (scope.strip("'").casefold() or sheet, bare.casefold())
            ) or self._names.get(("", bare.casefold()))
            key = (sheet, bare.casefold())
            if name is not None and key not in seen:
                seen.add(key)
                home = name.scope.name.casefold() if name.scope else sheet
                everything |= self._areas(parse_formula(name.text), home, areas, seen, rows_move=rows_move)
        areas.extend(
            self._table(table) for table in formula.tables if table.casefold() in self._known_tables()
        )
        return everything

    def _run(self, names: str) -> list[str]:
        """The sheets of a run such as `一月:十二月`."""
        first, _, last = names.casefold().partition(":")
        order = [sheet.name.casefold() for sheet in self.book.sheets]
        if first not in order or last not in order:
            return []
        start, end = sorted((order.index(first), order.index(last)))
        return order[start : end + 1]

    def _known_tables(self) -> dict[str, tuple[str, Area]]:
        if self._tables is None:
            self._tables = {
                table.name.casefold(): (table.sheet.name.casefold(), table.area)
                for table in read_tables(self.book)
            }
        return self._tables

    def _table(self, name: str) -> tuple[str, Area]:
        return self._known_tables()[name.casefold()]


def _results(cell: FormulaCell) -> Area:
    if cell.kind in {"array", "dataTable"} and cell.area:
        return cell.area
    return Area(cell.row, cell.column, cell.row, cell.column)
