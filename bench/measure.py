"""Timing, and the workbook the measurements are made on."""

from __future__ import annotations

import gc
import random
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from ledger_app.export.ledger import ExportColumn, write_ledger

TODAY: Final = date(2025, 9, 30)
TOWNS: Final = 20
VILLAGES: Final = 400
COLUMNS: Final = (
    ExportColumn("n", "序号", "number", "", 0),
    ExportColumn("town", "乡镇"),
    ExportColumn("village", "嘎查村"),
    ExportColumn("code", "机井编号", "code"),
    ExportColumn("former_code", "原编号", "code"),
    ExportColumn("longitude", "经度", "coordinate"),
    ExportColumn("latitude", "纬度", "coordinate"),
    ExportColumn("completed_on", "成井时间", "date"),
    ExportColumn("depth_m", "井深", "number", "m"),
    ExportColumn("casing", "井口井管内径", "number", "mm"),
    ExportColumn("water", "静水位埋深", "number", "m"),
    ExportColumn("yield", "出水量", "number", "m³/h"),
    ExportColumn("pump", "水泵型号"),
    ExportColumn("power", "水泵功率", "number", "kW"),
    ExportColumn("use", "主要用途", "choice"),
    ExportColumn("area", "控制灌溉面积", "number", "亩"),
    ExportColumn("aquifer", "取水层位", "choice"),
    ExportColumn("metering", "计量方式", "choice"),
    ExportColumn("meter", "水表编号", "code"),
    ExportColumn("power_meter", "电表编号", "code"),
    ExportColumn("volume", "许可水量", "number", "万m³"),
    ExportColumn("status", "使用状态", "choice"),
    ExportColumn("owner", "产权人"),
    ExportColumn("phone", "联系电话", "code"),
)
_SURNAMES: Final = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张"
_GIVEN: Final = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英"
_PLACES: Final = "东西南北中前后上下新老大小红光明胜利丰收幸福团结和平民主永"


@dataclass(frozen=True, slots=True)
class Result:
    """One line of the table. `ratio` is ours to the base, or the figure itself where there is no base."""

    job: str
    ours: str
    base: str
    ratio: float | None
    bar: str
    held: bool | None


def ratio_result(
    job: str, ours_s: Sequence[float], base_s: Sequence[float], bar: float | None, base: str
) -> Result:
    """Ours and the base were measured by turns: the ratio is the median of the pairs' ratios."""
    ratio = statistics.median(o / b for o, b in zip(ours_s, base_s, strict=True))
    ours, name = f"{statistics.median(ours_s):.2f} s", f"{base} {statistics.median(base_s):.2f} s"
    if bar is None:
        return Result(job, ours, name, ratio, "", None)
    return Result(job, ours, name, ratio, f"≤ {bar:g} ×", ratio <= bar)


def bound_result(job: str, value: float, unit: str, bar: float, base: str = "") -> Result:
    return Result(job, f"{value:.1f} {unit}", base, None, f"≤ {bar:g} {unit}", value <= bar)


def timed(job: Callable[[], Any]) -> float:
    """Seconds; garbage left by others is not charged to the job."""
    gc.collect()
    start = time.perf_counter()
    job()
    return time.perf_counter() - start


def by_turns(times: int, ours: Callable[[], Any], base: Callable[[], Any]) -> tuple[list[float], list[float]]:
    """The seconds of ours and of the base, run in turn so many times: a busy moment hits both."""
    taken = [(timed(ours), timed(base)) for _ in range(times)]
    return [o for o, _ in taken], [b for _, b in taken]


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def well_rows(count: int, first: int = 0) -> Iterator[list[Any]]:
    """The rows of a county's well register, in the units of COLUMNS; `first`: the number of the first well."""
    rng = random.Random(first + 1)
    villages = [f"{a}{b}村" for a in _PLACES for b in _PLACES][:VILLAGES]
    for i in range(first, first + count):
        town, village = (i - first) * TOWNS // count, (i - first) * VILLAGES // count
        code = f"150824{100 + town:03d}{200 + village % 20:03d}J{i:06d}"
        name = rng.choice(_SURNAMES) + rng.choice(_GIVEN) + rng.choice(_GIVEN)
        yield [
            i + 1,
            f"{_PLACES[town]}河镇",
            villages[village],
            code,
            f"JJ{i:06d}",
            round(108 + rng.random(), 6),
            round(41 + rng.random(), 6),
            f"{1990 + i % 30}-{1 + i % 12:02d}-{1 + i % 28:02d}",
            60 + i % 100,
            (200, 219, 250, 273, 300, 325)[i % 6],
            round(10 + rng.random() * 40, 1),
            (20, 25, 32, 40, 50)[i % 5],
            f"200QJ{20 + i % 5 * 10}-{40 + i % 9 * 7}",
            (11, 15, 18.5, 22, 37)[i % 5],
            ("农业灌溉", "工业", "乡村生活")[i % 3],
            (100, 120, 150, 200)[i % 4],
            ("浅层", "深层承压")[i % 2],
            ("机械水表", "远传水表", "IC卡")[i % 3],
            f"SB{i:08d}",
            f"15{i:08d}",
            (3.9, 7.8, 2.6, 5.2)[i % 4],
            "在用",
            name,
            f"139{i:08d}",
        ]


def workbook(folder: Path, count: int, first: int = 0) -> Path:
    """A formatted workbook of so many wells × 24 columns, made once a folder."""
    path = folder / f"wells-{first}-{count}.xlsx"
    if not path.exists():
        write_ledger(path, "示例旗机电井台账", "单位：米、亩、万m³", COLUMNS, well_rows(count, first))
    return path
