"""Labels gathered into tasks: a task ends where its labels begin anew."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from ledger_app.ingest.documents.grammar.anchor import Anchor
from ledger_app.ingest.documents.numbering import Marker, number_value

DOCUMENT_FIELDS = frozenset({"publicity", "phone", "frame"})


@dataclass(slots=True)
class Labelled:
    """A label of a task and the numbers between the label before it and itself."""

    anchor: Anchor
    numbers: list[Anchor] = field(default_factory=list)
    ordinals: bool = False  # 一是 … stands before the first of them: they are no list of their label
    spare: bool = False  # said of a single measure; the task's own value stands
    resumed: bool = False  # the numbers go on with the list of measures

    @property
    def between(self) -> list[Anchor]:
        """The numbers at line starts; those inside lines matter to lists only."""
        return [anchor for anchor in self.numbers if anchor.line]


@dataclass(slots=True)
class Group:
    """The labels of one task. `head` is its number; `path` the numbers of the headings above it."""

    labels: list[Labelled] = field(default_factory=list)
    head: Anchor | None = None
    path: list[Anchor] = field(default_factory=list)
    floor: int = 0  # where the task before it ends
    end: int = 0

    @property
    def first(self) -> Anchor:
        return self.labels[0].anchor

    @property
    def last(self) -> Anchor:
        return self.labels[-1].anchor

    def has(self, name: str) -> bool:
        return any(labelled.anchor.field == name for labelled in self.labels)


@dataclass(slots=True)
class _Open:
    """The group being gathered, with what decides whether the next label still belongs to it."""

    group: Group = field(default_factory=Group)
    after_measures: set[str] = field(default_factory=set)
    run: Marker | None = None  # the last number of the list under the measures label
    entry: int = 0  # the last number of 整改措施N


def gather(anchors: list[Anchor]) -> list[Group]:
    """The tasks of the document, each with its labels; labels of no task (联系地址 …) form none."""
    groups: list[Group] = []
    now, numbers, waiting, ordinals = _Open(), list[Anchor](), list[Labelled](), False
    for anchor in anchors:
        if anchor.label is None:
            ordinals = ordinals or (not numbers and anchor.is_marker("ordinal"))
            if anchor.is_marker():
                numbers.append(anchor)
            continue
        labelled, numbers, ordinals = Labelled(anchor, numbers, ordinals), [], False
        if anchor.field in DOCUMENT_FIELDS:
            now, waiting = _closed(groups, now), []
        elif anchor.field == "other" and not now.group.labels:
            waiting = [labelled] if labelled.between else [*waiting, labelled] if waiting else []
        else:
            labelled.anchor = _as_result(now, labelled)
            if _opens_new(now, labelled):
                now = _closed(groups, now)
            _take(now, waiting if not labelled.between else [], labelled)
            waiting = []
    _closed(groups, now)
    return groups


def _as_result(now: _Open, labelled: Labelled) -> Anchor:
    """措施一： under 完成情况 announces the result of the measure, not the measure."""
    anchor, label = labelled.anchor, labelled.anchor.label
    reported = bool(now.group.labels) and now.group.last.field == "progress" and not labelled.between
    if label is None or not label.entry or not reported:
        return anchor
    anew = (number_value(label.entry) or 0) <= now.entry
    if not anew and (now.entry or not now.group.has("measures")):
        return anchor
    return replace(anchor, label=replace(label, field="progress", entry="", owner=label.entry))


def _closed(groups: list[Group], now: _Open) -> _Open:
    if any(labelled.anchor.field not in {"other", "number"} for labelled in now.group.labels):
        groups.append(now.group)
    return _Open()


def _take(now: _Open, waiting: list[Labelled], labelled: Labelled) -> None:
    anchor = labelled.anchor
    if not now.group.labels:
        now.group.labels += waiting
        if waiting:
            labelled.numbers = []
    _follow_run(now, labelled)
    if now.group.has("measures"):
        now.after_measures.add(anchor.field)
    if anchor.label is not None and anchor.label.entry:
        now.entry = number_value(anchor.label.entry) or 0
    now.group.labels.append(labelled)


def _follow_run(now: _Open, labelled: Labelled) -> None:
    """Numbers behind the measures label are its list; numbers behind a later label may go on with it."""
    last = run_end(labelled, now.run) if now.group.has("measures") else None
    if last is not None:
        labelled.resumed = now.run is not None
        now.run = last


def run_end(labelled: Labelled, last: Marker | None = None) -> Marker | None:
    """The last number of the list 1, 2, 3 … that stands before a label (with lists under it), or of one
    that goes on behind a given number; None if the numbers are no such list."""
    if labelled.ordinals and last is None:
        return None
    for anchor in labelled.numbers:
        marker = anchor.marker
        if marker is None:
            continue
        if _follows(anchor, marker, last):
            last = marker
        elif anchor.line and (last is None or marker.style.rank <= last.style.rank):
            return None
    return last if labelled.between else None


def _follows(anchor: Anchor, marker: Marker, last: Marker | None) -> bool:
    """Whether a number opens a list or goes on with it: exactly inside a line, with a slip of one at its start."""
    if last is None:
        return marker.value == 1
    if marker.style.name != last.style.name:
        return False
    return last.value <= marker.value <= last.value + 2 if anchor.line else marker.value == last.value + 1


def _opens_new(now: _Open, labelled: Labelled) -> bool:
    group, anchor = now.group, labelled.anchor
    if not group.labels:
        return False
    if anchor.column:
        return anchor.row
    fields = {kept.anchor.field for kept in group.labels}
    if anchor.field in {"problem", "number"}:
        return bool(fields & {anchor.field, "measures", "progress"})
    if not _repeats(now, labelled):
        late = group.has("measures") or group.has("progress")
        return late and anchor.field != "other" and _beyond_list(group, labelled)
    labelled.spare = anchor.field in now.after_measures and _of_measure(now, labelled)
    return not labelled.spare


def _of_measure(now: _Open, labelled: Labelled) -> bool:
    """Whether the label says something of one measure: behind the next number of the list, or behind
    another such label."""
    if labelled.between:
        return now.run is not None and run_end(labelled, now.run) is not None
    return now.group.labels[-1].spare


def _repeats(now: _Open, labelled: Labelled) -> bool:
    anchor, label = labelled.anchor, labelled.anchor.label
    if label is None or not now.group.has(anchor.field):
        return False
    if anchor.field == "measures":
        return _measures_repeat(now, label.entry, combined=label.combined)
    if anchor.field == "progress":
        return _progress_repeats(now, labelled)
    if anchor.field == "other":
        return any(kept.anchor.label and kept.anchor.label.word == label.word for kept in now.group.labels)
    return True


def _measures_repeat(now: _Open, entry: str, *, combined: bool) -> bool:
    if entry:
        return (number_value(entry) or 0) <= now.entry
    return now.entry > 0 or not combined


def _progress_repeats(now: _Open, labelled: Labelled) -> bool:
    """A second report of another name belongs to the same task, unless a new number stands before it."""
    label, last = labelled.anchor.label, now.group.last.label
    if label is None or label.owner or label.area or (last is not None and last.entry):
        return False
    plain = [
        kept.anchor.label
        for kept in now.group.labels
        if kept.anchor.field == "progress" and kept.anchor.label and not kept.anchor.label.owner
    ]
    if any(kept.word == label.word and not kept.area for kept in plain):
        return True
    return _beyond_list(now.group, labelled)


def _beyond_list(group: Group, labelled: Labelled) -> bool:
    """Whether a number as high as the task's own stands before the label, outside a list."""
    own = group.labels[0].between
    rank = own[-1].rank if own else 2
    return any(anchor.rank <= rank for anchor in labelled.between) and run_end(labelled) is None
