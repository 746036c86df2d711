"""R01 and R04: what the closures say of a well and what the register says must be the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from ledger_app.core.rules import saying
from ledger_app.core.rules.findings import Finding, Row
from ledger_app.core.terms import (
    DISCONNECTED,
    IN_USE,
    MONITORING,
    MONITORING_STATE,
    RESERVED,
    SEALED,
    SEALED_STATE,
    TO_SEAL,
)

WELLS: Final = "wells"
_AFTER_MONITORING: Final = frozenset({MONITORING_STATE, TO_SEAL, SEALED_STATE})


def still_standing(latest: Iterable[Row]) -> Iterator[Finding]:
    """R04, from the latest closure of each well that was not taken back: `uid`, `code` and `status` of the
    well, `method` and `closed_on` of the closure."""
    for row in latest:
        if text := _contradiction(row):
            hard = row["method"] in (SEALED, MONITORING)
            yield Finding("R04", "error" if hard else "warning", text, WELLS, row["uid"])


def _contradiction(row: Row) -> str | None:
    method, status = row["method"], row["status"]
    said = f"{saying.well(row)} 已于 {row['closed_on']} "
    now = f"“{status}”" if status else "没填状态"
    if method == SEALED and status != SEALED_STATE:
        return f"{said}封填，台账里仍是{now}。"
    if method == MONITORING and status not in _AFTER_MONITORING:
        return f"{said}改为监测井，台账里仍是{now}。"
    if method in (RESERVED, DISCONNECTED) and status == IN_USE:
        return f"{said}{method}，台账里却是“在用”，也没有启用记录。"
    return None


def still_claiming(rows: Iterable[Row]) -> Iterator[Finding]:
    """R04, of sealed wells: `planned_volume_m3` a plan that goes on, `number` a permit that still counts
    the well, `share_m3` what it gives it."""
    for row in rows:
        claims = []
        if row["planned_volume_m3"]:
            claims.append(f"年计划里还有它的 {saying.volume(row['planned_volume_m3'])}")
        if row["number"]:
            given = f"（分配 {saying.volume(row['share_m3'])}）" if row["share_m3"] else ""
            claims.append(f"许可证 {row['number']} 里还列着它{given}，应当核减")
        when = f"已于 {row['closed_on']} 封填" if row["closed_on"] else "已封填"
        text = f"{saying.well(row)} {when}，{'，'.join(claims)}。"
        yield Finding("R04", "error" if row["planned_volume_m3"] else "warning", text, WELLS, row["uid"])


def undated(rows: Iterable[Row]) -> Iterator[Finding]:
    """R01, of wells that left the stock without a day: `listed` says whether a closure names them."""
    for row in rows:
        lacking = "的记录没有完成日期" if row["listed"] else "没有它的记录"
        text = f"{saying.well(row)} 是“{row['status']}”，封停处置里{lacking}，不知道从哪一天起不算现有。"
        yield Finding("R01", "warning", text, WELLS, row["uid"])
