"""Water-saving projects of the demo county: begun, completed, accepted, handed over by acts on their days."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from random import Random
from types import MappingProxyType
from typing import Any, Final

from ledger_app.db.operations.projects import ACCEPTED, COMPLETED, STARTED
from ledger_app.db.store import ActInfo
from ledger_app.services import acts
from ledger_app.services.demo import words
from ledger_app.services.demo.building import WHO
from ledger_app.services.demo.places import COUNTY_NAME, County
from ledger_app.services.demo.years import Step, Years

_KINDS: Final = ("滴灌", "管灌", "高标准农田", "喷灌", "水源置换", "渠道衬砌", "计量设施", "续建配套")
_SAVED_M3_A_MU: Final[Mapping[str, int]] = MappingProxyType(
    {"滴灌": 120, "喷灌": 90, "管灌": 60, "高标准农田": 80, "水源置换": 150}
)
_STEPS: Final = (STARTED, COMPLETED, "通水调试", ACCEPTED, "移交")
_A_TOWN: Final = 2.5
_METERED: Final = frozenset({"计量设施", "高标准农田"})


@dataclass
class Project:
    """A project as it is planned; `milestones` are the days it reaches its steps, up to today."""

    facts: dict[str, Any]
    quantities: list[dict[str, Any]]
    villages: list[tuple[str, float]]
    milestones: dict[str, date]
    wells: list[str]
    done: float  # share of the work done by today
    uid: str = ""
    quantity_uids: list[str] = field(default_factory=list)


class Works:
    """Makes the projects of a county and tells what happens to them on which day."""

    def __init__(self, years: Years) -> None:
        self.years = years
        self.rng: Random = years.rng
        self.store = years.store
        self.county: County = years.start.county
        self.today = years.today

    def steps(self) -> Iterator[tuple[date, Step]]:
        """Some projects a town, begun in the last four years; the latest are still being built."""
        count = max(round(len(self.county.towns) * _A_TOWN), 4)
        for number in range(count):
            project = self._plan(number, count)
            for kind, day in project.milestones.items():
                yield day, partial(self._reach, project, kind)
            if project.milestones and COMPLETED not in project.milestones:
                yield self.today - timedelta(12), partial(self._progress, project)

    def _plan(self, number: int, count: int) -> Project:
        index, kind = number % len(self.county.towns), _KINDS[number % len(_KINDS)]
        town = self.county.towns[index]
        begun = self.today - timedelta(days=1420 - int(1330 * number / count) - int(self.rng.random() * 40))
        milestones = self._milestones(begun)
        area = round(self.rng.uniform(2500, 18000), -2)
        facts = {
            "name": f"{town.name}{begun.year}年{kind}项目",
            "kind": kind,
            "town_uid": town.uid,
            "document": f"示水发〔{begun.year}〕{20 + number}号",
            "builder": f"{COUNTY_NAME}{self.rng.choice(words.BUILDERS)}",
            "planned_area_mu": area,
            "saving_capacity_m3": round(area * _SAVED_M3_A_MU.get(kind, 40), -3),
            "household_count": int(area / self.rng.uniform(28, 60)),
            **_funds(round(area * self.rng.uniform(900, 1600), -4)),
        }
        done = self.rng.uniform(0.97, 1.0) if COMPLETED in milestones else self.rng.uniform(0.2, 0.85)
        villages = [v for v in self.county.villages if v.town == index][:3]
        placed = [(v.uid, round(area / len(villages), 1)) for v in villages]
        return Project(facts, _quantities(kind, area), placed, milestones, self._wells(placed), done)

    def _milestones(self, begun: date) -> dict[str, date]:
        reached, day = {}, begun
        for kind in _STEPS:
            if day > self.today:
                break
            reached[kind] = day
            day += timedelta(days=int(self.rng.uniform(50, 170)))
        return reached

    def _wells(self, villages: Sequence[tuple[str, float]]) -> list[str]:
        own = {uid for uid, _ in villages}
        start = self.years.start
        pairs = zip(start.uids, start.columns["village_uid"], strict=True)
        return [well for well, village in pairs if village in own][:8]

    def _reach(self, project: Project, kind: str, day: date) -> None:
        name, iso = [project.facts["name"]], day.isoformat()
        if kind == STARTED:
            self._enter(project, day)
            return
        if kind == COMPLETED:
            self._progress(project, day)
        if kind == ACCEPTED:
            self.years.perform("accept_project", name, day, accepted_on=iso, operation="正常")
        else:
            self.years.perform("milestone", name, day, kind=kind, reached_on=iso)

    def _enter(self, project: Project, day: date) -> None:
        registry = self.store.registry
        why = f"登记节水项目 {project.facts['name']}"
        with self.store.act(ActInfo("register", WHO, why, "form")) as act:
            facts = project.facts | {"started_on": day.isoformat()}
            project.uid = act.insert(registry["projects"], facts)
            owned = {"project_uid": project.uid}
            quantities = [owned | quantity for quantity in project.quantities]
            project.quantity_uids = act.insert_many(registry["project_quantities"], quantities)
            places = [owned | {"village_uid": v, "area_mu": area} for v, area in project.villages]
            act.insert_many(registry["project_places"], places)
            act.insert_many(registry["project_points"], [owned | {"point_uid": w} for w in project.wells])
            milestone = owned | {"kind": STARTED, "reached_on": day.isoformat()}
            act.insert(registry["project_milestones"], milestone)

    def _progress(self, project: Project, day: date) -> None:
        """What has been done so far: the area and each quantity."""
        registry = self.store.registry
        area = {"completed_area_mu": round(project.facts["planned_area_mu"] * project.done)}
        acts.change(
            self.store,
            registry["projects"],
            {project.uid: area},
            on=day.isoformat(),
            why="登记完成情况",
            who=WHO,
            today=day,
        )
        done = {
            uid: {"done": round(q["planned"] * project.done, 0 if q["planned"] > 50 else 1)}
            for uid, q in zip(project.quantity_uids, project.quantities, strict=True)
        }
        acts.change(
            self.store,
            registry["project_quantities"],
            done,
            on=day.isoformat(),
            why="登记完成工程量",
            who=WHO,
            today=day,
        )


def _funds(total: float) -> dict[str, int]:
    """Parts in whole 万元 that add up to the total."""
    parts = {"fund_central_yuan": 0.6, "fund_province_yuan": 0.2, "fund_prefecture_yuan": 0.05}
    funds = {name: int(round(total * share, -4)) for name, share in parts.items()}
    left = int(total) - sum(funds.values())
    own = int(round(left * 0.4, -4))
    return funds | {"fund_county_yuan": left - own, "fund_own_yuan": own, "investment_yuan": int(total)}


def _quantities(kind: str, area: float) -> list[dict[str, Any]]:
    planned = [("节水灌溉面积", "亩", area), ("输水管网", "km", round(area / 95, 1))]
    planned.append(("首部枢纽", "座", max(round(area / 1500), 1)))
    if kind in _METERED:
        planned.append(("计量设施", "套", max(round(area / 120), 1)))
    return [{"indicator": name, "unit": unit, "planned": amount} for name, unit, amount in planned]
