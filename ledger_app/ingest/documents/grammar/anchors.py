"""Where the structure of a text shows: its labels and its numbers, in their order."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right

from ledger_app.ingest.documents import numbering
from ledger_app.ingest.documents.fields import status
from ledger_app.ingest.documents.grammar.anchor import STOP, Anchor
from ledger_app.ingest.documents.grammar.foreign import foreign_ranges
from ledger_app.ingest.documents.grammar.label_anchors import find_labels
from ledger_app.ingest.documents.labels import Label
from ledger_app.ingest.documents.rejoin import Stream

_NEXT_ORDINAL = re.compile(r"[，,、](?=[二三四五六七八九十]{1,2}是)")


def find_anchors(stream: Stream) -> list[Anchor]:
    """Every label and number of the text, in order of place, without those of other articles."""
    anchors = _all_anchors(stream)
    foreign = foreign_ranges(stream, anchors)
    starts = [start for start, _ in foreign]
    return [anchor for anchor in anchors if not _within(foreign, starts, anchor.start)]


def _within(ranges: list[tuple[int, int]], starts: list[int], position: int) -> bool:
    index = bisect_right(starts, position) - 1
    return index >= 0 and position < ranges[index][1]


def _all_anchors(stream: Stream) -> list[Anchor]:
    labelled = find_labels(stream)
    taken = {anchor.start for anchor in labelled if anchor.end > anchor.start}
    spans = [(anchor.start, anchor.end) for anchor in labelled]
    inside = sum(1 for anchor in labelled if not anchor.line)
    markers = _markers(stream, run_on=inside > len(labelled) - inside)
    found = labelled + [anchor for anchor in markers if anchor.start not in taken]
    found.sort(key=lambda anchor: (anchor.start, anchor.label is None, anchor.end))
    return _with_claims(stream, _below_title(stream, _apart(found, spans)))


def _below_title(stream: Stream, found: list[Anchor]) -> list[Anchor]:
    """某市整改任务完成情况 at the head of a text is its title, not a label, where labels follow."""
    count = 0
    while count < len(found) and _like_title(stream, found[count]):
        count += 1
    return found[count:] if any(anchor.label for anchor in found[count:]) else found


def _like_title(stream: Stream, anchor: Anchor) -> bool:
    in_cell = stream.pieces[stream.piece_at(anchor.start)].line.cell
    return anchor.field == "progress" and anchor.bare and anchor.marker is None and not in_cell


def _apart(found: list[Anchor], spans: list[tuple[int, int]]) -> list[Anchor]:
    """Without the numbers that stand inside a label, such as the 四、 of 四、整改措施."""
    inside: set[int] = set()
    for start, end in spans:
        inside.update(range(start, end))
    return [anchor for anchor in found if anchor.label is not None or anchor.start not in inside]


# Numbers


def _markers(stream: Stream, *, run_on: bool) -> list[Anchor]:
    """Numbers at line starts, and behind a stop inside a line. In a text whose line ends are lost
    (`run_on`) every number behind a stop or a blank counts as if it began a line."""
    found: list[Anchor] = []
    for piece in stream.pieces:
        found += _chain(stream, piece.start, piece.end, line=True)
    begun = {piece.start for piece in stream.pieces}
    inside = {stop.end() for stop in STOP.finditer(stream.text)} | (stream.spaced if run_on else set())
    inside |= {comma.end() for comma in _NEXT_ORDINAL.finditer(stream.text)}
    for position in sorted(inside - begun):
        found += _chain(stream, position, min(position + 24, len(stream.text)), line=run_on)
    return found


def _chain(stream: Stream, start: int, end: int, *, line: bool) -> list[Anchor]:
    marker = numbering.marker_at(stream.text, start, end, spaced=_spaced_after(stream, start))
    return [] if marker is None else [Anchor(start, marker.end, marker, line=line)]


def _spaced_after(stream: Stream, start: int) -> bool:
    return any(spot in stream.spaced for spot in range(start + 2, start + 5))


# Sentences that take the place of a label


def _with_claims(stream: Stream, anchors: list[Anchor]) -> list[Anchor]:
    """A numbered problem may be followed by 该问题已完成整改。 in place of a label."""
    starts = [anchor.start for anchor in anchors]
    result = list(anchors)
    taken = set(starts)
    for index, piece in enumerate(stream.pieces):
        if piece.start in taken or not stream.breaks_before(index):
            continue
        claim = status.claim_in(stream.text[piece.start : min(piece.end, piece.start + 60)])
        if claim is not None and _follows_number(anchors, starts, piece.start):
            result.append(
                Anchor(piece.start, piece.start, None, Label(piece.start, "progress", ""), sure=0.75)
            )
    result.sort(key=lambda anchor: (anchor.start, anchor.label is None))
    return result


def _follows_number(anchors: list[Anchor], starts: list[int], position: int) -> bool:
    index = bisect_left(starts, position) - 1
    while index >= 0 and not anchors[index].line:
        index -= 1
    return index >= 0 and anchors[index].is_marker()
