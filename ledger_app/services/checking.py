"""What is wrong with the wells, permits, closures and projects of a ledger, and what was said to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Final

from ledger_app.core.entity import Registry
from ledger_app.core.errors import LedgerError
from ledger_app.core.parameters import Parameters
from ledger_app.core.rules import closures, licences, likeness, magnitudes, references
from ledger_app.core.rules.findings import RULES, Finding, explained, joined
from ledger_app.core.rules.permits import RenewalRule, Standing, standing
from ledger_app.db import Connection
from ledger_app.db.queries import doubtful
from ledger_app.db.queries import findings as queries
from ledger_app.db.queries.parameters import parameters
from ledger_app.db.store import ActInfo, Store

_ORDER: Final = tuple(rule for rule, _ in RULES)


def findings(conn: Connection, registry: Registry, today: date) -> list[Finding]:
    """Every finding on that day in the ledgers of the registry, by rule and then by number; those with a
    reason stay listed."""
    rules = parameters(conn, today)
    found = [f for f in joined(_found(conn, today, rules)) if f.ledger in registry]
    found.sort(key=lambda f: _ORDER.index(f.rule))
    return explained(found, doubtful.reasons(conn))


def add_reason(
    store: Store,
    rule: str,
    uid: str,
    reason: str,
    *,
    who: str,
    today: date,
    document: str | None = None,
) -> str:
    """Say why a finding is all right (已说明); returns the act. It stays listed with the reason."""
    if not reason.strip():
        raise LedgerError("请填写说明。", "no_reason")
    row = {"rule": rule, "record_uid": uid, "reason": reason.strip(), "document": document}
    with store.act(ActInfo("explain", who, f"说明 {rule}：{reason.strip()}", "dialog")) as act:
        act.insert(store.registry["finding_reasons"], row | {"noted_on": today.isoformat()})
    return act.uid


def as_json(found: list[Finding]) -> dict[str, Any]:
    """The document of `check --json`; a finding that was explained has its `reason` too."""
    return {"findings": [_one(f) for f in found]}


def _one(found: Finding) -> dict[str, str]:
    said = {"rule": found.rule, "severity": found.severity, "text": found.text, "ledger": found.ledger}
    return said | {"_id": found.uid} | ({"reason": found.reason} if found.reason else {})


def standings(conn: Connection, today: date, rules: Parameters) -> dict[str, Standing]:
    """Permit uid → how it stands on that day."""
    rule = RenewalRule.of(rules)
    return {row["uid"]: standing(row, today, rule) for row in queries.permits(conn)}


def _found(conn: Connection, today: date, rules: Parameters) -> Iterator[Finding]:
    yield from closures.undated(queries.gone_without_day(conn))
    yield from closures.still_standing(queries.latest_closures(conn))
    yield from closures.still_claiming(queries.claims_of_sealed(conn, today))
    counts = queries.permit_counts(conn, today)
    yield from _licences(conn, today, rules, counts)
    yield from likeness.same(doubtful.same_coordinates(conn), "坐标")
    yield from likeness.same(doubtful.same_electricity_meter(conn), "电表编号")
    yield from likeness.same(doubtful.same_permit_and_place(conn), "许可证和位置")
    yield from magnitudes.wells(doubtful.far_wells(conn))
    former = doubtful.former_volumes(conn)
    yield from magnitudes.permits(row | {"former_m3": former.get(row["uid"])} for row in counts)
    yield from magnitudes.closures(doubtful.far_closures(conn))
    yield from magnitudes.projects(doubtful.far_projects(conn))
    yield from references.unknown(doubtful.unknown_references(conn))


def _licences(
    conn: Connection, today: date, rules: Parameters, counts: Sequence[queries.Row]
) -> Iterator[Finding]:
    rule = RenewalRule.of(rules)
    permits = [(row, standing(row, today, rule)) for row in queries.permits(conn)]
    by_uid = {row["uid"]: stands for row, stands in permits}
    yield from licences.renewals(permits, today)
    ended = [uid for uid, stands in by_uid.items() if not stands.in_force]
    exempt = rules.words("permit_exempt_uses")
    yield from licences.unlicensed(queries.unlicensed(conn, today, ended, exempt), by_uid)
    yield from licences.miscounted(row for row in counts if by_uid[row["uid"]].in_force)
    yield from licences.two_wells(queries.replaced_but_standing(conn, today))
    yield from licences.disagreeing(queries.disagreeing(conn, today))
    yield from licences.unequal(queries.unequal(conn, today))
    standing_points = {row["uid"]: row["linked"] for row in counts}
    stopped = (
        row | {"standing": standing_points[row["permit_uid"]]}
        for row in queries.stopped(conn, today)
        if by_uid[row["permit_uid"]].in_force
    )
    years, law = rules.integer("idle_years"), rules.document("idle_years")
    yield from licences.idle(stopped, today, years, law)
