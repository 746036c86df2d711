"""References followed when rows are put in: formulas, areas and names rewritten, growth noted."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from ledger_app.export.xlsx.formulas import Formula, Ref, parse_formula
from ledger_app.export.xlsx.refs import MAX_ROW, Area, parse_area
from ledger_app.export.xlsx.rowmap import RowMap

_STAY = RowMap([])


@dataclass(frozen=True, slots=True)
class Home:
    """Where a formula stands: its sheet, and its row when it has one. `grows`: whether ranges that end
    with a block take the new rows in."""

    sheet: str
    row: int = 0
    grows: bool = True


@dataclass(slots=True)
class Shifter:
    """The row maps of all filled sheets, by folded name; unchanged text comes back as the same text."""

    maps: dict[str, RowMap]
    grown: dict[tuple[str, str], str] = field(default_factory=dict)  # (sheet, range before) → after

    def map_of(self, sheet: str) -> RowMap:
        return self.maps.get(sheet.casefold(), _STAY)

    def formula(self, text: str, home: Home) -> str:
        if not text:
            return text
        formula = parse_formula(text)
        changed = self.shifted(formula, home)
        return text if changed is formula else changed.text()

    def shifted(self, formula: Formula, home: Home) -> Formula:
        if all(self.ref(ref, home) is ref for ref in formula.refs()):
            return formula
        return formula.changed(lambda ref: self.ref(ref, home))

    def ref(self, ref: Ref, home: Home) -> Ref:
        if ref.foreign or not ref.row1:
            return ref
        sheet = ref.sheet if ref.sheet is not None else home.sheet
        rows = self.map_of(sheet)
        if not rows:
            return ref
        if not ref.separator:
            row = rows.row(ref.row1)
            return ref if row == ref.row1 else replace(ref, row1=min(row, MAX_ROW))
        at_home = sheet.casefold() == home.sheet.casefold()
        own_row = at_home and home.row == ref.row2 and not ref.fixed2
        grows = home.grows and not own_row and not _across(ref, home)
        row1, row2 = rows.span(ref.row1, ref.row2, grows)
        if (row1, row2) == (ref.row1, ref.row2):
            return ref
        new = replace(ref, row1=row1, row2=row2)
        if row2 - row1 != ref.row2 - ref.row1:
            self.note(sheet, _plain(ref), _plain(new))
        return new

    def note(self, sheet: str, before: str, after: str) -> None:
        self.grown.setdefault((sheet, before), after)

    def area_text(self, text: str, sheet: str, *, grows: bool) -> str:
        """One item of an attribute such as `ref`: a cell, a rectangle, whole rows or columns."""
        rows = self.map_of(sheet)
        area = parse_area(text)
        if not rows or area is None:
            return self.formula(text, Home(sheet)) if rows else text
        new = rows.area(area, grows)
        if new == area:
            return text
        if new.row2 - new.row1 != area.row2 - area.row1:
            self.note(sheet, area.text(), new.text())
        return _like(text, new)

    def areas_text(self, text: str, sheet: str) -> str:
        """A list of areas (`sqref`). The new rows take part wherever the prototype row does."""
        rows = self.map_of(sheet)
        if not rows:
            return text
        items = [self.area_text(item, sheet, grows=True) for item in text.split()]
        items += [area.text() for area in self._prototype_parts(text, items, rows)]
        return " ".join(items) if items != text.split() else text

    def _prototype_parts(self, text: str, grown: list[str], rows: RowMap) -> list[Area]:
        parts = []
        held = [area for item in grown if (area := parse_area(item))]
        for insertion in rows.insertions:
            first = rows.row(insertion.last) + 1
            for item in text.split():
                area = parse_area(item)
                if area is None or not area.row1 <= insertion.first <= area.row2:
                    continue
                new = Area(first, area.column1, first + insertion.count - 1, area.column2)
                if not any(_holds(h, new) for h in held):
                    parts.append(new)
                    held.append(new)
        return parts


def _holds(outer: Area, inner: Area) -> bool:
    return outer.holds(inner.row1, inner.column1) and outer.holds(inner.row2, inner.column2)


def _across(ref: Ref, home: Home) -> bool:
    """A row of cells that a cell's formula reads across: it is no column of a block with a single row."""
    return bool(home.row) and ref.row1 == ref.row2 and ref.column1.lstrip("$") != ref.column2.lstrip("$")


def _plain(ref: Ref) -> str:
    return replace(ref, prefix="").text().replace("$", "")


def _like(text: str, area: Area) -> str:
    """The area written the way the old text was (`A1:A1` stays a pair)."""
    if ":" in text and ":" not in area.text():
        return f"{area.text()}:{area.text()}"
    return area.text()
