"""A town's workbook into a ledger: read it, plan it (nothing is written); `import_apply` writes the plan."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from ledger_app.core.entity import Entity, Registry
from ledger_app.core.errors import LedgerError
from ledger_app.core.fields import ReadContext
from ledger_app.db import Connection, journal
from ledger_app.db.queries import matching
from ledger_app.db.store import ActInfo
from ledger_app.ingest.changes import compare
from ledger_app.ingest.mapping import Profile
from ledger_app.ingest.plan import ImportPlan, Outcome, SheetPlan
from ledger_app.ingest.sheets import plan_sheet
from ledger_app.ingest.workbook import Workbook, read_workbook
from ledger_app.services.import_apply import CHANGED_SINCE, Applied, Progress, apply_import, paused_collector

__all__ = [
    "CHANGED_SINCE",
    "ActInfo",
    "Applied",
    "Book",
    "Choices",
    "ImportPlan",
    "Outcome",
    "Profile",
    "Progress",
    "SheetPlan",
    "apply_import",
    "labels_of",
    "open_book",
    "paused_collector",
    "plan_as_json",
    "plan_book",
    "plan_import",
    "saved_profiles",
]

NO_PROFILE: Final = ""


@dataclass(frozen=True, slots=True)
class Choices:
    """What the clerk has decided in the wizard: corrected columns (sheet → letter → field or ""),
    meanings of ambiguous words (sheet → (field, word) → value), sheets left out, and the one profile
    that may be proposed (None: any of the ledger's, NO_PROFILE: none)."""

    columns: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    meanings: Mapping[str, Mapping[tuple[str, str], str]] = field(default_factory=dict)
    left_out: Collection[str] = ()
    profile: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Book:
    """A workbook as it was read: planned again after every correction without reading the file again."""

    path: Path
    content: Workbook

    @property
    def sheet_names(self) -> tuple[str, ...]:
        return tuple(sheet.name for sheet in self.content.sheets)


def open_book(path: Path, progress: Progress | None = None) -> Book:
    """Read a workbook. Raises LedgerError for a file that cannot be read."""
    _say(progress, 0, 0, f"读取 {path.name}")
    with paused_collector():
        return Book(path, read_workbook(path))


def plan_import(
    conn: Connection,
    registry: Registry,
    entity: Entity,
    workbook: Path,
    context: ReadContext,
    *,
    sheet: str | None = None,
    profile: str | None = None,
    choices: Choices | None = None,
) -> ImportPlan:
    """Read, map, check and compare a workbook. Raises LedgerError for a file that cannot be read or
    holds no table of this ledger."""
    with paused_collector():
        book = open_book(workbook)
        if sheet is not None and sheet not in book.sheet_names:
            names = "、".join(book.sheet_names)
            raise LedgerError(f"这个文件里没有“{sheet}”这张表，有的是：{names}。", "no_sheet")
        wanted = choices or Choices()
        wanted = wanted if profile is None else replace(wanted, profile=profile)
        others = {name for name in book.sheet_names if sheet not in (None, name)}
        plan = plan_book(
            conn, registry, entity, book, context, replace(wanted, left_out={*wanted.left_out, *others})
        )
    if not plan.sheets:
        raise LedgerError(
            f"{workbook.name} 里没有认出{entity.label}的表头，请确认选对了台账和文件。", "no_table"
        )
    return plan


def plan_book(
    conn: Connection,
    registry: Registry,
    entity: Entity,
    book: Book,
    context: ReadContext,
    choices: Choices,
    progress: Progress | None = None,
) -> ImportPlan:
    """Map, check and compare a workbook that was read. The plan has no sheets where none is a table of
    this ledger. `progress` is called between the steps and may raise to end the work."""
    with paused_collector():
        head = journal.head(conn)  # before anything is compared: a later act is then noticed
        profiles = saved_profiles(conn, entity.name, choices.profile)
        towns = matching.town_names(conn)
        found: list[SheetPlan] = []
        sheets = [s for s in book.content.sheets if s.name not in choices.left_out]
        for number, sheet in enumerate(sheets):
            _say(progress, number, len(sheets) + 1, f"识别“{sheet.name}”")
            planned = plan_sheet(
                entity,
                sheet,
                context,
                profiles=profiles,
                chosen=choices.columns.get(sheet.name),
                meanings=choices.meanings.get(sheet.name),
                towns=towns,
            )
            found += [] if planned is None else [planned]
        _say(progress, len(sheets), len(sheets) + 1, "与台账比较")
        compare(conn, registry, entity, found)
        return ImportPlan(entity, book.path.name, head, found, book.content.notes)


def _say(progress: Callable[[int, int, str], object] | None, done: int, total: int, text: str) -> None:
    if progress:
        progress(done, total, text)


def saved_profiles(conn: Connection, ledger: str, only: str | None = None) -> list[Profile]:
    """The mappings the clerk has agreed to before, the newest first."""
    profiles = [Profile.from_text(*row) for row in matching.saved_profiles(conn, ledger)]
    return profiles if only is None else [p for p in profiles if p.name == only]


def plan_as_json(plan: ImportPlan, applied: Applied | None) -> dict[str, Any]:
    """The document of the command line's contract (product.md)."""
    return {
        "act": applied.act if applied else None,
        "sheets": [_sheet_as_json(sheet) for sheet in plan.sheets],
        "counts": plan.counts(),
        "notes": [n.text for n in plan.notes],
    }


def _sheet_as_json(sheet: SheetPlan) -> dict[str, Any]:
    letters = {head.index: head.letter for head in sheet.heads}
    return {
        "name": sheet.name,
        "header_rows": list(sheet.header_rows),
        "mapping": {letters[index]: match.field.name for index, match in sheet.mapping.items()},
        "rows": [
            {
                "row": sheet.row_numbers[i],
                "outcome": sheet.outcomes[i],
                "values": sheet.row_values(i),
                "problems": [
                    {"field": p.field, "code": p.code, "text": p.text, "suggestion": p.suggestion}
                    for p in sheet.problems.get(i, ())
                ],
            }
            for i in range(len(sheet))
        ],
    }


def labels_of(entity: Entity, name: str) -> str:
    """The label of a field or of the field behind a stored column."""
    for each in entity.fields:
        if name == each.name or name in each.columns:
            return each.label
    return name
