"""Regions: the level a name speaks of, the county at the root."""

from __future__ import annotations

from typing import Final

_LEVELS: Final = (
    ("苏木", "苏木"),
    ("街道办事处", "街道"),
    ("街道", "街道"),
    ("农场", "农场"),
    ("林场", "林场"),
    ("牧场", "牧场"),
    ("嘎查", "嘎查"),
    ("社区", "社区"),
    ("镇", "镇"),
    ("乡", "乡"),
    ("团", "团"),
    ("连", "连"),
    ("师", "师"),
    ("旗", "旗"),
    ("县", "县"),
    ("市", "市"),
    ("区", "区"),
    ("村", "村"),
)


def level_of(name: str) -> str | None:
    """The level a region's name ends in: 东升嘎查 → 嘎查; None where the name does not say."""
    return next((level for ending, level in _LEVELS if name.endswith(ending)), None)
