"""Raw columns → values and problems: each distinct cell of a column is read once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from ledger_app.core.entity import Entity
from ledger_app.core.errors import Problem, Reading
from ledger_app.core.fields import Field, ReadContext
from ledger_app.ingest.mapping import Match

Problems = dict[int, list[Problem]]
NOTHING: Final = Reading(None)

REQUIRED: Final = "required_missing"


def read_columns(
    entity: Entity,
    raws: Mapping[str, Sequence[Any]],
    matches: Mapping[str, Match],
    context: ReadContext,
    meanings: Mapping[tuple[str, str], str],
) -> tuple[dict[str, list[Any]], Problems]:
    """Values by field name and problems by row index.

    `meanings` (field name, word) → value are the clerk's answers for words that are ambiguous.
    """
    values: dict[str, list[Any]] = {}
    problems: Problems = {}
    for name, cells in raws.items():
        field = entity.field(name)
        own = replace(context, unit=matches[name].unit if name in matches else None)
        readings = _readings(field, cells, own, meanings)
        values[name] = [readings[c].value for c in cells]
        doubtful = {c: r.problem.on(name) for c, r in readings.items() if r.problem}
        if doubtful:
            for i, cell in enumerate(cells):
                if problem := doubtful.get(cell):
                    problems.setdefault(i, []).append(problem)
    _missing(entity, values, raws, problems)
    _across_fields(entity, values, context, problems)
    return values, problems


def _readings(
    field: Field, cells: Sequence[Any], context: ReadContext, meanings: Mapping[tuple[str, str], str]
) -> dict[Any, Reading]:
    readings: dict[Any, Reading] = {}
    for raw in dict.fromkeys(cells):
        if field.blank(raw):
            readings[raw] = NOTHING
        elif (field.name, str(raw).strip()) in meanings:
            readings[raw] = Reading(meanings[field.name, str(raw).strip()])
        else:
            readings[raw] = field.read(raw, context)
    return readings


def _missing(
    entity: Entity, values: dict[str, list[Any]], raws: Mapping[str, Sequence[Any]], problems: Problems
) -> None:
    for field in entity.fields:
        if not field.required or field.name not in values:
            continue
        for i, (value, raw) in enumerate(zip(values[field.name], raws[field.name], strict=True)):
            if value is None and (field.blank(raw) or (field.name in entity.key and i not in problems)):
                text = f"{field.label}没有填，认不出是哪条记录。"
                problems.setdefault(i, []).append(Problem(REQUIRED, text, field=field.name))


def _across_fields(
    entity: Entity, values: dict[str, list[Any]], context: ReadContext, problems: Problems
) -> None:
    """The declared checks; what they refuse becomes empty, what they suggest is taken."""
    found = list(entity.check(values, context))
    for i, problem in found:
        problems.setdefault(i, []).append(problem)
        if problem.severity == "info":
            continue
        suggested = problem.suggestion
        if isinstance(suggested, dict):
            for name, value in suggested.items():
                values[name][i] = value
        elif problem.severity == "refuse" or suggested is not None:
            values[problem.field][i] = suggested
