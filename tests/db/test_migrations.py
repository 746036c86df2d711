"""The schema grows by migrations: backed up before, whole or not at all, replayed at their place."""

from __future__ import annotations

import dataclasses
import sqlite3
from pathlib import Path

import pytest

from ledger_app.core.entities import LEDGERS
from ledger_app.core.entity import Entity, Registry
from ledger_app.core.errors import LedgerError
from ledger_app.core.fields import Date, Number, Ref, Text
from ledger_app.db import connection, journal
from ledger_app.db.connection import Ledger
from ledger_app.db.migrations import MIGRATIONS, Migration
from ledger_app.db.queries import listing
from ledger_app.db.store import Store
from ledger_app.db.undo import CannotUndo, undo
from ledger_app.db.verify import verify
from tests.db.county import WELLS, County, edit, fill, info, ticking

INSPECTED = Migration(
    "test_inspected",
    """
    ALTER TABLE points ADD COLUMN inspected TEXT;
    -- a semicolon; in a comment, and one in a text
    UPDATE points SET inspected = 'J;' || substr(code, -4) WHERE status = '停用'
    """,
)
INSPECTABLE = dataclasses.replace(WELLS, fields=(*WELLS.fields, Text(name="inspected", label="巡查")))
GROWN = Registry(INSPECTABLE if entity is WELLS else entity for entity in LEDGERS)

REGIONS_REBUILT = Migration(
    "test_regions_rebuilt",
    """
    CREATE TABLE new_regions (
        id INTEGER PRIMARY KEY,
        uid TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL CHECK (name <> ''),
        code TEXT,
        level TEXT,
        parent_uid TEXT REFERENCES regions(uid) ON DELETE RESTRICT,
        valid_from TEXT,
        valid_to TEXT,
        successor_uid TEXT REFERENCES regions(uid) ON DELETE RESTRICT
    ) STRICT;
    INSERT INTO new_regions (id, uid, name, code, level, parent_uid, valid_from, valid_to, successor_uid)
        SELECT id, uid, name, code, level, parent_uid, valid_from, valid_to, successor_uid FROM regions;
    DROP TABLE regions;
    ALTER TABLE new_regions RENAME TO regions;
    CREATE INDEX regions_parent_uid ON regions(parent_uid) WHERE parent_uid IS NOT NULL;
    CREATE INDEX regions_successor_uid ON regions(successor_uid) WHERE successor_uid IS NOT NULL;
    """,
)

GAUGES = Entity(
    name="gauges",
    label="雨量站",
    counter="处",
    group="台账",
    icon="gauge",
    key=("code",),
    title=("code", "name"),
    fields=(
        Text(name="code", label="站号", required=True),
        Text(name="name", label="站名"),
        Ref(name="village", label="嘎查村", target="regions", stated=True),
        Number(name="rain_mm", label="年降水量", unit="mm", places=1),
        Date(name="built_on", label="建成日期", partial=True),
    ),
)
GAUGES_TABLE = Migration(
    "test_gauges",
    """
    CREATE TABLE gauges (
        id INTEGER PRIMARY KEY,
        uid TEXT NOT NULL UNIQUE,
        code TEXT NOT NULL UNIQUE,
        name TEXT,
        village_uid TEXT REFERENCES regions(uid) ON DELETE RESTRICT,
        village_stated TEXT,
        rain_mm REAL,
        built_on TEXT
    ) STRICT;
    CREATE INDEX gauges_village_uid ON gauges(village_uid);
    """,
)


@pytest.fixture
def old(store: Store, county: County, ledger: Ledger) -> Path:
    """A closed ledger of today's schema, with a well out of use."""
    edit(store, county.wells[0], status="停用")
    ledger.close()
    return ledger.path


def grown(path: Path, *more: Migration, registry: Registry = LEDGERS) -> Ledger:
    return connection.open_ledger(path, registry, migrations=(*MIGRATIONS, *more), clock=ticking())


def whole(ledger: Ledger) -> bool:
    return verify(ledger.connect(), ledger.path, ledger.registry, ledger.migrations).whole


def test_a_migration_with_data_replays_at_its_place_among_the_acts(old: Path, county: County) -> None:
    with grown(old, INSPECTED, registry=GROWN) as ledger:
        store = ledger.store(ledger.connect(write=True))
        first, second = county.wells[:2]
        assert [store.get(INSPECTABLE, uid)["inspected"] for uid in (first, second)] == ["J;0000", None]  # type: ignore[index]
        with store.act(info()) as act:
            act.update(INSPECTABLE, first, {"inspected": "李四", "status": "正常使用"})
        assert whole(ledger)
        kinds = [e.kind for e in journal.entries(store.conn)]
        assert kinds[-3:] == ["update", "migration", "update"]
    with grown(old, INSPECTED, registry=GROWN) as ledger:
        assert whole(ledger)


def test_an_act_from_before_a_migration_can_be_undone_after_it(old: Path, county: County) -> None:
    with grown(old, INSPECTED, registry=GROWN) as ledger:
        store = ledger.store(ledger.connect(write=True))
        last = store.conn.execute("SELECT act_uid FROM d_acts ORDER BY number DESC").fetchone()[0]
        undo(store, last, "李四")
        back = undo(store, county.act_uid, "李四")
        undo(store, back.uid, "李四")
        kept = store.get(INSPECTABLE, county.wells[0])
        assert kept is not None
        assert kept["inspected"] == "J;0000"
        assert whole(ledger)


def test_an_act_on_a_column_a_migration_took_away_cannot_be_undone(old: Path, county: County) -> None:
    with grown(old, INSPECTED, registry=GROWN) as ledger:
        store = ledger.store(ledger.connect(write=True))
        with store.act(info()) as act:
            act.update(INSPECTABLE, county.wells[1], {"inspected": "李四"})
    gone = Migration("test_gone", "ALTER TABLE points DROP COLUMN inspected;")
    with grown(old, INSPECTED, gone) as ledger:
        store = ledger.store(ledger.connect(write=True))
        with pytest.raises(CannotUndo, match="在台账升级时改过"):
            undo(store, act.uid, "李四")
        assert whole(ledger)


def test_a_table_that_is_referred_to_can_be_rebuilt(old: Path, county: County) -> None:
    with grown(old, REGIONS_REBUILT) as ledger:
        store = ledger.store(ledger.connect(write=True))
        assert store.conn.execute("PRAGMA foreign_keys").fetchone() == (1,)
        with pytest.raises(LedgerError, match="引用着它"), store.act(info()) as act:
            act.delete(LEDGERS["regions"], county.villages[0])
        assert whole(ledger)


def test_a_migration_that_would_break_a_reference_changes_nothing(old: Path) -> None:
    before = old.read_bytes()
    broken = Migration("test_broken", "DELETE FROM regions;")
    with pytest.raises(sqlite3.IntegrityError, match="test_broken breaks a reference"):
        grown(old, broken)
    with connection.open_ledger(old, LEDGERS) as ledger:
        assert whole(ledger)
    assert connection.schema_version(old) == len(MIGRATIONS)
    assert len(old.read_bytes()) == len(before)


def test_a_migration_that_fails_half_way_changes_nothing_and_lets_go_of_the_file(old: Path) -> None:
    broken = Migration(
        "test_broken", "ALTER TABLE points ADD COLUMN x TEXT;\nUPDATE points SET missing = 1;\n"
    )
    with pytest.raises(sqlite3.OperationalError, match="no such column"):
        grown(old, broken)
    with connection.open_ledger(old, LEDGERS) as ledger:
        assert not ledger.read_only
        names = {row[1] for row in ledger.connect().execute("PRAGMA table_info(points)")}
        assert "x" not in names
        assert whole(ledger)


def test_the_migrations_before_a_failing_one_stay(old: Path) -> None:
    broken = Migration("test_broken", "UPDATE points SET missing = 1;\n")
    with pytest.raises(sqlite3.OperationalError):
        grown(old, INSPECTED, broken, registry=GROWN)
    assert connection.schema_version(old) == len(MIGRATIONS) + 1
    with grown(old, INSPECTED, registry=GROWN) as ledger:
        assert whole(ledger)


def test_a_backup_can_be_made_before_the_schema_changes(old: Path) -> None:
    seen: list[tuple[Path, int]] = []
    connection.open_ledger(
        old,
        GROWN,
        migrations=(*MIGRATIONS, INSPECTED),
        before_migration=lambda path: seen.append((path, connection.schema_version(path))),
    ).close()
    assert seen == [(old, len(MIGRATIONS))]
    connection.open_ledger(
        old, GROWN, migrations=(*MIGRATIONS, INSPECTED), before_migration=lambda path: seen.append((path, 0))
    ).close()
    assert len(seen) == 1


def test_a_failing_backup_keeps_the_schema_as_it_was(old: Path) -> None:
    def refuse(_: Path) -> None:
        raise LedgerError("备份没有成功。")

    with pytest.raises(LedgerError, match="备份没有成功"):
        connection.open_ledger(old, GROWN, migrations=(*MIGRATIONS, INSPECTED), before_migration=refuse)
    assert connection.schema_version(old) == len(MIGRATIONS)


def test_an_older_ledger_is_not_opened_where_it_cannot_be_brought_up_to_date(old: Path) -> None:
    with pytest.raises(LedgerError, match="旧版本，需要升级") as refused:
        connection.open_ledger(old, GROWN, migrations=(*MIGRATIONS, INSPECTED), read_only=True)
    assert refused.value.code == "read_only"


def test_a_ledger_of_a_newer_program_is_refused(old: Path) -> None:
    grown(old, INSPECTED, registry=GROWN).close()
    with pytest.raises(LedgerError, match="更新版本的程序") as refused:
        connection.open_ledger(old, LEDGERS)
    assert refused.value.code == "newer_ledger"


def test_a_new_plain_ledger_costs_one_declaration_and_one_migration(tmp_path: Path) -> None:
    registry = Registry((*LEDGERS, GAUGES))
    migrations = (*MIGRATIONS, GAUGES_TABLE)
    with connection.create(tmp_path / "a.ledger", registry, migrations=migrations, clock=ticking()) as ledger:
        store = ledger.store(ledger.connect(write=True))
        county = fill(store)
        with store.act(info("register")) as act:
            uid, other = act.insert_many(
                GAUGES,
                [
                    {"code": "G1", "name": "大圣站", "village_uid": county.villages[0], "rain_mm": 180.25},
                    {"code": "G2", "village_stated": "外旗某村", "built_on": "2012-05"},
                ],
            )
        with store.act(info()) as edited:
            edited.update_many(GAUGES, {uid: {"code": "G2"}, other: {"code": "G1"}})
        told = [(c.column, c.old, c.new) for c in journal.history(store.conn, "gauges", uid)]
        assert ("rain_mm", None, 180.2) in told
        assert told[-1] == ("code", "G1", "G2")
        ids = listing.row_ids(store.conn, registry, GAUGES, listing.Query())
        rows = listing.page(store.conn, registry, GAUGES, ids)
        assert [(r["code"], r["name"], r["rain_mm"]) for r in rows] == [
            ("G1", None, None),
            ("G2", "大圣站", 180.2),
        ]
        assert rows[1]["village"] == "大圣村"
        searched = listing.Query(search="大圣")
        assert listing.count(store.conn, registry, GAUGES, searched) == 1
        with pytest.raises(CannotUndo, match="雨量站 G1 后来又改过"):
            undo(store, act.uid, "李四")
        with pytest.raises(CannotUndo, match="已被雨量站引用"):
            undo(store, county.act_uid, "李四")
        undo(store, edited.uid, "李四")
        undo(store, act.uid, "李四")
        assert store.rows(GAUGES) == []
        assert listing.count(store.conn, registry, GAUGES, listing.Query()) == 0
        assert whole(ledger)


def test_an_existing_ledger_takes_a_new_one_in(old: Path) -> None:
    registry = Registry((*LEDGERS, GAUGES))
    with grown(old, GAUGES_TABLE, registry=registry) as ledger:
        store = ledger.store(ledger.connect(write=True))
        with store.act(info()) as act:
            act.insert(GAUGES, {"code": "G1"})
        assert whole(ledger)
