"""A package written again: untouched parts as the raw bytes they were, changed ones compressed anew."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from typing import IO, Protocol

from ledger_app.core.errors import LedgerError
from ledger_app.export.xlsx.package import DAMAGED, Package, damage_is_a_sentence

_BLOCK = 1 << 20
_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_ZIP64 = 1  # the extra field's number
_STREAMED = 0x08  # flag: sizes follow the data
_LONG = 4 << 20  # bytes of a part after which speed counts more than size
_FAST = 3
_LEVEL = 0x06  # flags: how hard the compressor tried
TOO_LARGE = "填好的表格太大，存不下：请分成几个文件填。"


class Sink(Protocol):
    """Where the bytes of a changed part go."""

    def write(self, data: bytes, /) -> object: ...


Writer = Callable[[Sink], object]


def copy_package(package: Package, out: IO[bytes]) -> None:
    """The whole file, byte for byte."""
    package.file.seek(0)
    while block := package.file.read(_BLOCK):
        out.write(block)


def write_package(package: Package, changed: Mapping[str, Writer], removed: set[str], out: IO[bytes]) -> None:
    """The package again: changed parts compressed anew in their places, the rest copied raw."""
    with damage_is_a_sentence():
        records = _central_records(package)
        ends = _segment_ends(package)
    first = min(ends) if ends else 0
    _copy(package.file, 0, first, out)
    offsets: dict[int, int] = {}
    for start in sorted(ends):
        number, end = ends[start]
        info = package.infos[number]
        if info.filename in removed:
            continue
        offsets[number] = out.tell()
        if info.filename in changed:
            records[number] = _write_part(package.file, info, records[number], changed[info.filename], out)
        else:
            _copy(package.file, start, end, out)
    _write_directory(
        package.archive, [(records[n], offsets[n]) for n in range(len(records)) if n in offsets], out
    )


def _central_records(package: Package) -> list[bytes]:
    """The raw central directory, one record an entry, in its own order."""
    package.file.seek(package.archive.start_dir)
    records = []
    for _ in package.infos:
        head = package.file.read(_CENTRAL.size)
        fields = _CENTRAL.unpack(head)
        if fields[0] != b"PK\x01\x02":
            raise zipfile.BadZipFile("central directory")
        records.append(head + package.file.read(sum(fields[10:13])))
    return records


def _segment_ends(package: Package) -> dict[int, tuple[int, int]]:
    """Where each entry starts → (its number in the directory, where the next one starts)."""
    starts = sorted((info.header_offset, number) for number, info in enumerate(package.infos))
    following = [start for start, _ in starts[1:]] + [package.archive.start_dir]
    return {start: (number, end) for (start, number), end in zip(starts, following, strict=True)}


def _copy(source: IO[bytes], start: int, end: int, out: IO[bytes]) -> None:
    source.seek(start)
    left = end - start
    while left > 0:
        block = source.read(min(left, _BLOCK))
        if not block:
            raise LedgerError(DAMAGED, "damaged")
        out.write(block)
        left -= len(block)


class _Deflater:
    """Compresses (or stores) what is written, counting and checking as it goes.

    After some megabytes it goes on with less effort: a long sheet is written in less than half the time
    and grows by a tenth. A full flush between the two keeps it one stream.
    """

    def __init__(self, out: IO[bytes], stored: bool) -> None:
        self.out = out
        self.crc = 0
        self.size = 0
        self._compressor = None if stored else _compressor(zlib.Z_DEFAULT_COMPRESSION)
        self._hurries = stored

    def write(self, data: bytes, /) -> None:
        self.crc = zlib.crc32(data, self.crc)
        self.size += len(data)
        if self.size > _LONG and not self._hurries and self._compressor:
            self.out.write(self._compressor.flush(zlib.Z_FULL_FLUSH))
            self._compressor, self._hurries = _compressor(_FAST), True
        self.out.write(self._compressor.compress(data) if self._compressor else data)

    def close(self) -> None:
        if self._compressor:
            self.out.write(self._compressor.flush())


def _compressor(level: int) -> zlib._Compress:
    return zlib.compressobj(level, zlib.DEFLATED, -zlib.MAX_WBITS)


def _write_part(
    source: IO[bytes], info: zipfile.ZipInfo, record: bytes, writer: Writer, out: IO[bytes]
) -> bytes:
    """One changed entry under its own name, date and method; its new central record is returned."""
    source.seek(info.header_offset)
    local = list(_LOCAL.unpack(source.read(_LOCAL.size)))
    name = source.read(local[9])
    extra = _without_zip64(source.read(local[10]))
    stored = info.compress_type == zipfile.ZIP_STORED
    start = out.tell()
    out.write(bytes(_LOCAL.size) + name + extra)
    deflater = _Deflater(out, stored)
    writer(deflater)
    deflater.close()
    end = out.tell()
    packed = end - start - _LOCAL.size - len(name) - len(extra)
    if max(deflater.size, end) >= 0xFFFF_FFFF:
        raise LedgerError(TOO_LARGE, "too_large")
    flags, method = local[2] & ~(_STREAMED | _LEVEL), 0 if stored else 8
    sizes = (deflater.crc, packed, deflater.size)
    out.seek(start)
    out.write(
        _LOCAL.pack(b"PK\x03\x04", 20, flags, method, local[4], local[5], *sizes, len(name), len(extra))
    )
    out.seek(end)
    return _record(record, flags, method, sizes)


def _record(record: bytes, flags: int, method: int, sizes: tuple[int, int, int]) -> bytes:
    old = list(_CENTRAL.unpack_from(record))
    name, extra, comment = _split(record, old)
    extra = _without_zip64(extra)
    old[2:5] = [20, flags, method]
    old[7:10] = sizes
    old[11] = len(extra)
    old[16] = 0
    return _CENTRAL.pack(*old) + name + extra + comment


def _split(record: bytes, fields: list[int]) -> tuple[bytes, bytes, bytes]:
    name_end = _CENTRAL.size + fields[10]
    extra_end = name_end + fields[11]
    return record[_CENTRAL.size : name_end], record[name_end:extra_end], record[extra_end:]


def _without_zip64(extra: bytes) -> bytes:
    kept, at = b"", 0
    while at + 4 <= len(extra):
        number, size = struct.unpack_from("<HH", extra, at)
        if number != _ZIP64:
            kept += extra[at : at + 4 + size]
        at += 4 + size
    return kept + extra[at:]


def _placed(record: bytes, offset: int) -> bytes:
    """The record with its entry's new place, in the zip64 field where the old one stood there."""
    fields = list(_CENTRAL.unpack_from(record))
    if fields[16] != 0xFFFF_FFFF:
        fields[16] = offset
        return _CENTRAL.pack(*fields) + record[_CENTRAL.size :]
    name, extra, comment = _split(record, fields)
    at = 0
    while struct.unpack_from("<H", extra, at)[0] != _ZIP64:
        at += 4 + struct.unpack_from("<H", extra, at + 2)[0]
    place = at + 4 + 8 * sum(fields[i] == 0xFFFF_FFFF for i in (8, 9))
    extra = extra[:place] + struct.pack("<Q", offset) + extra[place + 8 :]
    return record[: _CENTRAL.size] + name + extra + comment


def _write_directory(archive: zipfile.ZipFile, records: list[tuple[bytes, int]], out: IO[bytes]) -> None:
    start = out.tell()
    for record, offset in records:
        out.write(_placed(record, offset))
    size = out.tell() - start
    if out.tell() >= 0xFFFF_FFFF:
        raise LedgerError(TOO_LARGE, "too_large")
    count = len(records)
    out.write(
        _END.pack(b"PK\x05\x06", 0, 0, count, count, size, start, len(archive.comment)) + archive.comment
    )
