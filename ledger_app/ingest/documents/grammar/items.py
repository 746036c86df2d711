"""From the labels of a task to its fields."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from ledger_app.ingest.documents import numbering
from ledger_app.ingest.documents.fields import deadline, status, units
from ledger_app.ingest.documents.grammar import lists
from ledger_app.ingest.documents.grammar.anchor import Anchor
from ledger_app.ingest.documents.grammar.groups import Group
from ledger_app.ingest.documents.grammar.outline import label_ends
from ledger_app.ingest.documents.grammar.reader import DOUBTFUL, Reader
from ledger_app.ingest.documents.grammar.results import report
from ledger_app.ingest.documents.result import Area, Found, Item

_ENDS = "。；;，, "
_BRACKET = re.compile(r"[（(][^（()）]{1,24}[）)]$")


@dataclass(slots=True)
class _Making:
    """The task being made. `alone`: what follows its last measure may be text of another article."""

    reader: Reader
    item: Item
    alone: bool
    paired: bool = False  # a table with a row for each measure of the task
    before: Anchor | None = None  # the label before the one being read


def make_item(reader: Reader, group: Group, *, alone: bool) -> Item:
    """The fields of one task from its head, its headings and its labels."""
    rows = [kept for kept in group.labels if kept.anchor.column and kept.anchor.field == "measures"]
    making = _Making(reader, Item(), alone, paired=len(rows) > 1)
    _doubt_first_of_several(group)
    making.item.path = [heading(reader, anchor) for anchor in group.path]
    if group.head is not None:
        _number(making, group.head)
    if not group.has("problem"):
        _unlabelled_problem(making, group)
    for labelled, end in label_ends(group) if group.labels else []:
        reader.take_form(labelled.anchor.start, labelled.anchor.end)
        if labelled.resumed:
            _more_measures(making, labelled.between[0].start, labelled.anchor.start)
        if not (labelled.spare or _is_set(making.item, labelled.anchor.field)):
            _FIELDS.get(labelled.anchor.field, _nothing)(making, labelled.anchor, end)
        making.before = labelled.anchor
    _number_from_path(making, group)
    return making.item


def _is_set(item: Item, name: str) -> bool:
    """Whether a field of one value has its value; a second one is left over."""
    return name in _SINGLE and getattr(item, _SINGLE[name]) is not None


def _doubt_first_of_several(group: Group) -> None:
    """Where each measure has units and a deadline of its own, the first of them are hardly the task's."""
    repeated = {kept.anchor.field for kept in group.labels if kept.spare}
    for kept in group.labels:
        if kept.anchor.field in repeated:
            kept.anchor.sure = 0.6


def heading(reader: Reader, anchor: Anchor) -> Found[str]:
    """A heading with its own marker, as far as its first paragraph reaches."""
    following = [a for a in reader.between(anchor.end, anchor.end + 200) if a.line or a.label]
    stop = following[0].start if following else min(anchor.end + 200, len(reader.stream.text))
    start, end = reader.stream.paragraphs(anchor.start, max(stop, anchor.end))[0]
    reader.take(start, end)
    return Found(reader.text(start, end), reader.stream.places(start, end))


# Number and problem


def _number(making: _Making, head: Anchor) -> None:
    if head.marker is None:
        return
    making.reader.take_form(head.start, head.end)
    making.item.number = Found(head.marker.number, making.reader.stream.places(head.start, head.end))


def _unlabelled_problem(making: _Making, group: Group) -> None:
    """The text between the number and the first label; without a number the paragraph above the label."""
    reader = making.reader
    stop = group.labels[0].anchor.start if group.labels else group.end
    if group.head is not None:
        _problem(making, group.head.end, stop, 1.0 if group.labels else 0.7, "")
        return
    above = reader.stream.paragraphs(max(group.floor, stop - 2000), stop) if stop > group.floor else []
    if above and not reader.between(above[-1][0], stop) and reader.text(*above[-1])[-1] in "。；;":
        _problem(making, *above[-1], 0.6, DOUBTFUL)


def _problem(making: _Making, start: int, end: int, sure: float, doubt: str) -> None:
    reader = making.reader
    start, end = reader.trimmed(start, end)
    made = lists.measure(reader, None, start, end, sure)
    if made is None:
        return
    making.item.problem = Found(made.text.value, made.text.places, sure, doubt)
    if made.mark is not None:
        making.item.status_text = made.mark


def _labelled_problem(making: _Making, anchor: Anchor, end: int) -> None:
    """问题四：督察发现 … under 整改任务: the name before the text is the number of the task."""
    reader = making.reader
    start, _ = reader.trimmed(anchor.end, end)
    marker = numbering.marker_at(reader.stream.text, start, end, spaced=True)
    if marker is not None and marker.style.kind == "named":
        reader.take_form(marker.start, marker.end)
        start = marker.end
        if making.item.number is None:
            making.item.number = Found(marker.number, reader.stream.places(marker.start, marker.end))
    _problem(making, start, end, anchor.sure, "")


def _labelled_number(making: _Making, anchor: Anchor, end: int) -> None:
    found = _short(making, anchor, end)
    if found is not None:
        making.item.number = Found(found.value.rstrip("、.．"), found.places, found.confidence)


def _number_from_path(making: _Making, group: Group) -> None:
    """A task under 第三项整改任务 or 二、… takes the number of the heading right above it."""
    if making.item.number is not None or not group.path:
        return
    nearest = group.path[-1]
    if nearest.marker is not None:
        places = making.reader.stream.places(nearest.start, nearest.marker.end)
        making.item.number = Found(nearest.marker.number, places, 0.8)


# Plain fields


def _short(making: _Making, anchor: Anchor, end: int) -> Found[str] | None:
    """A value of one paragraph, without the full stop behind it."""
    start, end = making.reader.trimmed(anchor.end, end)
    while end > start and making.reader.text(end - 1, end) in _ENDS:
        end -= 1
    return making.reader.found(start, end, anchor.sure)


def _lead(making: _Making, anchor: Anchor, end: int) -> None:
    making.item.lead_unit = _short(making, anchor, end)


def _acceptance(making: _Making, anchor: Anchor, end: int) -> None:
    making.item.acceptance_unit = _short(making, anchor, end)


def _responsible(making: _Making, anchor: Anchor, end: int) -> None:
    reader = making.reader
    for start, stop in _cell_paragraphs(reader, anchor.end, end):
        for unit in units.split_units(reader.text(start, stop)):
            first, last = start + unit.start, start + unit.end
            reader.take(first, last)
            making.item.responsible_units.append(
                Found(unit.name, reader.stream.places(first, last), anchor.sure)
            )


def _cell_paragraphs(reader: Reader, start: int, end: int) -> list[tuple[int, int]]:
    """Several paragraphs of one table cell are several entries; elsewhere a line end means nothing."""
    start, end = reader.trimmed(start, end)
    if start == end:
        return []
    in_cell = reader.stream.pieces[reader.stream.piece_at(start)].line.cell
    return reader.stream.paragraphs(start, end) if in_cell else [(start, end)]


def _deadline(making: _Making, anchor: Anchor, end: int) -> None:
    text = _short(making, anchor, end)
    if text is None:
        return
    making.item.deadline_text = text
    making.item.continuing = deadline.is_continuing(text.value)
    day = deadline.last_day(text.value)
    if day is not None:
        making.item.deadline = Found(day, text.places, text.confidence)


def _goal(making: _Making, anchor: Anchor, end: int) -> None:
    making.item.goal = making.reader.found(anchor.end, end, anchor.sure)


def _status(making: _Making, anchor: Anchor, end: int) -> None:
    making.item.status_text = making.item.status_text or _short(making, anchor, end)


# Measures and results


def _measures(making: _Making, anchor: Anchor, end: int) -> None:
    reader, label = making.reader, anchor.label
    if label is not None and label.entry:
        made = lists.measure(reader, None, anchor.end, end, anchor.sure)
        if made is not None:
            stop = label.start + len(label.entry)
            made.ordinal = Found(label.entry, reader.stream.places(label.start, stop), anchor.sure)
            making.item.measures.append(made)
        return
    making.item.measures += lists.measures(reader, anchor.end, end, alone=making.alone, sure=anchor.sure)


def _more_measures(making: _Making, start: int, end: int) -> None:
    """Measures behind what was said of the measure before them: 责任单位 and 完成时限 of each."""
    making.item.measures += lists.measures(making.reader, start, end, sure=0.9, resumed=True)


def _progress(making: _Making, anchor: Anchor, end: int) -> None:
    reader, item, label = making.reader, making.item, anchor.label
    if label is None:
        return
    if label.area:
        _area(making, anchor, end)
    elif label.owner:
        _owned(making, numbering.number_value(label.owner), anchor, end)
    elif anchor.column and making.paired and item.measures:
        _paired(making, anchor, end)
    elif making.before is not None and making.before.label is not None and making.before.label.entry:
        _owned(making, numbering.number_value(making.before.label.entry), anchor, end)
    else:
        if label.bracket and status.is_status(label.bracket):
            item.status_text = Found(
                label.bracket, reader.stream.places(anchor.start, anchor.end), anchor.sure
            )
        report(reader, item, anchor.end, end, anchor.sure)


def _paired(making: _Making, anchor: Anchor, end: int) -> None:
    """In a table with a row for each measure the result stands in the row of its measure."""
    found = making.reader.found(anchor.end, end, anchor.sure)
    if found is not None:
        making.item.measures[-1].report(found)


def _owned(making: _Making, number: int | None, anchor: Anchor, end: int) -> None:
    """The result of the measure with this number; of a number that no measure has, the task's."""
    found = making.reader.found(anchor.end, end, anchor.sure)
    if found is None:
        return
    for measure in making.item.measures:
        if measure.ordinal is not None and numbering.number_value(measure.ordinal.value) == number:
            measure.report(found)
            return
    making.item.progress.append(found)


def _area(making: _Making, anchor: Anchor, end: int) -> None:
    reader, label = making.reader, anchor.label
    text = reader.found(anchor.end, end, anchor.sure)
    if text is None or label is None:
        return
    bracket = _BRACKET.search(reader.text(anchor.start, anchor.end - 1)) if label.bracket else None
    name = label.area + (bracket.group() if bracket else "")
    places = reader.stream.places(anchor.start, anchor.start + len(label.area))
    making.item.areas.append(Area(Found(name, places, anchor.sure), text))


def _nothing(making: _Making, anchor: Anchor, end: int) -> None:
    """A label the register has no column for: its text stays left over."""


_SINGLE = {
    "problem": "problem",
    "lead_unit": "lead_unit",
    "acceptance_unit": "acceptance_unit",
    "deadline": "deadline_text",
    "goal": "goal",
}
_FIELDS: dict[str, Callable[[_Making, Anchor, int], None]] = {
    "number": _labelled_number,
    "problem": _labelled_problem,
    "lead_unit": _lead,
    "responsible_units": _responsible,
    "acceptance_unit": _acceptance,
    "deadline": _deadline,
    "goal": _goal,
    "status": _status,
    "measures": _measures,
    "progress": _progress,
}
