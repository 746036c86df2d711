"""Third step of an import: every row with its outcome, filtered by chips, decided by keys or buttons."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from ledger_app.core.entity import Registry
from ledger_app.services.change_log import CellChange, Sayer
from ledger_app.services.import_review import OUTCOMES, Decision, Kind, Review, RowKey, Word
from ledger_app.ui.lines_table import LinesTable
from ledger_app.ui.pages.importing_lines import OUTCOME_WORDS, PlanLines
from ledger_app.ui.pages.importing_pane import ReviewPane
from ledger_app.ui.pages.importing_words import WordQuestions
from ledger_app.ui.theme import Theme, role

ALL: Final = ""


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A plan ready to be gone through; made beside the window."""

    review: Review
    kinds: tuple[Kind, ...]
    words: tuple[Word, ...]

    @classmethod
    def of(cls, review: Review) -> Reviewed:
        return cls(review, tuple(review.kinds()), tuple(review.words()))


class ReviewStep(QWidget):
    """`answered` carries meanings of words, `retype_asked` rows that are to go in as typed; `changed` says
    that another number of rows would be written."""

    answered = Signal(object)
    retype_asked = Signal(object)
    changed = Signal()

    def __init__(self, theme: Theme, screen: Callable[[], Any], registry: Registry) -> None:
        super().__init__()
        self._screen = screen
        self._registry = registry
        self._reviewed: Reviewed | None = None
        self._lines: PlanLines | None = None
        self._outcome = ALL
        self._kind: Kind | None = None
        self.words = WordQuestions()
        self.words.answered.connect(self.answered)
        self.chips = {name: self._chip(name) for name in (ALL, *OUTCOMES)}
        self.kind_chip = QPushButton()
        role(self.kind_chip, "chip-on")
        self.kind_chip.clicked.connect(lambda: self._show_kind(None))
        self.summary = QLabel()
        role(self.summary, "muted")
        self.summary.setWordWrap(True)
        self.table = LinesTable(theme, (), "没有这样的行。")
        self.table.setAccessibleName("要导入的行")
        self.table.current.connect(self._show_row)
        self.pane = ReviewPane(theme)
        self.pane.decided.connect(self.decide)
        self.pane.kind_chosen.connect(self._show_kind)
        self._lay_out()
        self._keys()

    @property
    def review(self) -> Review | None:
        return self._reviewed.review if self._reviewed else None

    # ---- what is shown -----------------------------------------------------------------------

    def show_reviewed(self, reviewed: Reviewed) -> None:
        review = reviewed.review
        self._reviewed = reviewed
        self._lines = PlanLines(review, self._changes)
        self._kind = None
        self.words.show_words(review.plan.entity, reviewed.words)
        self.pane.show_kinds(reviewed.kinds)
        counts = review.counts
        first = next((name for name in ("needs_confirmation", "refused") if counts[name]), ALL)
        self._show_outcome(first)
        self.say()

    def say(self) -> None:
        """How many rows there are of each kind, and what would be written now."""
        if review := self.review:
            counts = review.counts
            for name, chip in self.chips.items():
                number = counts[name] if name else sum(counts.values())
                chip.setText(f"{OUTCOME_WORDS[name][0] if name else '全部'} {number:,}")
                chip.setEnabled(number > 0)
                role(chip, "chip-on" if name == self._outcome and not self._kind else "chip")
            self.summary.setText(summary(review))
        self.kind_chip.setVisible(self._kind is not None)
        if self._kind:
            self.kind_chip.setText(
                f"{self._kind.text[:28]}… × " if len(self._kind.text) > 28 else f"{self._kind.text} ×"
            )

    def show_again(self) -> None:
        """Decisions were made: the rows say something else now."""
        if self._lines:
            self._lines.forget()
            self.table.lines.say_again()
            self._show_row(self.table.currentIndex().row())
        self.say()
        self.changed.emit()

    def _show_outcome(self, name: str) -> None:
        self._outcome, self._kind = name, None
        if review := self.review:
            self._show_keys(review.keys(*(o for o in OUTCOMES if o == name)))

    def _show_kind(self, kind: Kind | None) -> None:
        self._kind = kind
        if kind:
            self._show_keys(kind.rows)
        else:
            self._show_outcome(self._outcome)

    def _show_keys(self, keys: Sequence[RowKey]) -> None:
        if self._lines is None:
            return
        self._lines.show(keys, all_rows=self._outcome in (ALL, "new", "same") and not self._kind)
        self.table.lines.show_lines(len(keys), self._lines.cell, self._lines.columns())
        self.say()
        if keys:
            self.table.go_to(0)
        else:
            self.pane.row.show_nothing()

    def _show_row(self, line: int) -> None:
        if self._reviewed is None or self._lines is None or not 0 <= line < len(self._lines.keys):
            return
        key = self._lines.keys[line]
        review = self._reviewed.review
        shown = review.changes(key) and review.outcome(key) != "refused"
        changes = self._changes(key) if shown else ()
        self.pane.row.show_row(review, key, changes, self._alike(key))

    def _alike(self, key: RowKey) -> Sequence[RowKey]:
        """The rows to confirm that have the same sort of doubt as this one."""
        if self._reviewed is None or not (doubts := self._reviewed.review.doubts(key)):
            return ()
        wanted = (doubts[0].field, doubts[0].code)
        for kind in self._reviewed.kinds:
            if (kind.field, kind.code) == wanted and kind.severity == "confirm":
                review = self._reviewed.review
                return tuple(k for k in kind.rows if review.outcome(k) == "needs_confirmation")
        return ()

    def _changes(self, key: RowKey) -> list[CellChange]:
        review = self.review
        if review is None:
            return []
        sayer = Sayer(self._screen(), self._registry)
        return sayer.differences(review.plan.entity, review.changes(key))

    # ---- deciding ----------------------------------------------------------------------------

    def decide(self, keys: Sequence[RowKey], decision: Decision | None) -> None:
        review = self.review
        asked = [k for k in keys if review and review.outcome(k) == "needs_confirmation"]
        if review is None or not asked:
            return
        if decision == "typed":
            self.retype_asked.emit([k for k in asked if review.may_keep(k)])
        else:
            review.decide(asked, decision)
            self.show_again()

    def _decide_chosen(self, decision: Decision | None) -> None:
        """By a key: the chosen rows; a single one goes on to the next."""
        if self._lines is None:
            return
        chosen = self.table.chosen()
        self.decide([self._lines.keys[line] for line in chosen], decision)
        if len(chosen) == 1:
            self.table.go_to(min(chosen[0] + 1, len(self._lines.keys) - 1))

    # ---- making ------------------------------------------------------------------------------

    def _chip(self, name: str) -> QPushButton:
        chip = QPushButton()
        role(chip, "chip")
        chip.clicked.connect(lambda: self._show_outcome(name))
        return chip

    def _keys(self) -> None:
        keys: tuple[tuple[str, Decision | None], ...] = (
            ("Space", "take"),
            ("Shift+Space", "typed"),
            ("Del", "out"),
            ("Backspace", None),
        )
        for key, decision in keys:
            shortcut = QShortcut(QKeySequence(key), self.table, lambda d=decision: self._decide_chosen(d))
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)

    def _lay_out(self) -> None:
        chips = QHBoxLayout()
        chips.setSpacing(8)
        for chip in (*self.chips.values(), self.kind_chip):
            chips.addWidget(chip)
        chips.addStretch(1)
        body = QHBoxLayout()
        body.setSpacing(12)
        body.addWidget(self.table, 1)
        body.addWidget(self.pane)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.words)
        column.addLayout(chips)
        column.addWidget(self.summary)
        column.addLayout(body, 1)


def summary(review: Review) -> str:
    """What importing would do now, in one sentence."""
    counts, writes = review.counts, review.to_write()
    parts = [
        f"{words} {writes[name]:,} 行"
        for name, words in (("new", "新增"), ("changed", "更改"), ("needs_confirmation", "已确认"))
        if writes[name]
    ]
    said = f"会写入 {sum(writes.values()):,} 行（{'、'.join(parts)}）。" if parts else "现在没有要写入的行。"
    if counts["same"]:
        said += f"{counts['same']:,} 行与台账相同，不用写。"
    if review.undecided():
        said += f"还有 {review.undecided():,} 行待确认，不定就留在外面。"
    if counts["refused"]:
        said += f"{counts['refused']:,} 行退回，改好再导入。"
    return said
