"""What an act does, in words: to each record, and in one sentence to the lists it reaches (domain §3)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final

from ledger_app.core.rules import saying
from ledger_app.core.terms import (
    CLOSURE_EFFECTS,
    HANDED_OVER,
    IN_USE,
    MONITORING,
    RESERVED,
    SEALED,
    SEALED_STATE,
    STOPPED,
    TO_SEAL,
    UNKNOWN_STATE,
)
from ledger_app.core.units import to_decimal
from ledger_app.db.operations import renewing, shares
from ledger_app.db.operations.batch import Batch, Facts
from ledger_app.db.store import Row, Store

_OWN_WELL: Final = "自备井"
Outcome = Callable[[Row, Facts], str]
Effect = Callable[[Store, Batch], str]


def outcome(name: str, row: Row, facts: Facts) -> str:
    """What becomes of one record."""
    return _OUTCOMES[name](row, facts)


def effect(name: str, store: Store, batch: Batch) -> str:
    """What the act does to the lists; empty where nothing is left to be done."""
    return _EFFECTS[name](store, batch) if len(batch) else ""


# ---- wells ---------------------------------------------------------------------------------------


def _becomes(status: str) -> Outcome:
    return lambda row, _: f"{row['status'] or UNKNOWN_STATE} → {status}"


def _closed(row: Row, facts: Facts) -> str:
    status = CLOSURE_EFFECTS[facts["method"]].status
    if status is None:
        return f"移交 {facts.get('receiver') or '接收单位'}"
    if status == row["status"]:
        return f"仍是“{status}”，补记{facts['method']}"
    return f"{row['status'] or UNKNOWN_STATE} → {status}"


def _replaced(row: Row, facts: Facts) -> str:
    if row["status"] == SEALED_STATE:
        return "旧井早已封填，登记新井"
    return (
        f"{row['status'] or UNKNOWN_STATE} → {SEALED_STATE if facts.get('closed_on') else TO_SEAL}，登记新井"
    )


def _after_stop(_store: Store, batch: Batch) -> str:
    return f"{_in_use(batch, -1)}，现有机电井不变；许可和分配不变，停用满年限后会提醒核减或注销。"


def _after_resume(_store: Store, batch: Batch) -> str:
    return f"在用 +{len(batch)}，现有机电井不变。"


def _after_reopen(_store: Store, batch: Batch) -> str:
    return f"在用 +{len(batch)}，封存备用 −{len(batch)}，现有机电井不变。"


def _after_close(_store: Store, batch: Batch) -> str:
    parts: list[str] = []
    for method in dict.fromkeys(batch.facts[uid]["method"] for uid in batch.uids):
        of_kind = [(row, facts) for _, row, facts in batch if facts["method"] == method]
        parts += _closed_so(method, of_kind)
    return "，".join(parts) + "。" + ("封填后不能恢复。" if SEALED in batch.said("method").values() else "")


def _closed_so(method: str, wells: list[tuple[Row, Facts]]) -> list[str]:
    n, effects = len(wells), CLOSURE_EFFECTS[method]
    if method == HANDED_OVER:
        own = sum(row["well_class"] == _OWN_WELL for row, _ in wells)
        private = [f"自备井 −{own}"] if own else []
        return ["现有、在用都不变，移交不计入关停", *private, "用水户和许可从这一天起转给接收单位"]
    used = sum(row["status"] == IN_USE for row, _ in wells)
    parts = [f"现有机电井 −{n}" if effects.leaves_stock else "现有机电井不变"]
    parts += [f"在用 −{used}"] if used else []
    parts += {RESERVED: [f"封存备用 +{n}"], MONITORING: [f"监测井 +{n}"]}.get(method, [])
    if effects.ends_share and (licensed := [row for row, _ in wells if row["permit_uid"]]):
        total = _volume(row["permitted_volume_m3"] for row in licensed)
        parts.append(f"{len(licensed)} 眼的许可分配（共 {total}）从这一天起终止")
    reduced = [facts.get("reduced_volume_m3", row["permitted_volume_m3"]) for row, facts in wells]
    if effects.counts:
        parts.append(f"计入关停 {n} 眼，压减水量 {_volume(reduced)}")
    return parts


def _after_replace(_store: Store, batch: Batch) -> str:
    sealed = sum(1 for _, row, facts in batch if facts.get("closed_on") and row["status"] != SEALED_STATE)
    waiting = sum(
        1 for _, row, facts in batch if not facts.get("closed_on") and row["status"] != SEALED_STATE
    )
    parts = [f"登记新井 {len(batch)} 眼，计在“更新”里，不计入新增"]
    parts += [f"旧井封填 {sealed} 眼"] if sealed else []
    parts += [f"旧井待封 {waiting} 眼"] if waiting else []
    return "；".join([*parts, "旧井的许可分配转给新井"]) + "。"


def _in_use(batch: Batch, sign: int) -> str:
    used = sum(row["status"] == IN_USE for _, row, _ in batch)
    return f"在用 {'−' if sign < 0 else '+'}{used}"


# ---- closures, projects --------------------------------------------------------------------------


def _after_accept(_store: Store, batch: Batch) -> str:
    total = _volume(row["reduced_volume_m3"] for _, row, _ in batch)
    return f"{len(batch)} 眼记为验收合格，压减水量共 {total}；按验收合格日统计的报表从这一天起计入。"


def _after_milestone(_store: Store, batch: Batch) -> str:
    kind = next((facts["kind"] for _, _, facts in batch), "")
    return f"{len(batch)} 个项目记上“{kind}”，项目自己的日期跟着改。"


def _after_project(_store: Store, batch: Batch) -> str:
    done = _sum(facts.get("completed_area_mu", row["completed_area_mu"]) for _, row, facts in batch) / 10000
    saving = _volume(facts.get("saving_capacity_m3", row["saving_capacity_m3"]) for _, row, facts in batch)
    return f"{len(batch)} 个项目验收：完成面积共 {done.normalize():f} 万亩，年节水能力共 {saving}。"


# ---- permits -------------------------------------------------------------------------------------


def _renewed(row: Row, facts: Facts) -> str:
    """The new end and volume; the new beginning too, where it is not the day after the old end."""
    terms = renewing.renewed_terms(row, facts)
    starts = f"{terms['valid_from']} " if facts.get("valid_from") else ""
    return f"{starts}至 {terms['valid_to']}，{saying.volume(terms['permitted_volume_m3'])}"


def _changed(row: Row, facts: Facts) -> str:
    old, new = row["permitted_volume_m3"], facts.get("permitted_volume_m3")
    if new is None or new == old:
        return "变更"
    return f"{saying.volume(old)} → {saying.volume(new)}"


def _after_renew(_store: Store, batch: Batch) -> str:
    old = _sum(row["permitted_volume_m3"] for _, row, _ in batch)
    new = _sum(renewing.renewed_terms(row, facts)["permitted_volume_m3"] for _, row, facts in batch)
    said = f"{len(batch)} 本证接着原来的期限延续，原来的内容留在历次内容里；"
    if new == old:
        return f"{said}许可水量不变，共 {_volume([old])}。"
    cut = "；各井分配超过新水量的按比例核减" if new < old else ""
    return f"{said}许可水量共 {_volume([old])} → {_volume([new])}{cut}。"


def _after_change(_store: Store, batch: Batch) -> str:
    return f"{len(batch)} 本证变更，原来的内容留在历次内容里；水量减少的，各井分配按比例核减。"


def _after_transfer(store: Store, batch: Batch) -> str:
    wells = _points_under(store, batch)
    heir = next((facts.get("receiver") or facts.get("holder") for _, _, facts in batch), "") or "新的取水权人"
    along = f"，证下 {wells} 眼（处）取水口里原户用的一并转过去" if wells else ""
    return f"{len(batch)} 本证过户给{heir}{along}；原来的取水权人留在历次内容里。"


def _after_apply(_store: Store, batch: Batch) -> str:
    return f"{len(batch)} 本证记为“已申请，待决定”，在作出决定前不再提醒申请。"


def _after_cancel(store: Store, batch: Batch) -> str:
    wells = _points_under(store, batch)
    ends = f"，证下 {wells} 眼（处）取水口的分配从这一天起终止，它们成为无证" if wells else ""
    return f"有效取水许可 −{len(batch)}{ends}；井本身不动。"


def _points_under(store: Store, batch: Batch) -> int:
    return sum(len(points) for points in shares.under(store, batch.uids).values())


def _sum(volumes: Iterable[Any]) -> Decimal:
    return sum((to_decimal(v) for v in volumes if v is not None), Decimal(0))


def _volume(volumes: Iterable[Any]) -> str:
    return saying.volume(float(_sum(volumes)))


_OUTCOMES: Final[Mapping[str, Outcome]] = MappingProxyType(
    {
        "stop": _becomes(STOPPED),
        "resume": _becomes(IN_USE),
        "close": _closed,
        "accept_closure": lambda row, _: f"{row['closed_on']} {row['method']} → 验收合格",
        "reopen": _becomes(IN_USE),
        "replace": _replaced,
        "renew": _renewed,
        "change": _changed,
        "transfer": lambda _, facts: f"→ {facts.get('holder') or '新的取水权人'}",
        "apply": lambda _, facts: f"{facts['applied_on']} 已申请",
        "cancel": lambda _, facts: f"→ {facts['status']}",
        "milestone": lambda _, facts: f"{facts['reached_on']} {facts['kind']}",
        "accept_project": lambda _, facts: f"{facts['accepted_on']} 竣工验收",
    }
)
_EFFECTS: Final[Mapping[str, Effect]] = MappingProxyType(
    {
        "stop": _after_stop,
        "resume": _after_resume,
        "close": _after_close,
        "accept_closure": _after_accept,
        "reopen": _after_reopen,
        "replace": _after_replace,
        "renew": _after_renew,
        "change": _after_change,
        "transfer": _after_transfer,
        "apply": _after_apply,
        "cancel": _after_cancel,
        "milestone": _after_milestone,
        "accept_project": _after_project,
    }
)
