"""Takes ranges of the stream as values and keeps account of what was taken, so that nothing is lost."""

from __future__ import annotations

from bisect import bisect_left

from ledger_app.ingest.documents.grammar.anchors import Anchor
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
        self._taken: list[tuple[int, int]] = []

    def take(self, start: int, end: int) -> None:
        if end > start:
            self._taken.append((start, end))

    def text(self, start: int, end: int) -> str:
        return self.stream.text[start:end]

    def trimmed(self, start: int, end: int) -> tuple[int, int]:
        """The range without stray punctuation at its start and blanks at its end."""
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
            LeftOver(source[start:end].strip(), Place(start, end), "artefact") for start, end in self.stream.removed
        ]
        for start, end in self._gaps():
            for first, last in self._stretches(start, end):
                places = self.stream.places(first, last)
                rest.append(LeftOver(self.text(first, last), Place(places[0].start, places[-1].end), "unplaced"))
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
