"""The table's model: pages over row ids, whatever their number."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt

from ledger_app.core.entities import LEDGERS
from ledger_app.ui.columns import column, first_shown, lead_column
from ledger_app.ui.table_model import BLOCK, KEPT, TableModel

WELLS = LEDGERS["wells"]
COLUMNS = [lead_column(WELLS), *(column(WELLS.field(n)) for n in first_shown(WELLS))]


class Rows:
    """Makes rows on demand and notes which were asked for."""

    def __init__(self, gone: frozenset[int] = frozenset()) -> None:
        self.asked: list[int] = []
        self._gone = gone

    def fetch(self, ids: Sequence[int], fields: Sequence[str]) -> list[dict[str, Any]]:
        self.asked += ids
        return [
            {"_id": f"u{i}", "_row": i, "code": f"150824101200J{i:04d}", "village": "大圣村"}
            for i in ids
            if i not in self._gone
        ]


def made(count: int, **options: Any) -> tuple[TableModel, Rows]:
    rows = Rows(**options)
    model = TableModel(rows.fetch)
    model.set_columns(COLUMNS)
    model.set_ids(array("q", range(1, count + 1)))
    return model, rows


def test_it_is_a_model_as_qt_wants_it(qtmodeltester: Any) -> None:
    model, _ = made(200)
    qtmodeltester.check(model)


def test_only_what_is_looked_at_is_fetched() -> None:
    model, rows = made(1_000_000)
    assert model.index(999_999, 0).data() == "大圣村 1000000"
    assert len(rows.asked) <= BLOCK


def test_blocks_far_away_are_forgotten() -> None:
    model, rows = made(BLOCK * (KEPT + 5))
    for block in range(KEPT + 5):
        model.row(block * BLOCK)
    asked = len(rows.asked)
    model.row(0)
    assert len(rows.asked) == asked + BLOCK


def test_rows_that_only_follow_are_added_so_that_nothing_jumps(qtbot: Any) -> None:
    model, _ = made(50)
    with qtbot.waitSignal(model.rowsInserted), qtbot.assertNotEmitted(model.modelReset):
        model.set_ids(array("q", range(1, 301)))
    assert model.rowCount() == 300
    assert model.index(299, 0).data() == "大圣村 0300"


def test_a_record_that_is_gone_leaves_an_empty_row() -> None:
    model, _ = made(3, gone=frozenset({2}))
    assert [model.index(i, 0).data() for i in range(3)] == ["大圣村 0001", "", "大圣村 0003"]


def test_the_long_number_is_said_of_the_short_first_column() -> None:
    model, _ = made(1)
    assert model.index(0, 0).data(Qt.ItemDataRole.ToolTipRole) == "150824101200J0001"


def test_the_place_of_a_record_is_found_and_of_another_is_not() -> None:
    model, _ = made(10)
    assert model.position(7) == 6
    assert model.position(70) is None
