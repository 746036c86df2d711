"""How a report is divided into runs of sections that start on a page or a sheet of their own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ledger_app.export.report import Chart, Paper, Part, Report, Section, Table


@dataclass(frozen=True, slots=True)
class Group:
    """Sections that belong together. `numbers` are 附件1 … for annexes, "" otherwise; the first group carries
    the title, the one that `closes` the footnotes and the signature.
    """

    sections: tuple[Section, ...]
    numbers: tuple[str, ...]
    is_first: bool
    closes: bool

    @property
    def title(self) -> str:
        return self.sections[0].title if self.sections else ""

    @property
    def paper(self) -> Paper:
        return self.sections[0].paper if self.sections else "a4_landscape"

    @property
    def parts(self) -> list[Part]:
        return [part for section in self.sections for part in section.parts]

    @property
    def has_charts(self) -> bool:
        return any(isinstance(part, Chart) for part in self.parts)

    @property
    def charts_only(self) -> int:
        """How many charts there are, if there is nothing else."""
        parts = self.parts
        return len(parts) if not self.is_first and all(isinstance(part, Chart) for part in parts) else 0


def groups(report: Report) -> Iterator[Group]:
    """The county's page first, then every annex and every section that wants a new page."""
    sections = report.sections
    numbers = _annex_numbers(sections)
    starts = [0, *(at for at, one in enumerate(sections) if at and (one.annex or one.new_page))]
    if sections and sections[0].annex:
        starts = [0, *starts]
    closing = _closing_section(sections)
    for start, end in zip(starts, [*starts[1:], len(sections)], strict=True):
        closes = start <= closing < end or (closing == -1 and start == end)
        yield Group(sections[start:end], numbers[start:end], start == 0 and (end > 0 or closes), closes)


def _closing_section(sections: Sequence[Section]) -> int:
    """The section whose page is signed: the first one with a table, in mere prose the last; -1 for none."""
    main = [(at, section) for at, section in enumerate(sections) if not section.annex]
    tables = (at for at, one in main if any(isinstance(part, Table) for part in one.parts))
    return next(tables, main[-1][0] if main else -1)


def _annex_numbers(sections: Sequence[Section]) -> tuple[str, ...]:
    annexes = sum(section.annex for section in sections)
    numbers, count = [], 0
    for section in sections:
        count += section.annex
        numbers.append("" if not section.annex else "附件" if annexes == 1 else f"附件{count}")
    return tuple(numbers)
