"""历史 at the end of a record: its last changes as sentences, the rest in the change log."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from ledger_app.core.entity import Entity
from ledger_app.services.change_log import HistoryLine, record_history
from ledger_app.ui.places import PageContext, Target
from ledger_app.ui.theme import role

SHOWN: Final = 6


class HistoryLines(QWidget):
    """Reads beside the window, so that running along a list stays smooth."""

    def __init__(self, context: PageContext, entity: Entity, uid: str) -> None:
        super().__init__()
        role(self, "plain")
        self._context = context
        self._target = Target(uids=(uid,), said=entity.name)
        self.text = QLabel("……")
        self.text.setWordWrap(True)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)
        self.text.linkActivated.connect(self._follow)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.text)
        registry = context.registry
        context.workers.read(
            lambda conn: record_history(conn, registry, entity, uid, SHOWN + 1), self._show, channel="history"
        )

    def _show(self, lines: Sequence[HistoryLine]) -> None:
        t = self._context.theme.tokens
        parts = [_said(line, t.muted) for line in lines[:SHOWN]]
        words = "更早的也看" if len(lines) > SHOWN else "在变更记录里看"
        parts.append(f'<a style="color:{t.blue}; text-decoration:none" href="all">{words}</a>')
        self.text.setText("".join(f"<p style='margin:0 0 6px 0'>{part}</p>" for part in parts))

    def _follow(self, link: str) -> None:
        self._context.navigate("history", self._target if link == "all" else Target(uid=link))


def _said(line: HistoryLine, muted: str) -> str:
    day = f"{line.at[:10]} {html.escape(line.who)} {html.escape(line.word)}"
    why = f"（{html.escape(line.why)}）" if line.why and line.why != line.word else ""
    text = html.escape(line.text)
    if line.undone:
        return f'<span style="color:{muted}">{day}{why}：<s>{text}</s> 已撤销</span>'
    return f'<span style="color:{muted}">{day}{why}：</span>{text}'
