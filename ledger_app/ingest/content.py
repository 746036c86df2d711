"""Columns whose heading says nothing known are recognised by what stands in them.

Only what has a shape of its own is recognised: words of a closed list, people's numbers, permit numbers,
coordinates. Free text and plain quantities are left to the clerk.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from ledger_app.core.characters import half_width
from ledger_app.core.entity import Entity
from ledger_app.core.fields import (
    Choice,
    Coordinate,
    CreditCode,
    Field,
    IdNumber,
    PermitNumber,
    PermitRef,
    Phone,
    ReadContext,
)
from ledger_app.ingest.mapping import ColumnHead, Match

BY_CONTENT: Final = 80.0  # the score of such a match: below every match by heading
SHARE: Final = 0.8  # of the filled cells must fit
FEWEST: Final = 3  # filled cells below which nothing is concluded
SAMPLE: Final = 200
_SHAPES: Final[tuple[tuple[type[Field], re.Pattern[str]], ...]] = (
    (IdNumber, re.compile(r"[1-9]\d{16}[\dXx]")),
    (CreditCode, re.compile(r"[159NYny][0-9A-Za-z]{17}")),
    (Phone, re.compile(r"1[3-9]\d{9}")),
    (PermitNumber, re.compile(r"[A-Da-d]\d{6}[GSgs]\d{4}[-－—]\d{4,5}")),
    (PermitRef, re.compile(r"[A-Da-d]\d{6}[GSgs]\d{4}[-－—]\d{4,5}")),
)


def recognise(
    entity: Entity,
    heads: Sequence[ColumnHead],
    matches: Mapping[int, Match],
    cells_of: Callable[[int], Sequence[Any]],
    context: ReadContext,
) -> dict[int, Match]:
    """Further matches for columns without one; a field that two columns would fit is left alone."""
    taken = {match.field.name for match in matches.values()}
    free = [head for head in heads if head.index not in matches]
    fields = [f for f in entity.fields if f.name not in taken and _has_shape(f)]
    fits: dict[str, list[int]] = {}
    for head in free if fields else ():
        cells = [c for c in cells_of(head.index)[:SAMPLE] if c not in (None, "")]
        fitting = [f for f in fields if _fits(f, cells, context)]
        if len(fitting) == 1:
            fits.setdefault(fitting[0].name, []).append(head.index)
    return {
        indexes[0]: Match(entity.field(name), BY_CONTENT, None)
        for name, indexes in fits.items()
        if len(indexes) == 1
    }


def _has_shape(field: Field) -> bool:
    return isinstance(field, Choice | Coordinate) or any(type(field) is kind for kind, _ in _SHAPES)


def _fits(field: Field, cells: Sequence[Any], context: ReadContext) -> bool:
    filled = [c for c in cells if not field.blank(c)]
    if len(filled) < FEWEST or len(filled) < len(cells) / 4:
        return False
    return sum(_fits_one(field, c, context) for c in filled) >= SHARE * len(filled)


def _fits_one(field: Field, cell: Any, context: ReadContext) -> bool:
    if isinstance(field, Choice):
        return isinstance(cell, str) and field.vocabulary(context).find(cell) is not None
    text = str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell).strip()
    if isinstance(field, Coordinate):
        return _is_degrees(field, text, context)
    return any(type(field) is kind and shape.fullmatch(text.replace(" ", "")) for kind, shape in _SHAPES)


def _is_degrees(field: Coordinate, text: str, context: ReadContext) -> bool:
    """Degrees of China written with a fraction; whole numbers of that size may be anything."""
    if text.isdigit():
        return False
    reading = field.read(text, context)
    low, high = (73, 136) if field.axis == "longitude" else (3, 54)
    text = half_width(text)
    several = len(re.findall(r"\d+", text)) > 1
    precise = len(text.rpartition(".")[2]) >= 4 or not text.replace(".", "").isdigit()
    return several and precise and reading.value is not None and low <= reading.value <= high
