"""The frozen program's entry: child processes that read workbooks start here too."""

import multiprocessing
import sys

from ledger_app.__main__ import main

if __name__ == "__main__":
    multiprocessing.freeze_support()
    sys.exit(main())
