"""A given form filled in place: the cells of a plan set, rows put in where a block is short, all else kept.

The contract (docs/decisions/filling-forms.md): filling nothing copies the file byte for byte;
setting a cell no formula depends on changes one part; otherwise only what must follow changes with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ledger_app.core.errors import LedgerError
from ledger_app.export.files import atomic_write
from ledger_app.export.xlsx.book import read_book
from ledger_app.export.xlsx.package import damage_is_a_sentence, open_package
from ledger_app.export.xlsx.plan import Block, Plan, SheetPlan, parse_plan
from ledger_app.export.xlsx.report import describe
from ledger_app.export.xlsx.result import FillResult, Note
from ledger_app.export.xlsx.work import Work
from ledger_app.export.xlsx.zipcopy import copy_package, write_package

__all__ = ["Block", "FillResult", "Note", "Plan", "SheetPlan", "fill_cells"]


def fill_cells(template: Path, plan: Mapping[str, Any] | Plan, out: Path) -> FillResult:
    """Fill `template` by `plan` into `out` (written whole or not at all); the template is only read.

    `plan` is PLAN.json as read, or a Plan: {"sheets": {name: {"cells": {"B3": value}, "blocks":
    [{"first_row", "blank_rows", "columns": ["A", …], "rows": [[value, …], …]}]}}}. None leaves a cell,
    "" clears it, text stays text, {"date": "2025-09-30"} is a date where the cell's format shows one and
    that text elsewhere. A block's `continue_text: false` keeps texts too long for a row in one cell.
    LedgerError with a Chinese sentence when nothing was written.
    """
    parsed = parse_plan(plan)
    if out.exists() and template.exists() and out.samefile(template):
        raise LedgerError("填好的表不能存成原表自己，请换一个文件名。", "same_file")
    with damage_is_a_sentence(), open_package(template) as package:
        work = Work(read_book(package), parsed)
        work.prepare()
        with atomic_write(out) as file:
            if not work.changed and not work.removed:
                copy_package(package, file)
            else:
                write_package(package, work.changed, work.removed, file)
        return describe(work, out)
