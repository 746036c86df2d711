"""A report on the screen: its tables come some at a time, its pages are as wide as the window allows."""

from __future__ import annotations

from datetime import date
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QLabel

from ledger_app.export.report import Column, Report, Row, Section, Table
from ledger_app.ui.pages import report_tables
from ledger_app.ui.pages.report_pages import ReportPages
from ledger_app.ui.pages.report_tables import ReportTables

COLUMNS = (Column("town", "乡镇"), Column("count", "眼数", "眼", 0))


def report(tables: int, title: str = "月报") -> Report:
    rows = tuple(Row({"town": f"第{n}镇", "count": n}, (f"u{n}",)) for n in range(3))
    sections = tuple(Section(f"附件{n}", (Table("", COLUMNS, rows),)) for n in range(tables))
    return Report("monthly", title, "2025-09", "2025年9月", date(2025, 9, 30), sections=sections)


def headings(view: ReportTables) -> list[str]:
    body = view.widget()
    return [label.text() for label in body.findChildren(QLabel) if label.text().startswith("附件")]


def test_all_tables_of_a_long_report_come_in_their_order(qtbot: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(report_tables, "AT_ONCE_S", 0.0)
    view = ReportTables(lambda uids, said: None)
    qtbot.addWidget(view)
    view.show_report(report(12))
    assert len(view.tables) < 12  # the window answers in between
    qtbot.waitUntil(lambda: len(view.tables) == 12, timeout=5000)
    assert headings(view) == [f"附件{n}" for n in range(12)]
    assert view.tables[11].item(2, 0).text() == "第2镇"


def test_a_newer_report_takes_the_place_of_one_that_is_still_coming(qtbot: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(report_tables, "AT_ONCE_S", 0.0)
    view = ReportTables(lambda uids, said: None)
    qtbot.addWidget(view)
    view.show_report(report(12))
    view.show_report(report(2))
    qtbot.waitUntil(lambda: len(view.tables) == 2, timeout=5000)
    qtbot.wait(50)
    assert len(view.tables) == 2
    assert headings(view) == ["附件0", "附件1"]


def test_pages_fill_the_window_without_growing_beyond_their_size(qtbot: Any) -> None:
    image = QImage(400, 200, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.red)
    view = ReportPages()
    qtbot.addWidget(view)
    view.resize(340, 300)
    view.show()
    view.show_images([image, image])
    narrow = view.pages[0].width()
    assert narrow == view.viewport().width() - 40
    assert view.pages[0].height() == round(narrow / 2)
    view.resize(2000, 600)
    assert [page.width() for page in view.pages] == [440, 440]
    seen = view.pages[0].grab().toImage()
    assert seen.pixelColor(seen.width() // 2, seen.height() // 2) == Qt.GlobalColor.red
