"""Opening: one writer a file, refusals as sentences, places that cannot be written, a full disk."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ledger_app.core.entities import LEDGERS
from ledger_app.core.errors import LedgerError
from ledger_app.db import connection, journal, lock
from ledger_app.db.connection import Ledger, open_ledger
from ledger_app.db.migrations import MIGRATIONS
from ledger_app.db.store import Store
from ledger_app.db.verify import verify
from tests.db.county import REGIONS, WELLS, County, edit, info, ticking

PROJECT = Path(__file__).parents[2]
HOLDER = """
import sys, time
from pathlib import Path
from ledger_app.core.entities import LEDGERS
from ledger_app.db import connection
ledger = connection.open_ledger(Path(sys.argv[1]), LEDGERS)
print("read only" if ledger.read_only else "held", flush=True)
time.sleep(60)
"""
LOOK = """
import json, os, sys
from pathlib import Path
from ledger_app.core.entities import LEDGERS
from ledger_app.core.errors import LedgerError
from ledger_app.db import connection
from ledger_app.db.verify import verify
if os.geteuid() == 0:  # root may write anywhere, so it looks as nobody
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
try:
    with connection.open_ledger(Path(sys.argv[1]), LEDGERS) as ledger:
        store = ledger.store(ledger.connect())
        rows = store.rows(LEDGERS["wells"])
        try:
            ledger.connect(write=True)
            refused = ""
        except LedgerError as error:
            refused = error.text
        whole = verify(store.conn, ledger.path, LEDGERS, ledger.migrations).whole
        print(json.dumps({"wells": len(rows), "remark": rows[0]["remark"], "refused": refused, "whole": whole}))
except LedgerError as error:
    print(json.dumps({"error": error.text, "code": error.code}))
"""


@pytest.fixture
def closed(store: Store, county: County, ledger: Ledger) -> Path:
    """The small county in a file that nobody has open."""
    ledger.close()
    return ledger.path


def refusal(path: Path) -> tuple[str, str]:
    with pytest.raises(LedgerError) as refused:
        open_ledger(path, LEDGERS)
    return refused.value.code, refused.value.text


def beside(path: Path) -> list[str]:
    return sorted(p.name for p in path.parent.iterdir())


# ---- creating --------------------------------------------------------------------------------------


def test_a_new_ledger_is_set_up_for_safety(ledger: Ledger) -> None:
    conn = ledger.connect(write=True)
    settings = {
        name: conn.execute(f"PRAGMA {name}").fetchone()[0]
        for name in (
            "journal_mode",
            "synchronous",
            "foreign_keys",
            "page_size",
            "application_id",
            "user_version",
        )
    }
    assert settings == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "page_size": connection.PAGE_SIZE,
        "application_id": connection.APPLICATION_ID,
        "user_version": len(MIGRATIONS),
    }


def test_creating_leaves_one_file_and_its_lock(closed: Path) -> None:
    assert beside(closed) == ["新旗.ledger", "新旗.ledger.lock"]


def test_an_existing_file_is_never_overwritten(closed: Path) -> None:
    before = closed.read_bytes()
    with pytest.raises(LedgerError, match="已经存在，不会覆盖") as refused:
        connection.create(closed, LEDGERS)
    assert refused.value.code == "exists"
    assert closed.read_bytes() == before


def test_a_file_that_appears_meanwhile_is_not_overwritten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.ledger"
    make = connection._make

    def make_slowly(*arguments: object) -> None:
        make(*arguments)  # type: ignore[arg-type]
        path.write_text("somebody else's")

    monkeypatch.setattr(connection, "_make", make_slowly)
    with pytest.raises(LedgerError, match="已经存在"):
        connection.create(path, LEDGERS)
    assert path.read_text() == "somebody else's"
    assert beside(path) == ["a.ledger", "a.ledger.lock"]


def test_a_disk_without_hard_links_takes_a_new_ledger_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_links(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", no_links)
    connection.create(tmp_path / "a.ledger", LEDGERS).close()
    open_ledger(tmp_path / "a.ledger", LEDGERS).close()


def test_a_missing_folder_is_said(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="这个文件夹") as refused:
        connection.create(tmp_path / "nowhere" / "a.ledger", LEDGERS)
    assert refused.value.code == "no_folder"


def test_what_a_killed_creation_left_is_used_up(tmp_path: Path) -> None:
    (tmp_path / ".a.ledger.part").write_bytes(b"half")
    (tmp_path / ".a.ledger.part-wal").write_bytes(b"half")
    connection.create(tmp_path / "a.ledger", LEDGERS).close()
    assert beside(tmp_path / "a.ledger") == ["a.ledger", "a.ledger.lock"]


# ---- what is no ledger -----------------------------------------------------------------------------


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    assert refusal(tmp_path / "nothing.ledger")[0] == "no_file"
    assert refusal(tmp_path)[0] == "no_file"


def test_an_empty_file_is_no_ledger(tmp_path: Path) -> None:
    path = tmp_path / "a.ledger"
    path.touch()
    assert refusal(path) == ("not_a_ledger", "a.ledger 是空文件，里面什么都没有。请用最近的备份恢复。")
    assert beside(path) == ["a.ledger"]


@pytest.mark.parametrize("content", [b"x", b"PK\x03\x04" + bytes(500), "乡镇,村\n".encode("gb18030") * 50])
def test_another_kind_of_file_is_no_ledger(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.ledger"
    path.write_bytes(content)
    assert refusal(path) == ("not_a_ledger", "a.ledger 不是台账文件。")
    assert beside(path) == ["a.ledger"]
    assert path.read_bytes() == content


def test_a_database_of_another_program_is_no_ledger_and_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "a.ledger"
    conn = sqlite3.connect(path)
    conn.execute("CREATE TABLE points (x)")
    conn.close()
    before = path.read_bytes()
    assert refusal(path) == ("not_a_ledger", "a.ledger 是别的程序的数据库，不是台账文件。")
    assert path.read_bytes() == before
    assert beside(path) == ["a.ledger"]


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        (lambda data: b"\0" * 16 + data[16:], "not_a_ledger"),
        (lambda data: data[:68] + b"\0\0\0\0" + data[72:], "not_a_ledger"),
        (lambda data: data[:18] + b"\x09\x09" + data[20:], "damaged_ledger"),
        (lambda data: data[:100] + b"\xff" * 200 + data[300:], "damaged_ledger"),
        (lambda data: data[: len(data) // 2], "damaged_ledger"),
        (lambda data: data[:100], "damaged_ledger"),
    ],
    ids=["magic", "application", "format", "schema page", "half a file", "header only"],
)
def test_a_damaged_file_is_refused_with_a_sentence(
    closed: Path, damage: Callable[[bytes], bytes], code: str
) -> None:
    closed.write_bytes(damage(closed.read_bytes()))
    found, text = refusal(closed)
    assert found == code
    assert text.startswith("新旗.ledger ")
    assert "备份恢复" in text or "不是台账" in text


# ---- one writer ------------------------------------------------------------------------------------


def test_a_second_opening_is_read_only_and_says_who_has_it(
    ledger: Ledger, store: Store, county: County
) -> None:
    with open_ledger(ledger.path, LEDGERS) as second:
        assert second.read_only
        said = json.loads((ledger.path.parent / "新旗.ledger.lock").read_text(encoding="utf-8")[1:])
        assert said["who"] in second.read_only_because
        assert said["machine"] in second.read_only_because
        assert said["since"] in second.read_only_because
        assert len(second.store(second.connect()).rows(WELLS)) == 12
        with pytest.raises(LedgerError, match="正由") as refused:
            second.connect(write=True)
        assert refused.value.code == "read_only"
        edit(store, county.wells[0], remark="seen at once")
        row = second.store(second.connect()).get(WELLS, county.wells[0])
        assert row is not None
        assert row["remark"] == "seen at once"


def test_the_lock_is_free_after_closing(ledger: Ledger) -> None:
    ledger.close()
    with open_ledger(ledger.path, LEDGERS) as again:
        assert not again.read_only


def test_another_name_for_the_file_does_not_get_round_the_lock(ledger: Ledger, tmp_path: Path) -> None:
    link = tmp_path / "link.ledger"
    try:
        link.symlink_to(ledger.path)
    except OSError:
        pytest.skip("no symbolic links here")
    with open_ledger(link, LEDGERS) as second:
        assert second.read_only


def test_the_lock_of_a_killed_program_is_free(closed: Path) -> None:
    command = [sys.executable, "-c", HOLDER, str(closed)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=PROJECT) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with open_ledger(closed, LEDGERS) as second:
            assert second.read_only
        holder.kill()
        holder.wait()
        with open_ledger(closed, LEDGERS) as again:
            assert not again.read_only


def test_the_lock_holds_even_if_it_cannot_say_whose_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full() -> dict[str, str]:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(lock, "_me", full)
    held, _ = lock.take(tmp_path / "a.ledger")
    assert held
    assert lock.take(tmp_path / "a.ledger") == (None, "另一个窗口")
    held.release()


def test_reading_only_takes_no_lock(closed: Path) -> None:
    with open_ledger(closed, LEDGERS, read_only=True) as reading, open_ledger(closed, LEDGERS) as writing:
        assert reading.read_only
        assert not writing.read_only
        with pytest.raises(LedgerError, match="只读"):
            reading.connect(write=True)


# ---- places that cannot be written -----------------------------------------------------------------


@pytest.fixture
def shelf() -> Iterator[Path]:
    """A folder that other users of the machine may enter."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder
        folder.chmod(0o755)


def looked(path: Path) -> dict[str, object]:
    """What a program without rights sees."""
    if os.name != "posix":
        pytest.skip("folder permissions are another matter here")
    command = [sys.executable, "-B", "-c", LOOK, str(path)]
    run = subprocess.run(command, capture_output=True, text=True, cwd=PROJECT, check=False)
    assert run.returncode == 0, run.stderr
    found: dict[str, object] = json.loads(run.stdout)
    return found


def test_a_ledger_in_a_read_only_folder_is_read(closed: Path, shelf: Path) -> None:
    shutil.copy(closed, shelf / "a.ledger")
    shelf.chmod(0o555)
    found = looked(shelf / "a.ledger")
    assert found.pop("refused") == "台账文件是只读的（或所在文件夹不能写），以只读方式打开。"
    assert found == {"wells": 12, "remark": None, "whole": True}
    assert [p.name for p in shelf.iterdir()] == ["a.ledger"]


def test_a_read_only_file_is_read_and_leaves_nothing_beside_it(closed: Path, shelf: Path) -> None:
    shutil.copy(closed, shelf / "a.ledger")
    (shelf / "a.ledger").chmod(0o444)
    shelf.chmod(0o777)
    assert looked(shelf / "a.ledger")["whole"] is True
    assert [p.name for p in shelf.iterdir()] == ["a.ledger"]


def test_a_file_that_is_open_elsewhere_is_read_with_its_latest_acts(
    ledger: Ledger, store: Store, county: County, shelf: Path
) -> None:
    path = shelf / "a.ledger"
    connection.create(path, LEDGERS, clock=ticking()).close()
    with open_ledger(path, LEDGERS) as opened:
        writer = opened.store(opened.connect(write=True))
        with writer.act(info()) as act:
            act.insert(WELLS, {"code": "J1", "remark": "latest"})
        shelf.chmod(0o555)
        assert looked(path) | {"refused": ""} == {
            "wells": 1,
            "remark": "latest",
            "refused": "",
            "whole": True,
        }


def test_a_log_that_cannot_be_read_in_is_never_passed_over(
    store: Store, county: County, ledger: Ledger, shelf: Path
) -> None:
    for suffix in ("", "-wal"):
        shutil.copy(f"{ledger.path}{suffix}", shelf / f"a.ledger{suffix}")
    shelf.chmod(0o555)
    found = looked(shelf / "a.ledger")
    assert found["code"] == "cannot_open"
    assert "没有正常关闭" in str(found["error"])


# ---- the write-ahead log ---------------------------------------------------------------------------


def test_closing_brings_everything_into_the_one_file(
    ledger: Ledger, store: Store, county: County, tmp_path: Path
) -> None:
    reader = ledger.connect()
    reader.execute("SELECT COUNT(*) FROM points").fetchone()
    assert Path(f"{ledger.path}-wal").stat().st_size > 0
    ledger.close()
    assert beside(ledger.path) == ["新旗.ledger", "新旗.ledger.lock"]
    shutil.copy(ledger.path, tmp_path / "copy.ledger")
    with open_ledger(tmp_path / "copy.ledger", LEDGERS) as copy:
        assert len(copy.store(copy.connect()).rows(WELLS)) == 12


def test_the_bare_file_copied_while_open_is_an_earlier_but_whole_ledger(
    ledger: Ledger, store: Store, county: County, tmp_path: Path
) -> None:
    store.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    head = journal.head(store.conn)
    edit(store, county.wells[0], remark="only in the log")
    shutil.copy(ledger.path, tmp_path / "copy.ledger")
    with open_ledger(tmp_path / "copy.ledger", LEDGERS) as copy:
        found = verify(copy.connect(), copy.path, LEDGERS, MIGRATIONS)
    assert (found.whole, found.head) == (True, head)


def test_the_log_of_a_large_import_does_not_stay_large(ledger: Ledger, store: Store) -> None:
    with store.act(info("import")) as act:
        act.insert_many(WELLS, [{"code": f"J{i}", "remark": "长" * 3000} for i in range(4000)])
    wal = Path(f"{ledger.path}-wal")
    assert wal.stat().st_size > 32 << 20
    store.conn.execute("PRAGMA wal_checkpoint(RESTART)")
    with store.act(info()) as act:
        act.insert(REGIONS, {"name": "村"})
    assert wal.stat().st_size <= 32 << 20


# ---- a full disk -----------------------------------------------------------------------------------


def test_a_full_disk_is_said_and_nothing_is_lost(ledger: Ledger, store: Store, county: County) -> None:
    before = store.rows(WELLS), journal.head(store.conn)
    pages = store.conn.execute("PRAGMA page_count").fetchone()[0]
    store.conn.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(LedgerError, match="磁盘已满") as refused, store.act(info("import")) as act:
        act.insert_many(WELLS, [{"code": f"J{i}", "remark": "长" * 500} for i in range(500)])
    assert refused.value.code == "disk_full"
    assert (store.rows(WELLS), journal.head(store.conn)) == before
    store.conn.execute(f"PRAGMA max_page_count = {pages + 1000}")
    edit(store, county.wells[0], remark="there is room again")
    assert verify(ledger.connect(), ledger.path, LEDGERS, MIGRATIONS).whole


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of four megabytes, where one can be mounted."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = shutil.which("mount")
    if mount is None or sys.platform != "linux":
        pytest.skip("nothing to mount with")
    made = subprocess.run(
        [mount, "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if made.returncode:
        pytest.skip("may not mount a small disk here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def fill_up(store: Store) -> None:
    for i in range(1000):
        with store.act(info()) as act:
            act.insert(WELLS, {"code": f"J{i}", "remark": "长" * 2000})


def test_a_disk_that_runs_full_keeps_the_ledger_whole(tiny_disk: Path) -> None:
    path = tiny_disk / "a.ledger"
    connection.create(path, LEDGERS, clock=ticking()).close()
    with open_ledger(path, LEDGERS) as ledger:
        store = ledger.store(ledger.connect(write=True))
        with pytest.raises(LedgerError) as refused:
            fill_up(store)
        written = store.conn.execute("SELECT MAX(number) FROM d_acts").fetchone()[0]
        assert written > 10
        assert refused.value.code in ("disk_full", "disk_error")
        assert len(store.rows(WELLS)) == written
    with open_ledger(path, LEDGERS) as again:
        assert len(again.store(again.connect()).rows(WELLS)) == written
        assert verify(again.connect(), path, LEDGERS, MIGRATIONS).whole


def test_no_ledger_is_created_on_a_full_disk(tiny_disk: Path) -> None:
    (tiny_disk / "filler").write_bytes(bytes((4 << 20) - (200 << 10)))
    with pytest.raises(LedgerError) as refused:
        connection.create(tiny_disk / "a.ledger", LEDGERS)
    assert refused.value.code in ("disk_full", "disk_error")
    assert not (tiny_disk / "a.ledger").exists()
    assert not list(tiny_disk.glob(".a.ledger*"))
