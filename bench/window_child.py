"""One measurement of the window in a process of its own; prints one line of JSON.

bare: Qt's own window with a table of 50 rows · start LEDGER: ours on the ledger page, then the desk ·
memory LEDGER · sort LEDGER FIELD … · gap LEDGER WORKBOOK FOLDER: the longest gap of the event loop by job.
"""
# ruff: noqa: PLC0415 - what is imported, and when, is what is measured

from __future__ import annotations

import gc
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

STARTED = "BENCH_STARTED"  # time.time() when the process was called for
TICK_MS = 5
LONGEST_S = 60.0
QUIET_S = 1.0  # what follows an act in the window (lists asked again) belongs to it
ROWS, COLUMNS = 50, 12
HEAVY = ("matplotlib", "numpy", "reportlab", "openpyxl", "sqlite_utils", "pypinyin")


def since_start() -> float:
    return time.time() - float(os.environ[STARTED])


def when_painted(view: Any, then: Callable[[], object]) -> None:
    """Call `then` once, right after the picture in which a table first shows rows, before anything else
    that waits for it."""
    from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt

    class Painted(QObject):
        seen = False

        def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
            if not self.seen and event.type() == QEvent.Type.Paint and view.model().rowCount():
                self.seen = True
                QCoreApplication.postEvent(
                    self, QEvent(QEvent.Type.User), Qt.EventPriority.HighEventPriority.value
                )
            return False

        def event(self, event: QEvent) -> bool:
            if event.type() == QEvent.Type.User:
                then()
            return super().event(event)

    view.viewport().installEventFilter(Painted(view))


def bare() -> dict[str, Any]:
    """The least a Python program does with Qt: application, main window, table view, a model of 50 rows."""
    from PySide6.QtCore import QAbstractTableModel, Qt
    from PySide6.QtWidgets import QApplication, QMainWindow, QTableView

    class Model(QAbstractTableModel):
        def rowCount(self, _parent: Any = None) -> int:  # noqa: N802 - Qt's names
            return ROWS

        def columnCount(self, _parent: Any = None) -> int:  # noqa: N802
            return COLUMNS

        def data(self, index: Any, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
            return f"{index.row()} {index.column()}" if role == Qt.ItemDataRole.DisplayRole else None

    application = QApplication([])
    found: dict[str, Any] = {}
    view, window = QTableView(), QMainWindow()
    model = Model()
    view.setModel(model)
    window.setCentralWidget(view)
    window.resize(1366, 768)

    def painted() -> None:
        found["painted_s"] = since_start()
        application.quit()

    when_painted(view, painted)
    window.show()
    application.exec()
    return found


class Sitting:
    """Our program on a ledger, as `app.run` makes it, with settings of its own; the clerk's name is known."""

    window: Any
    page: Any

    def __init__(self, ledger: Path, folder: Path, place: str = "wells") -> None:
        from PySide6.QtCore import QEventLoop, Qt, QTimer

        from ledger_app import app
        from ledger_app.services.settings import Settings

        path = ledger.absolute()
        settings = Settings(folder / "settings.json")
        settings.put(f"{path}|operator", "甲")
        settings.put(f"{path}|place", place)
        self.application, theme = app.make_application([])
        self._loop, self._timer = QEventLoop(), QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self.program = app.Program(theme, settings)
        self.program.begin(path)
        self.window = self.program.window
        self.page = self.window.page(place)

    def until(self, holds: Callable[[], object], quiet_s: float = 0.0) -> float:
        """Run the event loop until something holds; the longest gap between two ticks, in milliseconds."""
        longest, before = 0.0, time.perf_counter()
        give_up, over = before + LONGEST_S, 0.0

        def tick() -> None:
            nonlocal longest, before, over
            now = time.perf_counter()
            longest, before = max(longest, now - before), now
            if not over and (holds() or now > give_up):
                over = now + quiet_s
            if over and now >= over:
                self._loop.quit()

        self._timer.timeout.connect(tick)
        self._timer.start(TICK_MS)
        self._loop.exec()
        self._timer.stop()
        self._timer.timeout.disconnect(tick)  # a timer left in a cycle would be collected on any thread
        if before > give_up:
            raise TimeoutError("the window did not come to an end")
        return longest * 1000

    def rest(self) -> None:
        """Until all that was asked for at the start has come."""
        self.until(lambda: self.page.table.model.ids and not self.at_work, QUIET_S)

    @property
    def at_work(self) -> bool:
        threads = self.window.context.workers._threads.values()  # noqa: SLF001 - nobody else asks this
        return any(thread.current for thread in threads)

    def close(self) -> None:
        self.window.close()
        self.until(lambda: True, 0.2)


def start(ledger: Path) -> dict[str, Any]:
    found: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        sitting = Sitting(ledger, Path(folder))

        def painted() -> None:
            found["painted_s"] = since_start()
            found["heavy"] = sorted(name for name in HEAVY if name in sys.modules)

        when_painted(sitting.page.table.view, painted)
        sitting.until(lambda: found)
        from bench.measure import TODAY  # the county's own day: its closures are of this year

        sitting.window.context.workspace.today = lambda: TODAY
        begun = time.perf_counter()
        sitting.window.visit("desk")
        desk = sitting.window.page("desk")
        sitting.until(lambda: all(picture._drawn for picture in desk.charts))  # noqa: SLF001
        found["desk_s"] = time.perf_counter() - begun
        sitting.rest()
        sitting.close()
    return found


def memory(ledger: Path) -> dict[str, Any]:
    """All ids are there in order, counted and added up; the record of the first stands beside them."""
    with tempfile.TemporaryDirectory() as folder:
        sitting = Sitting(ledger, Path(folder))
        sitting.rest()
        rows = len(sitting.page.table.model.ids)
        found = {"rows": rows, "rss_mb": resident_mb(), "peak_mb": resident_mb("VmHWM")}
        sitting.close()
    return found


def resident_mb(what: str = "VmRSS") -> float:
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    line = next(line for line in lines if line.startswith(what))
    return int(line.split()[1]) / 1024


def sort(ledger: Path, *fields: str) -> dict[str, Any]:
    """Seconds until the list stands in another order, and the longest gap meanwhile."""
    taken: dict[str, float] = {}
    gaps = [0.0]
    with tempfile.TemporaryDirectory() as folder:
        sitting = Sitting(ledger, Path(folder))
        sitting.rest()
        for name in fields:
            taken[name], longest = sorted_by(sitting, name)
            gaps.append(longest)
        sitting.close()
    return {"seconds": taken, "gap_ms": max(gaps)}


def sorted_by(sitting: Sitting, name: str) -> tuple[float, float]:
    table = sitting.page.table
    whole: list[float] = []
    if name not in [column.name for column in table.model.columns]:
        table.columns.choose([name, *table.shown_names()])

    def shown(_rows: int, complete: bool) -> None:
        if complete:
            whole.append(time.perf_counter())

    table.shown.connect(shown)
    begun = time.perf_counter()
    table.view.sort_asked.emit([column.name for column in table.model.columns].index(name))
    longest = sitting.until(lambda: whole, QUIET_S)
    table.shown.disconnect(shown)
    return whole[0] - begun, longest


def gap(ledger: Path, workbook: Path, folder: Path) -> dict[str, Any]:
    """The longest gap while each job runs as the pages run it; the window goes on being used in between."""
    sitting = Sitting(ledger, folder)
    sitting.rest()
    window = sitting.window
    gaps = {"sort": max(sorted_by(sitting, name)[1] for name in ("owner", "depth_m"))}
    gaps["export"] = exported(sitting, folder / "export.xlsx")
    window.visit("import")
    page = window.page("import")
    told: list[str] = []
    page.work.planned.connect(lambda _: told.append("planned"))
    page.work.written.connect(lambda _: told.append("written"))
    page.open_file(workbook)
    gaps["import, plan"] = sitting.until(lambda: "planned" in told, QUIET_S)
    page.write()
    gaps["import, write"] = sitting.until(lambda: "written" in told, QUIET_S)
    window.visit("reports")
    reports = window.page("reports")
    gaps["report"] = sitting.until(lambda: getattr(reports, "made", None), QUIET_S)
    window.visit("backup")
    sitting.until(lambda: not sitting.at_work, QUIET_S)
    window.page("backup").make()
    gaps["backup"] = sitting.until(lambda: not sitting.at_work, QUIET_S)
    sitting.close()
    return {"gaps": gaps}


def exported(sitting: Sitting, out: Path) -> float:
    done: list[bool] = []
    sitting.page.output.write(out, lambda: done.append(True))
    return sitting.until(lambda: done, QUIET_S)


MODES: dict[str, Callable[..., dict[str, Any]]] = {"bare": bare, "start": start, "memory": memory}
MODES |= {"sort": sort, "gap": gap}


if __name__ == "__main__":
    gc.disable()  # as the program does until the first picture
    mode, words = sys.argv[1], sys.argv[2:]
    given = [Path(word) if os.sep in word else word for word in words]
    print(json.dumps(MODES[mode](*given)))
