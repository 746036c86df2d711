#!/usr/bin/env python3
"""The one door for people: setup · run · test · check · bench · tour · build (standard library only)."""

from __future__ import annotations

import ctypes
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
EXE = ".exe" if os.name == "nt" else ""
PYTHON = BIN / f"python{EXE}"
LOCK = ROOT / "requirements.lock"
STAMP = VENV / "setup-stamp"
OUT = ROOT / "out"
DEMO = OUT / "demo.ledger"
DEMO_MONTH = "2025-09"
MAIN_LEDGERS = ("wells", "permits", "water_users", "closures", "projects")

USAGE = """python3 dev.py COMMAND [arguments]
  setup   make .venv from requirements.lock; afterwards .venv/bin/ledger-app is there
  run     open the window on a demo county; without a screen do the same job into out/
  test    run the tests (arguments go to pytest)
  check   format, lint, types, contracts, tests (--no-tests leaves the tests out)
  bench   measure against the bars of docs/benchmarks.md
  tour    paint every page and dialog to out/tour/
  build   freeze the program with PyInstaller into dist/"""

# What Qt's wheels expect from a Debian-like system: the library it loads → the package that brings it.
QT_LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libxkbcommon.so.0": "libxkbcommon0",
}
SCREEN_LIBRARIES = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}


# ---- the system --------------------------------------------------------------------------------


def has_screen(environ: Mapping[str, str] = os.environ) -> bool:
    """Whether a window can be shown: always on Windows and macOS, elsewhere if a display is named."""
    if not sys.platform.startswith("linux"):
        return True
    return bool(environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"))


def loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def missing_packages(libraries: Mapping[str, str], present: Callable[[str], bool] = loads) -> list[str]:
    return [package for library, package in libraries.items() if not present(library)]


def venv_package() -> list[str]:
    """Debian leaves ensurepip out of python3; `python3 -m venv` fails without it."""
    if find_spec("ensurepip") and find_spec("venv"):
        return []
    return [f"python3.{sys.version_info.minor}-venv"]


def install_command(packages: Iterable[str]) -> str:
    wanted = " ".join(packages)
    return f"sudo apt-get update && sudo apt-get install -y --no-install-recommends {wanted}"


def provide(packages: list[str]) -> None:
    """Install system packages when we may; otherwise stop with the one command to type."""
    if not packages:
        return
    if not shutil.which("apt-get"):
        raise SystemExit(f"System packages are missing (their Debian names): {' '.join(packages)}")
    if os.geteuid() != 0:
        raise SystemExit(
            f"System packages are missing. Type this, then try again:\n  {install_command(packages)}"
        )
    print("Installing system packages:", *packages, flush=True)
    environ = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "-q"], env=environ, check=False)
    install = ["apt-get", "install", "-y", "-q", "--no-install-recommends", *packages]
    if subprocess.run(install, env=environ, check=False).returncode:
        raise SystemExit(f"apt-get could not install them. Once it can:\n  {install_command(packages)}")


def provide_system(screen: bool, new_venv: bool) -> None:
    if sys.platform.startswith("linux"):
        libraries = QT_LIBRARIES | SCREEN_LIBRARIES if screen else QT_LIBRARIES
        provide(missing_packages(libraries) + (venv_package() if new_venv else []))


# ---- the environment ---------------------------------------------------------------------------


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def wanted_stamp() -> str:
    """Changes with the lock, the project's declaration and the Python that made the environment."""
    digest = hashlib.sha256()
    for path in (LOCK, ROOT / "pyproject.toml"):
        digest.update(path.read_bytes())
    return f"{ROOT}\n{sys.version_info.major}.{sys.version_info.minor} {digest.hexdigest()}"


def venv_fits() -> bool:
    """The environment was not moved, and starts with the Python version that runs this file."""
    if not PYTHON.exists() or (STAMP.exists() and read(STAMP).splitlines()[:1] != [str(ROOT)]):
        return False
    program = "import pip, sys; print(sys.version_info[:2])"
    probe = subprocess.run([str(PYTHON), "-c", program], capture_output=True, text=True, check=False)
    return probe.returncode == 0 and probe.stdout.strip() == str(tuple(sys.version_info[:2]))


def pip(*arguments: str) -> None:
    if call(PYTHON, "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "-q", *arguments):
        raise SystemExit("pip could not install what requirements.lock names; its message stands above.")


def setup(screen: bool = False) -> None:
    """Make .venv as the lock says; at once when nothing changed since."""
    ready = PYTHON.exists() and STAMP.exists() and read(STAMP) == wanted_stamp()
    new_venv = not ready and not venv_fits()
    provide_system(screen, new_venv)
    if ready:
        return
    if new_venv:
        print("Making .venv …", flush=True)
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)], check=True)
    print("Installing requirements.lock (some 200 MB the first time) …", flush=True)
    pip("--require-hashes", "--only-binary", ":all:", "-r", str(LOCK))
    pip("--no-deps", "--no-build-isolation", "-e", str(ROOT))
    STAMP.write_text(wanted_stamp(), encoding="utf-8")


def call(*command: object, **environ: str) -> int:
    """Run one command of the environment from the project's folder; its exit code."""
    words = [str(word) for word in command]
    environment = os.environ | {"PYTHONUTF8": "1"} | environ
    return subprocess.run(words, cwd=ROOT, env=environment, check=False).returncode


def must(*command: object, **environ: str) -> None:
    code = call(*command, **environ)
    if code:
        raise SystemExit(code)


def module(name: str, *arguments: object, **environ: str) -> None:
    """Run a module of the project, or say which file this copy lacks."""
    path = ROOT.joinpath(*name.split("."))
    if not path.with_suffix(".py").exists() and not (path / "__main__.py").exists():
        raise SystemExit(f"This copy of the project has no {path.relative_to(ROOT).as_posix()}.py yet.")
    must(PYTHON, "-m", name, *arguments, **environ)


def ledger(*arguments: object) -> None:
    if not (ROOT / "ledger_app" / "__main__.py").exists():
        raise SystemExit("This copy of the project has no ledger_app/__main__.py yet.")
    must(BIN / f"ledger-app{EXE}", *arguments)


# ---- the commands ------------------------------------------------------------------------------


def make_demo() -> None:
    OUT.mkdir(exist_ok=True)
    if not DEMO.exists():
        ledger("demo", DEMO, "--wells", 600, "--seed", 1)


def run(arguments: list[str]) -> None:
    screen = has_screen()
    setup(screen)
    if screen:
        ledger(living_demo(), *arguments)
    else:
        make_demo()
        run_headless()


def living_demo() -> Path:
    """The demo county as it stands today: a window judges what is due by the calendar on the wall."""
    OUT.mkdir(exist_ok=True)
    today = date.today().isoformat()  # noqa: DTZ011 - the calendar on the wall
    county = OUT / f"demo-{today}.ledger"
    if not county.exists():
        ledger("--today", today, "demo", county, "--wells", 600, "--seed", 1)
    return county


def run_headless() -> None:
    """The main job without a window: county, monthly report, workbooks, every page as a picture."""
    report = OUT / f"monthly-progress-{DEMO_MONTH}"
    ledger("report", DEMO, "monthly-progress", "--period", DEMO_MONTH, f"{report}.pdf", f"{report}.xlsx")
    for name in MAIN_LEDGERS:
        ledger("export", DEMO, name, OUT / f"{name}.xlsx")
    paint_pages()
    print(f"没有显示器：演示县的台账、月报（PDF、Excel）、各台账表格和每一页的图片都在 {OUT}。")
    print(f"No display: the demo county, its monthly report, workbooks and page pictures are in {OUT}.")


def paint_pages() -> None:
    module("ledger_app.ui.tour", DEMO, OUT / "tour", QT_QPA_PLATFORM="offscreen")


def tour(_arguments: list[str]) -> None:
    setup()
    make_demo()
    paint_pages()


def test(arguments: list[str]) -> None:
    setup()
    must(PYTHON, "-m", "pytest", *arguments, QT_QPA_PLATFORM="offscreen")


def check(arguments: list[str]) -> None:
    setup()
    steps: list[tuple[str, list[object]]] = [
        ("format", [PYTHON, "-m", "ruff", "format", "--check", "."]),
        ("lint", [PYTHON, "-m", "ruff", "check", "."]),
        ("types", [PYTHON, "-m", "mypy"]),
        ("contracts", [BIN / f"lint-imports{EXE}"]),
    ]
    if "--no-tests" not in arguments:
        steps.append(("tests", [PYTHON, "-m", "pytest"]))
    failed = [title for title, command in steps if not passes(title, command)]
    announce("style (for the eye, never a gate)")
    call(PYTHON, "-m", "tests.style")
    if failed:
        raise SystemExit(f"Not in order: {', '.join(failed)}")
    print("All in order.")


def passes(title: str, command: list[object]) -> bool:
    announce(title)
    return call(*command, QT_QPA_PLATFORM="offscreen") == 0


def announce(title: str) -> None:
    print(f"== {title}", flush=True)


def bench(arguments: list[str]) -> None:
    setup()
    module("bench", *arguments, QT_QPA_PLATFORM="offscreen")


def build(arguments: list[str]) -> None:
    setup()
    spec = ROOT / "build_spec" / "ledger.spec"
    if not spec.exists():
        raise SystemExit("This copy of the project has no build_spec/ledger.spec yet.")
    if sys.platform.startswith("linux"):
        provide(missing_packages(build_libraries()) + ([] if shutil.which("objcopy") else ["binutils"]))
    must(
        PYTHON,
        "-m",
        "PyInstaller",
        "--noconfirm",
        "--distpath",
        "dist",
        "--workpath",
        "build",
        spec,
        *arguments,
    )


def build_libraries() -> dict[str, str]:
    """PyInstaller takes plug-in libraries from this machine; Debian keeps Python's own apart."""
    libraries = QT_LIBRARIES | SCREEN_LIBRARIES
    if sys.base_prefix == "/usr":
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        libraries[f"libpython{version}.so.1.0"] = f"libpython{version}"
    return libraries


def prepare(_arguments: list[str]) -> None:
    setup(has_screen())
    print(f"Ready: {BIN / f'ledger-app{EXE}'}")


COMMANDS: Mapping[str, Callable[[list[str]], None]] = {
    "setup": prepare,
    "run": run,
    "test": test,
    "check": check,
    "bench": bench,
    "tour": tour,
    "build": build,
}


def main(words: list[str]) -> None:
    if sys.version_info < (3, 11):  # noqa: UP036 - whoever starts this with an older Python is told in words
        raise SystemExit(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}.")
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="replace")  # a Windows console of another code page must not stop us
    if not words or words[0] not in COMMANDS:
        raise SystemExit(USAGE)
    COMMANDS[words[0]](words[1:])


if __name__ == "__main__":
    main(sys.argv[1:])
