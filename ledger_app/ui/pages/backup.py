"""备份: which there are, make one now, one for a stick, go back to one; is the ledger whole."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout

from ledger_app.core.errors import LedgerError
from ledger_app.services import backups, history
from ledger_app.services.backups import Backup, Kept
from ledger_app.services.history import Verification
from ledger_app.ui.lines_table import Cell, LineColumn, LinesTable
from ledger_app.ui.page_head import PageHead
from ledger_app.ui.pages.backup_pane import BackupPane, Standing
from ledger_app.ui.places import Page, PageContext
from ledger_app.ui.status import StatusBar
from ledger_app.ui.upkeep import Upkeep, now

COLUMNS: Final = (
    LineColumn("什么时候", 150),
    LineColumn("为什么做的", 100),
    LineColumn("大小", 84, numeric=True),
    LineColumn("放在", 90),
    LineColumn("核对", 150, stretch=True),
)
NOTHING: Final = "还没有备份。点“立即备份”，或等半小时自动备份。"
WHOLE, BROKEN = "whole", "broken"
STICK: Final = "*.zip"
SOURCES: Final = "备份 (*.zip *.ledger);;所有文件 (*)"


class BackupPage(Page):
    """The list is read from the folders each time the page comes to the front."""

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self.context = context
        self.kept: list[Kept] = []
        self._looked: dict[Path, str] = {}
        self.head = PageHead("备份")
        self.table = LinesTable(context.theme, COLUMNS, NOTHING)
        self.table.setAccessibleName("备份清单")
        self.pane = BackupPane()
        self._lay_out()
        self._wire()

    # ---- what is shown -----------------------------------------------------------------------

    def entered(self) -> None:
        self.refresh()
        self.table.setFocus()

    def refresh(self) -> None:
        path = self.context.workspace.path

        def read(conn: Any) -> Standing:
            found = tuple(backups.listed(conn, path))
            return Standing(
                found,
                backups.folder_of(path),
                backups.second_folder(conn),
                backups.held_since(conn),
                backups.last_said(conn, path, now()),
            )

        self.context.workers.read(read, self._show, channel=f"backups {id(self)}")

    def operator_changed(self) -> None:
        self._say_what_may()

    def _show(self, standing: Standing) -> None:
        at = self.table.currentIndex().row()
        self.kept = list(standing.kept)
        self.head.say(f"{len(self.kept)} 份，{standing.last}" if self.kept else "还没有备份")
        self.table.lines.show_lines(len(self.kept), self._cell)
        self.table.go_to(max(min(at, len(self.kept) - 1), 0))
        self.pane.show_standing(standing)
        if bar := self.window().findChild(StatusBar):
            bar.set_backup(standing.last)
        self._say_what_may()

    def _cell(self, line: int, column: int) -> Cell:
        kept = self.kept[line]
        cells = (
            Cell(f"{kept.at:%Y-%m-%d %H:%M:%S}"),
            Cell(kept.reason, "" if kept.reason == backups.BY_HAND else "muted"),
            Cell(kept.size_said),
            Cell("第二处" if kept.second else "台账旁边", "muted"),
            self._looked_at(kept),
        )
        return Cell(cells[column].text, cells[column].tone, tip=str(kept.path))

    def _looked_at(self, kept: Kept) -> Cell:
        found = self._looked.get(kept.path)
        if found == BROKEN:
            return Cell("✗ 已损坏，不能用", "red")
        return Cell("✓ 刚核对过，完整", "green") if found else Cell("做好时核对过", "muted")

    def _say_what_may(self) -> None:
        """Backups may be made by anybody; going back to one is a writer's business."""
        space, chosen = self.context.workspace, bool(self.chosen())
        self.back.setEnabled(space.may_write)
        self.back.setToolTip(space.why_not)
        self.pane.say_what_may(chosen=chosen, may_write=space.may_write)

    def chosen(self) -> Kept | None:
        line = self.table.currentIndex().row()
        return self.kept[line] if 0 <= line < len(self.kept) else None

    # ---- making and looking ------------------------------------------------------------------

    def make(self) -> None:
        """立即备份."""
        path = self.context.workspace.path
        self.context.workers.read_long(
            "备份", lambda conn, progress: backups.back_up_now(conn, path, now(), progress), self._made
        )

    def make_for_stick(self) -> None:
        path = self.context.workspace.path
        start = str(Path.home() / f"{path.stem}-{now():%Y%m%d}.zip")
        name, _ = QFileDialog.getSaveFileName(self, "备份到U盘", start, STICK)
        if name:
            self.make_zip(Path(name).with_suffix(".zip"))

    def make_zip(self, dest: Path) -> None:
        path = self.context.workspace.path
        self.context.workers.read_long(
            f"备份到 {dest.name}",
            lambda conn, progress: backups.back_up_to(conn, path, dest, now(), progress),
            self._made,
        )

    def _made(self, made: Backup) -> None:
        said = f"已备份到 {made.path.name}，打开核对过，完整。"
        if made.missing:
            said += f"有 {len(made.missing)} 份附件原来就不在，没有备份到。"
        self.context.messages.note(said)
        self.refresh()

    def look(self) -> None:
        """核对这份备份."""
        kept = self.chosen()
        if kept is None:
            return

        def failed(error: BaseException) -> None:
            if isinstance(error, LedgerError) and error.code == "damaged_backup":
                self._looked_through(kept, BROKEN)
            else:
                self.context.messages.failed(error)

        self.context.workers.read_long(
            "核对备份",
            lambda _conn, _progress: backups.check(kept.path),
            lambda _head: self._looked_through(kept, WHOLE),
            failed,
        )

    def _looked_through(self, kept: Kept, found: str) -> None:
        self._looked[kept.path] = found
        self.table.lines.say_again()

    def verify(self) -> None:
        """核对台账."""
        ledger = self.context.workspace.ledger
        self.pane.say_verifying()
        self.context.workers.read_long(
            "核对台账", lambda conn, _: history.verify(ledger, conn), self._verified, self._not_verified
        )

    def _verified(self, result: Verification) -> None:
        self.pane.show_verified(history.said(result), whole=result.whole)
        if bar := self.window().findChild(StatusBar):
            bar.set_journal(result.whole)

    def _not_verified(self, error: BaseException) -> None:
        self.pane.show_verified("", whole=True)
        self.context.messages.failed(error)

    # ---- going back --------------------------------------------------------------------------

    def restore_chosen(self) -> None:
        if kept := self.chosen():
            self.restore(kept.path, f"{kept.at:%Y-%m-%d %H:%M}")

    def restore_other(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, "用哪一份备份恢复", str(Path.home()), SOURCES)
        if name:
            self.restore(Path(name), "")

    def restore(self, backup: Path, when: str) -> None:
        """One clear sentence, then the program closes the ledger and opens what the backup holds."""
        of = f"{when} 时" if when else f"备份 {backup.name} 里"
        text = (
            f"台账会变回{of}的样子，在那以后登记和修改的都不在里面了。\n"
            "现在的台账会先自动备份一份，弄错了可以再恢复回来。\n"
            "恢复以后暂停清理旧备份，直到您看过、点“继续清理”。"
        )
        if self.context.messages.choose("用备份恢复台账", text, ("恢复台账",)) != 0:
            return
        if upkeep := self.window().findChild(Upkeep):
            upkeep.restore(backup)

    def release(self) -> None:
        self.context.workers.write(backups.release, lambda _: self.refresh())

    def choose_second(self) -> None:
        name = QFileDialog.getExistingDirectory(self, "第二个备份文件夹", str(Path.home()))
        if name:
            self.set_second(Path(name))

    def set_second(self, folder: Path | None) -> None:
        path = self.context.workspace.path
        self.context.workers.write(
            lambda store: backups.set_second_folder(store, folder, path), lambda _: self.refresh()
        )

    # ---- making ------------------------------------------------------------------------------

    def _wire(self) -> None:
        self.table.current.connect(lambda _: self._say_what_may())
        self.table.opened.connect(lambda _: self.look())
        for signal, run in (
            (self.pane.look_asked, self.look),
            (self.pane.restore_asked, self.restore_chosen),
            (self.pane.verify_asked, self.verify),
            (self.pane.release_asked, self.release),
            (self.pane.second_asked, self.choose_second),
            (self.pane.second_refused, lambda: self.set_second(None)),
        ):
            signal.connect(run)

    def _lay_out(self) -> None:
        self.back = self.head.add_button("从文件恢复……")
        self.back.clicked.connect(self.restore_other)
        self.head.add_button("备份到U盘……").clicked.connect(self.make_for_stick)
        self.head.add_button("立即备份", primary=True).clicked.connect(self.make)
        body = QHBoxLayout()
        body.setSpacing(12)
        body.addWidget(self.table, 1)
        body.addWidget(self.pane)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(self.head)
        column.addLayout(body, 1)
