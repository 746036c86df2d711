"""What is shown as a list leaves as it is shown: rows, order, columns, filters in words."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from PySide6.QtGui import QDesktopServices

from ledger_app.db.queries.listing import Filter
from ledger_app.ui.ledger_page import LedgerPage
from ledger_app.ui.main_window import MainWindow
from ledger_app.ui.pages import report_pages


@pytest.fixture
def page(window: MainWindow) -> LedgerPage:
    window.visit("wells")
    found = window.page("wells")
    assert isinstance(found, LedgerPage)
    return found


def test_the_shown_rows_and_columns_are_exported_in_their_order(page: LedgerPage, tmp_path: Path) -> None:
    page.filters.show_filters((Filter("status", "in", ("在用",)),))
    page.ask()
    page.table.columns.choose(["code", "status", "depth_m"])
    out = tmp_path / "wells.xlsx"
    page.output.write(out)
    sheet = openpyxl.load_workbook(out).worksheets[0]
    rows = [[c.value for c in row] for row in sheet.iter_rows(min_row=3)]
    shown = page.table.shown_names()
    assert len(rows) - 1 == len(page.table.model.ids)
    assert [page.entity.field(n).heading for n in shown] == rows[0]
    assert {row[shown.index("status")] for row in rows[1:]} == {"在用"}


def test_the_list_is_printed_with_its_filters_in_words(
    page: LedgerPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    printed: list[bytes] = []
    monkeypatch.setattr(report_pages, "ask_and_print", lambda pdf, _parent: printed.append(pdf) or 1)
    page.filters.show_filters((Filter("status", "in", ("在用",)),))
    page.ask()
    assert page.filters.said() == "使用状态：在用"
    page.output.print()
    assert printed[0].startswith(b"%PDF")


def test_a_mail_with_the_list_is_drafted_and_opened(
    page: LedgerPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Path] = []
    monkeypatch.setattr(
        QDesktopServices, "openUrl", lambda url: opened.append(Path(url.toLocalFile())) or True
    )
    page.output.mail()
    assert opened[0].suffix == ".eml"
    assert b"X-Unsent: 1" in opened[0].read_bytes()
