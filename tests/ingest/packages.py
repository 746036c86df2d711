"""Packages made by hand for the tests: what no library writes, good and bad."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_CONTENT = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def _relations(*targets: tuple[str, str]) -> str:
    items = "".join(
        f'<Relationship Id="rId{number}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, 1)
    )
    return f'{_XML}<Relationships xmlns="{_RELATIONS}">{items}</Relationships>'


def _content_types(overrides: Mapping[str, str]) -> str:
    items = "".join(f'<Override PartName="{part}" ContentType="{kind}"/>' for part, kind in overrides.items())
    return (
        f'{_XML}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{items}</Types>'
    )


def xlsx(
    path: Path, rows: str | Iterable[str], strings: Sequence[str] = (), before: str = "", prefix: str = ""
) -> Path:
    """A workbook of one sheet 表 from the XML of its rows; `before` stands in front of the rows."""
    tag = f"{prefix}:" if prefix else ""
    space = f"xmlns:{prefix}" if prefix else "xmlns"
    book = (
        f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        '<sheet name="表" sheetId="1" r:id="rId1"/></sheets></workbook>'
    )
    table = f'{_XML}<sst xmlns="{_MAIN}">' + "".join(f"<si><t>{text}</t></si>" for text in strings) + "</sst>"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        kinds = {
            "/xl/workbook.xml": f"{_CONTENT}.sheet.main+xml",
            "/xl/worksheets/sheet1.xml": f"{_CONTENT}.worksheet+xml",
            "/xl/sharedStrings.xml": f"{_CONTENT}.sharedStrings+xml",
        }
        package.writestr("[Content_Types].xml", _content_types(kinds))
        package.writestr("_rels/.rels", _relations(("officeDocument", "xl/workbook.xml")))
        package.writestr("xl/workbook.xml", book)
        related = (("worksheet", "worksheets/sheet1.xml"), ("sharedStrings", "sharedStrings.xml"))
        package.writestr("xl/_rels/workbook.xml.rels", _relations(*related))
        package.writestr("xl/sharedStrings.xml", table)
        with package.open("xl/worksheets/sheet1.xml", "w") as sheet:
            sheet.write(f'{_XML}<{tag}worksheet {space}="{_MAIN}">{before}<{tag}sheetData>'.encode())
            for row in [rows] if isinstance(rows, str) else rows:
                sheet.write(row.encode())
            sheet.write(f"</{tag}sheetData></{tag}worksheet>".encode())
    return path


def cell(reference: str, value: float | str, kind: str = "") -> str:
    """A numeric cell, or with kind "s" a reference to the string table."""
    return f'<c r="{reference}"{f" t={chr(34)}{kind}{chr(34)}" if kind else ""}><v>{value}</v></c>'


def ods(path: Path, table: str) -> Path:
    """An ODS document of one sheet from the XML of its rows."""
    names = " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"'
        for short in ("office", "table", "text")
    )
    content = (
        f'{_XML}<office:document-content {names}><office:body><office:spreadsheet><table:table table:name="表">'
        f"{table}</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    manifest = f'{_XML}<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        package.writestr("META-INF/manifest.xml", manifest)
        package.writestr("content.xml", content)
    return path


def xlsb(path: Path, rows: Sequence[Sequence[float | str]]) -> Path:
    """A binary workbook (MS-XLSB) of one sheet 表 with texts and numbers."""
    width = max(map(len, rows))
    records = [_record(129), _record(148, struct.pack("<4I", 0, len(rows) - 1, 0, width - 1)), _record(145)]
    for number, row in enumerate(rows):
        records.append(_record(0, struct.pack("<IIHBBBI", number, 0, 300, 0, 0, 0, 0)))
        for column, value in enumerate(row):
            place = struct.pack("<II", column, 0)
            text = isinstance(value, str)
            records.append(
                _record(
                    6 if text else 5,
                    place + (_text(value) if isinstance(value, str) else struct.pack("<d", value)),
                )
            )
    records += [_record(146), _record(130)]
    sheet = _record(156, struct.pack("<II", 0, 1) + _text("rId1") + _text("表"))
    kinds = {
        "/xl/workbook.bin": "application/vnd.ms-excel.sheet.binary.macroEnabled.main",
        "/xl/worksheets/sheet1.bin": "application/vnd.ms-excel.worksheet",
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", _content_types(kinds))
        package.writestr("_rels/.rels", _relations(("officeDocument", "xl/workbook.bin")))
        package.writestr("xl/workbook.bin", _record(131) + _record(143) + sheet + _record(144) + _record(132))
        package.writestr("xl/_rels/workbook.bin.rels", _relations(("worksheet", "worksheets/sheet1.bin")))
        package.writestr("xl/worksheets/sheet1.bin", b"".join(records))
    return path


def _record(kind: int, body: bytes = b"") -> bytes:
    return _seven_bits(kind) + _seven_bits(len(body)) + body


def _seven_bits(number: int) -> bytes:
    low, rest = number & 0x7F, number >> 7
    return bytes([low | 0x80]) + _seven_bits(rest) if rest else bytes([low])


def _text(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")
