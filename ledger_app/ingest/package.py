"""A zip package opened with suspicion: its parts are unpacked piece by piece and counted."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from typing import Final

from ledger_app.ingest.refusals import refusal

MIB: Final = 1024 * 1024
MAX_UNPACKED: Final = 768 * MIB
MAX_PARTS: Final = 20_000
# A sheet of formatted but empty rows packs to about 1:60; only made-up content packs to 1:400.
MAX_RATIO: Final = 400
RATIO_MATTERS_FROM: Final = 8 * MIB
MAX_SMALL_PART: Final = 8 * MIB
_PIECE: Final = 64 * 1024  # compressed bytes taken at a time
_BLOCK: Final = 8 * MIB  # most that one step may unpack
_MAX_PROLOG: Final = 1 * MIB
_LOCAL_HEADER: Final = 30
_DEFLATE_OR_STORED: Final = (zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED)

_ROOT: Final = re.compile(rb"<[A-Za-z_]")
_SHEET_ROOT: Final = re.compile(rb"<(\w+:)?(?:worksheet|sst)\b")
_DECLARATION: Final = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_UTF16: Final = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")


class Package:
    """The directory of a zip file, checked; parts are reached by lower-case name with forward slashes.

    Raises LedgerError: damaged_file, encrypted, too_large_when_unpacked.
    """

    def __init__(self, data: bytes) -> None:
        self._data = data
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                entries = archive.infolist()
        except (zipfile.BadZipFile, EOFError, ValueError, NotImplementedError, struct.error) as error:
            raise refusal("damaged_file") from error
        self._parts = {_plain(entry.filename): entry for entry in entries}
        _check_directory(entries)

    def __contains__(self, name: str) -> bool:
        return name in self._parts

    def names(self, suffix: str = "") -> list[str]:
        return [name for name in self._parts if name.endswith(suffix)]

    def declared_size(self, name: str) -> int:
        return self._parts[name].file_size

    def blocks(self, name: str) -> Iterator[bytes]:
        """The unpacked part in blocks of at most 8 MiB; never more than the directory says."""
        entry = self._parts[name]
        left = entry.file_size
        for block in _inflate(self._packed(name), entry.compress_type):
            left -= len(block)
            if left < 0:
                raise refusal("too_large_when_unpacked")
            yield block

    def small_part(self, name: str) -> bytes:
        """A part of the kind that is always small (workbook, relations); empty if it does not exist."""
        if name not in self._parts:
            return b""
        if self._parts[name].file_size > MAX_SMALL_PART:
            raise refusal("too_large_when_unpacked")
        return b"".join(self.blocks(name))

    def check_prolog(self, name: str) -> None:
        """Refuse a part that declares a document type or entities, before any parser meets it."""
        prolog = bytearray()
        for block in self.blocks(name):
            prolog += block
            if refuse_declarations(bytes(prolog[:_MAX_PROLOG])) or len(prolog) > _MAX_PROLOG:
                return

    def is_utf16(self, name: str) -> bool:
        return next(self.blocks(name), b"")[:2] in _UTF16

    def _packed(self, name: str) -> memoryview:
        entry = self._parts[name]
        head = self._data[entry.header_offset : entry.header_offset + _LOCAL_HEADER]
        if len(head) < _LOCAL_HEADER or head[:4] != b"PK\x03\x04":
            raise refusal("damaged_file")
        name_length, extra_length = struct.unpack("<HH", head[26:30])
        start = entry.header_offset + _LOCAL_HEADER + name_length + extra_length
        return memoryview(self._data)[start : start + entry.compress_size]


def refuse_declarations(prolog: bytes) -> bool:
    """Whether the root element was reached; raises xml_entity if something was declared before it."""
    text = prolog.replace(b"\0", b"") if prolog[:2] in _UTF16 else prolog
    root = _ROOT.search(text)
    if _DECLARATION.search(text, 0, root.start() if root else len(text)):
        raise refusal("xml_entity")
    return root is not None


def _plain(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()


def _check_directory(entries: list[zipfile.ZipInfo]) -> None:
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise refusal("encrypted")
    if any(entry.compress_type not in _DEFLATE_OR_STORED for entry in entries):
        raise refusal("damaged_file")
    total = sum(entry.file_size for entry in entries)
    if len(entries) > MAX_PARTS or total > MAX_UNPACKED or any(map(_swells, entries)):
        raise refusal("too_large_when_unpacked")


def _swells(entry: zipfile.ZipInfo) -> bool:
    return entry.file_size > RATIO_MATTERS_FROM and entry.file_size > entry.compress_size * MAX_RATIO


def _inflate(packed: memoryview, method: int) -> Iterator[bytes]:
    """Feeding small packed pieces is a third faster than bounding the output and passing the tail on."""
    if method == zipfile.ZIP_STORED:
        for start in range(0, len(packed), MIB):
            yield bytes(packed[start : start + MIB])
        return
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for start in range(0, len(packed), _PIECE):
            piece: bytes | memoryview = packed[start : start + _PIECE]
            while len(piece):
                yield inflater.decompress(piece, _BLOCK)
                piece = inflater.unconsumed_tail
    except zlib.error as error:
        raise refusal("damaged_file") from error
    if not inflater.eof:
        raise refusal("damaged_file")


def tag_prefix(head: bytes) -> bytes:
    """The namespace prefix, with its colon, that a worksheet or string table writes before its tags."""
    root = _SHEET_ROOT.search(head)
    return (root[1] or b"") if root else b""


def whole_items(blocks: Iterable[bytes], opening: bytes) -> Iterator[bytes]:
    """The same bytes, cut only before an opening tag (unless one item alone is larger than 8 MiB)."""
    carry = b""
    for block in blocks:
        joined = carry + block
        cut = joined.rfind(opening)
        if cut <= 0:
            cut = len(joined) if len(joined) > _BLOCK else 0
        carry = joined[cut:]
        if cut:
            yield joined[:cut]
    if carry:
        yield carry
