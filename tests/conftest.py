"""What every test stands on. Warnings, Python's and Qt's, are errors: see [tool.pytest] in pyproject.toml."""

from __future__ import annotations

import os

os.environ["QT_QPA_PLATFORM"] = "offscreen"  # before any test imports Qt
