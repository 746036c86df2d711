"""What is wrong in the demo county: every finding at least once, the way clerks' work brings it about."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any, Final

from ledger_app.core.terms import IN_USE
from ledger_app.db.queries import desk as desk_queries
from ledger_app.db.queries import findings as queries
from ledger_app.db.store import ActInfo, Row, Store
from ledger_app.services import acts, checking
from ledger_app.services.demo.building import WHO
from ledger_app.services.demo.years import in_groups

_FEW: Final = 600  # wells looked at to pick from


@dataclass
class Faults:
    """Plants one mistake after the other, each on records of its own."""

    store: Store
    rng: Random
    today: date
    groups: list[list[Row]] = field(default_factory=list)  # wells still in order, by permit

    def plant(self) -> None:
        """In a county of less than a hundred wells there may not be enough of them for every mistake."""
        self.groups = self._in_order()
        mistakes: tuple[tuple[Callable[..., None], int], ...] = (
            (self._closures, 2),
            (self._doubles, 4),
            (self._units, 1),
            (self._papers, 2),
        )
        one, others = self._take(1), self._take(3)
        if one and others:
            self._permits(one[0], *others)
        for mistake, count in mistakes:
            if wells := self._take(count):
                mistake(*wells)
        self._terms(self._permits_left())

    def _in_order(self) -> list[list[Row]]:
        """Wells in use by permit, those first whose permit has all its wells in use."""
        wells = self.store.registry["wells"]
        uids = desk_queries.states(self.store.conn, (IN_USE,))[IN_USE][:_FEW]
        rows = [r for r in self.store.rows_by_uid(wells, uids).values() if r["permit_uid"]]
        counts = {r["uid"]: r["linked"] for r in queries.permit_counts(self.store.conn, self.today)}
        groups = in_groups(rows, lambda r: r["permit_uid"])
        return sorted(groups, key=lambda g: counts[g[0]["permit_uid"]] != len(g))

    def _take(self, count: int) -> list[Row]:
        """Wells of one permit nothing has been done to; a permit is left alone as long as there are others."""
        group = next((g for g in self.groups if len(g) >= count), None)
        if group is None:
            return []
        self.groups.remove(group)
        self.groups.append(group[count:])
        return group[:count]

    def _permits_left(self) -> list[str]:
        """Permits nothing has been done to, those of few wells first; at last also the others."""
        untouched = sorted((g for g in self.groups if g), key=len)
        named = dict.fromkeys(g[0]["permit_uid"] for g in untouched)
        return [*named, *(r["uid"] for r in queries.permits(self.store.conn) if r["uid"] not in named)]

    def _correct(self, ledger: str, uid: str, why: str, **cells: Any) -> None:
        entity = self.store.registry[ledger]
        acts.correct(self.store, entity, {uid: cells}, why=why, who=WHO)

    def _closures(self, *wells: Row) -> None:
        """R04: sealed and set back to 在用 by hand. R01: called sealed without a record."""
        day = (self.today - timedelta(16)).isoformat()
        facts = {"method": "封填", "reason": "水源置换", "closed_on": day}
        acts.perform(self.store, "close", [wells[0]["uid"]], facts, who=WHO, today=self.today)
        self._correct("wells", wells[0]["uid"], "按乡镇台账更正", status="在用")
        cells = {"permit_uid": None, "permitted_volume_m3": None, "planned_volume_m3": None}
        self._correct("wells", wells[1]["uid"], "按乡镇台账更正", status="已封填", **cells)

    def _doubles(self, *wells: Row) -> None:
        """R18: the same coordinates, the same electricity meter, the same permit and place."""
        first, second, third, fourth = wells[:4]
        place = {"longitude": first["longitude"], "latitude": first["latitude"]}
        self._correct("wells", second["uid"], "补录坐标", **place)
        meter = first["electricity_meter_no"]
        self._correct("wells", third["uid"], "补录电表", electricity_meter_no=meter)
        same = {n: third[n] for n in ("village_group", "owner")} | {"place": "村东机耕路北"}
        self._correct("wells", third["uid"], "更正位置", **same)
        self._correct("wells", fourth["uid"], "更正位置", longitude=None, latitude=None, **same)

    def _permits(self, well: Row, *others: Row) -> None:
        """R07: parts above the whole, lists that disagree, two wells on one permit."""
        permits = self.store.rows_by_uid(self.store.registry["permits"], [well["permit_uid"]])
        (permit,) = permits.values()
        self._correct(
            "permits",
            permit["uid"],
            "按证照更正",
            permitted_volume_m3=round(permit["permitted_volume_m3"] * 0.9, -2),
        )
        self._correct("wells", others[0]["uid"], "按乡镇台账更正", permit_uid=permit["uid"])
        self._correct(
            "wells",
            others[1]["uid"],
            "按乡镇台账更正",
            permitted_volume_m3=others[1]["permitted_volume_m3"] + 1500,
        )
        day = (self.today - timedelta(45)).isoformat()
        acts.perform(
            self.store, "replace", [others[2]["uid"]], {"completed_on": day}, who=WHO, today=self.today
        )

    def _terms(self, permits: Sequence[str]) -> None:
        """R05: one permit in each state; the wells of the one that ran out are R06."""
        late, undecided, lapsed, pending = permits[:4]
        blank = {"applied_on": None, "application_no": None}
        self._ends(late, 31, **blank)
        applied = (self.today - timedelta(120)).isoformat()
        self._ends(undecided, -20, applied_on=applied, decided_on=None)
        self._ends(lapsed, -61, **blank)
        self._ends(pending, 92, **blank)
        day = (self.today - timedelta(6)).isoformat()
        acts.perform(self.store, "apply", [pending], {"applied_on": day}, who=WHO, today=self.today)
        asked = queries.unlicensed(self.store.conn, self.today, [lapsed], ())
        reason = "抗旱应急临时取水，旗防汛抗旱指挥部已备案"
        checking.add_reason(self.store, "R06", asked[-1]["uid"], reason, who=WHO, today=self.today)

    def _ends(self, permit: str, days: int, **cells: Any) -> None:
        day = (self.today + timedelta(days)).isoformat()
        self._correct("permits", permit, "按证照更正", valid_to=day, **cells)

    def _units(self, well: Row) -> None:
        """R19: 万m³ and 万亩 typed where m³ and 亩 belong."""
        planned = round((well["permitted_volume_m3"] or 20000) / 10000, 2)
        self._correct("wells", well["uid"], "录入年计划", planned_volume_m3=planned)
        project = self.store.rows(self.store.registry["projects"], "completed_area_mu > 0")[-1]
        area = round(project["completed_area_mu"] / 10000, 2)
        self._correct("projects", project["uid"], "录入完成面积", completed_area_mu=area)

    def _papers(self, well: Row, other: Row) -> None:
        """REF: a permit and a closure name wells the ledger does not have, a well a permit."""
        registry = self.store.registry
        old = {"permit_uid": None, "permit_stated": "取水（蒙）字〔2009〕第3号"}
        self._correct("wells", other["uid"], "按乡镇台账更正", **old)
        code = well["code"][:-4] + "9901"
        with self.store.act(ActInfo("import", WHO, "导入乡镇报送的封停表", "import")) as act:
            share = {"permit_uid": well["permit_uid"], "point_stated": code, "share_m3": None}
            act.insert(registry["permit_shares"], share)
            closure = {
                "well_stated": code,
                "method": "封存备用",
                "closed_on": (self.today - timedelta(30)).isoformat(),
            }
            act.insert(registry["closures"], closure | {"reason": "水源置换"})
