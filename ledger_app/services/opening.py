"""Make a ledger, open it, and say who works on it and on what day."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ledger_app.core.entity import Registry
from ledger_app.core.errors import LedgerError
from ledger_app.core.fields import ReadContext
from ledger_app.core.terms import OPERATOR_ROLE
from ledger_app.db import Connection, connection
from ledger_app.db.connection import Ledger
from ledger_app.db.migrations import MIGRATIONS, Migration
from ledger_app.db.operations.regions import level_of
from ledger_app.db.queries.parameters import reading_context
from ledger_app.db.store import ActInfo, Store

__all__ = ["MIGRATIONS", "Migration", "Session", "county_of", "create_ledger", "opened"]


@dataclass
class Session:
    """An open ledger as one user works on it: connections, operator, the day things are judged by."""

    ledger: Ledger
    conn: Connection
    store: Store
    who: str
    today: date

    @property
    def registry(self) -> Registry:
        return self.ledger.registry

    @property
    def context(self) -> ReadContext:
        return reading_context(self.conn, self.registry, self.today)


def create_ledger(
    path: Path,
    registry: Registry,
    *,
    county_code: str,
    bureau: str,
    who: str,
    county_name: str | None = None,
    clock: Callable[[], str] = connection.now,
    origin: str | None = None,
    migrations: Sequence[Migration] = MIGRATIONS,
) -> None:
    """A new ledger with its county at the root of the regions and its first operator.

    The county's name is taken from the bureau's (乌拉特中旗水利局 → 乌拉特中旗) where it is not given.
    """
    if not (len(county_code) == 6 and county_code.isascii() and county_code.isdigit()):
        raise LedgerError(f"旗县代码应为 6 位数字，“{county_code}”不是。", "bad_county_code")
    name = county_name or county_of(bureau)
    with connection.create(path, registry, clock=clock, origin=origin, migrations=migrations) as ledger:
        store = ledger.store(ledger.connect(write=True))
        with store.act(ActInfo("init", who, f"建立{bureau}台账", "command")) as act:
            region = {"name": name, "code": county_code, "level": level_of(name)}
            act.insert(registry["regions"], region)
            act.insert(registry["operators"], {"name": who, "role": OPERATOR_ROLE.values[0]})
            parameter = {"name": "bureau_name", "label": "填报单位", "value": bureau}
            act.insert(registry["parameters"], parameter | {"valid_from": "2000-01-01"})


def county_of(bureau: str) -> str:
    for ending in (
        "水利和水务局",
        "水利水务局",
        "水务和水利局",
        "水资源局",
        "水利局",
        "水务局",
        "农牧和水利局",
    ):
        if bureau.endswith(ending) and len(bureau) > len(ending):
            return bureau.removesuffix(ending)
    return bureau


@contextmanager
def opened(
    path: Path,
    registry: Registry,
    *,
    who: str,
    today: date,
    write: bool = False,
    before_migration: Callable[[Path], object] | None = None,
    migrations: Sequence[Migration] = MIGRATIONS,
) -> Iterator[Session]:
    """An open ledger for one command. To write, it must not be open elsewhere."""
    ledger = connection.open_ledger(
        path, registry, read_only=not write, before_migration=before_migration, migrations=migrations
    )
    with ledger:
        conn = ledger.connect(write=write)
        yield Session(ledger, conn, ledger.store(conn), who, today)
