"""How records and quantities are named in the sentences of rules and refusals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from ledger_app.core import units

_SHOWN: Final = 5


def well(row: Mapping[str, Any]) -> str:
    """井 150824…J0007, by its short number where the code is long: …J0007 alone says too little."""
    return f"井 {row['code']}"


def permit(row: Mapping[str, Any]) -> str:
    return f"许可证 {row['number']}"


def volume(m3: float | None) -> str:
    """12000 → 1.2 万m³."""
    if m3 is None:
        return "未填水量"
    shown = units.show(m3, units.find_unit("万m³"), 6, base="m³", trim=True)
    return f"{shown} 万m³"


def several(names: Sequence[str], counter: str = "") -> str:
    """A、B、C 等 12 眼: the first few by name, the rest by number."""
    listed = "、".join(names[:_SHOWN])
    return listed if len(names) <= _SHOWN else f"{listed} 等 {len(names)} {counter}".rstrip()
