"""What goes out comes back the same: export → import, masks, text that looks like a formula."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from ledger_app.core.entities import LEDGERS
from ledger_app.db.queries.listing import Filter, Query
from ledger_app.services.exporting import export_ledger
from ledger_app.services.opening import Session
from tests.services.test_importing import BOOKS, plan, session, take  # noqa: F401 - session is a fixture


@pytest.mark.parametrize("ledger", BOOKS)
def test_an_export_imported_again_is_the_same_in_every_row(
    session: Session,  # noqa: F811
    tmp_path: Path,
    ledger: str,
) -> None:
    for name in dict.fromkeys(("wells", ledger)):
        take(session, name, accept_suggestions=True)
    out = tmp_path / "out.xlsx"
    count = export_ledger(session, LEDGERS[ledger], Query(), out)
    again = plan(session, ledger, out)
    assert again.counts() == {"new": 0, "changed": 0, "same": count, "needs_confirmation": 0, "refused": 0}


def test_numbers_of_people_are_masked_unless_asked_for(session: Session, tmp_path: Path) -> None:  # noqa: F811
    take(session, "wells")

    def cells(*, masked: bool) -> set[str]:
        out = tmp_path / f"{masked}.xlsx"
        query = Query(filters=(Filter("code", "in", ("150824100201J0001",)),))
        assert export_ledger(session, LEDGERS["wells"], query, out, masked=masked) == 1
        sheet = openpyxl.load_workbook(out).worksheets[0]
        return {str(c.value) for row in sheet.iter_rows() for c in row}

    assert {"150824190001021012", "13900000001"} <= cells(masked=False)
    assert {"150824190001021012", "13900000001"} & cells(masked=True) == set()


def test_text_that_looks_like_a_formula_stays_text(session: Session, tmp_path: Path) -> None:  # noqa: F811
    source = Path(__file__).parents[1] / "data" / "imports" / "broken" / "formula_injection.xlsx"
    take(session, "wells", source)
    out = tmp_path / "out.xlsx"
    export_ledger(session, LEDGERS["wells"], Query(), out)
    cells = [c for row in openpyxl.load_workbook(out).worksheets[0].iter_rows() for c in row]
    assert not [c for c in cells if c.data_type == "f"]
    assert "=1+1" in {c.value for c in cells}
