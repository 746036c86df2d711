"""REF: what a paper names and the ledger does not have; it is linked when the record arrives."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ledger_app.core.rules import saying
from ledger_app.core.rules.findings import Finding, Row


def unknown(rows: Iterable[Row]) -> Iterator[Finding]:
    """Rows: ledger and uid of the record that names something, `said` what it is called itself, `verb`
    how it names it, `stated` the texts (a list), `missing` the label of the ledger that lacks them."""
    for row in rows:
        names = saying.several(row["stated"])
        text = f"{row['said']}{row['verb']} {names}，{row['missing']}台账里没有。"
        yield Finding("REF", "warning", text, row["ledger"], row["uid"])
