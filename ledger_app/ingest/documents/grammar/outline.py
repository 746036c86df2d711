"""Which number heads which task, which headings stand above it, and where its last field ends."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field

from ledger_app.ingest.documents.artefacts import CLOSING, FOREIGN
from ledger_app.ingest.documents.grammar.anchor import Anchor
from ledger_app.ingest.documents.grammar.groups import Group, Labelled, gather, run_end
from ledger_app.ingest.documents.rejoin import TERMINAL, Stream

_SENTENCE_ENDS = "。；！？;"


@dataclass(slots=True)
class Outline:
    """The tasks in order, each with its labels, its head and its path; `start` is where the first begins."""

    groups: list[Group]
    several: bool  # the document is a list of tasks, not a notice on one
    start: int = 0


@dataclass(slots=True)
class _Walk:
    stream: Stream
    anchors: list[Anchor]
    starts: list[int]
    style: str = ""  # the numbering style of the tasks
    stack: list[Anchor] = field(default_factory=list)


def outline(stream: Stream, anchors: list[Anchor], tail: int) -> Outline:
    """Group the labels and find the numbers and headings that belong to each group. `tail`: signature."""
    anchors = _with_headings(anchors)
    groups = gather([anchor for anchor in anchors if anchor.start < tail])
    walk = _Walk(stream, anchors, [anchor.start for anchor in anchors])
    walk.style = _style_of_tasks(groups)
    groups = _split_at_numbers(groups, walk.style)
    several = len(groups) > 1
    result: list[Group] = []
    for index, group in enumerate(groups):
        following = groups[index + 1] if index + 1 < len(groups) else None
        result += _placed(walk, group, groups[index - 1] if index else None, several=several)
        group.end = _end(walk, group, following, tail, several=several)
    if several:
        result += _unlabelled_tail(walk, result[-1], tail)
    return Outline(result, several, _first_start(result))


def _first_start(groups: list[Group]) -> int:
    return min((anchor.start for group in groups[:1] for anchor in _all(group)), default=0)


def _all(group: Group) -> list[Anchor]:
    return [*group.path, *([group.head] if group.head else []), *(kept.anchor for kept in group.labels)]


# Section labels that are headings: 一、整改任务 above numbered tasks


def _with_headings(anchors: list[Anchor]) -> list[Anchor]:
    """一、整改任务 is a heading where numbered tasks with labels of their own follow, a label elsewhere."""
    followed = _followed_by_tasks(anchors)
    return [
        Anchor(anchor.start, anchor.marker.end, anchor.marker)
        if anchor.marker and _heads_tasks(anchors, index, is_list=followed[index])
        else anchor
        for index, anchor in enumerate(anchors)
    ]


def _heads_tasks(anchors: list[Anchor], index: int, *, is_list: bool) -> bool:
    anchor = anchors[index]
    if anchor.label is None or not anchor.bare or not anchor.line:
        return False
    numbers = 0
    index += 1
    while index < len(anchors) and anchors[index].label is None:
        numbers += anchors[index].line and anchors[index].is_marker("heading")
        index += 1
    if index == len(anchors) or not numbers:
        return False
    following = anchors[index]
    return following.marker is None and not following.bare and (anchor.field == "problem" or is_list)


def _followed_by_tasks(anchors: list[Anchor]) -> list[bool]:
    """For each anchor: whether a label without a number comes back after it, and no numbered label comes."""
    seen: set[str] = set()
    again = numbered = False
    result: list[bool] = []
    for anchor in reversed(anchors):
        result.append(again and not numbered)
        if anchor.label is not None:
            again = again or anchor.field in seen
            numbered = numbered or anchor.marker is not None
            seen.add(anchor.field)
    return result[::-1]


# Heads and headings


def _style_of_tasks(groups: list[Group]) -> str:
    """The style of the number that most often stands last before the labels begin anew."""
    votes = Counter(
        group.labels[0].between[-1].marker.style.name  # type: ignore[union-attr]  # markers only
        for group in groups[1:]
        if group.labels[0].between and not group.first.row
    )
    return votes.most_common(1)[0][0] if votes else ""


def _split_at_numbers(groups: list[Group], style: str) -> list[Group]:
    """A task whose labels repeat nothing still ends where the next number of the tasks' style stands."""
    result: list[Group] = []
    for group in groups:
        head = _head(group, style)
        current = Group([group.labels[0]])
        result.append(current)
        for labelled in group.labels[1:]:
            following = _next_number(labelled.between, head)
            if following is not None and style and run_end(labelled) is None:
                head, current = following, Group([labelled])
                result.append(current)
            else:
                current.labels.append(labelled)
    return result


def _next_number(between: list[Anchor], head: Anchor | None) -> Anchor | None:
    if head is None or head.marker is None:
        return None
    wanted = (head.marker.style.name, head.marker.value + 1)
    return next((a for a in between if a.marker and (a.marker.style.name, a.marker.value) == wanted), None)


def _head(group: Group, style: str) -> Anchor | None:
    """The number of the task: the last one of the tasks' style before its first label."""
    between = group.labels[0].between
    if not between or group.has("problem"):
        return None
    of_style = [anchor for anchor in between if anchor.marker and anchor.marker.style.name == style]
    return (of_style or between)[-1]


def _placed(walk: _Walk, group: Group, before: Group | None, *, several: bool) -> list[Group]:
    """The group with head and path, after the unlabelled tasks that stand between it and the one before."""
    group.head = _head(group, walk.style)
    floor = group.floor = before.end if before else 0
    stop = group.head.start if group.head else group.first.start
    extra: list[Group] = []
    leading = [] if before or not several else _leading(group, walk.style)
    for anchor in group.labels[0].between:
        if not floor <= anchor.start < stop or anchor.marker is None:
            continue
        above = extra[-1] if extra else before
        if anchor in leading or (
            several and above and group.head and _is_task(anchor, above.head, walk.style)
        ):
            extra.append(Group([], anchor, list(walk.stack), stop))
        elif anchor.rank < _rank(group):
            _push(walk.stack, anchor)
    for task, following in zip(extra, [*extra[1:], None], strict=False):
        task.end = following.head.start if following and following.head else _before(walk, task, stop)
    group.path = [anchor for anchor in walk.stack if anchor.rank < _rank(group)]
    return [*extra, group]


def _leading(group: Group, style: str) -> list[Anchor]:
    """The numbers right before the first labelled task that count up to it: tasks without labels."""
    result: list[Anchor] = []
    following = group.head
    for anchor in reversed(group.labels[0].between):
        if following is None or anchor.start >= following.start:
            continue
        if anchor.rank < following.rank:
            break
        if _is_task(following, anchor, style):
            result.append(anchor)
            following = anchor
    return result


def _unlabelled_tail(walk: _Walk, last: Group, tail: int) -> list[Group]:
    """Tasks without labels right behind the last one that has some."""
    result: list[Group] = []
    while (anchor := _anchor_at(walk, last.end)) and _is_task(anchor, last.head, walk.style):
        last = Group([], anchor, last.path)
        last.end = _before_closing(walk.stream, anchor.end, _before(walk, last, tail), last=True)
        result.append(last)
    return result


def _anchor_at(walk: _Walk, position: int) -> Anchor | None:
    index = bisect_left(walk.starts, position)
    found = walk.anchors[index] if index < len(walk.anchors) else None
    return found if found is not None and found.start == position else None


def _before(walk: _Walk, task: Group, stop: int) -> int:
    """The end of a task without labels: the next heading."""
    index = bisect_left(walk.starts, task.head.start if task.head else stop) + 1
    while index < len(walk.anchors) and walk.anchors[index].start < stop:
        anchor = walk.anchors[index]
        if anchor.line and anchor.is_marker() and task.head and anchor.rank <= task.head.rank:
            return anchor.start
        index += 1
    return stop


def _is_task(anchor: Anchor, previous: Anchor | None, style: str) -> bool:
    if previous is None or previous.marker is None or anchor.marker is None:
        return False
    return anchor.marker.style.name == style and anchor.marker.value == previous.marker.value + 1


def _rank(group: Group) -> float:
    if group.head is not None:
        return group.head.rank
    return min((kept.anchor.rank for kept in group.labels if kept.anchor.marker), default=9)


def _push(stack: list[Anchor], heading: Anchor) -> None:
    while stack and stack[-1].rank >= heading.rank:
        stack.pop()
    stack.append(heading)


# Where a task ends


def _end(walk: _Walk, group: Group, following: Group | None, tail: int, *, several: bool) -> int:
    """Where the text under the last label of a task ends."""
    stop = min(tail, _next_label(walk, group.last))
    head = _head(following, walk.style) if following else None
    if head is not None:
        stop = min(stop, head.start)
    stop = _past_list(walk, group, stop, several=several)
    return _before_closing(walk.stream, group.last.end, stop, last=following is None)


def _next_label(walk: _Walk, label: Anchor) -> int:
    index = bisect_left(walk.starts, label.start + 1)
    while index < len(walk.anchors) and walk.anchors[index].label is None:
        index += 1
    return walk.anchors[index].start if index < len(walk.anchors) else len(walk.stream.text)


def _past_list(walk: _Walk, group: Group, stop: int, *, several: bool) -> int:
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
        if anchor.line and several and _is_task(anchor, group.head, walk.style):
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


def _heads_on(walk: _Walk, anchor: Anchor, stop: int) -> bool:
    """Whether a number that would go on with the list goes on with the headings: 4.“定水”仍有差距."""
    marker = anchor.marker
    open_values = {a.marker.style.name: a.marker.value for a in walk.stack if a.marker}
    if marker is None or open_values.get(marker.style.name) != marker.value - 1:
        return False
    words = walk.stream.text[anchor.end : _line_end(walk, anchor, stop)]
    return bool(words) and not set(_SENTENCE_ENDS) & set(words)


def _line_end(walk: _Walk, anchor: Anchor, stop: int) -> int:
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
    return max(_rank(group) if _rank(group) < 9 else 0, 2)


def _before_closing(stream: Stream, start: int, stop: int, *, last: bool) -> int:
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


def label_ends(group: Group) -> list[tuple[Labelled, int]]:
    """Each label of a task with the end of its text."""
    ends = [kept.between[0].start if kept.resumed else kept.anchor.start for kept in group.labels[1:]]
    return list(zip(group.labels, [*ends, group.end], strict=True))
