"""The plain form of a stored value: whole numbers as integers, so that equal values look equal."""

from __future__ import annotations

from decimal import Decimal
from typing import Any


def plain(value: Any) -> Any:
    """A float or Decimal without a fraction as int, another Decimal as float, all else unchanged."""
    if type(value) is float:
        return int(value) if value.is_integer() else value
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value
