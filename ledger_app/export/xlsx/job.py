"""What a plan means for one sheet: the sheet read, the plan held against it, the rows counted."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from ledger_app.core.errors import LedgerError
from ledger_app.export.xlsx.blockjob import BlockJob, make_block_job
from ledger_app.export.xlsx.book import Book, Sheet
from ledger_app.export.xlsx.edges import merge_moved
from ledger_app.export.xlsx.plan import MAX_CELL_TEXT, SheetPlan, Value
from ledger_app.export.xlsx.prototype import sample_rows
from ledger_app.export.xlsx.refs import MAX_COLUMN, MAX_ROW, Area, address
from ledger_app.export.xlsx.rowmap import Insertion, RowMap
from ledger_app.export.xlsx.scan import Columns, SheetScan, merged_areas, read_columns, scan_sheet
from ledger_app.export.xlsx.styles import Styles


@dataclass(slots=True)
class SheetJob:
    """A sheet of the plan. `cells` are the single cells by row and column, nothings left out."""

    sheet: Sheet
    scan: SheetScan
    columns: Columns
    cells: dict[int, dict[int, Value]]
    blocks: list[BlockJob]
    rows: RowMap

    def places(self) -> Iterator[tuple[int, int]]:
        return ((row, column) for row, values in self.cells.items() for column in values)

    def set_areas(self) -> list[Area]:
        """The template's cells that take a value."""
        areas = [Area(row, column, row, column) for row, column in self.places()]
        for job in self.blocks:
            first = job.block.first_row
            areas += [Area(first, column, job.last_filled, column) for column in job.used]
        return areas

    def changed_areas(self) -> list[Area]:
        """The template's cells whose content changes; a block that grows counts with its whole last row."""
        lasts = [job.block.last_row for job in self.blocks if job.extra]
        return self.set_areas() + [Area(last, 1, last, MAX_COLUMN) for last in lasts]

    def values_of(self, row: int) -> dict[int, Value]:
        """What one row of the template takes; formula cells only what is in `cells`."""
        values: dict[int, Value] = {}
        for job in self.blocks:
            if job.block.first_row <= row <= job.last_filled:
                given = zip(job.block.columns, job.rows[row - job.block.first_row], strict=False)
                values = {c: v for c, v in given if v is not None and not self.is_computed(row, c)}
        values.update(self.cells.get(row, {}))
        return values

    def height_of(self, row: int) -> float | None:
        for job in self.blocks:
            if job.block.first_row <= row <= job.last_filled:
                return job.heights.get(row - job.block.first_row)
        return None

    def is_computed(self, row: int, column: int) -> bool:
        return (row, column) in self.scan.formulas or (
            bool(self.scan.arrays) and self.scan.array_at(row, column) is not None
        )

    def touched_rows(self) -> list[int]:
        rows = set(self.cells)
        for job in self.blocks:
            rows.update(range(job.block.first_row, job.last_filled + 1))
        return sorted(rows)


def prepare_sheet(book: Book, sheet: Sheet, plan: SheetPlan, styles: Styles) -> SheetJob:
    """The sheet read and the plan checked against it."""
    wanted = {row for block in plan.blocks for row in sample_rows(block)}
    scan = scan_sheet(book.package, sheet, wanted)
    merges = merged_areas(scan.tail)
    columns = read_columns(scan.head)
    blocks = [make_block_job(block, scan, columns, merges, styles) for block in plan.blocks]
    rows = RowMap([Insertion(b.block.first_row, b.block.last_row, b.extra) for b in blocks])
    cells: dict[int, dict[int, Value]] = {}
    for (row, column), value in plan.cells.items():
        if value is not None:
            cells.setdefault(row, {})[column] = value
    job = SheetJob(sheet, scan, columns, cells, blocks, rows)
    _check_cells(job)
    _check_merges(job, merges)
    _check_arrays(job)
    if any(rows.row(b.block.last_row) + b.extra > MAX_ROW for b in blocks):
        raise too_many_rows(sheet.name)
    return job


def too_many_rows(sheet: str) -> LedgerError:
    return LedgerError(f"工作表“{sheet}”放不下这么多行，请分成几个文件填。", "too_many_rows")


def _check_cells(job: SheetJob) -> None:
    """Single cells hold what fits, and none that a block fills too (a formula it leaves alone apart)."""
    for row, column in job.places():
        value, where = job.cells[row][column], f"工作表“{job.sheet.name}”的 {address(row, column)} "
        if isinstance(value, str) and len(value) > MAX_CELL_TEXT:
            raise LedgerError(f"{where}放不下 {len(value)} 个字，一格最多 {MAX_CELL_TEXT} 个字。", "too_long")
        for block in job.blocks:
            if not job.is_computed(row, column) and (row, column) in _block_cells(block, row):
                raise LedgerError(f"{where}在填表方案里既在填表区又单独写了一次。", "bad_plan")


def _block_cells(job: BlockJob, row: int) -> Iterator[tuple[int, int]]:
    """The cells of one row of the template that a block gives a value."""
    if job.block.first_row <= row <= job.last_filled:
        values = job.rows[row - job.block.first_row]
        yield from ((row, c) for c, v in zip(job.block.columns, values, strict=False) if v is not None)


def _check_merges(job: SheetJob, merges: list[Area]) -> None:
    """A value may only go to the first cell of a merged area."""
    singles = sorted(job.places())
    for merge in merges:
        inside = singles[bisect_left(singles, (merge.row1, 0)) : bisect_left(singles, (merge.row2 + 1, 0))]
        for block in job.blocks:
            inside += _taking_cells(job, block, merge)
        for row, column in inside:
            if merge.holds(row, column) and (row, column) != (merge.row1, merge.column1):
                raise _merged(job, merge, row, column)


def _taking_cells(job: SheetJob, block: BlockJob, merge: Area) -> Iterator[tuple[int, int]]:
    """The cells of a block's rows in a merged area that take a value; for the rows put in, the prototype's
    and, where the area reaches over them, one of its further rows."""
    first, last = block.block.first_row, block.block.last_row
    for row in range(max(first, merge.row1), min(block.last_filled, merge.row2) + 1):
        yield from (cell for cell in _block_cells(block, row) if not job.is_computed(*cell))
    if not block.extra:
        return
    rows_over = merge.row1 <= last <= merge.row2 and merge_moved(merge, job.rows).row2 > job.rows.row(last)
    for column in block.used_below:
        if not job.is_computed(first, column):
            yield first, column
            if rows_over:
                yield min(last + 1, merge.row2), column


def _merged(job: SheetJob, merge: Area, row: int, column: int) -> LedgerError:
    return LedgerError(
        f"工作表“{job.sheet.name}”的 {address(row, column)} 在合并单元格 {merge.text()} 里，"
        f"只能填在左上角的 {address(merge.row1, merge.column1)}。",
        "merged",
    )


def _check_arrays(job: SheetJob) -> None:
    """Part of an array cannot be set, and rows can only go into one that works row by row."""
    for row, column in job.places():
        array = job.scan.array_at(row, column)
        if array and array.area and array.area.text() != address(row, column):
            raise LedgerError(
                f"工作表“{job.sheet.name}”的 {address(row, column)} 属于数组公式 {array.area.text()}，"
                "不能单独改其中一格。",
                "array",
            )
    for array in job.scan.arrays:
        area = array.area
        cut = [i for i in job.rows.insertions if area and area.row1 <= i.last < area.row2]
        if cut and area and not job_array_grows(job, area):
            raise LedgerError(
                f"工作表“{job.sheet.name}”的公式区域 {area.text()} 跨过要插入的行，请先把它拆开再填。",
                "array",
            )


def job_array_grows(job: SheetJob, area: Area) -> bool:
    """Whether an array works row by row, so that new rows may join it: all it reads are single cells and
    ranges with the array's own rows."""
    cell = next((a for a in job.scan.arrays if a.area == area), None)
    if cell is None or cell.kind == "dataTable" or area.row1 == area.row2:
        return False
    for ref in job.scan.formula(cell).refs():
        read = ref.area()
        at_home = ref.sheet is None or ref.sheet.casefold() == job.sheet.name.casefold()
        if ref.separator and not (at_home and (read.row1, read.row2) == (area.row1, area.row2)):
            return False
    return True
