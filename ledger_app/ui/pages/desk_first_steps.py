"""What the desk says while the ledger is empty: the first steps."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from ledger_app.ui.ledger_page import LedgerPage
from ledger_app.ui.main_window import MainWindow
from ledger_app.ui.places import PageContext
from ledger_app.ui.theme import role

CARD_WIDTH: Final = 250
STEPS: Final = (
    ("import", "导入台账", "把各乡镇报来的机电井、取水许可工作簿读进来，表头和单位自己认。", "导入台账…"),
    ("wells", "登记第一眼井", "没有现成的表也行：填上村和权属人，井编号自动编。", "登记井"),
    ("permits", "发第一本证", "先登记井，再把井归到证下；到期、延续会自动提醒。", "发证…"),
)


class FirstSteps(QWidget):
    """Three ways to begin; each leads to its page."""

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self._context = context
        said = QLabel("这本台账还是空的。从哪里开始？")
        role(said, "heading")
        said.setAlignment(Qt.AlignmentFlag.AlignCenter)
        cards = QHBoxLayout()
        cards.setSpacing(16)
        cards.addStretch()
        for key, title, text, words in STEPS:
            cards.addWidget(self._card(title, text, words, partial(self.go, key)))
        cards.addStretch()
        demo = QLabel("想先看看样子：点左上角的旗县名，选“看示例旗县”，里面的数据都是编的。")
        role(demo, "muted")
        demo.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column = QVBoxLayout(self)
        column.setSpacing(20)
        column.addStretch(2)
        column.addWidget(said)
        column.addLayout(cards)
        column.addWidget(demo)
        column.addStretch(3)

    def go(self, key: str) -> None:
        """To the page; on that of a ledger the first record is begun at once."""
        self._context.navigate(key, None)
        window = self.window()
        page = window.page(key) if isinstance(window, MainWindow) else None
        if isinstance(page, LedgerPage):
            page.register()

    def _card(self, title: str, text: str, words: str, act: Callable[[], object]) -> QFrame:
        card = QFrame()
        role(card, "card")
        card.setFixedWidth(CARD_WIDTH)
        name, says, button = QLabel(title), QLabel(text), QPushButton(words)
        role(name, "heading")
        role(says, "muted")
        says.setWordWrap(True)
        if title == STEPS[0][1]:
            role(button, "primary")
        button.clicked.connect(lambda _checked: act())
        column = QVBoxLayout(card)
        column.setContentsMargins(18, 16, 18, 16)
        column.setSpacing(10)
        column.addWidget(name)
        column.addWidget(says, 1)
        column.addWidget(button)
        return card
