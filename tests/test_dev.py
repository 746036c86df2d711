"""The two commands a newcomer types: what dev.py needs, finds, installs and starts."""

from __future__ import annotations

import ast
import os
import re
import shutil
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement

import dev
from tests import contracts, style

PROJECT = Path(__file__).parents[1]


def locked() -> dict[str, list[Requirement]]:
    lines = (PROJECT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    pins: dict[str, list[Requirement]] = {}
    for line in lines:
        if line and not line.startswith(("#", " ")):
            pin = Requirement(line.rstrip("\\ "))
            pins.setdefault(pin.name, []).append(pin)
    return pins


def declared() -> list[Requirement]:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = project["dependency-groups"]
    return [
        Requirement(text) for text in (*project["project"]["dependencies"], *groups["dev"], *groups["build"])
    ]


def pin_for(name: str, python: str, platform: str) -> str:
    """The version the lock gives one machine."""
    machine = {str(key): str(value) for key, value in default_environment().items()}
    machine |= {"python_version": python, "python_full_version": f"{python}.0", "sys_platform": platform}
    fitting = [pin for pin in locked()[name] if pin.marker is None or pin.marker.evaluate(machine)]
    assert len(fitting) == 1
    return str(fitting[0].specifier).removeprefix("==")


def test_the_lock_pins_everything_the_project_declares() -> None:
    for wanted in declared():
        for pin in locked()[wanted.name]:
            version = str(pin.specifier).removeprefix("==")
            assert wanted.specifier.contains(version), f"{wanted} is locked at {version}"


def test_every_line_of_the_lock_is_a_pin_with_hashes_and_names_no_address() -> None:
    text = (PROJECT / "requirements.lock").read_text(encoding="utf-8")
    blocks = re.split(r"\n(?=\S)", text)[1:]
    assert len(blocks) > 50
    for block in blocks:
        assert re.match(
            r"[a-z0-9._-]+==[^ ]+( ; [^\\]+)? \\\n( +--hash=sha256:[0-9a-f]{64}( \\)?\n?)+$", block
        )


@pytest.mark.parametrize("platform", ["linux", "win32"])
@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13"])
def test_qt_stays_at_the_release_old_desktops_can_load(python: str, platform: str) -> None:
    assert pin_for("pyside6-essentials", python, platform) == "6.8.0.2"
    assert pin_for("shiboken6", python, platform) == "6.8.0.2"


def test_newer_pythons_get_a_qt_that_knows_them() -> None:
    assert pin_for("pyside6-essentials", "3.14", "linux") > "6.10"
    assert pin_for("numpy", "3.11", "win32") != pin_for("numpy", "3.14", "win32")


def test_dev_needs_nothing_but_python_and_can_be_read_by_an_old_one() -> None:
    source = (PROJECT / "dev.py").read_text(encoding="utf-8")
    ast.parse(source, feature_version=(3, 8))
    assert all(name.split(".")[0] in sys.stdlib_module_names for _, name in contracts.imports(source, "dev"))


def test_an_old_python_is_told_what_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    with pytest.raises(SystemExit, match=r"Python 3\.11 or newer"):
        dev.main(["test"])


@pytest.mark.parametrize("words", [[], ["--help"], ["fly"]])
def test_an_unknown_command_is_answered_with_all_commands(words: list[str]) -> None:
    with pytest.raises(SystemExit, match=r"setup[^$]+build"):
        dev.main(words)


def test_only_missing_libraries_become_packages() -> None:
    missing = dev.missing_packages(dev.QT_LIBRARIES, lambda library: library != "libEGL.so.1")
    assert missing == ["libegl1"]
    assert not dev.loads("libsurely-not-there.so.9")


def test_a_screen_asks_for_more_libraries_than_none() -> None:
    assert not set(dev.SCREEN_LIBRARIES) & set(dev.QT_LIBRARIES)
    if sys.platform.startswith("linux"):
        assert dev.has_screen({"WAYLAND_DISPLAY": "wayland-0"})
        assert dev.has_screen({"DISPLAY": ":0"})
        assert not dev.has_screen({"DISPLAY": ""})


def test_without_root_the_one_command_to_type_is_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(os, "geteuid", lambda: 1000, raising=False)
    with pytest.raises(
        SystemExit, match=r"sudo apt-get .*install -y --no-install-recommends libegl1 libgl1$"
    ):
        dev.provide(["libegl1", "libgl1"])


def test_without_apt_the_missing_packages_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(SystemExit, match="libegl1"):
        dev.provide(["libegl1"])
    dev.provide([])


def test_setup_does_nothing_when_nothing_changed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    installed: list[tuple[str, ...]] = []
    monkeypatch.setattr(dev, "STAMP", tmp_path / "stamp")
    monkeypatch.setattr(dev, "PYTHON", Path(sys.executable))
    monkeypatch.setattr(dev, "provide_system", lambda screen, new_venv: None)
    monkeypatch.setattr(dev, "pip", lambda *arguments: installed.append(arguments))
    dev.setup()
    assert ["--require-hashes" in arguments for arguments in installed] == [True, False]
    dev.setup()
    assert len(installed) == 2
    (tmp_path / "stamp").write_text(f"{dev.ROOT}\n3.11 of another lock", encoding="utf-8")
    dev.setup()
    assert len(installed) == 4


def test_an_environment_that_was_moved_is_made_anew(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(dev, "STAMP", tmp_path / "stamp")
    monkeypatch.setattr(dev, "PYTHON", Path(sys.executable))
    assert dev.venv_fits()
    (tmp_path / "stamp").write_text("somewhere else\n3.11 0", encoding="utf-8")
    assert not dev.venv_fits()


def test_without_a_screen_run_does_the_main_job_and_says_where(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    calls: list[str] = []
    monkeypatch.setattr(dev, "setup", lambda screen: None)
    monkeypatch.setattr(dev, "has_screen", lambda: False)
    monkeypatch.setattr(dev, "OUT", tmp_path)
    monkeypatch.setattr(dev, "DEMO", tmp_path / "demo.ledger")
    monkeypatch.setattr(dev, "ledger", lambda *words: calls.append(" ".join(map(str, words))))
    monkeypatch.setattr(dev, "module", lambda *words, **environ: calls.append(" ".join(map(str, words))))
    dev.run([])
    assert calls[0].startswith("demo ") and calls[0].endswith("--wells 600 --seed 1")
    assert "monthly-progress --period" in calls[1]
    assert [call.split()[2] for call in calls if call.startswith("export")] == list(dev.MAIN_LEDGERS)
    assert calls[-1].startswith("ledger_app.ui.tour ")
    told = capsys.readouterr().out
    assert "没有显示器" in told and "No display" in told and str(tmp_path) in told


def test_with_a_screen_run_opens_the_demo_county_as_it_stands_today(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    calls: list[tuple[object, ...]] = []
    monkeypatch.setattr(dev, "setup", lambda screen: None)
    monkeypatch.setattr(dev, "has_screen", lambda: True)
    monkeypatch.setattr(dev, "OUT", tmp_path)
    monkeypatch.setattr(dev, "ledger", lambda *words: calls.append(words))
    dev.run([])
    made, opened = calls
    assert made[:1] == ("--today",)
    assert made[2:4] == ("demo", opened[0])
    assert str(opened[0]).endswith(f"demo-{made[1]}.ledger")


def test_a_module_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(dev, "ROOT", tmp_path)
    with pytest.raises(SystemExit, match=r"no ledger_app/ui/tour\.py"):
        dev.module("ledger_app.ui.tour")


def test_a_failed_step_is_named_and_the_others_still_run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(dev, "setup", lambda: None)
    monkeypatch.setattr(dev, "call", lambda *command, **environ: int("mypy" in command))
    with pytest.raises(SystemExit, match=r"^Not in order: types$"):
        dev.check(["--no-tests"])
    told = capsys.readouterr().out
    assert "== contracts" in told and "== tests" not in told


def test_style_figures_find_what_is_large() -> None:
    wide = "class A:\n" + "".join(f"    def f{n}(self): ...\n" for n in range(16))
    assert list(style.large(wide + "\n" * 300)) == ["317 lines", "class A has 16 methods"]
    assert style.function_lengths("def f():\n    a = 1\n    return a\n") == [3]
