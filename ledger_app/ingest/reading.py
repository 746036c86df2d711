"""Raw columns → values and problems: each distinct cell of a column is read once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from ledger_app.core.entity import Entity
from ledger_app.core.errors import Problem, Reading
from ledger_app.core.fields import Field, Number, ReadContext
from ledger_app.ingest.mapping import Match
from ledger_app.ingest.peers import column_slips

Problems = dict[int, list[Problem]]
NOTHING: Final = Reading(None)
EMPTY: Final = frozenset({None, ""})
SAMPLE: Final = 1000
AT_ONCE: Final = 20_000

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
        values[name], doubtful = _read_column(field, cells, own, meanings)
        if doubtful:
            for i, cell in enumerate(cells):
                if problem := doubtful.get(cell):
                    problems.setdefault(i, []).append(problem)
        if isinstance(field, Number):
            _beside_the_column(field, values[name], problems)
    _missing(entity, values, raws, problems)
    _across_fields(entity, values, context, problems)
    return values, problems


def _read_column(
    field: Field, cells: Sequence[Any], context: ReadContext, meanings: Mapping[tuple[str, str], str]
) -> tuple[list[Any], dict[Any, Problem]]:
    """The values of a column, and the cells that are doubtful with what is wrong with them."""
    if not meanings and _mostly_differ(cells) and _stand(field, cells, context):
        return list(cells), {}
    distinct = set(cells)
    if not meanings and field.as_it_stands(distinct - EMPTY, context):
        empty = distinct & EMPTY
        return [None if c in EMPTY else c for c in cells] if empty else list(cells), {}
    readings = {raw: _reading(field, raw, context, meanings) for raw in distinct}
    values = {raw: reading.value for raw, reading in readings.items()}
    doubtful = {raw: r.problem.on(field.name) for raw, r in readings.items() if r.problem}
    if all(type(raw) is type(value) and raw == value for raw, value in values.items()):
        return list(cells), doubtful
    return list(map(values.__getitem__, cells)), doubtful


def _beside_the_column(field: Number, values: list[Any], problems: Problems) -> None:
    """Figures in another unit than all the others; what is doubtful already stays as it is."""
    for i, problem in list(column_slips(field, values)):
        if all(p.field != field.name or p.severity == "info" for p in problems.get(i, ())):
            problems.setdefault(i, []).append(problem.on(field.name))
            values[i] = problem.suggestion


def _stand(field: Field, cells: Sequence[Any], context: ReadContext) -> bool:
    """Some thousands at a time: one look holds up every other thread, the window's too."""
    parts = (cells[start : start + AT_ONCE] for start in range(0, len(cells), AT_ONCE))
    return all(field.as_it_stands(part, context) for part in parts)


def _mostly_differ(cells: Sequence[Any]) -> bool:
    """Whether picking out the distinct cells would cost more than it saves, by a sample of them."""
    sample = cells[:: max(1, len(cells) // SAMPLE)]
    return len(set(sample)) * 2 > len(sample)


def _reading(
    field: Field, raw: Any, context: ReadContext, meanings: Mapping[tuple[str, str], str]
) -> Reading:
    if field.blank(raw):
        return NOTHING
    if meanings and (field.name, str(raw).strip()) in meanings:
        return Reading(meanings[field.name, str(raw).strip()])
    return field.read(raw, context)


def _missing(
    entity: Entity, values: dict[str, list[Any]], raws: Mapping[str, Sequence[Any]], problems: Problems
) -> None:
    for field in entity.fields:
        if not field.required or None not in values.get(field.name, ()):
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
