"""Kill a program at random moments of its work and look at what it left: `run(times, seed, folder)`.

A child does one kind of work over and over and says on its output what it has finished; the parent kills
it (SIGKILL, TerminateProcess) and checks that every file opens and verifies, that no act is there by
half, that nothing said to be finished is lost, and that no file is empty.
"""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Final

from ledger_app.core.entities import LEDGERS
from ledger_app.core.errors import LedgerError
from ledger_app.db import connection
from ledger_app.db.backup import back_up, snapshots
from ledger_app.db.connection import Ledger
from ledger_app.db.migrations import MIGRATIONS, Migration
from ledger_app.db.restore import restore
from ledger_app.db.store import ActInfo, Store
from ledger_app.db.verify import verify

WELLS: Final = LEDGERS["wells"]
BATCH: Final = 1100  # more than one block of the journal
NOW: Final = datetime(2025, 9, 30, 8, tzinfo=UTC)
PROJECT: Final = Path(__file__).parents[1]
GROWN: Final = (
    *MIGRATIONS,
    Migration(
        "killed_while_growing",
        """
        ALTER TABLE points ADD COLUMN grown TEXT;
        UPDATE points SET grown = code || '/' || length(remark);
        CREATE INDEX points_grown ON points(grown, remark);
        """,
    ),
    Migration("killed_while_growing_more", "CREATE INDEX points_grown_more ON points(remark, grown);"),
)


@dataclass
class Summary:
    """How often each kind of work was killed, how much of it was finished before, what was found wrong."""

    kills: dict[str, int] = field(default_factory=dict)
    finished: dict[str, int] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


def run(times: int, seed: int, folder: Path) -> Summary:
    """Kill `times` children, each kind of work in turn, at moments drawn from `seed`."""
    rng = random.Random(seed)
    summary = Summary()
    made_ready = _county(folder)
    works = [list(WORKS)[n % len(WORKS)] for n in range(times)]
    waiting = _started(works[0], folder / "0000", made_ready)
    for n, work in enumerate(works):
        child, place = waiting, folder / f"{n:04d}"
        said = _killed(child, rng.uniform(0, WORKS[work].seconds))
        if n + 1 < times:  # the next one starts up while this one's files are looked at
            waiting = _started(works[n + 1], folder / f"{n + 1:04d}", made_ready)
        summary.kills[work] = summary.kills.get(work, 0) + 1
        summary.finished[work] = summary.finished.get(work, 0) + len(said)
        summary.problems += [f"{n} {work}: {problem}" for problem in _wrong(work, place, said)]
        shutil.rmtree(place, ignore_errors=True)
    return summary


def _county(folder: Path) -> Path:
    """A closed ledger with some wells."""
    path = folder / "ready.ledger"
    with connection.create(path, LEDGERS) as ledger:
        store = ledger.store(ledger.connect(write=True))
        with store.act(ActInfo("import", "张三")) as act:
            act.insert_columns(WELLS, _batch("R"), BATCH)
    return path


def _batch(prefix: str) -> dict[str, list[str]]:
    codes = [f"{prefix}{i}" for i in range(BATCH)]
    return {"code": codes, "remark": ["备注" * 20] * BATCH}


def _started(work: str, place: Path, ledger: Path) -> subprocess.Popen[str]:
    place.mkdir()
    shutil.copy(ledger, place / "a.ledger")
    pipe = subprocess.PIPE
    command = [sys.executable, "-m", "tests.kill_run", work, str(place)]
    return subprocess.Popen(command, text=True, cwd=PROJECT, stdin=pipe, stdout=pipe, stderr=pipe)


def _killed(child: subprocess.Popen[str], seconds: float) -> list[str]:
    """Let a child that is ready work, kill it after `seconds`; what it said to be finished."""
    with child:
        ready = child.stdout.readline() if child.stdout else ""
        if child.stdin and ready:
            child.stdin.write("\n")
            child.stdin.flush()
        time.sleep(seconds)
        child.kill()
        said, failed = child.communicate()
    if ready != "ready\n" or failed:
        return ["failed", failed]
    return [line for line in said.splitlines(keepends=True) if line.endswith("\n")]


# ---- the child's work ------------------------------------------------------------------------------


def _save(place: Path) -> Iterator[str]:
    """Single edits, each of two wells in one act."""
    with connection.open_ledger(place / "a.ledger", LEDGERS) as ledger:
        store = ledger.store(ledger.connect(write=True))
        first, second = (row["uid"] for row in store.rows(WELLS)[:2])
        yield "ready"
        for n in range(100_000):
            with store.act(ActInfo("correct", "张三")) as act:
                act.update(WELLS, first, {"remark": f"{n}"})
                act.update(WELLS, second, {"remark": f"{n}"})
            yield str(n)


def _import(place: Path) -> Iterator[str]:
    """Batches of wells, each one act of two blocks."""
    with connection.open_ledger(place / "a.ledger", LEDGERS) as ledger:
        store = ledger.store(ledger.connect(write=True))
        yield "ready"
        for n in range(1000):
            with store.act(ActInfo("import", "张三")) as act:
                act.insert_columns(WELLS, _batch(f"{n}J"), BATCH)
            yield str(n)


def _back_up(place: Path) -> Iterator[str]:
    """Snapshots in a folder and zips beside it, in turn, while the ledger is written to."""
    with connection.open_ledger(place / "a.ledger", LEDGERS) as ledger:
        store, conn = ledger.store(ledger.connect(write=True)), ledger.connect()
        yield "ready"
        for n in range(1000):
            with store.act(ActInfo("import", "张三")) as act:
                act.insert(WELLS, {"code": f"{n}J"})
            dest = place / (f"{n}.zip" if n % 2 else "b")
            back_up(conn, ledger.path, dest, NOW)
            yield str(n)


def _create(place: Path) -> Iterator[str]:
    """New ledgers."""
    connection.create(place / "first.ledger", LEDGERS).close()
    yield "ready"
    for n in range(1000):
        connection.create(place / f"new{n}.ledger", LEDGERS).close()
        yield f"new{n}.ledger"


def _migrate(place: Path) -> Iterator[str]:
    """A ledger of an older program is brought up to date."""
    import sqlite_utils  # noqa: F401, PLC0415 - loaded before the work begins, so that the work is hit

    yield "ready"
    connection.open_ledger(place / "a.ledger", LEDGERS, migrations=GROWN).close()
    yield "migrated"
    time.sleep(60)


def _restore(place: Path) -> Iterator[str]:
    """Two backups are restored in turn over one ledger."""
    with connection.open_ledger(place / "a.ledger", LEDGERS) as ledger:
        store, conn = ledger.store(ledger.connect(write=True)), ledger.connect()
        backups = [back_up(conn, ledger.path, place / "b", NOW).path]
        with store.act(ActInfo("import", "张三")) as act:
            act.insert_columns(WELLS, _batch("J"), BATCH)
        backups.append(back_up(conn, ledger.path, place / "b.zip", NOW).path)
    yield "ready"
    for n in range(1000):
        restore(backups[n % 2], place / "a.ledger", NOW, overwrite=True)
        yield str(n)


# ---- the parent's look at what is left -------------------------------------------------------------


def _wrong(work: str, place: Path, said: list[str]) -> Iterator[str]:
    if said and said[0] == "failed":
        yield f"failed by itself: {said[1]}"
        return
    files = [p for p in place.rglob("*") if p.suffix in (".ledger", ".zip") and not p.name.startswith(".")]
    yield from (f"{p.name} is empty" for p in files if p.stat().st_size == 0)
    yield from (f"{p.name} is damaged" for p in files if p.suffix == ".zip" and not _sound_zip(p))
    looked_at = [place / "a.ledger", *sorted((p for p in files if p.suffix == ".ledger"), key=_age)[-2:]]
    for path in dict.fromkeys(looked_at):
        yield from _wrong_inside(work, path, said)


def _sound_zip(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as package:
            return package.testzip() is None
    except zipfile.BadZipFile:
        return False


def _age(path: Path) -> float:
    return path.stat().st_mtime


def _wrong_inside(work: str, path: Path, said: list[str]) -> Iterator[str]:
    try:
        migrations = GROWN if work == "migrate" else MIGRATIONS
        with connection.open_ledger(path, LEDGERS, migrations=migrations) as ledger:
            if ledger.read_only:
                yield f"{path.name}: the lock is still held"
                return
            found = verify(ledger.connect(), path, LEDGERS, migrations)
            if not found.whole:
                yield f"{path.name}: {found}"
            store = ledger.store(ledger.connect(write=True))
            yield from (f"{path.name}: {p}" for p in WORKS[work].look(store, ledger, said))
            with store.act(ActInfo("correct", "李四")) as act:  # and work goes on
                act.insert(WELLS, {"code": "afterwards"})
    except LedgerError as error:
        yield f"{path.name}: {error.text}"


def _both_or_none(store: Store, ledger: Ledger, said: list[str]) -> Iterator[str]:
    one, other = (row["remark"] for row in store.rows(WELLS)[:2])
    if one != other:
        yield f"half an act: {one} and {other}"
    if said and int(said[-1]) > int(one):
        yield f"{said[-1].strip()} was finished, {one} is there"


def _whole_batches(store: Store, ledger: Ledger, said: list[str]) -> Iterator[str]:
    count = len(store.rows(WELLS))
    if count % BATCH:
        yield f"half a batch: {count} wells"
    if count < (len(said) + 1) * BATCH:
        yield f"{len(said)} batches were finished, {count} wells are there"


def _grown(store: Store, ledger: Ledger, said: list[str]) -> Iterator[str]:
    full = store.conn.execute("SELECT COUNT(grown) FROM points").fetchone()[0]
    if full != BATCH:
        yield f"{full} rows have the new column"


def _as_finished(store: Store, ledger: Ledger, said: list[str]) -> Iterator[str]:
    place = ledger.path.parent
    if len(snapshots(place / "b", ledger.path)) < (len(said) + 1) // 2 and ledger.path.name == "a.ledger":
        yield "a finished backup is gone"


def _whole_or_half_county(store: Store, ledger: Ledger, said: list[str]) -> Iterator[str]:
    if len(store.rows(WELLS)) not in (BATCH, 2 * BATCH):
        yield "neither the one nor the other backup"


def _nothing_lost(store: Store, ledger: Ledger, said: list[str]) -> Iterator[str]:
    yield from (f"{line} is gone" for line in said if not (ledger.path.parent / line.strip()).exists())


@dataclass(frozen=True)
class Work:
    """A kind of work, the look at what it left, and within how many seconds it is killed."""

    do: Callable[[Path], Iterator[str]]
    look: Callable[[Store, Ledger, list[str]], Iterator[str]]
    seconds: float


WORKS: Final[Mapping[str, Work]] = MappingProxyType(
    {
        "save": Work(_save, _both_or_none, 0.1),
        "import": Work(_import, _whole_batches, 0.4),
        "back_up": Work(_back_up, _as_finished, 0.4),
        "migrate": Work(_migrate, _grown, 0.15),
        "create": Work(_create, _nothing_lost, 0.2),
        "restore": Work(_restore, _whole_or_half_county, 0.4),
    }
)


def main() -> None:
    work, place = sys.argv[1:]
    for line in WORKS[work].do(Path(place)):
        print(line, flush=True)
        if line == "ready":
            sys.stdin.readline()


if __name__ == "__main__":
    main()
