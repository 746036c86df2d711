"""A finding: one sentence on what looks wrong with one record. It stays listed when a reason was given."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

Severity = Literal["error", "warning"]
Row = Mapping[str, Any]

# Rules of domain §12, and REF for what a paper names and the ledger does not have.
RULES: Final = (
    ("R01", "现有井数对得上"),
    ("R04", "封停后的井"),
    ("R05", "许可到期"),
    ("R06", "疑似无证取水"),
    ("R07", "许可与井对不上"),
    ("R08", "长期停用"),
    ("R18", "可能重复登记"),
    ("R19", "单位可能写错"),
    ("REF", "台账里没有"),
)


@dataclass(frozen=True, slots=True)
class Finding:
    """What looks wrong with the record `uid` of `ledger`. `reason` is what the clerk has said to it."""

    rule: str
    severity: Severity
    text: str
    ledger: str
    uid: str
    reason: str = ""


def joined(findings: Iterable[Finding]) -> list[Finding]:
    """One finding a rule and record: several sentences on the same record become one, in order."""
    kept: dict[tuple[str, str], Finding] = {}
    for found in findings:
        key = (found.rule, found.uid)
        if (earlier := kept.get(key)) is None:
            kept[key] = found
            continue
        severity: Severity = "error" if "error" in (earlier.severity, found.severity) else "warning"
        kept[key] = replace(earlier, severity=severity, text=earlier.text + found.text)
    return list(kept.values())


def explained(findings: Iterable[Finding], reasons: Mapping[tuple[str, str], str]) -> list[Finding]:
    """The findings with the reasons (by rule and uid) that were given to them."""
    return [replace(f, reason=reasons.get((f.rule, f.uid), "")) for f in findings]
