"""A figure that is far from all others of its column, and near them in the other unit."""

from __future__ import annotations

from typing import Any

import pytest

from ledger_app.core.entities import LEDGERS
from ledger_app.core.fields import Number
from ledger_app.ingest.peers import column_slips

USUAL = [31_200, 26_000, 52_000, 7_800, 39_000, 45_500, 12_000, 78_000, 65_000]


def suggested(values: list[Any]) -> dict[int, Any]:
    field = LEDGERS["permits"].field("permitted_volume_m3")
    assert isinstance(field, Number)
    return {i: problem.suggestion for i, problem in column_slips(field, values)}


@pytest.mark.parametrize(("typed", "meant"), [(30_000_000, 3_000), (45, 450_000)])
def test_a_figure_in_the_other_unit_stands_out_in_its_column(typed: int, meant: int) -> None:
    assert suggested([*USUAL, None, typed]) == {len(USUAL) + 1: meant}


@pytest.mark.parametrize("large", [1_200_000, 3_000, None, 0])
def test_a_truly_large_or_small_figure_is_left_alone(large: int | None) -> None:
    assert suggested([*USUAL, large]) == {}


@pytest.mark.parametrize("few", [[30_000_000, 3_000], [10.0**n for n in range(2, 12)]])
def test_a_column_that_is_short_or_uneven_says_nothing(few: list[float]) -> None:
    assert suggested(few) == {}
