"""Water users and permits of the demo county: village permits for 5–60 wells, firms, waterworks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

from ledger_app.services.demo import numbers, words
from ledger_app.services.demo.numbers import COUNTY
from ledger_app.services.demo.places import COUNTY_NAME, County, Village
from ledger_app.services.demo.wells import Columns

AUTHORITY: Final = f"{COUNTY_NAME}水利局"
UNLICENSED: Final = 0.012  # share of wells that never had a permit


@dataclass
class Holding:
    """One permit to be: its holder, the indexes of its wells, its source and use."""

    holder: str
    wells: list[int]
    use: str
    source: str = "地下水"
    place: str = ""
    uid: str = ""
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass
class User:
    name: str
    kind: str
    town: str | None
    industry: str | None = None
    uid: str = ""

    def row(self, rng: Random) -> dict[str, Any]:
        prefix = {"村集体": "N2", "企业": "91", "机关事业": "12", "合作社": "93"}[self.kind]
        return {
            "name": self.name,
            "kind": self.kind,
            "uscc": numbers.credit_code(rng, prefix),
            "legal_person": numbers.person(rng),
            "phone": numbers.phone(rng),
            "contact": numbers.person(rng),
            "industry": self.industry,
            "town_uid": self.town,
            "address": f"{COUNTY_NAME}{'' if self.kind == '企业' else self.name}",
        }


class Book:
    """The users and holdings of a county; a user is kept once by name."""

    def __init__(self, rng: Random, county: County) -> None:
        self.rng = rng
        self.county = county
        self.users: dict[str, User] = {}
        self.holdings: list[Holding] = []
        self._serials: dict[int, int] = {}

    def user(self, name: str, kind: str, town: str | None, industry: str | None = None) -> User:
        return self.users.setdefault(name, User(name, kind, town, industry))

    def license(self, villages: Sequence[Village], columns: Columns) -> None:
        """Put the wells under permits: irrigation by village in parts of 5–60, others by their kind."""
        for village, wells in _by_village(villages):
            licensed = [w for w in wells if self.rng.random() >= UNLICENSED]
            town = self.county.town_of(village)
            shared = [w for w in licensed if columns["well_class"][w] == "农灌井"]
            for part in self._parts(shared):
                name = columns["manager"][part[0]]
                holder = self.user(f"{town.name}{name}", "村集体", town.uid)
                self._hold(holder, part, "农业灌溉", f"{town.name}{village.name}")
            for well in sorted(set(licensed) - set(shared)):
                self._special(well, columns["use"][well], village)

    def _parts(self, wells: list[int]) -> Iterator[list[int]]:
        while wells:
            size = min(5 + int(self.rng.random() ** 2 * 56), 60)
            if len(wells) - size < 5:
                size = len(wells) if len(wells) <= 60 else len(wells) - 5
                size = min(size, 60)
            part, wells = wells[:size], wells[size:]
            yield part

    def _special(self, well: int, use: str, village: Village) -> None:
        town = self.county.town_of(village)
        if "生活" in use:
            name = f"{COUNTY_NAME}{town.name[:-1] if use == '乡村生活' else ''}{words.COMPANY}"
            holder = self.user(name, "企业", town.uid, "自来水生产和供应")
        else:
            ending, industry, _ = self.rng.choice(words.FIRM_KINDS)
            holder = self.user(
                f"{COUNTY_NAME}{self.rng.choice(words.FIRMS)}{ending}", "企业", town.uid, industry
            )
        self._hold(holder, [well], use, f"{town.name}{village.name}")

    def _hold(self, holder: User, wells: list[int], use: str, place: str) -> None:
        self.holdings.append(Holding(holder.name, wells, use, place=place))

    def number(self, year: int, level: str = "D", source: str = "G") -> str:
        self._serials[year] = self._serials.get(year, 0) + 1
        return f"{level}{COUNTY}{source}{year}-{self._serials[year]:04d}"


def _by_village(villages: Sequence[Village]) -> Iterator[tuple[Village, list[int]]]:
    wells: dict[str, tuple[Village, list[int]]] = {}
    for i, village in enumerate(villages):
        wells.setdefault(village.code, (village, []))[1].append(i)
    yield from wells.values()
