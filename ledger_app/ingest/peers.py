"""A figure against its own column: 3000 typed where 万m³ are wanted is no sum a fixed range can doubt."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from ledger_app.core.errors import Problem
from ledger_app.core.fields import Number

FAR: Final = 300.0  # times the column's usual figure: from there on a slip of ten thousand is the likelier
ALIKE: Final = 30.0  # times the usual figure that four fifths of a column must keep to, for it to be usual
FEWEST: Final = 8
SAMPLE: Final = 1000


def column_slips(field: Number, values: Sequence[Any]) -> Iterator[tuple[int, Problem]]:
    """Rows whose figure is far from all the others and near them in the other unit."""
    typical = _typical(values) if field.has_other_unit else None
    if typical is None:
        return
    low, high = typical / FAR, typical * FAR
    filled = [v for v in values if v] if None in values else values
    if low < min(filled) and max(filled) < high:  # nearly every column: told in one look
        return
    for i in [i for i, value in enumerate(values) if value and not low < value < high]:
        if problem := field.other_unit(values[i], typical):
            yield i, problem


def _typical(values: Sequence[Any]) -> float | None:
    """The middle figure of a column of like figures."""
    filled = sorted(v for v in values[:: max(1, len(values) // SAMPLE)] if v and v > 0)
    if len(filled) < FEWEST:
        return None
    middle = filled[len(filled) // 2]
    tenth = len(filled) // 10
    alike = filled[tenth] * ALIKE >= middle and filled[-1 - tenth] <= middle * ALIKE
    return float(middle) if alike else None
