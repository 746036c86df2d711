"""Work beside the window: two readers, one writer, results delivered on the window's thread.

`read` is for lists and sums a page waits for; a newer read of the same channel interrupts the former.
`read_long` is for reports, checks and exports: it runs beside `read`, so that a list never waits for it.
`write` is for acts. What an act's function returns may carry `changed`, the ledgers it changed.
"""

from __future__ import annotations

import queue
import sys
import time
from collections.abc import Callable
from typing import Any, Final

from PySide6.QtCore import QObject, QThread, QTimer, Signal
from shiboken6 import isValid

from ledger_app.core.errors import LedgerError
from ledger_app.services.session import Workspace
from ledger_app.ui.collector import Collector

Done = Callable[[Any], object]
Failed = Callable[[BaseException], object]
LIST, LONG, WRITE = "list", "long", "write"
STOPPED: Final = "已停止，什么都没有写入。"
PROGRESS_S: Final = 0.08
SWITCH_S: Final = (
    0.001  # a thread that computes holds the others up so long (else 0.005), a paint several times
)


class Stopped(Exception):
    """The clerk stopped the work, or nobody waits for it any more."""


class Task:
    """One piece of work: where it runs, who hears of it, whether it is still wanted."""

    def __init__(self, job: Callable[..., Any], done: Done | None, failed: Failed | None, title: str) -> None:
        self.job = job
        self.done = done
        self.failed = failed
        self.title = title
        self.channel = ""
        self.stopped = False
        self.superseded = False
        self.interrupt: Callable[[], object] = lambda: None

    def stop(self) -> None:
        """End it as soon as it can; what it has written is taken back."""
        self.stopped = True
        self.interrupt()


class Progress:
    """Handed to long work: says how far it is, and ends the work where it was stopped."""

    def __init__(self, task: Task, say: Callable[[Task, int, int, str], object]) -> None:
        self._task = task
        self._say = say
        self._next = 0.0

    def __call__(self, done: int = 0, total: int = 0, text: str = "") -> None:
        if self._task.stopped:
            raise Stopped
        now = time.monotonic()
        if now >= self._next:  # a bar that moves more often than one sees only costs time
            self._next = now + PROGRESS_S
            self._say(self._task, done, total, text)


class _Thread(QThread):
    """One thread with its queue. `finished_task` crosses to the window's thread by itself."""

    finished_task = Signal(object, object, object)  # task, result, error

    def __init__(self, resource: Callable[[], Any], name: str, collector: Collector) -> None:
        super().__init__()
        self.setObjectName(name)
        self._resource = resource
        self._collector = collector
        self._queue: queue.SimpleQueue[tuple[Task, tuple[Any, ...]] | None] = queue.SimpleQueue()
        self.current: Task | None = None

    def put(self, task: Task, *extra: Any) -> None:
        if not self.isRunning():
            self.start()
        self._queue.put((task, extra))

    def run(self) -> None:
        while item := self._queue.get():
            task, extra = item
            if task.stopped:
                self.finished_task.emit(task, None, Stopped())
                continue
            self.current = task
            with self._collector.paused():
                result, error = self._outcome(task, extra)
            self.current = None
            self.finished_task.emit(task, result, error)

    def _outcome(self, task: Task, extra: tuple[Any, ...]) -> tuple[Any, BaseException | None]:
        try:
            return task.job(self._resource(), *extra), None
        except BaseException as error:  # noqa: BLE001 - every failure is reported on the window's thread
            if _interrupted(error) and not task.stopped:
                return self._outcome(task, extra)  # meant for the task before this one: do it again
            return None, error

    def end(self) -> None:
        self._queue.put(None)
        self.wait()


class Workers(QObject):
    """The window's threads. All methods are called, and all callbacks come, on the window's thread."""

    changed = Signal(object)  # frozenset of ledger names an act has changed
    progressed = Signal(object, int, int, str)  # task, done, total, text
    started = Signal(object)  # task with a title
    ended = Signal(object)
    saving = Signal(bool)

    def __init__(self, workspace: Workspace, on_error: Failed) -> None:
        super().__init__()
        self._workspace = workspace
        self._on_error = on_error
        self._newest: dict[str, Task] = {}
        self._writes = 0
        self._closed = False
        self._make_threads()

    # ---- what pages call ---------------------------------------------------------------------

    def read(
        self,
        job: Callable[[Any], Any],
        done: Done | None = None,
        failed: Failed | None = None,
        *,
        channel: str = "",
        after_ms: int = 0,
    ) -> Task:
        """`job(conn)` soon; with a `channel` only the newest read of it is still wanted. `after_ms` lets
        the window paint what it has before the reader wants the interpreter too."""
        task = Task(job, done, failed, "")
        if channel:
            self.cancel(channel)
            task.channel = channel
            self._newest[channel] = task
        self._run_later(after_ms, task)
        return task

    def read_long(
        self,
        title: str,
        job: Callable[[Any, Progress], Any],
        done: Done | None = None,
        failed: Failed | None = None,
    ) -> Task:
        """`job(conn, progress)` when the long reader is free; `title` says what it is doing."""
        return self._run_long(LONG, Task(job, done, failed, title))

    def write(
        self, job: Callable[[Any], Any], done: Done | None = None, failed: Failed | None = None
    ) -> Task:
        """`job(store)`: one act. Afterwards `changed` tells every page."""
        task = Task(job, done, failed, "")
        self._run(WRITE, task)
        return task

    def write_long(
        self,
        title: str,
        job: Callable[[Any, Progress], Any],
        done: Done | None = None,
        failed: Failed | None = None,
    ) -> Task:
        """`job(store, progress)`: an act of many rows that can be stopped, leaving nothing half done."""
        return self._run_long(WRITE, Task(job, done, failed, title))

    def cancel(self, channel: str) -> None:
        """Nobody waits for the newest read of this channel any more."""
        if former := self._newest.pop(channel, None):
            former.superseded = True
            former.stop()

    def close(self) -> None:
        """End the threads; what is asked for afterwards is not done."""
        self._closed = True
        for task in self._newest.values():
            task.superseded = True
        for thread in self._threads.values():
            if thread.current:
                thread.current.stop()
            thread.end()

    # ---- how it runs -------------------------------------------------------------------------

    def _make_threads(self) -> None:
        sys.setswitchinterval(SWITCH_S)
        space, collector = self._workspace, Collector()
        self._threads = {
            LIST: _Thread(lambda: space.reader, "reader", collector),
            LONG: _Thread(lambda: space.long_reader, "long reader", collector),
            WRITE: _Thread(lambda: space.writer, "writer", collector),
        }
        for kind, thread in self._threads.items():
            finish = self._finish_write if kind == WRITE else self._finish
            thread.finished_task.connect(finish)

    def _run_later(self, after_ms: int, task: Task) -> None:
        if after_ms:
            QTimer.singleShot(after_ms, self, lambda: self._run(LIST, task))
        else:
            self._run(LIST, task)

    def _run_long(self, kind: str, task: Task) -> Task:
        if task.title:
            self.started.emit(task)
        self._run(kind, task, Progress(task, self.progressed.emit))
        return task

    def _run(self, kind: str, task: Task, *extra: Any) -> None:
        if kind == WRITE:
            self._writes += 1
            self.saving.emit(True)
        if self._closed:
            return
        thread = self._threads[kind]
        task.interrupt = lambda: self._interrupt(kind, thread, task)
        thread.put(task, *extra)

    def _interrupt(self, kind: str, thread: _Thread, task: Task) -> None:
        """Break off the statement that is running, if it is this task's. Acts end between statements."""
        if thread.current is task and kind != WRITE:
            (self._workspace.reader if kind == LIST else self._workspace.long_reader).interrupt()

    def _finish_write(self, task: Task, result: Any, error: BaseException | None) -> None:
        self._writes -= 1
        if not self._writes:
            self.saving.emit(False)
        if changed := getattr(result, "changed", None):
            self.changed.emit(frozenset(changed))
        self._finish(task, result, error)

    def _finish(self, task: Task, result: Any, error: BaseException | None) -> None:
        if task.title:
            self.ended.emit(task)
        if self._newest.get(task.channel) is task:
            del self._newest[task.channel]
        if task.superseded:
            return
        if error is None:
            if task.done and _alive(task.done):
                task.done(result)
            return
        self._fail(
            task, LedgerError(STOPPED, "stopped") if task.stopped else self._workspace.explained(error)
        )

    def _fail(self, task: Task, error: BaseException) -> None:
        heard = task.failed if task.failed and _alive(task.failed) else self._on_error
        heard(error)


class InlineWorkers(Workers):
    """The same methods, done at once on the caller's thread: what tests and the tour use."""

    def _make_threads(self) -> None:
        self._threads = {}

    def _run_later(self, after_ms: int, task: Task) -> None:
        self._run(LIST, task)

    def _run(self, kind: str, task: Task, *extra: Any) -> None:
        space = self._workspace
        result, error = None, None
        if kind == WRITE:
            self._writes += 1
            self.saving.emit(True)
        try:
            resource = {LIST: lambda: space.reader, LONG: lambda: space.long_reader}.get(kind)
            result = task.job(resource() if resource else space.writer, *extra)
        except BaseException as caught:  # noqa: BLE001 - reported as the threads report it
            error = caught
        finish = self._finish_write if kind == WRITE else self._finish
        finish(task, result, error)


def _interrupted(error: BaseException) -> bool:
    return getattr(error, "sqlite_errorname", "") == "SQLITE_INTERRUPT"


def _alive(callback: Callable[..., object]) -> bool:
    """Whether the widget a callback belongs to is still there."""
    owner = getattr(callback, "__self__", None)
    return not isinstance(owner, QObject) or isValid(owner)
