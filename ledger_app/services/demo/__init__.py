"""A believable county of any size, the same for the same seed: what stood, what was done, what is wrong."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from random import Random
from typing import Final

from ledger_app.core.entity import Registry
from ledger_app.core.errors import LedgerError
from ledger_app.db import connection
from ledger_app.services import opening
from ledger_app.services.demo.building import Builder
from ledger_app.services.demo.clock import Clock
from ledger_app.services.demo.faults import Faults
from ledger_app.services.demo.numbers import COUNTY
from ledger_app.services.demo.places import BUREAU, COUNTY_NAME
from ledger_app.services.demo.projects import Works
from ledger_app.services.demo.years import Years

OPERATOR: Final = "李会计"
DAY: Final = date(2025, 9, 30)
LEAST: Final = 60  # from 80 on there is room for every finding
_LARGE: Final = 20_000  # from here on the ledger is a younger one: a county for trying out speed


def make_demo(path: Path, registry: Registry, *, wells: int = 600, seed: int = 1, today: date = DAY) -> None:
    """Write a new ledger with a county of so many wells, as it stands on `today`.

    The same seed gives the same file content: the clock, the identity of the file and every draw come
    from the seed. Raises LedgerError where the file exists or cannot be made, or for fewer than LEAST wells.
    """
    if wells < LEAST:
        raise LedgerError(f"示例旗县至少要有 {LEAST} 眼井。", "too_few")
    rng = Random(seed)  # noqa: S311 - a pretended county, no secret
    clock = Clock(today.year - (5 if wells <= _LARGE else 3))
    opening.create_ledger(
        path,
        registry,
        county_code=COUNTY,
        county_name=COUNTY_NAME,
        bureau=BUREAU,
        who=OPERATOR,
        clock=clock,
        origin=f"{seed & 0xFFFFFF:06x}",
    )
    with connection.open_ledger(path, registry, clock=clock) as ledger:
        store = ledger.store(ledger.connect(write=True))
        start = Builder(store, rng, clock).build(wells)
        years = Years(store, rng, clock, start, today, wells)
        years.run(list(Works(years).steps()))
        clock.at(today)
        Faults(store, rng, today).plant()
