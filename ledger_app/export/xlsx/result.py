"""What was done to a form, in words and places a clerk can check."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Note:
    """One line of the list: `where` is a place in the filled form, `what` a Chinese sentence or range."""

    where: str
    what: str


@dataclass(slots=True)
class FillResult:
    """`filled`: cells and areas set; `moved`: rows that went down; `grown`: ranges that took new rows in;
    `left_alone`: what could not be followed or was not touched on purpose; `continued`: long texts that go
    on in a further row. Part names are those of the zip."""

    out: Path
    filled: list[Note] = field(default_factory=list)
    moved: list[Note] = field(default_factory=list)
    grown: list[Note] = field(default_factory=list)
    left_alone: list[Note] = field(default_factory=list)
    continued: list[Note] = field(default_factory=list)
    changed_parts: tuple[str, ...] = ()
    removed_parts: tuple[str, ...] = ()

    @property
    def unchanged(self) -> bool:
        return not self.changed_parts and not self.removed_parts
