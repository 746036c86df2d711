"""A well without a number gets one: 12-digit village code + J + four digits (domain §2.5)."""

from __future__ import annotations

from collections.abc import MutableMapping, Sequence
from typing import Any, Final

from ledger_app.core.entity import Entity
from ledger_app.core.errors import LedgerError
from ledger_app.db.store import Act

SERIAL_DIGITS: Final = 4
_LETTERS: Final = {"wells": "J", "intakes": "Q"}


def give_numbers(act: Act, entity: Entity, columns: MutableMapping[str, Sequence[Any]], count: int) -> None:
    """Fill the empty codes of new points. Other ledgers are left as they are."""
    letter = _LETTERS.get(entity.name)
    codes = columns.get("code", [None] * count)
    if letter is None or None not in codes:
        return
    villages = columns.get("village_uid", [None] * count)
    towns = columns.get("town_uid", [None] * count)
    filled = list(codes)
    last: dict[str, int] = {}
    for i, code in enumerate(codes):
        if code is None:
            prefix = place_code(act, villages[i] or towns[i]) + letter
            last[prefix] = last.get(prefix) or _last_serial(act, prefix)
            last[prefix] += 1
            filled[i] = f"{prefix}{last[prefix]:0{SERIAL_DIGITS}d}"
    act.conn.executemany(
        "INSERT OR REPLACE INTO ledger_info VALUES (?, ?)",
        [(f"serial:{prefix}", str(serial)) for prefix, serial in last.items()],
    )
    columns["code"] = filled


def next_number(act: Act, entity: Entity, village_uid: str | None, town_uid: str | None) -> str:
    """The number the next point of a place gets."""
    columns: dict[str, Sequence[Any]] = {"code": [None], "village_uid": [village_uid], "town_uid": [town_uid]}
    give_numbers(act, entity, columns, 1)
    return str(columns["code"][0])


def place_code(act: Act, region_uid: str | None) -> str:
    """The code of a region, or that of the nearest one above it that has a code."""
    uid = region_uid
    while uid:
        row = act.conn.execute("SELECT code, parent_uid FROM regions WHERE uid = ?", (uid,)).fetchone()
        if row is None:
            break
        if row[0]:
            return str(row[0])
        uid = row[1]
    row = act.conn.execute("SELECT code FROM regions WHERE parent_uid IS NULL ORDER BY id LIMIT 1").fetchone()
    if row is None or not row[0]:
        raise LedgerError("旗县还没有区划代码，编不出井编号。请先在设置里填上。", "no_county_code")
    return str(row[0])


def _last_serial(act: Act, prefix: str) -> int:
    """The highest serial ever given, also to records that were taken back: numbers are not reused."""
    setting = f"serial:{prefix}"
    row = act.conn.execute("SELECT value FROM ledger_info WHERE name = ?", (setting,)).fetchone()
    start = len(prefix) + 1
    sql = (
        f"SELECT MAX(CAST(substr(code, {start}) AS INTEGER)) FROM points"
        f" WHERE code >= ? AND code < ? AND length(code) = {start - 1 + SERIAL_DIGITS}"
    )
    used = act.conn.execute(sql, (prefix, prefix + "~")).fetchone()[0]
    return max(int(used or 0), int(row[0]) if row else 0)
