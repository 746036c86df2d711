"""Modules that are imported when something of them is first wanted: half of a start is imports."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any, Final


class Late:
    """Stands for a module. What reads and judges typed values is not needed to show what is stored."""

    def __init__(self, name: str) -> None:
        self._name: Final = name

    def __getattr__(self, attribute: str) -> Any:
        return getattr(sys.modules.get(self._name) or import_module(self._name), attribute)


def late(*names: str) -> list[Any]:
    """The modules of core with these names."""
    return [Late(f"{__package__}.{name}") for name in names]
