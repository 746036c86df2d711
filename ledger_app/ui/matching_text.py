"""Which part of a cell a search has matched: the piece itself, or the characters its initials stand for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Final

from ledger_app.core.characters import half_width
from ledger_app.db.queries import spelling
from ledger_app.ui.places import PageContext

Span = tuple[int, int]
KEPT: Final = 4096  # cells remembered


class Matching:
    """Makes, for what is searched, a function that says which spans of a cell's text match."""

    def __init__(self, context: PageContext) -> None:
        self._context = context

    def spans(self, search: str) -> Callable[[str], tuple[Span, ...]]:
        words = [fold(word) for word in search.split()]

        @lru_cache(maxsize=KEPT)
        def of(text: str) -> tuple[Span, ...]:
            return tuple(span for word in words for span in self._matches(word, text))

        return of

    def _matches(self, word: str, text: str) -> Iterator[Span]:
        at = fold(text).find(word)
        if at >= 0:
            yield at, at + len(word)
        elif word.isascii() and not text.isascii():
            yield from self._by_initials(word, text)

    def _by_initials(self, word: str, text: str) -> Iterator[Span]:
        """A cell may hold a name and a number: 大圣村 0007."""
        conn = self._context.workspace.screen
        for part in dict.fromkeys((text, text.partition(" ")[0])):
            for spelt in spelling.initials(conn, part):
                at = spelt.find(word) if len(spelt) == len(part) else -1
                if at >= 0:
                    yield at, at + len(word)
                    return


def fold(text: str) -> str:
    """One width and one case; a character stays a character."""
    folded = half_width(text).casefold()
    return folded if len(folded) == len(text) else text.lower()
