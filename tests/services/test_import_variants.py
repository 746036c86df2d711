"""The same records in the lists of other offices: other headings, forms and layouts, other slips of the pen."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ledger_app.core.entities import LEDGERS
from ledger_app.ingest.plan import ImportPlan
from ledger_app.services import opening
from ledger_app.services.importing import apply_import, plan_import
from ledger_app.services.opening import Session
from tests.ingest.variant_faults import Expect
from tests.ingest.variants import Variant, make, write_csv, write_xlsx

DATA = Path(__file__).parents[1] / "data" / "imports"
BOOKS = {
    "wells": "wells.xlsx",
    "permits": "permits.xlsx",
    "closures": "closures.xls",
    "projects": "projects.xlsx",
}
KEYS = {"wells": "code", "permits": "number", "closures": "well_code", "projects": "name"}
SEEDS = {"wells": range(14), "permits": range(14), "closures": range(10), "projects": range(10)}
OUTCOMES = {
    "accept": {"new", "changed", "same"},
    "confirm": {"needs_confirmation"},
    "refuse": {"refused"},
    "skip": {"same", "refused", "needs_confirmation"},
}
STAYS_OUT = "150824100204J0011"  # this well's own row is refused, so that lists naming it have to ask


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """A ledger in which every row is new."""
    yield from _opened(tmp_path_factory.mktemp("variants") / "county.ledger")


@pytest.fixture(scope="module")
def with_wells(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """A ledger with the wells of the samples, which permits and closures name."""
    for session in _opened(tmp_path_factory.mktemp("variants") / "county.ledger"):
        wells = plan_import(session.conn, LEDGERS, LEDGERS["wells"], DATA / BOOKS["wells"], session.context)
        apply_import(session.store, wells, "经办甲", accept_suggestions=True)
        yield session


def _opened(path: Path) -> Iterator[Session]:
    opening.create_ledger(path, LEDGERS, county_code="150824", bureau="示例旗水利局", who="经办甲")
    with opening.opened(path, LEDGERS, who="经办甲", today=date(2025, 9, 30), write=True) as opened:
        yield opened


def records(ledger: str) -> list[dict[str, Any]]:
    """What the samples' rows without a doubt hold, each record once."""
    sheets = json.loads((DATA / "expected.json").read_text(encoding="utf-8"))["imports"][BOOKS[ledger]][
        "sheets"
    ]
    rows = [r["values"] for s in sheets for r in s.get("rows", []) if r["outcome"] == "accept"]
    bare = [{name.split(".")[1]: value for name, value in row.items()} for row in rows]
    once = {row[KEYS[ledger]]: row for row in bare if STAYS_OUT not in (row.get("well_codes") or ())}
    return [row | {"funds": _parts(row.get("investment_yuan"))} for row in once.values()]


def _parts(total: int | None) -> list[int] | None:
    return [total // 2, total // 4, total - total // 2 - total // 4] if total else None


def same(wanted: Any, found: Any, name: str) -> bool:
    if isinstance(wanted, dict) and isinstance(found, dict):
        return all(same(value, found.get(n), n) for n, value in wanted.items())
    if isinstance(wanted, list) and isinstance(found, list):
        return sorted(wanted) == sorted(found)
    if isinstance(wanted, int | float) and isinstance(found, int | float):
        return abs(wanted - found) <= (1e-5 if "tude" in name else 1e-6 * max(1, abs(wanted)))
    return (wanted or None) == (found or None)


def faults_of(plan: ImportPlan, variant: Variant, name: str | None = None) -> list[str]:
    """What the plan got wrong, in words."""
    found = {(name or s.name, s.row_numbers[i]): (s, i) for s, i in plan.rows()}
    wanted = variant.expected
    said = [f"no data: {key}" for key in found.keys() - wanted.keys()]
    said += [f"not found: {key}" for key in wanted.keys() - found.keys()]
    for key in found.keys() & wanted.keys():
        sheet, i = found[key]
        said += [f"{key}: {text}" for text in _row_faults(sheet, i, wanted[key])]
    return said


def _row_faults(sheet: Any, i: int, want: Expect) -> Iterator[str]:
    outcome, problems, values = sheet.outcomes[i], sheet.problems.get(i, ()), sheet.row_values(i)
    allowed = set().union(*(OUTCOMES[each] for each in (want.outcome, *want.also)))
    if outcome not in allowed:
        yield f"{want.why or 'no fault'}: {outcome}, wanted {want.outcome}; {[p.text for p in problems]}"
    elif want.outcome == "accept":
        wrong = {n: values.get(n) for n, v in want.values.items() if not same(v, values.get(n), n)}
        if wrong:
            yield f"values {wrong}, wanted { ({n: want.values[n] for n in wrong}) }"
    elif want.outcome == "confirm" and want.suggested is not None:
        offers = [p.suggestion for p in problems] + [values.get(want.about)]
        if not any(same(want.suggested, offer, want.about) for offer in offers):
            yield f"{want.why}: suggested {offers}, wanted {want.suggested}"
    elif want.outcome == "refuse" and outcome == "refused" and want.about not in {p.field for p in problems}:
        yield f"{want.why}: refused for {[p.field for p in problems]}, wanted {want.about}"


@pytest.mark.parametrize(
    ("ledger", "seed"), [(ledger, seed) for ledger, seeds in SEEDS.items() for seed in seeds]
)
def test_a_list_from_another_office_is_read_row_by_row(
    empty: Session, with_wells: Session, tmp_path: Path, ledger: str, seed: int
) -> None:
    session = empty if ledger == "wells" else with_wells
    variant = make(ledger, seed, records(ledger))
    path = write_xlsx(variant, tmp_path / "list.xlsx")
    plan = plan_import(session.conn, LEDGERS, LEDGERS[ledger], path, session.context)
    assert faults_of(plan, variant) == []


@pytest.mark.parametrize(
    ("ledger", "encoding"),
    [
        ("wells", "utf-8"),
        ("wells", "gb18030"),
        ("permits", "gbk"),
        ("closures", "utf-8-sig"),
        ("projects", "gbk"),
    ],
)
def test_a_list_saved_as_text_is_read_the_same(
    empty: Session, with_wells: Session, tmp_path: Path, ledger: str, encoding: str
) -> None:
    session = empty if ledger == "wells" else with_wells
    variant = make(ledger, 3, records(ledger), plain=True)
    path = write_csv(variant, tmp_path / "list.csv", encoding)
    plan = plan_import(session.conn, LEDGERS, LEDGERS[ledger], path, session.context)
    assert faults_of(plan, variant, variant.pages[0].name) == []
