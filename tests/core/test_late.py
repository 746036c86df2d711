"""What reads typed values is imported when the first one is read."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from ledger_app.core.late import late

PROGRAM = """
import sys
from ledger_app.core.entities import LEDGERS
from ledger_app.core.fields import ReadContext
from datetime import date
late = ["coordinates", "dates", "identifiers", "numbers"]
print([name for name in late if f"ledger_app.core.{name}" in sys.modules])
print(LEDGERS["wells"].field("completed_on").read("2012年5月3日", ReadContext(date(2025, 9, 30))).value)
print([name for name in late if f"ledger_app.core.{name}" in sys.modules])
"""


def test_declaring_the_ledgers_does_not_load_what_reads_them() -> None:
    words = [sys.executable, "-c", PROGRAM]
    run = subprocess.run(words, capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2])
    assert run.stdout.splitlines() == ["[]", "2012-05-03", "['dates']"]


def test_a_name_the_module_lacks_is_an_error_as_of_the_module() -> None:
    (dates,) = late("dates")
    assert dates.last_day("2012-02").isoformat() == "2012-02-29"
    with pytest.raises(AttributeError, match="no_such_name"):
        dates.no_such_name  # noqa: B018
