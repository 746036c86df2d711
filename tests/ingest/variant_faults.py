"""Slips of the pen as they stand in real lists, and what a careful clerk would want to happen."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

Cells = list[Any]


@dataclass
class Expect:
    """What a row becomes; `about` is the field of its doubt, `suggested` what should be proposed."""

    outcome: str
    values: dict[str, Any]
    about: str = ""
    suggested: Any = None
    also: tuple[str, ...] = ()
    why: str = ""


@dataclass(frozen=True)
class Fault:
    """`typed` (record, unit factor) is what stands in the cell of `name`; `suggested` the value proposed."""

    why: str
    name: str
    typed: Callable[[dict[str, Any], str], Any]
    outcome: str = "confirm"
    suggested: Callable[[dict[str, Any]], Any] | None = None
    also: tuple[str, ...] = ()
    needs: Callable[[dict[str, Any]], bool] = field(default=lambda record: True)
    about: str = ""
    others: tuple[str, ...] = ()  # further fields that have to be in the table
    typed_only: bool = False  # a number a spreadsheet keeps as one; in a csv it would be text

    def suits(self, record: dict[str, Any], known: set[str]) -> bool:
        return {self.name, *self.others} <= known and record.get(self.name) is not None and self.needs(record)

    def inject(
        self, record: dict[str, Any], cells: Cells, expect: Expect, columns: Sequence[Any], rng: random.Random
    ) -> list[tuple[Cells, Expect]]:
        at = next(i for i, c in enumerate(columns) if self.name in c.fields)
        if len(columns[at].fields) > 1:
            return []
        typed = self.typed(record, "".join(columns[at].path))
        if typed is SKIP:
            return []
        cells[at] = typed
        expect.outcome, expect.about, expect.also, expect.why = (
            self.outcome,
            self.about or self.name,
            self.also,
            self.why,
        )
        expect.suggested = self.suggested(record) if self.suggested else None
        return []


@dataclass(frozen=True)
class Repeat(Fault):
    """The row stands twice: identical, or with another value in `name`."""

    def inject(
        self, record: dict[str, Any], cells: Cells, expect: Expect, columns: Sequence[Any], rng: random.Random
    ) -> list[tuple[Cells, Expect]]:
        again = list(cells)
        other = Expect(self.outcome, dict(expect.values), self.about, None, self.also, self.why)
        if self.outcome == "refuse":
            at = next(i for i, c in enumerate(columns) if self.name in c.fields)
            again[at] = self.typed(record, "")
            expect.outcome, expect.about, expect.also, expect.why = "refuse", self.about, self.also, self.why
        return [(again, other)]


@dataclass(frozen=True)
class Swapped(Fault):
    def inject(
        self, record: dict[str, Any], cells: Cells, expect: Expect, columns: Sequence[Any], rng: random.Random
    ) -> list[tuple[Cells, Expect]]:
        east, north = (
            next(i for i, c in enumerate(columns) if n in c.fields) for n in ("longitude", "latitude")
        )
        if east == north:
            return []
        cells[east], cells[north] = cells[north], cells[east]
        expect.outcome, expect.about, expect.why = "confirm", "longitude", self.why
        expect.suggested = {"longitude": record["longitude"], "latitude": record["latitude"]}
        return []


SKIP: Final = object()


def _other_unit(symbols: tuple[str, str], name: str) -> Callable[[dict[str, Any], str], Any]:
    """The figure in the unit the column is not in."""

    def typed(record: dict[str, Any], path: str) -> Any:
        value = record[name]
        if "万" in path:
            return value
        return value / 10000 if symbols[1] in path else SKIP

    return typed


def _volume(name: str) -> tuple[Fault, ...]:
    keep = lambda r: r[name]  # noqa: E731
    return (
        Fault(
            "volume in the other unit",
            name,
            _other_unit(("万", ""), name),
            suggested=keep,
            needs=lambda r: r[name] >= 1500,
        ),
    )


def _typo(name: str, old: str, new: str, at: int) -> Fault:
    def typed(record: dict[str, Any], path: str) -> Any:
        value = record[name]
        return value[:at] + value[at:].replace(old, new, 1)

    return Fault(
        f"permit {old}→{new}",
        name,
        typed,
        suggested=lambda r: r[name],
        needs=lambda r: len(r[name]) == 17 and old in r[name][at:] and r[name][7] == "G",
    )


def _dates(name: str, past: bool = True) -> tuple[Fault, ...]:
    found = (
        Fault("no such day", name, lambda r, p: r[name][:4] + "-02-30", "refuse"),
        Fault("no such month", name, lambda r, p: r[name][:4] + "年13月5日", "refuse"),
        Fault(
            "two-digit year",
            name,
            lambda r, p: f"{r[name][2:4]}.{int(r[name][5:7])}.{int(r[name][8:])}",
            suggested=lambda r: r[name],
        ),
        Fault("future", name, lambda r, p: "2062-03-05", "refuse")
        if past
        else Fault("words", name, lambda r, p: "不详", "confirm", also=("accept",)),
    )
    return tuple(
        Fault(f.why, f.name, f.typed, f.outcome, f.suggested, f.also, lambda r: len(r[name]) == 10)
        for f in found
    )


_WELL: Final = (
    Fault(
        "bore in m",
        "casing_diameter_mm",
        lambda r, p: r["casing_diameter_mm"] / 1000 if "cm" not in p else SKIP,
        suggested=lambda r: r["casing_diameter_mm"],
    ),
    Fault(
        "bore in cm",
        "casing_diameter_mm",
        lambda r, p: r["casing_diameter_mm"] / 10 if "cm" not in p else SKIP,
        suggested=lambda r: r["casing_diameter_mm"],
    ),
    Fault(
        "power in W",
        "pump_power_kw",
        lambda r, p: r["pump_power_kw"] * 1000,
        suggested=lambda r: r["pump_power_kw"],
    ),
    *_volume("permitted_volume_m3"),
    Fault(
        "area in the other unit",
        "irrigated_area_mu",
        lambda r, p: r["irrigated_area_mu"] if "万" in p else r["irrigated_area_mu"] / 10000,
        suggested=lambda r: r["irrigated_area_mu"],
    ),
    Swapped("swapped", "longitude", lambda r, p: None, others=("latitude",)),
    Repeat("identical repeat", "code", lambda r, p: None, "skip", about="code"),
    Repeat(
        "conflicting repeat",
        "depth_m",
        lambda r, p: r["depth_m"] + 7,
        "refuse",
        about="code",
        also=("confirm",),
    ),
    _typo("permit_no", "G", "6", 7),
    _typo("permit_no", "0", "O", 8),
    _typo("permit_no", "1", "l", 8),
    Fault("ID lost", "owner_id_no", lambda r, p: float(r["owner_id_no"][:17] + "0"), "refuse"),
    Fault("ID lost as text", "owner_id_no", lambda r, p: "1.50824E+17", "refuse"),
    Fault(
        "ID check",
        "owner_id_no",
        lambda r, p: r["owner_id_no"][:17] + ("2" if r["owner_id_no"][17] != "2" else "3"),
        also=("refuse",),
    ),
    Fault("ID of 17", "owner_id_no", lambda r, p: r["owner_id_no"][:17], also=("refuse",)),
    *_dates("completed_on"),
    Fault("decade", "completed_on", lambda r, p: "八十年代"),
    Fault("decade", "completed_on", lambda r, p: "90年代初"),
    Fault("2012.1", "completed_on", lambda r, p: 2012.1, typed_only=True, suggested=lambda r: "2012-01"),
    Fault("about a year", "completed_on", lambda r, p: "1998年左右", suggested=lambda r: "1998"),
    Fault("short month", "completed_on", lambda r, p: "98年5月", suggested=lambda r: "1998-05"),
    Fault("about", "depth_m", lambda r, p: f"约{r['depth_m']}", suggested=lambda r: r["depth_m"]),
    Fault("about", "depth_m", lambda r, p: f"{r['depth_m']}左右", suggested=lambda r: r["depth_m"]),
    Fault("flowing", "depth_to_water_m", lambda r, p: "自流"),
    Fault(
        "too deep water",
        "depth_to_water_m",
        lambda r, p: r["depth_m"] + 21.5,
        "refuse",
        needs=lambda r: bool(r.get("depth_m")),
        others=("depth_m",),
    ),
    Fault("too deep", "depth_m", lambda r, p: 9120, "refuse"),
    Fault("status", "status", lambda r, p: "已封停"),
    Fault("status", "status", lambda r, p: "关闭"),
    Fault("status", "status", lambda r, p: "已关停"),
    Fault("phone short", "phone", lambda r, p: "1390000012"),
    Fault("no number", "code", lambda r, p: None, "refuse"),
    Fault("point lost", "longitude", lambda r, p: round(r["longitude"] * 10, 5), "refuse", also=("confirm",)),
    Fault("out of China", "latitude", lambda r, p: 68.123456, "refuse", also=("confirm",)),
    Fault("sixty minutes", "latitude", lambda r, p: "41°75′20″", "refuse", also=("confirm",)),
)
_PERMIT: Final = (
    _typo("number", "G", "6", 7),
    _typo("number", "0", "O", 8),
    _typo("number", "0", "O", 1),
    _typo("number", "1", "l", 8),
    _typo("number", "1", "I", 8),
    _typo("number", "5", "S", 1),
    *_volume("permitted_volume_m3"),
    *_volume("permitted_volume_m3"),
    *_dates("valid_to", past=False)[:2],
    Fault(
        "reversed",
        "valid_to",
        lambda r, p: f"{int(r['valid_from'][:4]) - 1}-01-05",
        "refuse",
        needs=lambda r: bool(r.get("valid_from")),
        others=("valid_from",),
    ),
    Fault(
        "credit check",
        "uscc",
        lambda r, p: r["uscc"][:17] + ("7" if r["uscc"][17] != "7" else "8"),
        also=("refuse",),
    ),
    Fault(
        "credit letter",
        "uscc",
        lambda r, p: r["uscc"].replace("0", "O", 1),
        suggested=lambda r: r["uscc"],
        needs=lambda r: "0" in r["uscc"],
    ),
    Fault(
        "source",
        "source",
        lambda r, p: "地表水",
        suggested=lambda r: "地下水",
        needs=lambda r: r["number"][7:8] == "G" and len(r["number"]) == 17,
    ),
    Fault(
        "valid?",
        "status",
        lambda r, p: "有效",
        suggested=lambda r: "已到期未延续",
        needs=lambda r: (
            bool(r.get("valid_to")) and r["valid_to"] < "2025-09-30" and r["status"] == "已到期未延续"
        ),
        others=("valid_to",),
    ),
    Fault("unknown well", "well_codes", lambda r, p: "150824100205J0888"),
    Repeat(
        "conflicting repeat",
        "holder",
        lambda r, p: "另一家合作社",
        "refuse",
        about="number",
        also=("confirm",),
    ),
    Repeat("identical repeat", "number", lambda r, p: None, "skip", about="number"),
    Fault("no number", "number", lambda r, p: None, "refuse"),
)
_CLOSURE: Final = (
    *_volume("reduced_volume_m3"),
    *_dates("closed_on"),
    Fault(
        "accepted first",
        "accepted_on",
        lambda r, p: f"{int(r['closed_on'][:4]) - 1}-01-05",
        "refuse",
        needs=lambda r: bool(r.get("closed_on")),
    ),
    Fault("unknown well", "well_code", lambda r, p: "150824100202J0777", also=("refuse",)),
    Fault("method", "method", lambda r, p: "封闭"),
    Fault("method", "method", lambda r, p: "关停"),
    Repeat("identical repeat", "well_code", lambda r, p: None, "skip", about="well_code"),
    Fault("no number", "well_code", lambda r, p: None, "refuse"),
    Fault("month only", "closed_on", lambda r, p: r["closed_on"][:4] + "年", "refuse", also=("confirm",)),
)
_PROJECT: Final = (
    Fault(
        "area in the other unit",
        "planned_area_mu",
        _other_unit(("万", "亩"), "planned_area_mu"),
        suggested=lambda r: r["planned_area_mu"],
    ),
    Fault(
        "area in the other unit",
        "completed_area_mu",
        _other_unit(("万", "亩"), "completed_area_mu"),
        suggested=lambda r: r["completed_area_mu"],
        needs=lambda r: r["completed_area_mu"] > 0,
    ),
    Fault(
        "money in the other unit",
        "investment_yuan",
        _other_unit(("万", "元"), "investment_yuan"),
        suggested=lambda r: r["investment_yuan"],
    ),
    *_volume("saving_capacity_m3"),
    Fault(
        "reversed",
        "completed_on",
        lambda r, p: f"{int(r['started_on'][:4]) - 1}-01-05",
        "refuse",
        needs=lambda r: bool(r.get("started_on")),
        others=("started_on",),
    ),
    Fault("no name", "name", lambda r, p: None, "refuse"),
    *_dates("started_on"),
    Repeat(
        "conflicting repeat", "planned_area_mu", lambda r, p: 1, "refuse", about="name", also=("confirm",)
    ),
)
FAULTS: Final = {"wells": _WELL, "permits": _PERMIT, "closures": _CLOSURE, "projects": _PROJECT}
