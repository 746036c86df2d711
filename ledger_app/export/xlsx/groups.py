"""Shared formulas: which may stay shared when rows are put in, and which get a text for each cell."""

from __future__ import annotations

from ledger_app.export.xlsx.formulas import Ref
from ledger_app.export.xlsx.job import SheetJob
from ledger_app.export.xlsx.refs import Area
from ledger_app.export.xlsx.scan import Group, SheetScan
from ledger_app.export.xlsx.shift import Shifter


def mark_expanded(scan: SheetScan, job: SheetJob | None, shifter: Shifter) -> None:
    set_places = set(job.places()) if job else set()
    for group in scan.groups.values():
        master = (group.master.row, group.master.column)
        group.expand = master in set_places or not _stays_shared(group, scan, shifter)


def _stays_shared(group: Group, scan: SheetScan, shifter: Shifter) -> bool:
    """Every cell of the group, and every row any of them reads, moves by one and the same amount."""
    if not shifter.maps:
        return True
    sheet, extent = scan.sheet.name, group.extent
    if not shifter.map_of(sheet).same_shift(extent.row1, extent.row2):
        return False
    return all(_uniform(ref, group, extent, sheet, shifter) for ref in group.formula.refs())


def _uniform(ref: Ref, group: Group, extent: Area, sheet: str, shifter: Shifter) -> bool:
    if ref.foreign or not ref.row1:
        return True
    rows = shifter.map_of(ref.sheet if ref.sheet is not None else sheet)
    if not rows:
        return True
    up, down = extent.row1 - group.master.row, extent.row2 - group.master.row
    for row, fixed in ((ref.row1, ref.fixed1), (ref.row2, ref.fixed2)):
        if not row or fixed:
            continue
        if not rows.same_shift(row + up, row + down):
            return False
        # A range that ends with a block grows for the cells it does so for, not for their neighbours.
        if any(row + up <= i.last <= row + down for i in rows.insertions):
            return False
    return True
