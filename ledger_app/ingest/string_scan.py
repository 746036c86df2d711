"""The table of shared strings: how long each is, and how much text all references to it make together.

A parser copies a string for every cell that refers to it: ten megabytes used two thousand times end it.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable
from itertools import chain
from typing import Final

from ledger_app.ingest.package import tag_prefix, whole_items
from ledger_app.ingest.refusals import refusal

MAX_TEXT: Final = 512 * 1024  # Excel allows 32,767 characters: at most 262 KiB however they are written
MAX_STRINGS: Final = 5_000_000
_TEXT_INDEX: Final = re.compile(rb"t=\"s\"[^>]*><(?:\w+:)?v>(\d+)<")


def scan_strings(blocks: Iterable[bytes]) -> array[int]:
    """Length of every shared string, as written in the XML. Raises too_large_when_unpacked."""
    stream = iter(blocks)
    first = next(stream, b"")
    opening = b"<" + tag_prefix(first) + b"si"
    lengths = array("I")
    skipped = False
    for block in whole_items(chain([first], stream), opening):
        sizes = list(map(len, block.split(opening)))
        lengths.extend(sizes[1:])
        longest = max(sizes[1:], default=0)
        if max(longest, sizes[0] if skipped else 0) > MAX_TEXT or len(lengths) > MAX_STRINGS:
            raise refusal("too_large_when_unpacked")
        skipped = True
    return lengths


def referred_text(blocks: Iterable[bytes], lengths: array[int]) -> int:
    """Bytes of text all cells of a sheet hold together, each reference counted."""
    total = 0
    for block in whole_items(blocks, b"<c "):
        indexes = map(int, _TEXT_INDEX.findall(block))
        total += sum(lengths[index] for index in indexes if index < len(lengths))
    return total
