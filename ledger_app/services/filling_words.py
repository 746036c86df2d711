"""A filled form, said: the JSON of the command line and the lines for the clerk."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

from ledger_app.export.fill import FillResult
from ledger_app.services.filling import Done

KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "filled": "已填",
        "moved": "下移",
        "grown": "范围扩大",
        "continued": "长文字转到下一行",
        "left_alone": "没有动的",
    }
)


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
            yield f"{label}：{note.where} {note.what}".rstrip()
    yield f"已存为 {result.out}。"


def lines(done: Done) -> Iterator[str]:
    """What the clerk reads after filling."""
    yield from done.notes
    for fixed in done.proposal.fixed:
        yield f"{fixed.place}：{fixed.new}"
    yield from result_lines(done.result)
