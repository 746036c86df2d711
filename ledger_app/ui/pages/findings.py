"""核查: what looks wrong, by rule; each with the way to its record and a place for a reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout

from ledger_app.core.rules.findings import RULES, Finding
from ledger_app.services import checking
from ledger_app.ui.lines_table import Cell, LineColumn, LinesTable
from ledger_app.ui.page_head import PageHead
from ledger_app.ui.pages.findings_pane import FindingPane
from ledger_app.ui.places import Page, PageContext, Target
from ledger_app.ui.search_box import SearchBox

RULE_COLUMNS: Final = (LineColumn("查什么", 120, stretch=True), LineColumn("条", 44, numeric=True))
COLUMNS: Final = (LineColumn("程度", 64), LineColumn("问题", 300, stretch=True), LineColumn("台账", 84))
RULES_WIDTH: Final = 204
WORDS: Final = {"error": ("矛盾", "red"), "warning": ("提醒", "amber")}
LABELS: Final = dict(RULES)
EVERY: Final = ""


@dataclass(frozen=True, slots=True)
class Explained:
    """A reason was written down by act `act`."""

    act: str
    changed: frozenset[str] = frozenset({"finding_reasons"})


class FindingsPage(Page):
    """Computed beside the window; computed again when records have changed and the page is looked at."""

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self.context = context
        self.ledgers = frozenset(context.registry.names)
        self.found: list[Finding] = []
        self._lines: list[Finding] = []
        self._rules: list[tuple[str, list[Finding]]] = []
        self._rule = EVERY
        self._stale = True
        self.head = PageHead("核查")
        self.again = self.head.add_button("重新核查")
        self.search = SearchBox(context.theme, "在问题里找：井编号、证号、村名  Ctrl+F")
        self.explained = QCheckBox("已说明的也列出")
        self.rules = LinesTable(context.theme, RULE_COLUMNS, "")
        self.rules.setFixedWidth(RULES_WIDTH)
        self.rules.setAccessibleName("核查规则")
        self.table = LinesTable(context.theme, COLUMNS, "没有发现问题。", tall=True)
        self.table.setAccessibleName("问题清单")
        self.pane = FindingPane()
        self._lay_out()
        self._wire()

    # ---- what is shown -----------------------------------------------------------------------

    def entered(self) -> None:
        if self._stale:
            self.ask()
        self.table.setFocus()

    def refresh(self) -> None:
        self._stale = True
        if self.isVisible():
            self.ask()

    def operator_changed(self) -> None:
        self._show_finding(self.table.currentIndex().row())

    def go_to(self, target: Target) -> None:
        """`said`: a rule."""
        self._rule = target.said if target.said in LABELS else EVERY
        self._show_rules()

    def ask(self) -> None:
        self._stale = False
        self.head.say("正在核查……")
        registry, today = self.context.registry, self.context.workspace.today()
        self.context.workers.read_long(
            "核查台账", lambda conn, _: checking.findings(conn, registry, today), self._show, self._failed
        )

    def _show(self, found: list[Finding]) -> None:
        self.found = found
        explained = sum(bool(f.reason) for f in found)
        said = f"{len(found) - explained:,} 条要看"
        self.head.say(f"{said}，另有 {explained:,} 条已说明" if explained else said)
        self._show_rules()

    def _failed(self, error: BaseException) -> None:
        self._stale = True
        self.head.say("")
        self.context.messages.failed(error)

    def _show_rules(self) -> None:
        """The rules that found something, with how many are still to be looked at."""
        by_rule = {rule: [f for f in self.found if f.rule == rule] for rule in LABELS}
        self._rules = [(EVERY, self.found), *((r, own) for r, own in by_rule.items() if own)]
        self.rules.lines.show_lines(len(self._rules), self._rule_cell)
        names = [rule for rule, _ in self._rules]
        self.rules.go_to(names.index(self._rule) if self._rule in names else 0)

    def _rule_cell(self, line: int, column: int) -> Cell:
        rule, own = self._rules[line]
        open_ones = sum(not f.reason for f in own)
        if column == 1:
            return Cell(f"{open_ones:,}", "" if open_ones else "muted")
        return Cell(LABELS.get(rule, "全部"), "" if open_ones else "muted", bold=rule == EVERY, tip=rule)

    def _choose_rule(self, line: int) -> None:
        if 0 <= line < len(self._rules):
            self._rule = self._rules[line][0]
            self.show_lines()

    def show_lines(self) -> None:
        """The findings of the rule that hold what is searched for; explained ones last and grey."""
        own = next((found for rule, found in self._rules if rule == self._rule), [])
        words = self.search.text().split()
        kept = [f for f in own if all(w in f.text + f.reason for w in words)]
        explained = [f for f in kept if f.reason] if self.explained.isChecked() else []
        at, former = self.table.currentIndex().row(), len(self._lines)
        self._lines = [f for f in kept if not f.reason] + explained
        self.table.say_empty("没有发现问题。" if not own else "没有符合条件的问题。")
        self.table.lines.show_lines(len(self._lines), self._cell)
        self.table.go_to(min(max(at, 0), len(self._lines) - 1) if former else 0)
        if not self._lines:
            self.pane.show_nothing()

    def _cell(self, line: int, column: int) -> Cell:
        found = self._lines[line]
        if column == 0:
            return Cell("已说明", "muted") if found.reason else Cell(*WORDS[found.severity], bold=True)
        if column == 1:
            text = f"{found.text}（{found.reason}）" if found.reason else found.text
            return Cell(text, "muted" if found.reason else "")
        return Cell(self.context.registry[found.ledger].label, "muted")

    def _show_finding(self, line: int) -> None:
        if 0 <= line < len(self._lines):
            found = self._lines[line]
            label = self.context.registry[found.ledger].label
            self.pane.show_finding(found, label, may_write=self.context.workspace.may_write)

    # ---- what is done ------------------------------------------------------------------------

    def chosen(self) -> list[Finding]:
        return [self._lines[line] for line in self.table.chosen()]

    def view(self) -> None:
        """Go to the record, or to the records of several findings of one ledger."""
        chosen = self.chosen()
        if len(chosen) == 1:
            self.context.navigate(chosen[0].ledger, Target(uid=chosen[0].uid))
        elif chosen:
            own = [f for f in chosen if f.ledger == chosen[0].ledger]
            said = LABELS[chosen[0].rule]
            self.context.navigate(chosen[0].ledger, Target(uids=tuple(f.uid for f in own), said=said))

    def explain(self, reason: str, document: str) -> None:
        """The reason for every chosen finding that has none yet."""
        chosen = [f for f in self.chosen() if not f.reason]
        who, today = self.context.workspace.operator.name, self.context.workspace.today()
        if chosen:
            self.context.workers.write(lambda store: _explain(store, chosen, reason, document, who, today))

    # ---- making ------------------------------------------------------------------------------

    def _wire(self) -> None:
        self.again.clicked.connect(self.ask)
        self.search.asked.connect(self.show_lines)
        self.search.left.connect(self.table.setFocus)
        self.explained.toggled.connect(self.show_lines)
        self.rules.current.connect(self._choose_rule)
        self.table.current.connect(self._show_finding)
        self.table.opened.connect(lambda _: self.view())
        self.table.chosen_changed.connect(self.pane.say_chosen)
        find = QShortcut(QKeySequence("Ctrl+F"), self, self.search.setFocus)
        find.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self.pane.view_asked.connect(self.view)
        self.pane.explained.connect(self.explain)

    def _lay_out(self) -> None:
        tools = QHBoxLayout()
        tools.setSpacing(12)
        self.search.setMaximumWidth(380)
        tools.addWidget(self.search, 1)
        tools.addWidget(self.explained)
        tools.addStretch(1)
        body = QHBoxLayout()
        body.setSpacing(12)
        body.addWidget(self.rules)
        body.addWidget(self.table, 1)
        body.addWidget(self.pane)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(self.head)
        column.addLayout(tools)
        column.addLayout(body, 1)


def _explain(
    store: Any, found: Sequence[Finding], reason: str, document: str, who: str, today: date
) -> Explained:
    acts = [
        checking.add_reason(store, f.rule, f.uid, reason, who=who, today=today, document=document or None)
        for f in found
    ]
    return Explained(acts[-1])
