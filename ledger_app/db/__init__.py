"""The only package that knows SQLite. `Connection` is the type others pass along unopened."""

from sqlite3 import Connection

__all__ = ["Connection"]
