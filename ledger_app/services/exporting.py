"""A filtered list as a formatted workbook that can be imported again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from ledger_app.core import units
from ledger_app.core.dates import show_date
from ledger_app.core.entity import Entity, Registry
from ledger_app.core.fields import Field, IdNumber, Links, Number, Phone, Text
from ledger_app.db import Connection
from ledger_app.db.queries import listing
from ledger_app.db.queries.listing import Query
from ledger_app.db.queries.parameters import parameters
from ledger_app.export.files import write_bytes
from ledger_app.export.ledger import ExportColumn, write_ledger
from ledger_app.export.mail import Draft, covering_sentence, write_draft
from ledger_app.export.report import Column, Report, Row, Section, Table
from ledger_app.services.opening import Session

BLOCK: Final = 2000


def export_ledger(
    session: Session,
    entity: Entity,
    query: Query,
    out: Path,
    *,
    fields: Sequence[str] | None = None,
    masked: bool = True,
) -> int:
    """Write the records a query finds; returns how many. Without `fields`: every field that holds
    something in these records."""
    conn, registry = session.conn, session.registry
    names = fields or filled_fields(conn, registry, entity, query)
    ids = listing.row_ids(conn, registry, entity, query)
    return export_rows(conn, registry, entity, ids, names, out, session.today, masked=masked)


def export_rows(
    conn: Connection,
    registry: Registry,
    entity: Entity,
    ids: Sequence[int],
    fields: Sequence[str],
    out: Path,
    today: date,
    *,
    masked: bool = True,
) -> int:
    """Write these rows in their order as a formatted workbook; returns how many. ID numbers and
    telephones are masked unless the clerk says otherwise. The file appears whole or not at all."""
    chosen = [entity.field(name) for name in fields]
    return write_ledger(
        out,
        f"{entity.label}台账",
        f"导出时间：{show_date(today.isoformat())}",
        [_column(f) for f in chosen],
        _rows(conn, registry, entity, chosen, ids, masked=masked),
        left_line=f"填报单位：{parameters(conn, today).text('bureau_name')}",
    )


def list_report(
    conn: Connection,
    registry: Registry,
    entity: Entity,
    ids: Sequence[int],
    fields: Sequence[str],
    today: date,
    *,
    said: str = "",
    masked: bool = True,
) -> Report:
    """The list as it is shown, as a paper to print: numbered rows, the filters in words under the title."""
    chosen = [entity.field(name) for name in fields]
    columns = (Column("n", "序号", places=0, width=3), *(Column(f.name, f.heading) for f in chosen))
    shown: list[Row] = []
    for start in range(0, len(ids), BLOCK):
        for row in listing.page(conn, registry, entity, ids[start : start + BLOCK], fields):
            texts = {f.name: f.show(row[f.name], masked=masked) for f in chosen}
            shown.append(Row({"n": len(shown) + 1} | texts, (row["_id"],)))
    day = show_date(today.isoformat())
    return Report(
        name=f"list-{entity.name}",
        title=f"{entity.label}台账",
        period=today.isoformat(),
        period_label=day,
        as_of=today,
        subtitle=f"{said}　共 {len(shown)} {entity.counter}　截至{day}".strip("　"),
        reporting_unit=parameters(conn, today).text("bureau_name"),
        sections=(Section("", (Table("", columns, tuple(shown)),)),),
        signature=(),
    )


def list_draft(title: str, unit: str, attachment: Path, out: Path, today: date) -> None:
    """A mail with the exported list attached and a covering sentence."""
    write_draft(Draft(title, covering_sentence(unit, [title], today), (attachment,)), out)


def keep_file(path: Path, content: bytes) -> None:
    """Write a finished file, whole or not at all."""
    write_bytes(path, content)


def filled_fields(conn: Connection, registry: Registry, entity: Entity, query: Query) -> list[str]:
    """The fields that hold something in at least one of the records, and the key in any case."""
    filled = listing.filled(conn, registry, entity, query)
    return [f.name for f in entity.fields if f.name in filled or f.name in entity.key]


def _column(field: Field) -> ExportColumn:
    kind = "remark" if isinstance(field, Text) and field.lines else field.kind
    unit = field.unit_label if isinstance(field, Number) else ""
    return ExportColumn(field.name, field.label, kind, unit)


def _rows(
    conn: Connection,
    registry: Registry,
    entity: Entity,
    fields: Sequence[Field],
    ids: Sequence[int],
    *,
    masked: bool,
) -> Iterator[Sequence[Any]]:
    names = [f.name for f in fields]
    cells = [_cell(f, masked=masked) for f in fields]
    for start in range(0, len(ids), BLOCK):
        found = listing.columns(conn, registry, entity, ids[start : start + BLOCK], names)
        yield from zip(*(_shown(*pair) for pair in zip(cells, found, strict=True)), strict=True)


def _shown(cell: Callable[[Any], Any] | None, values: list[Any]) -> list[Any]:
    """A column as it stands in the workbook; each distinct value is made once."""
    if cell is None:
        return values
    known: dict[Any, Any] = {}
    return [known[v] if v in known else known.setdefault(v, cell(v)) for v in values]


def _cell(field: Field, *, masked: bool) -> Callable[[Any], Any] | None:
    """How a stored value stands in the workbook; None where it stands as it is."""
    if isinstance(field, Number):
        unit = field.display_unit
        factor = units.factor_between(unit, field.unit) if unit else None
        return _in_unit(factor) if factor and factor != 1 else None
    if isinstance(field, Links):
        return field.show
    if masked and isinstance(field, IdNumber | Phone):
        return lambda value: field.show(value, masked=True) or None
    return None


def _in_unit(factor: Decimal) -> Callable[[Any], Any]:
    def convert(value: Any) -> Any:
        return None if value is None else units.plain(Decimal(str(value)) / factor)

    return convert
