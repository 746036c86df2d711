"""What hangs on a rectification task: its measures in order, what was reported for its areas."""

from __future__ import annotations

from ledger_app.core.terms import YES_NO
from ledger_app.db import Connection
from ledger_app.db.queries import forms, rectifications
from ledger_app.services.reading_words import shortened
from ledger_app.services.record_facts import Line

YES, NO = YES_NO.values


def measures_of_task(conn: Connection, uid: str) -> list[Line]:
    """A line a measure, with whether it is done; it leads to the measure."""
    said = {YES: "已完成", NO: "未完成"}
    return [
        Line(
            shortened(f"{m['ordinal'] or ''}{m['text']}"),
            said.get(m["done"], ""),
            "rectification_measures",
            m["uid"],
        )
        for m in forms.measures_of(conn, [uid]).get(uid, ())
    ]


def areas_of_task(conn: Connection, uid: str) -> list[Line]:
    """A line an area: its name and what is reported for it."""
    return [Line(name, shortened(text)) for name, text in rectifications.areas_of(conn, uid)]
