"""Where the text under the last label of a task ends: at the next task, a heading, or the closing."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field

from ledger_app.ingest.documents.artefacts import CLOSING, FOREIGN
from ledger_app.ingest.documents.grammar.anchor import Anchor
from ledger_app.ingest.documents.grammar.groups import Group
from ledger_app.ingest.documents.rejoin import TERMINAL, Stream

_SENTENCE_ENDS = "。；！？;"


@dataclass(slots=True)
class Walk:
    """A way down the document: its labels and numbers, and the headings open at the place reached."""

    stream: Stream
    anchors: list[Anchor]
    starts: list[int]
    style: str = ""  # the numbering style of the tasks
    stack: list[Anchor] = field(default_factory=list)


def head_of(group: Group, style: str) -> Anchor | None:
    """The number of the task: the last one of the tasks' style before its first label."""
    between = group.labels[0].between
    if not between or group.has("problem"):
        return None
    of_style = [anchor for anchor in between if anchor.marker and anchor.marker.style.name == style]
    return (of_style or between)[-1]


def is_task(anchor: Anchor, previous: Anchor | None, style: str) -> bool:
    """Whether a number is the one after the number of a task."""
    if previous is None or previous.marker is None or anchor.marker is None:
        return False
    return anchor.marker.style.name == style and anchor.marker.value == previous.marker.value + 1


def rank_of(group: Group) -> float:
    """How high the number of a task, else the numbers of its labels, stand; 9 without any."""
    if group.head is not None:
        return group.head.rank
    return min((kept.anchor.rank for kept in group.labels if kept.anchor.marker), default=9)


def end_of(walk: Walk, group: Group, following: Group | None, tail: int, *, several: bool) -> int:
    """Where the text under the last label of a task ends."""
    stop = min(tail, _next_label(walk, group.last))
    head = head_of(following, walk.style) if following else None
    if head is not None:
        stop = min(stop, head.start)
    stop = _past_list(walk, group, stop, several=several)
    return before_closing(walk.stream, group.last.end, stop, last=following is None)


def _next_label(walk: Walk, label: Anchor) -> int:
    index = bisect_left(walk.starts, label.start + 1)
    while index < len(walk.anchors) and walk.anchors[index].label is None:
        index += 1
    return walk.anchors[index].start if index < len(walk.anchors) else len(walk.stream.text)


def _past_list(walk: Walk, group: Group, stop: int, *, several: bool) -> int:
    """Follow the list under the last label; the first number that is neither in it nor under it ends it."""
    run: tuple[str, float, int] | None = None
    ordinals = False
    for index in range(bisect_left(walk.starts, group.last.end), len(walk.anchors)):
        anchor = walk.anchors[index]
        if anchor.start >= stop:
            break
        ordinals = ordinals or anchor.is_marker("ordinal")
        marker = anchor.marker
        if marker is None or not anchor.is_marker():
            continue
        opens = False
        if anchor.line and run is not None and _heads_on(walk, anchor, stop):
            return anchor.start
        if _in_run(run, anchor):
            run = (marker.style.name, marker.style.rank, marker.value)
            continue
        if run is None and marker.value == 1 and not ordinals:
            opens = _opens_list(walk.stream, group.last, anchor)
        if anchor.line and several and is_task(anchor, group.head, walk.style):
            return anchor.start
        if opens:
            run = (marker.style.name, marker.style.rank, 1)
        elif anchor.line and marker.style.rank <= (run[1] if run else _floor_rank(group)):
            return anchor.start
    return stop


def _in_run(run: tuple[str, float, int] | None, anchor: Anchor) -> bool:
    """Whether a number goes on with the list: at a line start with a slip of one, inside a line exactly."""
    marker = anchor.marker
    if run is None or marker is None or marker.style.name != run[0]:
        return False
    return run[2] <= marker.value <= run[2] + 2 if anchor.line else marker.value == run[2] + 1


def _heads_on(walk: Walk, anchor: Anchor, stop: int) -> bool:
    """Whether a number that would go on with the list goes on with the headings: 4.“定水”仍有差距."""
    marker = anchor.marker
    open_values = {a.marker.style.name: a.marker.value for a in walk.stack if a.marker}
    if marker is None or open_values.get(marker.style.name) != marker.value - 1:
        return False
    words = walk.stream.text[anchor.end : _line_end(walk, anchor, stop)]
    return bool(words) and not set(_SENTENCE_ENDS) & set(words)


def _line_end(walk: Walk, anchor: Anchor, stop: int) -> int:
    index = bisect_left(walk.starts, anchor.start) + 1
    following = walk.anchors[index].start if index < len(walk.anchors) else stop
    return walk.stream.paragraphs(anchor.start, max(anchor.end, min(following, stop)))[0][1]


def _opens_list(stream: Stream, label: Anchor, anchor: Anchor) -> bool:
    """A list begins right under its label or after one sentence of introduction."""
    if not anchor.line:
        return anchor.start == label.end or stream.text[anchor.start - 1] in "：:"
    return anchor.start <= label.end or len(stream.paragraphs(label.end, anchor.start)) <= 1


def _floor_rank(group: Group) -> float:
    if group.head is not None:
        return group.head.rank
    return max(rank_of(group) if rank_of(group) < 9 else 0, 2)


def before_closing(stream: Stream, start: int, stop: int, *, last: bool) -> int:
    """The closing sentences of the notice, and whatever begins as another article does, stay out."""
    for index in range(stream.piece_at(start) + 1, len(stream.pieces)):
        piece = stream.pieces[index]
        if piece.start >= stop:
            break
        opening = stream.text[piece.start : min(piece.end, piece.start + 60)]
        if (
            last
            and (CLOSING.match(opening) or FOREIGN.match(opening))
            and (stream.text[piece.start - 1] in TERMINAL or stream.breaks_before(index))
        ):
            return piece.start
    return stop
