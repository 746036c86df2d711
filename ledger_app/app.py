"""Composition root: the only place where the window's long-lived objects are made and joined.

What the first picture does not need is imported when it is wanted: half of a start is imports.
"""
# ruff: noqa: PLC0415 - the hidden imports of this module are for start-up time

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from PySide6.QtCore import QLibraryInfo, QTimer, QTranslator
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from ledger_app import paths
from ledger_app.core.entities import LEDGERS
from ledger_app.core.entity import Registry
from ledger_app.core.errors import LedgerError
from ledger_app.services import session
from ledger_app.services.session import Operator, Workspace
from ledger_app.services.settings import Settings
from ledger_app.ui import ledgers
from ledger_app.ui.ledger_page import page_maker
from ledger_app.ui.main_window import MainWindow
from ledger_app.ui.messages import Messages
from ledger_app.ui.pages import data_places, desk_places, ledger_extras, paper_places
from ledger_app.ui.places import LedgerExtras, PageContext, Place
from ledger_app.ui.theme import Theme, use_fonts
from ledger_app.ui.workers import InlineWorkers, Workers

TITLE: Final = "县级水资源台账"
GROUPS: Final = ("", "台账", "水量", "水位", "整改", "报表", "数据", "设置", "帮助")
RECENT: Final = 8
AFTER_FIRST_PAINT_MS: Final = 250
FIRST_PLACE: Final = "desk"


# ---- the application -----------------------------------------------------------------------------


def make_application(arguments: Sequence[str], *, dark: bool = False) -> tuple[QApplication, Theme]:
    """Fonts first, then colours, so that nothing is laid out twice."""
    use_chinese_input(os.environ)
    application = QApplication([*(arguments or [paths.APP_NAME]), "-style", "fusion"])
    application.setApplicationName(paths.APP_NAME)
    application.setApplicationDisplayName(TITLE)
    use_fonts(application)
    theme = Theme(dark=dark)
    theme.apply(application)
    translator = QTranslator(application)
    if translator.load("qtbase_zh_CN", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        application.installTranslator(translator)
    application.setWindowIcon(theme.icon("ledger", "blue", size=64))
    return application, theme


def use_chinese_input(environ: Any) -> None:
    """Qt's wheels carry the ibus plug-in and none for fcitx; fcitx5 speaks ibus too."""
    if sys.platform.startswith("linux") and environ.get("QT_IM_MODULE") in ("fcitx", "fcitx5", "xim"):
        environ["QT_IM_MODULE"] = "ibus"


# ---- what the window is made of ------------------------------------------------------------------


def places(registry: Registry) -> list[Place]:
    """The navigation: every ledger that has a group, and the pages written by hand, in house order."""
    of_ledgers = [
        Place(e.name, e.label, str(e.group), e.icon, page_maker(e), ledgers.HINTS.get(e.name, ""))
        for e in registry.places
    ]
    return sorted([*pages(), *of_ledgers], key=lambda place: GROUPS.index(place.group))


def pages() -> list[Place]:
    """Pages written by hand; `make` imports each when it is first visited."""
    return [*desk_places.PLACES, *paper_places.PLACES, *data_places.PLACES]


def extras(workspace: Workspace) -> Mapping[str, LedgerExtras]:
    """What single ledgers have beyond their declaration: columns, open filters, acts, heads."""
    found = ledger_extras.extras(workspace)
    for entity in workspace.registry.places:
        own = found[entity.name]
        acts = (data_places.IMPORT_ACT, *own.acts) if entity.group == "台账" else own.acts
        found[entity.name] = own._replace(acts=acts, sections=(*own.sections, *data_places.SECTIONS))
    return MappingProxyType(found)


def make_window(
    workspace: Workspace,
    theme: Theme,
    settings: Settings,
    workers: Callable[..., Workers] = Workers,
) -> MainWindow:
    """One ledger's window with everything joined. `workers` makes the threads (tests: inline)."""
    messages = Messages()
    context = PageContext(
        workspace,
        workers(workspace, messages.failed),
        theme,
        settings,
        messages,
        extras(workspace),
        help=open_manual,
    )
    window = MainWindow(context, places(workspace.registry), f"{workspace.path.stem} — {TITLE}")
    messages.belong_to(window)
    window.navigation.name(workspace.county())
    return window


def open_manual(topic: str) -> None:
    """The manual at the page one is at, in the account's browser: it is a folder of HTML pages."""
    from PySide6.QtCore import QUrl
    from PySide6.QtGui import QDesktopServices

    manual = paths.resource("help", "index.html")
    if manual.is_file():
        url = QUrl.fromLocalFile(str(manual))
        url.setFragment(topic)
        QDesktopServices.openUrl(url)


# ---- the program ---------------------------------------------------------------------------------


class Program:
    """The running program: the start page, or one ledger's window."""

    def __init__(self, theme: Theme, settings: Settings) -> None:
        self._theme = theme
        self._settings = settings
        self.window: MainWindow | None = None
        self.start: QWidget | None = None

    def begin(self, path: Path | None) -> None:
        """Open a ledger, or the start page where none is named or it cannot be opened."""
        if path is None or not self.open(path):
            self.show_start()

    def open(self, path: Path) -> bool:
        """Open a ledger in place of the one that is open; False where it is refused."""
        try:
            workspace = session.open_workspace(path.absolute(), LEDGERS, _today)
        except LedgerError as error:
            self._refuse(error)
            return False
        former, start = self.window, self.start
        self._remember(workspace.path)
        self._show(workspace)
        for left in (former, start):
            if left:
                left.close()
        return True

    def show_start(self) -> None:
        from ledger_app.ui.start_window import StartWindow

        recent = [Path(p) for p in self._settings.get("recent", []) if Path(p).is_file()]
        start = StartWindow(self._theme, recent, paths.data_dir(), demo=True)
        start.opened.connect(self.open)
        start.asked_new.connect(self._make_new)
        start.asked_demo.connect(self._open_demo)
        self.start = start
        start.show()

    def _make_new(self, wanted: Any) -> None:
        from ledger_app.services import opening

        try:
            opening.create_ledger(
                wanted.path,
                LEDGERS,
                county_code=wanted.code,
                county_name=wanted.county,
                bureau=wanted.bureau,
                who=wanted.who,
            )
        except LedgerError as error:
            self._refuse(error)
            return
        self._settings.put(f"{wanted.path.absolute()}|operator", wanted.who)
        self.open(wanted.path)

    def _open_demo(self) -> None:
        from ledger_app.services.demo import make_demo

        path = paths.data_dir() / "演示县.ledger"
        if not path.exists():
            make_demo(path, LEDGERS)
        self.open(path)

    def _ask_open(self) -> None:
        from PySide6.QtWidgets import QFileDialog

        from ledger_app.ui.start_window import FILES

        name, _ = QFileDialog.getOpenFileName(self.window, "打开台账文件", str(paths.data_dir()), FILES)
        if name:
            self.open(Path(name))

    def _refuse(self, error: LedgerError) -> None:
        messages = Messages()
        messages.belong_to(self.window or self.start)
        messages.tell(error.text)

    def _remember(self, path: Path) -> None:
        recent = [str(path), *(p for p in self._settings.get("recent", []) if p != str(path))]
        self._settings.put("recent", recent[:RECENT])

    # ---- one ledger's window -----------------------------------------------------------------

    def _show(self, workspace: Workspace) -> None:
        self._choose_remembered(workspace)
        window = make_window(workspace, self._theme, self._settings)
        window.add_menu(self._fill_menu)
        window.status.operator_asked.connect(self.ask_operator)
        window.closed.connect(lambda: self._ended(window))
        self.window = window
        window.visit_last(FIRST_PLACE)
        window.show()
        QTimer.singleShot(AFTER_FIRST_PAINT_MS, window, lambda: self._after_first_paint(window))

    def _ended(self, window: MainWindow) -> None:
        if self.window is window:
            self.window = None
        window.end()
        window.deleteLater()

    def _after_first_paint(self, window: MainWindow) -> None:
        """What nobody waits for: who works, whether the journal is whole."""
        gc.freeze()
        gc.enable()
        if window is not self.window:
            return
        from ledger_app.ui.upkeep import Upkeep

        Upkeep(window, self.open)
        workspace = window.context.workspace
        window.context.workers.read_long(
            "核对变更记录", lambda conn, _: session.chain_is_whole(conn), window.status.set_journal
        )
        if workspace.ledger.read_only:
            window.context.messages.note(workspace.why_not)
        elif not workspace.operator.name:
            self.ask_operator()

    def _choose_remembered(self, workspace: Workspace) -> None:
        name = self._settings.get(f"{workspace.path}|operator", "")
        known = {operator.name: operator for operator in workspace.operators()}
        workspace.operator = known.get(name, workspace.operator)

    def ask_operator(self) -> None:
        """Choose who works; a new name is put on the ledger's list."""
        from ledger_app.ui.operator_dialog import OperatorDialog

        if self.window is None:
            return
        workspace = self.window.context.workspace
        dialog = OperatorDialog(self.window, workspace.operators(), workspace.operator.name)
        if not dialog.exec():
            return
        chosen = dialog.chosen
        if dialog.is_new:
            job = partial(session.add_operator, name=chosen.name, role=chosen.role)
            self.window.context.workers.write(job, self._use_operator)
        else:
            self._use_operator(chosen)

    def _use_operator(self, operator: Operator) -> None:
        if self.window:
            workspace = self.window.context.workspace
            workspace.operator = operator
            self._settings.put(f"{workspace.path}|operator", operator.name)
            self.window.operator_changed()

    def _fill_menu(self, menu: QMenu) -> None:
        for words, run in (
            ("打开其他台账……", self._ask_open),
            ("建立新台账……", self.show_start),
            ("看示例旗县", self._open_demo),
            ("换操作员……", self.ask_operator),
        ):
            menu.addAction(words).triggered.connect(run)
        looks = menu.addAction("深色外观（下次打开时）")
        looks.setCheckable(True)
        looks.setChecked(bool(self._settings.get("dark", False)))
        looks.toggled.connect(lambda on: self._settings.put("dark", on))


def run(path: Path | None = None, arguments: Sequence[str] = ()) -> int:
    """The window, until it is closed."""
    settings = Settings(paths.settings_file())
    application, theme = make_application(arguments, dark=bool(settings.get("dark", False)))
    report_crashes()
    program = Program(theme, settings)
    program.begin(path)
    return application.exec()


def report_crashes() -> None:
    """An error of ours goes to the log and is told in a dialog; the reporter is made for the first one."""
    made: list[Any] = []

    def caught(kind: Any, error: Any, trace: Any) -> None:
        from ledger_app.ui.crash import CrashReporter

        made.append(made[0] if made else CrashReporter(paths.log_dir()))
        made[0].caught(kind, error, trace)

    sys.excepthook = caught


def _today() -> date:
    return date.today()  # noqa: DTZ011 - the clerk's own calendar day


# ---- without a clerk -----------------------------------------------------------------------------


def tour(path: Path, out: Path, suffix: str) -> int:
    """Paint every place and dialog of a ledger; called by `python -m ledger_app.ui.tour`."""
    import tempfile

    from ledger_app.ui.pages.data_pictures import PICTURES as DATA_PICTURES
    from ledger_app.ui.start_window import StartWindow
    from ledger_app.ui.tour import PICTURES, Painter

    application, theme = make_application([], dark="dark" in suffix)
    painter = Painter(application, out, suffix)
    workspace = session.open_workspace(path, LEDGERS, _today)
    day = session.last_day(workspace.reader) or _today()
    workspace.today = lambda: day  # the ledger as it was when somebody last worked on it
    workspace.operator = next(iter(workspace.operators()), session.NOBODY)
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(Path(folder) / "settings.json")
        window = make_window(workspace, theme, settings, InlineWorkers)
        window.status.set_backup("上次备份 09:30")
        window.status.set_journal(session.chain_is_whole(workspace.reader))
        painter.paint(window, (*PICTURES, *DATA_PICTURES))
        painter.picture("start", StartWindow(theme, [path], path.parent, demo=True))
    window.close()
    window.end()
    return 0


def self_test() -> int:
    """Is everything in the bundle? A ledger is made, opened, and every place is painted."""
    import tempfile

    from PySide6.QtGui import QFontDatabase

    from ledger_app.services import opening

    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application, theme = make_application([])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "test.ledger"
        opening.create_ledger(path, LEDGERS, county_code="150824", bureau="测试县水利局", who="测试")
        workspace = session.open_workspace(path, LEDGERS, _today)
        workspace.operator = Operator("测试", "经办")
        window = make_window(workspace, theme, Settings(Path(folder) / "settings.json"), InlineWorkers)
        window.show()
        for place in window.places:
            window.visit(place.key)
            application.processEvents()
        painted = not window.grab().isNull()
        whole = session.chain_is_whole(workspace.reader)
        window.close()
        window.end()
    fonts = "Noto Sans SC" in QFontDatabase.families()
    pieces = {"window": painted, "journal": whole, "fonts": fonts, "style": bool(theme.style_sheet())}
    print("\n".join(f"{name}: {'ok' if good else 'MISSING'}" for name, good in pieces.items()))
    return 0 if all(pieces.values()) else 1
