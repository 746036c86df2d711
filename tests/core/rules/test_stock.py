"""The stock of wells moves as R01 says, and every number has its records."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from ledger_app.core.periods import month_period
from ledger_app.core.rules.stock import TERMS, Move, StockWell, balance, total
from ledger_app.core.terms import MONITORING, SEALED

SEPTEMBER = month_period(2025, 9)


def well(uid: str, since: str | None = None, **facts: object) -> StockWell:
    return StockWell(uid, uid, {"town": "东河镇"}, since, **facts)  # type: ignore[arg-type]


def counts(*wells: StockWell) -> dict[str, int]:
    found = balance(wells, SEPTEMBER, "town")["东河镇"]
    assert found.holds
    return {term: found.count(term) for term in TERMS if found.count(term)}


def test_a_well_of_an_earlier_year_is_opening_and_closing_stock() -> None:
    assert counts(well("a", "2012"), well("b")) == {"opening": 2, "closing": 2}


def test_a_well_drilled_in_the_month_is_new_and_not_by_the_day_it_was_entered() -> None:
    assert counts(well("a", "2025-09-12")) == {"new": 1, "closing": 1}
    assert counts(well("a", "2025-08-31")) == {"opening": 1, "closing": 1}
    assert balance([well("a", "2025-10-01")], SEPTEMBER, "town") == {}


def test_a_well_found_by_a_check_is_found_not_new() -> None:
    assert counts(well("a", "2025-09-12", found=True)) == {"found": 1, "closing": 1}


def test_a_date_that_is_not_exact_proves_no_new_well() -> None:
    """2025 counts from its first day: the well is in the stock, and January's report shows it apart."""
    assert counts(well("a", "2025")) == {"opening": 1, "closing": 1}
    january = balance([well("a", "2025")], month_period(2025, 1), "town")["东河镇"]
    assert (january.count("new"), january.count("correction"), january.count("closing")) == (0, 1, 1)


def test_sealing_and_turning_into_a_monitoring_well_take_a_well_out_at_that_day() -> None:
    gone = {"left_on": date(2025, 9, 3), "left_by": SEALED}
    assert counts(well("a", "2012", **gone)) == {"opening": 1, "sealed": 1}
    turned = {"left_on": date(2025, 9, 30), "left_by": MONITORING}
    assert counts(well("a", "2012", **turned)) == {"opening": 1, "monitoring": 1}
    later = {"left_on": date(2025, 10, 1), "left_by": SEALED}
    assert counts(well("a", "2012", **later)) == {"opening": 1, "closing": 1}


def test_a_well_drilled_and_sealed_in_one_month_counts_as_both() -> None:
    both = {"left_on": date(2025, 9, 20), "left_by": SEALED}
    assert counts(well("a", "2025-09-02", **both)) == {"new": 1, "sealed": 1}


def test_a_sealed_well_without_a_closure_was_never_in_the_stock() -> None:
    assert balance([well("a", "2012", outside=True)], SEPTEMBER, "town") == {}


def test_wusu_3032_less_197_leaves_2835() -> None:
    sealed = [well(f"s{n:03d}", "2010", left_on=date(2025, 9, 5), left_by=SEALED) for n in range(197)]
    kept = [well(f"k{n:04d}", "2010") for n in range(2835)]
    assert counts(*sealed, *kept) == {"opening": 3032, "sealed": 197, "closing": 2835}


def test_a_move_takes_from_one_town_and_gives_to_the_other_and_cancels_in_the_county() -> None:
    moved = StockWell(
        "a", "a", {"town": "西河镇"}, "2012", moves=(Move(date(2025, 9, 10), "town", "东河镇", "西河镇"),)
    )
    found = balance([moved], SEPTEMBER, "town")
    assert (found["东河镇"].count("moved_out"), found["西河镇"].count("moved_in")) == (1, 1)
    assert all(b.holds for b in found.values())
    whole = total(found.values())
    assert (whole.count("opening"), whole.count("moved_in"), whole.count("closing")) == (1, 0, 1)
    october = balance([moved], month_period(2025, 10), "town")
    assert {t: b.count("opening") for t, b in october.items()} == {"西河镇": 1}


def test_what_was_entered_after_the_last_report_stands_among_the_corrections() -> None:
    """The issued report held a and b. Since then b was found to be sealed long ago, c entered late."""
    b = well("b", "2012", left_on=date(2024, 5, 1), left_by=SEALED)
    wells = [well("a", "2012"), b, well("c", "2015")]
    found = balance(wells, SEPTEMBER, "town", {"东河镇": frozenset({"a", "b"})})["东河镇"]
    assert found.holds
    assert (found.count("opening"), found.count("correction"), found.count("closing")) == (2, 0, 2)
    assert found.ids("correction") == ("c", "b")


days = st.dates(date(2025, 8, 1), date(2025, 10, 31))
some_wells = st.lists(
    st.builds(
        lambda since, found, left, by, town, moved: (since, found, left, by, town, moved),
        st.one_of(st.none(), days.map(str), st.sampled_from(["2025", "2025-09", "2024"])),
        st.booleans(),
        st.one_of(st.none(), days),
        st.sampled_from([SEALED, MONITORING]),
        st.sampled_from(["甲", "乙", None]),
        st.one_of(st.none(), days),
    ),
    max_size=30,
)


@given(some_wells, st.one_of(st.none(), st.sets(st.integers(0, 40))))
def test_the_balance_always_holds_in_every_group_and_in_the_county(
    facts: list[tuple[str | None, bool, date | None, str, str | None, date | None]], issued: set[int] | None
) -> None:
    wells = [
        StockWell(
            f"{n:02d}",
            f"{n:02d}",
            {"town": town},
            since,
            found,
            left,
            by if left else None,
            moves=(Move(moved, "town", "甲", town),) if moved else (),
        )
        for n, (since, found, left, by, town, moved) in enumerate(facts)
    ]
    known = None if issued is None else {"甲": frozenset(f"{n:02d}" for n in issued)}
    found = balance(wells, SEPTEMBER, "town", known)
    assert all(b.holds for b in found.values())
    assert total(found.values()).holds
    closing = {u for b in found.values() for u in b.ids("closing")}
    assert closing == {w.uid for w in wells if w.exists_at(SEPTEMBER.end)}
