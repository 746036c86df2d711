"""One sign of structure: a label or a number, and where it stands."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ledger_app.ingest.documents.labels import Label
from ledger_app.ingest.documents.numbering import Marker

# What ends a unit of text inside a line: behind it a label or a number may begin.
STOP = re.compile(r"[。；！？;!?：:﹕∶）)】”」』][”’）)】]?")


@dataclass(slots=True)
class Anchor:
    """A label or a number at `start`; what it announces begins at `end`.

    `line`: it opens a line. `bare`: a label without a colon, alone on its line or in its cell. A label may
    have a number before it (二、整改时限). `sure` is the confidence that it is a label at all.
    `column`: it stands at the head of a column; `row`: its cell opens a record of the table.
    """

    start: int
    end: int
    marker: Marker | None = None
    label: Label | None = None
    line: bool = True
    bare: bool = False
    column: bool = False
    row: bool = False
    sure: float = 1.0

    @property
    def field(self) -> str:
        return self.label.field if self.label else ""

    @property
    def rank(self) -> float:
        return self.marker.style.rank if self.marker else 9

    def is_marker(self, *kinds: str) -> bool:
        return (
            self.label is None
            and self.marker is not None
            and self.marker.style.kind in (kinds or ("heading", "named"))
        )
