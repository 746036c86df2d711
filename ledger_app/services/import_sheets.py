"""What the import page shows of a workbook before anything is compared: which ledger, which column is what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final, Literal

from ledger_app.core.dates import show_date
from ledger_app.core.entity import Entity, Registry
from ledger_app.core.fields import Field, Number
from ledger_app.ingest import layout as layouts
from ledger_app.ingest.layout import SheetLayout
from ledger_app.ingest.mapping import (
    EXACT,
    SAME_WORDS,
    ColumnHead,
    Match,
    Path,
    Profile,
    map_columns,
)
from ledger_app.ingest.plan import SheetPlan
from ledger_app.ingest.sheets import knows
from ledger_app.ingest.workbook import Sheet
from ledger_app.services.importing import Book, Choices, ImportPlan

HEAD_ROWS: Final = 80  # rows that are enough to find a header and samples in
SAMPLES: Final = 3
LONGEST: Final = 40
KEY_WORTH: Final = 2.0  # naming the key tells more than any other column

Sure = Literal["chosen", "remembered", "exact", "alike", "none"]


@dataclass(frozen=True, slots=True)
class ColumnView:
    """A column of a sheet: its header path as printed, sample values, the field it is taken for ("" none),
    how sure that is, and the unit its numbers are read in."""

    letter: str
    path: Path
    samples: tuple[str, ...]
    field: str
    sure: Sure
    unit: str


@dataclass(frozen=True, slots=True)
class SheetView:
    """A sheet of the workbook. `why_not` says why it is no table of the ledger ("" where it is one);
    `new` and `gone` are header paths the remembered mapping `profile` does not know or misses."""

    name: str
    rows: int
    columns: tuple[ColumnView, ...]
    taken: bool
    why_not: str = ""
    profile: str = ""
    new: tuple[Path, ...] = ()
    gone: tuple[Path, ...] = ()

    @property
    def mapped(self) -> int:
        return sum(bool(c.field) for c in self.columns)


def likely_ledgers(registry: Registry, book: Book) -> list[tuple[Entity, float]]:
    """The ledgers whose fields the workbook's headers name, the likeliest first."""
    scored = [(entity, max(_scores(entity, book), default=0.0)) for entity in registry.places]
    return sorted((pair for pair in scored if pair[1] > 0), key=lambda pair: -pair[1])


def _scores(entity: Entity, book: Book) -> Iterator[float]:
    """How well each sheet fits: columns that are known, weighed by how large a share of all they are."""
    for sheet in book.content.sheets:
        layout = layouts.find_layout(_top(sheet), knows(entity))
        if layout.kind == "data" and layout.columns:
            matches = map_columns(entity, _heads(layout)).values()
            known = sum(m.score / EXACT for m in matches)
            has_key = any(m.field.name in entity.key[:1] for m in matches)
            yield (known + (KEY_WORTH if has_key else 0)) * known / len(layout.columns)


def sheet_views(entity: Entity, book: Book, plan: ImportPlan, choices: Choices) -> list[SheetView]:
    """Every sheet of the workbook, also those that are left out or hold no table of this ledger."""
    planned = {sheet.name: sheet for sheet in plan.sheets}
    return [
        _of_plan(sheet, planned[sheet.name], choices.columns.get(sheet.name, {}))
        if sheet.name in planned
        else _not_planned(entity, sheet, choices)
        for sheet in book.content.sheets
    ]


def chosen_column(entity: Entity, view: SheetView, letter: str, field: str) -> SheetView:
    """The view with a column taken for another field ("" for none), before anything is compared again."""
    return replace(
        view,
        columns=tuple(_chosen(entity, c, field) if c.letter == letter else c for c in view.columns),
    )


def _chosen(entity: Entity, column: ColumnView, field: str) -> ColumnView:
    if not field:
        return replace(column, field="", sure="chosen", unit="")
    [match] = map_columns(entity, [ColumnHead(0, "A", column.path)], (), None, {"A": field}).values()
    return replace(column, field=field, sure="chosen", unit=unit_said(match.field, match))


def _of_plan(sheet: Sheet, plan: SheetPlan, chosen: Mapping[str, str]) -> SheetView:
    rows = [sheet.rows[n - sheet.excel_row(0)] for n in plan.row_numbers[:HEAD_ROWS]]
    columns = _columns(plan.heads, plan.mapping, rows, plan.profile, chosen)
    if plan.profile is None:
        return SheetView(sheet.name, len(plan), columns, True)
    new, gone = plan.profile.differences(plan.heads)
    return SheetView(sheet.name, len(plan), columns, True, "", plan.profile.name, tuple(new), tuple(gone))


def _not_planned(entity: Entity, sheet: Sheet, choices: Choices) -> SheetView:
    layout = layouts.find_layout(_top(sheet), knows(entity))
    left_out = sheet.name in choices.left_out
    if layout.kind != "data" or not any(c.path for c in layout.columns):
        why = "空表" if layout.kind == "empty" else "没有认出表头，像是说明或封面"
        return SheetView(sheet.name, 0, (), False, why)
    heads, chosen = _heads(layout), choices.columns.get(sheet.name, {})
    mapping = map_columns(entity, heads, (), None, chosen)
    rows = [sheet.rows[n - sheet.excel_row(0)] for n in layout.data_rows]
    why = "" if left_out else f"像是别的表：认出的{entity.label}栏目太少"
    return SheetView(sheet.name, 0, _columns(heads, mapping, rows, None, chosen), False, why)


def _top(sheet: Sheet) -> Sheet:
    return replace(sheet, rows=sheet.rows[:HEAD_ROWS])


def _heads(layout: SheetLayout) -> list[ColumnHead]:
    return [ColumnHead(c.index, c.letter, c.path) for c in layout.columns]


def _columns(
    heads: Sequence[ColumnHead],
    mapping: Mapping[int, Match],
    rows: Sequence[Sequence[Any]],
    profile: Profile | None,
    chosen: Mapping[str, str],
) -> tuple[ColumnView, ...]:
    remembered = {name for name in profile.fields.values() if name} if profile else set()
    return tuple(_column(head, mapping.get(head.index), rows, remembered, chosen) for head in heads)


def _column(
    head: ColumnHead,
    match: Match | None,
    rows: Sequence[Sequence[Any]],
    remembered: set[str],
    chosen: Mapping[str, str],
) -> ColumnView:
    sure: Sure = "none"
    if head.letter in chosen:
        sure = "chosen"
    elif match:
        by_name = match.score >= SAME_WORDS
        sure = "remembered" if match.field.name in remembered else "exact" if by_name else "alike"
    name = match.field.name if match else ""
    unit = unit_said(match.field, match) if match else ""
    return ColumnView(head.letter, head.path, _samples(rows, head.index), name, sure, unit)


def unit_said(field: Field, match: Match | None) -> str:
    """The unit a column's numbers are read in: the header's, else the field's own."""
    if not isinstance(field, Number) or not field.unit_label:
        return ""
    stated = match.unit if match else None
    return stated.symbol if stated else f"{field.unit_label}（默认）"


def header_unit(field: Field, matches: Iterable[Match]) -> str:
    """The unit in which a sheet's column of a field is read; "" where it has none."""
    match = next((m for m in matches if m.field.name == field.name), None)
    if not isinstance(field, Number):
        return ""
    return match.unit.symbol if match and match.unit else field.unit_label


def _samples(rows: Sequence[Sequence[Any]], column: int) -> tuple[str, ...]:
    texts = (cell_text(row[column]) for row in rows if column < len(row))
    return tuple(list(dict.fromkeys(t for t in texts if t))[:SAMPLES])


def cell_text(raw: Any) -> str:
    """A cell of the workbook on one short line, as it looks there."""
    if raw is None or raw == "":
        return ""
    if isinstance(raw, date):
        midnight = not isinstance(raw, datetime) or raw.time() == datetime.min.time()
        return show_date(raw.isoformat()[:10], "screen") if midnight else raw.strftime("%Y-%m-%d %H:%M")
    if isinstance(raw, float) and raw.is_integer():
        return str(int(raw))
    text = " ".join(str(raw).split())
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
