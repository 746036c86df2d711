"""How names are spelt by their initials: what the marks in a table go by."""

from __future__ import annotations

from ledger_app.db import Connection


def initials(conn: Connection, name: str) -> list[str]:
    """The spellings of a name the ledger holds, a letter a character (大圣村3组 → dsc3z); else none."""
    row = conn.execute("SELECT initials FROM d_pinyin WHERE text = ?", (name,)).fetchone()
    return row[0].split("\n") if row and row[0] else []
