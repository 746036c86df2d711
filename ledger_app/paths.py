"""Where data, logs, settings and resources live, from source and when frozen."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

import platformdirs

APP_NAME: Final = "water-ledger"


def program_root() -> Path:
    """The folder `resources` stands in: the project from source, the unpacked bundle when frozen."""
    bundle = getattr(sys, "_MEIPASS", None)
    return Path(bundle) if bundle else Path(__file__).resolve().parents[1]


def resource(*parts: str) -> Path:
    """A file or folder that comes with the program: `resource("fonts", "NotoSansSC-Regular.ttf")`."""
    return program_root().joinpath("resources", *parts)


def data_dir() -> Path:
    """Where new ledgers are offered to be kept: the account's data folder, made when asked for."""
    return _made(platformdirs.user_data_path(APP_NAME, appauthor=False, roaming=False))


def log_dir() -> Path:
    """Where the program writes what went wrong; it stays on this machine."""
    return _made(platformdirs.user_log_path(APP_NAME, appauthor=False))


def settings_file() -> Path:
    """The account's window settings and last operator; the file may not be there yet."""
    return _made(platformdirs.user_config_path(APP_NAME, appauthor=False, roaming=False)) / "settings.json"


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder
