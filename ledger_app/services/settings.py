"""What this account's window remembers: a small JSON file, written whole."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any


class Settings:
    """Names → JSON values. A damaged or missing file is an empty one: nothing in it is the county's."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._values = _read(path)

    def get(self, name: str, default: Any = None) -> Any:
        return self._values.get(name, default)

    def put(self, name: str, value: Any) -> None:
        """Remember a value at once; None forgets it."""
        if self._values.get(name) == value:
            return
        self._values.pop(name, None)
        if value is not None:
            self._values[name] = value
        self._write()

    def _write(self) -> None:
        draft = self._path.with_name(f".{self._path.name}.{os.getpid()}")
        try:
            with draft.open("w", encoding="utf-8") as file:
                json.dump(self._values, file, ensure_ascii=False, indent=1, sort_keys=True)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(self._path)
        except OSError:
            draft.unlink(missing_ok=True)  # a full disk or a locked profile must not stop the clerk's work


def _read(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
