"""Work beside the window: results come to the window's thread, the newest question wins, acts tell."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from ledger_app.core.errors import LedgerError
from ledger_app.services.session import Workspace
from ledger_app.ui.workers import InlineWorkers, Progress, Task, Workers

SLOW = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000000) SELECT MAX(i) FROM n"


@dataclass(frozen=True)
class Acted:
    changed: frozenset[str]


@pytest.fixture
def errors() -> list[BaseException]:
    return []


@pytest.fixture(params=[Workers, InlineWorkers])
def any_workers(
    request: pytest.FixtureRequest, workspace: Workspace, errors: list[BaseException], qapp: Any
) -> Iterator[Workers]:
    """What holds for the threads holds for their inline twin."""
    made = request.param(workspace, errors.append)
    yield made
    made.close()


@pytest.fixture
def workers(workspace: Workspace, errors: list[BaseException], qapp: Any) -> Iterator[Workers]:
    made = Workers(workspace, errors.append)
    yield made
    made.close()


def slow(conn: Any) -> Any:
    return conn.execute(SLOW).fetchone()


def until(qtbot: Any, true: Callable[[], bool]) -> None:
    qtbot.waitUntil(true, timeout=5000)


def test_a_result_comes_to_the_thread_that_asked(any_workers: Workers, qtbot: Any) -> None:
    got: list[tuple[Any, int]] = []
    count = "SELECT COUNT(*) FROM points"
    any_workers.read(
        lambda conn: conn.execute(count).fetchone()[0],
        lambda result: got.append((result, threading.get_ident())),
    )
    until(qtbot, lambda: bool(got))
    assert got == [(60, threading.get_ident())]


def test_a_refusal_reaches_who_asked_or_else_the_window(
    any_workers: Workers, errors: list[BaseException], qtbot: Any
) -> None:
    def refuse(_: Any) -> None:
        raise LedgerError("不行。")

    own: list[BaseException] = []
    any_workers.read(refuse, failed=own.append)
    any_workers.read(refuse)
    until(qtbot, lambda: bool(own) and bool(errors))
    assert [str(e) for e in own + errors] == ["不行。", "不行。"]


def test_an_act_tells_which_ledgers_it_changed(any_workers: Workers, qtbot: Any) -> None:
    with qtbot.waitSignal(any_workers.changed) as heard:
        any_workers.write(lambda store: Acted(frozenset({"wells"})))
    assert heard.args == [frozenset({"wells"})]


def test_a_reader_cannot_write(any_workers: Workers, errors: list[BaseException], qtbot: Any) -> None:
    any_workers.read(lambda conn: conn.execute("DELETE FROM points"))
    until(qtbot, lambda: bool(errors))
    assert "只读" in str(errors[0])


def test_a_newer_question_interrupts_the_former_and_only_it_is_answered(
    workers: Workers, errors: list[BaseException], qtbot: Any
) -> None:
    answers: list[Any] = []
    workers.read(slow, answers.append, channel="search")
    qtbot.wait(50)
    workers.read(lambda conn: "new", answers.append, channel="search")
    until(qtbot, lambda: bool(answers))
    assert answers == ["new"]
    assert errors == []


def test_a_question_of_another_channel_is_left_alone(workers: Workers, qtbot: Any) -> None:
    answers: list[Any] = []
    workers.read(lambda conn: "first", answers.append, channel="a")
    workers.read(lambda conn: "second", answers.append, channel="b")
    until(qtbot, lambda: len(answers) == 2)
    assert answers == ["first", "second"]


def test_a_list_does_not_wait_for_a_report(workers: Workers, qtbot: Any) -> None:
    answers: list[Any] = []
    report = workers.read_long("月报", lambda conn, _: slow(conn), failed=lambda _: answers.append("stopped"))
    workers.read(lambda conn: "list", answers.append)
    until(qtbot, lambda: bool(answers))
    assert answers == ["list"]
    report.stop()
    until(qtbot, lambda: len(answers) == 2)


def test_stopped_work_leaves_nothing_half_done(workers: Workers, workspace: Workspace, qtbot: Any) -> None:
    said: list[BaseException] = []

    def act(store: Any, progress: Progress) -> None:
        store.conn.execute("BEGIN IMMEDIATE")
        try:
            for i in range(100_000):
                store.conn.execute("INSERT INTO settings VALUES (?, '1')", (f"n{i}",))
                progress(i, 100_000, "写入")
        except BaseException:
            store.conn.execute("ROLLBACK")
            raise

    task = workers.write_long("导入", act, failed=said.append)
    with qtbot.waitSignal(workers.progressed) as heard:
        pass
    assert isinstance(heard.args[0], Task)
    task.stop()
    until(qtbot, lambda: bool(said))
    assert "已停止" in str(said[0])
    assert workspace.screen.execute("SELECT COUNT(*) FROM settings").fetchone()[0] == 0


def test_the_window_is_told_while_something_is_saved(workers: Workers, qtbot: Any) -> None:
    told: list[bool] = []
    workers.saving.connect(told.append)
    workers.write(lambda store: None)
    until(qtbot, lambda: told == [True, False])
