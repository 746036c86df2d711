"""Cells of invented county workbooks and what each has to be read as: tests/data/cells.json.

An entry is [kind, raw, value, code]: `raw` as a spreadsheet hands it over ({"day": …} for a date cell),
`code` of the doubt or the refusal, null where the cell is plain.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from ledger_app.core.errors import Reading

TODAY = date(2025, 9, 30)
_CELLS = Path(__file__).parents[1] / "data" / "cells.json"


def cells(kind: str) -> list[tuple[list[Any], Any, Any, str | None]]:
    """Every cell of a kind: its further settings, raw, value, code."""
    rows = json.loads(_CELLS.read_text(encoding="utf-8"))
    return [(row[0][1:], _raw(row[1]), row[2], row[3]) for row in rows if row[0][0] == kind]


def _raw(raw: Any) -> Any:
    return date.fromisoformat(raw["day"]) if isinstance(raw, dict) else raw


def outcome(reading: Reading) -> tuple[Any, str | None]:
    """Value and code of a reading; a remark that changes nothing is left out."""
    problem = reading.problem
    return reading.value, problem.code if problem and problem.severity != "info" else None


def sentence(reading: Reading) -> str:
    assert reading.problem is not None
    return reading.problem.text
