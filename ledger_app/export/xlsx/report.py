"""What was done to a form, put together for the clerk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ledger_app.export.xlsx.blockjob import BlockJob
from ledger_app.export.xlsx.formulas import Formula, parse_formula
from ledger_app.export.xlsx.job import SheetJob
from ledger_app.export.xlsx.refs import Area, address, column_letters
from ledger_app.export.xlsx.result import FillResult, Note
from ledger_app.export.xlsx.rowmap import RowMap
from ledger_app.export.xlsx.work import Work
from ledger_app.export.xlsx.workbookparts import is_relative

MOST_NOTES = 200  # of one kind; a form with more has the rest counted in a last line


def describe(work: Work, out: Path) -> FillResult:
    return FillResult(
        out,
        filled=_some(note for job in work.jobs.values() for note in _filled(job)),
        moved=_some(note for job in work.jobs.values() for note in _moved(job)),
        grown=_some(_grown(work)),
        left_alone=_some(_left_alone(work, out)),
        continued=_some(note for job in work.jobs.values() for note in _continued(job)),
        changed_parts=tuple(i.filename for i in work.book.package.infos if i.filename in work.changed),
        removed_parts=tuple(sorted(work.removed)),
    )


def _some(notes: Iterator[Note]) -> list[Note]:
    listed = list(notes)
    if len(listed) <= MOST_NOTES:
        return listed
    return [*listed[:MOST_NOTES], Note("", f"还有 {len(listed) - MOST_NOTES} 处，不再列出。")]


def _at(sheet: str, text: str) -> str:
    return f"{sheet}!{text}"


def _filled(job: SheetJob) -> Iterator[Note]:
    for row, column in sorted(job.places()):
        yield Note(_at(job.sheet.name, address(job.rows.row(row), column)), "已填")
    for block in job.blocks:
        if columns := block.used:
            first = job.rows.row(block.block.first_row)
            area = Area(first, min(columns), first + len(block.rows) - 1, max(columns))
            yield Note(_at(job.sheet.name, area.text()), f"已填 {len(block.rows)} 行")


def _moved(job: SheetJob) -> Iterator[Note]:
    for insertion in job.rows.insertions:
        start = insertion.last + 1
        yield Note(
            _at(job.sheet.name, f"第 {start} 行起"),
            f"插入 {insertion.count} 行，移到第 {job.rows.row(start)} 行起",
        )


def _grown(work: Work) -> Iterator[Note]:
    for (sheet, before), after in work.shifter.grown.items():
        named = work.book.sheet(sheet)
        yield Note(_at(named.name if named else sheet, before), f"扩大为 {after}")


def _left_alone(work: Work, out: Path) -> Iterator[Note]:
    for job in work.jobs.values():
        yield from _kept_formulas(job)
        for block in job.blocks:
            for column in block.too_wide:
                where = _at(job.sheet.name, f"{column_letters(column)} 列")
                yield Note(where, "有文字比列宽，打印出来会被遮住")
    yield from _of_the_file(work, out)
    if work.moves:
        yield from _not_followed(work)


def _of_the_file(work: Work, out: Path) -> Iterator[Note]:
    if any(i.filename.lower().startswith("_xmlsignatures/") for i in work.book.package.infos):
        yield Note("文件", "原表带数字签名，填写后签名不再有效")
    if "macroEnabled" in work.book.content_type(work.book.part) and out.suffix.lower() != ".xlsm":
        yield Note("文件", "原表带宏，请存成 .xlsm，否则 Excel 打不开")


def _not_followed(work: Work) -> Iterator[Note]:
    for scan in work.scans.values():
        rows = work.shifter.map_of(scan.sheet.name)
        for (row, column), cell in scan.formulas.items():
            if reason := _unfollowed(scan.formula(cell)):
                yield Note(_at(scan.sheet.name, address(rows.row(row), column)), reason)
    for name in work.book.names:
        formula = parse_formula(name.text)
        if reason := _unfollowed(formula):
            yield Note(f"名称“{name.name}”", reason)
        elif is_relative(name.name, name.text):
            yield Note(f"名称“{name.name}”", "用的是相对位置，没有改动")


def _unfollowed(formula: Formula) -> str:
    if formula.blind:
        return "公式用 INDIRECT 或 OFFSET 找单元格，插行后请核对"
    if any("[" in (ref.sheet or "") for ref in formula.refs()):
        return "公式引用了别的文件，没有改动"
    return "公式跨多张工作表引用，没有改动" if formula.foreign else ""


def _kept_formulas(job: SheetJob) -> Iterator[Note]:
    """Columns of a block that were given values but hold formulas."""
    for block in job.blocks:
        for column in block.used:
            first, last = block.block.first_row, block.last_filled
            if any(job.is_computed(row, column) for row in range(first, min(last, first + 50) + 1)):
                where = address(job.rows.row(first), column)
                yield Note(_at(job.sheet.name, where), "这一列是公式，给的值没有填")


def _continued(job: SheetJob) -> Iterator[Note]:
    for block in job.blocks:
        for index in block.continued:
            yield Note(
                _at(job.sheet.name, f"第 {row_of(block, job.rows, index)} 行"), "文字太长，在下一行续写"
            )


def row_of(block: BlockJob, rows: RowMap, index: int) -> int:
    """The sheet row in which a row of a block stands."""
    return rows.row(block.block.first_row) + index
