"""Water users and permits of the demo county: village permits for 5–60 wells, firms, waterworks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from types import MappingProxyType
from typing import Any, Final

from ledger_app.services.demo import numbers, words
from ledger_app.services.demo.numbers import COUNTY, weighted
from ledger_app.services.demo.places import COUNTY_NAME, County, Village
from ledger_app.services.demo.wells import IRRIGATION, Columns

AUTHORITY: Final = f"{COUNTY_NAME}水利局"
UNLICENSED: Final = 0.01  # share of wells that never had a permit
_LARGEST, _SMALLEST, _WATERWORKS, _FIRM = 60, 5, 12, 3
_USCC_KINDS: Final = MappingProxyType({"村集体": "N2", "企业": "91", "机关事业": "12", "合作社": "93"})
_LAST_DAYS: Final = MappingProxyType({(12, 31): 66, (6, 30): 12, (10, 31): 8, (3, 31): 14})


@dataclass
class User:
    name: str
    kind: str
    town: str | None
    industry: str | None = None
    uid: str = ""

    def row(self, rng: Random) -> dict[str, Any]:
        return {
            "name": self.name,
            "kind": self.kind,
            "uscc": numbers.credit_code(rng, _USCC_KINDS[self.kind]),
            "legal_person": numbers.person(rng),
            "phone": numbers.phone(rng),
            "contact": numbers.person(rng),
            "industry": self.industry,
            "town_uid": self.town,
            "address": self.name if self.name.startswith(COUNTY_NAME) else f"{COUNTY_NAME}{self.name}",
        }


@dataclass
class Holding:
    """One permit to be: its holder, the indexes of its wells, its use and place."""

    holder: User
    wells: list[int]
    use: str
    place: str
    uid: str = ""
    facts: dict[str, Any] = field(default_factory=dict)


class Book:
    """The users and holdings of a county; a user is kept once by name, a number is given once."""

    def __init__(self, rng: Random, county: County) -> None:
        self.rng = rng
        self.county = county
        self.users: dict[str, User] = {}
        self.holdings: list[Holding] = []
        self._serials: dict[int, int] = {}

    def license(self, villages: Sequence[Village], columns: Columns) -> list[Holding]:
        """Put wells under permits: irrigation by village in parts of 5–60, others by their kind."""
        before = len(self.holdings)
        for village, wells in _by_village(villages):
            licensed = [w for w in wells if self.rng.random() >= UNLICENSED]
            place = f"{self.county.town_of(village).name}{village.name}"
            farms = [w for w in licensed if columns["well_class"][w] == "农灌井"]
            for part in self._parts(farms):
                holder = self._village(village, columns["manager"][part[0]])
                self.holdings.append(Holding(holder, part, IRRIGATION, place))
            self._others(village, sorted(set(licensed) - set(farms)), columns["use"], place)
        return self.holdings[before:]

    def _parts(self, wells: list[int]) -> Iterator[list[int]]:
        while wells:
            size = _SMALLEST + int(self.rng.random() ** 2 * (_LARGEST - _SMALLEST + 1))
            if len(wells) - size < _SMALLEST:
                size = min(len(wells), _LARGEST)
            yield wells[:size]
            wells = wells[size:]

    def _others(self, village: Village, wells: list[int], uses: Sequence[str], place: str) -> None:
        for use in dict.fromkeys(uses[w] for w in wells):
            own = [w for w in wells if uses[w] == use]
            size = _WATERWORKS if "生活" in use else _FIRM
            for start in range(0, len(own), size):
                holder = self._waterworks(village, use) if "生活" in use else self._firm(village)
                self.holdings.append(Holding(holder, own[start : start + size], use, place))

    def _village(self, village: Village, name: str) -> User:
        town = self.county.town_of(village)
        return self._user(User(f"{town.name}{name}", "村集体", town.uid))

    def _waterworks(self, village: Village, use: str) -> User:
        town = self.county.town_of(village)
        area = town.name if use == "乡村生活" else ""
        return self._user(User(f"{COUNTY_NAME}{area}{words.COMPANY}", "企业", town.uid, "自来水生产和供应业"))

    def _firm(self, village: Village) -> User:
        ending, industry, _ = self.rng.choice(words.FIRM_KINDS)
        name = f"{COUNTY_NAME}{self.rng.choice(words.FIRMS)}{ending}"
        return self._user(User(name, "企业", self.county.town_of(village).uid, industry))

    def _user(self, user: User) -> User:
        return self.users.setdefault(user.name, user)

    def number(self, year: int, level: str = "D", source: str = "G") -> str:
        self._serials[year] = self._serials.get(year, 0) + 1
        return f"{level}{COUNTY}{source}{year}-{self._serials[year]:04d}"

    def terms(
        self, holding: Holding, volumes: Sequence[float], start: date, source: str = "G"
    ) -> dict[str, Any]:
        """A permit as it stands when the ledger begins: it ends within five years, renewed once or never."""
        month, day = weighted(self.rng, _LAST_DAYS, 1)[0]
        ends = date(start.year + int(self.rng.random() * 5) + (month < 6), month, day)
        begins = ends.replace(year=ends.year - 5) + timedelta(1)
        renewed = self.rng.random() < 0.6
        first = begins.replace(year=begins.year - 5) if renewed else begins
        return {
            "number": self.number(first.year, level_of(holding.use), source),
            "holder_uid": holding.holder.uid,
            **water(holding, sum(volumes[w] for w in holding.wells)),
            "source": "地下水" if source == "G" else "地表水",
            "valid_from": begins.isoformat(),
            "valid_to": ends.isoformat(),
            "first_issued_on": first.isoformat(),
            "renewals": int(renewed),
            "authority": AUTHORITY if level_of(holding.use) == "D" else "示例市水利局",
            "supervisor": AUTHORITY,
        }


def level_of(use: str) -> str:
    """Industry and towns are licensed by the prefecture, villages by the county."""
    return "C" if use in ("工业", "城镇生活", "服务业") else "D"


def water(holding: Holding, total: float) -> dict[str, Any]:
    return {
        "source": "地下水",
        "use": holding.use,
        "intake_method": "抽提",
        "place": holding.place,
        "permitted_volume_m3": total,
        "daily_max_m3": round(total / 120),
        "well_count": len(holding.wells),
        "metering": "IC卡" if holding.use == IRRIGATION else "远传水表",
        "discharge": "无",
    }


def _by_village(villages: Sequence[Village]) -> Iterator[tuple[Village, list[int]]]:
    wells: dict[str, tuple[Village, list[int]]] = {}
    for i, village in enumerate(villages):
        wells.setdefault(village.code, (village, []))[1].append(i)
    yield from wells.values()
