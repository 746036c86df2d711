"""The parameters a ledger states, in force on a day."""

from __future__ import annotations

from datetime import date

from ledger_app.core.parameters import Parameters, in_force
from ledger_app.db import Connection


def parameters(conn: Connection, day: date) -> Parameters:
    names = ("name", "value", "valid_from", "valid_to", "document")
    rows = conn.execute(f"SELECT {', '.join(names)} FROM parameters ORDER BY id")
    return in_force((dict(zip(names, row, strict=True)) for row in rows), day)
