"""要办的事: findings and dues, each a sentence that opens its records, the most urgent first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final

from ledger_app.core.entity import Registry
from ledger_app.core.rules import saying
from ledger_app.core.rules.findings import RULES, Finding
from ledger_app.core.rules.permits import DUE, LAPSED, LATE, UNDECIDED, RenewalRule, Standing, standing
from ledger_app.db import Connection
from ledger_app.db.queries import desk as queries
from ledger_app.db.queries import findings as found_queries
from ledger_app.db.queries.parameters import parameters
from ledger_app.services import checking

_ALONE: Final = 3  # so many of a kind have a line of their own, more share one
# Permit states in order of urgency, with what is said of several.
_STATES: Final = (
    (LATE, "已过申请期限还没有申请延续"),
    (UNDECIDED, "到期前已申请，至今没有决定"),
    (LAPSED, "已到期未延续"),
    (DUE, "该申请延续了"),
)
# What is said of several findings of one rule, in order of urgency.
_RULES: Final = MappingProxyType(
    {
        "R04": "{n} 眼井封停以后，状态、计划或许可还没有改过来",
        "R06": "{n} 眼（处）在用而没有有效的取水许可",
        "R08": "{n} 处停用已满年限，该注销或核减",
        "R07": "{n} 处许可与井对不上",
        "R18": "{n} 眼（处）可能重复登记",
        "R19": "{n} 处水量或面积的单位可能写错",
        "R01": "{n} 眼井已不算现有，却没有封停日期",
        "REF": "{n} 处写着台账里没有的井或许可证",
    }
)


@dataclass(frozen=True, slots=True)
class Todo:
    """One thing to do. `when` is the day it was or is due, where it has one; `kind` a word to group by."""

    kind: str
    text: str
    when: date | None
    ledger: str
    uids: tuple[str, ...]


def things_to_do(
    conn: Connection, registry: Registry, today: date, found: Sequence[Finding] | None = None
) -> list[Todo]:
    """Everything that asks for an act, the most urgent first. `found`: the findings, if at hand; those
    with a reason are settled and do not appear."""
    findings = checking.findings(conn, registry, today) if found is None else found
    open_ones = [f for f in findings if not f.reason]
    return [
        *_renewals(conn, today, open_ones),
        *_of_rules(open_ones, ("R04",)),
        *_acceptances(conn, today),
        *_to_seal(conn),
        *_of_rules(open_ones, [rule for rule in _RULES if rule != "R04"]),
    ]


def _renewals(conn: Connection, today: date, findings: Sequence[Finding]) -> Iterator[Todo]:
    texts = {f.uid: f.text for f in findings if f.rule == "R05"}
    rule = RenewalRule.of(parameters(conn, today))
    held = [(row, standing(row, today, rule)) for row in found_queries.permits(conn) if row["uid"] in texts]
    for state, said in _STATES:
        of_state = sorted(
            ((r, s) for r, s in held if s.state == state), key=lambda x: (_due(x[1]), x[0]["number"])
        )
        if len(of_state) <= _ALONE:
            for row, stands in of_state:
                yield Todo("许可延续", texts[row["uid"]], _due(stands), "permits", (row["uid"],))
        else:
            first, stands = of_state[0]
            text = f"{len(of_state)} 本许可证{said}，最早的是 {first['number']}（{_due(stands)}）。"
            yield Todo("许可延续", text, _due(stands), "permits", tuple(r["uid"] for r, _ in of_state))


def _due(stands: Standing) -> date:
    """The last day to apply while that still matters, else the expiry."""
    day = stands.last_application_day if stands.state in (LATE, DUE) else stands.valid_to
    return day or date.max


def _acceptances(conn: Connection, today: date) -> Iterator[Todo]:
    waiting = queries.awaiting_acceptance(conn, today)
    if waiting:
        first = waiting[0]
        days = (today - date.fromisoformat(first["closed_on"])).days
        names = saying.several([row["code"] for row in waiting], "眼")
        text = f"{names} 封停后还没有验收，最早的已 {days} 天。"
        uids = tuple(row["uid"] for row in waiting)
        yield Todo("封停验收", text, date.fromisoformat(first["closed_on"]), "closures", uids)


def _to_seal(conn: Connection) -> Iterator[Todo]:
    waiting = queries.to_be_sealed(conn)
    if waiting:
        text = f"{saying.several([row['code'] for row in waiting], '眼')} 待封填。"
        yield Todo("待封填", text, None, "wells", tuple(row["uid"] for row in waiting))


def _of_rules(findings: Sequence[Finding], rules: Sequence[str]) -> Iterator[Todo]:
    labels = dict(RULES)
    for rule in rules:
        for ledger in dict.fromkeys(f.ledger for f in findings if f.rule == rule):
            found = [f for f in findings if f.rule == rule and f.ledger == ledger]
            if len(found) <= _ALONE:
                yield from (Todo(labels[rule], f.text, None, ledger, (f.uid,)) for f in found)
            else:
                text = f"{_RULES[rule].format(n=len(found))}，例如：{found[0].text}"
                yield Todo(labels[rule], text, None, ledger, tuple(f.uid for f in found))
