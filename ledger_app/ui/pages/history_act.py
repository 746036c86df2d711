"""One act of the change log: who, when, why, and every record it touched, cell by cell."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QTextBrowser, QVBoxLayout

from ledger_app.core.entity import Registry
from ledger_app.services.change_log import NOWHERE, CellChange, Link, RecordChange, act_word
from ledger_app.services.history import Obstacle
from ledger_app.ui.theme import Theme, role

WIDTH: Final = 430
MORE: Final = "more"
HOW: Final = {"insert": "登记", "update": "改动", "delete": "作废"}
SOURCES: Final = {
    "form": "表单",
    "dialog": "办理窗口",
    "import": "导入",
    "command": "命令行",
    "report": "报表",
}


class ActPane(QFrame):
    """`followed` carries ledger and uid of a record, `act_followed` another act."""

    followed = Signal(str, str)
    act_followed = Signal(str)
    more_asked = Signal()
    undo_asked = Signal()

    def __init__(self, theme: Theme, registry: Registry) -> None:
        super().__init__()
        role(self, "record")
        self.setFixedWidth(WIDTH)
        self._theme = theme
        self._registry = registry
        self._records: list[RecordChange] = []
        self._obstacles: Sequence[Obstacle] = ()
        self._act: dict[str, Any] = {}
        self.title, self.pill, self.said = QLabel(), QLabel(), QLabel()
        role(self.title, "heading")
        role(self.said, "small")
        self.title.setWordWrap(True)
        self.said.setWordWrap(True)
        self.text = QTextBrowser()
        self.text.setOpenLinks(False)
        self.text.document().setDefaultStyleSheet(self._style())
        self.text.setStyleSheet("QTextBrowser { border: none; padding: 0; background: transparent; }")
        self.text.anchorClicked.connect(self._follow)
        self.undo = QPushButton("撤销这次操作……")
        self.undo.clicked.connect(self.undo_asked)
        self._lay_out()
        self.show_nothing()

    # ---- what is shown -----------------------------------------------------------------------

    @property
    def act(self) -> dict[str, Any]:
        return self._act

    @property
    def shown(self) -> int:
        """How many records stand there."""
        return len(self._records)

    def show_nothing(self) -> None:
        self._act, self._records, self._obstacles = {}, [], ()
        for widget in (self.title, self.pill, self.said, self.undo):
            widget.hide()
        self.text.clear()

    def show_act(self, act: dict[str, Any], *, may_undo: bool) -> None:
        """The act's own words; its records follow by `add_records`."""
        self._act, self._records, self._obstacles = act, [], ()
        self.title.setText(act["why"] or act_word(act["kind"]))
        self.pill.setText("已撤销" if act["undone_by"] else act_word(act["kind"]))
        role(self.pill, "pill-muted" if act["undone_by"] else "pill-blue")
        source = SOURCES.get(act["source"].split(" ")[0], act["source"])
        where = f"，通过{source}" if source else ""
        at = act["at"][:19].replace("T", " ")
        self.said.setText(f"{at}　{act['who']}{where}，涉及 {act['row_count']:,} 条记录")
        for widget in (self.title, self.pill, self.said, self.undo):
            widget.show()
        self.undo.setEnabled(may_undo and not act["undone_by"])
        self.text.setHtml("")

    def add_records(self, records: Sequence[RecordChange]) -> None:
        bar = self.text.verticalScrollBar().value()
        self._records += records
        self._show()
        self.text.verticalScrollBar().setValue(bar)

    def show_obstacles(self, obstacles: Sequence[Obstacle]) -> None:
        """Why the act cannot be taken back: each with where to go."""
        self._obstacles = obstacles
        self._show()
        self.text.verticalScrollBar().setValue(0)

    def _show(self) -> None:
        parts = [self._obstacles_html()] if self._obstacles else []
        parts += [self._record_html(record) for record in self._records]
        if (left := self._act["row_count"] - len(self._records)) > 0:
            parts.append(f'<p><a href="{MORE}:">还有 {left:,} 条，接着看</a></p>')
        self.text.setHtml("".join(parts))

    def _obstacles_html(self) -> str:
        t = self._theme.tokens
        lines = "".join(f"<p>{self._obstacle(o)}</p>" for o in self._obstacles[:50])
        more = f"<p>还有 {len(self._obstacles) - 50:,} 处。</p>" if len(self._obstacles) > 50 else ""
        head = f"还不能撤销，先要处理 {len(self._obstacles):,} 处："
        return f'<p style="color:{t.red}"><b>{head}</b></p>{lines}{more}<hr>'

    def _obstacle(self, one: Obstacle) -> str:
        links = []
        if self._registry[one.ledger].group:
            links.append(f'<a href="record:{one.ledger} {one.uid}">看记录</a>')
        if one.act_uid:
            links.append(f'<a href="act:{one.act_uid}">看那次操作</a>')
        return f"{'　'.join(links)}　{html.escape(one.text.strip())}"

    def _record_html(self, record: RecordChange) -> str:
        name = html.escape(record.title)
        named = self._link(name, (record.ledger, record.uid)) if record.there else name
        gone = "" if record.there else "　（现在已不在台账里）"
        head = f"<p class='head'>{html.escape(record.label)}　<b>{named}</b>　<span>{HOW[record.how]}{gone}</span></p>"
        if record.how == "update":
            return head + self._table([self._changed(c) for c in record.cells])
        return head + self._table([self._single(c, record.how == "delete") for c in record.cells])

    def _table(self, rows: Sequence[str]) -> str:
        return f"<table cellspacing='0' cellpadding='2'>{''.join(rows)}</table>"

    def _changed(self, cell: CellChange) -> str:
        old = f"<s>{html.escape(cell.old)}</s>" if cell.old else "<span>空</span>"
        new = self._link(html.escape(cell.new), cell.new_link) if cell.new else "<span>空</span>"
        return f"<tr><td><span>{html.escape(cell.label)}</span>　</td><td>{old} → {new}</td></tr>"

    def _single(self, cell: CellChange, gone: bool) -> str:
        text, link = (cell.old, NOWHERE) if gone else (cell.new, cell.new_link)
        said = self._link(html.escape(text), link)
        return f"<tr><td><span>{html.escape(cell.label)}</span>　</td><td>{said}</td></tr>"

    def _link(self, text: str, link: Link) -> str:
        """A record that has a place of its own can be gone to."""
        if link == NOWHERE or not self._registry[link[0]].group:
            return text
        return f'<a href="record:{link[0]} {link[1]}">{text}</a>'

    def _style(self) -> str:
        t = self._theme.tokens
        return (
            f"a {{ color: {t.blue}; text-decoration: none; }} span, s {{ color: {t.muted}; }}"
            f" p.head {{ margin-top: 12px; margin-bottom: 2px; }} td {{ color: {t.ink}; }}"
        )

    def _follow(self, url: QUrl) -> None:
        kind, _, rest = url.toString().partition(":")
        if kind == MORE:
            self.more_asked.emit()
        elif kind == "act":
            self.act_followed.emit(rest)
        else:
            ledger, _, uid = rest.replace("%20", " ").partition(" ")
            self.followed.emit(ledger, uid)

    # ---- making ------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self.title, 1)
        top.addWidget(self.pill, 0, Qt.AlignmentFlag.AlignTop)
        foot = QHBoxLayout()
        foot.addWidget(self.undo)
        foot.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(6)
        column.addLayout(top)
        column.addWidget(self.said)
        column.addWidget(self.text, 1)
        column.addLayout(foot)
