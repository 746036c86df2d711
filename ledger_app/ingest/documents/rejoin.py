"""Lines put together again: one stream of characters without layout, each with its place in the source."""

from __future__ import annotations

import re
import unicodedata
from array import array
from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from ledger_app.ingest.documents import artefacts
from ledger_app.ingest.documents.result import Place
from ledger_app.ingest.documents.source import Line, Source

_INK = re.compile(r"[^\s\x00-\x1f\x7f\xad\u200b-\u200f\u2060\ufeff]+")
TERMINAL = "。！？；!?;：:）)】”’》…"
_ENDED = "。！？；!?;：:"
_CLOSERS = "）)】”’"
_NEVER_FIRST = "，。、；：？！）》】”’％%,;"
_NEVER_LAST = "，、（《【“‘,("
# A remark in brackets behind a sentence: 。（已完成整改）
_MARKED = re.compile(r"[。；！？][（(【][^（()）]{1,24}[）)】]$")


@dataclass(slots=True)
class Piece:
    """One kept line of the stream: characters `start` to `end`; `width` in half-width columns."""

    line: Line
    start: int
    end: int
    width: int
    indented: bool
    cut: bool  # it does not follow the line before it directly: something of the page was taken out


class Stream:
    """The text to understand: every character that is not layout, with the way back to the source."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.pieces: list[Piece] = []
        self.at = array("L")
        self.spaced: set[int] = set()  # characters with a blank before them in their line
        self.removed: list[tuple[int, int]] = []
        parts: list[str] = []
        self._read(parts)
        self.text = "".join(parts)
        self.starts = [piece.start for piece in self.pieces]
        self.wrap = _wrap_width(self)

    def _read(self, parts: list[str]) -> None:
        known = set(self.source.artefacts)
        cut, reached = False, 0
        for line in self.source.lines:
            raw = self.source.text[line.start : line.end]
            words = raw.strip()
            if not words:
                continue
            if (line.start, line.end) in known or (
                not line.cell and self._of_page(parts, line, words, reached)
            ):
                self.removed.append((line.start, line.end))
                cut = True
                continue
            start = len(self.at)
            inside = self._append(parts, line.start, raw)
            if len(self.at) > start:
                indented = raw[:1] in " \t\u3000\xa0" and not inside
                cut = cut or line.start < reached or not self.source.text[reached : line.start].isspace()
                self.pieces.append(Piece(line, start, len(self.at), _width(parts[-1]), indented, cut))
                cut, reached = False, line.end

    def _of_page(self, parts: list[str], line: Line, words: str, reached: int) -> bool:
        """A line of digits is a page number, unless it goes on with a number cut by the line end above it."""
        if not artefacts.is_artefact(words):
            return False
        last = parts[-1][-1:] if parts else ""
        if not (words.isdigit() and len(words) < 4 and (last.isdigit() or last in (".", "-", "—"))):
            return True
        text = self.source.text
        return text.count("\n", reached, line.start) > 1 and text[line.end : line.end + 4].count("\n") > 1

    def _append(self, parts: list[str], offset: int, raw: str) -> bool:
        """Add the ink of one line as one part; true when a converter's mark was taken out of it."""
        marks = artefacts.inline(raw)
        self.removed += [(offset + a, offset + b) for a, b in marks]
        taken: list[str] = []
        for found in _INK.finditer(_blanked(raw, marks)):
            self._append_run(taken, offset, found)
        parts.append("".join(taken))
        return bool(marks)

    def _append_run(self, taken: list[str], offset: int, found: re.Match[str]) -> None:
        if taken:
            self.spaced.add(len(self.at))
            if _latin(taken[-1][-1]) and _latin(found.group()[0]):
                taken.append(" ")
                self.at.append(offset + found.start() - 1)
        taken.append(found.group())
        self.at.extend(range(offset + found.start(), offset + found.end()))

    def piece_at(self, position: int) -> int:
        """The index of the piece that holds this character."""
        return max(0, bisect_right(self.starts, position) - 1)

    def is_line_start(self, position: int) -> bool:
        index = bisect_left(self.starts, position)
        return index < len(self.starts) and self.starts[index] == position

    def places(self, start: int, end: int) -> tuple[Place, ...]:
        """Where these characters stand in the source; more than one range if the page cut through them."""
        if start >= end:
            return ()
        ranges: list[tuple[int, int]] = []
        for index in range(self.piece_at(start), self.piece_at(end - 1) + 1):
            piece = self.pieces[index]
            first, last = self.at[max(start, piece.start)], self.at[min(end, piece.end) - 1] + 1
            if ranges and not piece.cut:
                ranges[-1] = (ranges[-1][0], last)
            else:
                ranges.append((first, last))
        return tuple(Place(first, last) for first, last in ranges)

    def breaks_before(self, index: int) -> bool:
        """Whether piece `index` begins a new paragraph, judged by line ends, widths and indents alone."""
        if index == 0:
            return True
        before, piece = self.pieces[index - 1], self.pieces[index]
        if before.line.cell != piece.line.cell or piece.line.head:
            return True
        if self.text[piece.start] in _NEVER_FIRST or self.text[before.end - 1] in _NEVER_LAST:
            return False
        if not self._ended(before):
            return self._unended(before)
        if self.is_full(before):
            return piece.indented
        return True

    def _ended(self, piece: Piece) -> bool:
        """Whether a line ends with a sentence, or with brackets or quotes behind one."""
        end = piece.end
        while end > piece.start and self.text[end - 1] in _CLOSERS:
            end -= 1
        if end > piece.start and self.text[end - 1] in _ENDED:
            return True
        return end < piece.end and _MARKED.search(self.text, piece.start, piece.end) is not None

    def _unended(self, before: Piece) -> bool:
        """A line without a full stop goes on in the next one unless it is visibly short (a heading, a name)."""
        if self.wrap or before.line.full is not None:
            return not self.is_full(before)
        return before.width < 40

    def is_full(self, piece: Piece) -> bool:
        if piece.line.full is not None:
            return piece.line.full
        return self.wrap > 0 and piece.width >= self.wrap - 8

    def paragraphs(self, start: int, end: int) -> list[tuple[int, int]]:
        """The paragraphs of a range, as ranges."""
        cuts = [start]
        for index in range(self.piece_at(start) + 1, len(self.pieces)):
            position = self.pieces[index].start
            if position >= end:
                break
            if self.breaks_before(index):
                cuts.append(position)
        return [(a, b) for a, b in zip(cuts, [*cuts[1:], end], strict=True) if a < b]


def _latin(character: str) -> bool:
    return character.isascii() and character.isalnum()


def _blanked(raw: str, marks: list[tuple[int, int]]) -> str:
    for start, end in marks:
        raw = raw[:start] + " " * (end - start) + raw[end:]
    return raw


def _width(text: str) -> int:
    if text.isascii():
        return len(text)
    return sum(2 if unicodedata.east_asian_width(character) in "WFA" else 1 for character in text[:400])


def _wrap_width(stream: Stream) -> int:
    """The width at which a page broke the lines of the text, 0 if its lines are paragraphs.

    Lines that end within a sentence gather at that width, and hardly a line is wider.
    """
    lines = [piece for piece in stream.pieces if not piece.line.cell and piece.width >= 12]
    unended = sorted(piece.width for piece in lines if stream.text[piece.end - 1] not in TERMINAL)
    if len(unended) < 5:
        return 0
    wide = unended[len(unended) * 9 // 10]
    near = sum(1 for width in unended if abs(width - wide) <= 8)
    over = sum(1 for piece in lines if piece.width > wide + 8)
    return wide if wide <= 160 and near >= max(5, len(unended) // 5) and over * 20 <= len(lines) else 0
