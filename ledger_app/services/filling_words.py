"""A filled form, said: the JSON of the command line and the lines for the clerk."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from ledger_app.export.fill import FillResult
from ledger_app.ingest.mapping import ColumnHead
from ledger_app.services.filling import Done, Proposal
from ledger_app.services.form_columns import unit_said

KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "filled": "",
        "moved": "下移：",
        "grown": "范围扩大：",
        "continued": "长文字转行：",
        "left_alone": "请留意：",
    }
)


@dataclass(frozen=True, slots=True)
class FormColumn:
    """A column of a form for the clerk: `kind` is field, open (nothing to fill it with), serial or formula;
    `said` stands where there is nothing to choose."""

    index: int
    letter: str
    heading: str
    kind: str
    field: str = ""
    unit: str = ""
    said: str = ""


def columns_of(proposal: Proposal) -> list[FormColumn]:
    """Every column of the table that is filled, in order."""
    return [_column(proposal, head) for head in proposal.table.heads if any(head.path)]


def _column(proposal: Proposal, head: ColumnHead) -> FormColumn:
    heading = " › ".join("".join(part.split()) for part in head.path if part)
    if head.index in proposal.table.computed:
        return FormColumn(head.index, head.letter, heading, "formula", said="表里的公式")
    if head.index in proposal.table.serial:
        return FormColumn(head.index, head.letter, heading, "serial", said="顺序号")
    match = proposal.listing.matches.get(head.index)
    if match is None:
        return FormColumn(head.index, head.letter, heading, "open")
    return FormColumn(head.index, head.letter, heading, "field", match.field.name, unit_said(match))


def as_json(done: Done, act: str | None = None) -> dict[str, Any]:
    """The document of `fill --json`."""
    proposal = done.proposal
    heads = {head.index: head.letter for head in proposal.table.heads}
    return {
        "out": str(done.result.out),
        "sheet": proposal.table.sheet.name,
        "ledger": proposal.listing.ledger.entity.name,
        "period": proposal.period.key,
        "rows": done.rows,
        "mapping": {heads[index]: match.field.name for index, match in proposal.listing.matches.items()},
        "block": {
            "first_row": proposal.table.first_row,
            "blank_rows": proposal.table.blank_rows,
        },
        "cells": {fixed.place: fixed.new for fixed in proposal.fixed},
        "notes": list(done.notes),
        "profile": proposal.profile.name if proposal.profile else None,
        "act": act,
    } | result_as_json(done.result)


def result_as_json(result: FillResult) -> dict[str, Any]:
    """What the fill engine did, place by place."""
    kinds = ("filled", "moved", "grown", "left_alone", "continued")
    said = {name: [{"where": n.where, "what": n.what} for n in getattr(result, name)] for name in kinds}
    parts = {"changed_parts": list(result.changed_parts), "removed_parts": list(result.removed_parts)}
    return said | parts | {"unchanged": result.unchanged}


def result_lines(result: FillResult) -> Iterator[str]:
    """What was done to a form, a line a place, and where it is."""
    if result.unchanged:
        yield "没有要填的内容，原样复制了一份。"
    for name, label in KINDS.items():
        for note in getattr(result, name):
            yield f"{label}{note.where} {note.what}".rstrip()
    yield f"已存为 {result.out}。"


def lines(done: Done) -> Iterator[str]:
    """What the clerk reads after filling."""
    yield from done.notes
    for fixed in done.proposal.fixed:
        yield f"{fixed.place}：{fixed.new}"
    yield from result_lines(done.result)
