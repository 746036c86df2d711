"""What is shown as a list leaves the program: as a workbook, on paper, by mail."""
# ruff: noqa: PLC0415 - the hidden imports of this module are for start-up time

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from ledger_app.core.entity import Entity
from ledger_app.ui.places import PageContext

WHOLE_PAGE = 5000  # rows beyond which a list is no longer printed but exported


class ListOutput(QPushButton):
    """The button 导出 ▾. `ids_of(conn)` gives the rows in order, `fields()` the columns shown, `said()` the
    filters in words. People's numbers are masked unless the clerk ticks otherwise."""

    def __init__(
        self,
        context: PageContext,
        entity: Entity,
        ids_of: Callable[[Any], Sequence[int]],
        fields: Callable[[], Sequence[str]],
        said: Callable[[], str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("导出 ▾", parent)
        self.context = context
        self.entity = entity
        self._ids_of = ids_of
        self._fields = fields
        self._said = said
        menu = QMenu(self)
        for words, run in (
            ("导出 Excel……", self.export),
            ("打印……", self.print),
            ("存为 PDF……", self.save_pdf),
            ("发邮件……", self.mail),
        ):
            menu.addAction(words).triggered.connect(lambda _checked=False, r=run: r())
        menu.addSeparator()
        self.unmasked = QAction("身份证号、电话不遮挡", menu)
        self.unmasked.setCheckable(True)
        menu.addAction(self.unmasked)
        self.setMenu(menu)

    @property
    def title(self) -> str:
        return f"{self.entity.label}台账"

    def export(self) -> None:
        if path := self._ask(".xlsx"):
            self.write(path)

    def write(self, out: Path, then: Callable[[], object] | None = None) -> None:
        """Write the workbook beside the window; afterwards offer to open it, or do what comes then."""
        from ledger_app.services import exporting

        fields, masked = list(self._fields()), not self.unmasked.isChecked()
        today, registry = self.context.workspace.today(), self.context.registry

        def job(conn: Any, _progress: Any) -> int:
            ids = self._ids_of(conn)
            return exporting.export_rows(conn, registry, self.entity, ids, fields, out, today, masked=masked)

        def done(count: int) -> None:
            if then:
                then()
                return
            said = f"已导出 {count:,} {self.entity.counter}到 {out.name}。"
            self.context.messages.note(said, "打开", lambda: _open(out))

        self.context.workers.read_long(f"导出{self.entity.label}", job, done)

    def print(self) -> None:
        self._paper(self._print)

    def save_pdf(self) -> None:
        if path := self._ask(".pdf"):
            self._paper(lambda pdf: self._keep(pdf, path))

    def mail(self) -> None:
        """A draft with the workbook attached, opened in the usual mail program."""
        import tempfile

        from ledger_app.services import exporting

        folder = Path(tempfile.mkdtemp(prefix="ledger-mail-"))
        book, draft = folder / f"{self.title}.xlsx", folder / f"{self.title}.eml"
        unit = self.context.workspace.county()

        def then() -> None:
            exporting.list_draft(self.title, unit, book, draft, self.context.workspace.today())
            if not _open(draft):
                self.context.messages.tell(f"没有找到邮件程序。草稿存在 {draft}，可以双击打开。")

        self.write(book, then)

    def _ask(self, suffix: str) -> Path | None:
        start = str(Path.home() / f"{self.title}{suffix}")
        from PySide6.QtWidgets import QFileDialog

        chosen, _ = QFileDialog.getSaveFileName(self, "存为", start, f"*{suffix}")
        return Path(chosen).with_suffix(suffix) if chosen else None

    def _paper(self, then: Callable[[bytes], object]) -> None:
        from ledger_app.services import exporting, reporting

        fields, masked, said = list(self._fields()), not self.unmasked.isChecked(), self._said()
        today, registry = self.context.workspace.today(), self.context.registry

        def job(conn: Any, _progress: Any) -> bytes | None:
            ids = self._ids_of(conn)
            if len(ids) > WHOLE_PAGE:
                return None
            made = exporting.list_report(
                conn, registry, self.entity, ids, fields, today, said=said, masked=masked
            )
            return reporting.as_pdf(made)

        def done(pdf: bytes | None) -> None:
            if pdf is None:
                text = f"超过 {WHOLE_PAGE:,} {self.entity.counter}，打印出来太厚。请先筛选，或导出 Excel。"
                self.context.messages.tell(text)
            else:
                then(pdf)

        self.context.workers.read_long(f"排版{self.title}", job, done)

    def _print(self, pdf: bytes) -> None:
        from ledger_app.ui.pages.report_pages import ask_and_print

        if count := ask_and_print(pdf, self):
            self.context.messages.note(f"已送打印机，共 {count} 页。")

    def _keep(self, pdf: bytes, path: Path) -> None:
        from ledger_app.services import exporting

        exporting.keep_file(path, pdf)
        self.context.messages.note(f"已存到 {path.name}。", "打开", lambda: _open(path))


def _open(path: Path) -> bool:
    from PySide6.QtCore import QUrl
    from PySide6.QtGui import QDesktopServices

    return QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
