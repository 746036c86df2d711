"""The small county in good order."""

from __future__ import annotations

import pytest

from ledger_app.db.store import Store
from tests.db.operations.small import Small


@pytest.fixture
def small(store: Store) -> Small:
    return Small(store)
