"""Word documents: paragraphs and tables in document order, with automatic numbers as they print."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any

import docx
from docx.opc.exceptions import PackageNotFoundError
from lxml import etree

from ledger_app.core.errors import LedgerError
from ledger_app.ingest.documents.docx_numbering import Numbering
from ledger_app.ingest.documents.source import Line, Source
from ledger_app.ingest.documents.tables import Cell, add_table

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_MAX_PART = 150 * 2**20
_MAX_TOTAL = 600 * 2**20
_MAX_DEPTH = 8  # of tables in tables
_BREAKS = {f"{_W}br", f"{_W}cr"}
_DAMAGED = "这个文件已经损坏，打不开。请在 Word 或 WPS 里打开它，另存一份再读。"


def read_docx(data: bytes) -> Source:
    """The text of a docx with its lines; a damaged, encrypted or blown-up package is refused."""
    _check_package(data)
    try:
        document = docx.Document(io.BytesIO(data))
        body = document.element.body
        numbering = Numbering(_numbering_part(document), _styles(document))
    except (
        PackageNotFoundError,
        KeyError,
        ValueError,
        AttributeError,
        etree.XMLSyntaxError,
        zipfile.BadZipFile,
    ) as error:
        raise LedgerError(_DAMAGED, "document_damaged") from error
    writer = _Writer(numbering)
    writer.blocks(body, 0)
    if not writer.text():
        raise LedgerError(
            "这份 Word 文件里没有文字（可能只有图片），请先做文字识别（OCR）再读。", "document_scanned"
        )
    return Source(writer.text(), writer.source.lines, writer.source.artefacts)


def _check_package(data: bytes) -> None:
    """What the directory of the package says, before anything is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            entries = package.infolist()
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise LedgerError(_DAMAGED, "document_damaged") from error
    names = {entry.filename for entry in entries}
    if any(entry.flag_bits & 1 for entry in entries):
        raise LedgerError("这个文件加了密码，请先去掉密码再读。", "document_encrypted")
    if "OFD.xml" in names:
        raise LedgerError(
            "这是 OFD 版式文件，请用阅读软件另存为 PDF，或把文字复制出来再读。", "document_old_format"
        )
    if "[Content_Types].xml" not in names or not any(name.startswith("word/") for name in names):
        raise LedgerError("这不是 Word 文件（里面没有正文），请看是不是选错了文件。", "document_not_word")
    sizes = [entry.file_size for entry in entries]
    if max(sizes) > _MAX_PART or sum(sizes) > _MAX_TOTAL or len(entries) > 20_000:
        raise LedgerError("这个文件展开后大得不正常，可能有问题，没有打开。", "document_bomb")


def _numbering_part(document: Any) -> Any:
    """The numbering definitions; a document without lists has none."""
    for relation in document.part.rels.values():
        if relation.reltype.endswith("/numbering") and not relation.is_external:
            return relation.target_part.element
    return None


def _styles(document: Any) -> Any:
    for relation in document.part.rels.values():
        if relation.reltype.endswith("/styles") and not relation.is_external:
            return relation.target_part.element
    return None


class _Writer:
    """Writes the text of the document and notes where its lines stand."""

    def __init__(self, numbering: Numbering) -> None:
        self.source = Source("", [])
        self._numbering = numbering
        self._parts: list[str] = []
        self._length = 0

    def text(self) -> str:
        return "".join(self._parts)

    def blocks(self, parent: Any, depth: int) -> None:
        """Paragraphs and tables in the order they stand."""
        for element in _blocks(parent):
            if element.tag == f"{_W}tbl":
                self._table(element, depth)
            else:
                self.source.lines.extend(Line(start, end) for start, end in self._paragraph(element))

    def _paragraph(self, element: Any) -> list[tuple[int, int]]:
        """Write a paragraph; a line break inside it begins a new line."""
        number = self._numbering.printed(element)
        spans = []
        for order, words in enumerate(_text(element).split("\n")):
            words = (number + words) if order == 0 and words.strip() else words  # noqa: PLW2901
            start = self._length
            self._write(words + "\n")
            if words.strip():
                spans.append((start, start + len(words)))
        return spans

    def _write(self, words: str) -> None:
        self._parts.append(words)
        self._length += len(words)

    def _table(self, table: Any, depth: int) -> None:
        """A table with rows and cells; one inside a cell is read as part of the cell's text."""
        rows = [self._row(row, depth) for row in table.iterchildren(f"{_W}tr")]
        rows = [row for row in rows if any(cell.paragraphs for cell in row)]
        if rows:
            self._parts = [self.text()]
            add_table(self.source, self._parts[0], rows)

    def _row(self, row: Any, depth: int) -> list[Cell]:
        cells: list[Cell] = []
        for element in _cells(row):
            spans: list[tuple[int, int]] = []
            for block in _blocks(element):
                spans += self._inner(block, depth + 1) if block.tag == f"{_W}tbl" else self._paragraph(block)
            cells.append(Cell(tuple(spans), _continues(element)))
            cells += [Cell(())] * (_span(element) - 1)
        return cells

    def _inner(self, table: Any, depth: int) -> list[tuple[int, int]]:
        if depth > _MAX_DEPTH:
            return []
        rows = [self._row(row, depth) for row in table.iterchildren(f"{_W}tr")]
        return [span for row in rows for cell in row for span in cell.paragraphs]


def _blocks(parent: Any) -> Iterator[Any]:
    """The paragraphs and tables of a body or a cell, also those inside content controls and insertions."""
    for child in parent.iterchildren(etree.Element):
        if child.tag in {f"{_W}p", f"{_W}tbl"}:
            yield child
        elif child.tag in {f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}customXml", f"{_W}smartTag"}:
            yield from _blocks(child)


def _cells(row: Any) -> Iterator[Any]:
    for child in row.iterchildren(etree.Element):
        if child.tag == f"{_W}tc":
            yield child
        elif child.tag in {f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}customXml"}:
            yield from _cells(child)


def _continues(cell: Any) -> bool:
    """Whether a cell goes on with the one above it (vertical merge)."""
    merge = cell.find(f"{_W}tcPr/{_W}vMerge")
    return merge is not None and merge.get(f"{_W}val", "continue") == "continue"


def _span(cell: Any) -> int:
    span = cell.find(f"{_W}tcPr/{_W}gridSpan")
    value = span.get(f"{_W}val", "1") if span is not None else "1"
    return min(int(value), 64) if value.isdigit() else 1


def _text(paragraph: Any) -> str:
    """The words of a paragraph: no deleted or hidden text, no field codes, text boxes once."""
    parts: list[str] = []
    _collect(paragraph, parts, 0)
    return "".join(parts)


def _collect(element: Any, parts: list[str], depth: int) -> None:
    for child in element.iterchildren(etree.Element):
        if child.tag == f"{_W}t":
            parts.append((child.text or "").replace("\n", " "))
        elif child.tag == f"{_W}tab":
            parts.append("\t" if element.tag == f"{_W}r" else "")
        elif child.tag in _BREAKS:
            parts.append("\n")
        elif child.tag == f"{_W}noBreakHyphen":
            parts.append("-")
        elif child.tag in {_FALLBACK, f"{_W}pPr", f"{_W}del", f"{_W}rPr", f"{_W}instrText"} or _hidden(child):
            continue
        elif depth < 40:
            _collect(child, parts, depth + 1)
            if child.tag == f"{_W}p":  # a paragraph of a text box
                parts.append("\n")


def _hidden(run: Any) -> bool:
    mark = run.find(f"{_W}rPr/{_W}vanish") if run.tag == f"{_W}r" else None
    return mark is not None and mark.get(f"{_W}val", "1") not in {"0", "false", "off"}
