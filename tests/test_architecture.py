"""The contracts of docs/architecture.md, applied to every file; each check is shown to bite at the end."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ledger_app.core.entities import LEDGERS
from ledger_app.db import connection, tables
from tests import contracts

PROJECT = Path(__file__).parents[1]
PACKAGE = PROJECT / "ledger_app"
NOT_OURS = {".git", ".venv", "__pycache__", "build", "dist", "out"}
GENERIC_UI = ("ledger_page", "table_model", "form", "editors")
NOT_AT_START = ("matplotlib", "numpy", "reportlab", "openpyxl", "sqlite_utils")


def module_name(path: Path) -> str:
    parts = path.relative_to(PROJECT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def sources(*places: str) -> Iterator[tuple[Path, str, str]]:
    """(path, module, text) of the package's modules at or under the named places."""
    for path in sorted(PACKAGE.rglob("*.py")):
        if contracts.within(module_name(path), places):
            yield path, module_name(path), path.read_text(encoding="utf-8")


def broken(check: Callable[..., list[str]], *places: str) -> list[str]:
    """What an import check finds in the modules of some places."""
    return [
        sentence
        for path, module, text in sources(*places)
        for sentence in check(text, module, package=path.name == "__init__.py")
    ]


def findings(check: Callable[[str], list[str]], *places: str) -> dict[str, list[str]]:
    """module → what a text check finds, for the modules in which it finds something."""
    found = {module: check(text) for _, module, text in sources(*places)}
    return {module: sentences for module, sentences in found.items() if sentences}


def kept_files() -> Iterator[Path]:
    """What a clone holds, told without git: everything but what .gitignore keeps out."""
    for path in sorted(PROJECT.rglob("*")):
        parts = path.relative_to(PROJECT).parts
        ours = not any(part in NOT_OURS or part.endswith((".egg-info", "_cache")) for part in parts)
        if ours and ".hypothesis" not in parts and path.is_file():
            yield path


def test_libraries_are_known_only_to_the_layer_that_hides_them() -> None:
    assert broken(contracts.misplaced_imports, "ledger_app") == []


def test_core_stands_on_the_standard_library_and_touches_no_file() -> None:
    assert broken(contracts.beyond_standard_library, "ledger_app.core") == []


def test_window_and_command_line_call_services_and_read_models_only() -> None:
    assert broken(contracts.beyond_services, "ledger_app.ui", "ledger_app.cli") == []


def test_migrations_stand_alone() -> None:
    assert broken(contracts.imports_of_ours, "ledger_app.db.migrations") == []


def test_generic_pages_name_no_entity() -> None:
    names = [name for entity in LEDGERS.places for name in (entity.name, entity.label)]
    places = [f"ledger_app.ui.{name}" for name in GENERIC_UI]
    assert findings(lambda text: contracts.named_entities(text, names), *places) == {}


def test_no_module_keeps_state() -> None:
    assert findings(contracts.module_state, "ledger_app") == {}


def test_stored_decimals_are_added_and_compared_in_one_place_only() -> None:
    found = findings(contracts.sums_of_real, "ledger_app.db")
    found.pop("ledger_app.db.scaled", None)
    assert found == {}


def test_every_table_is_of_exactly_one_kind(tmp_path: Path) -> None:
    with connection.create(tmp_path / "new.ledger", LEDGERS) as ledger:
        query = "SELECT name FROM sqlite_master WHERE type = 'table'"
        names = {name for (name,) in ledger.connect().execute(query)}
    kinds = [tables.ledger_tables(LEDGERS), tables.JOURNAL, tables.LOCAL]
    kinds.append(tuple(name for name in names if name.startswith(tables.DERIVED_PREFIX)))
    assert {name: sum(name in kind for kind in kinds) for name in names} == dict.fromkeys(names, 1)
    assert set(tables.ledger_tables(LEDGERS)) <= names


def test_nothing_in_the_repository_belongs_to_one_machine() -> None:
    files = {path: path.read_bytes() for path in kept_files()}
    assert len(files) > 20
    found = {
        path: contracts.of_one_machine(data.decode("utf-8", "replace"))
        for path, data in files.items()
        if b"\0" not in data[:4096]
    }
    assert {path: lines for path, lines in found.items() if lines} == {}


def test_heavy_libraries_are_not_loaded_at_start() -> None:
    wanted = ("ledger_app.__main__", "ledger_app.app", "ledger_app.cli", "ledger_app.ui.main_window")
    modules = [module for _, module, _ in sources(*wanted)]
    program = "import importlib, sys; [importlib.import_module(m) for m in sys.argv[2:]];"
    program += "print(*(name for name in sys.argv[1].split(',') if name in sys.modules))"
    command = [sys.executable, "-c", program, ",".join(NOT_AT_START), *modules]
    run = subprocess.run(command, capture_output=True, text=True, check=True, cwd=PROJECT)
    assert run.stdout.split() == []


def test_every_module_opens_with_a_line_saying_what_it_is() -> None:
    silent = [
        module
        for _, module, text in sources("ledger_app")
        if text.strip() and not ast.get_docstring(ast.parse(text))
    ]
    assert silent == []


# ---- each check bites ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "module"),
    [
        ("import sqlite3", "ledger_app.services.imports"),
        ("from PySide6.QtCore import Qt", "ledger_app.services.imports"),
        ("def f():\n    import openpyxl.utils", "ledger_app.ui.pages.desk"),
        ("from matplotlib import pyplot", "ledger_app.export.charts"),
        ("import matplotlib.pyplot as plt", "ledger_app.ui.pages.charts"),
        ("from matplotlib.figure import Figure", "ledger_app.ui.pages.charts"),
        ("import pypinyin", "ledger_app.db.store"),
        ("importlib.import_module('rapidfuzz.fuzz')", "ledger_app.db.store"),
    ],
)
def test_a_library_in_the_wrong_layer_is_found(source: str, module: str) -> None:
    assert contracts.misplaced_imports(source, module)


def test_a_library_in_its_own_layer_is_no_finding() -> None:
    assert not contracts.misplaced_imports("import sqlite3, json", "ledger_app.db.connection")
    assert not contracts.misplaced_imports("from matplotlib.figure import Figure", "ledger_app.export.charts")
    canvas = "from matplotlib.backends.backend_qtagg import FigureCanvasQTAgg"
    assert not contracts.misplaced_imports(canvas, "ledger_app.ui.pages.charts")


def test_a_relative_import_is_followed_to_its_full_name() -> None:
    assert list(contracts.imports("from ..db import store", "ledger_app.ui.form")) == [
        (1, "ledger_app.db.store")
    ]
    assert list(contracts.imports("from .a import b", "x.y", package=True)) == [(1, "x.y.a.b")]


@pytest.mark.parametrize(
    "source", ["import numpy", "from ledger_app.db import store", "from pathlib import Path"]
)
def test_a_core_that_leans_on_something_is_found(source: str) -> None:
    assert contracts.beyond_standard_library(source, "ledger_app.core.fields")
    assert not contracts.beyond_standard_library("import decimal", "ledger_app.core.fields")


@pytest.mark.parametrize("source", ["from ledger_app.db import store", "import ledger_app.ingest.guard"])
def test_a_window_that_reaches_past_services_is_found(source: str) -> None:
    assert contracts.beyond_services(source, "ledger_app.ui.form")
    assert not contracts.beyond_services("from ledger_app.ui import theme", "ledger_app.ui.form")
    assert not contracts.beyond_services("from ledger_app.db.queries import wells", "ledger_app.ui.form")


def test_a_migration_that_leans_on_us_is_found() -> None:
    assert contracts.imports_of_ours("from .tables import LEDGER", "ledger_app.db.migrations")


@pytest.mark.parametrize(
    "source", ["if entity.name == 'wells': pass", "label = '机电井'", "rows = permits.load()", "f'{x} wells'"]
)
def test_a_generic_page_that_names_an_entity_is_found(source: str) -> None:
    names = ("wells", "permits", "机电井")
    assert contracts.named_entities(source, names)
    assert not contracts.named_entities('"""Shows wells, say."""\nx = "farewells"', names)


@pytest.mark.parametrize(
    "source",
    [
        "cache = {}",
        "seen: set[str] = set()",
        "try:\n    rows = [1]\nexcept ValueError:\n    pass",
        "def f():\n    global count\n    count = 1",
        "NAMES = []\ndef f():\n    NAMES.append(1)",
        "from m import TERMS\nTERMS['a'] = 1",
        "import m\nm.TERMS.update(a=1)",
        "LINES = [1]\nLINES += [2]",
    ],
)
def test_state_in_a_module_is_found(source: str) -> None:
    assert contracts.module_state(source)


def test_constants_and_local_containers_are_no_state() -> None:
    source = "NAMES = {'a': 1}\n__all__ = ['f']\ndef f():\n    rows = []\n    rows.append(1)\n    return rows"
    assert contracts.module_state(source) == []


@pytest.mark.parametrize(
    "source",
    [
        "q = 'SELECT sum(volume_m3) FROM readings'",
        "q = f'SELECT TOTAL ({column}) FROM t'",
        "q = 'SELECT 1 FROM wells WHERE depth_m = ?'",
        "q = 'SELECT 1 FROM a JOIN b ON a.volume_m3 IS b.volume_m3'",
    ],
)
def test_a_sum_or_an_equality_of_decimals_is_found(source: str) -> None:
    assert contracts.sums_of_real(source)


def test_setting_a_decimal_or_asking_whether_it_is_there_is_no_finding() -> None:
    assert not contracts.sums_of_real(
        "q = 'UPDATE wells SET depth_m = ? WHERE depth_m IS NOT NULL AND id = ?'"
    )
    assert not contracts.sums_of_real('"""Explains SUM(x)."""')


@pytest.mark.parametrize(
    "text", ["see /t" + "mp/x/y", "C:\\Use" + "rs\\me", "--ind" + "ex-url x", "../sha" + "red/a"]
)
def test_a_path_of_one_machine_is_found(text: str) -> None:
    assert contracts.of_one_machine(f"first line\n{text}")
    assert not contracts.of_one_machine("resources/fonts/a.ttf, /opt/apps/x/files")
