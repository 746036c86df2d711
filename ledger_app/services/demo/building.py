"""What stood when the ledger was begun: places, users, permits, wells, areas, early closures, as imports."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from types import MappingProxyType
from typing import Any, Final

from ledger_app.core.terms import IN_USE, SEALED, SEALED_STATE, STOPPED, UNKNOWN_STATE
from ledger_app.db.store import Act, ActInfo, Store
from ledger_app.services.demo import places, wells, words
from ledger_app.services.demo.clock import Clock
from ledger_app.services.demo.numbers import day_between, weighted
from ledger_app.services.demo.permits import Book, Holding, User
from ledger_app.services.demo.places import County, Village
from ledger_app.services.demo.wells import IRRIGATION

Early = dict[int, dict[str, Any]]  # index of a well sealed before the ledger was begun → its closure
WHO: Final = "李会计"
NEW: Final = 0.05  # share of wells drilled while the ledger is kept
_EARLY: Final = 0.02  # share of wells sealed before it was begun
_STATES: Final[Mapping[str, float]] = MappingProxyType({IN_USE: 97, STOPPED: 2, UNKNOWN_STATE: 1})
SEAL_REASONS: Final[Mapping[str, float]] = MappingProxyType(
    {"超采区压采": 40, "公共管网覆盖": 14, "水源置换": 14, "报废": 16, "连续停用": 10, "无证": 6}
)


@dataclass
class Start:
    """What later years go on from: `uids` of the wells in order, their villages and columns."""

    county: County
    book: Book
    villages: Sequence[Village]
    columns: wells.Columns
    uids: list[str]
    coming: int  # wells still to be drilled


class Builder:
    """Makes the acts that fill a new ledger with what stood on its first day."""

    def __init__(self, store: Store, rng: Random, clock: Clock) -> None:
        self.store = store
        self.rng = rng
        self.day = clock.day
        self.registry = store.registry

    def build(self, count: int) -> Start:
        """Enter all wells but the share that will be drilled in the years to come."""
        county = places.lay_out(self.rng, count)
        self._enter_places(county)
        now = count - round(count * NEW * liveliness(count))
        villages = wells.spread_over(self.rng, county, now)
        dates = wells.completion_dates(self.rng, now, self.day)
        columns = wells.registered(self.rng, county, villages, dates)
        book = Book(self.rng, county)
        early = self._early(now)
        uids = self._enter_wells(book, villages, columns, early)
        self._enter_closures(uids, early)
        self._enter_intakes(county, book)
        self._enter_areas(county, villages, uids)
        return Start(county, book, villages, columns, uids, count - now)

    def _act(self, why: str) -> AbstractContextManager[Act]:
        return self.store.act(ActInfo("import", WHO, why, "command"))

    def _enter_places(self, county: County) -> None:
        regions, operators = self.registry["regions"], self.registry["operators"]
        county.uid = self.store.rows(regions)[0]["uid"]
        with self._act("录入苏木镇、嘎查村") as act:
            for town in county.towns:
                level = "苏木" if town.name.endswith("苏木") else "镇"
                row = {"name": town.name, "code": town.code, "level": level, "parent_uid": county.uid}
                town.uid = act.insert(regions, row)
            for v in county.villages:
                row = {"name": v.name, "code": v.code, "level": v.level, "parent_uid": county.town_of(v).uid}
                v.uid = act.insert(regions, row)
            act.insert_many(
                operators, [{"name": "王志远", "role": "审核"}, {"name": "赵国庆", "role": "只读"}]
            )

    def _early(self, count: int) -> Early:
        """Which wells had been sealed before the ledger was begun, and how."""
        picked = sorted(self.rng.sample(range(count), max(round(count * _EARLY), 2)))
        return {well: early_closure(self.rng, self.day) for well in picked}

    def _enter_wells(
        self, book: Book, villages: Sequence[Village], columns: wells.Columns, early: Early
    ) -> list[str]:
        volumes = wells.allotted(self.rng, columns)
        with self._act("导入取用水户、取水许可、机电井台账") as act:
            holdings = book.license(villages, columns)
            self._enter_users(act, book)
            self._enter_permits(act, book, holdings, volumes)
            holding_of = {w: h for h in holdings for w in h.wells}
            self._complete(columns, holding_of, volumes, early)
            uids: list[str] = act.insert_columns(self.registry["wells"], columns, len(villages))
            self._enter_shares(act, holdings, uids, volumes, early)
        return uids

    def _enter_users(self, act: Act, book: Book) -> None:
        users = list(book.users.values())
        rows = [user.row(self.rng) for user in users]
        for user, uid in zip(users, act.insert_many(self.registry["water_users"], rows), strict=True):
            user.uid = uid

    def _enter_permits(
        self, act: Act, book: Book, holdings: Sequence[Holding], volumes: Sequence[float]
    ) -> None:
        rows = [book.terms(holding, volumes, self.day) for holding in holdings]
        uids = act.insert_many(self.registry["permits"], rows)
        for holding, uid, row in zip(holdings, uids, rows, strict=True):
            holding.uid, holding.facts = uid, row

    def _complete(
        self,
        columns: wells.Columns,
        holding_of: Mapping[int, Holding],
        volumes: Sequence[float],
        early: Early,
    ) -> None:
        """State, user, permit and volumes of the wells; sealed ones draw under no permit any more."""
        count = len(volumes)
        held = [holding_of.get(i) if i not in early else None for i in range(count)]
        columns["permit_uid"] = [h and h.uid for h in held]
        columns["water_user_uid"] = [h and h.holder.uid for h in held]
        columns["permitted_volume_m3"] = [v if h else None for h, v in zip(held, volumes, strict=True)]
        columns["planned_volume_m3"] = [v and round(v * 0.9, -2) for v in columns["permitted_volume_m3"]]
        drawn = weighted(self.rng, _STATES, count)
        columns["status"] = [SEALED_STATE if i in early else s for i, s in enumerate(drawn)]
        columns["stopped_on"] = [
            day_between(self.rng, self.day - timedelta(300), self.day) if s == STOPPED else None
            for s in columns["status"]
        ]
        for well, closure in early.items():
            closure["reduced_volume_m3"] = volumes[well]

    def _enter_shares(
        self,
        act: Act,
        holdings: Sequence[Holding],
        uids: Sequence[str],
        volumes: Sequence[float],
        early: Early,
    ) -> None:
        pairs = [(h, w) for h in holdings for w in h.wells]
        columns: dict[str, list[Any]] = {
            "permit_uid": [h.uid for h, _ in pairs],
            "point_uid": [uids[w] for _, w in pairs],
            "share_m3": [volumes[w] for _, w in pairs],
            "from_on": [h.facts["first_issued_on"] for h, _ in pairs],
            "to_on": [early[w]["closed_on"] if w in early else None for _, w in pairs],
        }
        act.insert_columns(self.registry["permit_shares"], columns, len(pairs))

    def _enter_closures(self, uids: Sequence[str], early: Early) -> None:
        with self._act("导入历年封停处置台账") as act:
            rows = [closure | {"well_uid": uids[well]} for well, closure in early.items()]
            act.insert_many(self.registry["closures"], rows)

    def _enter_intakes(self, county: County, book: Book) -> None:
        """A pump station or a canal head in every other town, each with a permit for surface water."""
        with self._act("导入取水口台账") as act:
            for number, town in enumerate(county.towns[::2]):
                village = next(v for v in county.villages if county.town_of(v) is town)
                user = User(f"{town.name}灌溉管理所", "机关事业", town.uid)
                user.uid = act.insert(self.registry["water_users"], user.row(self.rng))
                holding = Holding(user, [0], IRRIGATION, f"{town.name}总排干")
                volume = round(self.rng.uniform(400_000, 2_000_000), -4)
                permit = book.terms(holding, [volume], self.day, "S") | {"metering": "远传水表"}
                uid = act.insert(self.registry["permits"], permit)
                point = act.insert(self.registry["intakes"], self._intake(number, village, user, uid, volume))
                share = {"permit_uid": uid, "point_uid": point, "share_m3": volume}
                act.insert(self.registry["permit_shares"], share | {"from_on": permit["first_issued_on"]})

    def _intake(
        self, number: int, village: Village, user: User, permit: str, volume: float
    ) -> dict[str, Any]:
        return {
            "code": f"{village.code}Q0001",
            "name": f"{village.name[:-1]}{'泵站' if number % 2 == 0 else '干渠渠首'}",
            "kind": "泵站" if number % 2 == 0 else "渠道断面",
            "town_uid": user.town,
            "village_uid": village.uid,
            "longitude": round(village.longitude + 0.02, 6),
            "latitude": round(village.latitude - 0.03, 6),
            "coordinate_system": "CGCS2000",
            "status": IN_USE,
            "use": IRRIGATION,
            "river": "总排干沟",
            "intake_flow_m3_s": round(volume / 2_500_000, 3),
            "yearly_max_m3": volume,
            "owner": user.name,
            "manager": user.name,
            "water_user_uid": user.uid,
            "permit_uid": permit,
            "permitted_volume_m3": volume,
            "metering": "远传水表",
        }

    def _enter_areas(self, county: County, villages: Sequence[Village], uids: Sequence[str]) -> None:
        """An over-extraction zone and its management unit over a third of the towns, a pipe network in
        the first village."""
        zone = {
            "name": "示例旗大型孔隙浅层地下水超采区",
            "kind": "超采区",
            "grade": "一般",
            "area_km2": 412.6,
        }
        zone |= {"document": "内水资〔2015〕11号", "valid_from": "2015"}
        unit = {"name": "示例旗北部平原管理单元", "kind": "管理单元", "valid_from": "2017"}
        network = {"name": "示例旗城镇公共供水管网", "kind": "管网覆盖", "valid_from": "2016"}
        zoned = [u for u, v in zip(uids, villages, strict=True) if v.town % 3 == 0]
        piped = [u for u, v in zip(uids, villages, strict=True) if v is county.villages[0]]
        with self._act("录入超采区、管理单元和管网覆盖区") as act:
            rows: list[tuple[str, str, str]] = []
            for area, points, day in (
                (zone, zoned, "2015-09-01"),
                (unit, zoned, "2017-01-01"),
                (network, piped, "2016-01-01"),
            ):
                uid = act.insert(self.registry["areas"], area)
                rows += [(point, uid, day) for point in points]
            names = ("point_uid", "area_uid", "from_on")
            columns = {n: [r[i] for r in rows] for i, n in enumerate(names)}
            act.insert_columns(self.registry["point_areas"], columns, len(rows))


def liveliness(count: int) -> float:
    """How much happens in a county of so many wells, beside one of ten thousand: less in proportion."""
    return min(1.0, math.sqrt(10_000 / count))


def early_closure(rng: Random, before: date) -> dict[str, Any]:
    closed = before - timedelta(days=60 + int(rng.random() * 900))
    return {
        "method": SEALED,
        "reason": weighted(rng, SEAL_REASONS, 1)[0],
        "closed_on": closed.isoformat(),
        "seal_method": "水泥封口",
        "implementer": "政府组织",
        "contractor": rng.choice(words.CONTRACTORS),
        "accepted_on": (closed + timedelta(days=int(rng.uniform(7, 40)))).isoformat(),
        "accepted_by": "王志远、赵国庆",
        "acceptance": "合格",
        "reduction_basis": "许可水量",
    }
