"""The source text of a document and its lines, and how the bytes of a txt file become text."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field

from ledger_app.core.errors import LedgerError

MAX_CHARACTERS = 3_000_000  # some 3,000 printed pages
# Word's codes of a field or picture, and other bytes that no text holds.
_BINARY = re.compile(r"[\x00-\x06\x0e-\x1b]")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the source text, `start` to `end` without the line end.

    `cell`: the number of the table cell it stands in; nothing is joined across cells. `head`: the words
    and the field at the head of its column, on the first line of a cell under a header row. `row`: it
    opens a table row that is a new record. `full`: whether it reaches the right edge, where the page tells.
    """

    start: int
    end: int
    cell: int = 0
    head: tuple[str, str] | None = None
    row: bool = False
    full: bool | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """Text and lines. `artefacts`: ranges that the reader of the file knows to belong to the page;
    `remarks`: what it could not read, as a place and a sentence."""

    text: str
    lines: list[Line]
    artefacts: list[tuple[int, int]] = field(default_factory=list)
    remarks: list[tuple[int, str]] = field(default_factory=list)


def decode(data: bytes) -> str:
    """A txt file as text: UTF-8 or UTF-16 with a mark, UTF-8, else GB18030 (which covers GBK and GB2312)."""
    for mark, encoding in ((codecs.BOM_UTF8, "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return _checked(data.decode(encoding, errors="replace"))
    for encoding in ("utf-8", "gb18030"):
        try:
            return _checked(data.decode(encoding))
        except UnicodeDecodeError:
            continue
    return _checked(min((data.decode(name, errors="replace") for name in ("utf-8", "gb18030")), key=_broken))


def _broken(text: str) -> int:
    return text.count("\ufffd")


def _checked(text: str) -> str:
    if _broken(text) > len(text) / 200 or len(_BINARY.findall(text[:100_000])) > len(text[:100_000]) / 200:
        raise LedgerError("这个文件不是文字文件，或者已经损坏，读不出文字。", "document_damaged")
    return text
