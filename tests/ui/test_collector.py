"""No search for cyclic garbage runs while threads work beside the window."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from ledger_app.ui.collector import MANY, Collector


@pytest.fixture(autouse=True)
def collecting() -> Iterator[None]:
    gc.enable()
    yield
    gc.enable()
    gc.unfreeze()


def test_there_is_no_collection_while_any_of_several_is_at_work() -> None:
    collector = Collector()
    with collector.paused():
        with collector.paused():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


def test_work_before_the_first_picture_does_not_start_the_collector() -> None:
    gc.disable()
    with Collector().paused():
        pass
    assert not gc.isenabled()


def test_a_collector_that_is_started_meanwhile_stays_started() -> None:
    gc.disable()
    with Collector().paused():
        gc.enable()  # the first picture has been painted
    assert gc.isenabled()


def test_what_large_work_leaves_is_not_looked_through_again_and_small_work_is() -> None:
    gc.collect()
    collector = Collector()
    with collector.paused():
        small = [[n] for n in range(10)]
    assert gc.get_freeze_count() == 0
    with collector.paused():
        large = [[n] for n in range(MANY * 2)]
    assert gc.get_freeze_count() >= MANY
    assert small and large


def test_an_error_ends_the_pause() -> None:
    with pytest.raises(ZeroDivisionError), Collector().paused():
        1 / 0  # noqa: B018
    assert gc.isenabled()
