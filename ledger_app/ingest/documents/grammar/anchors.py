"""Where the structure of a text shows: its labels and its numbers, in their order."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ledger_app.ingest.documents import labels, numbering
from ledger_app.ingest.documents.artefacts import CLOSING, FOREIGN
from ledger_app.ingest.documents.fields import status
from ledger_app.ingest.documents.labels import Label
from ledger_app.ingest.documents.numbering import Marker
from ledger_app.ingest.documents.rejoin import Stream

_COLON = re.compile(r"[：:﹕∶]")
_STOP = re.compile(r"[。；！？;!?：:﹕∶）)】”」』][”’）)】]?")
_LAST_BRACKET = re.compile(r"[（(][^（()）]{1,24}[）)]$")
# Words in front of 责任单位 that make it part of a sentence: 各责任单位：, 明确整改目标：
_PROSE = "各的由与和及为是对将向按把了等该其并以从在到有关明确压实落实确定"
_STRONG_FIELDS = {"lead_unit", "responsible_units", "acceptance_unit", "deadline", "goal", "measures", "progress"}


@dataclass(slots=True)
class Anchor:
    """A label or a number at `start`; what it announces begins at `end`.

    `line`: it opens a line. `bare`: a label without a colon, alone on its line or in its cell. A label may
    have a number before it (二、整改时限). `sure` is the confidence that it is a label at all.
    `row`: it opens a record of a table.
    """

    start: int
    end: int
    marker: Marker | None = None
    label: Label | None = None
    line: bool = True
    bare: bool = False
    row: bool = False
    sure: float = 1.0

    @property
    def field(self) -> str:
        return self.label.field if self.label else ""

    @property
    def rank(self) -> float:
        return self.marker.style.rank if self.marker else 9

    def is_marker(self, *kinds: str) -> bool:
        return self.label is None and self.marker is not None and self.marker.style.kind in (kinds or ("heading", "named"))


def find_anchors(stream: Stream) -> list[Anchor]:
    """Every label and number of the text, in order of place."""
    labelled = _labels(stream)
    taken = {anchor.start for anchor in labelled if anchor.end > anchor.start}
    spans = [(anchor.start, anchor.end) for anchor in labelled]
    inside = sum(1 for anchor in labelled if not anchor.line)
    markers = _markers(stream, run_on=inside > len(labelled) - inside)
    found = labelled + [anchor for anchor in markers if anchor.start not in taken]
    found.sort(key=lambda anchor: (anchor.start, anchor.label is None, anchor.end))
    return _with_claims(stream, _apart(found, spans))


def _apart(found: list[Anchor], spans: list[tuple[int, int]]) -> list[Anchor]:
    """Without the numbers that stand inside a label, such as the 四、 of 四、整改措施."""
    inside: set[int] = set()
    for start, end in spans:
        inside.update(range(start, end))
    return [anchor for anchor in found if anchor.label is not None or anchor.start not in inside]


# Labels


def _labels(stream: Stream) -> list[Anchor]:
    found = [anchor for anchor in map(lambda c: _at_colon(stream, c.start()), _COLON.finditer(stream.text)) if anchor]
    taken = {anchor.start for anchor in found}
    for index in range(len(stream.pieces)):
        anchor = _at_line(stream, index)
        if anchor is not None and anchor.start not in taken:
            found.append(anchor)
    return found


def _unit_start(stream: Stream, position: int, line: int) -> int:
    """Where the unit of text that ends at `position` begins: its line (at `line`), or the last stop in it."""
    floor = max(line, position - 60)
    bracket = _LAST_BRACKET.search(stream.text, floor, position)
    for stop in _STOP.finditer(stream.text, floor, bracket.start() if bracket else position):
        floor = stop.end()
    marker = numbering.marker_at(stream.text, floor, position, spaced=True)
    return marker.end if marker is not None and marker.style.kind == "heading" else floor


def _at_colon(stream: Stream, colon: int) -> Anchor | None:
    """A label before a colon, in the line of the colon or begun in the line before (牵头单 / 位：)."""
    index = stream.piece_at(colon)
    found, floor = _before_colon(stream, colon, stream.pieces[index].start)
    above = stream.pieces[index - 1] if index else None
    if (found is None or found.start > floor) and above and colon - above.end < 24 and not _parted(stream, index):
        longer, start = _before_colon(stream, colon, above.start)
        if longer is not None and (longer.start == start or found is None) and longer.start < above.end:
            found, floor = longer, start
    if found is None:
        return None
    if not _opens(stream, found.start, floor):
        found = _behind_blank(stream, found, colon)
    sure = 1.0 if _opens(stream, found.start, floor) else _inside_sentence(stream, found)
    if sure == 0:
        return None
    marker, start = _number_before(stream, found.start)
    return Anchor(start, colon + 1, marker, found, stream.is_line_start(start), sure=sure)


def _opens(stream: Stream, start: int, floor: int) -> bool:
    return start <= floor or start in stream.spaced or stream.is_line_start(start)


def _behind_blank(stream: Stream, label: Label, colon: int) -> Label:
    """Of 解决倾倒问题 整改措施： only what stands behind the blank is the label."""
    for spot in range(label.start + 1, colon - 1):
        if spot in stream.spaced or stream.is_line_start(spot):
            shorter = labels.label_before(stream.text, colon, spot)
            if shorter is not None and shorter.start >= spot:
                return shorter
    return label


def _before_colon(stream: Stream, colon: int, line: int) -> tuple[Label | None, int]:
    floor = _unit_start(stream, colon, line)
    return (labels.label_before(stream.text, colon, floor) if colon > floor else None), floor


def _parted(stream: Stream, index: int) -> bool:
    """Whether a cell or a full stop parts a line from the line before it."""
    before, piece = stream.pieces[index - 1], stream.pieces[index]
    return before.line.cell != piece.line.cell or stream.text[before.end - 1] in "。！？；："


def _inside_sentence(stream: Stream, label: Label) -> float:
    """A label that opens no unit counts if it is long, of a field, and no part of a sentence."""
    before = stream.text[label.start - 1 : label.start]
    if label.field not in _STRONG_FIELDS or len(label.word) < 4 or before in _PROSE or before in "“《‘、，,（(":
        return 0
    return 0.7


def _number_before(stream: Stream, start: int) -> tuple[Marker | None, int]:
    """The number in front of a label: 二、整改时限."""
    first = max(stream.pieces[stream.piece_at(start)].start, start - 7)
    for position in range(first, start):
        marker = numbering.marker_at(stream.text, position, start, spaced=True)
        if marker is not None and marker.end == start and marker.style.kind == "heading":
            return marker, position
    return None, start


def _at_line(stream: Stream, index: int) -> Anchor | None:
    """A label that fills a line or a cell, one that blanks part from its text, or the head of a column."""
    piece = stream.pieces[index]
    if piece.line.heads:
        name = labels.field_of(piece.line.heads)
        return Anchor(
            piece.start, piece.start, None, Label(piece.start, name or "other", piece.line.heads), row=piece.line.row
        )
    text, start = stream.text, piece.start
    marker = numbering.marker_at(text, start, piece.end, spaced=True)
    past = marker.end if marker is not None and marker.style.kind == "heading" else start
    numbered = past > start
    ends = [piece.end] + [spot for spot in range(past + 2, min(past + 14, piece.end)) if spot in stream.spaced]
    for end in ends:
        if end - past > 30 or (end < piece.end and not numbered):
            continue
        found = labels.label_before(text, end, past)
        if found is None or found.start != past or len(found.word) < 3 and not piece.line.cell:
            continue
        if end == piece.end and not numbered and not _stands_alone(stream, index):
            continue
        return Anchor(start, end, marker if numbered else None, found, bare=True, sure=0.95)
    return None


def _stands_alone(stream: Stream, index: int) -> bool:
    """Whether the line is a heading by its look: in a cell, behind a paragraph, or short on a broken page."""
    piece = stream.pieces[index]
    if piece.line.cell or stream.breaks_before(index):
        return True
    return stream.wrap > 0 and not stream.is_full(piece)


# Numbers


def _markers(stream: Stream, *, run_on: bool) -> list[Anchor]:
    """Numbers at line starts, and behind a stop inside a line. In a text whose line ends are lost
    (`run_on`) every number behind a stop or a blank counts as if it began a line."""
    found: list[Anchor] = []
    for piece in stream.pieces:
        found += _chain(stream, piece.start, piece.end, line=True)
    begun = {piece.start for piece in stream.pieces}
    inside = {stop.end() for stop in _STOP.finditer(stream.text)} | (stream.spaced if run_on else set())
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
        end = status.claim_at(stream.text, piece.start, min(piece.end, piece.start + 60))
        if end and _follows_number(anchors, starts, piece.start):
            result.append(Anchor(piece.start, piece.start, None, Label(piece.start, "progress", ""), sure=0.75))
    result.sort(key=lambda anchor: (anchor.start, anchor.label is None))
    return result


def _follows_number(anchors: list[Anchor], starts: list[int], position: int) -> bool:
    from bisect import bisect_left

    index = bisect_left(starts, position) - 1
    while index >= 0 and not anchors[index].line:
        index -= 1
    return index >= 0 and anchors[index].is_marker()


def closes(stream: Stream, index: int) -> bool:
    """Whether a line begins the closing part of a notice, or something of another article."""
    piece = stream.pieces[index]
    text = stream.text[piece.start : min(piece.end, piece.start + 60)]
    return (CLOSING.match(text) or FOREIGN.match(text)) is not None
