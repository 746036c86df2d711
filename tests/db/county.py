"""A small county for tests, and a clock that ticks when it is read."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass

from ledger_app.core.entities import LEDGERS
from ledger_app.db.store import Act, ActInfo, Store

WELLS = LEDGERS["wells"]
INTAKES = LEDGERS["intakes"]
REGIONS = LEDGERS["regions"]
PERMITS = LEDGERS["permits"]
WATER_USERS = LEDGERS["water_users"]
PROJECTS = LEDGERS["projects"]
SHARES = LEDGERS["permit_shares"]
CLOSURES = LEDGERS["closures"]
ATTACHMENTS = LEDGERS["attachments"]


def ticking() -> Callable[[], str]:
    """A clock that goes on by a minute each time it is read: the same data, the same bytes."""
    minutes = itertools.count(8 * 60)

    def now() -> str:
        minute = next(minutes)
        return f"2025-09-{1 + minute // 1440:02d}T{minute // 60 % 24:02d}:{minute % 60:02d}:00+08:00"

    return now


@dataclass(frozen=True)
class County:
    """Two towns with two villages each, three water users, two permits, twelve wells, one project."""

    act_uid: str
    towns: tuple[str, ...]
    villages: tuple[str, ...]
    users: tuple[str, ...]
    permits: tuple[str, ...]
    wells: tuple[str, ...]
    project: str


def fill(store: Store) -> County:
    """Enter the small county as one act."""
    with store.act(info("import", why="机电井台账.xlsx", source="import")) as act:
        towns = act.insert_many(
            REGIONS, [{"name": "德岭山镇", "level": "镇"}, {"name": "石哈河镇", "level": "镇"}]
        )
        names = ("大圣村", "苏独仑嘎查", "温更嘎查", "西局子村")
        villages = act.insert_many(
            REGIONS,
            [{"name": n, "level": "村", "parent_uid": towns[i // 2]} for i, n in enumerate(names)],
        )
        users = act.insert_many(
            WATER_USERS, [{"name": n, "town_uid": towns[0]} for n in ("甲公司", "乙社", "丙户")]
        )
        permits = act.insert_many(
            PERMITS,
            [
                {"number": f"D150824G2022-00{i}1", "holder_uid": users[i], "permitted_volume_m3": 12000.5}
                for i in (0, 1)
            ],
        )
        wells = act.insert_many(WELLS, [_well(i, villages, towns, permits) for i in range(12)])
        project = act.insert(PROJECTS, {"name": "高标准农田", "town_uid": towns[0], "planned_area_mu": 1200})
    return County(act.uid, tuple(towns), tuple(villages), tuple(users), tuple(permits), tuple(wells), project)


def _well(i: int, villages: list[str], towns: list[str], permits: list[str]) -> dict[str, object]:
    return {
        "code": f"150824101205J{i:04d}",
        "name": f"{i}号井",
        "village_uid": villages[i % 4],
        "town_uid": towns[i % 4 // 2],
        "status": "正常使用",
        "depth_m": 80 + i / 2,
        "longitude": 108.0 + i / 10,
        "permit_uid": permits[i % 2] if i < 6 else None,
    }


def info(kind: str = "correct", why: str = "", source: str = "form") -> ActInfo:
    return ActInfo(kind, "张三", why, source)


def edit(store: Store, uid: str, **cells: object) -> Act:
    """Change cells of a well in an act of its own."""
    with store.act(info()) as act:
        act.update(WELLS, uid, cells)
    return act
