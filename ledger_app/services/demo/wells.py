"""Wells of the demo county, column by column: what a register of many years holds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from random import Random
from types import MappingProxyType
from typing import Any, Final

from ledger_app.services.demo import numbers, words
from ledger_app.services.demo.numbers import normal, sometimes, weighted
from ledger_app.services.demo.places import County, Village

Columns = dict[str, list[Any]]
IRRIGATION: Final = "农业灌溉"
_OTHER_USES: Final = MappingProxyType(
    {"乡村生活": 30, "畜牧养殖": 34, "工业": 12, "林草": 12, "生态绿化": 6, "城镇生活": 4, "服务业": 2}
)
_CLASSES: Final = MappingProxyType(
    {"工业": "自备井", "服务业": "自备井", "乡村生活": "公共供水井", "城镇生活": "公共供水井"}
)
_METERING: Final = MappingProxyType(
    {"IC卡": 42, "以电折水": 24, "远传水表": 16, "机械水表": 10, "井电双控": 4, "无": 4}
)
# m³ a year an area or a use without area is allotted.
_PER_MU_M3: Final = (180.0, 260.0)
_WITHOUT_AREA_M3: Final = MappingProxyType(
    {"工业": 60_000, "城镇生活": 90_000, "乡村生活": 24_000, "畜牧养殖": 9_000, "服务业": 12_000}
)


def spread_over(rng: Random, county: County, count: int) -> list[Village]:
    """The village of each well, in order of towns and villages; large villages have more."""
    weights = [0.5 + rng.random() for _ in county.villages]
    picked = rng.choices(range(len(county.villages)), weights, k=count)
    return [county.villages[i] for i in sorted(picked, key=lambda i: county.villages[i].code)]


def registered(rng: Random, county: County, villages: Sequence[Village], completed: Sequence[str]) -> Columns:
    """The columns of wells completed on these (partial) dates, but for state and permit."""
    count = len(villages)
    uses = [_use(rng, v) for v in villages]
    return {
        "code": [v.next_code() for v in villages],
        "name": [f"{v.name}{v.serial}号井" for v in villages],
        "town_uid": [county.town_of(v).uid for v in villages],
        "village_uid": [v.uid for v in villages],
        "village_group": [f"{g}组" for g in rng.choices("一二三四五六", k=count)],
        "place": rng.choices(words.PLACES, k=count),
        "longitude": [round(rng.gauss(v.longitude, 0.012), 6) for v in villages],
        "latitude": [round(rng.gauss(v.latitude, 0.009), 6) for v in villages],
        "coordinate_system": ["CGCS2000"] * count,
        "elevation_m": normal(rng, 1035, 12, (1005, 1080), 1, count),
        "use": uses,
        "well_kind": weighted(rng, {"管井": 94, "大口井": 4, "筒井": 2}, count),
        "well_class": [_CLASSES.get(use, "农灌井") for use in uses],
        "completed_on": list(completed),
        **_shaft(rng, count),
        **_machines(rng, uses),
        **_fields(rng, uses),
        **_people(rng, villages),
        **_meters(rng, count),
        "verified_on": rng.choices(("2019-06", "2021-09", "2022-05-18", "2023-07"), k=count),
        "verified_by": rng.choices(words.CHIEFS, k=count),
    }


def allotted(rng: Random, columns: Columns) -> list[int]:
    """m³ a year each well is allotted: by area for irrigation, by kind of use otherwise."""
    return [
        round((area * rng.uniform(*_PER_MU_M3)) if area else _WITHOUT_AREA_M3.get(use, 8000), -2)
        for area, use in zip(columns["irrigated_area_mu"], columns["use"], strict=True)
    ]


def completion_dates(rng: Random, count: int, last: date) -> list[str]:
    """Years for old wells, months or days for newer ones; most were drilled between 1985 and 2012."""
    years = [min(max(int(rng.gauss(1999, 9)), 1968), last.year) for _ in range(count)]
    return [_dated(rng, year, last) for year in years]


def _dated(rng: Random, year: int, last: date) -> str:
    month, day = 1 + int(rng.random() * 12), 1 + int(rng.random() * 28)
    iso = f"{year}-{month:02d}-{day:02d}"
    if year < 1995 or iso > last.isoformat():
        return str(min(year, last.year - 1))
    return iso[:7] if year < 2010 else iso


def _use(rng: Random, village: Village) -> str:
    if rng.random() < village.irrigates:
        return IRRIGATION
    return rng.choices(list(_OTHER_USES), list(_OTHER_USES.values()))[0]


def _shaft(rng: Random, count: int) -> Columns:
    deep = [rng.random() < 0.18 for _ in range(count)]
    both = zip(
        deep,
        normal(rng, 168, 30, (110, 290), 1, count),
        normal(rng, 82, 18, (32, 140), 1, count),
        strict=True,
    )
    depths = [far if d else near for d, far, near in both]
    waters = [round(depth * (0.16 + 0.26 * rng.random()), 2) for depth in depths]
    return {
        "depth_m": depths,
        "casing_diameter_mm": weighted(rng, {273: 40, 325: 32, 219: 14, 377: 9, 168: 5}, count),
        "casing_material": weighted(rng, {"钢管": 48, "钢筋混凝土管": 38, "PVC管": 11, "铸铁管": 3}, count),
        "aquifer": ["深层承压" if d else "浅层" for d in deep],
        "depth_to_water_m": waters,
        "depth_to_water_on": rng.choices(("2019-05", "2021-04", "2023-05-10", "2024-04-22"), k=count),
        "yield_m3_h": normal(rng, 46, 14, (12, 110), 1, count),
    }


def _machines(rng: Random, uses: Sequence[str]) -> Columns:
    count = len(uses)
    powers = weighted(rng, {11: 10, 15: 22, 18.5: 26, 22: 24, 30: 12, 37: 6}, count)
    return {
        "pump_model": rng.choices(words.PUMPS, k=count),
        "pump_head_m": normal(rng, 58, 12, (28, 110), 0, count),
        "pump_flow_m3_h": normal(rng, 50, 14, (15, 100), 0, count),
        "pump_power_kw": powers,
        "transformer": rng.choices(words.TRANSFORMERS, k=count),
    }


def _fields(rng: Random, uses: Sequence[str]) -> Columns:
    waters_land = [use in (IRRIGATION, "林草") for use in uses]
    count = len(uses)
    drawn = normal(rng, 148, 46, (40, 320), 0, count)
    areas = [area if w else None for area, w in zip(drawn, waters_land, strict=True)]
    methods = weighted(rng, {"滴灌": 46, "畦灌": 26, "管灌": 18, "喷灌": 8, "漫灌": 2}, count)
    crops = rng.choices(words.CROPS, k=count)
    people = normal(rng, 420, 190, (60, 1500), 0, count)
    return {
        "irrigated_area_mu": areas,
        "actual_area_mu": [a and int(a * (0.8 + 0.2 * rng.random())) for a in areas],
        "irrigation_method": [m if w else None for m, w in zip(methods, waters_land, strict=True)],
        "crop": [c if use == IRRIGATION else None for c, use in zip(crops, uses, strict=True)],
        "population": [p if "生活" in use else None for p, use in zip(people, uses, strict=True)],
    }


def _people(rng: Random, villages: Sequence[Village]) -> Columns:
    chiefs = {code: numbers.person(rng) for code in dict.fromkeys(v.code for v in villages)}
    count = len(villages)
    return {
        "owner": numbers.people(rng, count),
        "owner_id_no": sometimes(rng, 0.7, [numbers.id_number(rng) for _ in villages]),
        "phone": sometimes(rng, 0.85, [numbers.phone(rng) for _ in villages]),
        "manager": [f"{v.name}{'嘎查委员会' if v.level == '嘎查' else '村民委员会'}" for v in villages],
        "chief_county": [words.CHIEFS[v.town % len(words.CHIEFS)] for v in villages],
        "chief_town": [words.CHIEFS[(v.town + 1) % len(words.CHIEFS)] for v in villages],
        "chief_village": [chiefs[v.code] for v in villages],
    }


def _meters(rng: Random, count: int) -> Columns:
    kinds = weighted(rng, dict(_METERING), count)
    first, second = int(rng.random() * 1e6), int(rng.random() * 1e6)
    has_meter = [kind not in ("无", "以电折水") for kind in kinds]
    years = rng.choices(range(2016, 2025), k=count)
    values = normal(rng, 2.6, 0.6, (1.2, 4.6), 2, count)
    return {
        "metering": kinds,
        "meter_no": [f"SB{first + i:08d}" if h else None for i, h in enumerate(has_meter)],
        "electricity_meter_no": [f"3150{second + i:010d}" for i in range(count)],
        "meter_installed_on": [
            f"{y}-{4 + y % 6:02d}" if h else None for y, h in zip(years, has_meter, strict=True)
        ],
        "meter_verified_until": [
            f"{y + 6}-12-31" if h else None for y, h in zip(years, has_meter, strict=True)
        ],
        "power_coefficient": [
            value if kind in ("以电折水", "井电双控") else None
            for kind, value in zip(kinds, values, strict=True)
        ],
    }
