"""Exact sums: quantities are REAL in the table and are added as scaled integers, never as floats."""

from __future__ import annotations

from decimal import Decimal


def scaled_sum(column: str, places: int) -> str:
    """The SQL that adds a column exactly: an integer in units of 10^-places (see `unscaled`)."""
    return f"SUM(CAST(ROUND({column} * {10**places}) AS INTEGER))"


def unscaled(total: int | None, places: int) -> Decimal | None:
    """The Decimal behind a scaled sum; None where nothing was added."""
    return None if total is None else Decimal(total).scaleb(-places)
