"""The tour's pictures of an import show every outcome."""

from __future__ import annotations

from ledger_app.ui.main_window import MainWindow
from ledger_app.ui.pages.data_pictures import PICTURES
from ledger_app.ui.pages.importing import ImportPage


def test_every_picture_is_made_over_the_window_and_all_outcomes_are_in_it(window: MainWindow) -> None:
    for picture in PICTURES:
        assert picture.make(window) is window
    page = window.page("import")
    assert isinstance(page, ImportPage)
    assert all(chip.isEnabled() for chip in page.rows.chips.values())
    assert page.rows.words.isVisible()
