"""A new xlsx package around its sheets: always the same bytes for the same content, streamed as it is made.

Deflating happens in a second thread with one block in flight (zlib lets other threads run), so making rows
and packing them overlap while memory stays bounded.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import sleep
from typing import BinaryIO, Protocol, Self
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from ledger_app.core.errors import LedgerError
from ledger_app.export.sheet import clean_text, escape

ZIP_TIME = (1980, 1, 1, 0, 0, 0)
MAX_PART_BYTES = 2**31 - 2**20  # beyond this the zip needs extensions old spreadsheet programs refuse
BUNDLE_BYTES = 8 * 2**20
YIELD_SECONDS = 2e-5
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN_NS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATION_NS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE_NS = "http://schemas.openxmlformats.org/package/2006"
_TYPES = "application/vnd.openxmlformats-officedocument"
_BAD_IN_NAME = re.compile(r"[\[\]:*?/\\]")


class Writable(Protocol):
    def write(self, data: bytes, /) -> object: ...


@dataclass(frozen=True, slots=True)
class SheetPlan:
    """What the package must know of a sheet beforehand. Rows are counted from 1."""

    name: str
    print_rows: tuple[int, int] | None = None
    drawing: str = ""  # XML of the drawing part, "" for none
    pictures: tuple[bytes, ...] = ()  # PNG files the drawing names rId1, rId2 …


@dataclass(slots=True)
class Book:
    """Writes the parts of a workbook: first `open_book`, then each sheet in its order."""

    _zip: ZipFile
    _plans: Sequence[SheetPlan]
    filters: dict[int, str] = field(default_factory=dict)

    @contextmanager
    def sheet(self, index: int) -> Iterator[Writable]:
        """The stream of sheet `index`, counted from 0; it takes UTF-8 XML."""
        with self._zip.open(_entry(f"xl/worksheets/sheet{index + 1}.xml"), "w") as part, _Pump(part) as pump:
            yield pump

    def set_filter(self, index: int, reference: str) -> None:
        """Remember the range of the sheet's filter buttons ($A$3:$X$90)."""
        self.filters[index] = reference

    def part(self, name: str, data: bytes) -> None:
        self._zip.writestr(_entry(name), data)


@contextmanager
def open_book(file: BinaryIO, styles: bytes, plans: Sequence[SheetPlan], title: str = "") -> Iterator[Book]:
    """Write a workbook into `file`: the block writes the sheets, the rest goes in around them."""
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        book = Book(archive, plans)
        for name, text in _opening_parts(plans, title):
            book.part(name, text.encode())
        book.part("xl/styles.xml", styles)
        for index, plan in enumerate(plans):
            _write_pictures(book, index, plan)
        yield book
        book.part("xl/workbook.xml", _workbook_xml(plans, book.filters).encode())


def sheet_names(wanted: Iterable[str]) -> list[str]:
    """Names a spreadsheet program takes: no []:*?/\\, at most 31 characters, none twice, none empty."""
    taken: list[str] = []
    for number, name in enumerate(wanted, 1):
        base = _BAD_IN_NAME.sub("", clean_text(name).replace("\n", " ")).strip(" '")[:31] or f"表{number}"
        free, count = base, 1
        while free.casefold() in {other.casefold() for other in taken}:
            count += 1
            free = f"{base[: 29 - len(str(count))]}({count})"
        taken.append(free)
    return taken


class _Pump:
    """Hands bundles of blocks to a part in a second thread, one at a time.

    A bundle is large enough that deflating it outlasts the interpreter's switching of threads.
    """

    def __init__(self, part: Writable) -> None:
        self._part = part
        self._size = 0
        self._bundle: list[bytes] = []
        self._bundled = 0
        self._last: Future[object] | None = None
        self._thread = ThreadPoolExecutor(1)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, *exc: object) -> None:
        try:
            if kind is None:
                self._hand_over()
            self._wait()
        finally:
            self._thread.shutdown()

    def write(self, data: bytes) -> None:
        self._size += len(data)
        if self._size > MAX_PART_BYTES:
            raise LedgerError("这份清单太大，一个工作簿放不下。请先筛选，或少选几列，分几次导出。", "too_big")
        self._bundle.append(data)
        self._bundled += len(data)
        if self._bundled >= BUNDLE_BYTES:
            self._hand_over()
        if self._last is not None and not self._last.done():
            sleep(YIELD_SECONDS)

    def _hand_over(self) -> None:
        bundle, self._bundle, self._bundled = self._bundle, [], 0
        self._wait()
        self._last = self._thread.submit(self._pack, bundle)

    def _pack(self, bundle: list[bytes]) -> None:
        self._part.write(b"".join(bundle))

    def _wait(self) -> None:
        last, self._last = self._last, None
        if last is not None:
            last.result()


def _entry(name: str) -> ZipInfo:
    entry = ZipInfo(name, ZIP_TIME)
    entry.compress_type = ZIP_DEFLATED
    entry.create_system = 0  # the same bytes on every system
    entry.external_attr = 0
    return entry


def _opening_parts(plans: Sequence[SheetPlan], title: str) -> Iterator[tuple[str, str]]:
    yield "[Content_Types].xml", _content_types(plans)
    yield "_rels/.rels", _relations([("officeDocument", "xl/workbook.xml"), ("core", "docProps/core.xml")])
    yield (
        "docProps/core.xml",
        (
            f'{DECLARATION}<cp:coreProperties xmlns:cp="{PACKAGE_NS}/metadata/core-properties" '
            f'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{escape(clean_text(title))}</dc:title>'
            "</cp:coreProperties>"
        ),
    )
    sheets = [("worksheet", f"worksheets/sheet{number}.xml") for number in range(1, len(plans) + 1)]
    yield "xl/_rels/workbook.xml.rels", _relations([*sheets, ("styles", "styles.xml")])


def _content_types(plans: Sequence[SheetPlan]) -> str:
    main = f"{_TYPES}.spreadsheetml"
    parts = [("/xl/workbook.xml", f"{main}.sheet.main+xml"), ("/xl/styles.xml", f"{main}.styles+xml")]
    parts.append(("/docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml"))
    for number, plan in enumerate(plans, 1):
        parts.append((f"/xl/worksheets/sheet{number}.xml", f"{main}.worksheet+xml"))
        if plan.drawing:
            parts.append((f"/xl/drawings/drawing{number}.xml", f"{_TYPES}.drawing+xml"))
    overrides = "".join(f'<Override PartName="{name}" ContentType="{kind}"/>' for name, kind in parts)
    return (
        f'{DECLARATION}<Types xmlns="{PACKAGE_NS}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Default Extension="png" ContentType="image/png"/>{overrides}</Types>'
    )


def _relations(targets: Iterable[tuple[str, str]]) -> str:
    core = f"{PACKAGE_NS}/relationships/metadata/core-properties"
    lines = "".join(
        f'<Relationship Id="rId{number}" Type="{core if kind == "core" else f"{RELATION_NS}/{kind}"}" '
        f'Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, 1)
    )
    return f'{DECLARATION}<Relationships xmlns="{PACKAGE_NS}/relationships">{lines}</Relationships>'


def _write_pictures(book: Book, index: int, plan: SheetPlan) -> None:
    if not plan.drawing:
        return
    number = index + 1
    book.part(f"xl/drawings/drawing{number}.xml", plan.drawing.encode())
    media = [f"chart{number}_{picture}.png" for picture in range(1, len(plan.pictures) + 1)]
    for name, data in zip(media, plan.pictures, strict=True):
        book.part(f"xl/media/{name}", data)
    pictures = _relations([("image", f"../media/{name}") for name in media])
    book.part(f"xl/drawings/_rels/drawing{number}.xml.rels", pictures.encode())
    drawing = _relations([("drawing", f"../drawings/drawing{number}.xml")])
    book.part(f"xl/worksheets/_rels/sheet{number}.xml.rels", drawing.encode())


def _workbook_xml(plans: Sequence[SheetPlan], filters: dict[int, str]) -> str:
    sheets = "".join(
        f'<sheet name="{escape(plan.name)}" sheetId="{number}" r:id="rId{number}"/>'
        for number, plan in enumerate(plans, 1)
    )
    names = "".join(_defined_names(plans, filters))
    return (
        f'{DECLARATION}<workbook xmlns="{MAIN_NS}" xmlns:r="{RELATION_NS}"><bookViews><workbookView/></bookViews>'
        f"<sheets>{sheets}</sheets>{f'<definedNames>{names}</definedNames>' if names else ''}</workbook>"
    )


def _defined_names(plans: Sequence[SheetPlan], filters: dict[int, str]) -> Iterator[str]:
    for index, plan in enumerate(plans):
        quoted = escape("'" + plan.name.replace("'", "''") + "'")
        if index in filters:
            yield (
                f'<definedName name="_xlnm._FilterDatabase" localSheetId="{index}" hidden="1">'
                f"{quoted}!{filters[index]}</definedName>"
            )
        if plan.print_rows:
            first, last = plan.print_rows
            yield (
                f'<definedName name="_xlnm.Print_Titles" localSheetId="{index}">'
                f"{quoted}!${first}:${last}</definedName>"
            )
