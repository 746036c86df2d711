"""The demo county: the same for the same seed, whole, with every finding, at home in the program's own acts."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from ledger_app.core.entities import LEDGERS
from ledger_app.core.errors import LedgerError
from ledger_app.core.rules.findings import RULES
from ledger_app.core.rules.permits import APPLIED, DUE, LAPSED, LATE, NOT_YET, UNDECIDED
from ledger_app.db import connection
from ledger_app.db.queries import listing, parameters
from ledger_app.services import checking, desk, history, reporting
from ledger_app.services.demo import DAY, make_demo

WELLS = 150


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("demo") / "示例.ledger"
    make_demo(made, LEDGERS, wells=WELLS, seed=7)
    return made


@pytest.fixture
def conn(path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(path)) as opened:
        yield opened


def content(path: Path) -> list[str]:
    """All rows of all tables, the search among them."""
    with closing(sqlite3.connect(path)) as conn:
        names = [
            name for (name,) in conn.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1")
        ]
        kept = [n for n in names if not n.startswith(("_sqlite", "sqlite", "d_search"))]
        return [f"{name} {row}" for name in kept for row in conn.execute(f"SELECT * FROM {name}")]


def test_the_same_seed_gives_the_same_county_and_another_seed_another(path: Path, tmp_path: Path) -> None:
    make_demo(tmp_path / "again.ledger", LEDGERS, wells=WELLS, seed=7)
    make_demo(tmp_path / "other.ledger", LEDGERS, wells=WELLS, seed=8)
    assert content(tmp_path / "again.ledger") == content(path)
    assert content(tmp_path / "other.ledger") != content(path)


def test_the_county_is_whole_and_has_as_many_wells_as_asked_for(path: Path) -> None:
    with connection.open_ledger(path, LEDGERS, read_only=True) as ledger:
        conn = ledger.connect()
        assert listing.count(conn, LEDGERS, LEDGERS["wells"], listing.Query()) == WELLS
        assert history.verify(ledger, conn).whole


def test_every_rule_finds_something_and_one_finding_is_explained(conn: sqlite3.Connection) -> None:
    found = checking.findings(conn, LEDGERS, DAY)
    assert {f.rule for f in found} == {rule for rule, _ in RULES}
    assert len([f for f in found if f.reason]) == 1
    assert len(found) < WELLS / 2
    texts = "".join(f.text for f in found)
    said = (
        "台账里仍是",
        "一证双井",
        "却列着它",
        "超过许可水量",
        "登记分配",
        "坐标相同",
        "电表编号相同",
        "许可证和位置相同",
    )
    assert [words for words in said if words not in texts] == []
    states = set(
        Counter(s.state for s in checking.standings(conn, DAY, parameters.parameters(conn, DAY)).values())
    )
    assert states >= {NOT_YET, DUE, LATE, APPLIED, UNDECIDED, LAPSED}


def test_years_of_acts_lie_behind_it(conn: sqlite3.Connection) -> None:
    kinds = {kind for (kind,) in conn.execute("SELECT DISTINCT kind FROM d_acts")}
    assert kinds >= {"import", "register", "issue", "stop", "resume", "close", "accept_closure", "replace"}
    assert kinds >= {
        "renew",
        "change",
        "transfer",
        "apply",
        "cancel",
        "milestone",
        "accept_project",
        "correct",
    }
    years = {at[:4] for (at,) in conn.execute("SELECT at FROM d_acts")}
    assert years == {str(year) for year in range(DAY.year - 5, DAY.year + 1)}
    methods = {m for (m,) in conn.execute("SELECT DISTINCT method FROM closures WHERE closed_on >= '2020'")}
    assert len(methods) >= 4
    for month in ("2025-08", "2025-09"):
        sql = "SELECT COUNT(*) FROM closures WHERE closed_on LIKE ?"
        assert conn.execute(sql, (f"{month}%",)).fetchone()[0] > 0


def test_the_report_and_the_desk_speak_of_it(conn: sqlite3.Connection) -> None:
    report = reporting.build_report(conn, "monthly-progress", "2025-09", DAY)
    assert all(figure.value is not None for figure in report.figures)
    shown = desk.desk(conn, DAY)
    assert all(figure.value for figure in shown.figures)
    (closing_stock,) = [f for f in report.figures if f.name == "wells_closing"]
    assert shown.figures[0].value == closing_stock.value


def test_a_county_of_a_handful_of_wells_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="至少要有"):
        make_demo(tmp_path / "x.ledger", LEDGERS, wells=10)
    assert not (tmp_path / "x.ledger").exists()
    make_demo(tmp_path / "x.ledger", LEDGERS, wells=80, today=date(2026, 2, 28))
    with pytest.raises(LedgerError, match="已经存在"):
        make_demo(tmp_path / "x.ledger", LEDGERS, wells=80)
