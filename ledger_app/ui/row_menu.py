"""What can be done with the chosen rows, under the right mouse button."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from PySide6.QtWidgets import QMenu, QWidget


class Offer(NamedTuple):
    """One line of the menu; without words a line between groups."""

    words: str = ""
    run: Callable[[], object] = lambda: None
    enabled: bool = True


BREAK = Offer()


def row_menu(parent: QWidget, offers: Sequence[Offer]) -> QMenu:
    menu = QMenu(parent)
    for offer in offers:
        if not offer.words:
            menu.addSeparator()
            continue
        action = menu.addAction(offer.words)
        action.triggered.connect(lambda _checked, run=offer.run: run())
        action.setEnabled(offer.enabled)
    return menu
