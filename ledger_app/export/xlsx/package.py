"""The zip package of a workbook, opened with care: its kind, its size and its parts."""

from __future__ import annotations

import io
import os
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import IO

from ledger_app.core.errors import LedgerError
from ledger_app.export.xlsx.xmltext import encoding_of, is_utf8, to_utf8

SMALL_PART = 96 << 20  # a part that is edited whole (drawings, workbook, styles …)
LARGE_PART = 4 << 30  # a sheet, which is only ever streamed
MAX_RATIO = 200  # of a small part: real XML stays below 60
MAX_FILE = 1 << 30
_BLOCK = 1 << 20
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LOCAL_HEADER = 30  # bytes, without the name
_SECRET = 0x41  # flags: encrypted, strongly encrypted

DAMAGED = "这个表格文件已损坏，打不开：请用 Excel 或 WPS 重新另存一份 .xlsx 再试。"
NOT_A_WORKBOOK = "这个文件不是 Excel 表格（.xlsx），请换一个文件，或用 Excel、WPS 另存为 .xlsx 再试。"
HOSTILE = "这个表格文件的内容不正常（解开后过大或夹带了外来声明），为安全起见没有打开。"
OLD_FORMAT = "这是旧格式的 .xls 表格：请用 Excel 或 WPS 打开它，另存为“Excel 工作簿（.xlsx）”后再填。"
BINARY_FORMAT = "这是 .xlsb 格式的表格：请用 Excel 打开它，另存为“Excel 工作簿（.xlsx）”后再填。"
LOCKED = "这个表格加了打开密码：请先用 Excel 或 WPS 去掉打开密码，另存后再填。"


class Package:
    """A workbook file open for reading; parts are named as in the zip, found without regard to case."""

    def __init__(self, file: IO[bytes], archive: zipfile.ZipFile) -> None:
        self.file = file
        self.archive = archive
        self.infos = archive.infolist()
        self._index = {_key(info.filename): info for info in self.infos}

    def find(self, part: str) -> str | None:
        info = self._index.get(_key(part))
        return info.filename if info else None

    def read(self, part: str) -> bytes:
        """A small part as UTF-8."""
        info = self._index[_key(part)]
        if info.file_size > SMALL_PART or (
            info.file_size > _BLOCK and info.file_size > MAX_RATIO * max(info.compress_size, 1)
        ):
            raise LedgerError(HOSTILE, "hostile")
        with damage_is_a_sentence(), self.archive.open(info) as stream:
            data = stream.read()
            encoding = encoding_of(data[:200])
            return data if is_utf8(encoding) else to_utf8(data.decode(encoding))

    def blocks(self, part: str) -> Iterator[bytes]:
        """A large part in pieces of about a megabyte, as UTF-8."""
        info = self._index[_key(part)]
        if info.file_size > LARGE_PART:
            raise LedgerError(HOSTILE, "hostile")
        with damage_is_a_sentence(), self.archive.open(info) as stream:
            first = stream.read(_BLOCK)
            encoding = encoding_of(first[:200])
            if is_utf8(encoding):
                yield first
                while block := stream.read(_BLOCK):
                    yield block
                return
            text = io.TextIOWrapper(io.BufferedReader(_Rest(first, stream)), encoding=encoding, newline="")
            yield to_utf8(text.read(_BLOCK))
            while piece := text.read(_BLOCK):
                yield piece.encode()


class _Rest(io.RawIOBase):
    """A stream whose first block was read already."""

    def __init__(self, first: bytes, stream: IO[bytes]) -> None:
        self._first = io.BytesIO(first)
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = self._first.read(len(buffer)) or self._stream.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


def _key(part: str) -> str:
    return part.replace("\\", "/").lstrip("/").lower()


@contextmanager
def damage_is_a_sentence() -> Iterator[None]:
    """What a zip or a decoder says about broken bytes, in the clerk's words."""
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, EOFError, UnicodeError, struct.error) as error:
        raise LedgerError(DAMAGED, "damaged") from error
    except (NotImplementedError, RuntimeError) as error:  # a way of packing or locking we do not know
        raise LedgerError(DAMAGED, "damaged") from error


@contextmanager
def open_package(path: Path) -> Iterator[Package]:
    """The package, once its kind, size and entries have been looked at."""
    try:
        file = path.open("rb")
    except OSError as error:
        raise LedgerError(
            f"打不开“{path.name}”：请确认文件还在，并且没有被别的程序占用。", "missing"
        ) from error
    with file:
        _check_kind(file)
        with damage_is_a_sentence():
            archive = _archive(file)
        with archive:
            package = Package(file, archive)
            _check_entries(package.infos)
            _check_declarations(package)
            yield package


def _archive(file: IO[bytes]) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(file)
    except (OSError, LookupError, ValueError) as error:  # places outside the file, names in no encoding
        raise zipfile.BadZipFile from error


def _check_kind(file: IO[bytes]) -> None:
    head = file.read(8)
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    if not head:
        raise LedgerError("这个文件是空的，里面没有表格。", "empty")
    if head == _OLE:
        start = file.read(8 << 20)
        if "EncryptedPackage".encode("utf-16-le") in start:
            raise LedgerError(LOCKED, "encrypted")
        raise LedgerError(OLD_FORMAT, "xls")
    if size > MAX_FILE:
        raise LedgerError(HOSTILE, "hostile")
    if not zipfile.is_zipfile(file) and not head.startswith(b"PK"):
        raise LedgerError(NOT_A_WORKBOOK, "not_a_workbook")


def _check_declarations(package: Package) -> None:
    """A DOCTYPE stands before the first element, and no part of a workbook has a use for one."""
    for info in package.infos:
        if not info.filename.lower().endswith((".xml", ".rels", ".vml")) or not info.file_size:
            continue
        with damage_is_a_sentence(), package.archive.open(info) as stream:
            start = stream.read(4096).replace(b"\0", b"")
        if b"<!DOCTYPE" in start or b"<!ENTITY" in start:
            raise LedgerError(HOSTILE, "hostile")


def _check_entries(entries: list[zipfile.ZipInfo]) -> None:
    """Entries that hide in one another, are encrypted, or are too many are none of a workbook's."""
    infos = sorted(entries, key=lambda info: info.header_offset)
    if infos and infos[0].header_offset < 0:
        raise LedgerError(DAMAGED, "damaged")
    if len(infos) > 60_000:
        raise LedgerError(HOSTILE, "hostile")
    for info, following in pairwise(infos):
        if info.header_offset + _LOCAL_HEADER + info.compress_size > following.header_offset:
            raise LedgerError(HOSTILE, "hostile")
    if any(info.flag_bits & _SECRET for info in infos):
        raise LedgerError(LOCKED, "encrypted")
