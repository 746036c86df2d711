"""The zip around a form: untouched entries keep their raw bytes, broken and hostile files get a sentence."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import pytest

from ledger_app.core.errors import LedgerError
from ledger_app.export.fill import fill_cells
from tests.export.forms import DECLARATION, changed, entries, parts_of, sheet, text, write

PLAN = {"sheets": {"表": {"cells": {"A1": "一"}}}}
SHEET1 = "xl/worksheets/sheet1.xml"


def parts() -> dict[str, str]:
    return parts_of({"表": sheet('<row r="1"><c r="A1"/></row>')}, extra={"xl/media/图.bin": "\x00" * 99})


def stream_zip(path: Path, *, zip64: bool = False) -> Path:
    """As programs write that cannot seek: sizes after the data."""

    class Pipe(io.RawIOBase):
        def __init__(self) -> None:
            self.data = bytearray()

        def writable(self) -> bool:
            return True

        def write(self, data: bytes) -> int:  # type: ignore[override]
            self.data += data
            return len(data)

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts().items():
            with archive.open(zipfile.ZipInfo(name), "w", force_zip64=zip64) as entry:
                entry.write(data.encode())
    path.write_bytes(bytes(pipe.data))
    return path


@pytest.mark.parametrize("zip64", [False, True])
def test_sizes_after_the_data_are_copied_as_they_are(tmp_path: Path, zip64: bool) -> None:
    form = stream_zip(tmp_path / "form.xlsx", zip64=zip64)
    out = tmp_path / "out.xlsx"
    fill_cells(form, PLAN, out)
    assert changed(form, out) == {SHEET1}
    with zipfile.ZipFile(out) as archive:
        assert archive.testzip() is None
    assert "一" in text(out)


def test_order_dates_methods_comments_and_attributes_stay(tmp_path: Path) -> None:
    form = tmp_path / "form.xlsx"
    with zipfile.ZipFile(form, "w") as archive:
        archive.comment = "县水利局".encode()
        for number, (name, data) in enumerate(reversed(parts().items())):
            info = zipfile.ZipInfo(name, (2001 + number, 3, 4, 5, 6, 8))
            info.compress_type = zipfile.ZIP_STORED if number % 2 else zipfile.ZIP_DEFLATED
            info.external_attr, info.create_system = 0o644 << 16, 3
            info.comment, info.extra = b"remark", struct.pack("<HHI", 0x7777, 4, number)
            archive.writestr(info, data)
    form.write_bytes(b"MZ padding" + form.read_bytes())
    out = tmp_path / "out.xlsx"
    fill_cells(form, PLAN, out)
    assert changed(form, out) == {SHEET1}
    with zipfile.ZipFile(form) as old, zipfile.ZipFile(out) as new:
        assert new.comment == old.comment
        assert new.testzip() is None
        for before, after in zip(old.infolist(), new.infolist(), strict=True):
            same = (
                "filename",
                "date_time",
                "compress_type",
                "comment",
                "extra",
                "external_attr",
                "flag_bits",
            )
            assert [getattr(before, name) for name in same] == [getattr(after, name) for name in same]


def test_absolute_targets_backslashes_and_other_letter_case_are_understood(tmp_path: Path) -> None:
    named = parts()
    named["xl/_rels/workbook.xml.rels"] = named["xl/_rels/workbook.xml.rels"].replace(
        "worksheets/sheet1.xml", "/xl/worksheets/Sheet1.xml"
    )
    named[r"xl\worksheets\sheet1.xml"] = named.pop(SHEET1)
    form = write(tmp_path / "form.xlsx", named)
    out = tmp_path / "out.xlsx"
    fill_cells(form, PLAN, out)
    assert [name.replace("\\", "/") for name in changed(form, out)] == [SHEET1]


def test_the_strict_form_of_the_format_is_understood(tmp_path: Path) -> None:
    strict = {
        name: data.replace("http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main")
        .replace("http://schemas.openxmlformats.org/officeDocument/2006/relationships", "http://purl.oclc.org/ooxml/officeDocument/relationships")
        for name, data in parts().items()
    }  # fmt: skip
    form = write(tmp_path / "form.xlsx", strict)
    out = tmp_path / "out.xlsx"
    fill_cells(form, PLAN, out)
    assert changed(form, out) == {SHEET1}


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


def replaced(name: str, data: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, content in {**parts(), name: data}.items():
            archive.writestr(part, content)
    return buffer.getvalue()


def overlapping() -> bytes:
    """Two entries of the directory that share one place in the file."""
    data = replaced("xl/a.xml", "<a/>")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        first = archive.infolist()[0].header_offset
        at = data.rindex(b"PK\x01\x02")
    return data[: at + 42] + struct.pack("<L", first) + data[at + 46 :]


def bad_checksum() -> bytes:
    data = bytearray(replaced("xl/a.xml", "<a/>"))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        info = archive.getinfo(SHEET1)
        at = info.header_offset + 30 + len(info.filename.encode()) + info.compress_size // 2
    data[at] ^= 0xFF
    return bytes(data)


BROKEN = {
    "empty": b"",
    "not_a_workbook": "姓名,井号\n".encode("gbk"),
    "damaged": replaced("xl/a.xml", "<a/>")[:700],
    "xls": OLE + "Workbook".encode("utf-16-le"),
    "encrypted": OLE + "EncryptedPackage".encode("utf-16-le"),
}
HOSTILE = {
    "doctype": replaced(SHEET1, '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>' + sheet("")),
    "in shared strings": replaced("xl/sharedStrings.xml", f"{DECLARATION}<!DOCTYPE sst><sst/>"),
    "overlap": overlapping(),
    "bomb": replaced("xl/workbook.xml", parts()["xl/workbook.xml"] + " " * (40 << 20)),
}
DAMAGED = {
    "checksum": bad_checksum(),
    "cut sheet": replaced(SHEET1, sheet("<row><c><v>1</v></c></row>")[:-40]),
    "cut row": replaced(SHEET1, sheet('<row r="1"><c r="A1"/>').replace("</sheetData>", "")),
    "no rows element": replaced(SHEET1, f"{DECLARATION}<worksheet/>"),
    "no sheets": replaced("xl/workbook.xml", f"{DECLARATION}<workbook></workbook>"),
    "broken workbook": replaced("xl/workbook.xml", f"{DECLARATION}<workbook><sheets></workbook>"),
    "rows out of order": replaced(SHEET1, sheet('<row r="5"/><row r="2"/>')),
}


@pytest.mark.parametrize(
    ("data", "code"),
    [(data, code) for code, data in BROKEN.items()]
    + [(data, "hostile") for data in HOSTILE.values()]
    + [(data, "damaged") for data in DAMAGED.values()],
    ids=[*BROKEN, *HOSTILE, *DAMAGED],
)
def test_a_broken_file_gets_a_sentence_and_leaves_nothing_behind(
    tmp_path: Path, data: bytes, code: str
) -> None:
    form = tmp_path / "form.xlsx"
    form.write_bytes(data)
    out = tmp_path / "out.xlsx"
    out.write_bytes(b"what was there")
    with pytest.raises(LedgerError) as caught:
        fill_cells(form, PLAN, out)
    assert caught.value.code == code
    assert any("\u4e00" <= letter <= "\u9fff" for letter in caught.value.text)
    assert out.read_bytes() == b"what was there"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["form.xlsx", "out.xlsx"]
    assert form.read_bytes() == data


def test_an_old_workbook_is_told_how_to_become_a_new_one(tmp_path: Path) -> None:
    form = tmp_path / "form.xls"
    form.write_bytes(BROKEN["xls"])
    with pytest.raises(LedgerError, match=r"另存为.*\.xlsx"):
        fill_cells(form, PLAN, tmp_path / "out.xlsx")


def test_a_missing_form_and_a_missing_folder_are_said(tmp_path: Path) -> None:
    with pytest.raises(LedgerError) as caught:
        fill_cells(tmp_path / "没有.xlsx", PLAN, tmp_path / "out.xlsx")
    assert caught.value.code == "missing"
    form = write(tmp_path / "form.xlsx", parts())
    with pytest.raises(LedgerError) as caught:
        fill_cells(form, PLAN, tmp_path / "没有" / "out.xlsx")
    assert caught.value.code == "cannot_write"


def test_the_same_plan_gives_the_same_bytes(tmp_path: Path) -> None:
    form = write(tmp_path / "form.xlsx", parts())
    for name in ("a.xlsx", "b.xlsx"):
        fill_cells(form, PLAN, tmp_path / name)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    assert list(entries(tmp_path / "a.xlsx")) == list(entries(form))
