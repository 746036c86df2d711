"""What hangs on a record, as groups at its end: short lines that are links, photos and scans."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QSize, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QImageReader, QPixmap
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from ledger_app.core.entity import Entity
from ledger_app.db.queries import around
from ledger_app.services import attaching, saving
from ledger_app.services.record_facts import Line
from ledger_app.ui.places import PageContext, Section, Target
from ledger_app.ui.theme import role

SHOWN: Final = 12
EVERYTHING: Final = "all:"
THUMB: Final = QSize(132, 96)
Lines = Callable[[Any, str], list[Line]]


class LinesView(QLabel):
    """Lines as one text: what leads somewhere is a link, the rest of a long list opens in its ledger."""

    def __init__(self, context: PageContext, lines: Sequence[Line], said: str) -> None:
        super().__init__()
        self._context = context
        self._lines = list(lines)
        self._said = said
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)
        self.linkActivated.connect(self.follow)
        self.setText(self._html())

    def follow(self, link: str) -> None:
        if link == EVERYTHING:
            self._open_all()
        else:
            ledger, _, uid = link.partition("/")
            self._context.navigate(ledger, Target(uid=uid))

    def _open_all(self) -> None:
        ledger = next((line.ledger for line in self._lines if line.ledger), "")
        uids = tuple(line.uid for line in self._lines if line.ledger == ledger)
        self._context.navigate(ledger, Target(uids=uids, said=self._said))

    def _html(self) -> str:
        rows = "".join(self._row(line) for line in self._lines[:SHOWN])
        table = f'<table width="100%" cellspacing="0" cellpadding="2">{rows}</table>'
        return table + self._rest()

    def _rest(self) -> str:
        """Where the others are: records as a list of their ledger, mere words not at all."""
        count = len(self._lines)
        if count < 2 or not any(line.ledger for line in self._lines):
            return f"……还有 {count - SHOWN} 条" if count > SHOWN else ""
        blue = self._context.theme.tokens.blue
        style = f"color:{blue};text-decoration:none"
        return f'<a href="{EVERYTHING}" style="{style}">在表里打开这 {count} 条 ›</a>'

    def _row(self, line: Line) -> str:
        muted, blue = self._context.theme.tokens.muted, self._context.theme.tokens.blue
        text, note = html.escape(line.text), html.escape(line.note)
        if line.ledger:
            style = f"color:{blue};text-decoration:none"
            text = f'<a href="{line.ledger}/{line.uid}" style="{style}">{text}</a>'
        return f'<tr><td>{text}</td><td align="right" style="color:{muted}">{note}</td></tr>'


def lines_section(title: str, lines: Lines) -> Section:
    """A group made of lines; none where there is nothing to say."""

    def make(context: PageContext, _entity: Entity, uid: str) -> QWidget | None:
        found = lines(context.workspace.screen, uid)
        return LinesView(context, found, title) if found else None

    return Section(title, make)


class Attachments(QWidget):
    """Photos small, other files by name; a click opens them in the usual program."""

    def __init__(self, context: PageContext, entity: Entity, uid: str) -> None:
        super().__init__()
        self._context = context
        self._entity = entity
        self._uid = uid
        self.rows = around.attachments_of(context.workspace.screen, uid)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for row in self.rows:
            column.addLayout(self._line(row))
        self.add = QPushButton("＋ 添加照片或扫描件…")
        role(self.add, "link")
        self.add.clicked.connect(self.ask)
        column.addWidget(self.add, 0, Qt.AlignmentFlag.AlignLeft)
        self.add.setVisible(context.workspace.may_write)

    def ask(self) -> None:
        names, _ = QFileDialog.getOpenFileNames(
            self,
            "添加照片或扫描件",
            str(Path.home()),
            "照片和文件 (*.jpg *.jpeg *.png *.pdf *.docx *.xlsx);;所有文件 (*)",
        )
        if names:
            self.attach([Path(name) for name in names])

    def attach(self, sources: Sequence[Path]) -> None:
        space, entity, uid = self._context.workspace, self._entity, self._uid
        who = space.operator.name
        self._context.workers.write(
            lambda store: attaching.attach(store, space.path, entity, uid, sources, who),
            lambda saved: self._note(saved, f"已添加 {len(sources)} 份附件"),
        )

    def open(self, row: dict[str, Any]) -> None:
        ledger = self._context.workspace.path
        self._context.workers.read(
            lambda _: attaching.copy_to_open(ledger, row),
            lambda path: QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))),
        )

    def remove(self, row: dict[str, Any]) -> None:
        who = self._context.workspace.operator.name
        self._context.workers.write(
            lambda store: attaching.detach(store, row["uid"], who),
            lambda saved: self._note(saved, f"已移除附件 {row['name']}"),
        )

    def _note(self, saved: Any, text: str) -> None:
        workers, who = self._context.workers, self._context.workspace.operator.name
        self._context.messages.note(
            text, "撤销", lambda: workers.write(lambda store: saving.undo(store, saved.act, who))
        )

    def _line(self, row: dict[str, Any]) -> QHBoxLayout:
        opened = QPushButton(str(row["name"]))
        role(opened, "link")
        opened.clicked.connect(lambda _checked: self.open(row))
        gone = QPushButton("移除")
        role(gone, "link")
        gone.clicked.connect(lambda _checked: self.remove(row))
        gone.setVisible(self._context.workspace.may_write)
        line = QHBoxLayout()
        line.setSpacing(8)
        if small := self._thumb(row):
            line.addWidget(small)
        line.addWidget(opened)
        line.addStretch()
        line.addWidget(gone)
        return line

    def _thumb(self, row: dict[str, Any]) -> QLabel | None:
        path = attaching.picture(self._context.workspace.path, row)
        if path is None:
            return None
        reader = QImageReader(str(path))
        reader.setAutoTransform(True)
        reader.setDecideFormatFromContent(True)
        size = reader.size()
        if size.isValid():
            reader.setScaledSize(size.scaled(THUMB, Qt.AspectRatioMode.KeepAspectRatio))
        image = reader.read()
        if image.isNull():
            return None
        label = QLabel()
        label.setPixmap(QPixmap.fromImage(image))
        return label


ATTACHMENTS: Final = Section("照片和附件", Attachments)
