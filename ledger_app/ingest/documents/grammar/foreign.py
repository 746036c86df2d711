"""Other articles between the paragraphs of a page."""

from __future__ import annotations

from bisect import bisect_left

from ledger_app.ingest.documents.artefacts import FOREIGN, SQUARE
from ledger_app.ingest.documents.grammar.anchor import Anchor
from ledger_app.ingest.documents.rejoin import TERMINAL, Stream


def foreign_ranges(stream: Stream, anchors: list[Anchor]) -> list[tuple[int, int]]:
    """Text of other articles between the paragraphs: from a line that opens as one does to the next label
    or number at the start of a line."""
    stops = [anchor.start for anchor in anchors if anchor.line] + [len(stream.text)]
    begun = set(stops)
    ranges: list[tuple[int, int]] = []
    for index, piece in enumerate(stream.pieces):
        opening = stream.text[piece.start : min(piece.end, piece.start + 40)]
        if FOREIGN.match(opening) or (stream.wrap and SQUARE.match(opening)):
            start = stream.pieces[_headline(stream, index, begun)].start
            if start and stream.text[start - 1] in TERMINAL:
                ranges.append((start, stops[bisect_left(stops, piece.start)]))
    return [(start, end) for start, end in ranges if start < end]


def _headline(stream: Stream, index: int, begun: set[int]) -> int:
    """The first of the short lines right above an article: its headline."""
    first = index
    while first > max(0, index - 3):
        above = stream.pieces[first - 1]
        if above.start in begun or stream.is_full(above) or stream.text[above.end - 1] in TERMINAL:
            break
        first -= 1
    return first
