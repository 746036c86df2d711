"""What was read from a document, line by line for the clerk: label, words, place in the source, doubt.

A line that may be corrected takes new words and puts them back into the document; its place stays.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from ledger_app.core.dates import read_date
from ledger_app.core.errors import LedgerError
from ledger_app.ingest.documents.result import Document, Found, Item, Measure, Place
from ledger_app.services.reading_rows import BETWEEN_UNITS, NO, YES
from ledger_app.services.reading_words import is_doubtful, why_left

Put = Callable[[str], None]
_SEPARATORS: Final = re.compile(r"[、；;\n]")
DOUBT: Final = "拿不准，请对照原文看一看。"
DONE_WORDS: Final = (YES, NO, "")


@dataclass(frozen=True, slots=True)
class ReadLine:
    """One line: `places` are ranges (start, end) of the source text; `put` takes corrected words, None where
    the line is only shown; `words` are the only ones it takes, where there are such."""

    label: str
    text: str
    places: tuple[tuple[int, int], ...] = ()
    doubt: str = ""
    put: Put | None = None
    words: tuple[str, ...] = ()
    indent: bool = False

    def covers(self, position: int) -> bool:
        return any(start <= position < end for start, end in self.places)


def head_lines(document: Document) -> list[ReadLine]:
    """The document itself."""
    made = [
        _line("标题", document, "title"),
        _line("发布单位", document, "issuer"),
        _line("发布日期", document, "issued_on", _date),
    ]
    if own := document.publicity:
        made += [
            ReadLine(label, str(found.value), _places(found), _doubt(found))
            for label, found in (
                ("公示起", own.first_on),
                ("公示止", own.last_on),
                ("公示时长", own.days),
                ("时长单位", own.kind),
            )
            if found is not None
        ]
    made += [ReadLine("公示电话", p.value, _places(p), _doubt(p)) for p in document.phones]
    return made


def task_lines(item: Item) -> list[ReadLine]:
    """A task: its fields, then its measures with their results, then what is reported for areas."""
    made = [
        _line("编号", item, "number"),
        *(ReadLine("所属章节", h.value, _places(h), _doubt(h)) for h in item.path),
        _line("整改任务", item, "problem"),
        _line("牵头单位", item, "lead_unit"),
        _units(item),
        _line("验收单位", item, "acceptance_unit"),
        _line("整改时限", item, "deadline_text"),
        _line("时限日期", item, "deadline", _date),
        _line("整改目标", item, "goal"),
        _line("整改状态", item, "status_text"),
    ]
    made += [_of_list("完成情况", item.progress, n) for n in range(len(item.progress))]
    for number, measure in enumerate(item.measures, 1):
        made += _measure(number, measure)
    for area in item.areas:
        made.append(ReadLine(area.name.value, area.text.value, _places(area.name) + _places(area.text)))
    return made


def left_lines(document: Document) -> list[ReadLine]:
    """Every stretch of the source that no field took, the page's own marks last."""
    pieces = sorted(document.left_over, key=lambda piece: (piece.why == "artefact", piece.place.start))
    return [ReadLine(why_left(p), p.text.strip(), ((p.place.start, p.place.end),)) for p in pieces]


def doubtful(lines: Sequence[ReadLine]) -> int:
    return sum(bool(line.doubt) for line in lines)


# ---- lines of single values ----------------------------------------------------------------------


def _line(label: str, owner: Any, name: str, read: Callable[[str], str] | None = None) -> ReadLine:
    found: Found[Any] | None = getattr(owner, name)

    def put(text: str) -> None:
        value = (read or _plain)(text)
        setattr(owner, name, _corrected(getattr(owner, name), value) if value else None)

    if found is None:
        return ReadLine(label, "", put=put)
    return ReadLine(label, str(found.value), _places(found), _doubt(found), put)


def _units(item: Item) -> ReadLine:
    def put(text: str) -> None:
        known = {unit.value: unit for unit in item.responsible_units}
        names = dict.fromkeys(name.strip() for name in _SEPARATORS.split(text) if name.strip())
        item.responsible_units[:] = [known.get(name) or Found(name) for name in names]

    units = item.responsible_units
    return ReadLine(
        "责任单位",
        BETWEEN_UNITS.join(unit.value for unit in units),
        tuple(dict.fromkeys(place for unit in units for place in _places(unit))),
        next((_doubt(unit) for unit in units if is_doubtful(unit)), ""),
        put,
    )


def _of_list(label: str, found: list[Found[str]], index: int) -> ReadLine:
    def put(text: str) -> None:
        if _plain(text):
            found[index] = _corrected(found[index], _plain(text))
        else:
            del found[index]

    one = found[index]
    return ReadLine(label, one.value, _places(one), _doubt(one), put)


def _measure(number: int, measure: Measure) -> Iterator[ReadLine]:
    ordinal = measure.ordinal.value if measure.ordinal else ""

    def put_text(text: str) -> None:
        if not _plain(text):
            raise LedgerError("措施的内容不能空着；不要这一条，请取消勾选这项任务或存入后再删。", "required")
        measure.text = _corrected(measure.text, _plain(text))

    def put_done(text: str) -> None:
        measure.done = None if not text else _corrected(measure.done, text == YES)

    places = (_places(measure.ordinal) if measure.ordinal else ()) + _places(measure.text)
    yield ReadLine(
        f"措施{number} {ordinal}".strip(), measure.text.value, places, _doubt(measure.text), put_text
    )
    done = measure.done
    words = "" if done is None else (YES if done.value else NO)
    marked = _places(measure.mark) if measure.mark else ()
    yield ReadLine("已完成", words, marked, _doubt(done) if done else "", put_done, DONE_WORDS, indent=True)
    yield _as_part(_line("落实情况", measure, "progress"))


def _as_part(line: ReadLine) -> ReadLine:
    return ReadLine(line.label, line.text, line.places, line.doubt, line.put, indent=True)


# ---- values --------------------------------------------------------------------------------------


def _corrected(found: Found[Any] | None, value: Any) -> Found[Any]:
    """The clerk's value is sure; it still stands where the text was found."""
    return Found(value, found.places if found else ())


def _places(found: Found[Any]) -> tuple[tuple[int, int], ...]:
    return tuple(_range(place) for place in found.places)


def _range(place: Place) -> tuple[int, int]:
    return place.start, place.end


def _doubt(found: Found[Any]) -> str:
    return (found.doubt or DOUBT) if is_doubtful(found) else ""


def _plain(text: str) -> str:
    return text.strip()


def _date(text: str) -> str:
    """An ISO day. LedgerError for what is no day."""
    if not text.strip():
        return ""
    reading = read_date(text.strip(), partial=False, today=date.max, future_ok=True)
    if reading.value is None or (reading.problem and reading.problem.severity != "info"):
        why = reading.problem.text if reading.problem else f"“{text.strip()}”不是一个日期。"
        raise LedgerError(why, "bad_date")
    return str(reading.value)
