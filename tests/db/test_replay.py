"""Replay: the journal alone gives the ledger tables back, whatever was done by whatever path."""

from __future__ import annotations

import sqlite3
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger_app.core.entities import LEDGERS
from ledger_app.core.errors import LedgerError
from ledger_app.db import acts, connection, journal, replay
from ledger_app.db.migrations import MIGRATIONS
from ledger_app.db.store import Act, Store
from ledger_app.db.undo import undo
from ledger_app.db.verify import verify
from tests.db.county import ATTACHMENTS, REGIONS, SHARES, WELLS, County, edit, info, ticking

TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=8) | st.sampled_from(
    ["停用", "'; --", ""]
)
NUMBER = st.none() | st.integers(-5, 4000) | st.floats(-50, 4000, allow_nan=False)
CELLS = st.fixed_dictionaries(
    {},
    optional={
        "code": st.integers(0, 9).map(lambda n: f"J{n}"),
        "remark": st.none() | TEXT,
        "depth_m": NUMBER,
        "longitude": NUMBER,
        "population": st.none() | st.integers(0, 10**6),
        "replaces_uid": st.integers(0, 20),
        "town_uid": st.none() | st.integers(0, 20),
    },
)
PICK = st.integers(0, 20)
STEP = st.one_of(
    st.tuples(st.just("insert"), CELLS),
    st.tuples(st.just("insert_columns"), st.integers(1, 3), TEXT),
    st.tuples(st.just("update"), PICK, CELLS),
    st.tuples(st.just("update_many"), st.dictionaries(PICK, CELLS, max_size=4)),
    st.tuples(st.just("swap_codes"), PICK, PICK),
    st.tuples(st.just("delete"), st.lists(PICK, max_size=3)),
    st.tuples(st.just("region"), PICK),
    st.tuples(st.just("attach"), PICK),
    st.tuples(st.just("share"), PICK),
)
ACTS = st.lists(st.one_of(st.lists(STEP, max_size=4), st.tuples(st.just("undo"), PICK)), max_size=12)


class Editing:
    """Does what hypothesis thought of; numbers stand for the records that are there at the time."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.new_codes = iter(f"N{n}" for n in range(1000))

    def do(self, doing: Any) -> None:
        try:
            if isinstance(doing, tuple):
                self.undo(doing[1])
            else:
                self.act(doing)
        except LedgerError:
            assert not self.store.conn.in_transaction  # refused, and nothing was written

    def act(self, steps: list[Any]) -> None:
        with self.store.act(info()) as act:
            for name, *arguments in steps:
                getattr(self, name)(act, *arguments)

    def undo(self, n: int) -> None:
        known = [row[0] for row in self.store.conn.execute("SELECT act_uid FROM d_acts ORDER BY number")]
        if known:
            undo(self.store, known[n % len(known)], "李四")

    def picked(self, n: int, entity: Any = WELLS) -> str | None:
        uids = [row["uid"] for row in self.store.rows(entity)]
        return uids[n % len(uids)] if uids else None

    def cells(self, cells: dict[str, Any]) -> dict[str, Any]:
        real = dict(cells)
        for name, entity in (("replaces_uid", WELLS), ("town_uid", REGIONS)):
            if real.get(name) is not None:
                real[name] = self.picked(real[name], entity)
        return real

    def insert(self, act: Act, cells: dict[str, Any]) -> None:
        act.insert(WELLS, {"code": next(self.new_codes)} | self.cells(cells))

    def insert_columns(self, act: Act, count: int, remark: str) -> None:
        columns = {"code": [next(self.new_codes) for _ in range(count)], "remark": [remark] * count}
        act.insert_columns(WELLS, columns, count)

    def update(self, act: Act, n: int, cells: dict[str, Any]) -> None:
        if uid := self.picked(n):
            act.update(WELLS, uid, self.cells(cells))

    def update_many(self, act: Act, changes: dict[int, dict[str, Any]]) -> None:
        real = {uid: self.cells(cells) for n, cells in changes.items() if (uid := self.picked(n))}
        act.update_many(WELLS, real)

    def swap_codes(self, act: Act, a: int, b: int) -> None:
        one, other = (self.picked(n) for n in (a, b))
        if one and other:
            codes = {uid: row["code"] for uid, row in self.store.rows_by_uid(WELLS, [one, other]).items()}
            act.update_many(WELLS, {one: {"code": codes[other]}, other: {"code": codes[one]}})

    def delete(self, act: Act, picks: list[int]) -> None:
        act.delete_many(WELLS, sorted({uid for n in picks if (uid := self.picked(n))}))

    def region(self, act: Act, n: int) -> None:
        act.insert(REGIONS, {"name": f"村{n}", "parent_uid": self.picked(n, REGIONS)})

    def attach(self, act: Act, n: int) -> None:
        if uid := self.picked(n):
            photo = {"ledger": "wells", "record_uid": uid, "name": "a.jpg", "content_hash": "0" * 64}
            act.insert(ATTACHMENTS, photo)

    def share(self, act: Act, n: int) -> None:
        permit = act.insert(LEDGERS["permits"], {"number": next(self.new_codes)})
        act.insert(SHARES, {"permit_uid": permit, "point_uid": self.picked(n), "point_stated": "J1"})


@given(ACTS)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_replay_gives_the_tables_back_after_any_acts(doings: list[Any]) -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        connection.create(Path(folder) / "a.ledger", LEDGERS, clock=ticking(), origin="aaaaaa") as ledger,
    ):
        store = ledger.store(ledger.connect(write=True))
        store.conn.execute("PRAGMA synchronous = OFF")
        editing = Editing(store)
        for doing in doings:
            editing.do(doing)
        found = verify(store.conn, ledger.path, LEDGERS, MIGRATIONS)
        assert (found.file, found.chain, found.replay) == ("ok", "ok", "ok")
        assert acts.are_as_told(store.conn)


def test_replay_is_equal_without_ids(store: Store, county: County, tmp_path: Path) -> None:
    with store.act(info("delete")) as act:
        act.delete(WELLS, county.wells[-1])
    undo(store, act.uid, "李四")
    copy = sqlite3.connect(tmp_path / "replay.db", isolation_level=None)
    replay.replay(store.conn, copy, LEDGERS, MIGRATIONS)
    rows = "SELECT uid, code, depth_m, permit_uid FROM points ORDER BY uid"
    assert copy.execute(rows).fetchall() == store.conn.execute(rows).fetchall()
    assert copy.execute("SELECT COUNT(*) FROM points").fetchone() == (12,)
    copy.close()


def test_numbers_passed_on_across_blocks_replay(store: Store) -> None:
    with store.act(info("import")) as act:
        uids = act.insert_many(WELLS, [{"code": f"J{i}"} for i in range(1500)])
    with store.act(info("renumber")) as act:
        act.update_many(WELLS, {uid: {"code": f"J{(i + 1) % 1500}"} for i, uid in enumerate(uids)})
    assert [len(e.body["u"]) for e in journal.rows_of_act(store.conn, act.uid)] == [1000, 500]
    assert replay.first_difference(store.conn, LEDGERS, MIGRATIONS) is None


@pytest.mark.parametrize(
    ("behind", "where"),
    [
        ("UPDATE points SET depth_m = depth_m + 1 WHERE uid = ?", "points"),
        ("UPDATE points SET remark = '' WHERE uid = ?", "points"),
        ("DELETE FROM points WHERE uid = ?", "points"),
        ("INSERT INTO regions (uid, name) SELECT 'zz-00000', 'x' FROM points WHERE uid = ?", "regions"),
    ],
)
def test_the_first_record_that_differs_is_named(
    store: Store, county: County, behind: str, where: str
) -> None:
    store.conn.execute(behind, (county.wells[7],))
    uid = county.wells[7] if where == "points" else "zz-00000"
    assert replay.first_difference(store.conn, LEDGERS, MIGRATIONS) == f"{where} {uid}"


def test_replay_leaves_no_file_behind(store: Store, county: County, monkeypatch: Any, tmp_path: Path) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temp"))
    (tmp_path / "temp").mkdir()
    edit(store, county.wells[0], remark="x")
    assert replay.first_difference(store.conn, LEDGERS, MIGRATIONS) is None
    assert list((tmp_path / "temp").iterdir()) == []
