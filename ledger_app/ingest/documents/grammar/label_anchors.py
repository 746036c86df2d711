"""The labels of a text: where the table of field labels fits."""

from __future__ import annotations

import re

from ledger_app.ingest.documents import labels, numbering
from ledger_app.ingest.documents.grammar.anchor import STOP, Anchor
from ledger_app.ingest.documents.labels import Label
from ledger_app.ingest.documents.numbering import Marker
from ledger_app.ingest.documents.rejoin import Piece, Stream

_COLON = re.compile(r"[：:﹕∶]")
_LAST_BRACKET = re.compile(r"[（(][^（()）]{1,24}[）)]$")
# Words in front of 责任单位 that make it part of a sentence: 各责任单位：, 明确整改目标：
_PROSE = "各的由与和及为是对将向按把了等该其并以从在到有关明确压实落实确定“《‘、，,（("
_FIELDS_INSIDE = frozenset(
    ["lead_unit", "responsible_units", "acceptance_unit", "deadline", "goal", "measures", "progress"]
)


def find_labels(stream: Stream) -> list[Anchor]:
    """Every label: before a colon, alone on its line or in its cell, or at the head of its column."""
    colons = (colon.start() for colon in _COLON.finditer(stream.text))
    found = [anchor for anchor in (_at_colon(stream, colon) for colon in colons) if anchor]
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
    for stop in STOP.finditer(stream.text, floor, bracket.start() if bracket else position):
        floor = stop.end()
    marker = numbering.marker_at(stream.text, floor, position, spaced=True)
    return marker.end if marker is not None and marker.style.kind == "heading" else floor


def _at_colon(stream: Stream, colon: int) -> Anchor | None:
    """A label before a colon, in the line of the colon or begun in the line before (牵头单 / 位：)."""
    index = stream.piece_at(colon)
    found, floor = _before_colon(stream, colon, stream.pieces[index].start)
    above = stream.pieces[index - 1] if index else None
    near = above is not None and colon - above.end < 24 and not _parted(stream, index)
    if above is not None and near and (found is None or found.start > floor):
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
    part_of_sentence = label.field not in _FIELDS_INSIDE or len(label.word) < 4 or before in _PROSE
    return 0 if part_of_sentence else 0.7


def _number_before(stream: Stream, start: int) -> tuple[Marker | None, int]:
    """The number in front of a label: 二、整改时限."""
    first = max(stream.pieces[stream.piece_at(start)].start, start - 7)
    for position in range(first, start):
        marker = numbering.marker_at(stream.text, position, start, spaced=True)
        if marker is not None and marker.end == start and marker.style.kind == "heading":
            return marker, position
    return None, start


def _at_line(stream: Stream, index: int) -> Anchor | None:
    """A label that fills a line or a cell, one that a blank parts from its text, or the head of a column."""
    piece = stream.pieces[index]
    if piece.line.head is not None:
        words, name = piece.line.head
        label = Label(piece.start, name, words)
        return Anchor(piece.start, piece.start, None, label, column=True, row=piece.line.row)
    marker = numbering.marker_at(stream.text, piece.start, piece.end, spaced=True)
    if marker is not None and marker.style.kind == "heading":
        return _numbered(stream, piece, marker)
    found = _whole(stream, piece.start, piece)
    if found is None or not _stands_alone(stream, index):
        return None
    return Anchor(piece.start, piece.end, None, found, bare=True, sure=0.95)


def _numbered(stream: Stream, piece: Piece, marker: Marker) -> Anchor | None:
    """二、整改时限 alone on its line, or with its text behind a blank."""
    found, end = _whole(stream, marker.end, piece), piece.end
    spots = range(marker.end + 2, min(marker.end + 14, piece.end))
    for spot in [] if found else [spot for spot in spots if spot in stream.spaced]:
        label = labels.label_before(stream.text, spot, marker.end)
        if label is not None and label.start == marker.end and len(label.word) > 2:
            found, end = label, spot
    return None if found is None else Anchor(piece.start, end, marker, found, bare=True, sure=0.95)


def _whole(stream: Stream, start: int, piece: Piece) -> Label | None:
    """The label that reaches from `start` to the end of the line."""
    if piece.end - start > 30:
        return None
    found = labels.label_before(stream.text, piece.end, start)
    if found is None or found.start != start or (len(found.word) < 3 and not piece.line.cell):
        return None
    return found


def _stands_alone(stream: Stream, index: int) -> bool:
    """Whether the line is a heading by its look: in a cell, behind a paragraph, or short on a broken page."""
    piece = stream.pieces[index]
    if piece.line.cell or stream.breaks_before(index):
        return True
    return stream.wrap > 0 and not stream.is_full(piece)
