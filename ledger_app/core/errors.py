"""What can go wrong, in the clerk's words: refusals, problems of a value, readings of a cell."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

Severity = Literal["refuse", "confirm", "info"]


class LedgerError(Exception):
    """An act cannot be done; nothing was written. The text is one Chinese sentence for the clerk."""

    def __init__(self, text: str, code: str = "refused") -> None:
        super().__init__(text)
        self.text = text
        self.code = code


@dataclass(frozen=True, slots=True)
class Problem:
    """One remark on one value: `refuse` keeps it out, `confirm` needs a person, `info` is only said.

    `suggestion` is the value the program would take instead (for several fields at once: a dict
    field → value). `field` is filled in by whoever knows which field the value belongs to.
    """

    code: str
    text: str
    severity: Severity = "refuse"
    suggestion: Any = None
    field: str = ""

    def on(self, field: str) -> Problem:
        return replace(self, field=field)


@dataclass(frozen=True, slots=True)
class Reading:
    """What one raw cell was read as. A refused value is None; a doubtful one is the suggestion."""

    value: Any
    problem: Problem | None = None


class InvalidValue(ValueError):
    """A single value that its field does not take; carries the problem that says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.text)
        self.problem = problem
