"""The window's ground: a small county, work done inline, and no box that opens unasked."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QInputDialog, QMenu, QMessageBox

from ledger_app import app
from ledger_app.core.entities import LEDGERS
from ledger_app.services import session
from ledger_app.services.session import Operator, Workspace
from ledger_app.services.settings import Settings
from ledger_app.ui.ledger_page import LedgerPage
from ledger_app.ui.main_window import MainWindow
from ledger_app.ui.theme import Theme, use_fonts
from ledger_app.ui.workers import InlineWorkers
from tests.ui.county import make_county

TODAY = date(2025, 9, 30)
Answer = Callable[[Any], object]


class Dialogs:
    """What to do with the boxes a test expects, in their order; `seen` holds what each box said."""

    def __init__(self) -> None:
        self._answers: list[Answer] = []
        self.seen: list[str] = []
        self.unexpected: list[str] = []

    def expect(self, answer: Answer) -> None:
        """`answer(dialog)` fills it in; what it returns is the result of `exec` (None: accepted)."""
        self._answers.append(answer)

    def expect_button(self, words: str) -> None:
        """Press a button of a message box."""
        self.expect(lambda box: _press(box, words))

    def opened(self, dialog: Any) -> int:
        said = dialog.text() if isinstance(dialog, QMessageBox) else dialog.windowTitle()
        self.seen.append(said)
        if not self._answers:  # not raised here: an exception inside a closeEvent would end the process
            self.unexpected.append(said)
            return int(QDialog.DialogCode.Rejected)
        result = self._answers.pop(0)(dialog)
        return int(QDialog.DialogCode.Accepted) if result is None else int(str(result))

    @property
    def waiting(self) -> int:
        return len(self._answers)


def _press(box: QMessageBox, words: str) -> None:
    button = next(b for b in box.buttons() if b.text() == words)
    box.clickedButton = lambda: button  # type: ignore[method-assign]


@pytest.fixture(autouse=True)
def no_dialogs(monkeypatch: pytest.MonkeyPatch) -> Iterator[Dialogs]:
    """An unexpected box fails the test instead of waiting for ever; an expected one has to come."""
    dialogs = Dialogs()

    def instead_of_exec(dialog: Any) -> int:
        return dialogs.opened(dialog)

    for kind in (QDialog, QMessageBox, QInputDialog, QFileDialog):
        monkeypatch.setattr(kind, "exec", instead_of_exec)
    monkeypatch.setattr(QMenu, "exec", lambda *_: pytest.fail("a menu opened"))
    yield dialogs
    assert dialogs.unexpected == []
    assert dialogs.waiting == 0, "a box that was expected did not open"


@pytest.fixture
def dialogs(no_dialogs: Dialogs) -> Dialogs:
    return no_dialogs


@pytest.fixture(scope="session")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("county") / "示例旗.ledger"
    make_county(path)
    return path


@pytest.fixture
def ledger_file(county: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(county, tmp_path / county.name))


@pytest.fixture(scope="session")
def theme(qapp: QApplication) -> Theme:
    use_fonts(qapp)
    theme = Theme()
    theme.apply(qapp)
    return theme


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(tmp_path / "settings.json")


@pytest.fixture
def workspace(ledger_file: Path) -> Iterator[Workspace]:
    workspace = session.open_workspace(ledger_file, LEDGERS, lambda: TODAY)
    workspace.operator = Operator("王娜", "经办")
    yield workspace
    workspace.close()


@pytest.fixture
def window(workspace: Workspace, theme: Theme, settings: Settings, qtbot: Any) -> Iterator[MainWindow]:
    """The whole window over the small county, with work done inline."""
    window = app.make_window(workspace, theme, settings, InlineWorkers)
    window.resize(1366, 768)
    with qtbot.waitActive(window):  # shortcuts are for the window one works in
        window.show()
    yield window
    for page in window.visited:
        if isinstance(page, LedgerPage):
            page.pane.leave_form()
    window.close()
    window.deleteLater()


@pytest.fixture
def page(window: MainWindow) -> LedgerPage:
    """The page of the wells."""
    window.visit("wells")
    page = window.page("wells")
    assert isinstance(page, LedgerPage)
    return page
