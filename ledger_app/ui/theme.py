"""Colours, fonts, style sheet and icons: one set of names, a light and a dark set of values."""

from __future__ import annotations

import sys
from functools import lru_cache
from pathlib import Path
from string import Template
from typing import Final, NamedTuple

from PySide6.QtCore import QByteArray, QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication, QWidget

from ledger_app import paths

STYLE_SHEETS: Final = ("frame.qss", "controls.qss", "ledger.qss")
FONT_FILES: Final = ("NotoSansSC-Regular.ttf", "NotoSansSC-Bold.ttf")
FAMILIES: Final = (
    ("Microsoft YaHei UI", "Microsoft YaHei", "Noto Sans SC")
    if sys.platform == "win32"
    else ("Noto Sans SC",)
)
TEXT_PX: Final = 13
ICON_PX: Final = 18


class Tokens(NamedTuple):
    """Every colour of the window, by what it is for."""

    ink: str
    muted: str
    faint: str
    line: str
    page: str
    card: str
    field: str
    stripe: str
    head: str
    hover: str
    selection: str
    mark: str
    blue: str
    blue_hover: str
    blue_pale: str
    deep: str
    deep_hover: str
    deep_current: str
    deep_bar: str
    deep_ink: str
    deep_muted: str
    red: str
    red_pale: str
    amber: str
    amber_pale: str
    green: str
    green_pale: str


LIGHT: Final = Tokens(
    ink="#1f2a37",
    muted="#66758a",
    faint="#98a4b3",
    line="#e3e8ef",
    page="#f5f7fa",
    card="#ffffff",
    field="#ffffff",
    stripe="#fafbfd",
    head="#eef2f7",
    hover="#f0f4f9",
    selection="#dceafd",
    mark="#ffe9a8",
    blue="#1f6feb",
    blue_hover="#185dc9",
    blue_pale="#eaf2fe",
    deep="#0b3d66",
    deep_hover="#12497a",
    deep_current="#17527f",
    deep_bar="#5aa9ff",
    deep_ink="#eaf2fa",
    deep_muted="#8fb0cc",
    red="#c8372d",
    red_pale="#fdf0ef",
    amber="#b7791f",
    amber_pale="#fdf6e9",
    green="#2f855a",
    green_pale="#edf7f1",
)
DARK: Final = Tokens(
    ink="#e2e8f0",
    muted="#9aa8ba",
    faint="#6f7e91",
    line="#2d3a4a",
    page="#141c26",
    card="#1b2531",
    field="#15202b",
    stripe="#1e2935",
    head="#22303f",
    hover="#243242",
    selection="#1f4673",
    mark="#6b5518",
    blue="#4a90f0",
    blue_hover="#6aa6f7",
    blue_pale="#1c3350",
    deep="#0a2238",
    deep_hover="#10304d",
    deep_current="#153a5c",
    deep_bar="#5aa9ff",
    deep_ink="#e2ebf4",
    deep_muted="#7f9db8",
    red="#f08a80",
    red_pale="#3a2226",
    amber="#e0b054",
    amber_pale="#38301c",
    green="#6cc495",
    green_pale="#1c3328",
)


class Theme:
    """One set of colours, made into a palette, a style sheet and icons."""

    def __init__(self, *, dark: bool = False) -> None:
        self.dark = dark
        self.tokens = DARK if dark else LIGHT
        self._pixmap = lru_cache(maxsize=512)(_pixmap)
        self._ratios = _ratios()

    def apply(self, application: QApplication) -> None:
        application.setPalette(self.palette())
        application.setStyleSheet(self.style_sheet())

    def style_sheet(self) -> str:
        icons = paths.resource("icons").as_posix()
        folder = paths.resource("style")
        text = "".join((folder / name).read_text(encoding="utf-8") for name in STYLE_SHEETS)
        return Template(text).substitute(self.tokens._asdict(), icons=icons)

    def palette(self) -> QPalette:
        t, role = self.tokens, QPalette.ColorRole
        palette = QPalette(QColor(t.page))
        for which, colour in (
            (role.Window, t.page),
            (role.WindowText, t.ink),
            (role.Base, t.field),
            (role.AlternateBase, t.stripe),
            (role.Text, t.ink),
            (role.Button, t.card),
            (role.ButtonText, t.ink),
            (role.Highlight, t.blue),
            (role.HighlightedText, "#ffffff"),
            (role.ToolTipBase, t.card),
            (role.ToolTipText, t.ink),
            (role.PlaceholderText, t.faint),
            (role.Link, t.blue),
        ):
            palette.setColor(which, QColor(colour))
        for which in (role.WindowText, role.Text, role.ButtonText):
            palette.setColor(QPalette.ColorGroup.Disabled, which, QColor(t.faint))
        return palette

    def colour(self, token: str) -> QColor:
        """The colour of a token by its name: `muted`, `red` …"""
        return QColor(getattr(self.tokens, token))

    def icon(self, name: str, tint: str = "muted", active: str = "", size: int = ICON_PX) -> QIcon:
        """A drawn icon in the colour of token `tint`; `active` is the colour of a checked or current one."""
        icon = QIcon()
        for ratio in self._ratios:
            icon.addPixmap(self._pixmap(name, getattr(self.tokens, tint), size, ratio))
            if active:
                pixmap = self._pixmap(name, getattr(self.tokens, active), size, ratio)
                icon.addPixmap(pixmap, QIcon.Mode.Normal, QIcon.State.On)
                icon.addPixmap(pixmap, QIcon.Mode.Selected, QIcon.State.Off)
        return icon

    def pixmap(self, name: str, tint: str, size: int = ICON_PX, ratio: float = 1) -> QPixmap:
        return self._pixmap(name, getattr(self.tokens, tint), size, ratio)


def _ratios() -> tuple[int, ...]:
    """The sizes icons are drawn in: twice as large, too, where a screen is finer than usual."""
    return (1, 2) if any(screen.devicePixelRatio() > 1 for screen in QApplication.screens()) else (1,)


def _pixmap(name: str, colour: str, size: int, ratio: float) -> QPixmap:
    """The icon's strokes drawn in one colour; an unknown name is an empty picture."""
    pixmap = QPixmap(QSize(size, size) * ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    path = paths.resource("icons", f"{name}.svg")
    if path.is_file():
        drawing = path.read_text(encoding="utf-8").replace("currentColor", colour)
        painter = QPainter(pixmap)
        QSvgRenderer(QByteArray(drawing.encode())).render(painter, QRectF(pixmap.rect()))
        painter.end()
    pixmap.setDevicePixelRatio(ratio)
    return pixmap


def use_fonts(application: QApplication, folder: Path | None = None) -> None:
    """Register the bundled fonts first, then name the families in the order they are tried."""
    for name in FONT_FILES:
        QFontDatabase.addApplicationFont(str((folder or paths.resource("fonts")) / name))
    font = QFont()
    font.setFamilies(list(FAMILIES))
    font.setPixelSize(TEXT_PX)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    application.setFont(font)


def role(widget: QWidget, name: str) -> None:
    """Which part a widget plays (`primary`, `quiet`, `title`, `muted` …): the style sheet goes by it."""
    if widget.property("role") != name:
        widget.setProperty("role", name)
        if widget.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):
            repolish(widget)


def repolish(widget: QWidget) -> None:
    """Let the style sheet look at a widget's properties again."""
    style = widget.style()
    style.unpolish(widget)
    style.polish(widget)
    QApplication.sendEvent(widget, QEvent(QEvent.Type.StyleChange))  # else a frame keeps its old width
    widget.updateGeometry()
