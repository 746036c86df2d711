"""The parameters a ledger states, in force on a day."""

from __future__ import annotations

from datetime import date

from ledger_app.core.entity import Registry
from ledger_app.core.fields import ReadContext
from ledger_app.core.parameters import Parameters, changed_words, in_force
from ledger_app.db import Connection


def parameters(conn: Connection, day: date) -> Parameters:
    names = ("name", "value", "valid_from", "valid_to", "document")
    rows = conn.execute(f"SELECT {', '.join(names)} FROM parameters ORDER BY id")
    return in_force((dict(zip(names, row, strict=True)) for row in rows), day)


def reading_context(conn: Connection, registry: Registry, today: date) -> ReadContext:
    """How cells are read on a day: with the code lists as the county has changed them."""
    return ReadContext(today, terms=changed_words(parameters(conn, today), registry.vocabularies))
