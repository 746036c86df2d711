"""Rows that were not taken, back to the clerk: a copy of the own workbook with the doubtful cells red."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from ledger_app.core.errors import LedgerError, Problem
from ledger_app.export import rejects
from ledger_app.ingest.plan import ImportPlan, SheetPlan
from ledger_app.ingest.workbook import Sheet, read_workbook

_NOT_PATCHABLE: Final = frozenset({"xls", "xlsb", "not_a_workbook"})  # told by content, not by name
Remark = tuple[str, tuple[int, ...]]


def write_rejects(
    plan: ImportPlan,
    source: Path,
    out: Path,
    *,
    confirmed: Mapping[str, Collection[int]] | None = None,
    accept_suggestions: bool = False,
    progress: Callable[[int, int, str], object] | None = None,
) -> Path:
    """Write the clerk's workbook `source` as `out`, with the reason behind every row of the plan that stays
    out; returns where it was written (an .xlsx in any case).

    `confirmed` and `accept_suggestions` say which doubtful rows were taken, as for `apply_import`. Rows
    already taken stay in the copy: imported again they are the same. LedgerError where no row stays out.
    """
    remarks = {}
    for sheet in plan.sheets:
        agreed = set((confirmed or {}).get(sheet.name, ()))
        found = dict(_remarks(sheet, agreed, accept=accept_suggestions))
        if found:
            remarks[sheet.name] = found
    if not remarks:
        raise LedgerError("没有要退回的行：这个表的每一行都已导入或与台账相同。", "nothing_rejected")
    if progress:
        progress(0, 0, f"写出 {out.name}")
    heads = {sheet.name: sheet.header_rows[1] for sheet in plan.sheets}
    try:
        return rejects.write_rejects(source, out, remarks, heads=heads)
    except LedgerError as error:
        if error.code not in _NOT_PATCHABLE:
            raise
    rows = {sheet.name: _rows(sheet) for sheet in read_workbook(source).sheets}
    return rejects.write_rejects(source, out, remarks, rows, heads=heads)


def _remarks(sheet: SheetPlan, agreed: Collection[int], *, accept: bool) -> Iterator[tuple[int, Remark]]:
    """Excel row → its reason and the columns of its doubtful cells."""
    columns = {match.field.name: index for index, match in sheet.mapping.items()}
    for i, outcome in enumerate(sheet.outcomes):
        taken = outcome == "needs_confirmation" and (i in agreed or (accept and sheet.acceptable(i)))
        if outcome in ("refused", "needs_confirmation") and not taken:
            wrong = [p for p in sheet.problems.get(i, ()) if p.severity != "info"]
            cells = {columns[name] for p in wrong for name in _fields(p) if name in columns}
            yield sheet.row_numbers[i], (said(wrong), tuple(sorted(cells)))


def _fields(problem: Problem) -> Sequence[str]:
    return list(problem.suggestion) if isinstance(problem.suggestion, dict) else [problem.field]


def said(problems: Sequence[Problem]) -> str:
    """The sentences of several problems, each once."""
    return "".join(dict.fromkeys(p.text for p in problems)) or "没有导入。"


def _rows(sheet: Sheet) -> list[list[Any]]:
    return [*([] for _ in range(sheet.first_row)), *sheet.rows]
