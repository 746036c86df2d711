"""A small county for the window's tests: two towns, six villages, sixty wells, permits and their holders."""

from __future__ import annotations

from pathlib import Path

from ledger_app.core.entities import LEDGERS
from ledger_app.db import connection
from ledger_app.db.store import Act, ActInfo
from ledger_app.services import opening

WELLS = 60
VILLAGES = ("大圣村", "红旗村", "永胜村")
STATES = ("在用", "在用", "停用", "已封填")


def make_county(path: Path) -> None:
    opening.create_ledger(
        path, LEDGERS, county_code="150824", county_name="示例旗", bureau="示例旗水利局", who="王娜"
    )
    with connection.open_ledger(path, LEDGERS) as ledger:
        store = ledger.store(ledger.connect(write=True))
        with store.act(ActInfo("import", "王娜", "起始数据")) as act:
            villages = _places(act)
            permits = _permits(act)
            _wells(act, villages, permits)


def _places(act: Act) -> list[tuple[str, str, str]]:
    """(code, uid, town uid) of every village."""
    regions = LEDGERS["regions"]
    county = act.store.rows(regions)[0]["uid"]
    towns = act.insert_columns(
        regions,
        {
            "name": ["德岭山镇", "川井苏木"],
            "code": ["150824101", "150824201"],
            "level": ["镇", "苏木"],
            "parent_uid": [county] * 2,
        },
        2,
    )
    codes = [f"150824{t}{v}" for t in ("101", "201") for v in ("200", "201", "202")]
    above = [town for town in towns for _ in VILLAGES]
    columns = {"name": [*VILLAGES, *VILLAGES], "code": codes, "level": ["村"] * 6, "parent_uid": above}
    return list(zip(codes, act.insert_columns(regions, columns, 6), above, strict=True))


def _permits(act: Act) -> list[str]:
    names = [f"{VILLAGES[i % 3]}用水户{i}" for i in range(6)]
    holders = act.insert_columns(
        LEDGERS["water_users"], {"name": names, "kind": ["合作社"] * 6, "phone": ["13812345678"] * 6}, 6
    )
    columns = {
        "number": [f"D150824G2021-{i + 1:04d}" for i in range(6)],
        "holder_uid": holders,
        "source": ["地下水"] * 6,
        "permitted_volume_m3": [50_000 + 1000 * i for i in range(6)],
        "valid_from": ["2021-01-01"] * 6,
        "valid_to": ["2026-12-31"] * 6,
    }
    return act.insert_columns(LEDGERS["permits"], columns, 6)


def _wells(act: Act, villages: list[tuple[str, str, str]], permits: list[str]) -> None:
    at = [villages[i % 6] for i in range(WELLS)]
    columns = {
        "code": [f"{place[0]}J{i // 6 + 1:04d}" for i, place in enumerate(at)],
        "village_uid": [place[1] for place in at],
        "town_uid": [place[2] for place in at],
        "owner": [f"户主{i:03d}" for i in range(WELLS)],
        "status": [STATES[i % 4] for i in range(WELLS)],
        "use": ["农业灌溉"] * WELLS,
        "depth_m": [80 + i for i in range(WELLS)],
        "permit_uid": [permits[i % 6] if i % 2 else None for i in range(WELLS)],
        "permitted_volume_m3": [10_000 + 100 * i for i in range(WELLS)],
        "completed_on": ["2012-05"] * WELLS,
    }
    act.insert_columns(LEDGERS["wells"], columns, WELLS)
