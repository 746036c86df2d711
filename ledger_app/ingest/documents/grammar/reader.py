"""Takes ranges of the stream as values and keeps account of what was taken, so that nothing is lost."""

from __future__ import annotations

from bisect import bisect_left

from ledger_app.ingest.documents.grammar.anchor import Anchor
from ledger_app.ingest.documents.grammar.foreign import foreign_ranges
from ledger_app.ingest.documents.rejoin import Stream
from ledger_app.ingest.documents.result import Found, LeftOver, Place

_LEADING = "：:、，,；;。. "
DOUBTFUL = "这一项没有标题，是按位置猜的，请核对。"


class Reader:
    """The stream, its anchors, and the account of the characters that values and structure took."""

    def __init__(self, stream: Stream, anchors: list[Anchor]) -> None:
        self.stream = stream
        self.anchors = anchors
        self.starts = [anchor.start for anchor in anchors]
        self._foreign = [start for start, _ in foreign_ranges(stream, anchors)]
        self._taken: list[tuple[int, int]] = []
        self._form: list[tuple[int, int]] = []

    def take(self, start: int, end: int) -> None:
        """Note that a value took this range."""
        if end > start:
            self._taken.append((start, end))

    def take_form(self, start: int, end: int) -> None:
        """Note that this range is a label or a number, which is the form and no value."""
        self.take(start, end)
        self._form.append((start, end))

    def form(self) -> list[Place]:
        """The places of labels and numbers, in order."""
        places = [place for start, end in self._form for place in self.stream.places(start, end)]
        return sorted(places, key=lambda place: place.start)

    def text(self, start: int, end: int) -> str:
        return self.stream.text[start:end]

    def trimmed(self, start: int, end: int) -> tuple[int, int]:
        """The range without stray punctuation at its start, blanks at its end, or text of another article."""
        index = bisect_left(self._foreign, start)
        if index < len(self._foreign):
            end = max(start, min(end, self._foreign[index]))
        while start < end and self.stream.text[start] in _LEADING:
            start += 1
        while end > start and self.stream.text[end - 1] == " ":
            end -= 1
        return start, end

    def found(self, start: int, end: int, confidence: float = 1.0, doubt: str = "") -> Found[str] | None:
        """The range as a value, or None if nothing is in it."""
        start, end = self.trimmed(start, end)
        if start == end:
            return None
        self.take(start, end)
        return Found(self.text(start, end), self.stream.places(start, end), confidence, doubt)

    def between(self, start: int, end: int) -> list[Anchor]:
        """The anchors that start in a range."""
        return self.anchors[bisect_left(self.starts, start) : bisect_left(self.starts, end)]

    def left_over(self) -> list[LeftOver]:
        """Every stretch that nothing took, and what was removed as belonging to the page, in order."""
        source = self.stream.source.text
        rest = [
            LeftOver(source[start:end].strip(), Place(start, end), "artefact")
            for start, end in self.stream.removed
        ]
        rest += [LeftOver(words, Place(at, at), "unread") for at, words in self.stream.source.remarks]
        for start, end in self._gaps():
            for first, last in self._stretches(start, end):
                places = self.stream.places(first, last)
                whole = Place(min(one.start for one in places), max(one.end for one in places))
                rest.append(LeftOver(self.text(first, last), whole, "unplaced"))
        return sorted(rest, key=lambda one: one.place.start)

    def _gaps(self) -> list[tuple[int, int]]:
        gaps, reached = [], 0
        for start, end in sorted(self._taken):
            if start > reached:
                gaps.append((reached, start))
            reached = max(reached, end)
        if reached < len(self.stream.text):
            gaps.append((reached, len(self.stream.text)))
        return gaps

    def _stretches(self, start: int, end: int) -> list[tuple[int, int]]:
        """A gap by its paragraphs; a full stop left behind by a value is no text."""
        stretches = self.stream.paragraphs(start, end)
        return [(a, b) for a, b in stretches if any(c.isalnum() for c in self.text(a, b))]
