"""R18: records that are likely one well entered twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ledger_app.core.rules import saying
from ledger_app.core.rules.findings import Finding, Row


def same(groups: Iterable[Sequence[Row]], what: str) -> Iterator[Finding]:
    """One finding for every record after the first of its group, naming the others.

    Rows: uid, code, ledger, label and `shared`, the value they have in common; `what` says of what kind it
    is (坐标, 电表编号, 许可证和位置). A well and the one that replaced it are no pair.
    """
    for group in groups:
        rows = list(group)
        for i, row in enumerate(rows):
            others = [r["code"] for r in rows[:i] if not _related(r, row)]
            if others:
                text = f"{row['label']} {row['code']} 与 {saying.several(others, '眼')} {what}相同（{row['shared']}），"
                yield Finding("R18", "warning", f"{text}可能重复登记。", row["ledger"], row["uid"])


def _related(one: Row, other: Row) -> bool:
    return bool(one["uid"] == other["replaces_uid"] or other["uid"] == one["replaces_uid"])
