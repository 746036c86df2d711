"""Beside the rows of an import: what is wrong with the one that is looked at, and every sort of problem."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from ledger_app.core.errors import Problem
from ledger_app.core.fields import Field
from ledger_app.services.change_log import CellChange
from ledger_app.services.import_review import Decision, Kind, Review, RowKey
from ledger_app.services.import_sheets import cell_text, header_unit
from ledger_app.ui.columns import on_screen
from ledger_app.ui.lines_table import Cell, LineColumn, LinesTable
from ledger_app.ui.pages.importing_lines import outcome_words, row_name
from ledger_app.ui.theme import Theme, role

WIDTH: Final = 340
LOOKS: Final = {"refuse": "error", "confirm": "doubt", "info": "note"}
KIND_COLUMNS: Final = (LineColumn("问题", 190, stretch=True), LineColumn("行数", 56, numeric=True))


class ReviewPane(QTabWidget):
    """`decided` carries rows and a decision (None: undecided again); `kind_chosen` a Kind."""

    decided = Signal(object, object)
    kind_chosen = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setFixedWidth(WIDTH)
        self.row = RowCard(theme)
        self.row.decided.connect(self.decided)
        self.kinds = LinesTable(theme, KIND_COLUMNS, "没有发现问题。", tall=True)
        self.kinds.opened.connect(lambda line: self.kind_chosen.emit(self._kinds[line]))
        self.kinds.clicked.connect(lambda index: self.kind_chosen.emit(self._kinds[index.row()]))
        self._kinds: Sequence[Kind] = ()
        card = QFrame()
        role(card, "record")
        column = QVBoxLayout(card)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.row)
        self.addTab(card, "这一行")
        self.addTab(self.kinds, "所有问题")

    def show_kinds(self, kinds: Sequence[Kind]) -> None:
        self._kinds = kinds
        self.setTabText(1, f"所有问题 {sum(len(k.rows) for k in kinds):,}")
        tones = {"refuse": "red", "confirm": "amber", "info": "muted"}

        def cell(line: int, column: int) -> Cell:
            kind = kinds[line]
            return Cell(kind.text, tones[kind.severity]) if column == 0 else Cell(f"{len(kind.rows):,}")

        self.kinds.lines.show_lines(len(kinds), cell)


class RowCard(QScrollArea):
    """One row: its outcome, its problems with what can be decided, what it changes."""

    decided = Signal(object, object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._box = QVBoxLayout()
        self.buttons: dict[str, QPushButton] = {}
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def show_nothing(self) -> None:
        self.setWidget(QWidget())

    def show_row(
        self, review: Review, key: RowKey, changes: Sequence[CellChange], alike: Sequence[RowKey]
    ) -> None:
        """`alike` are the other rows with the same sort of doubt."""
        inner = QWidget()
        role(inner, "plain")
        self._box = QVBoxLayout(inner)
        self._box.setContentsMargins(16, 12, 12, 12)
        self._box.setSpacing(8)
        self.buttons = {}
        self._head(review, key)
        for problem in review.problems(key):
            self._problem(review, key, problem)
        if review.outcome(key) == "needs_confirmation":
            self._decisions(review, key, alike)
        if changes:
            self._changes(changes)
        self._box.addStretch(1)
        self.setWidget(inner)

    def _head(self, review: Review, key: RowKey) -> None:
        title, pill = QLabel(row_name(review, key)), QLabel()
        role(title, "heading")
        word, tone = outcome_words(review, key)
        pill.setText(word)
        role(pill, f"pill-{tone}")
        row = QHBoxLayout()
        row.addWidget(title, 1)
        row.addWidget(pill)
        self._box.addLayout(row)
        if review.outcome(key) in ("new", "same") and not review.problems(key):
            said = (
                "台账里还没有，会新增一条。" if review.outcome(key) == "new" else "与台账里的一样，不用写。"
            )
            self._say(said, "muted")

    def _problem(self, review: Review, key: RowKey, problem: Problem) -> None:
        sheet = review.sheet(key)
        self._say(problem.text, LOOKS[problem.severity])
        if problem.field in sheet.raws:
            field = review.plan.entity.field(problem.field)
            raw = cell_text(sheet.raws[problem.field][key[1]])
            said = f"{field.label}　表里写的：{_with_unit(raw, field, sheet.mapping) or '空'}"
            if problem.suggestion is not None and not isinstance(problem.suggestion, dict):
                said += f"　建议：{on_screen(field, problem.suggestion)} {field.unit_label}".rstrip()
            self._say(said, "small")

    def _decisions(self, review: Review, key: RowKey, alike: Sequence[RowKey]) -> None:
        offered: list[tuple[str, Decision | None, str]] = [
            ("take", "take", f"{review.take_means(key)}　空格")
        ]
        if review.may_keep(key):
            offered.append(("typed", "typed", "照表里写的导入　Shift+空格"))
        offered.append(("out", "out", "这一行不导入　Del"))
        if key in review.decisions:
            offered.append(("again", None, "再想想　退格"))
        for name, decision, words in offered:
            self._button(name, words, (key,), decision)
        if len(alike) > 1:
            self._say(f"同样的问题共 {len(alike):,} 行，可以一起定：", "muted")
            self._button("take-all", f"{len(alike):,} 行都{review.take_means(key)}", alike, "take")
            if review.may_keep(key):
                self._button("typed-all", f"{len(alike):,} 行都照表里写的导入", alike, "typed")
            self._button("out-all", f"{len(alike):,} 行都不导入", alike, "out")

    def _button(self, name: str, words: str, keys: Sequence[RowKey], decision: Decision | None) -> None:
        button = QPushButton(words)
        button.clicked.connect(lambda: self.decided.emit(tuple(keys), decision))
        self.buttons[name] = button
        self._box.addWidget(button)

    def _changes(self, changes: Sequence[CellChange]) -> None:
        self._say("要改的：", "group")
        for change in changes:
            self._say(f"{change.label}：{change.old or '空'} → {change.new or '空'}", "value")

    def _say(self, text: str, look: str) -> None:
        label = QLabel(text)
        label.setWordWrap(True)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        role(label, look)
        self._box.addWidget(label)


def _with_unit(raw: str, field: Field, mapping: Mapping[int, Any]) -> str:
    """A bare figure with the unit it is read in."""
    bare = raw.replace(".", "", 1).replace("-", "", 1).isdigit()
    return f"{raw} {header_unit(field, mapping.values())}".rstrip() if bare else raw
