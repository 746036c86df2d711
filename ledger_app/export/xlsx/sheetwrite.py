"""The second pass over a sheet: its XML written again with what the job changes, as a stream."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ledger_app.core.errors import LedgerError
from ledger_app.export.xlsx.blockjob import BlockJob
from ledger_app.export.xlsx.cells import RowEdit, RowEditor, ValueWriter, formula_element, moved_places
from ledger_app.export.xlsx.edges import EdgeEditor, add_merges, around, wider_dimension
from ledger_app.export.xlsx.job import SheetJob, job_array_grows, too_many_rows
from ledger_app.export.xlsx.package import DAMAGED, Package
from ledger_app.export.xlsx.prototype import read_prototype
from ledger_app.export.xlsx.refs import MAX_ROW, Area, parse_area
from ledger_app.export.xlsx.rowmap import RowMap
from ledger_app.export.xlsx.rows import RowMaker
from ledger_app.export.xlsx.scan import FormulaCell, SheetScan, read_columns
from ledger_app.export.xlsx.sheetxml import VALUE, Row, SheetStream
from ledger_app.export.xlsx.shift import Home, Shifter
from ledger_app.export.xlsx.xmltext import drop, get, put
from ledger_app.export.xlsx.zipcopy import Sink

_FLUSH = 1 << 19
_EMPTY_DATA = re.compile(rb"\s*/>$")


class _Buffered:
    """Gathers small pieces so that the compressor sees large ones."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._pieces: list[bytes] = []
        self._size = 0

    def write(self, data: bytes, /) -> None:
        self._pieces.append(data)
        self._size += len(data)
        if self._size > _FLUSH:
            self.flush()

    def flush(self) -> None:
        self._sink.write(b"".join(self._pieces))
        self._pieces, self._size = [], 0


class FormulaRewriter:
    """What becomes of each `<f>` of a sheet when references are followed."""

    def __init__(self, scan: SheetScan, shifter: Shifter, job: SheetJob | None) -> None:
        self.scan = scan
        self.shifter = shifter
        self.job = job

    def __call__(self, row: int, column: int, match: re.Match[bytes]) -> bytes | None:
        cell = self.scan.formulas[row, column]
        home = Home(self.scan.sheet.name, row)
        if cell.kind == "shared" and (group := self.scan.groups.get(cell.group)):
            if group.expand:
                text = self.shifter.shifted(group.at(row, column), home).text()
                return formula_element(match, drop(match["attrs"], b"t", b"si", b"ref"), text)
            if not cell.text:
                return None
        text = self.shifter.formula(cell.text, home)
        attrs = self._attributes(match["attrs"], cell)
        if text == cell.text and attrs == match["attrs"]:
            return None
        return formula_element(match, attrs, text)

    def _attributes(self, attrs: bytes, cell: FormulaCell) -> bytes:
        rows = self.shifter.map_of(self.scan.sheet.name)
        if not rows or not attrs:
            return attrs
        for name in (b"ref", b"r1", b"r2"):
            area = parse_area(get(attrs, name) or "")
            if area is None:
                continue
            grows = bool(
                name == b"ref" and cell.kind == "array" and self.job and job_array_grows(self.job, area)
            )
            new = rows.area(area, grows)
            attrs = attrs if new == area else put(attrs, name, new.text())
        return attrs


class SheetWriter:
    """Writes one sheet again. `job` is None for a sheet that only has formulas to be followed; `stale`
    are its cells whose stored results are dropped."""

    def __init__(
        self,
        package: Package,
        scan: SheetScan,
        job: SheetJob | None,
        shifter: Shifter,
        writer: ValueWriter,
        stale: set[tuple[int, int]],
    ) -> None:
        self.package = package
        self.scan = scan
        self.job = job
        self.shifter = shifter
        self.writer = writer
        self.rows: RowMap = shifter.map_of(scan.sheet.name)
        columns = read_columns(scan.head)
        self._column_style = columns.styles()
        self._editor = RowEditor(writer, FormulaRewriter(scan, shifter, job), self._column_style)
        self._stale: dict[int, set[int]] = {}
        for row, column in stale:
            self._stale.setdefault(row, set()).add(column)
        expanding = any(group.expand for group in scan.groups.values())
        follows = expanding or any(shifter.maps.values())
        self._formula_rows = {row for row, _ in scan.formulas} if follows else set()
        self._last = 0

    def head(self) -> bytes:
        head = self.scan.head
        if any(self.shifter.maps.values()):
            head = EdgeEditor(self.scan.sheet.name, self.shifter).edit(head)
        used = self._used()
        if self.rows or used:
            head = wider_dimension(head, used, self.rows)
        return head

    def tail(self) -> bytes:
        tail = self.scan.tail
        if any(self.shifter.maps.values()):
            tail = EdgeEditor(self.scan.sheet.name, self.shifter).edit(tail)
            tail = add_merges(tail, self._cloned_merges())
        return tail

    def differs(self) -> bool:
        """Whether following the references changes anything on a sheet that sets nothing."""
        if any(group.expand for group in self.scan.groups.values()):
            return True
        if not any(self.shifter.maps.values()):
            return False
        if (self.head(), self.tail()) != (self.scan.head, self.scan.tail):
            return True
        home = self.scan.sheet.name
        return any(
            cell.text and self.shifter.formula(cell.text, Home(home, cell.row)) != cell.text
            for cell in self.scan.formulas.values()
        )

    def write(self, sink: Sink) -> None:
        out = _Buffered(sink)
        stream = SheetStream(self.package.blocks(self.scan.sheet.part))
        head = self.head()
        todo = self._todo()
        if not stream.has_rows and todo:
            p = stream.prefix
            out.write(_EMPTY_DATA.sub(b">", head))
            self._emit(todo, MAX_ROW + 1, out)
            out.write(b"</" + p + b"sheetData>")
        else:
            out.write(head)
            for row in stream.rows():
                if row.number <= self._last:
                    raise LedgerError(DAMAGED, "damaged")
                self._emit(todo, row.number, out)
                out.write(self._row(row, todo))
                self._last = row.number
            self._emit(todo, MAX_ROW + 1, out)
        out.write(self.tail())
        out.flush()

    # The rows that are set, and after each block that grows the place where its new rows go, last first.
    def _todo(self) -> list[tuple[int, BlockJob | None]]:
        if self.job is None:
            return []
        todo: list[tuple[int, BlockJob | None]] = [(row, None) for row in self.job.touched_rows()]
        todo += [(job.block.last_row, job) for job in self.job.blocks if job.extra]
        return sorted(todo, key=lambda item: (item[0], item[1] is not None), reverse=True)

    def _emit(self, todo: list[tuple[int, BlockJob | None]], before: int, out: _Buffered) -> None:
        """What is due before the template's row `before`: rows it does not have, and blocks' new rows."""
        while todo and todo[-1][0] < before:
            number, block = todo.pop()
            if block is not None:
                for piece in self._inserted(block):
                    out.write(piece)
            elif (new := self._created(number)) is not None:
                out.write(new)

    def _row(self, row: Row, todo: list[tuple[int, BlockJob | None]]) -> bytes:
        number = row.number
        new = self.rows.row(number) if self.rows else number
        if new > MAX_ROW:
            return self._dropped(row)
        stale = self._stale.get(number, set())
        if todo and todo[-1] == (number, None):
            todo.pop()
            assert self.job is not None  # noqa: S101 - only a job gives rows to do
            return self._editor.edit(
                row, RowEdit(new, self.job.values_of(number), stale, self.job.height_of(number))
            )
        if stale or number in self._formula_rows:
            return self._editor.edit(row, RowEdit(new, {}, stale))
        if new != number:
            return row.gap + moved_places(row.xml, new)
        return row.gap + row.xml

    def _dropped(self, row: Row) -> bytes:
        """A row pushed over the sheet's end: only one without content may go."""
        if VALUE.search(row.xml) or row.number in self._formula_rows or b"<is" in row.xml:
            raise too_many_rows(self.scan.sheet.name)
        return b""

    def _created(self, number: int) -> bytes | None:
        assert self.job is not None  # noqa: S101
        values = {c: v for c, v in self.job.values_of(number).items() if v != ""}
        if not values:
            return None
        p, new = self.writer.prefix.encode(), self.rows.row(number)
        cells = [
            self.writer.cell(new, column, self._column_style.get(column, 0), values[column])
            for column in sorted(values)
        ]
        height = self.job.height_of(number)
        tall = f' ht="{height:g}" customHeight="1"'.encode() if height else b""
        return b"<" + p + b'row r="%d"' % new + tall + b">" + b"".join(cells) + b"</" + p + b"row>"

    def _inserted(self, job: BlockJob) -> Iterator[bytes]:
        prototype = read_prototype(self.scan, job.block, self.shifter)
        fields = {column: index for index, column in enumerate(job.block.columns)}
        maker = RowMaker(prototype, fields, self.writer, self._column_style)
        first = self.rows.row(job.block.last_row) + 1
        return maker.chunks(job.values, job.block.blank_rows, first, job.heights)

    def _cloned_merges(self) -> Iterator[Area]:
        for job in self.job.blocks if self.job else ():
            first = self.rows.row(job.block.last_row) + 1
            for merge in job.merges:
                for row in range(first, first + job.extra):
                    yield Area(row, merge.column1, row, merge.column2)

    def _used(self) -> Area | None:
        """The cells of the filled sheet that are set."""
        if self.job is None:
            return None
        areas = [self.rows.area(area, grows=False) for area in self.job.set_areas()]
        for job in self.job.blocks:
            if job.extra and (columns := job.used_below):
                last = self.rows.row(job.block.last_row) + job.extra
                areas.append(Area(last, min(columns), last, max(columns)))
        return around(areas) if areas else None
