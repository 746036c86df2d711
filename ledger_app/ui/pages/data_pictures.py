"""Pictures of the states of 数据's pages for the tour: an import step by step, an act that is in the way."""

from __future__ import annotations

import csv
import tempfile
from pathlib import Path
from typing import Final

from PySide6.QtWidgets import QWidget

from ledger_app.db.queries import listing
from ledger_app.db.queries.listing import Query
from ledger_app.ui.main_window import MainWindow
from ledger_app.ui.pages.importing import ImportPage
from ledger_app.ui.pages.importing_head import COLUMNS
from ledger_app.ui.tour import Picture

HEAD: Final = ("机井编号", "苏木乡镇", "井深（米）", "灌溉面积（万亩）", "使用状态", "产权人", "照片号")
FILE_NAME: Final = "各镇机电井.csv"


def _columns(window: MainWindow) -> QWidget:
    """What the columns of a workbook are taken for."""
    page = _page(window)
    with tempfile.TemporaryDirectory() as folder:
        page.open_file(_sample(window, Path(folder)))
    return window


def _rows(window: MainWindow) -> QWidget:
    """What becomes of every row."""
    page = _page(window)
    if page.step == COLUMNS:
        page.next.click()
    return window


def _all_rows(window: MainWindow) -> QWidget:
    page = _page(window)
    page.rows.chips[""].click()
    page.rows.pane.setCurrentIndex(1)
    return window


def _page(window: MainWindow) -> ImportPage:
    window.visit("import")
    page = window.page("import")
    if not isinstance(page, ImportPage):
        raise TypeError(page)
    return page


def _sample(window: MainWindow, folder: Path) -> Path:
    """A town's list with a row of every outcome, made from the ledger's own first wells."""
    space = window.context.workspace
    wells = space.registry["wells"]
    ids = listing.first_ids(space.screen, space.registry, wells, Query(), 8)
    known = listing.page(space.screen, space.registry, wells, ids, ["code", "town", "depth_m", "owner"])
    rows = [
        [r["code"], r["town"], (r["depth_m"] or 60) + n % 3, "", "", r["owner"], ""]
        for n, r in enumerate(known)
    ]
    town = known[0]["town"] if known else ""
    rows += [
        [f"新{n}", town, 60 + n, 150 if n < 3 else "", "已关停" if n == 3 else "在用", "", n]
        for n in range(6)
    ]
    rows.append(["新9", town, 99999, "", "在用", "", ""])
    path = folder / FILE_NAME
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEAD, *rows])
    return path


PICTURES: Final = (
    Picture("import-columns", _columns),
    Picture("import-rows", _rows),
    Picture("import-problems", _all_rows),
)
