"""What a workbook's own parts say: its sheets, names, dates and where each part hangs."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote

from lxml import etree

from ledger_app.core.errors import LedgerError
from ledger_app.export.xlsx.package import BINARY_FORMAT, DAMAGED, NOT_A_WORKBOOK, Package

TYPES_PART = "[Content_Types].xml"
_ELEMENT = "{*}"


@dataclass(frozen=True, slots=True)
class Relation:
    """One relation of a part; `kind` is the last word of its type, `target` a part's name."""

    id: str
    kind: str
    target: str
    external: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    name: str
    part: str
    kind: str  # worksheet, chartsheet, dialogsheet …
    index: int


@dataclass(frozen=True, slots=True)
class Name:
    """A defined name; `scope` is the sheet it is local to."""

    name: str
    scope: Sheet | None
    text: str


@dataclass(slots=True)
class Book:
    """The skeleton of a workbook."""

    package: Package
    part: str
    sheets: list[Sheet]
    names: list[Name]
    date1904: bool
    full_calculation: bool
    content_types: dict[str, str]  # lower-case part name with a leading slash → type; ".xml" → default
    _relations: dict[str, list[Relation]] = field(default_factory=dict)

    def relations(self, part: str) -> list[Relation]:
        if part not in self._relations:
            self._relations[part] = list(_relations(self.package, part))
        return self._relations[part]

    def targets(self, part: str, *kinds: str) -> list[str]:
        return [r.target for r in self.relations(part) if r.kind in kinds and not r.external and r.target]

    def content_type(self, part: str) -> str:
        key = "/" + part.replace("\\", "/").lstrip("/").lower()
        return self.content_types.get(key) or self.content_types.get(posixpath.splitext(key)[1], "")

    def parts_of_type(self, *endings: str) -> list[str]:
        return [i.filename for i in self.package.infos if self.content_type(i.filename).endswith(endings)]

    def sheet(self, name: str) -> Sheet | None:
        """By its name; upper and lower case are one, as in Excel."""
        exact = [sheet for sheet in self.sheets if sheet.name == name]
        alike = [sheet for sheet in self.sheets if sheet.name.casefold() == name.casefold()]
        return next(iter(exact + alike), None)


def relations_part(part: str) -> str:
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", name + ".rels")


def parse(data: bytes) -> etree._Element:
    """A small part as a tree; nothing is fetched or expanded."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False)
    try:
        return etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise LedgerError(DAMAGED, "damaged") from error


def plain_attribute(element: etree._Element, name: str) -> str | None:
    """An attribute whether or not it has a namespace (the strict form has another one)."""
    for key, value in element.attrib.items():
        if etree.QName(key).localname == name:
            return str(value)
    return None


def _relations(package: Package, part: str) -> Iterator[Relation]:
    source = package.find(relations_part(part))
    if source is None:
        return
    for item in parse(package.read(source)).iter(_ELEMENT + "Relationship"):
        target = unquote(item.get("Target") or "").replace("\\", "/")
        external = item.get("TargetMode") == "External"
        if not external:
            target = posixpath.normpath(posixpath.join("/", posixpath.dirname(part), target)).lstrip("/")
            target = package.find(target) or ""
        yield Relation(item.get("Id") or "", (item.get("Type") or "").rsplit("/", 1)[-1], target, external)


def read_book(package: Package) -> Book:
    content_types = _content_types(package)
    part = _workbook_part(package)
    root = parse(package.read(part))
    properties = root.find(_ELEMENT + "workbookPr")
    calculation = root.find(_ELEMENT + "calcPr")
    book = Book(
        package=package,
        part=part,
        sheets=[],
        names=[],
        date1904=properties is not None and _true(properties.get("date1904")),
        full_calculation=calculation is not None and _true(calculation.get("fullCalcOnLoad")),
        content_types=content_types,
    )
    book.sheets = list(_sheets(book, root))
    book.names = list(_names(book, root))
    if not book.sheets:
        raise LedgerError(DAMAGED, "damaged")
    return book


def _true(text: str | None) -> bool:
    return (text or "").strip().lower() in {"1", "true", "on"}


def _content_types(package: Package) -> dict[str, str]:
    part = package.find(TYPES_PART)
    if part is None:
        raise LedgerError(NOT_A_WORKBOOK, "not_a_workbook")
    types = {}
    for item in parse(package.read(part)):
        if not isinstance(item.tag, str):
            continue
        key = item.get("PartName") or "." + (item.get("Extension") or "")
        types[key.lower()] = item.get("ContentType") or ""
    return types


def _workbook_part(package: Package) -> str:
    for relation in _relations(package, ""):
        if relation.kind == "officeDocument" and relation.target:
            if relation.target.lower().endswith(".bin"):
                raise LedgerError(BINARY_FORMAT, "xlsb")
            if not re.search(rb"<(?:[\w.-]+:)?workbook[\s>]", package.read(relation.target)):
                break
            return relation.target
    raise LedgerError(NOT_A_WORKBOOK, "not_a_workbook")


def _sheets(book: Book, root: etree._Element) -> Iterator[Sheet]:
    relations = {relation.id: relation for relation in book.relations(book.part)}
    listed = root.find(_ELEMENT + "sheets")
    for index, item in enumerate([] if listed is None else listed.iter(_ELEMENT + "sheet")):
        relation = relations.get(plain_attribute(item, "id") or "")
        if relation is None or not relation.target:
            continue
        yield Sheet(item.get("name") or "", relation.target, relation.kind, index)


def _names(book: Book, root: etree._Element) -> Iterator[Name]:
    by_index = {sheet.index: sheet for sheet in book.sheets}
    for item in root.iter(_ELEMENT + "definedName"):
        scope = item.get("localSheetId")
        sheet = by_index.get(int(scope)) if scope and scope.isdigit() else None
        yield Name(item.get("name") or "", sheet, item.text or "")
