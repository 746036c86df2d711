"""Writes docs/data_dictionary.md from the declarations: run it after changing a ledger."""

from __future__ import annotations

from pathlib import Path

from ledger_app.core.entities import LEDGERS
from ledger_app.core.entity import Entity
from ledger_app.core.fields import Choice, Date, Field, Links, Number, Ref

OUT = Path(__file__).parents[1] / "docs" / "data_dictionary.md"
ABOUT = """# Data dictionary

Made from the declarations in `ledger_app/core/entities/` by `build_spec/make_data_dictionary.py`. Every table also
has `id` (local to the file) and `uid` (the identity across files). Quantities are stored in the base unit given;
the unit on the screen stands beside it where it differs.
"""


def dictionary() -> str:
    """The whole page."""
    return ABOUT + "".join(_ledger(entity) for entity in LEDGERS)


def _ledger(entity: Entity) -> str:
    scope = f", where {entity.scope[0]} is {' or '.join(entity.scope[1])}" if entity.scope else ""
    key = f" Recognised by {', '.join(entity.key)}." if entity.key else ""
    head = f"\n## {entity.name} · {entity.label}\n\nTable `{entity.table}`{scope}.{key}\n\n"
    rows = "".join(_row(field) for field in entity.fields)
    return f"{head}| field | label | stored as | means |\n|---|---|---|---|\n{rows}"


def _row(field: Field) -> str:
    stored = ", ".join(f"`{c}`" for c in field.columns) or "–"
    required = " (required)" if field.required else ""
    return f"| {field.name}{required} | {field.label} | {stored} | {_meaning(field)} |\n"


def _meaning(field: Field) -> str:
    said = [_kind(field), field.hint]
    return " ".join(s for s in said if s).replace("|", "\\|").replace("\n", " ")


def _kind(field: Field) -> str:
    if isinstance(field, Number):
        shown = f", shown in {field.shown_in}" if field.shown_in else ""
        return f"{field.unit or 'number'}, {field.places} decimals{shown}."
    if isinstance(field, Choice):
        return f"one of {'、'.join(field.terms.values)}."
    if isinstance(field, Date):
        return "date, may be partial (2012, 2012-05)." if field.partial else "date."
    if isinstance(field, Links):
        return f"several of {field.target}, kept in `{field.through}`."
    if isinstance(field, Ref):
        stated = ", or as stated on paper" if field.stated else ""
        return f"reference to {field.target}{stated}."
    return "text."


if __name__ == "__main__":
    OUT.write_text(dictionary(), encoding="utf-8")
