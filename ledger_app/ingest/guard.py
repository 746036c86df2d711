"""Looks through a file before any parser sees it: what it really is, and whether it is safe to read."""

from __future__ import annotations

import posixpath
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, Literal

from ledger_app.core.errors import Problem
from ledger_app.ingest.package import MIB, Package
from ledger_app.ingest.refusals import refusal
from ledger_app.ingest.sheet_scan import SheetFacts, column_letters, scan_sheet
from ledger_app.ingest.string_scan import referred_text, scan_strings

Kind = Literal["xlsx", "xlsb", "ods", "xls", "csv", "html"]

MAX_FILE: Final = 128 * MIB
MAX_TEXT_FILE: Final = 64 * MIB
MAX_HTML_FILE: Final = 16 * MIB
MAX_CELLS: Final = 10_000_000  # rows × columns up to the last cell that holds something; 40 bytes each
MAX_STRING_TABLE: Final = 192 * MIB
MAX_REFERRED_TEXT: Final = 192 * MIB
MAX_FILLED: Final = 192 * MIB  # XML of cells that hold something: some 200,000 rows of a wide table
_SMALLEST_TEXT_CELL: Final = 22  # `<c t="s"><v>0</v></c>`

_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHER_MAGIC: Final = (
    (b"%PDF", "一份 PDF 文件"),
    (b"{\\rtf", "一份写字板文档"),
    (b"\xff\xd8\xff", "一张图片"),
    (b"\x89PNG", "一张图片"),
    (b"GIF8", "一张图片"),
    (b"Rar!", "一个压缩包"),
    (b"7z\xbc\xaf", "一个压缩包"),
    (b"\x1f\x8b", "一个压缩包"),
    (b"SQLite format 3", "一个数据库文件"),
)
_OLD_MAGIC: Final = (b"\x09\x00", b"\x09\x02", b"\x09\x04", b"\x09\x08")  # BIFF 2–5 without a container
_EXPECTED: Final[Mapping[str, tuple[Kind, ...]]] = {
    ".xlsx": ("xlsx",),
    ".xlsm": ("xlsx",),
    ".xltx": ("xlsx",),
    ".xlsb": ("xlsb",),
    ".ods": ("ods",),
    ".xls": ("xls",),
    ".et": ("xls", "xlsx"),
    ".htm": ("html",),
    ".html": ("html",),
    ".csv": ("csv",),
    ".txt": ("csv",),
    ".tsv": ("csv",),
}
_IN_WORDS: Final[Mapping[Kind, str]] = {
    "xlsx": "新版 Excel 表格（xlsx）",
    "xlsb": "Excel 二进制表格（xlsb）",
    "ods": "ods 表格",
    "xls": "旧版 Excel 表格（xls）",
    "csv": "文本表格（csv）",
    "html": "网页表格",
}


@dataclass(frozen=True, slots=True)
class Clearance:
    """A file that may be read, as what, and what its package tells about its sheets (xlsx only).

    `trusted`: the parser may see it in this process; otherwise only in a child with limits.
    """

    kind: Kind
    data: bytes = field(repr=False)
    trusted: bool
    notes: tuple[Problem, ...] = ()
    sheets: Mapping[str, SheetFacts] = field(default_factory=dict)


def inspect(path: Path) -> Clearance:
    """Read the file into memory and look through it once.

    Raises LedgerError: cannot_open, empty_file, damaged_file, not_a_workbook, encrypted, xml_entity,
    too_large, too_large_when_unpacked, formula_without_value.
    """
    data = _load(path)
    clearance = _look(data)
    expected = _EXPECTED.get(path.suffix.lower())
    if expected is None or clearance.kind in expected:
        return clearance
    text = f"文件名以 {path.suffix} 结尾，里面其实是{_IN_WORDS[clearance.kind]}，已按它本来的样子读取。"
    note = Problem(f"content_is_{clearance.kind}", text, "info")
    return replace(clearance, notes=(*clearance.notes, note))


def _load(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_FILE:
            raise refusal("too_large", limit=MAX_FILE // MIB)
        data = path.read_bytes()
    except OSError as error:
        raise refusal("cannot_open") from error
    if not data[:MIB].strip(b" \t\r\n\0\xef\xbb\xbf\xff\xfe"):
        raise refusal("empty_file")
    return data


def _look(data: bytes) -> Clearance:
    if data.startswith(b"PK"):
        return _look_into_package(data)
    if data.startswith(_OLE):
        return _look_into_ole(data)
    for magic, what in _OTHER_MAGIC:
        if data.startswith(magic):
            raise refusal("other_document", what=what)
    if data.startswith(_OLD_MAGIC) and b"\0" in data[:64]:
        raise refusal("old_format")
    return _look_at_text(data)


def _look_into_ole(data: bytes) -> Clearance:
    if _ole_name("EncryptedPackage") in data:
        raise refusal("encrypted")
    if _ole_name("WordDocument") in data:
        raise refusal("other_document", what="一份 Word 文档")
    if _ole_name("Workbook") not in data and _ole_name("Book") not in data:
        raise refusal("not_a_workbook")
    return Clearance("xls", data, trusted=False)


def _ole_name(name: str) -> bytes:
    return name.encode("utf-16-le")


def _look_at_text(data: bytes) -> Clearance:
    head = data[: 64 * 1024]
    is_utf16 = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    if not is_utf16 and not _is_text(head):
        raise refusal("damaged_file" if b"\0" in head else "not_a_workbook")
    lower = head.replace(b"\0", b"").lower()
    if b"urn:schemas-microsoft-com:office:spreadsheet" in lower and b"<workbook" in lower:
        raise refusal("old_format")
    is_html = lower.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith(b"<")
    if is_html and not (b"<table" in lower or b"<html" in lower):
        raise refusal("not_a_workbook")
    limit = MAX_HTML_FILE if is_html else MAX_TEXT_FILE
    if len(data) > limit:
        raise refusal("too_large", limit=limit // MIB)
    return Clearance("html" if is_html else "csv", data, trusted=True)


def _is_text(head: bytes) -> bool:
    control = sum(head.count(bytes([code])) for code in (*range(9), 11, *range(14, 32)))
    return b"\0" not in head and control * 1000 <= len(head)


def _look_into_package(data: bytes) -> Clearance:
    package = Package(data)
    for name in package.names():
        if name.endswith((".xml", ".rels")):
            package.check_prolog(name)
    if "xl/workbook.xml" in package:
        return _look_into_xlsx(package, data)
    if "xl/workbook.bin" in package:
        return _look_into_other(package, data, "xlsb")
    if package.small_part("mimetype").startswith(b"application/vnd.oasis.opendocument.spreadsheet"):
        if b"encryption-data" in package.small_part("meta-inf/manifest.xml"):
            raise refusal("encrypted")
        return _look_into_other(package, data, "ods")
    if "word/document.xml" in package:
        raise refusal("other_document", what="一份 Word 文档")
    raise refusal("not_a_workbook")


def _look_into_other(package: Package, data: bytes, kind: Kind) -> Clearance:
    """Unpack what the parser will unpack, only to count it."""
    for name in package.names(".bin" if kind == "xlsb" else "content.xml"):
        for _ in package.blocks(name):
            pass
    return Clearance(kind, data, trusted=False)


def _look_into_xlsx(package: Package, data: bytes) -> Clearance:
    parts = {name: part for name, part in _sheet_parts(package).items() if part in package}
    strings = "xl/sharedstrings.xml"
    lengths = scan_strings(package.blocks(strings)) if strings in package else None
    if strings in package and package.declared_size(strings) > MAX_STRING_TABLE:
        raise refusal("too_large_when_unpacked")
    longest = max(lengths, default=0) if lengths else 0
    unpacked = sum(map(package.declared_size, parts.values()))
    doubtful = longest * (unpacked // _SMALLEST_TEXT_CELL) > MAX_REFERRED_TEXT
    closely = doubtful or unpacked > MAX_FILLED
    facts = {name: scan_sheet(package.blocks(part), closely=closely) for name, part in parts.items()}
    _check_sizes(facts)
    if doubtful and lengths and longest * sum(sheet.texts for sheet in facts.values()) > MAX_REFERRED_TEXT:
        total = sum(referred_text(package.blocks(part), lengths) for part in parts.values())
        if total > MAX_REFERRED_TEXT:
            raise refusal("too_large_when_unpacked")
    utf16 = any(map(package.is_utf16, [*parts.values(), *([strings] if strings in package else [])]))
    odd = doubtful and not all(sheet.by_the_book for sheet in facts.values())
    return Clearance("xlsx", data, trusted=not (utf16 or odd), sheets=facts)


def _check_sizes(facts: Mapping[str, SheetFacts]) -> None:
    areas = {name: (sheet.last_row + 1) * (sheet.last_column + 1) for name, sheet in facts.items()}
    if sum(areas.values()) > MAX_CELLS:
        name = max(areas, key=areas.__getitem__)
        column = column_letters(facts[name].last_column).decode()
        raise refusal("too_many_cells", sheet=name, row=facts[name].last_row + 1, column=column)
    if sum(sheet.filled_bytes for sheet in facts.values()) > MAX_FILLED:
        raise refusal("too_large_when_unpacked")


def _sheet_parts(package: Package) -> dict[str, str]:
    """Sheet name → part, by way of the workbook's relations. Entities were refused before this parses.

    Sheets that share a part are refused: the parser would read it again for each of them.
    """
    try:
        workbook = ET.fromstring(package.small_part("xl/workbook.xml"))  # noqa: S314
        relations = ET.fromstring(package.small_part("xl/_rels/workbook.xml.rels"))  # noqa: S314
    except (ET.ParseError, LookupError, ValueError) as error:
        raise refusal("damaged_file") from error
    targets = {item.get("Id"): item.get("Target", "") for item in relations}
    sheets = [element for element in workbook.iter() if element.tag.endswith("}sheet")]
    found = {}
    for sheet in sheets:
        relation = next((value for key, value in sheet.items() if key.endswith("}id")), None)
        target = targets.get(relation, "")
        found[sheet.get("name", "")] = posixpath.normpath(posixpath.join("/xl", target))[1:].lower()
    if len(set(found.values())) < len(sheets):
        raise refusal("damaged_file")
    return found
