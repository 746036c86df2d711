"""Workbooks written by hand for tests, and packages taken apart into the raw bytes of their entries."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from pathlib import Path

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
DATE = (2020, 2, 29, 12, 34, 56)

# Style 1 wraps at 11 points, 2 is a date, 3 is text, 4 a built-in Chinese date.
STYLES = (
    f'{DECLARATION}<styleSheet xmlns="{MAIN}"><numFmts count="1">'
    '<numFmt numFmtId="164" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;"/></numFmts>'
    '<fonts count="1"><font><sz val="11"/></font></fonts><fills count="1"><fill><patternFill/></fill></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="5"><xf numFmtId="0" fontId="0"/>'
    '<xf numFmtId="0" fontId="0"><alignment wrapText="1"/></xf><xf numFmtId="164" fontId="0"/>'
    '<xf numFmtId="49" fontId="0"/><xf numFmtId="31" fontId="0"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


def sheet(rows: str, *, before: str = "", after: str = "", root: str = "") -> str:
    """A worksheet part from the XML of its rows and of what stands around them."""
    opening = f'<worksheet xmlns="{MAIN}" xmlns:r="{RELATIONS}"{root}>'
    return f"{DECLARATION}{opening}{before}<sheetData>{rows}</sheetData>{after}</worksheet>"


def relations(*items: tuple[str, str]) -> str:
    """A relations part: (last word of the type, target) of rId1, rId2, …"""
    lines = "".join(
        f'<Relationship Id="rId{n}" Type="{RELATIONS}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(items, 1)
    )
    return f'{DECLARATION}<Relationships xmlns="{PACKAGE}/relationships">{lines}</Relationships>'


def parts_of(
    sheets: Mapping[str, str],
    *,
    names: str = "",
    calculation: str = "",
    properties: str = "",
    extra: Mapping[str, str] | None = None,
    types: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """The parts of a workbook; `extra` are further parts, `types` their content types."""
    listed = "".join(
        f'<sheet name="{name}" sheetId="{n}" r:id="rId{n}"/>' for n, name in enumerate(sheets, 1)
    )
    defined = f"<definedNames>{names}</definedNames>" if names else ""
    extra, types = dict(extra or {}), dict(types or {})
    targets = [("worksheet", f"worksheets/sheet{n}.xml") for n in range(1, len(sheets) + 1)]
    targets.append(("styles", "styles.xml"))
    if "xl/calcChain.xml" in extra:
        targets.append(("calcChain", "calcChain.xml"))
        types["xl/calcChain.xml"] = f"{SPREADSHEET}.calcChain+xml"
    types |= {
        f"xl/worksheets/sheet{n}.xml": f"{SPREADSHEET}.worksheet+xml" for n in range(1, len(sheets) + 1)
    }
    types |= {
        "xl/workbook.xml": f"{SPREADSHEET}.sheet.main+xml",
        "xl/styles.xml": f"{SPREADSHEET}.styles+xml",
    }
    overrides = "".join(f'<Override PartName="/{p}" ContentType="{t}"/>' for p, t in types.items())
    defaults = (
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Default Extension="rels" ContentType="{PACKAGE.replace("http://schemas", "application/vnd")}"/>'
    )
    parts = {
        "[Content_Types].xml": (
            f'{DECLARATION}<Types xmlns="{PACKAGE}/content-types">{defaults}{overrides}</Types>'
        ),
        "_rels/.rels": relations(("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": (
            f'{DECLARATION}<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}">{properties}'
            f"<sheets>{listed}</sheets>{defined}{calculation}</workbook>"
        ),
        "xl/_rels/workbook.xml.rels": relations(*targets),
        "xl/styles.xml": STYLES,
    }
    for n, xml in enumerate(sheets.values(), 1):
        parts[f"xl/worksheets/sheet{n}.xml"] = xml
    return parts | extra


def write(path: Path, parts: Mapping[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, data in parts.items():
            info = zipfile.ZipInfo(name, DATE)
            info.compress_type = method
            archive.writestr(info, data)
    return path


def book(path: Path, rows: str, **around: str) -> Path:
    """A workbook of one sheet, 表, from its rows."""
    return write(path, parts_of({"表": sheet(rows, **around)}))


def entries(path: Path) -> dict[str, bytes]:
    """Every entry's raw bytes in the file, its local header and what follows the data included."""
    data = path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        infos = sorted(archive.infolist(), key=lambda info: info.header_offset)
        ends = [info.header_offset for info in infos[1:]] + [archive.start_dir]
    return {info.filename: data[info.header_offset : end] for info, end in zip(infos, ends, strict=True)}


def changed(before: Path, after: Path) -> set[str]:
    """Names of the entries whose raw bytes differ or that are gone; none may be new."""
    old, new = entries(before), entries(after)
    assert set(new) <= set(old)
    assert list(new) == [name for name in old if name in new]
    return {name for name in old if new.get(name) != old[name]}


def text(path: Path, part: str = "xl/worksheets/sheet1.xml") -> str:
    with zipfile.ZipFile(path) as archive:
        return archive.read(part).decode("utf-8")


def cell(xml: str, place: str) -> str:
    """The element of a cell; empty when there is none."""
    match = re.search(rf'<(?:\w+:)?c r="{place}"[^>]*?(?:/>|>.*?</(?:\w+:)?c>)', xml, re.DOTALL)
    return match[0] if match else ""


def formula(xml: str, place: str) -> str:
    match = re.search(r"<(?:\w+:)?f\b[^>]*>([^<]*)<", cell(xml, place))
    return match[1] if match else ""
