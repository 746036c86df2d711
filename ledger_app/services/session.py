"""A ledger as a window works on it: its connections, who works, on what day, what is remembered."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Final, NamedTuple

from ledger_app.core.entity import Registry
from ledger_app.core.errors import LedgerError
from ledger_app.core.fields import ReadContext
from ledger_app.core.terms import OPERATOR_ROLE
from ledger_app.db import Connection, connection, errors, journal
from ledger_app.db.connection import Ledger
from ledger_app.db.queries import acts, listing, matching
from ledger_app.db.queries.listing import Query
from ledger_app.db.queries.parameters import reading_context
from ledger_app.db.store import ActInfo, Store

READS_ONLY: Final = "只读"
NO_RIGHT: Final = "您的角色是“只读”，只能查看，不能登记或修改。"


class Operator(NamedTuple):
    """Who works: a name of the ledger's list and the role it has there."""

    name: str
    role: str

    @property
    def may_write(self) -> bool:
        return self.role != READS_ONLY


NOBODY: Final = Operator("", READS_ONLY)


class Workspace:
    """An open ledger for a long sitting.

    Connections are opened when first asked for, one a thread: `screen` for what is shown at once,
    `reader` for lists and sums, `long_reader` for reports and checks, `writer` for acts.
    """

    def __init__(self, ledger: Ledger, today: Callable[[], date], operator: Operator = NOBODY) -> None:
        self.ledger = ledger
        self.operator = operator
        self.today = today
        self._context = ReadContext(today())
        self._closed = False

    @property
    def registry(self) -> Registry:
        return self.ledger.registry

    @property
    def path(self) -> Path:
        return self.ledger.path

    @property
    def context(self) -> ReadContext:
        """How cells are read now. After closing, as they were read last: a dialog may still be leaving."""
        if not self._closed:
            self._context = reading_context(self.screen, self.registry, self.today())
        return self._context

    @property
    def may_write(self) -> bool:
        return not self.ledger.read_only and self.operator.may_write

    @property
    def why_not(self) -> str:
        """Why nothing can be written; empty where it can."""
        if self.ledger.read_only:
            return self.ledger.read_only_because or "台账以只读方式打开，不能保存。"
        return "" if self.operator.may_write else NO_RIGHT

    @cached_property
    def screen(self) -> Connection:
        return self.ledger.connect()

    @cached_property
    def reader(self) -> Connection:
        return self.ledger.connect()

    @cached_property
    def long_reader(self) -> Connection:
        return self.ledger.connect()

    @cached_property
    def writer(self) -> Store:
        return self.ledger.store(self.ledger.connect(write=True))

    def explained(self, error: BaseException) -> BaseException:
        """SQLite's refusals as the sentence for the clerk, everything else as it is."""
        known: Any = error
        return errors.translated(known, self.registry) if hasattr(error, "sqlite_errorname") else error

    def county(self) -> str:
        """The region at the root of the tree: what the window is called after."""
        regions = matching.regions_in_force(self.screen)
        return next((name for _, name, above in regions if above is None), self.path.stem)

    def operators(self) -> list[Operator]:
        """Who may be chosen today, in order of entry."""
        conn, entity = self.screen, self.registry["operators"]
        ids = sorted(listing.row_ids(conn, self.registry, entity, Query()))
        rows = listing.page(conn, self.registry, entity, ids)
        today = self.today().isoformat()
        return [Operator(r["name"], r["role"]) for r in rows if (r["left_on"] or "9999") > today]

    def close(self) -> None:
        self._closed = True
        self.ledger.close()


def open_workspace(path: Path, registry: Registry, today: Callable[[], date]) -> Workspace:
    """Open a ledger for a sitting, backed up before an older schema is changed. Raises LedgerError for
    what is no ledger or is newer."""
    return Workspace(connection.open_ledger(path, registry, before_migration=back_up_first), today)


def back_up_first(path: Path) -> None:
    """The backup before a migration, into the folders of the ledger's other backups."""
    from ledger_app.services import backups  # noqa: PLC0415 - only where a migration is due

    backups.before_migration(lambda: datetime.now().astimezone())(path)


def add_operator(store: Store, name: str, role: str) -> Operator:
    """A new name on the list of operators, as an act of that operator."""
    name = name.strip()
    if not name:
        raise LedgerError("请填写姓名。", "required_missing")
    if role not in OPERATOR_ROLE.values:
        raise LedgerError(f"没有“{role}”这个角色。", "unknown_term")
    operators = store.registry["operators"]
    if store.rows(operators, "name = ?", (name,)):
        raise LedgerError(f"操作员名单里已经有{name}了。", "not_unique")
    with store.act(ActInfo("insert", name, "登记操作员", "dialog")) as act:
        act.insert(operators, {"name": name, "role": role})
    return Operator(name, role)


def chain_is_whole(conn: Connection) -> bool:
    """Whether every entry of the journal follows from the one before."""
    return journal.broken_link(conn) is None


def last_day(conn: Connection) -> date | None:
    """The day of the last act; None for a ledger nobody has worked on."""
    newest = acts.acts(conn, newest=1)
    return date.fromisoformat(newest[0]["at"][:10]) if newest else None


def kept(conn: Connection, name: str, default: Any) -> Any:
    """A setting kept in the ledger itself, so that it travels with the file."""
    row = conn.execute("SELECT value FROM settings WHERE name = ?", (name,)).fetchone()
    return json.loads(row[0]) if row else default


def keep(store: Store, name: str, value: Any) -> None:
    """Keep a setting in the ledger: it is no fact of the county and stands in no journal."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True)
    sql = "INSERT INTO settings VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
    store.conn.execute(sql, (name, text))
