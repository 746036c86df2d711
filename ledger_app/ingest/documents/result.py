"""What was read from a document: its tasks, each value with its place in the source and a confidence."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

Value = TypeVar("Value")
SURE = 0.8  # a confidence below it is shown as doubtful


@dataclass(frozen=True, slots=True)
class Place:
    """A range of characters of `Document.source_text`, end excluded."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Found(Generic[Value]):
    """A value, where it stands, and how sure the reader is (1 = labelled as such, below `SURE` = look).

    `doubt` is the sentence for the clerk when the confidence is low. A value whose characters are cut
    by a page number or the like has several places.
    """

    value: Value
    places: tuple[Place, ...] = ()
    confidence: float = 1.0
    doubt: str = ""

    def __post_init__(self) -> None:
        if self.confidence < SURE and not self.doubt:
            object.__setattr__(self, "doubt", "这一项认得不准，请对照原文核对。")


@dataclass(slots=True)
class Measure:
    """One 整改措施. `mark` is the bracket printed behind it, such as 已完成整改."""

    text: Found[str]
    ordinal: Found[str] | None = None
    done: Found[bool] | None = None
    progress: Found[str] | None = None
    mark: Found[str] | None = None

    def report(self, found: Found[str]) -> None:
        """Add a reported result; a second one for the same measure follows the first."""
        if self.progress is not None:
            value, places = self.progress.value + found.value, self.progress.places + found.places
            found = Found(value, places, min(found.confidence, self.progress.confidence), found.doubt)
        self.progress = found

    def as_json(self) -> dict[str, Any]:
        return {
            "ordinal": _value(self.ordinal),
            "text": self.text.value,
            "done": _value(self.done),
            "progress": _value(self.progress),
        }


@dataclass(frozen=True, slots=True)
class Area:
    """What a completion table reports for one area."""

    name: Found[str]
    text: Found[str]


@dataclass(slots=True)
class Item:
    """One rectification task. `continuing`: its deadline says 长期坚持 or the like, a duty without an end."""

    number: Found[str] | None = None
    path: list[Found[str]] = field(default_factory=list)
    problem: Found[str] | None = None
    lead_unit: Found[str] | None = None
    responsible_units: list[Found[str]] = field(default_factory=list)
    acceptance_unit: Found[str] | None = None
    deadline_text: Found[str] | None = None
    deadline: Found[str] | None = None
    continuing: bool = False
    goal: Found[str] | None = None
    measures: list[Measure] = field(default_factory=list)
    status_text: Found[str] | None = None
    progress: list[Found[str]] = field(default_factory=list)
    areas: list[Area] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        values: dict[str, Any] = {
            "number": _value(self.number),
            "path": [heading.value for heading in self.path],
            "problem": _value(self.problem),
            "lead_unit": _value(self.lead_unit),
            "responsible_units": [unit.value for unit in self.responsible_units],
            "acceptance_unit": _value(self.acceptance_unit),
            "deadline_text": _value(self.deadline_text),
            "deadline": _value(self.deadline),
            "goal": _value(self.goal),
            "measures": [measure.as_json() for measure in self.measures],
            "status_text": _value(self.status_text),
            "progress": [paragraph.value for paragraph in self.progress],
        }
        if self.areas:
            values["areas"] = [{"name": area.name.value, "text": area.text.value} for area in self.areas]
        return values


@dataclass(frozen=True, slots=True)
class Publicity:
    """The publicity period: ISO dates, the number of days and their kind (工作日, 天), each as far as stated."""

    first_on: Found[str] | None = None
    last_on: Found[str] | None = None
    days: Found[int] | None = None
    kind: Found[str] | None = None

    def as_json(self) -> dict[str, Any]:
        return {
            "from": _value(self.first_on),
            "to": _value(self.last_on),
            "days": _value(self.days),
            "kind": _value(self.kind),
        }


@dataclass(frozen=True, slots=True)
class LeftOver:
    """A stretch of the source that no field took. `why`: "artefact" (page number, bookmark), "unplaced",
    or "unread" (a scanned page: the text is a sentence for the clerk)."""

    text: str
    place: Place
    why: str


@dataclass(slots=True)
class Document:
    """Everything read from one document; `source_text` is what the places count in.

    `form` are the places of labels and numbers. Every sign of the text stands in a value, in `form`, or
    in `left_over`.
    """

    source_text: str
    title: Found[str] | None = None
    issuer: Found[str] | None = None
    issued_on: Found[str] | None = None
    publicity: Publicity | None = None
    phones: list[Found[str]] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    left_over: list[LeftOver] = field(default_factory=list)
    form: list[Place] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return {
            "document": {
                "title": _value(self.title),
                "issuer": _value(self.issuer),
                "issued_on": _value(self.issued_on),
                "publicity": self.publicity.as_json() if self.publicity else None,
                "phones": [phone.value for phone in self.phones],
            },
            "items": [item.as_json() for item in self.items],
        }


def _value(found: Found[Any] | None) -> Any:
    return None if found is None else found.value
