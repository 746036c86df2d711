"""R19: figures a factor of thousands away from what stands beside them: 万m³ typed as m³, 亩 as 万亩."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from ledger_app.core.rules import saying
from ledger_app.core.rules.findings import Finding, Row

FACTOR: Final = 1000  # ratios from here on point to a unit, not to a quantity (domain §9)
HOURS: Final = 8760
# m³ a 亩 and year beyond which ten thousand times less, or more, would be ordinary (20–600).
MOST_A_MU_M3, LEAST_A_MU_M3 = 20_000, 0.06


def far(one: float | None, other: float | None) -> bool:
    """Whether two filled figures differ by a factor of thousands."""
    if not one or not other:
        return False
    return one >= other * FACTOR or other >= one * FACTOR


def wells(rows: Iterable[Row]) -> Iterator[Finding]:
    """R19, of points: `permitted_volume_m3` against plan, pump and area of the point itself, and against
    `usual_m3`, the middle one of the same use."""
    for row in rows:
        if text := _well(row):
            said = f"{row['label']} {row['code']} 分配许可水量 {saying.volume(row['permitted_volume_m3'])}，"
            yield Finding("R19", "warning", f"{said}{text}，单位可能错了。", row["ledger"], row["uid"])


def _well(row: Row) -> str | None:
    volume = row["permitted_volume_m3"]
    if far(volume, row["planned_volume_m3"]):
        return f"年计划是 {saying.volume(row['planned_volume_m3'])}"
    if row["yield_m3_h"] and volume > row["yield_m3_h"] * HOURS:
        return f"出水量 {row['yield_m3_h']:g} m³/h 全年不停也抽不出这么多"
    if row["irrigated_area_mu"]:
        a_mu = volume / row["irrigated_area_mu"]
        if a_mu > MOST_A_MU_M3 or a_mu < LEAST_A_MU_M3:
            return f"灌溉 {row['irrigated_area_mu']:g} 亩，合每亩 {a_mu:.4g} m³"
    if far(volume, row["usual_m3"]):
        return f"同样用途的井一般在 {saying.volume(row['usual_m3'])} 上下"
    return None


def permits(rows: Iterable[Row]) -> Iterator[Finding]:
    """R19, of permits: the volume against what its points were given, and against the terms before."""
    for row in rows:
        said = f"许可证 {row['number']} 年许可水量 {saying.volume(row['permitted_volume_m3'])}，"
        if far(row["permitted_volume_m3"], row["given_m3"]):
            text = f"各井分配合计 {saying.volume(row['given_m3'])}"
        elif far(row["permitted_volume_m3"], row["former_m3"]):
            text = f"上一期是 {saying.volume(row['former_m3'])}"
        else:
            continue
        yield Finding("R19", "warning", f"{said}{text}，单位可能错了。", "permits", row["uid"])


def closures(rows: Iterable[Row]) -> Iterator[Finding]:
    """R19, of closures: the saving against what the well was given (`given_m3`)."""
    for row in rows:
        if far(row["reduced_volume_m3"], row["given_m3"]):
            reduced, given = saying.volume(row["reduced_volume_m3"]), saying.volume(row["given_m3"])
            text = f"井 {row['code']} 压减水量 {reduced}，这眼井的许可水量是 {given}，单位可能错了。"
            yield Finding("R19", "warning", text, "closures", row["uid"])


def projects(rows: Iterable[Row]) -> Iterator[Finding]:
    """R19, of projects: done against planned area, water saved a 亩."""
    for row in rows:
        planned, done = row["planned_area_mu"], row["completed_area_mu"]
        said = f"项目“{row['name']}”计划面积 {planned:g} 亩，"
        if far(planned, done):
            text = f"{said}完成面积 {done:g} 亩，单位可能错了。"
        elif row["saving_capacity_m3"] and not (
            LEAST_A_MU_M3 <= row["saving_capacity_m3"] / planned <= MOST_A_MU_M3
        ):
            a_mu = row["saving_capacity_m3"] / planned
            text = f"{said}年节水能力合每亩 {a_mu:.4g} m³，单位可能错了。"
        else:
            continue
        yield Finding("R19", "warning", text, "projects", row["uid"])
