"""Lists under a label: measures with their numbers and marks, results by number or by paragraph."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ledger_app.ingest.documents.fields import status
from ledger_app.ingest.documents.grammar.anchor import Anchor
from ledger_app.ingest.documents.grammar.reader import Reader
from ledger_app.ingest.documents.numbering import Marker
from ledger_app.ingest.documents.rejoin import TERMINAL
from ledger_app.ingest.documents.result import Found, Measure

_MARK = re.compile(r"[（(【\[]([^（()）【】\[\]]{2,24})[）)】\]]")
_SECOND = "这条措施不止一段，后面一段可能是版面上别的文字，请核对。"
_INTRODUCES = "：:"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a list: its number (None for plain text) and the range of its text."""

    marker: Marker | None
    start: int
    end: int


def entries(
    reader: Reader, start: int, end: int, *, ordinals: bool = True, resumed: bool = False
) -> list[Entry]:
    """The entries of the list in a range; text before the first number is an entry without one.

    The first number decides the style of the list, other styles are text of an entry. A number inside a
    line counts only where it is the very next one. `resumed`: the list goes on, its first number is not 1.
    """
    chosen: list[Anchor] = []
    for anchor in reader.between(start, end):
        if (
            anchor.marker is None
            or anchor.label is not None
            or not _goes_on(chosen, anchor, ordinals=ordinals, resumed=resumed)
        ):
            continue
        chosen.append(anchor)
    if not chosen:
        return [Entry(None, start, end)] if start < end else []
    stops = [anchor.start for anchor in chosen[1:]] + [end]
    numbered = [Entry(a.marker, a.end, stop) for a, stop in zip(chosen, stops, strict=True)]
    before = Entry(None, start, chosen[0].start)
    return numbered if not reader.text(start, before.end).strip("：: ") else [before, *numbered]


def _goes_on(chosen: list[Anchor], anchor: Anchor, *, ordinals: bool, resumed: bool) -> bool:
    marker = anchor.marker
    if marker is None or (marker.style.kind == "ordinal" and not ordinals):
        return False
    if not chosen:
        return marker.value == 1 or resumed
    last = chosen[-1].marker
    if last is None or last.style.name != marker.style.name:
        return False
    if anchor.line:
        return last.value <= marker.value <= last.value + 2
    return marker.value == last.value + 1


def measures(
    reader: Reader, start: int, end: int, *, sure: float, alone: bool = False, resumed: bool = False
) -> list[Measure]:
    """The measures in a range. `alone`: the list is the last thing of a page that breaks its lines, so a
    further paragraph behind its last entry is not part of it."""
    listed = entries(reader, start, end, resumed=resumed)
    if len(listed) > 1 and listed[0].marker is None and reader.text(start, listed[0].end)[-1] in _INTRODUCES:
        listed = listed[1:]
    result: list[Measure] = []
    for index, entry in enumerate(listed):
        stop = entry.end
        if alone and index == len(listed) - 1:
            stop = _first_paragraph(reader, entry)
        made = measure(reader, entry.marker, entry.start, stop, sure)
        if made is not None:
            result.append(_looked_at(reader, made, entry.start, stop))
    return result


def _looked_at(reader: Reader, made: Measure, start: int, end: int) -> Measure:
    """On a page that breaks its lines a second paragraph may come from elsewhere: the clerk should look."""
    if reader.stream.wrap and len(reader.stream.paragraphs(start, end)) > 1:
        made.text = Found(made.text.value, made.text.places, 0.7, _SECOND)
    return made


def _first_paragraph(reader: Reader, entry: Entry) -> int:
    return reader.stream.paragraphs(entry.start, entry.end)[0][1] if entry.start < entry.end else entry.end


def measure(reader: Reader, marker: Marker | None, start: int, end: int, sure: float) -> Measure | None:
    """One measure without its number and without the mark （已完成整改） behind it."""
    ordinal = None
    if marker is not None:
        reader.take_form(marker.start, start)
        printed = marker.printed.rstrip("，,") if marker.style.kind == "ordinal" else marker.printed
        ordinal = Found(printed, reader.stream.places(marker.start, marker.start + len(printed)), sure)
    mark, start, body_end, resumes = _without_mark(reader, *reader.trimmed(start, end))
    text = reader.found(start, body_end, sure)
    if text is None:
        return None
    if resumes:  # the mark stands before the full stop
        reader.take(resumes, resumes + 1)
        text = Found(text.value + reader.text(resumes, resumes + 1), text.places, sure)
    return Measure(text, ordinal, None, None, mark)


def _without_mark(reader: Reader, start: int, end: int) -> tuple[Found[str] | None, int, int, int]:
    """The status bracket of a measure, and the range without it; 4th: where a full stop goes on behind it."""
    text = reader.text(start, end)
    for found in reversed(list(_MARK.finditer(text))):
        if not status.is_status(found.group(1)):
            continue
        if found.start() == 0:
            return _mark(reader, start, found), start + found.end(), end, 0
        if text[found.start() - 1] in TERMINAL:
            return _mark(reader, start, found), start, start + found.start(), 0
        if text[found.end() : found.end() + 1] in ("。", "；", ";"):
            return _mark(reader, start, found), start, start + found.start(), start + found.end()
        if found.end() == len(text):
            return _mark(reader, start, found), start, start + found.start(), 0
    return None, start, end, 0


def _mark(reader: Reader, offset: int, found: re.Match[str]) -> Found[str]:
    start, end = offset + found.start(), offset + found.end()
    reader.take_form(start, end)
    return Found(found.group(1), reader.stream.places(start + 1, end - 1))


def paragraphs(reader: Reader, start: int, end: int) -> list[Entry]:
    """A report as its paragraphs, numbered or not. 一是 … 二是 … inside one paragraph stays together."""
    result: list[Entry] = []
    for entry in entries(reader, start, end, ordinals=False):
        for first, last in (
            reader.stream.paragraphs(entry.start, entry.end) if entry.start < entry.end else []
        ):
            result.append(
                Entry(entry.marker if first == entry.start else _own_marker(reader, first), first, last)
            )
    return [_past_marker(entry) for entry in result]


def _own_marker(reader: Reader, start: int) -> Marker | None:
    """The number of a lower list before a paragraph."""
    for anchor in reader.between(start, start + 1):
        if anchor.is_marker("heading"):
            return anchor.marker
    return None


def _past_marker(entry: Entry) -> Entry:
    if entry.marker is not None and entry.marker.start == entry.start:
        return Entry(entry.marker, entry.marker.end, entry.end)
    return entry
