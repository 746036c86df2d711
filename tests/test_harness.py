"""The ground the tests stand on does what it says."""

from __future__ import annotations

import subprocess
import sys
import warnings
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication

WARNS_IN_QT = """
from PySide6.QtCore import qWarning
def test_something():
    qWarning("something is off")
"""


def test_a_warning_is_an_error() -> None:
    with pytest.raises(DeprecationWarning):
        warnings.warn("goodbye", DeprecationWarning, stacklevel=1)


def test_a_warning_of_qt_fails_the_test_it_arises_in(tmp_path: Path, pytestconfig: pytest.Config) -> None:
    (tmp_path / "test_qt.py").write_text(WARNS_IN_QT, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-c", str(pytestconfig.inipath), "-p", "no:cacheprovider"]
    run = subprocess.run([*command, str(tmp_path)], capture_output=True, text=True, check=False)
    assert run.returncode == 1, run.stdout
    assert "something is off" in run.stdout


def test_qt_paints_without_a_screen(qapp: QGuiApplication) -> None:
    assert qapp.platformName() == "offscreen"
