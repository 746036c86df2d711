"""The start: what is loaded, which page comes first, how a ledger is made and opened, what a crash says."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ledger_app import app, paths
from ledger_app.core.entities import LEDGERS
from ledger_app.services import session
from ledger_app.services.settings import Settings
from ledger_app.ui.crash import CrashReporter
from ledger_app.ui.start_window import NewLedgerDialog, StartWindow
from ledger_app.ui.theme import Theme
from tests.ui.conftest import TODAY, Dialogs

PROJECT = Path(__file__).parents[2]
FIRST_PAINT = """
import sys
from pathlib import Path
from ledger_app import app
from ledger_app.services.settings import Settings
application, theme = app.make_application([])
settings = Settings(Path(sys.argv[2]))
settings.put(f"{sys.argv[1]}|operator", "王娜")
settings.put(f"{sys.argv[1]}|place", "wells")
program = app.Program(theme, settings)
program.begin(Path(sys.argv[1]))
page = program.window.page("wells")
def painted():
    print(page.table.model.rowCount(), *(name for name in sys.argv[3].split(",") if name in sys.modules))
    program.window.close()
page.table.view.first_painted.connect(painted)
application.exec()
"""


@pytest.fixture
def program(
    theme: Theme, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: Any
) -> Iterator[Any]:
    monkeypatch.setattr(paths, "data_dir", lambda: tmp_path)
    made = app.Program(theme, settings)
    yield made
    for window in (made.window, made.start):
        if window:
            window.close()
    qtbot.waitUntil(lambda: made.window is None)


def test_at_the_first_picture_with_rows_nothing_heavy_is_loaded(ledger_file: Path, tmp_path: Path) -> None:
    heavy = "matplotlib,numpy,reportlab,openpyxl,sqlite_utils,pypinyin,lxml,ledger_app.ui.form,ledger_app.cli"
    command = [sys.executable, "-c", FIRST_PAINT, str(ledger_file), str(tmp_path / "s.json"), heavy]
    env = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    run = subprocess.run(command, capture_output=True, text=True, cwd=PROJECT, env=env, check=False)
    assert run.returncode == 0, run.stderr
    rows, *loaded = run.stdout.split()
    assert int(rows) >= 50
    assert loaded == []


def test_without_a_file_the_start_page_offers_the_ledgers_opened_lately(
    program: Any, settings: Settings, ledger_file: Path, tmp_path: Path
) -> None:
    settings.put("recent", [str(ledger_file), str(tmp_path / "gone.ledger")])
    program.begin(None)
    assert isinstance(program.start, StartWindow)
    assert program.start.recent.count() == 1
    program.start.recent.itemActivated.emit(program.start.recent.item(0))
    assert program.window.context.workspace.path == ledger_file


def test_a_file_that_is_no_ledger_is_refused_and_the_start_page_opens(
    program: Any, tmp_path: Path, dialogs: Dialogs
) -> None:
    wrong = tmp_path / "账.ledger"
    wrong.write_text("这不是台账" * 100, encoding="utf-8")
    dialogs.expect_button("知道了")
    program.begin(wrong)
    assert dialogs.seen == ["账.ledger 不是台账文件。"]
    assert program.start is not None


def test_a_new_ledger_asks_for_county_code_bureau_and_name_and_opens(
    program: Any, tmp_path: Path, dialogs: Dialogs
) -> None:
    program.show_start()

    def answer(dialog: NewLedgerDialog) -> None:
        dialog.county.setText("示例旗")
        dialog._follow_county("示例旗")
        dialog.make.click()
        assert dialog.message.text() == "旗县代码是 6 位数字，例如 150824。"
        dialog.code.setText("150824")
        dialog.who.setText("王娜")
        assert dialog._problem() == ""

    dialogs.expect(answer)
    program.start.new.click()
    workspace = program.window.context.workspace
    assert workspace.path == tmp_path / "示例旗.ledger"
    assert (workspace.county(), workspace.operator.name) == ("示例旗", "王娜")


def test_opening_another_ledger_closes_the_one_that_was_open(
    program: Any, ledger_file: Path, settings: Settings, tmp_path: Path, qtbot: Any
) -> None:
    other = tmp_path / "二.ledger"
    other.write_bytes(ledger_file.read_bytes())
    for path in (ledger_file, other):
        settings.put(f"{path}|operator", "王娜")
    program.open(ledger_file)
    first = program.window.context.workspace
    program.open(other)
    qtbot.waitUntil(lambda: first.ledger.held is None)
    assert program.window.context.workspace.path == other


def test_the_operator_is_remembered_for_each_ledger(
    program: Any, settings: Settings, ledger_file: Path
) -> None:
    settings.put(f"{ledger_file}|operator", "王娜")
    program.open(ledger_file)
    assert program.window.context.workspace.operator == ("王娜", "经办")


@pytest.mark.parametrize(("before", "after"), [("fcitx", "ibus"), ("fcitx5", "ibus"), ("ibus", "ibus")])
def test_chinese_input_goes_by_ibus_where_qt_has_no_other(before: str, after: str) -> None:
    environ = {"QT_IM_MODULE": before}
    app.use_chinese_input(environ)
    assert environ == {"QT_IM_MODULE": after if sys.platform.startswith("linux") else before}


def test_an_error_of_ours_is_logged_and_told_once_with_the_name_of_the_log(
    tmp_path: Path, dialogs: Dialogs, qtbot: Any
) -> None:
    reporter = CrashReporter(tmp_path)
    dialogs.expect_button("知道了")
    for _ in range(2):
        error = ValueError("看不懂")
        reporter.caught(ValueError, error, None)
    qtbot.waitUntil(lambda: bool(dialogs.seen))
    assert str(tmp_path / "ledger-app.log") in dialogs.seen[0]
    assert (tmp_path / "ledger-app.log").read_text(encoding="utf-8").count("ValueError: 看不懂") == 2


def test_damaged_settings_are_empty_settings(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text("{broken", encoding="utf-8")
    settings = Settings(path)
    assert settings.get("recent", []) == []
    settings.put("recent", ["a"])
    assert Settings(path).get("recent") == ["a"]


def test_an_operator_is_not_put_on_the_list_twice(ledger_file: Path) -> None:
    workspace = session.open_workspace(ledger_file, LEDGERS, lambda: TODAY)
    with pytest.raises(session.LedgerError, match="已经有王娜"):
        session.add_operator(workspace.writer, "王娜", "经办")
    workspace.close()


def test_the_program_tests_itself() -> None:
    env = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-m", "ledger_app", "--self-test"]
    run = subprocess.run(command, capture_output=True, text=True, cwd=PROJECT, env=env, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    assert "MISSING" not in run.stdout
