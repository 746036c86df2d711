"""What the rows under a header are. Nearly all are data: only those that stand out are looked at closely."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Final, cast

from ledger_app.ingest.child import Cell
from ledger_app.ingest.header import Header
from ledger_app.ingest.row_words import (
    Filled,
    TotalKind,
    is_label,
    is_meta_row,
    is_note,
    is_number,
    is_number_row,
    is_period,
    is_signature_row,
    shown,
    squeezed,
    total_name,
)
from ledger_app.ingest.workbook import NO_RESULT, Sheet

_LABEL_COLUMNS: Final = 6  # totals, notes and signatures begin in one of the first columns
_SAMPLE: Final = 200
_STANDS_OUT: Final = re.compile(
    r"[计均注说页以*※★☆:：章期]|[负责填制审复][\u3400-\u9fff]|人\s*\Z|电\s*话|\A\s+\Z"
)
_PAGE: Final = re.compile(
    r"[（(]?(?:第?[0-9一二三四五六七八九十]{1,3}页|续表|续上表|接上[页表]|转下页|续)[)）]?"
)
_CODES: Final = re.compile(r"[0-9A-Za-z\n._/-]*")
_REMARK: Final = re.compile(r"备注|说明|情况|原因|事由|描述|内容")
_SERIAL: Final = re.compile(r"序\s*号|编\s*号|NO\.?|№|行次|项次", re.IGNORECASE)
_CODE: Final = re.compile(r"[A-Za-z0-9]*\d[A-Za-z0-9]*[-_/]?[A-Za-z0-9]*")


@dataclass
class Body:
    """Row indexes (from 0) by what they are; everything else between `first` and `end` is data."""

    first: int
    end: int
    subtotals: list[int] = field(default_factory=list)
    totals: list[int] = field(default_factory=list)
    blanks: list[int] = field(default_factory=list)
    repeated_headers: list[int] = field(default_factory=list)
    notes: list[int] = field(default_factory=list)
    footers: list[int] = field(default_factory=list)
    number_rows: list[int] = field(default_factory=list)
    titles: list[int] = field(default_factory=list)
    metas: list[int] = field(default_factory=list)
    sections: list[tuple[int, str]] = field(default_factory=list)
    outline: bool = False

    def data_numbers(self, offset: int) -> Sequence[int]:
        """Excel numbers of the data rows: a range if nothing stands between them."""
        others = self._others()
        end = self.end
        while end - 1 in others:
            end -= 1
        first = self.first
        while first in others and first < end:
            first += 1
        if not any(first < row < end for row in others):
            return range(first + offset, end + offset)
        return tuple(row + offset for row in range(first, end) if row not in others)

    def _others(self) -> set[int]:
        lists = (self.subtotals, self.totals, self.blanks, self.repeated_headers, self.notes, self.footers)
        more = (self.number_rows, self.titles, self.metas, [row for row, _ in self.sections])
        return {row for rows in (*lists, *more) for row in rows}


def read_body(sheet: Sheet, header: Header, *, titles: Sequence[str], outline: bool | None) -> Body:
    """Sort the rows below the header. `titles` are the lines above it: they come back on every page."""
    first = (header.number_row if header.number_row is not None else header.last) + 1
    end = len(sheet.rows)
    while end > first and not any(map(shown, sheet.rows[end - 1])):
        end -= 1
    reader = _Reader(sheet, header, Body(first, end), {squeezed(title) for title in titles})
    reader.read()
    if outline is None:
        outline = reader.is_outline()
    if outline:
        reader.heads_are_data()
    return reader.body


class _Reader:
    """Sorts one sheet's rows into a Body."""

    def __init__(self, sheet: Sheet, header: Header, body: Body, titles: set[str]) -> None:
        self._sheet = sheet
        self._header = header
        self._titles = titles
        self.body = body
        self._columns = list(header.paths)
        self._labels = [c for c in self._columns if not self._is_remark(c)][:_LABEL_COLUMNS]
        self._serial = next((c for c in self._columns[:2] if self._is_serial(c)), None)
        self._header_rows = range(max(header.first, 0), header.last + 1)
        self._heading = [dict(self._filled(row)) for row in self._header_rows]
        self._wide = {m[:2]: m for m in sheet.merges if m[3] > m[1] and body.first <= m[0] < body.end}
        self._last_data = self._find_last_data()
        self._named: dict[int, tuple[int, str]] = {}  # total row → (column, name) of the place it names

    def _is_remark(self, column: int) -> bool:
        return any(_REMARK.search(label) for label in self._header.paths[column][-1:])

    def _is_serial(self, column: int) -> bool:
        return any(_SERIAL.fullmatch(squeezed(label)) for label in self._header.paths[column][-1:])

    def _filled(self, row: int) -> list[tuple[int, str]]:
        return [(column, text) for column, cell in enumerate(self._sheet.rows[row]) if (text := shown(cell))]

    def read(self) -> None:
        for row in sorted(self._standing_out()):
            self._sort(row, self._filled(row))
        self._trailing_lines_are_notes()

    # ---- which rows to look at

    def _standing_out(self) -> set[int]:
        rows = self._sheet.rows[self.body.first : self.body.end]
        first = self.body.first
        found: set[int] = set()
        for column in self._labels:
            headings = [self._sheet.rows[row][column] for row in self._header_rows]
            found |= {first + i for i in _odd_places([row[column] for row in rows], headings)}
        for column in self._anchors(rows):  # blank rows leave them blank too
            found |= {first + i for i, row in enumerate(rows) if not row[column]}
        found |= {row for row, _ in self._wide}
        found |= set(range(max(first, self._last_data), self.body.end))
        return found

    def _anchors(self, rows: Sequence[list[Cell]]) -> list[int]:
        """The two columns that are filled most often: a row that leaves one blank is worth a look."""
        sample = rows[:: max(1, len(rows) // _SAMPLE)]
        counts = {column: sum(bool(shown(row[column])) for row in sample) for column in self._columns}
        return sorted(counts, key=lambda column: (-counts[column], column))[:2]

    def _find_last_data(self) -> int:
        """The last row that is filled about as well as the others; what follows is the tail."""
        sample = range(self.body.first, min(self.body.end, self.body.first + _SAMPLE))
        usual = median([len(self._filled(row)) for row in sample] or [0])
        for row in range(self.body.end - 1, self.body.first - 1, -1):
            filled = self._filled(row)
            if len(filled) >= max(2, usual / 2) and not self._is_closing(filled):
                return row
        return self.body.first

    def _is_closing(self, filled: Filled) -> bool:
        text = filled[0][1]
        return bool(total_name(text)) or is_note(text) or is_signature_row(filled, in_tail=True)

    # ---- what a row is

    def _sort(self, row: int, filled: Filled) -> None:
        body = self.body
        if not filled or self._is_only_numbered(filled):
            body.blanks.append(row)
        elif self._is_heading(filled):
            body.repeated_headers.append(row)
        elif is_number_row(filled) and row - 1 in (self._header.last, *body.repeated_headers):
            body.number_rows.append(row)
        elif total := self._total(row, filled):
            (body.totals if total == "total" else body.subtotals).append(row)
        elif self._is_signature(row, filled):
            body.footers.append(row)
        elif is_note(filled[0][1]) and len(filled) <= 3:
            body.notes.append(row)
        elif self._is_line(row, filled):
            self._sort_line(row, filled)

    def _is_only_numbered(self, filled: Filled) -> bool:
        """A row kept free: its serial number is there, perhaps formulas that wait for input, nothing else."""
        entered = [(column, text) for column, text in filled if text != NO_RESULT]
        waiting = len(filled) - len(entered)
        if not entered:
            return waiting * 3 <= len(self._columns)
        return len(entered) == 1 and entered[0][0] == self._serial and entered[0][1].isdigit()

    def _is_heading(self, filled: Filled) -> bool:
        cells = {column: squeezed(text) for column, text in filled}
        for heading in self._heading:
            same = sum(cells.get(column) == squeezed(text) for column, text in heading.items())
            if same >= 2 and same * 10 >= len(heading) * 7:
                return True
        return False

    def _total(self, row: int, filled: Filled) -> TotalKind | None:
        """A total names itself in a label column, with nothing but places and a serial number before it."""
        before = ""
        for column, text in filled[:3]:
            if column not in self._labels and column in self._header.paths:
                return None
            if total := total_name(text):
                return self._note_name(row, column, total, before)
            if self._is_value(column, text, row):
                return None
            before = "" if column == self._serial else text
        return None

    def _is_value(self, column: int, text: str, row: int) -> bool:
        if column == self._serial:
            return False
        return is_number(self._sheet.rows[row][column]) or _CODE.fullmatch(squeezed(text)) is not None

    def _note_name(self, row: int, column: int, total: tuple[TotalKind, str], before: str) -> TotalKind:
        kind, name = total
        if name:
            self._named[row] = (column, name)
        elif before:
            self._named[row] = (self._column_left(row, column), before)
            kind = "subtotal"
        return kind

    def _column_left(self, row: int, column: int) -> int:
        return max((c for c, _ in self._filled(row) if c < column), default=column)

    def _is_signature(self, row: int, filled: Filled) -> bool:
        in_tail = row > self._last_data
        return (in_tail or len(filled) <= 8) and is_signature_row(filled, in_tail=in_tail)

    def _is_line(self, row: int, filled: Filled) -> bool:
        """Words in one cell across the table, or alone in a wide table's first columns."""
        column, text = filled[0]
        if len(filled) > 1 or len(self._columns) < 3:
            return is_meta_row(filled) and len(filled) < len(self._columns)
        merge = self._wide.get((row, column))
        if merge and merge[3] - merge[1] + 1 >= min(3, len(self._columns)):
            return True
        return row > self._last_data or (column <= self._columns[0] and is_label(text))

    def _sort_line(self, row: int, filled: Filled) -> None:
        text = squeezed(filled[0][1])
        if text in self._titles or _PAGE.match(text):
            self.body.titles.append(row)
        elif is_meta_row(filled) and row < self._last_data:
            self.body.metas.append(row)
        elif is_period(text) and row > self._last_data:
            self.body.footers.append(row)
        else:
            self.body.sections.append((row, filled[0][1]))

    def _trailing_lines_are_notes(self) -> None:
        """A line with no data after it heads nothing."""
        self.body.notes += [row for row, _ in self.body.sections if row > self._last_data]
        self.body.notes.sort()
        self.body.sections = [(row, text) for row, text in self.body.sections if row < self._last_data]

    # ---- total rows that head what follows them

    def is_outline(self) -> bool:
        """Whether rows called 小计 introduce a place for rows that leave it blank, as a broken-down plan does.

        They then are filled like the rows below them, apart from the names.
        """
        flagged = sorted([*self.body.subtotals, *self.body.totals])
        heads = [row for row in flagged if self._is_head(row)]
        if len(heads) < 2 or len(heads) * 10 < len(flagged) * 6:
            return False
        return median(map(self._values, heads)) * 10 >= 6 * median(self._values(row + 1) for row in heads)

    def _values(self, row: int) -> int:
        return sum(is_number(cell) for cell in self._sheet.rows[row])

    def _is_head(self, row: int) -> bool:
        if row not in self._named or row + 1 >= self.body.end:
            return False
        column, _ = self._named[row]
        return not shown(self._sheet.rows[row + 1][column]) and not self._in_merge(row + 1, column)

    def _in_merge(self, row: int, column: int) -> bool:
        return any(m[0] <= row <= m[2] and m[1] <= column <= m[3] for m in self._sheet.merges)

    def heads_are_data(self) -> None:
        """Totals stay only where nothing follows them."""
        last = self._last_data
        self.body.outline = True
        self.body.subtotals = [row for row in self.body.subtotals if row > last]
        self.body.totals = [row for row in self.body.totals if row > last]


def _odd_places(column: Sequence[Cell], headings: Collection[Cell]) -> list[int]:
    """Where a column holds what totals, notes, signatures or headings are made of: each value judged once."""
    odd: set[Cell] = {*filter(shown, headings)}
    if _is_plain(column) and not any(_CODES.fullmatch(str(heading)) for heading in odd):
        return []
    texts = (value for value in set(column) if isinstance(value, str) and _STANDS_OUT.search(value))
    odd.update(text for text in texts if _is_odd(text))
    if odd.isdisjoint(column):
        return []
    return [place for place, value in enumerate(column) if value in odd]


def _is_plain(column: Sequence[Cell]) -> bool:
    """Numbers or codes throughout, in which nothing stands out: a whole column in one look."""
    kinds = set(map(type, column))
    if kinds != {str}:
        return kinds == {float}
    lines = "\n".join(cast("Sequence[str]", column))
    return _CODES.fullmatch(lines) is not None and lines.count("\n") == len(column) - 1


def _is_odd(text: str) -> bool:
    if not shown(text) or total_name(text) or is_note(text):
        return True
    return is_signature_row([(0, text)], in_tail=True) or is_meta_row([(0, text)])
