"""Rectification tasks as documents tell of them: which state a status means, which task is which."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Final

from ledger_app.core.terms import RECTIFICATION_STATUS, fold

_LONG_TERM: Final = re.compile(r"(?:并|[，,、；;])?(?:长期|持续)坚持$")
_PARTS: Final = re.compile(r"[，,、；;（）()]|并(?!且)|和")
_ALIKE: Final = 0.6  # share of equal text from which two problems under one number are one, corrected
_COMPARED: Final = 600  # characters


def status_of(text: str) -> str | None:
    """The state of the vocabulary a status as printed means; of several said together the furthest one.

    None where the words are not known: 基本完成整改 is neither done nor not.
    """
    said = text.strip().rstrip("。.;；")
    if known := RECTIFICATION_STATUS.find(said):
        return known
    without = _LONG_TERM.sub("", said)
    parts = [RECTIFICATION_STATUS.find(part) for part in _PARTS.split(without) if part]
    if not parts or None in parts:
        return None
    order = RECTIFICATION_STATUS.values
    return max((p for p in parts if p), key=order.index)


@dataclass(frozen=True, slots=True)
class Told:
    """What a task or measure is recognised by: `mark` is its number as printed, `place` the headings above
    a task, `text` the problem or the measure."""

    mark: str | None
    text: str | None
    place: str | None = None


Key = Callable[[Told], tuple[Any, ...] | None]


def match(new: Sequence[Told], held: Sequence[Told], *, loose: bool = False) -> list[int | None]:
    """For each that was read the index of the one the ledger holds, each held one taken once.

    First by everything, then by text and number, then by text alone; a number in its place alone is enough
    only where the texts are alike (a document that was put right, not one with another list), or where
    `loose` says that both lists are of one task.
    """
    found: list[int | None] = [None] * len(new)
    free = dict.fromkeys(range(len(held)))
    for key in (_whole, _text_and_mark, _text):
        _take(new, held, key, found, free)
    _take(new, held, _mark_only if loose else _place, found, free, None if loose else _alike)
    return found


def _take(
    new: Sequence[Told],
    held: Sequence[Told],
    key: Key,
    found: list[int | None],
    free: dict[int, None],
    agree: Callable[[Told, Told], bool] | None = None,
) -> None:
    by_key: dict[Any, list[int]] = {}
    for index in free:
        if (own := key(held[index])) is not None:
            by_key.setdefault(own, []).append(index)
    for place, told in enumerate(new):
        if found[place] is not None or (own := key(told)) is None:
            continue
        fitting = (i for i in by_key.get(own, ()) if i in free and (not agree or agree(told, held[i])))
        if (taken := next(fitting, None)) is not None:
            found[place] = taken
            del free[taken]


def _whole(told: Told) -> tuple[Any, ...] | None:
    return (_folded(told.text), _folded(told.mark), _folded(told.place)) if told.text else None


def _text_and_mark(told: Told) -> tuple[Any, ...] | None:
    return (_folded(told.text), _folded(told.mark)) if told.text else None


def _text(told: Told) -> tuple[Any, ...] | None:
    return (_folded(told.text),) if told.text else None


def _place(told: Told) -> tuple[Any, ...] | None:
    return (_folded(told.mark), _folded(told.place)) if told.mark else None


def _mark_only(told: Told) -> tuple[Any, ...] | None:
    return (_folded(told.mark),)


def _alike(one: Told, other: Told) -> bool:
    if not one.text or not other.text:
        return True
    first, second = _folded(one.text)[:_COMPARED], _folded(other.text)[:_COMPARED]
    return SequenceMatcher(None, first, second, autojunk=False).ratio() >= _ALIKE


def _folded(text: str | None) -> str:
    return fold(text or "")
