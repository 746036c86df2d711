"""Which number heads which task, and which headings stand above it."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass

from ledger_app.ingest.documents.grammar.anchor import Anchor
from ledger_app.ingest.documents.grammar.ends import Walk, before_closing, end_of, head_of, is_task, rank_of
from ledger_app.ingest.documents.grammar.groups import Group, Labelled, gather, run_end
from ledger_app.ingest.documents.rejoin import Stream


@dataclass(slots=True)
class Outline:
    """The tasks in order, each with its labels, its head and its path; `start` is where the first begins."""

    groups: list[Group]
    several: bool  # the document is a list of tasks, not a notice on one
    start: int = 0


def outline(stream: Stream, anchors: list[Anchor], tail: int) -> Outline:
    """Group the labels and find the numbers and headings that belong to each group. `tail`: signature."""
    anchors = _with_headings(anchors)
    groups = gather([anchor for anchor in anchors if anchor.start < tail])
    walk = Walk(stream, anchors, [anchor.start for anchor in anchors])
    walk.style = _style_of_tasks(groups)
    groups = _split_at_numbers(groups, walk.style)
    several = len(groups) > 1
    result: list[Group] = []
    for index, group in enumerate(groups):
        following = groups[index + 1] if index + 1 < len(groups) else None
        result += _placed(walk, group, groups[index - 1] if index else None, several=several)
        group.end = end_of(walk, group, following, tail, several=several)
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
        head = head_of(group, style)
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


def _placed(walk: Walk, group: Group, before: Group | None, *, several: bool) -> list[Group]:
    """The group with head and path, after the unlabelled tasks that stand between it and the one before."""
    group.head = head_of(group, walk.style)
    floor = group.floor = before.end if before else 0
    stop = group.head.start if group.head else group.first.start
    extra: list[Group] = []
    leading = [] if before or not several else _leading(group, walk.style)
    for anchor in group.labels[0].between:
        if not floor <= anchor.start < stop or anchor.marker is None:
            continue
        above = extra[-1] if extra else before
        if anchor in leading or (
            several and above and group.head and is_task(anchor, above.head, walk.style)
        ):
            extra.append(Group([], anchor, list(walk.stack), stop))
        elif anchor.rank < rank_of(group):
            _push(walk.stack, anchor)
    for task, following in zip(extra, [*extra[1:], None], strict=False):
        task.end = following.head.start if following and following.head else _before(walk, task, stop)
    group.path = [anchor for anchor in walk.stack if anchor.rank < rank_of(group)]
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
        if is_task(following, anchor, style):
            result.append(anchor)
            following = anchor
    return result


def _unlabelled_tail(walk: Walk, last: Group, tail: int) -> list[Group]:
    """Tasks without labels right behind the last one that has some."""
    result: list[Group] = []
    while (anchor := _anchor_at(walk, last.end)) and is_task(anchor, last.head, walk.style):
        last = Group([], anchor, last.path)
        last.end = before_closing(walk.stream, anchor.end, _before(walk, last, tail), last=True)
        result.append(last)
    return result


def _anchor_at(walk: Walk, position: int) -> Anchor | None:
    index = bisect_left(walk.starts, position)
    found = walk.anchors[index] if index < len(walk.anchors) else None
    return found if found is not None and found.start == position else None


def _before(walk: Walk, task: Group, stop: int) -> int:
    """The end of a task without labels: the next heading."""
    index = bisect_left(walk.starts, task.head.start if task.head else stop) + 1
    while index < len(walk.anchors) and walk.anchors[index].start < stop:
        anchor = walk.anchors[index]
        if anchor.line and anchor.is_marker() and task.head and anchor.rank <= task.head.rank:
            return anchor.start
        index += 1
    return stop


def _push(stack: list[Anchor], heading: Anchor) -> None:
    while stack and stack[-1].rank >= heading.rank:
        stack.pop()
    stack.append(heading)


def label_ends(group: Group) -> list[tuple[Labelled, int]]:
    """Each label of a task with the end of its text."""
    ends = [kept.between[0].start if kept.resumed else kept.anchor.start for kept in group.labels[1:]]
    return list(zip(group.labels, [*ends, group.end], strict=True))
