"""Where the program looks for what it brings and keeps what it writes."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from ledger_app import paths

PROJECT = Path(__file__).parents[1]


def test_from_source_resources_are_found_in_the_project() -> None:
    assert paths.resource("fonts", "NotoSansSC-Regular.ttf").stat().st_size > 1_000_000
    assert paths.program_root() == PROJECT


def test_frozen_resources_are_found_in_the_unpacked_bundle(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    assert paths.resource("help", "index.html") == tmp_path / "resources" / "help" / "index.html"


def test_an_account_keeps_data_logs_and_settings_in_folders_of_its_own(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("DATA", "STATE", "CONFIG"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name))
    home = tmp_path if sys.platform.startswith("linux") else Path.home()
    folders = [paths.data_dir(), paths.log_dir(), paths.settings_file().parent]
    assert all(folder.is_dir() and folder.is_relative_to(home) for folder in folders)
    assert not paths.settings_file().is_dir()
