"""Automatic backups: when something changed, to every folder, thinned as time goes by."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from ledger_app.core.entities import LEDGERS
from ledger_app.core.errors import LedgerError
from ledger_app.db import connection
from ledger_app.db.automatic import automatic, before_migration, surplus
from ledger_app.db.backup import REASONS, Snapshot, back_up
from ledger_app.db.connection import Ledger, open_ledger
from ledger_app.db.migrations import MIGRATIONS, Migration
from ledger_app.db.restore import HOLD, release
from ledger_app.db.store import Store
from tests.db.county import County, edit

MORNING = datetime(2025, 9, 30, 8, tzinfo=UTC)


def names(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.glob("*.ledger"))


def test_a_backup_is_made_only_when_something_changed(
    ledger: Ledger, store: Store, county: County, tmp_path: Path
) -> None:
    folder, conn = tmp_path / "b", ledger.connect()
    first = automatic(conn, ledger.path, [folder], MORNING)
    unchanged = automatic(conn, ledger.path, [folder], MORNING + timedelta(minutes=30))
    edit(store, county.wells[0], remark="x")
    changed = automatic(conn, ledger.path, [folder], MORNING + timedelta(hours=1), "closing")
    assert (len(first.made), unchanged.made, len(changed.made)) == (1, (), 1)
    assert names(folder) == ["新旗-20250930-080000-自动.ledger", "新旗-20250930-090000-关闭.ledger"]


def test_a_newest_backup_that_cannot_be_read_is_no_backup(
    ledger: Ledger, store: Store, county: County, tmp_path: Path
) -> None:
    conn = ledger.connect()
    made = automatic(conn, ledger.path, [tmp_path / "b"], MORNING).made[0]
    made.write_bytes(b"\0" * 5000)
    assert automatic(conn, ledger.path, [tmp_path / "b"], MORNING + timedelta(minutes=30)).made


def test_a_second_folder_that_is_away_is_reported_and_not_fatal(
    ledger: Ledger, store: Store, county: County, tmp_path: Path
) -> None:
    done = automatic(ledger.connect(), ledger.path, [tmp_path / "b", tmp_path / "stick" / "b"], MORNING)
    assert [p.parent.name for p in done.made] == ["b"]
    assert len(done.problems) == 1
    assert "没有接上" in done.problems[0]


def test_a_first_folder_that_is_away_is_an_error_but_the_second_gets_its_copy(
    ledger: Ledger, store: Store, county: County, tmp_path: Path
) -> None:
    with pytest.raises(LedgerError, match="没有接上"):
        automatic(ledger.connect(), ledger.path, [tmp_path / "stick" / "b", tmp_path / "b"], MORNING)
    assert len(names(tmp_path / "b")) == 1


def test_a_stopped_round_stops(ledger: Ledger, store: Store, county: County, tmp_path: Path) -> None:
    def stop(done: int, total: int) -> None:
        raise LedgerError("已停止。", "stopped")

    with pytest.raises(LedgerError, match="已停止"):
        automatic(ledger.connect(), ledger.path, [tmp_path / "b", tmp_path / "c"], MORNING, progress=stop)
    assert not (tmp_path / "c").exists()


def test_old_backups_are_thinned_and_those_made_by_hand_stay(
    ledger: Ledger, store: Store, county: County, tmp_path: Path
) -> None:
    folder, conn = tmp_path / "b", ledger.connect()
    for hour in range(3):
        edit(store, county.wells[0], remark=f"{hour}")
        automatic(conn, ledger.path, [folder], MORNING + timedelta(hours=hour))
    back_up(conn, ledger.path, folder, MORNING)
    edit(store, county.wells[0], remark="next week")
    done = automatic(conn, ledger.path, [folder], MORNING + timedelta(days=7))
    assert len(done.removed) == 2
    assert names(folder) == [
        "新旗-20250930-080000-手动.ledger",
        "新旗-20250930-100000-自动.ledger",
        "新旗-20251007-080000-自动.ledger",
    ]


def test_nothing_is_pruned_after_a_restore_until_the_clerk_says_so(
    ledger: Ledger, store: Store, county: County, tmp_path: Path
) -> None:
    folder, conn = tmp_path / "b", ledger.connect()
    for hour in range(3):
        edit(store, county.wells[0], remark=f"{hour}")
        automatic(conn, ledger.path, [folder], MORNING + timedelta(hours=hour))
    store.conn.execute("INSERT INTO settings VALUES (?, '2025-10-01')", (HOLD,))
    assert automatic(conn, ledger.path, [folder], MORNING + timedelta(days=7)).removed == ()
    release(store.conn)
    assert len(automatic(conn, ledger.path, [folder], MORNING + timedelta(days=7)).removed) == 2


def test_another_ledger_of_the_same_name_keeps_its_backups(
    ledger: Ledger, store: Store, county: County, tmp_path: Path
) -> None:
    folder = tmp_path / "b"
    for hour in range(3):
        edit(store, county.wells[0], remark=f"{hour}")
        automatic(ledger.connect(), ledger.path, [folder], MORNING + timedelta(hours=hour))
    other = tmp_path / "other" / ledger.path.name
    other.parent.mkdir()
    with connection.create(other, LEDGERS, origin="bbbbbb") as opened:
        done = automatic(opened.connect(), other, [folder], MORNING + timedelta(days=7))
    assert (len(done.made), done.removed) == (1, ())
    assert len(names(folder)) == 4


def test_an_older_ledger_is_backed_up_before_it_is_brought_up_to_date(
    ledger: Ledger, store: Store, county: County, tmp_path: Path
) -> None:
    ledger.close()
    more = Migration("test_more", "ALTER TABLE points ADD COLUMN more TEXT;")
    hook = before_migration([tmp_path / "b"], lambda: MORNING)
    open_ledger(ledger.path, LEDGERS, migrations=(*MIGRATIONS, more), before_migration=hook).close()
    assert names(tmp_path / "b") == ["新旗-20250930-080000-升级前.ledger"]
    assert connection.schema_version(tmp_path / "b" / names(tmp_path / "b")[0]) == len(MIGRATIONS)
    assert connection.schema_version(ledger.path) == len(MIGRATIONS) + 1


# ---- thinning over the years -----------------------------------------------------------------------


def working_hours(first: date, days: int) -> Iterator[datetime]:
    """Every half hour of every working day."""
    for day in (first + timedelta(n) for n in range(days)):
        if day.weekday() < 5:
            start = datetime(day.year, day.month, day.day, 8)  # noqa: DTZ001 - the clerk's own clock
            yield from (start + timedelta(minutes=30 * n) for n in range(20))


def taken(at: datetime, reason: str = "automatic") -> Snapshot:
    return Snapshot(Path(f"{at:%Y%m%d-%H%M%S}"), at, REASONS[reason])


@pytest.fixture(scope="module")
def years() -> list[Snapshot]:
    """What is left of two and a half years of half-hourly backups, thinned after each working day."""
    left: list[Snapshot] = []
    for at in working_hours(date(2023, 1, 2), 900):
        left.append(taken(at))
        if at.hour == 17 and at.minute == 30:
            gone = set(surplus(left, at))
            left = [s for s in left if s not in gone]
    return left


def test_the_last_day_is_kept_whole(years: list[Snapshot]) -> None:
    now = years[-1].at
    assert len([s for s in years if s.at > now - timedelta(hours=24)]) == 20


def test_two_weeks_are_kept_by_day_eight_by_week_and_all_by_month(years: list[Snapshot]) -> None:
    now = years[-1].at
    kept = [s.at for s in years]
    days = {at.date() for at in kept if now - timedelta(14) < at < now - timedelta(1)}
    assert len(days) == 8  # of the working days that are neither today nor yesterday
    weeks = {at.isocalendar()[:2] for at in kept if now - timedelta(weeks=8) < at <= now - timedelta(14)}
    assert len(weeks) >= 6
    months = {(at.year, at.month) for at in kept}
    assert months == {
        (y, m) for y in (2023, 2024, 2025) for m in range(1, 13) if (y, m) <= (now.year, now.month)
    }
    assert len(kept) < 20 + 10 + 8 + 31


def test_of_an_old_month_its_last_backup_is_kept(years: list[Snapshot]) -> None:
    old = [s.at for s in years if s.at.year == 2023]
    assert len(old) == 12
    assert [str(at) for at in old[:2]] == ["2023-01-31 17:30:00", "2023-02-28 17:30:00"]


def test_the_newest_stays_however_old_it_is() -> None:
    old = datetime(2020, 5, 1)  # noqa: DTZ001
    found = [taken(old), taken(old + timedelta(hours=1)), taken(old + timedelta(hours=2), "manual")]
    assert surplus(found, datetime(2025, 1, 1)) == found[:1]  # noqa: DTZ001


def test_a_clock_that_went_back_prunes_nothing() -> None:
    now = datetime(2025, 1, 1)  # noqa: DTZ001
    assert surplus([taken(now + timedelta(days=n)) for n in range(5)], now) == []


@pytest.mark.parametrize("reason", ["manual", "restore"])
def test_what_was_made_by_hand_or_before_a_restore_is_never_pruned(reason: str) -> None:
    old = datetime(2020, 5, 1)  # noqa: DTZ001
    assert surplus([taken(old + timedelta(hours=n), reason) for n in range(9)], datetime(2025, 1, 1)) == []  # noqa: DTZ001
