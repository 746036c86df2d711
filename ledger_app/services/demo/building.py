"""The demo county enters its ledger: what stood at the beginning as imports, then year by year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date, timedelta
from random import Random
from typing import Any, Final

from ledger_app.core.terms import CLOSURE_EFFECTS, IN_USE, RESERVED_STATE, STOPPED, UNKNOWN_STATE
from ledger_app.db.store import Act, ActInfo, Store
from ledger_app.services.demo import permits, places, projects, wells, words
from ledger_app.services.demo.clock import Clock
from ledger_app.services.demo.numbers import day_between, weighted
from ledger_app.services.demo.permits import Book, Holding
from ledger_app.services.demo.places import County, Village

WHO: Final = "李会计"
_CLOSED: Final = 0.11  # share of wells that were dealt with over the years
_METHODS: Final = {"封填": 74, "封存备用": 10, "拆泵断电关停": 6, "改监测井": 4, "移交供水公司": 6}
_REASONS: Final = {
    "超采区压采": 40,
    "公共管网覆盖": 14,
    "水源置换": 14,
    "报废": 16,
    "连续停用": 10,
    "无证": 6,
}


class Builder:
    """Makes the acts that fill a new ledger."""

    def __init__(self, store: Store, rng: Random, clock: Clock, today: date) -> None:
        self.store = store
        self.rng = rng
        self.clock = clock
        self.today = today
        self.registry = store.registry

    def build(self, count: int) -> None:
        county = places.lay_out(self.rng, count)
        self._enter_places(county)
        villages = wells.spread_over(self.rng, county, count)
        columns = wells.registered(
            self.rng, county, villages, wells.completion_dates(self.rng, count, self.clock.day)
        )
        book = Book(self.rng, county)
        book.license(villages, columns)
        uids = self._enter_wells(county, villages, columns, book)
        self._enter_areas(county, villages, uids)
        self._close(uids, columns)
        self._enter_projects(county, columns, uids)

    def _act(self, kind: str, why: str) -> AbstractContextManager[Act]:
        return self.store.act(ActInfo(kind, WHO, why, "command"))

    def _enter_places(self, county: County) -> None:
        regions = self.registry["regions"]
        county.uid = self.store.rows(regions)[0]["uid"]
        with self._act("import", "录入苏木镇、嘎查村") as act:
            for town in county.towns:
                level = town.name[-2:] if town.name.endswith("苏木") else "镇"
                row = {"name": town.name, "code": town.code, "level": level, "parent_uid": county.uid}
                town.uid = act.insert(regions, row)
            for v in county.villages:
                row = {"name": v.name, "code": v.code, "level": v.level, "parent_uid": county.town_of(v).uid}
                v.uid = act.insert(regions, row)

    def _enter_wells(
        self, county: County, villages: Sequence[Village], columns: wells.Columns, book: Book
    ) -> list[str]:
        volumes = wells.allotted(self.rng, columns)
        with self._act("import", "导入取用水户、取水许可、机电井台账") as act:
            users = act.insert_many(
                self.registry["water_users"], [u.row(self.rng) for u in book.users.values()]
            )
            for user, uid in zip(book.users.values(), users, strict=True):
                user.uid = uid
            permit_of = self._enter_permits(act, book, volumes)
            count = len(villages)
            columns["permit_uid"] = [h.uid if (h := permit_of.get(i)) else None for i in range(count)]
            columns["water_user_uid"] = [
                book.users[h.holder].uid if (h := permit_of.get(i)) else None for i in range(count)
            ]
            columns["permitted_volume_m3"] = [v if i in permit_of else None for i, v in enumerate(volumes)]
            columns["planned_volume_m3"] = [v and round(v * 0.9, -2) for v in columns["permitted_volume_m3"]]
            columns["status"] = weighted(self.rng, {IN_USE: 95, STOPPED: 4, UNKNOWN_STATE: 1}, count)
            columns["stopped_on"] = [
                day_between(self.rng, self.today - timedelta(600), self.today) if s == STOPPED else None
                for s in columns["status"]
            ]
            uids: list[str] = act.insert_columns(self.registry["wells"], columns, count)
            self._enter_shares(act, book, uids, volumes)
        return uids

    def _enter_permits(self, act: Act, book: Book, volumes: Sequence[float]) -> dict[int, Holding]:
        rows = [self._permit(book, holding, volumes) for holding in book.holdings]
        uids = act.insert_many(self.registry["permits"], rows)
        for holding, uid, row in zip(book.holdings, uids, rows, strict=True):
            holding.uid, holding.facts = uid, row
        return {well: holding for holding in book.holdings for well in holding.wells}

    def _permit(self, book: Book, holding: Holding, volumes: Sequence[float]) -> dict[str, Any]:
        user = book.users[holding.holder]
        ends = self.today.year + weighted(self.rng, {0: 16, 1: 20, 2: 22, 3: 22, 4: 20}, 1)[0]
        month = weighted(self.rng, {12: 70, 6: 12, 9: 4, 10: 6, 3: 8}, 1)[0]
        valid_to = date(ends + (month < 9), month, 30 if month in (6, 9) else 31)
        valid_from = valid_to.replace(year=valid_to.year - 5) + timedelta(1)
        total = sum(volumes[w] for w in holding.wells)
        year = valid_from.year - 5
        return {
            "number": book.number(year, "C" if holding.use in ("工业", "城镇生活") else "D"),
            "holder_uid": user.uid,
            "source": holding.source,
            "use": holding.use,
            "intake_method": "抽提",
            "place": holding.place,
            "permitted_volume_m3": total,
            "daily_max_m3": round(total / 120, 0),
            "well_count": len(holding.wells),
            "valid_from": valid_from.isoformat(),
            "valid_to": valid_to.isoformat(),
            "first_issued_on": valid_from.replace(year=year).isoformat(),
            "renewals": 1,
            "authority": permits.AUTHORITY,
            "supervisor": permits.AUTHORITY,
        }

    def _enter_shares(self, act: Act, book: Book, uids: Sequence[str], volumes: Sequence[float]) -> None:
        pairs = [(h, w) for h in book.holdings for w in h.wells]
        columns: dict[str, list[Any]] = {
            "permit_uid": [h.uid for h, _ in pairs],
            "point_uid": [uids[w] for _, w in pairs],
            "share_m3": [volumes[w] for _, w in pairs],
            "from_on": [h.facts["first_issued_on"] for h, _ in pairs],
        }
        act.insert_columns(self.registry["permit_shares"], columns, len(pairs))

    def _enter_areas(self, county: County, villages: Sequence[Village], uids: Sequence[str]) -> None:
        """An over-extraction zone over a third of the towns, a pipe network in the first village."""
        zone = {
            "name": "示例旗大型孔隙浅层地下水超采区",
            "kind": "超采区",
            "grade": "一般",
            "area_km2": 412.6,
        }
        network = {"name": "示例旗城镇公共供水管网", "kind": "管网覆盖", "valid_from": "2016"}
        zoned = {t for t in range(len(county.towns)) if t % 3 == 0}
        first = county.villages[0]
        with self._act("import", "录入超采区和管网覆盖区") as act:
            areas = self.registry["areas"]
            zone_uid = act.insert(areas, zone | {"document": "内水资〔2015〕11号", "valid_from": "2015"})
            network_uid = act.insert(areas, network)
            rows = [
                (u, zone_uid, "2015-09-01") for u, v in zip(uids, villages, strict=True) if v.town in zoned
            ]
            rows += [
                (u, network_uid, "2016-01-01") for u, v in zip(uids, villages, strict=True) if v is first
            ]
            act.insert_columns(
                self.registry["point_areas"],
                {n: [r[i] for r in rows] for i, n in enumerate(("point_uid", "area_uid", "from_on"))},
                len(rows),
            )

    def _close(self, uids: Sequence[str], columns: wells.Columns) -> None:
        """Closures of the last four years; some of this month still wait for acceptance."""
        picked = sorted(self.rng.sample(range(len(uids)), round(len(uids) * _CLOSED)))
        days = sorted(day_between(self.rng, self.today - timedelta(1460), self.today) for _ in picked)
        self.rng.shuffle(picked)
        rows: list[dict[str, Any]] = []
        states: dict[str, Mapping[str, Any]] = {}
        for well, day in zip(picked, days, strict=True):
            method = weighted(self.rng, _METHODS, 1)[0]
            rows.append(self._closure(uids[well], method, date.fromisoformat(day), columns, well))
            if status := CLOSURE_EFFECTS[method].status:
                stopped = day if status in (STOPPED, RESERVED_STATE) else None
                states[uids[well]] = {"status": status, "stopped_on": stopped}
        self.clock.at(self.today)
        with self._act("import", "导入封停处置台账") as act:
            act.insert_many(self.registry["closures"], rows)
            act.update_many(self.registry["wells"], states)

    def _closure(self, uid: str, method: str, day: date, columns: wells.Columns, well: int) -> dict[str, Any]:
        accepted = day + timedelta(days=int(self.rng.uniform(6, 40)))
        done = accepted <= self.today
        return {
            "well_uid": uid,
            "method": method,
            "reason": weighted(self.rng, _REASONS, 1)[0],
            "closed_on": day.isoformat(),
            "started_on": (day - timedelta(2)).isoformat(),
            "seal_method": "水泥封口" if method == "封填" else None,
            "implementer": "政府组织",
            "contractor": self.rng.choice(words.CONTRACTORS),
            "accepted_on": accepted.isoformat() if done else None,
            "accepted_by": "王志远、赵国庆" if done else None,
            "acceptance": "合格" if done else None,
            "reduced_volume_m3": columns["permitted_volume_m3"][well],
            "reduction_basis": "许可水量",
        }

    def _enter_projects(self, county: County, columns: wells.Columns, uids: Sequence[str]) -> None:
        with self._act("import", "导入节水项目台账") as act:
            for project in projects.projects(self.rng, county, self.today):
                own = projects.wells_of(project, columns["village_uid"], uids)
                _enter_project(act, project, own)


def _enter_project(act: Act, project: projects.Project, wells_of_it: Sequence[str]) -> None:
    registry = act.store.registry
    uid = act.insert(registry["projects"], project.facts)
    owned = {"project_uid": uid}
    act.insert_many(registry["project_quantities"], [owned | q for q in project.quantities])
    act.insert_many(
        registry["project_places"], [owned | {"village_uid": v, "area_mu": a} for v, a in project.villages]
    )
    act.insert_many(registry["project_points"], [owned | {"point_uid": w} for w in wells_of_it])
    milestones = [owned | {"kind": k, "reached_on": d} for k, d in project.milestones]
    act.insert_many(registry["project_milestones"], milestones)
