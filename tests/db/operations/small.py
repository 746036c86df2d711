"""A small county in good order, entered by acts: nothing in it is a finding on TODAY."""

from __future__ import annotations

from datetime import date
from typing import Any

from ledger_app.core.entities import LEDGERS
from ledger_app.db import replay
from ledger_app.db.migrations import MIGRATIONS
from ledger_app.db.store import Row, Store
from ledger_app.services import acts, history
from ledger_app.services.acts import ActResult
from tests.db.county import info

TODAY = date(2025, 9, 30)
WHO = "张三"
WELLS, INTAKES, PERMITS = LEDGERS["wells"], LEDGERS["intakes"], LEDGERS["permits"]
CLOSURES, PROJECTS, USERS = LEDGERS["closures"], LEDGERS["projects"], LEDGERS["water_users"]
EVENTS, SHARES, VERSIONS = LEDGERS["point_events"], LEDGERS["permit_shares"], LEDGERS["permit_versions"]
REGIONS = LEDGERS["regions"]
VILLAGE_PERMIT, FIRM_PERMIT = "D150824G2022-0001", "D150824G2023-0002"


class Small:
    """Four irrigation wells under a village permit, one well of a firm under its own, one monitoring
    well, one reserve well, a project under way. Wells are called by their serial: `well(1)`."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.places()
        self.codes = [f"150824100201J{n:04d}" for n in range(1, 8)]
        self.enter()

    def places(self) -> None:
        with self.store.act(info("init")) as act:
            county = act.insert(REGIONS, {"name": "示例旗", "code": "150824", "level": "旗"})
            row = {"name": "向阳镇", "code": "150824100000", "level": "镇", "parent_uid": county}
            self.town = act.insert(REGIONS, row)
            row = {"name": "德胜镇", "code": "150824101000", "level": "镇", "parent_uid": county}
            self.other_town = act.insert(REGIONS, row)
            row = {"name": "大圣村", "code": "150824100201", "level": "村", "parent_uid": self.town}
            self.village = act.insert(REGIONS, row)

    def enter(self) -> None:
        uses = ["农业灌溉"] * 4 + ["工业", "监测", "农业灌溉"]
        classes = ["农灌井"] * 4 + ["自备井", "其他井", "农灌井"]
        rows = [self.row(n, use=uses[n], well_class=classes[n]) for n in range(7)]
        self.did(acts.register(self.store, WELLS, rows, who=WHO, today=TODAY))
        village = {"number": VILLAGE_PERMIT, "holder": "大圣村村民委员会", "permitted_volume_m3": 48000}
        village |= {"points": dict.fromkeys(self.codes[:4], 12000), "valid_from": "2022-01-01"}
        firm = {"number": FIRM_PERMIT, "holder": "绿源食品有限公司", "permitted_volume_m3": 60000}
        firm |= {"points": {self.codes[4]: 60000}, "valid_from": "2023-01-01", "valid_to": "2027-12-31"}
        permits = [village | {"valid_to": "2026-12-31", "authority": "示例旗水利局"}, firm]
        self.did(acts.issue(self.store, permits, who=WHO, today=TODAY))
        self.act(
            "close",
            [7],
            method="封存备用",
            reason="水源置换",
            closed_on="2024-05-20",
            accepted_on="2024-06-01",
        )
        with self.store.act(info()) as act:
            facts = {"name": "向阳镇滴灌项目", "kind": "滴灌", "town_uid": self.town, "planned_area_mu": 5000}
            self.project = act.insert(
                PROJECTS, facts | {"started_on": "2025-04-10", "completed_area_mu": 3000}
            )

    def row(self, n: int, **facts: Any) -> dict[str, Any]:
        """A well that nobody can find fault with."""
        place = {"town_uid": self.town, "village_uid": self.village, "name": f"{n + 1}号井"}
        place |= {"longitude": 108.5 + n / 100, "latitude": 41.5 + n / 100, "completed_on": f"{2001 + n}-06"}
        place |= {
            "depth_m": 80,
            "yield_m3_h": 45,
            "irrigated_area_mu": 60,
            "electricity_meter_no": f"E{n:05d}",
        }
        return place | facts

    def act(self, name: str, keys: Any, **facts: Any) -> ActResult:
        """An act on wells by serial (or on whatever the keys name)."""
        named = [self.codes[k - 1] if isinstance(k, int) else k for k in keys]
        return acts.perform(self.store, name, named, facts, who=WHO, today=TODAY)

    def refusal(self, name: str, keys: Any, **facts: Any) -> str:
        """The one sentence an act is refused with; nothing may have been done."""
        result = self.act(name, keys, **facts)
        assert result.act is None and not result.done
        ((_, text),) = result.refused
        return text

    def did(self, result: ActResult) -> ActResult:
        assert result.act and not result.refused, result.refused
        return result

    def well(self, serial: int) -> Row:
        return self.by_code(self.codes[serial - 1])

    def by_code(self, code: str) -> Row:
        (row,) = self.store.rows(WELLS, "code = ?", (code,))
        return row

    def permit(self, number: str = VILLAGE_PERMIT) -> Row:
        (row,) = self.store.rows(PERMITS, "number = ?", (number,))
        return row

    def shares(self, number: str = VILLAGE_PERMIT, *, open_only: bool = True) -> list[Row]:
        rows = self.store.rows(SHARES, "permit_uid = ?", (self.permit(number)["uid"],))
        return [r for r in rows if r["to_on"] is None or not open_only]

    def versions(self, number: str = VILLAGE_PERMIT) -> list[Row]:
        return self.store.rows(VERSIONS, "permit_uid = ?", (self.permit(number)["uid"],))

    def events(self, serial: int) -> list[tuple[str, str, str | None, str | None]]:
        rows = self.store.rows(EVENTS, "point_uid = ?", (self.well(serial)["uid"],))
        return [(r["kind"], r["happened_on"], r["from_status"], r["to_status"]) for r in rows]

    def closures(self, serial: int) -> list[Row]:
        return self.store.rows(CLOSURES, "well_uid = ?", (self.well(serial)["uid"],))

    def everything(self) -> dict[str, list[tuple[Any, ...]]]:
        """All rows of all ledgers, to compare before and after."""
        held = {}
        for entity in LEDGERS:
            rows = self.store.rows(entity)
            held[entity.name] = sorted((tuple(r.values()) for r in rows), key=repr)
        return held

    def comes_back(self, result: ActResult, before: dict[str, list[tuple[Any, ...]]]) -> None:
        """Undone, every ledger is as it was; with and without, the journal replays to the tables."""
        assert self.everything() != before
        assert replay.first_difference(self.store.conn, LEDGERS, MIGRATIONS) is None
        history.undo(self.store, str(result.act), WHO)
        assert self.everything() == before
        assert replay.first_difference(self.store.conn, LEDGERS, MIGRATIONS) is None
