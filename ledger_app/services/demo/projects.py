"""Water-saving projects of the demo county with quantities, villages, wells and milestones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any, Final

from ledger_app.services.demo import words
from ledger_app.services.demo.places import COUNTY_NAME, County

_KINDS: Final = ("滴灌", "管灌", "高标准农田", "喷灌", "水源置换", "渠道衬砌", "计量设施", "续建配套")
_SAVED_M3_A_MU: Final = {"滴灌": 120, "喷灌": 90, "管灌": 60, "高标准农田": 80, "水源置换": 150}
_STEPS: Final = ("开工", "完工", "通水调试", "竣工验收", "移交")
_A_TOWN: Final = 2.5


@dataclass
class Project:
    """A project with the rows that hang on it; a milestone is (kind, day)."""

    facts: dict[str, Any]
    quantities: list[dict[str, Any]]
    villages: list[tuple[str, float]]
    milestones: list[tuple[str, str]]
    wells: list[int] = field(default_factory=list)


def projects(rng: Random, county: County, today: date) -> list[Project]:
    """Some projects a town, begun in the last four years; the latest are still being built."""
    count = max(round(len(county.towns) * _A_TOWN), 4)
    return [_project(rng, county, n, count, today) for n in range(count)]


def _project(rng: Random, county: County, number: int, count: int, today: date) -> Project:
    index, kind = number % len(county.towns), _KINDS[number % len(_KINDS)]
    town = county.towns[index]
    started = today - timedelta(days=1420 - int(1330 * number / count) - int(rng.random() * 40))
    steps = _milestones(rng, started, today)
    reached = dict(steps)
    done = 1.0 if "完工" in reached else rng.uniform(0.2, 0.85) if steps else 0.0
    area = round(rng.uniform(2500, 18000), -2)
    finished = round(area * min(done, rng.uniform(0.97, 1.0)), 0) if done else None
    facts = {
        "name": f"{town.name}{started.year}年{kind}项目",
        "kind": kind,
        "town_uid": town.uid,
        "document": f"示水发〔{started.year}〕{20 + number}号",
        "builder": f"{COUNTY_NAME}{rng.choice(words.BUILDERS)}",
        "planned_area_mu": area,
        "completed_area_mu": finished,
        "saving_capacity_m3": round(area * _SAVED_M3_A_MU.get(kind, 40), -3),
        "household_count": int(area / rng.uniform(28, 60)),
        "started_on": reached.get("开工"),
        "completed_on": reached.get("完工"),
        "accepted_on": reached.get("竣工验收"),
        "handed_over_on": reached.get("移交"),
        "operation": "正常" if "竣工验收" in reached else None,
        **_funds(rng, area),
    }
    return Project(facts, _quantities(kind, area, done), _villages(county, index, area), steps)


def _milestones(rng: Random, started: date, today: date) -> list[tuple[str, str]]:
    """Dated steps up to today, some months apart."""
    steps, day = [], started
    for kind in _STEPS:
        if day > today:
            break
        steps.append((kind, day.isoformat()))
        day += timedelta(days=int(rng.uniform(50, 170)))
    return steps


def _funds(rng: Random, area: float) -> dict[str, int]:
    total = round(area * rng.uniform(900, 1600), -4)
    parts = {"fund_central_yuan": 0.6, "fund_province_yuan": 0.2, "fund_prefecture_yuan": 0.05}
    funds = {name: int(round(total * share, -4)) for name, share in parts.items()}
    left = int(total) - sum(funds.values())
    own = int(round(left * 0.4, -4))
    return funds | {"fund_county_yuan": left - own, "fund_own_yuan": own, "investment_yuan": int(total)}


def _quantities(kind: str, area: float, done: float) -> list[dict[str, Any]]:
    planned = [("节水灌溉面积", "亩", area), ("输水管网", "km", round(area / 95, 1))]
    planned.append(("首部枢纽", "座", max(round(area / 1500), 1)))
    if kind in ("计量设施", "高标准农田"):
        planned.append(("计量设施", "套", max(round(area / 120), 1)))
    return [
        {
            "indicator": name,
            "unit": unit,
            "planned": amount,
            "done": round(amount * done, 0 if amount > 50 else 1),
        }
        for name, unit, amount in planned
    ]


def _villages(county: County, town: int, area: float) -> list[tuple[str, float]]:
    own = [v for v in county.villages if v.town == town][:3]
    return [(v.uid, round(area / len(own), 1)) for v in own]


def wells_of(project: Project, villages: Sequence[str], wells: Sequence[str]) -> list[str]:
    """Up to eight wells in the project's villages (`villages` and `wells` are aligned uids)."""
    own = {uid for uid, _ in project.villages}
    return [w for w, v in zip(wells, villages, strict=True) if v in own][:8]
