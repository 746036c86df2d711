"""Sub-commands: parse, call a service, print. Exit 0 done, 1 refused with a sentence, 2 wrong usage."""

from __future__ import annotations

import sys

from ledger_app.cli import papers, records, upkeep
from ledger_app.cli.common import cli

COMMANDS = (papers, records, upkeep)  # the modules whose import declares the sub-commands


def main() -> None:
    """Run a sub-command; output is UTF-8 wherever the console allows."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    cli(prog_name="ledger-app", windows_expand_args=False)
