"""A whole fill: which sheets are read, what depends on what is set, which parts change and how."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ledger_app.core.errors import LedgerError
from ledger_app.export.xlsx import anchored
from ledger_app.export.xlsx.book import TYPES_PART, Book, Sheet, relations_part
from ledger_app.export.xlsx.cells import ValueWriter
from ledger_app.export.xlsx.charts import chart
from ledger_app.export.xlsx.depend import Dependence, Places
from ledger_app.export.xlsx.groups import mark_expanded
from ledger_app.export.xlsx.headers import check_unused, formula_texts, new_headers, rename
from ledger_app.export.xlsx.job import SheetJob, prepare_sheet
from ledger_app.export.xlsx.plan import Plan
from ledger_app.export.xlsx.refs import Area
from ledger_app.export.xlsx.scan import SheetScan, has_formulas, scan_sheet
from ledger_app.export.xlsx.sheetwrite import SheetWriter
from ledger_app.export.xlsx.shift import Shifter
from ledger_app.export.xlsx.styles import Styles, read_styles
from ledger_app.export.xlsx.tables import sheet_tables
from ledger_app.export.xlsx.workbookparts import chain_part, edit_relations, edit_types, edit_workbook
from ledger_app.export.xlsx.zipcopy import Writer


class Work:
    """The fill of one workbook by one plan; after `prepare()`, `changed` and `removed` name the parts."""

    def __init__(self, book: Book, plan: Plan) -> None:
        self.book = book
        self.plan = plan
        self.jobs: dict[str, SheetJob] = {}
        self.scans: dict[str, SheetScan] = {}
        self.shifter = Shifter({})
        self.stale: Places = {}
        self.changed: dict[str, Writer] = {}
        self.removed: set[str] = set()
        self._texts: dict[str, bytes] = {}

    def prepare(self) -> None:
        styles = read_styles(self.book)
        for name, sheet_plan in self.plan.sheets.items():
            sheet = self.sheet(name)
            key = sheet.name.casefold()
            if key in self.jobs:
                raise LedgerError(f"工作表“{sheet.name}”在填表方案里出现了两次。", "bad_plan")
            if not sheet_plan.empty:
                self.jobs[key] = prepare_sheet(self.book, sheet, sheet_plan, styles)
                self.scans[key] = self.jobs[key].scan
        if not self.jobs:
            return
        self.shifter = Shifter({key: job.rows for key, job in self.jobs.items() if job.rows})
        self._scan_others()
        self._find_stale()
        for scan in self.scans.values():
            mark_expanded(scan, self.jobs.get(scan.sheet.name.casefold()), self.shifter)
        self._change_sheets(styles)
        self._change_workbook()
        if self.moves or self.stale:
            self._change_charts()
        if self.moves:
            self._change_anchored()
        self._change_headers()

    def sheet(self, name: str) -> Sheet:
        sheet = self.book.sheet(name)
        if sheet is None:
            names = "、".join(s.name for s in self.book.sheets)
            raise LedgerError(f"表格里没有名为“{name}”的工作表，只有：{names}。", "unknown_sheet")
        if sheet.kind != "worksheet":
            raise LedgerError(f"“{name}”是一张图表，不能填写单元格。", "unknown_sheet")
        return sheet

    @property
    def moves(self) -> bool:
        return bool(self.shifter.maps)

    def _scan_others(self) -> None:
        for sheet in self.book.sheets:
            key = sheet.name.casefold()
            if key in self.scans or sheet.kind != "worksheet":
                continue
            if self.moves or has_formulas(self.book.package, sheet):
                self.scans[key] = scan_sheet(self.book.package, sheet, set())

    def _find_stale(self) -> None:
        changed = {key: job.changed_areas() for key, job in self.jobs.items()}
        places = Dependence(self.book, self.scans.values()).dependents(changed, rows_move=self.moves)
        for key, job in self.jobs.items():
            places.get(key, set()).difference_update(job.places())
        self.stale = {key: found for key, found in places.items() if found}

    def _change_sheets(self, styles: Styles) -> None:
        for key, scan in self.scans.items():
            job = self.jobs.get(key)
            stale = {place for place in self.stale.get(key, set()) if self._has_result(scan, place)}
            values = ValueWriter(scan.prefix.decode(), styles, self.book.date1904)
            writer = SheetWriter(self.book.package, scan, job, self.shifter, values, stale)
            if job is not None or stale or writer.differs():
                self.changed[scan.sheet.part] = writer.write

    @staticmethod
    def _has_result(scan: SheetScan, place: tuple[int, int]) -> bool:
        cell = scan.formulas.get(place)
        return cell is None or cell.has_value

    def _change_workbook(self) -> None:
        package, part = self.book.package, self.book.part
        computed = bool(self.stale) or self._adds_formulas()
        self._put(part, edit_workbook(package.read(part), self.book, self.shifter, recalculate=computed))
        chain = chain_part(self.book)
        if chain is None or not self._chain_is_wrong():
            return
        self.removed.add(chain)
        relations = package.find(relations_part(part))
        types = package.find(TYPES_PART)
        if relations:
            self._put(relations, edit_relations(package.read(relations)))
        if types:
            self._put(types, edit_types(package.read(types), chain))

    def _adds_formulas(self) -> bool:
        return any(
            block.extra and row == block.block.first_row
            for job in self.jobs.values()
            for block in job.blocks
            for row, _ in job.scan.formulas
        )

    def _chain_is_wrong(self) -> bool:
        """A formula cell was added, moved or overwritten."""
        return self._adds_formulas() or any(
            any(job.rows.offset(row) for row, _ in job.scan.formulas)
            or any(place in job.scan.formulas for place in job.places())
            for job in self.jobs.values()
        )

    def _change_charts(self) -> None:
        areas = {key: job.changed_areas() for key, job in self.jobs.items()}

        def stale(sheet: str, area: Area) -> bool:
            return any(area.meets(other) for other in areas.get(sheet, ())) or any(
                area.holds(*place) for place in self.stale.get(sheet, ())
            )

        for part in self.book.parts_of_type("chart+xml", "chartex+xml"):
            self._put(part, chart(self.book.package.read(part), self.shifter, stale))

    def _change_anchored(self) -> None:
        for sheet in self.book.sheets:
            for part, change in self._hanging(sheet):
                self._put(part, change(self._text(part)))
        for part in self.book.parts_of_type("pivotCacheDefinition+xml"):
            self._put(part, anchored.pivot_source(self.book.package.read(part), self.shifter))

    def _hanging(self, sheet: Sheet) -> Iterator[tuple[str, Callable[[bytes], bytes]]]:
        """The parts that hang on a sheet, each with what is to be done to it."""
        rows, shifter, name = self.shifter.map_of(sheet.name), self.shifter, sheet.name
        for relation in self.book.relations(sheet.part):
            if relation.external or not relation.target:
                continue
            change: Callable[[bytes], bytes] | None = None
            match relation.kind:
                case "drawing":
                    change = lambda data: anchored.text_links(anchored.drawing(data, rows), shifter, name)  # noqa: E731
                case "comments" | "threadedComment":
                    change = lambda data: anchored.comments(data, rows)  # noqa: E731
                case "vmlDrawing":
                    change = lambda data: anchored.vml(data, rows, shifter, name)  # noqa: E731
                case "ctrlProp":
                    change = lambda data: anchored.text_links(data, shifter, name)  # noqa: E731
                case "table":
                    change = lambda data: anchored.table(data, shifter, name)  # noqa: E731
                case "tableSingleCells":
                    change = lambda data: anchored.single_cells(data, rows)  # noqa: E731
                case "pivotTable":
                    change = lambda data: anchored.pivot_place(data, shifter, name)  # noqa: E731
            if change is not None:
                yield relation.target, change

    def _change_headers(self) -> None:
        for job in self.jobs.values():
            for table in sheet_tables(self.book, job.sheet):
                if renamed := new_headers(table, job):
                    data = self._text(table.part)
                    check_unused(renamed, [*formula_texts(self.scans.values()), data.decode()])
                    self._put(table.part, rename(data, renamed))

    def _text(self, part: str) -> bytes:
        """A small part as it stands by now."""
        return self._texts[part] if part in self._texts else self.book.package.read(part)

    def _put(self, part: str, data: bytes) -> None:
        """A part's new text, if it is new."""
        if data != self._text(part):
            self._texts[part] = data
            self.changed[part] = lambda sink: sink.write(data)
