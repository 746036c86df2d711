"""calamine's part of the work, in this process or, for files that nobody can vouch for, in a child with limits.

A parser that aborts on a made-up file takes its process with it: then only the child is lost.
"""

from __future__ import annotations

import gc
import io
import multiprocessing
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from datetime import time as time_of_day
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final, Literal

import python_calamine as calamine

from ledger_app.core.errors import LedgerError
from ledger_app.ingest.refusals import refusal

# What calamine gives. A blank is "", a number typed as 85 is 85.0 (from xls perhaps 85).
Cell = str | int | float | bool | date | datetime | time_of_day | timedelta | None
Merge = tuple[int, int, int, int]
State = Literal["visible", "hidden", "very_hidden"]

SECONDS: Final = 12.0
MEMORY: Final = 512 * 1024 * 1024
_ROWS_A_MESSAGE: Final = 2_000
_DYING_SECONDS: Final = 2.0
_ABORTED: Final = (-6, -9, 0xC0000409)  # what a process ends with that got no more memory


@dataclass(slots=True)
class RawSheet:
    """Rows from the sheet's first row on, all of one length; merges (first row, column, last row, column)."""

    name: str
    state: State
    merges: tuple[Merge, ...] = ()
    rows: list[list[Cell]] = field(default_factory=list)


def read_here(data: bytes) -> list[RawSheet]:
    """Every worksheet, parsed in this process. Raises LedgerError damaged_file, encrypted, not_a_workbook."""
    with _refusals(), _no_collection():
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        return [_read_sheet(book, about) for about in _worksheets(book)]


def read_in_child(path: Path, seconds: float = SECONDS, memory: int = MEMORY) -> list[RawSheet]:
    """The same in a process of its own, which has so many seconds and (not on Windows) bytes.

    Raises LedgerError: as read_here, and too_slow, too_large_when_unpacked (not enough memory).
    """
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=_serve, args=(there, path, memory), daemon=True)
    process.start()
    there.close()
    try:
        return _collect(here, time.monotonic() + seconds)
    except EOFError as error:
        process.join(_DYING_SECONDS)
        raise refusal("out_of_memory" if process.exitcode in _ABORTED else "parser_failed") from error
    finally:
        here.close()
        process.kill()
        process.join()


def _collect(pipe: Connection, deadline: float) -> list[RawSheet]:
    sheets: list[RawSheet] = []
    with _no_collection():
        while True:
            if not pipe.poll(max(0.0, deadline - time.monotonic())):
                raise refusal("too_slow")
            message = pipe.recv()
            if message is None:
                return sheets
            if isinstance(message, LedgerError):
                raise message
            if isinstance(message, RawSheet):
                sheets.append(message)
            else:
                sheets[-1].rows.extend(message)


def _serve(pipe: Connection, path: Path, memory: int) -> None:
    """The child: sheet by sheet, rows in batches (one large pickle would need twice the memory)."""
    _be_silent()
    _limit_memory(memory)
    try:
        with _refusals():
            book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(path.read_bytes()))
            for about in _worksheets(book):
                _send(pipe, _read_sheet(book, about))
        pipe.send(None)
    except LedgerError as error:
        pipe.send(error)
    except MemoryError:
        pipe.send(refusal("out_of_memory"))


def _send(pipe: Connection, sheet: RawSheet) -> None:
    rows, sheet.rows = sheet.rows, []
    pipe.send(sheet)
    for start in range(0, len(rows), _ROWS_A_MESSAGE):
        pipe.send(rows[start : start + _ROWS_A_MESSAGE])


def _be_silent() -> None:
    """What a dying parser prints is not for the clerk's terminal."""
    sink = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(sink, stream)


def _limit_memory(memory: int) -> None:
    with suppress(ImportError, ValueError, OSError):
        import resource  # noqa: PLC0415  Windows has none

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _worksheets(book: calamine.CalamineWorkbook) -> list[calamine.SheetMetadata]:
    return [about for about in book.sheets_metadata if about.typ == calamine.SheetTypeEnum.WorkSheet]


def _read_sheet(book: calamine.CalamineWorkbook, about: calamine.SheetMetadata) -> RawSheet:
    sheet = book.get_sheet_by_name(about.name)
    merges = tuple((*first, *last) for first, last in sheet.merged_cell_ranges or ())
    return RawSheet(about.name, _state(about), merges, _rows(sheet))


def _state(about: calamine.SheetMetadata) -> State:
    if about.visible == calamine.SheetVisibleEnum.Visible:
        return "visible"
    return "hidden" if about.visible == calamine.SheetVisibleEnum.Hidden else "very_hidden"


def _rows(sheet: calamine.CalamineSheet) -> list[list[Any]]:
    """Row by row is as quick as to_python and lets other threads (the window) run in between."""
    if sheet.start is None:
        return []
    if sheet.start[1]:
        return sheet.to_python(skip_empty_area=False)  # iter_rows leaves empty first columns out
    return [row for row in sheet.iter_rows()]  # noqa: C416  list() would not let them run


@contextmanager
def _no_collection() -> Iterator[None]:
    """Millions of new objects that all stay: looking for garbage among them would double the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@contextmanager
def _refusals() -> Iterator[None]:
    """calamine's errors, and a panic of its Rust code (a BaseException), as ours."""
    try:
        yield
    except calamine.PasswordError as error:
        raise refusal("encrypted") from error
    except (calamine.CalamineError, OSError, ValueError) as error:
        raise refusal("damaged_file") from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise refusal("parser_failed") from error
