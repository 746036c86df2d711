"""报表: pick a report and a period, see it as it will print, save, send, print, hand in."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QImage
from PySide6.QtWidgets import QComboBox, QFileDialog, QHBoxLayout, QLabel, QTabWidget, QVBoxLayout

from ledger_app.core.errors import LedgerError
from ledger_app.db.queries.whose import ledger_of
from ledger_app.export.report import Report
from ledger_app.services import reporting
from ledger_app.ui.page_head import PageHead
from ledger_app.ui.pages.report_pages import ReportPages, ask_and_print, screen_images
from ledger_app.ui.pages.report_tables import ReportTables
from ledger_app.ui.places import Page, PageContext, Target
from ledger_app.ui.theme import role

MONTHS_BACK = 36


@dataclass(frozen=True, slots=True)
class Made:
    """A report as it stands on the page: the value, its PDF, its pages as pictures."""

    report: Report
    pdf: bytes
    images: tuple[QImage, ...]


class ReportsPage(Page):
    ledgers = frozenset(
        {"wells", "closures", "permits", "projects", "regions", "parameters", "issued_reports"}
    )

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self.context = context
        self.made: Made | None = None
        self._stale = True
        self.head = PageHead("报表")
        self.kind = QComboBox()
        for kind in reporting.REPORTS.values():
            self.kind.addItem(kind.label, kind.name)
        self.period = QComboBox()
        for key, label in months_back(context.workspace.today()):
            self.period.addItem(label, key)
        self.cut_off = QLabel()
        role(self.cut_off, "muted")
        self.pages = ReportPages()
        self.tables = ReportTables(self.open_records)
        self._lay_out()
        self.kind.currentIndexChanged.connect(self.refresh)
        self.period.currentIndexChanged.connect(self.refresh)

    def entered(self) -> None:
        if self._stale:
            self._compute()

    def refresh(self) -> None:
        """Compute again, or once somebody looks."""
        self._stale = True
        if self.isVisible():
            self._compute()

    def _compute(self) -> None:
        self._stale = False
        name, period = self.kind.currentData(), self.period.currentData()
        today = self.context.workspace.today()
        self.head.say("正在计算……")
        title = f"计算{self.period.currentText()}{self.kind.currentText()}"
        self.context.workers.read_long(
            title, lambda conn, _progress: make(conn, name, period, today), self.show_made, self._failed
        )

    def go_to(self, target: Target) -> None:
        """A period's key may be asked for in `said`."""
        if (index := self.period.findData(target.said)) >= 0:
            self.period.setCurrentIndex(index)

    def show_made(self, made: Made) -> None:
        self.made = made
        self.head.say(made.report.period_label)
        self.cut_off.setText(made.report.subtitle)
        self.pages.show_images(made.images)
        self.tables.show_report(made.report)
        for button in self._needing:
            button.setEnabled(True)

    def _failed(self, error: BaseException) -> None:
        self.head.say("")
        self.context.messages.failed(error)

    def _lay_out(self) -> None:
        save_pdf = self.head.add_button("存为 PDF…")
        save_xlsx = self.head.add_button("存为 Excel…")
        mail = self.head.add_button("发邮件…")
        printing = self.head.add_button("打印…")
        issue = self.head.add_button("定稿报出…", primary=True)
        save_pdf.clicked.connect(lambda: self.save(".pdf"))
        save_xlsx.clicked.connect(lambda: self.save(".xlsx"))
        mail.clicked.connect(self.mail)
        printing.clicked.connect(self.print)
        issue.clicked.connect(self.issue)
        issue.setVisible(self.context.workspace.may_write)
        self._needing = (save_pdf, save_xlsx, mail, printing, issue)
        for button in self._needing:
            button.setEnabled(False)
        choices = QHBoxLayout()
        choices.setSpacing(8)
        for widget in (QLabel("报表"), self.kind, QLabel("统计期"), self.period, self.cut_off):
            choices.addWidget(widget)
        choices.addStretch(1)
        self.tabs = QTabWidget()
        self.tabs.addTab(self.pages, "版面")
        self.tabs.addTab(self.tables, "数据与记录")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.head)
        column.addLayout(choices)
        column.addWidget(self.tabs, 1)

    # ---- what can be done with it ------------------------------------------------------------

    def open_records(self, uids: tuple[str, ...], said: str) -> None:
        entity = ledger_of(self.context.workspace.screen, self.context.registry, uids)
        if entity is None:
            self.context.messages.note("这一行没有可打开的记录。")
            return
        self.context.navigate(entity.name, Target(uids=uids, said=said))

    def file_name(self, suffix: str) -> str:
        report = self.made.report if self.made else None
        return f"{report.reporting_unit}{report.title}{suffix}" if report else suffix

    def save(self, suffix: str) -> None:
        if not self.made:
            return
        start = str(Path.home() / self.file_name(suffix))
        chosen, _ = QFileDialog.getSaveFileName(self, "存为", start, f"*{suffix}")
        if chosen:
            self.write(Path(chosen).with_suffix(suffix))

    def write(self, out: Path) -> None:
        report = self.made.report if self.made else None
        if report is None:
            return

        def done(_: Any) -> None:
            url = QUrl.fromLocalFile(str(out))
            self.context.messages.note(f"已存到 {out.name}。", "打开", lambda: QDesktopServices.openUrl(url))

        job = lambda _conn, _progress: reporting.write_report(report, [out])  # noqa: E731
        self.context.workers.read_long(f"写出 {out.name}", job, done)

    def mail(self) -> None:
        """A draft with PDF and Excel attached, opened in the usual mail program."""
        if not self.made:
            return
        report = self.made.report
        folder = Path(tempfile.mkdtemp(prefix="ledger-mail-"))
        files = [folder / self.file_name(s) for s in (".pdf", ".xlsx")]
        draft = folder / self.file_name(".eml")

        def job(_conn: Any, _progress: Any) -> None:
            reporting.write_report(report, files)
            reporting.mail_draft(report, files, draft)

        def done(_: Any) -> None:
            if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(draft))):
                self.context.messages.tell(f"没有找到邮件程序。草稿存在 {draft}，可以双击打开。")

        self.context.workers.read_long("准备邮件", job, done)

    def print(self) -> None:
        if self.made and (count := ask_and_print(self.made.pdf, self)):
            self.context.messages.note(f"已送打印机，共 {count} 页。")

    def issue(self) -> None:
        """Freeze the closing stock: next month opens with it."""
        if not self.made:
            return
        label = f"{self.made.report.period_label}{self.kind.currentText()}"
        text = f"{label}定稿后，期末数固定为下期的期初数；以后补登的旧事项会另列在“补报以前期及更正”里。"
        if self.context.messages.choose("定稿报出", text, ("定稿报出",)) == 0:
            self._issue("")

    def _issue(self, reason: str) -> None:
        name, period = self.kind.currentData(), self.period.currentData()
        space = self.context.workspace

        def failed(error: BaseException) -> None:
            if isinstance(error, LedgerError) and error.code == "needs_reason":
                again = self.context.messages.reason("更正已报出的报表", error.text, "更正并重新报出")
                if again:
                    self._issue(again)
                return
            self.context.messages.failed(error)

        self.context.workers.write(
            lambda store: reporting.issue_report(
                store, name, period, space.today(), space.operator.name, reason
            ),
            lambda _act: self.context.messages.note("已定稿报出。"),
            failed,
        )


def make(conn: Any, name: str, period: str, today: date) -> Made:
    report = reporting.build_report(conn, name, period, today)
    pdf = reporting.as_pdf(report)
    return Made(report, pdf, tuple(screen_images(pdf)))


def months_back(today: date) -> list[tuple[str, str]]:
    """(key, label) of the months one reports on: from this month back."""
    first = today.year * 12 + today.month - 1
    months = [divmod(first - n, 12) for n in range(MONTHS_BACK)]
    return [(f"{y}-{m + 1:02d}", f"{y}年{m + 1}月") for y, m in months]
