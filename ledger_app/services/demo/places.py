"""Towns and villages of the demo county with their codes and centres."""

from __future__ import annotations

import math
from dataclasses import dataclass
from random import Random
from typing import Final

from ledger_app.services.demo import words
from ledger_app.services.demo.numbers import COUNTY

COUNTY_NAME: Final = "示例旗"
BUREAU: Final = "示例旗水利局"
CENTRE: Final = (108.52, 41.57)  # longitude, latitude
_WELLS_A_VILLAGE: Final = 15
_MOST_VILLAGES: Final = 216


@dataclass
class Village:
    """A village or gacha; `uid` is known once it is in the ledger, `serial` is its last well number."""

    name: str
    code: str
    town: int
    longitude: float
    latitude: float
    level: str
    irrigates: float  # how much of its abstraction is irrigation
    uid: str = ""
    serial: int = 0

    def next_code(self) -> str:
        self.serial += 1
        return f"{self.code}J{self.serial:04d}"


@dataclass
class Town:
    name: str
    code: str
    uid: str = ""


@dataclass
class County:
    towns: list[Town]
    villages: list[Village]
    uid: str = ""

    def town_of(self, village: Village) -> Town:
        return self.towns[village.town]


def lay_out(rng: Random, wells: int) -> County:
    """Towns and villages enough for so many wells: 2–18 towns, 4–216 villages."""
    count = min(max(wells // _WELLS_A_VILLAGE, 4), _MOST_VILLAGES)
    towns = _towns(min(max(round(count / 5), 2), len(words.TOWNS)))
    centres = [(CENTRE[0] + rng.uniform(-0.9, 0.9), CENTRE[1] + rng.uniform(-0.35, 0.35)) for _ in towns]
    villages: list[Village] = []
    for number in range(count):
        town, turn = number % len(towns), number // len(towns)
        villages.append(_village(rng, towns[town], town, turn, centres[town]))
    return County(towns, villages)


def _towns(count: int) -> list[Town]:
    """镇 are numbered from 100, 苏木 from 200 (GB/T 10114); the last three digits are the village's."""
    towns, serial = [], {"镇": 100, "木": 200}
    for name in words.TOWNS[:count]:
        kind = name[-1]
        towns.append(Town(name, f"{COUNTY}{serial[kind]}000"))
        serial[kind] += 1
    return towns


def _village(rng: Random, town: Town, index: int, turn: int, centre: tuple[float, float]) -> Village:
    pastoral = town.name.endswith("苏木")
    heads = words.GACHA_HEADS if pastoral else words.VILLAGE_HEADS
    name = heads[(index * 7 + turn) % len(heads)] + ("嘎查" if pastoral else "村")
    angle, distance = rng.random() * 2 * math.pi, 0.02 + 0.03 * turn
    return Village(
        name=name,
        code=f"{town.code[:9]}{200 + turn:03d}",
        town=index,
        longitude=centre[0] + distance * math.cos(angle),
        latitude=centre[1] + distance * math.sin(angle) * 0.75,
        level="嘎查" if pastoral else "村",
        irrigates=0.55 if pastoral else 0.86,
    )
