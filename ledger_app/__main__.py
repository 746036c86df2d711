"""Start the window, run a sub-command, or test the program as it is installed."""

from __future__ import annotations

import gc
import sys
from pathlib import Path


def main() -> int:
    """No words, or one file: the window. `--self-test`: is everything in the bundle? Else a command."""
    words = sys.argv[1:]
    if words == ["--self-test"]:
        from ledger_app.app import self_test  # noqa: PLC0415 - each way loads only what it needs

        return self_test()
    if words[:1] == ["--tour"] and len(words) == 4:
        from ledger_app.app import tour  # noqa: PLC0415

        return tour(Path(words[1]), Path(words[2]), words[3])
    if not words or (len(words) == 1 and Path(words[0]).is_file()):
        gc.disable()  # until the first picture: what is made before lives as long as the program
        from ledger_app.app import run  # noqa: PLC0415

        return run(Path(words[0]) if words else None, sys.argv[:1])
    from ledger_app.cli import main as command  # noqa: PLC0415

    command()
    return 0


if __name__ == "__main__":
    sys.exit(main())
