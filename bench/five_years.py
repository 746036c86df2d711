"""How large the file of a county is after five simulated years of edits, against its ledger tables."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ledger_app.core.entities import LEDGERS
from ledger_app.db import connection, tables
from ledger_app.db.store import ActInfo, Store

WELLS = LEDGERS["wells"]
WORKING_DAYS, EDITS_A_DAY, MONTHS = 250, 20, 12
DEFAULT_WELLS, DEFAULT_YEARS = 10_000, 5


@dataclass(frozen=True)
class Sizes:
    """Bytes of the file by kind of table, with their indexes; `ratio` leaves out what search derives."""

    ledger: int
    journal: int
    acts: int
    search: int
    total: int

    @property
    def ratio(self) -> float:
        return (self.total - self.search) / self.ledger


def measure(wells: int = DEFAULT_WELLS, years: int = DEFAULT_YEARS, seed: int = 7) -> Sizes:
    """Enter wells of 24 columns, then twenty single edits a working day and one import a month that
    changes a cell of every well."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "years.ledger"
        with connection.create(path, LEDGERS) as ledger:
            store = ledger.store(ledger.connect(write=True))
            store.conn.execute("PRAGMA synchronous = OFF")
            _live(store, random.Random(seed), wells, years)
            store.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            return _sizes(store, path)


def _live(store: Store, rng: random.Random, count: int, years: int) -> None:
    with store.act(ActInfo("import", "张三", "机电井台账.xlsx", "import")) as act:
        towns = act.insert_many(LEDGERS["regions"], [{"name": f"第{i}镇", "level": "镇"} for i in range(11)])
        wells = act.insert_many(WELLS, [_well(i, towns, rng) for i in range(count)])
    edits = EDITS_A_DAY * WORKING_DAYS // MONTHS
    for _ in range(years * MONTHS):
        for _ in range(edits * count // DEFAULT_WELLS):
            column, value = rng.choice(_EDITS)
            with store.act(ActInfo("correct", "张三", "", "form")) as act:
                act.update(WELLS, rng.choice(wells), {column: value(rng)})
        planned = {uid: {"planned_volume_m3": rng.randrange(1000, 60000)} for uid in wells}
        with store.act(ActInfo("import", "张三", "年计划.xlsx", "import")) as act:
            act.update_many(WELLS, planned)


_EDITS: tuple[tuple[str, Callable[[random.Random], Any]], ...] = (
    ("phone", lambda rng: f"139{rng.randrange(10**8):08d}"),
    ("status", lambda rng: rng.choice(["在用", "停用", "封存备用"])),
    ("owner", lambda rng: f"李{rng.randrange(10**4)}"),
    ("depth_to_water_m", lambda rng: round(rng.random() * 30, 2)),
    ("remark", lambda rng: f"现场核实，井房已修，水表更换 {rng.randrange(10**6)}"),
    ("permitted_volume_m3", lambda rng: rng.randrange(5000, 50000)),
)


def _well(i: int, towns: list[str], rng: random.Random) -> Mapping[str, Any]:
    return {
        "code": f"150824101205J{i:05d}",
        "name": f"{i}号井",
        "town_uid": towns[i % len(towns)],
        "village_group": f"{i % 9}组",
        "longitude": round(107 + rng.random() * 2, 6),
        "latitude": round(41 + rng.random(), 6),
        "coordinate_system": "CGCS2000",
        "status": "在用",
        "use": "农业灌溉",
        "well_kind": "管井",
        "completed_on": f"20{i % 25:02d}-05",
        "depth_m": round(60 + rng.random() * 100, 1),
        "casing_diameter_mm": 300,
        "casing_material": "钢管",
        "aquifer": "浅层承压水",
        "depth_to_water_m": round(12 + rng.random() * 10, 2),
        "yield_m3_h": round(40 + rng.random() * 40, 1),
        "pump_model": "200QJ50-65",
        "pump_power_kw": 15,
        "irrigated_area_mu": 100 + i % 200,
        "owner": f"王{i}",
        "phone": f"138{i:08d}",
        "permitted_volume_m3": 20000 + i,
        "metering": "水表",
    }


def _sizes(store: Store, path: Path) -> Sizes:
    owner = dict(store.conn.execute("SELECT name, tbl_name FROM sqlite_schema WHERE rootpage > 0"))
    ledgers = set(tables.ledger_tables(LEDGERS))
    found = {"ledger": 0, "journal": 0, "acts": 0, "search": 0}
    for name, size in store.conn.execute("SELECT name, SUM(pgsize) FROM dbstat GROUP BY name"):
        table = owner.get(name, name)
        if table in ledgers:
            found["ledger"] += size
        elif table in tables.JOURNAL:
            found["journal"] += size
        elif table == "d_acts":
            found["acts"] += size
        elif table.startswith(tables.DERIVED_PREFIX):
            found["search"] += size
    return Sizes(**found, total=path.stat().st_size)


if __name__ == "__main__":
    sizes = measure()
    print(sizes, f"ratio {sizes.ratio:.2f}")
