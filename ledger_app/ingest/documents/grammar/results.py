"""A report under 完成情况: its status words, then results by measure, by area, or for the task as a whole."""

from __future__ import annotations

from ledger_app.ingest.documents import labels
from ledger_app.ingest.documents.fields import status
from ledger_app.ingest.documents.grammar import lists
from ledger_app.ingest.documents.grammar.lists import Entry
from ledger_app.ingest.documents.grammar.reader import Reader
from ledger_app.ingest.documents.numbering import number_value
from ledger_app.ingest.documents.result import Area, Found, Item

_UNSURE = "结果的条数和措施的条数不一样，是按编号对上的，请核对。"


def report(reader: Reader, item: Item, start: int, end: int, sure: float) -> None:
    """Put the text of a report into the task."""
    start, end = reader.trimmed(start, end)
    start = _status(reader, item, start, end, sure)
    start, end = reader.trimmed(start, end)
    if (
        start < end
        and not _by_measure(reader, item, start, end, sure)
        and not _by_area(reader, item, start, end, sure)
    ):
        _whole(reader, item, start, end, sure)


def _status(reader: Reader, item: Item, start: int, end: int, sure: float) -> int:
    """Take the status sentence at the start: 已完成整改，长期坚持。 A second status is part of the report."""
    if start >= end or item.status_text is not None:
        return start
    words = reader.text(start, reader.stream.paragraphs(start, end)[0][1])
    length = status.leading(words)
    if length:
        reader.take(start, start + length)
        said = words[:length].rstrip("。；;")
        item.status_text = Found(said, reader.stream.places(start, start + len(said)), sure)
    elif (claim := status.claim_in(words)) is not None:  # 该问题已完成整改。 stays part of the report, too
        first, last = start + claim[0], start + claim[1]
        item.status_text = Found(reader.text(first, last), reader.stream.places(first, last), 0.9)
    return start + length


def _by_measure(reader: Reader, item: Item, start: int, end: int, sure: float) -> bool:
    """Results with the numbers of the measures go to them; text before the first number to the task."""
    listed = lists.entries(reader, start, end)
    numbered = [entry for entry in listed if entry.marker is not None]
    measures = {number_value(m.ordinal.value): m for m in item.measures if m.ordinal is not None}
    values = [entry.marker.value for entry in numbered if entry.marker is not None]
    if not values or not set(values) <= set(measures) or len(set(values)) < len(values):
        return False
    if not _set_out(reader, numbered):
        return False
    same = len(values) == len(measures)
    for entry in numbered:
        if entry.marker is not None:
            reader.take_form(entry.marker.start, entry.start)
            found = reader.found(entry.start, entry.end, sure if same else 0.7, "" if same else _UNSURE)
            if found is not None:
                measures[entry.marker.value].report(found)
    if listed[0].marker is None:
        _whole(reader, item, listed[0].start, listed[0].end, sure)
    return True


def _set_out(reader: Reader, numbered: list[Entry]) -> bool:
    """一是 … 二是 … inside one paragraph is one report, not a list."""
    first = numbered[0].marker
    if first is None or first.style.kind != "ordinal":
        return True
    return all(reader.stream.is_line_start(entry.marker.start) for entry in numbered if entry.marker)


def _by_area(reader: Reader, item: Item, start: int, end: int, sure: float) -> bool:
    """Paragraphs or cells that begin with a place and a colon, at least two of them: 包头市：一是…"""
    spans = reader.stream.paragraphs(start, end)
    named = [(span, _place_at(reader, spans, index)) for index, span in enumerate(spans)]
    if sum(1 for _, length in named if length) < 2 or not named[0][1]:
        return False
    current: tuple[int, int] | None = None
    begins = end
    for (first, _), length in [*named, ((end, end), 1)]:
        if not length:
            continue
        if current is not None:
            _add_area(reader, item, current, (begins, first), sure)
        current, begins = (first, first + length), first + length
    return True


def _place_at(reader: Reader, spans: list[tuple[int, int]], index: int) -> int:
    """The length of the place name that opens a paragraph, 0 if none does."""
    first, last = spans[index]
    name = labels.PLACE_NAME.match(reader.text(first, min(last, first + 44)))
    if name is None or not name.group():
        return 0
    end = first + name.end()
    in_cell = reader.stream.pieces[reader.stream.piece_at(first)].line.cell > 0
    return name.end() if (in_cell and end == last) or reader.text(end, end + 1) in ("：", ":") else 0


def _add_area(reader: Reader, item: Item, name: tuple[int, int], text: tuple[int, int], sure: float) -> None:
    named, told = reader.found(*name, sure), reader.found(*text, sure)
    if named is not None and told is not None:
        item.areas.append(Area(named, told))


def _whole(reader: Reader, item: Item, start: int, end: int, sure: float) -> None:
    for entry in lists.paragraphs(reader, start, end):
        if entry.marker is not None:
            reader.take_form(entry.marker.start, entry.start)
        found = reader.found(entry.start, entry.end, sure)
        if found is not None:
            item.progress.append(found)
