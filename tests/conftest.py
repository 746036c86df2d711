"""What every test stands on. Warnings, Python's and Qt's, are errors: see [tool.pytest] in pyproject.toml."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger_app.core.entities import LEDGERS
from ledger_app.db import connection
from ledger_app.db.connection import Ledger
from ledger_app.db.store import Store
from tests.db.county import County, fill, ticking

os.environ["QT_QPA_PLATFORM"] = "offscreen"  # before any test imports Qt


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    """A fresh, empty ledger in a file of its own, open for writing."""
    path = tmp_path / "新旗.ledger"
    with connection.create(path, LEDGERS, clock=ticking(), origin="aaaaaa") as opened:
        yield opened


@pytest.fixture
def store(ledger: Ledger) -> Store:
    """The writing store of `ledger`."""
    return ledger.store(ledger.connect(write=True))


@pytest.fixture
def county(store: Store) -> County:
    """A small county in `ledger`, entered as one act."""
    return fill(store)
