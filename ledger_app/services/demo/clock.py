"""The clock of the demo county: acts are stamped with the day they are told to happen."""

from __future__ import annotations

from datetime import date


class Clock:
    """Gives rising times of one day after the other; `at` moves it to a day, never back."""

    def __init__(self, year: int) -> None:
        self.day = date(year, 1, 6)
        self._seconds = 0

    def __call__(self) -> str:
        self._seconds += 60
        hours, minutes = divmod(self._seconds // 60, 60)
        return f"{self.day}T{8 + hours % 10:02d}:{minutes:02d}:00+08:00"

    def at(self, day: date) -> None:
        if day > self.day:
            self.day, self._seconds = day, 0
