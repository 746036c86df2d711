"""Python's search for cyclic garbage, kept out of the way while threads work beside the window."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

MANY: Final = 50_000  # objects made and kept; looking through more of them takes longer than one should wait


class Collector:
    """A collection stops every thread; with a report's or an import's hundred thousands of objects the
    window would stand still for a tenth of a second, again and again. And what it finds it destroys on the
    thread it runs on, which a widget or timer does not outlive. So there is none while there is work.

    What large work leaves behind is set apart from later looks: it goes when nobody refers to it any more,
    as nearly everything does.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._at_work = 0
        self._was_on = False

    @contextmanager
    def paused(self) -> Iterator[None]:
        with self._lock:
            if not self._at_work:
                self._was_on = gc.isenabled()
            self._at_work += 1
            gc.disable()
        try:
            yield
        finally:
            with self._lock:
                self._at_work -= 1
                if not self._at_work and self._was_on:
                    self._resume()

    def _resume(self) -> None:
        if gc.get_count()[0] > MANY:
            gc.freeze()
        gc.enable()
