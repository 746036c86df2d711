"""The ledger the measurements are made on: wells, their permits, closures of the last years."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from bench.measure import TODAY, well_rows
from ledger_app.core.entities import LEDGERS
from ledger_app.core.terms import SEALED
from ledger_app.db.migrations import MIGRATIONS
from ledger_app.db.store import Act, ActInfo
from ledger_app.services import opening
from ledger_app.services.opening import Session

WELLS_A_PERMIT: Final = 25
WELLS_A_CLOSURE: Final = 50
CLOSURE_DAYS: Final = 1000  # closures are spread over so many days before TODAY
COLUMNS: Final = {
    "code": 3,
    "former_code": 4,
    "longitude": 5,
    "latitude": 6,
    "completed_on": 7,
    "depth_m": 8,
    "casing_diameter_mm": 9,
    "depth_to_water_m": 10,
    "yield_m3_h": 11,
    "pump_model": 12,
    "pump_power_kw": 13,
    "use": 14,
    "irrigated_area_mu": 15,
    "aquifer": 16,
    "metering": 17,
    "meter_no": 18,
    "electricity_meter_no": 19,
    "status": 21,
    "owner": 22,
    "phone": 23,
}


@contextmanager
def session(path: Path, *, write: bool = False) -> Iterator[Session]:
    with opening.opened(path, LEDGERS, who="甲", today=TODAY, write=write) as opened:
        yield opened


def county(folder: Path, wells: int) -> Path:
    """A ledger of so many wells, made once a folder (and schema), by the store itself."""
    path = folder / f"county-{wells}-{len(MIGRATIONS)}.ledger"
    if path.exists():
        return path
    draft = path.with_suffix(".part")
    draft.unlink(missing_ok=True)
    opening.create_ledger(draft, LEDGERS, county_code="150824", bureau="示例旗水利局", who="甲")
    with session(draft, write=True) as opened, opened.store.act(ActInfo("import", "甲")) as act:
        rows = list(zip(*well_rows(wells), strict=True))
        permits = _permits(act, wells)
        columns: dict[str, Any] = {name: list(rows[at]) for name, at in COLUMNS.items()}
        columns |= _places(act, rows[1], rows[2])
        columns["permitted_volume_m3"] = [volume * 10_000 for volume in rows[20]]
        columns["permit_uid"] = [permits[n // WELLS_A_PERMIT] for n in range(wells)]
        _closures(act, act.insert_columns(LEDGERS["wells"], columns, wells)[::WELLS_A_CLOSURE])
    draft.rename(path)
    return path


def _places(act: Act, towns: Sequence[str], villages: Sequence[str]) -> Mapping[str, list[Any]]:
    regions = LEDGERS["regions"]
    root = act.conn.execute("SELECT uid FROM regions").fetchone()[0]
    town = {t: act.insert(regions, {"name": t, "parent_uid": root}) for t in dict.fromkeys(towns)}
    pairs = dict.fromkeys(zip(towns, villages, strict=True))
    village = {p: act.insert(regions, {"name": p[1], "parent_uid": town[p[0]]}) for p in pairs}
    return {
        "town_uid": [town[t] for t in towns],
        "village_uid": [village[pair] for pair in zip(towns, villages, strict=True)],
    }


def _permits(act: Act, wells: int) -> list[str]:
    """Permits of five years that began over the last five."""
    count = -(-wells // WELLS_A_PERMIT)
    began = [TODAY - timedelta(days=n * 1825 // count) for n in range(count)]
    columns: dict[str, Any] = {
        "number": [f"D150824G{began[n].year}-{n + 1:05d}" for n in range(count)],
        "holder_stated": [f"第{n + 1}用水合作社" for n in range(count)],
        "source": ["地下水"] * count,
        "permitted_volume_m3": [975_000] * count,
        "valid_from": [day.isoformat() for day in began],
        "valid_to": [day.replace(year=day.year + 5, day=min(day.day, 28)).isoformat() for day in began],
    }
    return act.insert_columns(LEDGERS["permits"], columns, count)


def _closures(act: Act, wells: Sequence[str]) -> None:
    count = len(wells)
    days = [(TODAY - timedelta(days=n * CLOSURE_DAYS // count)).isoformat() for n in range(count)]
    columns: dict[str, Any] = {
        "well_uid": wells,
        "method": [SEALED] * count,
        "closed_on": days,
        "accepted_on": days,
        "reduced_volume_m3": [39_000] * count,
    }
    act.insert_columns(LEDGERS["closures"], columns, count)
