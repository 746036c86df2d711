"""Columns that hold two fields (经纬度, 有效期起止), and fields spread over columns (度, 分, 秒)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ledger_app.core import coordinates, dates
from ledger_app.core.entity import Entity
from ledger_app.core.fields import Coordinate, Date, Field
from ledger_app.ingest.mapping import EXACT, ColumnHead, Match

Split = Callable[[str], tuple[str, str] | None]
Cells = Callable[[int], Sequence[Any]]

SHARE: Final = 0.6  # of the filled cells hold both
FEWEST: Final = 2  # such cells, where the heading says nothing
SAMPLE: Final = 200
_SIGNS: Final = (("度", "°"), ("分", "′", "'"), ("秒", "″", '"'))


@dataclass(frozen=True, slots=True)
class Joint:
    """A column that holds `first` and `second`."""

    index: int
    first: Field
    second: Field
    split: Split

    def columns(self, cells: Sequence[Any]) -> tuple[list[Any], list[Any]]:
        """The cells of either field; a cell that holds one thing only stays with the first."""
        found = {c: self.split(c) if isinstance(c, str) else None for c in set(cells)}
        pairs = [found[c] or (c, None) for c in cells]
        return [a for a, _ in pairs], [b for _, b in pairs]


def joint_columns(
    entity: Entity, matches: Mapping[int, Match], free: Sequence[ColumnHead], cells_of: Cells
) -> list[Joint]:
    """Columns, taken for one of two fields or for none (`free`), in which most cells hold both."""
    at = {match.field.name: index for index, match in matches.items()}
    unmatched = [head.index for head in free if head.index not in matches]
    found: list[Joint] = []
    for first, second, split in _pairs(entity):
        named = [at[f.name] for f in (first, second) if f.name in at]
        if len(named) == 2:
            continue
        fitting = [i for i in named or unmatched if _holds_both(cells_of(i), split, 1 if named else FEWEST)]
        if len(fitting) == 1 and fitting[0] not in [joint.index for joint in found]:
            found.append(Joint(fitting[0], first, second, split))
    return found


def _pairs(entity: Entity) -> Iterator[tuple[Field, Field, Split]]:
    axes = {f.axis: f for f in entity.fields if isinstance(f, Coordinate)}
    if len(axes) == 2:
        yield axes["longitude"], axes["latitude"], coordinates.split_pair
    for field in entity.fields:
        if isinstance(field, Date) and field.until:
            yield field, entity.field(field.until), dates.split_range


def _holds_both(cells: Sequence[Any], split: Split, fewest: int) -> bool:
    filled = [c for c in cells[:SAMPLE] if c not in (None, "")]
    both = sum(isinstance(c, str) and split(c) is not None for c in filled)
    return both >= max(fewest, SHARE * len(filled))


def as_matches(joints: Sequence[Joint], matches: Mapping[int, Match]) -> dict[int, Match]:
    """A joint column goes by its first field."""
    return {
        j.index: Match(j.first, matches[j.index].score if j.index in matches else EXACT, None) for j in joints
    }


def degrees_apart(heads: Sequence[ColumnHead], matches: Mapping[int, Match]) -> dict[int, list[int]]:
    """Column of the degrees → the columns of minutes and seconds beside it, under one heading."""
    by_index = {head.index: head for head in heads}
    found: dict[int, list[int]] = {}
    for index, match in matches.items():
        if (
            isinstance(match.field, Coordinate)
            and len(by_index[index].path) > 1
            and _is_sign(by_index[index], 0)
        ):
            beside = [
                index + n
                for n in (1, 2)
                if (head := by_index.get(index + n))
                and _is_sign(head, n)
                and head.path[:-1] in ((), by_index[index].path[:-1])
            ]
            if beside:
                found[index] = beside
    return found


def _is_sign(head: ColumnHead, place: int) -> bool:
    return bool(head.path) and head.path[-1].strip(" （）()") in _SIGNS[place]


def joined_degrees(parts: Sequence[Sequence[Any]]) -> list[str | None]:
    """108 | 29 | 5.44 → 108°29′5.44″; None where the degrees are blank."""
    return [_joined(row) for row in zip(*parts, strict=True)]


def _joined(row: Sequence[Any]) -> str | None:
    texts = [str(int(c)) if isinstance(c, float) and c.is_integer() else str(c or "").strip() for c in row]
    if not texts[0]:
        return None
    return "".join(f"{text or 0}{sign}" for text, sign in zip(texts, "°′″", strict=False))
