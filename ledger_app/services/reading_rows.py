"""What was read from a document as rows of the ledgers: texts as printed, nothing repaired."""

from __future__ import annotations

from typing import Any, Final

from ledger_app.core.rules.rectifications import status_of
from ledger_app.ingest.documents import Document
from ledger_app.ingest.documents.result import Found, Item, Publicity

Row = dict[str, Any]
YES, NO = "是", "否"
BETWEEN_HEADINGS: Final = "›"
BETWEEN_UNITS: Final = "、"


def source_of(document: Document, source_file: str) -> str:
    """What the document is called: its title, else its file's name."""
    return document.title.value if document.title else source_file or "粘贴的文字"


def task_row(document: Document, item: Item, source_file: str) -> Row:
    """A task as it would be stored, without what the document does not say."""
    status = _value(item.status_text)
    row = {
        "number": _value(item.number),
        "problem": _value(item.problem),
        "heading": BETWEEN_HEADINGS.join(heading.value for heading in item.path),
        "lead_unit": _value(item.lead_unit),
        "responsible_units": BETWEEN_UNITS.join(unit.value for unit in item.responsible_units),
        "acceptance_unit": _value(item.acceptance_unit),
        "deadline_text": _value(item.deadline_text),
        "deadline_on": _value(item.deadline),
        "continuing": YES if item.continuing else None,
        "goal": _value(item.goal),
        "status": status_of(status) if status else None,
        "status_text": status,
        "progress": "\n".join(paragraph.value for paragraph in item.progress),
        "source_file": source_file,
    }
    return _filled(row | _of_document(document))


def _of_document(document: Document) -> Row:
    publicity = document.publicity or Publicity()
    return {
        "source_title": _value(document.title),
        "issuer": _value(document.issuer),
        "issued_on": _value(document.issued_on),
        "phones": BETWEEN_UNITS.join(phone.value for phone in document.phones),
        "publicity_from": _value(publicity.first_on),
        "publicity_to": _value(publicity.last_on),
        "publicity_days": _days(publicity),
    }


def _days(publicity: Publicity) -> str | None:
    """10个工作日, 7天: as the notice says it."""
    if publicity.days is None:
        return None
    kind = _value(publicity.kind) or "天"
    return f"{publicity.days.value}{'' if kind in ('天', '日') else '个'}{kind}"


def measure_rows(item: Item) -> list[Row]:
    """The measures of a task in their order."""
    return [
        _filled(
            {
                "position": place,
                "ordinal": _value(measure.ordinal),
                "text": measure.text.value,
                "done": _yes_or_no(measure.done),
                "progress": _value(measure.progress),
            }
        )
        for place, measure in enumerate(item.measures, 1)
    ]


def area_rows(item: Item) -> list[Row]:
    return [
        {"position": place, "name": area.name.value, "text": area.text.value}
        for place, area in enumerate(item.areas, 1)
    ]


def _yes_or_no(found: Found[bool] | None) -> str | None:
    return None if found is None else (YES if found.value else NO)


def _value(found: Found[Any] | None) -> Any:
    return None if found is None else found.value


def _filled(row: Row) -> Row:
    return {name: value for name, value in row.items() if value not in (None, "")}
