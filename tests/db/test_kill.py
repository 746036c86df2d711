"""A program that is killed at any moment leaves whole files and whole acts."""

from __future__ import annotations

from pathlib import Path

from tests import kill_run


def test_killed_at_random_moments_nothing_is_lost_or_half_done(tmp_path: Path) -> None:
    summary = kill_run.run(30, seed=20250930, folder=tmp_path)
    assert summary.problems == []
    assert summary.kills == dict.fromkeys(kill_run.WORKS, 5)
    busy = {work: count for work, count in summary.finished.items() if work != "migrate"}
    assert all(busy.values()), summary.finished
