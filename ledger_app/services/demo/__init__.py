"""A believable county of any size, the same for the same seed: places, wells, permits, closures, projects."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from random import Random
from typing import Final

from ledger_app.core.entity import Registry
from ledger_app.db import connection
from ledger_app.services import opening
from ledger_app.services.demo.building import Builder
from ledger_app.services.demo.clock import Clock
from ledger_app.services.demo.numbers import COUNTY
from ledger_app.services.demo.places import BUREAU, COUNTY_NAME

OPERATOR: Final = "李会计"
DAY: Final = date(2025, 9, 30)


def make_demo(path: Path, registry: Registry, *, wells: int = 600, seed: int = 1, today: date = DAY) -> None:
    """Write a new ledger with a county of so many wells, as it stands on `today`.

    The same seed gives the same file content: the clock, the identity of the file and every draw come
    from the seed. Raises LedgerError where the file exists or cannot be made.
    """
    rng = Random(seed)  # noqa: S311 - a pretended county, no secret
    clock = Clock(today.year - 5)
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
        Builder(store, rng, clock, today).build(wells)
